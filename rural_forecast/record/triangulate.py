"""One answer from several arguments: trend, the running year, leading markets, the growth of
another definition, drivers, and the views of others.

The answer is the mean of their quantiles, as in a pool. An argument whose range misses what was
observed last weighs nothing unless a weight is stated; one on another definition never weighs
anything. Leading markets, which are partly the trend, count as an argument unless there is reason
to doubt that they say more than it: then they count by the share of leaders in them.
`benchmarks/leaders.md` compares this with other rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rural_forecast.api import Comparable
from rural_forecast.errors import RuralForecastError, UsageError, option
from rural_forecast.forecasting.backtest import backtest
from rural_forecast.forecasting.distribution import (
    Chance,
    Scale,
    chance,
    grid,
    interpolated,
    level_scores,
)
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.leaders import ahead_of, leaders_of, weights
from rural_forecast.forecasting.nowcasting.nowcast import Nowcast, nowcast
from rural_forecast.forecasting.one_series import forecast_from
from rural_forecast.forecasting.past_record import (
    ENOUGH,
    LONGEST,
    PastRecord,
    Trial,
    record_of,
)
from rural_forecast.forecasting.pool import equal_share, last_day, left_out, quantiles_of
from rural_forecast.forecasting.result import Forecast, Voice
from rural_forecast.forecasting.wholes import whole_of_rate
from rural_forecast.models.base import Array
from rural_forecast.notes import Note
from rural_forecast.observed.definitions import related
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.other_growth import OtherGrowth, growth_since, record
from rural_forecast.observed.period import Period
from rural_forecast.question.backtest import BacktestQuestion
from rural_forecast.question.nowcast import NowcastQuestion
from rural_forecast.question.question import CONSENSUS, Question
from rural_forecast.question.triangulate import TriangulationQuestion
from rural_forecast.sizing.model import MarketModel, load
from rural_forecast.sizing.montecarlo import Estimate
from rural_forecast.sizing.result import Sizing
from rural_forecast.sizing.size import size
from rural_forecast.sizing.toml import shipped
from rural_forecast.text.cells import quoted
from rural_forecast.text.numbers import number, percent
from rural_forecast.text.wording import counted, listed, short, shortened

LEVELS = (50, 80, 95)
# Median, lower, upper.
SCORES = np.concatenate([[0.0], -level_scores(LEVELS), level_scores(LEVELS)])
TREND = "trend"
NOWCAST = "nowcast"
LEADING = "leading markets"
DEFINITION = "definition"
DRIVERS = "drivers"


class Argument(NamedTuple):
    """The answer of one argument for the target year; one that misses what was seen weighs nothing
    unless stated.
    """

    name: str
    """`trend`, `nowcast`, `leading markets`, `definition`, `drivers`, or the author of a figure."""
    quantiles: Array  # the median, then the lower and the upper bounds at `LEVELS`
    definition: str
    why: str
    weight: float = 0.0
    held: int | None = None  # of `n` earlier 80 % ranges; None without a record
    n: int = 0
    misses: str = ""  # the last observed value, in words, where its range misses it
    other: str = ""  # the definition that it is on, where it is another one: it weighs nothing
    is_point: bool = (
        False  # its author stated no range: that of `quantiles` is as wide as the trend
    )
    is_stated: bool = False  # somebody stated its weight
    record: PastRecord | None = None  # of forecasts of ours, behind `held`
    against: PastRecord | None = None  # of the trend on the same forecasts
    leaders: float | None = None  # share of leading markets in it; the rest of it is the trend
    counts: float = 1.0  # as so much of an argument, where no weight is stated
    doubt: str = ""  # the reason why it counts as less than one

    @property
    def value(self) -> float:
        """The median."""
        return float(self.quantiles[0])

    def ends(self, level: int = 80) -> tuple[float, float]:
        """The range of one of `LEVELS`."""
        lower = 1 + LEVELS.index(level)
        return float(self.quantiles[lower]), float(self.quantiles[lower + len(LEVELS)])


@dataclass(frozen=True, slots=True, eq=False)
class Triangulation(Comparable):
    """Arguments side by side, and one answer."""

    trend: Forecast
    year: int
    arguments: tuple[Argument, ...]
    together: Argument
    stated: Mapping[str, float]
    notes: tuple[Note, ...]
    leading: Forecast | None = None
    """the forecast that follows leading markets, where some are stated."""
    growth: OtherGrowth | None = None
    """that of another definition, where it is an argument."""
    sized: Sizing | None = None
    """the sizing of the drivers, where they are an argument."""

    def chance(self, target: float) -> Chance:
        """Return the chance of being at or above a value in the year, and of having been by then.

        It is on the joint paths of the trend, each carried to the answer: it ends at the same rank
        in the distribution of the answer, and moves towards it evenly on the way.
        """
        history = self.trend.history
        drawn = self.trend.paths()
        order = np.argsort(drawn[:, -1], kind="stable")
        ends = np.empty(len(drawn))
        ends[order] = self._quantiles_at(grid(len(drawn)))
        part = np.arange(1, drawn.shape[1] + 1) / drawn.shape[1]
        if min(drawn.min(), ends.min()) > 0:
            carried = drawn * (ends / drawn[:, -1])[:, None] ** part
        else:
            carried = drawn + (ends - drawn[:, -1])[:, None] * part
        carried[:, -1] = ends
        reached = chance(carried, history.values, history.first, self.trend.years, float(target))
        return reached.of_last_year()

    def _quantiles_at(self, scores: Array) -> Array:
        """Values of the answer at normal scores."""
        order = np.argsort(SCORES)
        values = self.together.quantiles[order]
        whole = whole_of_rate(self.trend.history)
        if whole is not None:
            return interpolated(scores, SCORES[order], values, "share", whole, 0.0)
        shape: Scale = "log" if values.min() > 0 else "linear"
        return interpolated(scores, SCORES[order], values, shape)

    @property
    def series(self) -> Series:
        """The series that is forecast."""
        return self.trend.history.series

    def __repr__(self) -> str:
        value = f"{self.together.value:,.4g} {self.series.unit}".rstrip()
        by = f"{len(self.arguments)} arguments"
        return f"<Triangulation of {self.series.id}: {value} in {self.year} by {by}>"


def triangulate(series: Series, question: TriangulationQuestion) -> Triangulation:
    """Set all arguments for a year side by side, and combine them.

    Parameters
    ----------
    series : a series, or whatever `rural_forecast.series` makes one of
    start : year of the first value, where the series is values alone
    year, horizon : the year of the answer, or years after the last one known
    drivers : a sizing model, a file or one that ships; left out, the one that ships for the series
    partial : known parts of the year after the last one, as in `nowcast`
    definition : a series of the same market on another definition, whose growth since is an
        argument; left out, one that the catalogue names
    weights : of arguments by name, 0 to 1; the others share what is left equally, but for leading
        markets that contain the series or erred more than its trend: these count by what they add
    ceiling, floor, measure, kind, within, like : as in `forecast`; with `like` the leading markets
        are an argument
    since, until, prefer, allow_gaps, as_of, basis, breaks : which points are used, see `Window`

    Raises
    ------
    UsageError : as `forecast` does; weights of what is no argument or on another definition; no
        argument with a weight; a definition that has no year after the last one of the series
    InputError : the sizing model is refused

    >>> import rural_forecast as rf
    >>> result = rf.triangulate({2014: 180, 2015: 353, 2016: 482}, year=2018)
    >>> result.year, result.arguments[0].name
    (2018, 'trend')
    """
    partial = question.partial
    asked = question.of(Question, levels=LEVELS)
    alone = replace(asked, like=())
    trend = forecast_from(series, alone)
    target = trend.target
    history = trend.history
    definition = series.definition
    notes: list[Note] = []
    following = None
    span = f"{counted(len(history.comparable.years), 'year')} to {history.origin}"
    trials = _trials(series, trend, alone)
    record = record_of(trials)
    arguments = [_with_record(Argument(TREND, _quantiles(trend), definition, span), record)]
    arguments += _running(series, trend, partial, alone)
    if asked.like:
        following = forecast_from(series, asked.to(target))
        notes += [note for note in following.notes if note.code in ("led", "no_leader")]
        if following.leads:
            led = _led(_trials(series, trend, asked), following)
            arguments.append(_of_leaders(following, led, trials))
    growth = _growth_elsewhere(trend, question)
    if growth is not None:
        arguments += _of_definition(trend, growth, alone)
    sized = None
    if history.as_of is None and not question.until:
        sized = _sized(series, trend, question.drivers, notes)
        if sized is not None:
            arguments.append(_from_drivers(series, trend, sized))
    elif question.drivers is not None:
        raise UsageError(
            "Drivers know later years than a hindcast may.", "Leave drivers, until and as_of out."
        )
    arguments += _voices(trend)
    weighed = _weighed(arguments, question.weights or {})
    shares = np.array([one.weight for one in weighed])
    quantiles = np.average([one.quantiles for one in weighed], axis=0, weights=shares)
    doubts = []
    for one in weighed:
        if one.other:
            text = f"No weight of {one.name}: {one.other} is another definition."
            doubts.append(Note("other_definition", text, warning=True))
        elif one.misses and not one.weight:
            text = f"No weight of {one.name}: the range misses {one.misses}."
            doubts.append(
                Note(
                    "misses_observed",
                    text,
                    warning=True,
                    advice=f"{option('weights', {one.name: 0.5})} counts it.",
                )
            )
        elif one.doubt and not one.is_stated:
            doubts.append(
                Note(
                    "leaders_doubted",
                    f"{one.name.capitalize()} count as {one.counts:.2g} of an argument: "
                    f"{one.doubt}.",
                    advice=f"{option('weights', {one.name: 0.5})} counts them in full.",
                )
            )
    together = Argument("together", quantiles, definition, _spread(weighed), 1.0)
    return Triangulation(
        trend,
        target,
        weighed,
        together,
        dict(question.weights or {}),
        (*doubts, *notes, *trend.notes),
        following,
        growth if any(one.name == DEFINITION for one in weighed) else None,
        sized,
    )


def _spread(arguments: Sequence[Argument]) -> str:
    """The lowest and the highest argument, and what they count if it is something else."""
    if len(arguments) == 1:
        return "There is one argument alone."
    least = min(arguments, key=lambda one: one.value)
    most = max(arguments, key=lambda one: one.value)
    counts = ""
    for one in (least, most):
        if one.definition not in ("", arguments[0].definition):
            counts += f"; {one.name} count {one.definition[:1].lower()}{one.definition[1:]}"
    return f"The lowest value is that of {least.name}, the highest that of {most.name}{counts}."


def _quantiles(result: Forecast | Estimate | Nowcast) -> Array:
    if isinstance(result, Forecast):
        best = result.best
        return np.concatenate([best.values[-1:], best.lower[:, -1], best.upper[:, -1]])
    return np.array([result.value, *result.lower, *result.upper])


def _with_record(argument: Argument, record: PastRecord | None) -> Argument:
    """Add how earlier forecasts of an argument fared."""
    if record is None:
        return argument
    return argument._replace(held=record.held, n=record.n, record=record)


def _trials(series: Series, trend: Forecast, question: Question) -> tuple[Trial, ...]:
    """Redo earlier forecasts, up to the years ahead of a trend."""
    if len(trend.history.comparable.years) < 2:
        return ()
    tested = backtest(
        series,
        question.of(
            BacktestQuestion,
            horizon=min(len(trend.years), LONGEST),
            models=(CONSENSUS,),
            opinions=False,
        ),
    )
    return tested.trials


def _led(trials: Iterable[Trial], following: Forecast) -> list[Trial]:
    """Select the forecasts that had a leader at their origin."""
    history = following.history.comparable
    leaders = leaders_of(following.limits.like)
    led = []
    for trial in trials:
        past = replace(history, values=history.values[: trial.origin - history.first + 1])
        whole = whole_of_rate(past)
        if ahead_of(past.values, trial.origin, 1, leaders, whole, following.limits.kind):
            led.append(trial)
    return led


def _of_leaders(following: Forecast, led: Sequence[Trial], alone: Sequence[Trial]) -> Argument:
    """Make the argument of leading markets, with the record of the trend on the same forecasts.

    It counts by the share of leaders in it where one of them contains the series, or where it erred
    more than the trend on the past of the series.
    """
    same = {(trial.origin, trial.horizon) for trial in led}
    record = record_of(led)
    against = record_of(trial for trial in alone if (trial.origin, trial.horizon) in same)
    share = float(weights(len(following.leads), len(following.years))[-1])
    there = listed(f"{lead.name} (there in {lead.crossed:.0f})" for lead in following.leads)
    doubt = _containing(following) or _worse(record, against)
    argument = Argument(
        LEADING,
        _quantiles(following),
        following.history.series.definition,
        there,
        against=against,
        leaders=share,
        counts=share if doubt else 1.0,
        doubt=doubt,
    )
    return _with_record(argument, record)


def _containing(following: Forecast) -> str:
    """Say which leaders contain the series; empty for none."""
    series = following.history.series
    totals = {series.within} if series.within else set()
    if following.limits.within is not None:
        totals.add(following.limits.within.series.id)
    names = [lead.name for lead in following.leads if lead.name in totals]
    if not names:
        return ""
    verb = "contains" if len(names) == 1 else "contain"
    return f"{listed(names)} {verb} {short(series.title or series.id)}"


def _worse(led: PastRecord | None, alone: PastRecord | None) -> str:
    """Say by how much leaders erred more than the trend; empty where they did not, or where there
    are too few forecasts to say so.
    """
    if led is None or alone is None or led.n < ENOUGH or not led.smape > alone.smape:
        return ""
    errors = f"sMAPE {led.smape:.1f} %, the trend {alone.smape:.1f} %"
    return f"they erred more than the trend on {counted(led.n, 'earlier forecast')} ({errors})"


def _running(
    series: Series, trend: Forecast, partial: Sequence[str], question: Question
) -> Iterator[Argument]:
    """The nowcast of the year after the last one, from which the trend goes on; none where no part
    of it is known.
    """
    first = trend.years[0]
    of_year = question.of(
        NowcastQuestion, year=first, partial=partial, levels=LEVELS, allow_gaps=False
    )
    try:
        estimate = nowcast(series, of_year)
    except RuralForecastError:
        if partial:
            raise
        return
    quantiles = _quantiles(estimate)
    if trend.target > first:
        if min(quantiles) <= 0:  # widths are added on a logarithmic scale below
            return
        estimated = Observation(Period(first), estimate.value, status="estimate")
        longer = replace(series, observations=(*series.observations, estimated))
        from_there = replace(question.to(trend.target), until=first if question.until else None)
        later = _quantiles(forecast(longer, from_there))
        # The errors of the running year and of those after it are taken as independent.
        wide = np.hypot(np.log(quantiles / quantiles[0]), np.log(later / later[0]))
        quantiles = later[0] * np.exp(np.sign(SCORES) * wide)
    parts = listed(str(part.part.period) for part in estimate.parts if part.use == "used")
    yield Argument(NOWCAST, quantiles, series.definition, f"{first} from {parts}")


def _growth_elsewhere(trend: Forecast, question: TriangulationQuestion) -> OtherGrowth | None:
    """The growth since the origin of the definition that is stated, or else of the one among those
    of the catalogue that has most years in common, and then the latest one.
    """
    stated = question.definition
    if question.until:
        if stated is not None:
            problem = "Another definition knows later years than a hindcast may."
            raise UsageError(problem, "Leave definition or until out.")
        return None
    others = related(trend.history.series) if stated is None else [stated]
    every = [growth for other in others if (growth := growth_since(trend.history, other))]
    if stated is not None and not every:
        raise UsageError(
            f"The growth of {stated.id} after {trend.origin} is not known: it needs amounts above "
            f"zero in {trend.origin} and later, on one basis.",
            "Name another series of the same market.",
        )
    return max(every, key=lambda growth: (growth.common, growth.last), default=None)


def _of_definition(trend: Forecast, growth: OtherGrowth, question: Question) -> Iterator[Argument]:
    """The last value times the growth of another definition, which its own trend goes on with."""
    history = trend.history
    year = trend.target
    until = min(year, growth.last)
    name = short(growth.history.series.title or growth.history.series.id)
    amount = percent(100 * (growth.factor(until) - 1), "+,.3g")
    why = f"{name}, {amount} from {growth.origin} to {until}"
    value = history.last * growth.factor(until)
    widths = growth.widths(year)
    if until < year:
        asked = Question(levels=LEVELS, as_of=question.as_of, opinions=False, kernels=False)
        later = forecast(growth.history.series, asked.to(year))
        ends = _quantiles(later)
        if ends.min() <= 0:  # widths are added on a logarithmic scale below
            return
        value *= float(ends[0]) / later.history.last
        low = np.log(ends[0] / ends[1 : 1 + len(LEVELS)])
        high = np.log(ends[1 + len(LEVELS) :] / ends[0])
        # How definitions differ and how a trend errs are taken as independent.
        below = np.hypot(widths, low)
        above = np.hypot(widths, high)
        why += ", then its trend"
    else:
        below = widths
        above = widths
    quantiles = value * np.exp(np.concatenate([[0.0], -below, above]))
    held, ranges = record(history, growth, min(len(trend.years), LONGEST))
    yield Argument(
        DEFINITION,
        quantiles,
        history.series.definition,
        f"{why}; {_in_common(growth)}",
        held=held if ranges else None,
        n=ranges,
    )


def _in_common(growth: OtherGrowth) -> str:
    """Say what the range of another definition rests on."""
    if not growth.common:
        return f"{growth.origin} alone in common, so as wide as pairs alike differed"
    years = counted(growth.common, "year")
    return f"as wide as growth of the two differed in {years}, or that of pairs alike"


def _sized(
    series: Series, trend: Forecast, drivers: str | Path | None, notes: list[Note]
) -> Sizing | None:
    """Size by the model that is named, or by the one that ships for the series, if there is one."""
    ours = None if drivers is not None or series.file else _shipped_model(series.id)
    model = ours if drivers is None else drivers
    if model is None:
        return None
    try:
        return size(model, year=trend.target, levels=LEVELS)
    except RuralForecastError as error:
        if ours is None:
            raise
        text = f"{ours.file.name} gives no {trend.target}: {str(error).rstrip('.')}."
        notes.append(Note("no_drivers", text))
        return None


def _from_drivers(series: Series, trend: Forecast, sized: Sizing) -> Argument:
    """Make the argument of drivers, which misses what was observed if its range then does."""
    main = sized.main
    origin = trend.origin
    file = sized.model.file.name
    if main.unit and series.unit and main.unit != series.unit:
        raise UsageError(
            f"{file} sizes {main.unit}, and {series.id} is in {series.unit}.",
            "Give both in one unit.",
        )
    against = sized.comparison.series if sized.comparison else series.id
    counts = sized.model.note.rstrip(".") or sized.model.title or file
    other = "" if against == series.id else against
    misses = ""
    if origin in sized.years:
        then = Argument(
            DRIVERS, _quantiles(main.estimates[sized.years.index(origin)]), counts, main.formula
        )
        misses = _outside(*then.ends(), trend.history.last, origin)
    return Argument(
        DRIVERS, _quantiles(main.estimates[-1]), counts, main.formula, misses=misses, other=other
    )


def _shipped_model(series: str) -> MarketModel | None:
    """The sizing model that ships and is set against a series."""
    for name in shipped("sizing"):
        model = load(name)
        if model.top_down is not None and model.top_down.series.id == series:
            return model
    return None


def _outside(low: float, high: float, observed: float, year: int) -> str:
    """The observed value in words where a range misses it; nothing where it holds."""
    return "" if low <= observed <= high else f"{number(observed)}, observed in {year}"


def _voices(trend: Forecast) -> Iterator[Argument]:
    last_known = last_day(trend.history)
    year = trend.target
    history = trend.history
    ours = trend.spread.values_at(np.repeat(SCORES[:, None], len(trend.years), axis=1))[:, -1]
    by_author = {}
    for other in sorted(trend.published, key=lambda other: other.published_latest or date.min):
        if other.period.year == year and left_out(other, trend, last_known) is None:
            by_author[other.author] = other
    actual = dict(zip(history.years, history.values.tolist(), strict=True))
    for author, view in by_author.items():
        ranged = 0
        missed = {}
        for earlier in trend.published:
            when = earlier.period.year
            if earlier.author != author or when not in actual:
                continue
            if earlier.interval is None or not earlier.period.is_year:
                continue
            ranged += 1
            outside = _outside(earlier.interval.lower, earlier.interval.upper, actual[when], when)
            if outside:
                missed[when] = outside
        quantiles = quantiles_of(Voice(author, {year: view}), year, trend.spread, ours, SCORES)
        yield Argument(
            author,
            quantiles,
            history.series.definition,
            ", ".join(filter(None, (view.dated, view.note))),
            held=ranged - len(missed) if ranged else None,
            n=ranged,
            misses=missed.get(history.origin, ""),
            is_point=view.interval is None,
        )


def _weighed(arguments: Sequence[Argument], stated: Mapping[str, float]) -> tuple[Argument, ...]:
    by_name = {}
    for who, weight in stated.items():
        names = [one.name for one in arguments if one.name.casefold().startswith(who.casefold())]
        meant = [name for name in names if name.casefold() == who.casefold()] or names
        if len(meant) != 1:
            every = shortened([one.name for one in arguments], 12)
            raise UsageError(
                f"{quoted([who])} is no argument.", f"There are {every}.", code="unknown_name"
            )
        by_name[meant[0]] = weight
    free: dict[str, float] = {}
    for one in arguments:
        if one.other and by_name.get(one.name):
            raise UsageError(
                f"The drivers size {one.other}, another definition.", "Leave its weight out."
            )
        if one.name not in by_name and not one.misses and not one.other:
            free[one.name] = one.counts
    left = equal_share(by_name, len(free)) * len(free)
    total = sum(free.values())
    shares = {name: left * counts / total for name, counts in free.items()} | by_name
    return tuple(
        one._replace(weight=shares.get(one.name, 0.0), is_stated=one.name in by_name)
        for one in arguments
    )
