"""What all sheets of a workbook share: how formulas name cells, and how charts are named."""

from __future__ import annotations

from rural_forecast.system.extras import need
from rural_forecast.text.harmless import one_line


def cell(row: int, column: int, *, fixed: bool = False) -> str:
    """The name of a cell in formulas; a `fixed` one stays where it is when the formula is copied."""
    return str(need("xlsxwriter.utility", "excel", "A workbook").xl_rowcol_to_cell(row, column, fixed, fixed))


def label(text: str) -> str:
    """Text from data as the title of a chart or the name of a line, which must not begin as a formula does."""
    return one_line(text).lstrip("= ")
