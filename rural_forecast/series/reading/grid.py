"""A grid: the cells of a sheet or a text as its distinct cells, each read once, and a matrix of their numbers.

A cell keeps the type its file gave it (text, number, date), so that nothing is guessed; one that cannot be used, such
as a spreadsheet's `#N/A`, is an `UnusableCell` and refused only where it is needed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from io import StringIO
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import InputError, Place, Problem, UsageError, option
from rural_forecast.notes import Note
from rural_forecast.series.reading.amounts import (
    PLAIN,
    Amount,
    Notation,
    Signs,
    amount,
    is_missing,
    is_number,
    value_of,
)
from rural_forecast.series.reading.names import single_spaced
from rural_forecast.series.reading.periods import FIRST, LAST, Head, likely
from rural_forecast.text.cells import identity, is_empty, label
from rural_forecast.text.patterns import expression

Codes = NDArray[np.int32]
BLANK, NUMBER, HEAD, TEXT, MISSING, BAD = 1, 2, 4, 8, 16, 32
"""Bits of a cell: nothing, a number, a likely period, anything else; also a mark of a missing value, not usable."""
MOST_COLUMNS = 10_000
MOST_ROWS = 500_000
MOST_CELLS = 5_000_000
LONGEST_LINE = 1_000_000
"""A table of figures is far smaller; what is larger costs memory that nobody meant to spend. `batch` streams."""
_FAULTS = frozenset(["#N/A", "#N/D", "#NV"])


class TooLargeError(InputError):
    """A file that is refused for its size, before anything more is done with it."""

    code = "too_large"


class DamagedError(InputError):
    """A file of a known form whose parts contradict each other."""

    code = "damaged"


class UnusableCell(NamedTuple):
    """A cell that holds no usable value: what people see in it, what is wrong and what to do."""

    shown: str
    problem: str
    hint: str = ""

    def __str__(self) -> str:
        return self.shown


def nested(cell: object) -> UnusableCell:
    """A list or an object of JSON in the place of a cell."""
    kind = "a list" if isinstance(cell, list) else "an object"
    return UnusableCell(str(cell), f"is {kind} where one value must be", "Write one value a row.")


class Chained(Sequence[Any]):
    """Sequences one after the other, not copied."""

    def __init__(self, parts: Sequence[Sequence[Any]]) -> None:
        self.parts = parts
        self._edges = [0, *accumulate(map(len, parts))]

    def __len__(self) -> int:
        return self._edges[-1]

    def __getitem__(self, at: Any) -> Any:
        part = bisect_right(self._edges, at) - 1
        return self.parts[part][at - self._edges[part]]


class Words:
    """The distinct cells of a grid; each is read when it is first asked for, and once.

    `numbers`: those of cells that are known to be plain numbers, NaN for all others. `filled`: TEXT for cells that
    surely hold a text, NUMBER for those that hold no text but a number, 0 for others.
    """

    def __init__(
        self,
        cells: Sequence[Any],
        numbers: NDArray[np.float64] | None = None,
        filled: NDArray[np.uint8] | None = None,
    ) -> None:
        self.cells = cells
        self.numbers = np.full(len(cells), np.nan) if numbers is None else numbers
        self.filled = np.zeros(len(cells), dtype=np.uint8) if filled is None else filled
        known = np.isfinite(self.numbers)
        may_be_year = (self.numbers >= FIRST) & (self.numbers < LAST + 1)
        self._bits = np.where(known & ~may_be_year, NUMBER, 0).astype(np.uint8)
        self._heads: dict[int, Head] = {}
        self._labels: dict[int, str] = {}

    def bits(self, codes: Codes) -> NDArray[np.uint8]:
        """Kinds of cells, for codes of any shape."""
        for code in np.flatnonzero(self.within(codes) & (self._bits == 0)).tolist():
            self._bits[code] = self._kind(code)
        return self._bits[codes]

    def within(self, codes: NDArray[Any]) -> NDArray[np.bool_]:
        """Which cells are among some."""
        there = np.zeros(len(self.cells), dtype=np.bool_)
        there[codes] = True
        return there

    def others(self) -> Iterator[tuple[int, Any]]:
        """The cells that may hold nothing, or nothing of use, with their codes."""
        for code in np.flatnonzero(self.filled == 0).tolist():
            yield code, self.cells[code]

    def _kind(self, code: int) -> int:
        cell = self.cells[code]
        if cell is None:
            return BLANK | MISSING
        if isinstance(cell, str):
            text = cell.strip()
            if PLAIN.fullmatch(text):
                year = len(text) == 4 and "1600" <= text <= "2199"
                if not year and not (len(text) > 4 and text[4] == "." and "1600" <= text[:4] <= "2199"):
                    return NUMBER
            if not text:
                return BLANK | MISSING
            kind = NUMBER * is_number(text)
            if (head := likely(cell)) is not None:
                self._heads[code] = head
                kind |= HEAD
            return kind | (not kind) * TEXT | MISSING * is_missing(text)
        if isinstance(cell, UnusableCell):
            return TEXT | MISSING if cell.shown in _FAULTS else BAD
        if isinstance(cell, bool):
            return TEXT | BAD
        if (head := likely(cell)) is not None:
            self._heads[code] = head
            return HEAD | (not isinstance(cell, date)) * NUMBER
        return TEXT if isinstance(cell, date) else NUMBER

    def head(self, code: int) -> Head | None:
        """The likely period in a cell."""
        if not self._bits[code]:
            self._bits[code] = self._kind(code)
        return self._heads.get(code)

    def text(self, code: int) -> str:
        """A cell as a label, its spaces single."""
        known = self._labels.get(code)
        if known is None:
            cell = self.cells[code]
            bare = type(cell) is str and cell.isprintable() and " " not in cell
            known = self._labels[code] = cell if bare else single_spaced(identity(cell))
        return known

    def amount(self, code: int, signs: Signs = Signs()) -> Amount:  # noqa: B008 - a constant
        """A cell as a number and what is next to it."""
        cell = self.cells[code]
        if isinstance(cell, str):
            return amount(signs.plain(cell))
        if cell is None or (isinstance(cell, UnusableCell) and cell.shown in _FAULTS):
            return Amount(None, str(cell or ""))
        return Amount(cell)

    def values(self, codes: Codes, notation: Notation, signs: Signs) -> tuple[NDArray[np.float64], dict[int, Any]]:
        """The number of each distinct code, NaN where there is none, and what else there is to say of a cell.

        Returns numbers by code, and by code an Amount that says more than a number, or a Problem.
        """
        values = np.full(len(self.cells), np.nan)
        odd: dict[int, Any] = {}
        plain = notation.decimal == "." and notation.unclear is None
        unread = self.within(codes)
        if plain:
            values[unread] = self.numbers[unread]
            unread &= np.isnan(values)
        there = np.flatnonzero(unread)
        cells = [self.cells[code] for code in there.tolist()]
        if plain and are_plain(cells):
            values[there] = list(map(float, cells))
            if np.isfinite(values[there]).all():
                return values, odd
        for code in there.tolist():
            cell = self.cells[code]
            if type(cell) is float or (plain and isinstance(cell, str) and PLAIN.fullmatch(cell)):
                values[code] = float(cell)
                if np.isfinite(values[code]):
                    continue
            made = self.amount(code, signs)
            if made.body is None:
                odd[code] = made
                continue
            if notation.unclear is not None and isinstance(made.body, str) and ("," in made.body or "." in made.body):
                odd[code] = notation.unclear
                continue
            value = value_of(made.body, notation, cell if isinstance(cell, str) else "")
            if isinstance(value, Problem):
                values[code], odd[code] = np.nan, value
                continue
            values[code] = value
            if any(made[1:]):
                odd[code] = made
        return values, odd


class Label(NamedTuple):
    """A column of labels: a code a place, and the distinct texts."""

    name: str
    codes: Codes
    texts: Sequence[str]

    @property
    def of(self) -> list[str]:
        """The label of each place."""
        return [self.texts[code] for code in self.codes.tolist()]

    def on(self, places: Any) -> Label:
        """The label of some places, texts that are not there left away."""
        there, codes = np.unique(self.codes[places], return_inverse=True)
        return Label(self.name, codes.astype(np.int32), [self.texts[code] for code in there.tolist()])


_ALL_PLAIN = expression(r"(?:[+-]?[0-9]+(?:\.[0-9]+)?\n)*")


def are_plain(cells: Sequence[Any]) -> bool:
    """True if all cells are numbers without any sign but the point: a quick look at many of them."""
    return (
        all(type(cell) is str for cell in cells)
        and _ALL_PLAIN.fullmatch("".join(f"{cell}\n" for cell in cells)) is not None
    )


def labelled(name: str, texts: Iterable[str]) -> Label:
    """A column of labels from its texts."""
    known: dict[str, int] = {}
    codes = np.fromiter((known.setdefault(text, len(known)) for text in texts), dtype=np.int32)
    return Label(name, codes, [*known])


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet or text; rows and columns without content at the ends are left away."""

    name: str
    """Such as `book.xlsx!Sheet1`; a text has no sheet."""
    words: Words
    index: Codes
    """The word of each cell, shape (rows, columns)."""
    place: Callable[[int, int], Place]
    """File and line or cell of (row, column), both counted from 0."""
    percent: Collection[tuple[int, int]] = ()
    """Cells (row, column) whose number is a fraction that a spreadsheet shows in percent."""
    gaps: frozenset[int] = frozenset()
    """Rows that follow an empty row."""
    about: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Facts on its series apart from the rows (title, definition, unit), by series id; of all by ''."""
    left_out: Sequence[tuple[str, str]] = ()
    """Parts of the file that are not in this grid, such as hidden sheets, each with the reason."""
    notes: tuple[Note, ...] = ()
    """Findings on the bytes, such as their encoding."""
    delimiter: str = ""
    """The sign between the cells of a text."""
    widths: Sequence[int] = ()
    """Cells of each row of a text, where they count."""
    faults: Sequence[InputError] = ()
    """Lines that could not be read."""
    doubt: InputError | None = None
    """Why the grid is refused, unless its columns are known by our names."""

    @property
    def file(self) -> str:
        """The file's name."""
        folder, slash, name = self.name.rpartition("/")
        return folder + slash + name.partition("!")[0]

    @property
    def sheet(self) -> str:
        """The sheet's name; empty for texts."""
        return self.name.rpartition("/")[2].partition("!")[2]

    @cached_property
    def blank(self) -> NDArray[np.bool_]:
        """Which cells hold nothing."""
        nothing = [
            code for code, cell in self.words.others() if cell is None or (type(cell) is str and not cell.strip())
        ]
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

    def is_blank(self, row: int, column: int) -> bool:
        """True if a cell holds nothing."""
        return is_empty(self.words.cells[self.index[row, column]])

    def texts(self, row: int) -> list[str]:
        """The cells of a row as labels."""
        return [self.words.text(code) for code in self.index[row].tolist()]

    def label(self, name: str, column: int, rows: Any) -> Label:
        """A column as labels of some rows."""
        there, codes = np.unique(self.index[rows, column], return_inverse=True)
        known: dict[str, int] = {}
        merged = np.array([known.setdefault(self.words.text(code), len(known)) for code in there.tolist()], np.int32)
        return Label(name, merged[codes], [*known])

    def cut(self, rows: slice, columns: slice) -> Grid:
        """Some rows and columns as a grid of its own."""
        top, left = rows.start or 0, columns.start or 0
        place = self.place
        return replace(
            self,
            index=self.index[rows, columns],
            place=lambda row, column: place(row + top, column + left),
            percent={(row - top, column - left) for row, column in self.percent},
            gaps=frozenset(row - top for row in self.gaps),
            widths=(),
        )


