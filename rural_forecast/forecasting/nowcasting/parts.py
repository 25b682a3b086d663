"""The known parts of years: read, chosen where they overlap, and the same parts of earlier years.

A published growth of a part implies the same part of the year before: value / (1 + growth), on the
basis of the release. Where that earlier part was published as preliminary or as a bound, the
implied value replaces it. Where a final one differs by more than `RESTATED_PCT`, the base was
restated, and it is not known if the whole year was restated too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations, product
from math import inf, isfinite
from typing import Literal, NamedTuple

from rural_forecast.errors import NOWHERE, InputError, Place, RuralForecastError, UsageError, option
from rural_forecast.observed.observation import Observation, Publication, Series, known_on
from rural_forecast.observed.period import Period, parse
from rural_forecast.observed.preference import cover, derived, months_of, preferred
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import named_months

ROUNDING_PCT = 1.0
"""Two values of a part are the same figure, rounded differently, if they differ by no more."""
RESTATED_PCT = 5.0
"""How far a final base may lie from the implied one."""
BOUNDS = {">": "more than", "<": "up to"}


class YearPart(NamedTuple):
    """A part of a year: its value, its growth on the same part a year before, or both."""

    period: Period
    value: float | None  # in the unit of the series; None where only the growth was published
    growth_pct: float | None = None
    given: bool = False  # True if it was typed, and not read from the series
    location: Place = NOWHERE
    weak: str = ""
    """how its value is not final, such as `preliminary` or `more than`; empty where it is."""

    @property
    def months(self) -> frozenset[int]:
        """The months it covers."""
        return months_of(self.period)


class ChosenParts(NamedTuple):
    """The parts that are used, in order, no two of which share a month; and those left out."""

    used: tuple[YearPart, ...]
    left: tuple[YearPart, ...]

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


def read_partial(text: str) -> YearPart:
    """Read `PERIOD=VALUE` or `PERIOD=VALUE:GROWTH`, the growth in percent."""
    name, _, amounts = text.partition("=")
    value_text, colon, growth_text = amounts.partition(":")
    growth = None
    try:
        period = parse(name)
        value = float(value_text)
        if colon:
            growth = float(growth_text.strip().removesuffix("%"))
    except ValueError:
        raise _not_a_part(text) from None

    if period.is_year or not isfinite(value):
        raise _not_a_part(text)
    if growth is not None and not -100 < growth < inf:
        raise _not_a_part(text)
    return YearPart(period, value, growth, given=True)


def _not_a_part(text: str) -> UsageError:
    plain = option("partial", ["2017H1=537.62"])
    growing = option("partial", ["2017H1=537.62:38.1"])
    return UsageError(
        f"{text} is not a part of a year with its value.",
        f"Write it as {plain}, or with the growth of the part in percent {growing}.",
    )


def choose(published: Iterable[YearPart], typed: Sequence[YearPart] = ()) -> ChosenParts:
    """Choose the parts that make up the known months: typed, longer and later ones first.

    Raises UsageError for typed parts that overlap without one containing the other, and an error
    for a part that is more than the one that contains it.
    """
    _require_nested(typed)
    typed_values = {part.period: part.value for part in typed if part.value is not None}
    others = [part for part in published if not _repeats(part, typed_values)]

    free: list[YearPart] = []
    left: list[YearPart] = []
    taken = frozenset[int]()
    for part in sorted([*typed, *others], key=lambda part: _rank(part, typed)):
        if part.months & taken:
            left.append(part)
        else:
            free.append(part)
            taken |= part.months

    # A growth alone says nothing of the sum, so it serves only where no value is known.
    valued = [part for part in free if part.value is not None]
    used = sorted(valued or free[:1], key=lambda part: part.period)
    left += [part for part in free if part not in used]
    for inner, outer in product(left, used):
        _require_less(inner, outer)
    return ChosenParts(tuple(used), tuple(sorted(left)))


def _require_nested(typed: Sequence[YearPart]) -> None:
    for part, other in combinations(typed, 2):
        nested = part.months < other.months or other.months < part.months
        if part.months & other.months and (part.period == other.period or not nested):
            raise UsageError(
                f"The parts {part.period} and {other.period} overlap.", "Give parts that do not."
            )


def _repeats(part: YearPart, typed_values: Mapping[Period, float]) -> bool:
    """True if a typed part has its period, and its value up to rounding where it has one."""
    if part.period not in typed_values:
        return False
    return part.value is None or agree(typed_values[part.period], part.value)


def _rank(part: YearPart, typed: Sequence[YearPart]) -> tuple[bool, bool, int, int]:
    """Sort key: typed parts first, then those with a value, then longer and later ones."""
    return part not in typed, part.value is None, -part.period.length, -part.period.last


def _require_less(inner: YearPart, outer: YearPart) -> None:
    """Raise an error if a part is more than a part, of a flow that is not negative, around it."""
    if inner.value is None or outer.value is None:
        return
    if inner.period == outer.period or not outer.period.contains(inner.period):
        return
    if not inner.value > outer.value >= 0:
        return

    # Values of the catalogue have no place in a file: nobody can correct them there.
    typed = inner.given or outer.given
    if typed or inner.location:
        part = f"{number(inner.value)} for {inner.period}"
        whole = f"{number(outer.value)} for {outer.period}"
        problem = f"{part} is more than {whole}, which contains it."
        raise excess_error(problem, inner.location, typed)


def agree(value: float, other: float) -> bool:
    """True if two values are one figure, rounded differently."""
    return abs(value - other) <= abs(other) * ROUNDING_PCT / 100


def excess_error(problem: str, location: Place, typed: bool = False) -> RuralForecastError:
    """The error for a part that is more than its whole: one of usage if it was typed."""
    hint = "A part and its year must be on one basis: correct one of the two."
    return UsageError(problem, hint) if typed else InputError(problem, hint, place=location)


class Base(NamedTuple):
    """The same months of an earlier year."""

    how: Literal["published", "implied", "replaced", "restated", "floor"]
    """`implied`: by the next year's growth alone. `replaced`: implied, in place of a preliminary
    value or a floor. `restated`: a final value that the growth contradicts. `floor`: known as a
    bound alone, so not used.
    """
    value: float | None  # the one that is used; None for a floor
    published: float | None = None
    implied: float | None = None
    weak: str = ""
    """how the published one is not final, as in `YearPart`."""


class PeriodValues(NamedTuple):
    """One value and one growth a period, as far as they may be known."""

    levels: Mapping[Period, Observation]
    growth: Mapping[Period, Observation]

    @classmethod
    def of(
        cls, series: Series, as_of: date | None, prefer: str | None, typed: Iterable[YearPart] = ()
    ) -> PeriodValues:
        """The values and growth of a series known by a day; typed parts replace its own."""
        levels = _preferred_by(as_of, series.observations, series.sources, prefer)
        growth = _preferred_by(as_of, series.growth, series.sources, prefer)
        for part in typed:
            if part.value is not None:
                levels[part.period] = Observation(part.period, part.value, source="typed")
            if part.growth_pct is not None:
                growth[part.period] = Observation(part.period, part.growth_pct, source="typed")

        # A part that fell by all it was, or more, implies no earlier value.
        sound = {period: rate for period, rate in growth.items() if rate.value > -100}
        return cls(levels, sound)

    def with_sums(self, series: Series) -> Series:
        """The series with the totals of years whose parts are all known and whose total is not."""
        observed = [level for level in series.observations if level.status != "forecast"]
        totals = {level.period.year for level in observed if level.period.is_year}
        years = {period.year for period in self.levels}
        sums = tuple(derived(self.levels, sorted(years - totals)))
        if not sums:
            return series
        return replace(series, observations=(*series.observations, *sums))

    def part(self, period: Period) -> YearPart:
        """The value and growth known of a part of a year."""
        level = self.levels.get(period)
        growth = self.growth.get(period)
        rate = growth.value if growth else None
        if level is None:
            return YearPart(period, None, rate)
        return YearPart(period, level.value, rate, location=level.place, weak=weakness(level))

    def base(
        self, year: int, months: frozenset[int], later: Sequence[YearPart] = ()
    ) -> Base | None:
        """The same months of an earlier year.

        Parameters
        ----------
        later : the parts of the year after, whose growth implies it; left out, those of the series
        """
        if not later:
            later = [self.part(level.period) for level in cover(self.levels, year + 1, months)]
        implied = implied_before(later)
        levels = cover(self.levels, year, months)
        if not levels:
            return None if implied is None else Base("implied", implied, implied=implied)

        published = sum(level.value for level in levels)
        weak = next((weakness(level) for level in levels if weakness(level)), "")
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
        typed: Sequence[YearPart],
        totals: Mapping[int, float],
    ) -> int:
        """The year to estimate.

        It is the year asked for, that of the last typed part, the one after `until`, or the latest
        of which only parts are known, in this order.
        """
        latest = None if until is None else until + 1
        if typed:
            latest = max(part.period.year for part in typed)
        if year is not None and typed and latest is not None and latest > year:
            raise UsageError(
                f"A part of {latest} is given, after {year}, the year to estimate.",
                "Name that year.",
            )

        parts = {period.year for period in (*self.levels, *self.growth) if not period.is_year}
        target = year or latest or max(parts - totals.keys(), default=None)
        if target is None:
            example = option("partial", [f"{max(totals, default=2025) + 1}H1=VALUE"])
            raise UsageError(
                f"{series.id} has no year of which only parts are known.",
                f"Give one, such as {example}.",
            )
        if target in totals and (until is None or until >= target):
            total = f"{number(totals[target])} {series.unit}".rstrip()
            earlier = option("until", target - 1)
            raise UsageError(
                f"The total of {target} is known: {total}.",
                f"Add {earlier} to estimate it from its parts, or {option('as_of', 'DATE')}.",
            )
        return target

    def choice(
        self, series: Series, year: int, typed: Sequence[YearPart], actual: float | None
    ) -> ChosenParts:
        """The known parts of a year, typed ones first.

        Raises UsageError where no part is known or none is open, and an error where the parts are
        more than the total.
        """
        own = [self._with_growth(part) for part in typed if part.period.year == year]
        of_year = {period for period in (*self.levels, *self.growth) if period.year == year}
        periods = sorted(period for period in of_year if not period.is_year)
        choice = choose(map(self.part, periods), own)
        if not choice.used:
            example = option("partial", [f"{year}H1=VALUE"])
            raise UsageError(
                f"Nothing is known of {year} in {series.id}.", f"Give a part: {example}."
            )

        value = choice.value
        if value is not None and len(choice.months) == 12:
            raise UsageError(
                f"The parts of {year} make up the year: {number(value)}.",
                "Nothing is left to estimate.",
            )
        if value is not None and actual is not None and value > actual >= 0:
            problem = f"{choice.in_words(year)} is more than its whole year, {number(actual)}."
            location = choice.used[0].location or Place(series.id)
            raise excess_error(problem, location, any(part.given for part in choice.used))
        return choice

    def _with_growth(self, typed: YearPart) -> YearPart:
        """A typed part with the growth published for it, unless another value was published."""
        if typed.growth_pct is not None:
            return typed
        published = self.part(typed.period)
        other_figure = (
            typed.value is not None
            and published.value is not None
            and not agree(typed.value, published.value)
        )
        if other_figure:
            return typed
        return typed._replace(growth_pct=published.growth_pct)


def _preferred_by(
    as_of: date | None,
    observations: Iterable[Observation],
    sources: Mapping[str, Publication],
    prefer: str | None,
) -> dict[Period, Observation]:
    """The value of each period that is used, among those known by a day."""
    by_then = (observation for observation in observations if known_on(as_of, observation))
    return preferred(by_then, sources, prefer)


def implied_before(parts: Sequence[YearPart]) -> float | None:
    """The same months a year before, from every part's growth; None where one is not known."""
    earlier = []
    for part in parts:
        if part.value is None or part.growth_pct is None:
            return None
        earlier.append(part.value / (1 + part.growth_pct / 100))
    return sum(earlier) if earlier else None


def weakness(level: Observation) -> str:
    """How a value is not final: a bound, preliminary or an estimate; empty if it is final."""
    bound = BOUNDS.get(level.qualifier)
    if bound:
        return bound
    return level.status if level.status in ("preliminary", "estimate") else ""
