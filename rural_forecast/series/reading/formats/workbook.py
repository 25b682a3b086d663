"""Cells of a workbook that hold no value: errors, and formulas whose value was never saved.

The value reader gives an error cell as empty and a formula that was never computed as 0 or empty. Both would be wrong
numbers, so the XML of .xlsx and .xlsm is looked at. An .xls or .ods file has no such look: an error there reads as an
empty cell, which is refused as well.

The look takes time in proportion to the text, whatever the text is, and unpacks no more than a stated size, whatever
the archive says of itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from html import unescape
from io import BytesIO
from typing import NamedTuple

from rural_forecast.errors import InputError
from rural_forecast.series.reading.grid import UnusableCell, column_number

BUILT_IN = frozenset({"9", "10"})
"""The formats 0% and 0.00%, which a workbook does not write out."""
_STYLES = re.compile(rb"<(/?)(?:\w+:)?(numFmt|cellXfs|xf)\b([^<>]*)>")
_LITERAL = re.compile(r'"[^"]*"|\\.|[_*].')


def percent_styles(xml: bytes) -> frozenset[int]:
    """The places of the styles that cells name with `s`, of those in percent; takes time in proportion to the text.

    >>> sorted(percent_styles(b'<numFmt numFmtId="7" formatCode="0.0 %"/><cellXfs><xf/><xf numFmtId="7"/></cellXfs>'))
    [1]
    """
    formats = set(BUILT_IN)
    styles = []
    place = -1
    inside = False
    for match in _STYLES.finditer(xml):
        closing, kind, text = match.groups()
        if kind == b"cellXfs":
            inside = not closing
            continue
        if closing:
            continue
        attributes = _attributes(text.decode("utf-8", "replace"))
        if kind == b"numFmt" and "%" in _LITERAL.sub("", attributes.get("formatCode", "")):
            formats.add(attributes.get("numFmtId", ""))
        elif kind == b"xf" and inside:
            place += 1
            if attributes.get("numFmtId") in formats:
                styles.append(place)
    return frozenset(styles)


MOST_CELLS = 2_000_000
MOST_XML = 128 * 1024 * 1024

_TAG = re.compile(rb"<(?:\w+:)?(row|[cfv])\b([^<>]*)>([^<]*)")
"""A row, a cell, a formula or a value, and the text after it. A match ends before the next tag: none is read twice."""
_CELL = re.compile(rb"<(?:\w+:)?c\b[^<>]*>")
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


def error_of(text: str) -> UnusableCell:
    """An error cell by what the sheet shows in it."""
    return UnusableCell(text, "is an error of the spreadsheet", "Repair the formula, or leave the row out.")


class Look(NamedTuple):
    """Read what the XML of a sheet has next to its values."""

    faults: Mapping[tuple[int, int], UnusableCell]
    """By (row, column) from 0."""
    percent: Collection[tuple[int, int]]
    """Cells (row, column) that are shown in percent."""


NOTHING = Look({}, ())


def inspect_workbook(data: bytes, name: str) -> dict[str, Look]:
    """Look at the XML of an .xlsx or .xlsm workbook, by name of sheet; other kinds give nothing.

    Raises InputError if a sheet spans more than 2 million cells, or the workbook unpacks to more than 128 MB or is
    damaged.
    """
    if not data.startswith(b"PK"):
        return {}
    from zipfile import BadZipFile, ZipFile
    from zlib import error as ZlibError  # noqa: N812 - the class has a lower-case name

    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = {info.filename: info.file_size for info in archive.infolist()}
            if sum(parts.values()) > MOST_XML:
                raise InputError(
                    f"{name} unpacks to more than {MOST_XML // 1024**2} MB.", "Keep only the sheet that is needed."
                )
            if "xl/workbook.xml" not in parts:
                return {}

            def part_of(part: str) -> bytes:
                if part not in parts:
                    raise InputError(f"{name} is damaged: it holds no '{part}'.", "Save it anew, or as CSV.")
                with archive.open(part) as packed:
                    # `archive.read` unpacks all of a part that is larger than the archive says
                    return packed.read(parts[part]) + packed.read(1)

            book = part_of("xl/workbook.xml").decode("utf-8", "replace")
            links = part_of("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
            fresh = re.search(r"""fullCalcOnLoad\s*=\s*["'](?:1|true)["']""", book) is not None
            targets = {link.get("Id"): link.get("Target", "") for link in map(_attributes, _LINK.findall(links))}
            styles = percent_styles(part_of("xl/styles.xml")) if "xl/styles.xml" in parts else frozenset()
            fresh = fresh or _never_computed(parts, part_of)
            sheets: dict[str, Look] = {}
            for sheet in map(_attributes, _SHEET.findall(book)):
                target = targets.get(sheet.get("r:id"), "")
                part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                if part.startswith("xl/worksheets/"):
                    title = sheet.get("name", "")
                    sheets[title] = _inspect_sheet(part_of(part), f"{name}!{title}", styles, never_computed=fresh)
            return sheets
    except (BadZipFile, ZlibError, KeyError, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise InputError(f"{name} is not a workbook that can be read: {error}.", "Save it anew, or as CSV.") from None


def _never_computed(parts: Mapping[str, int], part_of: Callable[[str], bytes]) -> bool:
    """True if all formulas have the value 0 or none: a library wrote them, and no spreadsheet has seen them since."""
    about = part_of("docProps/app.xml") if "docProps/app.xml" in parts else b""
    if "xl/calcChain.xml" in parts or b"LibreOffice" in about:
        return False
    values = [
        value.strip()
        for part in parts
        if part.startswith("xl/worksheets/") and part.endswith(".xml")
        for value in _FORMULA.findall(part_of(part))
    ]
    return bool(values) and not any(value.strip(b"0.") for value in values)


def _require_once(xml: bytes, name: str) -> None:
    """Refuse two cells of one address: readers differ in which they take. Raises InputError if there are such cells."""
    places = Counter(match[0] for tag in _CELL.findall(xml) for match in _PLACE.finditer(tag))
    place, count = places.most_common(1)[0]
    if count > 1:
        address = place.partition(b"=")[2].strip().strip(b"\"'").decode("ascii")
        raise InputError(f"{name}!{address}: the sheet holds {count} cells of this address.", "Save the workbook anew.")


def _attributes(text: str) -> dict[str, str]:
    return {key: unescape(double or single) for key, double, single in _ATTRIBUTE.findall(text)}


def _inspect_sheet(xml: bytes, name: str, styles: Collection[int], *, never_computed: bool) -> Look:
    """Error cells, formulas without a value, and cells whose style is one of percent.

    `never_computed` says that the values of its formulas are placeholders of 0.
    """
    faults: dict[tuple[int, int], UnusableCell] = {}
    percent: set[tuple[int, int]] = set()
    placeholder = b"0." if never_computed else b""
    bottom = right = 0
    top = left = 1 << 30
    row = column = -1
    is_error, in_order, last = False, True, (-1, -1)
    for match in _TAG.finditer(xml):
        kind, attributes, text = match.groups()
        if kind == b"row":
            number = _ROW.search(attributes)
            row, column = int(number[1]) - 1 if number else row + 1, -1
        elif kind == b"c":
            place = _PLACE.search(attributes)
            row, column = (int(place[2]) - 1, column_number(place[1])) if place else (row, column + 1)
            in_order, last = in_order and (row, column) > last, (row, column)
            top, left, bottom, right = min(top, row), min(left, column), max(bottom, row), max(right, column)
            style = _STYLE.search(attributes) if styles else None
            if style is not None and int(style[1]) in styles:
                percent.add((row, column))
            is_error = _ERROR.search(attributes) is not None
            if is_error:
                faults[row, column] = error_of("an error")
        elif kind == b"f":
            faults.setdefault((row, column), NOT_SAVED)
        elif is_error:
            faults[row, column] = error_of(text.strip().decode("ascii", "replace") or "an error")
        elif text.strip().strip(placeholder or None):
            faults.pop((row, column), None)
    if not in_order:
        _require_once(xml, name)
    if bottom >= top and (bottom - top + 1) * (right - left + 1) > MOST_CELLS:
        raise InputError(
            f"{name} spans more than {MOST_CELLS:,} cells.",
            "A stray cell far away may be the cause; copy the table into a new sheet.",
        )
    return Look(faults, percent)
