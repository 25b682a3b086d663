"""Numbers as people read them, amounts by the width of their interval; renderers write the minus
sign for a hyphen.
"""

from collections.abc import Iterable, Sequence
from math import floor, log10
from re import IGNORECASE
from typing import NamedTuple

from rural_forecast.text.cells import expression

SIGNIFICANT = 4
OF_OBSERVED = 3
MOST_DECIMALS = 6
_MOST_PLACES = 9
LARGE = 1e15
SMALL = 1e-4  # beyond these, digits are written with an exponent
WIDE = 0.2  # share of a value to each side from which its range is wide
_UNREADABLE = 10_000_000  # amounts from here on are never written out
POWERS = {"thousand": 3, "m": 6, "million": 6, "bn": 9, "billion": 9, "tn": 12, "trillion": 12}
_SHORT = {0: "", 3: "thousand", 6: "m", 9: "bn", 12: "tn"}
_COUNTED = expression(r"[A-Z]{3}|persons|people|users|households|parcels|units|yuan|dollars|euros")
# units that are written otherwise, or not at all
_WRITTEN = {"percent": "%", "count": "", "fraction": "", "number": ""}
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
# No line starts with one.
UNIT = r"(?:%|m|bn|tn|million|billion|trillion|[A-Z]{3}|yuan|dollars|euros)(?![\w])"
_NEGATIVE = expression(r"(?<![^ (~<>])-(?=\d)")


class Amounts(NamedTuple):
    """How the amounts of one result are written: all with one unit and the same decimals."""

    unit: str = ""
    places: int | None = None
    """below zero for tens and hundreds; None gives each amount four significant digits."""
    factor: float = 1.0

    def __call__(self, value: float) -> str:
        """The number alone."""
        value /= self.factor
        if self.places is None or self.places > _MOST_PLACES or not value or abs(value) >= LARGE:
            return rounded(value)
        return fixed(value, self.places)

    def printed(self, value: float) -> float:
        """The number that a value is printed as."""
        value /= self.factor
        return value if self.places is None else round(value, self.places)

    def observed(self, value: float) -> str:
        """An observed value: three significant digits, with no more decimals than forecasts have."""
        value /= self.factor
        most = max(self.places or 0, 0)
        if self.places is None or abs(value) < 10.0**-most:
            return fixed(value, observed_places(value))
        return fixed(value, min(significant(value), most))

    def full(self, value: float) -> str:
        """The number with its unit."""
        return f"{self(value)}{in_unit(self.unit)}"


def places_of_range(value: float, low: float, high: float, *, digits: int | None = None) -> int:
    """Digits after the point of a forecast, below zero for tens: two if its range is wide, or
    three.
    """
    half = high / 2 - low / 2
    if digits is None:
        digits = 2 if half > WIDE * abs(value) else OF_OBSERVED
    return significant(max(abs(value), half / 3), digits)


def observed_places(value: float) -> int:
    """Digits after the point of what was observed: three significant ones, without zeros at the
    end.
    """
    places = significant(value)
    while places > 0 and round(value, places) == round(value, places - 1):
        places -= 1
    return places


def range_amounts(
    unit: str,
    value: float,
    low: float,
    high: float,
    *,
    largest: float = 0.0,
    digits: int | None = None,
) -> Amounts:
    """How a forecast and its 80 % range are written: in its own unit, below ten million of it."""
    largest = max(abs(value), abs(low), abs(high), largest)
    factor = 1.0
    head = unit.partition(" ")[0]
    if largest >= _UNREADABLE and (head in POWERS or _COUNTED.fullmatch(unit)):
        unit, factor = in_power(unit, largest)
    return Amounts(
        unit, places_of_range(value / factor, low / factor, high / factor, digits=digits), factor
    )


def digits(
    unit: str,
    last: float,
    forecast: float | None = None,
    interval: tuple[float, float] | None = None,
) -> Amounts:
    """How to write a picture: the unit scaled so that the last actual is from 1 to 999, two or
    three digits.
    """
    head, _, tail = unit.partition(" ")
    power, what = (f"{head} ", tail) if head in POWERS else ("", unit)
    words = money(in_unit(what.strip()).strip()).split(" ")
    named = " ".join(word.lower() if len(word) > 3 and word.istitle() else word for word in words)
    factor = 1.0
    if power or not _UNSCALED.fullmatch(unit):
        named, factor = in_power(f"{power}{named}", abs(last))
    value, *ends = (
        number / factor for number in (last if forecast is None else forecast, *(interval or ()))
    )
    return Amounts(
        named, min(places_of_range(value, *(ends or (value, value))), MOST_DECIMALS), factor
    )


