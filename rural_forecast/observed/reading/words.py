"""Words: the distinct cells of a grid, each read once.

A grid is an array of codes, the places of its cells in a list of words: most cells of a file repeat
others, so that a file of a million rows is read by looking at some thousand words. A word keeps the
type its file gave it: text, number, date. The first word of a grid is an empty cell.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import accumulate
from math import isfinite
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import Problem
from rural_forecast.observed.reading import amounts
from rural_forecast.observed.reading.amounts import LONE, PLAIN, Amount, Notation
from rural_forecast.observed.reading.head import FIRST, LAST, Head
from rural_forecast.observed.reading.names import single_spaced
from rural_forecast.observed.reading.periods import likely
from rural_forecast.text.cells import expression, identity, is_empty

Codes = NDArray[np.int32]

# Bits of the kind of a cell; several may be set.
BLANK = 1  # nothing
NUMBER = 2
HEAD = 4  # a likely period
TEXT = 8  # neither a number nor a period
MISSING = 16  # no value: a mark of a missing value, or nothing
BAD = 32  # not usable as a value

# Errors of spreadsheets that stand for a value that is not there.
_FAULTS = frozenset(["#N/A", "#N/D", "#NV"])
_MAY_BE_YEAR = expression(r"(?:1[6-9]|2[01])[0-9]{2}(?:\.|$)")
_ALL_PLAIN = expression(r"(?:[+-]?[0-9]+(?:\.[0-9]+)?\n)*")


class UnusableCell(NamedTuple):
    """A cell such as `#N/A`, refused only where it is needed."""

    shown: str  # the text that people see in it
    problem: str
    hint: str = ""

    def __str__(self) -> str:
        return self.shown


class _Chained(Sequence[Any]):
    """The cells of several lists one after the other, which are not copied."""

    def __init__(self, parts: Sequence[Sequence[Any]]) -> None:
        self._parts = parts
        self._edges = [0, *accumulate(map(len, parts))]

    def __len__(self) -> int:
        return self._edges[-1]

    def __getitem__(self, index: Any) -> Any:
        part = bisect_right(self._edges, index) - 1
        return self._parts[part][index - self._edges[part]]

    def take(self, indices: Sequence[int]) -> list[Any]:
        """Take the cells of rising indices."""
        cells = list[Any]()
        start = 0
        while start < len(indices):
            part = bisect_right(self._edges, indices[start]) - 1
            first = self._edges[part]
            end = bisect_left(indices, self._edges[part + 1], start)
            cells += _take(self._parts[part], [index - first for index in indices[start:end]])
            start = end
        return cells


def _take(cells: Sequence[Any], indices: Sequence[int]) -> list[Any]:
    """Take the cells of rising indices.

    Lists whose cells are made when they are asked for have a `take`, which is faster for many at
    once.
    """
    take_all = getattr(cells, "take", None)
    taken: list[Any] = take_all(indices) if take_all else [cells[index] for index in indices]
    return taken


class Words:
    """The distinct cells of a grid; each is read when it is first asked for, and once."""

    def __init__(
        self,
        cells: Sequence[Any],
        numbers: NDArray[np.float64] | None = None,
        filled: NDArray[np.uint8] | None = None,
    ) -> None:
        self.cells = cells
        # Of cells that are known to be plain numbers; NaN for all others.
        self.numbers = np.full(len(cells), np.nan) if numbers is None else numbers
        # TEXT for cells that surely hold a text, NUMBER for those that hold no text but a number, 0
        # for others.
        self.filled = np.zeros(len(cells), dtype=np.uint8) if filled is None else filled
        may_be_year = (self.numbers >= FIRST) & (self.numbers < LAST + 1)
        is_number = np.isfinite(self.numbers) & ~may_be_year
        self._bits = np.where(is_number, NUMBER, 0).astype(np.uint8)
        self._heads: dict[int, Head] = {}
        self._labels: dict[int, str] = {}

    def bits(self, codes: Codes) -> NDArray[np.uint8]:
        """Give the kinds of cells, for codes of any shape."""
        unread = np.flatnonzero(self.within(codes) & (self._bits == 0)).tolist()
        for code, cell in zip(unread, _take(self.cells, unread), strict=True):
            self._bits[code] = self._kind(code, cell)
        return self._bits[codes]

    def within(self, codes: NDArray[Any]) -> NDArray[np.bool_]:
        """Mark the words that are among some codes."""
        is_within = np.zeros(len(self.cells), dtype=np.bool_)
        is_within[codes] = True
        return is_within

    def _kind(self, code: int, cell: Any) -> int:
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
        head = likely(cell)
        if head is not None:
            self._heads[code] = head
            kind |= HEAD
        is_number = amounts.is_number(text) if text else not isinstance(cell, date)
        if is_number:
            kind |= NUMBER
        if not kind:
            # A cell of control characters alone shows nothing.
            kind = TEXT if self.text(code) else BLANK | MISSING
        if text and amounts.is_missing(text):
            kind |= MISSING
        return kind

    def head(self, code: int) -> Head | None:
        """Give the likely period in a cell."""
        if not self._bits[code]:
            self._bits[code] = self._kind(code, self.cells[code])
        return self._heads.get(code)

    def text(self, code: int) -> str:
        """Give a cell as a label, its spaces single."""
        text = self._labels.get(code)
        if text is None:
            cell = self.cells[code]
            is_label = type(cell) is str and cell.isprintable() and " " not in cell
            text = cell if is_label else single_spaced(identity(cell))
            self._labels[code] = text
        return text

    def texts(self, codes: Sequence[int]) -> list[str]:
        """Give cells of rising codes as labels."""
        cells = _take(self.cells, codes)
        if set(map(type, cells)) == {str}:
            # One look at all of them is faster than one at each.
            joined = "".join(cells)
            if joined.isprintable() and " " not in joined:
                return cells
        return list(map(self.text, codes))

    def amount(self, code: int) -> Amount:
        """Read a cell as a number and what is next to it."""
        cell = self.cells[code]
        if isinstance(cell, str):
            return amounts.amount(cell)
        is_fault = isinstance(cell, UnusableCell) and cell.shown in _FAULTS
        if cell is None or is_fault:
            return Amount(None, str(cell or ""))
        return Amount(cell)

    def values(
        self, codes: Codes, notation: Notation
    ) -> tuple[NDArray[np.float64], dict[int, Any]]:
        """Read the numbers of cells: by code, NaN where there is none.

        Cells that say more than a number are given as well: by code, an `Amount`, or the `Problem`
        of one that cannot be read.
        """
        values = np.full(len(self.cells), np.nan)
        remarks: dict[int, Any] = {}
        is_plain = notation.decimal == "." and notation.unclear is None
        unread = self.within(codes)
        if is_plain:
            values[unread] = self.numbers[unread]
            unread &= np.isnan(values)
        rest = np.flatnonzero(unread)
        cells = _take(self.cells, rest.tolist())
        if is_plain and are_plain(cells):
            values[rest] = list(map(float, cells))
            rest = rest[~np.isfinite(values[rest])]

        for code in rest.tolist():
            cell = self.cells[code]
            is_number = type(cell) is float or (
                is_plain and isinstance(cell, str) and PLAIN.fullmatch(cell) is not None
            )
            if is_number and isfinite(float(cell)):
                values[code] = float(cell)
                continue
            values[code], remark = self._value(code, notation)
            if remark is not None:
                remarks[code] = remark
        return values, remarks

    def _value(self, code: int, notation: Notation) -> tuple[float, Amount | Problem | None]:
        cell = self.cells[code]
        text = cell if isinstance(cell, str) else ""
        lone = LONE.fullmatch(text.strip()) if notation.lone else None
        amount = Amount(f"-{lone[1]}") if lone else self.amount(code)
        body = amount.body
        if body is None:
            return np.nan, amount
        if isinstance(body, UnusableCell):
            return np.nan, Problem(body.problem, body.hint)
        has_sign = isinstance(body, str) and ("," in body or "." in body)
        if notation.unclear and has_sign:
            return np.nan, notation.unclear
        value = amounts.value_of(body, notation, text)
        if isinstance(value, Problem):
            return np.nan, value
        return value, None if amount.is_bare else amount


def are_plain(cells: Sequence[Any]) -> bool:
    """Return true if all cells are texts of numbers without any sign but the point."""
    # One look at all of them, as there may be many.
    if any(type(cell) is not str for cell in cells):
        return False
    return _ALL_PLAIN.fullmatch("".join(f"{cell}\n" for cell in cells)) is not None


def coded(cells: list[Any]) -> tuple[Words, Codes]:
    """Find the distinct cells of a list, and the code of each; an empty text is an empty cell."""
    types = set(map(type, cells)) - {str, type(None)}
    # Cells of one kind of number differ by themselves; 1, 1.0 and true are equal.
    is_plain = types <= {float} or types <= {int}
    keys = cells if is_plain else [_key(cell) for cell in cells]
    code_of: dict[Any, int] = {None: 0}
    for key in dict.fromkeys(keys):
        code_of.setdefault(key, len(code_of))
    if "" in code_of:
        code_of[""] = 0
    codes = np.fromiter(map(code_of.__getitem__, keys), dtype=np.int32, count=len(keys))
    return Words([key[1] if type(key) is tuple else key for key in code_of]), codes


def _key(cell: Any) -> Any:
    """Give the key of a cell: 1, 1.0 and true, which are equal, are three."""
    if cell is None or type(cell) is str:
        return cell
    if isinstance(cell, list | dict):
        kind = "a list" if isinstance(cell, list) else "an object"
        problem = f"is {kind} where one value must be"
        cell = UnusableCell(str(cell), problem, "Write one value a row.")
    return type(cell), cell


def chained(parts: Sequence[Words]) -> Words:
    """Join words, those of one after those of the other."""
    cells = _Chained([words.cells for words in parts])
    numbers = np.concatenate([words.numbers for words in parts])
    filled = np.concatenate([words.filled for words in parts])
    return Words(cells, numbers, filled)
