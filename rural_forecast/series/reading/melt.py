"""The values of a choice one below the other, as arrays: series, period, value, and where each is in its grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import InputError, Problem
from rural_forecast.series.period import Period
from rural_forecast.series.reading.amounts import Amount, Notation, Signs, notation_of, signs_of
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

    series_id: str
    """Empty where the row could not be read far enough."""
    error: InputError


class Melt(NamedTuple):
    """Values one below the other, each with its series, in the order of rows."""

    choice: Choice
    key: Places
    """The series, a place among the ids of the choice."""
    head: Places
    """The period, a place among `heads`; -1 where the cell is none."""
    heads: Sequence[Head | None]
    row: Places
    """Of the grid."""
    column: Places
    codes: Places
    """The word of each value."""
    values: NDArray[np.float64]
    """NaN where there is none."""
    odd: Mapping[int, Amount | Problem]
    """By word: what is next to a number, why there is none, or what is wrong."""
    notation: Notation

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Which values are not there: the cell is empty or marked, or a flag says so."""
        absent = [code for code, made in self.odd.items() if isinstance(made, Amount) and made.body is None]
        missing = np.isin(self.codes, absent)
        if self.choice.without_value:
            missing |= np.isin(self.row, list(self.choice.without_value))
        return missing

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
        table, row, cause = self.choice.table, int(self.row[at]), self.odd.get(int(self.codes[at]))
        found = [refuse_period(table, row)] if self.head[at] < 0 else []
        if isinstance(cause, Problem) and row not in self.choice.without_value:
            found.append(refuse_cell(table, row, int(self.column[at]), cause))
        return found


def refuse_period(table: Table, row: int) -> InputError:
    """The refusal of a period of a row."""
    cell = table.grid.cell(row, table.period)
    found = read_head(cell) if cell is None or isinstance(cell, str | int | float) else Problem("is not a period", "")
    cause = found if isinstance(found, Problem) else Problem(
        "is a year only in a column with the name of one", "Name the column 'year'."
    )  # fmt: skip
    return refuse_cell(table, row, table.period, cause)


_POINTS = expression(r"(?m)^[+-]?(?:0|[0-9]{4,})\.[0-9]|\.[0-9]{1,2}$|\.[0-9]{4,}$")
"""A point that shows the decimal mark, in numbers without any other sign."""


def notation_in(table: Table, columns: Places, asked: str | None) -> tuple[Notation, Signs]:
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
            return Notation(), Signs()
        for some in range(0, len(written), 1000):
            cells = [words.cells[code] for code in written[some : some + 1000].tolist()]
            if _POINTS.search("\n".join(cell for cell in cells if isinstance(cell, str))):
                return Notation(".", ","), Signs()
    texts: list[str] = []
    bodies: dict[str, str] = {}
    for code, at in zip(there.tolist(), first[there].tolist(), strict=True):
        cell = words.cells[code]
        if isinstance(cell, str):
            texts.append(cell.strip())
            body = cell if cell.isdigit() else words.amount(code).body
            if body and body not in bodies:
                row, column = divmod(at, len(columns))
                named = ("," in body or "." in body) and len(bodies) < 1000
                bodies[body] = str(table.grid.place(int(table.rows[row]), int(columns[column]))) if named else ""
    return notation_of(bodies, asked, table.grid.delimiter), signs_of(texts)


def melted(choice: Choice, options: ReadOptions, signs: tuple[Notation, Signs] | None = None) -> Melt:
    """The values of a choice. `signs`: those in the numbers, where they are known."""
    table = choice.table
    everything = table.columns if table.across or table.parts or table.roles else np.array(
        sorted({*choice.columns.tolist(), *choice.known.values}), dtype=np.int64
    )  # fmt: skip
    notation, meaning = signs or notation_in(table, everything, options.decimal)
    rows, columns = table.rows[choice.rows], choice.columns
    shape = len(rows), len(columns)
    codes = table.grid.index[np.ix_(rows, columns)]
    row, column = np.broadcast_to(rows[:, None], shape), np.broadcast_to(columns[None, :], shape)
    key = np.broadcast_to(choice.id_of if choice.id_of.ndim == 2 else choice.id_of[:, None], shape)
    heads = table.heads
    if table.across:
        at = {int(column): place for place, column in enumerate(table.columns.tolist())}
        head = np.broadcast_to(np.array([at[int(column)] for column in columns.tolist()])[None, :], shape)
    else:
        head = np.broadcast_to(table.head_of[choice.rows][:, None], shape)
        if table.parts:
            heads, head = _composed(table, head, columns)
    order = "F" if not table.across and len(columns) > 1 and not table.parts else "C"
    flat = [np.asarray(part).reshape(-1, order=order) for part in (key, head, row, column, codes)]  # type: ignore[call-overload]
    values, odd = table.grid.words.values(flat[4], notation, meaning)
    return Melt(choice, flat[0], flat[1], heads, flat[2], flat[3], flat[4], values[flat[4]], odd, notation)


def _composed(table: Table, head: Places, columns: Places) -> tuple[list[Head | None], Places]:
    parts = [table.parts[column] for column in columns.tolist()]
    heads = [
        year and Head(Period(year.period.year, part.last, part.length), mark=year.mark)
        for part in parts
        for year in table.heads
    ]
    return heads, np.where(head >= 0, head + np.arange(len(parts)) * len(table.heads), -1)
