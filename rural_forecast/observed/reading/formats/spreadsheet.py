"""Excel and OpenDocument sheets, through python-calamine (the extra `excel`).

On a damaged file the library can panic or exhaust the memory, so a child reads each workbook first.
It gives an error cell as empty and a formula that was never computed as 0: so the XML of .xlsx and
.xlsm is looked at for these.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from html import unescape
from io import BytesIO
from typing import Any, NamedTuple
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812 - the class has a lower-case name

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import InputError, Place, UsageError, option
from rural_forecast.observed.reading.child import run_in_child
from rural_forecast.observed.reading.grid import Grid, grid_of_lines
from rural_forecast.observed.reading.options import cell_name, column_number, parse_sheet, too_large
from rural_forecast.observed.reading.words import UnusableCell
from rural_forecast.system.extras import need
from rural_forecast.text.cells import quoted, shown

MOST_CELLS = 2_000_000
MOST_CELLS_OF_ALL = 10_000_000
"""Of all sheets that are read; the largest of 60 published workbooks spans 400,000."""
MOST_COLUMNS = 1 << 15  # more than letters of three signs name
MOST_XML = 128 * 1024 * 1024
_ANEW = "Save it anew, or as CSV."
_STRAY = "A stray cell far away may be the cause; copy the table into a new sheet."

Cell = tuple[int, int]  # row and column, counted from 0


def _error_cell(shown: str) -> UnusableCell:
    return UnusableCell(
        shown, "is an error of the spreadsheet", "Repair the formula, or leave the row out."
    )


_NOT_SAVED = UnusableCell(
    "", "is a formula whose value was never saved", "Open the workbook, and save it."
)


_IMPORTS = "import io\nimport python_calamine\n"
_READ_SHEETS = """
try:
    workbook = python_calamine.load_workbook(io.BytesIO(sys.stdin.buffer.read()))
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name).to_python()
except python_calamine.CalamineError:
    pass
