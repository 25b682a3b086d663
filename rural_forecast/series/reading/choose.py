"""Choosing the series of a table: by a label in any column, by `COLUMN=VALUE`, by the head of a column of values.

Columns that say one thing all along, codes beside their labels and columns of remarks need no choice. What still varies
is named in the refusal, with the option to type.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np

from rural_forecast.errors import InputError, RuralForecastError, UsageError, option
from rural_forecast.series.reading.amounts import NO_VALUE
from rural_forecast.series.reading.columns import Columns, column_named, varying
from rural_forecast.series.reading.find import MOST_NAMED, Finder, StillVariesError, meant
from rural_forecast.series.reading.grid import Label
from rural_forecast.series.reading.names import VALUE_NAMES, normalised, same, single_spaced
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.reading.table import Places, Table, distinct, ranked
from rural_forecast.series.reading.words import NUMBER
from rural_forecast.text.cells import quoted, shown


class Choice(NamedTuple):
    """The rows and columns that were chosen, and how their series are called."""

    table: Table
    rows: Places
    """Rows of data, counted within the table."""
    columns: Places
    """Columns of values, counted within the grid."""
    ids: Sequence[str]
    """The distinct ids."""
    id_of: Places
    """The id of each row; of years down, in each column of values."""
    known: Columns
    naming: frozenset[int]
    """Columns of the grid that the ids are made of, or the options name."""
    by: tuple[str, ...] = ()
    """The names of the columns that the ids are made of."""
    without_value: frozenset[int] = frozenset()
    """Rows of the grid with a flag that says that there is no value."""


def choose(tables: Sequence[Table], options: ReadOptions, *, several: bool) -> Choice:
    """Choose by the options in the one table that allows it.

    `several`: whether several series are wanted. Raises UsageError for an unknown column or label, and StillVariesError
    where several tables or series could be meant and one is wanted.
    """
    made: list[Choice] = []
    errors: list[RuralForecastError] = []
    for table in tables:
        try:
            made.append(_Chooser(table, options, several=several).choice())
        except (InputError, UsageError) as error:
            errors.append(error)
    yearly = [choice for choice in made if choice.table.is_yearly]
    if len(yearly) == 1:  # its quarters or months are next to it
        made = yearly
    asked = bool(options.series_id is not None or options.where or options.value_column)
    varies = [error for error in errors if isinstance(error, StillVariesError)]
    if len(made) == 1 and (len(tables) == 1 or asked or not varies):
        if made[0].table.doubt is not None:
            raise made[0].table.doubt
        return made[0]
    if made or (len(tables) > 1 and not asked):
        raise _ask_which([choice.table for choice in made] if len(made) > 1 else tables)
    raise next(iter(varies), errors[0])


def _ask_which(tables: Sequence[Table]) -> StillVariesError:
    sheets = list(dict.fromkeys(table.grid.sheet for table in tables))
    titles = {label.texts[0]: None for table in tables for label in table.sections if label.name == "table"}
    named, typed = f"tables, at {quoted([table.where for table in tables], MOST_NAMED)}", option("sheet", "A10:H20")
    if len(sheets) > 1:
        named, typed = f"sheets: {quoted(sheets, MOST_NAMED)}, each with a table of years", option("sheet", sheets[0])
    elif len(titles) > 1:
        typed = option("where", [f"table={next(iter(titles))}"])
    return StillVariesError(f"{tables[0].grid.file} has several {named}.", f"Choose one, such as {typed}.")


class _Chooser(Finder):
    def choice(self) -> Choice:
        for condition in self.options.where:
            self.keep_where(condition)
        if self.options.series_id is not None:
            self.keep_series(self.options.series_id)
        left = self._measures_left() if self.table.across else self._values_left()
        self._drop_parts()
        columns = [] if self.several and self._is_one() else self._varying()
        if left and not self.several:
            raise self._ask(columns, left)
        if not self.several and len(self._ids(columns)[0]) > 1:
            raise self._ask(columns)
        self._require_labels(columns)
        if self.table.across and not self.several and len(self.rows) > 1:
            places = quoted([str(self.table.grid.place(row, 0)) for row in self.table.rows[self.rows].tolist()])
            raise StillVariesError(
                f"{self.file} has {len(self.rows)} rows with these labels, at {places}.",
                "Take out all but one, or add a column that distinguishes them.",
            )
        return self._made(columns)

    def _made(self, columns: Sequence[Label]) -> Choice:
        table, known = self.table, self.known
        ids, id_of = self._ids(columns)
        values = table.columns
        if table.across and self.measure is not None and table.measures is not None:
            values = values[table.measures.codes == table.measures.texts.index(self.measure)]
        elif table.across and table.measures is not None and len(table.measures.texts) > 1:
            id_of = id_of[:, None] + table.measures.codes[None, :].astype(np.int64) * len(ids)
            ids = [f"{measure} / {own}" for measure in table.measures.texts for own in ids]
        elif not table.across and not table.parts:
            values = np.array([self.value] if self.value >= 0 else known.values, dtype=np.int64)
            if len(values) > 1:
                heads = [single_spaced(table.names[at]) or f"column {at + 1}" for at in values.tolist()]
                times, pairs = Counter(heads), zip(heads, values.tolist(), strict=True)
                heads = [f"{head} (column {at + 1})" if times[head] > 1 else head for head, at in pairs]
                id_of = np.stack([id_of + at * len(ids) for at in range(len(heads))], axis=1)
                ids = heads if len(ids) == 1 else [f"{own} / {head}" for head in heads for own in ids]
        names = {*self.named, *(label.name for label in columns)} & known.places.keys()
        naming = frozenset(known.places[name] for name in names)
        by = tuple(label.name for label in columns)
        return Choice(table, self.rows, values, ids, id_of, known, naming, by, self._without_value())

    def _varying(self) -> list[Label]:
        if self.known.identity:
            return [label for label in self.known.labels if label.name == self.known.identity][:1]
        return varying(self.table, self.known, self.rows)

    def _is_one(self) -> bool:
        """True if each period is there once: the rows are one series, whatever else they say."""
        dates = self.table.dates[self.rows]
        dates = dates[dates >= 0]
        return not self.table.across and not self.known.identity and distinct(dates) == len(dates)

    def _require_labels(self, columns: Sequence[Label]) -> None:
        """Refuse rows that do not say which series they are of; in rows of our own each is a fault."""
        for column in columns if self.table.roles is None else ():
            blank = self.rows[np.array([not text for text in column.texts])[column.codes[self.rows]]]
            for row in blank.tolist():
                if not any(other.texts[other.codes[row]] for other in self.known.labels):
                    raise InputError(
                        f"column {shown(column.name)} is empty where the label of a series must be.",
                        "Give every row its label.",
                        place=self.table.grid.place(int(self.table.rows[row]), self.known.places.get(column.name, 0)),
                    )

    def _without_value(self) -> frozenset[int]:
        """Rows with an attribute that says that there is no value."""
        found: set[int] = set()
        for role, at in self.known.roles.items():
            if role == "flag" or role.startswith("remark"):
                label = self.table.label(at)
                absent = np.array([text.casefold() in NO_VALUE for text in label.texts], dtype=np.bool_)
                found |= set(self.table.rows[self.rows[absent[label.codes[self.rows]]]].tolist())
        return frozenset(found)

    def _values_left(self) -> list[str]:
        """Settle on the column of values; the names of those that are left where several could be it."""
        table, names, asked = self.table, self.table.names, self.options.value_column
        if table.parts:
            return []
        if asked is not None:
            numeric = [at for at in range(len(names)) if at != table.period and table.is_numeric(at, 0.5)]
            self.value = numeric[column_named([names[at] for at in numeric], self.file, asked, "value_column")]
        if self.value >= 0:
            return []
        there = [at for at in self.known.values if (table.bits(at)[self.rows] & NUMBER).any()]
        known = [at for at in there if normalised(names[at]) in VALUE_NAMES]
        if not there:
            raise InputError(f"{table.where}: no column holds numbers.", f"Name it with {option('value_column')}.")
        if len(there) == 1 or len(known) == 1:
            self.value = (known or there)[0]
            return []
        if self.several:
            self.known = self.known._replace(values=there)
        return [names[at] or f"column {at + 1}" for at in there]

    def _measures_left(self) -> list[str]:
        """Settle on what is measured where each period has several columns; those left where several could be it."""
        table, asked = self.table, self.options.value_column
        known = list(table.measures.texts) if table.measures else []
        if asked is not None:
            chosen = [name for name in known if name == asked] or [name for name in known if same(name, asked)]
            if not chosen:
                rows = f"A row is a series: choose one with {option('series_id')} or {option('where')}."
                problem = f"{self.file} has no column {shown(asked)} ({option('value_column')})."
                raise UsageError(problem, meant(asked, known) if known else rows, code="unknown_name")
            self.measure = chosen[0]
        first: dict[object, int] = {}
        for at, head in zip(table.columns.tolist(), table.heads, strict=True) if not known else ():
            period = head and head.period
            if first.setdefault(period, at) != at:
                before = table.grid.place(table.header, first[period])
                raise InputError(
                    f"{period} is in the header a second time; the first is at {before}.",
                    "Keep the columns of one measure, or write its name above each.",
                    place=table.grid.place(table.header, at),
                )
        return known if self.measure is None and len(known) > 1 else []

    def _drop_parts(self) -> None:
        """Leave quarters and months out where their year is next to them."""
        table = self.table
        periods = [head and head.period for head in table.heads]
        down = not table.across and not table.parts and table.roles is None
        if not down or all(period is None or period.is_year for period in periods):
            return
        of = [periods[at] if at >= 0 else None for at in table.head_of[self.rows].tolist()]
        years = {period.year for period in of if period and period.is_year}
        keep = [period is None or period.is_year or period.year not in years for period in of]
        self.rows = self.rows[np.array(keep, dtype=np.bool_)]

    def _ids(self, columns: Sequence[Label]) -> tuple[list[str], Places]:
        """The distinct ids in order of appearance, and that of each row: what tells it apart, or what was asked for."""
        if not columns:
            return [self._own_name()], np.zeros(len(self.rows), dtype=np.int64)
        first, of = ranked([column.codes[self.rows] for column in columns], len(self.rows))
        ids = ids_of(columns, self.rows[first])
        return [own or ("" if self.table.roles else "series") for own in ids], of

    def _own_name(self) -> str:
        """Name the one series: by what chose it, or its labels, or the head of its values, or its file."""
        table = self.table
        if self.whole_name is not None:
            return self.whole_name
        chosen = [condition.partition("=")[2].strip() for condition in self.options.where]
        chosen += filter(None, (self.measure or self.options.value_column,))
        if chosen:
            return " / ".join(chosen)
        row = int(self.rows[0]) if len(self.rows) else 0
        for column in self.known.labels if table.across or table.parts else ():
            if text := column.texts[column.codes[row]]:
                self.named.add(column.name)
                return str(text)
        return self.default_name()

    def _ask(self, columns: Sequence[Label], values: Sequence[str] = ()) -> StillVariesError:
        """The refusal that names what varies, most useful first, and a row that chooses one series by it."""
        labels = {column.name: list(dict.fromkeys(ids_of([column], self.rows))) for column in columns}
        ordered = sorted(columns, key=lambda column: -len(labels[column.name]))
        rows = islice(self.rows.tolist(), 10_000)
        full = (row for row in rows if all(column.texts[column.codes[row]] for column in ordered))
        example = next(full, int(self.rows[0]))
        said = {column.name: column.texts[column.codes[example]] for column in ordered}
        listed = "; ".join(f"{shown(name)} ({quoted(labels[name], MOST_NAMED)})" for name in said)
        where = option("where", [f"{name}={text}" for name, text in said.items()]) if said else ""
        if values:
            problem = f"{self.table.where}: several columns could hold the value: {quoted(values, MOST_NAMED)}"
            typed = " ".join(filter(None, (option("value_column", values[0]), where)))
            return StillVariesError(
                problem + (f"; what varies: {listed}." if said else "."), f"Choose one with {typed}, say."
            )
        varies = f"; what varies: {listed}"
        if len(said) == 1:
            ((name, text),) = said.items()
            if name == self.known.identity:
                text, varies = min(labels[name], key=len), f": {quoted(labels[name], MOST_NAMED)}"
            typed = option("series_id", " / ".join(filter(None, (self.options.series_id, text))))
            where = f"{typed}, say, or with {where}" if varies.startswith(";") else f"{typed}, say"
        problem = f"{self.file} holds {len(self._ids(columns)[0]):,} series, and one is wanted{varies}."
        return StillVariesError(problem, f"Choose one with {where}{'' if len(said) == 1 else ', say'}.")


def ids_of(columns: Sequence[Label], rows: Places) -> list[str]:
    """The ids of some rows: their labels, joined."""
    parts = [label._replace(codes=label.codes[rows]).of for label in columns]
    return parts[0] if len(parts) == 1 else [" / ".join(filter(None, labels)) for labels in zip(*parts, strict=True)]