def money(text: str) -> str:
    """A unit with the word for its currency."""
    return " ".join(_MONEY.get(word, word) for word in text.split(" "))


def adding_up(parts: Sequence[float], step: float) -> list[float]:
    """Parts rounded to a step so that they add up to their rounded sum: those with the largest
    rests are rounded up.
    """
    scaled = [part / step for part in parts]
    floors = [floor(part) for part in scaled]
    missing = round(sum(scaled)) - sum(floors)
    order = sorted(range(len(parts)), key=lambda place: floors[place] - scaled[place])
    raised = set(order[: max(missing, 0)])
    return [(base + (place in raised)) * step for place, base in enumerate(floors)]


def in_power(unit: str, size: float) -> tuple[str, float]:
    """The unit with the power of ten that gives a size up to three digits, and what to divide by."""
    head, _, tail = unit.partition(" ")
    known = POWERS.get(head, 0)
    power = min(max(known + (3 * floor(log10(size) / 3 + 1e-12) if size else 0), 0), 12)
    return f"{_SHORT[power]} {tail if known else unit}".strip(), 10.0 ** (power - known)


def significant(size: float, digits: int = OF_OBSERVED) -> int:
    """Digits after the point that give a size so many significant ones."""
    return digits - 1 - int(f"{abs(size):.{digits - 1}e}".partition("e")[2]) if size else 0


def fixed(value: float, places: int) -> str:
    """A number rounded to places after the point, or before it."""
    text = f"{round(value, places) if places < 0 else value:,.{max(places, 0)}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.,") else text


def in_unit(unit: str) -> str:
    """A unit behind a number, with a space; empty for counts and shares."""
    return f" {_WRITTEN.get(unit, unit)}".rstrip()


def number(value: float, digits: int = 6) -> str:
    """A value with at most so many significant digits, thousands grouped; whole digits are never
    rounded away.
    """
    if value == 0:
        return "0"
    size = abs(value)
    if not SMALL <= size < LARGE:
        return f"{value:.{digits}g}"
    text = f"{value:,.{max(0, digits - 1 - floor(log10(size)))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(value: float) -> str:
    """A value with four significant digits."""
    return number(value, SIGNIFICANT)


def percent(value: float, form: str = "+,.1f") -> str:
    """A percentage; nothing is below zero that rounds to it."""
    text = f"{value:{form}}"
    return f"{text if text.strip('+-0.,') else text.lstrip('+-')} %"


def negatives(text: str) -> str:
    """A text with the typographic minus sign before its negative numbers; dates and options stay as
    they are.
    """
    return _NEGATIVE.sub("−", text)


def decimals(values: Iterable[float]) -> int:
    """Digits after the point that suit all values: four digits of the largest, two of the smallest."""
    sizes = [abs(value) for value in values if value]
    if not sizes:
        return 0
    largest, smallest = (significant(size, SIGNIFICANT) for size in (max(sizes), min(sizes)))
    wanted = max(0, largest, min(smallest - 2, largest + 3))
    return min(
        wanted, max(len(f"{size:.{wanted}f}".partition(".")[2].rstrip("0")) for size in sizes)
    )


def tick_texts(ticks: Sequence[float]) -> list[str]:
    """Ticks of an axis, with no more decimals than distinguish them."""
    largest = max((abs(tick) for tick in ticks), default=0.0)
    if 0 < largest < SMALL or max(ticks, default=0) > 1000 * min(
        (tick for tick in ticks if tick > 0), default=1
    ):
        return [
            f"{tick:,.{max(0, 2 - floor(log10(abs(tick))))}f}".rstrip("0").rstrip(".")
            if tick % 1
            else f"{tick:,.0f}"
            for tick in ticks
        ]
    places = max(
        (len(f"{tick:.{MOST_DECIMALS}f}".rstrip("0").partition(".")[2]) for tick in ticks),
        default=0,
    )
    return [f"{tick:,.{places}f}" if tick else "0" for tick in ticks]


BLOCKS = "▁▂▃▄▅▆▇█"
LONGEST = 12


def sparkline(
    values: Sequence[float],
    *,
    low: float | None = None,
    high: float | None = None,
    longest: int = LONGEST,
) -> str:
    """Heights of the last values between the least and the greatest, or between `low` and `high`."""
    shown = list(values)[-longest:]
    if not shown:
        return ""
    # Halves, for a difference may be more than a number holds.
    low = (min(shown) if low is None else low) / 2
    high = (max(shown) if high is None else high) / 2
    if not high > low:
        return BLOCKS[3] * len(shown)
    return "".join(
        BLOCKS[min(max(int((value / 2 - low) / (high - low) * 8), 0), 7)] for value in shown
    )
