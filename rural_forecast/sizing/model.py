"""A sizing model as a TOML file, checked before anything is computed; every error names file, line and key."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, NamedTuple, TypeAlias

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from rural_forecast.errors import Problem, RuralForecastError, UsageError, option
from rural_forecast.series.observation import Series
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.source import read as read_source
from rural_forecast.series.source_names import is_file
from rural_forecast.sizing.distributions import (
    PARAMETERS,
    RANGE_LEVEL,
    Distribution,
    amount,
    as_written,
    ends,
    from_parameters,
)
from rural_forecast.sizing.formulas import FUNCTIONS, YEAR, Formula, resolve
from rural_forecast.sizing.toml import (
    RangeLevel,
    Table,
    TableError,
    Text,
    TomlFile,
    Year,
    at,
    by_year,
    cited,
    refusing,
    shipped,
    validated,
)
from rural_forecast.sizing.toml import load as load_toml
from rural_forecast.sizing.units import Unit, parse_unit, whole_of

ONLY_STAGE = "market"
"""Name of the stage of a model with one formula."""
MOST_YEARS, MOST_DRIVERS, MOST_STAGES = 101, 50, 10
"""More would take gigabytes: each driver and stage has as many draws as are asked for."""
MOST_SHOWN = 3
"""Values by year that are written out in tables."""
RESERVED = (YEAR, *FUNCTIONS, "result", "top_down", "ratio", "probability_above", "interaction")
_SPAN = re.compile(r"\s*(\d{1,4})\s*\.\.\s*(\d{1,4})\s*", re.ASCII)
_WAYS: Mapping[str, tuple[str, ...]] = {
    "value": (),
    "values": (),
    "distribution": tuple(sorted({name for names in PARAMETERS.values() for name in names})),
    "series": ("series_id", "since", "until", "model"),
    "formula": (),
}
"""The ways to give a driver, with the further keys of each."""


class FromSeries(NamedTuple):
    """A driver that is a series, with the engine's forecast after its last year."""

    series: Series
    factor: float
    """From the unit of the series to that of the driver."""
    since: int | None = None
    until: int | None = None
    models: tuple[str, ...] = ()
    source: str = ""
    """The series with its window and model, as arguments of the command line."""


Value: TypeAlias = Distribution | dict[int, Distribution] | FromSeries


class Driver(NamedTuple):
    """A driver with a value of its own."""

    name: str
    unit: Unit
    unit_text: str
    value: Value
    written: str
    """The value as in the file, in one line."""
    source: str = ""
    assumption: bool = False
    note: str = ""


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


class SeriesTable(Table):
    """The keys that name a series, its window and its model."""

    example = 'series = "rural_online_retail_mofcom"'
    series: Text
    series_id: Text = ""
    since: Year | None = None
    until: Year | None = None
    model: Text = ""

    def from_series(self, folder: Path, unit_text: str) -> tuple[FromSeries, Unit, str]:
        """The series and the unit of its values: `unit_text`, or its own if that is empty.

        Raises TableError if there is no such series, its file is refused, or its unit does not convert.
        """
        series = read_series(self.series, self.series_id, folder)
        text = unit_text or series.unit
        unit = read_unit(text)
        options = {"series": self.series_id, "since": self.since, "until": self.until, "model": self.model}
        written = [f" --{name} {shlex.quote(str(value))}" for name, value in options.items() if value]
        models = (self.model,) if self.model else ()
        factor = _factor(series, unit)
        if factor is None:
            problem = f"{series.id} is in {series.unit}, which does not convert to {text}."
            raise TableError(problem, path=("unit",) if "unit" in self.model_fields_set else ())
        driver = FromSeries(series, factor, self.since, self.until, models, shlex.quote(self.series) + "".join(written))
        return driver, unit, text


def read_unit(text: str) -> Unit:
    """A unit, which must be given. Raises TableError if it is empty or not understood."""
    if not text:
        raise TableError("has no unit.", 'Write one, such as unit = "million persons", or unit = "share".')
    with at("unit"):
        return parse_unit(text)


def read_series(source: str, series_id: str, folder: Path) -> Series:
    """A series of the catalogue, or of a file relative to `folder`; standard input is refused.

    Raises TableError if there is no such series, or its file is refused.
    """
    try:
        if source and source != "-" and is_file(source):
            return read_source(folder / source, ReadOptions(series_id=series_id or None))
        return read_source(source if source != "-" else "")
    except RuralForecastError as error:
        raise TableError(f"{str(error).rstrip('.')}.", error.hint, ("series",)) from None


