"""The account of a batch: what became of the cells of its pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rural_forecast.errors import Place
from rural_forecast.series.account import ReadingAccount
from rural_forecast.series.reading.account import Account
from rural_forecast.series.reading.arrays import Numbers, filled_words
from rural_forecast.series.reading.blocks import Piece
from rural_forecast.series.reading.by_column import ByColumn
from rural_forecast.series.reading.columns import Columns
from rural_forecast.series.reading.grid import is_empty
from rural_forecast.series.reading.number_forms import is_missing
from rural_forecast.series.reading.tally import ANOTHER_COLUMN, MISSING, REFUSED, USED, day_of, made


def count_piece(
    account: Account, piece: Piece, rows: ByColumn, columns: Columns, labels: Sequence[int] = (), *, first: bool
) -> None:
    """Count the cells of a piece of a batch, and its header where it is the first; `labels` make the id."""
    used, values = columns.places().union(labels), columns.of_values()
    for at, column in enumerate(piece.columns):
        if at in values:
            there, missing = _numbers(rows.columns[at])
            account.cells[MISSING] += missing
        else:
            there = column.filled
        there += first and not is_empty(piece.header[at])
        account.cells[USED if at in used else ANOTHER_COLUMN] += there


def count_refused(account: Account, rows: ByColumn, columns: Columns, labels: Sequence[int] = ()) -> None:
    """Count the used cells of some rows as those of series that are refused."""
    values = columns.of_values()
    there = sum(
        _numbers(rows.columns[at])[0] if at in values else filled_words(rows.words(at))
        for at in columns.places()
        if at >= 0
    )
    there += max(len(labels) - 1, 0) * len(rows)  # the id is made of them, and counts as one
    account.cells[USED] -= there
    account.cells[REFUSED] += there


def _numbers(column: object) -> tuple[int, int]:
    """How many values a column of a batch has, and how many are missing."""
    assert isinstance(column, Numbers)
    missing = sum(map(is_missing, column.odd.values()))
    return len(column.values) - missing, missing


def of_batch(account: Account, table: Place) -> ReadingAccount:
    """The account of a batch, once its stretches are read."""
    if account.reading is not None:
        return account.reading
    return replace(made(+account.cells, table), published=account.forecasts, as_of=day_of(account.notes()))
