"""The judgement of others pooled with ours: the mean of the quantiles of all voices, by equal or
stated weights.

Where later values are held back, voices count as of the day before the first of them was published.
A mixture of equally skilled voices would be too wide (Lichtendahl et al. 2013, DOI
10.1287/mnsc.1120.1667).
"""

from collections.abc import Iterator, Mapping, Sequence
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
from rural_forecast.observed.history import History
from rural_forecast.observed.preference import PublishedForecast
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import listed, shortened, spans

F = TypeVar("F", bound=Forecast)
OTHER_YEARS = "other years"


def pooled(result: F, weights: Mapping[str, float] | None = None) -> F:
    """A forecast in which the pool of all voices leads; ours alone is in its `pool`.

    Parameters
    ----------
    result : a forecast of one series, or what has one
    weights : of voices by their author, or of `ours`, 0 to 1; the others share what is left equally

    Raises
    ------
    UsageError : nobody else forecasts these years, a voice contradicts a limit, or the weights do

    >>> import rural_forecast as rf
    >>> result = pooled(rf.forecast(rf.read("turnover"), year=2018))
    >>> result.pool.years, result.pool.shares(2017), round(float(result.best.values[0]), -1)
    ((2017,), {'ours': 0.5, 'author not named': 0.5}, 620.0)
    """
    known_by = last_day(result.history)
    reasons = [left_out(figure, result, known_by) for figure in result.published]
    usable = [
        figure for figure, reason in zip(result.published, reasons, strict=True) if reason is None
    ]
    if not usable:
        raise _nobody_else(result, [reason for reason in dict.fromkeys(reasons) if reason])
    by_author = _latest_by_author(usable)
    if OURS in by_author:
        raise UsageError(
            f"An author is named '{OURS}', as our own forecast is in a pool.", "Rename the author."
        )
    others = [Voice(author, figures) for author, figures in by_author.items()]
    voices = _weighed([Voice(OURS, {}), *others], weights or {})
    years = tuple(year for year in result.years if _has_a_voice(voices, year))
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
        notes=(*_notes(result, pool, reasons, older), *result.notes),
    )


def _latest_by_author(
    figures: Sequence[PublishedForecast],
) -> dict[str, dict[int, PublishedForecast]]:
    """Return the latest figure of each author for each year."""
    by_author: dict[str, dict[int, PublishedForecast]] = {}
    for figure in sorted(figures, key=lambda figure: figure.published_latest or date.min):
        by_author.setdefault(figure.author, {})[figure.period.year] = figure
    return by_author


def _has_a_voice(voices: Sequence[Voice], year: int) -> bool:
    """Return True if somebody else with a weight forecasts a year."""
    return any(voice.weight and year in voice.forecasts for voice in voices)


def left_out(other: PublishedForecast, result: Forecast, known_by: date | None) -> str | None:
    """Return the reason why a published forecast is no voice of these years; None if it is one."""
    if not result.origin < other.period.year <= result.target:
        return OTHER_YEARS
    if other.target:
        return "plans"
    if other.qualifier in "<>":
        return "bounds"
    if not other.period.is_year:
        return "parts of years"
    if known_by is None:
        return None
    if other.published_latest is None:
        return "figures without a date, while later values are held back"
    return None if other.published_latest <= known_by else f"figures published after {known_by}"


def _nobody_else(result: Forecast, reasons: Sequence[str]) -> UsageError:
    only = f"; there are only {listed(reasons)}" if reasons else ""
    forecasts = [figure for figure in result.published if not figure.target]
    later = [year for year in map(_year, forecasts) if year > result.target]
    if any(reason.startswith("figures") for reason in reasons):
        hint = f"Leave {option('until')} out: it is answered with what was known then."
    elif later:
        hint = f"Ask for {option('year', min(later))}."
    else:
        hint = (
            "Add rows with the status forecast or expert, each with a value, "
            "in the unit of the series."
        )
    name = result.history.series.id
    return UsageError(f"Nobody else forecasts {name} for {spans(result.years)}{only}.", hint)


def _year(figure: PublishedForecast) -> int:
    return figure.period.year


def last_day(history: History) -> date | None:
    """Return the day before the first value that is held back was known; None if none is."""
    days = []
    for unused in history.left_out:
        if unused.why not in ("until", "new basis"):
            continue
        value = unused.observation
        if value.published_earliest:
            days.append(value.published_earliest - timedelta(days=1))
        else:
            # Without a date, its year at least has to be over.
            days.append(date(value.period.year, 12, 31))
    return min(days, default=None)


def _weighed(voices: list[Voice], stated: Mapping[str, float]) -> tuple[Voice, ...]:
    names = [voice.who for voice in voices]
    for who in stated:
        if who not in names:
            raise UsageError(
                f"'{who}' is no voice of the pool.", f"Its voices are {shortened(names, 12)}."
            )
    equal = equal_share(stated, len(voices) - len(stated))
    weighed = []
    for voice in voices:
        if voice.who in stated:
            weighed.append(voice._replace(weight=stated[voice.who], by="stated"))
        else:
            weighed.append(voice._replace(weight=equal, by="equal"))
    return tuple(weighed)


