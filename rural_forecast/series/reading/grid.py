"""A grid: the cells of a sheet or a text as its distinct cells, each read once, and a matrix of their numbers.

A cell keeps the type its file gave it (text, number, date), so that nothing is guessed; one that cannot be used, such
as a spreadsheet's `#N/A`, is an `UnusableCell` and refused only where it is needed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import InputError, Place, Problem
from rural_forecast.notes import Note
from rural_forecast.series.reading import amounts
from rural_forecast.series.reading.amounts import PLAIN, Amount, Notation, Signs
from rural_forecast.series.reading.limits import at_line, check_size
from rural_forecast.series.reading.names import single_spaced
from rural_forecast.series.reading.periods import FIRST, LAST, Head, likely
from rural_forecast.text.cells import identity, is_empty
from rural_forecast.text.patterns import expression

Codes = NDArray[np.int32]
PlaceOf = Callable[[int, int], Place]
BLANK, NUMBER, HEAD, TEXT, MISSING, BAD = 1, 2, 4, 8, 16, 32
"""Bits of a cell: nothing, a number, a likely period, anything else; also a mark of a missing value, not usable."""
_FAULTS = frozenset(["#N/A", "#N/D", "#NV"])
_MAY_BE_YEAR = expression(r"(?:1[6-9]|2[01])[0-9]{2}(?:\.|$)")
_ALL_PLAIN = expression(r"(?:[+-]?[0-9]+(?:\.[0-9]+)?\n)*")


class UnusableCell(NamedTuple):
    """A cell that holds no usable value: what people see in it, what is wrong and what to do."""

    shown: str
    problem: str
    hint: str = ""

    def __str__(self) -> str:
        return self.shown


class Chained(Sequence[Any]):
    """Sequences one after the other, not copied."""

    def __init__(self, parts: Sequence[Sequence[Any]]) -> None:
        self._parts = parts
        self._edges = [0, *accumulate(map(len, parts))]

    def __len__(self) -> int:
        return self._edges[-1]

    def __getitem__(self, at: Any) -> Any:
        part = bisect_right(self._edges, at) - 1
        return self._parts[part][at - self._edges[part]]

    def taken(self, places: Sequence[int]) -> list[Any]:
        """The items of rising places."""
        made: list[Any] = []
        at = 0
        while at < len(places):
            part = bisect_right(self._edges, places[at]) - 1
            end = bisect_left(places, self._edges[part + 1], at)
            made += taken(self._parts[part], [place - self._edges[part] for place in places[at:end]])
            at = end
        return made


def taken(cells: Sequence[Any], places: Sequence[int]) -> list[Any]:
    """The cells of rising places; many at once are made faster than one by one."""
    together = getattr(cells, "taken", None)
    made: list[Any] = together(places) if together else [cells[place] for place in places]
    return made


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
        may_be_year = (self.numbers >= FIRST) & (self.numbers < LAST + 1)
        self._bits = np.where(np.isfinite(self.numbers) & ~may_be_year, NUMBER, 0).astype(np.uint8)
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

    def _kind(self, code: int) -> int:
        cell = self.cells[code]
        if is_empty(cell):
            return BLANK | MISSING
        if isinstance(cell, UnusableCell):
            return TEXT | MISSING if cell.shown in _FAULTS else BAD
        if isinstance(cell, bool):
            return TEXT | BAD
        text = cell.strip() if isinstance(cell, str) else ""
        if text and PLAIN.fullmatch(text) and not _MAY_BE_YEAR.match(text):
            return NUMBER
        kind = 0
        if (head := likely(cell)) is not None:
            self._heads[code] = head
            kind = HEAD
        if amounts.is_number(text) if text else not isinstance(cell, date):
            kind |= NUMBER
        return kind | TEXT * (not kind) | MISSING * (bool(text) and amounts.is_missing(text))

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

    def texts(self, codes: Sequence[int]) -> list[str]:
        """Cells of rising codes as labels."""
        cells = taken(self.cells, codes)
        joined = "".join(cells) if set(map(type, cells)) == {str} else " "
        return cells if joined.isprintable() and " " not in joined else [*map(self.text, codes)]

    def amount(self, code: int, signs: Signs = Signs()) -> Amount:  # noqa: B008 - a constant
        """A cell as a number and what is next to it."""
        cell = self.cells[code]
        if isinstance(cell, str):
            return amounts.amount(signs.plain(cell))
        if cell is None or (isinstance(cell, UnusableCell) and cell.shown in _FAULTS):
            return Amount(None, str(cell or ""))
        return Amount(cell)

    def values(self, codes: Codes, notation: Notation, signs: Signs) -> tuple[NDArray[np.float64], dict[int, Any]]:
        """By code, the number (NaN where there is none), and an Amount that says more than a number, or a Problem."""
        values = np.full(len(self.cells), np.nan)
        odd: dict[int, Any] = {}
        plain = notation.decimal == "." and notation.unclear is None
        unread = self.within(codes)
        if plain:
            values[unread] = self.numbers[unread]
            unread &= np.isnan(values)
        there = np.flatnonzero(unread)
        cells = taken(self.cells, there.tolist())
        if plain and are_plain(cells):
            values[there] = list(map(float, cells))
            there = there[~np.isfinite(values[there])]
        for code in there.tolist():
            cell = self.cells[code]
            if type(cell) is float or (plain and isinstance(cell, str) and PLAIN.fullmatch(cell)):
                values[code] = float(cell)
                if np.isfinite(values[code]):
                    continue
            made = self.amount(code, signs)
            if made.body is None:
                odd[code] = made
            elif isinstance(made.body, UnusableCell):
                odd[code] = Problem(made.body.problem, made.body.hint)
            elif notation.unclear and isinstance(made.body, str) and ("," in made.body or "." in made.body):
                odd[code] = notation.unclear
            else:
                value = amounts.value_of(made.body, notation, cell if isinstance(cell, str) else "")
                refused = isinstance(value, Problem)
                values[code] = np.nan if refused else value
                if refused or any(made[1:]):
                    odd[code] = value if refused else made
        return values, odd


def are_plain(cells: Sequence[Any]) -> bool:
    """True if all cells are numbers without any sign but the point: a quick look at many of them."""
    return (
        all(type(cell) is str for cell in cells)
        and _ALL_PLAIN.fullmatch("".join(f"{cell}\n" for cell in cells)) is not None
    )


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


def labelled(name: str, texts: Iterable[str]) -> Label:
    """A column of labels from its texts."""
    every = [*texts]
    known = {text: code for code, text in enumerate(dict.fromkeys(every))}
    return Label(name, np.fromiter(map(known.__getitem__, every), dtype=np.int32, count=len(every)), [*known])


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet or text; rows and columns without content at the ends are left away."""

    name: str
    """Such as `book.xlsx!Sheet1`; a text has no sheet."""
    words: Words
    index: Codes
    """The word of each cell, shape (rows, columns)."""
    place: PlaceOf
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

    def is_blank(self, row: int, column: int) -> bool:
        """True if a cell holds nothing."""
        return is_empty(self.cell(row, column))

    def texts(self, row: int) -> list[str]:
        """The cells of a row as labels."""
        return [self.words.text(code) for code in self.index[row].tolist()]

    def label(self, name: str, column: int, rows: Any) -> Label:
        """A column as labels of some rows."""
        there, codes = np.unique(self.index[rows, column], return_inverse=True)
        made = labelled(name, self.words.texts(there.tolist()))
        return made._replace(codes=made.codes[codes])

    def cut(self, rows: slice, columns: slice) -> Grid:
        """Some rows and columns as a grid of its own."""
        top, left = rows.start or 0, columns.start or 0
        return replace(
            self,
            index=self.index[rows, columns],
            place=lambda row, column: self.place(row + top, column + left),
            percent={(row - top, column - left) for row, column in self.percent},
            gaps=frozenset(row - top for row in self.gaps),
            widths=(),
        )


