"""What a scenario assumes, and whether it can be assumed of a series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite

from rural_forecast.errors import RuralForecastError, UsageError, option
from rural_forecast.text.wording import number
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

    def refuse(self, key: str, sentence: str, hint: str = "") -> RuralForecastError:
        """An error that names the place: file, line and key, or the scenario."""
        if self.file is not None:
            return self.file.refuse(("scenarios", self.name, *filter(None, (key,))), sentence, hint)
        return UsageError(f"{f'{key.capitalize()} of s' if key else 'S'}cenario '{self.name}': {sentence}.", hint)

    @property
    def growth_by_year(self) -> Mapping[int | None, Assumed]:
        """The growth in percent, that of every year under None."""
        if isinstance(self.growth, Mapping):
            return dict[int | None, Assumed](self.growth.items())
        return {} if self.growth is None else {None: self.growth}

    def growth_of(self, year: int) -> Assumed | None:
        """The growth assumed for a year, in percent."""
        growth = self.growth_by_year
        return growth.get(year, None if year in self.override else growth.get(None))

    @property
    def ranged(self) -> bool:
        """Whether any of its numbers is a range."""
        stated = (*self.growth_by_year.values(), *self.shock.values(), *self.override.values())
        return any(isinstance(assumed, tuple) for assumed in stated)

    @property
    def years(self) -> list[int]:
        """All years that are named."""
        named = self.growth if isinstance(self.growth, Mapping) else {}
        return sorted({*named, *self.shock, *self.override})


def ends(assumed: Assumed) -> tuple[float, float]:
    """The ends of a range; those of a number are equal."""
    return assumed if isinstance(assumed, tuple) else (assumed, assumed)


def point(assumed: Assumed) -> float:
    """A number that is no range."""
    assert not isinstance(assumed, tuple)
    return assumed


def written(assumed: Assumed) -> str:
    """A number or a range as a person writes it."""
    low, high = ends(assumed)
    return f"{low:g}" if low == high else f"{low:g}..{high:g}"


def check(scenario: Scenario) -> None:
    """Refuse assumptions that no series could have.

    Raises UsageError or InputError if an assumption is impossible, contradicts another, or lacks its reason.
    """
    name = scenario.name
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise scenario.refuse("", f"a name has 1 to {LONGEST_NAME} printable characters")
    if scenario.growth is None and not (scenario.ceiling or scenario.shock or scenario.override):
        raise scenario.refuse("", "nothing is assumed", "Give growth, a ceiling, a shock or an override.")
    _check_percent(scenario)
    if scenario.ceiling is not None:
        low, high = scenario.ceiling
        if not (0 < low <= high and isfinite(high)):
            raise scenario.refuse(
                "ceiling", f"{low:g}..{high:g} is not a range of positive numbers", "Write the lower end first."
            )
    for kind, ranges in (
        ("growth", scenario.growth_by_year),
        ("shock", scenario.shock),
        ("override", scenario.override),
    ):
        for low, high in map(ends, ranges.values()):
            if low > high:
                problem = f"the range {low:g}..{high:g} ends below its start"
                raise scenario.refuse(kind, problem, "Write the lower end first.")
    for year, value in scenario.override.items():
        if not all(map(isfinite, ends(value))):
            raise scenario.refuse("override", f"{written(value)} for {year} is not a finite number")
    if scenario.override and not scenario.reason.strip():
        year, value = next(iter(scenario.override.items()))
        raise scenario.refuse(
            "override", f"{year} is set to {written(value)} without a reason", "Say why; it is printed."
        )
    _check_years(scenario)


def _check_percent(scenario: Scenario) -> None:
    stated = [("growth", year, rate) for year, rate in scenario.growth_by_year.items()]
    stated += [("shock", year, change) for year, change in scenario.shock.items()]
    for key, year, percent in stated:
        when = f" in {year}" if year else ""
        for end in ends(percent):
            if not isfinite(end) or end <= -100:
                raise scenario.refuse(
                    key, f"{end:g} %{when} would leave nothing", "Give percent above -100, such as -10."
                )


def _check_years(scenario: Scenario) -> None:
    growth = scenario.growth if isinstance(scenario.growth, Mapping) else {}
    for key, other in (("growth", growth), ("shock", scenario.shock)):
        both = sorted(scenario.override.keys() & other.keys())
        if both:
            raise scenario.refuse(
                "override", f"{both[0]} has a value and {key} as well", "Keep one of the two for that year."
            )


def check_against(
    scenario: Scenario, origin: int, last: float, target: int, positive: bool, whole: float | None
) -> None:
    """Refuse assumptions that this series cannot have.

    Parameters
    ----------
    origin, last : the last year used and its value
    target : the last year forecast
    positive : whether history and baseline are positive throughout
    whole : the value that a share cannot pass

    Raises
    ------
    UsageError, InputError : a year is observed already, all are beyond the target, or a value is impossible for the
        series
    """
    for year in scenario.years:
        key = "override" if year in scenario.override else "shock" if year in scenario.shock else "growth"
        if year <= origin:
            raise scenario.refuse(
                key,
                f"{year} is not after {origin}, the last year used",
                f"Use {option('until', year - 1)} to begin earlier.",
            )
    throughout = scenario.ceiling or (scenario.growth is not None and not isinstance(scenario.growth, Mapping))
    if scenario.years and min(scenario.years) > target and not throughout:
        year = min(scenario.years)
        raise scenario.refuse(
            "",
            f"everything it assumes is after {target}, the last year asked for",
            f"Ask for {option('year', year)} or later.",
        )
    if not positive and (scenario.growth is not None or scenario.shock or scenario.ceiling):
        key = "growth" if scenario.growth is not None else "shock" if scenario.shock else "ceiling"
        raise scenario.refuse(key, "means nothing for a series that is not positive throughout", "Use an override.")
    for year, value in scenario.override.items():
        low, high = ends(value)
        if positive and low <= 0:
            raise scenario.refuse("override", f"{low:g} for {year} is not positive, as the series is throughout")
        if whole is not None and low < 0:
            raise scenario.refuse("override", f"{low:g} for {year} is below 0, which a share cannot be")
        if whole is not None and high > whole:
            raise scenario.refuse("override", f"{high:g} for {year} is above {whole:g}, the whole")
    if scenario.ceiling and whole is not None and scenario.ceiling[1] > whole:
        raise scenario.refuse("ceiling", f"{scenario.ceiling[1]:g} is above {whole:g}, the whole")
    if scenario.ceiling and scenario.ceiling[0] <= last:
        raise scenario.refuse(
            "ceiling", f"{scenario.ceiling[0]:g} is not above {number(last)}, the value of {origin}", "Raise it."
        )
