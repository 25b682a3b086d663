"""The same part of earlier years: as published, as later growth implies it, and which of the two is used.

A published growth of a part implies the part a year before (known part / (1 + growth)), on the basis of the release.
Where the published one is preliminary or a floor, the implied one replaces it; where a final one differs from it by
more than `RESTATED_PCT`, the base was restated, and whether the year was too is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal, NamedTuple

from rural_forecast.errors import NOWHERE
from rural_forecast.nowcasting.parts import Part, agree
from rural_forecast.series.observation import Derivation, Observation, Series
from rural_forecast.series.period import Period
from rural_forecast.series.preference import by_period
from rural_forecast.series.preference import prefer as preferred

RESTATED_PCT = 5.0
"""How far a final base may lie from the implied one, in percent."""

How = Literal["published", "implied", "replaced", "restated", "floor"]


class Base(NamedTuple):
    """The same months of an earlier year."""

    how: How
    """`published`: as published. `implied`: by the next year's growth alone. `replaced`: implied, in place of a
    preliminary value or a floor. `restated`: a final value that the growth contradicts. `floor`: known as a bound
    alone, so not used."""
    value: float | None
    """The one that is used; None for a floor."""
    published: float | None = None
    implied: float | None = None
    weak: str = ""
    """What the published one is, `preliminary` or `more than`, say; empty where it is final."""

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

    def parts(self, year: int) -> tuple[Part, ...]:
        """The known parts of a year, those with a growth alone included."""
        periods = sorted({one for one in (*self.levels, *self.growth) if one.year == year and not one.is_year})
        return tuple(
            Part(
                period,
                self.levels[period].value if period in self.levels else None,
                self.growth[period].value if period in self.growth else None,
                place=self.levels[period].place if period in self.levels else NOWHERE,
                weak=_weakness(self.levels[period]) if period in self.levels and is_weak(self.levels[period]) else "",
            )
            for period in periods
        )

    def cover(self, year: int, months: frozenset[int]) -> tuple[Observation, ...]:
        """Parts of a year that make up these months exactly, the longest first; empty where none do."""
        inside = [
            one
            for period, one in self.levels.items()
            if period.year == year and not period.is_year and _months(period) <= months
        ]
        inside.sort(key=lambda one: (is_weak(one), -one.period.length))
        return _exact(inside, months)


def rows(
    series: Series, *, as_of: date | None, prefer: str | None, reconcile: str | None, typed: Iterable[Part] = ()
) -> Rows:
    """What is known of a series by a day; typed parts of earlier years replace its own."""
    levels, growth = (
        {
            period: preferred(given, series.sources, source=prefer, reconcile=reconcile)
            for period, given in by_period(_published(observations, as_of)).items()
        }
        for observations in (series.observations, series.growth)
    )
    for part in typed:
        if part.value is not None:
            levels[part.period] = Observation(part.period, part.value, source="typed")
        if part.growth_pct is not None:
            growth[part.period] = Observation(part.period, part.growth_pct, source="typed")
    return Rows(levels, {period: one for period, one in growth.items() if one.value > -100})


def with_sums(series: Series, known: Rows) -> Series:
    """The series with the totals of years whose parts are all known and whose total is not."""
    totals = {one.period.year for one in series.observations if one.period.is_year and one.status != "forecast"}
    found = []
    for year in sorted({one.year for one in known.levels} - totals):
        parts = known.cover(year, frozenset(range(1, 13)))
        if parts:
            names = ", ".join(str(period) for period in sorted(one.period for one in parts))
            dates = [one.published_latest for one in parts]
            found.append(
                Observation(
                    Period(year),
                    sum(one.value for one in parts),
                    source=parts[0].source,
                    note=f"the sum of {names}",
                    published_latest=None if None in dates else max(one for one in dates if one is not None),
                    derived=True,
                    derivation=Derivation("sum"),
                )
            )
    return replace(series, observations=(*series.observations, *found)) if found else series


def with_growth(part: Part, known: Rows) -> Part:
    """A typed part with the growth published for it, where its value is the published one or none is published."""
    published = known.growth.get(part.period)
    if part.growth_pct is not None or published is None:
        return part
    level = known.levels.get(part.period)
    if level is not None and part.value is not None and not agree(part.value, level.value):
        return part
    return part._replace(growth_pct=published.value, borrowed=True)


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

    Parameters
    ----------
    later : the parts of the year after, which imply it; those of the series where it is left out
    """
    after = tuple(later) or tuple(
        Part(one.period, one.value, known.growth[one.period].value if one.period in known.growth else None)
        for one in known.cover(year + 1, months)
    )
    implied = implied_before(after) if after else None
    seen = known.cover(year, months)
    if not seen:
        return None if implied is None else Base("implied", implied, implied=implied)
    published = sum(one.value for one in seen)
    weak = next((_weakness(one) for one in seen if is_weak(one)), "")
    if weak and implied is not None:
        return Base("replaced", implied, published, implied, weak)
    if weak and any(one.qualifier in "<>" for one in seen):
        return Base("floor", None, published, None, weak)
    found = Base("published", published, published, implied, weak)
    if implied is not None and published > 0 and abs(found.gap_pct) > RESTATED_PCT:
        return found._replace(how="restated")
    return found


def _published(observations: Iterable[Observation], as_of: date | None) -> list[Observation]:
    return [
        one
        for one in observations
        if as_of is None or (one.published_latest is not None and one.published_latest <= as_of)
    ]


def is_weak(one: Observation) -> bool:
    """Whether a value is preliminary, an estimate or a bound."""
    return one.qualifier in "<>" or one.status in ("preliminary", "estimate")


def _weakness(one: Observation) -> str:
    return {">": "more than", "<": "up to"}.get(one.qualifier, one.status)


def _months(period: Period) -> frozenset[int]:
    first, last = period.months
    return frozenset(range(first, last + 1))


def _exact(inside: Sequence[Observation], months: frozenset[int]) -> tuple[Observation, ...]:
    """An exact cover, tried in order; the first month still open decides which parts may come next."""
    if not months:
        return ()
    for one in inside:
        own = _months(one.period)
        if min(months) in own and own <= months:
            rest = _exact(inside, months - own)
            if rest or own == months:
                return (one, *rest)
    return ()
