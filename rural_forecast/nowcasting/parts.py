"""The known parts of a year: reading them, and choosing the longest of those that lie inside one another.

>>> part = read_partial("2017H1=537.62:38.1")
>>> str(part.period), part.value, part.growth_pct
('2017H1', 537.62, 38.1)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite
from typing import NamedTuple

from rural_forecast.errors import NOWHERE, InputError, Place, UsageError, option
from rural_forecast.series.period import Period, parse
from rural_forecast.text.wording import number, runs

ROUNDING_PCT = 1.0
"""Two values of a part are the same figure when they differ by no more than rounding."""
_WORDS = {
    (1, 6): "the first half",
    (7, 12): "the second half",
    (1, 3): "the first quarter",
    (4, 6): "the second quarter",
    (7, 9): "the third quarter",
    (10, 12): "the fourth quarter",
    (1, 9): "January to September",
}
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


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
    """What its value is, `preliminary` or `more than`, say; empty where it is final."""
    borrowed: bool = False
    """Whether a typed part has its growth from the series."""

    @property
    def months(self) -> frozenset[int]:
        """The months it covers."""
        first, last = self.period.months
        return frozenset(range(first, last + 1))


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
        return frozenset().union(*(part.months for part in self.used))

    @property
    def from_january(self) -> bool:
        """Whether they are the first months of the year, without a gap."""
        return self.months == frozenset(range(1, len(self.months) + 1))

    @property
    def value(self) -> float | None:
        """The known sum; None where only a growth is known."""
        values = [part.value for part in self.used if part.value is not None]
        return sum(values) if values else None


def read_partial(text: str) -> Part:
    """Read `PERIOD=VALUE` or `PERIOD=VALUE:GROWTH`, the growth in percent.

    Raises
    ------
    UsageError : it is none of these, the period is a whole year, or a number is impossible
    """
    name, equals, amounts = text.partition("=")
    if not equals:
        raise _unreadable(text, "has no '='")
    try:
        period = parse(name)
    except ValueError as error:
        raise _unreadable(text, f"is not readable: {error}") from None
    if period.is_year:
        raise _unreadable(text, "names a whole year, not a part of one")
    value_text, colon, growth_text = amounts.partition(":")
    value = _number(value_text, text, "value")
    growth = _number(growth_text.strip().removesuffix("%"), text, "growth") if colon else None
    if growth is not None and growth <= -100:
        raise _unreadable(text, f"has a growth of {growth:g} %; nothing can fall by 100 % or more")
    return Part(period, value, growth, given=True)


def _unreadable(text: str, problem: str) -> UsageError:
    plain, grown = (option("partial", [part]) for part in ("2017H1=537.62", "2017H1=537.62:38.1"))
    return UsageError(f"The part {text} {problem}.", f"Write it as {plain}, or with the growth of the part {grown}.")


def _number(text: str, whole: str, what: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise _unreadable(whole, f"has the {what} '{text.strip()}', which is not a number")
    return value


def choose(known: Iterable[Part], given: Sequence[Part] = ()) -> Choice:
    """The longest of nested parts; a typed part goes before what the series has of the same months.

    Raises
    ------
    UsageError : typed parts overlap without one containing the other, or one is more than the part that contains it
    InputError : the same for a file, where it names the place
    """
    _refuse_crossing(given)
    taken = frozenset[int]().union(*(part.months for part in given))
    typed = {part.period: part.value for part in given}
    known = [part for part in known if not _same_figure(part, typed.get(part.period))]
    free = [part for part in known if not part.months & taken]
    used, inside = _longest([*given, *free])
    replaced = tuple(part for part in known if part.months & taken and not _inside_one(part, given))
    inside += [part for part in known if part.months & taken and _inside_one(part, given)]
    for part in inside:
        _refuse_more(part, used)
    return Choice(tuple(used), tuple(sorted(inside)), replaced)


def _longest(parts: Sequence[Part]) -> tuple[list[Part], list[Part]]:
    """Parts with a value first, the longest first, the later first; what shares a month with one taken is left."""
    taken: list[Part] = []
    left: list[Part] = []
    for part in sorted(parts, key=lambda one: (one.value is None, not one.given, -one.period.length, -one.period.last)):
        (left if any(part.months & other.months for other in taken) else taken).append(part)
    if any(part.value is not None for part in taken):
        left += [part for part in taken if part.value is None]
        taken = [part for part in taken if part.value is not None]
    else:
        left += taken[1:]
        taken = taken[:1]
    return sorted(taken, key=lambda one: one.period), left


def agree(one: float, other: float) -> bool:
    """Whether two values are one figure, rounded differently."""
    return abs(one - other) <= abs(other) * ROUNDING_PCT / 100


def _same_figure(part: Part, typed: float | None) -> bool:
    return typed is not None and (part.value is None or agree(typed, part.value))


def _inside_one(part: Part, others: Sequence[Part]) -> bool:
    return any(other.period.contains(part.period) and other.period != part.period for other in others)


def _refuse_crossing(given: Sequence[Part]) -> None:
    for place, one in enumerate(given):
        for other in given[place + 1 :]:
            if one.period == other.period:
                raise UsageError(f"The part {one.period} is given twice.", "Give each part once.")
            nested = one.period.contains(other.period) or other.period.contains(one.period)
            if one.months & other.months and not nested:
                raise UsageError(
                    f"The parts {one.period} and {other.period} overlap, and neither contains the other.",
                    "Give parts that follow one another, or one that contains the other.",
                )


def _refuse_more(part: Part, used: Sequence[Part]) -> None:
    """An inner part of a positive flow cannot be more than the part around it."""
    for other in used:
        if part.value is None or other.value is None or not other.period.contains(part.period):
            continue
        if part.value > other.value >= 0:
            problem = f"{number(part.value)} for {part.period} is more than {number(other.value)} for {other.period}"
            if part.given or other.given:
                raise UsageError(f"{problem}, which contains it.", "Check the two parts.")
            if part.place:
                raise InputError.at(part.place, f"{problem}, which contains it.", "Correct one of the two.")


def words(months: frozenset[int]) -> str:
    """Months in words, for a sentence.

    >>> words(frozenset(range(1, 9))), words(frozenset({4, 5, 6}))
    ('January to August', 'the second quarter')
    """
    first, last = min(months), max(months)
    if len(months) != last - first + 1:
        return " and ".join(words(frozenset(run)) for run in runs(months))
    if (first, last) in _WORDS:
        return _WORDS[first, last]
    return _MONTHS[first - 1] if first == last else f"{_MONTHS[first - 1]} to {_MONTHS[last - 1]}"
