"""Melts a choice: its values one below the other, as arrays, whatever the layout of the table was.

From here on tables across and down are alike. Each value has a series, a period, a row and a
column; a number, or the reason why there is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import InputError, Problem
from rural_forecast.observed.reading.amounts import NO_VALUE, Amount, Notation
from rural_forecast.observed.reading.chooser import Choice
from rural_forecast.observed.reading.head import Head
from rural_forecast.observed.reading.labels import Indices
from rural_forecast.observed.reading.names import holds_flags
from rural_forecast.observed.reading.notations import notation_in
from rural_forecast.observed.reading.options import ReadOptions
from rural_forecast.observed.reading.periods import read_head
from rural_forecast.observed.reading.schema import refuse_cell
from rural_forecast.observed.reading.table import PeriodTable

MOST_FAULTS = 1000  # faults that are kept; a file with more has one cause for most of them


class Fault(NamedTuple):
    """One thing that is refused, by its first cell."""

    series_id: str  # empty where the row could not be read far enough
    error: InputError
    cells: int = 1  # of the series for which it is refused in the same words
    unlisted: int = 0  # other cells of the series that are refused, where too many are


class SeriesFaults:
    """Counts what is refused of one series, by its words."""

    def __init__(self, series_id: str) -> None:
        self.series_id = series_id
        self.unlisted = 0
        self._faults: dict[tuple[str, str], Fault] = {}

    def add(self, error: InputError, listed: int) -> None:
        """Count a refusal, `listed` being the faults of the series before; one is always kept."""
        words = (error.problem, error.hint)
        fault = self._faults.get(words)
        if fault is not None:
            self._faults[words] = fault._replace(cells=fault.cells + 1)
        elif self._faults and listed + len(self._faults) >= MOST_FAULTS:
            self.unlisted += 1
        else:
            self._faults[words] = Fault(self.series_id, error)

    def listed(self) -> list[Fault]:
        """List the faults in the order of the file; the last one counts those that are not."""
        faults = [*self._faults.values()]
        if self.unlisted:
            faults[-1] = faults[-1]._replace(unlisted=self.unlisted)
        return faults


@dataclass(frozen=True)
class Melt:
    """Values one below the other, each with its series, in the order of rows."""

    choice: Choice
    id_of: Indices  # the series, an index of the ids of the choice
    head_of: Indices  # the period, an index of `heads`; -1 where the cell is none
    heads: Sequence[Head | None]
    rows: Indices  # of the grid
    columns: Indices  # of the grid
    codes: Indices  # the word of each value
    values: NDArray[np.float64]  # NaN where there is none
    odd: Mapping[int, Amount | Problem]
    """by word: what is next to a number, why there is none, or what is wrong."""
    missing: NDArray[np.bool_]
    """true for values that are not there: the cell is empty or marked, or a flag says so."""
    notation: Notation

    def require_clear(self) -> None:
        """Refuse numbers whose signs may mean either, where they are used. Raises InputError."""
        unclear = self.notation.unclear
        codes = [code for code, amount in self.odd.items() if amount is unclear]
        if unclear and codes:
            first = int(np.argmax(np.isin(self.codes, codes)))
            row = int(self.rows[first])
            raise refuse_cell(self.choice.table, row, int(self.columns[first]), unclear)

    @property
    def faulty(self) -> NDArray[np.bool_]:
        """True for values that have no period, or are there and no number."""
        problems = [code for code, amount in self.odd.items() if isinstance(amount, Problem)]
        faulty: NDArray[np.bool_] = self.head_of < 0
        if problems:  # a search that almost no file needs
            faulty = faulty | (np.isin(self.codes, problems) & ~self.missing)
        return faulty

    def faults(self, index: int) -> list[InputError]:
        """Return the refusals of the period and of the number of a value."""
        table = self.choice.table
        row = int(self.rows[index])
        refusals: list[InputError] = []
        if self.head_of[index] < 0:
            refusals.append(refuse_cell(table, row, table.period_column, _no_period(table, row)))
        wrong = self.odd.get(int(self.codes[index]))
        if isinstance(wrong, Problem) and not self.missing[index]:
            refusals.append(refuse_cell(table, row, int(self.columns[index]), wrong))
        return refusals


def _no_period(table: PeriodTable, row: int) -> Problem:
    """Find out why the cell of a row where a period must be is none."""
    cause = read_head(table.grid.cell(row, table.period_column))
    if isinstance(cause, Problem):
        return cause
    return Problem("is a year only in a column with the name of one", "Name the column 'year'.")


def melted(choice: Choice, options: ReadOptions, notation: Notation | None = None) -> Melt:
    """Melt the values of a choice. `notation` is that of the numbers, where it is known."""
    table = choice.table
    grid = table.grid
    if notation is None:
        notation = notation_in(table, _columns_of_notation(choice), options.decimal)
    rows = table.rows[choice.rows]
    columns = choice.value_columns
    words = grid.index[np.ix_(rows, columns)]
    # Several columns of measures are series: the values of each follow one another.
    is_by_column = table.measures is None and len(columns) > 1
    order = "F" if is_by_column else "C"

    def flat(part: NDArray[Any]) -> NDArray[Any]:
        return np.broadcast_to(part, words.shape).reshape(-1, order=order)  # type: ignore[call-overload, no-any-return]

    codes = flat(words)
    values, odd = grid.words.values(codes, notation)
    id_of = choice.id_of if choice.id_of.ndim == 2 else choice.id_of[:, None]
    absent = [
        code for code, amount in odd.items() if isinstance(amount, Amount) and amount.body is None
    ]
    return Melt(
        choice,
        flat(id_of),
        flat(_heads_of_values(choice)),
        table.heads,
        flat(rows[:, None]),
        flat(columns[None, :]),
        codes,
        values[codes],
        odd,
        np.isin(codes, absent) | flat(_flagged_as_missing(choice, rows)),
        notation,
    )


def _columns_of_notation(choice: Choice) -> Indices:
    """Return the columns whose numbers decide the notation: those of values and their growth."""
    table = choice.table
    if table.measures is not None or table.roles:
        return table.value_columns
    beside = choice.beside
    columns = {*choice.value_columns.tolist(), *beside.values, *beside.growths}
    return np.array(sorted(columns), dtype=np.int64)


def _heads_of_values(choice: Choice) -> Indices:
    """Return the period of each value, in a shape that fits rows and columns."""
    table = choice.table
    head_of = table.head_of
    if len(head_of) > 1 or not table.across:
        head_of = head_of[choice.rows]
    if table.measures is not None:
        head_of = head_of[:, np.searchsorted(table.value_columns, choice.value_columns)]
    return head_of


def _flagged_as_missing(choice: Choice, rows: Indices) -> NDArray[np.bool_]:
    """True for values of which a flag says that they are not there, in a shape that fits them."""
    flags = _columns_of_flags(choice)
    figures = _columns_of_notation(choice)
    names = choice.table.names
    # An empty column of flags shows the order as well.
    like_flags = [column for column, name in enumerate(names) if holds_flags(name)]
    are_between = any(figures.min() < column < figures.max() for column in like_flags)
    missing = np.zeros((len(rows), len(choice.value_columns)), dtype=np.bool_)
    for column in flags:
        texts = choice.table.grid.label("", column, rows)
        says_none = np.array([text.casefold() in NO_VALUE for text in texts.texts])
        flagged = says_none[texts.codes][:, None]
        before = figures[figures < column]
        # A flag behind each column of figures holds for that column, and one at the end for all.
        if len(before) and (are_between or not names[column]):
            flagged = flagged & (choice.value_columns == before.max())
        missing |= flagged
    return missing


def _columns_of_flags(choice: Choice) -> list[int]:
    """List the columns of flags; the letters in a column of comments or notes are words."""
    columns: list[int] = []
    for role, column in choice.beside.roles.items():
        name = choice.table.names[column]
        is_remark_of_flags = role.startswith("remark") and (not name or holds_flags(name))
        if role == "flag" or is_remark_of_flags:
            columns.append(column)
    return columns
