"""Workbooks and Parquet files that are damaged, hostile or merely odd."""

import json
import struct
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
import xlsxwriter

from tests.bad_input.refusals import check_refusal, check_short, refuse, watched
from tests.inside import Cli
from tests.programs import run

SHEET = "xl/worksheets/sheet1.xml"
BOOK = "xl/workbook.xml"
TEXTS = "xl/sharedStrings.xml"
LINKS = "xl/_rels/workbook.xml.rels"
ENTITIES = b"".join(
    b'<!ENTITY %c "%s">' % (98 + level, b"&%c;" % (97 + level) * 10) for level in range(9)
)
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + ENTITIES + b"]>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ANSWER = "2017,forecast,consensus,568.99"


def book(fill: Callable[[Any, Any], None] | None = None) -> bytes:
    """A workbook with one sheet, `Data`: year and value from A1 on, and what `fill(book, sheet)`
    writes over it.
    """
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as made:
        sheet = made.add_worksheet("Data")
        for line, row in enumerate([["year", "value"], [2014, 180], [2015, 353], [2016, 482]]):
            sheet.write_row(line, 0, row)
        if fill is not None:
            fill(made, sheet)
    return file.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def replaced(old: bytes, new: bytes, part: str = SHEET, data: bytes = b"") -> bytes:
    """The plain workbook, or another, with a text of a part replaced."""
    parts = parts_of(data or book())
    assert old in parts[part]
    return packed(parts | {part: parts[part].replace(old, new)})


def with_part(name: str, content: bytes | None) -> bytes:
    parts = parts_of(book()) | {name: content}
    return packed({part: there for part, there in parts.items() if there is not None})


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


def with_formula(formula: str, result: str, cell: str = "B3") -> bytes:
    return book(lambda _, sheet: sheet.write_formula(cell, formula, None, result))


def with_dates(form: str | None) -> bytes:
    """Days as Excel counts them, in cells of a number format or of none."""

    def fill(made: Any, sheet: Any) -> None:
        shown = made.add_format({"num_format": form}) if form else None
        sheet.write(0, 0, "date")
        for line, days in enumerate((42004, 42369, 42735), 1):
            sheet.write_number(line, 0, days, shown)

    return book(fill)