def grid_of(
    name: str,
    rows: Sequence[Sequence[Any]],
    place: Callable[[int, int], Place],
    **others: Any,
) -> Grid:
    """A grid of rows of any length, which hold something.

    Raises InputError if they are too many or too wide.
    """
    widest = max(map(len, rows), default=0)
    full = widest and any(len(row) == widest and not is_empty(row[-1]) for row in rows)
    width = widest if full else max((_width(row) for row in rows), default=0)
    check_width(name, width)
    check_size(name, len(rows), width)
    flat = [cell for row in rows for cell in (row if len(row) == width else _padded(row, width))]
    words, codes = coded(flat)
    return Grid(name, words, codes.reshape(len(rows), width), place, **others)


def coded(cells: list[Any]) -> tuple[Words, Codes]:
    """The distinct cells of a list, and the number of each; an empty text is nothing."""
    keys = cells
    if set(map(type, cells)) - {str}:
        keys = [_key(cell) for cell in cells]
    known: dict[Any, int] = {None: 0}
    for key in dict.fromkeys(keys):
        known.setdefault(key, len(known))
    if "" in known:
        known[""] = 0
    codes = np.fromiter(map(known.__getitem__, keys), dtype=np.int32, count=len(keys))
    return Words([key[1] if type(key) is tuple else key for key in known]), codes