def grid_of(name: str, rows: Sequence[Sequence[Any]], place: PlaceOf, **others: Any) -> Grid:
    """A grid of rows of any length, which hold something. Raises TooLargeError if they are too many or too wide."""
    width = max((_width(row) for row in rows), default=0)
    check_size(name, len(rows), width)
    padding = [None] * width
    words, codes = coded([cell for row in rows for cell in (row if len(row) == width else [*row, *padding][:width])])
    return Grid(name, words, codes.reshape(len(rows), width), place, **others)


def _width(row: Sequence[Any]) -> int:
    """The number of cells up to the last with content."""
    return next((at + 1 for at in range(len(row) - 1, -1, -1) if not is_empty(row[at])), 0)


def grid_of_lines(
    name: str,
    rows: Iterable[tuple[int, Sequence[Any]]],
    place: PlaceOf | None = None,
    percent: Collection[tuple[int, int]] = (),
    **others: Any,
) -> Grid:
    """A grid of those rows that hold something, each given with its line; `place` is that of a text if left out."""
    kept = [(line, row) for line, row in rows if not all(map(is_empty, row))]
    lines = [line for line, _ in kept]
    at = {line: row for row, line in enumerate(lines)}
    named: PlaceOf = place or (lambda line, column: at_line(name, line, column + 1))

    def follows_gap(row: int) -> bool:
        empty = lines[row] - lines[row - 1] - 1
        return empty > 0 and (place is not None or empty > sum(str(cell).count("\n") for cell in kept[row - 1][1]))

    return grid_of(
        name,
        [row for _, row in kept],
        lambda row, column: named(lines[row] if row < len(lines) else 0, column),
        gaps=frozenset(filter(follows_gap, range(1, len(lines)))),
        widths=[len(row) for _, row in kept] if place is None else (),
        percent={(at[line], column) for line, column in percent if line in at},
        **others,
    )


