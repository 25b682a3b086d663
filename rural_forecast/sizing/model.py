"""A sizing model as a TOML file, checked before anything is computed; every error names file, line and key."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from rural_forecast.errors import Problem, RuralForecastError, UsageError, option
from rural_forecast.series.observation import Series
from rural_forecast.series.source import read as read_source
from rural_forecast.series.source_names import is_file
from rural_forecast.sizing import toml
from rural_forecast.sizing.distributions import Distribution, amount, bounds_of, ends, from_bounds
from rural_forecast.sizing.formulas import FUNCTIONS, YEAR, Formula, resolve
from rural_forecast.sizing.toml import RANGE_LEVEL, Reader, TableError, TomlFile, at, cited
from rural_forecast.sizing.units import Unit, parse_unit, whole_of

ONLY_STAGE = "market"  # name of the stage of a model with one formula
MOST_YEARS, MOST_DRIVERS, MOST_STAGES = 101, 50, 10
"""More would take gigabytes: each driver and stage has as many draws as are asked for."""
RESERVED = (YEAR, *FUNCTIONS, "result", "top_down", "ratio", "probability_above", "interaction")
_SPAN = re.compile(r"\s*(\d{1,4})\s*\.\.\s*(\d{1,4})\s*", re.ASCII)


class FromSeries(NamedTuple):
    """A driver that is a series, with the engine's forecast after its last year."""

    series: Series
    factor: float  # from the unit of the series to that of the driver


Value: TypeAlias = Distribution | dict[int, Distribution] | FromSeries


class Driver(NamedTuple):
    """A driver with a value of its own."""

    name: str
    unit: Unit
    unit_text: str
    value: Value
    written: str  # the value as in the file, in one line
    source: str = ""
    assumption: bool = False
    note: str = ""


class TopDown(NamedTuple):
    """The series whose forecast a stage is compared with."""

    value: FromSeries
    stage: str


class MarketModel(NamedTuple):
    """A sizing model, checked."""

    title: str
    note: str
    years: tuple[int, ...]  # empty if the file has none
    range_level: int | None
    correlation: float | None  # of every two uncertain drivers; None as learned
    stages: tuple[str, ...]  # names, each after those that it uses
    drivers: tuple[Driver, ...]
    formulas: Mapping[str, Formula]  # stages and derived drivers, each after those that it uses
    top_down: TopDown | None
    file: TomlFile

    @property
    def series(self) -> list[FromSeries]:
        """The drivers that are series, and the top-down series."""
        series = [driver.value for driver in self.drivers if isinstance(driver.value, FromSeries)]
        return [*series, self.top_down.value] if self.top_down else series


def _years(value: Any) -> tuple[int, ...]:
    """Read `2027`, `[2026, 2027]` or `"2026..2030"`."""
    listed = value if isinstance(value, list) else [value]
    if isinstance(value, str) and (match := _SPAN.fullmatch(value)):
        first, last = int(match[1]), int(match[2])
        listed = list(range(first, min(last, first + MOST_YEARS) + 1))
    if not 1 <= len(listed) <= MOST_YEARS or not all(type(year) is int and 1 <= year <= 9999 for year in listed):
        hint = 'Write 2027, [2026, 2027] or "2026..2030", the earlier year first.'
        raise TableError(f"{cited(value)} is not 1 to {MOST_YEARS} years.", hint)
    return tuple(sorted({*listed}))


def _correlation(value: Any) -> float:
    if type(value) not in (int, float) or not 0 <= value <= 1:
        raise TableError(f"{cited(value)} should be a number from 0 to 1.")
    return float(value)


def _by_name(most: int) -> Reader:
    """Make a reader of tables whose keys are names that a formula can use."""

    def read(content: Any) -> Mapping[str, Any]:
        if not isinstance(content, dict) or not 1 <= len(content) <= most:
            raise TableError(f"should be a table for each name, at least 1 and at most {most}.")
        for name in content:
            if name in RESERVED or not re.fullmatch(r"[^\W\d]\w*", name):
                hint = f"Names have letters, digits and _; not {', '.join(RESERVED)}."
                raise TableError(f"'{name}' is not a name that a formula can use.", hint, (name,))
        return content

    return read


