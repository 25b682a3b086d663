"""Numbers as people read them. The renderers write the minus sign; texts here have the hyphen of the keyboard.

Amounts are rounded by the width of their interval, three digits of it: a wide interval does not deserve decimals.
Whole digits are never rounded away; amounts of 10,000 and more are written in m, bn or tn where the unit is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor, log10
from typing import NamedTuple

from rural_forecast.text.patterns import expression

SIGNIFICANT = 4
_MOST_EXTRA = 3
"""Decimals that the smallest of several values may add to what the largest needs."""
MOST_DECIMALS = 6
LARGE, SMALL = 1e15, 1e-4
"""Beyond these, digits are written with an exponent."""
_MANY = 10_000
_UNREADABLE = 10_000_000
"""Amounts from here on are never written out."""
_NAMES = (("m", "million"), ("bn", "billion"), ("tn", "trillion"))
_POWERS = {"": 0} | {name: 6 + 3 * place for place, names in enumerate(_NAMES) for name in names}
_COUNTED = expression(r"[A-Z]{3}|persons|people|users|households|parcels|units|yuan|dollars|euros")
_WRITTEN = {"percent": "%", "count": "", "fraction": ""}
"""Units that are written otherwise behind a number, or not at all."""
UNIT = r"(?:%|m|bn|tn|million|billion|trillion|[A-Z]{3}|yuan|dollars|euros)(?![\w])"
"""A word of a unit, which no line starts with."""
_AMOUNT = expression(rf"(?<=[0-9])(?: {UNIT})+")
_NEGATIVE = expression(r"(?<![^ (~<>])-(?=\d)")


class Amounts(NamedTuple):
    """How the amounts of one result are written: all with one unit and the same decimals."""

    unit: str
    places: int | None = None
    """Digits after the point, below zero for tens and hundreds; None gives each amount four significant digits."""
    factor: float = 1.0
    """The divisor of an amount."""

    def __call__(self, value: float) -> str:
        """The number alone.

        >>> Amounts("bn CNY", 0)(1244.88), Amounts("bn CNY", -2)(4275.1), Amounts("bn CNY", factor=1e9)(-3.504e11)
        ('1,245', '4,300', '-350.4')
        """
        value /= self.factor
        if self.places is None or not SMALL <= abs(value) < LARGE:
            return rounded(value)
        return fixed(value, self.places)

    def printed(self, value: float) -> float:
        """The number that a value is printed as."""
        value /= self.factor
        return value if self.places is None else round(value, self.places)

    def seen(self, value: float) -> str:
        """Write an observed value with three significant digits.

        >>> Amounts("bn CNY", -2).seen(1244.88)
        '1,240'
        """
        value /= self.factor
        return fixed(value, observed_places(value))

    @property
    def shown_unit(self) -> str:
        """The unit as it is written; empty for counts."""
        return _WRITTEN.get(self.unit, self.unit)

    def full(self, value: float) -> str:
        """The number with its unit.

        >>> Amounts("percent", 1).full(63.21), Amounts("count").full(9685)
        ('63.2 %', '9,685')
        """
        return f"{self(value)} {self.shown_unit}".rstrip()


WIDE = 0.2
"""Share of a value to each side from which its range is wide."""
OF_OBSERVED = 3
"""Significant digits of what was observed."""


def places_of_range(value: float, low: float, high: float, *, digits: int | None = None) -> int:
    """Digits after the point of a forecast, below zero for tens: two significant ones if its range is wide, or three.

    >>> places_of_range(569, 390, 905), places_of_range(3243, 2899, 3537), places_of_range(63.21, 60, 66)
    (-1, -1, 1)
    """
    half = high / 2 - low / 2
    if digits is None:
        digits = 2 if half > WIDE * abs(value) else OF_OBSERVED
    return significant(max(abs(value), half / 3), digits)


def observed_places(value: float) -> int:
    """Digits after the point of what was observed: three significant ones, without zeros at the end.

    >>> observed_places(97.34), observed_places(90), observed_places(1244.88)
    (1, 0, -1)
    """
    places = significant(value)
    while places > 0 and round(value, places) == round(value, places - 1):
        places -= 1
    return places


def range_amounts(
    unit: str, value: float, low: float, high: float, *, largest: float = 0.0, digits: int | None = None
) -> Amounts:
    """How a forecast and its 80 % range are written: in its own unit, below ten million of it.

    `largest`: what else is written so.

    >>> range_amounts("bn CNY", 4275, 3094, 5957).full(4275), range_amounts("persons", 1.4e9, 1.3e9, 1.5e9).full(1.4e9)
    ('4,300 bn CNY', '1.40 bn persons')
    """
    largest = max(abs(value), abs(low), abs(high), largest)
    unit, factor = _scaled(unit, largest) if largest >= _UNREADABLE else (unit, 1.0)
    return Amounts(unit, places_of_range(value / factor, low / factor, high / factor, digits=digits), factor)


def significant(size: float, digits: int = OF_OBSERVED) -> int:
    """Digits after the point that give a size so many significant ones.

    >>> significant(1244.88), significant(999.7), significant(0.01234)
    (-1, -1, 4)
    """
    return digits - 1 - int(f"{abs(size):.{digits - 1}e}".partition("e")[2]) if size else 0


def fixed(value: float, places: int) -> str:
    """A number rounded to places after the point, or before it.

    >>> fixed(1244.88, 1), fixed(1244.88, -1), fixed(-0.04, 1)
    ('1,244.9', '1,240', '0.0')
    """
    return unsigned_zero(f"{round(value, places) if places < 0 else value:,.{max(places, 0)}f}")


def _scaled(unit: str, largest: float) -> tuple[str, float]:
    """The unit with the name of a power that suits the largest amount, and what to divide by."""
    head, _, tail = unit.partition(" ")
    name, what = (head, tail) if head in _POWERS else ("", unit)
    if largest < _MANY or not (name or _COUNTED.fullmatch(what)):
        return unit, 1.0
    here, long = _POWERS[name], len(name) > 2
    for index, names in reversed(list(enumerate(_NAMES))):
        power = 6 + 3 * index
        if power > here and largest >= 10 ** (power - here):
            return f"{names[long]} {what}".rstrip(), 10.0 ** (power - here)
    return unit, 1.0


def amount(value: float, unit: str = "") -> str:
    """One value with four significant digits and its unit.

    >>> amount(1244.88, "bn CNY"), amount(12345.0, "bn CNY")
    ('1,245 bn CNY', '12.35 tn CNY')
    """
    unit, factor = _scaled(unit, abs(value))
    return Amounts(unit, None, factor).full(value)


def unbroken(text: str) -> str:
    """A text whose amounts stay on one line in formats that break lines themselves, by no-break spaces.

    >>> unbroken("about 4,300 bn CNY, 80 %").count(chr(160))
    3
    """
    return _AMOUNT.sub(lambda unit: unit[0].replace(" ", "\xa0"), text)


def in_unit(unit: str) -> str:
    """A unit behind a number, with a space; empty for counts and shares.

    >>> f"480{in_unit('bn CNY')}, 12{in_unit('percent')}, 3{in_unit('count')}"
    '480 bn CNY, 12 %, 3'
    """
    return f" {_WRITTEN.get(unit, unit)}".rstrip()


def number(value: float, digits: int = 6) -> str:
    """A value with at most so many significant digits, thousands grouped; whole digits are never rounded away.

    >>> number(1244.88), number(100000.0), number(9225.8652), number(1234567.8), number(0.000133)
    ('1,244.88', '100,000', '9,225.87', '1,234,568', '0.000133')
    """
    if value == 0:
        return "0"
    size = abs(value)
    if not SMALL <= size < LARGE:
        return f"{value:.{digits}g}"
    text = f"{value:,.{max(0, digits - 1 - floor(log10(size)))}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(value: float) -> str:
    """A value with four significant digits.

    >>> rounded(1244.88), rounded(93.3), rounded(0.0012345)
    ('1,245', '93.3', '0.001234')
    """
    return number(value, SIGNIFICANT)


def percent(value: float, form: str = "+,.1f") -> str:
    """A percentage; nothing is below zero that rounds to it.

    >>> percent(-4.13), percent(-0.04), percent(2, "+g")
    ('-4.1 %', '0.0 %', '+2 %')
    """
    text = unsigned_zero(f"{value:{form}}")
    return f"{text if text.strip('+0.') else text.lstrip('+')} %"


def unsigned_zero(text: str) -> str:
    """A number's text without the sign of a zero."""
    return text[1:] if text.startswith("-") and not text.strip("-0.,") else text


