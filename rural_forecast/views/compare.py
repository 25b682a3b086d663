"""`compare`: one row a model for the target year; on a screen and in a picture the voices that matter."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from rural_forecast.document.picture import Picture, Ranges
from rural_forecast.document.table import Column, Document, Remark, Table, Tone
from rural_forecast.forecasting.backtest import ENOUGH
from rural_forecast.forecasting.compare import Comparison, Line
from rural_forecast.forecasting.evidence import corpus_record
from rural_forecast.text.wording import counted
from rural_forecast.views import project
from rural_forecast.views.about import about_series, remarks
from rural_forecast.views.answer import heading, in_sentences, in_tables, short_name
from rural_forecast.views.drawing import of_series, range_row, write_of
from rural_forecast.views.project import KNOWN, made_by
from rural_forecast.views.table import Ends, Row, end_fields, ranged, tabulated, value_column, without

CORPUS = Remark(
    "Corpus sMAPE: the error on corpus series of like length and growth, as many years ahead.", code="corpus_errors"
)
RANKS = ("consensus", "member", "curve", "opinion", "aside")
_METHODS = {"reference": "Similar series", "linear": "Straight line", "naive": "Last value"}
"""Names of methods for those who do not know ours."""


def document(result: Comparison, *, all_models: bool = False) -> Document:
    """The document of `compare`; `all_models` shows every model that answers on a screen, not those that matter."""
    forecast = result.forecast
    ranked = _ranked(result)
    answering = [line for line in ranked if line.given.answers]
    shown = answering if all_models else _matter(result)
    left = len(answering) - len(shown)
    few = _most(result) < ENOUGH
    ranks = f"The errors rest on fewer than {ENOUGH} forecasts and rank nothing."
    title, likely = heading(forecast)
    people = _table(result, ranked, whole=True)
    corpus = (CORPUS,) if any(column.key == "corpus_smape" for column in people.columns) else ()
    return Document(
        command="compare",
        records=_records(result),
        title=title,
        summary=(likely, _between(result)),
        sections=(_table(result, shown), people, *project.markets(forecast)),
        figures=project.figures(forecast),
        brief="-f markdown",
        more=("--all-models",) if left else (),
        notes=(
            *((Remark(ranks, code="few_forecasts", stress="caution"),) if few else ()),
            *remarks(result.notes),
            *corpus,
        ),
        series=(about_series(forecast.history.series),),
        provenance=made_by(forecast),
    )


def _ranked(result: Comparison) -> list[Line]:
    return sorted(result.lines, key=lambda line: (RANKS.index(line.status), -(line.given.weight or 0.0)))


def _matter(result: Comparison) -> list[Line]:
    """The consensus, its heaviest member, curves, what an analyst knows, and the one that was closest."""
    answering = [line for line in _ranked(result) if line.given.answers]
    heaviest = max(answering, key=lambda line: line.given.weight or 0.0)
    shown = (heaviest, _closest(result))
    return [
        line
        for line in answering
        if line.status in ("consensus", "curve") or line.given.model in KNOWN or any(line is one for one in shown)
    ]


def _most(result: Comparison) -> int:
    """Forecasts that the errors of models rest on, at most."""
    return max((line.score.n for line in result.lines if line.score), default=0)


def _closest(result: Comparison) -> Line | None:
    """The model that was closest so far, of those with as many forecasts, if they are enough."""
    most = _most(result)
    scored = [line for line in result.lines if line.score and line.score.n == most and not isnan(line.score.smape)]
    return min(scored, key=lambda line: _error(line) or 0.0, default=None) if most >= ENOUGH else None


def _between(result: Comparison) -> str:
    """The models that lie furthest apart, and the one that was closest so far."""
    write, best = in_sentences(result.forecast), _closest(result)
    ends = [line.given.last for line in result.lines if line.given.answers]
    between = f"{counted(len(ends) - 1, 'model')} give {write(min(ends))} to {write(max(ends))}"
    if best is None:
        return f"{between}."
    name = "the consensus" if best.status == "consensus" else short_name(best.given.model)
    return f"{between}; closest so far was {name}, on {_most(result)} forecasts."


def _table(result: Comparison, lines: Sequence[Line], *, whole: bool = False) -> Table:
    """Models with their range, weight and error; `whole`: on how many forecasts, on corpus series, and why not."""
    forecast = result.forecast
    values, ahead, write = forecast.history.values, len(forecast.years), in_tables(forecast)
    of_corpus = (corpus_record(values, line.given.model, ahead) if whole else None for line in lines)
    record = [found.smape if found else None for found in of_corpus]
    tones: dict[str, Tone] = {"consensus": "strong", "opinion": "dim", "curve": "dim"}
    rows = []
    for line, smape in zip(lines, record, strict=True):
        more = (line.score.n if line.score else 0, smape, line.status, line.given.reason or line.given.message or None)
        rows.append(
            Row(
                line.given.model,
                line.given.last if line.given.answers else None,
                _ends(result, line),
                "ours" if line.status == "consensus" else "other",
                behind=(_percent(line.given.weight), _error(line), *(more if whole else ())),
                tone=tones.get(line.status, "plain"),
            )
        )
    behind = [Column("weight", "Weight", "percent", 0), Column("error", "Error", "percent", 1)]
    if whole:
        behind += [Column("n", "of", "integer", follows=True), Column("corpus_smape", "Corpus sMAPE", "number", 1)]
        behind += [Column("status", "Status"), Column("reason", "")]
    value, title = value_column(write, str(forecast.target)), f"Every model for {forecast.target}" if whole else ""
    model = Column("model", "Model")
    made = ranged(rows, model, value, forecast.levels, write, behind=behind, every=whole, title=title)
    return made if any(record) or not whole else without(made, "corpus_smape")


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _error(line: Line) -> float | None:
    return None if line.score is None or isnan(line.score.smape) else line.score.smape


def _ends(result: Comparison, line: Line) -> Ends:
    return [line.given.ends(place) for place in range(len(result.forecast.levels))] if line.given.answers else ()


def _records(result: Comparison) -> Table:
    forecast = result.forecast

    def ends(line: Line) -> Ends:
        return _ends(result, line)

    return tabulated(
        result.lines,
        (Column("series_id"), lambda _: forecast.history.series.id),
        (Column("model"), lambda line: line.given.model),
        (Column("period", kind="year"), lambda _: forecast.target),
        (Column("value", kind="number"), lambda line: line.given.last if line.given.answers else None),
        *end_fields(forecast.levels, ends),
        (Column("weight", kind="number"), lambda line: line.given.weight),
        (Column("backtest_smape", kind="number"), _error),
        (Column("backtest_n", kind="integer"), lambda line: line.score.n if line.score else 0),
        (Column("status"), lambda line: line.status),
        (Column("reason"), lambda line: line.given.reason or line.given.message or None),
    )


def picture(result: Comparison) -> Picture:
    """The models that matter with their ranges and weights, all read against the answer."""
    forecast, lines, write = result.forecast, _matter(result), write_of(result.forecast)
    lines.sort(key=lambda line: (line.status != "consensus", -line.given.last))
    left = sum(line.given.answers for line in result.lines) - len(lines)
    rows = tuple(
        range_row(
            "Forecast" if line.status == "consensus" else _METHODS.get(line.given.model, short_name(line.given.model)),
            line.given.last,
            [(level, *line.given.ends(place)) for place, level in enumerate(forecast.levels)],
            write,
            answer=line.status == "consensus",
        )
        for line in lines
    )
    heads = (str(forecast.target), f"{forecast.levels[0]} % range")
    ends = [line.given.last for line in result.lines if line.given.answers]
    about = f"{counted(len(ends) - 1, 'method')} give {write(min(ends))} to {write(max(ends))}"
    about += f"; {left} are not shown" if left else ""
    head, history = heading(forecast, (), write), forecast.history
    return of_series(Ranges(rows, heads, forecast.best.last), write, head, history.series, about=about)
