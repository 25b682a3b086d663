"""First years on a new basis that a person states, beside those that a series has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from rural_forecast.errors import UsageError
from rural_forecast.observed.observation import Series
from rural_forecast.observed.yearly import ByYear, no_years, observed_years


def with_breaks(series: Series, breaks: Iterable[int], every: ByYear | None = None) -> Series:
    """Add the first years on a new basis that are stated; `every` has the values by year.

    Raises UsageError for one without values on both sides.
    """
    stated = {*breaks} - {*series.breaks}
    if not stated:
        return series
    if every is None:
        every = {obs.period.year: obs for obs in observed_years(series)}
    if not every:
        raise no_years(series, None)
    outside = sorted(year for year in stated if not min(every) < year <= max(every))
    if outside:
        years = f"{min(every)} to {max(every)}"
        raise UsageError(
            f"{series.id} has no values on both sides of a break in {outside[0]}.",
            f"Its years are {years}; name the first year on the new basis.",
        )
    return replace(series, breaks=tuple(sorted({*series.breaks, *stated})))


def broken_at(every: Sequence[Series], breaks: Sequence[int]) -> tuple[Series, ...]:
    """Add first years on a new basis to each series that has values on both sides.

    Raises UsageError for one that no series has.
    """
    changed = tuple(broken(series, breaks) for series in every)
    used = {year for series in changed for year in series.breaks}
    for year in breaks:
        if year not in used and every:
            return tuple(with_breaks(series, [year]) for series in every)
    return changed


def broken(series: Series, breaks: Collection[int]) -> Series:
    """Add those of some first years on a new basis that have values on both sides."""
    years = [obs.period.year for obs in series.observations if obs.status != "forecast"]
    inside = {year for year in breaks if years and min(years) < year <= max(years)}
    return replace(series, breaks=tuple(sorted({*series.breaks, *inside})))
