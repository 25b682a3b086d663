"""The evidence beside a forecast: what series like this one did next, and how the models fared on such series."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rural_forecast.document.remark import Remark
from rural_forecast.document.table import Cell, Column, Document, Table, Tone
from rural_forecast.forecasting.evidence import SHARES, Like, corpus_record, series_like
from rural_forecast.forecasting.forecast import Forecast
from rural_forecast.models.base import Array
from rural_forecast.views.common import growth_column, shown_growth, subtitle

MOST_YEARS = 6
"""Years whose weights are shown side by side."""


def explained(told: Document, result: Forecast) -> Document:
    """The document of a forecast with its evidence: sections for people, a sentence in the notes for machines."""
    from dataclasses import replace

    like = series_like(result.history.values, len(result.years))
    sentence = Remark(_sentence(like, len(result.years)) if like else NOTHING_ALIKE, code="reference_class")
    added = [_weights(result)]
    if like:
        added.append(_next(like, result))
    record = record_by_horizon(result.history.values, len(result.years), [*result.weights, "consensus"])
    if record:
        added.append(record)
    return replace(
        told,
        sections=(*told.sections, *added),
        notes=(sentence, *told.notes),
        subtitle=subtitle(result.history.series),
        brief=False,
    )


NOTHING_ALIKE = "The corpus holds positive series of two points or more; of a series like this one it knows nothing."


def _sentence(like: Like, horizon: int) -> str:
    """The reference class in one sentence, at the last horizon it is known for."""
    known = [step for step in like.next if step.growth_pct]
    kind = f"{like.length}, {like.growth}, {like.dispersion}"
    if not known:
        return f"Series like this one ({kind}): fewer than twenty in the corpus, so no reference class is shown."
    step = known[-1]
    low, first, middle, third, high = step.growth_pct or (0.0,) * 5
    years = "year" if step.horizon == 1 else f"{step.horizon} years"
    short = f" (known up to {step.horizon} years ahead)" if step.horizon < horizon else ""
    return (
        f"{step.series:,} series of the corpus were like this one ({kind}). Over the next {years} they grew by "
        f"{middle:+.1f} % a year in the middle; half of them between {first:+.1f} and {third:+.1f} %, "
        f"eighty in a hundred between {low:+.1f} and {high:+.1f} %{short}."
    )


def _next(like: Like, result: Forecast) -> Table:
    """Growth a year of the corpus series, and ours."""
    origin = float(result.history.values[-1])
    columns = (
        Column("years", "Years ahead", "integer"),
        Column("series", "Series", "integer"),
        *(growth_column(f"q{share:g}", f"{100 * share:.0f} %") for share in SHARES),
        growth_column("ours", "Ours"),
    )
    rows: list[tuple[Cell, ...]] = []
    for step in like.next:
        ours = float(result.best.values[step.horizon - 1])
        pace = 100 * ((ours / origin) ** (1 / step.horizon) - 1) if origin > 0 < ours else shown_growth(origin, ours)
        blank: tuple[Cell, ...] = (None,) * len(SHARES)
        rows.append((step.horizon, step.series, *(step.growth_pct or blank), pace))
    title = f"What series like this one did next, growth a year ({like.length}, {like.growth}, {like.dispersion})"
    return Table(columns, tuple(rows), title=title)


def _weights(result: Forecast) -> Table:
    """Who has which weight in each year."""
    years = result.years[:MOST_YEARS]
    columns = (Column("model", "Member"), *(Column(str(year), str(year), "percent", 0) for year in years))
    ranked = sorted(result.weights.items(), key=lambda entry: -entry[1][-1])
    rows: list[tuple[Cell, ...]] = [(name, *(100 * one for one in weights[: len(years)])) for name, weights in ranked]
    return Table(columns, tuple(rows), title="Weights in the consensus")


def record_by_horizon(values: Array, horizon: int, models: Sequence[str]) -> Table | None:
    """How the models fared on corpus series of like length and growth; None where the corpus knows too few."""
    columns = (
        Column("model", "Model"),
        Column("horizon", "Years ahead", "integer"),
        Column("windows", "Forecasts", "integer"),
        Column("smape", "sMAPE", "number", 1),
        Column("naive_smape", "Naive sMAPE", "number", 1),
        Column("coverage_80", "Coverage 80 %", "percent", 0),
        Column("coverage_95", "Coverage 95 %", "percent", 0),
    )
    rows = tuple(_recorded(values, horizon, models))
    if not rows:
        return None
    tones: tuple[Tone, ...] = tuple("strong" if row[0] == "consensus" else "plain" for row in rows)
    return Table(columns, rows, title="Record on corpus series of like length and growth", tones=tones)


def _recorded(values: Array, horizon: int, models: Sequence[str]) -> Iterator[tuple[Cell, ...]]:
    """The consensus at every horizon, the others at the last one."""
    for model in dict.fromkeys(["consensus", *models]):
        steps = range(1, horizon + 1) if model == "consensus" else (horizon,)
        for step in steps:
            found = corpus_record(values, model, step)
            if found:
                held = (100 * found.coverage_80, 100 * found.coverage_95)
                yield (model, step, found.windows, found.smape, found.naive_smape, *held)
