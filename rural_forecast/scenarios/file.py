"""Scenarios as a TOML file: a series, a last year, and a table for each scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, Field

from rural_forecast.scenarios.assumptions import Assumed, Scenario, check
from rural_forecast.series.observation import Series
from rural_forecast.sizing.distributions import ends, plain_number
from rural_forecast.sizing.tables import read_series
from rural_forecast.sizing.toml import (
    RangeLevel,
    Table,
    Text,
    Year,
    by_year,
    filled,
    load,
    refusing,
    shipped,
    validated,
)


class ScenarioFile(NamedTuple):
    """The content of a file."""

    scenarios: tuple[Scenario, ...]
    year: int | None
    series: Series | None
    """None if the file names none."""


def _assumed(value: Any) -> Assumed:
    return ends(value) if _is_range(value) else plain_number(value)


def _is_range(value: Any) -> bool:
    return isinstance(value, str) and ".." in value


def _by_year(value: Any) -> dict[int, Assumed]:
    return by_year(value, _assumed)


def _growth(value: Any) -> dict[int, Assumed] | Assumed:
    return _assumed(value) if type(value) in (int, float) or _is_range(value) else _by_year(value)


class _Scenario(Table):
    example = "a table such as [scenarios.slowdown]"
    growth: Annotated[Any, AfterValidator(_growth)] = None
    ceiling: Annotated[Any, AfterValidator(ends)] = None
    shock: Annotated[Any, AfterValidator(_by_year)] = Field(default_factory=dict)
    override: Annotated[Any, AfterValidator(_by_year)] = Field(default_factory=dict)
    reason: Text = ""


class _File(Table):
    title: Text = ""
    note: Text = ""
    series: Text = ""
    series_id: Text = ""
    year: Year | None = None
    range_level: RangeLevel | None = None
    scenarios: Annotated[
        dict[str, _Scenario], filled("there is no scenario.", "Add a table such as [scenarios.slowdown].")
    ] = Field(default_factory=dict, validate_default=True)


def examples() -> dict[str, Path]:
    """The files that ship with the program, by name."""
    return shipped("scenarios")


def read_scenarios(source: str | Path) -> ScenarioFile:
    """Read the scenarios of a TOML file, or of a name that ships.

    Raises
    ------
    UsageError : no file of that name ships
    InputError : there is no such file, or it is refused
    """
    file = load(str(source), "scenarios")
    table = validated(file, _File)
    common: dict[str, Any] = {"range_level": table.range_level, "file": file}
    scenarios = tuple(Scenario(name=name, **common, **dict(fields)) for name, fields in table.scenarios.items())
    for scenario in scenarios:
        check(scenario)
    with refusing(file):
        series = read_series(table.series, table.series_id, file.folder) if table.series else None
    return ScenarioFile(scenarios, table.year, series)