def _table(example: str, readers: Mapping[str, Reader], main: str) -> Reader:
    """Make a reader of tables; a text in place of one is the value of its main key."""
    return lambda value: toml.table({main: value} if isinstance(value, str) else value, readers, example, main)


_stage = _table('TAM = "users * spending"', dict.fromkeys(("formula", "title", "unit", "note"), toml.text), "formula")
_MODEL: Mapping[str, Reader] = {
    **dict.fromkeys(("title", "note", "unit", "formula"), toml.text),
    "years": _years,
    "range_level": toml.range_level,
    "correlation": _correlation,
    "stages": _by_name(MOST_STAGES),
    "top_down": _table('top_down = "mofcom"', dict.fromkeys(("series", "stage"), toml.text), "series"),
    "drivers": _by_name(MOST_DRIVERS),
}
_WAYS = ("value", "values", "distribution", "series", "formula")  # the ways to give a driver
_ABOUT: Mapping[str, Reader] = {"unit": toml.text, "source": toml.text, "assumption": toml.flag, "note": toml.text}


def examples() -> dict[str, Path]:
    """The models that ship with the program, by name."""
    return toml.shipped("sizing")


def load(source: str | Path) -> MarketModel:
    """Read the model of a path or the name of a shipped one; '-' is standard input."""
    return read(toml.load(str(source), "sizing"))


def read(file: TomlFile) -> MarketModel:
    """The model in a file. Raises InputError if anything about it is wrong, with the place."""
    with file.refusing():
        example = 'unit = "bn CNY", a formula, and tables such as [drivers.users]'
        found = toml.table(file.content, _MODEL, example, "unit", "drivers")
        read_unit(found["unit"])
        level, names = found.get("range_level"), found["drivers"]
        with at("drivers"):
            given = toml.by_key(names, _drivers(file.folder, level or RANGE_LEVEL)).values()
        drivers = tuple(each for each in given if isinstance(each, Driver))
        derived = [each for each in given if isinstance(each, Formula)]
        formulas = resolve([*derived, *_stages(found)], {driver.name: driver.unit for driver in drivers})
        stages = [formula for formula in formulas.values() if formula.name not in names]
        top_down = _top_down(found.get("top_down"), drivers, stages, file.folder)
    return MarketModel(
        title=found.get("title", ""),
        note=found.get("note", ""),
        years=found.get("years", ()),
        range_level=level,
        correlation=found.get("correlation"),
        stages=tuple(stage.name for stage in stages),
        drivers=drivers,
        formulas=formulas,
        top_down=top_down,
        file=file,
    )


def _stages(found: Mapping[str, Any]) -> list[Formula]:
    """The stages, with the unit of the model if they have none of their own; no driver has the name of one."""
    unit = found["unit"]
    if ("formula" in found) == ("stages" in found):
        problem = f"this model has {'both formula and stages' if 'stages' in found else 'no formula'}."
        hint = 'Write formula = "...", or a table [stages] with a formula for each stage, before [drivers].'
        raise TableError(problem, hint)
    if "formula" in found:
        return [Formula(ONLY_STAGE, found["formula"], ("formula",), unit)]

    def read_one(name: str, content: Any) -> Formula:
        if name in found["drivers"]:
            raise TableError("is the name of a driver too.", "Give one of the two another name.")
        stage = {"title": "", "note": "", **_stage(content)}
        own, title, note = stage.get("unit") or unit, stage["title"], stage["note"]
        return Formula(name, stage["formula"], ("stages", name, "formula"), own, title=title, note=note)

    with at("stages"):
        return [*toml.by_key(found["stages"], read_one).values()]


