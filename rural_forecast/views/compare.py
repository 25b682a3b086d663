"""`compare`: one row a model for the target year; on a screen and in a picture the models that
matter: the consensus, familiar ones, the heaviest member, and the closest one so far.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from rural_forecast.document.picture import Picture, Ranges
from rural_forecast.document.table import Cell, Column, Document, Table, Tone
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.comparison import ComparedModel, Comparison
from rural_forecast.forecasting.past_record import ENOUGH, in_percent, record_of
from rural_forecast.notes import Note
from rural_forecast.text.numbers import Amounts, adding_up, in_unit
from rural_forecast.text.wording import counted
from rural_forecast.views import attribution, others, premises, recorded
from rural_forecast.views.about import documented, inputs, short_name, used
from rural_forecast.views.answer import heading, in_sentences, in_tables
from rural_forecast.views.lines import of_series, write_of
from rural_forecast.views.project import FAMILIAR
from rural_forecast.views.rows import range_row
from rural_forecast.views.table import (
    Ends,
    RangedRow,
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
_WEIGHT_STEP = 0.01  # people read whole percents
_TONES: dict[str, Tone] = {"consensus": "strong", "opinion": "dim", "curve": "dim"}


@dataclass(frozen=True, slots=True)
class _Judged:
    """The models of a comparison in order, and those that a screen shows."""

    ranked: list[ComparedModel]
    answering: list[ComparedModel]
    matter: list[ComparedModel]
    closest: ComparedModel | None  # on the most forecasts, if these are enough to rank models
    most_forecasts: int  # the errors of a model rest on


def document(result: Comparison, *, all_models: bool = False) -> Document:
    """Make the document of `compare`.

    `all_models` shows every model that answers on a screen, not those that matter.
    """
    forecast = result.forecast
    judged = _judged(result)
    shown = judged.answering if all_models else judged.matter
    return documented(
        "compare",
        heading(forecast),
        _records(result),
        [
            _table(result, shown),
            _table(result, judged.ranked, whole=True),
            *others.markets(forecast),
        ],
        [FEW, *result.notes] if judged.most_forecasts < ENOUGH else result.notes,
        forecast.history.series,
        sentences=(
            *premises.of_forecast(forecast, in_sentences(forecast)),
            _summary(result, judged),
        ),
        brief="-f markdown",
        drawn=_for_clients(result, _table(result, judged.matter)),
        observed=lambda: inputs(used(forecast.history)),
        more=("--all-models",) if len(shown) < len(judged.answering) else (),
        figures=recorded.figures(forecast),
        provenance=recorded.made_by(forecast),
    )


def _records(result: Comparison) -> Table:
    """Make the rows of the contract: each model with its answer, weight and error."""
    forecast = result.forecast
    no_ends: Ends = [(None, None)] * len(forecast.levels)
    rows = list[tuple[Cell, ...]]()
    for line in result.lines:
        given = line.given
        row = (
            forecast.history.series.id,
            given.model,
            forecast.target,
            given.last if given.answers else None,
            *flat(_ends(result, line) or no_ends),
            given.weight,
            None if line.score is None else _defined(line.score.smape),
            line.score.n if line.score else 0,
            line.status,
            given.reason or given.message or None,
        )
        rows.append(row)
    columns = (
        *keyed("series_id model period:year value:number"),
        *interval_columns(forecast.levels),
        *keyed("weight:number backtest_smape:number backtest_n:integer status reason"),
    )
    return Table(columns, tuple(rows))


def _summary(result: Comparison, judged: _Judged) -> str:
    """Say between which values the models lie, and which has been the closest."""
    between = _between(result, in_sentences(result.forecast), "model")
    if judged.closest is None:
        return f"{between}."
    name = _closest_name(judged.closest)
    record = record_of(result.tested.trials) if result.tested else None
    basis = f", {record.basis}" if record else ""
    return (
        f"{between}; closest so far: {name}, by the {_measure(result).title} of "
        f"{judged.most_forecasts} forecasts{basis}."
    )


def _closest_name(line: ComparedModel) -> str:
    """Name the closest model as the note on a simpler method does; ours is no model like others."""
    if line.status == "consensus":
        return "our forecast"
    model = line.given.model
    title = registry.get(model).title if model in registry.names() else short_name(model)
    return title if title[:2].isupper() else f"{title[:1].lower()}{title[1:]}"


def _judged(result: Comparison) -> _Judged:
    """Put the models in order and select those that matter."""
    ranked = sorted(
        result.lines, key=lambda line: (RANKS.index(line.status), -(line.given.weight or 0.0))
    )
    answering = [line for line in ranked if line.given.answers]

    most = max((line.score.n for line in result.lines if line.score), default=0)
    closest = None
    if most >= ENOUGH:
        fair = [line for line in result.lines if line.score and line.score.n == most]
        scored = [line for line in fair if _error(result, line) is not None]
        closest = min(scored, key=lambda line: _error(result, line) or 0.0, default=None)

    heaviest = max(answering, key=lambda line: line.given.weight or 0.0)
    names = {*FAMILIAR, heaviest.given.model}
    if closest:
        names.add(closest.given.model)
    always = ("consensus", "curve")
    matter = [line for line in answering if line.status in always or line.given.model in names]
    return _Judged(ranked, answering, matter, closest, most)


def _between(result: Comparison, write: Amounts, what: str) -> str:
    """Say between which values the answers lie; the consensus is none of what is counted."""
    values = [line.given.last for line in result.lines if line.given.answers]
    return f"{counted(len(values) - 1, what)} give {write(min(values))} to {write(max(values))}"


def _table(result: Comparison, lines: Sequence[ComparedModel], *, whole: bool = False) -> Table:
    """Tabulate models with their range, weight and error.

    `whole` adds all levels, on how many forecasts the error rests, and why a model gives none.
    """
    forecast = result.forecast
    weights = _weights(result)
    rows = []
    for line in lines:
        given = line.given
        behind: tuple[Cell, ...] = (weights.get(given.model), _error(result, line))
        if whole:
            count = line.score.n if line.score else 0
            behind = (*behind, count, line.status, given.reason or given.message or None)
        row = RangedRow(
            given.model,
            given.last if given.answers else None,
            _ends(result, line),
            "ours" if line.status == "consensus" else "other",
            behind=behind,
            tone=_TONES.get(line.status, "plain"),
        )
        rows.append(row)
    others = weights.keys() - {line.given.model for line in lines}
    if others:
        rest = sum(weights[name] for name in others)
        rows.append(RangedRow(counted(len(others), "other"), None, behind=(rest,), tone="dim"))

    columns = [share_column("weight", "Weight"), _measure(result)]
    if whole:
        columns += [
            Column("n", "Forecasts", "integer"),
            Column("status", "Status"),
            Column("reason"),
        ]
    write = in_tables(forecast)
    return ranged(
        rows,
        Column("model", "Model"),
        value_column(write, str(forecast.target)),
        forecast.levels,
        write,
        behind=columns,
        every=whole,
        title=f"Every model for {forecast.target}" if whole else "",
    )


def _for_clients(result: Comparison, table: Table) -> Table:
    """Name methods and their error as a picture does."""
    names = {line.given.model: _method(line.given.model) for line in result.lines}
    rows = tuple((names.get(str(name), name), *cells) for name, *cells in table.rows)
    key, *columns, measure = table.columns
    if measure.kind == "percent":
        measure = measure._replace(title="Past error")
    key = key._replace(key="method", title="Method")
    return table._replace(columns=(key, *columns, measure), rows=rows)


def _method(model: str) -> str:
    """Name a model in a picture."""
    return _METHODS.get(model, short_name(model))


def _weights(result: Comparison) -> dict[str, float]:
    """Round the weights so that they add up to 100 %; models without one are left out."""
    members = [line.given for line in result.lines if line.given.weight]
    rounded = adding_up([given.weight or 0.0 for given in members], _WEIGHT_STEP)
    return {given.model: weight for given, weight in zip(members, rounded, strict=True)}


def _measure(result: Comparison) -> Column:
    """Make the column of errors: in percent, or in mean yearly changes where that says nothing."""
    if in_percent(result.forecast.history.values):
        return Column("error", "sMAPE", "percent", 1)
    return Column("error", "MASE", "number", 2)


def _error(result: Comparison, line: ComparedModel) -> float | None:
    """Give the mean error of a model in the backtest; None where it is not defined."""
    if line.score is None:
        return None
    has_percent = in_percent(result.forecast.history.values)
    return _defined(line.score.smape if has_percent else line.score.mase)


def _defined(error: float) -> float | None:
    return None if isnan(error) else error


def _ends(result: Comparison, line: ComparedModel) -> Ends:
    """Give the intervals of a model; empty where it gives no forecast."""
    if not line.given.answers:
        return ()
    return [line.given.ends(index) for index in range(len(result.forecast.levels))]


def picture(result: Comparison) -> Picture:
    """Draw the models that matter with their ranges, all read against the answer."""
    forecast = result.forecast
    write = write_of(forecast)
    judged = _judged(result)
    # The line below the headline names the lowest and the highest answer.
    by_answer = sorted(judged.answering, key=lambda line: line.given.last)
    extremes = [line for line in (*by_answer[:1], *by_answer[-1:]) if line not in judged.matter]
    lines = sorted(
        [*judged.matter, *extremes],
        key=lambda line: (line.status != "consensus", -line.given.last),
    )
    rows = []
    for line in lines:
        name = _method(line.given.model)
        bounds = [(level, *line.given.ends(index)) for index, level in enumerate(forecast.levels)]
        answer = line.status == "consensus"
        rows.append(range_row(name, line.given.last, bounds, write, answer=answer))
    heads = (str(forecast.target), f"{forecast.levels[0]} % range")
    return of_series(
        Ranges(tuple(rows), heads, forecast.best.last),
        write,
        heading(forecast, (), write),
        forecast.history.series,
        about=f"{_between(result, write, 'method')}{in_unit(write.unit)}",
        source=attribution.line(attribution.of_forecasts(forecast)),
        premise=" ".join(premises.of_forecast(forecast, write)),
    )
