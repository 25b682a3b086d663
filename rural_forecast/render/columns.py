"""A table as people read it: cells as text, ranges joined, and which columns align right or may be
wrapped.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.notes import Note
from rural_forecast.text.cells import ascii_only, one_line
from rural_forecast.text.numbers import LARGE, MOST_DECIMALS, SMALL, decimals, fixed, negatives


class ReadColumn(NamedTuple):
    """One column of text; `right` aligns it right, and a column of numbers is never wrapped."""

    title: str
    cells: list[str]
    right: bool
    numeric: bool
    measured: bool = False


def people_tables(document: Document) -> list[Table]:
    """The tables that people see; records go by their keys where they have no titles."""
    if document.sections:
        return [table for table in document.sections if table.columns]
    columns = tuple(
        column._replace(title=column.title or column.key) for column in document.records.columns
    )
    return [document.records._replace(columns=columns)] if columns else []


def remaining_notes(document: Document) -> list[Note]:
    """The notes that the points do not hold already."""
    return [note for note in document.notes if str(note) not in document.points]


def read_columns(table: Table, *, unicode: bool = True) -> list[ReadColumn]:
    """The columns that people see: a range's two become one, and one without title and text is left
    out.
    """
    shown = list[ReadColumn]()
    places = None
    rows = len(table.rows)
    for place, (column, after) in enumerate(pairwise((*table.columns, Column("")))):
        if column.ends_range:
            continue
        cells = table.cells(place)
        if after.ends_range:
            cells += table.cells(place + 1)
            if column.decimals is None and not column.mixed:
                column = column._replace(decimals=places)
        elif column.kind == "number":
            places = places_of(column, cells)
        texts = people_texts(column, cells)
        if column.depths:
            texts = ["  " * depth + text for text, depth in zip(texts, column.depths, strict=True)]
        if unicode:
            texts = [
                text if isinstance(cell, str) else negatives(text)
                for text, cell in zip(texts, cells, strict=True)
            ]
        else:
            texts = [*map(ascii_only, texts)]
        # Both ends aligned; `to` replaces a dash that could be read as a minus.
        if after.ends_range:
            lows = texts[:rows]
            highs = texts[rows:]
            dash = "–" if unicode and not any(text.startswith("−") for text in texts) else "to"
            left, right = (max(map(len, side), default=0) for side in (lows, highs))
            ends = zip(lows, highs, strict=True)
            texts = [
                f"{low:>{left}} {dash} {high:>{right}}" if low or high else "" for low, high in ends
            ]
        whole = column.numeric or column.kind == "year"
        measured = column.kind in ("number", "percent")
        shown.append(
            ReadColumn(prose(column.title, unicode=unicode), texts, column.numeric, whole, measured)
        )
    return [column for column in shown if column.title or any(column.cells)] or shown


def prose(text: str, *, unicode: bool = True) -> str:
    """Text from a document as one harmless line."""
    clean = negatives(one_line(text))
    return clean if unicode else ascii_only(clean)


def people_texts(column: Column, cells: Sequence[Cell]) -> list[str]:
    """Write one column's cells for people, with the hyphen for a minus sign."""
    if column.mixed:
        alone = column._replace(mixed=False)
        return [text for cell in cells for text in people_texts(alone, [cell])]
    if column.row_decimals:  # with spaces behind them, so that decimal points are under each other
        texts = [
            _text(column, cell, places)
            for cell, places in zip(cells, column.row_decimals, strict=True)
        ]
        behind = [len(text) - len(text.partition(".")[0]) for text in texts]
        return [
            text and text + " " * (max(behind) - after)
            for text, after in zip(texts, behind, strict=True)
        ]
    places = places_of(column, cells)
    largest = max(map(abs, _numbers(column, cells)), default=0.0)
    tiny = (column.decimals is None or column.decimals >= MOST_DECIMALS) and 0 < largest < SMALL
    return [_text(column, cell, places, tiny=tiny) for cell in cells]


def places_of(column: Column, cells: Sequence[Cell]) -> int:
    """Digits after the point that people see in a column."""
    measured = _numbers(column, cells)
    if column.decimals is not None:
        return column.decimals
    if column.kind == "percent":
        return 1 if max(map(abs, measured), default=1) >= 1 else decimals(measured)
    return decimals(measured) if column.kind == "number" else 0


def _numbers(column: Column, cells: Sequence[Cell]) -> list[float]:
    numbers = [
        float(cell)
        for cell in cells
        if isinstance(cell, int | float) and not isinstance(cell, bool)
    ]
    return [value / column.factor for value in numbers]


def _text(column: Column, cell: Cell, places: int, *, tiny: bool = False) -> str:
    if cell is None or isinstance(cell, str):
        return one_line(cell or "")
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if column.kind in ("year", "text"):
        return str(cell)
    shown = cell / column.factor
    if isinstance(cell, int) and column.kind == "integer":
        text = f"{cell:,d}"
    else:
        text = f"{shown:.3e}" if tiny or abs(shown) >= LARGE else fixed(shown, places)
    plus = "+" if column.sign and cell > 0 and text.strip("0.,") else ""
    return f"{plus}{text}{' %' if column.kind == 'percent' else ''}"