def negatives(text: str) -> str:
    """A text with the typographic minus sign before its negative numbers; dates and options stay as they are.

    >>> negatives("-5 is off by -4.1 % (-3 to +2) on 2017-03-01")
    '−5 is off by −4.1 % (−3 to +2) on 2017-03-01'
    """
    return _NEGATIVE.sub("−", text)


def decimals(values: Iterable[float]) -> int:
    """Digits after the point that suit all values: four digits of the largest, two of the smallest.

    >>> decimals([180.0, 353.0]), decimals([482.0, 596.347]), decimals([0.31234, 12.5]), decimals([0.5, 1200.0])
    (0, 1, 2, 1)
    """
    sizes = [abs(value) for value in values if value]
    if not sizes:
        return 0
    largest, smallest = _digits_before_point(max(sizes)), _digits_before_point(min(sizes))
    wanted = max(0, SIGNIFICANT - largest, min(2 - smallest, SIGNIFICANT - largest + _MOST_EXTRA))
    return min(wanted, max(len(f"{size:.{wanted}f}".partition(".")[2].rstrip("0")) for size in sizes))


def _digits_before_point(size: float) -> int:
    """1 for 1 to 9.99, 0 for 0.1 to 0.999, after rounding to four digits, so that 999.96 counts as 1000."""
    return int(f"{size:.{SIGNIFICANT - 1}e}".partition("e")[2]) + 1


