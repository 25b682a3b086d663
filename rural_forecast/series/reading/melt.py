"""The values of a choice one below the other, as arrays: series, period, value, and where each is in its grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import InputError, Problem
from rural_forecast.series.period import Period
from rural_forecast.series.reading.amounts import NO_VALUE, Amount, Notation, in_brackets, notation_of
from rural_forecast.series.reading.choose import Choice
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.reading.periods import Head, read_head
from rural_forecast.series.reading.schema import refuse_cell
from rural_forecast.series.reading.table import Places, Table
from rural_forecast.series.reading.words import NUMBER, are_plain
from rural_forecast.text.patterns import expression

MOST_FAULTS = 1000
"""Faults that are kept; a file with more has one cause for most of them."""


class Fault(NamedTuple):
    """One thing that is refused."""

    series_id: str  # empty where the row could not be read far enough
    error: InputError


class Melt(NamedTuple):
    """Values one below the other, each with its series, in the order of rows."""

    choice: Choice
    key: Places  # the series, a place among the ids of the choice
    head: Places  # the period, a place among `heads`; -1 where the cell is none
    heads: Sequence[Head | None]
    row: Places  # of the grid
    column: Places
    codes: Places  # the word of each value
    values: NDArray[np.float64]  # NaN where there is none
    odd: Mapping[int, Amount | Problem]  # by word: what is next to a number, why there is none, or what is wrong
    missing: NDArray[np.bool_]  # which values are not there: the cell is empty or marked, or a flag says so
    notation: Notation

    def require_clear(self) -> None:
        """Refuse numbers whose signs may mean either, where they are used. Raises InputError."""
        unclear, table = self.notation.unclear, self.choice.table
        if unclear is not None and any(made is unclear for made in self.odd.values()):
            raise InputError(f"{unclear.problem}.", unclear.hint, place=table.grid.place(max(table.header, 0), 0))

    @property
    def faulty(self) -> NDArray[np.bool_]:
        """Which values have no period, or are there and no number."""
        problems = [code for code, made in self.odd.items() if isinstance(made, Problem)]
        faulty: NDArray[np.bool_] = self.head < 0
        return faulty | (np.isin(self.codes, problems) & ~self.missing) if problems else faulty

    def faults(self, at: int) -> list[InputError]:
        """What is wrong with the period and the number of a value."""
        table, row, found = self.choice.table, int(self.row[at]), list[InputError]()
        if self.head[at] < 0:
            cell = table.grid.cell(row, table.period)
            usual = cell is None or isinstance(cell, str | int | float)
            cause = read_head(cell) if usual else Problem("is not a period", "")
            if not isinstance(cause, Problem):
                cause = Problem("is a year only in a column with the name of one", "Name the column 'year'.")
            found.append(refuse_cell(table, row, table.period, cause))
        wrong = self.odd.get(int(self.codes[at]))
        if isinstance(wrong, Problem) and not self.missing[at]:
            found.append(refuse_cell(table, row, int(self.column[at]), wrong))
        return found


_POINTS = expression(r"(?m)^[+-]?(?:0|[0-9]{4,})\.[0-9]|\.[0-9]{1,2}$|\.[0-9]{4,}$")
"""A point that shows the decimal mark, in numbers without any other sign."""


def notation_in(table: Table, columns: Places, asked: str | None) -> Notation:
    """The signs in the numbers of a table, from all its values, those that are not chosen as well."""
    index = table.grid.index
    inside = index[np.ix_(table.rows, columns)]
    words = table.grid.words
    there = np.flatnonzero(words.within(inside))
    first = np.zeros(len(words.cells), dtype=np.int64)
    first[inside.reshape(-1)[::-1]] = np.arange(inside.size)[::-1]
    unknown = [words.cells[code] for code in there[np.isnan(words.numbers[there])].tolist()]
    if asked is None and are_plain([cell for cell in unknown if cell is not None]):
        written = there[words.filled[there] != NUMBER]
        if not len(written):
            return Notation()
        for some in range(0, len(written), 1000):
            cells = [words.cells[code] for code in written[some : some + 1000].tolist()]
            if _POINTS.search("\n".join(cell for cell in cells if isinstance(cell, str))):
                return Notation(".", ",")
    bodies: dict[str, str] = {}
    lone = False
    for code, at in zip(there.tolist(), first[there].tolist(), strict=True):
        cell = words.cells[code]
        if isinstance(cell, str):
            lone = lone or in_brackets(cell.strip())
            body = cell if cell.isdigit() else words.amount(code).body
            if body and body not in bodies:
                row, column = divmod(at, len(columns))
                named = ("," in body or "." in body) and len(bodies) < 1000
                bodies[body] = str(table.grid.place(int(table.rows[row]), int(columns[column]))) if named else ""
    return notation_of(bodies, asked, table.grid.delimiter)._replace(lone=lone)


def melted(choice: Choice, options: ReadOptions, notation: Notation | None = None) -> Melt:
    """The values of a choice. `notation`: that of the numbers, where it is known."""
    table, grid = choice.table, choice.table.grid
    if notation is None:
        fixed = table.across or table.parts or table.roles
        several = np.array(sorted({*choice.columns.tolist(), *choice.known.values}), dtype=np.int64)
        notation = notation_in(table, table.columns if fixed else several, options.decimal)
    rows, columns, heads = table.rows[choice.rows], choice.columns, table.heads
    head = np.searchsorted(table.columns, columns)[None, :] if table.across else table.head_of[choice.rows][:, None]
    if table.parts:
        parts = [table.parts[column] for column in columns.tolist()]
        head = np.where(head >= 0, head + np.arange(len(parts)) * len(heads), -1)
        heads = [
            year and Head(Period(year.period.year, part.last, part.length), mark=year.mark)
            for part in parts
            for year in heads
        ]
    words = grid.index[np.ix_(rows, columns)]
    by_column = not table.across and len(columns) > 1 and not table.parts

    def flat(part: NDArray[Any]) -> NDArray[Any]:
        return np.broadcast_to(part, words.shape).reshape(-1, order="F" if by_column else "C")

    codes = flat(words)
    values, odd = grid.words.values(codes, notation)
    missing = np.isin(codes, [code for code, made in odd.items() if isinstance(made, Amount) and made.body is None])
    for at in (at for role, at in choice.known.roles.items() if role == "flag" or role.startswith("remark")):
        flags = grid.label("", at, rows)
        missing |= flat(np.array([text.casefold() in NO_VALUE for text in flags.texts])[flags.codes][:, None])
    key = flat(choice.id_of if choice.id_of.ndim == 2 else choice.id_of[:, None])
    row, column = flat(rows[:, None]), flat(columns[None, :])
    return Melt(choice, key, flat(head), heads, row, column, codes, values[codes], odd, missing, notation)
