"""The evidence for a forecast: what series like this one did next, and how the models fared on such series."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rural_forecast.document.table import Cell, Column, Document, Table, Tone
from rural_forecast.forecasting.evidence import SHARES, Like, Next, corpus_record, series_like
from rural_forecast.forecasting.limits import whole
from rural_forecast.forecasting.precedents import of_forecast
from rural_forecast.forecasting.result import Forecast
from rural_forecast.models.base import Array
from rural_forecast.notes import Note
from rural_forecast.text.numbers import percent
from rural_forecast.text.wording import counted
from rural_forecast.views import precedents, project
from rural_forecast.views.about import about
from rural_forecast.views.answer import annual
from rural_forecast.views.table import growth_column, shown_growth, tabulated, toned

MOST_YEARS = 6
NOTHING_ALIKE = "The corpus holds positive series of two points or more; of a series like this one it knows nothing."


def explained(document: Document, result: Forecast) -> Document:
    """The document of a forecast with its evidence: sections for people, a sentence in the notes for machines."""
    values, horizon = result.history.values, len(result.years)
    like = series_like(values, horizon)
    if like and like.furthest and not _fits(result, like.furthest):
        like = None
    record = record_by_horizon(values, horizon, list(result.weights))
    alike = of_forecast(result, kind=result.limits.kind)
    added = (
        _weights(result),
        *project.markets(result),
        *((_next(like, result),) if like else ()),
        *((precedents.table(alike, "Real histories most like this one, and what they did next"),) if alike else ()),
        *((record,) if record else ()),
    )
    note = Note("reference_class", _sentence(like) if like else NOTHING_ALIKE)
    sections, notes = (*document.sections, *added), (note, *document.notes)
    return document._replace(sections=sections, notes=notes, about=about(result.history.series), brief="")


def _fits(result: Forecast, step: Next) -> bool:
    """A series can grow as fast as similar ones did: a share near its bound cannot."""
    most = whole(result.history)
    fastest = 1 + (step.growth_pct or (0.0,))[-1] / 100
    return most is None or result.history.last * fastest**step.horizon <= most


def _sentence(like: Like) -> str:
    """The reference class in one sentence, at the last horizon it is known for."""
    step, kind = like.furthest, f"{like.length}, {like.growth}, {like.dispersion}"
    if step is None or step.growth_pct is None:
        return f"Series like this one ({kind}): fewer than twenty in the corpus, so no reference class is shown."
    ahead, (low, first, middle, third, high) = counted(step.horizon, "year"), map(percent, step.growth_pct)
    return (
        f"{step.series:,} series of the corpus were like this one ({kind}). Within {ahead} they grew by "
        f"{middle} a year in the middle; half of them between {first} and {third}, "
        f"eighty in a hundred between {low} and {high}."
    )


def _next(like: Like, result: Forecast) -> Table:
    origin = result.history.last

    def ours(step: Next) -> float | None:
        value = float(result.best.values[step.horizon - 1])
        return annual(origin, value, step.horizon) or shown_growth(origin, value)

    def at(place: int) -> Callable[[Next], float | None]:
        return lambda step: step.growth_pct[place] if step.growth_pct else None

    return tabulated(
        like.next,
        Column("horizon", "Years ahead", "integer"),
        Column("series", "Series", "integer"),
        *((growth_column(f"q{share:g}", f"{100 * share:.0f} %"), at(place)) for place, share in enumerate(SHARES)),
        (growth_column("ours", "Ours"), ours),
        title=f"What series like this one did next, growth a year ({like.length}, {like.growth}, {like.dispersion})",
    )


def _weights(result: Forecast) -> Table:
    years = result.years[:MOST_YEARS]
    columns = (Column("model", "Member"), *(Column(str(year), str(year), "percent", 0) for year in years))
    ranked = sorted(result.weights.items(), key=lambda entry: -entry[1][-1])
    rows: list[tuple[Cell, ...]] = [(name, *(100 * weight for weight in of[: len(years)])) for name, of in ranked]
    return Table(columns, tuple(rows), title="Weights in the consensus")


def record_by_horizon(values: Array, horizon: int, models: Sequence[str]) -> Table | None:
    """How the models fared on series of like length and growth, others than the consensus at the last horizon."""
    asked = [("consensus", step) for step in range(1, horizon + 1)]
    asked += [(model, horizon) for model in dict.fromkeys(models) if model != "consensus"]
    records = [record for model, step in asked if (record := corpus_record(values, model, step))]
    table = tabulated(
        records,
        Column("model", "Model"),
        Column("horizon", "Years ahead", "integer"),
        Column("windows", "Forecasts", "integer"),
        Column("smape", "sMAPE", "number", 1),
        Column("naive_smape", "Naive sMAPE", "number", 1),
        (Column("coverage_80", "Coverage 80 %", "percent", 0), lambda record: 100 * record.coverage_80),
        (Column("coverage_95", "Coverage 95 %", "percent", 0), lambda record: 100 * record.coverage_95),
        title="Record on similar series",
    )
    tones: list[Tone] = ["strong" if record.model == "consensus" else "plain" for record in records]
    return toned(table, tones) if records else None
