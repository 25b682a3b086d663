"""A table of periods: rows and columns of a grid whose values have a period on exactly one side.

Where periods run down, each row has one and each column of numbers is a measure. Where they run
across, each column has one and each row is a series. Where months run across beside years that run
down, a value has the period of both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import InputError
from rural_forecast.observed.period import Period
from rural_forecast.observed.reading.grid import Grid
from rural_forecast.observed.reading.head import Head
from rural_forecast.observed.reading.labels import Indices, Labels, labelled
from rural_forecast.observed.reading.periods import read_head
from rural_forecast.observed.reading.words import BAD, MISSING, NUMBER
from rural_forecast.text.cells import expression, is_empty, shown

_REPUBLIC = range(80, 131)  # years of the Republic of China that are read: 1991 to 2041
_FIRST_OF_REPUBLIC = 1911  # the year before its first
_PAIR = expression(r"([^:：]{1,60})[:：]\s+(\S.*)")  # a heading such as `Region: North`
BELOW = "below the table, or without values"
NO_YEAR = "its period is no year"
HEADING = "a heading"


class SkippedRow(NamedTuple):
    """A row of a grid that is not data, and the reason, which the account of cells states."""

    row: int
    why: str


_MIDDLE_OF_YEAR = expression(r"(?:1[5-9]|20|21)\d\d\.5")
_FEWEST_MIDDLES = 4


@dataclass(frozen=True)
class PeriodTable:
    """The values of some rows and columns of a grid, each with a period."""

    grid: Grid
    header_row: int  # -1 for none
    names: Sequence[str]
    """heads of the columns of the grid, those of several rows joined from the top."""
    rows: Indices  # of the grid, those of data
    value_columns: Indices  # of the grid: those of periods, or any of numbers
    heads: Sequence[Head | None]
    head_of: Indices
    """of values, among `heads`, or -1; shape (rows, 1), (1, columns) or, with months across, both.
    """
    period_column: int = -1  # the column of the periods of rows; -1 where they run across
    part_column: int = -1  # the column of months or quarters, which `heads` hold as well
    measures: Labels | None = None
    """of columns of values with periods; without, each column is a measure of its own."""
    sections: Sequence[Labels] = ()  # labels in rows of their own, one a row of data
    units: Mapping[int, str] = field(default_factory=dict)  # by column of the grid
    title: Sequence[str] = ()  # the lines above the header
    skipped: Sequence[SkippedRow] = ()
    roles: Mapping[str, int] | None = None  # of rows in our own columns: the column of each role
    doubt: InputError | None = None  # raised only if the table is chosen
    _labels: dict[int, Labels] = field(default_factory=dict, init=False)

    @property
    def across(self) -> bool:
        """True if the columns have the periods."""
        return self.period_column < 0

    def label(self, column: int) -> Labels:
        """Return a column of the grid as labels, one a row of data."""
        if column not in self._labels:
            self._labels[column] = self.grid.label(self.names[column], column, self.rows)
        return self._labels[column]

    def bits(self, column: int) -> NDArray[np.uint8]:
        """Return the kinds of the cells of a column, one a row of data."""
        kinds: NDArray[np.uint8] = self.grid.bits[self.rows, column]
        return kinds

    def is_numeric(self, column: int, share: float = 0.8) -> bool:
        """True if at least a share of the cells of a column that hold something hold numbers."""
        bits = self.bits(column)
        filled = bits[(bits & MISSING) == 0]
        # A broken number, such as a formula that was never computed, is meant as one.
        numbers = (filled & (NUMBER | BAD)) != 0
        return len(filled) > 0 and bool(numbers.sum() >= share * len(filled))

    def named(self, title: str) -> PeriodTable:
        """Label each row with the title of the table, for a user to choose it by."""
        named = labelled("table", [title] * len(self.rows))
        return replace(self, sections=[*self.sections, named])

    @property
    def has_figures(self) -> bool:
        """True if a value is a number, or is meant as one."""
        values = self.grid.bits[np.ix_(self.rows, self.value_columns)]
        return bool((values & (NUMBER | BAD)).any())

    @cached_property
    def period_codes(self) -> Indices:
        """The code of the period of each row; one for all rows where the columns have the periods.

        A row without a period has the code -1.
        """
        numbers: dict[object, int] = {}
        codes: list[int] = []
        for head in self.heads:
            key = None if head is None else (head.period, head.day)
            codes.append(numbers.setdefault(key, len(numbers)))
        codes.append(-1)  # the last one, which the head -1 takes
        head_of_row = np.broadcast_to(self.head_of[:, 0], len(self.rows))
        return np.array(codes, dtype=np.int64)[head_of_row]

    @property
    def is_yearly(self) -> bool:
        """True if every period is a year, and no year has several dates."""
        days = {head.day for head in self.heads if head and head.day}
        is_one_a_year = len({day.year for day in days}) == len(days)
        return is_one_a_year and all(head.period.is_year for head in self.heads if head)

    @property
    def where(self) -> str:
        """The place of the table, for people."""
        return str(self.grid.place_of(max(self.header_row, 0), 0))

    def with_common_years(self) -> PeriodTable:
        """Return the table with bare years of the Republic of China as common years.

        Offices of Taiwan write 105 for 2016 under `年度`. A name or a title that says so decides;
        elsewhere such years are a doubt, as 30 may also be a year of a Japanese era.
        """
        name = self.names[self.period_column]
        years = {head.period.year for head in self.heads if head}
        is_index = bool(years) and min(years) == 1
        if "年" not in name or not years or max(years) >= 1000 or is_index:
            return self
        says_republic = any(re.search("年度|民[國国]", text) for text in (name, *self.title))
        if says_republic and years <= {*_REPUBLIC}:
            return replace(self, heads=[_common_year(head) for head in self.heads])
        problem = (
            f"the years of {shown(name)} may be of another calendar, "
            "such as that of the Republic of China."
        )
        hint = "Write the years of the common era: 105 is 2016."
        header = self.grid.place_of(max(self.header_row, 0), self.period_column)
        return replace(self, doubt=InputError(problem, hint, place=header))


def _common_year(head: Head | None) -> Head | None:
    if head is None:
        return None
    year = head.period.year
    return Head(Period(year + _FIRST_OF_REPUBLIC), kind="era", sign=str(year))


def carried(texts: Sequence[str]) -> list[str]:
    """Let the texts of an upper row of heads hold for the empty cells after them as well.

    A sheet writes the text of merged cells in the first of them.
    """
    heads: list[str] = []
    last = ""
    for text in texts:
        last = text or last
        heads.append(last)
    return heads


def sections_of(
    grid: Grid, headings: Iterable[int], rows: Sequence[int] | Indices, columns: Sequence[int]
) -> list[Labels]:
    """Make labels of the rows below headings: `Region: North` by its name, others as `section`."""
    by_name: dict[str, dict[int, str]] = {}
    for row in sorted(headings):
        name, value = _heading(grid, row, columns)
        by_name.setdefault(name, {})[row] = value
    sections: list[Labels] = []
    for name, values in by_name.items():
        # A heading holds up to the next one of its name; rows above the first have none.
        texts = ["", *values.values()]
        ranks = np.searchsorted([*values], rows, side="right")
        sections.append(labelled(name, (texts[rank] for rank in ranks.tolist())))
    return sections


def _heading(grid: Grid, row: int, columns: Sequence[int]) -> tuple[str, str]:
    texts = [*filter(None, (grid.text(row, column) for column in columns))]
    heading = next((text for text in texts if not text.isdigit()), texts[0])
    pair = _PAIR.fullmatch(heading)
    if pair is None:
        return "section", heading
    return pair[1].strip(), pair[2].strip()


def heads_in(
    grid: Grid, rows: Indices, column: int, *, any_year: bool
) -> tuple[list[Head | None], Indices]:
    """Read the distinct periods of a column, and which of them each row has, -1 for none.

    With `any_year` a number of any size is a year, otherwise only a likely one.
    """
    codes, head_of = np.unique(grid.index[rows, column], return_inverse=True)
    heads: list[Head | None] = []
    for code in codes.tolist():
        head = read_head(grid.words.cells[code]) if any_year else grid.words.head(code)
        heads.append(head if isinstance(head, Head) else None)
    if not any(heads):
        heads = _middles_of_years([grid.words.cells[code] for code in codes.tolist()])
    is_none = np.array([head is None for head in heads], dtype=np.bool_)
    return heads, np.where(is_none[head_of], -1, head_of)


def _middles_of_years(cells: Sequence[Any]) -> list[Head | None]:
    """Read 1880.5, 1881.5, ... as the years of these middles, where a column holds nothing else.

    Alone, 2014.5 may be May as well, or October whose zero was lost.
    """
    nothing: list[Head | None] = [None for _ in cells]
    heads: list[Head | None] = []
    years: list[int] = []
    for cell in cells:
        text = str(cell).strip()
        if is_empty(cell):
            heads.append(None)
        elif _MIDDLE_OF_YEAR.fullmatch(text):
            years.append(int(text[:4]))
            heads.append(Head(Period(years[-1])))
        else:
            return nothing
    steps = {later - earlier for earlier, later in pairwise(sorted(years))}
    return heads if steps == {1} and len(years) >= _FEWEST_MIDDLES else nothing


def months_in(
    heads: Sequence[Head | None], head_of: Indices, parts: Sequence[Period]
) -> tuple[list[Head | None], Indices]:
    """Combine the years of rows with the month or quarter of each column."""
    composed: list[Head | None] = []
    for part in parts:
        for head in heads:
            if head is None:
                composed.append(None)
                continue
            period = Period(head.period.year, part.last, part.length)
            composed.append(Head(period, mark=head.mark))
    # The heads of the second part follow those of the first.
    offsets = np.arange(len(parts)) * len(heads)
    return composed, np.where(head_of >= 0, head_of + offsets, -1)
