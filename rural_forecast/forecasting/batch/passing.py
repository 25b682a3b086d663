"""Percentages of a batch that are forecast past the whole: counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting.batch.panel import Panel
from rural_forecast.forecasting.batch.request import Request
from rural_forecast.forecasting.batch.rows import Rows
from rural_forecast.notes import Note
from rural_forecast.series.shares import whole_of


class Passing(NamedTuple):
    """Series that are no rates, have not passed the whole, and are forecast past it."""

    whole: float
    series: int
    example: str


def passing(panel: Panel, parts: Sequence[Rows], request: Request) -> list[Passing]:
    """Those of a panel, by the value that is the whole."""
    wholes = {unit: whole_of(unit) for unit in set(panel.units)}
    if not len(panel.ids) or not any(wholes.values()):
        return []
    highest = np.maximum.reduceat(panel.values, panel.offsets[:-1])
    lowest = np.minimum.reduceat(panel.values, panel.offsets[:-1])
    ends = {}
    for place, name in enumerate(panel.ids):
        end = wholes[panel.unit(place)]
        if end is not None and name not in panel.wholes and lowest[place] >= 0 and highest[place] <= end:
            ends[name] = end
    found: dict[float, list[str]] = {}
    for rows in parts if ends else ():
        most = np.array([ends.get(name, np.inf) for name in rows.series.words])[rows.series.codes]
        ours = (rows.kind.codes == rows.kind.words.index("forecast")) & (rows.model.codes < request.main)
        past = ours & (np.maximum(rows.value, rows.upper.max(axis=0, initial=-np.inf)) > most)
        for code in np.unique(rows.series.codes[past]).tolist():
            name = rows.series.words[code]
            found.setdefault(ends[name], []).append(name)
    return [Passing(whole, len(names), names[0]) for whole, names in found.items()]


def notes(found: Iterable[Passing]) -> tuple[Note, ...]:
    """One note a whole."""
    total: dict[float, Passing] = {}
    for one in found:
        known = total.get(one.whole)
        total[one.whole] = one if known is None else known._replace(series=known.series + one.series)
    return tuple(Note("past_whole", one._asdict(), warning=True) for one in total.values())
