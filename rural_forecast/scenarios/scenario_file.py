"""Scenarios as a TOML file: a series, a last year, and a table a scenario. A refusal names file, line and key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path as FilePath
from sys import float_info
from typing import Any, NamedTuple

from rural_forecast.scenarios.assumptions import Scenario, check
from rural_forecast.series.observation import Series
from rural_forecast.series.reading.files import read_bytes
from rural_forecast.sizing.places import Path, Places
from rural_forecast.sizing.series_table import read_named, text_of
from rural_forecast.sizing.shipped import find, shipped
from rural_forecast.sizing.toml_text import MOST_BYTES, read_toml

_TOP = ("title", "note", "series", "series_id", "year", "scenarios")
_KEYS = ("growth", "ceiling", "shock", "override", "reason")
_RANGE = re.compile(r"\s*([0-9.eE+]+?)\s*\.\.\s*([0-9.eE+]+)\s*", re.ASCII)
_YEAR = re.compile(r"[0-9]{1,4}", re.ASCII)


class ScenarioFile(NamedTuple):
    """What a file holds."""

    scenarios: tuple[Scenario, ...]
    year: int | None
    series: Series | None
    """None where the file names none."""


def examples() -> dict[str, FilePath]:
    """The files that ship with the program, by name."""
    return shipped("scenarios")


def read_scenarios(source: str | FilePath) -> ScenarioFile:
    """Read the scenarios of a TOML file, or of a name that ships.

    Raises
    ------
    UsageError : no file of that name ships
    InputError : there is no such file, or it is refused
    """
    name, known = str(source), examples()
    path = find(name, known, "scenario file", f"Name a TOML file, or one that ships: {', '.join(known)}.")
    data = read_bytes(str(path), first=MOST_BYTES + 1)
    return _content(data, f"{name}.toml" if name in known else name, path.parent)


def _content(data: bytes, name: str, folder: FilePath) -> ScenarioFile:
    content, text = read_toml(data, name)
    places = Places(name, text)
    places.check_keys((), content, _TOP, ())
    for key in ("title", "note", "series_id"):
        text_of(content, key, (), places)
    source = text_of(content, "series", (), places)
    year = content.get("year")
    if year is not None and (not isinstance(year, int) or isinstance(year, bool)):
        raise places.refuse(("year",), f"{year!r} is no year", "Write it as year = 2030.")
    tables = content.get("scenarios", {})
    if not isinstance(tables, Mapping) or not tables:
        raise places.refuse(("scenarios",), "there is no scenario", "Add a table such as [scenarios.slowdown].")
    scenarios = tuple(_scenario(scenario, table, places) for scenario, table in tables.items())
    return ScenarioFile(scenarios, year, read_named(content, (), places, folder) if source else None)


def _scenario(name: str, table: Any, places: Places) -> Scenario:
    path = ("scenarios", name)
    if not isinstance(table, Mapping):
        raise places.refuse(path, "is no table", f"Write a table [scenarios.{name}].")
    places.check_keys(path, table, _KEYS, _TOP)
    growth = table.get("growth")
    found = Scenario(
        name=name,
        growth=None if growth is None else _growth(growth, (*path, "growth"), places),
        ceiling=_ceiling(table.get("ceiling"), (*path, "ceiling"), places),
        shock=_by_year(table.get("shock", {}), (*path, "shock"), places),
        override=_by_year(table.get("override", {}), (*path, "override"), places),
        reason=text_of(table, "reason", path, places),
        places=places,
    )
    check(found)
    return found


def _is_number(given: Any) -> bool:
    """Whether it is a number that a double holds."""
    return isinstance(given, float) or (type(given) is int and abs(given) <= float_info.max)


def _growth(given: Any, path: Path, places: Places) -> Mapping[int, float] | float:
    return float(given) if _is_number(given) else _by_year(given, path, places)


def _by_year(given: Any, path: Path, places: Places) -> dict[int, float]:
    """`{ 2026 = 4.5, 2027 = 3 }`, in order of year."""
    example = f"Write it as {path[-1]} = {{ 2027 = 5 }}."
    if not isinstance(given, Mapping):
        raise places.refuse(path, f"{given!r} does not say for which year", example)
    found: dict[int, float] = {}
    for year, value in given.items():
        if not _YEAR.fullmatch(year):
            raise places.refuse((*path, year), "is no year", example)
        if not _is_number(value):
            raise places.refuse((*path, year), f"{value!r} is no number", example)
        found[int(year)] = float(value)
    return dict(sorted(found.items()))


def _ceiling(given: Any, path: Path, places: Places) -> tuple[float, float] | None:
    """`"3500..4500"` or one number."""
    if given is None:
        return None
    try:
        if _is_number(given):
            return float(given), float(given)
        match = _RANGE.fullmatch(given) if isinstance(given, str) else None
        if match:
            return float(match[1]), float(match[2])
    except ValueError:
        pass
    raise places.refuse(path, f"{given!r} is no range", 'Write it as ceiling = "3500..4500".')
