"""Excel and OpenDocument sheets, through python-calamine (the extra `excel`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from typing import Any, NamedTuple

from rural_forecast.errors import InputError, Place, UsageError, option
from rural_forecast.series.reading.column_names import holds_our_rows, holds_tidy_rows
from rural_forecast.series.reading.grid import Fault, Grid, check_width, is_empty, listed, shown
from rural_forecast.series.reading.table import Table, padded
from rural_forecast.series.reading.trial import try_reading
from rural_forecast.series.reading.workbook import NOTHING, Look, column_number, inspect_workbook
from rural_forecast.system.extras import need

_RANGE = re.compile(
    r"(?:(?P<sheet>.+)!)?\$?(?P<left>[A-Z]{1,3})\$?(?P<top>\d{1,7})?(?::\$?(?P<right>[A-Z]{1,3})\$?(?P<bottom>\d{1,7})?)?",
    re.ASCII | re.IGNORECASE,
)


class Area(NamedTuple):
    """Cells from top left to bottom right, counted from 0, both included; None is 'to the end'."""

    top: int = 0
    left: int = 0
    bottom: int | None = None
    right: int | None = None


def cell_name(row: int, column: int) -> str:
    """The spreadsheet's name of a cell counted from 0.

    >>> cell_name(6, 1), cell_name(0, 27)
    ('B7', 'AB1')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def parse_range(text: str) -> tuple[str | None, Area]:
    """Read `B2:D9`, `B2` (from there on), `B:D`, with or without `Sheet1!` before it.

    >>> parse_range("Sheet1!B2:D9")
    ('Sheet1', Area(top=1, left=1, bottom=8, right=3))

    Raises
    ------
    UsageError : it is none of these
    """
    match = _RANGE.fullmatch(text.strip())
    if not match:
        raise UsageError(
            f"{shown(text)} is not a range of cells", f"Write {option('range', 'B2:D9')}, B2 (from there on) or B:D."
        )
    area = Area(
        top=int(match["top"] or 1) - 1,
        left=column_number(match["left"].upper().encode()),
        bottom=int(match["bottom"]) - 1 if match["bottom"] else None,
        right=column_number(match["right"].upper().encode()) if match["right"] else None,
    )
    backwards = (area.bottom is not None and area.bottom < area.top) or (
        area.right is not None and area.right < area.left
    )
    if area.top < 0 or backwards:
        raise UsageError(
            f"{shown(text)} is not a range of cells", "Name the top left cell before the bottom right one."
        )
    sheet = match["sheet"]
    return (sheet.strip("'") if sheet else None), area


def read_excel(data: bytes, name: str, sheet: str | None = None, cells: str | None = None) -> Grid:
    """Read one sheet of a workbook, or a range of its cells. The first row that is not empty is the header.

    Raises
    ------
    InputError : it is no workbook, has several sheets and none was chosen, or its header is merged
    UsageError : there is no such sheet or range, or the extra is missing
    """
    in_range, area = parse_range(cells) if cells else (None, Area())
    calamine, workbook, looks = open_workbook(data, name)
    try:
        chosen = _choose(workbook, name, sheet or in_range)
        body = chosen.to_python(skip_empty_area=True)
    except calamine.CalamineError as error:
        raise _unreadable(name, error) from None
    named = sheet or in_range
    hidden = () if named else _hidden(workbook, chosen.name)
    if chosen.start is None or not body:
        raise InputError(f"{name}!{chosen.name} is empty", f"Choose another sheet with {option('sheet')}.")
    grid = _cut(
        body,
        chosen.start,
        area,
        f"{name}!{chosen.name}",
        looks.get(chosen.name, NOTHING),
        chosen.merged_cell_ranges or [],
        name,
    )
    return grid._replace(left_out=[(f"sheet {shown(title)}", "hidden") for title in hidden])


