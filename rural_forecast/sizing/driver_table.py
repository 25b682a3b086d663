"""The table of one driver in a model file: a number or range, values by year, a distribution, a series or a formula."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from pydantic import ConfigDict

from rural_forecast.sizing.amounts import amount, as_written, plain_number, within
from rural_forecast.sizing.distributions import PARAMETERS, Distribution, named
from rural_forecast.sizing.series_table import WINDOW, FromSeries, SeriesTable, read_unit
from rural_forecast.sizing.units import Unit, whole_of
from rural_forecast.toml.file import Keys
from rural_forecast.toml.table import TableError, Text, at, by_year

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
    path: Keys
    """Place of the formula in the file."""
    unit_text: str
    """Empty if the unit follows from the formula."""
    source: str = ""
    assumption: bool = False
    note: str = ""


_ABOUT = ("unit", "source", "assumption", "note")
_WAYS: Mapping[str, tuple[str, ...]] = {
    "value": (),
    "values": (),
    "distribution": tuple(sorted({name for sets in PARAMETERS.values() for names in sets for name in names})),
    "series": WINDOW,
    "formula": (),
}
"""The ways to give a driver, with the further keys of each."""


class DriverTable(SeriesTable):
    """One table of `[drivers]`; the parameters of a distribution are its extra keys."""

    model_config = ConfigDict(extra="allow")
    otherwise = "not_a_driver"
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
            raise TableError.of("one_way_only", ways=ways, known=tuple(_WAYS))
        return (*ways, *_ABOUT, *_WAYS[ways[0]])

    def read(self, name: str, folder: Path) -> Driver | Derived:
        """The driver. Raises TableError if its unit, value or series is refused."""
        keys, about = self.model_fields_set, (self.source, self.assumption, self.note)
        if "formula" in keys:
            return Derived(name, self.formula, ("drivers", name, "formula"), self.unit, *about)
        if "series" in keys:
            series, unit, text = self.from_series(folder, self.unit)
            return Driver(name, unit, text, series, f"series {series.series.id}", *about)
        unit, whole = read_unit(self.unit), whole_of(self.unit)
        value: Value
        if "values" in keys:
            with at("values"):
                value = by_year(self.values, lambda value: amount(value, whole))
            listed = [f"{year}: {as_written(self.values[year])}" for year in self.values]
            written = ", ".join(listed) if len(listed) <= MOST_SHOWN else f"{listed[0]}, and so on to {listed[-1]}"
        elif "distribution" in keys:
            value, written = _distribution(self.distribution, self.model_extra or {}, whole)
        else:
            with at("value"):
                value, written = amount(self.value, whole), as_written(self.value)
        return Driver(name, unit, self.unit, value, written, *about)


def _distribution(kind: Any, keys: Mapping[str, Any], whole: float | None) -> tuple[Distribution, str]:
    parameters = {}
    for name, value in keys.items():
        with at(name):
            parameters[name] = plain_number(value)
    with at("distribution"):
        if not isinstance(kind, str) or kind not in PARAMETERS:
            raise TableError.of("no_such_distribution", kind=kind, known=tuple(PARAMETERS))
        distribution = named(kind, parameters)
        written = ", ".join(f"{name} {value:g}" for name, value in parameters.items())
        return within(distribution, whole), f"{kind}: {written}"
