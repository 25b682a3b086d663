"""Workbooks that are damaged, hostile or merely odd."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.bad_input import workbooks
from tests.bad_input.refusals import check_refusal, refuse, watched
from tests.bad_input.workbooks import SHEET, book, inflated, lying, replaced, with_part, without
from tests.inside import Cli

ENTITIES = b"".join(b'<!ENTITY %c "%s">' % (98 + level, b"&%c;" % (97 + level) * 10) for level in range(9))
BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + ENTITIES + b"]>"


def _with_entities(data: bytes) -> bytes:
    parts = workbooks.parts_of(data)
    parts[SHEET] = parts[SHEET].replace(b"<worksheet", BOMB + b"<worksheet", 1)
    return workbooks.packed(parts)


def _never_computed(data: bytes) -> bytes:
    """The workbook as a library writes it that does not ask for its formulas to be computed."""
    parts = workbooks.parts_of(data)
    name = "xl/workbook.xml"
    return workbooks.packed(parts | {name: parts[name].replace(b'fullCalcOnLoad="1"', b"")})


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "no archive": (lambda: b"year, value, 2014, 180", "is not a workbook that can be read"),
    "nothing": (lambda: b"", "is empty"),
    "cut": (lambda: book()[:2000], "is not a workbook that can be read"),
    "cut at the end": (lambda: book()[:-10], "is not a workbook that can be read"),
    "an old workbook of zeros": (lambda: OLE + bytes(2000), "is not a workbook that can be read"),
    "a password": (lambda: OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
    "no workbook part": (lambda: without("xl/workbook.xml"), "is empty"),
    "no relations": (lambda: without("xl/_rels/workbook.xml.rels"), "holds no 'xl/_rels/workbook.xml.rels'"),
    "no sheet part": (lambda: without(SHEET), f"holds no '{SHEET}'"),
    "no shared texts": (lambda: without("xl/sharedStrings.xml"), "is not a workbook that can be read"),
    "no sheets": (
        lambda: with_part(
            "xl/workbook.xml",
            b'<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets/></workbook>',
        ),
        "is empty",
    ),
    "a sheet elsewhere": (
        lambda: replaced(b"worksheets/sheet1.xml", b"../../../etc/passwd", "xl/_rels/workbook.xml.rels"),
        "is not a workbook that can be read",
    ),
    "a thousand times its size": (lambda: inflated(129), "unpacks to more than 128 MB"),
    "a thousand times its size, denied": (lambda: lying(inflated(100), SHEET), "is not a workbook that can be read"),
    "entities of entities": (
        lambda: _with_entities(replaced(b"<v>353</v>", b"<v>&j;</v>")),
        "column 'value' is empty where a number must be",
    ),
    "an entity that names a file": (
        lambda: replaced(b"<v>353</v>", b"<v>&file;</v>"),
        "column 'value' is empty where a number must be",
    ),
    "cells without end": (
        lambda: replaced(b"</sheetData>", b"<c>" * 500_000 + b"</sheetData>"),
        "a.xlsx!Data spans more than 2,000,000 cells",
    ),
    "a row beyond all rows": (
        lambda: replaced(b'r="A4"', b'r="A99999999999"'),
        "is damaged, too large, or no workbook",
    ),
    "texts beyond all memory": (
        lambda: replaced(b'uniqueCount="2"', b'uniqueCount="4294967295"', "xl/sharedStrings.xml"),
        "is damaged, too large, or no workbook",
    ),
    "a text that is not there": (lambda: replaced(b"<v>0</v>", b"<v>99999</v>"), "is not a workbook that can be read"),
    "broken xml": (lambda: replaced(b"</sheetData>", b"<row r="), "is not a workbook that can be read"),
    "two cells of one address": (
        lambda: replaced(b'<c r="B3">', b'<c r="B3"><v>1</v></c><c r="B3">'),
        "a.xlsx!Data!B3: the sheet holds 2 cells of this address",
    ),
    "two rows of one number": (
        lambda: replaced(b"</sheetData>", b'<row r="3"><c r="B3"><v>1</v></c></row></sheetData>'),
        "a.xlsx!Data!B3: the sheet holds 2 cells of this address",
    ),
    "formulas that nothing computed": (
        lambda: _never_computed(replaced(b"<v>353</v>", b"<f>B2*2</f><v>0.0</v>")),
        "B3: column 'value' is a formula whose value was never saved",
    ),
    "not a number": (
        lambda: replaced(b"<v>180</v>", b"<v>NaN</v>"),
        "a.xlsx!Data!B2: column 'value': 'nan' is not a finite",
    ),
    "beyond all numbers": (
        lambda: replaced(b"<v>180</v>", b"<v>1e999</v>"),
        "B2: column 'value': 'inf' is not a finite",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str, cli: Cli, tmp_path: Path) -> None:
    make, says = REFUSED[case]
    path = tmp_path / "a.xlsx"
    path.write_bytes(make())
    refuse(cli, path, 3, says)


@pytest.mark.slow
@pytest.mark.parametrize(
    "case",
    ["cells without end", "texts beyond all memory"],
)
def test_refused_cheaply(case: str, tmp_path: Path) -> None:
    make, says = REFUSED[case]
    path = tmp_path / "a.xlsx"
    path.write_bytes(make())
    check_refusal(watched("project", str(path)), 3, says)


@pytest.mark.slow
def test_texts_that_unpack_to_more_than_they_say_are_refused_cheaply(tmp_path: Path) -> None:
    part = "xl/sharedStrings.xml"
    parts = workbooks.parts_of(book())
    parts[part] = parts[part].replace(b"<si>", b"<si>" + b" " * (150 * 1024**2), 1)
    path = tmp_path / "a.xlsx"
    path.write_bytes(lying(workbooks.packed(parts), part))
    del parts
    outcome = watched("project", str(path))
    check_refusal(outcome, 3, "a.xlsx is ")


@pytest.mark.parametrize(
    "name", ["&#27;]52;c;QQ==&#7;", "\u202eatad", "&lt;b&gt;&amp;x", "[bold]", "=1+1", "年度 数据"]
)
def test_names_of_sheets_are_told_in_print(name: str, cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    parts = workbooks.parts_of(replaced(b"<v>180</v>", b"<v>NaN</v>"))
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b'name="Data"', f'name="{name}"'.encode())
    path.write_bytes(workbooks.packed(parts))
    refuse(cli, path, 3, "B2: column 'value': 'nan' is not a finite number")


def test_a_sheet_of_a_million_rows_is_refused_by_its_extent(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(replaced(b'r="A4"', b'r="A1048576"'))
    refuse(cli, path, 3, "a.xlsx!Data spans more than 2,000,000 cells", "stray cell")


@pytest.mark.parametrize(
    "make",
    [
        lambda: with_part("../../../etc/evil", b"x"),
        lambda: with_part("/absolute", b"x"),
        lambda: replaced(b'ref="A1:B4"', b'ref="A1:XFD1048576"'),
        lambda: replaced(b'ref="A1:B4"', b'ref="A1:ZZZZZZ99999999999"'),
        lambda: without("xl/styles.xml"),
        lambda: replaced(b"<sheets>", b"<sheets>" + b"<sheet " * 300_000, "xl/workbook.xml"),
    ],
    ids=["parts above", "an absolute part", "a false extent", "an absurd extent", "no styles", "open tags"],
)
def test_what_does_no_harm_is_read(make: Callable[[], bytes], cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(make())
    outcome = cli("project", str(path))
    if outcome.code:
        check_refusal(outcome, 3, "a.xlsx")
    else:
        assert "2017,forecast,consensus,568.99" in outcome.out
    assert [one.name for one in tmp_path.iterdir()] == ["a.xlsx"]


def test_the_suffix_may_be_wrong(cli: Cli, tmp_path: Path) -> None:
    for suffix in ("xls", "ods", "xlsm"):
        path = tmp_path / f"a.{suffix}"
        path.write_bytes(book())
        assert "2017,forecast,consensus,568.99" in cli("project", str(path)).out
    path = tmp_path / "a.csv"
    path.write_bytes(book())
    assert "2017,forecast,consensus,568.99" in cli("project", str(path)).out


def test_dates_are_dates_where_the_cell_says_so(cli: Cli, tmp_path: Path) -> None:
    def fill(dated: bool) -> Callable[[Any, Any], None]:
        def write(made: Any, sheet: Any) -> None:
            form = made.add_format({"num_format": "yyyy-mm-dd"}) if dated else None
            sheet.write_row(0, 0, ["date", "value"])
            for line, (year, value) in enumerate(((2014, 180), (2015, 353), (2016, 482)), 1):
                serial = (datetime(year, 12, 31) - datetime(1899, 12, 30)).days  # noqa: DTZ001 - Excel's days have no zone
                sheet.write_number(line, 0, serial, form)
                sheet.write_number(line, 1, value)

        return write

    path = tmp_path / "a.xlsx"
    path.write_bytes(book(fill(dated=True)))
    assert "2017,forecast,consensus,568.99" in cli("project", str(path)).out
    path.write_bytes(book(fill(dated=False)))
    refuse(cli, path, 3, "a.xlsx!Data!A2: column 'date': '42004' is a year outside 1 to 9999", "date format")


def test_errors_formulas_and_merged_headers(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"

    def fill(write: Callable[[Any], object]) -> Callable[[Any, Any], None]:
        def made(_book: Any, sheet: Any) -> None:
            for line, row in enumerate([["year", "value"], [2014, 180], [2015, 353]]):
                sheet.write_row(line, 0, row)
            write(sheet)

        return made

    for sign in ("#DIV/0!", "#REF!", "#VALUE!", "#NUM!"):
        path.write_bytes(book(fill(lambda sheet, sign=sign: sheet.write_formula("B3", "=1/0", None, sign))))
        refuse(cli, path, 3, f"a.xlsx!Data!B3: column 'value': '{sign}' is an error of the spreadsheet", "Repair")
    path.write_bytes(book(fill(lambda sheet: sheet.write_formula("B3", "=B2*2", None, ""))))
    refuse(cli, path, 3, "B3: column 'value' is a formula whose value was never saved", "save it")
    path.write_bytes(book(fill(lambda sheet: sheet.write_formula("B3", "=NA()", None, "#N/A"))))
    assert "1 value of " in cli("project", str(path), "--verbose").err
