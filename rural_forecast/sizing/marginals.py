"""The distribution of every driver in every year: as stated, between two stated years, or forecast from a series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.errors import Problem, RuralForecastError
from rural_forecast.forecasting.distribution import known_scores
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.result import Forecast
from rural_forecast.notes import Note, of_code
from rural_forecast.series.history import annual
from rural_forecast.sizing.distributions import Distribution, point
from rural_forecast.sizing.model import Driver, FromSeries
from rural_forecast.sizing.toml import Keys, TomlFile
from rural_forecast.sizing.units import whole_of
from rural_forecast.text.wording import spans


class Marginal(NamedTuple):
    """A driver's distribution in every year that is sized, in the driver's unit."""

    by_year: Mapping[int, Distribution]
    basis: str
    """Where it comes from, in words."""
    origin: int | None = None
    """The last year observed, of a driver that is a series."""
    notes: tuple[Note, ...] = ()
    last: float | None = None
    """The value of that year."""


def marginal(driver: Driver, years: Sequence[int], file: TomlFile) -> Marginal:
    """The distributions of a driver.

    Raises InputError if it has nothing for one of the years, or its series cannot be forecast.
    """
    path: Keys = ("drivers", driver.name)
    basis = driver.source or ("assumption" if driver.assumption else "no source given")
    value = driver.value
    if isinstance(value, FromSeries):
        result = of_series(value, years, file, (*path, "series"), whole_of(driver.unit_text))
        return result._replace(basis=f"{driver.source}; {result.basis}") if driver.source else result
    if isinstance(value, Distribution):
        return Marginal(dict.fromkeys(years, value), basis)
    by_year = {year: value.get(year) or _between(value, year) for year in years}
    if lacking := [year for year, found in by_year.items() if found is None]:
        problem = f"there is no value for {lacking[0]}, nor two of one kind around it."
        raise file.refuse((*path, "values"), Problem(problem, f"It has {', '.join(map(str, sorted(value)))}."))
    missing = [year for year in years if year not in value]
    known = {year: found for year, found in by_year.items() if found is not None}
    return Marginal(known, f"{basis}; {spans(missing)} interpolated" if missing else basis)


def _between(value: Mapping[int, Distribution], year: int) -> Distribution | None:
    """A year between two that are given: each parameter on a straight line, None where their kinds differ."""
    if not min(value) < year < max(value):
        return None
    before, after = max(each for each in value if each < year), min(each for each in value if each > year)
    first, second, share = value[before], value[after], (year - before) / (after - before)
    first, second = _like(first, second), _like(second, first)
    if first.kind != second.kind or first.parameters.keys() != second.parameters.keys():
        return None
    known, later = first.parameters, second.parameters
    return Distribution(first.kind, {name: known[name] + share * (later[name] - known[name]) for name in known})


def _like(value: Distribution, other: Distribution) -> Distribution:
    """A certain value as a distribution of the kind of another, of no width; all else as it is."""
    if not value.certain or other.certain:
        return value
    number, whole, parameters = value.parameters["value"], other.parameters.get("whole"), other.parameters
    same_side = "median" not in parameters or number * parameters["median"] > 0
    if not same_side or (whole and not 0 < number < whole):
        return value
    middle = log(number / (whole - number)) if whole else number
    widths = {name: 0.0 for name in ("sd", "sigma") if name in parameters}
    return Distribution(other.kind, dict.fromkeys(parameters, middle) | widths | ({"whole": whole} if whole else {}))


def of_series(
    value: FromSeries, years: Sequence[int], file: TomlFile, path: Keys, whole: float | None = None
) -> Marginal:
    """A series in every year: observed up to its last year, forecast after it.

    `whole`: the value that is the whole where the series is a share, whose forecasts then stay within it. Raises
    InputError if a year lies before its first, or it cannot be forecast.
    """
    window: dict[str, Any] = {"since": value.since, "until": value.until}
    series, notes = value.series.id, tuple[Note, ...]()
    try:
        history = annual(value.series, **window)
        seen = zip(history.years, history.values.tolist(), strict=True)
        known = {year: point(amount * value.factor) for year, amount in seen}
        basis = f"{series} to {history.origin}"
        if max(years) > history.origin:
            result = forecast(value.series, year=max(years), models=value.models, **window)
            known |= {year: _predictive(result, year, value.factor, whole) for year in years if year > history.origin}
            basis, notes = f"{basis}, then forecast", of_code(result.notes, "learned_later")
    except RuralForecastError as error:
        raise file.refuse(path, Problem(f"{series}: {str(error).rstrip('.')}.", error.hint)) from None
    if missing := [year for year in years if year not in known]:
        problem = f"{series} has no value for {missing[0]} on the basis that starts in {history.first}."
        raise file.refuse(path, Problem(problem, f"Size years from {history.first} on."))
    by_year = {year: known[year] for year in years}
    return Marginal(by_year, basis, history.origin, (*notes, *history.notes), history.last * value.factor)


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
