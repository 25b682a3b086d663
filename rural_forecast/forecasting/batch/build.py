"""Values to panels: a series that arrays surely understand is taken as it is, any other is read as
one series alone.

Almost all series of a large file are plain: numbers of whole years without a gap. A flag for each
series collects what says otherwise; it is better to read a plain series alone, which only takes
longer, than to misread one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import NOWHERE, InputError, Problem, RuralForecastError
from rural_forecast.forecasting.asked import kind_of
from rural_forecast.forecasting.batch.remarks import extremes
from rural_forecast.forecasting.panel import Panel, Refusal, refusal_of
from rural_forecast.forecasting.wholes import whole_of_rate
from rural_forecast.models.base import Array, Flags, Integers
from rural_forecast.notes import Note, of_code
from rural_forecast.observed.breaks import Bases
from rural_forecast.observed.findings import OF_VALUES
from rural_forecast.observed.history import History, annual
from rural_forecast.observed.observation import NO_KIND, Series
from rural_forecast.observed.preference import (
    PublishedForecast,
    parts_in,
    published_forecasts,
)
from rural_forecast.observed.reading.account import Noted
from rural_forecast.observed.reading.amounts import Amount
from rural_forecast.observed.reading.build import Builder
from rural_forecast.observed.reading.dating import DAYS_APART
from rural_forecast.observed.reading.history_end import FIRST, says_projection
from rural_forecast.observed.reading.labels import together
from rural_forecast.observed.reading.melt import Melt
from rural_forecast.observed.reading.names import NO
from rural_forecast.observed.reading.options import ReadOptions
from rural_forecast.observed.reading.schema import STATUSES, meaning, says_break
from rural_forecast.observed.reading.units import NAMED
from rural_forecast.observed.shares import most_of, percent, says_percent, tell
from rural_forecast.observed.source_names import stem_of
from rural_forecast.observed.subjects import read, says_anything
from rural_forecast.text.cells import shown

Fact = TypeVar("Fact")
PARTS = "value{s} of parts of years (whole years are forecast)"
_SILENT = frozenset(
    ["id", "period", "value", "source", "author", "model", "unit", "definition", "scale"]
)
"""Roles whose texts change no number; a series that has several units is read alone."""
_OF_UNITS = ("unit", "scale", "definition", "measure")
"""Roles of columns that can name a unit."""


class Built(NamedTuple):
    """The series of a block, read or refused."""

    panel: Panel
    refusals: Sequence[Refusal] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """The values that are there, by series and year."""

    series: Integers  # index of the id
    years: Integers  # 0 where the period is no whole year
    values: Array
    lengths: Integers  # points of each series
    ends: Integers  # of each series among the points

    @property
    def doubted(self) -> Integers:
        """The series of points that are not plain: no year, no number, or not the year after."""
        no_year = self.years == 0
        same_series = self.series[1:] == self.series[:-1]
        gap = same_series & (np.diff(self.years) != 1)
        return np.concatenate(
            [self.series[no_year | ~np.isfinite(self.values)], self.series[1:][gap]]
        )


def build(melt: Melt, options: ReadOptions, noted: Noted) -> Built:
    """Make a panel of the series of a melt, in order of first appearance; refuse those at fault."""
    ids = melt.choice.ids
    builder = Builder(melt, options, noted)
    missing = builder.missing
    points = _points_of(melt, ~missing)
    first, disagreeing = _first_cells(melt, builder)

    unsure = np.array([not name for name in ids])
    unsure[melt.id_of[_odd(melt, builder) & ~missing]] = True
    unsure[melt.id_of[melt.head_of < 0]] = True  # with a value or without, as for one series
    unsure |= _at_several_dates(melt, ~missing)
    unsure[points.doubted] = True
    unsure[disagreeing] = True
    unsure |= points.lengths == 0
    if options.as_of is not None:
        unsure |= _not_over(points, options.as_of.year)
    if _is_careful(melt, options):
        unsure[:] = True

    plain = np.flatnonzero(~unsure)
    units = _units(builder, _cells_with_unit(builder, first)[plain])
    _note_missing(melt, missing & ~unsure[melt.id_of], noted)
    all_are_plain = len(plain) == len(ids)
    values = points.values if all_are_plain else points.values[~unsure[points.series]]
    panel = Panel(
        ids=[ids[index] for index in plain.tolist()],
        offsets=np.concatenate([[0], np.cumsum(points.lengths[plain])]),
        values=values,
        origins=points.years[points.ends[plain] - 1],
        units=units,
    )
    labels = _labels(builder, first[plain])
    if panel.ids:
        places = builder.descriptions.places(int(first[plain[0]]))
        panel = replace(panel, measured=_shared(labels, places))
    panel = _with_rates(panel, labels, options, noted)
    panel = _with_subjects(panel, labels, builder, first[plain])
    if all_are_plain:
        return Built(panel)
    histories, refusals = _one_by_one(builder, np.flatnonzero(unsure), options, noted)
    if histories:
        joined = panel.then(panel_of([*histories.values()]))
        panel = joined.select(np.argsort([*plain.tolist(), *histories], kind="stable"))
    return Built(panel, refusals)


def _points_of(melt: Melt, present: Flags) -> Points:
    year_of_head = []
    for head in melt.heads:
        plain = head is not None and head.mark is None and head.kind == "plain"
        year_of_head.append(head.period.year if head and plain and head.period.is_year else 0)
    # The last one is that of cells without a period, whose head is -1.
    years = np.array([*year_of_head, 0])[melt.head_of]
    cells = np.flatnonzero(present)
    cells = cells[np.lexsort((years[cells], melt.id_of[cells]))]
    series = melt.id_of[cells]
    lengths = np.bincount(series, minlength=len(melt.choice.ids))
    return Points(series, years[cells], melt.values[cells], lengths, np.cumsum(lengths))


def _first_cells(melt: Melt, builder: Builder) -> tuple[Integers, Integers]:
    """Find the cell that describes each series, and the series whose rows disagree.

    It is the first one whose row states what all rows of a series agree in, such as its kind, or
    else the first that is there.
    """
    first = np.zeros(len(melt.choice.ids), dtype=np.int64)
    # Assigned in reverse, so that the first of a series is the one that stays.
    present = np.flatnonzero(~builder.missing)
    first[melt.id_of[present][::-1]] = present[::-1]
    columns = [builder.rows.roles[role] for role in builder.rows.agreed]
    agreed = np.array(columns, dtype=np.int64)
    grid = melt.choice.table.grid
    states = ~grid.blank[melt.rows[:, None], agreed]
    stating = np.flatnonzero(states.any(axis=1))
    first[melt.id_of[stating][::-1]] = stating[::-1]
    words = grid.index[melt.rows[:, None], agreed]
    disagrees = (states & (words != words[first[melt.id_of]])).any(axis=1)
    return first, melt.id_of[disagrees]


def _cells_with_unit(builder: Builder, first: Integers) -> Integers:
    """Find the first cell of each series whose row states its unit, or else the first of all."""
    melt = builder.melt
    column = melt.choice.beside.roles.get("unit")
    if column is None or builder.rows.own:
        return first
    has_unit = ~melt.choice.table.grid.blank[melt.rows, column]
    stating = np.flatnonzero(has_unit & ~builder.missing)
    cells = first.copy()
    cells[melt.id_of[stating][::-1]] = stating[::-1]
    return cells


def _at_several_dates(melt: Melt, present: Flags) -> Flags:
    """Find the series with dates at several times of the year, of which some are no whole years."""
    days = [head.day.timetuple().tm_yday if head and head.day else 0 for head in melt.heads]
    number_of_series = len(melt.choice.ids)
    if not any(days):
        return np.zeros(number_of_series, dtype=np.bool_)
    # The last one is that of cells without a period, whose head is -1.
    day_of_year = np.array([*days, 0])[melt.head_of]
    dated = present & (day_of_year > 0)
    first = np.full(number_of_series, 367)
    last = np.zeros(number_of_series, dtype=np.int64)
    np.minimum.at(first, melt.id_of[dated], day_of_year[dated])
    np.maximum.at(last, melt.id_of[dated], day_of_year[dated])
    several: Flags = last - first > DAYS_APART
    return several


def _not_over(points: Points, year: int) -> Flags:
    """Find the series that reach a year that is not over, or a later one."""
    result = np.zeros(len(points.lengths), dtype=np.bool_)
    has_points = points.lengths > 0
    begin = points.years[(points.ends - points.lengths)[has_points]]
    last = points.years[points.ends[has_points] - 1]
    # Small years are a running index.
    result[has_points] = (begin >= FIRST) & (last >= year)
    return result


def _note_missing(melt: Melt, missing: Flags, noted: Noted) -> None:
    """Count the missing values by the mark that stands for them."""
    codes, counts = np.unique(melt.codes[missing], return_counts=True)
    for code, count in zip(codes.tolist(), counts.tolist(), strict=True):
        mark = getattr(melt.odd.get(code), "marked", "") or ""
        noted.missing(mark, count=count)


def _one_by_one(
    builder: Builder, indices: Integers, options: ReadOptions, noted: Noted
) -> tuple[dict[int, History], list[Refusal]]:
    """Read series as one alone is read; those that can be used, by index, and those refused."""
    histories: dict[int, History] = {}
    refusals: list[Refusal] = []
    for index in indices.tolist():
        name = builder.melt.choice.ids[index]
        try:
            series = builder.series(index)
            if series is None:
                places = map(builder.values.place_of, builder.values.indices_of(index))
                raise InputError(
                    f"series {shown(name)} has no values.",
                    "Leave it out.",
                    place=next(places, NOWHERE),
                )
            history = annual(series, allow_gaps=options.allow_gaps)
        except RuralForecastError as error:
            refusals.append(refusal_of(name, error))
            continue
        histories[index] = history
        noted.before_gaps += sum(unused.why == "gap" for unused in history.left_out)
        noted.forecasts += sum(value.status == "forecast" for value in series.observations)
        parts = parts_in(series)
        if parts and not history.running:  # a year under way is estimated from those of all years
            noted.name("rows_left_out", PARTS, len(parts))
    return histories, refusals


def _odd(melt: Melt, builder: Builder) -> Flags:
    """Find the values whose cell or row says more than a number."""
    grid = melt.choice.table.grid
    marked = []
    for code, word in melt.odd.items():
        if isinstance(word, Amount) and word.body is not None:
            marked.append(code)
    odd: Flags = builder.faulty | np.isin(melt.codes, marked)
    roles = dict(builder.rows.roles)
    beside = melt.choice.beside.roles
    if "note" in beside:  # of others, whose rows have no role for it
        roles["note"] = beside["note"]
    for role, column in roles.items():
        if role in _SILENT:
            continue
        codes = grid.index[melt.rows, column]
        # Each distinct text is judged once.
        telling = [
            code for code in np.unique(codes).tolist() if not _is_plain(role, grid.words.text(code))
        ]
        odd |= np.isin(codes, telling)
    for rows in (builder.rows.ragged, builder.until):
        if rows:
            odd |= np.isin(melt.rows, list(rows))
    return odd


def _is_plain(role: str, text: str) -> bool:
    """Return True if a text of this role leaves a value the plain number of its year."""
    if role == "status":
        return STATUSES.get(text.lower()) in ("actual", "preliminary", "estimate")
    if role in ("published_on", "qualifier"):
        return not isinstance(meaning(role, text), Problem)
    if role == "kind":
        return text == "actual"
    if role == "new_basis":
        return text.casefold() in NO
    if role == "note":
        return not says_break(text)
    return not text


def _is_careful(melt: Melt, options: ReadOptions) -> bool:
    """Return True if the table or the options change how every series is read."""
    table = melt.choice.table
    if table.grid.percent or table.grid.about or table.part_column >= 0:
        return True
    if options.actuals_until is not None or options.measure == "growth" or options.breaks:
        return True
    if table.roles is not None:
        return False
    texts = [*table.title[-6:]]
    for label in melt.choice.beside.labels:
        texts += label.texts[:1000]
    return any(map(says_projection, texts))


def _units(builder: Builder, cells: Integers) -> list[str]:
    """Return the unit of each of some cells."""
    melt = builder.melt
    beside = melt.choice.beside
    columns = {beside.roles[role] for role in _OF_UNITS if role in beside.roles}
    for column, name in enumerate(builder.table.names):
        if NAMED.match(name) or "unit" in name.casefold():
            columns.add(column)
    if builder.table.across:
        columns.update(builder.descriptions.columns_of_units())
    texts = [builder.grid.index[melt.rows[cells], column] for column in sorted(columns)]
    return _by_texts(builder, cells, texts, builder.descriptions.unit_at)


def _labels(builder: Builder, cells: Integers) -> list[tuple[str, ...]]:
    """Return what says of some cells what they measure, besides the ids of their series."""
    id_columns = builder.melt.choice.id_columns
    rows = np.searchsorted(builder.table.rows, builder.melt.rows[cells])
    labels = [label for label in builder.descriptions.worded if label.name not in id_columns]

    def names_at(cell: int) -> tuple[str, ...]:
        return builder.descriptions.names(cell, id_columns)

    return _by_texts(builder, cells, [label.codes[rows] for label in labels], names_at)


def _by_texts(
    builder: Builder, cells: Integers, texts: Sequence[NDArray[Any]], read: Callable[[int], Fact]
) -> list[Fact]:
    """Read a fact of some cells, once for all in one column with the same texts beside them."""
    columns = builder.melt.columns[cells]
    _, first, code_of_cell = np.unique(
        together([columns, *texts], len(cells)), return_index=True, return_inverse=True
    )
    facts = [read(cell) for cell in cells[first].tolist()]
    return [facts[code] for code in code_of_cell.tolist()]


def _with_rates(
    panel: Panel, labels: Sequence[tuple[str, ...]], options: ReadOptions, noted: Noted
) -> Panel:
    """Find the rates among the series, as for a series alone: their unit and their whole.

    `labels` has those of each series.
    """
    measure = options.measure
    if not panel.ids:
        return panel
    telling = {names for names in set(labels) if tell(names)}
    if telling:
        of_series = zip(panel.ids, labels, strict=True)
        panel = replace(
            panel, labels={name: names for name, names in of_series if names in telling}
        )
    # Few texts for all series: whether any of them speaks of percent.
    texts = [*set(panel.units), *panel.ids]
    for names in set(labels):
        texts += names
    if measure != "rate" and not says_percent("\n".join(texts)):
        return panel
    units: list[str] = []
    wholes: dict[str, float] = {}
    lowest, highest = (side.tolist() for side in extremes(panel))
    for name, names, unit, low, high in zip(
        panel.ids, labels, panel.units, lowest, highest, strict=True
    ):
        share = percent((name, *names), unit)
        unit_of_share = unit if share is None else unit or "%"
        units.append(unit_of_share)
        if measure == "rate":
            whole = most_of(unit_of_share)
            if low >= 0 and high <= whole:
                wholes[name] = whole
        elif measure is None and share and share.holds(low, high):
            wholes[name] = share.whole
            noted.name("read_as_rate", name, detail=f"{share.whole:g}")
    return replace(panel, units=units, wholes=wholes)


def _with_subjects(
    panel: Panel, labels: Sequence[tuple[str, ...]], builder: Builder, cells: Integers
) -> Panel:
    """Read the subjects of series from their names, as for a series alone.

    `labels` has those of each series, `cells` its first one.
    """
    sheet = builder.grid.sheet
    file = stem_of(builder.grid.file)
    texts = [sheet, *panel.ids]
    for names in set(labels):
        texts += names
    descriptions = builder.descriptions
    definitions = [
        descriptions.definition(name, cell)
        for name, cell in zip(panel.ids, cells.tolist(), strict=True)
    ]
    if not panel.ids or not says_anything([*texts, *set(definitions)]):
        return panel
    lowest, _ = extremes(panel)
    able = (lowest > 0) & (panel.lengths > 1)
    subjects = {}
    for index in np.flatnonzero(able).tolist():
        name = panel.ids[index]
        names = ("" if name == file else name, *labels[index], sheet)
        if subject := read(names, panel.units[index], definitions[index]):
            subjects[name] = subject
    return replace(panel, subjects=subjects)


def _shared(labels: Sequence[tuple[str, ...]], places: Collection[str]) -> tuple[str, ...]:
    """Select the labels that all series have: those that say what they measure, then places."""
    if not labels:
        return ()
    first, *others = dict.fromkeys(labels)
    of_all = set(first).intersection(*others)
    shared = [label for label in first if label in of_all]
    return tuple(sorted(shared, key=lambda label: label in places))


def panel_of(histories: Sequence[History]) -> Panel:
    """Make a panel of series that were read one by one."""
    published: dict[str, Sequence[PublishedForecast]] = {}
    wholes: dict[str, float] = {}
    doubts: dict[str, Note] = {}
    kinds: dict[str, str] = {}
    subjects: dict[str, str] = {}
    within: dict[str, str] = {}
    labels: dict[str, tuple[str, ...]] = {}
    bases: dict[str, Bases] = {}
    running: dict[str, Series] = {}
    every_label: list[tuple[str, ...]] = []
    places: tuple[str, ...] = ()
    for history in histories:
        series = history.series
        name = series.id
        every_label.append(series.labels)
        places = series.places
        figures = [figure for figure in published_forecasts(series) if figure.period.is_year]
        if figures:
            published[name] = figures
        whole = whole_of_rate(history)
        if whole is not None:
            wholes[name] = whole
        doubtful = of_code(history.notes, *OF_VALUES, "growth")
        if doubtful:
            doubts[name] = doubtful[0]
        stated = series.market_kind
        if stated == NO_KIND or (stated and series.file):
            kinds[name] = stated
        elif kind := kind_of(series, history.values):
            subjects[name] = kind
        if series.within:
            within[name] = series.within
        if tell(series.labels):
            labels[name] = series.labels
        if history.bases is not None:
            bases[name] = history.bases
        if history.running:
            running[name] = series
    return Panel(
        ids=[history.series.id for history in histories],
        offsets=np.cumsum([0, *(len(history.years) for history in histories)]),
        values=np.concatenate([np.empty(0), *(history.values for history in histories)]),
        origins=np.array([history.origin for history in histories], dtype=np.int64),
        units=[history.series.unit for history in histories],
        published=published,
        wholes=wholes,
        doubts=doubts,
        kinds=kinds,
        subjects=subjects,
        within=within,
        labels=labels,
        measured=_shared(every_label, places),
        bases=bases,
        running=running,
    )
