"""The answer of a forecast in words: headline, form of its amounts, what to be careful about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from rural_forecast.forecasting import registry
from rural_forecast.forecasting.distribution import Chance
from rural_forecast.forecasting.evidence import corpus_record, subject_record
from rural_forecast.forecasting.result import Forecast
from rural_forecast.notes import ALWAYS, CAUTIONS, Note, of_code
from rural_forecast.observed.observation import MARKET_KINDS, NO_KIND
from rural_forecast.text import wording as words
from rural_forecast.text.numbers import (
    Amounts,
    outwards,
    percent,
    range_amounts,
)
from rural_forecast.text.wording import Headline, capital, counted
from rural_forecast.views import about, chances
from rural_forecast.views.names import title_of


def in_sentences(result: Forecast) -> Amounts:
    """Choose how the value of the target year and its range are written in a sentence."""
    return range_amounts(
        result.history.series.unit, result.best.last, *result.best.ends(result.headline)
    )


def in_tables(result: Forecast) -> Amounts:
    """Choose how a column of forecasts is written: by the first one and its range."""
    best = result.best
    index = result.headline
    return range_amounts(
        result.history.series.unit,
        float(best.values[0]),
        float(best.lower[index, 0]),
        float(best.upper[index, 0]),
        largest=max(abs(result.history.last), float(abs(best.values).max())),
    )


def heading(
    result: Forecast, reached: Sequence[Chance] = (), write: Amounts | None = None
) -> Headline:
    """Make the headline: the target year, or the chance of a target, and how sure it is.

    A picture gives its own way to `write` amounts.
    """
    write = write or in_sentences(result)
    best = result.best
    title = title_of(result.history.series)
    level = result.levels[result.headline]
    ends = best.ends(result.headline)
    by = "" if best.model == "consensus" else f"{capital(_model_title(best.model))}: "
    if reached:
        low, high = ends
        sure = f", {words.odds(level, *write.bounds(low, high))}" if high > low else ""
        likely = f"{by}About {write.full(best.last)}{sure}."
        return chances.heading(title, reached[0], write, likely)

    head = words.about(title, result.target, best.last, level, ends, write)
    if by and head.range:
        return head._replace(range=f"{by}{head.range[0].lower()}{head.range[1:]}")
    return head


def _model_title(name: str) -> str:
    """Name what answers in place of the consensus in a sentence."""
    titles = {"pool": "the pool"} | {model.name: model.title for model in registry.MODELS}
    return titles.get(name, name)


def by_subject(result: Forecast, reached: Sequence[Chance], write: Amounts) -> str:
    """Say by which subject it is forecast, and what it would be without; empty without one."""
    subject = result.subject
    if subject is None:
        return ""
    if reached:
        other = replace(result, wide=subject.without, subject=None).chance(reached[0].target)
        without = chances.share(other.at_or_above[-1])
    else:
        without = write.full(subject.without.last)
    how = "judged by its title" if subject.is_read else "as stated"
    return f"As {subject.words}, {how}; --kind {NO_KIND}: {without}."


def caution(result: Forecast) -> str:
    """Warn where the record on similar series is worse than that of the last value; else empty."""
    values = result.history.evidence
    horizon = len(result.years)
    about_it = subject_record(values, result.limits.kind, horizon)
    record = about_it or corpus_record(values, "consensus", horizon)
    if record is None or result.best.model != "consensus" or record.smape <= record.naive_smape:
        return ""
    alike = f" ({MARKET_KINDS[record.subject]})" if record.subject else ""
    return (
        f"Caution: on similar series{alike}, forecasts {counted(record.horizon, 'year')} ahead "
        f"have been further off than the last value: sMAPE {record.smape:.1f} % against "
        f"{record.naive_smape:.1f} %."
    )


def points(result: Forecast, say: Callable[[Note], str] = str) -> tuple[str, ...]:
    """List compound growth, how the forecast was chosen, then what to be careful about.

    `say` puts a note into words.
    """
    notes = (*of_code(result.notes, "pooled", "not_pooled"), *cautions(result))
    sentences = [say(note) for note in notes]
    if rate := result.cagr:
        low = percent(outwards(rate.lower[result.headline], 1, "down"))
        high = percent(outwards(rate.upper[result.headline], 1, "up"))
        span = f"CAGR {result.origin} to {result.target}: {percent(rate.value)}"
        level = result.levels[result.headline]
        sentences.insert(0, f"{span} ({level} %: {low} to {high}).")
    return tuple(sentences)


def cautions(result: Forecast) -> list[Note]:
    """Select all warnings; without any, the gravest of what else is known."""
    codes = CAUTIONS + ALWAYS
    warnings = [note for note in result.notes if note.warning or note.code in codes]
    if warnings:
        return warnings
    ranked = [note for note in about.remarks(result.notes) if note.code in about.GRAVEST_FIRST]
    return ranked[:1]
