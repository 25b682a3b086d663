"""A table of a grid: rows by columns, and the periods on exactly one of its two sides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import InputError
from rural_forecast.series.period import Period
from rural_forecast.series.reading.grid import Grid, Label, labelled
from rural_forecast.series.reading.periods import Head, read_head
from rural_forecast.series.reading.words import BAD, MISSING, NUMBER
from rural_forecast.text.cells import shown
from rural_forecast.text.patterns import expression

Places = NDArray[np.int64]
_REPUBLIC = range(80, 131)  # 1991 to 2041
_PAIR = expression(r"([^:：]{1,60})[:：]\s+(\S.*)")
BELOW, NO_YEAR, HEADING = "below the table, or without values", "its period is no year", "a heading"


@dataclass(frozen=True)
class Table:
    """The values of some rows and columns of a grid. A column has the periods of the rows, or each column has one."""

    grid: Grid
    header: int  # the row of the header; -1 for none
    names: Sequence[str]  # heads of the columns of the grid, those of several rows joined from the top
    rows: Places
    columns: Places  # columns of values: those of periods, or any of numbers
    heads: Sequence[Head | None]  # the period of each column, or of each distinct cell of the rows' periods
    head_of: Places = field(default_factory=lambda: np.zeros(0, np.int64))  # years down: of each row, among `heads`
    period: int = -1  # years down: the column of the periods
    part: int = -1  # years down: the column of months or quarters, which `heads` hold as well
    parts: Mapping[int, Period] = field(default_factory=dict)  # years down: of columns of months or quarters
    measures: Label | None = None  # years across: what each column measures, where each period is there several times
    sections: Sequence[Label] = ()  # labels in rows of their own, one a row of data
    units: Mapping[int, str] = field(default_factory=dict)
    title: Sequence[str] = ()
    skipped: Sequence[tuple[int, str]] = ()
    roles: Mapping[str, int] | None = None  # of rows in our own columns: the column of each role
    doubt: InputError | None = None

    @property
    def across(self) -> bool:
        """True if the columns have the periods."""
        return self.period < 0

    @cached_property
    def _labels(self) -> dict[int, Label]:
        return {}

    def label(self, column: int) -> Label:
        """A column of the grid as labels, one a row of data."""
        if column not in self._labels:
            self._labels[column] = self.grid.label(self.names[column], column, self.rows)
        return self._labels[column]

    def bits(self, column: int) -> NDArray[np.uint8]:
        """Kinds of the cells of a column, one a row of data."""
        found: NDArray[np.uint8] = self.grid.bits[self.rows, column]
        return found

    def is_numeric(self, column: int, share: float = 0.8) -> bool:
        """True if a column holds numbers, as far as it holds anything."""
        bits = self.bits(column)
        filled = (bits & MISSING) == 0
        return bool(filled.any()) and ((bits[filled] & (NUMBER | BAD)) != 0).sum() >= share * filled.sum()

    @cached_property
    def dates(self) -> Places:
        """One code for each period, of every row; zeros where the columns have the periods."""
        if self.across:
            return np.zeros(len(self.rows), dtype=np.int64)
        known: dict[Any, int] = {}
        codes = [known.setdefault(head and (head.period, head.day), len(known)) for head in self.heads]
        return np.append(np.array(codes, dtype=np.int64), -1)[self.head_of]

    @property
    def is_yearly(self) -> bool:
        """True if every period is a year, and no year has several dates."""
        days = {head.day for head in self.heads if head and head.day}
        once = len({day.year for day in days}) == len(days) and not self.parts
        return once and all(head.period.is_year for head in self.heads if head)

    def with_common_years(self) -> Table:
        """The table with bare years of the Republic of China as common ones, if a name says so; else a doubt."""
        name, heads = self.names[self.period], self.heads
        years = {head.period.year for head in heads if head}
        if "年" not in name or not years or max(years) >= 1000 or min(years) == 1:  # an index begins with 1
            return self
        if years <= {*_REPUBLIC} and any(re.search("年度|民[國国]", text) for text in (name, *self.title)):
            era = {year: Head(Period(year + 1911), kind="era", sign=str(year)) for year in years}
            return replace(self, heads=[head and era[head.period.year] for head in heads])
        problem = f"the years of {shown(name)} may be of another calendar, such as that of the Republic of China."
        place = self.grid.place(max(self.header, 0), self.period)
        return replace(self, doubt=InputError(problem, "Write the years of the common era: 105 is 2016.", place=place))

    @property
    def where(self) -> str:
        """The place of the table, for people."""
        return str(self.grid.place(max(self.header, 0), 0))


def carried(texts: Sequence[str]) -> list[str]:
    """The texts of an upper row of heads, which hold for the empty cells after them as well."""
    heads, last = list[str](), ""
    for text in texts:
        last = text or last
        heads.append(last)
    return heads


def sections_of(
    grid: Grid, headings: Sequence[int], rows: Sequence[int] | Places, columns: Sequence[int]
) -> list[Label]:
    """Headings as labels of the rows below them: `Region: North` by its name, any other as `section`."""
    said: dict[str, dict[int, str]] = {}
    for row in sorted(headings):
        texts = [text for at in columns if (text := grid.text(row, at))]
        text = next((text for text in texts if not text.isdigit()), texts[0])
        pair = _PAIR.fullmatch(text)
        name, value = (pair[1].strip(), pair[2].strip()) if pair else ("section", text)
        said.setdefault(name, {})[row] = value
    last = {name: np.searchsorted([*values], rows, side="right").tolist() for name, values in said.items()}
    return [labelled(name, (["", *values.values()][at] for at in last[name])) for name, values in said.items()]


def heads_in(grid: Grid, rows: Places, column: int, *, any_year: bool) -> tuple[list[Head | None], Places]:
    """The distinct periods of a column, and that of each row, -1 for none; a number is `any_year`, or a likely one."""
    there, of = np.unique(grid.index[rows, column], return_inverse=True)
    heads: list[Head | None] = []
    for code in there.tolist():
        found = read_head(grid.words.cells[code]) if any_year else grid.words.head(code)
        heads.append(found if isinstance(found, Head) else None)
    return heads, np.where(np.array([head is None for head in heads], dtype=np.bool_)[of], -1, of)


def together(columns: Iterable[NDArray[Any]], count: int) -> Places:
    """One code for each combination of the codes of several columns."""
    made = np.zeros(count, dtype=np.int64)
    for codes in columns:
        made = made * (int(codes.max(initial=-1)) + 2) + codes + 1
        made = np.unique(made, return_inverse=True)[1].astype(np.int64)
    return made


def ranked(columns: Iterable[NDArray[Any]], count: int) -> tuple[Places, Places]:
    """The first place of each combination of codes, in order of appearance, and the rank of that of each place."""
    _, first, codes = np.unique(together(columns, count), return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    return np.sort(first), rank[codes]


def distinct(*columns: NDArray[Any]) -> int:
    """How many different combinations of codes there are."""
    return len(np.unique(columns[0] if len(columns) == 1 else together(columns, len(columns[0]))))
