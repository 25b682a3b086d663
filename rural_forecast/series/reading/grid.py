"""A grid: the cells of a sheet or a text, as words; and a table of it, with periods on exactly one
of its two sides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import InputError, Place
from rural_forecast.notes import Note
from rural_forecast.series.period import Period
from rural_forecast.series.reading.options import at_line, check_size
from rural_forecast.series.reading.periods import Head, read_head
from rural_forecast.series.reading.words import BAD, MISSING, NUMBER, Codes, Words, coded
from rural_forecast.text.cells import expression, is_empty, shown

PlaceOf = Callable[[int, int], Place]
Indices = NDArray[np.int64]
_REPUBLIC = range(80, 131)  # 1991 to 2041
_PAIR = expression(r"([^:：]{1,60})[:：]\s+(\S.*)")
BELOW = "below the table, or without values"
NO_YEAR = "its period is no year"
HEADING = "a heading"


class Labels(NamedTuple):
    """A column of labels: a code a place, and the distinct texts."""

    name: str
    codes: Codes
    texts: Sequence[str]

    @property
    def all_texts(self) -> list[str]:
        """The label of each place."""
        return [self.texts[code] for code in self.codes.tolist()]

    def of_rows(self, places: Any) -> Labels:
        """The label of some places, texts that are not there left away."""
        there, codes = np.unique(self.codes[places], return_inverse=True)
        return Labels(
            self.name, codes.astype(np.int32), [self.texts[code] for code in there.tolist()]
        )


def labelled(name: str, texts: Iterable[str]) -> Labels:
    """A column of labels from its texts."""
    known: dict[str, int] = {}
    codes = [known.setdefault(text, len(known)) for text in texts]
    return Labels(name, np.array(codes, dtype=np.int32), [*known])


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet or text; rows and columns without content at the ends are left away."""

    name: str  # such as `book.xlsx!Sheet1`; a text has no sheet
    words: Words
    index: Codes  # the word of each cell, shape (rows, columns)
    place_of: PlaceOf  # file and line or cell of (row, column), both counted from 0
    percent: Collection[tuple[int, int]] = ()
    """cells whose number is a fraction that a spreadsheet shows in percent."""
    gaps: frozenset[int] = frozenset()  # rows that follow an empty row
    about: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """title, unit, ... by series id; of all by ''."""
    left_out: Sequence[tuple[str, str]] = ()
    """parts of the file that are not in this grid, each with the reason."""
    notes: tuple[Note, ...] = ()  # findings on the bytes, such as their encoding
    delimiter: str = ""
    widths: Sequence[int] = ()  # cells of each row of a text, where they count
    faults: Sequence[InputError] = ()  # lines that could not be read
    doubt: InputError | None = None
    """why the grid is refused, unless its columns are known by our names."""

    @property
    def file(self) -> str:
        """The file's name."""
        return self.name.removesuffix(f"!{self.sheet}")

    @property
    def sheet(self) -> str:
        """The sheet's name; empty for texts."""
        return self.name.rpartition("/")[2].partition("!")[2]

    @cached_property
    def blank(self) -> NDArray[np.bool_]:
        """Which cells hold nothing."""
        unknown = np.flatnonzero(self.words.filled == 0).tolist()
        nothing = [code for code in unknown if is_empty(self.words.cells[code])]
        return self.index == nothing[0] if len(nothing) == 1 else np.isin(self.index, nothing)

    @cached_property
    def bits(self) -> NDArray[np.uint8]:
        """The kind of each cell."""
        return self.words.bits(self.index)

    def cell(self, row: int, column: int) -> Any:
        """A cell as its file has it."""
        return self.words.cells[self.index[row, column]]

    def text(self, row: int, column: int) -> str:
        """A cell as a label."""
        return self.words.text(self.index[row, column])

    def texts(self, row: int) -> list[str]:
        """The cells of a row as labels."""
        return [self.words.text(code) for code in self.index[row].tolist()]

    def texts_in(self, rows: Iterable[int]) -> list[str]:
        """The texts of some rows, one after the other."""
        found: list[str] = []
        for text in (text for row in rows for text in self.texts(row) if text):
            if (
                found
                and self.delimiter == ","
                and found[-1][-1].isdigit()
                and re.match(r"\d{3}(?!\d)", text)
            ):
                found[-1] += f",{text}"  # a number that was split at its commas
            else:
                found.append(text)
        return found

    def counts_columns(self, row: int) -> bool:
        """True for a row that does nothing but number the columns: 1, 2, 3 or (1), (2), (3)."""
        number = 0
        for text in filter(None, map(self.words.text, self.index[row].tolist())):
            number += 1
            if text.strip("()[]") != str(number):
                return False
        return number > 1

    def label(self, name: str, column: int, rows: Any) -> Labels:
        """A column as labels of some rows."""
        found = self.index[rows, column]
        if (found == found[:1]).all():  # a constant column
            return Labels(
                name, np.zeros(len(found), np.int32), self.words.texts(found[:1].tolist())
            )
        there, codes = np.unique(found, return_inverse=True)
        made = labelled(name, self.words.texts(there.tolist()))
        return made._replace(codes=made.codes[codes])

    def cut(self, rows: slice, columns: slice) -> Grid:
        """Some rows and columns as a grid of its own."""
        top = rows.start or 0
        left = columns.start or 0
        return replace(
            self,
            index=self.index[rows, columns],
            place_of=lambda row, column: self.place_of(row + top, column + left),
            percent={(row - top, column - left) for row, column in self.percent},
            gaps=frozenset(row - top for row in self.gaps),
            widths=self.widths[rows] if self.index[0, columns].size == self.index.shape[1] else (),
        )


