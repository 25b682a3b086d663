"""The readers of workbooks and Parquet: damaged files, and sound ones whose cells are made of the
bytes.
"""

from io import BytesIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import pyarrow as pa
import pyarrow.parquet as pq

from tests.fuzz.choices import HERE, Choices, files
from tests.fuzz.targets.reading import try_reading

_NAMES = ("year", "value", "series_id", "period", "unit", "source", "status")
_BOOK = (
    b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    b'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    b'<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_LINKS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    b'Target="worksheets/sheet1.xml"/></Relationships>'
)
_SHEET = (HERE / "corpus" / "sheet.xml").read_bytes()
SEEDS = [
    *(b"X\0\0" + book for book in files("xlsx", "xls", "ods")),
    *(b"Y\0\0" + sheet for sheet in (_SHEET, _SHEET.replace(b"#REF!", b"482"))),
    *(b"W\0\0" + file for file in files("parquet")),
    b"S\0\0" + bytes(range(64)),
]
"""By the first byte: a workbook, a sheet that a checksum would hide from mutations; a Parquet file,
choices of one.
"""


def test(data: bytes) -> None:
    kind = data[:1]
    options = data[1:3]
    content = data[3:]
    if kind in (b"X", b"Y"):
        try_reading(options + (_archive(content) if kind == b"Y" else content), "excel")
    else:
        try_reading(options + (_made(Choices(content)) if kind == b"S" else content), "parquet")


def _archive(sheet: bytes) -> bytes:
    made = BytesIO()
    parts = {
        "workbook.xml": _BOOK,
        "_rels/workbook.xml.rels": _LINKS,
        "worksheets/sheet1.xml": sheet,
    }
    with ZipFile(made, "w", ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(ZipInfo(f"xl/{name}"), part)
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
    return choices.hostile().encode("utf-8", "replace").decode()


def _column(choices: Choices, rows: int) -> object:
    kind = choices.below(9)
    if kind == 0:
        return pa.array([2000 + i for i in range(rows)], pa.int32())
    if kind == 4:
        unit = choices.one(("s", "ms", "us", "ns"))
        return pa.array(
            [int.from_bytes(choices.take(6), "big", signed=True) for _ in range(rows)],
            pa.timestamp(unit),
        )
    cell, of = {
        1: (choices.number, pa.float64()),
        2: (lambda: None if choices.chance(32) else _text(choices), pa.string()),
        3: (lambda: choices.below(65536) - 9000, pa.date32()),
        5: (lambda: choices.take(4), pa.binary()),
        6: (lambda: [1.0] * choices.below(3), pa.list_(pa.float64())),
        7: (lambda: choices.chance(128), pa.bool_()),
        8: (lambda: _text(choices), pa.string()),
    }[kind]
    made = pa.array([cell() for _ in range(rows)], of)
    return made.dictionary_encode() if kind == 8 else made
