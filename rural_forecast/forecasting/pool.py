"""The judgement of others pooled with ours: a mixture of distributions, its quantiles by inversion.

A mixture is wider where voices disagree, as it should be; an average of their bounds would not be. Published forecasts
and experts of the same series are voices; plans and figures that are only bounds are not. Each year mixes those who
forecast it. Where later values are held back, voices count as of the day before the first of them was published.
See Genest and Zidek, 1986, "Combining probability distributions".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import exp
from typing import Unpack

import numpy as np

from rural_forecast.errors import UsageError, option
from rural_forecast.forecasting.backtest import ENOUGH
from rural_forecast.forecasting.distribution import DRAWS, Spread, grid, interpolated, level_scores, moved
from rural_forecast.forecasting.result import OURS, Forecast, ModelForecast, Pool, Voice
from rural_forecast.forecasting.vintages import PublishedScore, published_scores
from rural_forecast.models.base import Array
from rural_forecast.notes import Note
from rural_forecast.series.history import History, Selection
from rural_forecast.series.published import PublishedForecast
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import listed, shortened, spans

OTHER_YEARS = "other years"
MOST_RATIO = 4.0
"""How much more or less than ours a scored record lets a voice weigh."""


def pooled(result: Forecast, weights: Mapping[str, float] | None = None, **selection: Unpack[Selection]) -> Forecast:
    """A forecast with the pool of its series next to it.

    Without weights, a voice with 8 scored forecasts or more weighs by its mean absolute error against ours on the same
    years, from a quarter of ours to four times as much; all others weigh as we do.

    Parameters
    ----------
    weights : of voices by their author, or of `ours`, 0 to 1; the others share what is left
    selection : that of the forecast; earlier forecasts are scored with it

    Raises
    ------
    UsageError : nobody else forecasts these years, a voice contradicts a limit, or the weights do

    >>> import rural_forecast as rf
    >>> result = pooled(rf.forecast(rf.read("turnover"), year=2018))
    >>> result.pool.years, result.pool.shares(2017), round(float(result.pool.main.values[0]), -1)
    ((2017,), {'ours': 0.5, 'author not named': 0.5}, 590.0)
    """
    history, known_by = result.history, _last_day(result.history)
    why = [_left_out(other, result, known_by) for other in result.published]
    usable = [other for other, left_out in zip(result.published, why, strict=True) if left_out is None]
    if not usable:
        later = (other.period.year for other in result.published if not other.target)
        next_year = min((year for year in later if year > result.target), default=None)
        raise _nobody_else(result, tuple(filter(None, dict.fromkeys(why))), next_year)
    by_author: dict[str, dict[int, PublishedForecast]] = {}
    for other in sorted(usable, key=lambda other: other.published_latest or date.min):
        by_author.setdefault(other.author, {})[other.period.year] = other
    if OURS in by_author:
        raise UsageError(f"An author is named '{OURS}', as our own forecast is in a pool.", "Rename the author.")
    scored = [
        score
        for score in published_scores(history.series, history, result.limits, **selection)
        if score.error_pct is not None and score.ours is not None and score.forecast.period.year <= history.origin
    ]
    voices = [Voice(OURS, {}, 1.0, "equal")]
    for who, forecasts in by_author.items():
        voices.append(_judged(who, forecasts, [score for score in scored if score.forecast.author == who]))
    pool = _mixed(result, _weighed(voices, weights or {}))
    older = len(usable) - sum(map(len, by_author.values()))
    return replace(result, pool=pool, notes=(*_notes(result, pool, why, older), *result.notes))


def _left_out(other: PublishedForecast, result: Forecast, known_by: date | None) -> str | None:
    """Why a published forecast is no voice of these years; None where it is one."""
    if not result.origin < other.period.year <= result.target:
        return OTHER_YEARS
    if other.target:
        return "plans"
    if other.qualifier in "<>":
        return "bounds"
    if not other.period.is_year:
        return "parts of years"
    if known_by is not None and (other.published_latest or date.max) > known_by:
        if other.published_latest:
            return f"figures published after {known_by}"
        return "figures without a date, while later values are held back"
    return None


def _nobody_else(result: Forecast, why: Sequence[str], next_year: int | None) -> UsageError:
    """`why`: why others are left out; `next_year`: the first later year that others forecast."""
    there = f"; there are only {listed(why)}" if why else ""
    hint = "Add rows with the status forecast or expert, each with a value, in the unit of the series."
    if next_year:
        hint = f"Ask for {option('year', next_year)}."
    if any(reason.startswith("figures") for reason in why):
        hint = f"Leave {option('until')} out: it is answered with what was known then."
    return UsageError(f"Nobody else forecasts {result.history.series.id} for {spans(result.years)}{there}.", hint)


def _last_day(history: History) -> date | None:
    """The day before the value after the origin was known, where it is held back; None where none is.

    A value without a date was not known within its year.
    """
    held_back = (seen.observation for seen in history.left_out if seen.why in ("until", "new basis"))
    days = (
        seen.published_earliest - timedelta(days=1) if seen.published_earliest else date(seen.period.year, 12, 31)
        for seen in held_back
    )
    return min(days, default=None)


def _judged(who: str, forecasts: Mapping[int, PublishedForecast], scored: list[PublishedScore]) -> Voice:
    if len(scored) < ENOUGH:
        return Voice(who, forecasts, 1.0, "equal", len(scored))
    theirs = float(np.mean([abs(score.error_pct or 0.0) for score in scored]))
    ours = float(np.mean([abs(100 * ((score.ours or 0.0) / score.actual - 1)) for score in scored]))
    ratio = min(max(ours / theirs if theirs else MOST_RATIO, 1 / MOST_RATIO), MOST_RATIO)
    ratios = [score.actual / score.forecast.value if score.forecast.value else 0.0 for score in scored]
    sigma = float(np.sqrt(np.mean(np.log(ratios) ** 2))) if min(ratios) > 0 else None
    return Voice(who, forecasts, ratio, "record", len(scored), theirs, ours, sigma or None)


def _weighed(voices: list[Voice], stated: Mapping[str, float]) -> tuple[Voice, ...]:
    names = [voice.who for voice in voices]
    for who, weight in stated.items():
        if who not in names:
            raise UsageError(f"'{who}' is no voice of the pool.", f"Its voices are {shortened(names, 12)}.")
        if not 0 <= weight <= 1:
            raise UsageError(f"The weight {weight:g} of {who} is not between 0 and 1.", "Write a share, such as 0.3.")
    total, rest = sum(stated.values()), sum(voice.weight for voice in voices if voice.who not in stated)
    if total > 1 + 1e-9 or (not rest and abs(total - 1) > 1e-9):
        problem = f"The stated weights sum to {total:g}, not to {'1 or less' if rest else '1'}."
        raise UsageError(problem, "Change one of them; voices without a stated weight share what is left.")
    return tuple(
        voice._replace(weight=stated[voice.who], by="stated")
        if voice.who in stated
        else voice._replace(weight=voice.weight / rest * max(1 - total, 0.0))
        for voice in voices
    )


def _mixed(result: Forecast, voices: tuple[Voice, ...]) -> Pool:
    scores, spread = grid(DRAWS), result.spread
    if result.limits.cumulative:
        spread = spread._replace(least=max(spread.least, float(result.history.values[-1])))
    ours = spread.at(np.repeat(scores[:, None], len(result.years), axis=1))
    tails = [0.5, *(0.5 - level / 200 for level in result.levels), *(0.5 + level / 200 for level in result.levels)]
    years, columns = [], []
    for step, year in enumerate(result.years):
        there = [voice for voice in voices if voice.weight and voice.speaks_of(year)]
        if not any(voice.forecasts for voice in there):
            continue
        median = float(result.best.values[step])
        drawn = np.stack(
            [
                ours[:, step] if voice.who == OURS else _drawn(voice, year, spread, ours[:, step], median, scores)
                for voice in there
            ]
        )
        years.append(year)
        columns.append(_quantiles(drawn, np.array([voice.weight for voice in there]), tails))
    if not years:
        problem = "Nobody else has a weight in these years."
        raise UsageError(problem, f"Give another voice than {OURS} a weight.")
    table = np.array(columns).T
    if result.limits.cumulative:
        table = np.maximum.accumulate(table, axis=1)
    levels = len(result.levels)
    main = ModelForecast("pool", table[0], table[1 : 1 + levels], table[1 + levels :])
    return Pool(tuple(years), main, voices)


def _drawn(voice: Voice, year: int, spread: Spread, ours: Array, median: float, scores: Array) -> Array:
    """The distribution of a voice in a year, at normal scores."""
    forecast = voice.forecasts[year]
    value, least, most = forecast.value, spread.least, spread.most
    if not least <= value <= most or (spread.shape == "log" and value <= 0):
        low, high = max(least, 0.0) if spread.shape == "log" else least, most
        limit = low if value <= low else high
        side = f"{'below' if value <= low else 'above'} {number(limit)}"
        problem = f"{number(value)} for {year} by {voice.who} is {side}, which no forecast of this series can be."
        raise UsageError(problem, f"Change the limit, or use {option('pool_weight', f'{voice.who}=0')}.")
    if forecast.interval is not None:
        lower, upper, level = forecast.interval
        score = float(level_scores((level,))[0])
    elif voice.sigma is not None and value > 0:
        lower, upper, score = value * exp(-voice.sigma), value * exp(voice.sigma), 1.0
    else:
        drawn = moved(ours, median, value, spread.shape, spread.whole)
        return np.clip(drawn, least, most)
    shape = "linear" if spread.shape == "log" and lower <= 0 else spread.shape
    known = np.array([lower, value, upper])
    return np.minimum(interpolated(scores, np.array([-score, 0, score]), known, shape, spread.whole, least), most)


def _quantiles(drawn: Array, weights: Array, shares: list[float]) -> Array:
    """Quantiles of a mixture of distributions of shape (voice, point), each point of equal probability."""
    each = np.repeat(weights / weights.sum() / drawn.shape[1], drawn.shape[1])
    order = np.argsort(drawn, axis=None, kind="stable")
    below = np.cumsum(each[order]) - each[order] / 2
    return np.interp(shares, below, drawn.ravel()[order])


_WIDTHS = {"range": "its own range", "record": "as wide as its errors so far", OURS: "a point, as wide as ours"}


def _notes(result: Forecast, pool: Pool, why: list[str | None], older: int) -> list[Note]:
    """Who weighs how much, and what is left out."""
    equal = all(voice.by == "equal" for voice in pool.voices)
    text = f"The pool for {spans(pool.years)} mixes {listed(_described(voice, equal) for voice in pool.voices)}"
    text += f" with equal weights: nobody has {ENOUGH} scored forecasts." if equal else "."
    silent = [year for year in result.years if year not in pool.years]
    notes = [Note("pooled", f"{text} Nobody else forecasts {spans(silent)}." if silent else text)]
    left = [f"{reason} ({why.count(reason)})" for reason in dict.fromkeys(why) if reason and reason != OTHER_YEARS]
    left += [f"earlier forecasts of the same author ({older})"] if older else []
    return [*notes, Note("not_pooled", f"Not in the pool: {listed(left)}.")] if left else notes


def _described(voice: Voice, equal: bool) -> str:
    """A voice with its weight, where that comes from, and how wide its distribution is."""
    about = []
    if voice.by == "record":
        theirs, ours = voice.error_pct or 0.0, voice.ours_pct or 0.0
        about.append(f"error {theirs:.1f} % over {voice.scored} forecasts, ours {ours:.1f} %")
    elif voice.by == "stated":
        about.append("stated")
    elif not equal and voice.who != OURS:
        about.append(f"{voice.scored} scored forecasts, fewer than {ENOUGH}: as ours")
    if voice.who != OURS:
        about.append(" and ".join(_WIDTHS[kind] for kind in voice.spread))
    share, why = "" if equal else f" {100 * voice.weight:.0f} %", f" ({'; '.join(about)})" if about else ""
    return f"{voice.who}{share}{why}"