def grid_of(name: str, rows: Iterable[Sequence[Any]], place: PlaceOf, **others: Any) -> Grid:
    """A grid of rows of any length. Raises InputError if they are too many or too wide."""
    flat = list[Any]()
    counts = list[int]()
    for row in rows:  # none is kept, which would cost more than reading
        count = len(row)
        while count and is_empty(row[count - 1]):
            count -= 1
        counts.append(count)
        flat += row[:count]
    width = max(counts, default=0)
    check_size(name, len(counts), width)
    words, codes = coded(flat)
    index = np.zeros((len(counts), width), dtype=np.int32)  # the first word is nothing
    index[np.arange(width) < np.array(counts, dtype=np.int64)[:, None]] = codes
    return Grid(name, words, index, place, **others)


def grid_of_lines(
    name: str,
    rows: Iterable[tuple[int, Sequence[Any]]],
    place: PlaceOf | None = None,
    percent: Collection[tuple[int, int]] = (),
    **others: Any,
) -> Grid:
    """A grid of those rows that hold something, each given with its line; `place` is that of a text
    if left out.
    """
    lines = list[int]()
    widths = list[int]()
    gaps = set[int]()

    def kept() -> Iterator[Sequence[Any]]:
        last: Sequence[Any] = ()
        for line, row in rows:
            if all(map(is_empty, row)):
                continue
            empty = line - lines[-1] - 1 if lines else 0
            if empty and (place or empty > sum(str(cell).count("\n") for cell in last)):
                gaps.add(len(lines))
            lines.append(line)
            widths.append(len(row))
            last = row
            yield row

    named: PlaceOf = place or (lambda line, column: at_line(name, line, column + 1))
    made = grid_of(
        name,
        kept(),
        lambda row, column: named(lines[row] if row < len(lines) else 0, column),
        **others,
    )
    at = {line: row for row, line in enumerate(lines)} if percent else {}
    shown = {(at[line], column) for line, column in percent if line in at}
    return replace(made, gaps=frozenset(gaps), widths=() if place else widths, percent=shown)


def grid_of_records(
    name: str,
    rows: Sequence[Mapping[str, Any]],
    place: PlaceOf | None = None,
    keys: Sequence[str] = (),
    **others: Any,
) -> Grid:
    """The grid of rows given by the names of their cells, `keys` first."""
    known = dict.fromkeys(chain(keys, *rows))
    check_size(name, len(rows), len(known))
    cells: Iterable[list[Any]] = chain(
        [[*known]], ([row.get(key) for key in known] for row in rows)
    )
    return grid_of(name, cells, place or at_record(name), **others)


def at_record(name: str, what: str = "row", before: int = 0) -> PlaceOf:
    """The places of records below a row of names; `before`: records of the file that are above
    them.
    """

    def place(row: int, column: int) -> Place:
        line = row + before if row > 0 else 0
        return Place(f"{name} {what} {line}" if line else name, name, line, column + 1)

    return place


