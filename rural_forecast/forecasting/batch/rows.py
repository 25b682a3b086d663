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
        bounds = (bound for pair in zip(self.lower, self.upper, strict=True) for bound in pair)
        first = self.series, self.period, self.kind, self.model, self.value
        yield from zip(names(levels), (*first, *bounds, self.growth, self.unit), strict=True)

    def where(self, kept: Flags) -> Rows:
        """Some of the rows."""

        def of(data: Any) -> Any:
            return data._replace(codes=data.codes[kept]) if isinstance(data, Words) else data[..., kept]

        return Rows(*map(of, self))


def names(levels: tuple[int, ...]) -> list[str]:
    """The columns of the contract for these levels.

    >>> names((80,))
    ['series_id', 'period', 'kind', 'model', 'value', 'lower_80', 'upper_80', 'growth_pct', 'unit']
    """
    bounds = [f"{side}_{level}" for level in levels for side in ("lower", "upper")]
    return ["series_id", "period", "kind", "model", "value", *bounds, "growth_pct", "unit"]


def growth(before: Array, now: Array) -> Array:
    """Growth in percent; NaN where the value before is not positive."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        rate = 100 * (now / before - 1)
    return np.where((before > 0) & np.isfinite(rate), rate, np.nan)


def assemble(panel: Panel, request: Request, points: Array, lower: Array, upper: Array, horizons: Integers) -> Rows:
    """Rows by series: actual and published ones where asked for, then each forecast.

    `points`: shape (series, slot, horizon), NaN where a model abstains. `lower`, `upper`: shape (level, series, slot,
    horizon). `horizons`: years ahead of each series.
    """
    count, slots, most = points.shape
    last = panel.values[panel.offsets[1:] - 1]
    before = np.concatenate([np.broadcast_to(last[:, None, None], (count, slots, 1)), points[:, :, :-1]], axis=2)
    there = (np.arange(most) < horizons[:, None, None]) & np.isfinite(points)
    series, model, step = np.nonzero(there)
    rows = Rows(
        Words(series, panel.ids),
        panel.origins[series] + step + 1,
        Words(np.zeros(len(series), dtype=np.int64), KINDS),
        Words(model, (*request.slots, "")),
        points[there],
        lower[:, there],
        upper[:, there],
        growth(before, points)[there],
        _unit_words(panel, series),
    )
    return _with_history(panel, rows) if request.history else rows


def _unit_words(panel: Panel, series: Integers) -> Words:
    known = {word: code for code, word in enumerate(dict.fromkeys(panel.units))}
    codes = np.array([known[word] for word in panel.units], dtype=np.int64)
    return Words(codes[series], list(known))


def _with_history(panel: Panel, rows: Rows) -> Rows:
    """Put the actual rows of every series, and what others forecast of it, before its forecasts."""
    lengths = panel.lengths
    series = np.repeat(np.arange(len(lengths)), lengths)
    place = np.arange(len(series)) - np.repeat(panel.offsets[:-1], lengths)
    before = np.concatenate([[np.nan], panel.values[:-1]])
    before[panel.offsets[:-1]] = np.nan
    published = [(at, figure) for at, name in enumerate(panel.ids) for figure in panel.published.get(name, ())]
    names = (*rows.model.words, *dict.fromkeys(figure.author for _, figure in published))
    nobody = len(rows.model.words) - 1
    others = np.array([at for at, _ in published], dtype=np.int64)
    count = len(series) + len(published)
    blanks = np.full((len(rows.lower), count), np.nan)
    order = np.argsort(np.concatenate([series, others, rows.series.codes]), kind="stable")

    def joined(*parts: Any) -> Any:
        return np.concatenate(parts, axis=-1)[..., order]

    units = _unit_words(panel, np.concatenate([series, others])).codes
    authors = np.array([names.index(figure.author, nobody + 1) for _, figure in published], dtype=np.int64)
    years = np.array([figure.period.year for _, figure in published], dtype=np.int64)
    return Rows(
        rows.series._replace(codes=joined(series, others, rows.series.codes)),
        joined(np.repeat(panel.origins - lengths + 1, lengths) + place, years, rows.period),
        rows.kind._replace(codes=joined(np.full(len(series), 1), np.full(len(published), 2), rows.kind.codes)),
        Words(joined(np.full(len(series), nobody), authors, rows.model.codes), names),
        joined(panel.values, np.array([figure.value for _, figure in published]), rows.value),
        joined(blanks, rows.lower),
        joined(blanks, rows.upper),
        joined(growth(before, panel.values), np.full(len(published), np.nan), rows.growth),
        rows.unit._replace(codes=joined(units, rows.unit.codes)),
    )
