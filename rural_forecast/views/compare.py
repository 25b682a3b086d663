"""`compare` as a document: one row a model for the target year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import isnan
from operator import attrgetter

from rural_forecast.document.picture import MAIN, PLAIN, Picture, Ranges, Row
from rural_forecast.document.table import Column, Document, Remark, Tone
from rural_forecast.forecasting.backtest import ENOUGH
from rural_forecast.forecasting.compare import Comparison, Line
from rural_forecast.forecasting.evidence import corpus_record
from rural_forecast.text.numbers import Amounts, sparkline
from rural_forecast.views import leaders
from rural_forecast.views.about import about_series, title_of
from rural_forecast.views.answer import amounts_of, finding, name_of, short_name, simpler
from rural_forecast.views.columns import Field, end_fields, tabulated, without
from rural_forecast.views.notes import remarks
from rural_forecast.views.pictures.course import of_series
from rural_forecast.views.project import made_by

CORPUS = Remark(
    "Corpus sMAPE: the error on corpus series of like length and growth, as many years ahead.", code="corpus_errors"
)

SEEN = 3
"""Observed values before the paths of models."""
TONES: dict[str, Tone] = {"consensus": "strong", "aside": "dim"}
RANKS = ("consensus", "member", "curve", "opinion", "aside")


def document(result: Comparison) -> Document:
    """The document of `compare`."""
    forecast = result.forecast
    series = forecast.history.series
    ranked = sorted(result.lines, key=lambda line: (RANKS.index(line.status), -(line.given.weight or 0.0)))
    tones: tuple[Tone, ...] = tuple(TONES.get(line.status, "plain") for line in ranked)
    table = replace(tabulated(ranked, *_fields(result, people=True)), tones=tones)
    known = [column.key for column, *cells in zip(table.columns, *table.rows, strict=True) if any(cells)]
    corpus = (CORPUS,) if "corpus_smape" in known else ()
    few = max((line.score.n for line in result.lines if line.score), default=0) < ENOUGH
    ranks = f"The backtest rests on fewer than {ENOUGH} forecasts and ranks nothing."
    return Document(
        command="compare",
        records=tabulated(result.lines, *_fields(result, people=False)),
        title=f"{title_of(series)}: every model for {forecast.target}",
        about=(f"Unit: {series.unit}" if series.unit else "",),
        summary=tuple(filter(None, (finding(forecast), simpler(forecast)))),
        sections=(
            table if corpus else without(table, "corpus_smape"),
            *((leaders.table(forecast),) if forecast.leads else ()),
        ),
        figures=leaders.figures(forecast),
        notes=(
            *((Remark(ranks, code="few_forecasts"),) if few else ()),
            *corpus,
            *remarks(result.notes),
        ),
        series=(about_series(series),),
        provenance=made_by(forecast),
    )


def _fields(result: Comparison, *, people: bool) -> Iterator[Field[Line]]:
    """The columns; people see no ids, weights in percent, paths, and the record on corpus series of the same class."""
    forecast, write, whole = result.forecast, amounts_of(result.forecast), 100 if people else 1
    values, paths = forecast.history.values, _paths(result)
    if not people:
        yield Column("series_id"), lambda _: forecast.history.series.id
    yield Column("model", "Model"), lambda line: line.given.model
    if people:
        yield Column("path", "Path"), lambda line: paths.get(line.given.model)
    else:
        yield Column("period", kind="year"), lambda _: forecast.target
    yield from end_fields(forecast.levels, write, attrgetter("given"))
    weight = Column("weight", "Weight", "percent", 0)
    yield weight, lambda line: None if line.given.weight is None else whole * line.given.weight
    smape = Column("backtest_smape", "Backtest sMAPE", "number", 1)
    yield smape, lambda line: None if line.score is None or isnan(line.score.smape) else line.score.smape
    yield Column("backtest_n", "of", "integer", follows=True), lambda line: line.score.n if line.score else 0
    if people:
        models = (line.given.model for line in result.lines)
        record = {model: corpus_record(values, model, len(forecast.years)) for model in models}
        corpus = Column("corpus_smape", "Corpus sMAPE", "number", 1)
        yield corpus, lambda line: getattr(record[line.given.model], "smape", None)
    yield Column("status", "Status"), lambda line: line.status
    yield Column("reason", ""), lambda line: line.given.reason or line.given.message or None


def _paths(result: Comparison) -> dict[str, str]:
    """The last observed values and the path of each model, all on one scale."""
    seen = result.forecast.history.values.tolist()[-SEEN:]
    paths = {line.given.model: [*seen, *line.given.values.tolist()] for line in result.lines if line.given.answers}
    everything = [value for path in paths.values() for value in path]
    return {model: sparkline(path, low=min(everything), high=max(everything)) for model, path in paths.items()}


def picture(result: Comparison) -> Picture:
    """One row a model that answers, the consensus first."""
    forecast = result.forecast
    series = forecast.history.series
    answering = [line for line in result.lines if line.given.answers]
    answering.sort(key=lambda line: (line.status != "consensus", line.status == "opinion", -line.given.last))
    best, write = forecast.best.last, amounts_of(forecast)
    least, most = (pick(line.given.last for line in answering) for pick in (min, max))
    rows = tuple(_row(line, forecast.levels, write) for line in answering)
    weights = "weight in the consensus" if any(row.weight is not None for row in rows) else ""
    plot = Ranges(rows, best, f"consensus, {write(best)}", weights)
    claim = f"Models put {forecast.target} at {write(least)} to {write.full(most)}; the consensus says {write(best)}"
    missing = [short_name(line.given.model) for line in result.lines if not line.given.answers]
    opinions = any(line.status == "opinion" for line in answering)
    parts = ["ARIMA and ETS are opinions and have no part in the consensus." if opinions else ""]
    parts += [f"Not shown, as they cannot be used on this series: {', '.join(missing)}." if missing else ""]
    about = " ".join(filter(None, parts))
    return of_series(plot, write, claim, series, kind="Ranges", year=forecast.target, subtitle=about)


def _row(line: Line, levels: tuple[int, ...], write: Amounts) -> Row:
    model = line.given
    consensus = line.status == "consensus"
    return Row(
        name=name_of(model.model),
        value=model.last,
        bounds=tuple((level, *model.ends(place)) for place, level in enumerate(levels)),
        text=write(model.last),
        tone=MAIN if consensus else PLAIN,
        strong=consensus,
        weight=None if consensus else model.weight,
    )
