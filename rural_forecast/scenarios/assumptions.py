"""What a scenario assumes, and whether it can be assumed of a series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

from rural_forecast.errors import Problem, RuralForecastError, UsageError
from rural_forecast.toml.file import TomlFile

LONGEST_NAME = 40
Assumed = float | tuple[float, float]
"""A number, or a range that holds it with 90 %."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named set of assumptions about the years after the origin."""

    name: str
    growth: Mapping[int, Assumed] | Assumed | None = None
    """Growth on the year before in percent, by year; one number or range is for every year."""
    ceiling: tuple[float, float] | None = None
    """Range in which the market saturates, in the unit of the series, low before high."""
    shock: Mapping[int, Assumed] = field(default_factory=dict)
    """Change of the level in a year, in percent of what it would have been; later years go on from there."""
    override: Mapping[int, Assumed] = field(default_factory=dict)
    """Values set by a person, by year; each needs `reason`."""
    reason: str = ""
    """Why; required where a value is set."""
    file: TomlFile | None = None
    """Where it was read, for messages; None where it was not read from a file."""

    def refuse(self, key: str, reason: str, **fields: object) -> RuralForecastError:
        """An error that names the place: file, line and key, or the scenario."""
        problem = Problem(reason, **fields)
        if self.file is not None:
            return self.file.refuse(("scenarios", self.name, *filter(None, (key,))), problem)
        error = UsageError.of(problem)
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

    @property
    def ranged(self) -> bool:
        """Whether any of its numbers is a range."""
        return any(isinstance(value, tuple) for _, _, value in self.stated)

    @property
    def years(self) -> list[int]:
        """All years that are named."""
        return sorted({year for _, year, _ in self.stated if year is not None})


def ends(assumed: Assumed) -> tuple[float, float]:
    """The ends of a range; those of a number are equal."""
    return assumed if isinstance(assumed, tuple) else (assumed, assumed)


def point(assumed: Assumed) -> float:
    """A number that is no range."""
    assert not isinstance(assumed, tuple)
    return assumed


def check(scenario: Scenario) -> None:
    """Refuse assumptions that no series could have.

    Raises UsageError or InputError if an assumption is impossible, contradicts another, or lacks its reason.
    """
    name = scenario.name
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise scenario.refuse("", "scenario_name", most=LONGEST_NAME)
    if scenario.growth is None and not (scenario.ceiling or scenario.shock or scenario.override):
        raise scenario.refuse("", "nothing_assumed")
    if scenario.ceiling is not None:
        low, high = scenario.ceiling
        if not (0 < low <= high and isfinite(high)):
            raise scenario.refuse("ceiling", "ceiling_not_positive", low=low, high=high)
    _check_numbers(scenario)
    if scenario.override and not scenario.reason.strip():
        first, value = next(iter(scenario.override.items()))
        raise scenario.refuse("override", "no_reason", year=first, stated=value)
    for kind, year, _ in scenario.stated:
        if kind != "override" and year in scenario.override:
            raise scenario.refuse("override", "assumed_twice", year=year, other=kind)


def _check_numbers(scenario: Scenario) -> None:
    for kind, year, value in scenario.stated:
        low, high = ends(value)
        for end in (low, high):
            if kind != "override" and not (isfinite(end) and end > -100):
                raise scenario.refuse(kind, "leaves_nothing", percent=end, year=year)
            if not isfinite(end):
                raise scenario.refuse(kind, "override_not_finite", stated=value, year=year)
        if low > high:
            raise scenario.refuse(kind, "ends_below_start", low=low, high=high)
