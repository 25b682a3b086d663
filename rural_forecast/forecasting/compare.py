"""Every model on one series: its number and interval for the target, its weight, its backtest, why it is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Unpack

from rural_forecast.api import Comparable
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.backtest import DATED_LATER, Backtest, Score, backtest, testable, with_record
from rural_forecast.forecasting.forecast import LEARNED_LATER, forecast
from rural_forecast.forecasting.question import DEFAULT_LEVELS, Question
from rural_forecast.forecasting.registry import Asked, resolved
from rural_forecast.forecasting.result import Forecast, ModelForecast, in_currency, of_model
from rural_forecast.notes import Note, of_code
from rural_forecast.series.money import Exchange
from rural_forecast.series.observation import Series


class Line(NamedTuple):
    """One model."""

    given: ModelForecast
    status: str
    """`consensus`, `member`, `curve` or `opinion`; `aside` where it gives no forecast of the target year."""
    score: Score | None


@dataclass(frozen=True, slots=True, eq=False)
class Comparison(Comparable):
    """Every model for one target year."""

    forecast: Forecast
    lines: tuple[Line, ...]
    notes: tuple[Note, ...]
    tested: Backtest | None = None

    def __repr__(self) -> str:
        asked = f"the consensus and {len(self.lines) - 1} models for {self.forecast.target}"
        return f"<Comparison of {self.forecast.history.series.id}: {asked}>"


@in_currency.register
def _converted(result: Comparison, how: Exchange) -> Comparison:
    shown = in_currency(result.forecast, how)
    lines = tuple(line._replace(given=of_model(line.given, shown.years, how)) for line in result.lines)
    return replace(result, forecast=shown, lines=lines, notes=(shown.notes[0], *result.notes))


def compare(
    series: Series,
    *,
    year: int | None = None,
    horizon: int | None = None,
    models: Sequence[Asked] = (),
    opinions: bool = True,
    levels: Sequence[int] = DEFAULT_LEVELS,
    **question: Unpack[Question],
) -> Comparison:
    """Ask every model about a series; other arguments are those of `forecast`.

    Parameters
    ----------
    models : models of your own, next to ours; they have no weight in the consensus
    opinions : ask ARIMA and ETS too, which takes a second

    Raises
    ------
    UsageError : as `forecast` does
    """
    models = resolved(models)
    asked: Any = {"year": year, "horizon": horizon, "levels": levels, "opinions": opinions, **question}
    result = with_record(forecast(series, models=("consensus", *models) if models else (), kernels=True, **asked))
    tested: Backtest | None = None
    notes = (DATED_LATER, *(note for note in result.notes if note != LEARNED_LATER))
    if len(result.history.years) > 1:
        if without := testable(result.history, result.limits)[1]:
            question["floor"] = None
        tested = backtest(series, horizon=min(len(result.years), 6), models=models, opinions=opinions, **question)
        notes = (*notes, *without, *of_code(tested.notes, "fewer_origins"))
    totals = {score.model: score for score in tested.scores if score.horizon is None} if tested else {}
    roles = {"consensus": "consensus"} | {path.model: registry.role(path.model) for path in result.others}
    lines = []
    for path in (*result.main, *result.others):
        given = path.through(len(result.years))
        status = roles.get(path.model, "opinion") if given.answers else "aside"
        lines.append(Line(given, status, totals.get(path.model)))
    return Comparison(result, tuple(lines), notes, tested)
