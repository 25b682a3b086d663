"""Numbers as people read them.

A forecast has as many digits as its interval supports, and bounds are rounded outwards; what
somebody else observed or published has the digits that were given. Renderers write the minus sign
for a hyphen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise
from math import floor, isfinite, log10
from re import IGNORECASE
from typing import Literal, NamedTuple

from rural_forecast.text.cells import expression

SIGNIFICANT = 4
"""Significant digits of a number without a range."""
OF_OBSERVED = 3
"""Significant digits of a forecast with a narrow range, and of a figure that was computed."""
_MOST_GIVEN = 6
"""Significant digits of a figure as people write it; a longer one was computed."""
_EXACT = 15
"""Significant digits that every float keeps; what is behind them is noise."""
_FINER = 2
"""Digits that a bound may have beyond those of its row, so that it is not zero."""
MOST_DECIMALS = 6
"""Digits after the point in pictures."""
_MOST_PLACES = 9
"""Digits after the point that an amount can have; a smaller one is written by its own digits."""
# Beyond these, digits are written with an exponent.
LARGE = 1e15
SMALL = 1e-4
_FEWEST = 2
"""Significant digits that a small value keeps beside large ones."""
WIDE = 0.2
"""Share of a value to each side from which its range is wide, and two digits are enough."""
_UNREADABLE = 10_000_000
"""Amounts from here on are never written out."""

POWERS = {"thousand": 3, "m": 6, "million": 6, "bn": 9, "billion": 9, "tn": 12, "trillion": 12}
_SHORT = {0: "", 3: "thousand", 6: "m", 9: "bn", 12: "tn"}
_COUNTED = expression(
    r"(?:(?:current|constant)(?: \d{4})? )?(?:[A-Z]{3}|US\$|yuan|dollars|euros)"
    r"|persons|people|users|households|parcels|units"
)
"""Units of single things, of which there can be millions."""
_WRITTEN = {"percent": "%", "count": "", "fraction": "", "number": ""}
"""Units that are written otherwise, or not at all."""
_MONEY = {
    "CNY": "yuan",
    "USD": "dollars",
    "EUR": "euros",
    "GBP": "pounds",
    "JPY": "yen",
    "INR": "rupees",
}
_UNSCALED = expression(
    r"(percent|%|fraction|ratio|index|probability|share)\b.*|.*( per |/).*", IGNORECASE
)
"""Units that take no `thousand` or `m`."""
UNIT = r"(?:%|m|bn|tn|million|billion|trillion|[A-Z]{3}|yuan|dollars|euros)(?![\w])"
"""Pattern of a unit, with which no line starts: it stays with its number."""
_NEGATIVE = expression(r"(?<![^ (~<>])-(?=\d)")


Side = Literal["down", "up"]
"""The direction in which a bound is rounded: away from the middle of its range."""


class Amounts(NamedTuple):
    """The form of all amounts of one result: one unit, and the same decimals."""

    unit: str = ""
    places: int | None = None
    """Digits after the point, below zero for tens and hundreds; None gives each amount four
    significant digits.
    """
    factor: float = 1.0
    digits: int | None = None
    """Significant digits of all forecasts, where rows add up; None lets each range decide."""

    def __call__(self, value: float) -> str:
        """Write the number alone."""
        value /= self.factor
        if self.places is None or self.places > _MOST_PLACES:
            return rounded(value)
        if not value or abs(value) >= LARGE:
            return rounded(value)
        return fixed(value, self.places)

    def printed(self, value: float) -> float:
        """Give the number that a value is printed as."""
        value /= self.factor
        return value if self.places is None else round(value, self.places)

    def given(self, value: float) -> str:
        """Write a figure of somebody else, observed or published, as it was given.

        In a larger unit than that of the data it has three significant digits at most, and the
        decimals of forecasts at least: 3.0 tn, and 1.24 tn for 1,244.88 bn.
        """
        value /= self.factor
        places = given_places(value)
        if self.factor != 1:
            most = max(significant(value), 0)
            least = min(most, self.places or 0)
            places = max(min(places, most), least)
        return fixed(value, places)

    def observed(self, value: float) -> str:
        """Write a value with three significant digits at most, as rows of machine formats do."""
        value /= self.factor
        places = significant(value)
        while places > 0 and round(value, places) == round(value, places - 1):
            places -= 1
        return fixed(value, places)

    def of_range(self, value: float, low: float, high: float) -> Amounts:
        """Take the step of one value, which its range decides; no finer one than that of all.

        Where rows need not add up, a smaller value has two significant digits all the same.
        """
        value, low, high = (number / self.factor for number in (value, low, high))
        places = places_of_range(value, low, high, digits=self.digits)
        if self.places is not None:
            most = self.places
            if self.digits is None:
                most = max(most, significant(value, _FEWEST))
            places = min(places, most)
        return self._replace(places=places)

    def bounds(self, low: float, high: float) -> tuple[str, str]:
        """Write the ends of a range, rounded outwards."""
        return self._bound(low, "down"), self._bound(high, "up")

    def _bound(self, value: float, side: Side) -> str:
        value /= self.factor
        if self.places is None or self.places > _MOST_PLACES or abs(value) >= LARGE:
            return rounded(value)
        places = bound_places(value, self.places)
        return fixed(outwards(value, places, side), places)

    def full(self, value: float) -> str:
        """Write the number with its unit."""
        return f"{self(value)}{in_unit(self.unit)}"


def places_of_range(value: float, low: float, high: float, *, digits: int | None = None) -> int:
    """Give the digits after the point of a forecast, below zero for tens.

    It has two significant digits if its range is wide, else three.
    """
    # Each end is halved first: the difference may be more than a float holds.
    half = high / 2 - low / 2
    if digits is None:
        digits = 2 if half > WIDE * abs(value) else OF_OBSERVED
    # A value near zero gets the digits of its range.
    return significant(max(abs(value), half / 3), digits)


def given_places(value: float) -> int:
    """Give the digits after the point of a figure of somebody else: all that were given.

    A figure with more digits than people write was computed, as by a rate of exchange: it has three
    significant ones. Whole digits are never rounded away.
    """
    if not value or not isfinite(value):
        return 0
    _, written, exponent = Decimal(f"{value:.{_EXACT}g}").normalize().as_tuple()
    if len(written) > _MOST_GIVEN:
        return max(significant(value), 0)
    return max(-int(exponent), 0)


def bound_places(value: float, places: int) -> int:
    """Give the digits after the point of a bound: those of its row, or more where it would be 0."""
    if not 0 < abs(value) < 10.0**-places:
        return places
    own = significant(value, 1)
    return own if own <= places + _FINER else places


def outwards(value: float, places: int, side: Side) -> float:
    """Round a bound away from the middle of its range, in decimal."""
    steps = Decimal(f"{value:.{_EXACT}g}").scaleb(places)
    whole = steps.to_integral_value(ROUND_FLOOR if side == "down" else ROUND_CEILING)
    return float(whole.scaleb(-places))


def range_amounts(
    unit: str,
    value: float,
    low: float,
    high: float,
    *,
    largest: float = 0.0,
    digits: int | None = None,
) -> Amounts:
    """Choose the form of a forecast and its range: in its own unit, below ten million of it."""
    largest = max(abs(value), abs(low), abs(high), largest)
    factor = 1.0
    head = unit.partition(" ")[0]
    if largest >= _UNREADABLE and (head in POWERS or _COUNTED.fullmatch(unit)):
        unit, factor = in_power(unit, largest)
    places = places_of_range(value / factor, low / factor, high / factor, digits=digits)
    return Amounts(unit, places, factor, digits)


def digits(
    unit: str,
    last: float,
    forecast: float | None = None,
    interval: tuple[float, float] | None = None,
    *,
    significant_digits: int | None = None,
) -> Amounts:
    """Choose the form of amounts in a picture.

    The unit is scaled so that the last actual is from 1 to 999. A range decides the digits, unless
    they are stated.
    """
    head, _, tail = unit.partition(" ")
    has_power = head in POWERS
    bare = tail if has_power else unit
    words = money(in_unit(bare.strip()).strip()).split(" ")
    named = " ".join(map(_within_a_sentence, words))
    factor = 1.0
    if has_power or not _UNSCALED.fullmatch(unit):
        named, factor = in_power(f"{head} {named}" if has_power else named, abs(last))

    value = (last if forecast is None else forecast) / factor
    low = high = value
    if interval:
        low = interval[0] / factor
        high = interval[1] / factor
    places = places_of_range(value, low, high, digits=significant_digits)
    return Amounts(named, min(places, MOST_DECIMALS), factor, significant_digits)


def _within_a_sentence(word: str) -> str:
    """Write a word of a header, such as `Households`, small; `CNY` and short names stay."""
    return word.lower() if len(word) > 3 and word.istitle() else word


def money(text: str) -> str:
    """Write a unit with the word for its currency: `bn dollars`, `yuan per dollar`."""
    words: list[str] = []
    for word in text.split(" "):
        name = _MONEY.get(word, word)
        one = words[-1:] == ["per"] and name != word
        words.append(name.removesuffix("s") if one else name)
    return " ".join(words)


def adding_up(parts: Sequence[float], step: float) -> list[float]:
    """Round parts to a step so that they add up to their rounded sum.

    Those with the largest remainders are rounded up.
    """
    scaled = [part / step for part in parts]
    floors = [floor(part) for part in scaled]
    missing = round(sum(scaled)) - sum(floors)
    by_remainder = sorted(range(len(parts)), key=lambda index: floors[index] - scaled[index])
    raised = set(by_remainder[: max(missing, 0)])
    return [(base + (index in raised)) * step for index, base in enumerate(floors)]


def in_power(unit: str, size: float) -> tuple[str, float]:
    """Scale a unit so that a size has up to three digits; gives the unit and its factor."""
    head, _, tail = unit.partition(" ")
    own = POWERS.get(head, 0)
    bare = tail if own else unit
    # The logarithm of 1,000 may be just below 3.
    thousands = floor(log10(size) / 3 + 1e-12) if size else 0
    power = min(max(own + 3 * thousands, 0), 12)
    return f"{_SHORT[power]} {bare}".strip(), 10.0 ** (power - own)


def significant(size: float, digits: int = OF_OBSERVED) -> int:
    """Give the digits after the point that give a size so many significant ones."""
    if not size:
        return 0
    # From the text, as rounding may add a digit: 9.996 is 10.0.
    _, _, exponent = f"{abs(size):.{digits - 1}e}".partition("e")
    return digits - 1 - int(exponent)


def fixed(value: float, places: int) -> str:
    """Write a number rounded to places after the point, or before it."""
    if places < 0:
        value = round(value, places)
    text = f"{value:,.{max(places, 0)}f}"
    is_zero = not text.strip("-0.,")
    return text.removeprefix("-") if is_zero else text


def in_unit(unit: str) -> str:
    """Write a unit behind a number, with a space; empty for counts and shares."""
    return f" {_WRITTEN.get(unit, unit)}".rstrip()


def number(value: float, digits: int = 6) -> str:
    """Write a value with at most so many significant digits, thousands grouped.

    Digits before the point are never rounded away.
    """
    if value == 0:
        return "0"
    size = abs(value)
    if not SMALL <= size < LARGE:
        return f"{value:.{digits}g}"
    text = f"{value:,.{max(0, digits - 1 - floor(log10(size)))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(value: float) -> str:
    """Write a value with four significant digits."""
    return number(value, SIGNIFICANT)


def percent(value: float, form: str = "+,.1f") -> str:
    """Write a percentage; what rounds to zero has no sign."""
    text = f"{value:{form}}"
    is_zero = not text.strip("+-0.,")
    return f"{text.lstrip('+-') if is_zero else text} %"


def negatives(text: str) -> str:
    """Put the typographic minus sign before negative numbers; dates and options stay."""
    return _NEGATIVE.sub("−", text)


def decimals(values: Iterable[float]) -> int:
    """Give the digits after the point that suit all values.

    They show four digits of the largest and two of the smallest, but no more than three beyond
    those of the largest, and no zeros at the end of all.
    """
    sizes = [abs(value) for value in values if value]
    if not sizes:
        return 0
    largest = significant(max(sizes), SIGNIFICANT)
    smallest = significant(min(sizes), SIGNIFICANT)
    wanted = max(0, largest, min(smallest - 2, largest + 3))
    return min(wanted, max(decimals_used(size, wanted) for size in sizes))


def decimals_used(value: float, places: int) -> int:
    """The digits after the point of a number, without zeros at the end."""
    return len(f"{value:.{places}f}".partition(".")[2].rstrip("0"))


def tick_texts(ticks: Sequence[float], *, logarithmic: bool = False) -> list[str]:
    """Write the ticks of an axis, with no more decimals than distinguish them."""
    largest = max((abs(tick) for tick in ticks), default=0.0)
    least_positive = min((tick for tick in ticks if tick > 0), default=1)
    # Ticks of a logarithmic axis, and tiny ones, share no number of decimals. Over a small factor
    # those of a logarithmic axis have one step, as on a linear one.
    by_factors = logarithmic and (len(ticks) < 3 or not _has_one_step(ticks))
    if by_factors or 0 < largest < SMALL or max(ticks, default=0) > 1000 * least_positive:
        return [_by_own_digits(tick) for tick in ticks]
    places = max((decimals_used(tick, MOST_DECIMALS) for tick in ticks), default=0)
    return [f"{tick:,.{places}f}" if tick else "0" for tick in ticks]


def _has_one_step(ticks: Sequence[float]) -> bool:
    """Check that ticks are evenly spaced, as those of a linear axis are."""
    steps = [after - before for before, after in pairwise(ticks)]
    return max(steps) - min(steps) <= 1e-6 * max(steps)


def _by_own_digits(tick: float) -> str:
    if not tick % 1:
        return f"{tick:,.0f}"
    places = max(0, 2 - floor(log10(abs(tick))))
    return f"{tick:,.{places}f}".rstrip("0").rstrip(".")


BLOCKS = "▁▂▃▄▅▆▇█"
LONGEST = 12
"""Values in a sparkline."""


def sparkline(
    values: Sequence[float],
    *,
    low: float | None = None,
    high: float | None = None,
    longest: int = LONGEST,
) -> str:
    """Draw the last values as heights between the least and the greatest, or `low` and `high`."""
    shown = list(values)[-longest:]
    if not shown:
        return ""
    # Each end is halved first: the difference may be more than a float holds.
    low = (min(shown) if low is None else low) / 2
    high = (max(shown) if high is None else high) / 2
    if not high > low:
        return BLOCKS[3] * len(shown)
    blocks = ""
    for value in shown:
        height = int((value / 2 - low) / (high - low) * 8)
        blocks += BLOCKS[min(max(height, 0), 7)]
    return blocks
