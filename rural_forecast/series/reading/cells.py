"""The cells of a grid, one at a time, refused with file and line or cell, column, value and advice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple, NoReturn

from rural_forecast.errors import InputError, Problem
from rural_forecast.series.observation import Interval, Qualifier, Status
from rural_forecast.series.reading import flags
from rural_forecast.series.reading.column_names import NO, YES
from rural_forecast.series.reading.columns import Columns
from rural_forecast.series.reading.grid import Grid, UnusableCell
from rural_forecast.series.reading.heads import read_head
from rural_forecast.series.reading.periods import Head, Mark, read_day
from rural_forecast.series.reading.values import Notation, number_in
from rural_forecast.text.cells import is_empty, label

STATUSES: dict[str, Status] = {
    "": "actual",
    "actual": "actual",
    "preliminary": "preliminary",
    "provisional": "preliminary",
    "estimate": "estimate",
    "forecast": "forecast",
    "projected": "forecast",
    "projection": "forecast",
    "published": "forecast",
    "target": "forecast",
    "expert": "forecast",
    "实际": "actual",
    "初步": "preliminary",
    "估计": "estimate",
    "预测": "forecast",
    "目标": "forecast",
    "专家": "forecast",
}
TARGETS = frozenset(["target", "目标"])
"""Statuses of a forecast that is the plan of the one who carries it out."""
QUALIFIERS: dict[str, Qualifier] = {"": "=", "=": "=", "~": "~", ">": ">", "<": "<"}


class StatusError(InputError):
    """A word that is no status, in a column that holds some: a search would leave the column out."""


class Remarks(NamedTuple):
    """What a row says of its value; the first are in the order of the fields of `Observation`."""

    status: Status = "actual"
    qualifier: Qualifier = "="
    source: str = ""
    note: str = ""
    earliest: date | None = None
    latest: date | None = None
    """First and last day on which it may have been published."""
    author: str = ""
    """Who made a published forecast: the author column, or else the source."""
    target: bool = False
    doubtful: bool = False
    stated: bool = False
    """Whether the status column says something of the row."""

    def of_value(self, mark: Mark | None, flag: str, *, wide: bool, file: str) -> Remarks | None:
        """The remarks for one value, after the mark of its period and the flags behind it.

        A status column wins over a mark in the same row; in a wide sheet the mark of a column wins over the row's
        status. None where status and mark contradict each other.
        """
        status, target = flags.status_of(flag), False
        if mark is not None and (status is None or mark.status == "forecast"):
            status, target = mark
        if status is None or status == self.status:
            return self
        if self.stated and not wide:
            return None if {status, self.status} == {"actual", "forecast"} else self
        if status != "forecast":
            return self._replace(status=status, author="", target=False)
        return self._replace(status=status, author=self.author or self.source or file, target=target)


class Cells:
    """Reads cells by row (from 0, -1 is the header) and column. Periods repeat, so each text is parsed once."""

    def __init__(self, grid: Grid, notation: Notation) -> None:
        self.grid = grid
        self.notation = notation
        self._periods: dict[Any, Head] = {(type(cell), cell): head for cell, head in grid.heads.items()}
        self._with_status: dict[int, bool] = {}

    def row(self, index: int) -> Sequence[Any]:
        """The cells of a row."""
        return self.grid.rows[index] if index >= 0 else self.grid.header

    def refuse(self, index: int, column: int, cause: Problem, kind: type[InputError] = InputError) -> NoReturn:
        """Refuse a cell."""
        named = label(self.grid.header[column]) or column + 1
        cell, place = self.row(index)[column], self.grid.place(index, column)
        raise kind.of("cell", place=place, column=named, value=cell, cause=cause)

    def period(self, index: int, column: int) -> Head:
        """The period in a cell."""
        cell = self.row(index)[column]
        if isinstance(cell, list | dict):
            self.refuse(index, column, Problem("nested_period"))
        key = (type(cell), cell)
        known = self._periods.get(key)
        if known is None:
            head = read_head(cell)
            if isinstance(head, Problem):
                self.refuse(index, column, head)
            known = self._periods[key] = head
        return known

    def number(self, index: int, column: int) -> tuple[float, str]:
        """The number in a cell, and the flags behind it."""
        cell = self.row(index)[column]
        value, flag = number_in(cell, self.notation), ""
        if isinstance(value, Problem) and isinstance(cell, str) and (parted := flags.parted(cell)):
            bare, flag = number_in(parted[0], self.notation), parted[1]
            value = value if isinstance(bare, Problem) else bare
        if isinstance(value, Problem):
            self.refuse(index, column, value)
        return value, flag

    def text(self, index: int, column: int) -> str:
        """The text in a cell; empty where there is no such column."""
        if column < 0:
            return ""
        cell = self.row(index)[column]
        if isinstance(cell, str):
            return cell.strip()
        if isinstance(cell, UnusableCell):
            self.refuse(index, column, Problem(cell.reason))
        if isinstance(cell, list | dict):
            self.refuse(index, column, Problem("nested_text"))
        return label(cell)

    def remarks(self, index: int, columns: Columns) -> Remarks:
        """Status, qualifier, source, note and date of publication of a row."""
        doubtful = self._marked(index, columns.doubtful)
        stated = self.text(index, columns.status).lower()
        status = STATUSES.get(stated)
        if not stated and columns.flag >= 0:
            status = flags.status_of(self.text(index, columns.flag)) or status
        target = stated in TARGETS or self.text(index, columns.plan).lower() in TARGETS
        if status is None:
            kind = StatusError if self._has_status(columns.status) else InputError
            is_kind = label(self.grid.header[columns.status]).lower() == "kind"
            self.refuse(index, columns.status, Problem("not_a_status", of_kind=is_kind), kind)
        qualifier = QUALIFIERS.get(self.text(index, columns.qualifier))
        if qualifier is None:
            self.refuse(index, columns.qualifier, Problem("not_a_qualifier"))
        published: tuple[date | None, date | None] = (None, None)
        place = columns.published_on
        if place >= 0 and not is_empty(self.row(index)[place]):
            published = read_day(self.row(index)[place]) or self.refuse(index, place, Problem("not_a_date"))
        if target:
            status = "forecast"
        source = self.text(index, columns.source)
        author = self.text(index, columns.author)
        if status == "forecast":
            author = author or source
        note = self.text(index, columns.note)
        return Remarks(status, qualifier, source, note, *published, author, target, doubtful, bool(stated))

    def _has_status(self, column: int) -> bool:
        """Whether any cell of a column states a status; looked up once, for every cell may be refused."""
        if column not in self._with_status:
            cells = (row[column] for row in self.grid.rows)
            self._with_status[column] = any(cell and STATUSES.get(label(cell).lower()) for cell in cells)
        return self._with_status[column]

    def interval(self, index: int, columns: Columns, value: float, status: Status) -> Interval | None:
        """The range around the value of a forecast, from the columns low, high and level."""
        ends = columns.low, columns.high
        filled = [place for place in (*ends, columns.level) if place >= 0 and not is_empty(self.row(index)[place])]
        if not filled:
            return None
        if status != "forecast":
            self.refuse(index, filled[0], Problem("range_of_no_forecast"))
        if not set(ends) <= set(filled):
            self.refuse(index, filled[0], Problem("range_in_part"))
        (lower, _), (upper, _) = (self.number(index, place) for place in ends)
        if not lower <= value <= upper or lower == upper:
            self.refuse(index, columns.low, Problem("range_without_value", upper=upper, median=value))
        interval = Interval(lower, upper)
        if columns.level not in filled:
            return interval
        level, _ = self.number(index, columns.level)
        if not (level == int(level) and 30 <= level <= 99):
            self.refuse(index, columns.level, Problem("not_a_level"))
        return interval._replace(level=int(level))

    def _marked(self, index: int, column: int) -> bool:
        """Whether a column of marks says yes."""
        if column < 0:
            return False
        text = self.text(index, column).casefold()
        if text not in YES | NO:
            self.refuse(index, column, Problem("neither_yes_nor_no"))
        return text in YES
