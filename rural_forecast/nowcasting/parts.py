"""Known parts of years: read from options, chosen among overlapping ones, and the same part of
earlier years.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations, product
from math import inf, isfinite, nan
from typing import Literal, NamedTuple

from rural_forecast.errors import NOWHERE, InputError, Place, RuralForecastError, UsageError, option
from rural_forecast.series.observation import Observation, Series, known_on
from rural_forecast.series.period import Period, parse
from rural_forecast.series.preference import cover, derived, months_of, preferred
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import named_months

ROUNDING_PCT = 1.0  # two values of a part are the same figure if they differ by no more than this
RESTATED_PCT = 5.0  # how far a final base may lie from the implied one, in percent
BOUNDS = {">": "more than", "<": "up to"}


class Part(NamedTuple):
    """A part of a year: its value, its growth on the same part a year before, or both."""

    period: Period
    value: float | None  # in the unit of the series; None where only the growth was published
    growth_pct: float | None = None
    given: bool = False  # True if it was typed, and not read from the series
    place: Place = NOWHERE
    weak: str = ""
    """how its value is not final, such as `preliminary` or `more than`; empty where it is."""

    @property
    def months(self) -> frozenset[int]:
        """The months it covers."""
        return months_of(self.period)


class Choice(NamedTuple):
    """The parts that are used, in order, no two of which share a month; and those that are left
    out.
    """

    used: tuple[Part, ...]
    left: tuple[Part, ...]

    @property
    def months(self) -> frozenset[int]:
        """All months that are known."""
        return frozenset[int]().union(*(part.months for part in self.used))

    @property
    def from_january(self) -> bool:
        """True if they are the first months of the year, without a gap."""
        return self.months == frozenset(range(1, len(self.months) + 1))

    @property
    def value(self) -> float | None:
        """The known sum; None where only a growth is known."""
        values = [part.value for part in self.used if part.value is not None]
        return sum(values) if values else None

    def in_words(self, year: int) -> str:
        """The known part of a year and its value."""
        return f"{number(self.value or 0)} for {named_months(self.months)} of {year}"


def read_partial(text: str) -> Part:
    """Read `PERIOD=VALUE` or `PERIOD=VALUE:GROWTH`, the growth in percent."""
    name, _, amounts = text.partition("=")
    value_text, colon, growth_text = amounts.partition(":")
    try:
        period = parse(name)
        value = float(value_text)
        growth = float(growth_text.strip().removesuffix("%")) if colon else None
    except ValueError:
        period = Period(1)
        value = nan
        growth = None
    if period.is_year or not isfinite(value) or (growth is not None and not -100 < growth < inf):
        plain, growing = (
            option("partial", [part]) for part in ("2017H1=537.62", "2017H1=537.62:38.1")
        )
        hint = f"Write it as {plain}, or with the growth of the part in percent {growing}."
        raise UsageError(f"{text} is not a part of a year with its value.", hint)
    return Part(period, value, growth, given=True)


def choose(known: Iterable[Part], typed: Sequence[Part] = ()) -> Choice:
    """The longest of nested parts, typed, longer and later ones first; refuses typed ones that
    overlap otherwise.
    """
    for part, other in combinations(typed, 2):
        nested = part.months < other.months or other.months < part.months
        if part.months & other.months and (part.period == other.period or not nested):
            raise UsageError(
                f"The parts {part.period} and {other.period} overlap.", "Give parts that do not."
            )
    values = {part.period: part.value for part in typed if part.value is not None}
    known = (
        part
        for part in known
        if part.period not in values
        or not (part.value is None or agree(values[part.period], part.value))
    )
    free: list[Part] = []
    left: list[Part] = []
    for part in sorted(
        [*typed, *known],
        key=lambda each: (
            each not in typed,
            each.value is None,
            -each.period.length,
            -each.period.last,
        ),
    ):
        (left if part.months & Choice(tuple(free), ()).months else free).append(part)
    used = sorted(
        [part for part in free if part.value is not None] or free[:1], key=lambda part: part.period
    )
    left += [part for part in free if part not in used]
    for part, other in product(left, used):
        within = other.period.contains(part.period) and other.period != part.period
        if (
            part.value is None
            or other.value is None
            or not within
            or not part.value > other.value >= 0
        ):
            continue
        if part.given or other.given or part.place:
            inner = f"{number(part.value)} for {part.period}"
            outer = f"{number(other.value)} for {other.period}"
            raise too_much(
                f"{inner} is more than {outer}, which contains it.",
                part.place,
                part.given or other.given,
            )
    return Choice(tuple(used), tuple(sorted(left)))


def agree(value: float, other: float) -> bool:
    """True if two values are one figure, rounded differently."""
    return abs(value - other) <= abs(other) * ROUNDING_PCT / 100


def too_much(problem: str, place: Place, typed: bool = False) -> RuralForecastError:
    """The refusal of a part that is more than what contains it: a usage error if it was typed."""
    hint = "A part and its year must be on one basis: correct one of the two."
    return UsageError(problem, hint) if typed else InputError(problem, hint, place=place)


class Base(NamedTuple):
    """The same months of an earlier year."""

    how: Literal["published", "implied", "replaced", "restated", "floor"]
    """`implied`: by the next year's growth alone. `replaced`: implied, in place of a preliminary
    value or a floor.
    `restated`: a final value that the growth contradicts. `floor`: known as a bound alone, so not
    used.
    """
    value: float | None  # the one that is used; None for a floor
    published: float | None = None
    implied: float | None = None
    weak: str = ""
    """how the published one is not final, such as `preliminary` or `more than`; empty where it is.
    """


class Rows(NamedTuple):
    """One value and one growth a period, as far as they may be known."""

    levels: Mapping[Period, Observation]
    growth: Mapping[Period, Observation]

    @classmethod
    def of(
        cls, series: Series, as_of: date | None, prefer: str | None, typed: Iterable[Part] = ()
    ) -> Rows:
        """The values and growth of a series known by a day; typed parts replace its own."""
        levels, growth = (
            preferred(
                (seen for seen in observations if known_on(as_of, seen)), series.sources, prefer
            )
            for observations in (series.observations, series.growth)
        )
        for part in typed:
            for column, value in ((levels, part.value), (growth, part.growth_pct)):
                if value is not None:
                    column[part.period] = Observation(part.period, value, source="typed")
        return cls(levels, {period: seen for period, seen in growth.items() if seen.value > -100})

    def with_sums(self, series: Series) -> Series:
        """The series with the totals of years whose parts are all known and whose total is not."""
        totals = {
            seen.period.year
            for seen in series.observations
            if seen.period.is_year and seen.status != "forecast"
        }
        sums = tuple(derived(self.levels, sorted({period.year for period in self.levels} - totals)))
        return replace(series, observations=(*series.observations, *sums)) if sums else series

    def part(self, period: Period) -> Part:
        """The value and growth known of a part of a year."""
        level = self.levels.get(period)
        growth = self.growth.get(period)
        rate = growth.value if growth else None
        if level is None:
            return Part(period, None, rate)
        return Part(period, level.value, rate, place=level.place, weak=weakness(level))

    def base(self, year: int, months: frozenset[int], later: Sequence[Part] = ()) -> Base | None:
        """The same months of an earlier year; `later`: the parts of the year after, which imply it."""
        implied = implied_before(
            later or [self.part(level.period) for level in cover(self.levels, year + 1, months)]
        )
        levels = cover(self.levels, year, months)
        if not levels:
            return None if implied is None else Base("implied", implied, implied=implied)
        published = sum(level.value for level in levels)
        weak = next(filter(None, map(weakness, levels)), "")
        if weak and implied is not None:
            return Base("replaced", implied, published, implied, weak)
        if any(level.qualifier in BOUNDS for level in levels):
            return Base("floor", None, published, None, weak)
        restated = (
            implied is not None
            and published > 0
            and abs(100 * (implied / published - 1)) > RESTATED_PCT
        )
        return Base("restated" if restated else "published", published, published, implied, weak)

    def target_year(
        self,
        series: Series,
        year: int | None,
        until: int | None,
        typed: Sequence[Part],
        totals: Mapping[int, float],
    ) -> int:
        """The year to estimate: as asked, of the last typed part, after `until`, or the latest that
        is partly known.
        """
        latest = max(
            (part.period.year for part in typed), default=None if until is None else until + 1
        )
        if year is not None and typed and latest is not None and latest > year:
            raise UsageError(
                f"A part of {latest} is given, after {year}, the year to estimate.",
                "Name that year.",
            )
        partly = {
            period.year for period in (*self.levels, *self.growth) if not period.is_year
        } - totals.keys()
        target = year or latest or max(partly, default=None)
        if target is None:
            example = option("partial", [f"{max(totals, default=2025) + 1}H1=VALUE"])
            raise UsageError(
                f"{series.id} has no year of which only parts are known.",
                f"Give one, such as {example}.",
            )
        if target in totals and (until is None or until >= target):
            known = f"{number(totals[target])} {series.unit}".rstrip()
            hint = f"Add {option('until', target - 1)} to estimate it from its parts, or {option('as_of', 'DATE')}."
            raise UsageError(f"The total of {target} is known: {known}.", hint)
        return target

    def choice(
        self, series: Series, year: int, typed: Sequence[Part], actual: float | None
    ) -> Choice:
        """The known parts of a year, typed ones first; they must exist, leave something open and
        fit the total.
        """
        parts = []
        for part in (part for part in typed if part.period.year == year):
            seen = self.part(part.period)
            other = (
                part.value is not None
                and seen.value is not None
                and not agree(part.value, seen.value)
            )
            parts.append(
                part
                if other or part.growth_pct is not None
                else part._replace(growth_pct=seen.growth_pct)
            )
        periods = {
            period
            for period in (*self.levels, *self.growth)
            if period.year == year and not period.is_year
        }
        choice = choose(map(self.part, sorted(periods)), parts)
        value = choice.value
        if not choice.used:
            part_of = option("partial", [f"{year}H1=VALUE"])
            raise UsageError(
                f"Nothing is known of {year} in {series.id}.", f"Give a part: {part_of}."
            )
        if value is not None and len(choice.months) == 12:
            raise UsageError(
                f"The parts of {year} make up the year: {number(value)}.",
                "Nothing is left to estimate.",
            )
        if value is not None and actual is not None and value > actual >= 0:
            problem = f"{choice.in_words(year)} is more than its whole year, {number(actual)}."
            raise too_much(
                problem,
                choice.used[0].place or Place(series.id),
                any(part.given for part in choice.used),
            )
        return choice


def implied_before(parts: Sequence[Part]) -> float | None:
    """The same months a year before, from every part's growth; None where one is not known."""
    pairs = [(part.value, part.growth_pct) for part in parts]
    known = [
        value / (1 + rate / 100) for value, rate in pairs if value is not None and rate is not None
    ]
    return sum(known) if known and len(known) == len(parts) else None


def weakness(level: Observation) -> str:
    """How a value is not final: a bound, preliminary or an estimate; empty if it is final."""
    return BOUNDS.get(level.qualifier) or (
        level.status if level.status in ("preliminary", "estimate") else ""
    )
