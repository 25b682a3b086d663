"""Scenarios: a forecast with the assumptions of a person in its place, computed on its joint paths.

Up to the first year that is stated, a scenario is the baseline. From there each sampled path goes
on by itself: by its own growth, or by the stated one, which is drawn where it is a range; shocks
and ceilings are applied to every path. Ranges of one kind move together, as a low and a high case
do; those of two kinds, and the paths, are independent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from math import inf, isfinite
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.api import Comparable, comparable
from rural_forecast.errors import Problem, RuralForecastError, UsageError, option
from rural_forecast.forecasting.distribution import DRAWS, Chance, chance, grid
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.in_currency import converted, in_currency
from rural_forecast.forecasting.limits import saturated
from rural_forecast.forecasting.result import Forecast
from rural_forecast.forecasting.wholes import whole_of_rate
from rural_forecast.models.base import HUGE, Array
from rural_forecast.notes import Note
from rural_forecast.observed.definitions import elsewhere
from rural_forecast.observed.money import Exchange
from rural_forecast.observed.observation import Series
from rural_forecast.observed.period import Period
from rural_forecast.question.question import DEFAULT_HORIZON, Question
from rural_forecast.question.scenario import ScenarioQuestion
from rural_forecast.sizing import toml
from rural_forecast.sizing.distributions import QuantileGrid, assumed, ends, from_range
from rural_forecast.sizing.model import read_series
from rural_forecast.sizing.toml import RANGE_LEVEL, Reader, TableError, TomlFile
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import spans, written

LONGEST_NAME = 40
SEED = 1
Assumed = float | tuple[float, float]  # a number, or a range
ABOVE = {"growth": -100.0, "ceiling": 0.0, "shock": -100.0, "override": -inf}
"""The kinds of assumptions, each with the number that it must be above."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named set of assumptions about the years after the origin; none give the baseline.

    >>> Scenario("plan", growth={2017: 20, 2018: (5, 15)}, override={2020: 900}, reason="law").name
    'plan'
    """

    name: str
    growth: Mapping[int, Assumed] | Assumed | None = None
    """In percent, by year; one number or range is for every year."""
    ceiling: tuple[float, float] | None = None
    """Bounds between which the market saturates, in the unit of the series, low before high."""
    shock: Mapping[int, Assumed] = field(default_factory=dict)
    """Change of the level in a year, in percent of what it would have been; later years go on from
    there.
    """
    override: Mapping[int, Assumed] = field(default_factory=dict)
    """Values set by a person, by year; each needs `reason`."""
    reason: str = ""  # why; required where a value is set
    range_level: int | None = None
    """The percentage with which its ranges hold, but for the bounds of `ceiling`; None is 80."""
    file: TomlFile | None = None
    """where it was read, for messages; None where it was not read from a file."""

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


DEFAULT = ScenarioQuestion()


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


@comparable
class ScenarioPath(NamedTuple):
    """The years of a scenario."""

    values: Array  # shape (horizon,)
    lower: Array  # shape (level, horizon); NaN in a year that one number fixes
    upper: Array
    assumed: tuple[str, ...]
    """for each year `growth`, `override`, or empty where each path has its own growth."""
    drawn: Array  # its sampled paths, shape (draw, horizon)


class Outcome(NamedTuple):
    """One scenario and its path."""

    scenario: Scenario
    path: ScenarioPath


@dataclass(frozen=True, slots=True, eq=False)
class Scenarios(Comparable):
    """A baseline and its scenarios."""

    baseline: Forecast
    outcomes: tuple[Outcome, ...]
    notes: tuple[Note, ...]

    def chance(self, target: float, outcome: Outcome | None = None) -> Chance:
        """Return the chance of a value in the forecast, or in a scenario, on its joint paths."""
        if outcome is None:
            return self.baseline.chance(target)
        base = self.baseline
        history = base.history
        return chance(outcome.path.drawn, history.values, history.first, base.years, float(target))

    def __repr__(self) -> str:
        names = ", ".join(outcome.scenario.name for outcome in self.outcomes)
        return f"<Scenarios of {self.baseline.history.series.id}: {names}>"


def scenario(
    series: Series, *scenarios: Scenario, question: ScenarioQuestion = DEFAULT
) -> Scenarios:
    """Compare scenarios with the forecast of a series.

    Parameters
    ----------
    series : a series, or whatever `rural_forecast.series` makes one of
    scenarios : one or more, of different names
    year : last year; left out, two years after the origin, or the last year that a scenario names
    horizon : years after the origin, in place of `year`
    models : models that answer in place of the consensus; the first that does is the baseline
    levels, ceiling, floor, measure, kind, within, like : as in `forecast`
    since, until, prefer, allow_gaps, as_of, basis, breaks : which points are used, see `Window`

    Raises
    ------
    UsageError, InputError : an assumption is impossible for this series; the message names its
        place
    ModelError : no model can answer

    >>> import rural_forecast as rf
    >>> series = rf.read("rural_online_shopping_turnover")
    >>> plan = Scenario("plan", override={2018: 700}, reason="the plan of the board")
    >>> result = rf.scenario(series, plan)
    >>> result.outcomes[0].path.values.tolist()[-1]
    700.0
    """
    if not scenarios:
        raise UsageError("No scenario is given.", f"State one, such as {option('growth', 5)}.")
    names = [one.name for one in scenarios]
    for one in scenarios:
        check(one)
        if names.count(one.name) > 1:
            raise one.refuse("", "there are two scenarios of this name.", "Give each its own.")
    asked = question.of(Question)
    if asked.year is None and asked.horizon is None:
        years = [last for one in scenarios for last in one.years]
        asked = asked.to(max([question.history_of(series).origin + DEFAULT_HORIZON, *years]))
    result = forecast(series, asked)
    drawn = result.paths(DRAWS, SEED)
    outcomes = tuple(Outcome(one, _follow(one, result, drawn)) for one in scenarios)
    return Scenarios(result, outcomes, (*_notes(result, outcomes), *result.notes))


@np.errstate(over="ignore", invalid="ignore", divide="ignore")
def _follow(scenario: Scenario, result: Forecast, drawn: Array) -> ScenarioPath:
    """The path of a scenario, from the joint paths of its baseline, shape (draw, year)."""
    history = result.history
    best = result.best
    limits = result.limits
    # Growth in percent, and a ceiling, have a meaning for positive series alone.
    positive = bool(np.all(history.values > 0) and np.all(best.values > 0))
    check_against(scenario, result, positive=positive)

    least, most = _range_of(result)
    limit = scenario.ceiling[1] if scenario.ceiling else HUGE
    scores = _scores()
    draws = partial(_draws, scenario, scores, whole_of_rate(history))
    top: Array | float = most
    if scenario.ceiling:
        top = np.minimum(_ceilings(scenario.ceiling, scores["ceiling"], history.last), most)

    values = best.values.copy()
    lower = best.lower.copy()
    upper = best.upper.copy()
    tails = 0.5 + np.array(result.levels) / 200
    # Paths go on from the level of the last stated year, `anchor`, as the baseline does from the
    # level that it had then, `origin`.
    level = np.full(DRAWS, history.last)
    anchor = level
    origin = level
    started = bool(scenario.ceiling)
    followed = drawn.copy()
    of_total = _paths_of_total(result, scenario)
    for step, year in enumerate(result.years):
        now = drawn[:, step]
        earlier = level
        rate = scenario.growth_of(year)
        shock = scenario.shock.get(year) or None
        stated = year in scenario.override or rate is not None or shock is not None
        started = started or stated
        if not started:
            level = now
            anchor = now
            origin = now
            continue

        if year in scenario.override:
            level = np.broadcast_to(draws("override", scenario.override[year]), (DRAWS,))
        elif rate is not None:
            level = level * draws("growth", rate)
        else:
            level = _as_baseline(anchor, origin, now, positive=positive)
            if scenario.ceiling:
                level = below(top, anchor, np.log(level / anchor), history.last)
            if limits.cumulative:
                level = np.maximum(level, earlier)
        if shock is not None:
            level = level * draws("shock", shock)
        if stated:
            floor = float(np.median(earlier)) if limits.cumulative else least
            _require_within(scenario, year, float(np.median(level)), floor, min(most, limit))
        level = np.clip(level, least, top)
        level = np.minimum(level, of_total[:, step])
        followed[:, step] = level
        if stated:
            anchor = level
            origin = now

        values[step] = np.quantile(level, 0.5, method="hazen")
        lower[:, step] = np.quantile(level, 1 - tails, method="hazen")
        upper[:, step] = np.quantile(level, tails, method="hazen")
        if np.ptp(level) == 0 and np.ptp(now) > 0:  # one number fixes the year
            lower[:, step] = np.nan
            upper[:, step] = np.nan
    assumed = tuple(map(scenario.assumes, result.years))
    return ScenarioPath(values, lower, upper, assumed, followed)


def _paths_of_total(result: Forecast, scenario: Scenario) -> Array:
    """The most that each path can be, infinite without a total; shape (draw, year)."""
    of_total = result.paths_of_total(DRAWS, SEED)
    if of_total is None:
        return np.full((DRAWS, len(result.years)), inf)
    # A value that a person states is kept, whatever its total is forecast to be.
    stated = [year in scenario.override for year in result.years]
    return np.where(stated, inf, of_total)


def _range_of(result: Forecast) -> tuple[float, float]:
    """The least and the most that a level of the series can be."""
    history = result.history
    limits = result.limits
    least = 0.0 if np.all(history.values >= 0) else -HUGE
    if limits.floor is not None:
        least = max(least, limits.floor)
    if limits.cumulative:
        least = max(least, history.last)
    full = whole_of_rate(history)
    return least, min(HUGE if full is None else full, limits.top)


def _scores() -> dict[str, Array]:
    """Normal scores of the draws, in an order of its own for each kind of range."""
    random = np.random.default_rng(SEED)
    kinds = ("growth", "shock", "override", "ceiling")
    return {kind: random.permutation(grid(DRAWS)) for kind in kinds}


def _ceilings(ceiling: tuple[float, float], scores: Array, last: float) -> Array:
    """A level for each path at which it saturates, between the bounds of a ceiling."""
    rank = np.empty(DRAWS)
    rank[np.argsort(scores)] = (np.arange(DRAWS) + 0.5) / DRAWS
    return saturated(ceiling, last, rank)


def _as_baseline(anchor: Array, origin: Array, now: Array, *, positive: bool) -> Array:
    """A level that goes on from `anchor` as the baseline does from `origin` to `now`.

    It does so by a factor, and by a difference on paths where one of the two is not positive.
    """
    factors = positive & (origin > 0) & (now > 0)
    grown = anchor * (now / np.where(factors, origin, 1.0))
    return np.where(factors, grown, anchor + now - origin)


def _draws(
    scenario: Scenario, scores: Mapping[str, Array], most: float | None, kind: str, stated: Assumed
) -> Array | float:
    """A number, or a range at the scores of its kind; percentages are factors.

    `most`: of a share.
    """
    low, high = ends_of(stated)
    if kind != "override":
        low = 1 + low / 100
        high = 1 + high / 100
        most = None
    if not isinstance(stated, tuple):
        return low
    try:
        distribution = from_range(low, high, most, scenario.range_level or RANGE_LEVEL)
    except TableError as error:
        raise scenario.refuse(kind, f"{written(stated)}: {error}", error.hint) from None
    return distribution.draws(QuantileGrid(np.empty(0), scores[kind]))


def _require_within(scenario: Scenario, year: int, level: float, least: float, most: float) -> None:
    if not (least <= level <= most and abs(level) < HUGE):
        limit = f"below {least:,.4g}" if level < least else f"above {most:,.6g}"
        key = scenario.assumes(year) or "shock"
        raise scenario.refuse(
            key, f"takes {year} to {level:,.4g}, {limit}, the limit of the series."
        )


def below(ceiling: Array | float, level: Array, growth: Array, reference: float) -> Array:
    """A level grown by the log growth `growth`, slowed as the ceiling nears.

    This is the logistic equation (Verhulst, 1838). The growth is that of a market at `reference`;
    above it the rate falls with the room that is left.
    """
    rate = growth / (1 - np.minimum(reference, level) / ceiling)
    share = level / ceiling
    slowed = np.where(level < ceiling, level / (share + (1 - share) * np.exp(-rate)), level)
    return np.where(growth > 0, slowed, level * np.exp(growth))


@in_currency.register
def _converted(result: Scenarios, how: Exchange) -> Scenarios:
    baseline = in_currency(result.baseline, how)
    outcomes = []
    for scenario, path in result.outcomes:
        bounds = converted(path.values, path.lower, path.upper, baseline.years, how)
        rates = np.array([how.rate(year) for year in baseline.years])
        outcomes.append(Outcome(scenario, ScenarioPath(*bounds, path.assumed, path.drawn / rates)))
    return replace(
        result,
        baseline=baseline,
        outcomes=tuple(outcomes),
        notes=(baseline.notes[0], *result.notes),
    )


def _notes(result: Forecast, outcomes: Sequence[Outcome]) -> Iterator[Note]:
    """Notes on each scenario in turn, then on all of them."""
    for outcome in outcomes:
        yield from _notes_on(outcome.scenario, result)
    for outcome in outcomes:
        file = outcome.scenario.file
        if file and _has_ranges_without_level(outcome.scenario):
            yield file.note_on_ranges()
            break
    if any(np.isnan(outcome.path.lower).any() for outcome in outcomes):
        yield Note(
            "no_interval",
            "A year that stated numbers fix has no interval; the years after it have theirs.",
        )


def _notes_on(scenario: Scenario, result: Forecast) -> Iterator[Note]:
    series = result.history.series
    assumptions = [_in_words(*stated, series.unit) for stated in scenario.stated]
    reason = scenario.reason.strip().rstrip(".")
    why = f"Reason: {reason}." if reason else "No reason is given."
    listed = ", ".join(assumptions) or "nothing"
    yield Note("assumptions", f"{scenario.name} assumes {listed}. {why}")

    if result.total is not None and scenario.growth is not None:
        total = result.limits.within
        name = "its total" if total is None else total.series.title or total.series.id
        yield Note("within", f"No path of {scenario.name} lies above {name}, by its own forecast.")
    beyond = [year for year in scenario.years if year > result.target]
    if beyond:
        yield Note(
            "after_target",
            f"{scenario.name} assumes values for {spans(beyond)}, which have no effect.",
        )
    numbers = []
    for year, value in scenario.override.items():
        if not isinstance(value, tuple):
            numbers.append((Period(year), value))
    for other in elsewhere(series, numbers):
        definition = str(other.note).rstrip(".")
        text = f"The override of {scenario.name} mixes definitions: {definition}."
        yield Note("other_definition", text, warning=True)


def _in_words(kind: str, year: int | None, value: Assumed, unit: str) -> str:
    """An assumption as notes write it, such as `growth of 5 to 7 % in 2027`."""
    leads = {"growth": "growth of ", "ceiling": "a ceiling of ", "shock": "a shock of "}
    amount = " to ".join(dict.fromkeys(map(number, ends_of(value))))
    measure = "%" if kind in ("growth", "shock") else unit
    words = f"{leads.get(kind, '')}{amount} {measure}".rstrip()
    return f"{words} in {year}" if year else words


def _has_ranges_without_level(scenario: Scenario) -> bool:
    """True if a range holds with a percentage that its file does not name; a ceiling has none."""
    if scenario.range_level is not None:
        return False
    return any(isinstance(value, tuple) and kind != "ceiling" for kind, _, value in scenario.stated)
