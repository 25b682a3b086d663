from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.errors import InputError, Problem
from rural_forecast.series.reading.grid import UnusableCell
from rural_forecast.series.reading.values import Notation, number_in
from tests.series.reading.reading import check_refusal

PLAIN = Notation()


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("180", 180.0),
        (" -12.5 ", -12.5),
        ("+.5", 0.5),
        ("5.", 5.0),
        ("1e3", 1000.0),
        ("\u22127", -7.0),
        ("0", 0.0),
        (482, 482.0),
        (2.5, 2.5),
        (Decimal("1.25"), 1.25),
    ],
)
def test_numbers(cell: object, value: float) -> None:
    assert number_in(cell, PLAIN) == value


@pytest.mark.parametrize(
    ("text", "notation", "value"),
    [
        ("1,234", Notation(thousands=","), 1234.0),
        ("1,234,567.5", Notation(thousands=","), 1234567.5),
        ("-1 234", Notation(thousands=" "), -1234.0),
        ("1\u00a0234", Notation(thousands=" "), 1234.0),
        ("1\u202f234,5", Notation(True, " "), 1234.5),
        ("1'234.5", Notation(thousands="'"), 1234.5),
        ("1\u2019234", Notation(thousands="'"), 1234.0),
        ("1.234.567,5", Notation(True, "."), 1234567.5),
        ("12,5", Notation(decimal_comma=True), 12.5),
        ("1,234", Notation(decimal_comma=True), 1.234),
        ("1234", Notation(True, "."), 1234.0),
    ],
)
def test_numbers_in_a_stated_notation(text: str, notation: Notation, value: float) -> None:
    assert number_in(text, notation) == value


@pytest.mark.parametrize(
    ("cell", "notation", "problem", "hint"),
    [
        ("1,234", PLAIN, "separators", "thousands=','"),
        ("12,5", PLAIN, "decimal comma", "decimal_comma=True"),
        ("1.234,5", PLAIN, "separators", "decimal_comma=True and thousands='.'"),
        ("1 234", PLAIN, "separators", "thousands=' '"),
        ("1'234", PLAIN, "separators", 'thousands="\'"'),
        ("1.234.567", PLAIN, "separators", "decimal_comma=True and thousands='.'"),
        ("1,23", Notation(thousands=","), "is not a number", "groups of three"),
        ("1,234,56", Notation(thousands=","), "is not a number", "groups of three"),
        ("12.5", Notation(decimal_comma=True), "is not a number", "decimal_comma=True"),
        ("", PLAIN, "is empty", "Leave the row out"),
        (None, PLAIN, "is empty", "Leave the row out"),
        ("n/a", PLAIN, "missing value", "Leave the row out"),
        ("NaN", PLAIN, "not a finite number", "Leave the row out"),
        ("-inf", PLAIN, "not a finite number", "Leave the row out"),
        ("1e400", PLAIN, "not a finite number", ""),
        (float("nan"), PLAIN, "not a finite number", ""),
        (10**400, PLAIN, "not a finite number", ""),
        ("#REF!", PLAIN, "error of the spreadsheet", "Repair"),
        ("#DIV/0!", PLAIN, "error of the spreadsheet", "Repair"),
        ("#WERT!", PLAIN, "error of the spreadsheet", "Repair"),
        ("#¿NOMBRE?", PLAIN, "error of the spreadsheet", "Repair"),
        ("#GETTING_DATA", PLAIN, "error of the spreadsheet", "Repair"),
        ("Err:502", PLAIN, "error of the spreadsheet", "Repair"),
        ("#NV", PLAIN, "error of the spreadsheet", "Repair"),
        ("####", PLAIN, "too narrow", "Widen"),
        ("#1", PLAIN, "is not a number", "'unit'"),
        (UnusableCell("#N/A", "spreadsheet_error"), PLAIN, "is an error of the spreadsheet", "Repair the formula"),
        ("~600", PLAIN, "is not a number", "qualifier"),
        (">460", PLAIN, "is not a number", "qualifier"),
        ("(12)", PLAIN, "is not a number", "minus sign"),
        ("12%", PLAIN, "is not a number", "'unit'"),
        ("482 bn", PLAIN, "is not a number", "'unit'"),
        ("1_000", PLAIN, "is not a number", ""),
        ("௧௨", PLAIN, "is not a number", ""),
        ("many", PLAIN, "is not a number", ""),
        (True, PLAIN, "true or false", ""),
        (date(2016, 1, 1), PLAIN, "is a date", ""),
    ],
)
def test_refusals(cell: object, notation: Notation, problem: str, hint: str) -> None:
    refused = number_in(cell, notation)
    assert isinstance(refused, Problem)
    assert problem in refused.problem
    assert hint in refused.hint


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_plain_number_keeps_every_digit(value: float) -> None:
    assert number_in(repr(value), PLAIN) == value


@given(st.integers(-(10**15), 10**15), st.sampled_from([",", " ", "'"]))
def test_grouped_digits_are_the_number(value: int, sign: str) -> None:
    assert number_in(f"{value:,}".replace(",", sign), Notation(thousands=sign)) == value


@given(st.text())
def test_any_text_is_a_finite_number_or_refused(text: str) -> None:
    for notation in (PLAIN, Notation(True, "."), Notation(thousands=" ")):
        value = number_in(text, notation)
        if isinstance(value, Problem):
            check_refusal(InputError.of(value))
        else:
            assert abs(value) < float("inf")


def test_digits_of_other_scripts() -> None:
    assert number_in("１８０．５", Notation()) == 180.5
    assert number_in("－１，８００", Notation(thousands=",")) == -1800
    assert [number_in(text, Notation()) for text in ("١٨٠٫٥", "۱۸۰", "१८०")] == [180.5, 180, 180]
    refused = number_in("௧௮௦", Notation())
    assert isinstance(refused, Problem)
    assert "digits 0 to 9" in refused.hint
