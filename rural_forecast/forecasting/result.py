"""A forecast as a value: its path, intervals and notes, the pool with other voices; the same in
another currency.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from rural_forecast.api import Comparable, comparable, same
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.distribution import (
    DRAWS,
    SPREAD_LEVELS,
    Chance,
    Spread,
    chance,
    paths,
    spread,
)
from rural_forecast.forecasting.leaders import Lead
from rural_forecast.forecasting.limits import LEAST, NONE, Limits
from rural_forecast.forecasting.past_record import PastRecord
from rural_forecast.forecasting.start import Start
from rural_forecast.forecasting.wholes import whole_of_rate
from rural_forecast.models.base import Array, Reason
from rural_forecast.notes import Note
from rural_forecast.observed.history import History
from rural_forecast.observed.observation import MARKET_KINDS, Observation
from rural_forecast.observed.preference import PublishedForecast
from rural_forecast.question.question import DEFAULT, Question, headline

if TYPE_CHECKING:
    from rural_forecast.observed.money.exchange import Exchange

OURS = "ours"
FEWEST_STEP = 0.01  # variance of the second year beyond that of a nowcast, at least


@dataclass(frozen=True, slots=True, eq=False)
class ModelForecast(Comparable):
    """The path of one model up to its end; arrays are empty where it has none."""

    model: str
    values: Array  # shape (years,), from the first year on; a path may end before the target
    lower: Array
    upper: Array  # shape (level, years)
    weight: float | None = None
    """its weight in the consensus at the target; None for a model that is no member."""
    why: Reason = Reason.ANSWERS  # why it gives no year, or none after its last
    reason: str = ""  # the same in words; empty where it gives every year
    message: str = ""
    cut: bool = False  # True if its last value would be above that of its whole, and is cut there

    @property
    def answers(self) -> bool:
        """True if there is a forecast of the first year at least."""
        return len(self.values) > 0

    @property
    def last(self) -> float:
        """The value of its last year."""
        return float(self.values[-1])

    def ends(self, level: int) -> tuple[float, float]:
        """Return the interval of its last year, at the level with this index."""
        return float(self.lower[level, -1]), float(self.upper[level, -1])

    def first(self, years: int) -> ModelForecast:
        """Return the path up to so many years."""
        return self._with_years(self.values[:years], self.lower[:, :years], self.upper[:, :years])

    def after(self, observed: Array, skipped: int, horizon: int) -> ModelForecast:
        """Return so many years of the path and of observed years before it.

        The first years are skipped. Observed years get the narrowest interval.
        """
        years = slice(skipped, skipped + horizon)
        lower = np.tile((1 - LEAST) * observed, (len(self.lower), 1))
        upper = np.tile(observed, (len(self.upper), 1))
        return self._with_years(
            np.concatenate([observed, self.values])[years],
            np.concatenate([lower, self.lower], axis=1)[:, years],
            np.concatenate([upper, self.upper], axis=1)[:, years],
        )

    def at_levels(self, levels: Sequence[int], wanted: Sequence[int]) -> ModelForecast:
        """Return the path with the bounds of some of its levels."""
        rows = [levels.index(level) for level in wanted]
        return self._with_years(self.values, self.lower[rows], self.upper[rows])

    def through(self, horizon: int) -> ModelForecast:
        """Return the path, or one without a forecast if it ends before this many years ahead."""
        return self.first(horizon if len(self.values) == horizon else 0)

    def _with_years(self, values: Array, lower: Array, upper: Array) -> ModelForecast:
        return replace(self, values=values, lower=lower, upper=upper)


class Voice(NamedTuple):
    """One who forecasts, and the weight in the pool."""

    who: str
    forecasts: Mapping[int, PublishedForecast]
    weight: float = 1.0  # of all voices together; a year in which some are silent shares theirs out
    by: Literal["stated", "equal"] = "equal"

    def speaks_of(self, year: int) -> bool:
        """Return True if it forecasts a year; ours forecasts all of them."""
        return self.who == OURS or year in self.forecasts

    @property
    def spread(self) -> tuple[str, ...]:
        """The source of the interval of a point: `range` or `ours`; both where years differ."""
        kinds = ("range" if value.interval else OURS for value in self.forecasts.values())
        return tuple(dict.fromkeys(kinds)) or (OURS,)


class Pool(NamedTuple):
    """The voices behind the leading forecast of the model `pool`."""

    years: tuple[int, ...]  # those that someone else forecasts
    ours: ModelForecast
    voices: tuple[Voice, ...]

    @property
    def stated(self) -> dict[str, float]:
        """The weights that were stated."""
        return {voice.who: voice.weight for voice in self.voices if voice.by == "stated"}

    def shares(self, year: int) -> dict[str, float]:
        """Return the weight of each voice of a year; they sum to 1."""
        weights = {voice.who: voice.weight for voice in self.voices if voice.speaks_of(year)}
        total = sum(weights.values())
        return {who: weight / total for who, weight in weights.items()}


@comparable
class Shares(NamedTuple):
    """The share of a total that the forecasts of both imply, as a fraction."""

    total: str
    title: str
    value: Array  # the median of each year of the forecast; shape (years,)
    lower: Array
    upper: Array
    past: tuple[float, float] | None
    """The least and the greatest share of the years used; None where they have none in common."""
    binds: bool
    passes: tuple[int, int]
    """First years in which its own median and its own range pass the total; 0 for none."""


class Rate(NamedTuple):
    """Growth a year in percent."""

    value: float
    lower: tuple[float, ...]
    upper: tuple[float, ...]


def spread_of(path: ModelForecast, history: Array, limits: Limits, most: float | None) -> Spread:
    """Return the distribution of a path with bounds at `SPREAD_LEVELS`.

    `most` is the most that a rate can be.
    """
    least = 0.0 if history.min() >= 0 else -inf
    if limits.floor is not None:
        least = max(least, limits.floor)
    return spread(path.values, path.lower, path.upper, whole=most, least=least, most=limits.top)


class Subject(NamedTuple):
    """The subject of a series, which moves its consensus."""

    name: str  # one of `MARKET_KINDS`
    is_read: bool  # from its title; else it is stated
    without: ModelForecast  # the consensus without it, with bounds at `SPREAD_LEVELS`

    @property
    def words(self) -> str:
        """The subject in a sentence."""
        return MARKET_KINDS[self.name]


def _rested_on(history: History) -> tuple[object, ...]:
    """The values of a series that models saw, on all of its bases."""
    series = history.series
    levels = (*history.on_earlier_bases, *history.observations)
    return (
        (series.id, series.unit, series.measure),
        history.basis,
        history.breaks_used,
        [(level.period, level.value, level.qualifier) for level in levels],
        [(rate.period, rate.value) for rate in history.growth_into_bases],
    )


@dataclass(frozen=True, slots=True, eq=False)
class Forecast(Comparable):
    """A forecast of one series from its origin to a target year.

    Two are equal that rest on the same values and give the same answers, number by number. What
    else is known of the series is not compared: where it was read, notes, published forecasts.
    """

    history: History
    years: tuple[int, ...]
    """From the one after the origin to the target, or to the last that any of the models asked for
    can give.
    """
    levels: tuple[int, ...]  # of the intervals, in percent, in the order of their bounds
    main: tuple[ModelForecast, ...]
    others: tuple[ModelForecast, ...]
    """all other models, where they were asked for: members first, opinions last."""
    published: tuple[PublishedForecast, ...]
    weights: Mapping[str, tuple[float, ...]]
    """Weight of every member of the consensus in each year; 0 where it gives none."""
    notes: tuple[Note, ...]
    wide: ModelForecast  # the best one with bounds at `SPREAD_LEVELS`: its whole distribution
    limits: Limits = NONE
    total: ModelForecast | None = None
    """the forecast of the total that it is a part of, with bounds at `SPREAD_LEVELS`."""
    pool: Pool | None = None
    leads: tuple[Lead, ...] = ()
    shares: Shares | None = None
    exchange: Exchange | None = None
    subject: Subject | None = None  # that moves the consensus, if it is among the answers
    running: Start | None = None  # of the first year, where parts of it are known
    past_record: PastRecord | None = None
    """how such forecasts fared on its own past, where that was asked for."""
    question: Question = DEFAULT  # as it was asked, up to the target

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other) or not isinstance(other, Forecast):
            return NotImplemented
        return same(self._compared, other._compared)

    @property
    def _compared(self) -> tuple[object, ...]:
        """The values that it rests on and its answers, which a record gives again."""
        leading = [_rested_on(history) for history in self.limits.like]
        within = self.limits.within and _rested_on(self.limits.within)
        of_total = self.limits.start_of_total
        return (
            _rested_on(self.history),
            self.years,
            self.levels,
            self.main,
            self.others,
            dict(self.weights),
            self.wide,
            self.limits._replace(like=(), within=None, start_of_total=None),
            leading,
            within,
            self.total,
            self.pool and self.pool.ours,
            self.leads,
            self.shares,
            self.exchange,
            self.subject,
            self.running and self.running._replace(parts=(), growth=()),
            of_total and of_total._replace(parts=(), growth=()),
        )

    def __repr__(self) -> str:
        value = f"{self.best.values[-1]:,.4g} {self.history.series.unit}".rstrip()
        return (
            f"<Forecast of {self.history.series.id}: {value} in {self.target} by {self.best.model}>"
        )

    @property
    def origin(self) -> int:
        """The last year used."""
        return self.history.years[-1]

    @property
    def target(self) -> int:
        """The last year forecast."""
        return self.years[-1]

    @property
    def later(self) -> tuple[Observation, ...]:
        """Observations after the origin, up to the target (of a hindcast)."""
        target = self.target
        return tuple(value for value in self.history.later if value.period.year <= target)

    @property
    def best(self) -> ModelForecast:
        """The first path asked for that reaches the target: the consensus, unless others were."""
        return next(path for path in self.main if len(path.values) == len(self.years))

    @property
    def spread(self) -> Spread:
        """The whole distribution of the best one in every year."""
        return spread_of(self.wide, self.history.values, self.limits, whole_of_rate(self.history))

    def paths(self, draws: int = DRAWS, seed: int = 1) -> Array:
        """Sample paths of shape (draw, year), for all that rests on several years, such as growth.

        Every year of them has the distribution of its interval. Two series of different ids get
        independent paths; for their total use `forecast_frame`, whose series have paths together.

        Parameters
        ----------
        draws : paths that are sampled
        seed : of the sampling; one seed gives the same paths again

        >>> import rural_forecast as rf
        >>> rf.forecast({2014: 180, 2015: 353, 2016: 482}, horizon=3).paths(100).shape
        (100, 3)
        """
        ranked = self.limits.cumulative or self.limits.ranged
        drawn = paths(
            self.spread, self.history.series.id, draws, seed, ranked=ranked, first=self._first_step
        )
        of_total = self.paths_of_total(draws, seed)
        return drawn if of_total is None else np.minimum(drawn, of_total)

    def paths_of_total(self, draws: int, seed: int) -> Array | None:
        """Sample paths of the total that it is a part of, each of the rank that its own path has.

        None without a total. No path of a part passes that of its total.

        Parameters
        ----------
        draws, seed : those of its own paths
        """
        if self.total is None:
            return None
        ranked = self.limits.cumulative or self.limits.ranged
        total = self.total.first(len(self.years))
        distribution = spread(total.values, total.lower, total.upper)
        return paths(
            distribution, self.history.series.id, draws, seed, ranked=ranked, first=self._first_step
        )

    @property
    def _first_step(self) -> float:
        """The variance of the first year over that of a step after it; 1 but for a nowcast."""
        return 1.0 if self.running is None else first_step(self.wide)

    def chance(self, target: float, *, draws: int = DRAWS, seed: int = 1) -> Chance:
        """Return the chance of being at or above a value in each year, and by then.

        Parameters
        ----------
        target : a value in the unit of the series
        draws : paths that are sampled
        seed : of the sampling; one seed gives the same paths again

        >>> import rural_forecast as rf
        >>> reaching = rf.forecast(rf.read("turnover"), year=2020).chance(800)
        >>> reaching.year(), [round(share, 1) for share in reaching.chances]
        (2018, [0.3, 0.6, 0.7, 0.8])
        """
        history = self.history
        return chance(
            self.paths(draws, seed), history.values, history.first, self.years, float(target)
        )

    @property
    def headline(self) -> int:
        """Index of the level that sentences name: the one nearest to 80 %, of two the wider."""
        return headline(self.levels)

    @property
    def cagr(self) -> Rate | None:
        """Compound growth a year from the last value to the target; None if it has no meaning."""
        base = float(self.history.values[-1])
        steps = len(self.years)
        best = self.best
        ends = np.array([best.values[-1], *best.lower[:, -1], *best.upper[:, -1]])
        if base <= 0 or ends.min() < 0 or self.history.series.measure in ("rate", "growth"):
            return None
        with np.errstate(over="ignore"):
            value, *bounds = (100 * ((ends / base) ** (1 / steps) - 1)).tolist()
        if not isfinite(max(value, *bounds)):
            return None
        levels = len(self.levels)
        return Rate(value, tuple(bounds[:levels]), tuple(bounds[levels:]))


def first_step(wide: ModelForecast) -> float:
    """The variance of a nowcast over that of a step after it, of a path at `SPREAD_LEVELS`."""
    level = SPREAD_LEVELS.index(80)
    lower = wide.lower[level, :2]
    upper = wide.upper[level, :2]
    if len(wide.values) < 2 or lower.min() <= 0:
        return 1.0
    first, second = (np.log(upper / lower) ** 2).tolist()
    return float(first / max(second - first, FEWEST_STEP * first))


def with_levels(result: Forecast, levels: Sequence[int]) -> Forecast:
    """The forecast with bounds at other levels: those of its whole distribution, and its own.

    Raises UsageError for a level without bounds; several models have those they were asked for.
    """
    best = result.best
    of_best = dict(
        zip(SPREAD_LEVELS, zip(result.wide.lower, result.wide.upper, strict=True), strict=True)
    )
    own = dict(zip(result.levels, zip(best.lower, best.upper, strict=True), strict=True))
    bounds = own if len(result.main) > 1 else of_best | own
    asked = sorted(set(levels))
    unknown = [level for level in asked if level not in bounds]
    if unknown or not asked:
        named = f"a level of {unknown[0]} %" if unknown else "no level"
        listed = ", ".join(map(str, sorted(bounds)))
        raise UsageError(f"There are no bounds for {named}.", f"Use any of {listed}.")
    index = [result.levels.index(level) for level in asked if level in result.levels]
    main = []
    for path in result.main:
        if path is best:
            lower = np.stack([bounds[level][0] for level in asked])
            upper = np.stack([bounds[level][1] for level in asked])
        else:
            lower = path.lower[index]
            upper = path.upper[index]
        main.append(replace(path, lower=lower, upper=upper))
    return replace(result, levels=tuple(asked), main=tuple(main))