DAMAGED: dict[str, Callable[[], bytes]] = {
    "no archive": lambda: b"year, value, 2014, 180",
    "nothing": lambda: b"",
    "cut": lambda: book()[:2000],
    "cut at the end": lambda: book()[:-10],
    "an old workbook of zeros": lambda: OLE + bytes(2000),
    "a password": lambda: OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le"),
    **{f"no {part}": partial(with_part, part, None) for part in (BOOK, LINKS, SHEET, TEXTS)},
    "no sheets": lambda: with_part(BOOK, f'<workbook xmlns="{MAIN}"><sheets/></workbook>'.encode()),
    "a sheet elsewhere": lambda: replaced(b"worksheets/sheet1.xml", b"../../../etc/passwd", LINKS),
    "a thousand times its size": lambda: inflated(129),
    "a thousand times its size, denied": lambda: lying(inflated(100), SHEET),
    "cells without end": lambda: replaced(b"</sheetData>", b"<c>" * 500_000 + b"</sheetData>"),
    "a row beyond all rows": lambda: replaced(b'r="A4"', b'r="A99999999999"'),
    "a stray cell in the last row": lambda: replaced(b'r="A4"', b'r="A1048576"'),
    "texts beyond all memory": lambda: replaced(
        b'uniqueCount="2"', b'uniqueCount="4294967295"', TEXTS
    ),
    "a text that is not there": lambda: replaced(b"<v>0</v>", b"<v>99999</v>"),
    "broken xml": lambda: replaced(b"</sheetData>", b"<row r="),
    "two cells of one address": lambda: replaced(
        b'<c r="B3">', b'<c r="B3"><v>1</v></c><c r="B3">'
    ),
    "two rows of one number": lambda: replaced(
        b"</sheetData>", b'<row r="3"><c r="B3"><v>1</v></c></row></sheetData>'
    ),
}
"""Changes for which a workbook is refused as a whole."""
CELLS: dict[str, tuple[Callable[[], bytes], int, int]] = {
    "entities of entities": (
        lambda: replaced(
            b"<worksheet", BOMB + b"<worksheet", data=replaced(b"<v>353</v>", b"<v>&j;</v>")
        ),
        4,
        2,
    ),
    "an entity that names a file": (lambda: replaced(b"<v>353</v>", b"<v>&file;</v>"), 4, 2),
    "a formula that nothing computed": (  # as a library writes it that does not ask for it
        lambda: replaced(
            b'fullCalcOnLoad="1"', b"", BOOK, replaced(b"<v>353</v>", b"<f>B2*2</f><v>0.0</v>")
        ),
        3,
        2,
    ),
    "a formula that gave a text": (lambda: with_formula("=B2*2", ""), 3, 2),
    **{
        sign: (partial(with_formula, "=1/0", sign), 3, 2)
        for sign in ("#DIV/0!", "#REF!", "#VALUE!", "#NUM!")
    },
    "not a number": (lambda: replaced(b"<v>180</v>", b"<v>NaN</v>"), 2, 2),
    "beyond all numbers": (lambda: replaced(b"<v>180</v>", b"<v>1e999</v>"), 2, 2),
    "a date without a date format": (lambda: with_dates(None), 2, 1),
}
"""Changes for which a cell is refused, with its row and column."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "a.xlsx"


@pytest.mark.slow
@pytest.mark.parametrize("case", DAMAGED)
def test_damaged_workbooks_are_refused(case: str, cli: Cli, path: Path) -> None:
    path.write_bytes(DAMAGED[case]())
    refuse(cli, path, "a.xlsx")
    if case in ("cells without end", "texts beyond all memory"):
        check_refusal(watched("project", str(path)), 3)


@pytest.mark.slow
@pytest.mark.parametrize("case", CELLS)
def test_cells_are_refused(case: str, cli: Cli, path: Path) -> None:
    make, row, column = CELLS[case]
    path.write_bytes(make())
    error = json.loads(cli("project", path, "--format", "json").err)
    assert f"a.xlsx!Data!{'AB'[column - 1]}{row}: " in error["message"]
    assert (error["code"], error["line"], error["column"]) == (
        "gap" if "entit" in case else "cell",
        row,
        column,
    )


@pytest.mark.slow
def test_texts_that_unpack_to_more_than_they_say_are_refused_cheaply(path: Path) -> None:
    path.write_bytes(lying(replaced(b"<si>", b"<si>" + b" " * (75 * 1024**2), TEXTS), TEXTS))
    check_refusal(watched("project", str(path)), 3, "a.xlsx is ")


def test_names_of_sheets_are_told_in_print(cli: Cli, path: Path) -> None:
    wrong = replaced(b"<v>180</v>", b"<v>NaN</v>")
    for name in (
        "&#27;]52;c;QQ==&#7;",
        "\u202eatad",
        "&lt;b&gt;&amp;x",
        "[bold]",
        "=1+1",
        "年度 数据",
    ):
        path.write_bytes(replaced(b'name="Data"', f'name="{name}"'.encode(), BOOK, wrong))
        refuse(cli, path, "B2: ")


HARMLESS = {
    "parts above": lambda: with_part("../../../etc/evil", b"x"),
    "an absolute part": lambda: with_part("/absolute", b"x"),
    "a false extent": lambda: replaced(b'ref="A1:B4"', b'ref="A1:XFD1048576"'),
    "an absurd extent": lambda: replaced(b'ref="A1:B4"', b'ref="A1:ZZZZZZ99999999999"'),
    "no styles": lambda: with_part("xl/styles.xml", None),
    "open tags": lambda: replaced(b"<sheets>", b"<sheets>" + b"<sheet " * 300_000, BOOK),
}


@pytest.mark.parametrize("case", HARMLESS)
def test_what_does_no_harm_is_read(case: str, cli: Cli, path: Path) -> None:
    path.write_bytes(HARMLESS[case]())
    outcome = cli("project", path)
    if outcome.code:
        check_refusal(outcome, 3, "a.xlsx")
    else:
        assert ANSWER in outcome.out
    assert [one.name for one in path.parent.iterdir()] == ["a.xlsx"]


def test_the_suffix_may_be_wrong_and_cells_mean_what_the_spreadsheet_shows(
    cli: Cli, path: Path
) -> None:
    for suffix in (".xls", ".ods", ".xlsm", ".csv"):
        path.with_suffix(suffix).write_bytes(book())
        assert ANSWER in cli("project", path.with_suffix(suffix)).out
    path.write_bytes(with_dates("yyyy-mm-dd"))
    assert ANSWER in cli("project", path).out
    path.write_bytes(with_formula("=NA()", "#N/A", "B4"))
    assert "1 value of " in cli("project", path, "--verbose").err


YEARS = [2014, 2015, 2016]
VALUES = [180.0, 353.0, 482.0]


def written(file: Path, columns: dict[str, Any]) -> Path:
    parquet.write_table(pa.table(columns), file)
    return file


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.parquet"


@pytest.mark.parametrize("command", ["project", "batch"])
def test_damaged_files(command: str, file: Path, cli: Cli) -> None:
    whole = written(file, {"year": YEARS, "value": VALUES}).read_bytes()
    halves = (
        b"",
        b"PAR1",
        b"PAR1PAR1",
        whole[: len(whole) // 2],
        whole[:-200] + bytes(100) + whole[-100:],
    )
    for damaged in (*halves, whole[:-4] + b"XXXX", whole[:-8] + b"\xff\xff\xff\x7fPAR1"):
        file.write_bytes(damaged)
        check_refusal(cli(command, file), 3, "a.parquet is ")


SOUND = Path(__file__).parents[1] / "fuzz" / "corpus" / "sound" / "sound0.parquet"


@pytest.mark.slow
@pytest.mark.parametrize("command", ["project", "batch", "series check"])
def test_damaged_metadata_of_a_column_does_not_end_the_process(command: str, file: Path) -> None:
    """In a process of its own, which `pyarrow` would end."""
    damaged = bytearray(SOUND.read_bytes())
    damaged[367] = 70  # the statistics of a column have another size than they say
    file.write_bytes(damaged)
    done = run(*command.split(), file)
    assert (done.code, done.out) == (3, b"")
    assert "a.parquet is not a Parquet file that can be read" in done.err


@pytest.mark.slow
def test_damaged_metadata_beside_lists_does_not_end_the_process(file: Path) -> None:
    lists = pa.array([[1, 2], [3], []], pa.list_(pa.int8()))
    whole = written(file, {"year": YEARS, "value": VALUES, "list": lists}).read_bytes()
    for index in range(len(whole) // 3, len(whole) - 8, len(whole) // 40):
        file.write_bytes(whole[:index] + bytes([70]) + whole[index + 1 :])
        assert run("project", file).code in (0, 3), index


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"year": [2014], "value": [[1.0]]}, "row 1: column 'value': '[1.0]' is a list"),
        ({"year": [2014], "value": [{"low": 1}]}, "is an object"),
        ({"year": [2014, 2015, 2016], "value": [1.0, None, 2.0]}, "2015"),
        ({"year": [2014, 2015], "value": [1.0, float("nan")]}, "row 2: column 'value': 'nan'"),
        ({"year": [2014], "value": [True]}, "is true or false"),
        ({"year": [2014], "value": [b"\xff\xfe"]}, "row 1"),
        ({"year": [2014], "value": ["\x1b]52;c;QQ==\x07"]}, "'\\x1b]52;c;QQ==\\x07'"),
        ({"year": pa.array([2**64 - 1], pa.uint64()), "value": [1.0]}, "row 1"),
        ({"year": pa.array([], pa.int64()), "value": pa.array([], pa.float64())}, "has no rows"),
        ({f"c{place}": [1] for place in range(10_001)}, "more than 10,000 columns"),
        (
            {"date": pa.array([2**62], pa.timestamp("us")), "value": [1.0]},
            "date value out of range",
        ),
    ],
    ids=[
        "list",
        "object",
        "null",
        "nan",
        "boolean",
        "bytes",
        "escape",
        "year",
        "no rows",
        "wide",
        "time",
    ],
)
@pytest.mark.slow
def test_cells_that_are_no_figures(
    columns: dict[str, Any], says: str, file: Path, cli: Cli
) -> None:
    refuse(cli, written(file, columns), says)
    check_short(cli("batch", file), 3, 5)


def test_types_that_mean_a_figure_are_read(file: Path, cli: Cli) -> None:
    texts = list(map(str, YEARS))
    for column in (
        {"year": pa.array(texts).dictionary_encode()},
        {"year": pa.array(texts, pa.large_string())},
        {"value": pa.array(map(Decimal, VALUES), pa.decimal128(10, 2))},
        {"value": pa.array(VALUES, pa.float32())},
        {"year": [date(year, 12, 31) for year in YEARS]},
        {"year": pa.array([datetime(year, 12, 31, tzinfo=UTC) for year in YEARS])},
        {"series_id": pa.array(["a", "a", "a"]).dictionary_encode()},
    ):
        written(file, {"year": YEARS, "value": VALUES, **column})
        for command in ("project", "batch"):
            assert f",{ANSWER}" in cli(command, file).out, column


@pytest.mark.slow
def test_what_would_unpack_to_terabytes_is_not_unpacked(file: Path) -> None:
    rows = 400_000
    note = pa.array(["x" * 1_000_000]).dictionary_encode().take(pa.array([0] * rows))
    written(file, {"year": [2014] * rows, "value": [1.0] * rows, "note": note})
    check_refusal(watched("project", str(file)), 3, "a.parquet row 2: column 'value'")
    lists = pa.array([[0] * 1_000_000] * 10, pa.list_(pa.int8()))
    written(file, {"year": [2014] * 10, "value": [1.0] * 10, "list": lists})
    check_refusal(watched("project", str(file)), 3, "a.parquet has more than 5,000,000 values")


def test_more_rows_than_are_read_at_once(file: Path, cli: Cli) -> None:
    rows = 500_001
    written(file, {"year": pa.repeat(2014, rows), "value": pa.repeat(1.0, rows)})
    refuse(cli, file, "a.parquet has more than 500,000 rows", "batch")
