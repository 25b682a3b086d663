"""A table as people read it: cells as text, ranges joined, and which columns align right or may be wrapped.

One number of decimals a column keeps the decimal points under each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.errors import not_finite
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
    columns = tuple(column._replace(title=column.title or column.key) for column in document.records.columns)
    return [document.records._replace(columns=columns)] if columns else []


def remaining_notes(document: Document) -> list[Note]:
    """The notes that the points do not hold already."""
    return [note for note in document.notes if str(note) not in document.points]


def read_columns(table: Table, *, unicode: bool = True) -> list[ReadColumn]:
    """The columns that people see: a range's two become one, and one without title and text is left out."""
    shown: list[ReadColumn] = []
    places: int | None = None
    """Decimals of the last column of numbers: a range is written like the value that it brackets."""
    for place, column in enumerate(table.columns):
        title, cells = prose(column.title, unicode=unicode), table.cells(place)
        if column.ends_range:
            continue
        if any(after.ends_range for after in table.columns[place + 1 : place + 2]):
            alike = column if column.decimals is not None or column.mixed else column._replace(decimals=places)
            texts = _ranges(alike, cells, table.cells(place + 1), unicode=unicode)
            shown.append(ReadColumn(title, texts, True, True, measured=True))
            continue
        if column.kind == "number":
            places = places_of(column, cells)
        measured, whole = column.kind in ("number", "percent"), column.numeric or column.kind == "year"
        texts = _texts(column, cells, unicode=unicode)
        shown.append(ReadColumn(title, texts, column.numeric, whole, measured))
    return [column for column in shown if column.title or any(column.cells)] or shown


def prose(text: str, *, unicode: bool = True) -> str:
    """Text from a document as one harmless line."""
    clean = negatives(one_line(text))
    return clean if unicode else ascii_only(clean)


def _texts(column: Column, cells: Sequence[Cell], *, unicode: bool) -> list[str]:
    texts = people_texts(column, cells)
    if column.depths:
        texts = ["  " * depth + text for text, depth in zip(texts, column.depths, strict=True)]
    if not unicode:
        return [ascii_only(text) for text in texts]
    return [text if isinstance(cell, str) else negatives(text) for text, cell in zip(texts, cells, strict=True)]


def _ranges(column: Column, lows: list[Cell], highs: list[Cell], *, unicode: bool) -> list[str]:
    """Texts `512 – 690` with both ends aligned; `to` replaces the dash where it could be read as a minus."""
    both = _texts(column, [*lows, *highs], unicode=unicode)
    left, right = both[: len(lows)], both[len(lows) :]
    dash = "–" if unicode and not any(text.startswith("−") for text in both) else "to"
    left_width, right_width = (max(map(len, texts), default=0) for texts in (left, right))
    ends = zip(left, right, strict=True)
    return [f"{low:>{left_width}} {dash} {high:>{right_width}}" if low or high else "" for low, high in ends]


def people_texts(column: Column, cells: Sequence[Cell]) -> list[str]:
    """Write one column's cells for people, with the hyphen for a minus sign."""
    if column.mixed:
        alone = column._replace(mixed=False)
        return [text for cell in cells for text in people_texts(alone, [cell])]
    if column.each:
        texts = [_text(column, cell, places, tiny=False) for cell, places in zip(cells, column.each, strict=True)]
        return _aligned(texts)
    places = places_of(column, cells)
    largest = max(map(abs, _numbers(column, cells)), default=0.0)
    tiny = (column.decimals is None or column.decimals >= MOST_DECIMALS) and 0 < largest < SMALL
    return [_text(column, cell, places, tiny=tiny) for cell in cells]


def _aligned(texts: Sequence[str]) -> list[str]:
    """Numbers with spaces behind them, so that their decimal points are under each other."""
    behind = [len(text) - len(text.partition(".")[0]) for text in texts]
    return [text + " " * (max(behind) - after) if text else "" for text, after in zip(texts, behind, strict=True)]


def places_of(column: Column, cells: Sequence[Cell]) -> int:
    """Digits after the point that people see in a column."""
    measured = _numbers(column, cells)
    if column.decimals is not None:
        return column.decimals
    if column.kind == "percent":
        return 1 if max(map(abs, measured), default=1) >= 1 else decimals(measured)
    return decimals(measured) if column.kind == "number" else 0


def _numbers(column: Column, cells: Sequence[Cell]) -> list[float]:
    numbers = [float(cell) for cell in cells if isinstance(cell, int | float) and not isinstance(cell, bool)]
    for value in numbers:
        if not isfinite(value):
            raise not_finite(f"Column {column.key} holds {value}, which is not a finite number.")
    return [value / column.factor for value in numbers]


def _text(column: Column, cell: Cell, places: int, *, tiny: bool) -> str:
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
    if column.sign and cell > 0 and text.strip("0.,"):
        text = f"+{text}"
    return text + (" %" if column.kind == "percent" else "")
