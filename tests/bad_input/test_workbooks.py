"""Workbooks that are damaged, hostile or merely odd."""

import json
from collections.abc import Callable
from functools import partial
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


def _with_formula(formula: str, result: str) -> bytes:
    def fill(_book: Any, sheet: Any) -> None:
        for line, row in enumerate([["year", "value"], [2014, 180], [2015, 353]]):
            sheet.write_row(line, 0, row)
        sheet.write_formula("B3", formula, None, result)

    return book(fill)


def _with_dates(form: str | None) -> bytes:
    """Days as Excel counts them, in cells of a number format or of none."""

    def fill(made: Any, sheet: Any) -> None:
        shown = made.add_format({"num_format": form}) if form else None
        sheet.write_row(0, 0, ["date", "value"])
        for line, (days, value) in enumerate(((42004, 180), (42369, 353), (42735, 482)), 1):
            sheet.write_number(line, 0, days, shown)
            sheet.write_number(line, 1, value)

    return book(fill)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

DAMAGED: dict[str, Callable[[], bytes]] = {
    "no archive": lambda: b"year, value, 2014, 180",
    "nothing": lambda: b"",
    "cut": lambda: book()[:2000],
    "cut at the end": lambda: book()[:-10],
    "an old workbook of zeros": lambda: OLE + bytes(2000),
    "a password": lambda: OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le"),
    "no workbook part": lambda: without("xl/workbook.xml"),
    "no relations": lambda: without("xl/_rels/workbook.xml.rels"),
    "no sheet part": lambda: without(SHEET),
    "no shared texts": lambda: without("xl/sharedStrings.xml"),
    "no sheets": lambda: with_part("xl/workbook.xml", f'<workbook xmlns="{MAIN}"><sheets/></workbook>'.encode()),
    "a sheet elsewhere": lambda: replaced(
        b"worksheets/sheet1.xml", b"../../../etc/passwd", "xl/_rels/workbook.xml.rels"
    ),
    "a thousand times its size": lambda: inflated(129),
    "a thousand times its size, denied": lambda: lying(inflated(100), SHEET),
    "cells without end": lambda: replaced(b"</sheetData>", b"<c>" * 500_000 + b"</sheetData>"),
    "a row beyond all rows": lambda: replaced(b'r="A4"', b'r="A99999999999"'),
    "a stray cell in the last row": lambda: replaced(b'r="A4"', b'r="A1048576"'),
    "texts beyond all memory": lambda: replaced(
        b'uniqueCount="2"', b'uniqueCount="4294967295"', "xl/sharedStrings.xml"
    ),
    "a text that is not there": lambda: replaced(b"<v>0</v>", b"<v>99999</v>"),
    "broken xml": lambda: replaced(b"</sheetData>", b"<row r="),
    "two cells of one address": lambda: replaced(b'<c r="B3">', b'<c r="B3"><v>1</v></c><c r="B3">'),
    "two rows of one number": lambda: replaced(b"</sheetData>", b'<row r="3"><c r="B3"><v>1</v></c></row></sheetData>'),
}
"""What refuses a workbook as a whole."""
CELLS: dict[str, tuple[Callable[[], bytes], int, int]] = {
    "entities of entities": (lambda: _with_entities(replaced(b"<v>353</v>", b"<v>&j;</v>")), 4, 2),
    "an entity that names a file": (lambda: replaced(b"<v>353</v>", b"<v>&file;</v>"), 4, 2),
    "a formula that nothing computed": (
        lambda: _never_computed(replaced(b"<v>353</v>", b"<f>B2*2</f><v>0.0</v>")), 3, 2,
    ),
    "a formula that gave a text": (lambda: _with_formula("=B2*2", ""), 3, 2),
    **{sign: (partial(_with_formula, "=1/0", sign), 3, 2) for sign in ("#DIV/0!", "#REF!", "#VALUE!", "#NUM!")},
    "not a number": (lambda: replaced(b"<v>180</v>", b"<v>NaN</v>"), 2, 2),
    "beyond all numbers": (lambda: replaced(b"<v>180</v>", b"<v>1e999</v>"), 2, 2),
    "a date without a date format": (lambda: _with_dates(None), 2, 1),
}  # fmt: skip
"""What refuses a cell, and its row and column."""


@pytest.mark.slow
@pytest.mark.parametrize("case", DAMAGED)
def test_damaged_workbooks_are_refused(case: str, cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(DAMAGED[case]())
    refuse(cli, path, 3, "a.xlsx")


@pytest.mark.slow
@pytest.mark.parametrize("case", CELLS)
def test_cells_are_refused(case: str, cli: Cli, tmp_path: Path) -> None:
    make, row, column = CELLS[case]
    path = tmp_path / "a.xlsx"
    path.write_bytes(make())
    error = json.loads(cli("project", str(path), "--format", "json").err)
    assert f"a.xlsx!Data!{'AB'[column - 1]}{row}: " in error["message"]
    assert (error["code"], error["line"], error["column"]) == ("gap" if "entit" in case else "cell", row, column)


@pytest.mark.slow
@pytest.mark.parametrize("case", ["cells without end", "texts beyond all memory"])
def test_damaged_workbooks_are_refused_cheaply(case: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(DAMAGED[case]())
    check_refusal(watched("project", str(path)), 3)


@pytest.mark.slow
def test_texts_that_unpack_to_more_than_they_say_are_refused_cheaply(tmp_path: Path) -> None:
    part = "xl/sharedStrings.xml"
    parts = workbooks.parts_of(book())
    parts[part] = parts[part].replace(b"<si>", b"<si>" + b" " * (150 * 1024**2), 1)
    path = tmp_path / "a.xlsx"
    path.write_bytes(lying(workbooks.packed(parts), part))
    del parts
    check_refusal(watched("project", str(path)), 3, "a.xlsx is ")


@pytest.mark.parametrize(
    "name", ["&#27;]52;c;QQ==&#7;", "\u202eatad", "&lt;b&gt;&amp;x", "[bold]", "=1+1", "年度 数据"]
)
def test_names_of_sheets_are_told_in_print(name: str, cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    parts = workbooks.parts_of(replaced(b"<v>180</v>", b"<v>NaN</v>"))
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b'name="Data"', f'name="{name}"'.encode())
    path.write_bytes(workbooks.packed(parts))
    refuse(cli, path, 3, "B2: ")


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
    for suffix in ("xls", "ods", "xlsm", "csv"):
        path = tmp_path / f"a.{suffix}"
        path.write_bytes(book())
        assert "2017,forecast,consensus,568.99" in cli("project", str(path)).out


def test_cells_that_mean_what_the_spreadsheet_shows(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(_with_dates("yyyy-mm-dd"))
    assert "2017,forecast,consensus,568.99" in cli("project", str(path)).out
    path.write_bytes(_with_formula("=NA()", "#N/A"))
    assert "1 value of " in cli("project", str(path), "--verbose").err
