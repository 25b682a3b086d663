"""A sizing model as a TOML file, checked before anything is computed; every error names file, line and key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from rural_forecast.errors import Problem, UsageError, option
from rural_forecast.sizing.distributions import RANGE_LEVEL
from rural_forecast.sizing.formulas import Derived, Formula, resolve
from rural_forecast.sizing.tables import MOST_YEARS, Driver, FromSeries, ModelTable, TopDownTable, read_unit
from rural_forecast.sizing.toml import TableError, TomlFile, at, refusing, shipped, validated
from rural_forecast.sizing.toml import load as load_toml
from rural_forecast.sizing.units import Unit

ONLY_STAGE = "market"
"""Name of the stage of a model with one formula."""


class TopDown(NamedTuple):
    """The series whose forecast a stage is compared with."""

    value: FromSeries
    stage: str


class MarketModel(NamedTuple):
    """A sizing model, checked."""

    title: str
    note: str
    unit: Unit
    unit_text: str
    years: tuple[int, ...]
    """Empty if the file gives none."""
    range_level: int | None
    """The percentage with which its ranges hold; None where it does not say."""
    correlation: float | None
    """Of every two uncertain drivers; None for `SIBLINGS` between those that are series, and none elsewhere."""
    stages: tuple[str, ...]
    """Names, each after those that it uses."""
    titles: Mapping[str, str]
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
    level = table.range_level or RANGE_LEVEL
    drivers: dict[str, Driver] = {}
    derived: list[Derived] = []
    with refusing(file):
        unit = read_unit(table.unit)
        for name, driver_table in table.drivers.items():
            with at("drivers", name):
                driver = driver_table.read(name, file.folder, level)
            if isinstance(driver, Driver):
                drivers[name] = driver
            else:
                derived.append(driver)
        stages = _stages(table)
        by_series = _by_series(drivers.values())
    formulas = resolve([*derived, *stages], {name: driver.unit for name, driver in drivers.items()}, file)
    ordered = [formula.derived for formula in formulas.values() if formula.derived in stages]
    with refusing(file), at("top_down"):
        top_down = _top_down(table.top_down, by_series, ordered, file.folder) if table.top_down else None
    return MarketModel(
        title=table.title,
        note=table.note,
        unit=unit,
        unit_text=table.unit,
        years=table.years,
        range_level=table.range_level,
        correlation=table.correlation,
        stages=tuple(stage.name for stage in ordered),
        titles={name: stage.title for name, stage in table.stages.items()},
        drivers=tuple(drivers.values()),
        formulas=formulas,
        top_down=top_down,
        file=file,
    )


def _stages(table: ModelTable) -> list[Derived]:
    """The stages, with the unit of the model if they have none of their own; no driver has the name of one."""
    if (table.formula is None) == (not table.stages):
        problem = "this model has no formula." if table.formula is None else "this model has both formula and stages."
        hint = 'Write formula = "...", or a table [stages] with a formula for each stage, before [drivers].'
        raise TableError(problem, hint)
    stages = [
        Derived(name, stage.formula, ("stages", name, "formula"), stage.unit or table.unit, note=stage.note)
        for name, stage in table.stages.items()
    ]
    if table.formula is not None:
        stages = [Derived(ONLY_STAGE, table.formula, ("formula",), table.unit)]
    for stage in stages:
        if stage.name in table.drivers:
            path = ("drivers", stage.name)
            raise TableError("has the name of a stage.", "Give one of the two another name.", path)
    return stages


def _by_series(drivers: Iterable[Driver]) -> dict[str, str]:
    """The driver of each series. Raises TableError if one has two."""
    by_series: dict[str, str] = {}
    for driver in drivers:
        if isinstance(driver.value, FromSeries):
            series = driver.value.series.id
            first = by_series.setdefault(series, driver.name)
            if first != driver.name:
                path = ("drivers", driver.name, "series")
                raise TableError(f"{series} is already the driver {first}.", f"Use {first} in both places.", path)
    return by_series


def _top_down(table: TopDownTable, by_series: Mapping[str, str], stages: Sequence[Derived], folder: Path) -> TopDown:
    """The series a stage is compared with, which must not be a driver."""
    by_name = {stage.name: stage for stage in stages}
    name = table.stage or stages[0].name
    if name not in by_name:
        raise TableError(f"there is no stage '{name}'.", f"Stages are {', '.join(by_name)}.", ("stage",))
    value, _, _ = table.from_series(folder, by_name[name].unit_text)
    if driver := by_series.get(value.series.id):
        problem = f"{value.series.id} is also the driver {driver}, so the comparison would be circular."
        raise TableError(problem, "Compare the model with a series that it does not use.")
    return TopDown(value, name)


def years_of(model: MarketModel, year: int | None) -> tuple[int, ...]:
    """The years to size: those of the file, up to `year` if it is given.

    Raises UsageError if `year` is not a year, or too many years follow from it. Raises InputError if neither the file
    nor the option gives a year.
    """
    if year is None:
        if not model.years:
            hint = f'Add years = "2026..2028" at the top, or give {option("year")}.'
            raise model.file.refuse((), Problem("this model has no years.", hint))
        return model.years
    if not 1 <= year <= 9999:
        raise UsageError(f"{year} is not a year.", "Years go from 1 to 9999.")
    earlier_years = tuple(earlier for earlier in model.years if earlier < year)
    further = range(earlier_years[-1] + 1, year) if earlier_years and year > model.years[-1] else ()
    if len(earlier_years) + len(further) >= MOST_YEARS:
        raise UsageError(f"There are more than {MOST_YEARS} years up to {year}.", "Ask for an earlier year.")
    return (*earlier_years, *further, year)
