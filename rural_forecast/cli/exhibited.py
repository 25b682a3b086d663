"""The markets of a page or picture: all that it says of each, and the notes by series."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rural_forecast.cli import loading
from rural_forecast.notes import Note
from rural_forecast.question.compare import ComparisonQuestion
from rural_forecast.question.question import DEFAULT, Question

if TYPE_CHECKING:
    from rural_forecast.observed.money.exchange import Exchange
    from rural_forecast.observed.observation import Series
    from rural_forecast.views.exhibit import ExhibitedMarket


def exhibited_market(
    series: Series,
    question: Question = DEFAULT,
    *,
    opinions: bool = True,
    targets: Sequence[float] = (),
    currency: Exchange | None = None,
    pool: bool = False,
    weights: Mapping[str, float] | None = None,
) -> ExhibitedMarket:
    """Compute all that a page says of a series. `opinions`: ask ARIMA and ETS too, which takes
    time.
    """
    from rural_forecast.forecasting.comparison import compare
    from rural_forecast.forecasting.forecast import forecast
    from rural_forecast.views.exhibit import ExhibitedMarket

    comparison = compare(series, question.of(ComparisonQuestion, models=(), opinions=opinions))
    result = comparison.forecast
    if question.models:
        result = forecast(series, replace(question, kernels=True))
    if pool:
        result = loading.pooled(result, weights)
    return ExhibitedMarket(result, comparison, tuple(targets), currency)


def of_one_series(name: str, notes: Iterable[Note]) -> list[Note]:
    """The notes of one of several series, by its name; a page of one alone needs none.

    Notes on the file or on the question name no series.
    """
    from rural_forecast.observed.findings import OF_ONE_SERIES

    if not name:
        return [*notes]
    return [note.about(name) if note.code in OF_ONE_SERIES else note for note in notes]
