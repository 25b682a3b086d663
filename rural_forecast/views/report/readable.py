"""Names in place of identifiers, for readers of a page."""

from __future__ import annotations

import re
from dataclasses import replace

from rural_forecast.document.table import Cell, Table
from rural_forecast.forecasting import registry
from rural_forecast.series.catalogue import load
from rural_forecast.views.answer import short_name

_ID = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")


def readable(text: str) -> str:
    """A text in which series of the catalogue go by their titles.

    >>> readable("never join to rural_online_retail_mofcom")
    'never join to Rural online retail sales (Ministry of Commerce)'
    """
    if not _ID.search(text):
        return text
    catalogue = load()
    known = set(catalogue.ids())
    return _ID.sub(lambda name: catalogue.get(name[0]).title if name[0] in known else name[0], text)


def readable_table(table: Table) -> Table:
    """A table in which models and series go by their names."""
    names = {"consensus", *(model.name for model in registry.MODELS)}
    models = [column.key == "model" for column in table.columns]

    def shown(cell: Cell, *, model: bool) -> Cell:
        if not isinstance(cell, str):
            return cell
        return short_name(cell) if model and (cell in names) else readable(cell)

    rows = tuple(tuple(shown(cell, model=model) for cell, model in zip(row, models, strict=True)) for row in table.rows)
    return replace(table, rows=rows)
