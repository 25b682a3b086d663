"""The readers of workbooks and Parquet: damaged files, and sound ones whose cells are made of the bytes."""

from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import pyarrow as pa
import pyarrow.parquet as pq

from tests.fuzz.choices import Choices, hostile
from tests.fuzz.seeds import parquets, workbooks
from tests.fuzz.targets.reading import seeds, try_reading

_NAMES = ("year", "value", "series_id", "period", "unit", "source", "status")
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

SEEDS = [
    *(b"X" + seed for seed in (*seeds("xlsx", "xls", "ods"), *(b"\0\0" + book for book in workbooks()))),
    b"Y\0\0" + _SHEET,
    b"Y\0\0" + _SHEET.replace(b"#REF!", b"482"),
    *(b"W\0\0" + file for file in parquets()),
    b"S\0\0" + bytes(range(64)),
]
"""By the first byte: a workbook, a sheet that a checksum would hide from mutations; a Parquet file, choices of one."""


def test(data: bytes) -> None:
    """Read a workbook or a Parquet file."""
    kind, options, content = data[:1], data[1:3], data[3:]
    if kind in (b"X", b"Y"):
        try_reading(options + (_archive(content) if kind == b"Y" else content), "excel")
    else:
        try_reading(options + (_made(Choices(content)) if kind == b"S" else content), "parquet")


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


def _made(choices: Choices) -> bytes:
    rows = choices.below(6)
    columns = {}
    for _ in range(1 + choices.below(4)):
        name = choices.one(_NAMES) if choices.below(4) else _text(choices)
        columns[name] = _column(choices, rows)
    made = BytesIO()
    pq.write_table(pa.table(columns), made)
    return made.getvalue()


def _text(choices: Choices) -> str:
    return hostile(choices).encode("utf-8", "replace").decode()


def _column(choices: Choices, rows: int) -> object:
    kind = choices.below(9)
    if kind == 0:
        return pa.array([2000 + i for i in range(rows)], pa.int32())
    if kind == 1:
        return pa.array([choices.number() for _ in range(rows)], pa.float64())
    if kind == 2:
        return pa.array([None if choices.chance(32) else _text(choices) for _ in range(rows)], pa.string())
    if kind == 3:
        return pa.array([choices.below(65536) - 9000 for _ in range(rows)], pa.date32())
    if kind == 4:
        unit = choices.one(("s", "ms", "us", "ns"))
        return pa.array([int.from_bytes(choices.take(6), "big", signed=True) for _ in range(rows)], pa.timestamp(unit))
    if kind == 5:
        return pa.array([choices.take(4) for _ in range(rows)], pa.binary())
    if kind == 6:
        return pa.array([[1.0] * choices.below(3) for _ in range(rows)], pa.list_(pa.float64()))
    if kind == 7:
        return pa.array([choices.chance(128) for _ in range(rows)], pa.bool_())
    return pa.array([_text(choices) for _ in range(rows)], pa.string()).dictionary_encode()
