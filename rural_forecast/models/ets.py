"""Exponential smoothing in state space (ETS) through statsmodels, in forms that the length of a
series can carry.
"""

from functools import partial
from typing import Any

import numpy as np

from rural_forecast.models.adapter import SHORT, Opinion, best_of, each_series
from rural_forecast.models.base import Answer, Array, Model

# Intervals with multiplicative error are simulated: from the same generator for every series.
SEED = 2026
_PATHS = 2000
# Error `add` or `mul`, whether there is a trend, whether it is damped.
Form = tuple[str, bool, bool]


def candidates(row: Array) -> tuple[Form, ...]:
    """Forms worth fitting: below `SHORT` points a damped trend alone; multiplicative errors for
    positive values.
    """
    if len(row) < SHORT:
        return (("add", True, True),)
    errors = ("add", "mul") if row.min() > 0 else ("add",)
    return tuple(
        (error, *kind) for error in errors for kind in ((True, True), (True, False), (False, False))
    )


def own_forecast(values: Array, horizon: int, levels: tuple[int, ...]) -> Answer:
    """Fit the candidates to each series, keep the one of least AICc, and take its points and
    intervals.
    """
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
        options = (
            {"simulate_repetitions": _PATHS, "rng": np.random.default_rng(SEED)}
            if error == "mul"
            else {}
        )
        prediction = fitted.get_prediction(len(row), len(row) + horizon - 1, **options)
        bounds = np.array(
            [prediction.pred_int(1.0 - level / 100.0).to_numpy()[-horizon:] for level in levels]
        )
        bounds = bounds.reshape(len(levels), horizon, 2)
        name = f"ETS({error[0].upper()},{'Ad' if damped else 'A' if trend else 'N'},N)"
        points = prediction.predicted_mean.to_numpy()[-horizon:]
        return Opinion(
            points, bounds[..., 0], bounds[..., 1], f"{name}: {trouble}" if trouble else name
        )

    return each_series(values, horizon, levels, forecast)


MODEL = Model(
    name="ets",
    title="Exponential smoothing (ETS)",
    order=160,
    min_points=3,
    formula="ETS(A or M, N or A or Ad, N) by AICc; below 8 points ETS(A,Ad,N) alone; the state starts at y[1] and the "
    "mean change",
    assumes="level and trend wander; its interval takes the fitted parameters for true, so it is too narrow",
    reference="Hyndman, Koehler, Ord & Snyder 2008, DOI 10.1007/978-3-540-71918-2",
    own_forecast=own_forecast,
)
