"""Choosing the series of a table by labels, `COLUMN=VALUE` and the head of values; what still
varies is asked about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from itertools import islice, product
from typing import NamedTuple

import numpy as np

from rural_forecast.errors import InputError, RuralForecastError, UsageError, option
from rural_forecast.series.reading.columns import Columns, column_named, columns_of, varying
from rural_forecast.series.reading.grid import Indices, Labels, PeriodTable, distinct, ranked
from rural_forecast.series.reading.names import (
    SEPARATORS,
    VALUE_NAMES,
    VALUES,
    likeness,
    normalised,
    same,
    single_spaced,
    without_unit,
)
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.reading.source import unnamed
from rural_forecast.series.reading.words import NUMBER
from rural_forecast.series.source_names import without_folders
from rural_forecast.text.cells import quoted, shown

MOST_NAMED = 10  # of what can be chosen, in a refusal


class Choice(NamedTuple):
    """The rows and columns that were chosen, and how their series are called."""

    table: PeriodTable
    rows: Indices  # of data, counted within the table
    value_columns: Indices  # of values, counted within the grid
    ids: Sequence[str]
    id_of: Indices  # the id of each row, or of each row in each column of values
    beside: Columns
    naming: frozenset[int]  # columns of the grid that the ids are made of, or the options name
    id_columns: tuple[str, ...] = ()  # the names of the columns that the ids are made of


class _Measure(NamedTuple):
    names: Sequence[str]  # its name, and what else is above its figures
    columns: Indices


def choose(tables: Sequence[PeriodTable], options: ReadOptions, *, several: bool) -> Choice:
    """Choose by the options in the one table that allows it."""
    made: list[Choice] = []
    errors: list[RuralForecastError] = []
    for table in tables:
        try:
            made.append(_Chooser(table, options, several=several).choice())
        except (InputError, UsageError) as error:
            errors.append(error)
    yearly = [choice for choice in made if choice.table.is_yearly]
    made = yearly if len(yearly) == 1 else made  # its quarters or months are next to it
    asked = bool(options.series_id is not None or options.where or options.value_column)
    varies = [error for error in errors if error.code == "choice_needed"]
    if len(made) == 1 and (len(tables) == 1 or asked or not varies):
        if made[0].table.doubt is not None:
            raise made[0].table.doubt
        return made[0]
    if not made and (asked or len(tables) == 1):
        raise next(iter(varies), errors[0])
    left = [choice.table for choice in made] if len(made) > 1 else tables
    sheets = list(dict.fromkeys(table.grid.sheet for table in left))
    titles = list(
        dict.fromkeys(
            label.texts[0] for table in left for label in table.sections if label.name == "table"
        )
    )
    named = f"tables, at {quoted([table.where for table in left], MOST_NAMED)}"
    typed = option("sheet", "A10:H20")
    if len(sheets) > 1:
        named = f"sheets: {quoted(sheets, MOST_NAMED)}, each with a table of years"
        typed = option("sheet", sheets[0])
    elif len(titles) > 1:
        named = f"tables: {quoted(titles, MOST_NAMED)}"
        typed = option("where", [f"table={titles[0]}"])
    raise _varies(f"{left[0].grid.file} has several {named}.", typed)


def _varies(problem: str, *options: str) -> InputError:
    return InputError(problem, f"Choose one with {' '.join(options)}, say.", code="choice_needed")


class _Chooser:
    """The rest of a table, condition by condition: its rows, and the measures of its values."""

    def __init__(self, table: PeriodTable, options: ReadOptions, *, several: bool) -> None:
        self.table = table
        self.options = options
        self.several = several
        self.file = table.grid.file
        self.rows: Indices = np.arange(len(table.rows))
        self.known = known = columns_of(table, options, several=several)
        above = range(0 if table.roles or not len(table.rows) else int(table.rows[0]))
        self.measures = [
            _Measure(
                [single_spaced(table.names[at]), *(table.grid.text(row, at) for row in above)],
                np.array([at]),
            )
            for at in dict.fromkeys([known.value] * (known.value >= 0) + [*known.values])
        ]
        if (each := table.measures) is not None:
            self.measures = [
                _Measure([text], table.value_columns[each.codes == at])
                for at, text in enumerate(each.texts)
            ]
        is_one = known.value >= 0 or (table.measures is not None and len(self.measures) == 1)
        self.one: _Measure | None = self.measures[0] if is_one else None
        self.named: set[str] = set()
        self.name = options.series_id  # of the series: as typed, or the label that holds it

    def choice(self) -> Choice:
        """Apply all conditions. Raises InputError if several series are left and one is wanted."""
        table = self.table
        for condition in self.options.where:
            self._keep_where(condition)
        if self.options.series_id is not None:
            self._keep_series(self.options.series_id)
        self._keep_measures()
        left = (
            []
            if self.one
            else [each.names[0] or f"column {each.columns[0] + 1}" for each in self.measures]
        )
        self._drop_parts()
        columns = self._distinguishing()
        first, id_of = ranked([column.codes[self.rows] for column in columns], len(self.rows))
        ids = ids_of(columns, self.rows[first]) if columns else [self._own_name()]
        ids = [own or ("" if table.roles else "series") for own in ids]
        if not self.several and (left or len(ids) > 1):
            raise self._ask(columns, left, len(ids))
        self._require_labels(columns)
        if table.across and not self.several and len(self.rows) > 1:
            places = quoted(
                [str(table.grid.place_of(row, 0)) for row in table.rows[self.rows].tolist()]
            )
            problem = f"{self.file} has {len(self.rows)} rows with these labels, at {places}."
            hint = "Take out all but one, or add a column that distinguishes them."
            raise InputError(problem, hint, code="choice_needed")
        values = (self.one or self.measures[0]).columns
        if left:
            every = np.concatenate([each.columns for each in self.measures])
            of = np.repeat(np.arange(len(left)), [len(each.columns) for each in self.measures])
            order = np.argsort(every)
            values = every[order]
            id_of = id_of[:, None] + of[order][None, :] * len(ids)
            if table.across:
                ids = [f"{measure} / {own}" for measure in left for own in ids]
            else:
                times = Counter(left)
                names = [
                    f"{name} (column {each.columns[0] + 1})" if times[name] > 1 else name
                    for name, each in zip(left, self.measures, strict=True)
                ]
                ids = (
                    names if len(ids) == 1 else [f"{own} / {name}" for name in names for own in ids]
                )
        by = tuple(label.name for label in columns)
        naming = frozenset(
            self.known.places[name] for name in self.named.union(by) & self.known.places.keys()
        )
        return Choice(table, self.rows, values, ids, id_of, self.known, naming, by)

    def _keep_where(self, condition: str) -> None:
        """Keep the rows of `COLUMN=VALUE`. Raises UsageError if there are none."""
        name, sign, wanted = condition.partition("=")
        if not sign or not name.strip():
            problem = f"{option('where')} {shown(condition)} is not COLUMN=VALUE."
            example = ["Country=Kenya"]
            raise UsageError(problem, f"Write it as {option('where', example)}.")
        columns = [*self.known.labels, *self.known.others]
        if exact := [column.name for column in columns if condition.startswith(f"{column.name}=")]:
            name = max(exact, key=len)  # which may have a = in it
            wanted = condition[len(name) + 1 :]
        chosen = [column for column in columns if column.name == name.strip()]
        chosen = chosen or [column for column in columns if same(column.name, name)]
        chosen += [column for column in columns if same(column.name, f"{name} label")]
        if not chosen:
            what = f"column of labels {shown(name.strip())} ({option('where')})"
            raise self._unknown(what, name, [column.name for column in columns])
        wanted = single_spaced(wanted)
        score = self._score(chosen, [()], [wanted])[0][:, 0]
        found = self.rows[score == max(score.max(initial=0), 1)]
        texts = {text for text in self._texts(chosen, found) if likeness(text, wanted)}
        if not len(found) or (score.max() == 1 and len(texts) > 1):
            what = f"{shown(wanted)} in column {shown(chosen[0].name)}"
            raise self._unknown(what, wanted, self._texts(chosen, self.rows))
        self.rows = found
        self.named |= {column.name for column in chosen}

    def _score(
        self, columns: Sequence[Labels], measures: Sequence[Sequence[str]], parts: Sequence[str]
    ) -> tuple[Indices, Indices]:
        """How well each row and measure hold all parts of a text, 0 where they do not; and each of
        its labels.
        """
        like = np.zeros((len(columns), len(parts), len(self.rows)), dtype=np.int16)
        for (at, column), (place, part) in product(enumerate(columns), enumerate(parts)):
            folded = part.casefold()  # a quick look, as there may be a million texts
            degrees = np.array(
                [likeness(text, part) if folded in text.casefold() else 0 for text in column.texts],
                int,
            )
            like[at, place] = degrees[column.codes[self.rows]]
        said = [
            [max((likeness(name, part) for name in names), default=0) for names in measures]
            for part in parts
        ]
        best = np.maximum(like.max(axis=0, initial=0)[:, :, None], np.array(said)[:, None, :])
        whole = (like > 1).any(axis=1).sum(axis=0)
        return np.where((best > 0).all(axis=0), best.sum(axis=0) + whole[:, None], 0), like.max(
            axis=1
        )

    @staticmethod
    def _texts(columns: Iterable[Labels], rows: Indices) -> list[str]:
        return [text for column in columns for text in column.of_rows(rows).texts]

    def _unknown(self, what: str, wanted: str, there: Iterable[str]) -> UsageError:
        known = list(dict.fromkeys(filter(None, there)))
        holding = [name for name in known if single_spaced(wanted).casefold() in name.casefold()]
        close = holding[:3] or get_close_matches(wanted, known[:20_000], 1)
        hint = f"Did you mean {quoted(close)}?" if close else f"It has {quoted(known, MOST_NAMED)}."
        return UsageError(f"{self.file} has no {what}.", hint, code="unknown_name")

    def _keep_series(self, text: str) -> None:
        """Keep the rows and the columns whose labels best hold a text, or all its parts, such as
        `North / Sales`.
        """
        wanted = single_spaced(text)
        labels = self.known.labels
        names = [() if each is self.one else each.names for each in self.measures]
        for parts, least in (
            ([wanted], 2),
            ([part for part in SEPARATORS.split(wanted) if part], 1),
        ):
            score, alike = self._score(labels, names, parts or [wanted])
            if parts and score.max(initial=0) >= least:
                break
        else:
            if labels or wanted != self._default_name():
                there = [
                    *self._texts(labels, self.rows),
                    *(each.names[0] for each in self.measures),
                ]
                raise self._unknown(f"series {shown(text)}", text, there)
            return
        best = score == score.max()
        measures = [self.measures[at] for at in np.flatnonzero(best.any(axis=0)).tolist()]
        named = [each.names[0] for each in measures] if len(measures) < len(self.measures) else []
        own = dict(zip((label.name for label in labels), alike, strict=True))
        if len(parts) == 1 and least > 1:
            most = alike.max(initial=0)
            by_label = {
                name: rows == most for name, rows in own.items() if most and (rows == most).any()
            }
            some = {name: rows for name, rows in by_label.items() if not rows.all()} or by_label
            if len({rows.tobytes() for rows in some.values()}) + len(named) > 1:
                choices = [option("where", [f"{name}={text}"]) for name in some]
                choices += [option("value_column", name) for name in dict.fromkeys(named)]
                hint = (
                    f"Choose one: {' or '.join(choices)}."
                    if len(choices) > 1
                    else "Rename all but one of them."
                )
                problem = f"In {self.table.where}, {shown(text)} is in several columns."
                raise InputError(problem, hint, code="choice_needed")
        elif len(parts) == 1:  # a part of a label, which names the series if it is the only one
            texts = {
                text for one in labels for text in self._texts([one], self.rows[own[one.name] > 0])
            }.union(named)
            self.name = texts.pop() if len(texts) == 1 else self.name
        if named:
            self.measures = measures
            self.one = measures[0] if len(measures) == 1 else None
        self.rows = self.rows[best.any(axis=1)]
        self.named |= {name for name, rows in own.items() if rows.any()}

    def _keep_measures(self) -> None:
        """Settle on the measure that is asked for, or the one with values."""
        table = self.table
        asked = self.options.value_column
        if asked is not None:
            if table.measures is None:
                numeric = (
                    at
                    for at in range(len(table.names))
                    if at != table.period_column and table.is_numeric(at, 0.5)
                )
                self.measures = [_Measure([table.names[at]], np.array([at])) for at in numeric]
            elif not any(each.names[0] for each in self.measures):
                problem = f"{self.file} has a column a period, and none of values alone ({option('value_column', asked)})."
                hint = f"Leave it out; rows are chosen with {option('series_id')} or {option('where')}."
                raise UsageError(problem, hint, code="unknown_name")
            at = column_named(
                [each.names[0] for each in self.measures], self.file, asked, "value_column"
            )
            self.one = self.measures[at]
            self.measures = [self.one]
        if self.one is None and table.measures is None:
            there = [
                each
                for each in self.measures
                if (table.bits(int(each.columns[0]))[self.rows] & NUMBER).any()
            ]
            if not there:
                raise InputError(
                    f"{table.where}: no column holds numbers.",
                    f"Name it with {option('value_column')}.",
                )
            known = [
                each for each in there if normalised(table.names[each.columns[0]]) in VALUE_NAMES
            ]
            self.measures = there
            if len(there) == 1 or len(known) == 1:
                self.one = (known or there)[0]
            elif self.several:
                self.known = self.known._replace(values=[int(each.columns[0]) for each in there])

    def _drop_parts(self) -> None:
        """Leave quarters and months out where their year is next to them."""
        table = self.table
        if table.measures is not None or table.roles:
            return
        of = table.head_of[self.rows, 0]
        periods = {
            at: head.period
            for at in np.unique(of).tolist()
            if at >= 0 and (head := table.heads[at])
        }
        years = {period.year for period in periods.values() if period.is_year}
        parts = [
            at for at, period in periods.items() if not period.is_year and period.year in years
        ]
        self.rows = self.rows[~np.isin(of, parts)]

    def _distinguishing(self) -> list[Labels]:
        """The columns that tell series apart; none where each period is there once, whatever else
        the rows say.
        """
        if self.known.identity:
            return [label for label in self.known.labels if label.name == self.known.identity][:1]
        dates = self.table.period_codes[self.rows]
        dates = dates[dates >= 0]
        is_one = self.several and not self.table.across and distinct(dates) == len(dates)
        return [] if is_one else varying(self.table, self.known, self.rows)

    def _require_labels(self, columns: Sequence[Labels]) -> None:
        """Refuse rows that do not say which series they are of; in rows of our own each is a fault."""
        blank = [
            np.array([not text for text in label.texts])[label.codes[self.rows]]
            for label in self.known.labels
        ]
        if self.table.roles is None and columns and (none := np.all(blank, axis=0)).any():
            row = int(self.table.rows[self.rows[int(np.argmax(none))]])
            column = columns[0].name
            problem = f"column {shown(column)} is empty where the label of a series must be."
            place = self.table.grid.place_of(row, self.known.places.get(column, 0))
            raise InputError(problem, "Give every row its label.", place=place)

    def _own_name(self) -> str:
        """Name the one series: by what chose it, or its labels, or its measure, or its file."""
        if self.name is not None:
            return self.name
        chosen = [condition.partition("=")[2].strip() for condition in self.options.where]
        if asked := self.options.value_column:
            chosen.append(self.one.names[0] if self.one and self.table.across else asked)
        if chosen:
            return " / ".join(chosen)
        for column in (
            self.known.labels if self.table.measures is not None and len(self.rows) else ()
        ):
            if text := column.texts[column.codes[self.rows[0]]]:
                self.named.add(column.name)
                return str(text)
        return self._default_name()

    def _default_name(self) -> str:
        stem = "series" if unnamed(self.file) else without_folders(self.file)
        stem = stem.rpartition(".")[0] or stem
        measure = self.one.names[0] if self.one and not self.table.across else ""
        return (
            stem if not measure or normalised(measure) in VALUES else without_unit(measure) or stem
        )

    def _ask(self, columns: Sequence[Labels], measures: Sequence[str], count: int) -> InputError:
        """The refusal that names what varies, most useful first, and a row that chooses one series
        by it.
        """
        labels = {
            column.name: list(dict.fromkeys(ids_of([column], self.rows))) for column in columns
        }
        ordered = sorted(columns, key=lambda column: -len(labels[column.name]))
        rows = islice(self.rows.tolist(), 10_000)
        full = (row for row in rows if all(column.texts[column.codes[row]] for column in ordered))
        example = next(full, int(self.rows[0]))
        said = {column.name: column.texts[column.codes[example]] for column in ordered}
        listed = "; ".join(f"{shown(name)} ({quoted(labels[name], MOST_NAMED)})" for name in said)
        varies = f"; what varies: {listed}" if said else ""
        typed = [option("where", [f"{name}={text}" for name, text in said.items()])] if said else []
        if measures:
            several = f"several columns could hold the value: {quoted(measures, MOST_NAMED)}"
            return _varies(
                f"{self.table.where}: {several}{varies}.",
                option("value_column", measures[0]),
                *typed,
            )
        if len(said) == 1:
            series = option(
                "series_id", " / ".join(filter(None, (self.options.series_id, *said.values())))
            )
            typed = [f"{series} or {typed[0]}"]
        return _varies(f"{self.file} holds {count:,} series, and one is wanted{varies}.", *typed)


def ids_of(columns: Sequence[Labels], rows: Indices) -> list[str]:
    """The ids of some rows: their labels, joined."""
    parts = [label._replace(codes=label.codes[rows]).all_texts for label in columns]
    return (
        parts[0]
        if len(parts) == 1
        else [" / ".join(filter(None, labels)) for labels in zip(*parts, strict=True)]
    )
