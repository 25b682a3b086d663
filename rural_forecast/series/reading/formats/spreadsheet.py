"""Excel and OpenDocument sheets, through python-calamine (the extra `excel`).

On a damaged file the library can panic, or ask for so much memory that the process ends. So a child reads each workbook
first; one that ends it is refused like any other file that cannot be read.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from io import BytesIO
from typing import Any

from rural_forecast.errors import InputError, Place, UsageError, option
from rural_forecast.series.reading.formats.workbook import Look, inspect_workbook
from rural_forecast.series.reading.grid import Grid, grid_of_lines
from rural_forecast.series.reading.limits import Area, cell_name, parse_sheet
from rural_forecast.system.extras import need
from rural_forecast.text.cells import quoted, shown

_AS_CSV = "Save it anew, or as CSV."
MOST_SECONDS = 5
"""Of work; on a busy machine it may take `MOST_WAIT` by the clock."""
MOST_WAIT = 60
MOST_MEMORY = 768 * 1024**2
_OUT_OF_TIME = getattr(signal, "SIGXCPU", 24)


def sheet_grids(data: bytes, name: str, wanted: str | None) -> list[Grid]:
    """The cells of each visible sheet that holds any, or of the sheet or the cells that are named.

    Raises InputError if it is no workbook. Raises UsageError if there is no such sheet, or the extra is missing.
    """
    workbook, looks = _open(data, name)
    names: list[str] = workbook.sheet_names
    sheet, area = parse_sheet(wanted, names) if wanted else (None, Area())
    alike = sorted((known for known in names if sheet and known.casefold() == sheet.casefold()), key=sheet.__ne__)
    if sheet is not None and not alike:
        raise UsageError(
            f"{name} has no sheet {shown(sheet)}.", f"Its sheets are {quoted(names)}.", code="unknown_name"
        )
    hidden = [] if alike else [title for title in names if not _is_seen(workbook, title)]
    left_out = [(f"sheet {shown(title)}", "hidden") for title in hidden if _may_hold_cells(workbook, title)]
    chosen = alike[:1] or [title for title in names if _is_seen(workbook, title)] or names
    with _readable(name):
        grids = [_grid(workbook.get_sheet_by_name(title), area, name, looks.get(title, Look())) for title in chosen]
    filled = [replace(grid, left_out=left_out) for grid in grids if grid.index.size]
    if not filled:
        where = f"{grids[0].name} holds no cells there" if wanted else f"{name} is empty"
        raise InputError(f"{where}.", f"Choose cells of another sheet with {option('sheet')}.")
    return filled


@contextmanager
def _readable(name: str) -> Iterator[Any]:
    """The library; what it refuses becomes an error of the input. Raises UsageError if the extra is missing."""
    calamine = need("python_calamine", "excel", "Reading Excel files")
    try:
        yield calamine
    except calamine.PasswordError:
        raise InputError(f"{name} is protected by a password.", "Save it without one.") from None
    except calamine.CalamineError as error:
        raise InputError(f"{name} is not a workbook that can be read: {error}.", _AS_CSV) from None


@lru_cache(1)
def _open(data: bytes, name: str) -> tuple[Any, dict[str, Look]]:
    """A workbook, and what its cells look like; kept for a second look at the same bytes."""
    with _readable(name) as calamine:
        if data.startswith(b"\xd0\xcf\x11\xe0") and "EncryptedPackage".encode("utf-16-le") in data:
            raise calamine.PasswordError
        looks = inspect_workbook(data, name)
        _try_reading(data, name)
        return calamine.load_workbook(BytesIO(data)), looks


def _is_seen(workbook: Any, title: str) -> bool:
    return any(
        sheet.name == title and str(sheet.typ).endswith("WorkSheet") and str(sheet.visible).endswith(".Visible")
        for sheet in workbook.sheets_metadata
    )


def _may_hold_cells(workbook: Any, title: str) -> bool:
    """True if a sheet holds anything; one that is damaged may."""
    try:
        with _readable(""):
            return workbook.get_sheet_by_name(title).start is not None
    except InputError:
        return True


def _grid(sheet: Any, area: Area, file: str, look: Look) -> Grid:
    """The cells of an area of a sheet, without empty rows."""
    name = f"{file}!{sheet.name}"
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

    def place(line: int, column: int) -> Place:
        return Place(f"{name}!{cell_name(line, left + column)}", file, line + 1, left + column + 1)

    return grid_of_lines(name, rows, place, {(line, column - left) for line, column in look.percent})


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


def _try_reading(data: bytes, name: str) -> None:
    """Let a child read all sheets. What the library refuses in good order is left for the reader.

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
        raise InputError(f"{name} takes more than {MOST_SECONDS} seconds to read.", _AS_CSV)
    if ended:
        raise InputError(f"{name} is damaged, too large, or no workbook.", _AS_CSV)
