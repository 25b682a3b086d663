"""The known parts of a year: reading them, and choosing the longest of those that lie inside one another.

>>> part = read_partial("2017H1=537.62:38.1")
>>> str(part.period), part.value, part.growth_pct
('2017H1', 537.62, 38.1)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from math import isfinite
from typing import NamedTuple

from rural_forecast.errors import NOWHERE, InputError, Place, Problem, UsageError
from rural_forecast.series.period import Period, parse

ROUNDING_PCT = 1.0
"""Two values of a part are the same figure if they differ by no more than this."""


class Part(NamedTuple):
    """A part of a year: its value, its growth on the same part a year before, or both."""

    period: Period
    value: float | None
    """In the unit of the series; None where only the growth was published."""
    growth_pct: float | None = None
    given: bool = False
    """Whether it was typed, and not read from the series."""
    place: Place = NOWHERE
    """File and line or cell, or empty."""
    weak: str = ""
    """What its value is, such as `preliminary` or `more than`; empty where it is final."""
    borrowed: bool = False
    """Whether a typed part has its growth from the series."""

    @property
    def months(self) -> frozenset[int]:
        """The months it covers."""
        return months_of(self.period)


class Choice(NamedTuple):
    """The parts that are used, and those that are not."""

    used: tuple[Part, ...]
    """In order; no two share a month."""
    inside: tuple[Part, ...]
    """Known too, but inside a longer one that is used."""
    replaced: tuple[Part, ...] = ()
    """Of the series, and overlapping one that was typed."""

    @property
    def months(self) -> frozenset[int]:
        """All months that are known."""
        return _all_months(self.used)

    @property
    def from_january(self) -> bool:
        """Whether they are the first months of the year, without a gap."""
        return self.months == frozenset(range(1, len(self.months) + 1))

    @property
    def value(self) -> float | None:
        """The known sum; None where only a growth is known."""
        values = [part.value for part in self.used if part.value is not None]
        return sum(values) if values else None


def months_of(period: Period) -> frozenset[int]:
    """The months of a period."""
    first, last = period.months
    return frozenset(range(first, last + 1))


def read_partial(text: str) -> Part:
    """Read `PERIOD=VALUE` or `PERIOD=VALUE:GROWTH`, the growth in percent.

    Raises UsageError if it is none of these, the period is a whole year, or a number is impossible.
    """
    name, equals, amounts = text.partition("=")
    if not equals:
        raise UsageError.of("part_without_value", part=text)
    try:
        period = parse(name)
    except ValueError as error:
        raise UsageError.of("part_unreadable", part=text, error=error) from None
    if period.is_year:
        raise UsageError.of("part_is_year", part=text)
    value_text, colon, growth_text = amounts.partition(":")
    value = _number(value_text, text, "value")
    growth = _number(growth_text.strip().removesuffix("%"), text, "growth") if colon else None
    if growth is not None and growth <= -100:
        raise UsageError.of("part_growth_impossible", part=text, growth=growth)
    return Part(period, value, growth, given=True)


def _number(text: str, whole: str, what: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise UsageError.of("part_not_a_number", part=whole, what=what, text=text.strip())
    return value


def choose(known: Iterable[Part], typed: Sequence[Part] = ()) -> Choice:
    """The longest of nested parts; a typed part replaces what the series has of the same months.

    Raises UsageError if typed parts overlap without one containing the other, or one is more than the part that
    contains it. Raises InputError, with the place, for the same in a file.
    """
    _refuse_crossing(typed)
    typed_values = {part.period: part.value for part in typed}
    known = [part for part in known if not _same_figure(part, typed_values.get(part.period))]
    overlaps = {part: bool(part.months & _all_months(typed)) for part in known}
    used, inside = _longest([*typed, *(part for part in known if not overlaps[part])])
    replaced: list[Part] = []
    for part in known:
        if overlaps[part]:
            nested = any(other.period.contains(part.period) and other.period != part.period for other in typed)
            (inside if nested else replaced).append(part)
    for part in inside:
        _refuse_more(part, used)
    return Choice(tuple(used), tuple(sorted(inside)), tuple(replaced))


def _longest(parts: Sequence[Part]) -> tuple[list[Part], list[Part]]:
    """Parts used and left out: first those with a value, then typed, longer and later ones; without a value, one."""
    free: list[Part] = []
    left: list[Part] = []
    for part in sorted(
        parts, key=lambda part: (part.value is None, not part.given, -part.period.length, -part.period.last)
    ):
        (left if part.months & _all_months(free) else free).append(part)
    used = [part for part in free if part.value is not None] or free[:1]
    return sorted(used, key=lambda part: part.period), [*left, *(part for part in free if part not in used)]


def _all_months(parts: Iterable[Part]) -> frozenset[int]:
    return frozenset[int]().union(*(part.months for part in parts))


def agree(value: float, other: float) -> bool:
    """Whether two values are one figure, rounded differently."""
    return abs(value - other) <= abs(other) * ROUNDING_PCT / 100


def _same_figure(part: Part, typed: float | None) -> bool:
    return typed is not None and (part.value is None or agree(typed, part.value))


def _refuse_crossing(typed: Sequence[Part]) -> None:
    for part, other in combinations(typed, 2):
        if part.period == other.period:
            raise UsageError.of("part_twice", part=part.period)
        nested = part.period.contains(other.period) or other.period.contains(part.period)
        if part.months & other.months and not nested:
            raise UsageError.of("parts_overlap", part=part.period, other=other.period)


def _refuse_more(part: Part, used: Sequence[Part]) -> None:
    """An inner part of a positive flow cannot be more than the part around it."""
    for other in used:
        if part.value is None or other.value is None or not other.period.contains(part.period):
            continue
        if part.value > other.value >= 0:
            typed = part.given or other.given
            exceeds = Problem(
                "part_exceeds_outer",
                part=part.value,
                period=part.period,
                outer=other.value,
                outer_period=other.period,
                typed=typed,
            )
            if typed:
                raise UsageError.of(exceeds)
            if part.place:
                raise InputError.of(exceeds, place=part.place)
