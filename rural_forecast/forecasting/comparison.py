"""Every model on one series: its forecast, and how it fared on the past of the series."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from rural_forecast.api import Comparable
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.backtest import (
    DATED_LATER,
    Backtest,
    backtest,
    floor_above,
    with_record,
)
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.in_currency import in_currency, of_model
from rural_forecast.forecasting.one_series import LEARNED_LATER
from rural_forecast.forecasting.past_record import (
    LONGEST,
    Score,
)
from rural_forecast.forecasting.registry import resolved
from rural_forecast.forecasting.result import Forecast, ModelForecast
from rural_forecast.notes import Note, of_code
from rural_forecast.observed.money.exchange import Exchange
from rural_forecast.observed.observation import Series
from rural_forecast.question.question import CONSENSUS, Question

if TYPE_CHECKING:
    from rural_forecast.question.compare import ComparisonQuestion


class ComparedModel(NamedTuple):
    """One model of a comparison."""

    given: ModelForecast
    status: str
    """`consensus`, `member`, `curve` or `opinion`; `aside` where it gives no forecast of the target
    year.
    """
    score: Score | None


@dataclass(frozen=True, slots=True, eq=False)
class Comparison(Comparable):
    """Every model for one target year."""

    forecast: Forecast
    lines: tuple[ComparedModel, ...]
    notes: tuple[Note, ...]
    tested: Backtest | None = None

    def __repr__(self) -> str:
        asked = f"the consensus and {len(self.lines) - 1} models for {self.forecast.target}"
        return f"<Comparison of {self.forecast.history.series.id}: {asked}>"


@in_currency.register
def _converted(result: Comparison, exchange: Exchange) -> Comparison:
    forecast = in_currency(result.forecast, exchange)
    lines = tuple(
        line._replace(given=of_model(line.given, forecast.years, exchange)) for line in result.lines
    )
    note = forecast.notes[0]  # on the exchange
    return replace(result, forecast=forecast, lines=lines, notes=(note, *result.notes))


def compare(series: Series, question: ComparisonQuestion) -> Comparison:
    """Ask every model about a series.

    Parameters
    ----------
    series : a series, or whatever `rural_forecast.series` makes one of
    start : year of the first value, where the series is values alone
    year, horizon, levels, ceiling, floor, measure, kind, within, like : as in `forecast`
    since, until, prefer, allow_gaps, as_of, basis, breaks : which points are used, see `Window`
    models : models of your own, next to ours; they have no weight in the consensus
    opinions : ask ARIMA and ETS too, which takes a second

    Raises
    ------
    UsageError : as `forecast` does

    >>> import rural_forecast as rf
    >>> result = rf.compare({2014: 180, 2015: 353, 2016: 482}, opinions=False)
    >>> result.lines[0].given.model, result.forecast.target
    ('consensus', 2018)
    """
    models = resolved(question.models)
    asked = question.of(Question, models=(CONSENSUS, *models) if models else (), kernels=True)
    result = with_record(forecast(series, asked))
    tested: Backtest | None = None
    notes = (DATED_LATER, *(note for note in result.notes if note != LEARNED_LATER))
    if len(result.history.comparable.years) > 1:
        from rural_forecast.question.backtest import BacktestQuestion

        without_floor = floor_above(result.history, result.limits)
        past = question.of(
            BacktestQuestion,
            horizon=min(len(result.years), LONGEST),
            models=models,
            floor=None if without_floor else question.floor,
        )
        tested = backtest(series, past)
        notes = (*notes, *without_floor, *of_code(tested.notes, "fewer_origins"))
    lines = tuple(_compared(result, tested))
    return Comparison(result, lines, notes, tested)


def _compared(result: Forecast, tested: Backtest | None) -> Iterator[ComparedModel]:
    """Put the forecast of each model, its role and its score side by side."""
    scores_of_all_horizons = {}
    if tested is not None:
        scores_of_all_horizons = {
            score.model: score for score in tested.scores if score.horizon is None
        }
    roles: dict[str, str] = {CONSENSUS: CONSENSUS}
    for path in result.others:
        roles[path.model] = registry.role(path.model)
    for path in (*result.main, *result.others):
        given = path.through(len(result.years))
        status = roles.get(path.model, "opinion") if given.answers else "aside"
        yield ComparedModel(given, status, scores_of_all_horizons.get(path.model))
