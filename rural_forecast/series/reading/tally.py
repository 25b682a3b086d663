"""The account of a reading: what became of each cell of the table, and which lines gave nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from rural_forecast.errors import Place
from rural_forecast.notes import Note
from rural_forecast.series.account import Line, ReadingAccount
from rural_forecast.series.observation import Series
from rural_forecast.series.reading.columns import Columns
from rural_forecast.series.reading.grid import Grid, is_empty, label, shown
from rural_forecast.series.source_names import without_folders

if TYPE_CHECKING:
    from rural_forecast.series.reading.choose import Choice
    from rural_forecast.series.reading.settle import Settled
    from rural_forecast.series.reading.table import Table

_USED, _MISSING = "", "missing"
"""Verdicts on a cell other than the reasons to skip it."""
MOST_LINES = 1000


def of_grid(grid: Grid, columns: Columns, wanted: str | None) -> ReadingAccount:
    """The account of a plain file, of which one series is wanted, or all."""
    used = columns.places()
    values = columns.years or (columns.value,)

    def verdict(row: int, column: int) -> str:
        if row and is_other(grid.rows[row - 1]):
            return "another series"
        return _USED if column in used else "another column"

    def is_other(cells: Sequence[Any]) -> bool:
        return wanted is not None and columns.id >= 0 and label(cells[columns.id]) != wanted

    empty = sum(is_empty(row[place]) for row in grid.rows if not is_other(row) for place in values)
    return _account([grid.header, *grid.rows], verdict, empty, grid.place(-1, 0))


def of_choice(choice: Choice, settled: Settled, tables: Sequence[Table]) -> ReadingAccount:
    """The account of a table that was searched for; other tables of the file are skipped."""
    panel, table = choice.panel, choice.panel.table
    reasons = dict(panel.skipped)
    chosen, data = set(choice.rows), set(panel.rows)
    columns = set(choice.years) if panel.across else {choice.value}

    labels = {panel.period, panel.part, *choice.remarks.values()}

    def verdict(row: int, column: int) -> str:
        if (row, column) in settled.used:
            return _USED
        is_label = column not in panel.years if panel.across else column in labels
        if row in chosen:
            return _MISSING if column in columns else _USED if is_label else "another column"
        if row == panel.header:
            return _USED if column in columns or (is_label and panel.across) else "another column"
        if row in reasons:
            return reasons[row]
        if row in data:
            return "another series"
        if panel.header < row < min(data):
            return "below the header"
        return "above the table" if row < min(data) else "below the table"

    empty = sum(is_empty(table.rows[row][column]) for row in choice.rows for column in columns)
    made = _account(table.rows, verdict, empty, table.place(max(panel.header, 0), 0))
    others = sum(not is_empty(cell) for other in tables if other is not table for row in other.rows for cell in row)
    lines: list[Line] = []
    for row in range(len(table.rows)):
        if row not in data and row != panel.header and len(lines) < MOST_LINES:
            column, cell = next((at, cell) for at, cell in enumerate(table.rows[row]) if not is_empty(cell))
            if why := verdict(row, column):
                lines.append(Line(_bare(table.place(row, column)), shown(cell), why))
    skipped = {**made.skipped, **({"another table": others} if others else {})}
    return replace(made, cells=made.cells + others, skipped=skipped, lines=tuple(lines))


def with_account(series: Series, notes: Sequence[Note], cells: ReadingAccount | None) -> Series:
    """A series with the notes of its file and the account of its cells."""
    own = [note for note in series.reading_notes if note not in notes]
    if cells is not None:
        ahead = next((note.fields["as_of"] for note in series.reading_notes if note.code == "future_years"), None)
        as_of = ahead if isinstance(ahead, date) else None
        published = sum(one.status == "forecast" for one in series.observations)
        cells = replace(cells, published=published, as_of=as_of, title=series.title, unit=series.unit)
    return replace(series, reading_notes=(*notes, *own), account=cells)


def _account(
    rows: Sequence[Sequence[Any]], verdict: Callable[[int, int], str], empty: int, table: Place
) -> ReadingAccount:
    counts = Counter(
        verdict(row, column)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if not is_empty(cell)
    )
    total = counts.total() + empty
    used, missing = counts.pop(_USED, 0), counts.pop(_MISSING, 0) + empty
    return ReadingAccount(_bare(table), total, used, missing, dict(counts))


def _bare(place: Place) -> str:
    """A place without the folders of its file."""
    return without_folders(place.path) + place.removeprefix(place.path) if place.path else str(place)
