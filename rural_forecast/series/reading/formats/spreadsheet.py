"""Excel and OpenDocument sheets, through python-calamine (the extra `excel`).

On a damaged file the library can panic or exhaust the memory, so a child reads each workbook first.
It gives an error cell as empty and a formula that was never computed as 0: so the XML of .xlsx and
.xlsm is looked at for these.
"""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812 - the class has a lower-case name

from rural_forecast.errors import InputError, Place, UsageError, option
from rural_forecast.series.reading.grid import Grid, grid_of_lines
from rural_forecast.series.reading.options import cell_name, column_number, parse_sheet, too_large
from rural_forecast.series.reading.words import UnusableCell
from rural_forecast.system.extras import need
from rural_forecast.text.cells import quoted, shown

MOST_SECONDS = 5  # of work; on a busy machine it may take `MOST_WAIT` by the clock
MOST_WAIT = 60
MOST_MEMORY = 768 * 1024**2
MOST_CELLS = 2_000_000
MOST_XML = 128 * 1024 * 1024
_OUT_OF_TIME = getattr(signal, "SIGXCPU", 24)
_ANEW = "Save it anew, or as CSV."
_IS_ERROR = "is an error of the spreadsheet", "Repair the formula, or leave the row out."
_NOT_SAVED = UnusableCell(
    "", "is a formula whose value was never saved", "Open the workbook, and save it."
)


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


def sheet_grids(data: bytes, name: str, wanted: str | None) -> list[Grid]:
    """The cells of each visible sheet that holds any, or of the sheet or the cells that are named."""
    workbook, looks = _open(data, name)
    names: list[str] = workbook.sheet_names
    sheet, rows, columns = parse_sheet(wanted or None, names)
    named = sorted(
        (known for known in names if sheet and known.casefold() == sheet.casefold()),
        key=sheet.__ne__,
    )[:1]
    if sheet is not None and not named:
        hint = f"Its sheets are {quoted(names)}."
        raise UsageError(f"{name} has no sheet {shown(sheet)}.", hint, code="unknown_name")
    seen = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if str(sheet.typ).endswith("WorkSheet") and str(sheet.visible).endswith(".Visible")
    ]
    left_out = [
        (f"sheet {shown(title)}", "hidden") for title in names if not named and title not in seen
    ]
    with _readable(name):
        chosen = [workbook.get_sheet_by_name(title) for title in named or seen or names]
        grids = [
            _grid(sheet, rows, columns, name, looks.get(sheet.name, _Look())) for sheet in chosen
        ]
    filled = [replace(grid, left_out=left_out) for grid in grids if grid.index.size]
    if not filled:
        where = f"{grids[0].name} holds no cells there" if wanted else f"{name} is empty"
        raise InputError(f"{where}.", f"Choose cells of another sheet with {option('sheet')}.")
    return filled


@contextmanager
def _readable(name: str) -> Iterator[Any]:
    calamine = need("python_calamine", "excel", "Reading Excel files")
    try:
        yield calamine
    except calamine.PasswordError:
        raise InputError(f"{name} is protected by a password.", "Save it without one.") from None
    except calamine.CalamineError as error:
        raise InputError(f"{name} is not a workbook that can be read: {error}.", _ANEW) from None


@lru_cache(1)
def _open(data: bytes, name: str) -> tuple[Any, dict[str, _Look]]:
    with _readable(name) as calamine:
        if data.startswith(b"\xd0\xcf\x11\xe0") and "EncryptedPackage".encode("utf-16-le") in data:
            raise calamine.PasswordError
        looks = _looks(data, name) if data.startswith(b"PK") else {}
        code = _CHILD.format(path=sys.path, memory=MOST_MEMORY, seconds=MOST_SECONDS)
        # A child reads all sheets; what the library refuses in good order is left for the reader.
        try:
            ended = (
                sys.executable
                and subprocess.run(  # noqa: S603 - our own code; the file goes in as data
                    [sys.executable, "-c", code],
                    input=data,
                    capture_output=True,
                    timeout=MOST_WAIT,
                    check=False,
                ).returncode
            )
        except subprocess.TimeoutExpired:
            ended = -_OUT_OF_TIME
        if ended:
            cause = "is damaged, too large, or no workbook"
            if ended == -_OUT_OF_TIME:
                cause = f"takes more than {MOST_SECONDS} seconds to read"
            raise InputError(f"{name} {cause}.", _ANEW)
        return calamine.load_workbook(BytesIO(data)), looks


