"""A sizing model as a TOML file, checked before anything is computed; every error names file, line
and key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from rural_forecast.errors import RuralForecastError, UsageError, option
from rural_forecast.question.source import Source
from rural_forecast.series.observation import Series
from rural_forecast.series.shares import whole_of
from rural_forecast.sizing import toml
from rural_forecast.sizing.distributions import BOUNDS, Distribution, amount, ends, from_bounds
from rural_forecast.sizing.formulas import FUNCTIONS, YEAR, Formula, Unit, parse_unit, resolve
from rural_forecast.sizing.toml import RANGE_LEVEL, Reader, TableError, TomlFile, at, cited

ONLY_STAGE = "market"  # name of the stage of a model with one formula
MOST_YEARS = 101
MOST_DRIVERS = 50
MOST_STAGES = 10
"""More would take gigabytes: each driver and stage has as many draws as are asked for."""
RESERVED = (YEAR, *FUNCTIONS, "result", "top_down", "ratio", "probability_above", "interaction")
_SPAN = re.compile(r"\s*(\d{1,4})\s*\.\.\s*(\d{1,4})\s*", re.ASCII)


class FromSeries(NamedTuple):
    """A series, with the engine's forecast after its last year."""

    series: Series
    factor: float  # from the unit of the series to the one that is sized in


Value: TypeAlias = Distribution | dict[int, Distribution] | FromSeries


class Driver(NamedTuple):
    """A driver with a value of its own, not a formula."""

    name: str
    unit: Unit
    unit_text: str
    value: Value
    written: str  # the value as in the file, in one line
    source: str = ""
    assumption: bool = False
    note: str = ""


class MarketModel(NamedTuple):
    """A sizing model, checked."""

    title: str
    note: str
    years: tuple[int, ...]  # empty if the file has none
    range_level: int | None
    correlation: float | None  # of every two uncertain drivers; None as learned
    stages: tuple[str, ...]  # names, each after those that it uses
    main: str  # the stage that is compared with the top-down series, or the last one
    drivers: tuple[Driver, ...]
    formulas: Mapping[str, Formula]  # stages and derived drivers, each after those that it uses
    top_down: FromSeries | None
    file: TomlFile

    @property
    def series(self) -> list[Series]:
        """The drivers that are series, and the top-down series."""
        values = [*(driver.value for driver in self.drivers), self.top_down]
        return [value.series for value in values if isinstance(value, FromSeries)]


def _years(value: Any) -> tuple[int, ...]:
    listed = value if isinstance(value, list) else [value]
    if isinstance(value, str) and (match := _SPAN.fullmatch(value)):
        first, last = map(int, match.groups())
        listed = list(range(first, min(last, first + MOST_YEARS) + 1))
    if not 1 <= len(listed) <= MOST_YEARS or not all(
        type(year) is int and 1 <= year <= 9999 for year in listed
    ):
        raise TableError(
            f"{cited(value)} is not 1 to {MOST_YEARS} years.", 'Write 2027, or "2026..2030".'
        )
    return tuple(sorted({*listed}))


def _by_name(most: int, content: Any) -> Mapping[str, Any]:
    if not isinstance(content, dict) or not 1 <= len(content) <= most:
        raise TableError(f"should be a table for each name, at least 1 and at most {most}.")
    for name in content:
        if name in RESERVED or not re.fullmatch(r"[^\W\d]\w*", name):
            hint = f"Names have letters, digits and _; not {', '.join(RESERVED)}."
            raise TableError(f"'{name}' is not a name that a formula can use.", hint, (name,))
    return content


def _table(example: str, readers: Mapping[str, Reader], main: str) -> Reader:
    """Make a reader of tables; a text in place of one is the value of its main key."""
    return lambda value: toml.table(
        {main: value} if isinstance(value, str) else value, readers, example, main
    )


