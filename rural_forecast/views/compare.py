"""`compare` as a document: one row a model for the target year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import isnan
from operator import attrgetter

from rural_forecast.document.picture import MAIN, PLAIN, Picture, Ranges, Row
from rural_forecast.document.table import Column, Document, Remark, Table, Tone
from rural_forecast.forecasting.backtest import ENOUGH
from rural_forecast.forecasting.compare import Comparison, Line
from rural_forecast.forecasting.evidence import corpus_record
from rural_forecast.forecasting.result import Forecast
from rural_forecast.text.style import Digits
from rural_forecast.views import markets, ranges
from rural_forecast.views.about import about_series
from rural_forecast.views.answer import heading, in_sentences, in_tables, short_name
from rural_forecast.views.columns import Field, end_fields, tabulated
from rural_forecast.views.drawing import of_series, write_of
from rural_forecast.views.notes import remarks
from rural_forecast.views.project import made_by

CORPUS = Remark(
    "Corpus sMAPE: the error on corpus series of like length and growth, as many years ahead.", code="corpus_errors"
)
TONES: dict[str, Tone] = {"consensus": "strong", "opinion": "dim", "curve": "dim"}
RANKS = ("consensus", "member", "curve", "opinion", "aside")


def document(result: Comparison) -> Document:
    """The document of `compare`."""
    forecast = result.forecast
    series = forecast.history.series
    ranked = sorted(result.lines, key=lambda line: (RANKS.index(line.status), -(line.given.weight or 0.0)))
    few = _most(result) < ENOUGH
    ranks = f"The errors rest on fewer than {ENOUGH} forecasts and rank nothing."
    title, likely = heading(forecast)
    people = replace(tabulated(ranked, *_fields(result, people=True)), title=f"Every model for {forecast.target}")
    corpus = (CORPUS,) if any(column.key == "corpus_smape" for column in people.columns) else ()
    return Document(
        command="compare",
        records=tabulated(result.lines, *_fields(result, people=False)),
        title=title,
        summary=(likely, _between(result)),
        sections=(
            _screen(forecast, [line for line in ranked if line.given.answers]),
            people,
            *markets.tables(forecast),
        ),
        figures=markets.figures(forecast),
        brief="-f markdown",
        notes=(
            *((Remark(ranks, code="few_forecasts", stress="caution"),) if few else ()),
            *remarks(result.notes),
            *corpus,
        ),
        series=(about_series(series),),
        provenance=made_by(forecast),
    )


def _most(result: Comparison) -> int:
    """Forecasts that the errors of models rest on, at most."""
    return max((line.score.n for line in result.lines if line.score), default=0)


def _between(result: Comparison) -> str:
    """The models that lie furthest apart, and the one that was closest so far."""
    write, most = in_sentences(result.forecast), _most(result)
    ends = [line.given.last for line in result.lines if line.given.answers]
    between = f"The models give {write(min(ends))} to {write(max(ends))}"
    scored = [line for line in result.lines if line.score and line.score.n == most and not isnan(line.score.smape)]
    if most < ENOUGH or not scored:
        return f"{between}."
    best = min(scored, key=lambda line: line.score.smape if line.score else 0.0)
    name = "the consensus" if best.given.model == "consensus" else short_name(best.given.model)
    return f"{between}; closest so far was {name}, on {most} forecasts."


def _screen(forecast: Forecast, lines: Sequence[Line]) -> Table:
    """The models that answer, with their range, weight and mean error."""
    write, places = in_tables(forecast), ranges.shown_levels(forecast.levels)
    rows = (
        ranges.Row(
            line.given.model,
            line.given.last,
            tuple(end for place in places for end in line.given.ends(place)),
            "ours" if line.status == "consensus" else "other",
            behind=(_percent(line.given.weight), _error(line)),
            tone=TONES.get(line.status, "plain"),
        )
        for line in lines
    )
    return ranges.table(
        rows,
        Column("model", "Model"),
        ranges.amount_column(write, str(forecast.target)),
        [forecast.levels[place] for place in places],
        write,
        behind=(Column("weight", "Weight", "percent", 0), Column("error", "Error", "percent", 1)),
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _error(line: Line) -> float | None:
    return None if line.score is None or isnan(line.score.smape) else line.score.smape


def _fields(result: Comparison, *, people: bool) -> Iterator[Field[Line]]:
    """The columns; people see no ids, weights in percent, and the record on corpus series of the same class."""
    forecast, write = result.forecast, in_tables(result.forecast)
    if not people:
        yield Column("series_id"), lambda _: forecast.history.series.id
    yield Column("model", "Model"), lambda line: line.given.model
    if not people:
        yield Column("period", kind="year"), lambda _: forecast.target
    yield from end_fields(forecast.levels, write, attrgetter("given"))
    weight = Column("weight", "Weight", "percent", 0)
    yield weight, lambda line: _percent(line.given.weight) if people else line.given.weight
    yield Column("backtest_smape", "Backtest sMAPE", "number", 1), _error
    yield Column("backtest_n", "of", "integer", follows=True), lambda line: line.score.n if line.score else 0
    if people:
        values, ahead = forecast.history.values, len(forecast.years)
        record = {line.given.model: corpus_record(values, line.given.model, ahead) for line in result.lines}
        if any(record.values()):
            corpus = Column("corpus_smape", "Corpus sMAPE", "number", 1)
            yield corpus, lambda line: getattr(record[line.given.model], "smape", None)
    yield Column("status", "Status"), lambda line: line.status
    yield Column("reason", ""), lambda line: line.given.reason or line.given.message or None


def picture(result: Comparison) -> Picture:
    """One row a model, its range and weight, all read against the answer."""
    forecast = result.forecast
    answering = [line for line in result.lines if line.given.answers]
    answering.sort(key=lambda line: (line.status != "consensus", line.status == "opinion", -line.given.last))
    write = write_of(forecast)
    ends = [line.given.last for line in answering]
    rows = tuple(_row(line, forecast.levels, write) for line in answering)
    level = forecast.levels[forecast.headline]
    weighed = any(line.given.weight is not None for line in answering)
    heads = (str(forecast.target), f"{level} % range", *(("weight",) if weighed else ()))
    subtitle = f"Single methods give {write(min(ends))} to {write.full(max(ends))}" if len(ends) > 1 else ""
    missing = [short_name(line.given.model) for line in result.lines if not line.given.answers]
    said = f"Not shown, as they cannot be used: {', '.join(missing)}" if missing else ""
    title = heading(forecast, (), write).text
    return of_series(
        Ranges(rows, heads, forecast.best.last), write, title, forecast.history.series, subtitle=subtitle, about=said
    )


def _row(line: Line, levels: tuple[int, ...], write: Digits) -> Row:
    model, answer = line.given, line.status == "consensus"
    low, high = model.ends(0)
    weight = "" if answer or model.weight is None else f"{100 * model.weight:.0f} %"
    return Row(
        name="Forecast" if answer else short_name(model.model),
        value=model.last,
        bounds=tuple((level, *model.ends(place)) for place, level in enumerate(levels)),
        texts=(write(model.last), f"{write(low)} to {write(high)}", weight),
        tone=MAIN if answer else PLAIN,
        strong=answer,
    )
