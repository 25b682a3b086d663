"""Scenarios of a TOML file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from rural_forecast.observed.observation import Series
from rural_forecast.scenarios.assumptions import Assumed, Scenario, check
from rural_forecast.sizing import toml
from rural_forecast.sizing.distributions import assumed, ends
from rural_forecast.sizing.model import read_series
from rural_forecast.sizing.toml import Reader


class ScenarioFile(NamedTuple):
    """The content of a file."""

    scenarios: tuple[Scenario, ...]
    year: int | None
    series: Series | None  # None if the file names none


def _by_year(value: Any) -> dict[int, Assumed]:
    return toml.by_year(value, assumed)


def _growth(value: Any) -> dict[int, Assumed] | Assumed:
    return _by_year(value) if isinstance(value, dict) else assumed(value)


def _scenarios(value: Any) -> dict[str, dict[str, Any]]:
    return toml.by_key(value, lambda _, content: toml.table(content, _SCENARIO, _EXAMPLE))


_SCENARIO: Mapping[str, Reader] = {
    "growth": _growth,
    "ceiling": ends,
    "shock": _by_year,
    "override": _by_year,
    "reason": toml.text,
}

_FILE: Mapping[str, Reader] = {
    "title": toml.text,
    "note": toml.text,
    "series": toml.text,
    "year": toml.year,
    "range_level": toml.range_level,
    "scenarios": _scenarios,
}

_EXAMPLE = "a table such as [scenarios.slowdown]"


def read_scenarios(source: str | Path) -> ScenarioFile:
    """Read the scenarios of a TOML file, or of a name that ships.

    Parameters
    ----------
    source : path of the file, or the name

    Raises
    ------
    UsageError, InputError : it is not there, or is refused

    >>> len(read_scenarios("rural_online_retail").scenarios)
    4
    """
    file = toml.load(str(source), "scenarios")
    with file.refusing():
        content = toml.table(file.content, _FILE, _EXAMPLE, "scenarios")
        series = read_series(content["series"], file.folder) if content.get("series") else None
    level = content.get("range_level")
    scenarios = tuple(
        Scenario(name=name, range_level=level, file=file, **fields)
        for name, fields in content["scenarios"].items()
    )
    for scenario in scenarios:
        check(scenario)
    return ScenarioFile(scenarios, content.get("year"), series)
