"""The values of a choice, series by series, with their places, periods and refusals."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from rural_forecast.errors import InputError, Place, Problem
from rural_forecast.notes import Note
from rural_forecast.observed.reading.account import Noted
from rural_forecast.observed.reading.descriptions import Descriptions
from rural_forecast.observed.reading.history_end import projections
from rural_forecast.observed.reading.melt import Melt
from rural_forecast.observed.reading.options import ReadOptions
from rural_forecast.observed.reading.schema import OF_MARKETS, RowReader, refuse_cell


class Values:
    """The values that were chosen, the rows they are in, and what is noted of them."""

    def __init__(self, melt: Melt, options: ReadOptions, noted: Noted) -> None:
        self.melt = melt
        self.options = options
        self.noted = noted
        self.table = melt.choice.table
        self.grid = self.table.grid
        roles: Mapping[str, int] | None = self.table.roles
        if roles is None:
            used = ("status", "flag", "unit", "new_basis", *OF_MARKETS)
            beside = melt.choice.beside.roles
            roles = {role: beside[role] for role in beside if role in used}
        self.rows = RowReader(self.table, roles)
        self.descriptions = Descriptions(melt, self.rows, options)
        # Rows of our own state what is a forecast.
        self.until = {} if self.rows.own else projections(self.table, melt.choice.naming)
        # The values of all series, one series after the other, and where each begins.
        self._order = np.argsort(melt.id_of, kind="stable")
        ids = np.arange(len(melt.choice.ids) + 1)
        self._edges = np.searchsorted(melt.id_of[self._order], ids)

    def place_of(self, index: int) -> Place:
        """Return the place of a value in the file."""
        return self.grid.place_of(int(self.melt.rows[index]), int(self.melt.columns[index]))

    def indices_of(self, series: int) -> list[int]:
        """Return the values of a series, in the order of the file."""
        indices: list[int] = self._order[self._edges[series] : self._edges[series + 1]].tolist()
        return indices

    def period_as_written(self, index: int) -> str:
        """Return the period of a value as the file writes it."""
        if self.table.across:
            return self.grid.text(self.table.header_row, int(self.melt.columns[index]))
        return self.grid.text(int(self.melt.rows[index]), self.table.period_column)

    def refused(self, index: int, cause: Problem, *, period: bool = False) -> InputError:
        """Refuse the cell of a value, or with `period` that of its period."""
        table = self.table
        row = int(self.melt.rows[index])
        column = int(self.melt.columns[index])
        if period and table.across:
            return refuse_cell(table, table.header_row, column, cause)
        if period:
            return refuse_cell(table, row, table.period_column, cause)
        return refuse_cell(table, row, column, cause)

    def note(self, code: str, text: str) -> None:
        """Keep a warning about the file."""
        self.noted.keep(Note(code, f"In {self.noted.file}, {text}.", warning=True))

    def note_by_example(self, code: str, text: str) -> None:
        """Keep a warning about the file that has an example: that of the first series says it."""
        if not self.noted.has(code):
            self.note(code, text)
