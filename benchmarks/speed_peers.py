# /// script
# requires-python = ">=3.11"
# dependencies = ["pandas", "pyarrow", "statsforecast==2.1.1"]
# ///
"""One peer's forecasts of a file of series, CSV to CSV, as its users would write it; called by
`speed.py`.

uv run --script benchmarks/speed_peers.py MODEL INPUT OUTPUT HORIZON JOBS
"""

from __future__ import annotations

import os
import sys

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", NIXTLA_ID_AS_COL="1")

import pandas as pd
from statsforecast import StatsForecast
from statsforecast.models import AutoETS, DynamicOptimizedTheta

MODELS = {"AutoETS": AutoETS, "DOT": DynamicOptimizedTheta}


def main() -> None:
    """Read, forecast with 80 and 95 % intervals, write."""
    name, source, target, horizon, jobs = sys.argv[1:]
    frame = pd.read_csv(source).rename(
        columns={"series_id": "unique_id", "period": "ds", "value": "y"}
    )
    engine = StatsForecast(models=[MODELS[name](season_length=1)], freq=1, n_jobs=int(jobs))
    engine.forecast(df=frame, h=int(horizon), level=[80, 95]).to_csv(target, index=False)


if __name__ == "__main__":
    main()