"""


def sheet_grids(data: bytes, name: str, wanted: str | None) -> list[Grid]:
    """Read each visible sheet that holds anything, or the sheet or the cells that are named."""
    workbook, facts = _open(data, name)
    names: list[str] = workbook.sheet_names
    sheet, rows, columns = parse_sheet(wanted or None, names)
    if sheet is not None:
        chosen = [_sheet_named(sheet, names, name)]
        left_out = []
    else:
        visible = _visible(workbook)
        chosen = visible or names
        left_out = [(f"sheet {shown(title)}", "hidden") for title in names if title not in visible]
    with _readable(name):
        grids = []
        spanned = 0
        for title in chosen:
            opened = workbook.get_sheet_by_name(title)  # which takes the memory of what it spans
            spanned += opened.height * opened.width
            if spanned > MOST_CELLS_OF_ALL:
                raise _too_far_apart(name, chosen)
            facts_of_sheet = facts.get(opened.name, _SheetFacts())
            grids.append(_grid(opened, rows, columns, name, facts_of_sheet))
    filled = [replace(grid, left_out=left_out) for grid in grids if grid.index.size]
    if not filled:
        problem = f"{grids[0].name} holds no cells there" if wanted else f"{name} is empty"
        raise InputError(f"{problem}.", f"Choose cells of another sheet with {option('sheet')}.")
    return filled


def _visible(workbook: Any) -> list[str]:
    return [sheet.name for sheet in workbook.sheets_metadata if _is_visible(sheet)]


def _is_visible(sheet: Any) -> bool:
    is_table = str(sheet.typ).endswith("WorkSheet")  # and no chart
    return is_table and str(sheet.visible).endswith(".Visible")


def _sheet_named(wanted: str, names: Sequence[str], file: str) -> str:
    """Find the name of a sheet: as it is written, or else in any case."""
    if wanted in names:
        return wanted
    for name in names:
        if name.casefold() == wanted.casefold():
            return name
    raise UsageError(
        f"{file} has no sheet {shown(wanted)}.",
        f"Its sheets are {quoted(names)}.",
        code="unknown_name",
    )


@contextmanager
def _readable(name: str) -> Iterator[Any]:
    """Turn what the library says against a workbook into an error of the input; give it."""
    calamine = need("python_calamine", "excel", "Reading Excel files")
    try:
        yield calamine
    except calamine.PasswordError:
        raise InputError(f"{name} is protected by a password.", "Save it without one.") from None
    except calamine.CalamineError as error:
        raise InputError(f"{name} is not a workbook that can be read: {error}.", _ANEW) from None


@lru_cache(1)
def _open(data: bytes, name: str) -> tuple[Any, Mapping[str, _SheetFacts]]:
    with _readable(name) as calamine:
        # An encrypted .xlsx is packed into a file of the old form.
        is_old = data.startswith(b"\xd0\xcf\x11\xe0")
        if is_old and "EncryptedPackage".encode("utf-16-le") in data:
            raise calamine.PasswordError
        facts = _facts_of_sheets(data, name) if data.startswith(b"PK") else {}
        _read_in_child(data, name)
        return calamine.load_workbook(BytesIO(data)), facts


def _read_in_child(data: bytes, name: str) -> None:
    """Read all sheets in a child. Raises InputError if it takes too long, or does not end well.

    What the library refuses in good order is left for the reader.
    """
    if run_in_child(_IMPORTS, _READ_SHEETS, data, name) is None:
        raise InputError(f"{name} is damaged, too large, or no workbook.", _ANEW)


def _grid(sheet: Any, rows: slice, columns: slice, file: str, facts: _SheetFacts) -> Grid:
    name = f"{file}!{sheet.name}"
    top, left = sheet.start or (0, 0)
    # The library begins with the first cell that is filled.
    first = max(columns.start - left, 0)
    last = None if columns.stop is None else max(columns.stop - left, 0)
    first_column = left + first
    rows_with_faults = {row for row, _ in facts.faults}

    def cells_in() -> Iterator[tuple[int, list[Any]]]:
        for row, cells in enumerate(sheet.to_python(skip_empty_area=True), top):
            if row < rows.start or (rows.stop is not None and row >= rows.stop):
                continue
            if row in rows_with_faults:
                cells = [
                    facts.faults.get((row, column), cell) for column, cell in enumerate(cells, left)
                ]
            yield row, cells[first:last]

    def place_of(row: int, column: int) -> Place:
        column += first_column
        return Place(f"{name}!{cell_name(row, column)}", file, row + 1, column + 1)

    percent = {(row, column - first_column) for row, column in facts.percent}
    return grid_of_lines(name, cells_in(), place_of, percent)


# The XML of .xlsx and .xlsm

_PERCENT = frozenset({"9", "10"})  # the formats 0% and 0.00%, which a workbook does not write out
_STYLES = re.compile(rb"<(?P<closing>/?)(?:\w+:)?(?P<kind>numFmt|cellXfs|xf)\b(?P<text>[^<>]*)>")
_LITERAL = re.compile(r'"[^"]*"|\\.|[_*].')
# A row, a cell, a formula or a value, and the text after it. A match ends before the next tag: none
# is read twice.
_TAG = re.compile(rb"<(?:\w+:)?(row|[cfv])\b([^<>]*)>([^<]*)")
_CELL = re.compile(rb"""\b([rst])\s*=\s*["']([^"']*)["']""")  # reference, style and type
_REFERENCE = re.compile(rb"([A-Z]{1,3})(\d{1,7})")
# A cell as almost all programs write it, and the beginning of any cell: where all cells have the
# first form, they are read together, in a tenth of the time.
_USUAL_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"(?: s="(\d+)")?(?: t="\w+")?/?>')
_ANY_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_ERROR_OR_FORMULA = re.compile(rb'<(?:\w+:)?f[\s/>]| t="e"')
_ROW = b"<row "
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^<>]*)>")
_LINK = re.compile(rb"<(?:\w+:)?Relationship\b([^<>]*)>")
_ATTRIBUTE = re.compile(r"""\b([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_COMPUTED_ON_LOAD = re.compile(rb"""fullCalcOnLoad\s*=\s*["'](?:1|true)["']""")


@dataclass
class _SheetFacts:
    """Facts in the XML of a sheet beside its values."""

    faults: dict[Cell, UnusableCell] = field(default_factory=dict)
    percent: set[Cell] = field(default_factory=set)  # cells that are shown in percent
    zeros: set[Cell] = field(default_factory=set)  # formulas whose value is 0, or none
    computed: bool = False  # true if some formula has another value

    def add_value(self, cell: Cell, value: bytes, *, is_formula: bool) -> None:
        """Add the value of a cell: it has no fault; a formula was computed, unless it is 0."""
        self.faults.pop(cell, None)
        if not is_formula:
            return
        if value.strip(b"0."):
            self.computed = True
        else:
            self.zeros.add(cell)


def _facts_of_sheets(data: bytes, name: str) -> dict[str, _SheetFacts]:
    """Read the XML of an .xlsx or .xlsm workbook, by name of sheet; other kinds give nothing."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = _Parts(archive)
            if parts.size > MOST_XML:
                raise too_large(name, f"{MOST_XML // 1024**2} MB unpacked")
            if "xl/workbook.xml" not in parts:
                return {}
            book = parts.read("xl/workbook.xml")
            facts = _facts_by_title(parts, book, name)
            about = parts.read("docProps/app.xml") if "docProps/app.xml" in parts else b""
            was_computed = "xl/calcChain.xml" in parts or b"LibreOffice" in about
    # The errors of Python's modules for a damaged or protected archive.
    except (
        BadZipFile,
        ZlibError,
        KeyError,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
    ) as error:
        raise InputError(f"{name} is not a workbook that can be read: {error}.", _ANEW) from None

    # Where all formulas are 0 a library wrote them, and no spreadsheet has computed them.
    was_computed = was_computed or any(sheet.computed for sheet in facts.values())
    if _COMPUTED_ON_LOAD.search(book) or not was_computed:
        for sheet in facts.values():
            sheet.faults |= dict.fromkeys(sheet.zeros - sheet.faults.keys(), _NOT_SAVED)
    return facts


class _Parts:
    """The parts of a workbook: the files in its archive."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._sizes = {info.filename: info.file_size for info in archive.infolist()}

    @property
    def size(self) -> int:
        """The bytes of all parts, as the archive says."""
        return sum(self._sizes.values())

    def __contains__(self, part: str) -> bool:
        return part in self._sizes

    def read(self, part: str) -> bytes:
        """Read a part."""
        with self._archive.open(part) as packed:
            # `ZipFile.read` unpacks all of a part that is larger than the archive says.
            return packed.read(self._sizes[part]) + packed.read(1)


def _facts_by_title(parts: _Parts, book: bytes, name: str) -> dict[str, _SheetFacts]:
    links = map(_attributes, _LINK.findall(parts.read("xl/_rels/workbook.xml.rels")))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    styles = _percent_styles(parts.read("xl/styles.xml") if "xl/styles.xml" in parts else b"")
    facts: dict[str, _SheetFacts] = {}
    for sheet in map(_attributes, _SHEET.findall(book)):
        target = targets.get(sheet.get("r:id"), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part.startswith("xl/worksheets/"):
            title = sheet.get("name", "")
            facts[title] = _facts_of(parts.read(part), f"{name}!{title}", styles)
    return facts


def _attributes(text: bytes) -> dict[str, str]:
    attributes = _ATTRIBUTE.findall(text.decode("utf-8", "replace"))
    return {key: unescape(double or single) for key, double, single in attributes}


def _percent_styles(xml: bytes) -> frozenset[bytes]:
    """Find the numbers of the styles, as cells name them, whose format is one of percent."""
    formats = set(_PERCENT)
    styles: list[bool] = []
    inside = False
    for match in _STYLES.finditer(xml):
        kind = match["kind"]
        attributes = _attributes(match["text"])
        if kind == b"cellXfs":
            inside = not match["closing"]
        elif kind == b"xf" and inside and not match["closing"]:
            styles.append(attributes.get("numFmtId") in formats)
        elif kind == b"numFmt" and "%" in _LITERAL.sub("", attributes.get("formatCode", "")):
            formats.add(attributes.get("numFmtId", ""))
    return frozenset(b"%d" % number for number, in_percent in enumerate(styles) if in_percent)


def _facts_of(xml: bytes, name: str, styles: Collection[bytes]) -> _SheetFacts:
    """Find error cells, formulas without a value, and cells whose style is one of percent."""
    cells = _usual_cells(xml)
    if cells is None:
        return _facts_by_cell(xml, name, styles)
    if not len(cells.rows):
        return _SheetFacts()
    back = np.flatnonzero(np.diff(cells.rows * MOST_COLUMNS + cells.columns) <= 0)
    if len(back):
        later = int(back[0]) + 1
        raise _out_of_order(name, int(cells.rows[later]), int(cells.columns[later]))
    columns = int(cells.columns.max() - cells.columns.min()) + 1
    _check_span(name, int(cells.rows[-1] - cells.rows[0]) + 1, columns)

    # Few rows have an error or a formula.
    rows = [row for row in xml.split(_ROW) if _ERROR_OR_FORMULA.search(row)]
    facts = _facts_by_cell(b"".join(_ROW + row for row in rows), name, ())
    if styles:
        in_percent = np.isin(cells.styles, [*styles])
        places = zip(
            cells.rows[in_percent].tolist(), cells.columns[in_percent].tolist(), strict=True
        )
        facts.percent.update(places)
    return facts


class _UsualCells(NamedTuple):
    """The cells of a sheet in their order: row and column, counted from 0, and style."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    styles: NDArray[np.bytes_]


def _usual_cells(xml: bytes) -> _UsualCells | None:
    """Find the cells of a sheet that are all written in the usual form; None for any other."""
    cells = _USUAL_CELL.findall(xml)
    if len(cells) != len(_ANY_CELL.findall(xml)):
        return None
    letters, rows, styles = zip(*cells, strict=True) if cells else ((), (), ())
    number_of = {column: column_number(column.decode()) for column in set(letters)}
    return _UsualCells(
        np.array(rows, dtype=np.bytes_).astype(np.int64) - 1,
        np.fromiter(map(number_of.__getitem__, letters), dtype=np.int64, count=len(letters)),
        np.array(styles, dtype=np.bytes_),
    )


def _facts_by_cell(xml: bytes, name: str, styles: Collection[bytes | None]) -> _SheetFacts:
    """Find the facts of cells in any form, one by one."""
    facts = _SheetFacts()
    formulas: set[Cell] = set()
    cell = (-1, -1)
    row = -1
    column = -1
    first_row = -1
    columns: set[int] = set()
    is_error = False
    for kind, attributes, text in map(re.Match.groups, _TAG.finditer(xml)):
        if kind == b"row":
            row = _row_of(attributes, row)
            column = -1
        elif kind == b"c":
            stated = dict(_CELL.findall(attributes))
            row, column = _cell_of(stated.get(b"r", b""), row, column)
            if (row, column) <= cell:
                raise _out_of_order(name, row, column)
            cell = (row, column)
            first_row = row if first_row < 0 else first_row
            columns.add(column)
            if stated.get(b"s") in styles:
                facts.percent.add(cell)
            is_error = stated.get(b"t") == b"e"
            if is_error:
                facts.faults[cell] = _error_cell("an error")
        elif kind == b"f":
            formulas.add(cell)
            facts.faults.setdefault(cell, _NOT_SAVED)
        elif is_error:
            facts.faults[cell] = _error_cell(text.strip().decode("ascii", "replace") or "an error")
        elif value := text.strip():
            facts.add_value(cell, value, is_formula=cell in formulas)
    if columns:
        width = max(columns) - min(columns) + 1
        _check_span(name, cell[0] - first_row + 1, width)
    return facts


def _out_of_order(name: str, row: int, column: int) -> InputError:
    cell = f"{name}!{cell_name(row, column)}"
    return InputError(f"{cell}: a cell is there twice, or out of order.", _ANEW)


def _check_span(name: str, height: int, width: int) -> None:
    """Refuse a sheet whose filled cells are far apart."""
    if height * width > MOST_CELLS:
        raise InputError(f"{name} spans more than {MOST_CELLS:,} cells.", _STRAY)


def _too_far_apart(name: str, sheets: Sequence[str]) -> InputError:
    """Refuse sheets that together span too much: a small file may have many of them."""
    hint = _STRAY
    if len(sheets) > 1:
        hint = f"Choose one with {option('sheet', sheets[0])}, say. {_STRAY}"
    problem = f"{name} spans more than {MOST_CELLS_OF_ALL:,} cells."
    return InputError(problem, hint, code="too_large")


def _row_of(attributes: bytes, previous: int) -> int:
    """Find the number of a row, which may be left out where it follows the one before."""
    number = dict(_CELL.findall(attributes)).get(b"r", b"")
    return int(number) - 1 if number.isdigit() and len(number) < 8 else previous + 1


def _cell_of(text: bytes, row: int, column: int) -> Cell:
    """Read the reference of a cell, such as `B2`; without one it follows the cell before."""
    reference = _REFERENCE.fullmatch(text)
    if reference is None:
        return row, column + 1
    return int(reference[2]) - 1, column_number(reference[1].decode())
