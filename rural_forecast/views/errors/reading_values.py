"""The words of errors about periods and numbers: what a text looks like, and how to write it instead."""

from __future__ import annotations

import re

from rural_forecast.errors import option
from rural_forecast.series.reading.number_forms import MISSING, is_missing
from rural_forecast.series.reading.values import DIGITS, Notation

_FORMS = "Write 2016, FY2017, 2017H1, 2017Q1, 2017M08, 2017M01-M08 or a date such as 2016-12-31."

_LEAVE_OUT = "Leave the row out if the value is not known; a missing value is never read as 0."

TEXTS = {
    "boolean_period": ("is true or false where a period must be", _FORMS),
    "empty_period": ("is empty where a period must be", _FORMS),
    "nested_period": ("is a list or an object where a period must be", "Write one period a row."),
    "infinite_number": ("is not a finite number", _LEAVE_OUT),
}

_LOOKS = (
    (r"\d{4}\.\d{1,2}", "is no whole year and no month", "Write a part of a year as 2017H1, 2017Q2 or 2017M05."),
    (
        r"\d{4}[-\s]?W\d{1,2}(?:-?\d)?|W\d{1,2}[-\s/]?\d{4}",
        "is a week",
        "Weeks are not read; sum the values to months, quarters or years.",
    ),
    (r"\d{1,2}([-/.])\d{1,2}\1\d{2}", "is a date without its century", "Write it as 2016-12-31."),
    (r"['’]\d\d", "is a year without its century", "Write it in full: 2017."),
    (
        r"(?:平成|令和|昭和|大正|明治|民國|民国|中華民國)\s*(?:\d+|元)\s*年?|.*(?:พ\.ศ\.|\bB\.?E\.?).*",
        "is a year of another calendar",
        "Write the year of the common era: 2016.",
    ),
    (r"\d{4}[-/]\d\d", "is not a valid month", _FORMS),
)
"""What a text looks like, what to call it, and the advice."""


def year_out_of_range(first: int, last: int, year: int) -> tuple[str, str]:
    """`first`, `last`: the years that can be read."""
    return f"is a year outside {first} to {last}", _outside(str(year))


def not_a_day(text: str) -> tuple[str, str]:
    """`text`: a date that is in no calendar."""
    return "is not a valid day", not_a_period(text)[1]


def not_a_period(text: str) -> tuple[str, str]:
    """`text`: the cell; empty where it is no text."""
    text = text[:100]
    for pattern, problem, hint in _LOOKS:
        if re.fullmatch(pattern, text, re.ASCII | re.IGNORECASE):
            return problem, hint
    if re.fullmatch(r"-?\d+", text, re.ASCII):
        return "is not a period", _outside(text)
    if any(sign.isdigit() and not sign.isascii() for sign in text):
        return "is not a period", "Write it in the digits 0 to 9."
    return "is not a period", _FORMS


def _outside(digits: str) -> str:
    """What a number may be that is no year from 1 to 9999."""
    if re.fullmatch(r"[1-9]\d{4}", digits):
        return "If it is a date of a spreadsheet, give the cell a date format."
    if re.fullmatch(r"(?:1\d|20)\d\d(?:0[1-9]|1[0-2])(?:[0-3]\d)?", digits):
        return "If it is a date, write it as 2016-12-31."
    if re.fullmatch(r"\d{9,14}", digits):
        return "If it counts seconds since 1970, write the date, such as 2016-12-31."
    return _FORMS


_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity|∞)", re.IGNORECASE)
_SPREADSHEET_ERROR = re.compile(r"#[¡¿]?[^\W\d][\w/.]*[!?]|#(?:NV|N/D|GETTING_DATA)|#?Err:\d+", re.IGNORECASE)
"""`#REF!` and its like in any language, as Excel, LibreOffice and Google Sheets write them."""

_NOTATIONS = (
    (r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?", Notation(thousands=",")),
    (r"[+-]?\d{1,3}(?:\.\d{3})+,\d*|[+-]?\d{1,3}(?:\.\d{3}){2,}", Notation(True, ".")),
    (r"[+-]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+,\d*", Notation(True, " ")),
    (r"[+-]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:\.\d*)?", Notation(thousands=" ")),
    (r"[+-]?\d{1,3}(?:['\u2019]\d{3})+(?:\.\d*)?", Notation(thousands="'")),
    (r"[+-]?\d+,\d+", Notation(decimal_comma=True)),
)
"""What a number in separators looks like, and the notation that reads it."""


_ARTICLES = {
    "bool": "true or false",
    "dict": "an object",
    "list": "a list",
    **dict.fromkeys(("date", "datetime", "Timestamp"), "a date"),
}


def no_kind_of_number(kind: str) -> tuple[str, str]:
    """`kind`: the name of the type of the cell."""
    return f"is {_ARTICLES.get(kind, 'something else')} where a number must be", "Write the value as a number."


def not_a_number(text: str, notation: Notation) -> tuple[str, str]:
    """`notation`: the signs within numbers, as the user states them."""
    problem = "is not a number"
    text = text.translate(DIGITS)
    if not text:
        return "is empty where a number must be", _LEAVE_OUT
    if is_missing(text) or text.casefold() in MISSING:
        return "is a missing value where a number must be", _LEAVE_OUT
    if _NOT_FINITE.fullmatch(text):
        return "is not a finite number", _LEAVE_OUT
    if _SPREADSHEET_ERROR.fullmatch(text):
        return "is an error of the spreadsheet", "Repair the formula, or leave the row out."
    if set(text) == {"#"}:
        return "is a cell too narrow to show its number", "Widen its column in the spreadsheet, and save the file anew."
    if notation == (False, None):
        for pattern, reads in _NOTATIONS:
            if re.fullmatch(pattern, text, re.ASCII):
                words = [option("decimal_comma", True)] * reads.decimal_comma
                words += [option("thousands", reads.thousands)] if reads.thousands else []
                comma = f" (or {option('decimal_comma', True)}, if the comma is the decimal sign)"
                sign = "separators" if reads.thousands else "a decimal comma"
                advice = f"Add {' and '.join(words)}{comma if reads.thousands == ',' else ''}, or write it plainly."
                return f"is a number with {sign}", advice
    elif notation.decimal_comma and "." in text and notation.thousands != ".":
        return problem, f"With {option('decimal_comma', True)} a point needs {option('thousands', '.')}."
    elif notation.thousands and notation.thousands in text:
        return problem, "The thousands separator must part groups of three digits."
    return problem, _hint(text)


def _hint(text: str) -> str:
    if text[0] in "~<>≈≥≤约" and text[1:2].strip():
        return "Write the number alone, and put ~, > or < into a column named 'qualifier'."
    if text.startswith("(") and text.endswith(")"):
        return "Write a negative number with a minus sign."
    if text.endswith("%"):
        return "Write the number alone, and put % into a column named 'unit'."
    if re.fullmatch(r"[+-]?\d+(?:[.,]\d*)?", text):
        return "Write it in the digits 0 to 9."
    if re.fullmatch(r"\d+(?:_\d+)+(?:\.\d*)?", text):
        return "Write it without the underscores."
    if re.fullmatch(r"0[xXbBoO][0-9a-fA-F]+", text):
        return "Write it as a decimal number."
    if text[0] in "='":
        return "Write the number alone, without the sign before it."
    if any(sign.isdigit() for sign in text):
        return "Write the number alone; a unit belongs into a column named 'unit', a remark into one named 'note'."
    return "Write the value as a number, or leave the row out."
