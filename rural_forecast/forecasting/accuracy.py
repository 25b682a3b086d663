"""How good forecasts and their intervals were: the measures of the M4 competition, and the CRPS.

The last axis is the horizon; a term is NaN where it is undefined. Sources: Makridakis, Spiliotis
and Assimakopoulos (2020), doi:10.1016/j.ijforecast.2019.04.014; Gneiting and Raftery (2007),
doi:10.1198/016214506000001437; Laio and Tamea (2007), doi:10.5194/hess-11-1267-2007.
"""

from collections.abc import Sequence

import numpy as np

from rural_forecast.models.base import Array

# Near the end of a double terms are not finite.
_far_out = np.errstate(over="ignore", invalid="ignore")


@_far_out
def step_scale(history: Array) -> Array:
    """Average the absolute one-step change of histories of shape (..., time).

    It is the scale of MASE and MSIS; shape (...).
    """
    if history.shape[-1] < 2:
        return np.full(history.shape[:-1], np.nan)
    change = np.abs(np.diff(history, axis=-1)).mean(axis=-1)
    return np.where(change > 0, change, np.nan)


@_far_out
def smape(actual: Array, forecast: Array) -> Array:
    """Return the symmetric absolute percentage error, 0 to 200; NaN where both are zero."""
    size = np.abs(actual) + np.abs(forecast)
    return 200 * np.abs(actual - forecast) / np.where(size > 0, size, np.nan)


@_far_out
def mase(actual: Array, forecast: Array, scale: Array) -> Array:
    """Return the absolute error in units of `step_scale`."""
    return np.abs(actual - forecast) / scale[..., None]


@_far_out
def owa(smape: Array, mase: Array, naive_smape: Array, naive_mase: Array) -> Array:
    """Return the overall weighted average: the mean of two averages, relative to the last value.

    Below 1 beats it.
    """
    defined = np.where((naive_smape > 0) & (naive_mase > 0), 1.0, np.nan)
    return (smape / (naive_smape * defined) + mase / (naive_mase * defined)) / 2


@_far_out
def msis(actual: Array, lower: Array, upper: Array, scale: Array, level: int) -> Array:
    """Return the interval score in units of `step_scale`.

    It is the width, and 2/alpha times the distance by which the interval missed.
    """
    penalty = 200 / (100 - level)
    below = np.maximum(lower - actual, 0)
    above = np.maximum(actual - upper, 0)
    return (upper - lower + penalty * (below + above)) / scale[..., None]


@_far_out
def coverage(actual: Array, lower: Array, upper: Array) -> Array:
    """Return 1 where the interval holds the outcome, bounds included, and 0 where not.

    NaN where either is unknown.
    """
    both = np.isfinite(actual + lower + upper)
    return np.where(both, (lower <= actual) & (actual <= upper), np.nan)


@_far_out
def crps(actual: Array, point: Array, lower: Array, upper: Array, levels: Sequence[int]) -> Array:
    """Return the continuous ranked probability score, in the unit of the series.

    It is computed from a median and bounds of shape (..., level, horizon).
    """
    tails = (100 - np.asarray(levels, dtype=float)) / 200
    probability = np.concatenate([tails, [0.5], 1 - tails])
    quantiles = np.concatenate([lower, point[..., None, :], upper], axis=-2)
    order = np.argsort(probability)
    probability = probability[order]
    # In one layout, so that many forecasts sum to the last digit of each alone.
    quantiles = np.ascontiguousarray(quantiles[..., order, :])
    edges = np.concatenate([[0.0], (probability[1:] + probability[:-1]) / 2, [1.0]])
    error = actual[..., None, :] - quantiles
    column = probability[:, None]
    pinball = np.maximum(column * error, (column - 1) * error)
    return np.asarray(2 * (np.diff(edges)[:, None] * pinball).sum(axis=-2))


@_far_out
def average(terms: Array, axis: int | None = None) -> Array:
    """Average the terms that are defined; NaN where none is."""
    defined = np.isfinite(terms)
    count = defined.sum(axis=axis)
    mean = np.where(defined, terms, 0.0).sum(axis=axis) / np.where(count > 0, count, np.nan)
    return np.where(np.isfinite(mean), mean, np.nan)
