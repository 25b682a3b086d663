"""The evidence for a forecast: what series like this one did next, and how the models fared on such series."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from rural_forecast.document.table import Cell, Column, Document, Remark, Table
from rural_forecast.forecasting.evidence import SHARES, Like, Next, corpus_record, series_like
from rural_forecast.forecasting.limits import whole
from rural_forecast.forecasting.precedents import of_forecast
from rural_forecast.forecasting.result import Forecast
from rural_forecast.models.base import Array
from rural_forecast.text.numbers import percent
from rural_forecast.views import precedents, project
from rural_forecast.views.about import about
from rural_forecast.views.answer import annual
from rural_forecast.views.table import growth_column, shown_growth, tabulated, toned

MOST_YEARS = 6
"""Years whose weights are shown side by side."""


def explained(document: Document, result: Forecast) -> Document:
    """The document of a forecast with its evidence: sections for people, a sentence in the notes for machines."""
    like = series_like(result.history.values, len(result.years))
    if like and like.furthest and not _fits(result, like.furthest):
        like = None
    sentence = Remark(_sentence(like, len(result.years)) if like else NOTHING_ALIKE, code="reference_class")
    record = record_by_horizon(result.history.values, len(result.years), list(result.weights))
    alike = of_forecast(result, kind=result.limits.kind)
    added = (
        _weights(result),
        *project.markets(result),
        *((_next(like, result),) if like else ()),
        *((precedents.table(alike, "Real histories most like this one, and what they did next"),) if alike else ()),
        *((record,) if record else ()),
    )
    sections, notes = (*document.sections, *added), (sentence, *document.notes)
    return replace(document, sections=sections, notes=notes, about=about(result.history.series), brief="")


NOTHING_ALIKE = "The corpus holds positive series of two points or more; of a series like this one it knows nothing."


def _fits(result: Forecast, step: Next) -> bool:
    """True if a series could grow as fast as similar ones did: a share near its bound cannot."""
    most = whole(result.history)
    fastest = 1 + (step.growth_pct or (0.0,))[-1] / 100
    return most is None or result.history.last * fastest**step.horizon <= most


def _sentence(like: Like, horizon: int) -> str:
    """The reference class in one sentence, at the last horizon it is known for."""
    step, kind = like.furthest, f"{like.length}, {like.growth}, {like.dispersion}"
    if step is None:
        return f"Series like this one ({kind}): fewer than twenty in the corpus, so no reference class is shown."
    low, first, middle, third, high = map(percent, step.growth_pct or (0.0,) * 5)
    years = "year" if step.horizon == 1 else f"{step.horizon} years"
    short = f" (known up to {step.horizon} years ahead)" if step.horizon < horizon else ""
    return (
        f"{step.series:,} series of the corpus were like this one ({kind}). Over the next {years} they grew by "
        f"{middle} a year in the middle; half of them between {first} and {third}, "
        f"eighty in a hundred between {low} and {high}{short}."
    )


def _next(like: Like, result: Forecast) -> Table:
    """Growth a year of the corpus series, and ours."""
    origin = result.history.last

    def ours(step: Next) -> float | None:
        value = float(result.best.values[step.horizon - 1])
        return annual(origin, value, step.horizon) or shown_growth(origin, value)

    def at(place: int) -> Callable[[Next], float | None]:
        return lambda step: step.growth_pct[place] if step.growth_pct else None

    return tabulated(
        like.next,
        (Column("years", "Years ahead", "integer"), lambda step: step.horizon),
        (Column("series", "Series", "integer"), lambda step: step.series),
        *((growth_column(f"q{share:g}", f"{100 * share:.0f} %"), at(place)) for place, share in enumerate(SHARES)),
        (growth_column("ours", "Ours"), ours),
        title=f"What series like this one did next, growth a year ({like.length}, {like.growth}, {like.dispersion})",
    )


def _weights(result: Forecast) -> Table:
    """Who has which weight in each year."""
    years = result.years[:MOST_YEARS]
    columns = (Column("model", "Member"), *(Column(str(year), str(year), "percent", 0) for year in years))
    ranked = sorted(result.weights.items(), key=lambda entry: -entry[1][-1])
    shown = len(years)
    rows: list[tuple[Cell, ...]] = [(name, *(100 * weight for weight in weights[:shown])) for name, weights in ranked]
    return Table(columns, tuple(rows), title="Weights in the consensus")


def record_by_horizon(values: Array, horizon: int, models: Sequence[str]) -> Table | None:
    """How the models fared on corpus series of like length and growth; None where the corpus knows too few.

    The consensus at every horizon, the others at the last one.
    """
    asked = [("consensus", step) for step in range(1, horizon + 1)]
    asked += [(model, horizon) for model in dict.fromkeys(models) if model != "consensus"]
    records = [record for model, step in asked if (record := corpus_record(values, model, step))]
    table = tabulated(
        records,
        (Column("model", "Model"), lambda record: record.model),
        (Column("horizon", "Years ahead", "integer"), lambda record: record.horizon),
        (Column("windows", "Forecasts", "integer"), lambda record: record.windows),
        (Column("smape", "sMAPE", "number", 1), lambda record: record.smape),
        (Column("naive_smape", "Naive sMAPE", "number", 1), lambda record: record.naive_smape),
        (Column("coverage_80", "Coverage 80 %", "percent", 0), lambda record: 100 * record.coverage_80),
        (Column("coverage_95", "Coverage 95 %", "percent", 0), lambda record: 100 * record.coverage_95),
        title="Record on similar series",
    )
    return (
        toned(table, ("strong" if record.model == "consensus" else "plain" for record in records)) if records else None
    )
