"""The judgement of others pooled with ours: the mean of the quantiles of all voices, by equal or
stated weights.

Where later values are held back, voices count as of the day before the first of them was published.
A mixture of equally skilled voices would be too wide (Lichtendahl et al. 2013, DOI
10.1287/mnsc.1120.1667).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeVar

import numpy as np

from rural_forecast.errors import UsageError, option
from rural_forecast.forecasting.distribution import (
    SPREAD_LEVELS,
    Spread,
    interpolated,
    level_scores,
    moved,
)
from rural_forecast.forecasting.result import OURS, Forecast, ModelForecast, Pool, Voice
from rural_forecast.models.base import Array
from rural_forecast.notes import Note
from rural_forecast.series.history import History
from rural_forecast.series.preference import PublishedForecast
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import listed, shortened, spans

F = TypeVar("F", bound=Forecast)
OTHER_YEARS = "other years"


def pooled(result: F, weights: Mapping[str, float] | None = None) -> F:
    """A forecast in which the pool of all voices leads; ours alone is in its `pool`.

    Parameters
    ----------
    weights : of voices by their author, or of `ours`, 0 to 1; the others share what is left equally

    Raises
    ------
    UsageError : nobody else forecasts these years, a voice contradicts a limit, or the weights do

    >>> import rural_forecast as rf
    >>> result = pooled(rf.forecast(rf.read("turnover"), year=2018))
    >>> result.pool.years, result.pool.shares(2017), round(float(result.best.values[0]), -1)
    ((2017,), {'ours': 0.5, 'author not named': 0.5}, 580.0)
    """
    known_by = last_day(result.history)
    why = [left_out(other, result, known_by) for other in result.published]
    usable = [other for other, reason in zip(result.published, why, strict=True) if reason is None]
    if not usable:
        raise _nobody_else(result, tuple(filter(None, dict.fromkeys(why))))
    by_author: dict[str, dict[int, PublishedForecast]] = {}
    for other in sorted(usable, key=lambda other: other.published_latest or date.min):
        by_author.setdefault(other.author, {})[other.period.year] = other
    if OURS in by_author:
        raise UsageError(
            f"An author is named '{OURS}', as our own forecast is in a pool.", "Rename the author."
        )
    voices = _weighed([Voice(OURS, {}), *(Voice(*one) for one in by_author.items())], weights or {})
    years = tuple(
        year
        for year in result.years
        if any(year in voice.forecasts for voice in voices if voice.weight)
    )
    if not years:
        raise UsageError(
            "Nobody else has a weight in these years.", f"Give another voice than {OURS} a weight."
        )
    pool = Pool(years, result.best, voices)
    older = len(usable) - sum(map(len, by_author.values()))
    return replace(
        result,
        main=(_averaged(result, voices, result.best, result.levels),),
        others=(*result.main, *result.others) if result.others else (),
        wide=_averaged(result, voices, result.wide, SPREAD_LEVELS),
        pool=pool,
        notes=(*_notes(result, pool, why, older), *result.notes),
    )


def left_out(other: PublishedForecast, result: Forecast, known_by: date | None) -> str | None:
    """Why a published forecast is no voice of these years; None where it is one."""
    if not result.origin < other.period.year <= result.target:
        return OTHER_YEARS
    if other.target:
        return "plans"
    if other.qualifier in "<>":
        return "bounds"
    if not other.period.is_year:
        return "parts of years"
    if known_by is None or (other.published_latest or date.max) <= known_by:
        return None
    dated = f"figures published after {known_by}"
    return (
        dated
        if other.published_latest
        else "figures without a date, while later values are held back"
    )


def _nobody_else(result: Forecast, why: Sequence[str]) -> UsageError:
    there = f"; there are only {listed(why)}" if why else ""
    later = [
        other.period.year
        for other in result.published
        if not other.target and other.period.year > result.target
    ]
    hint = (
        "Add rows with the status forecast or expert, each with a value, in the unit of the series."
    )
    if any(reason.startswith("figures") for reason in why):
        hint = f"Leave {option('until')} out: it is answered with what was known then."
    elif later:
        hint = f"Ask for {option('year', min(later))}."
    return UsageError(
        f"Nobody else forecasts {result.history.series.id} for {spans(result.years)}{there}.", hint
    )


def last_day(history: History) -> date | None:
    """The day before the value after the origin was known, where it is held back; None where none
    is.
    """
    held_back = (
        seen.observation for seen in history.left_out if seen.why in ("until", "new basis")
    )
    ends = ((seen.published_earliest, date(seen.period.year, 12, 31)) for seen in held_back)
    return min(
        (known - timedelta(days=1) if known else year_end for known, year_end in ends), default=None
    )


def _weighed(voices: list[Voice], stated: Mapping[str, float]) -> tuple[Voice, ...]:
    names = [voice.who for voice in voices]
    if unknown := next((who for who in stated if who not in names), None):
        raise UsageError(
            f"'{unknown}' is no voice of the pool.", f"Its voices are {shortened(names, 12)}."
        )
    equal = equal_share(stated, len(voices) - len(stated))
    return tuple(
        voice._replace(
            weight=stated.get(voice.who, equal), by="stated" if voice.who in stated else "equal"
        )
        for voice in voices
    )


def equal_share(stated: Mapping[str, float], others: int) -> float:
    """The weight of each of the others, which share what is left. Raises UsageError if stated
    weights are no shares.
    """
    for who, weight in stated.items():
        if not 0 <= weight <= 1:
            raise UsageError(
                f"The weight {weight:g} of {who} is not between 0 and 1.",
                "Write a share, such as 0.3.",
            )
    total = sum(stated.values())
    if total > 1 + 1e-9 or (not others and abs(total - 1) > 1e-9):
        problem = f"The stated weights sum to {total:g}, not to {'1 or less' if others else '1'}."
        raise UsageError(
            problem, "Change one of them; those without a stated weight share what is left."
        )
    return max(1 - total, 0.0) / max(others, 1)


def _averaged(
    result: Forecast, voices: tuple[Voice, ...], own: ModelForecast, levels: Sequence[int]
) -> ModelForecast:
    """The weighted mean of the quantiles of all voices, for each year of the forecast; `own` is
    ours.
    """
    spread = result.spread
    if result.limits.cumulative:
        spread = spread._replace(least=max(spread.least, float(result.history.values[-1])))
    ends = level_scores(levels)
    scores = np.concatenate([[0.0], -ends, ends])
    ours = np.concatenate([own.values[None], own.lower, own.upper])
    table = ours.copy()
    for step, year in enumerate(result.years):
        there = [voice for voice in voices if voice.weight and voice.speaks_of(year)]
        if not there:
            continue  # nobody but voices of other years has a weight: ours stays
        every = [
            ours[:, step] if one.who == OURS else said(one, year, spread, ours[:, step], scores)
            for one in there
        ]
        table[:, step] = np.average(every, axis=0, weights=[voice.weight for voice in there])
    if result.limits.cumulative:
        table = np.maximum.accumulate(table, axis=1)
    return ModelForecast("pool", table[0], table[1 : 1 + len(ends)], table[1 + len(ends) :])


def said(voice: Voice, year: int, spread: Spread, ours: Array, scores: Array) -> Array:
    """Quantiles of a voice for a year at normal scores, the median first; `ours`: the same of ours."""
    forecast = voice.forecasts[year]
    value = forecast.value
    least = spread.least
    most = spread.most
    if not least <= value <= most or (spread.shape == "log" and value <= 0):
        low = max(least, 0.0) if spread.shape == "log" else least
        high = most
        limit = low if value <= low else high
        side = f"{'below' if value <= low else 'above'} {number(limit)}"
        problem = f"{number(value)} for {year} by {voice.who} is {side}, which no forecast of this series can be."
        raise UsageError(problem, f"Change the limit, or use {option('weight', f'{voice.who}=0')}.")
    if forecast.interval is None:
        return np.clip(moved(ours, float(ours[0]), value, spread.shape, spread.whole), least, most)
    lower, upper, level = forecast.interval
    score = float(level_scores((level,))[0])
    scale = "linear" if spread.shape == "log" and lower <= 0 else spread.shape
    known = np.array([lower, value, upper])
    return np.minimum(
        interpolated(scores, np.array([-score, 0, score]), known, scale, spread.whole, least), most
    )


def _notes(result: Forecast, pool: Pool, why: list[str | None], older: int) -> list[Note]:
    widths = {"range": "its own range", OURS: "a point, as wide as ours"}
    how = [
        f" ({' and '.join(widths[kind] for kind in one.spread)})" if one.who != OURS else ""
        for one in pool.voices
    ]
    who = [
        f"{one.who} {100 * one.weight:.0f} %{width}"
        for one, width in zip(pool.voices, how, strict=True)
    ]
    text = f"The pool for {spans(pool.years)} averages {listed(who)}."
    if silent := [year for year in result.years if year not in pool.years]:
        text += f" Nobody else forecasts {spans(silent)}: ours alone."
    left = [
        f"{reason} ({why.count(reason)})"
        for reason in dict.fromkeys(why)
        if reason and reason != OTHER_YEARS
    ]
    left += [f"earlier forecasts of the same author ({older})"] if older else []
    out = [Note("not_pooled", f"Not in the pool: {listed(left)}.")] if left else []
    return [Note("pooled", text), *out]
