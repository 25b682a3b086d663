"""Choosing the series of a panel: by a label in any column, by `COLUMN=VALUE`, by the head of a column of values.

Columns that say one thing all along, codes beside their labels and columns of remarks need no choice. What still varies
is named in the refusal, with the option to type.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from rural_forecast.errors import InputError, UsageError
from rural_forecast.series.reading.codes import same
from rural_forecast.series.reading.column_names import VALUE_NAMES, normalised
from rural_forecast.series.reading.columns import named
from rural_forecast.series.reading.labels import VALUES, Column, is_numeric, labels_of
from rural_forecast.series.reading.number_forms import NO_VALUE, is_number
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.reading.panel import Panel, single_spaced
from rural_forecast.series.reading.varying import StillVariesError, ask, varying
from rural_forecast.text.cells import label


class Choice(NamedTuple):
    """The rows and the columns of values that were chosen, and how its series are called."""

    panel: Panel
    rows: Sequence[int]
    value: int
    """Of years down: the column of values."""
    years: dict[int, object]
    """Of years across: the columns of years."""
    ids: dict[int, str]
    """The series of each row."""
    remarks: Mapping[str, Any] = {}
    """Columns that say something of a value, by their role."""
    missing_by_remark: frozenset[int] = frozenset()
    """Rows whose remark says that there is no value."""


def choose(panel: Panel, options: ReadOptions, *, several: bool = False) -> Choice:
    """The one series that the options name, or all of them.

    Raises UsageError for an unknown column or label, and StillVariesError if several series are left and one is wanted.
    """
    return _Chooser(panel, options, several=several).choice()


def value_columns(panel: Panel, options: ReadOptions) -> dict[str, int]:
    """The columns that could hold values, where several could, by name."""
    labels = labels_of(panel, options, several=True)
    places = {name: at for at in labels.numbers if (name := panel.names[at])}
    clear = labels.value < 0 and options.value_column is None and len(places) == len(labels.numbers) > 1
    return places if clear else {}


class _Chooser:
    def __init__(self, panel: Panel, options: ReadOptions, *, several: bool) -> None:
        self.panel, self.options, self.several = panel, options, several
        self.rows: list[int] = list(panel.rows)
        self.file = panel.table.file
        self.labels = labels_of(panel, options, several=several)
        self.value = self.labels.value
        self.measures = list(dict.fromkeys(panel.measures.values()))
        self.measure: str | None = None

    def choice(self) -> Choice:
        panel, several = self.panel, self.several
        for condition in self.options.where:
            self._keep_where(condition)
        if self.options.series_id is not None:
            self._keep_series(self.options.series_id)
        left = self._measures_left() if panel.across else self._values_left()
        self._drop_parts()
        columns = [] if several and self._is_one() else self._varying()
        if left or (not several and columns):
            raise ask(panel, columns, self.rows, len(set(self._ids(columns).values())), left)
        for column in columns:
            self._require_labels(column)
        if panel.across and not several and len(self.rows) > 1:
            places = [str(panel.table.place(row, 0)) for row in self.rows]
            raise StillVariesError.of("rows_alike", file=self.file, count=len(places), places=places)
        years = {
            column: cell
            for column, cell in panel.years.items()
            if self.measure is None or panel.measures[column] == self.measure
        }
        roles = {role: at for role, at in self.labels.roles.items() if not role.startswith("remark")}
        return Choice(panel, self.rows, self.value, years, self._ids(columns), roles, self._missing_rows())

    def _varying(self) -> list[Column]:
        return varying(self.panel, self.labels.columns, self.rows)

    def _is_one(self) -> bool:
        """Whether each period is there once: the rows are one series, whatever else they say."""
        if self.panel.across:
            return False
        periods = [head.day or head.period for row in self.rows if (head := self.panel.loose(row)) is not None]
        return len(set(periods)) == len(periods)

    def _require_labels(self, column: Column) -> None:
        """Refuse rows that do not say which series they are of."""
        row = next((row for row in self.rows if not column.of(row)), None)
        if row is not None and not any(other.of(row) for other in self.labels.columns):
            raise InputError.of("no_label", column=column.name, place=self.panel.table.place(row, 0))

    def _missing_rows(self) -> frozenset[int]:
        """Rows with an attribute that says that there is no value."""
        places = [at for role, at in self.labels.roles.items() if role.startswith("remark") or role == "flag"]
        return frozenset(
            row for row in self.rows if any(self.panel.text(row, at).casefold() in NO_VALUE for at in places)
        )

    def _keep_where(self, condition: str) -> None:
        name, sign, wanted = condition.partition("=")
        if not sign or not name.strip():
            raise UsageError.of("no_condition", condition=condition)
        columns = [*self.labels.columns, *self.labels.others]
        for known in columns:  # a name may have a = in it
            if condition.startswith(f"{known.name}=") and len(known.name) > len(name):
                name, wanted = known.name, condition[len(known.name) + 1 :]
        chosen = [column for column in columns if column.name == name.strip()]
        chosen = chosen or [column for column in columns if same(column.name, name)]
        chosen += [column for column in columns if same(column.name, f"{name} label")]
        if not chosen:
            there = [column.name for column in columns if column.name]
            raise UsageError.of(
                "no_column_of_labels", file=self.file, column=name.strip(), names=there, code="unknown_name"
            )
        wanted = single_spaced(wanted)
        texts = [(row, column.of(row)) for column in chosen for row in self.rows]
        rows = [row for row, text in texts if text == wanted]
        self.rows = list(dict.fromkeys(rows or [row for row, text in texts if same(text, wanted)]))
        if not self.rows:
            there, column = [text for _, text in texts], chosen[0].name
            raise UsageError.of(
                "no_such_label", file=self.file, label=wanted, column=column, names=there, code="unknown_name"
            )

    def _keep_series(self, text: str) -> None:
        wanted = single_spaced(text)
        names, numbers = self.panel.names, self.labels.numbers
        for alike in (str.__eq__, same):
            heads = [at for at in numbers if alike(single_spaced(names[at]), wanted)]
            measures = [name for name in self.measures if alike(name, wanted)]
            by_label: dict[str, tuple[int, ...]] = {}
            for column in self.labels.columns:
                rows = tuple(row for row in self.rows if alike(column.of(row), wanted))
                if rows:
                    by_label[column.name] = rows
            if not (heads or measures or by_label):  # a name in another row above the figures
                above = self.panel.table.rows[: max(self.panel.rows[:1], default=0)] if numbers else ()
                cells = ((at, single_spaced(label(row[at]))) for row in above for at in numbers)
                heads = list(dict.fromkeys(at for at, cell in cells if alike(cell, wanted)))
            if heads or measures or by_label:
                self._take(text, heads, measures, by_label)
                return
        if columns := self._varying():
            ids = self._ids(columns)  # as the commands print them
            if joined := [row for row in self.rows if ids[row] == wanted]:
                self.rows = joined
                return
        there = [column.of(row) for column in self.labels.columns for row in self.rows]
        there += [names[at] for at in numbers] + self.measures
        raise UsageError.of("no_such_series", file=self.file, series=text, names=there, code="unknown_name")

    def _take(self, text: str, heads: list[int], measures: list[str], by_label: dict[str, tuple[int, ...]]) -> None:
        by_label = {name: rows for name, rows in by_label.items() if len(rows) < len(self.rows)} or by_label
        if len(set(by_label.values())) + len(heads) + len(measures) > 1:
            values = list(dict.fromkeys((*(self.panel.names[at] for at in heads), *measures)))
            where = self.panel.where
            if len(by_label) + len(values) == 1:
                raise StillVariesError.of("name_twice", table=where, name=text, columns=len(heads))
            raise StillVariesError.of("name_in_columns", table=where, name=text, labels=[*by_label], values=values)
        if heads:
            self.value = heads[0]
        elif measures:
            self.measure = measures[0]
        else:
            self.rows = list(next(iter(by_label.values())))

    def _values_left(self) -> list[str]:
        """Settle on the column of values; the names of those that are left where several could be it."""
        names, asked = self.panel.names, self.options.value_column
        if asked is not None:
            numeric = [at for at in range(len(names)) if at != self.panel.period and is_numeric(self.panel, at)]
            at = named([names[place] for place in numeric], self.file, asked, "value_column")
            self.value = numeric[at]
        if self.value >= 0:
            return []
        cells = self.panel.table.rows
        there = [at for at in self.labels.numbers if any(is_number(cells[row][at]) for row in self.rows)]
        known = [at for at in there if normalised(names[at]) in VALUE_NAMES]
        if not there:
            raise InputError.of("no_numbers", table=self.panel.where)
        if len(there) == 1 or len(known) == 1:
            self.value = (known or there)[0]
            return []
        return [names[at] or f"column {at + 1}" for at in there]

    def _measures_left(self) -> list[str]:
        """Settle on what is measured where each year has several columns; the measures left where several are."""
        panel, known, asked = self.panel, self.measures, self.options.value_column
        if asked is not None:
            chosen = [name for name in known if name == asked] or [name for name in known if same(name, asked)]
            if not chosen:
                raise UsageError.of("no_such_measure", file=self.file, measure=asked, names=known, code="unknown_name")
            self.measure = chosen[0]
        columns: dict[object, list[int]] = {}
        for column, cell in panel.years.items():
            columns.setdefault(panel.periods[cell].period, []).append(column)
        period, (first, *others) = next(((period, at) for period, at in columns.items() if len(at) > 1), ("", [-1]))
        if others and not known:
            earlier, place = (panel.table.place(panel.header, at) for at in (first, others[0]))
            raise InputError.of("period_twice_in_header", period=period, first=earlier, place=place)
        return known if self.measure is None and len(known) > 1 else []

    def _drop_parts(self) -> None:
        """Leave quarters and months out where their year is next to them."""
        if self.panel.across:
            return
        known = {row: head.period for row in self.rows if (head := self.panel.loose(row)) is not None}
        years = {period.year for period in known.values() if period.is_year}
        self.rows = [row for row in self.rows if row not in known or known[row].is_year or known[row].year not in years]

    def _ids(self, columns: Sequence[Column]) -> dict[int, str]:
        """The id of each row: what tells it apart, or what was asked for, or what its labels say."""
        if columns:
            return {
                row: " / ".join(filter(None, (column.of(row) for column in columns))) or "series" for row in self.rows
            }
        return dict.fromkeys(self.rows, self.options.series_id or self._own_name())

    def _own_name(self) -> str:
        """What the one series is called: what was chosen by, or its labels, or the head of its values."""
        if not self.rows:
            return ""
        chosen = [condition.partition("=")[2].strip() for condition in self.options.where]
        chosen += filter(None, (self.measure or self.options.value_column,))
        if chosen:
            return " / ".join(chosen)
        if self.panel.across:
            return next((text for column in self.labels.columns if (text := column.of(self.rows[0]))), "")
        head = single_spaced(self.panel.names[self.value]) if self.value >= 0 else ""
        return head if normalised(head) not in VALUES else ""
