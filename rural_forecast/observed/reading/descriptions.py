"""Describes values by what a file says of them: their unit, their title, the labels of their row.

A unit may be in a column, in the brackets of a head, in a row of units, next to the numbers, in the
title, or stated apart from all rows; and parts of one in several of these.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from rural_forecast.errors import InputError, Problem
from rural_forecast.observed.reading.amounts import Amount
from rural_forecast.observed.reading.codes import holds_numbers
from rural_forecast.observed.reading.corner import measure_in_corner
from rural_forecast.observed.reading.labels import Labels
from rural_forecast.observed.reading.melt import Melt
from rural_forecast.observed.reading.names import names_place, normalised, single_spaced, unit_in
from rural_forecast.observed.reading.options import ReadOptions
from rural_forecast.observed.reading.schema import RowReader
from rural_forecast.observed.reading.units import (
    NAMED,
    beside_numbers,
    combined,
    of_title,
    with_scale,
)
from rural_forecast.text.cells import expression, shown
from rural_forecast.text.wording import words

# The end of a label such as `Acre (AC)`, whose brackets hold initials, and no unit: codes of money
# and of energy apart.
_INITIALS = expression(
    r"\((?!EUR|USD|GBP|CNY|JPY|CHF|AUD|CAD|NZD|SEK|NOK|DKK|PLN|KRW|BRL|[GMTKP]Wh?\)|[EPTGM]J)[A-Z]{2,4}\)$"
)
_CODE_BEFORE = expression(r"^\(\w+\) ")  # as in `(LOCATION) Country`
_WORDS_OF_PLACE = 2  # `Country` and `Reference area`, not `Sales by region and year`
_ABOUT = ("title", "definition", "unit", "publisher", "caveat", "measure")
_LINES_OF_TITLE = 3  # above a table, among which the longest is its title
_LONGEST_TITLE = 200


class Descriptions:
    """Finds the unit and the names of values, each by its index in a melt."""

    def __init__(self, melt: Melt, rows: RowReader, options: ReadOptions) -> None:
        self.melt = melt
        self.rows = rows
        self.options = options
        self.choice = melt.choice
        self.table = melt.choice.table
        self.grid = melt.choice.table.grid
        table = self.table
        beside = self.choice.beside
        # Numbers that the id is not made of say nothing to people.
        self.worded: list[Labels] = []
        for label in beside.labels:
            is_naming = beside.places.get(label.name) in self.choice.naming
            if is_naming or not holds_numbers(label):
                self.worded.append(label)
        columns = range(len(table.names))
        if table.across:
            self._others = [column for column in columns if column not in table.value_columns]
        else:
            self._others = [*columns]
        self._measure = measure_in_corner(table, self._others)

    def about(self, name: str) -> dict[str, str]:
        """Return the facts on a series that the file states apart from its rows."""
        about = self.grid.about.get(name, self.grid.about.get("", {}))
        facts = {key: about.get(key) for key in _ABOUT}
        return {key: text for key, text in facts.items() if isinstance(text, str) and text}

    def titles(self) -> list[str]:
        """Return the title of the file, and the lines above the table."""
        titles = [*self.table.title[-6:]]
        title = self.grid.about.get("", {}).get("title", "")
        return [title, *titles] if title else titles

    def title(self, name: str, index: int) -> str:
        """Return the title that a file states, the one above its table, or the labels of a row."""
        title = self.about(name).get("title", "") or self._title_above()
        if title:
            return title
        labels = [] if self.rows.own else self.labels(index)
        return " / ".join(labels) if len(labels) > 1 else ""

    def definition(self, name: str, index: int) -> str:
        """Return the definition that a table of others has for a series."""
        return self.text(index, "definition") or self.about(name).get("definition", "")

    def _title_above(self) -> str:
        """Return the title above the table or in its corner; empty where there is none."""
        longest = max(self.table.title[-_LINES_OF_TITLE:], key=len, default="")
        title = longest or self._measure.name
        return single_spaced(title)[:_LONGEST_TITLE]

    def names(self, index: int, but: Collection[str] = ()) -> tuple[str, ...]:
        """Return what says, besides an id, what a value measures: a title, labels, and a head.

        The labels of the columns in `but` are left out.
        """
        column = int(self.melt.columns[index])
        head = self.table.names[column]
        if self.table.measures is not None:  # the head is a period
            measure = int(np.searchsorted(self.table.value_columns, column))
            head = self.table.measures.texts[self.table.measures.codes[measure]]
        labels = [] if self.rows.own else self.labels(index, but)
        return tuple(dict.fromkeys(filter(None, (self._title_above(), *labels, head))))

    def labels(self, index: int, but: Collection[str] = ()) -> list[str]:
        """Return the labels that say which series a value is of, without those of some columns."""
        row = int(np.searchsorted(self.table.rows, int(self.melt.rows[index])))
        texts: list[str] = []
        for label in self.worded:
            text = label.texts[label.codes[row]]
            if text and label.name not in but:
                texts.append(text)
        return texts

    def places(self, index: int) -> tuple[str, ...]:
        """Return the labels of the columns of places in the row of a value, and places above."""
        row = int(np.searchsorted(self.table.rows, int(self.melt.rows[index])))
        texts = [label.texts[label.codes[row]] for label in self.worded if names_place(label.name)]
        return tuple(dict.fromkeys(filter(None, (*texts, *self._places_above()))))

    def _places_above(self) -> Iterator[str]:
        """Yield the places that lines above the table state for all of it: `Country: France`."""
        for line in self.table.title:
            name, _, market = line.partition(": ")
            name = _CODE_BEFORE.sub("", name)
            if names_place(name) and words(name) <= _WORDS_OF_PLACE:
                yield market.strip()

    def text(self, index: int, role: str) -> str:
        """Return the text of a role in the row of a value."""
        column = self.choice.beside.roles.get(role, -1)
        return self.grid.text(int(self.melt.rows[index]), column) if column >= 0 else ""

    def stating(self, indices: Sequence[int], role: str) -> int:
        """Return the first of some values whose row states a role, or else the first of all.

        A cell above may be empty, as where a file states its unit once.
        """
        if role not in self.choice.beside.roles:
            return indices[0]
        return next((index for index in indices if self.text(index, role)), indices[0])

    def unit_at(self, index: int, stated: Mapping[str, str] | None = None) -> str:
        """Return the unit of a value, as its row and column say it.

        `stated` has the unit and the scale of its series in rows of our own. Raises InputError
        where they contradict each other.
        """
        row = int(self.melt.rows[index])
        column = int(self.melt.columns[index])
        own = self.rows.own
        if stated is None:
            stated = {role: self.rows.text(row, role) for role in ("unit", "scale")}
        in_heads = next(filter(None, map(unit_in, self._names(row, column))), "")
        # Beside columns of others another one may say it at greater length.
        unit = stated["unit"] if own else self._in_columns(row, column)
        for part in (self.table.units.get(column, ""), in_heads):
            joined = combined(unit, part)
            if isinstance(joined, Problem):
                cell = self.grid.place_of(row, max(self.choice.beside.roles.get("unit", 0), 0))
                raise InputError(f"the unit {joined.problem}.", joined.hint, place=cell)
            unit = joined
        scale = stated["scale"] or self.text(index, "scale")
        unit = with_scale(unit or self.about(self.choice.ids[0]).get("unit", ""), scale)
        if not own:
            unit = of_title(self.table.title, unit or self._measure.unit)
            unit = unit or self._in_labels(row)
        return unit or self.options.unit or ""

    def _names(self, row: int, column: int) -> list[str]:
        """Return the names that may hold the unit of a value in brackets."""
        table = self.table
        if not table.across:
            return [table.names[column]] if table.measures is None else []
        names: list[str] = []
        if table.measures:
            measure = int(np.searchsorted(table.value_columns, column))
            names.append(table.measures.texts[table.measures.codes[measure]])
        texts = [self.grid.text(row, other) for other in self._others]
        names += [text for text in texts if not _INITIALS.search(text)]
        # The head of the labels may be a unit alone, as in annual reports: `(EUR million)`.
        for other in self._others:
            if table.names[other].startswith(("(", "[")):
                names.append(f"head {table.names[other]}")
        return names

    def _in_labels(self, row: int) -> str:
        """Return the unit that a label of a row states in brackets: `GDP (current US$)`."""
        if self.table.across:
            return ""
        labels = [self.grid.text(row, other) for other in self._others]
        stated = (unit_in(text) for text in labels if text.endswith(")"))
        return of_title([f"({unit})" for unit in stated], "")

    def columns_of_units(self) -> list[int]:
        """List the columns beside periods whose cells may hold a unit, as a name or in brackets."""
        columns: list[int] = []
        for column in self._others:
            is_packed = "\\" in self.table.names[column]
            if is_packed or any(map(unit_in, self.table.label(column).texts)):
                columns.append(column)
        return columns

    def _in_columns(self, row: int, column: int) -> str:
        """Return the text of a column of units.

        Of several the longest counts, as the code of a unit may be next to it.
        """
        table = self.table
        longest = ""
        of_values = None if table.across else f"{normalised(table.names[column])}_unit"
        for other in self._others:
            name, text = self._unpacked(
                single_spaced(table.names[other]), self.grid.text(row, other)
            )
            is_unit = NAMED.match(name) or self.choice.beside.roles.get("unit") == other
            is_of_values = normalised(name).removesuffix("s") == of_values
            if other == column or not (is_unit or is_of_values):
                continue
            if len(text) > len(longest) and not text.replace(".", "").isdecimal():
                longest = text
        return longest

    @staticmethod
    def _unpacked(name: str, text: str) -> tuple[str, str]:
        r"""Take the unit out of keys that are packed into one: `freq,unit,geo\TIME_PERIOD`."""
        packed, sign, _ = name.partition("\\")
        if not sign or "," not in name:
            return name, text
        keys = dict(zip(packed.split(","), text.split(","), strict=False))
        return ("unit", keys["unit"].strip()) if "unit" in keys else (name, text)

    def unit(self, indices: Sequence[int], stated: Mapping[str, str]) -> str:
        """Return the unit of a series, with what is next to its numbers.

        Raises InputError for units that contradict each other.
        """
        unit = self.unit_at(self.stating(indices, "unit"), stated)
        if not self.melt.odd:  # nothing is next to a number
            return beside_numbers(unit, "", "")
        currency = ""
        scale: str | None = None
        for index in indices:
            odd = self.melt.odd.get(int(self.melt.codes[index]))
            amount = odd if isinstance(odd, Amount) else Amount(0.0)
            if self.melt.values[index] == 0:  # which needs no factor
                currency = currency or amount.currency
                continue
            other_scale = scale is not None and amount.scale != scale
            # A sign of money may be in the first row alone.
            other_currency = currency and amount.currency and amount.currency != currency
            if other_scale or other_currency:
                row = int(self.melt.rows[index])
                column = int(self.melt.columns[index])
                cell = shown(self.grid.cell(row, column))
                problem = f"{cell} is in another unit than the values before it."
                hint = "Write all values of a series in one unit."
                raise InputError(problem, hint, place=self.grid.place_of(row, column))
            currency = currency or amount.currency
            scale = amount.scale
        return beside_numbers(unit, currency, scale or "")