@lru_cache(1)
def open_workbook(data: bytes, name: str) -> tuple[Any, Any, dict[str, Look]]:
    """The library, a workbook opened by it, and what its cells look like; kept for a second look at the same bytes.

    Raises
    ------
    InputError : it is no workbook, or protected
    UsageError : the extra is missing
    """
    if not data:
        raise InputError(f"{name} is empty", "Write a header such as year and value, and one row to each year.")
    calamine = need("python_calamine", "excel", "Reading Excel files")
    if data.startswith(b"\xd0\xcf\x11\xe0") and "EncryptedPackage".encode("utf-16-le") in data:
        raise InputError(f"{name} is protected by a password", "Save it without one.")
    looks = inspect_workbook(data, name)
    try_reading(data, name)
    try:
        return calamine, calamine.load_workbook(BytesIO(data)), looks
    except calamine.PasswordError:
        raise InputError(f"{name} is protected by a password", "Save it without one.") from None
    except calamine.CalamineError as error:
        raise _unreadable(name, error) from None


def _unreadable(name: str, error: Exception) -> InputError:
    return InputError(f"{name} is not a workbook that can be read: {error}", "Save it anew, or as CSV.")


def excel_tables(data: bytes, name: str, sheet: str | None = None, cells: str | None = None) -> list[Table]:
    """The cells of each visible sheet that holds any, or of the one that is named.

    Raises
    ------
    InputError, UsageError : as in `read_excel`
    """
    in_range, area = parse_range(cells) if cells else (None, Area())
    calamine, workbook, looks = open_workbook(data, name)
    wanted = sheet or in_range
    names = [_choose(workbook, name, wanted).name] if wanted else _visible(workbook)
    found = []
    for title in names:
        try:
            chosen = workbook.get_sheet_by_name(title)
            body = chosen.to_python(skip_empty_area=True)
        except calamine.CalamineError as error:
            raise _unreadable(name, error) from None
        if chosen.start is not None and body:
            found.append(_table(body, chosen.start, area, f"{name}!{title}", looks.get(title, NOTHING)))
    return [table for table in found if table.rows]


def _table(body: Sequence[Sequence[Any]], start: tuple[int, int], area: Area, name: str, look: Look) -> Table:
    kept, left = _kept(body, start, area, look)
    lines = [line for line, _ in kept]
    rows = padded([row for _, row in kept])
    check_width(name, len(rows[0]) if rows else 0)
    gaps = frozenset(place for place in range(1, len(lines)) if lines[place] > lines[place - 1] + 1)

    def place(row: int, column: int) -> Place:
        line = lines[row] if row < len(lines) else 0
        return Place(f"{name}!{cell_name(line, left + column)}", name.partition("!")[0], line + 1, left + column + 1)

    def percent(row: int, column: int) -> bool:
        return (lines[row], left + column) in look.percent

    return Table(name, rows, place, percent, gaps=gaps)


def _kept(
    body: Sequence[Sequence[Any]], start: tuple[int, int], area: Area, look: Look
) -> tuple[list[tuple[int, list[Any]]], int]:
    """The rows of an area that hold anything, with their number in the sheet, and the number of the first column."""
    top, left = start
    first_row, first_column = max(area.top - top, 0), max(area.left - left, 0)
    last_row = len(body) if area.bottom is None else max(area.bottom - top + 1, 0)
    last_column = None if area.right is None else max(area.right - left + 1, 0)
    kept: list[tuple[int, list[Any]]] = []
    faulty = {row for row, _ in look.faults}
    for offset, cells in enumerate(body[first_row:last_row], first_row + top):
        row: list[Any] = list(cells[first_column:last_column])
        if offset in faulty:
            row = [look.faults.get((offset, i), cell) for i, cell in enumerate(row, first_column + left)]
        if not all(map(is_empty, row)):
            kept.append((offset, row))
    return kept, first_column + left


def _hidden(workbook: Any, chosen: str) -> list[str]:
    """The hidden sheets with content that were passed over."""
    names = [
        meta.name
        for meta in workbook.sheets_metadata
        if str(meta.typ).endswith("WorkSheet") and not str(meta.visible).endswith(".Visible") and meta.name != chosen
    ]
    return [name for name in names if workbook.get_sheet_by_name(name).start is not None]


