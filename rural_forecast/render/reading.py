"""A table as people read it: cells as text, ranges joined, and which columns align right or may be wrapped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from rural_forecast.render.numbers import negatives, people_texts, places_of
from rural_forecast.text.harmless import ascii_only, one_line
from rural_forecast.text.wording import minus_signs

if TYPE_CHECKING:
    from rural_forecast.document.table import Cell, Column, Document, Table


class ReadColumn(NamedTuple):
    """One column of text; `right` aligns it right, and a column of numbers is never wrapped."""

    title: str
    cells: list[str]
    right: bool
    numeric: bool
    measured: bool = False
    """Whether its cells are values, which cannot name a row."""
    follows: bool = False
    """Whether it is not to be parted from the column before it."""
    label: bool = False
    """Whether every part of a split table has it."""


def people_tables(document: Document) -> Iterator[tuple[Table, bool]]:
    """The tables that people see, each with whether a column without a title goes by its key (records do)."""
    if document.sections:
        yield from ((table, False) for table in document.sections if table.columns)
    elif document.records.columns:
        yield document.records, True


def read_columns(table: Table, *, unicode: bool = True, keys: bool = False) -> list[ReadColumn]:
    """The columns that people see: a range's two become one, and one without title and text is left out.

    Raises
    ------
    RuralForecastError : a number is not finite, which is a defect of ours
    ValueError : a row has more or fewer cells than the table has columns
    """
    for row in table.rows:
        if len(row) != len(table.columns):
            raise ValueError(f"a row of {len(row)} cells in a table of {len(table.columns)} columns")
    blocks = [[row[place] for row in table.rows] for place in range(len(table.columns))]
    shown: list[ReadColumn] = []
    bracketed: tuple[Column, list[Cell]] | None = None
    place = 0
    while place < len(table.columns):
        column = table.columns[place]
        if place + 1 < len(table.columns) and table.columns[place + 1].ends_range:
            cells = _ranges(_matching(column, bracketed), blocks[place], blocks[place + 1], unicode=unicode)
            shown.append(ReadColumn(_title(column, unicode, keys), cells, right=True, numeric=True, measured=True))
            place += 2
            continue
        cells = _texts(column, blocks[place], unicode=unicode)
        if column.kind == "number":
            bracketed = column, blocks[place]
        numeric = column.kind in ("integer", "number", "percent")
        title = _title(column, unicode, keys)
        follows = column.follows or (bool(shown) and not title)
        shown.append(
            ReadColumn(
                title,
                cells,
                numeric,
                numeric or column.kind == "year",
                measured=column.kind in ("number", "percent"),
                follows=follows,
                label=column.label,
            )
        )
        place += 1
    return [column for column in shown if column.title or any(column.cells)] or shown


def _title(column: Column, unicode: bool, keys: bool) -> str:
    return prose(column.title or (column.key if keys else ""), unicode=unicode)


def prose(text: str, *, unicode: bool = True) -> str:
    """Text from a document as one harmless line."""
    clean = negatives(one_line(text))
    return clean if unicode else ascii_only(clean)


def _texts(column: Column, cells: list[Cell], *, unicode: bool) -> list[str]:
    texts = people_texts(column, cells)
    if not unicode:
        return [ascii_only(text) for text in texts]
    return [text if isinstance(cell, str) else minus_signs(text) for text, cell in zip(texts, cells, strict=True)]


def _matching(column: Column, bracketed: tuple[Column, list[Cell]] | None) -> Column:
    """The column with the decimals of the value that its range brackets, so that the two can be compared."""
    if column.decimals is not None or column.mixed or bracketed is None:
        return column
    return replace(column, decimals=places_of(*bracketed))


def _ranges(column: Column, lows: list[Cell], highs: list[Cell], *, unicode: bool) -> list[str]:
    """Texts `512 – 690` with both ends aligned; `to` stands for the dash where it could be read as a minus."""
    both = _texts(column, [*lows, *highs], unicode=unicode)
    left, right = both[: len(lows)], both[len(lows) :]
    dash = "–" if unicode and not any(text.startswith("−") for text in both) else "to"
    left_width, right_width = (max(map(len, texts), default=0) for texts in (left, right))
    return [
        f"{first:>{left_width}} {dash} {last:>{right_width}}" if first or last else ""
        for first, last in zip(left, right, strict=True)
    ]
