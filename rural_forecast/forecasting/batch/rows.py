"""Forecasts by column: the rows of the contract for a panel, made without a Python step a row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from rural_forecast.document.table import Words
from rural_forecast.forecasting.batch.panel import Panel
from rural_forecast.forecasting.batch.request import Request
from rural_forecast.models.base import Array, Flags, Integers

KINDS = ("forecast", "actual", "published")


class Rows(NamedTuple):
    """Columns of equal length; NaN is an empty cell."""

    series: Words
    period: Integers
    kind: Words
    model: Words
    value: Array
    lower: Array
    """Shape (level, row)."""
    upper: Array
    growth: Array
    unit: Words

    def columns(self, levels: tuple[int, ...]) -> Iterator[tuple[str, Words | Integers | Array]]:
        """Name and data of each column, in the order of the contract."""
        names = [f"{side}_{level}" for level in levels for side in ("lower", "upper")]
        bounds = (bound for pair in zip(self.lower, self.upper, strict=True) for bound in pair)
        yield from zip(("series_id", "period", "kind", "model", "value"), self[:5], strict=True)
        yield from zip((*names, "growth_pct", "unit"), (*bounds, self.growth, self.unit), strict=True)

    def where(self, kept: Flags) -> Rows:
        """Some of the rows."""

        def of(data: Any) -> Any:
            return data._replace(codes=data.codes[kept]) if isinstance(data, Words) else data[..., kept]

        return Rows(*map(of, self))

    def then(self, later: Rows) -> Rows:
        """These rows and those of the same series, kinds and models, series by series."""
        order = np.argsort(np.concatenate([self.series.codes, later.series.codes]), kind="stable")

        def joined(first: Any, second: Any) -> Any:
            if isinstance(first, Words):
                return second._replace(codes=joined(first.codes, second.codes))
            return np.concatenate([first, second], axis=-1)[..., order]

        return Rows(*map(joined, self, later))


def assemble(panel: Panel, request: Request, points: Array, lower: Array, upper: Array, horizons: Integers) -> Rows:
    """Rows by series: actual and published ones where asked for, then each forecast.

    `points`: shape (series, slot, horizon), NaN where a model abstains. `lower`, `upper`: shape (level, series, slot,
    horizon). `horizons`: years ahead of each series.
    """
    count, slots, most = points.shape
    by_id = panel.published if request.history else {}
    published = [(at, other) for at, name in enumerate(panel.ids if by_id else ()) for other in by_id.get(name, ())]
    models = (*request.slots, "", *dict.fromkeys(other.author for _, other in published))
    known = {word: code for code, word in enumerate(dict.fromkeys(panel.units))}
    units = np.array([known[word] for word in panel.units], dtype=np.int64)

    def rows(series: Any, year: Any, kind: str, model: Any, value: Array, growth: Array, *bounds: Array) -> Rows:
        lower, upper = bounds or (np.full((len(request.levels), len(value)), np.nan),) * 2
        words = Words(series, panel.ids), Words(np.full(len(value), KINDS.index(kind)), KINDS), Words(model, models)
        return Rows(words[0], year, *words[1:], value, lower, upper, growth, Words(units[series], list(known)))

    last = panel.values[panel.offsets[1:] - 1]
    before = np.concatenate([np.broadcast_to(last[:, None, None], (count, slots, 1)), points[:, :, :-1]], axis=2)
    there = (np.arange(most) < horizons[:, None, None]) & np.isfinite(points)
    series, model, step = np.nonzero(there)
    grown = _growth(before, points)[there]
    made = rows(
        series, panel.origins[series] + step + 1, "forecast", model, points[there], grown, lower[:, there],
        upper[:, there],
    )  # fmt: skip
    if not request.history:
        return made
    if published:
        others = np.array([at for at, _ in published])
        years = np.array([other.period.year for _, other in published])
        authors = np.array([models.index(other.author, len(request.slots) + 1) for _, other in published])
        values = np.array([other.value for _, other in published])
        made = rows(others, years, "published", authors, values, np.full(len(values), np.nan)).then(made)
    before = np.concatenate([[np.nan], panel.values[:-1]])
    before[panel.offsets[:-1]] = np.nan
    series = np.repeat(np.arange(count), panel.lengths)
    nobody = np.full(len(series), len(request.slots))
    grown = _growth(before, panel.values)
    return rows(series, panel.years, "actual", nobody, panel.values, grown).then(made)


def _growth(before: Array, now: Array) -> Array:
    """Growth in percent; NaN where the value before is not positive."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        rate = 100 * (now / before - 1)
    return np.where((before > 0) & np.isfinite(rate), rate, np.nan)
