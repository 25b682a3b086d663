"""Models of a batch that give fewer years than were asked for: counted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting.batch.request import CONSENSUS, Request
from rural_forecast.forecasting.batch.rows import Rows
from rural_forecast.notes import Note


class Ending(NamedTuple):
    """Series for which a model that was asked for gives some years and not all."""

    model: str
    series: int
    example: str
    """The first of them."""
    last: int
    """The last year of the example."""


def endings(rows: Rows, request: Request) -> list[Ending]:
    """The endings among rows of whole series, one entry a model."""
    found = []
    forecast = np.array([word == "forecast" for word in rows.kind.words])[rows.kind.codes]
    for model in request.models:
        if model == CONSENSUS or model not in rows.model.words:
            continue
        mine = forecast & (rows.model.codes == rows.model.words.index(model))
        series, counts = np.unique(rows.series.codes[mine], return_counts=True)
        last = np.zeros(len(rows.series.words), dtype=np.int64)
        np.maximum.at(last, rows.series.codes[mine], rows.period[mine])
        short = counts < request.horizon if request.horizon else last[series] < (request.year or 0)
        if short.any():
            first = int(series[short.argmax()])
            found.append(Ending(model, int(short.sum()), rows.series.words[first], int(last[first])))
    return found


def notes(found: Iterable[Ending]) -> tuple[Note, ...]:
    """One note a model."""
    total: dict[str, Ending] = {}
    for one in found:
        known = total.get(one.model)
        total[one.model] = one if known is None else known._replace(series=known.series + one.series)
    return tuple(
        Note(
            "path_ends",
            {"model": one.model, "last": one.last, "series": one.series, "example": one.example},
            warning=True,
        )
        for one in total.values()
    )
