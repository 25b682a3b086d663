"""The value of each whole year of a series: one a year, by the source that goes first.

Breaks and gaps are not looked at here: `history` does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal, NamedTuple

from rural_forecast.errors import InputError, UsageError, command, option
from rural_forecast.observed.observation import Observation, Series, known_on
from rural_forecast.observed.preference import by_period, preferred, with_whole_years
from rural_forecast.text.wording import shortened

ByYear = Mapping[int, Observation]
Why = Literal["break", "gap", "since", "until", "new basis"]


class LeftOut(NamedTuple):
    """A yearly value that models do not see, and why."""

    observation: Observation
    why: Why
    """`break`: on an earlier basis, and at most evidence by its growth. `gap`: before one. `since`,
    `until`: not asked for. `new basis`: later, and on another basis than the last year used.
    """


def observed_years(
    series: Series, *, prefer: str | None = None, as_of: date | None = None
) -> tuple[Observation, ...]:
    """Select the value of every whole year, across breaks and gaps, nothing derived, in order."""
    return tuple(by_year(actual_observations(series.observations, as_of), series, prefer).values())


def values_by_year(
    series: Series, *, prefer: str | None = None, as_of: date | None = None
) -> dict[int, float]:
    """The numbers of `observed_years`, by year."""
    years = observed_years(series, prefer=prefer, as_of=as_of)
    return {observed.period.year: observed.value for observed in years}


def actual_observations(
    observations: Iterable[Observation], as_of: date | None
) -> tuple[Observation, ...]:
    """Select the observations that are no forecasts, and had been published by a day."""
    return tuple(obs for obs in observations if obs.status != "forecast" and known_on(as_of, obs))


def by_year(
    observations: Iterable[Observation], series: Series, prefer: str | None
) -> dict[int, Observation]:
    """The value of each whole year that is used."""
    years = (obs for obs in observations if obs.period.is_year)
    return {period.year: obs for period, obs in preferred(years, series.sources, prefer).items()}


def no_years(series: Series, as_of: date | None) -> InputError | UsageError:
    """The error for a series without a value of a whole year, or without one by a day."""
    years = observed_years(series)
    if as_of is not None and years:
        first = min((obs.published_latest for obs in years if obs.published_latest), default=None)
        hint = "None of its yearly values is dated."
        if first:
            hint = f"The first dated yearly value is of {first}."
        problem = f"No yearly value of {series.id} had surely been published by {as_of}."
        return UsageError(problem, hint)

    periods = tuple(map(str, by_period(series.observations)))
    has = f"it has {shortened(periods)}" if periods else "it has no value that is not a forecast"
    hint = "Forecasts need one year or more."
    if periods and series.measure == "flow":
        hint += f" '{command('nowcast')}' sums parts to years and estimates the year under way."
        if series.file and with_whole_years(series) is not series:
            flow = option("measure", "flow")
            hint += f" Or say what a year is: {flow}, a sum; stock, the last; rate, a mean."
    return InputError(f"{series.id} has no value of a whole year; {has}.", hint)
