"""Assumptions of a scenario, and TOML files of them; `check_against` checks them against a forecast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, isfinite
from pathlib import Path
from typing import Any, NamedTuple

from rural_forecast.errors import Problem, RuralForecastError, UsageError, option
from rural_forecast.forecasting.limits import whole
from rural_forecast.forecasting.result import Forecast
from rural_forecast.series.observation import Series
from rural_forecast.sizing import toml
from rural_forecast.sizing.distributions import assumed, ends
from rural_forecast.sizing.model import read_series
from rural_forecast.sizing.toml import Reader, TomlFile
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import written

LONGEST_NAME = 40
Assumed = float | tuple[float, float]  # a number, or a range
ABOVE = {"growth": -100.0, "ceiling": 0.0, "shock": -100.0, "override": -inf}  # the least of each kind


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named set of assumptions about the years after the origin; without any it is the baseline."""

    name: str
    growth: Mapping[int, Assumed] | Assumed | None = None
    """In percent, by year; one number or range is for every year."""
    ceiling: tuple[float, float] | None = None
    """Bounds between which the market saturates, in the unit of the series, low before high."""
    shock: Mapping[int, Assumed] = field(default_factory=dict)
    """Change of the level in a year, in percent of what it would have been; later years go on from there."""
    override: Mapping[int, Assumed] = field(default_factory=dict)
    """Values set by a person, by year; each needs `reason`."""
    reason: str = ""  # why; required where a value is set
    range_level: int | None = None
    """The percentage with which its ranges hold, but for the bounds of `ceiling`; 80 where it is None."""
    file: TomlFile | None = None  # where it was read, for messages; None where it was not read from a file

    def refuse(self, key: str, problem: str, hint: str = "") -> RuralForecastError:
        """An error that names the place: file, line and key, or the scenario."""
        if self.file is not None:
            return self.file.refuse(("scenarios", self.name, *filter(None, (key,))), Problem(problem, hint))
        error = UsageError(problem, hint)
        error.led_by = f"{f'{key.capitalize()} of s' if key else 'S'}cenario '{self.name}'"
        return error

    @property
    def stated(self) -> list[tuple[str, int | None, Assumed]]:
        """Every number or range with its kind and year, None for every year."""
        by_kind = ((kind, getattr(self, kind)) for kind in ABOVE)
        by_year = ((kind, value if isinstance(value, Mapping) else {None: value}) for kind, value in by_kind)
        return [(kind, year, value) for kind, values in by_year for year, value in values.items() if value is not None]

    def growth_of(self, year: int) -> Assumed | None:
        """The growth assumed for a year, in percent; one of every year leaves out a year that has a value."""
        if isinstance(self.growth, Mapping):
            return self.growth.get(year)
        return None if year in self.override else self.growth

    def assumes(self, year: int) -> str:
        """`override` or `growth` where the value or growth of a year is assumed, else empty."""
        return "override" if year in self.override else "growth" if self.growth_of(year) is not None else ""

    @property
    def years(self) -> list[int]:
        """All years that are named."""
        return sorted({year for _, year, _ in self.stated if year is not None})


def ends_of(assumed: Assumed) -> tuple[float, float]:
    """Both ends of a range, or a number twice."""
    return assumed if isinstance(assumed, tuple) else (assumed, assumed)


def check(scenario: Scenario) -> None:
    """Refuse assumptions that no series could have, that contradict each other, or lack their reason."""
    name = scenario.name
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise scenario.refuse("", f"a name has 1 to {LONGEST_NAME} printable characters.")
    for kind, year, value in scenario.stated:
        low, high = ends_of(value)
        if not (ABOVE[kind] < low <= high and isfinite(low) and isfinite(high)):
            above = f" above {ABOVE[kind]:g}" if ABOVE[kind] > -inf else ""
            hint = f"Write a number{above}, or a range with the lower end first."
            raise scenario.refuse(kind, f"{written(value)}{f' in {year}' if year else ''} is not possible.", hint)
        if kind != "override" and year in scenario.override:
            raise scenario.refuse("override", f"{year} has a value and {kind} as well.", "Keep one of the two.")
        if kind == "override" and not scenario.reason.strip():
            raise scenario.refuse("override", f"{year} is set to {written(value)} without a reason.", "Say why.")


def check_against(scenario: Scenario, baseline: Forecast, *, positive: bool) -> None:
    """Refuse assumptions of observed years, all after the baseline, or of values that the series cannot have."""
    origin, target, stated = baseline.origin, baseline.target, scenario.stated
    first, kind = min(((year or target, kind) for kind, year, _ in stated), default=(target, ""))
    if first <= origin:
        hint = f"Use {option('until', first - 1)} to begin earlier."
        raise scenario.refuse(kind, f"{first} is not after {origin}, the last year used.", hint)
    if first > target:
        problem = f"everything it assumes is after {target}, the last year asked for."
        raise scenario.refuse("", problem, f"Ask for {option('year', first)} or later.")
    top = whole(baseline.history)
    limits = {"override": (0.0, inf), "ceiling": (baseline.history.last, inf if top is None else top)}
    for kind, _, value in stated:
        if not positive and kind != "override":
            problem = "means nothing for a series that is not positive throughout."
            raise scenario.refuse(kind, problem, "Use an override.")
        least, most = limits.get(kind, (-inf, inf)) if positive else (-inf, inf)
        low, high = ends_of(value)
        if low <= least or high > most:
            keep = f"above {number(least)}" + (f", and at most {number(most)}" if most < inf else "")
            raise scenario.refuse(kind, f"{written(value)} is impossible for this series.", f"Keep it {keep}.")


class ScenarioFile(NamedTuple):
    """The content of a file."""

    scenarios: tuple[Scenario, ...]
    year: int | None
    series: Series | None  # None if the file names none


_SCENARIO: Mapping[str, Reader] = {
    "growth": lambda value: toml.by_year(value, assumed) if isinstance(value, dict) else assumed(value),
    "ceiling": ends,
    **dict.fromkeys(("shock", "override"), lambda value: toml.by_year(value, assumed)),
    "reason": toml.text,
}
_FILE: Mapping[str, Reader] = {
    **dict.fromkeys(("title", "note", "series"), toml.text),
    "year": toml.year,
    "range_level": toml.range_level,
    "scenarios": lambda value: toml.by_key(value, lambda _, content: toml.table(content, _SCENARIO, _EXAMPLE)),
}
_EXAMPLE = "a table such as [scenarios.slowdown]"


def examples() -> dict[str, Path]:
    """The files that ship with the program, by name."""
    return toml.shipped("scenarios")


def read_scenarios(source: str | Path) -> ScenarioFile:
    """Read the scenarios of a TOML file, or of a name that ships; raises UsageError or InputError if it is refused."""
    file = toml.load(str(source), "scenarios")
    with file.refusing():
        found = toml.table(file.content, _FILE, _EXAMPLE, "scenarios")
        series = read_series(found["series"], file.folder) if found.get("series") else None
    common: dict[str, Any] = {"range_level": found.get("range_level"), "file": file}
    scenarios = tuple(Scenario(name=name, **common, **fields) for name, fields in found["scenarios"].items())
    for scenario in scenarios:
        check(scenario)
    return ScenarioFile(scenarios, found.get("year"), series)
