"""Chooses series in the tables of a file: by labels, by `COLUMN=VALUE`, by the head of values.

Each condition keeps some rows, or some measures, of a table. Whatever still varies after the last
one is asked about: the refusal names it, most useful first, with an option to type.

`docs/explanation/how-a-table-is-found.md` explains the rules.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import InputError, RuralForecastError, UsageError, command, option
from rural_forecast.observed.reading.columns import (
    Columns,
    column_named,
    columns_of,
    numbered,
    varying,
)
from rural_forecast.observed.reading.labels import Indices, Labels, distinct, ranked
from rural_forecast.observed.reading.names import (
    SEPARATORS,
    VALUE_NAMES,
    VALUES,
    likeness,
    normalised,
    same,
    single_spaced,
    without_unit,
)
from rural_forecast.observed.reading.options import ReadOptions
from rural_forecast.observed.reading.source import unnamed
from rural_forecast.observed.reading.table import PeriodTable, carried
from rural_forecast.observed.reading.words import MISSING, NUMBER
from rural_forecast.observed.source_names import without_folders
from rural_forecast.text.cells import quoted, shown

MOST_NAMED = 10  # of what can be chosen, in a refusal
_MOST_LABELS = 3  # of a column there, where `series read` lists them all
_MOST_COMPARED = 20_000  # names among which one like a mistyped one is looked for, which is slow
_WHOLE = 2  # the least likeness of a text that is a whole label, or a whole piece of one


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


@dataclass(frozen=True)
class _Measure:
    """Columns of values that hold one measure: one column, or one for each period."""

    names: Sequence[str]  # its name, and what else is above its figures
    columns: Indices

    @property
    def name(self) -> str:
        return self.names[0]

    @property
    def first(self) -> int:
        return int(self.columns[0])


@dataclass(frozen=True)
class _Match:
    """How well rows and measures hold the parts of a text."""

    parts: Sequence[str]
    score: Indices  # of (rows, measures); 0 where a part is missing
    likeness: NDArray[np.int16]  # of (columns of labels, rows): of the part that is most alike


def choose(tables: Sequence[PeriodTable], options: ReadOptions, *, several: bool) -> Choice:
    """Choose by the options in the one table that allows it.

    With `several` all series that are left are read. Otherwise InputError is raised for more than
    one, and where more than one table allows the choice.
    """
    tried: list[_Tried] = []
    for table in tables:
        try:
            choice = _Chooser(table, options, several=several).choice()
            tried.append(_Tried(table, choice=choice))
        except (InputError, UsageError) as error:
            tried.append(_Tried(table, error=error))
    choices = [one.choice for one in tried if one.choice is not None]
    errors = [one.error for one in tried if one.error is not None]
    # Offices put a table of quarters or months next to that of years.
    yearly = [choice for choice in choices if choice.table.is_yearly]
    if len(yearly) == 1:
        choices = yearly
    is_asked = bool(options.series_id is not None or options.where or options.value_column)
    undecided = [error for error in errors if error.code == "choice_needed"]
    # Without a condition, a table that holds one series is not better than one that holds several.
    if len(choices) == 1 and (len(tables) == 1 or is_asked or not undecided):
        choice = choices[0]
        if choice.table.doubt is not None:
            raise choice.table.doubt
        return choice
    if not choices and (is_asked or len(tables) == 1):
        raise next(iter(undecided), errors[0])
    if len(choices) > 1:
        read = {id(choice.table) for choice in choices}
        tried = [one for one in tried if id(one.table) in read]
    raise _several_tables([one.table for one in tried], min(tried, key=lambda one: one.rank))


def _several_tables(tables: Sequence[PeriodTable], example: _Tried) -> _ChoiceNeededError:
    """Ask for one of several tables: by its sheet, its title, or both.

    The hint has what else the `example` among them asks for.
    """
    file = tables[0].grid.file
    sheets = list(dict.fromkeys(table.grid.sheet for table in tables))
    if len(sheets) > 1:
        sheet = example.table.grid.sheet
        inside = [table for table in tables if table.grid.sheet == sheet]
        more = example.options if len(inside) == 1 else _several_tables(inside, example).options
        problem = (
            f"{file} has several sheets: {quoted(sheets, MOST_NAMED)}, each with a table of years."
        )
        return _choice_needed(problem, option("sheet", sheet), *more)
    titles = [*map(_title_of, tables)]
    typed = option("where", [f"table={_title_of(example.table)}"])
    several = f"tables: {quoted(titles, MOST_NAMED)}"
    return _choice_needed(f"{file} has several {several}.", typed, *example.options)


def _title_of(table: PeriodTable) -> str:
    """Return the label that distinguishes a table of its grid; empty for one alone."""
    return next((label.texts[0] for label in table.sections if label.name == "table"), "")


class _ChoiceNeededError(InputError):
    """A refusal whose hint has options that make the choice."""

    options: Sequence[str] = ()


def _choice_needed(problem: str, *options: str, all_of_them: str = "") -> _ChoiceNeededError:
    """Ask for a choice, by an example of options that make it, or by the command for all."""
    hint = f"Choose one with {' '.join(options)}, "
    hint += f"or all: {all_of_them}" if all_of_them else "say."
    error = _ChoiceNeededError(problem, hint, code="choice_needed")
    error.options = options
    return error


@dataclass(frozen=True)
class _Tried:
    """A table, with the choice in it or the reason why there is none."""

    table: PeriodTable
    choice: Choice | None = None
    error: RuralForecastError | None = None

    @property
    def options(self) -> Sequence[str]:
        """Options that make the choice that the table needs."""
        return self.error.options if isinstance(self.error, _ChoiceNeededError) else ()

    @property
    def rank(self) -> tuple[bool, bool, bool]:
        """How good an example it is, the best first: one that is read, or else that only asks."""
        is_refused = self.choice is None and not self.options
        return is_refused, self.table.doubt is not None, not self.table.is_yearly


class _Chooser:
    """The rows and measures of a table that are left, condition by condition."""

    def __init__(self, table: PeriodTable, options: ReadOptions, *, several: bool) -> None:
        self.table = table
        self.options = options
        self.several = several
        self.file = table.grid.file
        self.rows: Indices = np.arange(len(table.rows))
        self.beside = columns_of(table, options)
        self.measures = self._all_measures()
        is_known = self.beside.value >= 0
        is_only_one = table.measures is not None and len(self.measures) == 1
        # The measure that is settled on; None while several are left, or none is sure.
        self.measure = self.measures[0] if is_known or is_only_one else None
        self.naming: set[str] = set()  # columns of labels that conditions were about
        self.series_name = options.series_id  # as typed, or the one label that holds it
        self.changing: Sequence[Labels] = ()
        self.chosen: list[str] = []  # texts that conditions chose rows by
        self.is_measure_asked = options.value_column is not None

    def _all_measures(self) -> list[_Measure]:
        table = self.table
        if table.measures is not None:
            codes = table.measures.codes
            texts = enumerate(table.measures.texts)
            return [_Measure([text], table.value_columns[codes == code]) for code, text in texts]
        columns = [*self.beside.values]
        if self.beside.value >= 0:
            columns.insert(0, self.beside.value)
        # A name in any line above the figures chooses a column: publishers write codes there. In
        # rows of our own there is a header alone.
        first = 0 if table.roles or not len(table.rows) else int(table.rows[0])
        joined_above = self._joined_above(first)
        measures: list[_Measure] = []
        names = {column: single_spaced(table.names[column]) for column in columns}
        times = Counter(names.values())
        for column, name in names.items():
            texts_above = [table.grid.text(row, column) for row in range(first)]
            if times[name] > 1:
                texts_above.append(numbered(name, column))
            all_names = [name, *texts_above, *joined_above[column]]
            measures.append(_Measure(all_names, np.array([column])))
        return measures

    def _joined_above(self, first: int) -> dict[int, list[str]]:
        """Join the lines above each name, from each line that is above figures down to the name.

        A head over several rows may begin above rows that look like a title.
        """
        table = self.table
        columns = [*range(table.period_column + 1, len(table.names))]
        joined: dict[int, list[str]] = {column: [] for column in range(len(table.names))}
        if table.across or table.roles or table.header_row < 0:
            return joined
        lines: dict[int, str] = {column: table.names[column] for column in columns}
        for row in range(min(table.header_row, first) - 1, -1, -1):
            texts = carried([table.grid.text(row, column) for column in columns])
            for column, text in zip(columns, texts, strict=True):
                if text and text not in lines[column]:
                    lines[column] = single_spaced(f"{text} {lines[column]}")
                    joined[column].append(lines[column])
        return joined

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
        chosen = _columns_named(columns, name)
        if not chosen and not self.table.across:
            period_name = self.table.names[self.table.period_column]
            chosen = sections if same(period_name, name) else []
        if not chosen:
            what = f"column of labels {shown(name.strip())} ({option('where')})"
            raise self._unknown(what, name, [column.name for column in columns])

        wanted = single_spaced(wanted)
        score = self._match(chosen, [()], [wanted]).score[:, 0]
        if not score.any() and self.table.across:
            score_of_sections = self._match(sections, [()], [wanted]).score[:, 0]
            if score_of_sections.any():
                chosen = sections
                score = score_of_sections
        rows = self.rows[score == max(score.max(initial=0), 1)]
        texts = {text for text in _texts_of(chosen, rows) if likeness(text, wanted)}
        is_ambiguous = score.max(initial=0) == 1 and len(texts) > 1
        if not len(rows) or is_ambiguous:
            what = f"{shown(wanted)} in column {shown(chosen[0].name)}"
            raise self._unknown(what, wanted, _texts_of(chosen, self.rows))
        self.rows = rows
        self.chosen.append(_as_written(wanted, texts))
        self.naming |= {column.name for column in chosen}

    def _match(
        self, columns: Sequence[Labels], measures: Sequence[Sequence[str]], parts: Sequence[str]
    ) -> _Match:
        """Rate how well each row with each measure, given by its names, holds all parts of a text.

        A row that holds a part as a whole label is rated one higher for each such label.
        """
        like = np.zeros((len(columns), len(parts), len(self.rows)), dtype=np.int16)
        for column_index, column in enumerate(columns):
            for part_index, part in enumerate(parts):
                degrees = _likenesses(column, part)
                like[column_index, part_index] = degrees[column.codes[self.rows]]
        of_measures = np.zeros((len(parts), len(measures)), dtype=np.int16)
        for part_index, part in enumerate(parts):
            for measure_index, names in enumerate(measures):
                degrees_of_names = (likeness(name, part) for name in names)
                of_measures[part_index, measure_index] = max(degrees_of_names, default=0)
        of_labels = like.max(axis=0, initial=0)
        best = np.maximum(of_labels[:, :, None], of_measures[:, None, :])
        whole = (like >= _WHOLE).any(axis=1).sum(axis=0)
        score = np.where((best > 0).all(axis=0), best.sum(axis=0) + whole[:, None], 0)
        return _Match(parts, score, like.max(axis=1))

    def _unknown(self, what: str, wanted: str, names: Iterable[str]) -> UsageError:
        offered = list(dict.fromkeys(filter(None, names)))
        folded = single_spaced(wanted).casefold()
        close = [name for name in offered if folded in name.casefold()][:3]
        close = close or get_close_matches(wanted, offered[:_MOST_COMPARED], 1)
        hint = f"It has {quoted(offered, MOST_NAMED)}."
        if close:
            hint = f"Did you mean {quoted(close)}?"
        return UsageError(f"{self.file} has no {what}.", hint, code="unknown_name")

    def _keep_series(self, text: str) -> None:
        """Keep the rows and the measures that hold a text best.

        It is a whole label, or several parts of labels and names, such as `North / Sales`.
        """
        wanted = single_spaced(text)
        labels = self.beside.labels
        # What is settled on already needs no name.
        names = [() if measure is self.measure else measure.names for measure in self.measures]
        whole = self._match(labels, names, [wanted])
        match = whole
        if whole.score.max(initial=0) < _WHOLE:
            parts = [part for part in SEPARATORS.split(wanted) if part]
            match = self._match(labels, names, parts or [wanted])
            if not parts or match.score.max(initial=0) < 1:
                self._require_default_name(text)
                return

        best = match.score == match.score.max()
        measures = [self.measures[index] for index in np.flatnonzero(best.any(axis=0)).tolist()]
        named: list[str] = []
        if len(measures) < len(self.measures):
            is_left = best.any(axis=0)
            named = [*compress(self._names_of_measures(), is_left)]
        by_label = {
            label.name: degrees for label, degrees in zip(labels, match.likeness, strict=True)
        }
        if match is whole:
            most = match.likeness.max(initial=0)
            of_best = {name: degrees == most for name, degrees in by_label.items() if most}
            self._require_one_column(text, of_best, named)
            texts = {text for label in labels for text in label.texts}
            self.series_name = _as_written(text, texts)
        elif len(match.parts) == 1:
            self._take_name(labels, by_label, named)
        else:
            texts = {*_texts_of(labels, self.rows[best.any(axis=1)]), *named}
            written = " / ".join(_as_written(part, texts) for part in match.parts)
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
        names = _texts_of(labels, self.rows) + [measure.name for measure in self.measures]
        raise self._unknown(f"series {shown(text)}", text, names)

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
            texts.update(_texts_of([label], self.rows[by_label[label.name] > 0]))
        if len(texts) == 1:
            self.series_name = texts.pop()

    def _keep_measures(self) -> None:
        """Settle on the measure that is asked for, or the one with values."""
        asked = self.options.value_column
        table = self.table
        if asked is not None and table.measures is not None:
            self._keep_measures_named(asked)
        elif asked is not None and self.measure is None:
            raise self._ask_which(asked)
        if self.measure is not None or table.measures is not None:
            return
        with_numbers = [measure for measure in self.measures if self._has_numbers(measure)]
        if not with_numbers:
            problem = f"{table.where}: no column holds numbers."
            raise InputError(problem, f"Name it with {option('value_column')}.")
        if not self.several:  # one that never changes is no answer next to others that do
            with_numbers = [*filter(self._varies, with_numbers)] or with_numbers
        names = [normalised(table.names[measure.first]) for measure in with_numbers]
        is_ours = [name in VALUE_NAMES for name in names]
        named_by_us = [*compress(with_numbers, is_ours)]
        self.measures = with_numbers
        if len(with_numbers) == 1 or len(named_by_us) == 1:
            self.measure = (named_by_us or with_numbers)[0]
        elif self.several:
            values = [measure.first for measure in with_numbers]
            self.beside = self.beside._replace(values=values)

    def _has_numbers(self, measure: _Measure) -> bool:
        return bool((self.table.bits(measure.first)[self.rows] & NUMBER).any())

    def _varies(self, measure: _Measure) -> bool:
        """True if a column has different values in the rows that are left, or few of them."""
        cells = self.table.grid.index[self.table.rows[self.rows], measure.first]
        return len(cells) <= 2 or distinct(cells[cells > 0]) > 1

    def _passed_over(self) -> list[int]:
        """List the columns of other values, where one was settled on and none asked for."""
        table = self.table
        is_settled = self.measure is not None and not self.is_measure_asked
        if not is_settled or table.measures is not None or table.roles:
            return []
        columns: list[int] = []
        for measure in self._all_measures():
            is_other = self.measure is None or measure.first != self.measure.first
            if is_other and self._has_numbers(measure) and self._varies(measure):
                columns.append(measure.first)
        return columns

    def _measure_found(self) -> str:
        """The name of the measure, where a part of it was asked for."""
        asked = self.options.value_column
        if asked is None or self.measure is None:
            return ""
        is_named = _is_whole(self.measure, asked) or _is_same_name(self.measure, asked)
        return "" if is_named else self.measure.name

    def _ask_which(self, asked: str) -> InputError:
        """Ask for one of the columns that a name is a part of."""
        names = self._names_of_measures()
        problem = f"{self.table.where}: {shown(asked)} is in several columns: "
        return _choice_needed(
            f"{problem}{quoted(names, MOST_NAMED)}.", option("value_column", names[0])
        )

    def _keep_measures_named(self, name: str) -> None:
        """Keep the measure of a name, or else those of which the name is a part."""
        table = self.table
        if table.measures is None:  # any column of numbers, also one that is taken for labels
            self.measures = []
            for column, column_name in enumerate(table.names):
                if column != table.period_column and table.is_numeric(column, 0.5):
                    names = [column_name, numbered(column_name, column)]
                    self.measures.append(_Measure(names, np.array([column])))
        elif not any(measure.name for measure in self.measures):
            problem = (
                f"{self.file} has a column a period, and none of values alone "
                f"({option('value_column', name)})."
            )
            hint = f"Leave it out; rows are chosen with {option('series_id')} or {option('where')}."
            raise UsageError(problem, hint, code="unknown_name")
        names = self._names_of_measures()
        parts: list[_Measure] = []
        for is_named in (_is_whole, _is_same_name, _is_part):
            parts = parts or [measure for measure in self.measures if is_named(measure, name)]
        if not parts:  # which says what there is
            parts = [self.measures[column_named(names, self.file, name, "value_column")]]
        self.measures = parts
        self.measure = parts[0] if len(parts) == 1 else None

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

    def _keep_series_with_values(self, id_labels: Sequence[Labels], measure: _Measure) -> None:
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
            raise self._ask(id_labels, count)
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
        names = self._names_of_measures()
        if self.table.across:
            joined = [f"{measure} / {name}" for measure in names for name in ids]
            return joined, ids_of_cells, columns[order]
        if len(ids) > 1:
            names = [f"{name} / {measure}" for measure in names for name in ids]
        return names, ids_of_cells, columns[order]

    def _names_of_measures(self) -> list[str]:
        """Name the measures that are left, each in another way."""
        names = [measure.name or f"column {measure.first + 1}" for measure in self.measures]
        times = Counter(names)
        for index, measure in enumerate(self.measures):
            if times[names[index]] > 1:
                names[index] = numbered(names[index], measure.first)
        return names

    def _own_name(self) -> str:
        """Name the one series: by what chose it, or its labels, or its measure, or its file."""
        if self.series_name is not None:
            return self.series_name
        chosen = [*filter(None, self.chosen)]
        asked = self.options.value_column
        if asked:
            names = [asked] if self.measure is None else self.measure.names
            is_named = any(same(name, asked) for name in names)
            chosen.append(_as_written(asked, names) if is_named else names[0])
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
        file = "series" if unnamed(self.file) else without_folders(self.file)
        stem = file.rpartition(".")[0] or file
        if self.measure is None or self.table.across:
            return stem
        measure = self.measure.name
        if not measure or normalised(measure) in VALUES:  # says nothing of what it measures
            return stem
        return without_unit(measure) or stem

    def _ask(self, id_labels: Sequence[Labels], count: int) -> InputError:
        """Name what varies, most labels first, and options that choose one series."""
        labels = {
            label.name: list(dict.fromkeys(ids_of([label], self.rows))) for label in id_labels
        }
        ordered = sorted(id_labels, key=lambda label: -len(labels[label.name]))
        example = self._example_of(ordered)
        chosen = {label.name: label.texts[label.codes[example]] for label in ordered}
        varying_names = [*chosen]
        # An empty label is typed only where the others leave several series.
        chosen = self._without_empty(ordered, chosen)
        varies = ""
        typed: list[str] = []
        if chosen:
            listed = (
                f"{shown(name)} ({quoted(labels[name], _MOST_LABELS)})" for name in varying_names
            )
            varies = f"; what varies: {'; '.join(listed)}"
            typed = [option("where", [f"{name}={text}" for name, text in chosen.items()])]
        if self.measure is None:
            names = self._names_of_measures()
            several = f"several columns could hold the value: {quoted(names, MOST_NAMED)}"
            value_column = option("value_column", names[0])
            return _choice_needed(f"{self.table.where}: {several}{varies}.", value_column, *typed)
        # The label of the one column that varies is shorter to type.
        if len(varying_names) == 1:
            parts = filter(None, (self.options.series_id, *chosen.values()))
            typed = [option("series_id", " / ".join(parts))]
        problem = f"{self.file} holds {count:,} series{varies}."
        batch = "" if unnamed(self.file) else command("batch", self.file)
        return _choice_needed(problem, *typed, all_of_them=batch)

    def _without_empty(self, labels: Sequence[Labels], chosen: dict[str, str]) -> dict[str, str]:
        """Leave empty labels out of a choice that is one of a single series without them."""
        filled = {name: text for name, text in chosen.items() if text}
        rows = self.rows
        for label in labels:
            if label.name in filled:
                is_chosen = np.array([text == filled[label.name] for text in label.texts])
                rows = rows[is_chosen[label.codes[rows]]]
        count = distinct(*(label.codes[rows] for label in labels)) if labels else 0
        return filled if filled and count == 1 else chosen

    def _example_of(self, labels: Sequence[Labels]) -> int:
        """Find a row of the first long series with a label in each column, else the first row.

        A series is long with as many rows of figures as any other, so that it is worth a try. One
        with two values of a period is none.
        """
        if not labels:
            return int(self.rows[0])
        measure = self.measure or self.measures[0]
        kinds = self.table.grid.bits[np.ix_(self.table.rows[self.rows], measure.columns)]
        figures = ((kinds & NUMBER) != 0).sum(axis=1)
        is_labelled = np.ones(len(self.rows), dtype=np.bool_)
        for label in labels:
            is_filled = np.array([bool(text) for text in label.texts])
            is_labelled &= is_filled[label.codes[self.rows]]
        _, id_of = ranked([label.codes[self.rows] for label in labels], len(self.rows))
        figures_of = np.bincount(id_of, weights=figures * is_labelled)
        periods = self.table.period_codes[self.rows]
        first, _ = ranked((id_of, periods), len(id_of))
        has_each_once = np.bincount(id_of[first]) == np.bincount(id_of)
        if has_each_once.any():
            figures_of[~has_each_once] = -1
        return int(self.rows[np.argmax(figures_of[id_of])])


def parted(condition: str, names: Iterable[str]) -> tuple[str, str]:
    """Part `COLUMN=VALUE` into its column, one of some names if it has one, and its value."""
    name, sign, wanted = condition.partition("=")
    if not sign or not name.strip():
        problem = f"{option('where')} {shown(condition)} is not COLUMN=VALUE."
        example = ["Country=Kenya"]
        raise UsageError(problem, f"Write it as {option('where', example)}.")
    exact = [name for name in names if condition.startswith(f"{name}=")]
    if exact:
        name = max(exact, key=len)  # which may have a = in it
        wanted = condition[len(name) + 1 :]
    return name, wanted


def _columns_named(columns: Sequence[Labels], name: str) -> list[Labels]:
    """Find the columns of a name, in any case, and those of the labels of its codes."""
    named = [column for column in columns if column.name == name.strip()]
    named = named or [column for column in columns if same(column.name, name)]
    return named + [column for column in columns if same(column.name, f"{name} label")]


def _is_whole(measure: _Measure, name: str) -> bool:
    return any(same(own, name) for own in measure.names)


def _is_same_name(measure: _Measure, name: str) -> bool:
    return normalised(measure.name) == normalised(name)


def _is_part(measure: _Measure, name: str) -> bool:
    return likeness(measure.name, name) > 0


def _as_written(wanted: str, texts: Iterable[str]) -> str:
    """Give the one text that differs from the wanted one in case or spaces alone, or that one."""
    alike = {text for text in texts if same(text, wanted)}
    return alike.pop() if len(alike) == 1 else wanted


def _likenesses(column: Labels, part: str) -> NDArray[np.int_]:
    """Rate how like each text of a column is to a part of a text."""
    folded = part.casefold()  # a quick look, as there may be a million texts
    degrees = [likeness(text, part) if folded in text.casefold() else 0 for text in column.texts]
    return np.array(degrees, dtype=int)


def _texts_of(columns: Iterable[Labels], rows: Indices) -> list[str]:
    return [text for column in columns for text in column.of_rows(rows).texts]


def ids_of(columns: Sequence[Labels], rows: Indices) -> list[str]:
    """Join the labels of some rows to ids."""
    parts = [label._replace(codes=label.codes[rows]).all_texts for label in columns]
    if len(parts) == 1:
        return parts[0]
    return [" / ".join(filter(None, labels)) for labels in zip(*parts, strict=True)]