def _factor(series: Series, unit: Unit) -> float | None:
    """How many of `unit` are in the unit of the series, None if it does not convert.

    A count without a noun may take any noun.
    """
    if not series.unit:
        return 1.0
    try:
        known = parse_unit(series.unit)
    except TableError:
        return None
    is_count = known.is_plain and whole_of(series.unit) is None and [power for _, power in unit.powers] == [1]
    return known.scale / unit.scale if known.powers == unit.powers or is_count else None


class DriverTable(SeriesTable):
    """One table of `[drivers]`; the parameters of a distribution are its extra keys."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="allow")
    example = 'a table such as [drivers.users], or users = { value = 5, unit = "count" }'
    unit: Text = ""
    source: Text = ""
    assumption: bool = False
    note: Text = ""
    value: Any = None
    values: Any = None
    distribution: Any = None
    series: Text = ""
    formula: Text = ""

    @classmethod
    def allowed(cls, content: Mapping[str, Any]) -> tuple[str, ...]:
        """Those of the one way to give the driver that the table has."""
        ways = [way for way in _WAYS if way in content]
        if len(ways) != 1:
            problem = f"has {' and '.join(ways) or 'no value'}, and takes one way to give it."
            raise TableError(problem, f"Give one of {', '.join(_WAYS)}.")
        if content.get("distribution", "normal") not in [*PARAMETERS]:
            hint = f'Known: {", ".join(PARAMETERS)}; a range is written value = "0.6..0.8".'
            raise TableError(f"{cited(content['distribution'])} is not a distribution.", hint, ("distribution",))
        return (*ways, "unit", "source", "assumption", "note", *_WAYS[ways[0]])

    def read(self, name: str, folder: Path, level: int) -> Driver | Formula:
        """The driver; its ranges hold with `level` percent. Raises TableError if unit, value or series is refused."""
        (way,) = self.model_fields_set & _WAYS.keys()
        about = self.source, self.assumption, self.note
        if way == "formula":
            return Formula(name, self.formula, ("drivers", name, "formula"), self.unit, *about)
        if way == "series":
            series, unit, text = self.from_series(folder, self.unit)
            return Driver(name, unit, text, series, f"series {series.series.id}", *about)
        unit, whole = read_unit(self.unit), whole_of(self.unit)
        value: Value
        with at(way):
            if way == "values":
                value = by_year(self.values, lambda value: amount(value, whole, level))
                shown = [f"{year}: {as_written(self.values[year])}" for year in self.values]
                written = ", ".join(shown) if len(shown) <= MOST_SHOWN else f"{shown[0]}, and so on to {shown[-1]}"
            elif way == "value":
                value, written = amount(self.value, whole, level), as_written(self.value)
            else:
                given = {key: ends(each) for key, each in (self.model_extra or {}).items()}
                parameters = {key: low for key, (low, high) in given.items() if low == high}  # a range is none
                value = from_parameters(self.distribution, parameters, whole)
                written = f"{value.kind}: {', '.join(f'{key} {each:g}' for key, each in parameters.items())}"
        return Driver(name, unit, self.unit, value, written, *about)


def _years(value: Any) -> tuple[int, ...]:
    """`2027`, `[2026, 2027]` or `"2026..2030"`."""
    listed = value if isinstance(value, list) else [value]
    if isinstance(value, str) and (match := _SPAN.fullmatch(value)):
        first, last = int(match[1]), int(match[2])
        listed = list(range(first, min(last, first + MOST_YEARS) + 1))
    if not 1 <= len(listed) <= MOST_YEARS or not all(type(year) is int and 1 <= year <= 9999 for year in listed):
        hint = 'Write 2027, [2026, 2027] or "2026..2030", the earlier year first.'
        raise TableError(f"{cited(value)} is not 1 to {MOST_YEARS} years.", hint)
    return tuple(sorted({*listed}))


def _name(name: str) -> str:
    if name in RESERVED or not re.fullmatch(r"[^\W\d]\w*", name):
        hint = f"Names have letters, digits and _; not {', '.join(RESERVED)}."
        raise TableError(f"'{name}' is not a name that a formula can use.", hint)
    return name


_Name = Annotated[str, AfterValidator(_name)]


def _short(key: str) -> BeforeValidator:
    """A text in place of a table is the value of its main key."""
    return BeforeValidator(lambda value: {key: value} if isinstance(value, str) else value)


class _Stage(Table):
    example = 'TAM = "users * spending"'
    formula: Text
    title: Text = ""
    unit: Text = ""
    note: Text = ""


class TopDownTable(SeriesTable):
    """The series whose forecast a stage is compared with."""

    example = 'top_down = "rural_online_retail_mofcom"'
    stage: Text = ""


class ModelTable(Table):
    """The whole file."""

    example = 'unit = "bn CNY", a formula, and tables such as [drivers.users]'
    title: Text = ""
    note: Text = ""
    unit: Text
    years: Annotated[tuple[int, ...], BeforeValidator(_years)] = ()
    range_level: RangeLevel | None = None
    correlation: Annotated[float, Field(ge=0, le=1)] | None = None
    formula: Text | None = None
    stages: dict[_Name, Annotated[_Stage, _short("formula")]] = Field(default_factory=dict, max_length=MOST_STAGES)
    top_down: Annotated[TopDownTable, _short("series")] | None = None
    drivers: Annotated[dict[_Name, DriverTable], Field(min_length=1, max_length=MOST_DRIVERS)]


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
    given: list[Driver | Formula] = []
    with refusing(file):
        read_unit(table.unit)
        for name, driver in table.drivers.items():
            with at("drivers", name):
                given.append(driver.read(name, file.folder, table.range_level or RANGE_LEVEL))
        stages = _stages(table)
    drivers = tuple(each for each in given if isinstance(each, Driver))
    derived = [each for each in given if isinstance(each, Formula)]
    formulas = resolve([*derived, *stages], {driver.name: driver.unit for driver in drivers}, file)
    ordered = [formula for formula in formulas.values() if formula.name not in table.drivers]
    with refusing(file):
        top_down = _top_down(table.top_down, drivers, ordered, file.folder)
    return MarketModel(table, tuple(stage.name for stage in ordered), drivers, formulas, top_down, file)


def _stages(table: ModelTable) -> list[Formula]:
    """The stages, with the unit of the model if they have none of their own; no driver has the name of one."""
    if (table.formula is None) == (not table.stages):
        problem = f"this model has {'no formula' if table.formula is None else 'both formula and stages'}."
        hint = 'Write formula = "...", or a table [stages] with a formula for each stage, before [drivers].'
        raise TableError(problem, hint)
    if table.formula is not None:
        return [Formula(ONLY_STAGE, table.formula, ("formula",), table.unit)]
    if clash := next((name for name in table.stages if name in table.drivers), None):
        raise TableError("has the name of a stage.", "Give one of the two another name.", ("drivers", clash))
    return [
        Formula(name, stage.formula, ("stages", name, "formula"), stage.unit or table.unit, note=stage.note)
        for name, stage in table.stages.items()
    ]


def _top_down(
    table: TopDownTable | None, drivers: Sequence[Driver], stages: Sequence[Formula], folder: Path
) -> TopDown | None:
    """The series that a stage is compared with. Raises TableError if it is a driver, or two drivers are one series."""
    by_series: dict[str, str] = {}
    for driver in drivers:
        if isinstance(driver.value, FromSeries):
            first = by_series.setdefault(driver.value.series.id, driver.name)
            if first != driver.name:
                problem = f"{driver.value.series.id} is already the driver {first}."
                raise TableError(problem, f"Use {first} in both places.", ("drivers", driver.name, "series"))
    if table is None:
        return None
    with at("top_down"):
        by_name = {stage.name: stage for stage in stages}
        name = table.stage or stages[0].name
        if name not in by_name:
            raise TableError(f"there is no stage '{name}'.", f"Stages are {', '.join(by_name)}.", ("stage",))
        value, _, _ = table.from_series(folder, by_name[name].unit_text)
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
    earlier = [each for each in given if each < year]
    further = range(earlier[-1] + 1, year) if earlier and year > given[-1] else ()
    if not 1 <= year <= 9999 or len(earlier) + len(further) >= MOST_YEARS:
        raise UsageError(f"{year} is not a year, or more than {MOST_YEARS} years lie up to it.", "Name another year.")
    return (*earlier, *further, year)
