"""Finds series of a batch that are the sum of the others, while panels go by."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from rural_forecast.forecasting.batch.panel import Panel
from rural_forecast.series.period import LAST_YEAR
from rural_forecast.series.reading.totals import is_sum, is_total_name

MOST = 100
"""Series with the name of a sum that are kept to be compared."""


class Totals:
    """Sums by year, and the series whose names say that they are sums."""

    def __init__(self) -> None:
        self._sums = np.zeros(LAST_YEAR + 1)
        self._known = np.zeros(LAST_YEAR + 1, dtype=np.bool_)
        self._candidates: dict[str, dict[int, float]] = {}
        self._others = 0

    def add(self, panel: Panel) -> None:
        """Take the series of a panel into account."""
        lengths = panel.lengths
        years = np.repeat(panel.origins - lengths + 1 - panel.offsets[:-1], lengths) + np.arange(len(panel.values))
        values = panel.values.copy()
        for index, name in enumerate(panel.ids):
            if is_total_name(name) and len(self._candidates) < MOST:
                at = slice(int(panel.offsets[index]), int(panel.offsets[index + 1]))
                self._candidates[name] = dict(zip(years[at].tolist(), values[at].tolist(), strict=True))
                values[at] = 0
                years[at] = 0
            else:
                self._others += 1
        with np.errstate(over="ignore"):
            self._sums += np.bincount(years, weights=values, minlength=LAST_YEAR + 1)
        self._known[np.unique(years)] = True

    def found(self) -> Iterator[str]:
        """The names of series that are about the sum of the others."""
        if not self._candidates or not self._others:
            return
        years = np.flatnonzero(self._known)
        sums = {year: float(self._sums[year]) for year in years.tolist() if year}
        for name, values in self._candidates.items():
            if is_sum(values, sums):
                yield name
