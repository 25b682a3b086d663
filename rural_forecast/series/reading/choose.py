"""Choosing the series of a panel: by a label in any column, by `COLUMN=VALUE`, by the head of a column of values.

Columns that say one thing all along, codes beside their labels and columns of remarks need no choice. What still varies
is named in the refusal, with the option to type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from rural_forecast.errors import InputError, UsageError
from rural_forecast.errors import option as typed
from rural_forecast.series.reading.codes import same, text_at
from rural_forecast.series.reading.column_names import VALUE_NAMES, normalised
from rural_forecast.series.reading.grid import label, listed, shown
from rural_forecast.series.reading.labels import VALUES, Column, is_numeric, labels_of
from rural_forecast.series.reading.number_forms import is_number
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.reading.panel import Panel
from rural_forecast.series.reading.varying import StillVariesError, ask, varying


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

    Raises
    ------
    UsageError : no such column or label
    StillVariesError : several series are left, and one is wanted
    """
    return _Chooser(panel, options, several=several).choice()


def value_columns(panel: Panel, options: ReadOptions) -> dict[str, int]:
    """The columns that could hold values, where several could, by name."""
    found = labels_of(panel, options, several=True)
    places = {name: place for place in found.numbers if (name := panel.names[place])}
    clear = found.value < 0 and options.value_column is None and len(places) == len(found.numbers) > 1
    return places if clear else {}


