"""Words: the distinct cells of a sheet, each read once; a cell keeps the type its file gave it:
text, number, date.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import Problem
from rural_forecast.series.reading import amounts
from rural_forecast.series.reading.amounts import LONE, PLAIN, Amount, Notation
from rural_forecast.series.reading.names import single_spaced
from rural_forecast.series.reading.periods import FIRST, LAST, Head, likely
from rural_forecast.text.cells import expression, identity, is_empty

Codes = NDArray[np.int32]
BLANK = 1
NUMBER = 2
HEAD = 4
TEXT = 8
MISSING = 16
BAD = 32
"""Bits of a cell: nothing, a number, a likely period, anything else; also a mark of a missing
value, not usable.
"""
_FAULTS = frozenset(["#N/A", "#N/D", "#NV"])
_MAY_BE_YEAR = expression(r"(?:1[6-9]|2[01])[0-9]{2}(?:\.|$)")
_ALL_PLAIN = expression(r"(?:[+-]?[0-9]+(?:\.[0-9]+)?\n)*")


class UnusableCell(NamedTuple):
    """A cell such as `#N/A`, refused only where it is needed: what people see in it, what is wrong
    and what to do.
    """

    shown: str
    problem: str
    hint: str = ""

    def __str__(self) -> str:
        return self.shown


class _Chained(Sequence[Any]):  # not copied
    def __init__(self, parts: Sequence[Sequence[Any]]) -> None:
        self._parts = parts
        self._edges = [0, *accumulate(map(len, parts))]

    def __len__(self) -> int:
        return self._edges[-1]

    def __getitem__(self, at: Any) -> Any:
        part = bisect_right(self._edges, at) - 1
        return self._parts[part][at - self._edges[part]]

    def taken(self, places: Sequence[int]) -> list[Any]:
        made = list[Any]()
        at = 0
        while at < len(places):
            part = bisect_right(self._edges, places[at]) - 1
            end = bisect_left(places, self._edges[part + 1], at)
            made += _taken(
                self._parts[part], [place - self._edges[part] for place in places[at:end]]
            )
            at = end
        return made


def _taken(cells: Sequence[Any], places: Sequence[int]) -> list[Any]:
    """The cells of rising places; many at once are made faster than one by one."""
    together = getattr(cells, "taken", None)
    made: list[Any] = together(places) if together else [cells[place] for place in places]
    return made


class Words:
    """The distinct cells of a grid; each is read when it is first asked for, and once."""

    def __init__(
        self,
        cells: Sequence[Any],
        numbers: NDArray[np.float64] | None = None,
        filled: NDArray[np.uint8] | None = None,
    ) -> None:
        self.cells = cells
        # of cells that are known to be plain numbers, NaN for all others
        self.numbers = np.full(len(cells), np.nan) if numbers is None else numbers
        # TEXT for cells that surely hold a text, NUMBER for those that hold no text but a number, 0
        # for others
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
        head = likely(cell)
        if head is not None:
            self._heads[code] = head
        is_number = amounts.is_number(text) if text else not isinstance(cell, date)
        kind = HEAD * (head is not None) | NUMBER * is_number
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
        cells = _taken(self.cells, codes)
        joined = "".join(cells) if set(map(type, cells)) == {str} else " "
        return cells if joined.isprintable() and " " not in joined else [*map(self.text, codes)]

    def amount(self, code: int) -> Amount:
        """A cell as a number and what is next to it."""
        cell = self.cells[code]
        if isinstance(cell, str):
            return amounts.amount(cell)
        absent = cell is None or (isinstance(cell, UnusableCell) and cell.shown in _FAULTS)
        return Amount(None, str(cell or "")) if absent else Amount(cell)

    def values(
        self, codes: Codes, notation: Notation
    ) -> tuple[NDArray[np.float64], dict[int, Any]]:
        """By code, the number (NaN where there is none), and an Amount that says more than a
        number, or a Problem.
        """
        values = np.full(len(self.cells), np.nan)
        odd: dict[int, Any] = {}
        plain = notation.decimal == "." and notation.unclear is None
        unread = self.within(codes)
        if plain:
            values[unread] = self.numbers[unread]
            unread &= np.isnan(values)
        there = np.flatnonzero(unread)
        cells = _taken(self.cells, there.tolist())
        if plain and are_plain(cells):
            values[there] = list(map(float, cells))
            there = there[~np.isfinite(values[there])]
        for code in there.tolist():
            cell = self.cells[code]
            if type(cell) is float or (plain and isinstance(cell, str) and PLAIN.fullmatch(cell)):
                values[code] = float(cell)
                if np.isfinite(values[code]):
                    continue
            lone = LONE.fullmatch(cell.strip()) if notation.lone and isinstance(cell, str) else None
            made = Amount(f"-{lone[1]}") if lone else self.amount(code)
            if made.body is None:
                odd[code] = made
            elif isinstance(made.body, UnusableCell):
                odd[code] = Problem(made.body.problem, made.body.hint)
            elif (
                notation.unclear
                and isinstance(made.body, str)
                and ("," in made.body or "." in made.body)
            ):
                odd[code] = notation.unclear
            else:
                value = amounts.value_of(made.body, notation, cell if isinstance(cell, str) else "")
                if isinstance(value, Problem):
                    odd[code], values[code] = value, np.nan
                    continue
                values[code] = value
                if any(made[1:]):
                    odd[code] = made
        return values, odd


def are_plain(cells: Sequence[Any]) -> bool:
    """True if all cells are numbers without any sign but the point: a quick look at many of them."""
    texts = all(type(cell) is str for cell in cells)
    return texts and _ALL_PLAIN.fullmatch("".join(f"{cell}\n" for cell in cells)) is not None


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
        cell = UnusableCell(
            str(cell), f"is {kind} where one value must be", "Write one value a row."
        )
    return type(cell), cell


def chained(parts: Sequence[Words]) -> Words:
    """Words one after the other."""
    cells = _Chained([words.cells for words in parts])
    return Words(
        cells, np.concatenate([w.numbers for w in parts]), np.concatenate([w.filled for w in parts])
    )
