"""The answer of a forecast in a sentence made from its numbers, what drives it, and what to be careful about."""

from __future__ import annotations

from collections.abc import Iterator

from rural_forecast.forecasting import registry
from rural_forecast.forecasting.evidence import corpus_record, series_like
from rural_forecast.forecasting.result import Forecast
from rural_forecast.notes import of_code
from rural_forecast.text.numbers import Amounts, amounts, percent
from rural_forecast.text.wording import capital, counted
from rural_forecast.views.notes import sentence

RECENT = 10
"""Years of history that the answer and the table look back to."""
ALWAYS = ("learned_later", "published_later", "currency_converted", "deflated")
"""Codes of notes that are shown wherever they apply, like warnings."""
CAUTIONS = (
    "past_whole", "growth_forecast", "gap", "earlier_basis", "related_series", "other_basis", "growth", "conflict",
    "estimate", "preliminary", "inexact",
)  # fmt: skip
"""Codes of notes from the gravest on."""
_SHORT = {"cagr": "CAGR", "arima": "ARIMA", "ets": "ETS", "dot": "DOT"}
MOST_DRIVERS = 2
_SLIGHT = 0.5
"""Points of annual growth below which it does not change."""


def name_of(model: str) -> str:
    """The name of a model in sentences."""
    return "consensus" if model == "consensus" else registry.get(model).title


def short_name(model: str) -> str:
    """The name of a model in a narrow table."""
    return _SHORT.get(model, model.replace("_", " ").capitalize())


def amounts_of(result: Forecast) -> Amounts:
    """How the amounts of a forecast are written."""
    low, high = result.best.ends(result.headline)
    shown = (*result.history.values.tolist(), *result.best.values.tolist())
    return amounts(result.history.series.unit, shown, (low, high))


def answer(result: Forecast) -> str:
    """The whole answer: how growth changes, and the target year with an interval."""
    text = f"{figure(result)}."
    change = _change(result)
    return f"{change}; {text}" if change else text


def finding(result: Forecast) -> str:
    """The answer, and next to it the caution that the record of such forecasts asks for."""
    return f"{answer(result)} {caution(result)}".rstrip()


def caution(result: Forecast) -> str:
    """Where the record on similar series is worse than that of the last value; empty elsewhere."""
    record = corpus_record(result.history.values, "consensus", len(result.years))
    if record is None or result.best.model != "consensus" or record.smape <= record.naive_smape:
        return ""
    return (
        f"Caution: on series like this the forecast has erred more than the last value (sMAPE {record.smape:.1f} "
        f"against {record.naive_smape:.1f})."
    )


def figure(result: Forecast) -> str:
    """The target year with an interval, as a part of a sentence."""
    best, write, place = result.best, amounts_of(result), result.headline
    low, high = best.ends(place)
    by = "" if best.model == "consensus" else f" by {name_of(best.model)}"
    likely = f", most likely {write(low)} to {write(high)} ({result.levels[place]} % interval)" if high > low else ""
    return f"{result.target} comes to {write.full(best.last)}{by}{likely}"


def annual(first: float, last: float, years: int) -> float | None:
    """Compound growth a year in percent; None where it has no meaning."""
    return 100 * ((last / first) ** (1 / years) - 1) if years > 0 and first > 0 < last else None


def _change(result: Forecast) -> str:
    history = result.history
    since = max(-len(history.years), -RECENT)
    last = history.last
    before = annual(float(history.values[since]), last, result.origin - history.years[since])
    ahead = annual(last, result.best.last, result.target - result.origin)
    if before is None or ahead is None or history.series.measure == "rate":
        return ""
    was, comes = (percent(abs(rate), ",.1f") for rate in (before, ahead))
    if max(abs(before), abs(ahead)) < _SLIGHT:
        return "" if was == comes == percent(0, ".1f") else "The level hardly changes"
    if abs(before - ahead) < _SLIGHT and before * ahead > 0:
        return f"{'Growth' if ahead > 0 else 'The decline'} goes on at {comes} a year"
    if before > 0 < ahead:
        return f"Growth {'slows' if ahead < before else 'quickens'} from {was} to {comes} a year"
    if before < 0 > ahead:
        return f"The decline {'slows' if ahead > before else 'steepens'} from {was} to {comes} a year"
    return f"{capital(_kind(before, was))} a year turns into {_kind(ahead, comes)} a year"


def _kind(rate: float, text: str) -> str:
    return f"{'growth' if rate >= 0 else 'a decline'} of {text}"


def points(result: Forecast) -> tuple[str, ...]:
    """The first things that drive the answer, then what to be careful about."""
    chosen = (str(note) for note in of_code(result.notes, "pooled", "not_pooled", "of_kind"))
    return (*chosen, *list(_drivers(result))[:MOST_DRIVERS], *_cautions(result))


def risks(result: Forecast) -> tuple[str, ...]:
    """Risks of the forecast, the gravest first."""
    members = _members(result) if result.best.model == "consensus" else ()
    return (*_cautions(result), *members)


def _drivers(result: Forecast) -> Iterator[str]:
    history = result.history
    like = series_like(history.values, len(result.years))
    step = like.furthest if like else None
    if step and (shares := step.growth_pct):
        low, high = percent(shares[1]), percent(shares[3])
        ahead = counted(step.horizon, "year")
        yield f"Half of {step.series:,} similar series grew {low} to {high} a year over {ahead}."
    if result.best.model == "consensus":
        yield from _members(result)
    if len(history.years) > 2 and history.series.measure != "rate":
        first = max(-len(history.years), -RECENT)
        before, now = history.values[-2:].tolist()
        last = annual(before, now, 1)
        mean = annual(float(history.values[first]), now, result.origin - history.years[first])
        if last is not None and mean is not None:
            yield f"Growth was {percent(last)} in {result.origin}, {percent(mean)} a year since {history.years[first]}."


def _members(result: Forecast) -> Iterator[str]:
    """Which members lie furthest apart."""
    whole = (member for member in result.others if len(member.values) == len(result.years))
    members = [member for member in whole if (member.weight or 0) >= 0.005]
    if len(members) < 2:
        return
    write = amounts_of(result)
    low, high = (pick(members, key=lambda member: member.last) for pick in (min, max))
    if write(low.last) == write(high.last):
        return
    ends = (
        f"{write(member.last)} ({short_name(member.model)}, {100 * (member.weight or 0):.0f} %)"
        for member in (low, high)
    )
    yield f"Members disagree: {' to '.join(ends)}."


def _cautions(result: Forecast) -> Iterator[str]:
    """All warnings; without any, the gravest of what else is known."""
    notes = [note for note in result.notes if note.warning or note.code in ALWAYS]
    if notes:
        yield from map(sentence, notes)
        return
    if notes := [note for note in result.notes if note.code in CAUTIONS]:
        yield sentence(min(notes, key=lambda note: CAUTIONS.index(note.code)))
