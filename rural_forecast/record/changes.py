"""Changes between two states of the data of an answer, and their words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.period import Period
from rural_forecast.observed.yearly import values_by_year
from rural_forecast.record.state import State
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import listed, spans

CHOOSING = ("since", "basis", "breaks", "prefer")
MOST_YEARS = 3


def data_changes(old: State, new: State) -> Iterator[tuple[str, dict[str, Series]]]:
    """The newer series as far as the old ones went, where they differ, and then with each period
    that came since.
    """

    def until(end: date) -> dict[str, Series]:
        shortened = dict[str, Series]()
        for name, series in new.series.items():
            rows = series.observations
            # Published forecasts stay whatever their year: they are no news of it.
            levels = [row for row in rows if row.status == "forecast" or row.period.end <= end]
            growth = tuple(row for row in series.growth if row.period.end <= end)
            shortened[name] = replace(series, observations=tuple(levels), growth=growth)
        return shortened

    last = max((period.end for period in _periods(old)), default=date.min)
    restated = until(last)
    if _facts(restated) != _facts(old.series):
        yield "", restated
    for period in sorted(_periods(new)):
        if period.end > last:
            yield str(period), until(period.end)


def _periods(state: State) -> set[Period]:
    """The periods in which any series has an observed value."""
    periods = set[Period]()
    for series in state.series.values():
        periods.update(row.period for row in observed_rows(series))
    return periods


def observed_rows(series: Series) -> list[Observation]:
    """The observed levels and growth: no published forecasts."""
    levels = [row for row in series.observations if row.status != "forecast"]
    return [*levels, *series.growth]


def _facts(of: Mapping[str, Series]) -> set[tuple[str, Period | int, float]]:
    """All observed values, and the first years of new bases.

    Values are without the last digits, in which two computations may differ.
    """
    facts = set[tuple[str, Period | int, float]]()
    for name, series in of.items():
        facts.update(
            (name, row.period, float(f"{row.value:.12g}")) for row in observed_rows(series)
        )
        last = max((row.period.year for row in observed_rows(series)), default=0)
        facts.update((name, first, 0.0) for first in series.breaks if first <= last)
    return facts


def values_of(of: Mapping[str, Series], name: str) -> dict[int, float]:
    """The observed values of one of the series; none if it is not among them."""
    if name not in of:
        return {}
    return values_by_year(of[name])


def history_changes(name: str, old: State, new: State, newer: Mapping[str, Series]) -> str:
    """Describe the changes in the history of a series."""
    was = values_of(old.series, name)
    now = values_of(newer, name)
    parts = []
    for choice in CHOOSING:
        value = getattr(new.question, choice)
        if value != getattr(old.question, choice):
            parts.append(f"{choice} {in_words(value)}")
    both = [year for year in was if year in now and now[year] != was[year]]
    if both:
        if len(both) <= MOST_YEARS:
            changes = (f"{year} is {number(now[year])}, not {number(was[year])}" for year in both)
            parts.append(listed(changes))
        else:
            parts.append(f"{spans(both)} restated")
    added = now.keys() - was.keys()
    if added:
        parts.append(f"{spans(added)} added")
    left_out = was.keys() - now.keys()
    if left_out:
        parts.append(f"{spans(left_out)} left out")
    parts += _rebased(old.series.get(name), newer.get(name))
    if parts:
        return "; ".join(parts)
    # Parts of years or other series: their names say enough.
    return listed(sorted({series for series, *_ in _facts(old.series) ^ _facts(newer)}))


def _rebased(old: Series | None, new: Series | None) -> Iterator[str]:
    """Describe the breaks of which two states of a series have one alone."""
    was = {*old.breaks} if old else set[int]()
    now = {*new.breaks} if new else set[int]()
    if came := now - was:
        yield f"a new basis from {listed(map(str, sorted(came)))}"
    if gone := was - now:
        yield f"no new basis from {listed(map(str, sorted(gone)))}"


def in_words(value: Any) -> str:
    """Write the value of an option."""
    if value is None or value in ((), {}):
        return "none"
    if isinstance(value, Mapping):
        return listed(f"{name} {in_words(part)}" for name, part in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return listed(map(in_words, value))
    return number(float(value)) if isinstance(value, int | float) else str(value)