_stage = _table(
    'TAM = "users * spending"',
    dict.fromkeys(("formula", "title", "unit", "note"), toml.text),
    "formula",
)
_MODEL: Mapping[str, Reader] = {
    **dict.fromkeys(("title", "note", "unit", "formula"), toml.text),
    "years": _years,
    "range_level": toml.range_level,
    "correlation": toml.part,
    "stages": partial(_by_name, MOST_STAGES),
    "top_down": _table(
        'top_down = "mofcom"', dict.fromkeys(("series", "stage"), toml.text), "series"
    ),
    "drivers": partial(_by_name, MOST_DRIVERS),
}
_ABOUT: Mapping[str, Reader] = {
    "unit": toml.text,
    "source": toml.text,
    "assumption": toml.flag,
    "note": toml.text,
}
_WAYS = ("value", "values", "distribution", "series", "formula")


def load(source: str | Path) -> MarketModel:
    """The model of a path or the name of a shipped one; '-' is standard input."""
    return read(toml.load(str(source), "sizing"))


def read(file: TomlFile) -> MarketModel:
    """The model in a file. Raises InputError if anything about it is wrong, with the place."""
    with file.refusing():
        example = 'unit = "bn CNY", a formula, and tables such as [drivers.users]'
        found = toml.table(file.content, _MODEL, example, "unit", "drivers")
        read_unit(found["unit"])
        level = found.get("range_level")
        names = found["drivers"]
        given = []
        for name, content in names.items():
            with at("drivers", name):
                given.append(_driver(name, content, file.folder, level or RANGE_LEVEL))
        drivers = tuple(each for each in given if isinstance(each, Driver))
        derived = [each for each in given if isinstance(each, Formula)]
        formulas = resolve(
            [*derived, *_stages(found)], {driver.name: driver.unit for driver in drivers}
        )
        stages = [name for name in formulas if name not in names]
        main = stages[-1]
        top_down = None
        if above := found.get("top_down"):
            main = above.get("stage") or stages[0]
            with at("top_down"):
                if main not in stages:
                    raise TableError(
                        f"there is no stage '{main}'.",
                        f"Stages are {', '.join(stages)}.",
                        ("stage",),
                    )
                top_down, _, _ = from_series(above["series"], file.folder, formulas[main].unit_text)
        places = [
            *((each.value, ("drivers", each.name, "series")) for each in drivers),
            (top_down, ("top_down",)),
        ]
        by_series: dict[str, tuple[str, ...]] = {}
        for value, path in places:  # draws would be apart, and a comparison with a driver circular
            if (
                isinstance(value, FromSeries)
                and (first := by_series.setdefault(value.series.id, path)) is not path
            ):
                hint = f"Use {first[1]} in formulas, or another series."
                raise TableError(f"{value.series.id} is already the driver {first[1]}.", hint, path)
    title, note, years, correlation = map(
        found.get, ("title", "note", "years", "correlation"), ("", "", (), None)
    )
    return MarketModel(
        title,
        note,
        years,
        level,
        correlation,
        tuple(stages),
        main,
        drivers,
        formulas,
        top_down,
        file,
    )


def _stages(found: Mapping[str, Any]) -> list[Formula]:
    """The stages, with the unit of the model if they have none of their own."""
    unit = found["unit"]
    stages = []
    if ("formula" in found) == ("stages" in found):
        raise TableError(
            "this model has no formula, or stages as well.",
            'Write formula = "...", or a table [stages].',
        )
    if "formula" in found:
        return [Formula(ONLY_STAGE, found["formula"], ("formula",), unit)]
    for name, content in found["stages"].items():
        with at("stages", name):
            if name in found["drivers"]:
                raise TableError(
                    "is the name of a driver too.", "Give one of the two another name."
                )
            stage = _stage(content)
        own = stage.get("unit") or unit
        about = {key: stage.get(key, "") for key in ("title", "note")}
        stages.append(Formula(name, stage["formula"], ("stages", name, "formula"), own, **about))
    return stages


