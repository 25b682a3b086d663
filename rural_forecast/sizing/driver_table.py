"""The table of one driver in a model file: a number or range, values by year, a distribution, a series or a formula."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Annotated, Any, NamedTuple, TypeAlias

from pydantic import BeforeValidator, ValidationInfo

from rural_forecast.sizing.amounts import amount, as_written, plain_number, within
from rural_forecast.sizing.distributions import PARAMETERS, Distribution, named
from rural_forecast.sizing.series_table import FromSeries, SeriesTable, read_unit
from rural_forecast.sizing.units import Unit, whole_of
from rural_forecast.toml.file import Path, meant
from rural_forecast.toml.table import Table, TableError, Text, at, shown, year_key

MOST_SHOWN = 3
"""Values by year that are written out in tables."""

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


class Derived(NamedTuple):
    """A driver or stage that is a formula of others."""

    name: str
    text: str
    path: Path
    """Place of the formula in the file."""
    unit_text: str
    """Empty if the unit follows from the formula."""
    source: str = ""
    assumption: bool = False
    note: str = ""


class _Driver(Table):
    """Keys that every way to give a driver has."""

    unit: Text = ""
    source: Text = ""
    assumption: bool = False
    note: Text = ""

    def read(self, folder: FilePath) -> Driver | Derived:
        """The driver, still without its name."""
        raise NotImplementedError

    def driver(self, unit: Unit, unit_text: str, value: Value, written: str) -> Driver:
        return Driver("", unit, unit_text, value, written, self.source, self.assumption, self.note)


class _Value(_Driver):
    value: Any

    def read(self, folder: FilePath) -> Driver:  # noqa: ARG002
        unit = read_unit(self.unit)
        with at("value"):
            return self.driver(unit, self.unit, amount(self.value, whole_of(self.unit)), as_written(self.value))


class _Values(_Driver):
    values: Any

    def read(self, folder: FilePath) -> Driver:  # noqa: ARG002
        unit, whole = read_unit(self.unit), whole_of(self.unit)
        with at("values"):
            if not isinstance(self.values, dict) or not self.values:
                raise TableError("is not a table of years", 'Write values = { 2026 = "0.6..0.8", 2027 = "0.6..0.85" }.')
            by_year = {}
            for key, given in self.values.items():
                with at(key):
                    by_year[year_key(key)] = amount(given, whole)
        shown = [f"{year}: {as_written(given)}" for year, given in self.values.items()]
        written = ", ".join(shown) if len(shown) <= MOST_SHOWN else f"{shown[0]}, and so on to {shown[-1]}"
        return self.driver(unit, self.unit, by_year, written)


def _kind(given: Any) -> Any:
    if not isinstance(given, str) or given not in PARAMETERS:
        raise TableError(f"{shown(given)} is not a distribution", meant(str(given), tuple(PARAMETERS)))
    return given


_Parameter: TypeAlias = Annotated[float | None, BeforeValidator(plain_number)]


class _Distribution(_Driver):
    distribution: Annotated[str, BeforeValidator(_kind)]
    mean: _Parameter = None
    sd: _Parameter = None
    median: _Parameter = None
    sigma: _Parameter = None
    low: _Parameter = None
    mode: _Parameter = None
    high: _Parameter = None
    alpha: _Parameter = None
    beta: _Parameter = None

    def read(self, folder: FilePath) -> Driver:  # noqa: ARG002
        unit, kind = read_unit(self.unit), self.distribution
        given = self.model_dump(include=_PARAMETERS, exclude_none=True)
        with at("distribution"):
            try:
                distribution = within(named(kind, given), whole_of(self.unit))
            except ValueError as error:
                if isinstance(error, TableError):
                    raise
                raise TableError(f"{kind} {error}") from None
        written = ", ".join(f"{name} {value:g}" for name, value in given.items())
        return self.driver(unit, self.unit, distribution, f"{kind}: {written}")


_PARAMETERS = _Distribution.model_fields.keys() - _Driver.model_fields.keys() - {"distribution"}


class _Series(_Driver, SeriesTable):
    def read(self, folder: FilePath) -> Driver:
        value, unit, text = self.from_series(folder, self.unit)
        return self.driver(unit, text, value, f"series {value.series.id}")


class _Formula(_Driver):
    formula: Text

    def read(self, folder: FilePath) -> Derived:  # noqa: ARG002
        return Derived("", self.formula, (), self.unit, self.source, self.assumption, self.note)


_WAYS: dict[str, type[_Driver]] = {
    "value": _Value,
    "values": _Values,
    "distribution": _Distribution,
    "series": _Series,
    "formula": _Formula,
}


def read_driver(table: Any, info: ValidationInfo) -> Driver | Derived:
    """The driver of a table, still without its name; the folder of the file is in the validation context.

    Raises
    ------
    TableError, ValidationError : anything about it is wrong
    """
    if not isinstance(table, dict):
        raise TableError(f"{shown(table)} is not a table", f'Write {{ value = {shown(table)}, unit = "..." }}.')
    ways = [way for way in _WAYS if way in table]
    if len(ways) != 1:
        problem = f"has {' and '.join(ways)}, but takes only one" if ways else "has no value"
        raise TableError(problem, f"Give one of {', '.join(_WAYS)}.")
    assert info.context is not None
    return _WAYS[ways[0]].model_validate(table, context=info.context).read(info.context["folder"])
