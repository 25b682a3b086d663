# /// script
# requires-python = ">=3.11"
# dependencies = ["hierarchicalforecast==1.5.3", "pandas", "pyarrow", "statsforecast==2.1.1"]
# ///
"""Reconciled forecasts of hierarchicalforecast, CSV to CSV, as its users would write them; called
by `panels.py`.

uv run --script benchmarks/panels_peers.py HISTORY BASE OUTPUT HORIZON

HISTORY has `leaf, group, period, value`; BASE has `node, period, value`, forecasts that those
methods reconcile which need no residuals. A method that fails on so few points is left out of
OUTPUT, with its reason on standard error.
"""

from __future__ import annotations

import os
import sys

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", NIXTLA_ID_AS_COL="1")

import pandas as pd
from hierarchicalforecast.core import HierarchicalReconciliation
from hierarchicalforecast.methods import BottomUp, MinTrace
from hierarchicalforecast.utils import aggregate
from statsforecast import StatsForecast
from statsforecast.models import AutoETS, RandomWalkWithDrift

MODELS = {"AutoETS": AutoETS(season_length=1), "RWD": RandomWalkWithDrift()}
METHODS = {
    "bottom-up": BottomUp(),
    "MinT ols": MinTrace("ols"),
    "MinT wls_struct": MinTrace("wls_struct"),
    "MinT wls_var": MinTrace("wls_var"),
    "MinT mint_shrink": MinTrace("mint_shrink"),
}
WITHOUT_RESIDUALS = ("bottom-up", "MinT ols", "MinT wls_struct")


def main() -> None:
    """Read, forecast, reconcile, write."""
    source, ours, target, horizon = sys.argv[1:]
    frame = pd.read_csv(source, dtype={"leaf": str, "group": str})
    frame = frame.rename(columns={"period": "ds", "value": "y"}).assign(whole="total")
    history, summing, tags = aggregate(
        frame, [["whole"], ["whole", "group"], ["whole", "group", "leaf"]]
    )
    tables = []
    for name, model in MODELS.items():
        engine = StatsForecast(
            models=[model], freq=1, n_jobs=1, fallback_model=RandomWalkWithDrift()
        )
        base = engine.forecast(df=history, h=int(horizon), fitted=True)
        fitted = engine.forecast_fitted_values()
        tables += [reconciled(base, fitted, summing, tags, title) for title in METHODS]
        tables.append(base.rename(columns={name: "value"}).assign(way=f"{name}, not reconciled"))
    base = pd.read_csv(ours).rename(columns={"node": "unique_id", "period": "ds", "value": "ours"})
    tables += [reconciled(base, None, summing, tags, title) for title in WITHOUT_RESIDUALS]
    kept = [table[["unique_id", "ds", "way", "value"]] for table in tables if table is not None]
    pd.concat(kept).to_csv(target, index=False)


def reconciled(
    base: pd.DataFrame, fitted: pd.DataFrame | None, summing: pd.DataFrame, tags: dict, title: str
) -> pd.DataFrame | None:
    """Forecasts of one model reconciled by one method, or None where it fails."""
    name = next(column for column in base if column not in ("unique_id", "ds"))
    try:
        engine = HierarchicalReconciliation([METHODS[title]])
        done = engine.reconcile(Y_hat_df=base, Y_df=fitted, S_df=summing, tags=tags)
    except Exception as error:  # noqa: BLE001 - whatever a peer raises is its answer
        sys.stderr.write(f"{name}, {title}: {type(error).__name__}: {error}\n")
        return None
    column = next(column for column in done if column not in ("unique_id", "ds", name))
    if done[column].isna().any():
        sys.stderr.write(
            f"{name}, {title}: gives no number for {int(done[column].isna().sum())} forecasts\n"
        )
        return None
    return done.rename(columns={column: "value"}).assign(way=f"{name}, {title}")


if __name__ == "__main__":
    main()
