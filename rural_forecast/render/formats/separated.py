"""csv and tsv: a header and the records, raw numbers, quotes only where they are needed.

A spreadsheet takes a cell that starts with `=`, `+`, `-` or `@` for a formula, so such a text gets
an apostrophe (OWASP, "CSV Injection"), as does one that has it already, and one behind a semicolon
or line end. Numbers do not. The csv module is not used because Python versions differ in when it
quotes a carriage return.
"""

import re
from contextlib import AbstractContextManager
from contextvars import ContextVar

from rural_forecast.document.table import Column, Document
from rural_forecast.render.formats import Format
from rural_forecast.render.records import Layout, Writer
from rural_forecast.system.process import holding
from rural_forecast.text.cells import without_controls

_guard: ContextVar[bool] = ContextVar("guard", default=True)
_QUOTED = frozenset('"\r\n')
_BREAKS = frozenset("\t\r\n")
_SIGNS = "=+@＝＋－＠-"
FORMULA_STARTS = _BREAKS | frozenset(_SIGNS)
# A position within a text where a cell may begin, with a formula behind it.
_LATER_FORMULA = re.compile(rf"(\r\n|[;\t\r\n])(?=[^\S\t\r\n]*\"*[{_SIGNS}])")


def guarding(guarded: bool) -> AbstractContextManager[None]:
    """Keep texts from being formulas within the block, or leave them as they are."""
    return holding(_guard, guarded)


def field(text: str, delimiter: str = ",") -> str:
    """Write one text as a cell: harmless, and quoted where it must be."""
    if text.isascii() and text.isalnum():
        return text
    clean = without_controls(text)
    if _guard.get():
        if not _BREAKS.isdisjoint(clean) or ";" in clean:
            clean = _LATER_FORMULA.sub(r"\1'", clean)
        # A spreadsheet may drop any white space; a tab or line end at the start is as bad as what
        # follows it.
        start = clean.lstrip(" ")
        if start[:1] not in _BREAKS:
            start = clean.lstrip()
        bare = start.lstrip("'")
        if bare[:1] in FORMULA_STARTS and len(bare) > 1:  # a sign alone is no formula
            clean = f"'{clean}"
    if delimiter not in clean and _QUOTED.isdisjoint(clean):
        return clean
    return '"' + clean.replace('"', '""') + '"'


def _writer(delimiter: str) -> Writer:
    def layout(columns: tuple[Column, ...]) -> Layout:
        nothing = "" if columns[1:] else '""'  # a line must not be empty
        before = ["", *(delimiter for _ in columns[1:])]
        return Layout(before, "\n", lambda word: field(word, delimiter) or nothing, nothing)

    def head(document: Document) -> str:
        keys = [field(column.key, delimiter) for column in document.records.columns]
        return delimiter.join(keys) + "\n"

    return Writer(layout, head)


FORMATS = (
    Format("csv", order=4, suffixes=(".csv",), **_writer(",").traits),
    Format("tsv", order=5, suffixes=(".tsv", ".tab"), **_writer("\t").traits),
)
