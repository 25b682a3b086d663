"""Why a text is not a number, and what to do about it; loaded only when one is refused."""

from __future__ import annotations

import re

from rural_forecast.series.reading.values import FULL_WIDTH, LEAVE_OUT, Notation

MISSING = frozenset(
    [
        "na",
        "n/a",
        "#n/a",
        "n.a.",
        "null",
        "none",
        "nil",
        "-",
        "--",
        "—",
        "–",
        "…",
        "..",
        "...",
        "?",
        "tbd",
        "无",
        "缺失",
        "暂无",
    ]
)
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity|∞)", re.IGNORECASE)
_SPREADSHEET_ERROR = re.compile(r"#[¡¿]?[^\W\d][\w/.]*[!?]|#(?:NV|N/D|GETTING_DATA)|#?Err:\d+", re.IGNORECASE)
"""`#REF!` and its like in any language, as Excel, LibreOffice and Google Sheets write them."""

_ADVICE = (
    (re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?", re.ASCII), "--thousands ','"),
    (re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d*", re.ASCII), "--decimal-comma --thousands '.'"),
    (re.compile(r"[+-]?\d{1,3}(?:\.\d{3}){2,}", re.ASCII), "--decimal-comma --thousands '.'"),
    (re.compile(r"[+-]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+,\d*", re.ASCII), "--decimal-comma --thousands ' '"),
    (re.compile(r"[+-]?\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:\.\d*)?", re.ASCII), "--thousands ' '"),
    (re.compile(r"[+-]?\d{1,3}(?:['\u2019]\d{3})+(?:\.\d*)?", re.ASCII), """--thousands "'\""""),
    (re.compile(r"[+-]?\d+,\d+", re.ASCII), "--decimal-comma"),
)


def explain(text: str, notation: Notation) -> tuple[str, str]:
    """Why a text is not a number in this notation, and what to do about it."""
    problem = "is not a number"
    text = text.translate(FULL_WIDTH)
    if not text:
        return "is empty where a number must be", LEAVE_OUT
    if text.casefold() in MISSING:
        return "is a missing value where a number must be", LEAVE_OUT
    if _NOT_FINITE.fullmatch(text):
        return "is not a finite number", LEAVE_OUT
    if _SPREADSHEET_ERROR.fullmatch(text):
        return "is an error of the spreadsheet", "Repair the formula, or leave the row out."
    if set(text) == {"#"}:
        return "is a cell too narrow to show its number", "Widen its column in the spreadsheet, and save the file anew."
    if notation == (False, None):
        for pattern, option in _ADVICE:
            if pattern.fullmatch(text):
                sign = "a decimal comma" if option == "--decimal-comma" else "separators"
                either = (
                    " (or --decimal-comma, if the comma is the decimal sign)" if option == "--thousands ','" else ""
                )
                return f"is a number with {sign}", f"Add {option}{either}, or write it plainly."
    elif notation.decimal_comma and "." in text and notation.thousands != ".":
        return problem, "With --decimal-comma a point may stand only where --thousands '.' is given."
    elif notation.thousands and notation.thousands in text:
        return problem, "The thousands separator must part groups of three digits."
    return problem, _other_hint(text)


def _other_hint(text: str) -> str:
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
