"""Excel and OpenDocument sheets, through python-calamine (the extra `excel`).

On a damaged file the library can panic, or ask for so much memory that the process ends. So a child reads each workbook
first; one that ends it is refused like any other file that cannot be read.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from io import BytesIO
from typing import Any

from rural_forecast.errors import InputError, Place, Problem, UsageError
from rural_forecast.series.reading.addresses import Area, cell_name, parse_range
from rural_forecast.series.reading.column_names import holds_our_rows, holds_tidy_rows
from rural_forecast.series.reading.grid import Grid, UnusableCell
from rural_forecast.series.reading.table import Table, table_of_sheet
from rural_forecast.series.reading.workbook import NOTHING, Look, inspect_workbook
from rural_forecast.system.extras import need
from rural_forecast.text.cells import is_empty, shown


def read_excel(data: bytes, name: str, sheet: str | None = None, cells: str | None = None) -> Grid:
    """Read one sheet of a workbook, or a range of its cells. The first row that is not empty is the header.

    Raises InputError if it is no workbook, has several sheets and none was chosen, or its header is merged. Raises
    UsageError if there is no such sheet or range, or the extra is missing.
    """
    in_range, area = parse_range(cells) if cells else (None, Area())
    workbook, looks = open_workbook(data, name)
    with _readable(name):
        chosen = _choose(workbook, name, sheet or in_range)
        hidden = () if sheet or in_range else _sheets(workbook, visible=False)
        table = _table(chosen, area, name, looks)
    if chosen.start is None:
        raise InputError.of("empty", name=table.name, kind="sheet")
    if not table.rows:
        raise InputError.of("no_cells_in_range", name=table.name)
    left_out = [
        (f"sheet {shown(title)}", "hidden")
        for title in hidden
        if title != chosen.name and _may_hold_cells(workbook, title)
    ]
    return _grid(table, chosen.merged_cell_ranges or [])._replace(left_out=left_out)


def excel_tables(data: bytes, name: str, sheet: str | None = None, cells: str | None = None) -> list[Table]:
    """The cells of each visible sheet that holds any, or of the one that is named.

    Raises InputError or UsageError as in `read_excel`.
    """
    in_range, area = parse_range(cells) if cells else (None, Area())
    workbook, looks = open_workbook(data, name)
    with _readable(name):
        if wanted := sheet or in_range:
            sheets = [_choose(workbook, name, wanted)]
        else:
            sheets = list(map(workbook.get_sheet_by_name, _sheets(workbook) or workbook.sheet_names))
        tables = [_table(each, area, name, looks) for each in sheets]
    return [table for table in tables if table.rows]


@contextmanager
def _readable(name: str) -> Iterator[Any]:
    """The library; what it refuses becomes an error of the input. Raises UsageError if the extra is missing."""
    calamine = need("python_calamine", "excel", "Reading Excel files")
    try:
        yield calamine
    except calamine.PasswordError:
        raise InputError.of("password", name=name) from None
    except calamine.CalamineError as error:
        raise InputError.of("no_workbook", name=name, cause=str(error)) from None


@lru_cache(1)
def open_workbook(data: bytes, name: str) -> tuple[Any, dict[str, Look]]:
    """A workbook, and what its cells look like; kept for a second look at the same bytes.

    Raises InputError if it is no workbook, or protected. Raises UsageError if the extra is missing.
    """
    if not data:
        raise InputError.of("empty", name=name, kind="excel")
    with _readable(name) as calamine:
        if data.startswith(b"\xd0\xcf\x11\xe0") and "EncryptedPackage".encode("utf-16-le") in data:
            raise InputError.of("password", name=name)
        looks = inspect_workbook(data, name)
        try_reading(data, name)
        return calamine.load_workbook(BytesIO(data)), looks


def _may_hold_cells(workbook: Any, title: str) -> bool:
    """Whether a sheet holds anything; one that is damaged may."""
    try:
        with _readable(""):
            return workbook.get_sheet_by_name(title).start is not None
    except InputError:
        return True


def _grid(table: Table, merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> Grid:
    """A table as a grid, without columns that hold nothing at all."""
    used = [at for at in range(len(table.rows[0])) if not all(is_empty(row[at]) for row in table.rows)]

    def place(row: int, column: int) -> Place:
        return table.place(row + 1, used[column])

    def percent(row: int, column: int) -> bool:
        return table.percent(row + 1, used[column])

    first, end = place(-1, 0), table.place(len(table.rows) - 1, used[-1])
    for (top, left), (bottom, right) in merged:
        if top < first.line <= bottom + 1 and left < right and left < end.column and right >= first.column - 1:
            below = f"{cell_name(bottom + 1, first.column - 1)}:{cell_name(end.line - 1, end.column - 1)}"
            start, stop = cell_name(top, left), cell_name(bottom, right)
            raise InputError.of("merged_header", name=table.name, start=start, end=stop, below=below)
    heads = [table.rows[0][at] for at in used]
    return Grid(
        table.name,
        [cell.shown or Problem(cell.reason).problem if isinstance(cell, UnusableCell) else cell for cell in heads],
        [[row[at] for at in used] for row in table.rows[1:]],
        place,
        in_sheet=True,
        percent=percent,
        workbook=table.file,
    )


def _table(sheet: Any, area: Area, file: str, looks: Mapping[str, Look]) -> Table:
    """The cells of an area of a sheet, without empty rows."""
    look = looks.get(sheet.name, NOTHING)
    body, (top, left) = sheet.to_python(skip_empty_area=True), sheet.start or (0, 0)
    first_row, first_column = max(area.top - top, 0), max(area.left - left, 0)
    last_row = len(body) if area.bottom is None else max(area.bottom - top + 1, 0)
    last_column = None if area.right is None else max(area.right - left + 1, 0)
    left += first_column
    rows: list[tuple[int, list[Any]]] = []
    faulty = {row for row, _ in look.faults}
    for line, cells in enumerate(body[first_row:last_row], first_row + top):
        row: list[Any] = list(cells[first_column:last_column])
        if line in faulty:
            row = [look.faults.get((line, at), cell) for at, cell in enumerate(row, left)]
        rows.append((line, row))
    return table_of_sheet(file, sheet.name, rows, left, look.percent)


def _sheets(workbook: Any, *, visible: bool = True) -> list[str]:
    """The sheets of cells that people see, or those that they do not."""
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if str(sheet.typ).endswith("WorkSheet") and str(sheet.visible).endswith(".Visible") == visible
    ]


def _choose(workbook: Any, name: str, wanted: str | None) -> Any:
    """The sheet asked for, or the only visible one that holds anything, or else the only one with rows we wrote."""
    names: list[str] = workbook.sheet_names
    if wanted is not None:
        alike = sorted((known for known in names if known.casefold() == wanted.casefold()), key=wanted.__ne__)
        if not alike:
            raise UsageError.of("no_sheet", name=name, sheet=wanted, sheets=tuple(names), code="unknown_name")
        return workbook.get_sheet_by_name(alike[0])
    sheets = [workbook.get_sheet_by_name(known) for known in _sheets(workbook) or workbook.sheet_names]
    filled = [sheet for sheet in sheets if sheet.start is not None]
    heads = [sheet.to_python(nrows=1)[0] for sheet in filled]
    ours = [sheet for sheet, head in zip(filled, heads, strict=True) if holds_our_rows(head) or holds_tidy_rows(head)]
    if len(filled) > 1 and len(ours) != 1:
        sheet_names = tuple(sheet.name for sheet in filled)
        raise InputError.of("several_sheets", name=name, sheets=sheet_names, first=sheet_names[0], code="choice_needed")
    if not filled:
        raise InputError.of("empty", name=name, kind="sheets")
    return (ours or filled)[0]


MOST_SECONDS = 5
"""Of work; on a busy machine it may take `MOST_WAIT` by the clock."""
MOST_WAIT = 60
MOST_MEMORY = 768 * 1024**2
_OUT_OF_TIME = getattr(signal, "SIGXCPU", 24)

_CHILD = """
import io, sys
sys.path[:] = {path!r}
import python_calamine
try:
    import resource
except ImportError:
    pass
else:
    resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))
    resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds} + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
try:
    workbook = python_calamine.load_workbook(io.BytesIO(sys.stdin.buffer.read()))
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name).to_python()
except python_calamine.CalamineError:
    pass
"""


def try_reading(data: bytes, name: str) -> None:
    """Let a child read all sheets. What the library refuses in good order is left for the reader to tell.

    Raises InputError if the child did not come back whole.
    """
    if not sys.executable:
        return
    code = _CHILD.format(path=sys.path, memory=MOST_MEMORY, seconds=MOST_SECONDS)
    try:
        ended = subprocess.run(  # noqa: S603 - our own interpreter, our own code; the file goes in as data
            [sys.executable, "-c", code], input=data, capture_output=True, timeout=MOST_WAIT, check=False
        ).returncode
    except subprocess.TimeoutExpired:
        ended = -_OUT_OF_TIME
    if ended == -_OUT_OF_TIME:
        raise InputError.of("slow_workbook", name=name, seconds=MOST_SECONDS)
    if ended:
        raise InputError.of("damaged_workbook", name=name)
