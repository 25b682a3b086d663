"""`compare`: one row a model for the target year; on a screen and in a picture the voices that
matter.
"""

from collections.abc import Sequence
from math import isnan
from typing import Any

from rural_forecast.document.picture import Picture, Ranges
from rural_forecast.document.table import Column, Document, Table, Tone
from rural_forecast.forecasting.backtest import ENOUGH, ComparedModel, Comparison
from rural_forecast.notes import Note
from rural_forecast.text.numbers import Amounts
from rural_forecast.text.wording import counted
from rural_forecast.views import project
from rural_forecast.views.about import documented, short_name
from rural_forecast.views.chart import of_series, range_row, write_of
from rural_forecast.views.project import heading, in_sentences, in_tables
from rural_forecast.views.table import (
    Ends,
    Row,
    flat,
    interval_columns,
    keyed,
    ranged,
    share_column,
    value_column,
)

RANKS = ("consensus", "member", "curve", "opinion", "aside")
FEW = Note("few_forecasts", f"The errors rest on fewer than {ENOUGH} forecasts and rank nothing.")
_METHODS = {
    "consensus": "Forecast",
    "reference": "Similar series",
    "linear": "Straight line",
    "naive": "Last value",
}


def document(result: Comparison, *, all_models: bool = False) -> Document:
    """The document of `compare`; `all_models` shows every model that answers on a screen, not those
    that matter.
    """
    forecast, (ranked, matter, best, most), rows = result.forecast, _judged(result), []
    nothing: Ends = [(None, None)] * len(forecast.levels)
    for line in result.lines:
        given = line.given
        n = line.score.n if line.score else 0
        answer = (given.last if given.answers else None, *flat(_ends(result, line) or nothing))
        record = given.weight, _error(line), n, line.status, given.reason or given.message or None
        rows.append((forecast.history.series.id, given.model, forecast.target, *answer, *record))
    head = keyed("series_id model period:year value:number")
    ends = interval_columns(forecast.levels)
    more = keyed("weight:number backtest_smape:number backtest_n:integer status reason")
    answering = [line for line in ranked if line.given.answers]
    shown = answering if all_models else matter
    between = _between(result, in_sentences(forecast), "model")
    closest = (
        f"; closest so far was {short_name(best.given.model)}, on {most} forecasts" if best else ""
    )
    sections = [
        _table(result, shown),
        _table(result, ranked, whole=True),
        *project.markets(forecast),
    ]
    notes = [FEW, *result.notes] if most < ENOUGH else result.notes
    fields: dict[str, Any] = {
        "figures": project.figures(forecast),
        "provenance": project.made_by(forecast),
    }
    fields |= {"said": (f"{between}{closest}.",), "brief": "-f markdown"}
    fields |= {"more": ("--all-models",) if len(shown) < len(answering) else ()}
    records = Table((*head, *ends, *more), tuple(rows))
    series = forecast.history.series
    return documented("compare", heading(forecast), records, sections, notes, series, **fields)


def _judged(
    result: Comparison,
) -> tuple[list[ComparedModel], list[ComparedModel], ComparedModel | None, int]:
    """All models in order, those that matter, the closest on the most forecasts if they are enough,
    and their count.
    """
    ranked = sorted(
        result.lines, key=lambda line: (RANKS.index(line.status), -(line.given.weight or 0.0))
    )
    most = max((line.score.n for line in result.lines if line.score), default=0)
    scored = [
        line
        for line in result.lines
        if line.score and line.score.n == most and _error(line) is not None
    ]
    closest = (
        min(scored, key=lambda line: _error(line) or 0.0, default=None) if most >= ENOUGH else None
    )
    answering = [line for line in ranked if line.given.answers]
    heaviest = max(answering, key=lambda line: line.given.weight or 0.0)
    names = {*project.FAMILIAR, heaviest.given.model, *([closest.given.model] if closest else ())}
    known = (
        line
        for line in answering
        if line.status in ("consensus", "curve") or line.given.model in names
    )
    return ranked, [*known], closest, most


def _between(result: Comparison, write: Amounts, what: str) -> str:
    ends = [line.given.last for line in result.lines if line.given.answers]
    return f"{counted(len(ends) - 1, what)} give {write(min(ends))} to {write(max(ends))}"


def _table(result: Comparison, lines: Sequence[ComparedModel], *, whole: bool = False) -> Table:
    """Models with their range, weight and error; `whole`: on how many forecasts, and why not."""
    forecast = result.forecast
    tones: dict[str, Tone] = {"consensus": "strong", "opinion": "dim", "curve": "dim"}
    write = in_tables(forecast)
    rows = []
    for line in lines:
        given = line.given
        ours = line.status == "consensus"
        more = (
            line.score.n if line.score else 0,
            line.status,
            given.reason or given.message or None,
        )
        behind = (given.weight, _error(line), *(more if whole else ()))
        tone = tones.get(line.status, "plain")
        value = given.last if given.answers else None
        ends = _ends(result, line)
        rows.append(
            Row(given.model, value, ends, "ours" if ours else "other", behind=behind, tone=tone)
        )
    columns = [share_column("weight", "Weight"), Column("error", "Error", "percent", 1)]
    columns += (
        [Column("n", "Forecasts", "integer"), Column("status", "Status"), Column("reason")]
        if whole
        else []
    )
    value_of = value_column(write, str(forecast.target))
    title = f"Every model for {forecast.target}" if whole else ""
    name = Column("model", "Model")
    return ranged(
        rows, name, value_of, forecast.levels, write, behind=columns, every=whole, title=title
    )


def _error(line: ComparedModel) -> float | None:
    return None if line.score is None or isnan(line.score.smape) else line.score.smape


def _ends(result: Comparison, line: ComparedModel) -> Ends:
    return (
        [line.given.ends(place) for place in range(len(result.forecast.levels))]
        if line.given.answers
        else ()
    )


def picture(result: Comparison) -> Picture:
    """The models that matter with their ranges, all read against the answer."""
    forecast, (_, lines, *_), write, rows = (
        result.forecast,
        _judged(result),
        write_of(result.forecast),
        [],
    )
    for line in sorted(lines, key=lambda line: (line.status != "consensus", -line.given.last)):
        name = _METHODS.get(line.given.model, short_name(line.given.model))
        bounds = [(level, *line.given.ends(place)) for place, level in enumerate(forecast.levels)]
        rows.append(
            range_row(name, line.given.last, bounds, write, answer=line.status == "consensus")
        )
    about = _between(result, write, "method")
    plot = Ranges(
        tuple(rows), (str(forecast.target), f"{forecast.levels[0]} % range"), forecast.best.last
    )
    return of_series(
        plot, write, heading(forecast, (), write), forecast.history.series, about=about
    )