def _grid(sheet: Any, rows: slice, columns: slice, file: str, look: _Look) -> Grid:
    name, (top, left) = f"{file}!{sheet.name}", sheet.start or (0, 0)
    first = max(columns.start - left, 0)
    last = None if columns.stop is None else max(columns.stop - left, 0)
    faulty = {row for row, _ in look.faults}

    def cells_in() -> Iterator[tuple[int, list[Any]]]:
        for line, cells in enumerate(sheet.to_python(skip_empty_area=True), top):
            if rows.start <= line and (rows.stop is None or line < rows.stop):
                if line in faulty:
                    cells = [
                        look.faults.get((line, at), cell) for at, cell in enumerate(cells, left)
                    ]
                yield line, cells[first:last]

    begin = left + first

    def place(line: int, column: int) -> Place:
        return Place(
            f"{name}!{cell_name(line, begin + column)}", file, line + 1, begin + column + 1
        )

    return grid_of_lines(
        name, cells_in(), place, {(line, column - begin) for line, column in look.percent}
    )


# The XML of .xlsx and .xlsm

_PERCENT = frozenset({"9", "10"})  # the formats 0% and 0.00%, which a workbook does not write out
_STYLES = re.compile(rb"<(/?)(?:\w+:)?(numFmt|cellXfs|xf)\b([^<>]*)>")
_LITERAL = re.compile(r'"[^"]*"|\\.|[_*].')
_TAG = re.compile(rb"<(?:\w+:)?(row|[cfv])\b([^<>]*)>([^<]*)")
"""A row, a cell, a formula or a value, and the text after it. A match ends before the next tag:
none is read twice.
"""
_CELL = re.compile(rb"""\b([rst])\s*=\s*["']([^"']*)["']""")  # place, style and type
_PLACE = re.compile(rb"([A-Z]{1,3})(\d{1,7})")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^<>]*)>")
_LINK = re.compile(rb"<(?:\w+:)?Relationship\b([^<>]*)>")
_ATTRIBUTE = re.compile(r"""\b([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_COMPUTED_ON_LOAD = re.compile(rb"""fullCalcOnLoad\s*=\s*["'](?:1|true)["']""")


@dataclass
class _Look:
    """Facts in the XML of a sheet beside its values; cells are (row, column) from 0."""

    faults: dict[tuple[int, int], UnusableCell] = field(default_factory=dict)
    percent: set[tuple[int, int]] = field(default_factory=set)  # cells that are shown in percent
    zeros: set[tuple[int, int]] = field(default_factory=set)  # formulas whose value is 0, or none
    computed: bool = False  # True if some formula has another value


def _looks(data: bytes, name: str) -> dict[str, _Look]:
    """Look at the XML of an .xlsx or .xlsm workbook, by name of sheet; other kinds give nothing."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            sizes = {info.filename: info.file_size for info in archive.infolist()}
            if sum(sizes.values()) > MOST_XML:
                raise too_large(name, f"{MOST_XML // 1024**2} MB unpacked")

            def part(part: str) -> bytes:
                with archive.open(part) as packed:
                    # `archive.read` unpacks all of a part that is larger than the archive says
                    return packed.read(sizes[part]) + packed.read(1)

            if "xl/workbook.xml" not in sizes:
                return {}
            book = part("xl/workbook.xml")
            links = map(_attributes, _LINK.findall(part("xl/_rels/workbook.xml.rels")))
            targets = {link.get("Id"): link.get("Target", "") for link in links}
            styles = _percent_styles(part("xl/styles.xml") if "xl/styles.xml" in sizes else b"")
            looks: dict[str, _Look] = {}
            for sheet in map(_attributes, _SHEET.findall(book)):
                target = targets.get(sheet.get("r:id"), "")
                place = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                if place.startswith("xl/worksheets/"):
                    title = sheet.get("name", "")
                    looks[title] = _look(part(place), f"{name}!{title}", styles)
            about = part("docProps/app.xml") if "docProps/app.xml" in sizes else b""
            seen = "xl/calcChain.xml" in sizes or b"LibreOffice" in about
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
    # where all formulas are 0 a library wrote them, and no spreadsheet has computed them
    if _COMPUTED_ON_LOAD.search(book) or not (
        seen or any(look.computed for look in looks.values())
    ):
        for look in looks.values():
            look.faults |= dict.fromkeys(look.zeros - look.faults.keys(), _NOT_SAVED)
    return looks


def _attributes(text: bytes) -> dict[str, str]:
    found = _ATTRIBUTE.findall(text.decode("utf-8", "replace"))
    return {key: unescape(double or single) for key, double, single in found}


def _percent_styles(xml: bytes) -> frozenset[bytes]:
    formats = set(_PERCENT)
    styles: list[bool] = []
    inside = False
    for closing, kind, text in map(re.Match.groups, _STYLES.finditer(xml)):
        attributes = _attributes(text)
        if kind == b"cellXfs":
            inside = not closing
        elif kind == b"xf" and inside and not closing:
            styles.append(attributes.get("numFmtId") in formats)
        elif kind == b"numFmt" and "%" in _LITERAL.sub("", attributes.get("formatCode", "")):
            formats.add(attributes.get("numFmtId", ""))
    return frozenset(b"%d" % at for at, in_percent in enumerate(styles) if in_percent)


def _look(xml: bytes, name: str, styles: Collection[bytes | None]) -> _Look:
    """Error cells, formulas without a value, and cells whose style is one of percent."""
    look = _Look()
    formulas: set[tuple[int, int]] = set()
    last = (-1, -1)
    top = -1
    left = 1 << 30
    right = 0
    row = column = -1
    is_error = False
    for kind, attributes, text in map(re.Match.groups, _TAG.finditer(xml)):
        said = dict(_CELL.findall(attributes)) if kind in (b"row", b"c") else {}
        at = said.get(b"r", b"")
        if kind == b"row":
            row = int(at) - 1 if at.isdigit() and len(at) < 8 else row + 1
            column = -1
        elif kind == b"c":
            place = _PLACE.fullmatch(at)
            row, column = (
                (int(place[2]) - 1, column_number(place[1].decode()))
                if place
                else (row, column + 1)
            )
            if (row, column) <= last:
                raise InputError(
                    f"{name}!{cell_name(row, column)}: a cell is there twice, or out of order.",
                    _ANEW,
                )
            last = (row, column)
            top = row if top < 0 else top
            left = min(left, column)
            right = max(right, column)
            if said.get(b"s") in styles:
                look.percent.add(last)
            is_error = said.get(b"t") == b"e"
            if is_error:
                look.faults[last] = UnusableCell("an error", *_IS_ERROR)
        elif kind == b"f":
            formulas.add(last)
            look.faults.setdefault(last, _NOT_SAVED)
        elif is_error:
            look.faults[last] = UnusableCell(
                text.strip().decode("ascii", "replace") or "an error", *_IS_ERROR
            )
        elif value := text.strip():
            look.faults.pop(last, None)
            if last in formulas:
                look.zeros |= {last} if not value.strip(b"0.") else set()
                look.computed |= bool(value.strip(b"0."))
    if top >= 0 and (last[0] - top + 1) * (right - left + 1) > MOST_CELLS:
        hint = "A stray cell far away may be the cause; copy the table into a new sheet."
        raise InputError(f"{name} spans more than {MOST_CELLS:,} cells.", hint)
    return look
