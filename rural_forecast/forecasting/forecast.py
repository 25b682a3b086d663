"""The forecast of one series: what is known up to the origin, the consensus, other models, what
others published.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Unpack

import numpy as np

from rural_forecast.errors import ModelError, UsageError, option
from rural_forecast.forecasting import question as asking
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.answers import of_history
from rural_forecast.forecasting.distribution import DRAWS, SPREAD_LEVELS, scores, siblings, spread
from rural_forecast.forecasting.leaders import SURVIVED, Lead, weights
from rural_forecast.forecasting.limits import Limits
from rural_forecast.forecasting.panel import CONSENSUS, Request
from rural_forecast.forecasting.question import DEFAULT_LEVELS, Question
from rural_forecast.forecasting.registry import Asked, resolved
from rural_forecast.forecasting.result import Forecast, ModelForecast, Shares, spread_of
from rural_forecast.forecasting.wholes import whole_of_rate
from rural_forecast.notes import Note
from rural_forecast.series.definitions import other_definitions
from rural_forecast.series.findings import TOLERANCE_PCT
from rural_forecast.series.history import History, annual, observed_years, selected
from rural_forecast.series.observation import Series
from rural_forecast.series.preference import published_forecasts
from rural_forecast.series.shares import end_of, is_growth
from rural_forecast.text.numbers import in_unit, number, rounded
from rural_forecast.text.wording import counted, listed


def forecast(
    series: Series,
    *,
    year: int | None = None,
    horizon: int | None = None,
    models: Sequence[Asked] = (),
    kernels: bool = False,
    opinions: bool = False,
    levels: Sequence[int] = DEFAULT_LEVELS,
    **question: Unpack[Question],
) -> Forecast:
    """Forecast a series up to `year`, or for `horizon` years; two years after the origin without
    either.

    Parameters
    ----------
    series : a series, or whatever `rural_forecast.series` makes one of: a path or id, a frame,
    values by year year : last year to forecast, 100 years after the origin at most horizon : years
    after the origin, in place of `year` models : models that answer in place of the consensus, by
    name or of your own, see `OwnModel` kernels, opinions : whether all our kernels, and ARIMA and
    ETS, answer as well levels : interval levels in whole percents, 30 to 99 question : what is
    stated of the market, see `Stated`, and which points are used, see `Selection`; what was
    observed
        after `until` is shown next to the forecast

    Raises
    ------
    UsageError : the target is observed already, lies before the data or too far, a name or level is
    unknown, or the
        data contradict a limit, or a kind is stated and the consensus is not asked
    InputError : the data of the series are refused
    ModelError : no model that was asked for can answer
    TypeError : an argument is unknown or of another kind, or no series can be made of what is given
    """
    levels = asking.checked_levels(levels)
    models = resolved(models)
    asked = [registry.get(name) for name in models if name != CONSENSUS]
    asking.check_horizon(horizon, year)
    asking.require_consensus(models, kind=question.get("kind"), like=question.get("like"))
    history = annual(series, **selected(question))
    stated = asking.limits_of(question, history)
    years = asking.target_years(history, year if horizon is None else history.origin + horizon)
    all_levels = tuple(sorted({*levels, *SPREAD_LEVELS}))
    further = [model for model in registry.MODELS if (opinions if model.own_forecast else kernels)]
    wanted = [*asked, *(model for model in further if model not in asked)]
    made = of_history(
        history, Request(len(years), levels=all_levels, models=(CONSENSUS, *wanted), limits=stated)
    )
    assert made.joint is not None
    weights = dict(zip(made.joint.members, map(tuple, made.joint.weights[0].tolist()), strict=True))
    ours, *everything = map(made.path, range(1 + len(wanted)))
    everything = [replace(path, weight=weights.get(path.model, (None,))[-1]) for path in everything]
    main = everything[: len(asked)]
    others = everything[len(asked) :]
    if not asked or CONSENSUS in models:
        main.insert(0, ours)
    if not any(path.answers for path in main):
        reasons = "; ".join(f"{path.model} {path.reason} {path.message}".rstrip() for path in main)
        hint = f"Leave {option('models')} out to get the consensus."
        raise ModelError(f"No model that was asked for can answer: {reasons}.", hint)
    shorter = (path for path in main if 0 < len(path.values) < len(years))
    ends = [
        f"{path.model} gives no year after {years[len(path.values) - 1]}: {path.reason}."
        for path in shorter
    ]
    years = years[: max(len(path.values) for path in main)]
    wide = next(path for path in main if len(path.values) == len(years)).at_levels(
        all_levels, SPREAD_LEVELS
    )
    shares = _shares(
        history, stated, wide, made.total and made.total.at_levels(all_levels, SPREAD_LEVELS)
    )
    return Forecast(
        history=history,
        years=years,
        levels=levels,
        main=tuple(path.at_levels(all_levels, levels) for path in main),
        others=tuple(path.at_levels(all_levels, levels) for path in others),
        published=published_forecasts(series, as_of=history.as_of),
        weights={name: by_year[: len(years)] for name, by_year in weights.items()},
        notes=(
            *(_of_total(shares, years) if shares else ()),
            *(Note("path_ends", text, warning=True) for text in ends),
            *_of_leaders(history, stated, made.leads, years),
            *bounds(history, stated),
            *_doubts(series, history, main),
            *_hindcast(history, years),
            *other_definitions(series, history.origin, history.as_of),
            *history.notes,
        ),
        wide=wide,
        limits=stated,
        leads=made.leads,
        shares=shares,
    )


def other_basis(result: Forecast, **options: Any) -> Forecast:
    """The forecast, `options` gave it, with a note on what the other basis gives for the target,
    unless both agree.
    """
    history, basis = result.history, "chained" if result.history.basis == "levels" else "levels"
    asked: Any = {
        **options,
        "basis": basis,
        "year": result.target,
        "kernels": False,
        "opinions": False,
    }
    try:
        other = annual(history.series, **selected(asked))
    except UsageError:  # nothing to chain with
        return result
    if other.years != history.years or np.allclose(
        other.values, history.values, TOLERANCE_PCT / 100, 0
    ):
        return result
    value = forecast(history.series, **asked).best.last
    unit = in_unit(history.series.unit)
    head = (
        "On the levels as published"
        if basis == "levels"
        else "On levels chained by the published growth"
    )
    text = f"{head} the forecast for {result.target} is {rounded(value)}{unit}."
    note = Note("other_basis", text, advice=f"See it with --basis {basis}.")
    return replace(result, notes=(*result.notes, note))


def _shares(
    history: History, stated: Limits, wide: ModelForecast, total: ModelForecast | None
) -> Shares | None:
    """The share of the total that the forecasts of both imply; None without a total of positive
    values.
    """
    known = stated.within
    horizon = len(wide.values)
    total = total and total.first(horizon)
    if known is None or total is None or total.lower.min() <= 0:
        return None
    before = dict(zip(known.years, known.values.tolist(), strict=True))
    pairs = zip(history.years, history.values.tolist(), strict=True)
    past = [value / before[year] for year, value in pairs if before.get(year, 0.0) > 0]
    seed = int.from_bytes(history.series.id.encode(), "big")
    ours, other = (scores(horizon, DRAWS, place, seed) for place in (1, 2))
    alike = np.array([siblings(step) for step in range(1, horizon + 1)])
    wholes = spread(total.values, total.lower, total.upper).at(
        alike * ours + np.sqrt(1 - alike**2) * other
    )
    parts = spread_of(wide, history.values, stated, whole_of_rate(history)).at(ours)
    lower, value, upper = np.quantile(np.minimum(parts / wholes, 1.0), (0.1, 0.5, 0.9), axis=0)
    binds = bool((wide.upper >= total.upper).any())
    span = (min(past), max(past)) if past else None
    return Shares(
        known.series.id, known.series.title or known.series.id, value, lower, upper, span, binds
    )


LEARNED_LATER = Note("learned_later", "The models were trained on data from after this year.")


def bounds(history: History, stated: Limits) -> Iterator[Note]:
    """Which bounds a forecast keeps."""
    unit = in_unit(history.series.unit)
    most = whole_of_rate(history)
    if most is not None:
        yield Note(
            "rate_ends",
            f"A rate ends at {most:g}{unit}: forecasts near it approach it ever more slowly.",
        )
    if stated.ceiling is not None:
        ends = " to ".join(dict.fromkeys(map(number, stated.ceiling)))
        own = " Each path saturates at a level of its own in this range." if stated.ranged else ""
        yield Note("ceiling", f"Nothing lies above the stated ceiling, {ends}{unit}.{own}")
    if stated.floor is not None:
        yield Note("floor", f"Nothing lies below the stated floor of {number(stated.floor)}{unit}.")
    if stated.cumulative:
        last = f"{number(history.last)}{unit}"
        yield Note(
            "cumulative",
            f"A running total: no median falls, and no bound lies below the last value, {last}.",
        )


def _of_leaders(
    history: History, stated: Limits, ahead: Sequence[Lead], years: Sequence[int]
) -> Iterator[Note]:
    if stated.like and not ahead:
        rose = f"passed {number(history.last)}{in_unit(history.series.unit)} from below a year before {history.origin}"
        text = f"No leading market: none of {counted(len(stated.like), 'market')} {rose} or earlier, and stayed above."
        yield Note("no_leader", text, warning=True)
    elif ahead:
        names = listed(f"{lead.name} (there in {lead.crossed:.0f})" for lead in ahead)
        share = weights(len(ahead), len(years))
        ends = {f"{100 * share[place]:.0f} % in {years[place]}": None for place in (0, -1)}
        text = f"The forecast follows {names}, with a weight of {listed(ends)}."
        yield Note("led", f"{text} {SURVIVED}")


def _of_total(shares: Shares, years: Sequence[int]) -> Iterator[Note]:
    if shares.binds:
        yield Note("within", f"Nothing lies above {shares.title}, by its own forecast.")
    if shares.past and not shares.past[0] <= shares.value[-1] <= shares.past[1]:
        ends = shares.value[-1], shares.lower[-1], shares.upper[-1], *shares.past
        share, low, high, *past = (f"{100 * part:.0f}" for part in ends)
        so_far = " to ".join(dict.fromkeys(past))
        text = f"In {years[-1]} it is {share} % of {shares.title} (80 %: {low} to {high} %), and {so_far} % so far."
        yield Note("share_leaves", text)


def _doubts(series: Series, history: History, paths: Sequence[ModelForecast]) -> Iterator[Note]:
    values = history.values
    names = (series.id, series.title)
    if series.measure in ("rate", "growth"):
        return
    most = end_of(names, series.unit, float(values.min()), float(values.max()))
    highest = max(
        float(side.max(initial=0.0)) for path in paths for side in (path.values, path.upper)
    )
    if most is not None and highest > most:
        yield past_whole_note(most)
    if is_growth(names, series.unit):
        yield growth_note()


def past_whole_note(most: float, where: str = "") -> Note:
    """The warning; `where`: in which series of a batch."""
    text = f"The forecast passes {'100 %' if most > 1 else '1, that is 100 %'}{where}, which no share of a whole can."
    return Note("past_whole", text, warning=True, advice="--measure rate keeps it below.")


def growth_note(where: str = "") -> Note:
    """The warning; `where`: in which series of a batch."""
    text = f"Growth in percent (by name and unit) is forecast as an amount{where}. To forecast a market, give its "
    return Note(
        "growth_forecast", f"{text}levels, with growth in a column growth_pct.", warning=True
    )


def _hindcast(history: History, years: Sequence[int]) -> Iterator[Note]:
    if history.as_of is not None or any(
        left_out.why in ("until", "new basis") for left_out in history.left_out
    ):
        yield LEARNED_LATER
    if history.as_of is None:
        return
    break_year = min(
        (year for year in history.series.breaks if year > history.origin), default=years[-1] + 1
    )
    later = (
        seen
        for seen in observed_years(history.series)
        if history.origin < seen.period.year < break_year
    )
    if values := [
        f"{number(seen.value)} for {seen.period}" for seen in later if seen.period.year in years
    ]:
        unit = f" ({history.series.unit})" if history.series.unit else ""
        yield Note("published_later", f"Published later and not used{unit}: {listed(values)}.")
