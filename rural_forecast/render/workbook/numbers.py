"""How Excel shows the numbers of a column: as people read them, with all digits in the cells.

Amounts of one series have one format throughout a table, however many digits each was given with.
"""

from collections.abc import Iterable, Sequence
from math import log10

from rural_forecast.document.table import Cell, Column, Table
from rural_forecast.render.columns import places_of
from rural_forecast.text.numbers import OF_OBSERVED, decimals_used, significant

# Digits beyond those of the largest amount, so that small parts have some too.
_MOST_FINER = 3


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
            return [f"{decimal(places)}{behind}" for places in column.row_decimals]
        code = f"{decimal(places_of(column, cells))}{behind}"
    if column.sign and column.kind != "integer":
        code = f"+{code};-{code};{code}"
    return [code] * len(cells)


def with_one_format(table: Table, places: int | None = None) -> Table:
    """Give all amounts of a table the same decimals, unless its rows have units of their own.

    `places`: of its bounds; None takes those of its columns, and one more.
    """
    amounts = [index for index, column in enumerate(table.columns) if is_amount(column)]
    if not amounts or any(column.key == "unit" for column in table.columns):
        return table
    places = _places_of_amounts(table, amounts, places)
    columns = list(table.columns)
    for index in amounts:
        columns[index] = columns[index]._replace(decimals=places, row_decimals=())
    return table._replace(columns=tuple(columns))


def is_amount(column: Column) -> bool:
    """Check that the numbers of a column are in the one unit of its series."""
    return column.amount and not column.mixed


def _places_of_amounts(table: Table, amounts: Iterable[int], places: int | None) -> int:
    """Choose decimals: three digits of the largest amount, and more where a row states them.

    Texts round bounds outwards, so bounds show one digit more here, and contradict none of them:
    `places`, if the texts are in another unit than the rows were.
    """
    sizes = list[float]()
    stated = 0
    for index in amounts:
        column = table.columns[index]
        cells = table.cells(index)
        sizes += [abs(cell) / column.factor for cell in cells if isinstance(cell, float | int)]
        if column.side and places is not None:
            stated = max(stated, places)
        elif column.side:
            of_rows = column.row_decimals or [column.decimals or 0] * len(cells)
            shown = zip(cells, of_rows, strict=True)
            stated = max([stated, *(places + 1 for cell, places in shown if cell is not None)])
        elif column.decimals is not None:
            stated = max(stated, column.decimals)
    return places_for(sizes, stated)


def places_for(sizes: Iterable[float], stated: int = 0) -> int:
    """Choose decimals for sizes of one unit: as many as `stated`, and no zeros behind them all."""
    sizes = [size for size in sizes if size]
    if not sizes:
        return 0
    of_largest = max(significant(max(sizes), OF_OBSERVED), 0)
    wanted = min(max(of_largest, stated), of_largest + _MOST_FINER)
    return min(wanted, max(decimals_used(size, wanted) for size in sizes))


def decimal(places: int) -> str:
    """Write the code of a number with so many decimals."""
    return "#,##0" + ("." + "0" * places if places > 0 else "")


def _percent_sign(column: Column, *, whole: bool) -> str:
    """Write the sign as a text behind a `whole` number; by itself it multiplies by 100."""
    if column.kind == "number":
        return ""
    return '" %"' if whole else "%"
