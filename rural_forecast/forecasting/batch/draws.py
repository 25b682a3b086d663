"""Sampled paths of many series: for each those of `Forecast.paths`."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

import numpy as np

from rural_forecast.document.table import Words
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.batch.panel import Panel
from rural_forecast.forecasting.batch.request import Request
from rural_forecast.forecasting.batch.rows import Rows
from rural_forecast.forecasting.distribution import paths, spread
from rural_forecast.models.base import Array, Integers

MOST_CELLS = 50_000_000
"""Values of a result."""


def draw(
    panel: Panel, parts: Sequence[Rows], asked: Request, count: int, seed: int
) -> tuple[Words, Integers, Integers, Array]:
    """Series, period, path from 1 on and value of every row; `asked` has the levels of the whole distribution.

    Raises UsageError if there are too many values, or no path.
    """
    cells = count * sum(len(rows.value) for rows in parts)
    if count < 1 or cells > MOST_CELLS:
        problem = f"{count} paths of each series are {'none' if count < 1 else f'{cells:,} values'}."
        raise UsageError(problem, f"Ask for 1 or more, and {MOST_CELLS:,} values at most.")
    place_of = {name: place for place, name in enumerate(panel.ids)}
    ranked = asked.limits.cumulative or asked.limits.ranged
    names: list[str] = []
    series, periods, numbers = ([np.empty(0, dtype=np.int64)] for _ in range(3))
    values = [np.empty(0)]
    for rows in parts:
        edges = np.flatnonzero(np.diff(rows.series.codes, prepend=-1, append=-1))
        for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            name = rows.series.words[rows.series.codes[start]]
            at = place_of[name]
            history = panel.values[panel.offsets[at] : panel.offsets[at + 1]]
            least = max(0.0 if history.min() >= 0 else -inf, -inf if asked.floor is None else asked.floor)
            bounds = rows.value[start:end], rows.lower[:, start:end], rows.upper[:, start:end]
            known = spread(*bounds, whole=panel.wholes.get(name), least=least, most=asked.limits.top)
            drawn = paths(known, name, count, seed, ranked=ranked)
            series.append(np.full(drawn.size, len(names)))
            periods.append(np.tile(rows.period[start:end], count))
            numbers.append(np.repeat(np.arange(1, count + 1), end - start))
            values.append(drawn.ravel())
            names.append(name)
    codes, years, places = (np.concatenate(part) for part in (series, periods, numbers))
    return Words(codes, names), years, places, np.concatenate(values)