def _driver(name: str, content: Any, folder: Path, level: int) -> Driver | Formula:
    ways = [way for way in _WAYS if way in content] if isinstance(content, dict) else []
    if len(ways) != 1:
        raise TableError(
            f"has {' and '.join(ways) or 'no value'}.", f"Give one of {', '.join(_WAYS)}."
        )
    (way,) = ways
    with at(way):
        written = content[way] if way in ("value", "values") else toml.text(content[way])
        if way == "distribution" and written not in BOUNDS:
            raise TableError(
                f"{cited(written)} is not a distribution.",
                "Write uniform or pert, or a range as value.",
            )
    bounds = BOUNDS[written] if way == "distribution" else ()
    readers = {way: lambda _: written, **dict.fromkeys(bounds, ends), **_ABOUT}
    found = toml.table(content, readers, "a table such as [drivers.users]", *bounds)
    text = found.get("unit", "")
    about = found.get("source", ""), found.get("assumption", False), found.get("note", "")
    if way == "formula":
        return Formula(name, written, ("drivers", name, "formula"), text, *about)
    if way == "series":
        series, unit, text = from_series(written, folder, text)
        return Driver(name, unit, text, series, f"series {series.series.id}", *about)
    unit = read_unit(text)
    whole = whole_of(text)
    value: Value
    with at(way):
        if way == "values":
            value = toml.by_year(written, lambda each: amount(each, whole, level))
            written = ", ".join(f"{year}: {each}" for year, each in written.items())
        elif way == "value":
            value = amount(written, whole, level)
        else:
            value = from_bounds(written, [found[bound] for bound in bounds], whole)
            written = f"{written} of {', '.join(f'{each:g}' for each in value.parameters.values())}"
    return Driver(
        name, unit, text, value, written if isinstance(written, str) else f"{written:,}", *about
    )


def from_series(source: str, folder: Path, text: str) -> tuple[FromSeries, Unit, str]:
    """A series and the unit of its values: as written, or its own if that is empty; a count may
    take any noun.
    """
    series = read_series(source, folder)
    text = text or series.unit
    unit = read_unit(text)
    if not series.unit:
        return FromSeries(series, 1.0), unit, text
    with suppress(TableError):
        known = parse_unit(series.unit)
        is_count = (
            not known.powers
            and whole_of(series.unit) is None
            and [power for _, power in unit.powers] == [1]
        )
        if known.powers == unit.powers or is_count:
            return FromSeries(series, known.scale / unit.scale), unit, text
    raise TableError(
        f"{series.id} is in {series.unit}, which does not convert to {text}.", path=("unit",)
    )


def read_unit(text: str) -> Unit:
    """A unit, which must be given."""
    if not text:
        raise TableError(
            "has no unit.", 'Write one, such as unit = "million persons", or unit = "share".'
        )
    with at("unit"):
        return parse_unit(text)


def read_series(source: str, folder: Path) -> Series:
    """A series of the catalogue, or of a file relative to `folder`; standard input is refused."""
    named = Source.parse("" if source == "-" else source)
    try:
        return (Source.parse(folder / source) if named.is_file else named).read()
    except RuralForecastError as error:
        raise TableError(f"{str(error).rstrip('.')}.", error.hint, ("series",)) from None


def years_of(model: MarketModel, year: int | None) -> tuple[int, ...]:
    """The years to size: those of the file, up to `year` if it is given."""
    given = model.years
    if year is None:
        if not given:
            raise TableError(
                "this model has no years.",
                f'Add years = "2026..2028" at the top, or {option("year")}.',
            )
        return given
    earlier = [each for each in given if each < year]
    further = range(earlier[-1] + 1, year) if earlier and year > given[-1] else ()
    if not 1 <= year <= 9999 or len(earlier) + len(further) >= MOST_YEARS:
        raise UsageError(
            f"{year} is not a year, or more than {MOST_YEARS} years lie up to it.",
            "Name another year.",
        )
    return (*earlier, *further, year)
