"""`batch` as a block: the rows of the contract, by column."""

from __future__ import annotations

from rural_forecast.document.table import Block
from rural_forecast.forecasting.batch.rows import Rows
from rural_forecast.views.common import row_columns


def block(rows: Rows, levels: tuple[int, ...]) -> Block:
    """The rows with what each column is."""
    return Block(row_columns(levels), tuple(data for _, data in rows.columns(levels)))
