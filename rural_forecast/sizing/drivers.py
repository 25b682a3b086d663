"""The distribution of each driver in each year: its own, or the forecast of its series."""

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
from rural_forecast.sizing.tables import Driver, FromSeries
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
    if not isinstance(value, dict):
        return Marginal(dict.fromkeys(years, value), basis)
    by_year: dict[int, Distribution] = {}
    for year in years:
        ends = value.get(year) or _between(value, year)
        if ends is None:
            problem = f"there is no value for {year}, nor two of one kind around it."
            raise file.refuse((*path, "values"), Problem(problem, f"It has {', '.join(map(str, sorted(value)))}."))
        by_year[year] = ends
    missing = [year for year in years if year not in value]
    return Marginal(by_year, f"{basis}; {spans(missing)} interpolated" if missing else basis)


def _between(value: Mapping[int, Distribution], year: int) -> Distribution | None:
    """A year between two that are given: each parameter on a straight line, None where their kinds differ."""
    before, after = (
        max((y for y in value if y < year), default=None),
        min((y for y in value if y > year), default=None),
    )
    if before is None or after is None:
        return None
    first, second, share = value[before], value[after], (year - before) / (after - before)
    first, second = _like(first, second), _like(second, first)
    if first.kind != second.kind or first.parameters.keys() != second.parameters.keys():
        return None
    known, later = first.parameters, second.parameters
    return Distribution(first.kind, {name: known[name] + share * (later[name] - known[name]) for name in known})


def _like(value: Distribution, other: Distribution) -> Distribution:
    """A certain value as a distribution of the kind of another, of no width; all else as it is."""
    if not value.certain or other.kind not in ("normal", "lognormal", "logit-normal", "uniform", "triangular", "pert"):
        return value
    number = value.parameters["value"]
    if other.kind == "logit-normal":
        whole = other.parameters["whole"]
        if not 0 < number < whole:
            return value
        return Distribution(other.kind, {"mean": log(number / (whole - number)), "sd": 0.0, "whole": whole})
    if other.kind == "lognormal" and number * other.parameters["median"] <= 0:
        return value
    return Distribution(other.kind, {name: 0.0 if name in ("sd", "sigma") else number for name in other.parameters})


def of_series(
    value: FromSeries, years: Sequence[int], file: TomlFile, path: Keys, whole: float | None = None
) -> Marginal:
    """A series in every year: observed up to its last year, forecast after it.

    `whole`: the value that is the whole where the series is a share, whose forecasts then stay within it. Raises
    InputError if a year lies before its first, or it cannot be forecast.
    """
    window: dict[str, Any] = {"since": value.since, "until": value.until}
    result, series = None, value.series.id
    try:
        history = annual(value.series, **window)
        if max(years) > history.origin:
            result = forecast(value.series, year=max(years), models=value.models, **window)
    except RuralForecastError as error:
        raise file.refuse(path, Problem(f"{series}: {str(error).rstrip('.')}.", error.hint)) from None
    seen = dict(zip(history.years, history.values.tolist(), strict=True))
    by_year: dict[int, Distribution] = {}
    for year in years:
        if year > history.origin and result is not None:
            by_year[year] = _predictive(result, year, value.factor, whole)
        elif year in seen:
            by_year[year] = point(seen[year] * value.factor)
        else:
            problem = f"{series} has no value for {year} on the basis that starts in {history.first}."
            raise file.refuse(path, Problem(problem, f"Size years from {history.first} on."))
    basis = f"{series} to {history.origin}" + (", then forecast" if result else "")
    notes = of_code(result.notes, "learned_later") if result is not None else ()
    return Marginal(by_year, basis, history.origin, (*notes, *history.notes), history.last * value.factor)


def _predictive(result: Forecast, year: int, factor: float, whole: float | None) -> Distribution:
    """The predictive distribution of a year."""
    spread, step = result.spread, result.years.index(year)
    values = spread.quantiles[:, step] * factor
    if np.ptp(values) == 0:
        return point(float(values[0]))
    known = {"known_z": known_scores(), "values": values}
    if whole is not None:
        return Distribution("interpolated", {**known, "shape": "share", "whole": whole})
    shape = "log" if values.min() > 0 else "linear"
    return Distribution("interpolated", {**known, "shape": shape, "least": spread.least * factor})
