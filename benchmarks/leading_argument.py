"""Leading markets as an argument beside the trend: how much they should count.

`leaders.py` hands its forecasts to `table`. A rule gives the share of the answer that is the
forecast with leaders, the rest is that of the trend; quantiles are averaged as `triangulate` does.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from rural_forecast.forecasting.leaders import to_scale
from rural_forecast.forecasting.past_record import ENOUGH, LONGEST

GROUPS = ("adopted", "not adopted", "slow or old", "all")
INTRODUCTION = """## Beside the trend

The trend and leading markets as the two arguments of `triangulate`, on the half that the weights were not learned from and on
the products left out, one to ten years ahead. Errors and interval scores are relative to the trend alone (below 1 is better), the
geometric mean over products. "Worse" has erred more than the trend (sMAPE) on the market's own past, the forecasts that
were over by then. What leaders add is their share in the argument. Equal weights are best over all; a record of the past
says little of the next years, and an argument that counts nothing after a bad one loses much of the gain. Counting it by what
it adds costs 0.2 % over all, and gains where nothing is adopted: that is kept, as what did worse, or contains the
market, is no second opinion.
"""


def with_records(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the mean sMAPE of both on the past of each market, up to the years ahead of the row."""
    parts = []
    for _, own in rows.groupby(["product", "country"], sort=False):
        origin = own.origin.to_numpy()
        ahead = np.minimum(own.horizon.to_numpy(), LONGEST)
        horizon = own.horizon.to_numpy()
        over = origin + horizon
        errors = own[["alone_smape", "led_smape"]].to_numpy()
        record = np.full((len(own), 3), np.nan)
        record[:, 0] = 0
        for year, longest in {*zip(origin.tolist(), ahead.tolist(), strict=True)}:
            past = (over <= year) & (horizon <= longest)
            if past.any():
                here = (origin == year) & (ahead == longest)
                record[here] = [past.sum(), *errors[past].mean(axis=0)]
        parts.append(pd.DataFrame(record, own.index, ["n", "past_alone", "past_led"]))
    return rows.join(pd.concat(parts))


def rules(rows: pd.DataFrame) -> Mapping[str, np.ndarray]:
    """The share of leading markets by each rule."""
    adds = (rows.adds / (1 + rows.adds)).to_numpy()
    has_record = (rows.n > 0).to_numpy()
    odds = np.where(has_record, rows.past_alone / rows.past_led, 1.0)
    worse = (rows.past_led > rows.past_alone).to_numpy()
    enough = worse & (rows.n >= ENOUGH).to_numpy()
    one = np.ones(len(rows))
    return {
        "the trend alone": 0 * one,
        "equal": one / 2,
        "by what it adds": adds,
        "led alone": one,
        "by record (1 / error)": odds / (1 + odds),
        "by record (1 / squared error)": odds**2 / (1 + odds**2),
        "equal, nothing if worse": np.where(worse, 0, 0.5),
        "equal, by what it adds if worse": np.where(worse, adds, 0.5),
        f"equal, nothing if worse in {ENOUGH} forecasts": np.where(enough, 0, 0.5),
        f"equal, by what it adds if worse in {ENOUGH} forecasts (kept)": np.where(
            enough, adds, 0.5
        ),
    }


def scores(rows: pd.DataFrame, share: np.ndarray) -> pd.DataFrame:
    """Error, interval score and coverage of 80 % of averaged quantiles, on the log scale."""
    result = pd.DataFrame({"product": rows["product"]})
    sides = {}
    for side in ("point", "low", "high"):
        sides[side] = (1 - share) * rows[f"alone_{side}"] + share * rows[f"led_{side}"]
    sides["actual"] = rows.actual
    for whole, own in rows.groupby(rows.whole.fillna(0)):
        scaled = {
            side: to_scale(values[own.index].to_numpy(), whole or None)
            for side, values in sides.items()
        }
        missed = np.maximum(scaled["low"] - scaled["actual"], 0)
        missed += np.maximum(scaled["actual"] - scaled["high"], 0)
        width = scaled["high"] - scaled["low"]
        result.loc[own.index, "error"] = np.abs(scaled["point"] - scaled["actual"])
        result.loc[own.index, "score"] = width + 10 * missed
        result.loc[own.index, "held"] = 100.0 * (missed == 0)
    return result


def table(every: pd.DataFrame, harms: tuple[str, ...]) -> str:
    """The table in Markdown, with its introduction."""
    rows = with_records(every[~every.learned].reset_index(drop=True))
    spreading = (rows.growth >= 0.05) & ~(rows.share > 0.6)
    harmful = rows["product"].isin(harms)
    members = (~harmful & spreading, harmful & spreading, ~spreading, spreading | ~spreading)
    heads = " | ".join(f"{group}: error | score | 80 % held" for group in GROUPS)
    lines = [INTRODUCTION, f"| rule | {heads} |", f"| --- |{' ---: |' * 3 * len(GROUPS)}"]
    base = None
    for name, share in rules(rows).items():
        scored = scores(rows, share)
        base = scored if base is None else base
        cells = []
        for here in members:
            own = scored[here].groupby("product").mean()
            alone = base[here].groupby("product").mean()
            for measure in ("error", "score"):
                ratio = float(np.exp(np.log(own[measure] / alone[measure]).mean()))
                cells.append(f"{ratio:.3f}")
            cells.append(f"{own.held.mean():.0f}")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)
