"""The forecast of one series: what is known up to the origin, the consensus, other models, what others published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import NamedTuple, Unpack

import numpy as np

from rural_forecast.api.arguments import checked
from rural_forecast.api.equality import Comparable
from rural_forecast.errors import ModelError, UsageError, option
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.asking import ModelForecast, ask, from_consensus
from rural_forecast.forecasting.bounds import bounded, past_whole, require_possible, whole
from rural_forecast.forecasting.bounds import notes as notes_on_bounds
from rural_forecast.forecasting.consensus import Consensus, consensus
from rural_forecast.forecasting.interruption import interrupted, widened
from rural_forecast.forecasting.limits import NONE, Limits, limits
from rural_forecast.forecasting.paths import DRAWS, Chance, chance, paths
from rural_forecast.forecasting.spread import SPREAD_LEVELS, Spread, spread
from rural_forecast.models.base import Array, Ceiling, Model
from rural_forecast.notes import Note
from rural_forecast.series.definitions import other_definitions
from rural_forecast.series.history import History, annual, observed_years
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.period import LAST_YEAR
from rural_forecast.series.published import PublishedForecast, published_forecasts
from rural_forecast.series.selection import Selection

DEFAULT_LEVELS = (80, 95)
DEFAULT_HORIZON = 2
FARTHEST = 100
"""Years after the origin beyond which a target is refused."""
LEARNED_LATER = Note("learned_later")
"""Said of every forecast from an origin in the past."""


class Rate(NamedTuple):
    """Growth a year in percent."""

    value: float
    lower: tuple[float, ...]
    """One a level."""
    upper: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Forecast(Comparable):
    """A forecast of one series from its origin to a target year."""

    history: History
    """The points used."""
    years: tuple[int, ...]
    """From the one after the origin to the target, or to the last that any of the models asked for can give."""
    levels: tuple[int, ...]
    """Of the intervals, in percent, in the order of their bounds."""
    main: tuple[ModelForecast, ...]
    """The consensus alone, or the models that were asked for in its place."""
    others: tuple[ModelForecast, ...]
    """All other models, where they were asked for: members first, opinions last."""
    published: tuple[PublishedForecast, ...]
    """What third parties expected of these years."""
    weights: Mapping[str, tuple[float, ...]]
    """Weight of every member of the consensus in each year; 0 where it gives none."""
    notes: tuple[Note, ...]
    wide: ModelForecast
    """The best one with bounds at `SPREAD_LEVELS`: its whole distribution."""
    limits: Limits = NONE
    """What was stated of the numbers to come."""

    def __repr__(self) -> str:
        value = f"{self.best.values[-1]:,.4g} {self.history.series.unit}".rstrip()
        return f"<Forecast of {self.history.series.id}: {value} in {self.target} by {self.best.model}>"

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
        """What was observed after the origin, up to the target (a hindcast)."""
        return tuple(seen for seen in self.history.later if seen.period.year <= self.target)

    @property
    def best(self) -> ModelForecast:
        """The first of what was asked for that reaches the target: the consensus, unless other models were."""
        return next(path for path in self.main if len(path.values) == len(self.years))

    @property
    def spread(self) -> Spread:
        """The whole distribution of the best one in every year."""
        least = 0.0 if self.history.values.min() >= 0 else -inf
        least = max(least, -inf if self.limits.floor is None else self.limits.floor)
        bounds = self.wide.values, self.wide.lower, self.wide.upper
        return spread(*bounds, whole=whole(self.history), least=least, most=self.limits.top)

    def paths(self, draws: int = DRAWS, seed: int = 1) -> Array:
        """Sampled paths of shape (draw, year), for sums, ratios, growth and whatever else rests on several years.

        Every year of them has the distribution of its interval. Two series of different ids get independent paths.

        >>> import rural_forecast as rf
        >>> rf.forecast(rf.read("turnover"), year=2019).paths(draws=500).shape
        (500, 3)
        """
        return paths(self.spread, self.history.series.id, draws, seed, ranked=self.limits.cumulative)

    def chance(self, target: float, *, draws: int = DRAWS, seed: int = 1) -> Chance:
        """The chance to reach a value by each year of the forecast.

        >>> import rural_forecast as rf
        >>> reaching = rf.forecast(rf.read("turnover"), year=2020).chance(800)
        >>> reaching.year(), [round(share, 1) for share in reaching.chances]
        (2019, [0.2, 0.4, 0.5, 0.6])
        """
        if not isfinite(target):
            raise UsageError(f"The target {target:g} is not a finite number.", "Give a number, such as 1000.")
        history = self.history
        return chance(self.paths(draws, seed), history.values, history.first, self.years, float(target))

    @property
    def cagr(self) -> Rate | None:
        """Compound growth a year from the last value used to the target; None where it has no meaning."""
        base, steps = float(self.history.values[-1]), len(self.years)
        ends = np.array([self.best.values[-1], *self.best.lower[:, -1], *self.best.upper[:, -1]])
        if base <= 0 or ends.min() < 0 or self.history.series.measure in ("rate", "growth"):
            return None
        with np.errstate(over="ignore"):
            value, *bounds = (100 * ((ends / base) ** (1 / steps) - 1)).tolist()
        if not isfinite(max(value, *bounds)):
            return None
        levels = len(self.levels)
        return Rate(value, tuple(bounds[:levels]), tuple(bounds[levels:]))


@checked
def forecast(
    series: Series,
    *,
    year: int | None = None,
    horizon: int | None = None,
    models: Sequence[str] = (),
    kernels: bool = False,
    opinions: bool = False,
    levels: Sequence[int] = DEFAULT_LEVELS,
    ceiling: Ceiling | None = None,
    floor: float | None = None,
    cumulative: bool = False,
    kind: str | None = None,
    interrupt: Sequence[int] = (),
    **selection: Unpack[Selection],
) -> Forecast:
    """Forecast a series up to `year`, or for `horizon` years; two years after the origin without either.

    Parameters
    ----------
    models : names of models that answer in place of the consensus
    kernels, opinions : whether all our kernels, and ARIMA and ETS, answer as well
    levels : interval levels in whole percents, 30 to 99
    ceiling : range in which the market saturates: growth curves join, and nothing lies above its upper end
    floor : nothing lies below it
    cumulative : whether it is a total that never falls
    kind : kind of market, one of `MARKET_KINDS`; left out, the one that the series states
    interrupt : years across which growth is not read, see `interruption`
    selection : which points are used, see `Selection`; what was observed after `until` is shown next to the forecast

    Raises
    ------
    UsageError : the target is observed already, lies before the data or too far, a name or level is unknown, or the
        data contradict a limit, or a kind is stated and the consensus is not asked
    ModelError : no model that was asked for can answer
    """
    levels = checked_levels(levels)
    asked = [registry.get(name) for name in models if name != "consensus"]
    check_horizon(horizon, year)
    require_consensus(kind, models)
    history = annual(series, **selection)
    stated = limits(ceiling, floor, cumulative, kind or history.series.market_kind)
    require_possible(history, stated)
    years = _targets(history, year if horizon is None else history.years[-1] + horizon)
    block, interruption = interrupted(history, interrupt)
    all_levels = tuple(sorted({*levels, *SPREAD_LEVELS}))
    joint = _joint(history, block, len(years), all_levels, stated)
    everything = [
        bounded(ask(model, block, len(years), all_levels, joint, stated.ceiling), history, stated)
        for model in _wanted(asked, kernels, opinions)
    ]
    by_name = {path.model: path for path in everything}
    main = [by_name[model.name] for model in asked]
    if not asked or "consensus" in models:
        main.insert(0, bounded(from_consensus(joint), history, stated))
    if not any(path.answers for path in main):
        why = "; ".join(f"{path.model} {path.reason}" for path in main)
        raise ModelError(
            f"No model that was asked for can answer: {why}.", f"Leave {option('models')} out to get the consensus."
        )
    endings = tuple(_endings(main, years))
    years = years[: max(len(path.values) for path in main)]
    best = next(path for path in main if len(path.values) == len(years))
    others = [path for path in everything if path.model not in {path.model for path in main}]
    main, others = ([path.at_levels(all_levels, levels) for path in group] for group in (main, others))
    return Forecast(
        history=history,
        years=years,
        levels=levels,
        main=tuple(main),
        others=tuple(others),
        published=published_forecasts(series, as_of=history.as_of),
        weights={
            name: tuple(joint.weights[0, place, : len(years)].tolist()) for place, name in enumerate(joint.members)
        },
        notes=(
            *endings,
            *interruption,
            *_of_kind(main[0], block, levels, years, history, stated),
            *notes_on_bounds(history, stated),
            *past_whole(history, main),
            *_hindcast(history, years),
            *other_definitions(series, history.origin, history.as_of),
            *history.notes,
        ),
        wide=best.at_levels(all_levels, SPREAD_LEVELS),
        limits=stated,
    )


def _joint(history: History, block: Array, horizon: int, levels: tuple[int, ...], stated: Limits) -> Consensus:
    """The consensus of the values that models see, as wide as that of the history where these differ."""
    asked = horizon, levels, stated.ceiling, (stated.kind,)
    joint = consensus(block, *asked)
    plain = history.values[None]
    return joint if np.array_equal(block, plain) else widened(joint, consensus(plain, *asked))


def require_consensus(kind: str | None, models: Sequence[str]) -> None:
    """Refuse a kind where models are asked in place of the consensus, which alone it changes."""
    if kind and models and "consensus" not in models:
        raise UsageError(
            f"The kind {kind} changes the consensus alone, and other models are asked in its place.",
            f"Leave {option('kind')} out, or add {option('models', ['consensus'])}.",
        )


def _endings(main: Sequence[ModelForecast], years: Sequence[int]) -> Iterator[Note]:
    """What is said of models whose path ends before the target."""
    for path in main:
        if 0 < len(path.values) < len(years):
            fields = {"model": path.model, "last": years[len(path.values) - 1], "reason": path.reason}
            yield Note("path_ends", fields, warning=True)


def _of_kind(
    path: ModelForecast, block: Array, levels: tuple[int, ...], years: Sequence[int], history: History, stated: Limits
) -> Iterator[Note]:
    """What the stated kind changed in the last year."""
    if not stated.kind or path.model != "consensus":
        return
    kindless = stated._replace(kind=None)
    without = bounded(from_consensus(_joint(history, block, len(years), levels, kindless)), history, kindless)

    def last(given: ModelForecast) -> tuple[float, ...]:
        return float(given.values[-1]), float(given.lower[0, -1]), float(given.upper[0, -1])

    fields = {
        "kind": stated.kind,
        "year": years[-1],
        "level": levels[0],
        "unit": history.series.unit,
        "with_kind": last(path),
        "without": last(without),
    }
    yield Note("of_kind", fields)


def _hindcast(history: History, years: Sequence[int]) -> Iterator[Note]:
    """What to know of a forecast from an origin in the past; under a vintage, what was published afterwards."""
    past = history.as_of is not None or any(one.why in ("until", "new basis") for one in history.set_aside)
    if not past:
        return
    yield LEARNED_LATER
    if history.as_of is None:
        return
    break_year = min((year for year in history.series.breaks if year > history.origin), default=years[-1] + 1)
    later = [one for one in observed_years(history.series) if history.origin < one.period.year < break_year]
    values = tuple((one.value, str(one.period)) for one in later if one.period.year in years)
    if values:
        yield Note("published_later", {"values": values, "unit": history.series.unit})


def checked_levels(levels: Sequence[int]) -> tuple[int, ...]:
    """Interval levels in rising order, each once; those outside 30 to 99 are refused."""
    for level in levels:
        if not 30 <= level <= 99:
            raise UsageError(
                f"The level {level} is not between 30 and 99.",
                f"Give whole percents, such as {option('levels', [90])}.",
            )
    return tuple(sorted(set(levels)))


def check_horizon(horizon: int | None, year: int | None) -> None:
    """Refuse a horizon that is out of range, or given together with a year."""
    if horizon is not None and year is not None:
        raise UsageError(
            "A horizon and a year contradict each other.", f"Leave {option('horizon')} or {option('year')} out."
        )
    if horizon is not None and not 1 <= horizon <= FARTHEST:
        raise UsageError(
            f"The horizon {horizon} is not between 1 and {FARTHEST} years.",
            f"Give one, such as {option('horizon', 3)}.",
        )


def _targets(history: History, year: int | None) -> tuple[int, ...]:
    origin = history.years[-1]
    target = origin + DEFAULT_HORIZON if year is None else year
    name = history.series.id
    if target < history.years[0]:
        raise UsageError(
            f"{target} lies before the data of {name}, which start in {history.years[0]}.",
            f"Ask for a year after {origin}, such as {option('year', origin + 1)}.",
        )
    if target <= origin:
        known = dict(zip(history.years, history.values, strict=True)).get(target)
        what = f"is observed already ({known:g} {history.series.unit})".replace(" )", ")") if known is not None else ""
        hint = f"Ask for a later year, such as {option('year', origin + 1)}"
        if target > history.years[0]:
            hint += f", or add {option('until', target - 1)} to forecast {target} from earlier years"
        raise UsageError(f"{target} {what or 'is not after the origin ' + str(origin)}.", hint + ".")
    if target > origin + FARTHEST:
        raise UsageError(
            f"{target} is more than {FARTHEST} years after {origin}, the last year used.",
            f"The last year that can be asked for is {origin + FARTHEST}.",
        )
    if target > LAST_YEAR:
        raise UsageError(
            f"{target} is after {LAST_YEAR}, the last year there is.",
            f"Ask for an earlier year, such as {option('year', LAST_YEAR)}, or number the periods from 1.",
        )
    return tuple(range(origin + 1, target + 1))


def _wanted(asked: list[Model], kernels: bool, opinions: bool) -> list[Model]:
    chosen = list(asked)
    for model in registry.MODELS:
        wanted = opinions if model.own_forecast is not None else kernels
        if wanted and model not in chosen:
            chosen.append(model)
    return chosen
