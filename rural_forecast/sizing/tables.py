"""The tables of a model file, from its top to each driver."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeAlias

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from rural_forecast.errors import RuralForecastError
from rural_forecast.series.observation import Series
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.source import read
from rural_forecast.series.source_names import is_file
from rural_forecast.sizing.distributions import (
    PARAMETERS,
    Distribution,
    amount,
    as_written,
    from_parameters,
    plain_number,
    require_share,
)
from rural_forecast.sizing.expression import FUNCTIONS
from rural_forecast.sizing.formulas import YEAR, Derived
from rural_forecast.sizing.toml import RangeLevel, Table, TableError, Text, Year, at, by_year, cited
from rural_forecast.sizing.units import Unit, parse_unit, whole_of

MOST_YEARS, MOST_DRIVERS, MOST_STAGES = 101, 50, 10
"""More would take gigabytes: each driver and stage has as many draws as are asked for."""
MOST_SHOWN = 3
"""Values by year that are written out in tables."""
RESERVED = (YEAR, *FUNCTIONS, "result", "top_down", "ratio", "probability_above", "interaction")
_SPAN = re.compile(r"\s*(\d{1,4})\s*\.\.\s*(\d{1,4})\s*", re.ASCII)
_FORMULA = 'TAM = "users * spending"'
_UNIT = 'one, such as unit = "million persons", or unit = "share"'


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


class SeriesTable(Table):
    """The keys that name a series, its window and its model."""

    needed = {"series": 'series = "rural_online_retail_mofcom"'}  # noqa: RUF012 - a ClassVar of the base
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
        factor = _factor(series, unit, text, ("unit",) if "unit" in self.model_fields_set else ())
        driver = FromSeries(series, factor, self.since, self.until, models, shlex.quote(self.series) + "".join(written))
        return driver, unit, text


def read_unit(text: str) -> Unit:
    """A unit, which must be given. Raises TableError if it is empty or not understood."""
    if not text:
        raise TableError("has no unit.", f"Write {_UNIT}.")
    with at("unit"):
        return parse_unit(text)


def read_series(source: str, series_id: str, folder: Path) -> Series:
    """A series of the catalogue, or of a file relative to `folder`; standard input is refused.

    Raises TableError if there is no such series, or its file is refused.
    """
    try:
        if source and source != "-" and is_file(source):
            return read(folder / source, ReadOptions(series_id=series_id or None))
        return read(source if source != "-" else "")
    except RuralForecastError as error:
        raise TableError(f"{str(error).rstrip('.')}.", error.hint, ("series",)) from None


def _factor(series: Series, unit: Unit, text: str, path: tuple[str, ...]) -> float:
    """How many of `unit` are in the unit of the series; a count without a noun may take any noun."""
    if not series.unit:
        return 1.0
    problem = f"{series.id} is in {series.unit}, which does not convert to {text}."
    try:
        known = parse_unit(series.unit)
    except TableError:
        raise TableError(problem, path=path) from None
    is_count = known.is_plain and whole_of(series.unit) is None and [power for _, power in unit.powers] == [1]
    if known.powers != unit.powers and not is_count:
        raise TableError(problem, path=path)
    return known.scale / unit.scale


_ABOUT = ("unit", "source", "assumption", "note")
_WAYS: Mapping[str, tuple[str, ...]] = {
    "value": (),
    "values": (),
    "distribution": tuple(sorted({name for names in PARAMETERS.values() for name in names})),
    "series": ("series_id", "since", "until", "model"),
    "formula": (),
}
"""The ways to give a driver, with the further keys of each."""


class DriverTable(SeriesTable):
    """One table of `[drivers]`; the parameters of a distribution are its extra keys."""

    model_config = ConfigDict(extra="allow")
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
        if content.get("distribution") == "beta":
            hint = 'Use distribution = "pert" with low, mode and high, or a range such as "0.6..0.8".'
            raise TableError("'beta' was withdrawn in 3.0.", hint, ("distribution",))
        if len(ways) != 1:
            problem = f"has {' and '.join(ways)}, but takes only one." if ways else "has no value."
            raise TableError(problem, f"Give one of {', '.join(_WAYS)}.")
        return (*ways, *_ABOUT, *_WAYS[ways[0]])

    def read(self, name: str, folder: Path, level: int) -> Driver | Derived:
        """The driver; its ranges hold with `level` percent. Raises TableError if unit, value or series is refused."""
        keys, about = self.model_fields_set, (self.source, self.assumption, self.note)
        if "formula" in keys:
            return Derived(name, self.formula, ("drivers", name, "formula"), self.unit, *about)
        if "series" in keys:
            series, unit, text = self.from_series(folder, self.unit)
            return Driver(name, unit, text, series, f"series {series.series.id}", *about)
        unit, whole, key = read_unit(self.unit), whole_of(self.unit), next(way for way in _WAYS if way in keys)
        value: Value
        with at(key):
            if key == "values":
                value = by_year(self.values, lambda value: amount(value, whole, level))
                shown = [f"{year}: {as_written(self.values[year])}" for year in self.values]
                written = ", ".join(shown) if len(shown) <= MOST_SHOWN else f"{shown[0]}, and so on to {shown[-1]}"
            elif key == "value":
                value, written = amount(self.value, whole, level), as_written(self.value)
            else:
                value = self._named(whole)
                written = f"{value.kind}: {', '.join(f'{name} {each:g}' for name, each in value.parameters.items())}"
        return Driver(name, unit, self.unit, value, written, *about)

    def _named(self, whole: float | None) -> Distribution:
        if not isinstance(self.distribution, str) or self.distribution not in PARAMETERS:
            close = get_close_matches(str(self.distribution), PARAMETERS, n=1, cutoff=0.6)
            hint = f"Did you mean {close[0]}?" if close else f"Known: {', '.join(PARAMETERS)}."
            raise TableError(f"{cited(self.distribution)} is not a distribution.", hint)
        named = from_parameters(self.distribution, {k: plain_number(v) for k, v in (self.model_extra or {}).items()})
        require_share(*named.bounds, whole)
        return named


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
    if name in RESERVED:
        raise TableError(f"'{name}' is reserved.", "Give it another name.")
    if not re.fullmatch(r"[^\W\d]\w*", name):
        raise TableError(f"'{name}' is not a name that a formula can use.", "Names have letters, digits and _.")
    return name


_Name = Annotated[str, AfterValidator(_name)]


def _short(key: str) -> BeforeValidator:
    """A text in place of a table is the value of its main key."""
    return BeforeValidator(lambda value: {key: value} if isinstance(value, str) else value)


class _Stage(Table):
    example = _FORMULA
    needed = {"formula": _FORMULA}  # noqa: RUF012
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

    needed = {"unit": _UNIT, "drivers": "a table such as [drivers.users]"}  # noqa: RUF012
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
