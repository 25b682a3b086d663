"""Workbooks made by hand or damaged on purpose."""

import struct
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter

SHEET = "xl/worksheets/sheet1.xml"
Parts = dict[str, bytes]


def book(fill: Callable[[Any, Any], None] | None = None) -> bytes:
    """A workbook with one sheet, `Data`: year and value from A1 on, or what `fill(book, sheet)` writes."""
    file = BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = made.add_worksheet("Data")
    if fill is None:
        for line, row in enumerate([["year", "value"], [2014, 180], [2015, 353], [2016, 482]]):
            sheet.write_row(line, 0, row)
    else:
        fill(made, sheet)
    made.close()
    return file.getvalue()


def parts_of(data: bytes) -> Parts:
    """The parts of a workbook by name."""
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A workbook of parts."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def replaced(old: bytes, new: bytes, part: str = SHEET) -> bytes:
    """The plain workbook with a text of a part replaced."""
    parts = parts_of(book())
    assert old in parts[part]
    return packed(parts | {part: parts[part].replace(old, new)})


def with_part(name: str, content: bytes) -> bytes:
    """The plain workbook with a part added."""
    return packed(parts_of(book()) | {name: content})


def without(name: str) -> bytes:
    """The plain workbook without a part."""
    parts = parts_of(book())
    del parts[name]
    return packed(parts)


def inflated(megabytes: int) -> bytes:
    """The plain workbook with so much white space in its sheet; packed, that is a thousandth."""
    return replaced(b"</sheetData>", b" " * (megabytes * 1024**2) + b"</sheetData>")


def lying(data: bytes, part: str, size: int = 1000) -> bytes:
    """The same archive, which says of one part that it is small."""
    changed = bytearray(data)
    for magic, names, length, field in ((b"PK\x01\x02", 46, 28, 24), (b"PK\x03\x04", 30, 26, 22)):
        place = changed.find(magic)
        while place >= 0:
            (count,) = struct.unpack_from("<H", changed, place + length)
            if changed[place + names : place + names + count] == part.encode():
                struct.pack_into("<I", changed, place + field, size)
            place = changed.find(magic, place + 4)
    return bytes(changed)
