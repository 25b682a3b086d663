"""The series of a panel that can be forecast, and the refusals of the others."""

from collections.abc import Sequence
from functools import cache

import numpy as np

from rural_forecast.errors import ModelError
from rural_forecast.forecasting.answers import Answers, answers
from rural_forecast.forecasting.nowcasting.running import with_starts
from rural_forecast.forecasting.panel import Panel, Refusal, Request
from rural_forecast.forecasting.refusals import impossible
from rural_forecast.models.base import Reason


def answered(panel: Panel, request: Request) -> tuple[Answers, list[Refusal]]:
    """Forecast the series that can be forecast; the others are refused, each with its error.

    Series with parts of the year after the last one go on from the nowcast of that year.
    """
    errors = impossible(panel, request)
    refusals = [Refusal(panel.ids[index], error) for index, error in errors.items()]
    if errors:
        panel = panel.select(np.setdiff1d(np.arange(len(panel.ids)), [*errors]))
    forecasts = answers(with_starts(panel, request), request)
    silent = np.isnan(forecasts.points[:, : len(request.main), 0]).all(axis=1)
    # A series is refused as a whole, with the models that were added to those asked for.
    forecasts.points[silent] = np.nan

    @cache  # many series share the reasons, and so the words
    def no_answer(reasons: tuple[int, ...]) -> ModelError:
        return _no_answer(request, reasons, forecasts.messages)

    for index in np.flatnonzero(silent).tolist():
        reasons = tuple(forecasts.reasons[index].tolist())
        refusals.append(Refusal(panel.ids[index], no_answer(reasons)))
    return forecasts, refusals


def _no_answer(request: Request, reasons: Sequence[int], messages: Sequence[str]) -> ModelError:
    clauses = []
    for slot, code, message in zip(request.main, reasons, messages, strict=False):
        model = request.model(slot)
        words = "" if model is None else Reason(code).of(model)
        if Reason(code) is Reason.FAILED and message:
            words = f"{words} ({message})"
        clauses.append(f"{slot} {words or 'gives no finite number'}")
    return ModelError(f"No model that was asked for can answer: {'; '.join(clauses)}.")
