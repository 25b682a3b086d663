"""What a sheet says beside its values: error cells, formulas whose value was never saved, and how far it reaches.

The value reader gives an error cell as empty and a formula that was never computed as 0 or empty. Both would be wrong
numbers, so the XML of .xlsx and .xlsm is looked at. An .xls or .ods file has no such look: an error there reads as an
empty cell, which is refused as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from io import BytesIO
from typing import NamedTuple

from rural_forecast.errors import InputError
from rural_forecast.series.readers.grid import Fault

MOST_CELLS = 20_000_000
MOST_XML = 512 * 1024 * 1024

_CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>]*>([^<]*)</")
_SHEET = re.compile(r"<(?:\w+:)?sheet\b([^>]*)/?>")
_LINK = re.compile(r"<(?:\w+:)?Relationship\b([^>]*)/?>")
_ATTRIBUTE = re.compile(r'([\w:]+)\s*=\s*"([^"]*)"')

_NOT_SAVED = Fault(
    "a formula without a value", "Open the workbook in a spreadsheet and save it, so that it holds the values."
)


class Inspection(NamedTuple):
    """What one sheet holds that is no value, by (row, column) from 0."""

    faults: Mapping[tuple[int, int], Fault] = {}


def inspect_workbook(data: bytes, name: str) -> dict[str, Inspection]:
    """Look at the XML of an .xlsx or .xlsm workbook, by name of sheet; other kinds give nothing.

    Raises
    ------
    InputError : a sheet spans more than 20 million cells, or unpacks to more than 512 MB
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
                    f"{name} unpacks to more than {MOST_XML // 1024**2} MB", "Keep only the sheet that is needed."
                )
            if "xl/workbook.xml" not in parts:
                return {}
            book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
            links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
            fresh = re.search(r'fullCalcOnLoad\s*=\s*"(?:1|true)"', book) is not None
            targets = {link.get("Id"): link.get("Target", "") for link in map(_attributes, _LINK.findall(links))}
            sheets: dict[str, Inspection] = {}
            for sheet in map(_attributes, _SHEET.findall(book)):
                target = targets.get(sheet.get("r:id"), "")
                part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                if part in parts and part.startswith("xl/worksheets/"):
                    title = sheet.get("name", "")
                    sheets[title] = _inspect_sheet(archive.read(part), f"{name}!{title}", never_computed=fresh)
            return sheets
    except (BadZipFile, ZlibError, KeyError, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise InputError(f"{name} is not a workbook that can be read: {error}", "Save it anew, or as CSV.") from None


def _attributes(text: str) -> dict[str, str]:
    return {key: unescape(value) for key, value in _ATTRIBUTE.findall(text)}


def _inspect_sheet(xml: bytes, name: str, *, never_computed: bool) -> Inspection:
    """Error cells and formulas without a value.

    `never_computed` says that the program that wrote the workbook asks for it to be computed when opened, and so gave
    its formulas a placeholder of 0.
    """
    faults: dict[tuple[int, int], Fault] = {}
    bottom = right = 0
    top = left = 1 << 30
    for match in _CELL.finditer(xml):
        place = _PLACE.search(match[1])
        if not place:
            continue
        row, column = int(place[2]) - 1, _number(place[1])
        top, left, bottom, right = min(top, row), min(left, column), max(bottom, row), max(right, column)
        body = match[2] or b""
        found = _VALUE.search(body)
        value = found[1].strip() if found else b""
        if b't="e"' in match[1]:
            faults[row, column] = Fault(
                value.decode("ascii", "replace") or "an error", "Repair the formula, or leave the row out."
            )
        elif b"<f" in body and (not value or (never_computed and value == b"0")):
            faults[row, column] = _NOT_SAVED
    if bottom >= top and (bottom - top + 1) * (right - left + 1) > MOST_CELLS:
        raise InputError(
            f"{name} spans more than {MOST_CELLS:,} cells",
            "A stray cell far away may be the cause; copy the table into a new sheet.",
        )
    return Inspection(faults)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number - 1
