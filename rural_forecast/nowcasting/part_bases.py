"""The same part of earlier years: as published, as later growth implies it, and which of the two is used.

A published growth of a part implies the part a year before (known part / (1 + growth)), on the basis of the release.
Where the published one is preliminary or a floor, the implied one replaces it. Where a final one differs from it by
more than `RESTATED_PCT`, the base was restated, and whether the year was too is not known.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal, NamedTuple

from rural_forecast.nowcasting.parts import Part, agree
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.period import Period
from rural_forecast.series.preference import by_period
from rural_forecast.series.preference import prefer as preferred
from rural_forecast.series.whole_years import cover, derived

RESTATED_PCT = 5.0
"""How far a final base may lie from the implied one, in percent."""
BOUNDS = {">": "more than", "<": "up to"}


class Base(NamedTuple):
    """The same months of an earlier year."""

    how: Literal["published", "implied", "replaced", "restated", "floor"]
    """`published`: as published. `implied`: by the next year's growth alone. `replaced`: implied, in place of a
    preliminary value or a floor. `restated`: a final value that the growth contradicts. `floor`: known as a bound
    alone, so not used."""
    value: float | None
    """The one that is used; None for a floor."""
    published: float | None = None
    implied: float | None = None
    weak: str = ""
    """What the published one is, such as `preliminary` or `more than`; empty where it is final."""

    @property
    def gap_pct(self) -> float:
        """How far the implied one is above the published one, in percent."""
        assert self.published is not None
        assert self.implied is not None
        return 100 * (self.implied / self.published - 1)


class Rows(NamedTuple):
    """One value and one growth a period, as far as they may be known."""

    levels: Mapping[Period, Observation]
    growth: Mapping[Period, Observation]

    def part(self, period: Period) -> Part:
        """What is known of a part of a year."""
        level, growth = self.levels.get(period), self.growth.get(period)
        if level is None:
            return Part(period, None, growth.value if growth else None)
        return Part(period, level.value, growth.value if growth else None, place=level.place, weak=weakness(level))

    def parts(self, year: int) -> tuple[Part, ...]:
        """The known parts of a year, those with a growth alone included."""
        periods = {period for period in (*self.levels, *self.growth) if period.year == year and not period.is_year}
        return tuple(map(self.part, sorted(periods)))

    def outside(self, years: Collection[int]) -> Rows:
        """What is known of other years."""
        return Rows(*({period: seen for period, seen in side.items() if period.year not in years} for side in self))

    def cover(self, year: int, months: frozenset[int]) -> tuple[Observation, ...]:
        """Parts of a year that make up these months exactly, the longest first; empty where none do."""
        return cover(self.levels, year, months)


def rows(series: Series, *, as_of: date | None, prefer: str | None, typed: Iterable[Part] = ()) -> Rows:
    """What is known of a series by a day; typed parts replace its own."""
    levels, growth = (
        {
            period: preferred(values, series.sources, prefer)
            for period, values in by_period(
                seen
                for seen in observations
                if as_of is None or (seen.published_latest is not None and seen.published_latest <= as_of)
            ).items()
        }
        for observations in (series.observations, series.growth)
    )
    for part in typed:
        for column, value in ((levels, part.value), (growth, part.growth_pct)):
            if value is not None:
                column[part.period] = Observation(part.period, value, source="typed")
    return Rows(levels, {period: seen for period, seen in growth.items() if seen.value > -100})


def with_sums(series: Series, known: Rows) -> Series:
    """The series with the totals of years whose parts are all known and whose total is not."""
    totals = {seen.period.year for seen in series.observations if seen.period.is_year and seen.status != "forecast"}
    sums = tuple(derived(known.levels, sorted({period.year for period in known.levels} - totals)))
    return replace(series, observations=(*series.observations, *sums)) if sums else series


def with_growth(part: Part, known: Rows) -> Part:
    """A typed part with the growth published for it, where its value is the published one or none is published."""
    published = known.part(part.period)
    if part.growth_pct is not None or published.growth_pct is None:
        return part
    if part.value is not None and published.value is not None and not agree(part.value, published.value):
        return part
    return part._replace(growth_pct=published.growth_pct, borrowed=True)


def implied_before(parts: Sequence[Part]) -> float | None:
    """The same months a year before, from every part's growth; None where one is not known."""
    total = 0.0
    for part in parts:
        if part.value is None or part.growth_pct is None:
            return None
        total += part.value / (1 + part.growth_pct / 100)
    return total


def base(known: Rows, year: int, months: frozenset[int], later: Sequence[Part] = ()) -> Base | None:
    """The same months of an earlier year; None where nothing gives them.

    `later`: the parts of the year after, which imply it; those of the series where it is left out.
    """
    after = tuple(later) or tuple(known.part(level.period) for level in known.cover(year + 1, months))
    implied = implied_before(after) if after else None
    levels = known.cover(year, months)
    if not levels:
        return None if implied is None else Base("implied", implied, implied=implied)
    published = sum(level.value for level in levels)
    weak = next(filter(None, map(weakness, levels)), "")
    if weak and implied is not None:
        return Base("replaced", implied, published, implied, weak)
    if any(level.qualifier in BOUNDS for level in levels):
        return Base("floor", None, published, None, weak)
    final = Base("published", published, published, implied, weak)
    restated = implied is not None and published > 0 and abs(final.gap_pct) > RESTATED_PCT
    return final._replace(how="restated") if restated else final


def weakness(level: Observation) -> str:
    """How a value is not final: a bound, preliminary or an estimate; empty if it is final."""
    return BOUNDS.get(level.qualifier) or (level.status if level.status in ("preliminary", "estimate") else "")
