"""csv and tsv: a header and the records, raw numbers, quotes only where they are needed.

A spreadsheet takes a cell that starts with `=`, `+`, `-` or `@` for a formula, so text that does gets an apostrophe
in front (OWASP, 'CSV Injection'); so does such a text after a semicolon or line end within a cell, for where the comma
is the decimal sign a spreadsheet parts cells at semicolons. Numbers never do: `-3.2` stays a number. The csv module is
not used because Python versions differ in when it quotes a carriage return.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rural_forecast.errors import not_finite
from rural_forecast.render.plain_text import without_controls

if TYPE_CHECKING:
    from rural_forecast.document.table import Cell, Column, Document

_BREAKS = frozenset("\t\r\n")
_SIGNS = "=+@＝＋－＠-"
FORMULA_STARTS = _BREAKS | frozenset(_SIGNS)
_LATER_FORMULA = re.compile(rf"(\r\n|[;\t\r\n])(?=[^\S\t\r\n]*\"*[{_SIGNS}])")
"""A place within a text where a cell may begin, with a formula behind it."""


def render(document: Document, delimiter: str = ",") -> str:
    """Write the records, lines ended by a line feed.

    Raises
    ------
    RuralForecastError : a number is not finite, which is a defect of ours
    """
    columns = document.records.columns
    special = frozenset(delimiter + '"\r\n')
    lines = [delimiter.join(_quoted(_harmless(column.key), special) for column in columns)]
    for row in document.records.rows:
        cells = [_cell(cell, column, special) for cell, column in zip(row, columns, strict=True)]
        lines.append(delimiter.join(cells) or ('""' if columns else ""))
    return "\n".join(lines) + "\n"


def _cell(cell: Cell, column: Column, special: frozenset[str]) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _quoted(_harmless(cell), special)
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int):
        return int.__repr__(cell)
    text = float.__repr__(cell)  # a NumPy float would name its type
    if not text[-1].isdigit():
        raise not_finite(f"Column {column.key} holds {text}, which is not a finite number.")
    return text


def field(text: str, delimiter: str = ",") -> str:
    """One text as a cell: harmless, and quoted where it must be.

    >>> field("a,b"), field("=1+1"), field("="), field("a; =1+1")
    ('"a,b"', "'=1+1", '=', "a;' =1+1")
    """
    return _quoted(_harmless(text), frozenset(delimiter + '"\r\n'))


def _harmless(text: str) -> str:
    clean = without_controls(text)
    if not _BREAKS.isdisjoint(clean) or ";" in clean:
        clean = _LATER_FORMULA.sub(r"\1'", clean)
    # A spreadsheet may drop any white space; a tab or line end at the start is as bad as what follows it.
    start = clean.lstrip(" ")
    start = start if start[:1] in _BREAKS else clean.lstrip()
    return f"'{clean}" if start[:1] in FORMULA_STARTS and len(start) > 1 else clean  # a sign alone is no formula


def _quoted(text: str, special: frozenset[str]) -> str:
    if special.isdisjoint(text):
        return text
    return '"' + text.replace('"', '""') + '"'