class _Numbers(Sequence[Any]):
    """Nothing, and the numbers of an array."""

    def __init__(self, array: NDArray[Any]) -> None:
        self._array = array

    def __len__(self) -> int:
        return len(self._array) + 1

    def __getitem__(self, at: Any) -> Any:
        return self._array[at - 1].item() if at else None


def coded_numbers(array: NDArray[Any], valid: NDArray[np.bool_]) -> tuple[Words, Codes]:
    """As `coded`, for an array of numbers, which are nothing where they are not valid."""
    there, codes = np.unique(array, return_inverse=True)
    numbers = there.astype(np.float64)
    exact = np.isfinite(numbers) & (np.abs(numbers) < 2**53 if array.dtype.kind in "iu" else True)
    numbers = np.concatenate([[np.nan], np.where(exact, numbers, np.nan)])
    words = Words(_Numbers(there), numbers, np.array([0] + [NUMBER] * len(there), dtype=np.uint8))
    return words, np.where(valid, codes + 1, 0).astype(np.int32)


def stacked(names: Sequence[str], columns: Sequence[tuple[Words, Codes]]) -> tuple[Words, Codes]:
    """Columns side by side, each under its name."""
    parts: list[Words] = [Words([None])]
    index = []
    before = 1
    for name, (words, codes) in zip(names, columns, strict=True):
        index.append(np.concatenate([[before], np.where(codes == 0, 0, codes + before + 1)]).astype(np.int32))
        parts += [Words([name]), words]
        before += 1 + len(words.cells)
    return chained(parts), np.stack(index, axis=1)


