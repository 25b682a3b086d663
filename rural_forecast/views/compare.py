"""`compare` as a document: one row a model for the target year."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan

from rural_forecast.document.remark import Remark
from rural_forecast.document.table import Cell, Column, Document, Table, Tone
from rural_forecast.forecasting.backtest import DATED_LATER, ENOUGH
from rural_forecast.forecasting.compare import Comparison, Line
from rural_forecast.forecasting.evidence import corpus_record
from rural_forecast.forecasting.forecast import LEARNED_LATER
from rural_forecast.notes import without_code
from rural_forecast.views.answer import amounts_of, answer
from rural_forecast.views.common import about_series, interval_columns, provenance, value_column, without
from rural_forecast.views.notes import remarks
from rural_forecast.views.sparkline import sparkline

CORPUS = Remark(
    "Corpus sMAPE: the error on corpus series of like length and growth, as many years ahead.", code="corpus_errors"
)

SEEN = 3
"""Observed values before the paths of models."""


def document(result: Comparison) -> Document:
    """Everything `compare` says."""
    told = result.forecast
    series = told.history.series
    write = amounts_of(told)
    columns = (
        Column("series_id"),
        Column("model", "Model"),
        Column("period", kind="year"),
        value_column(write),
        *interval_columns(told.levels, write),
        Column("weight", "Weight", "percent", 0),
        Column("backtest_smape", "Backtest sMAPE", "number", 1),
        Column("backtest_n", "of", "integer", follows=True),
        Column("status", "Status"),
        Column("reason", ""),
    )
    raw = tuple((series.id, *_cells(line, told.target, len(told.levels), 1.0)) for line in result.lines)
    ranked = sorted(result.lines, key=lambda line: (_rank(line), -(line.given.weight or 0.0)))
    paths = _paths(result)
    people = tuple(_people(line, result, paths) for line in ranked)
    tones: tuple[Tone, ...] = tuple(
        "strong" if line.status == "consensus" else "dim" if line.status == "aside" else "plain" for line in ranked
    )
    shown = [column for column in columns if column.key not in {"series_id", "period"}]
    shown.insert(1, Column("path", "Path"))
    shown.insert(-2, Column("corpus_smape", "Corpus sMAPE", "number", 1))
    table = Table(tuple(shown), people, tones=tones)
    corpus = (CORPUS,) if any(row[-3] is not None for row in people) else ()
    few = max((line.score.n for line in result.lines if line.score), default=0) < ENOUGH
    ranks = f"The backtest rests on fewer than {ENOUGH} forecasts and ranks nothing."
    notes = (Remark(ranks, code="few_forecasts"),) if few else ()
    return Document(
        command="compare",
        records=Table(columns, raw),
        title=f"{series.title or series.id}: every model for {told.target}",
        subtitle=f"Unit: {series.unit}" if series.unit else "",
        summary=(answer(told),),
        sections=(table if corpus else without(table, "corpus_smape"),),
        notes=(*notes, *corpus, *remarks((DATED_LATER, *without_code(result.notes, LEARNED_LATER.code)))),
        series=(about_series(series),),
        provenance=provenance(told.history, levels=list(told.levels), target=told.target),
    )


def _paths(result: Comparison) -> dict[str, str]:
    """The last observed values and what each model says comes next, all on one scale."""
    seen = result.forecast.history.values.tolist()[-SEEN:]
    told = {line.given.model: line.given.values.tolist() for line in result.lines if line.given.answers}
    everything = [*seen, *(value for values in told.values() for value in values)]
    low, high = min(everything), max(everything)
    return {model: sparkline([*seen, *values], low=low, high=high) for model, values in told.items()}


def _people(line: Line, result: Comparison, paths: Mapping[str, str]) -> tuple[Cell, ...]:
    """The row that people see: no ids, and beside the backtest the record on corpus series of the same class."""
    told = result.forecast
    model, _, *cells = _cells(line, told.target, len(told.levels), 100.0)
    record = corpus_record(told.history.values, line.given.model, len(told.years))
    return (model, paths.get(line.given.model), *cells[:-2], record.smape if record else None, *cells[-2:])


def _rank(line: Line) -> int:
    return ["consensus", "member", "curve", "opinion", "aside"].index(line.status)


def _cells(line: Line, target: int, levels: int, percent: float) -> tuple[Cell, ...]:
    """One row; a weight is a share for machines and a percentage for people."""
    given = line.given
    blank: tuple[Cell, ...] = (None,) * (2 * levels)
    bounds: tuple[Cell, ...] = tuple(
        float(side[place, -1])
        for place in range(levels)
        for side in ((given.lower, given.upper) if given.answers else ())
    )
    weight = None if given.weight is None else percent * given.weight
    smape = None if line.score is None or isnan(line.score.smape) else line.score.smape
    return (
        given.model,
        target,
        float(given.values[-1]) if given.answers else None,
        *(bounds or blank),
        weight,
        smape,
        line.score.n if line.score else 0,
        line.status,
        given.reason or given.message or None,
    )