def tick_texts(ticks: Sequence[float]) -> list[str]:
    """Ticks of an axis, with no more decimals than distinguish them.

    >>> tick_texts([0.0, 250.0, 1250.0]), tick_texts([0.0, 0.25, 0.5])
    (['0', '250', '1,250'], ['0', '0.25', '0.50'])
    """
    largest = max((abs(tick) for tick in ticks), default=0.0)
    if 0 < largest < SMALL or max(ticks, default=0) > 1000 * min((tick for tick in ticks if tick > 0), default=1):
        return [
            f"{tick:,.{max(0, 2 - floor(log10(abs(tick))))}f}".rstrip("0").rstrip(".") if tick % 1 else f"{tick:,.0f}"
            for tick in ticks
        ]
    places = max((len(f"{tick:.{MOST_DECIMALS}f}".rstrip("0").partition(".")[2]) for tick in ticks), default=0)
    return [f"{tick:,.{places}f}" if tick else "0" for tick in ticks]


BLOCKS = "▁▂▃▄▅▆▇█"
"""Eight heights; where a terminal knows ASCII alone the renderer writes signs that are ever higher."""
LONGEST = 12


def sparkline(
    values: Sequence[float], *, low: float | None = None, high: float | None = None, longest: int = LONGEST
) -> str:
    """Heights of the last values between the least and the greatest, or between `low` and `high`.

    `longest`: values shown; of a longer series the last ones.

    >>> sparkline([180, 353, 482]), sparkline([5, 5, 5]), sparkline([])
    ('▁▅█', '▄▄▄', '')
    """
    shown = list(values)[-longest:]
    if not shown:
        return ""
    low = (min(shown) if low is None else low) / 2  # halves, for a difference may be more than a number holds
    high = (max(shown) if high is None else high) / 2
    if not high > low:
        return BLOCKS[3] * len(shown)
    return "".join(BLOCKS[min(max(int((value / 2 - low) / (high - low) * 8), 0), 7)] for value in shown)
