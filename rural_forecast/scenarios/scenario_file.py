"""Scenarios as a TOML file: a series, a last year, and a table for each scenario."""

from __future__ import annotations

import re
from pathlib import Path
from sys import float_info
from typing import Annotated, Any, ClassVar, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field

from rural_forecast.scenarios.assumptions import Scenario, check
from rural_forecast.series.observation import Series
from rural_forecast.sizing.series_table import read_series
from rural_forecast.toml.file import TomlFile
from rural_forecast.toml.shipped import load, shipped
from rural_forecast.toml.table import Table, TableError, Text, at, refusing, shown, validated, year_key

_RANGE = re.compile(r"\s*([0-9.eE+]+?)\s*\.\.\s*([0-9.eE+]+)\s*", re.ASCII)


class ScenarioFile(NamedTuple):
    """The content of a file."""

    scenarios: tuple[Scenario, ...]
    year: int | None
    series: Series | None
    """None if the file names none."""


def _is_number(given: Any) -> bool:
    """Whether it is a number that a double holds."""
    return isinstance(given, float) or (type(given) is int and abs(given) <= float_info.max)


def _by_year(given: Any) -> dict[int, float]:
    """`{ 2026 = 4.5, 2027 = 3 }`, in order of year."""
    hint = "Write a value for each year: { 2027 = 5 }."
    if not isinstance(given, dict):
        raise TableError(f"{shown(given)} does not say for which year", hint)
    found = {}
    for key, value in given.items():
        with at(key):
            year = year_key(key)
            if not _is_number(value):
                raise TableError(f"{shown(value)} is not a number", hint)
            found[year] = float(value)
    return dict(sorted(found.items()))


def _growth(given: Any) -> dict[int, float] | float:
    return float(given) if _is_number(given) else _by_year(given)


def _ceiling(given: Any) -> tuple[float, float]:
    """`"3500..4500"` or one number."""
    try:
        if _is_number(given):
            return float(given), float(given)
        if isinstance(given, str) and (match := _RANGE.fullmatch(given)):
            return float(match[1]), float(match[2])
    except ValueError:
        pass
    raise TableError(f"{shown(given)} is not a range", 'Write it as ceiling = "3500..4500".')


def _year(given: Any) -> int:
    if not isinstance(given, int) or isinstance(given, bool):
        raise TableError(f"{shown(given)} is not a year", "Write it as year = 2030.")
    return given


def _tables(given: Any) -> Any:
    if not isinstance(given, dict) or not given:
        raise TableError("there is no scenario", "Add a table such as [scenarios.slowdown].")
    return given


class _Scenario(Table):
    example: ClassVar[str] = "Write a table such as [scenarios.slowdown]."
    growth: Annotated[Any, AfterValidator(_growth)] = None
    ceiling: Annotated[Any, AfterValidator(_ceiling)] = None
    shock: Annotated[Any, AfterValidator(_by_year)] = Field(default_factory=dict)
    override: Annotated[Any, AfterValidator(_by_year)] = Field(default_factory=dict)
    reason: Text = ""


class _File(Table):
    title: Text = ""
    note: Text = ""
    series: Text = ""
    series_id: Text = ""
    year: Annotated[int, BeforeValidator(_year)] | None = None
    scenarios: Annotated[dict[str, _Scenario], BeforeValidator(_tables)] = Field(
        default_factory=dict, validate_default=True
    )


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
    advice = f"Name a TOML file, or one that ships: {', '.join(examples())}."
    return _read(load(str(source), "scenarios", "scenario file", advice))


def _read(file: TomlFile) -> ScenarioFile:
    table = validated(file, _File)
    scenarios = tuple(Scenario(name=name, file=file, **dict(one)) for name, one in table.scenarios.items())
    for one in scenarios:
        check(one)
    with refusing(file):
        series = read_series(table.series, table.series_id, file.folder) if table.series else None
    return ScenarioFile(scenarios, table.year, series)
