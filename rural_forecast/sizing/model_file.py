"""A sizing model as a TOML file, checked before anything is computed; every error names file, line and key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from rural_forecast.errors import UsageError
from rural_forecast.forecasting.paths import SIBLINGS
from rural_forecast.sizing.correlation import Pair, groups, matrix
from rural_forecast.sizing.driver_table import Derived, Driver
from rural_forecast.sizing.formulas import Formula, resolve
from rural_forecast.sizing.model_tables import MOST_YEARS, ModelTable, TopDownTable
from rural_forecast.sizing.series_table import FromSeries, read_unit
from rural_forecast.sizing.units import Unit
from rural_forecast.toml.file import TomlFile, shipped
from rural_forecast.toml.file import load as load_toml
from rural_forecast.toml.table import TableError, at, refusing, validated

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
    stages: tuple[str, ...]
    """Names, each after those that it uses."""
    titles: Mapping[str, str]
    drivers: tuple[Driver, ...]
    formulas: Mapping[str, Formula]
    """Stages and derived drivers, each after those that it uses."""
    pairs: tuple[Pair, ...]
    """Those given, and those of `learned`."""
    learned: tuple[str, ...]
    """Drivers that are series and in no pair given: each two of them correlate at `SIBLINGS`."""
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
        unit = read_unit(table.unit)
        for name, driver_table in table.drivers.items():
            with at("drivers", name):
                driver = driver_table.read(name, file.folder)
            if isinstance(driver, Driver):
                drivers[name] = driver
            else:
                derived.append(driver)
        stages = _stages(table)
        by_series = _by_series(drivers.values())
    formulas = resolve([*derived, *stages], {name: driver.unit for name, driver in drivers.items()}, file)
    ordered = [formula.derived for formula in formulas.values() if formula.derived in stages]
    pairs = []
    with refusing(file):
        for index, pair in enumerate(table.correlations):
            with at("correlations", index):
                pairs.append(pair.pair(drivers))
        _require_possible(pairs)
        with at("top_down"):
            top_down = _top_down(table.top_down, by_series, ordered, file.folder) if table.top_down else None
    named = {name for pair in pairs for name in pair[:2]}
    learned = tuple(name for name in by_series.values() if name not in named)
    return MarketModel(
        title=table.title,
        note=table.note,
        unit=unit,
        unit_text=table.unit,
        years=table.years,
        stages=tuple(stage.name for stage in ordered),
        titles={name: stage.title for name, stage in table.stages.items()},
        drivers=tuple(drivers.values()),
        formulas=formulas,
        pairs=(*pairs, *(Pair(first, second, SIBLINGS) for first, second in combinations(learned, 2))),
        learned=learned if len(learned) > 1 else (),
        top_down=top_down,
        file=file,
    )


def _stages(table: ModelTable) -> list[Derived]:
    """The stages, with the unit of the model if they have none of their own; no driver has the name of one."""
    if (table.formula is None) == (not table.stages):
        raise TableError.of("no_formula" if table.formula is None else "formula_and_stages")
    stages = [
        Derived(name, stage.formula, ("stages", name, "formula"), stage.unit or table.unit, note=stage.note)
        for name, stage in table.stages.items()
    ]
    if table.formula is not None:
        stages = [Derived(ONLY_STAGE, table.formula, ("formula",), table.unit)]
    for stage in stages:
        if stage.name in table.drivers:
            raise TableError.of("name_of_stage", "drivers", stage.name)
    return stages


def _by_series(drivers: Iterable[Driver]) -> dict[str, str]:
    """The driver of each series. Raises TableError if one has two."""
    by_series: dict[str, str] = {}
    for driver in drivers:
        if isinstance(driver.value, FromSeries):
            series = driver.value.series.id
            first = by_series.setdefault(series, driver.name)
            if first != driver.name:
                raise TableError.of("series_twice", "drivers", driver.name, "series", series=series, driver=first)
    return by_series


def _require_possible(pairs: Sequence[Pair]) -> None:
    """Refuse a pair that is given twice, and correlations that no drivers can have together."""
    known: set[frozenset[str]] = set()
    for index, pair in enumerate(pairs):
        if frozenset(pair[:2]) in known:
            raise TableError.of("pair_twice", "correlations", index, first=pair.first, second=pair.second)
        known.add(frozenset(pair[:2]))
    for group in groups(pairs):
        matrix(group, pairs)


def _top_down(table: TopDownTable, by_series: Mapping[str, str], stages: Sequence[Derived], folder: Path) -> TopDown:
    """The series a stage is compared with, which must not be a driver."""
    by_name = {stage.name: stage for stage in stages}
    name = table.stage or stages[0].name
    if name not in by_name:
        raise TableError.of("no_such_stage", "stage", name=name, known=tuple(by_name))
    value, _, _ = table.from_series(folder, by_name[name].unit_text)
    series = value.series.id
    if series in by_series:
        raise TableError.of("top_down_is_driver", series=series, driver=by_series[series])
    return TopDown(value, name)


def years_of(model: MarketModel, year: int | None) -> tuple[int, ...]:
    """The years to size: those of the file, up to `year` if it is given.

    Raises UsageError if `year` is not a year, or too many years follow from it. Raises InputError if neither the file
    nor the option gives a year.
    """
    if year is None:
        if not model.years:
            raise model.file.refuse((), "model_without_years")
        return model.years
    if not 1 <= year <= 9999:
        raise UsageError.of("year_to_size_out_of_range", year=year)
    earlier_years = tuple(earlier for earlier in model.years if earlier < year)
    further = range(earlier_years[-1] + 1, year) if earlier_years and year > model.years[-1] else ()
    if len(earlier_years) + len(further) >= MOST_YEARS:
        raise UsageError.of("too_many_years_up_to", most=MOST_YEARS, year=year)
    return (*earlier_years, *further, year)
