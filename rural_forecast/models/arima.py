"""ARIMA through statsmodels, with orders that the length of the series can carry."""

from functools import partial
from typing import Any

import numpy as np

from rural_forecast.models.adapter import SHORT, Opinion, best_of, each_series, quantiles
from rural_forecast.models.base import Answer, Array, Model

Order = tuple[int, int, int, bool]
"""The orders p, d and q, and True if there is a drift."""
_EXACT = 1e-9
"""Share of the level below which changes that differ are the same."""
_CANDIDATES: tuple[Order, ...] = (
    (0, 1, 0, True),
    (0, 1, 0, False),
    (0, 1, 1, True),
    (0, 1, 1, False),
    (1, 1, 0, True),
    (1, 1, 0, False),
)


def candidates(row: Array) -> tuple[Order, ...]:
    """List the orders worth fitting.

    All take one difference, so that no growing market gets a stationary mean.
    """
    changes = np.diff(row)
    spread = changes.std(ddof=1)
    if len(row) >= SHORT and spread > _EXACT * np.abs(row).mean():
        return _CANDIDATES
    standard_error = spread / np.sqrt(len(changes))
    drift = bool(abs(changes.mean()) > standard_error * (1.0 + _EXACT))
    return ((0, 1, 0, drift),)


def on_logs(row: Array) -> bool:
    """Check that a random walk with drift is likelier on logarithms.

    False for short series, and where a value is not positive.
    """
    if len(row) < SHORT or row.min() <= 0:
        return False
    logs = np.log(row)
    level = np.diff(row).var()
    log = np.diff(logs).var()
    return bool(level > 0 and (log == 0 or np.log(level) > np.log(log) + 2.0 * logs[1:].mean()))


def own_forecast(values: Array, horizon: int, levels: tuple[int, ...]) -> Answer:
    """Fit the candidates to each series, and forecast by the one of least AICc."""
    from statsmodels.tsa.arima.model import ARIMA

    def fit(row: Array, order: Order) -> Any:
        return ARIMA(row, order=order[:3], trend="t" if order[3] else "n").fit(cov_type="none")

    def forecast(row: Array) -> Opinion | None:
        logs = on_logs(row)
        series = np.log(row) if logs else row
        origin = series[-1]
        unit = max(float(np.diff(series).std()), _EXACT * float(np.abs(series).mean()))
        standard = (series - origin) / unit  # its optimiser needs an error variance near one
        best = best_of(candidates(series), partial(fit, standard))
        if best is None:
            return None
        fitted, (p, d, q, drift), trouble = best
        prediction = fitted.get_forecast(horizon)
        mean = origin + unit * prediction.predicted_mean
        half = quantiles(levels) * unit * prediction.se_mean
        name = f"ARIMA({p},{d},{q})"
        if drift:
            name += " with drift"
        if logs:
            name += " of logarithms"
        message = f"{name}: {trouble}" if trouble else name
        if logs:
            return Opinion(np.exp(mean), np.exp(mean - half), np.exp(mean + half), message)
        return Opinion(mean, mean - half, mean + half, message)

    return each_series(values, horizon, levels, forecast)


MODEL = Model(
    name="arima",
    title="ARIMA",
    order=150,
    min_points=3,
    formula=(
        "ARIMA(p,1,q), p + q <= 1, with or without drift, by AICc; below 8 points (0,1,0) "
        "alone, with drift where the mean change exceeds its standard error; of log y where "
        "that is likelier and there are 8 points"
    ),
    assumes=(
        "changes are stationary; its interval takes the fitted parameters for true, so it is "
        "too narrow"
    ),
    reference="Box & Jenkins 1970; Hyndman & Khandakar 2008, DOI 10.18637/jss.v027.i03",
    own_forecast=own_forecast,
)
