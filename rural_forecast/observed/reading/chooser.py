"""Choose series in a table: by labels, by `COLUMN=VALUE`, by the head of values.

Each condition keeps some rows, or some measures, of a table: `matching` rates how well each holds
what was typed. Whatever still varies after the last one is asked about by `asking`.

`docs/explanation/how-a-table-is-found.md` explains the rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import InputError, UsageError, option
from rural_forecast.observed.reading.asking import (
    Remaining,
    ask_for_measure,
    ask_for_series,
    unknown,
)
from rural_forecast.observed.reading.columns import Columns, column_named, columns_of
from rural_forecast.observed.reading.labels import Indices, Labels, distinct, ids_of, ranked
from rural_forecast.observed.reading.matching import (
    WHOLE,
    as_written,
    columns_called,
    match_of,
    parted,
    texts_of,
)
from rural_forecast.observed.reading.measures import (
    Measure,
    has_numbers,
    measures_named,
    measures_of,
    numeric_columns,
    unique_names,
    varies,
)
from rural_forecast.observed.reading.names import (
    SEPARATORS,
    VALUE_NAMES,
    VALUES,
    is_total,
    likeness,
    normalised,
    same,
    single_spaced,
    without_unit,
)
from rural_forecast.observed.reading.options import ReadOptions
from rural_forecast.observed.reading.source import unnamed
from rural_forecast.observed.reading.table import PeriodTable
from rural_forecast.observed.reading.varying import varying
from rural_forecast.observed.reading.words import MISSING
from rural_forecast.observed.source_names import stem_of
from rural_forecast.text.cells import quoted, shown


@dataclass(frozen=True)
class Choice:
    """The rows and columns that were chosen, and the ids of their series."""

    table: PeriodTable
    rows: Indices  # of data, counted within the table
    value_columns: Indices  # counted within the grid
    ids: Sequence[str]
    id_of: Indices  # the id of each row, or of each row in each column of values
    beside: Columns
    naming: frozenset[int]  # columns of the grid that the ids are made of, or the options name
    id_columns: tuple[str, ...] = ()  # the names of the columns that the ids are made of
    passed_over: Sequence[int] = ()
    """columns of the grid that may hold the value as well, where nobody asked for one."""
    measure_found: str = ""
    """the name of the measure that was asked for by a part of it."""
    changing: Sequence[Labels] = ()
    """labels of one series that change from year to year, each year being there once."""


class Chooser:
    """The rows and measures of a table that are left, condition by condition."""

    def __init__(self, table: PeriodTable, options: ReadOptions, *, several: bool) -> None:
        self.table = table
        self.options = options
        self.several = several
        self.file = table.grid.file
        self.rows: Indices = np.arange(len(table.rows))
        self.beside = columns_of(table, options)
        self.measures = measures_of(table, self.beside)
        is_known = self.beside.value >= 0
        is_only_one = table.measures is not None and len(self.measures) == 1
        # The measure that is settled on; None while several are left, or none is sure.
        self.measure = self.measures[0] if is_known or is_only_one else None
        self.naming: set[str] = set()  # columns of labels that conditions were about
        self.series_name = options.series_id  # as typed, or the one label that holds it
        self.changing: Sequence[Labels] = ()
        self.chosen: list[str] = []  # texts that conditions chose rows by
        self.is_measure_asked = options.value_column is not None

    @property
    def _remaining(self) -> Remaining:
        return Remaining(self.table, self.rows, self.measures, self.measure)

    def choice(self) -> Choice:
        """Apply all conditions. Raises InputError if several series are left and one is wanted."""
        table = self.table
        for condition in self.options.where:
            self._keep_where(condition)
        if self.options.value_column is not None and table.measures is None:
            self._keep_measures_named(self.options.value_column)
        every = self.rows
        if self.options.series_id is not None:
            self._keep_series(self.options.series_id)
        self._keep_measures()
        self._drop_parts()
        id_labels = self._distinguishing()
        if not self.several and self.options.series_id is not None and id_labels:
            self._keep_id(self.options.series_id, every)
            id_labels = self._distinguishing()
        if not self.several and self.measure is not None and id_labels:
            self._keep_series_with_values(id_labels, self.measure)
            id_labels = self._distinguishing()
        first, id_of = ranked([label.codes[self.rows] for label in id_labels], len(self.rows))
        ids = ids_of(id_labels, self.rows[first]) if id_labels else [self._own_name()]
        nameless = "" if table.roles else "series"
        ids = [name or nameless for name in ids]
        self._require_choice(id_labels, len(ids))
        if self.measure is not None:
            columns = self.measure.columns
        else:
            ids, id_of, columns = self._with_all_measures(ids, id_of)
        id_columns = tuple(label.name for label in id_labels)
        named = self.naming.union(id_columns) & self.beside.places.keys()
        naming = frozenset(self.beside.places[name] for name in named)
        return Choice(
            table,
            self.rows,
            columns,
            ids,
            id_of,
            self.beside,
            naming,
            id_columns,
            self._passed_over(),
            self._measure_found(),
            [label.of_rows(self.rows) for label in self.changing],
        )

    def _keep_where(self, condition: str) -> None:
        """Keep the rows of `COLUMN=VALUE`. Raises UsageError if there are none."""
        columns = [*self.beside.labels, *self.beside.others]
        name, wanted = parted(condition, [column.name for column in columns])
        # Headings stand in the column of the labels below them, or of the periods.
        sections = [label for label in self.table.sections if label.name == "section"]
        chosen = columns_called(columns, name)
        if not chosen and not self.table.across:
            period_name = self.table.names[self.table.period_column]
            chosen = sections if same(period_name, name) else []
        if not chosen:
            what = f"column of labels {shown(name.strip())} ({option('where')})"
            raise unknown(self.file, what, name, [column.name for column in columns])

        wanted = single_spaced(wanted)
        score = match_of(chosen, self.rows, [()], [wanted]).score[:, 0]
        if not score.any() and self.table.across:
            score_of_sections = match_of(sections, self.rows, [()], [wanted]).score[:, 0]
            if score_of_sections.any():
                chosen = sections
                score = score_of_sections
        rows = self.rows[score == max(score.max(initial=0), 1)]
        texts = {text for text in texts_of(chosen, rows) if likeness(text, wanted)}
        is_ambiguous = score.max(initial=0) == 1 and len(texts) > 1
        if not len(rows) or is_ambiguous:
            what = f"{shown(wanted)} in column {shown(chosen[0].name)}"
            raise unknown(self.file, what, wanted, texts_of(chosen, self.rows))
        self.rows = rows
        self.chosen.append(as_written(wanted, texts))
        self.naming |= {column.name for column in chosen}

    def _keep_series(self, text: str) -> None:
        """Keep the rows and the measures that hold a text best.

        It is a whole label, or several parts of labels and names, such as `North / Sales`.
        """
        wanted = single_spaced(text)
        labels = self.beside.labels
        # What is settled on already needs no name.
        names = [() if measure is self.measure else measure.names for measure in self.measures]
        whole = match_of(labels, self.rows, names, [wanted])
        match = whole
        if whole.score.max(initial=0) < WHOLE:
            parts = [part for part in SEPARATORS.split(wanted) if part]
            match = match_of(labels, self.rows, names, parts or [wanted])
            if not parts or match.score.max(initial=0) < 1:
                self._require_default_name(text)
                return

        best = match.score == match.score.max()
        measures = [self.measures[index] for index in np.flatnonzero(best.any(axis=0)).tolist()]
        named: list[str] = []
        if len(measures) < len(self.measures):
            is_left = best.any(axis=0)
            named = [*compress(unique_names(self.measures), is_left)]
        by_label = {
            label.name: degrees for label, degrees in zip(labels, match.likeness, strict=True)
        }
        if match is whole:
            most = match.likeness.max(initial=0)
            of_best = {name: degrees == most for name, degrees in by_label.items() if most}
            self._require_one_column(text, of_best, named)
            texts = {text for label in labels for text in label.texts}
            self.series_name = as_written(text, texts)
        elif len(match.parts) == 1:
            self._take_name(labels, by_label, named)
        else:
            texts = {*texts_of(labels, self.rows[best.any(axis=1)]), *named}
            written = " / ".join(as_written(part, texts) for part in match.parts)
            self.series_name = written if same(written, text) else text
        if named:
            self.is_measure_asked = True
            self.measures = measures
            self.measure = measures[0] if len(measures) == 1 else None
        self.rows = self.rows[best.any(axis=1)]
        self.naming |= {name for name, degrees in by_label.items() if degrees.any()}

    def _require_default_name(self, text: str) -> None:
        """Refuse a name that no label holds.

        The one series of a file without labels has a name of its own, which may be typed as well.
        """
        labels = self.beside.labels
        if not labels and single_spaced(text) == self._default_name():
            return
        names = texts_of(labels, self.rows) + [measure.name for measure in self.measures]
        raise unknown(self.file, f"series {shown(text)}", text, names)

    def _require_one_column(
        self, text: str, rows_of: dict[str, NDArray[np.bool_]], measures: Sequence[str]
    ) -> None:
        """Refuse a text that several columns hold in different rows, such as `from` and `to`.

        `rows_of` has the rows by the name of the column that hold it, `measures` their names.
        """
        rows_of = {name: rows for name, rows in rows_of.items() if rows.any()}
        # A label of all rows chooses none of them.
        of_some = {name: rows for name, rows in rows_of.items() if not rows.all()} or rows_of
        different = {rows.tobytes() for rows in of_some.values()}
        if len(different) + len(measures) <= 1:
            return
        choices = [option("where", [f"{name}={text}"]) for name in of_some]
        choices += [option("value_column", name) for name in measures]
        problem = f"In {self.table.where}, {shown(text)} is in several columns."
        raise InputError(problem, f"Choose one: {' or '.join(choices)}.", code="choice_needed")

    def _take_name(
        self,
        labels: Sequence[Labels],
        by_label: dict[str, NDArray[np.int16]],
        measures: Sequence[str],
    ) -> None:
        """Name the series by the label that a part of it chose, if it is the only one."""
        texts = {*measures}
        for label in labels:
            texts.update(texts_of([label], self.rows[by_label[label.name] > 0]))
        if len(texts) == 1:
            self.series_name = texts.pop()

    def _keep_measures(self) -> None:
        """Settle on the measure that is asked for, or the one with values."""
        asked = self.options.value_column
        table = self.table
        if asked is not None and table.measures is not None:
            self._keep_measures_named(asked)
        elif asked is not None and self.measure is None:
            raise ask_for_measure(self._remaining, asked)
        if self.measure is not None or table.measures is not None:
            return
        with_numbers = [
            measure for measure in self.measures if has_numbers(table, self.rows, measure)
        ]
        if not with_numbers:
            problem = f"{table.where}: no column holds numbers."
            raise InputError(problem, f"Name it with {option('value_column')}.")
        if not self.several:  # one that never changes is no answer next to others that do
            changing = [measure for measure in with_numbers if varies(table, self.rows, measure)]
            with_numbers = changing or with_numbers
        names = [normalised(table.names[measure.first]) for measure in with_numbers]
        # A total is one of several values, next to its parts, and not the only one.
        is_ours = [name in VALUE_NAMES and not is_total(name) for name in names]
        named_by_us = [*compress(with_numbers, is_ours)]
        self.measures = with_numbers
        if len(with_numbers) == 1 or len(named_by_us) == 1:
            self.measure = (named_by_us or with_numbers)[0]
        elif self.several:
            values = [measure.first for measure in with_numbers]
            self.beside = self.beside._replace(values=values)

    def _passed_over(self) -> list[int]:
        """List the columns of other values, where one was settled on and none asked for."""
        table = self.table
        is_settled = self.measure is not None and not self.is_measure_asked
        if not is_settled or table.measures is not None or table.roles:
            return []
        columns: list[int] = []
        for measure in measures_of(table, self.beside):
            if self.measure is not None and measure.first == self.measure.first:
                continue
            if has_numbers(table, self.rows, measure) and varies(table, self.rows, measure):
                columns.append(measure.first)
        return columns

    def _measure_found(self) -> str:
        """The name of the measure, where a part of it was asked for."""
        asked = self.options.value_column
        if asked is None or self.measure is None:
            return ""
        is_named = self.measure.is_called(asked) or self.measure.has_name_like(asked)
        return "" if is_named else self.measure.name

    def _keep_measures_named(self, name: str) -> None:
        """Keep the measure of a name, or else those of which the name is a part."""
        if self.table.measures is None:
            self.measures = numeric_columns(self.table)
        elif not any(measure.name for measure in self.measures):
            problem = (
                f"{self.file} has a column a period, and none of values alone "
                f"({option('value_column', name)})."
            )
            hint = f"Leave it out; rows are chosen with {option('series_id')} or {option('where')}."
            raise UsageError(problem, hint, code="unknown_name")
        named = measures_named(self.measures, name)
        if not named:  # which says what there is
            names = unique_names(self.measures)
            named = [self.measures[column_named(names, self.file, name, "value_column")]]
        self.measures = named
        self.measure = named[0] if len(named) == 1 else None

    def _drop_parts(self) -> None:
        """Leave out quarters and months of years that have a row of their own."""
        table = self.table
        if table.measures is not None or table.roles:
            return
        head_of = table.head_of[self.rows, 0]
        used = [index for index in np.unique(head_of).tolist() if index >= 0]
        periods = {index: head.period for index in used if (head := table.heads[index])}
        years = {period.year for period in periods.values() if period.is_year}
        parts: list[int] = []
        for index, period in periods.items():
            if not period.is_year and period.year in years:
                parts.append(index)
        self.rows = self.rows[~np.isin(head_of, parts)]

    def _distinguishing(self) -> list[Labels]:
        """Find the columns that distinguish series.

        Where each period is there once, the rows are one series, whatever else they say: to keep
        those of one label would thin it out. Headings are another matter, as they part the rows.
        """
        identity = self.beside.identity
        if identity:
            return [label for label in self.beside.labels if label.name == identity][:1]
        labels = varying(self.table, self.beside, self.rows)
        periods = self.table.period_codes[self.rows]
        if self.several:  # each row without a period is a fault of its own
            periods = periods[periods >= 0]
        is_dated = bool((periods >= 0).all())
        is_each_once = not self.table.across and is_dated and distinct(periods) == len(periods)
        is_parted = any(label.name not in self.beside.places for label in labels)
        if not is_each_once or is_parted:
            return labels
        self.changing = labels
        return []

    def _keep_id(self, wanted: str, every: Indices) -> None:
        """Keep the one of several series whose id is the text itself, as a batch writes it.

        Where a label is empty, an id is a part of others: `_T` of `_T / Y15`.
        """
        left = self.rows
        self.rows = every
        id_labels = self._distinguishing()
        first, id_of = ranked([label.codes[every] for label in id_labels], len(every))
        ids = ids_of(id_labels, every[first]) if id_labels else []
        same_id = [index for index, name in enumerate(ids) if name == wanted]
        self.rows = left[np.isin(left, every[np.isin(id_of, same_id)])] if same_id else left

    def _keep_series_with_values(self, id_labels: Sequence[Labels], measure: Measure) -> None:
        """Leave out series without any value, unless none has one: they are no choice."""
        rows = self.table.rows[self.rows]
        kinds = self.table.grid.bits[np.ix_(rows, measure.columns)]
        has_value = ((kinds & MISSING) == 0).any(axis=1)
        _, id_of = ranked([label.codes[self.rows] for label in id_labels], len(self.rows))
        if has_value.any():
            self.rows = self.rows[np.isin(id_of, id_of[has_value])]

    def _require_choice(self, id_labels: Sequence[Labels], count: int) -> None:
        """Refuse more than one of `count` series where one is wanted, and rows without labels."""
        if not self.several and (self.measure is None or count > 1):
            raise ask_for_series(self._remaining, id_labels, count, self.options.series_id)
        self._require_labels(id_labels)
        table = self.table
        if table.across and not self.several and len(self.rows) > 1:
            rows = table.rows[self.rows].tolist()
            places = quoted([str(table.grid.place_of(row, 0)) for row in rows])
            problem = f"{self.file} has {len(self.rows)} rows with these labels, at {places}."
            hint = "Take out all but one, or add a column that distinguishes them."
            raise InputError(problem, hint, code="choice_needed")

    def _require_labels(self, id_labels: Sequence[Labels]) -> None:
        """Refuse rows without any label: it is unknown which series they are of.

        In rows of our own each such row is a fault, which `schema` finds.
        """
        if self.table.roles is not None or not id_labels:
            return
        is_blank = []
        for label in self.beside.labels:
            is_empty = np.array([not text for text in label.texts])
            is_blank.append(is_empty[label.codes[self.rows]])
        nameless = np.all(is_blank, axis=0)
        if not nameless.any():
            return
        row = int(self.table.rows[self.rows[int(np.argmax(nameless))]])
        name = id_labels[0].name
        problem = f"column {shown(name)} is empty where the label of a series must be."
        cell = self.table.grid.place_of(row, self.beside.places.get(name, 0))
        raise InputError(problem, "Give every row its label.", place=cell)

    def _with_all_measures(
        self, ids: Sequence[str], id_of: Indices
    ) -> tuple[list[str], Indices, Indices]:
        """Multiply the series of rows by the measures: ids, ids of rows and columns, columns."""
        columns = np.concatenate([measure.columns for measure in self.measures])
        counts = [len(measure.columns) for measure in self.measures]
        measure_of = np.repeat(np.arange(len(self.measures)), counts)
        order = np.argsort(columns)
        ids_of_cells = id_of[:, None] + measure_of[order][None, :] * len(ids)
        names = unique_names(self.measures)
        if self.table.across:
            joined = [f"{measure} / {name}" for measure in names for name in ids]
            return joined, ids_of_cells, columns[order]
        if len(ids) > 1:
            names = [f"{name} / {measure}" for measure in names for name in ids]
        return names, ids_of_cells, columns[order]

    def _own_name(self) -> str:
        """Name the one series: by what chose it, or its labels, or its measure, or its file."""
        if self.series_name is not None:
            return self.series_name
        chosen = [*filter(None, self.chosen)]
        asked = self.options.value_column
        if asked:
            names = [asked] if self.measure is None else self.measure.names
            is_named = any(same(name, asked) for name in names)
            chosen.append(as_written(asked, names) if is_named else names[0])
        if chosen:
            return " / ".join(chosen)
        if self.table.measures is not None and len(self.rows):
            for label in self.beside.labels:
                text = label.texts[label.codes[self.rows[0]]]
                if text:
                    self.naming.add(label.name)
                    return str(text)
        return self._default_name()

    def _default_name(self) -> str:
        stem = "series" if unnamed(self.file) else stem_of(self.file)
        if self.measure is None or self.table.across:
            return stem
        measure = self.measure.name
        if not measure or normalised(measure) in VALUES:  # says nothing of what it measures
            return stem
        return without_unit(measure) or stem