def equal_share(stated: Mapping[str, float], others: int) -> float:
    """Return the weight of each of the others, which share what is left.

    Raises UsageError if stated weights are no shares.
    """
    for who, weight in stated.items():
        if not 0 <= weight <= 1:
            raise UsageError(
                f"The weight {weight:g} of {who} is not between 0 and 1.",
                "Write a share, such as 0.3.",
            )
    total = sum(stated.values())
    if total > 1 + 1e-9 or (not others and abs(total - 1) > 1e-9):
        wanted = "1 or less" if others else "1"
        raise UsageError(
            f"The stated weights sum to {total:g}, not to {wanted}.",
            "Change one of them; those without a stated weight share what is left.",
        )
    return max(1 - total, 0.0) / max(others, 1)


def _averaged(
    result: Forecast, voices: tuple[Voice, ...], own: ModelForecast, levels: Sequence[int]
) -> ModelForecast:
    """Average the quantiles of all voices for each year of the forecast; `own` is ours."""
    spread = result.spread
    if result.limits.cumulative:
        spread = spread._replace(least=max(spread.least, float(result.history.values[-1])))
    ends = level_scores(levels)
    scores = np.concatenate([[0.0], -ends, ends])
    ours = np.concatenate([own.values[None], own.lower, own.upper])
    table = ours.copy()
    for step, year in enumerate(result.years):
        speaking = [voice for voice in voices if voice.weight and voice.speaks_of(year)]
        if not speaking:
            continue  # nobody but voices of other years has a weight: ours stays
        ours_then = ours[:, step]
        quantiles = []
        for voice in speaking:
            if voice.who == OURS:
                quantiles.append(ours_then)
            else:
                quantiles.append(quantiles_of(voice, year, spread, ours_then, scores))
        weights = [voice.weight for voice in speaking]
        table[:, step] = np.average(quantiles, axis=0, weights=weights)
    if result.limits.cumulative:
        table = np.maximum.accumulate(table, axis=1)
    levels_end = 1 + len(ends)
    return ModelForecast("pool", table[0], table[1:levels_end], table[levels_end:])


def quantiles_of(voice: Voice, year: int, spread: Spread, ours: Array, scores: Array) -> Array:
    """Return the quantiles of a voice for a year at normal scores, the median first.

    `ours` are the same of our forecast, whose width a point takes.
    """
    forecast = voice.forecasts[year]
    value = forecast.value
    _require_possible(voice.who, year, value, spread)
    if forecast.interval is None:
        quantiles = moved(ours, float(ours[0]), value, spread.shape, spread.whole)
        return np.clip(quantiles, spread.least, spread.most)
    lower, upper, level = forecast.interval
    score = float(level_scores((level,))[0])
    # An interval that reaches zero has no logarithm.
    scale = "linear" if spread.shape == "log" and lower <= 0 else spread.shape
    quantiles = interpolated(
        scores,
        np.array([-score, 0, score]),
        np.array([lower, value, upper]),
        scale,
        spread.whole,
        spread.least,
    )
    return np.minimum(quantiles, spread.most)


def _require_possible(who: str, year: int, value: float, spread: Spread) -> None:
    """Refuse a value that no forecast of the series can be."""
    least = spread.least
    is_log = spread.shape == "log"
    if least <= value <= spread.most and not (is_log and value <= 0):
        return
    low = max(least, 0.0) if is_log else least
    side = f"below {number(low)}" if value <= low else f"above {number(spread.most)}"
    raise UsageError(
        f"{number(value)} for {year} by {who} is {side}, which no forecast of this series can be.",
        f"Change the limit, or use {option('weight', f'{who}=0')}.",
    )


def _notes(
    result: Forecast, pool: Pool, reasons: Sequence[str | None], older: int
) -> Iterator[Note]:
    named = [reason for reason in dict.fromkeys(reasons) if reason and reason != OTHER_YEARS]
    left_out = [f"{reason} ({reasons.count(reason)})" for reason in named]
    if older:
        left_out.append(f"earlier forecasts of the same author ({older})")
    voices = listed(map(_in_words, pool.voices))
    text = f"The pool for {spans(pool.years)} averages {voices}."
    silent = [year for year in result.years if year not in pool.years]
    if silent:
        text += f" Nobody else forecasts {spans(silent)}: ours alone."
    yield Note("pooled", text)
    if left_out:
        yield Note("not_pooled", f"Not in the pool: {listed(left_out)}.")


def _in_words(voice: Voice) -> str:
    """Write a voice with its weight, and where its interval comes from."""
    share = f"{voice.who} {100 * voice.weight:.0f} %"
    if voice.who == OURS:
        return share
    widths = {"range": "its own range", OURS: "a point, as wide as ours"}
    return f"{share} ({' and '.join(widths[kind] for kind in voice.spread)})"