def _drivers(folder: Path, level: int) -> Callable[[str, Any], Driver | Formula]:
    """Make a reader of drivers; paths are relative to a folder, and ranges hold with a level in percent."""

    def read_one(name: str, content: Any) -> Driver | Formula:
        ways = [way for way in _WAYS if way in content] if isinstance(content, dict) else []
        if len(ways) != 1:
            problem = f"has {' and '.join(ways) or 'no value'}, and takes one way to give it."
            raise TableError(problem, f"Give one of {', '.join(_WAYS)}.")
        (way,) = ways
        with at(way):
            written = toml.text(content[way]) if way in ("series", "formula") else content[way]
            bounds = bounds_of(written) if way == "distribution" else ()
        readers = {way: lambda _: written, **dict.fromkeys(bounds, ends), **_ABOUT}
        found = toml.table(content, readers, "a table such as [drivers.users]", *bounds)
        unit_text = found.get("unit", "")
        about = found.get("source", ""), found.get("assumption", False), found.get("note", "")
        if way == "formula":
            return Formula(name, written, ("drivers", name, "formula"), unit_text, *about)
        if way == "series":
            series, unit, text = from_series(written, folder, unit_text)
            return Driver(name, unit, text, series, f"series {series.series.id}", *about)
        unit, whole = read_unit(unit_text), whole_of(unit_text)
        value: Value
        with at(way):
            if way == "values":
                value = toml.by_year(written, lambda each: amount(each, whole, level))
            elif way == "value":
                value = amount(written, whole, level)
            else:
                value = from_bounds(written, [found[bound] for bound in bounds], whole)
                written = f"{written} of {', '.join(f'{each:g}' for each in value.parameters.values())}"
        if isinstance(written, dict):
            written = ", ".join(f"{year}: {each}" for year, each in written.items())
        text = written if isinstance(written, str) else f"{written:,}"
        return Driver(name, unit, unit_text, value, text, *about)

    return read_one


def from_series(source: str, folder: Path, unit_text: str) -> tuple[FromSeries, Unit, str]:
    """A series and the unit of its values: `unit_text`, or its own if that is empty."""
    series = read_series(source, folder)
    text = unit_text or series.unit
    unit = read_unit(text)
    factor = _factor(series, unit)
    if factor is None:
        raise TableError(f"{series.id} is in {series.unit}, which does not convert to {text}.", path=("unit",))
    return FromSeries(series, factor), unit, text


def read_unit(text: str) -> Unit:
    """A unit, which must be given."""
    if not text:
        raise TableError("has no unit.", 'Write one, such as unit = "million persons", or unit = "share".')
    with at("unit"):
        return parse_unit(text)


def read_series(source: str, folder: Path) -> Series:
    """A series of the catalogue, or of a file relative to `folder`; standard input is refused."""
    try:
        if source and source != "-" and is_file(source):
            return read_source(folder / source)
        return read_source(source if source != "-" else "")
    except RuralForecastError as error:
        raise TableError(f"{str(error).rstrip('.')}.", error.hint, ("series",)) from None


def _factor(series: Series, unit: Unit) -> float | None:
    """How many of `unit` are in that of the series, None if it does not convert; a count may take any noun."""
    if not series.unit:
        return 1.0
    try:
        known = parse_unit(series.unit)
    except TableError:
        return None
    is_count = known.is_plain and whole_of(series.unit) is None and [power for _, power in unit.powers] == [1]
    return known.scale / unit.scale if known.powers == unit.powers or is_count else None


def _top_down(
    found: Mapping[str, Any] | None, drivers: Sequence[Driver], stages: Sequence[Formula], folder: Path
) -> TopDown | None:
    """The series that a stage is compared with. Raises TableError if it is a driver, or two drivers are one series."""
    by_series: dict[str, str] = {}
    for driver in drivers:
        if isinstance(driver.value, FromSeries):
            first = by_series.setdefault(driver.value.series.id, driver.name)
            if first != driver.name:
                problem = f"{driver.value.series.id} is already the driver {first}."
                raise TableError(problem, f"Use {first} in both places.", ("drivers", driver.name, "series"))
    if found is None:
        return None
    with at("top_down"):
        by_name = {stage.name: stage for stage in stages}
        name = found.get("stage") or stages[0].name
        if name not in by_name:
            raise TableError(f"there is no stage '{name}'.", f"Stages are {', '.join(by_name)}.", ("stage",))
        value, _, _ = from_series(found["series"], folder, by_name[name].unit_text)
        if circular := by_series.get(value.series.id):
            problem = f"{value.series.id} is also the driver {circular}, so the comparison would be circular."
            raise TableError(problem, "Compare the model with a series that it does not use.")
        return TopDown(value, name)


def years_of(model: MarketModel, year: int | None) -> tuple[int, ...]:
    """The years to size: those of the file, up to `year` if it is given."""
    given = model.years
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
