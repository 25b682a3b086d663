"""Growth after windows of the corpus, by class of length, growth and dispersion; and the record of
every member.
"""

from __future__ import annotations

import numpy as np

from rural_forecast.forecasting.evidence import (
    DISPERSIONS,
    GROWTHS,
    LENGTHS,
    LEVELS,
    SHARES,
    class_of,
)
from rural_forecast.forecasting.reference import MIDDLE
from training.calibration import TAILS, weighted_quantile
from training.corpus import Described, Windows
from training.tables import CALIBRATED

HORIZONS = 10
RECORDED = ("consensus", *CALIBRATED)
FEWEST = 20
"""Series below which a cell stays empty."""


def keys(values: list[np.ndarray]) -> np.ndarray:
    """(n, 3): length, growth and dispersion class of windows; -1 where there is no growth to class."""
    return np.array([class_of(one) or (-1, -1, -1) for one in values])


def classes(windows: Windows, mass: np.ndarray) -> dict[str, np.ndarray]:
    """Count of series and quantiles of annual log growth by class and horizon."""
    key = keys(windows.values)
    growth = windows.future / np.arange(1, HORIZONS + 1)
    count = np.zeros((LENGTHS, GROWTHS, DISPERSIONS, HORIZONS))
    spread = np.zeros((LENGTHS, GROWTHS, DISPERSIONS, HORIZONS, len(SHARES)))
    for cell in np.ndindex(LENGTHS, GROWTHS, DISPERSIONS):
        here = (key == cell).all(axis=1)
        for step in range(HORIZONS):
            rows = here & np.isfinite(growth[:, step])
            series = len(np.unique(windows.series[rows]))
            count[(*cell, step)] = series
            if series >= FEWEST:
                found = growth[rows, step]
                spread[(*cell, step)] = [
                    weighted_quantile(found, mass[rows], share) for share in SHARES
                ]
    return {"class.count": count, "class.growth": spread}


def record(
    windows: Windows, described: Described, rows, quantiles, point, paths, arrays
) -> dict[str, np.ndarray]:
    """Mean sMAPE, that of naive, and coverage of 80 and 95 %, by member, length, growth and
    horizon.

    References are out of fold by domain. Shape (member, length, growth, horizon, 5): count, sMAPE,
    naive's, coverages.
    """
    from rural_forecast.forecasting.intervals import consensus_factors, horizon_classes, tamed
    from training.calibration import lengths_of

    values = [windows.values[row] for row in rows]
    key = keys(values)
    future = windows.future[rows].astype(float)
    lengths = lengths_of(values)
    steps = horizon_classes(HORIZONS)
    offsets = np.delete(
        quantiles[rows] - quantiles[rows][:, :, MIDDLE : MIDDLE + 1], MIDDLE, axis=2
    )
    assert offsets.shape[2] == len(TAILS)
    result = np.zeros((len(RECORDED), LENGTHS, GROWTHS, HORIZONS, 3 + len(LEVELS)))
    for place, name in enumerate(RECORDED):
        if name == "consensus":
            factors = consensus_factors(arrays["tails.consensus"], described.traits[rows], HORIZONS)
            own = point[rows]
            tails = tamed(offsets * factors)
        else:
            factors = arrays["tails.members"][CALIBRATED.index(name)][
                lengths[:, None], steps[None, :]
            ]
            own = paths[name]
            tails = offsets * factors
        error = future - own
        smape = 200 * np.tanh(np.abs(error) / 2)
        naive = 200 * np.tanh(np.abs(future) / 2)
        inside = [
            (error >= tails[:, :, low]) & (error <= tails[:, :, high])
            for low, high in ((2, 5), (1, 6))
        ]
        for length, growth in np.ndindex(LENGTHS, GROWTHS):
            here = (key[:, 0] == length) & (key[:, 1] == growth)
            for step in range(HORIZONS):
                chosen = here & np.isfinite(error[:, step])
                cell = result[place, length, growth, step]
                cell[0] = chosen.sum()
                if cell[0] >= FEWEST:
                    cell[1:3] = smape[chosen, step].mean(), naive[chosen, step].mean()
                    cell[3:] = [hit[chosen, step].mean() for hit in inside]
    return {"record": result}
