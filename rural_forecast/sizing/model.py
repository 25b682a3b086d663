"""A sizing model as a TOML file, checked before anything is computed; every error names file, line and key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.errors import Problem, RuralForecastError, UsageError, option
from rural_forecast.forecasting.distribution import known_scores
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.result import Forecast
from rural_forecast.notes import Note, of_code
from rural_forecast.series.history import annual
from rural_forecast.sizing.distributions import RANGE_LEVEL, Distribution, point
from rural_forecast.sizing.formulas import Derived, Formula, resolve
from rural_forecast.sizing.tables import MOST_YEARS, Driver, FromSeries, ModelTable, TopDownTable, read_unit
from rural_forecast.sizing.toml import Keys, TableError, TomlFile, at, refusing, shipped, validated
from rural_forecast.sizing.toml import load as load_toml
from rural_forecast.sizing.units import whole_of
from rural_forecast.text.wording import spans

ONLY_STAGE = "market"
"""Name of the stage of a model with one formula."""


class TopDown(NamedTuple):
    """The series whose forecast a stage is compared with."""

    value: FromSeries
    stage: str


class MarketModel(NamedTuple):
    """A sizing model, checked."""

    table: ModelTable
    """The file as written: title, note, unit, years, level of the ranges, correlation."""
    stages: tuple[str, ...]
    """Names, each after those that it uses."""
    drivers: tuple[Driver, ...]
    formulas: Mapping[str, Formula]
    """Stages and derived drivers, each after those that it uses."""
    top_down: TopDown | None
    file: TomlFile

    @property
    def series(self) -> list[FromSeries]:
        """The drivers that are series, and the top-down series."""
        series = [driver.value for driver in self.drivers if isinstance(driver.value, FromSeries)]
        return [*series, self.top_down.value] if self.top_down else series


def examples() -> dict[str, Path]:
    """The models that ship with the program, by name."""
    return shipped("sizing")


def load(source: str | Path) -> MarketModel:
    """Read the model of a path or the name of a shipped one; '-' is standard input.

    Raises UsageError if no model of that name ships. Raises InputError if there is no such file, or it is refused.
    """
    return read(load_toml(str(source), "sizing"))


def read(file: TomlFile) -> MarketModel:
    """The model in a file. Raises InputError if anything about it is wrong, with the place."""
    table = validated(file, ModelTable)
    drivers: dict[str, Driver] = {}
    derived: list[Derived] = []
    with refusing(file):
        read_unit(table.unit)
        for name, driver_table in table.drivers.items():
            with at("drivers", name):
                driver = driver_table.read(name, file.folder, table.range_level or RANGE_LEVEL)
            if isinstance(driver, Derived):
                derived.append(driver)
                continue
            drivers[name] = driver
        stages = _stages(table)
    formulas = resolve([*derived, *stages], {name: driver.unit for name, driver in drivers.items()}, file)
    ordered = [formula.derived for formula in formulas.values() if formula.derived in stages]
    model = MarketModel(table, tuple(stage.name for stage in ordered), tuple(drivers.values()), formulas, None, file)
    with refusing(file):
        return model._replace(top_down=_top_down(table.top_down, model, ordered))


def _stages(table: ModelTable) -> list[Derived]:
    """The stages, with the unit of the model if they have none of their own; no driver has the name of one."""
    if (table.formula is None) == (not table.stages):
        problem = f"this model has {'no formula' if table.formula is None else 'both formula and stages'}."
        hint = 'Write formula = "...", or a table [stages] with a formula for each stage, before [drivers].'
        raise TableError(problem, hint)
    if table.formula is not None:
        return [Derived(ONLY_STAGE, table.formula, ("formula",), table.unit)]
    for name in table.stages:
        if name in table.drivers:
            raise TableError("has the name of a stage.", "Give one of the two another name.", ("drivers", name))
    return [
        Derived(name, stage.formula, ("stages", name, "formula"), stage.unit or table.unit, note=stage.note)
        for name, stage in table.stages.items()
    ]


def _top_down(table: TopDownTable | None, model: MarketModel, stages: Sequence[Derived]) -> TopDown | None:
    """The series that a stage is compared with. Raises TableError if it is a driver, or two drivers are one series."""
    by_series: dict[str, str] = {}
    for driver in model.drivers:
        if isinstance(driver.value, FromSeries):
            series = driver.value.series.id
            if first := by_series.get(series):
                path = ("drivers", driver.name, "series")
                raise TableError(f"{series} is already the driver {first}.", f"Use {first} in both places.", path)
            by_series[series] = driver.name
    if table is None:
        return None
    with at("top_down"):
        by_name = {stage.name: stage for stage in stages}
        name = table.stage or stages[0].name
        if name not in by_name:
            raise TableError(f"there is no stage '{name}'.", f"Stages are {', '.join(by_name)}.", ("stage",))
        value, _, _ = table.from_series(model.file.folder, by_name[name].unit_text)
        if circular := by_series.get(value.series.id):
            problem = f"{value.series.id} is also the driver {circular}, so the comparison would be circular."
            raise TableError(problem, "Compare the model with a series that it does not use.")
        return TopDown(value, name)


def years_of(model: MarketModel, year: int | None) -> tuple[int, ...]:
    """The years to size: those of the file, up to `year` if it is given.

    Raises UsageError if `year` is not a year, or too many years follow from it. Raises InputError if neither the file
    nor the option gives a year.
    """
    given = model.table.years
    if year is None:
        if not given:
            hint = f'Add years = "2026..2028" at the top, or give {option("year")}.'
            raise model.file.refuse((), Problem("this model has no years.", hint))
        return given
    if not 1 <= year <= 9999:
        raise UsageError(f"{year} is not a year.", "Years go from 1 to 9999.")
    earlier = [each for each in given if each < year]
    further = range(earlier[-1] + 1, year) if earlier and year > given[-1] else ()
    if len(earlier) + len(further) >= MOST_YEARS:
        raise UsageError(f"There are more than {MOST_YEARS} years up to {year}.", "Ask for an earlier year.")
    return (*earlier, *further, year)


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
    result, series = None, value.series.id
    try:
        history = annual(value.series, **window)
        if max(years) > history.origin:
            result = forecast(value.series, year=max(years), models=value.models, **window)
    except RuralForecastError as error:
        raise file.refuse(path, Problem(f"{series}: {str(error).rstrip('.')}.", error.hint)) from None
    seen = zip(history.years, history.values.tolist(), strict=True)
    known = {year: point(amount * value.factor) for year, amount in seen}
    if result is not None:
        known |= {year: _predictive(result, year, value.factor, whole) for year in years if year > history.origin}
    if missing := [year for year in years if year not in known]:
        problem = f"{series} has no value for {missing[0]} on the basis that starts in {history.first}."
        raise file.refuse(path, Problem(problem, f"Size years from {history.first} on."))
    by_year = {year: known[year] for year in years}
    basis = f"{series} to {history.origin}" + (", then forecast" if result else "")
    notes = of_code(result.notes, "learned_later") if result is not None else ()
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