@dataclass(frozen=True)
class PeriodTable:
    """The values of some rows and columns of a grid, each with a period: that of its row, of its
    column, or of both.
    """

    grid: Grid
    header_row: int  # the row of the header; -1 for none
    names: Sequence[str]
    """heads of the columns of the grid, those of several rows joined from the top."""
    rows: Indices
    value_columns: Indices  # columns of values: those of periods, or any of numbers
    heads: Sequence[Head | None]
    head_of: Indices
    """of values, among `heads`, or -1; shape (rows, 1), (1, columns) or, with months across, both.
    """
    period_column: int = -1  # the column of the periods of rows
    part_column: int = -1  # the column of months or quarters, which `heads` hold as well
    measures: Labels | None = None
    """of columns of values with periods; without, each column is a measure of its own."""
    sections: Sequence[Labels] = ()  # labels in rows of their own, one a row of data
    units: Mapping[int, str] = field(default_factory=dict)
    title: Sequence[str] = ()
    skipped: Sequence[tuple[int, str]] = ()
    roles: Mapping[str, int] | None = None  # of rows in our own columns: the column of each role
    doubt: InputError | None = None
    _labels: dict[int, Labels] = field(default_factory=dict, init=False)

    @property
    def across(self) -> bool:
        """True if the columns have the periods."""
        return self.period_column < 0

    def label(self, column: int) -> Labels:
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
        return (
            bool(filled.any())
            and ((bits[filled] & (NUMBER | BAD)) != 0).sum() >= share * filled.sum()
        )

    @cached_property
    def period_codes(self) -> Indices:
        """One code for each period, of every row; the same where the columns have the periods."""
        known: dict[Any, int] = {}
        codes = [
            known.setdefault(head and (head.period, head.day), len(known)) for head in self.heads
        ]
        return np.append(np.array(codes, dtype=np.int64), -1)[
            np.broadcast_to(self.head_of[:, 0], len(self.rows))
        ]

    @property
    def is_yearly(self) -> bool:
        """True if every period is a year, and no year has several dates."""
        days = {head.day for head in self.heads if head and head.day}
        return len({day.year for day in days}) == len(days) and all(
            head.period.is_year for head in self.heads if head
        )

    def with_common_years(self) -> PeriodTable:
        """The table with bare years of the Republic of China as common ones, if a name says so;
        else a doubt.
        """
        name = self.names[self.period_column]
        years = {head.period.year for head in self.heads if head}
        # An index begins with 1.
        if "年" not in name or not years or max(years) >= 1000 or min(years) == 1:
            return self
        if years <= {*_REPUBLIC} and any(
            re.search("年度|民[國国]", text) for text in (name, *self.title)
        ):
            era = {year: Head(Period(year + 1911), kind="era", sign=str(year)) for year in years}
            return replace(self, heads=[head and era[head.period.year] for head in self.heads])
        problem = f"the years of {shown(name)} may be of another calendar, such as that of the Republic of China."
        place = self.grid.place_of(max(self.header_row, 0), self.period_column)
        return replace(
            self,
            doubt=InputError(
                problem, "Write the years of the common era: 105 is 2016.", place=place
            ),
        )

    @property
    def where(self) -> str:
        """The place of the table, for people."""
        return str(self.grid.place_of(max(self.header_row, 0), 0))


def carried(texts: Sequence[str]) -> list[str]:
    """The texts of an upper row of heads, which hold for the empty cells after them as well."""
    heads = list[str]()
    for text in texts:
        heads.append(text or "".join(heads[-1:]))
    return heads


def sections_of(
    grid: Grid, headings: Sequence[int], rows: Sequence[int] | Indices, columns: Sequence[int]
) -> list[Labels]:
    """Headings as labels of the rows below them: `Region: North` by its name, any other as
    `section`.
    """
    said: dict[str, dict[int, str]] = {}
    for row in sorted(headings):
        texts = [text for at in columns if (text := grid.text(row, at))]
        text = next((text for text in texts if not text.isdigit()), texts[0])
        name, value = pair.groups() if (pair := _PAIR.fullmatch(text)) else ("section", text)
        said.setdefault(name.strip(), {})[row] = value.strip()
    labels = list[Labels]()
    for name, values in said.items():
        texts = ["", *values.values()]
        labels.append(
            labelled(
                name, (texts[at] for at in np.searchsorted([*values], rows, side="right").tolist())
            )
        )
    return labels


def heads_in(
    grid: Grid, rows: Indices, column: int, *, any_year: bool
) -> tuple[list[Head | None], Indices]:
    """The distinct periods of a column, and that of each row, -1 for none; a number is `any_year`,
    or a likely one.
    """
    there, of = np.unique(grid.index[rows, column], return_inverse=True)
    heads: list[Head | None] = []
    for code in there.tolist():
        found = read_head(grid.words.cells[code]) if any_year else grid.words.head(code)
        heads.append(found if isinstance(found, Head) else None)
    return heads, np.where(np.array([head is None for head in heads], dtype=np.bool_)[of], -1, of)


def months_in(
    heads: Sequence[Head | None], head_of: Indices, parts: Sequence[Period]
) -> tuple[list[Head | None], Indices]:
    """The periods of rows of years with a column to each part of them."""
    composed = [
        year and Head(Period(year.period.year, part.last, part.length), mark=year.mark)
        for part in parts
        for year in heads
    ]
    return composed, np.where(head_of >= 0, head_of + np.arange(len(parts)) * len(heads), -1)


def together(columns: Iterable[NDArray[Any]], count: int) -> Indices:
    """One code for each combination of the codes of several columns."""
    made = np.zeros(count, dtype=np.int64)
    for codes in columns:
        if (codes == codes[:1]).all():  # tells no two apart
            continue
        made = made * (int(codes.max(initial=-1)) + 2) + codes + 1
        made = np.unique(made, return_inverse=True)[1].astype(np.int64)
    return made


def ranked(columns: Iterable[NDArray[Any]], count: int) -> tuple[Indices, Indices]:
    """The first place of each combination of codes, in order of appearance, and the rank of that of
    each place.
    """
    _, first, codes = np.unique(together(columns, count), return_index=True, return_inverse=True)
    rank = np.argsort(np.argsort(first))
    return np.sort(first), rank[codes]


def distinct(*columns: NDArray[Any]) -> int:
    """How many different combinations of codes there are."""
    return len(np.unique(columns[0] if len(columns) == 1 else together(columns, len(columns[0]))))
