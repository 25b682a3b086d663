"""Assumptions of a scenario, and files of them; `check_against` checks them against a forecast.

A file is TOML: a series, a last year, and a table for each scenario.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, isfinite
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
from pydantic import AfterValidator, Field

from rural_forecast.errors import Problem, RuralForecastError, UsageError, option
from rural_forecast.forecasting.limits import whole
from rural_forecast.forecasting.result import Forecast
from rural_forecast.models.base import Array
from rural_forecast.series.observation import Series
from rural_forecast.sizing.distributions import RANGE_LEVEL, Grid, assumed, ends, from_range
from rural_forecast.sizing.model import read_series
from rural_forecast.sizing.toml import (
    RangeLevel,
    Table,
    TableError,
    Text,
    TomlFile,
    Year,
    by_year,
    load,
    refusing,
    shipped,
    validated,
)
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import written

LONGEST_NAME = 40
Assumed = float | tuple[float, float]
"""A number, or a range."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named set of assumptions about the years after the origin; without any it is the baseline."""

    name: str
    growth: Mapping[int, Assumed] | Assumed | None = None
    """Growth on the year before in percent, by year; one number or range is for every year."""
    ceiling: tuple[float, float] | None = None
    """Bounds between which the market saturates, in the unit of the series, low before high."""
    shock: Mapping[int, Assumed] = field(default_factory=dict)
    """Change of the level in a year, in percent of what it would have been; later years go on from there."""
    override: Mapping[int, Assumed] = field(default_factory=dict)
    """Values set by a person, by year; each needs `reason`."""
    reason: str = ""
    """Why; required where a value is set."""
    range_level: int | None = None
    """The percentage with which its ranges hold, but for the bounds of `ceiling`; 80 where it is None."""
    file: TomlFile | None = None
    """Where it was read, for messages; None where it was not read from a file."""

    def refuse(self, key: str, problem: str, hint: str = "") -> RuralForecastError:
        """An error that names the place: file, line and key, or the scenario."""
        if self.file is not None:
            return self.file.refuse(("scenarios", self.name, *filter(None, (key,))), Problem(problem, hint))
        error = UsageError(problem, hint)
        error.led_by = f"{f'{key.capitalize()} of s' if key else 'S'}cenario '{self.name}'"
        return error

    @property
    def growth_by_year(self) -> Mapping[int | None, Assumed]:
        """The growth in percent, that of every year under None."""
        if isinstance(self.growth, Mapping):
            return dict[int | None, Assumed](self.growth.items())
        return {} if self.growth is None else {None: self.growth}

    @property
    def stated(self) -> list[tuple[str, int | None, Assumed]]:
        """Every number or range with its kind and year: growth, then shocks, then overrides."""
        return [
            *(("growth", year, rate) for year, rate in self.growth_by_year.items()),
            *(("shock", year, change) for year, change in self.shock.items()),
            *(("override", year, value) for year, value in self.override.items()),
        ]

    def growth_of(self, year: int) -> Assumed | None:
        """The growth assumed for a year, in percent."""
        growth = self.growth_by_year
        return growth.get(year, None if year in self.override else growth.get(None))

    def assumes(self, year: int) -> str:
        """`override` or `growth` where the value or growth of a year is assumed, else empty."""
        return "override" if year in self.override else "growth" if self.growth_of(year) is not None else ""

    @property
    def ranged(self) -> bool:
        """True if any of its numbers is a range."""
        return any(isinstance(value, tuple) for _, _, value in self.stated)

    @property
    def years(self) -> list[int]:
        """All years that are named."""
        return sorted({year for _, year, _ in self.stated if year is not None})

    def draws(self, kind: str, assumed: Assumed, scores: Array, most: float | None = None) -> Array | float:
        """A number, or a range at normal scores: log-normal where it is positive, log-odds normal for a share.

        Growth and shocks, in percent, are factors. `most`: the whole of a share. Raises UsageError or InputError if no
        such distribution has these ends.
        """
        if not isinstance(assumed, tuple):
            return assumed if kind == "override" else 1 + assumed / 100
        low, high = assumed if kind == "override" else (1 + end / 100 for end in assumed)
        try:
            distribution = from_range(low, high, most if kind == "override" else None, self.range_level or RANGE_LEVEL)
        except TableError as error:
            raise self.refuse(kind, f"{written(assumed)}: {error}", error.hint) from None
        return distribution.draws(Grid(np.empty(0), scores))


