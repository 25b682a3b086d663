"""Exponential smoothing in state space (ETS) through statsmodels.

Its forms are those that the length of a series can carry.
"""

from functools import partial
from typing import Any

import numpy as np

from rural_forecast.models.adapter import SHORT, Opinion, best_of, each_series
from rural_forecast.models.base import Answer, Array, Model

# Intervals with multiplicative error are simulated: from the same generator for every series.
SEED = 2026
_PATHS = 2000
Form = tuple[str, bool, bool]
"""The error, `add` or `mul`; True if there is a trend; True if it is damped."""
_TRENDS = ((True, True), (True, False), (False, False))


def candidates(row: Array) -> tuple[Form, ...]:
    """List the forms worth fitting.

    Below `SHORT` points it is a damped trend alone; positive values may have multiplicative errors.
    """
    if len(row) < SHORT:
        return (("add", True, True),)
    errors = ("add", "mul") if row.min() > 0 else ("add",)
    return tuple((error, *trend) for error in errors for trend in _TRENDS)


def own_forecast(values: Array, horizon: int, levels: tuple[int, ...]) -> Answer:
    """Fit the candidates to each series, and forecast by the one of least AICc."""
    import pandas as pd
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    def fit(row: Array, form: Form) -> Any:
        error, trend, damped = form
        change = (row[-1] - row[0]) / (len(row) - 1) if trend else 0.0
        model = ETSModel(
            pd.Series(row),
            error=error,
            trend="add" if trend else None,
            damped_trend=damped,
            initialization_method="known",
            initial_level=row[0] - change,
            initial_trend=change if trend else None,
        )
        return model.fit(disp=False)

    def forecast(row: Array) -> Opinion | None:
        best = best_of(candidates(row), partial(fit, row))
        if best is None:
            return None
        fitted, (error, trend, damped), trouble = best
        options: dict[str, Any] = {}
        if error == "mul":
            options["simulate_repetitions"] = _PATHS
            options["rng"] = np.random.default_rng(SEED)
        prediction = fitted.get_prediction(len(row), len(row) + horizon - 1, **options)
        points = prediction.predicted_mean.to_numpy()[-horizon:]
        intervals = [prediction.pred_int(1.0 - level / 100.0).to_numpy() for level in levels]
        bounds = np.array([interval[-horizon:] for interval in intervals])
        bounds = bounds.reshape(len(levels), horizon, 2)  # also where there are no levels

        trend_letters = "N"
        if trend:
            trend_letters = "Ad" if damped else "A"
        name = f"ETS({error[0].upper()},{trend_letters},N)"
        message = f"{name}: {trouble}" if trouble else name
        return Opinion(points, bounds[..., 0], bounds[..., 1], message)

    return each_series(values, horizon, levels, forecast)


MODEL = Model(
    name="ets",
    title="Exponential smoothing (ETS)",
    order=160,
    min_points=3,
    formula=(
        "ETS(A or M, N or A or Ad, N) by AICc; below 8 points ETS(A,Ad,N) alone; the state "
        "starts at y[1] and the mean change"
    ),
    assumes=(
        "level and trend wander; its interval takes the fitted parameters for true, so it is "
        "too narrow"
    ),
    reference="Hyndman, Koehler, Ord & Snyder 2008, DOI 10.1007/978-3-540-71918-2",
    own_forecast=own_forecast,
)
