"""A market on a page: its results, and names for readers who have no command line."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property

from rural_forecast.document.table import Cell, Table
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.compare import Comparison
from rural_forecast.forecasting.in_currency import in_currency
from rural_forecast.forecasting.result import Forecast
from rural_forecast.series.catalogue import load
from rural_forecast.series.money.conversion import Exchange
from rural_forecast.views.about import title_of
from rural_forecast.views.answer import short_name

_ID = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")


@dataclass(frozen=True)
class Market:
    """All that a page says of one series."""

    asked: Forecast
    """The consensus, or the models asked for in its place, in the unit of the series."""
    comparison: Comparison
    currency: Exchange | None = None
    """The currency that amounts are shown in; scores, evidence and values with their sources stay as they are."""

    @cached_property
    def forecast(self) -> Forecast:
        """The answer as it is shown."""
        return in_currency(self.asked, self.currency) if self.currency else self.asked

    @cached_property
    def compared(self) -> Comparison:
        """Every model as it is shown."""
        return in_currency(self.comparison, self.currency) if self.currency else self.comparison

    @property
    def name(self) -> str:
        """The name that people know."""
        return title_of(self.asked.history.series)


def readable(text: str) -> str:
    """Replace ids of the catalogue by their titles.

    >>> readable("never join to rural_online_retail_mofcom")
    'never join to Rural online retail sales (Ministry of Commerce)'
    """
    if not _ID.search(text):
        return text
    catalogue = load()
    known = set(catalogue.ids())
    return _ID.sub(lambda name: catalogue.get(name[0]).title if name[0] in known else name[0], text)


def readable_table(table: Table) -> Table:
    """Replace ids of models and series by their names."""
    names = {"consensus", *(model.name for model in registry.MODELS)}
    models = [column.key == "model" for column in table.columns]

    def shown(cell: Cell, *, model: bool) -> Cell:
        if not isinstance(cell, str):
            return cell
        return short_name(cell) if model and cell in names else readable(cell)

    rows = tuple(tuple(shown(cell, model=model) for cell, model in zip(row, models, strict=True)) for row in table.rows)
    return replace(table, rows=rows)
