"""The distribution of every driver in every year: as stated, between two stated years, or forecast from a series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rural_forecast.errors import Problem, RuralForecastError
from rural_forecast.forecasting.distribution import known_scores
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.result import Forecast
from rural_forecast.notes import Note
from rural_forecast.series.history import annual
from rural_forecast.sizing.distributions import Distribution, between, point
from rural_forecast.sizing.model import Driver, FromSeries
from rural_forecast.sizing.toml import Keys, TomlFile
from rural_forecast.sizing.units import whole_of
from rural_forecast.text.wording import spans


class Marginal(NamedTuple):
    """A driver's distribution in every year that is sized, in the driver's unit."""

    by_year: Mapping[int, Distribution]
    basis: str
    """Where it comes from, in words."""
    notes: tuple[Note, ...] = ()
    origin: int | None = None
    """The last year observed, of a driver that is a series."""
    last: float = 0.0
    """The value of that year."""


def marginal(driver: Driver, years: Sequence[int], file: TomlFile) -> Marginal:
    """The distributions of a driver. Raises InputError if it has none in a year."""
    path: Keys = ("drivers", driver.name)
    basis = driver.source or ("assumption" if driver.assumption else "no source given")
    value = driver.value
    if isinstance(value, FromSeries):
        result = of_series(value, years, file, (*path, "series"), whole_of(driver.unit_text))
        return result._replace(basis=f"{driver.source}; {result.basis}") if driver.source else result
    if isinstance(value, Distribution):
        return Marginal(dict.fromkeys(years, value), basis)
    by_year = {}
    for year in years:
        if (found := between(value, year)) is None:
            problem = f"there is no value for {year}, nor two of one kind around it."
            raise file.refuse((*path, "values"), Problem(problem, f"It has {', '.join(map(str, sorted(value)))}."))
        by_year[year] = found
    missing = [year for year in years if year not in value]
    return Marginal(by_year, f"{basis}; {spans(missing)} interpolated" if missing else basis)


def of_series(
    value: FromSeries, years: Sequence[int], file: TomlFile, path: Keys, whole: float | None = None
) -> Marginal:
    """A series, observed and then forecast, a share within `whole`. Raises InputError if it lacks a year."""
    series = value.series.id
    try:
        history = annual(value.series)
        seen = zip(history.years, history.values.tolist(), strict=True)
        known = {year: point(amount * value.factor) for year, amount in seen}
        basis = f"{series} to {history.origin}"
        if max(years) > history.origin:
            result = forecast(value.series, year=max(years))
            known |= {year: _predictive(result, year, value.factor, whole) for year in years if year > history.origin}
            basis = f"{basis}, then forecast"
    except RuralForecastError as error:
        raise file.refuse(path, Problem(f"{series}: {str(error).rstrip('.')}.", error.hint)) from None
    if missing := [year for year in years if year not in known]:
        problem = f"{series} has no value for {missing[0]} on the basis that starts in {history.first}."
        raise file.refuse(path, Problem(problem, f"Size years from {history.first} on."))
    by_year = {year: known[year] for year in years}
    return Marginal(by_year, basis, history.notes, history.origin, history.last * value.factor)


def _predictive(result: Forecast, year: int, factor: float, whole: float | None) -> Distribution:
    spread, step = result.spread, result.years.index(year)
    values = spread.quantiles[:, step] * factor
    if np.ptp(values) == 0:
        return point(float(values[0]))
    known = {"known_z": known_scores(), "values": values}
    if whole is not None:
        return Distribution("interpolated", {**known, "shape": "share", "whole": whole})
    shape = "log" if values.min() > 0 else "linear"
    return Distribution("interpolated", {**known, "shape": shape, "least": spread.least * factor})