def _ends(assumed: Assumed) -> tuple[float, float]:
    return assumed if isinstance(assumed, tuple) else (assumed, assumed)


def check(scenario: Scenario) -> None:
    """Refuse assumptions that no series could have.

    Raises UsageError or InputError if an assumption is impossible, contradicts another, or lacks its reason.
    """
    name = scenario.name
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise scenario.refuse("", f"a name has 1 to {LONGEST_NAME} printable characters.")
    stated = [("ceiling", None, scenario.ceiling)] if scenario.ceiling is not None else []
    for kind, year, value in [*stated, *scenario.stated]:
        low, high = _ends(value)
        least = {"ceiling": 0.0, "override": -inf}.get(kind, -100.0)
        if not (least < low <= high and isfinite(low) and isfinite(high)):
            above = f" above {least:g}" if least > -inf else ""
            hint = f"Write a number{above}, or a range with the lower end first."
            raise scenario.refuse(kind, f"{written(value)}{f' in {year}' if year else ''} is not possible.", hint)
        if kind in ("growth", "shock") and year in scenario.override:
            raise scenario.refuse("override", f"{year} has a value and {kind} as well.", "Keep one of the two.")
    if scenario.override and not scenario.reason.strip():
        first, value = next(iter(scenario.override.items()))
        raise scenario.refuse("override", f"{first} is set to {written(value)} without a reason.", "Say why.")


def check_against(scenario: Scenario, baseline: Forecast, *, positive: bool) -> None:
    """Refuse assumptions that a series cannot have.

    Raises UsageError or InputError if a year is observed already, all are after the baseline, or a value is impossible
    for the series.
    """
    origin, target = baseline.origin, baseline.target
    first = min(scenario.years, default=target)
    if first <= origin:
        kind = [kind for kind, year, _ in scenario.stated if year == first][-1]
        hint = f"Use {option('until', first - 1)} to begin earlier."
        raise scenario.refuse(kind, f"{first} is not after {origin}, the last year used.", hint)
    if first > target and not scenario.ceiling and None not in scenario.growth_by_year:
        problem = f"everything it assumes is after {target}, the last year asked for."
        raise scenario.refuse("", problem, f"Ask for {option('year', first)} or later.")
    relative = {"growth": scenario.growth is not None, "shock": scenario.shock, "ceiling": scenario.ceiling}
    if not positive and any(relative.values()):
        problem = "means nothing for a series that is not positive throughout."
        raise scenario.refuse(next(key for key, value in relative.items() if value), problem, "Use an override.")
    values = [("override", value, 0.0, inf) for value in scenario.override.values()] if positive else []
    if scenario.ceiling:
        top = whole(baseline.history)
        values.append(("ceiling", scenario.ceiling, baseline.history.last, inf if top is None else top))
    for kind, value, least, most in values:
        low, high = _ends(value)
        if low <= least or high > most:
            limits = f"above {number(least)}" + (f", and at most {number(most)}" if most < inf else "")
            raise scenario.refuse(kind, f"{written(value)} is impossible for this series.", f"Keep it {limits}.")


class ScenarioFile(NamedTuple):
    """The content of a file."""

    scenarios: tuple[Scenario, ...]
    year: int | None
    series: Series | None
    """None if the file names none."""


def _by_year(value: Any) -> dict[int, Assumed]:
    return by_year(value, assumed)


def _growth(value: Any) -> dict[int, Assumed] | Assumed:
    return _by_year(value) if isinstance(value, dict) else assumed(value)


class _Scenario(Table):
    example = "a table such as [scenarios.slowdown]"
    growth: Annotated[Any, AfterValidator(_growth)] = None
    ceiling: Annotated[Any, AfterValidator(ends)] = None
    shock: Annotated[Any, AfterValidator(_by_year)] = Field(default_factory=dict)
    override: Annotated[Any, AfterValidator(_by_year)] = Field(default_factory=dict)
    reason: Text = ""


class _File(Table):
    example = _Scenario.example
    title: Text = ""
    note: Text = ""
    series: Text = ""
    series_id: Text = ""
    year: Year | None = None
    range_level: RangeLevel | None = None
    scenarios: dict[str, _Scenario] = Field(min_length=1)


def examples() -> dict[str, Path]:
    """The files that ship with the program, by name."""
    return shipped("scenarios")


def read_scenarios(source: str | Path) -> ScenarioFile:
    """Read the scenarios of a TOML file, or of a name that ships.

    Raises UsageError if no file of that name ships, InputError if there is no such file or it is refused.
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
