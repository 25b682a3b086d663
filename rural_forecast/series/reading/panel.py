"""The series of one table, each known by its labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from rural_forecast.series.reading.heads import likely
from rural_forecast.series.reading.periods import Head
from rural_forecast.series.reading.table import Table
from rural_forecast.text.cells import identity, is_empty, label

BELOW, NO_YEAR = "below the table, or without values", "its period is no year"
"""Reasons why rows are not used that say more of their table."""


@dataclass(frozen=True)
class Panel:
    """The series of one table, each known by its labels."""

    table: Table
    across: bool
    """Whether the years run across."""
    names: Sequence[str]
    """Heads of the columns, those of several rows joined from the top."""
    header: int
    """The row of the header; -1 for none."""
    rows: Sequence[int]
    """The rows of data."""
    periods: dict[Any, Head]
    """What the cells of the header, or of the period column, mean."""
    years: dict[int, Any]
    """Columns of years and their head, of years across."""
    period: int = -1
    """Column of the periods, of years down."""
    part: int = -1
    """Column of months or quarters, which the cells of periods hold as well."""
    measures: Mapping[int, str] = field(default_factory=dict)
    """Of a table with each year several times: what each column measures."""
    added: Mapping[str, dict[int, str]] = field(default_factory=dict)
    """Labels in rows of their own, by their name: the label of each row."""
    units: Mapping[int, str] = field(default_factory=dict)
    """Unit by column, from a row of units."""
    title: Sequence[str] = ()
    skipped: Sequence[tuple[int, str]] = ()
    """Rows that are not used, and why."""

    @cached_property
    def _texts(self) -> dict[int, list[str]]:
        return {}

    def text(self, row: int, column: int) -> str:
        """A cell as a label, its spaces single."""
        return single_spaced(identity(self.table.rows[row][column]))

    def texts(self, column: int) -> list[str]:
        """A column of labels, one a row of data."""
        if column not in self._texts:
            self._texts[column] = [self.text(row, column) for row in self.rows]
        return self._texts[column]

    def cells(self, column: int) -> list[Any]:
        """The cells of a column, one a row of data."""
        return [self.table.rows[row][column] for row in self.rows]

    @cached_property
    def dates(self) -> list[str]:
        """What tells the periods of the rows apart; nothing does where the years run across."""
        return ["" if self.across else str(self.loose(row)) for row in self.rows]

    def head(self, row: int) -> Any:
        """The cell of a row's period, of years down."""
        return self.table.rows[row][self.period]

    def loose(self, row: int) -> Head | None:
        """The period of a row, of years down; None where it is none."""
        cell = self.head(row)
        return None if isinstance(cell, list | dict) else self.periods.get(cell)

    @property
    def is_yearly(self) -> bool:
        """Whether every period is a year, and no year has several dates."""
        heads = self.periods.values()
        days = {head.day for head in heads if head.day}
        return all(head.period.is_year for head in heads) and len({day.year for day in days}) == len(days)

    @property
    def where(self) -> str:
        """The place of the table, for people."""
        return str(self.table.place(max(self.header, 0), 0))


def single_spaced(text: str) -> str:
    """A text without space around it, and with one space in place of several."""
    return " ".join(text.split())


def periods_in(cells: Iterable[Any]) -> dict[Any, Head]:
    """What the cells mean, those that are periods."""
    return {cell: head for cell in cells if not isinstance(cell, list | dict) and (head := likely(cell))}


def counts_columns(cells: Sequence[Any]) -> bool:
    """Whether a row does nothing but number the columns: 1, 2, 3 or (1), (2), (3)."""
    texts = [label(cell).strip("()[]") for cell in cells if not is_empty(cell)]
    return len(texts) > 1 and texts == [str(number) for number in range(1, len(texts) + 1)]
