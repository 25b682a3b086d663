"""Statements of a file on the values of a series: unit, title, labels, and facts apart from the rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np

from rural_forecast.errors import InputError, Problem
from rural_forecast.series.reading.amounts import Amount
from rural_forecast.series.reading.columns import holds_numbers
from rural_forecast.series.reading.grid import Label
from rural_forecast.series.reading.melt import Melt
from rural_forecast.series.reading.names import normalised, unit_in
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.reading.schema import Rows
from rural_forecast.series.reading.units import NAMED, beside_numbers, combined, of_title, with_scale
from rural_forecast.text.cells import label, shown
from rural_forecast.text.patterns import expression

_INITIALS = expression(
    r"\((?!EUR|USD|GBP|CNY|JPY|CHF|AUD|CAD|NZD|SEK|NOK|DKK|PLN|KRW|BRL|[GMTKP]Wh?\)|[EPTGM]J)[A-Z]{2,4}\)$"
)
"""The end of a label such as `Acre (AC)`, whose brackets hold no unit."""
_ABOUT = ("title", "definition", "unit", "publisher", "caveat", "measure")


class Stated:
    """Finds the unit and the names of values, each by its place among those of a melt."""

    def __init__(self, melt: Melt, rows: Rows, options: ReadOptions) -> None:
        self.melt, self.rows, self.options = melt, rows, options
        self.choice, self.table, self.grid = melt.choice, melt.choice.table, melt.choice.table.grid

    @cached_property
    def _worded(self) -> list[Label]:
        known, naming = self.choice.known, self.choice.naming
        return [one for one in known.labels if known.places.get(one.name) in naming or not holds_numbers(one)]

    def about(self, name: str) -> dict[str, str]:
        """Facts on a series that the file states apart from its rows."""
        about = self.grid.about.get(name, self.grid.about.get("", {}))
        return {key: text for key in _ABOUT if isinstance(text := about.get(key), str) and text}

    def titles(self) -> list[str]:
        """The title of the file, and the lines above the table."""
        return [*filter(None, (self.grid.about.get("", {}).get("title", ""),)), *self.table.title[-6:]]

    def title(self, name: str, at: int) -> str:
        """The title that a file states, that above its table, or the labels of its one series."""
        if stated := self.about(name).get("title", ""):
            return stated
        if self.table.title:
            return " ".join(max(self.table.title[-3:], key=len).split())[:200]
        labels = [] if self.rows.own else self.labels(at)
        return " / ".join(labels) if len(labels) > 1 else ""

    def labels(self, at: int) -> list[str]:
        """The labels that say which series a value is of."""
        row = int(np.searchsorted(self.table.rows, int(self.melt.row[at])))
        return [text for column in self._worded if (text := column.texts[column.codes[row]])]

    def text(self, at: int, role: str) -> str:
        """The text of a role in the row of a value."""
        column = self.choice.known.roles.get(role, -1)
        return self.grid.text(int(self.melt.row[at]), column) if column >= 0 else ""

    def unit(self, places: Iterable[int], stated: Mapping[str, str]) -> str:
        """The unit of a series, from all places that say one. Raises InputError where they contradict each other."""
        places = list(places)
        return beside_numbers(self._unit(places[0], stated), *self._beside(places))

    def unit_at(self, at: int) -> str:
        """The unit of a value, as its row and column say it. Raises InputError where they contradict each other."""
        row = int(self.melt.row[at])
        return self._unit(at, {role: self.rows.text(row, role) if self.rows.own else "" for role in ("unit", "scale")})

    def _unit(self, at: int, stated: Mapping[str, str]) -> str:
        row, column = int(self.melt.row[at]), int(self.melt.column[at])
        in_heads = next(filter(None, map(unit_in, self._names(row, column))), "")
        unit = self.table.units.get(column, "")
        for first, second in ((stated["unit"] or self._in_columns(row, column), unit), (None, in_heads)):
            found = combined(unit if first is None else first, second)
            if isinstance(found, Problem):
                place = self.grid.place(row, max(self.choice.known.roles.get("unit", 0), 0))
                raise InputError(f"the unit {found.problem}.", found.hint, place=place)
            unit = found
        scale = stated["scale"] or self.text(at, "scale")
        unit = with_scale(unit or self.about(self.choice.ids[0]).get("unit", ""), scale)
        return (unit if self.rows.own else of_title(self.table.title, unit)) or self.options.unit or ""

    def _names(self, row: int, column: int) -> list[str]:
        """The names that may hold the unit of a value in brackets."""
        table = self.table
        if not table.across:
            return [] if table.parts else [table.names[column]]
        rest = [at for at in range(len(table.names)) if at not in table.columns]
        measures = [table.measures.of[int(np.flatnonzero(table.columns == column)[0])]] if table.measures else []
        texts = [text for at in rest if not _INITIALS.search(text := self.grid.text(row, at))]
        return [*measures, *texts, *(f"head {name}" for at in rest if (name := table.names[at])[:1] in ("(", "["))]

    def _in_columns(self, row: int, column: int) -> str:
        """The text of a column of units, the longest of several: its code may be next to it."""
        table, stated = self.table, ""
        for at, name in enumerate(table.names) if not self.rows.own else ():
            if (table.across and at in table.columns) or at == column:
                continue
            text = self.grid.text(row, at)
            if "\\" in name and "," in name:  # keys packed into one: freq,unit,geo\TIME_PERIOD
                keys = dict(zip(name.partition("\\")[0].split(","), text.split(","), strict=False))
                name, text = ("unit", keys["unit"].strip()) if "unit" in keys else (name, text)
            name = " ".join(name.split())
            of_values = normalised(name).removesuffix("s") == f"{normalised(table.names[column])}_unit"
            is_unit = (of_values and not table.across) or NAMED.match(name) or self.choice.known.roles.get("unit") == at
            if is_unit and not text.replace(".", "").isdecimal() and len(text) > len(stated):
                stated = text
        return stated

    def _beside(self, places: Iterable[int]) -> tuple[str, str]:
        """Currency and factor next to the numbers of a series; a zero needs none."""
        currency, scale = "", None
        for at in places:
            made = self.melt.odd.get(int(self.melt.codes[at]))
            amount = made if isinstance(made, Amount) else Amount(0.0)
            if self.melt.values[at] == 0:
                currency = currency or amount.currency
                continue
            differs = scale is not None and amount.scale != scale
            if differs or (currency and amount.currency and amount.currency != currency):
                row, column = int(self.melt.row[at]), int(self.melt.column[at])
                raise InputError(
                    f"{shown(label(self.grid.cell(row, column)))} is in another unit than the values before it.",
                    "Write all values of a series in one unit.",
                    place=self.grid.place(row, column),
                )
            scale, currency = amount.scale, currency or amount.currency
        return currency, scale or ""
