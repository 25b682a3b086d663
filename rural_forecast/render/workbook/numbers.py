"""How Excel shows the numbers of a column: as people read them, with all digits in the cells."""

from collections.abc import Sequence
from math import log10

from rural_forecast.document.table import Cell, Column
from rural_forecast.render.columns import places_of


def number_formats(column: Column, cells: Sequence[Cell], *, whole: bool = False) -> list[str]:
    """Write Excel's code for each cell as people read the column.

    Records keep percentages as `whole` numbers: 36.6, not 0.366.
    """
    if column.mixed:
        alone = column._replace(mixed=False)
        return [number_formats(alone, [value], whole=whole)[0] for value in cells]

    code = {"year": "0", "integer": "#,##0"}.get(column.kind, "")
    if column.kind in ("number", "percent"):
        # Each comma at the end shows a number divided by 1,000.
        thousands = "," * round(log10(column.factor) / 3)
        behind = f"{thousands}{_percent_sign(column, whole=whole)}"
        if column.row_decimals:
            # Bounds keep all their digits, and show one more than texts, which round them outwards.
            more = 1 if column.side else 0
            return [f"{_decimal(places + more)}{behind}" for places in column.row_decimals]
        code = f"{_decimal(places_of(column, cells))}{behind}"
    if column.sign and column.kind != "integer":
        code = f"+{code};-{code};{code}"
    return [code] * len(cells)


def _decimal(places: int) -> str:
    """Write the code of a number with so many decimals."""
    return "#,##0" + ("." + "0" * places if places > 0 else "")


def _percent_sign(column: Column, *, whole: bool) -> str:
    """Write the sign as a text behind a `whole` number; by itself it multiplies by 100."""
    if column.kind == "number":
        return ""
    return '" %"' if whole else "%"
