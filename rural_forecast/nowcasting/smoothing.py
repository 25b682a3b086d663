"""Seasonal smoothing of the parts of years: the rest of a year from its quarters or halves.

Multiplicative seasonal factors (ratios to a centred moving average over a year, recent years counting more) are taken
out of the parts. Their logarithms are smoothed with a level and a damped trend (Gardner and McKenzie 1985,
doi:10.1287/mnsc.31.10.1237). The paths of a fixed grid of smoothing constants are averaged, weighted by their errors
in the past. No constant is estimated series by series, as half a dozen years are too few for that.
"""

from __future__ import annotations

import numpy as np

from rural_forecast.models.base import Array

MIN_YEARS = 3  # whole earlier years that seasonal factors need
LONGEST = 12  # earlier years used at most

_LEVEL = (0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95)
_TREND = ((0.0, 0.0), (0.1, 0.9), (0.2, 0.8), (0.1, 0.97))  # pairs of the trend's smoothing constant and damping
_GRID = np.array([(level, trend, damping) for level in _LEVEL for trend, damping in _TREND])
_FADING = 0.85  # weight of a seasonal ratio relative to that of a year later
_SHARPNESS = 6  # paths are weighted by their mean squared error to the power of minus this
_TRUST = 6  # two ways to cut a year are weighted by their root mean squared errors to the power of minus this


def smoothed(coarse: Array, fine: Array | None, season: int) -> tuple[Array, Array]:
    """The rest of the year, and the root mean squared error of its logarithm one part ahead; both of shape (series,).

    `coarse`: shape (series, 2 x years + 1): known part and rest of each earlier year, then the known part. `fine`: the
    same in pieces where these are known, shape (series, season x years + known pieces), `season` of them a year.
    """
    whole, error = _rest_of_year(coarse, 2)
    if fine is None:
        return whole, error
    cut, own_error = _rest_of_year(fine, season)
    weight = 1 / (1 + (error / own_error) ** _TRUST)
    total = np.exp(weight * np.log(whole) + (1 - weight) * np.log(cut))
    return total, weight * error + (1 - weight) * own_error


def _rest_of_year(parts: Array, season: int) -> tuple[Array, Array]:
    """The sum of the parts of the last year that are still to come, and its error; `parts`: positive, as in `fine`."""
    known = parts.shape[1] % season
    logs = np.log(parts)
    factors = _factors(logs, season)
    paths, errors = _paths(logs - factors[:, np.arange(parts.shape[1]) % season], season, season - known)
    ahead = np.exp(np.clip(paths + factors[:, None, known:], -700, 700)).sum(axis=2)
    weights = (errors + 1e-6) ** -float(_SHARPNESS)
    weights /= weights.sum(axis=1, keepdims=True)
    error = np.sqrt((weights * errors).sum(axis=1) + 1e-6)
    return np.exp((weights * np.log(ahead)).sum(axis=1)), error


def _factors(logs: Array, season: int) -> Array:
    """Seasonal factors on the log scale, shape (series, season), mean 0."""
    time = logs.shape[1]
    kernel = np.full(season + 1 - season % 2, 1 / season)
    if season % 2 == 0:
        kernel[[0, -1]] /= 2
    half = len(kernel) // 2
    size = logs.max(axis=1, keepdims=True)
    around = np.lib.stride_tricks.sliding_window_view(np.exp(logs - size), len(kernel), axis=1) @ kernel
    ratios = logs[:, half : time - half] - size - np.log(around)
    at = np.arange(half, time - half)
    chosen = (at % season)[:, None] == np.arange(season)
    weights = (_FADING ** ((time - 1 - at) // season))[:, None] * chosen
    factors = ratios @ (weights / weights.sum(axis=0))
    return np.asarray(factors - factors.mean(axis=1, keepdims=True))


def _paths(level: Array, season: int, steps: int) -> tuple[Array, Array]:
    """Paths of shape (series, grid, steps), and mean squared errors of shape (series, grid)."""
    alpha, beta, damping = _GRID.T
    now = np.repeat(level[:, :1], len(_GRID), axis=1)
    slope = np.zeros_like(now)
    total = np.zeros_like(now)
    for step in range(1, level.shape[1]):
        expected = now + damping * slope
        error = level[:, step : step + 1] - expected
        if step >= season:
            total += error**2
        now = expected + alpha * error
        slope = damping * slope + alpha * beta * error
    reach = np.cumsum(damping[None, :] ** np.arange(1, steps + 1)[:, None], axis=0).T
    return now[:, :, None] + slope[:, :, None] * reach[None], total / max(level.shape[1] - season, 1)
