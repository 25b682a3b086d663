"""The assumptions of a person, and what a series can have of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf, isfinite

from rural_forecast.errors import Problem, RuralForecastError, UsageError, option
from rural_forecast.forecasting.result import Forecast
from rural_forecast.forecasting.wholes import whole_of_rate
from rural_forecast.sizing.toml import TomlFile
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import spans, written

LONGEST_NAME = 40
Assumed = float | tuple[float, float]  # a number, or a range
ABOVE = {"growth": -100.0, "ceiling": 0.0, "shock": -100.0, "override": -inf}
"""The kinds of assumptions, each with the number that it must be above."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named set of assumptions about the years after the origin; none give the baseline.

    Parameters
    ----------
    name : by which rows and pictures call it
    growth : percent a year, a number or a range `(low, high)`: by year, or one for every year
    ceiling : bounds between which the market saturates, in the unit of the series, low before high
    shock : change of the level in a year, in percent of what it would have been; later years go on
        from there
    override : values set by a person, in the unit of the series, by year; each needs `reason`
    reason : why a value is set
    range_level : percentage with which its ranges hold, but for the bounds of `ceiling`; 80 if left
        out
    file : where it was read, for messages; left out where it is not of a file

    Raises
    ------
    UsageError : a range is upside down, a value has no reason, or a number is not possible

    >>> Scenario("plan", growth={2017: 20, 2018: (5, 15)}, override={2020: 900}, reason="law").name
    'plan'
    """

    name: str
    growth: Mapping[int, Assumed] | Assumed | None = None
    ceiling: tuple[float, float] | None = None
    shock: Mapping[int, Assumed] = field(default_factory=dict)
    override: Mapping[int, Assumed] = field(default_factory=dict)
    reason: str = ""
    range_level: int | None = None
    file: TomlFile | None = None

    def refuse(self, key: str, problem: str, hint: str = "") -> RuralForecastError:
        """An error that names the place: file, line and key, or the scenario."""
        if self.file is not None:
            path = ("scenarios", self.name, key) if key else ("scenarios", self.name)
            return self.file.refuse(path, Problem(problem, hint))
        error = UsageError(problem, hint)
        error.led_by = f"Scenario '{self.name}'"
        if key:
            error.led_by = f"{key.capitalize()} of scenario '{self.name}'"
        return error

    @property
    def stated(self) -> list[tuple[str, int | None, Assumed]]:
        """Every number or range with its kind and year, None for every year."""
        stated = []
        for kind in ABOVE:
            values = getattr(self, kind)
            by_year = values if isinstance(values, Mapping) else {None: values}
            for year, value in by_year.items():
                if value is not None:
                    stated.append((kind, year, value))
        return stated

    def growth_of(self, year: int) -> Assumed | None:
        """The growth assumed for a year, in percent.

        A growth of every year leaves out a year that has a value.
        """
        if isinstance(self.growth, Mapping):
            return self.growth.get(year)
        return None if year in self.override else self.growth

    def assumes(self, year: int) -> str:
        """`override` or `growth` where the value or growth of a year is assumed, else empty."""
        if year in self.override:
            return "override"
        return "" if self.growth_of(year) is None else "growth"

    @property
    def years(self) -> list[int]:
        """All years that are named."""
        return sorted({year for _, year, _ in self.stated if year is not None})


def ends_of(value: Assumed) -> tuple[float, float]:
    """Both ends of a range, or a number twice."""
    return value if isinstance(value, tuple) else (value, value)


def check(scenario: Scenario) -> None:
    """Refuse assumptions that no series could have, that contradict, or lack their reason."""
    name = scenario.name
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise scenario.refuse("", f"a name has 1 to {LONGEST_NAME} printable characters.")
    for kind, year, value in scenario.stated:
        low, high = ends_of(value)
        if not (ABOVE[kind] < low <= high and isfinite(low) and isfinite(high)):
            above = f" above {ABOVE[kind]:g}" if ABOVE[kind] > -inf else ""
            in_year = f" in {year}" if year else ""
            raise scenario.refuse(
                kind,
                f"{written(value)}{in_year} is not possible.",
                f"Write a number{above}, or a range with the lower end first.",
            )
        if kind != "override" and year in scenario.override:
            raise scenario.refuse(
                "override", f"{year} has a value and {kind} as well.", "Keep one of the two."
            )
        if kind == "override" and not scenario.reason.strip():
            raise scenario.refuse(
                "override", f"{year} is set to {written(value)} without a reason.", "Say why."
            )


def check_against(scenario: Scenario, baseline: Forecast, *, positive: bool) -> None:
    """Refuse assumptions that this series cannot have.

    These are assumptions of observed years, of years that are all after the baseline, and of
    values outside the limits of the series.
    """
    origin = baseline.origin
    target = baseline.target
    stated = scenario.stated
    years = [(year or target, kind) for kind, year, _ in stated]
    first, kind = min(years, default=(target, ""))
    if first <= origin:
        problem = f"{first} is not after {origin}, the last year used."
        raise scenario.refuse(kind, problem, f"Use {option('until', first - 1)} to begin earlier.")
    if first > target:
        problem = f"everything it assumes is after {target}, the last year asked for."
        raise scenario.refuse("", problem, f"Ask for {option('year', first)} or later.")

    top = whole_of_rate(baseline.history)
    limits = {
        "override": (0.0, inf),
        "ceiling": (baseline.history.last, inf if top is None else top),
    }
    for kind, _, value in stated:
        if not positive and kind != "override":
            raise scenario.refuse(
                kind, "needs a series that is positive throughout.", "Use an override."
            )
        least, most = limits.get(kind, (-inf, inf)) if positive else (-inf, inf)
        low, high = ends_of(value)
        if low <= least or high > most:
            at_most = f", and at most {number(most)}" if most < inf else ""
            raise scenario.refuse(
                kind,
                f"{written(value)} is impossible for this series.",
                f"Keep it above {number(least)}{at_most}.",
            )


def in_words(kind: str, years: Sequence[int], value: Assumed, unit: str) -> str:
    """An assumption as notes write it, such as `growth of 5 to 7 % in 2027`.

    `years` is empty for one of every year.
    """
    leads = {"growth": "growth of ", "ceiling": "a ceiling of ", "shock": "a shock of "}
    amount = " to ".join(dict.fromkeys(map(number, ends_of(value))))
    measure = "%" if kind in ("growth", "shock") else unit
    words = f"{leads.get(kind, '')}{amount} {measure}".rstrip()
    return f"{words} in {spans(years)}" if years else words


def has_ranges_without_level(scenario: Scenario) -> bool:
    """True if a range holds with a percentage that its file does not name; a ceiling has none."""
    if scenario.range_level is not None:
        return False
    return any(isinstance(value, tuple) and kind != "ceiling" for kind, _, value in scenario.stated)
