"""A sizing model as a TOML file, checked before anything is computed.

Every error names file, line and key. `read` puts the parts of a model together; below it are the
readers of a stage, of a driver and of a series.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from rural_forecast.errors import RuralForecastError, UsageError, option
from rural_forecast.observed.observation import Series
from rural_forecast.observed.shares import whole_of
from rural_forecast.observed.stated_breaks import broken_at, with_breaks
from rural_forecast.question.source import Source
from rural_forecast.sizing import toml
from rural_forecast.sizing.distributions import BOUNDS, Distribution, amount, ends, from_bounds
from rural_forecast.sizing.formulas import FUNCTIONS, YEAR, Formula, Unit, parse_unit, resolve
from rural_forecast.sizing.toml import RANGE_LEVEL, Keys, Reader, TableError, TomlFile, cited, under

ONLY_STAGE = "market"  # name of the stage of a model with one formula
MOST_YEARS = 101
# More of the next two would take gigabytes: each has as many draws as are asked for.
MOST_DRIVERS = 50
MOST_STAGES = 10
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

    def with_breaks(self, breaks: Sequence[int]) -> MarketModel:
        """The model with first years on a new basis, of each series that has both sides of one.

        Raises UsageError for a year that none has, and for a model without a series.
        """
        if not breaks:
            return self
        if not self.series:
            raise UsageError(
                f"No driver of {self.file.name} is a series, so none begins on a new basis.",
                f"Leave out {option('breaks', breaks[0])}.",
            )
        changed = {series.id: series for series in broken_at(self.series, breaks)}

        def on_bases(value: Any) -> Any:
            if not isinstance(value, FromSeries):
                return value
            return value._replace(series=changed[value.series.id])

        drivers = tuple(driver._replace(value=on_bases(driver.value)) for driver in self.drivers)
        return self._replace(drivers=drivers, top_down=on_bases(self.top_down))


def _years(value: Any) -> tuple[int, ...]:
    """Years in order, of one year, a list, or a span `"a..b"`."""
    years = value if isinstance(value, list) else [value]
    span = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if span:
        first, last = map(int, span.groups())
        # One year too many is refused below, as a longer list would be.
        years = list(range(first, min(last, first + MOST_YEARS) + 1))
    possible = all(type(year) is int and 1 <= year <= 9999 for year in years)
    if not possible or not 1 <= len(years) <= MOST_YEARS:
        raise TableError(
            f"{cited(value)} is not 1 to {MOST_YEARS} years.", 'Write 2027, or "2026..2030".'
        )
    return tuple(sorted({*years}))


def _by_name(most: int, content: Any) -> Mapping[str, Any]:
    """Tables by names that a formula can use."""
    if not isinstance(content, dict) or not 1 <= len(content) <= most:
        raise TableError(f"should be a table for each name, at least 1 and at most {most}.")
    for name in content:
        if name in RESERVED or not re.fullmatch(r"[^\W\d]\w*", name):
            hint = f"Names have letters, digits and _; not {', '.join(RESERVED)}."
            raise TableError(f"'{name}' is not a name that a formula can use.", hint, (name,))
    return content


def _table(example: str, readers: Mapping[str, Reader], main: str) -> Reader:
    """Make a reader of tables; a text in place of one is the value of its main key."""

    def read(value: Any) -> dict[str, Any]:
        content = {main: value} if isinstance(value, str) else value
        return toml.table(content, readers, example, main)

    return read


_stage = _table(
    'TAM = "users * spending"',
    dict.fromkeys(("formula", "title", "unit", "note"), toml.text),
    "formula",
)
_top_down = _table(
    'top_down = "mofcom"',
    {"series": toml.text, "breaks": toml.years, "stage": toml.text},
    "series",
)
_MODEL: Mapping[str, Reader] = {
    **dict.fromkeys(("title", "note", "unit", "formula"), toml.text),
    "years": _years,
    "range_level": toml.range_level,
    "correlation": toml.part,
    "stages": partial(_by_name, MOST_STAGES),
    "top_down": _top_down,
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
        content = toml.table(file.content, _MODEL, example, "unit", "drivers")
        read_unit(content["unit"])
        level = content.get("range_level")
        drivers = []
        derived = []
        for name, written in content["drivers"].items():
            with under("drivers", name):
                driver = _driver(name, written, file.folder, level or RANGE_LEVEL)
            if isinstance(driver, Formula):
                derived.append(driver)
            else:
                drivers.append(driver)
        units = {driver.name: driver.unit for driver in drivers}
        formulas = resolve([*derived, *_stages(content)], units)

        stages = [name for name in formulas if name not in content["drivers"]]
        main = stages[-1]
        top_down = None
        comparison = content.get("top_down")
        if comparison:
            main = comparison.get("stage") or stages[0]
            with under("top_down"):
                if main not in stages:
                    raise TableError(
                        f"there is no stage '{main}'.",
                        f"Stages are {', '.join(stages)}.",
                        ("stage",),
                    )
                text = formulas[main].unit_text
                breaks = comparison.get("breaks", ())
                top_down, _, _ = from_series(comparison["series"], file.folder, text, breaks)
        _require_series_once(drivers, top_down)
    return MarketModel(
        title=content.get("title", ""),
        note=content.get("note", ""),
        years=content.get("years", ()),
        range_level=level,
        correlation=content.get("correlation"),
        stages=tuple(stages),
        main=main,
        drivers=tuple(drivers),
        formulas=formulas,
        top_down=top_down,
        file=file,
    )


def _require_series_once(drivers: Sequence[Driver], top_down: FromSeries | None) -> None:
    """Raise TableError if a series is used twice.

    Two drivers of one series would be drawn apart, and a comparison with a driver is circular.
    """
    users: dict[str, str] = {}
    for driver in drivers:
        if isinstance(driver.value, FromSeries):
            series = driver.value.series.id
            if series in users:
                raise _used_twice(series, users[series], ("drivers", driver.name, "series"))
            users[series] = driver.name
    if top_down is not None and top_down.series.id in users:
        raise _used_twice(top_down.series.id, users[top_down.series.id], ("top_down",))


def _used_twice(series: str, driver: str, path: Keys) -> TableError:
    hint = f"Use {driver} in formulas, or another series."
    return TableError(f"{series} is already the driver {driver}.", hint, path)


def _stages(model: Mapping[str, Any]) -> list[Formula]:
    """The stages, with the unit of the model if they have none of their own."""
    unit = model["unit"]
    stages = []
    if ("formula" in model) == ("stages" in model):
        raise TableError(
            "this model has no formula, or stages as well.",
            'Write formula = "...", or a table [stages].',
        )
    if "formula" in model:
        return [Formula(ONLY_STAGE, model["formula"], ("formula",), unit)]
    for name, content in model["stages"].items():
        with under("stages", name):
            if name in model["drivers"]:
                raise TableError(
                    "is the name of a driver too.", "Give one of the two another name."
                )
            stage = _stage(content)
        stages.append(
            Formula(
                name,
                stage["formula"],
                path=("stages", name, "formula"),
                unit_text=stage.get("unit") or unit,
                title=stage.get("title", ""),
                note=stage.get("note", ""),
            )
        )
    return stages


def _driver(name: str, content: Any, folder: Path, level: int) -> Driver | Formula:
    """A driver, by the one key that says where its value comes from; `level`: of its ranges."""
    keys = content if isinstance(content, dict) else {}
    ways = [way for way in _WAYS if way in keys]
    if len(ways) != 1:
        raise TableError(
            f"has {' and '.join(ways) or 'no value'}.", f"Give one of {', '.join(_WAYS)}."
        )
    (way,) = ways
    with under(way):
        written = content[way] if way in ("value", "values") else toml.text(content[way])
        if way == "distribution" and written not in BOUNDS:
            raise TableError(
                f"{cited(written)} is not a distribution.",
                "Write uniform or pert, or a range as value.",
            )
    bounds = BOUNDS[written] if way == "distribution" else ()
    readers = {way: lambda _: written, **dict.fromkeys(bounds, ends), **_ABOUT}
    if way == "series":
        readers["breaks"] = toml.years
    fields = toml.table(content, readers, "a table such as [drivers.users]", *bounds)
    text = fields.get("unit", "")
    source = fields.get("source", "")
    assumption = fields.get("assumption", False)
    note = fields.get("note", "")
    if way == "formula":
        path = ("drivers", name, "formula")
        return Formula(name, written, path, text, source, assumption, note)
    if way == "series":
        series, unit, text = from_series(written, folder, text, fields.get("breaks", ()))
        written = f"series {series.series.id}"
        return Driver(name, unit, text, series, written, source, assumption, note)

    unit = read_unit(text)
    whole = whole_of(text)
    value: Value
    with under(way):
        if way == "values":
            value = toml.by_year(written, lambda of_year: amount(of_year, whole, level))
            written = ", ".join(f"{year}: {of_year}" for year, of_year in written.items())
        elif way == "value":
            value = amount(written, whole, level)
        else:
            value = from_bounds(written, [fields[bound] for bound in bounds], whole)
            parameters = ", ".join(f"{number:g}" for number in value.parameters.values())
            written = f"{written} of {parameters}"
    if not isinstance(written, str):
        written = f"{written:,}"
    return Driver(name, unit, text, value, written, source, assumption, note)


def from_series(
    source: str, folder: Path, text: str, breaks: Sequence[int] = ()
) -> tuple[FromSeries, Unit, str]:
    """A series and the unit of its values: as written, or its own if that is empty.

    A series that counts may take any noun. Raises TableError if its unit does not convert.
    """
    series = read_series(source, folder)
    try:
        series = with_breaks(series, breaks)
    except UsageError as error:
        raise TableError(error.problem, error.hint, ("breaks",)) from None
    text = text or series.unit
    unit = read_unit(text)
    if not series.unit:
        return FromSeries(series, 1.0), unit, text
    with suppress(TableError):
        own = parse_unit(series.unit)
        is_count = (
            not own.powers
            and whole_of(series.unit) is None
            and [power for _, power in unit.powers] == [1]
        )
        if own.powers == unit.powers or is_count:
            return FromSeries(series, own.scale / unit.scale), unit, text
    raise TableError(
        f"{series.id} is in {series.unit}, which does not convert to {text}.", path=("unit",)
    )


def read_unit(text: str) -> Unit:
    """A unit, which must be given."""
    if not text:
        raise TableError(
            "has no unit.", 'Write one, such as unit = "million persons", or unit = "share".'
        )
    with under("unit"):
        return parse_unit(text)


def read_series(source: str, folder: Path) -> Series:
    """A series of the catalogue, or of a file relative to `folder`; standard input is refused."""
    named = Source.parse("" if source == "-" else source)
    try:
        local = named.is_file and not named.is_address
        return (Source.parse(folder / source) if local else named).read()
    except RuralForecastError as error:
        raise TableError(f"{str(error).rstrip('.')}.", error.hint, ("series",)) from None


def years_of(model: MarketModel, year: int | None) -> tuple[int, ...]:
    """The years to size: those of the file, up to `year` if it is given."""
    if year is None:
        if not model.years:
            raise TableError(
                "this model has no years.",
                f'Add years = "2026..2028" at the top, or {option("year")}.',
            )
        return model.years
    earlier = [stated for stated in model.years if stated < year]
    # Beyond the last year of the file, every year on the way.
    further = range(earlier[-1] + 1, year) if earlier and year > model.years[-1] else ()
    if not 1 <= year <= 9999 or len(earlier) + len(further) >= MOST_YEARS:
        raise UsageError(
            f"{year} is not a year, or more than {MOST_YEARS} years lie up to it.",
            "Name another year.",
        )
    return (*earlier, *further, year)
