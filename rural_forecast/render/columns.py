"""A table as people read it: cells as text, ranges joined, and how each column is aligned."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple, TypeGuard

from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.notes import Note
from rural_forecast.text.cells import ascii_only, one_line
from rural_forecast.text.numbers import (
    LARGE,
    MOST_DECIMALS,
    SMALL,
    bound_places,
    decimals,
    fixed,
    negatives,
    outwards,
)


class ReadColumn(NamedTuple):
    """One column of text; `right` aligns it right, and a column of numbers is never wrapped."""

    title: str
    cells: list[str]
    right: bool
    numeric: bool
    measured: bool = False


def people_tables(document: Document) -> list[Table]:
    """List the tables that people see; records go by their keys where they have no titles."""
    if document.sections:
        return [table for table in document.sections if table.columns]
    columns = tuple(
        column._replace(title=column.title or column.key) for column in document.records.columns
    )
    return [document.records._replace(columns=columns)] if columns else []


def remaining_notes(document: Document) -> list[Note]:
    """List the notes that are not among the points already."""
    return [note for note in document.notes if str(note) not in document.points]


def read_columns(table: Table, *, unicode: bool = True) -> list[ReadColumn]:
    """Read a table as people do.

    The two columns of a range become one; one without title and text is left out.
    """
    shown: list[ReadColumn] = []
    places = None  # of the last column of numbers: a range has as many as its value
    for index, (column, after) in enumerate(pairwise((*table.columns, Column("")))):
        if column.ends_range:
            continue
        cells = table.cells(index)
        if after.ends_range:
            ends = (column, after)
            uppers = table.cells(index + 1)
            if column.decimals is None and not column.mixed:
                if places is None:
                    places = places_of(column, [*cells, *uppers])
                ends = (column._replace(decimals=places), after._replace(decimals=places))
            texts = _range_texts(ends, (cells, uppers), unicode=unicode)
        else:
            if column.kind == "number":
                places = places_of(column, cells)
            texts = _column_texts(column, cells, unicode=unicode)
        title = prose(column.title, unicode=unicode)
        whole = column.numeric or column.kind == "year"
        measured = column.kind in ("number", "percent")
        shown.append(ReadColumn(title, texts, column.numeric, whole, measured))
    return [column for column in shown if column.title or any(column.cells)] or shown


def _column_texts(column: Column, cells: Sequence[Cell], *, unicode: bool) -> list[str]:
    """Write cells with the signs of a terminal, indented by their depth in a tree."""
    texts = people_texts(column, cells)
    if column.depths:
        texts = ["  " * depth + text for text, depth in zip(texts, column.depths, strict=True)]
    if not unicode:
        return list(map(ascii_only, texts))
    return [
        text if isinstance(cell, str) else negatives(text)
        for text, cell in zip(texts, cells, strict=True)
    ]


def _range_texts(
    columns: tuple[Column, Column], cells: tuple[list[Cell], list[Cell]], *, unicode: bool
) -> list[str]:
    """Join the ends of ranges, each aligned; `to` replaces a dash that could be read as a minus."""
    # Beside a dash, spaces that align decimal points would part the ends.
    lows = [text.rstrip() for text in _column_texts(columns[0], cells[0], unicode=unicode)]
    highs = [text.rstrip() for text in _column_texts(columns[1], cells[1], unicode=unicode)]
    has_minus = any(text.startswith("−") for text in (*lows, *highs))
    dash = "–" if unicode and not has_minus else "to"
    left = max(map(len, lows), default=0)
    right = max(map(len, highs), default=0)
    return [
        f"{low:>{left}} {dash} {high:>{right}}" if low or high else ""
        for low, high in zip(lows, highs, strict=True)
    ]


def prose(text: str, *, unicode: bool = True) -> str:
    """Make a text from a document one harmless line."""
    clean = negatives(one_line(text))
    return clean if unicode else ascii_only(clean)


def people_texts(column: Column, cells: Sequence[Cell]) -> list[str]:
    """Write one column's cells for people, with the hyphen for a minus sign."""
    if column.mixed:
        alone = column._replace(mixed=False)
        return [people_texts(alone, [cell])[0] for cell in cells]
    largest = max(map(abs, _numbers(column, cells)), default=0.0)
    many_places = column.decimals is None or column.decimals >= MOST_DECIMALS
    tiny = many_places and 0 < largest < SMALL
    if column.row_decimals:
        return _with_points_aligned(column, cells, tiny=tiny)
    places = places_of(column, cells)
    return [_text(column, cell, places, tiny=tiny) for cell in cells]


def _with_points_aligned(column: Column, cells: Sequence[Cell], *, tiny: bool) -> list[str]:
    """Write cells with decimals of their own, and spaces behind them up to the longest."""
    texts = [
        _text(column, cell, places, tiny=tiny)
        for cell, places in zip(cells, column.row_decimals, strict=True)
    ]
    behind = [len(text) - len(text.partition(".")[0]) for text in texts]
    most = max(behind, default=0)
    return [
        text + " " * (most - digits) if text else ""
        for text, digits in zip(texts, behind, strict=True)
    ]


def places_of(column: Column, cells: Sequence[Cell]) -> int:
    """Count the digits after the point that people see in a column."""
    if column.decimals is not None:
        return column.decimals
    numbers = _numbers(column, cells)
    if column.kind == "percent":
        return 1 if max(map(abs, numbers), default=1) >= 1 else decimals(numbers)
    return decimals(numbers) if column.kind == "number" else 0


def _numbers(column: Column, cells: Sequence[Cell]) -> list[float]:
    """List the numbers of a column in the unit that its title names."""
    return [float(cell) / column.factor for cell in cells if _is_number(cell)]


def _is_number(cell: Cell) -> TypeGuard[int | float]:
    return isinstance(cell, int | float) and not isinstance(cell, bool)


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
    elif tiny or abs(shown) >= LARGE:
        text = f"{shown:.3e}"
    else:
        if column.side:
            places = bound_places(shown, places)
            shown = outwards(shown, places, column.side)
        text = fixed(shown, places)
    plus = "+" if column.sign and cell > 0 and text.strip("0.,") else ""
    return f"{plus}{text}{' %' if column.kind == 'percent' else ''}"