def _visible(workbook: Any) -> list[str]:
    """The sheets that people see; all where none is visible."""
    visible = [
        meta.name
        for meta in workbook.sheets_metadata
        if str(meta.typ).endswith("WorkSheet") and str(meta.visible).endswith(".Visible")
    ]
    return visible or list(workbook.sheet_names)


def _choose(workbook: Any, name: str, wanted: str | None) -> Any:
    """The sheet asked for, or the only visible one that holds anything, or else the only one with rows we wrote."""
    names: list[str] = workbook.sheet_names
    if wanted is not None:
        match = next((known for known in names if known == wanted), None) or next(
            (known for known in names if known.casefold() == wanted.casefold()), None
        )
        if match is None:
            raise UsageError(
                f"{name} has no sheet {shown(wanted)}", f"Its sheets are {listed(names)}.", code="unknown_name"
            )
        return workbook.get_sheet_by_name(match)
    sheets = [workbook.get_sheet_by_name(known) for known in _visible(workbook)]
    filled = [sheet for sheet in sheets if sheet.start is not None]
    heads = [sheet.to_python(nrows=1)[0] for sheet in filled]
    ours = [sheet for sheet, head in zip(filled, heads, strict=True) if holds_our_rows(head) or holds_tidy_rows(head)]
    if len(filled) > 1 and len(ours) != 1:
        raise InputError(
            f"{name} has several sheets: {listed([sheet.name for sheet in filled])}",
            f"Choose one with {option('sheet')}, such as {option('sheet', filled[0].name)}.",
            code="choice_needed",
        )
    if not filled:
        raise InputError(f"{name} is empty", "Its sheets hold no cells.")
    return (ours or filled)[0]


def _cut(
    body: Sequence[Sequence[Any]],
    start: tuple[int, int],
    area: Area,
    name: str,
    look: Look,
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]],
    file: str,
) -> Grid:
    """The cells of an area as a grid, without empty rows, and without columns that hold nothing at all."""
    kept, left = _kept(body, start, area, look)
    if not kept:
        raise InputError(f"{name} holds no cells in this range", f"Choose other cells with {option('range')}.")
    header_row = kept[0][0]
    width = len(kept[0][1])
    used = [i for i in range(width) if not all(is_empty(row[i]) for _, row in kept)]
    check_width(name, len(used))
    columns = [left + i for i in used]
    for (merged_top, merged_left), (merged_bottom, merged_right) in merged:
        within = merged_left <= columns[-1] and merged_right >= columns[0]
        if merged_top <= header_row <= merged_bottom and merged_left < merged_right and within:
            below = cell_name(merged_bottom + 1, columns[0]) + ":" + cell_name(kept[-1][0], columns[-1])
            raise InputError(
                f"{name}!{cell_name(merged_top, merged_left)}: the header has merged cells, "
                f"{cell_name(merged_top, merged_left)}:{cell_name(merged_bottom, merged_right)}",
                f"Unmerge them, or start below them with {option('range', below)}.",
            )
    lines = [offset for offset, _ in kept]

    def place(row: int, column: int) -> Place:
        line, at = lines[row + 1], columns[column]
        return Place(f"{name}!{cell_name(line, at)}", file, line + 1, at + 1)

    def percent(row: int, column: int) -> bool:
        return (lines[row + 1], columns[column]) in look.percent

    return Grid(
        name,
        [_header_cell(kept[0][1][i]) for i in used],
        [[row[i] for i in used] for _, row in kept[1:]],
        place,
        advice=f"If the header is in another row, start there, such as with {option('range', 'A3')}.",
        percent=percent,
        workbook=file,
    )


def _header_cell(cell: Any) -> Any:
    """A header cell; a fault there is a name like any other."""
    return cell.shown or cell.problem if isinstance(cell, Fault) else cell