def chained(parts: Sequence[Words]) -> Words:
    """Words one after the other."""
    cells = Chained([words.cells for words in parts])
    return Words(cells, *(np.concatenate(each) for each in zip(*((w.numbers, w.filled) for w in parts), strict=True)))


def _key(cell: Any) -> Any:
    """The key of a cell: 1, 1.0 and true are three."""
    if cell is None or type(cell) is str:
        return cell
    if isinstance(cell, list | dict):
        cell = nested(cell)
    return type(cell), cell


def _width(row: Sequence[Any]) -> int:
    """Number of cells up to the last with content."""
    return next((place + 1 for place in range(len(row) - 1, -1, -1) if not is_empty(row[place])), 0)


def _padded(row: Sequence[Any], width: int) -> list[Any]:
    return [*row[:width], *[None] * (width - len(row))]


def grid_of_lines(name: str, rows: Iterable[tuple[int, Sequence[Any]]], **others: Any) -> Grid:
    """A grid of the rows of a text with content, each given with its line."""
    kept = [(line, row) for line, row in rows if (row and row[0]) or not all(map(is_empty, row))]
    numbers = [line for line, _ in kept]
    gaps = frozenset(
        at
        for at in range(1, len(kept))
        if numbers[at] > numbers[at - 1] + 1
        and numbers[at] > numbers[at - 1] + 1 + sum(str(cell).count("\n") for cell in kept[at - 1][1])
    )

    def place(row: int, column: int) -> Place:
        return at_line(name, numbers[row] if row < len(numbers) else 0, column + 1)

    widths = [len(row) for _, row in kept]
    return grid_of(name, [row for _, row in kept], place, gaps=gaps, widths=widths, **others)


def grid_of_sheet(
    file: str, sheet: str, rows: Iterable[tuple[int, Sequence[Any]]], left: int, percent: Collection[tuple[int, int]]
) -> Grid:
    """A grid of the rows of a sheet with content, each given with its number from 0.

    `left`: the number of their first column. `percent`: cells (row, column) that are shown in percent.
    """
    kept = [(line, row) for line, row in rows if not all(map(is_empty, row))]
    lines, name = [line for line, _ in kept], f"{file}!{sheet}"
    at = {line: row for row, line in enumerate(lines)}

    def place(row: int, column: int) -> Place:
        line = lines[row] if row < len(lines) else 0
        return Place(f"{name}!{cell_name(line, left + column)}", file, line + 1, left + column + 1)

    gaps = frozenset(at for at in range(1, len(lines)) if lines[at] > lines[at - 1] + 1)
    inside = {(at[row], column - left) for row, column in percent if row in at}
    return grid_of(name, [row for _, row in kept], place, percent=inside, gaps=gaps)


