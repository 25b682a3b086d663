"""`backtest` as a document: scores by model and horizon, or every forecast; published forecasts are scored too."""

from __future__ import annotations

from math import isnan

from rural_forecast.document.table import Cell, Column, Document, Table, Tone
from rural_forecast.forecasting.backtest import ENOUGH, LEVELS, SCORING_LEVELS, Backtest, PublishedScore, Score, Trial
from rural_forecast.text.numbers import amounts, percent
from rural_forecast.text.wording import counted
from rural_forecast.views.common import (
    about_series,
    growth,
    growth_column,
    interval_columns,
    provenance,
    published,
    value_column,
)
from rural_forecast.views.evidence import record_by_horizon
from rural_forecast.views.notes import remarks

SCORE_COLUMNS = (
    Column("series_id"),
    Column("model", "Model"),
    Column("horizon", "Years ahead", "integer"),
    Column("n", "Forecasts", "integer"),
    Column("smape", "sMAPE", "number", 1),
    Column("mase", "MASE", "number", 2),
    Column("owa", "OWA", "number", 2),
    Column("msis_95", "MSIS 95", "number", 1),
    Column("crps", "CRPS", "number"),
    Column("coverage_80", "Coverage 80 %", "percent", 0),
    Column("coverage_95", "Coverage 95 %", "percent", 0),
)


def document(result: Backtest, *, detail: bool = False) -> Document:
    """Everything `backtest` says; `detail` gives every forecast in place of the scores."""
    series = result.history.series
    origins = sorted({trial.origin for trial in result.trials})
    total = {score.model: score for score in result.scores if score.horizon is None}
    most = total["consensus"].n if "consensus" in total else 0
    if len(origins) == 1:
        span = f"One origin, {origins[0]}"
    else:
        span = f"{len(origins)} origins, {origins[0]} to {origins[-1]}"
    summary = [f"{span}; {counted(most, 'forecast')} of the consensus."]
    if most < ENOUGH:
        summary.append(f"Fewer than {ENOUGH} forecasts rank nothing: read them as examples, not as evidence.")
    sections = [_detail(result)] if detail else [_totals(result, most >= ENOUGH), _by_horizon(result)]
    ahead = max(trial.horizon for trial in result.trials)
    record = record_by_horizon(result.history.values, ahead, [score.model for score in result.scores])
    if record and not detail:
        sections.append(record)
    if result.published:
        sections.append(_published(result))
    if result.vintages:
        sections.append(_vintages(result))
    return Document(
        command="backtest",
        records=_detail(result) if detail else _records(result),
        title=f"Backtest of {series.title or series.id}",
        subtitle=f"Unit of CRPS: {series.unit}" if series.unit and not detail else "",
        summary=tuple(summary),
        sections=tuple(sections),
        notes=remarks(result.notes),
        series=(about_series(series),),
        provenance=provenance(result.history),
    )


def _number(value: float) -> float | None:
    return None if isnan(value) else value


def _cells(score: Score) -> tuple[Cell, ...]:
    held = (None if isnan(share) else 100 * share for share in (score.coverage_80, score.coverage_95))
    terms = (score.smape, score.mase, score.owa, score.msis_95, score.crps)
    return (score.model, score.horizon, score.n, *map(_number, terms), *held)


def _records(result: Backtest) -> Table:
    """Machine rows hold coverage as a share, 0 to 1."""
    columns = tuple(Column(c.key, kind="number" if c.kind == "percent" else c.kind) for c in SCORE_COLUMNS)
    rows = []
    for score in result.scores:
        terms = (score.smape, score.mase, score.owa, score.msis_95, score.crps, score.coverage_80, score.coverage_95)
        rows.append((result.history.series.id, score.model, score.horizon, score.n, *map(_number, terms)))
    return Table(columns, tuple(rows))


def _totals(result: Backtest, ranked: bool) -> Table:
    """All horizons together; ranked by OWA where there are enough forecasts, the consensus first otherwise."""
    totals = [score for score in result.scores if score.horizon is None]
    if ranked:
        totals.sort(key=lambda score: (isnan(score.owa), score.owa))
    rows = tuple(_cells(score)[:1] + _cells(score)[2:] for score in totals)
    tones: tuple[Tone, ...] = tuple("strong" if score.model == "consensus" else "plain" for score in totals)
    columns = (SCORE_COLUMNS[1], *SCORE_COLUMNS[3:])
    return Table(columns, rows, title="All horizons together", tones=tones)


def _by_horizon(result: Backtest) -> Table:
    rows = tuple(_cells(score)[1:] for score in result.scores if score.horizon and score.model == "consensus")
    return Table(SCORE_COLUMNS[2:], rows, title="The consensus by horizon")


def _detail(result: Backtest) -> Table:
    columns = (
        Column("series_id"),
        Column("model", "Model"),
        Column("origin", "From", "year"),
        Column("period", "Year", "year"),
        Column("forecast", "Forecast", "number"),
        Column("actual", "Happened", "number"),
        *interval_columns(LEVELS),
    )
    rows = tuple((result.history.series.id, *_detail_cells(trial)) for trial in result.trials)
    return Table(columns, rows, title="Every forecast")


def _detail_cells(trial: Trial) -> tuple[Cell, ...]:
    bounds: list[Cell] = []
    for level in LEVELS:
        place = SCORING_LEVELS.index(level)
        bounds += [trial.lower[place], trial.upper[place]]
    return (trial.model, trial.origin, trial.period, trial.forecast, trial.actual, *bounds)


def _published(result: Backtest) -> Table:
    """What others forecast, what came, and what we would have said as of their date."""
    columns = (
        Column("period", "Year", "year"),
        Column("said", "Forecast"),
        Column("author", "By"),
        Column("dated", "Dated"),
        Column("actual", "Happened", "number"),
        Column("verdict", ""),
        Column("ours", "Ours, as of then", "number"),
        Column("why_not", ""),
    )
    rows = tuple(_published_cells(score) for score in result.published)
    return Table(columns, rows, title="Published forecasts on the same definition")


def _published_cells(score: PublishedScore) -> tuple[Cell, ...]:
    said = score.forecast
    verdict = f"off by {percent(score.error_pct)}" if score.error_pct else "exact" if score.error_pct == 0 else ""
    if score.met is not None:
        verdict = "met" if score.met else "missed"
    return (
        said.period.year,
        published(said),
        said.author,
        said.dated,
        score.actual,
        verdict,
        score.ours,
        score.why_not,
    )


def _vintages(result: Backtest) -> Table:
    """Ours just before a year was first published, against that figure and what stands now."""
    write = amounts(result.history.series.unit, result.history.values.tolist())
    columns = (
        Column("period", "Year", "year"),
        Column("as_of", "As of"),
        Column("origin", "From", "year"),
        value_column(write, "ours", "Ours"),
        value_column(write, "first", "First published"),
        growth_column("off_first", "Off by", follows=True),
        value_column(write, "now", "Stands now"),
        growth_column("off_now", "Off by", follows=True),
        Column("why_not", ""),
    )
    rows = tuple(
        (
            one.period,
            one.as_of.isoformat(),
            one.origin,
            one.ours,
            one.first.value,
            growth(one.first.value, one.ours),
            one.now.value,
            growth(one.now.value, one.ours),
            one.why_not or None,
        )
        for one in result.vintages
    )
    return Table(columns, rows, title="On vintages: what we would have said the day before a year was first published")
