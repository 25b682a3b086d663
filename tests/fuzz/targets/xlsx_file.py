"""The reader of workbooks: damaged archives, and sound archives whose sheet is made of the bytes."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from tests.fuzz.seeds import workbooks
from tests.fuzz.targets.reading import seeds, try_reading

_BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_LINKS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>'
)
_SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row r="1"><c r="A1" t="inlineStr"><is><t>year</t></is></c><c r="B1" t="str"><v>value</v></c></row>'
    b'<row r="2"><c r="A2"><v>2014</v></c><c r="B2"><v>180</v></c></row>'
    b'<row r="3"><c r="A3"><v>2015</v></c><c r="B3"><f>B2*2</f><v>353</v></c></row>'
    b'<row r="4"><c r="A4"><v>2016</v></c><c r="B4" t="e"><v>#REF!</v></c></row>'
    b'</sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>'
)
_DEEP = b"S"
"""First byte of an input that is a sheet and not an archive, so that mutations reach what a checksum would hide."""

SEEDS = [*(b"W" + seed for seed in (*seeds("xlsx", "xls", "ods"), *(b"\0\0" + book for book in workbooks()))),
         b"S\0\0" + _SHEET, b"S\0\0" + _SHEET.replace(b"#REF!", b"482")]  # fmt: skip


def test(data: bytes) -> None:
    """Read a workbook."""
    kind, options, content = data[:1], data[1:3], data[3:]
    try_reading(options + (_archive(content) if kind == _DEEP else content), "excel")


def _archive(sheet: bytes) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w", ZIP_STORED) as archive:
        for name, part in (
            ("xl/workbook.xml", _BOOK.encode()),
            ("xl/_rels/workbook.xml.rels", _LINKS.encode()),
            ("xl/worksheets/sheet1.xml", sheet),
        ):
            archive.writestr(ZipInfo(name), part)
    return made.getvalue()