def grid_of_records(rows: Sequence[Mapping[str, Any]], name: str, what: str, **others: Any) -> Grid:
    """The grid of rows given by the names of their cells; `what` a row is called in messages."""
    keys: dict[str, None] = {}
    for row in rows:
        if row.keys() != keys.keys():
            keys |= dict.fromkeys(row)
            check_width(name, len(keys))
    check_size(name, len(rows), len(keys))

    def place(row: int, column: int) -> Place:
        return Place(f"{name} {what} {row}" if row else name, name, row, column + 1)

    return grid_of(
        name, [[*keys], *([row.get(key) for key in keys] for row in rows)], others.pop("place", place), **others
    )


def at_line(name: str, line: int, column: int = 0) -> Place:
    """The place of a line of a text, or a cell in it, each counted from 1."""
    return Place(f"{name}:{line}", name, line, column)


def check_size(name: str, rows: int, width: int = 1) -> None:
    """Refuse a table that is too large to be read at once.

    Raises InputError if it has more than 500,000 rows or 5 million cells.
    """
    if rows > MOST_ROWS or rows * width > MOST_CELLS:
        most, of = (MOST_ROWS, "rows") if rows > MOST_ROWS else (MOST_CELLS, "cells")
        raise TooLargeError(
            f"{name} has more than {most:,} {of}, too many to be read at once.",
            "Keep the series that is needed; 'batch' reads long CSV, TSV, NDJSON and Parquet of any size.",
        )


def check_lines(name: str, text: str) -> None:
    """Refuse a text with too many lines, or too long ones, before any memory goes into it.

    Raises InputError for more than 500,000 lines, or one of more than a million characters.
    """
    check_size(name, max(text.count("\n"), text.count("\r")))
    if len(text) <= LONGEST_LINE:
        return
    for number, line in enumerate(StringIO(text, newline=""), 1):
        if len(line) > LONGEST_LINE:
            raise TooLargeError(
                f"the line is longer than {LONGEST_LINE:,} characters.",
                "A row of figures is far shorter; a quote may never close, or line ends may be missing.",
                place=at_line(name, number),
            )


def check_width(name: str, width: int) -> None:
    """Refuse a table that is too wide to be a table of figures. Raises InputError for more than 10,000 columns."""
    if width > MOST_COLUMNS:
        raise TooLargeError(
            f"{name} has more than {MOST_COLUMNS:,} columns, too many for a table of figures.",
            "Give one row to each value: a period, a value and, where there are several series, an id.",
        )


class Area(NamedTuple):
    """Cells from top left to bottom right, counted from 0, both included; None is 'to the end'."""

    top: int = 0
    left: int = 0
    bottom: int | None = None
    right: int | None = None


_RANGE = expression(
    r"\$?(?P<left>[A-Z]{1,3})\$?(?P<top>\d{1,7})?(?::\$?(?P<right>[A-Z]{1,3})\$?(?P<bottom>\d{1,7})?)?", re.ASCII
)


def cell_name(row: int, column: int) -> str:
    """The spreadsheet's name of a cell counted from 0.

    >>> cell_name(6, 1), cell_name(0, 27)
    ('B7', 'AB1')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def parse_sheet(text: str, sheets: Collection[str]) -> tuple[str | None, Area]:
    """Read the name of a sheet, its cells, or both: `Data`, `B2:D9`, `Data!B2` (from there on), `Data!B:D`.

    `sheets`: the names that there are; they win. Raises UsageError for cells that are no range.

    >>> parse_sheet("Sheet1!B2:D9", ["Sheet1"])
    ('Sheet1', Area(top=1, left=1, bottom=8, right=3))
    """
    if any(text.casefold() == name.casefold() for name in sheets):
        return text, Area()
    name, _, cells = text.rpartition("!")
    match = _RANGE.fullmatch(cells.strip())
    if not match or not (name or match["top"] or match["right"]):
        return text, Area()
    area = Area(
        top=int(match["top"] or 1) - 1,
        left=column_number(match["left"].encode()),
        bottom=int(match["bottom"]) - 1 if match["bottom"] else None,
        right=column_number(match["right"].encode()) if match["right"] else None,
    )
    backwards = (area.bottom is not None and area.bottom < area.top) or (
        area.right is not None and area.right < area.left
    )
    if area.top < 0 or backwards:
        raise UsageError(
            f"{label(cells)!r} is not a range of cells.", f"Name its first and last cell: {option('sheet', 'B2:D9')}."
        )
    return name.strip("'") or None, area


def column_number(letters: bytes) -> int:
    """The column of A to XFD, counted from 0.

    >>> column_number(b"AB")
    27
    """
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number - 1
