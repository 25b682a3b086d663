"""The account of a reading: what became of each cell of a file, and which lines gave nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from rural_forecast.errors import Place
from rural_forecast.notes import Note, of_code
from rural_forecast.series.account import Line, ReadingAccount
from rural_forecast.series.observation import Series
from rural_forecast.series.reading.columns import Columns
from rural_forecast.series.reading.grid import Grid
from rural_forecast.series.reading.number_forms import is_figure
from rural_forecast.series.source_names import without_folders
from rural_forecast.text.cells import identity, is_empty, shown

if TYPE_CHECKING:
    from rural_forecast.series.reading.choose import Choice
    from rural_forecast.series.reading.table import Table

USED, MISSING, ANOTHER_COLUMN = "", "missing", "another column"
"""Verdicts on a cell other than the reasons to skip it."""
REFUSED = "a series that is refused"
MOST_LINES = 1000

Verdict = Callable[[int, int], str]


def of_grid(grid: Grid, columns: Columns, wanted: Collection[str], refused: Collection[str]) -> ReadingAccount:
    """The account of a plain file. `wanted`: the series that are chosen; all without any."""
    used, values = columns.places(), columns.of_values()
    counts: Counter[str] = Counter()
    for at, cells in enumerate([grid.header, *grid.rows]):
        name = identity(cells[columns.id]) if columns.id >= 0 else ""
        other = bool(at and wanted) and columns.id >= 0 and name not in wanted
        broken = bool(at and refused) and (columns.id < 0 or name in refused)
        why = "another series" if other else REFUSED if broken else ""
        counts.update(
            why or (USED if column in used else ANOTHER_COLUMN)
            for column, cell in enumerate(cells)
            if not is_empty(cell)
        )
        if at and not other:
            counts[MISSING] += sum(is_empty(cells[column]) for column in values)
    return made(counts, grid.place(-1, 0))


class Part(NamedTuple):
    """The series of one choice."""

    choice: Choice
    used: frozenset[tuple[int, int]]
    """Cells of the table whose values were used."""
    series: Sequence[Series]
    refused: frozenset[str]
    """Ids within the choice of series that are refused."""


def of_choices(read: Sequence[Part], tables: Sequence[Table]) -> ReadingAccount:
    """The account of tables that were searched; each cell counts once, whatever choices it is part of."""
    counts: Counter[str] = Counter()
    lines: list[Line] = []
    known = {id(table.place) for table in tables}
    remade = {part.choice.panel.table.name: part.choice.panel.table for part in read}
    remade = {name: table for name, table in remade.items() if id(table.place) not in known}
    for original in tables:  # where months ran across, its rows were made anew
        table = remade.get(original.name, original)
        chosen = [part for part in read if part.choice.panel.table.place is table.place]
        by_rows: dict[int, list[Part]] = {}
        for part in chosen:  # choices of the same rows differ by their column of values
            by_rows.setdefault(id(part.choice.rows), []).append(part)
        verdicts = [_verdict(parts) for parts in by_rows.values()]
        inside = {row for part in chosen for row in (*part.choice.panel.rows, part.choice.panel.header)}
        for row, cells in enumerate(table.rows):
            judged = [
                (at, _first([verdict(row, at) for verdict in verdicts]))
                for at, cell in enumerate(cells)
                if not is_empty(cell)
            ]
            counts.update(why for _, why in judged)
            at, why = judged[0] if judged else (0, "")  # Parquet and JSON have rows without any content
            if chosen and row not in inside and why and len(lines) < MOST_LINES:
                lines.append(Line(_bare(table.place(row, at)), shown(cells[at]), why))
        empty = {
            (row, column)
            for part in chosen
            for row in part.choice.rows
            for column in _columns(part.choice)
            if is_empty(table.rows[row][column])
        }
        counts[MISSING] += len(empty)
    panel = read[0].choice.panel
    return replace(made(counts, panel.table.place(max(panel.header, 0), 0)), lines=tuple(lines))


def _columns(choice: Choice) -> Collection[int]:
    """The columns of values that were chosen."""
    return choice.years if choice.panel.across else (choice.value,)


def _verdict(parts: Sequence[Part]) -> Verdict:
    """What the choices of some rows make of each cell of their table."""
    choice = parts[0].choice
    panel = choice.panel
    reasons = dict(panel.skipped)
    chosen, data = set(choice.rows), set(panel.rows)
    refused = {column: part.refused for part in parts for column in _columns(part.choice)}
    by_none = frozenset.intersection(*(part.refused for part in parts))
    used = {cell for part in parts for cell in part.used}
    names = {row: {choice.ids[row], *choice.ids[row].split(" / ")} for row in choice.rows}
    places = range(len(panel.names))
    naming = {at for at in places if all(panel.text(row, at) in names[row] for row in names)}
    labels = {panel.period, panel.part, *choice.remarks.values(), *naming}
    if panel.across:
        rows = [panel.table.rows[row] for row in names]
        labels |= {at for at in places if at not in panel.years and not any(is_figure(row[at]) for row in rows)}

    def verdict(row: int, column: int) -> str:
        if row in chosen and choice.ids[row] in refused.get(column, by_none):
            return REFUSED
        if (row, column) in used:
            return USED
        is_label = column in labels
        if row in chosen:
            return MISSING if column in refused else USED if is_label else ANOTHER_COLUMN
        if row == panel.header:
            return USED if column in refused or is_label else ANOTHER_COLUMN
        if row in reasons:
            return reasons[row]
        if row in data:
            return "another series"
        if panel.header < row < min(data):
            return "below the header"
        return "above the table" if row < min(data) else "below the table"

    return verdict


def _first(verdicts: Sequence[str]) -> str:
    """The verdict of several choices on one cell: it is used if one of them uses it."""
    return next((why for why in (USED, MISSING, REFUSED) if why in verdicts), (*verdicts, "another table")[0])


def with_account(series: Sequence[Series], cells: ReadingAccount) -> tuple[Series, ...]:
    """The series of a file with the account of its cells."""
    titles, units = {each.title for each in series}, {each.unit for each in series}
    cells = replace(
        cells,
        published=sum(seen.status == "forecast" for each in series for seen in each.observations),
        as_of=day_of(note for each in series for note in each.reading_notes),
        title=titles.pop() if len(titles) == 1 else "",
        unit=units.pop() if len(units) == 1 else "",
    )
    return tuple(replace(each, account=cells) for each in series)


def day_of(notes: Iterable[Note]) -> date | None:
    """The day after which values count as published forecasts, where some do."""
    days = (note.fields["as_of"] for note in of_code(notes, "future_years"))
    return next((day for day in days if isinstance(day, date)), None)


def made(counts: Counter[str], table: Place) -> ReadingAccount:
    """The account of cells that were counted by what became of them."""
    total = counts.total()
    used, missing = counts.pop(USED, 0), counts.pop(MISSING, 0)
    return ReadingAccount(_bare(table), total, used, missing, dict(counts))


def _bare(place: Place) -> str:
    """A place without the folders of its file."""
    return without_folders(place.path) + place.removeprefix(place.path) if place.path else str(place)