class _Chooser:
    def __init__(self, panel: Panel, options: ReadOptions, *, several: bool) -> None:
        self.panel = panel
        self.options = options
        self.several = several
        self.rows: list[int] = list(panel.rows)
        self.file = panel.table.file
        self.labels = labels_of(panel, options, several=several)
        self.value = self.labels.value
        self.measures = list(dict.fromkeys(panel.measures.values()))
        self.measure: str | None = None

    def choice(self) -> Choice:
        for condition in self.options.where:
            self._keep_where(condition)
        if self.options.series_id is not None:
            self._keep_series(self.options.series_id)
        left = self._measures_left() if self.panel.across else self._values_left()
        self._drop_parts()
        found = [] if self.several and self._is_one() else self._varying()
        if left or (not self.several and found):
            raise ask(self.panel, found, self.rows, len(set(self._ids(found).values())), left)
        for column in found:
            self._require_labels(column)
        if self.panel.across and not self.several and len(self.rows) > 1:
            places = [str(self.panel.table.place(row, 0)) for row in self.rows]
            raise StillVariesError(
                f"{self.file} has {len(self.rows)} rows with these labels, at {listed(places)}",
                "Take out all but one, or add a column that distinguishes them.",
            )
        years = {
            column: cell
            for column, cell in self.panel.years.items()
            if self.measure is None or self.panel.measures[column] == self.measure
        }
        roles = {role: place for role, place in self.labels.roles.items() if not role.startswith("remark")}
        return Choice(self.panel, self.rows, self.value, years, self._ids(found), roles, self._missing_rows())

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
            problem = f"column {shown(column.name)} is empty where the label of a series must be"
            raise InputError.at(self.panel.table.place(row, 0), problem, "Give every row its label.")

    def _missing_rows(self) -> frozenset[int]:
        """Rows whose attribute says `z`, not applicable, or the like."""
        places = [place for role, place in self.labels.roles.items() if role.startswith("remark") or role == "flag"]
        none = ("z", "m", "o", "..", ":")
        return frozenset(
            row for row in self.rows if any(text_at(self.panel, row, place).casefold() in none for place in places)
        )

    def _keep_where(self, condition: str) -> None:
        name, sign, wanted = condition.partition("=")
        if not sign or not name.strip():
            example = typed("where", ["Country=Kenya"])
            raise UsageError(f"{typed('where')} {shown(condition)} is not COLUMN=VALUE", f"Write it as {example}.")
        columns = [*self.labels.columns, *self.labels.others]
        for known in columns:  # a name may have a = in it
            if condition.startswith(f"{known.name}=") and len(known.name) > len(name):
                name, wanted = known.name, condition[len(known.name) + 1 :]
        chosen = [column for column in columns if column.name == name.strip()]
        chosen = chosen or [column for column in columns if same(column.name, name)]
        chosen += [column for column in columns if same(column.name, f"{name} label")]
        if not chosen:
            raise UsageError(
                f"{self.file} has no column of labels {shown(name.strip())} ({typed('where')})",
                f"Its columns are {listed([column.name for column in columns if column.name], 20)}.",
                code="unknown_name",
            )
        wanted = " ".join(wanted.split())
        texts = [(row, column.of(row)) for column in chosen for row in self.rows]
        rows = [row for row, text in texts if text == wanted]
        self.rows = list(dict.fromkeys(rows or [row for row, text in texts if same(text, wanted)]))
        if not self.rows:
            problem = f"{self.file} has no {shown(wanted)} in column {shown(chosen[0].name)}"
            raise UsageError(problem, _close(wanted, [text for _, text in texts]), code="unknown_name")

    def _keep_series(self, text: str) -> None:
        wanted = " ".join(text.split())
        names = self.panel.names
        for alike in (str.__eq__, same):
            heads = [place for place in self.labels.numbers if alike(" ".join(names[place].split()), wanted)]
            measures = [name for name in self.measures if alike(name, wanted)]
            by_label: dict[str, tuple[int, ...]] = {}
            for column in self.labels.columns:
                rows = tuple(row for row in self.rows if alike(column.of(row), wanted))
                if rows:
                    by_label[column.name] = rows
            if not (heads or measures or by_label):  # a name in another row above the figures
                above = self.panel.table.rows[: max(self.panel.rows[:1], default=0)] if self.labels.numbers else ()
                cells = ((at, " ".join(label(row[at]).split())) for row in above for at in self.labels.numbers)
                heads = list(dict.fromkeys(at for at, cell in cells if alike(cell, wanted)))
            if heads or measures or by_label:
                self._take(text, heads, measures, by_label)
                return
        if found := self._varying():
            ids = self._ids(found)  # as the commands print them
            if joined := [row for row in self.rows if ids[row] == wanted]:
                self.rows = joined
                return
        there = [column.of(row) for column in self.labels.columns for row in self.rows]
        there += [names[place] for place in self.labels.numbers] + self.measures
        raise UsageError(f"{self.file} has no series {shown(text)}", _close(wanted, there), code="unknown_name")

    def _take(self, text: str, heads: list[int], measures: list[str], found: dict[str, tuple[int, ...]]) -> None:
        found = {name: rows for name, rows in found.items() if len(rows) < len(self.rows)} or found
        if len(set(found.values())) + len(heads) + len(measures) > 1:
            options = [typed("where", [f"{name}={text}"]) for name in found]
            options += [typed("value_column", name) for name in (*(self.panel.names[at] for at in heads), *measures)]
            unique = list(dict.fromkeys(options))
            if len(unique) == 1:
                places = f"{len(heads)} columns are named {shown(text)}" if heads else f"{shown(text)} is there twice"
                raise StillVariesError(f"In {self.panel.where}, {places}", "Rename all but one of them.")
            raise StillVariesError(
                f"In {self.panel.where}, {shown(text)} is in several columns", f"Choose one: {' or '.join(unique)}."
            )
        if heads:
            self.value = heads[0]
        elif measures:
            self.measure = measures[0]
        else:
            self.rows = list(next(iter(found.values())))

    def _values_left(self) -> list[str]:
        """Settle on the column of values; the names of those that are left where several could be it."""
        names, asked = self.panel.names, self.options.value_column
        if asked is not None:
            places = self._numeric(lambda name: name == asked) or self._numeric(lambda name: same(name, asked))
            if len(places) != 1:
                numeric = [names[at] for at in self._numeric(lambda _: True)]
                raise self._no_column(asked, f"Its columns are {listed(numeric, 20)}.", places)
            self.value = places[0]
        if self.value >= 0:
            return []
        cells = self.panel.table.rows
        there = [at for at in self.labels.numbers if any(is_number(cells[row][at]) for row in self.rows)]
        known = [at for at in there if normalised(names[at]) in VALUE_NAMES]
        if not there:
            raise InputError(f"{self.panel.where}: no column holds numbers", f"Name it with {typed('value_column')}.")
        if len(there) == 1 or len(known) == 1:
            self.value = (known or there)[0]
            return []
        return [names[at] or f"column {at + 1}" for at in there]

    def _numeric(self, named: Callable[[str], bool]) -> list[int]:
        """The columns of numbers whose names are wanted."""
        panel = self.panel
        return [
            at for at, name in enumerate(panel.names) if at != panel.period and named(name) and is_numeric(panel, at)
        ]

    def _no_column(self, asked: str, hint: str, places: Sequence[int] = ()) -> UsageError:
        many = "several columns" if places else "no column"
        return UsageError(f"{self.file} has {many} {shown(asked)} ({typed('value_column')})", hint, code="unknown_name")

    def _measures_left(self) -> list[str]:
        """Settle on what is measured where each year has several columns; the measures left where several are."""
        known, asked = self.measures, self.options.value_column
        if asked is not None:
            if self.panel.period < 0 and not known:
                choices = f"{typed('series_id')} or {typed('where')}"
                raise self._no_column(asked, f"Its years run across, so a row is a series: choose one with {choices}.")
            chosen = [name for name in known if name == asked] or [name for name in known if same(name, asked)]
            if not chosen:
                raise self._no_column(asked, f"It measures {listed(known, 20)}.")
            self.measure = chosen[0]
        years = [self.panel.periods[cell].period for cell in self.panel.years.values()]
        if not known and len(set(years)) < len(years):
            twice = next(year for year in years if years.count(year) > 1)
            columns = [column for column, cell in self.panel.years.items() if self.panel.periods[cell].period == twice]
            first, second = (self.panel.table.place(self.panel.header, column) for column in columns[:2])
            problem = f"{twice} is in the header a second time; the first is at {first}"
            raise InputError.at(second, problem, "Keep the columns of one measure, or write its name above each.")
        return known if self.measure is None and len(known) > 1 else []

    def _drop_parts(self) -> None:
        """Leave quarters and months out where their year is next to them."""
        if self.panel.across:
            return
        known = {row: head.period for row in self.rows if (head := self.panel.loose(row)) is not None}
        years = {period.year for period in known.values() if period.is_year}
        self.rows = [row for row in self.rows if row not in known or known[row].is_year or known[row].year not in years]

    def _ids(self, found: Sequence[Column]) -> dict[int, str]:
        """The id of each row: what tells it apart, or what was asked for, or what its labels say."""
        if found:
            return {
                row: " / ".join(text for column in found if (text := column.of(row))) or "series" for row in self.rows
            }
        return dict.fromkeys(self.rows, self.options.series_id or self._own_name())

    def _own_name(self) -> str:
        """What the one series is called: what was chosen by, or its labels, or the head of its values."""
        if not self.rows:
            return ""
        chosen = [condition.partition("=")[2].strip() for condition in self.options.where]
        chosen += [name for name in (self.measure or self.options.value_column,) if name]
        if chosen:
            return " / ".join(chosen)
        if not self.panel.across and self.value >= 0:
            head = " ".join(self.panel.names[self.value].split())
            if head and normalised(head) not in VALUES:
                return head
        first = next((text for column in self.labels.columns if (text := column.of(self.rows[0]))), "")
        return first if self.panel.across else ""


def _close(wanted: str, names: Sequence[str]) -> str:
    from difflib import get_close_matches

    names = list(dict.fromkeys(name for name in names if name))
    holding = [name for name in names if wanted.casefold() in name.casefold()]
    close = holding[:3] or get_close_matches(wanted, names, 1)
    return f"Did you mean {listed(close)}?" if close else f"It has {listed(names)}."