def grid_of_records(
    name: str, rows: Sequence[Mapping[str, Any]], what: str = "row", place: PlaceOf | None = None, **others: Any
) -> Grid:
    """The grid of rows given by the names of their cells; `what` a row is called in messages."""
    keys: dict[str, None] = {}
    for row in rows:
        if row.keys() != keys.keys():
            keys |= dict.fromkeys(row)
            check_size(name, 1, len(keys))
    check_size(name, len(rows), len(keys))
    cells: list[list[Any]] = [[*keys], *([row.get(key) for key in keys] for row in rows)]
    return grid_of(name, cells, place or at_record(name, what), **others)


def at_record(name: str, what: str = "row", before: int = 0) -> PlaceOf:
    """The places of records below a row of names; `before`: records of the file that are above them."""

    def place(row: int, column: int) -> Place:
        line = row + before if row > 0 else 0
        return Place(f"{name} {what} {line}" if line else name, name, line, column + 1)

    return place


def coded(cells: list[Any]) -> tuple[Words, Codes]:
    """The distinct cells of a list, and the number of each; an empty text is nothing."""
    keys = cells if set(map(type, cells)) <= {str} else [_key(cell) for cell in cells]
    known: dict[Any, int] = {None: 0}
    for key in dict.fromkeys(keys):
        known.setdefault(key, len(known))
    if "" in known:
        known[""] = 0
    codes = np.fromiter(map(known.__getitem__, keys), dtype=np.int32, count=len(keys))
    return Words([key[1] if type(key) is tuple else key for key in known]), codes


def _key(cell: Any) -> Any:
    """The key of a cell: 1, 1.0 and true are three."""
    if cell is None or type(cell) is str:
        return cell
    if isinstance(cell, list | dict):
        kind = "a list" if isinstance(cell, list) else "an object"
        cell = UnusableCell(str(cell), f"is {kind} where one value must be", "Write one value a row.")
    return type(cell), cell


def chained(parts: Sequence[Words]) -> Words:
    """Words one after the other."""
    cells = Chained([words.cells for words in parts])
    return Words(cells, np.concatenate([w.numbers for w in parts]), np.concatenate([w.filled for w in parts]))
