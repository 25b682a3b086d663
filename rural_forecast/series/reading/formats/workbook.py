"""Cells of a workbook that hold no value: errors, and formulas whose value was never saved; and those in percent.

The value reader gives an error cell as empty and a formula that was never computed as 0 or empty. Both would be wrong
numbers, so the XML of .xlsx and .xlsm is looked at. An .xls or .ods file has no such look: an error there reads as an
empty cell, which is refused as well.

The look takes time in proportion to the text, whatever the text is, and unpacks no more than a stated size, whatever
the archive says of itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from html import unescape
from io import BytesIO
from typing import NamedTuple
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812 - the class has a lower-case name

from rural_forecast.errors import InputError
from rural_forecast.series.reading.grid import UnusableCell
from rural_forecast.series.reading.limits import cell_name, column_number, too_large

MOST_CELLS = 2_000_000
MOST_XML = 128 * 1024 * 1024
BUILT_IN = frozenset({"9", "10"})
"""The formats 0% and 0.00%, which a workbook does not write out."""
_ANEW = "Save it anew, or as CSV."
_STYLES = re.compile(rb"<(/?)(?:\w+:)?(numFmt|cellXfs|xf)\b([^<>]*)>")
_LITERAL = re.compile(r'"[^"]*"|\\.|[_*].')
_TAG = re.compile(rb"<(?:\w+:)?(row|[cfv])\b([^<>]*)>([^<]*)")
"""A row, a cell, a formula or a value, and the text after it. A match ends before the next tag: none is read twice."""
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*<(?:\w+:)?v>([^<]*)<")
_ROW = re.compile(rb"""\br\s*=\s*["'](\d{1,7})["']""")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")
_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_STYLE = re.compile(rb"""\bs\s*=\s*["'](\d{1,6})["']""")
_SHEET = re.compile(r"<(?:\w+:)?sheet\b([^<>]*)>")
_LINK = re.compile(r"<(?:\w+:)?Relationship\b([^<>]*)>")
_ATTRIBUTE = re.compile(r"""\b([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")

NOT_SAVED = UnusableCell(
    "",
    "is a formula whose value was never saved",
    "Open the workbook in a spreadsheet and save it, so that it holds the values.",
)


class Look(NamedTuple):
    """Facts in the XML of a sheet beside its values."""

    faults: Mapping[tuple[int, int], UnusableCell] = {}
    """By (row, column) from 0."""
    percent: Collection[tuple[int, int]] = ()
    """Cells (row, column) that are shown in percent."""


def inspect_workbook(data: bytes, name: str) -> dict[str, Look]:
    """Look at the XML of an .xlsx or .xlsm workbook, by name of sheet; other kinds give nothing.

    Raises InputError if a sheet spans more than 2 million cells, or the workbook unpacks to more than 128 MB or is
    damaged.
    """
    if not data.startswith(b"PK"):
        return {}
    try:
        with ZipFile(BytesIO(data)) as archive:
            return _Workbook(archive, name).looks()
    except (BadZipFile, ZlibError, KeyError, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise InputError(f"{name} is not a workbook that can be read: {error}.", _ANEW) from None


class _Workbook:
    """The parts of a workbook."""

    def __init__(self, archive: ZipFile, name: str) -> None:
        self.archive, self.name = archive, name
        self.sizes = {info.filename: info.file_size for info in archive.infolist()}
        if sum(self.sizes.values()) > MOST_XML:
            raise too_large(name, f"{MOST_XML // 1024**2} MB unpacked")

    def part(self, part: str, *, optional: bool = False) -> bytes:
        """Unpack a part. Raises InputError if there is none."""
        if part not in self.sizes:
            if optional:
                return b""
            raise InputError(f"{self.name} is damaged: it holds no '{part}'.", _ANEW)
        with self.archive.open(part) as packed:
            # `archive.read` unpacks all of a part that is larger than the archive says
            return packed.read(self.sizes[part]) + packed.read(1)

    def looks(self) -> dict[str, Look]:
        """Look at each sheet."""
        if "xl/workbook.xml" not in self.sizes:
            return {}
        book = self.part("xl/workbook.xml").decode("utf-8", "replace")
        links = self.part("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
        targets = {link.get("Id"): link.get("Target", "") for link in map(_attributes, _LINK.findall(links))}
        styles = percent_styles(self.part("xl/styles.xml", optional=True))
        fresh = bool(re.search(r"""fullCalcOnLoad\s*=\s*["'](?:1|true)["']""", book)) or self._never_computed()
        looks: dict[str, Look] = {}
        for sheet in map(_attributes, _SHEET.findall(book)):
            target = targets.get(sheet.get("r:id"), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            if part.startswith("xl/worksheets/"):
                title = sheet.get("name", "")
                looks[title] = _look(self.part(part), f"{self.name}!{title}", styles, never_computed=fresh)
        return looks

    def _never_computed(self) -> bool:
        """True if all formulas have the value 0 or none: a library wrote them, and no spreadsheet has seen them."""
        if "xl/calcChain.xml" in self.sizes or b"LibreOffice" in self.part("docProps/app.xml", optional=True):
            return False
        sheets = [part for part in self.sizes if part.startswith("xl/worksheets/") and part.endswith(".xml")]
        values = [value.strip() for part in sheets for value in _FORMULA.findall(self.part(part))]
        return bool(values) and not any(value.strip(b"0.") for value in values)


def percent_styles(xml: bytes) -> frozenset[int]:
    """The places of the styles that cells name with `s`, of those in percent; takes time in proportion to the text.

    >>> sorted(percent_styles(b'<numFmt numFmtId="7" formatCode="0.0 %"/><cellXfs><xf/><xf numFmtId="7"/></cellXfs>'))
    [1]
    """
    formats = set(BUILT_IN)
    styles: list[bool] = []
    inside = False
    for closing, kind, text in map(re.Match.groups, _STYLES.finditer(xml)):
        attributes = _attributes(text.decode("utf-8", "replace"))
        if kind == b"cellXfs":
            inside = not closing
        elif kind == b"xf" and inside and not closing:
            styles.append(attributes.get("numFmtId") in formats)
        elif kind == b"numFmt" and "%" in _LITERAL.sub("", attributes.get("formatCode", "")):
            formats.add(attributes.get("numFmtId", ""))
    return frozenset(at for at, in_percent in enumerate(styles) if in_percent)


def _attributes(text: str) -> dict[str, str]:
    return {key: unescape(double or single) for key, double, single in _ATTRIBUTE.findall(text)}


def _look(xml: bytes, name: str, styles: Collection[int], *, never_computed: bool) -> Look:
    """Error cells, formulas without a value, and cells whose style is one of percent.

    `never_computed` says that the values of its formulas are placeholders of 0.
    """
    faults: dict[tuple[int, int], UnusableCell] = {}
    percent: set[tuple[int, int]] = set()
    placeholder = b"0." if never_computed else b""
    bottom = right = 0
    top = left = 1 << 30
    row = column = -1
    is_error, last = False, (-1, -1)
    for kind, attributes, text in map(re.Match.groups, _TAG.finditer(xml)):
        if kind == b"row":
            number = _ROW.search(attributes)
            row, column = int(number[1]) - 1 if number else row + 1, -1
        elif kind == b"c":
            place = _PLACE.search(attributes)
            row, column = (int(place[2]) - 1, column_number(place[1].decode())) if place else (row, column + 1)
            if (row, column) <= last:
                problem = f"{name}!{cell_name(row, column)}: the sheet holds a cell twice, or out of order."
                raise InputError(problem, "Save the workbook anew.")
            last = row, column
            top, left, bottom, right = min(top, row), min(left, column), max(bottom, row), max(right, column)
            style = _STYLE.search(attributes) if styles else None
            if style is not None and int(style[1]) in styles:
                percent.add(last)
            is_error = _ERROR.search(attributes) is not None
            if is_error:
                faults[last] = _error_of("an error")
        elif kind == b"f":
            faults.setdefault(last, NOT_SAVED)
        elif is_error:
            faults[last] = _error_of(text.strip().decode("ascii", "replace") or "an error")
        elif text.strip().strip(placeholder or None):
            faults.pop(last, None)
    if bottom >= top and (bottom - top + 1) * (right - left + 1) > MOST_CELLS:
        raise InputError(
            f"{name} spans more than {MOST_CELLS:,} cells.",
            "A stray cell far away may be the cause; copy the table into a new sheet.",
        )
    return Look(faults, percent)


def _error_of(text: str) -> UnusableCell:
    return UnusableCell(text, "is an error of the spreadsheet", "Repair the formula, or leave the row out.")
