"""The account of a file: notes on what was left out, and the fate of each cell.

`Noted` collects things while a file is read, by the code of a note, and makes the notes of them at
the end. `account_of` gives each cell of the file one fate: used, missing, or the reason why it is
not used.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import Place, option
from rural_forecast.notes import Note
from rural_forecast.observed.observation import ReadingAccount, Series, UnusedLine
from rural_forecast.observed.reading.chooser import Choice
from rural_forecast.observed.reading.grid import Grid
from rural_forecast.observed.reading.labels import Indices, distinct
from rural_forecast.observed.reading.melt import Melt
from rural_forecast.observed.reading.names import ends_history, is_total, mistyped
from rural_forecast.observed.reading.options import ReadOptions
from rural_forecast.observed.reading.table import NO_YEAR, PeriodTable
from rural_forecast.observed.reading.words import BAD, NUMBER
from rural_forecast.observed.source_names import without_folders
from rural_forecast.text.cells import expression, quoted, shown
from rural_forecast.text.wording import are, counted, spans

MOST_TOTALS = 100  # series with the name of a sum that a note counts
MOST_LINES = 1000  # unused lines in an account
LARGEST = 3  # reasons, and things of a kind, that a note names; the rest are counted

# The sentence of the note of each code, in the order of the notes. Two are made in another way:
# `left_out` joins several reasons, and `kept` has the place of notes that are made elsewhere.
_SENTENCES = {
    "mistyped_year": "Left out of {file}: {first}.",
    "left_out": "Left out of {file}: {reasons}.",
    "missing": "{count} of {file} {are} missing{marked}.",
    "missing_by_flag": "{count} of {file} {are} missing: a flag says 'not available'.",
    "blank_label": "Rows of {file} with an empty label are read as series of their own: {items}.",
    "changing_label": (
        "Each year is in {file} once, so that its rows are read as one series, although other "
        "cells change from year to year: {whole}."
    ),
    "rows_without_year": "Rows of {file} whose period is no year are left out: {items}.",
    "published_forecast": (
        "Published forecasts of {file} are used to compare with, not as history: {items}."
    ),
    "flagged_breaks": (
        "{file} flags a break in the series in {items} (first at {whole}): growth alone crosses it."
    ),
    "starred": (
        "In {file}, {items} carry a star, whose meaning the table does not say: read as forecasts."
    ),
    "marks": "Marks next to values of {file} are not used: {items}.",
    "negative": "{count} of {file} {are} negative by brackets or a minus behind.",
    "kept": "",
    "empty_series": "Series of {file} without any value are left out: {items}.",
    "total_row": (
        "Series of {file} with the name of a sum of others are read as series of their own: "
        "{items}."
    ),
    "read_as_rate": (
        "Read by name and unit as a share of a whole, a rate that ends at {whole}: {items}."
    ),
}
_NO_WARNING = ("marks", "negative")
# Behind `2022p` agencies mean provisional, and analysts projected.
_PROVISIONAL = expression(r"\d{4}\s?p")

# Fates of cells; reasons of rows that are skipped are numbered after these.
_USED = 0
_MISSING = 1
_REFUSED = 2
_COLUMN = 3
_SERIES = 4
_ABOVE = 5
_BELOW = 6
_UNDER_HEADER = 7
_OTHER = 8
_REASONS = {
    _USED: "",
    _MISSING: "missing",
    _REFUSED: "a series that is refused",
    _COLUMN: "another column",
    _SERIES: "another series",
    _ABOVE: "above the table",
    _BELOW: "below the table",
    _UNDER_HEADER: "below the header",
    _OTHER: "another table",
}
Fates = NDArray[np.int16]


class Noted:
    """Counts what is left out of one file while it is read. `file`: without its folders."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.forecasts = 0  # published forecasts that were read, of a batch
        self.before_gaps = 0  # values of a batch that are before the last gap of their series
        self._items: dict[tuple[str, str], Counter[object]] = {}  # by code and detail
        self._kept: dict[Note, None] = {}
        self.breaks: set[int] = set()  # those asked for that a series has
        self._first_break = ""

    def name(self, code: str, item: object = "", count: int = 1, detail: str = "") -> None:
        """Count a thing in the note of a code.

        `detail`: why it is left out, or the value that is the whole of a rate.
        """
        self._items.setdefault((code, detail), Counter())[item] += count

    def flag_break(self, year: int, flagged_at: Place) -> None:
        """Count a break that a file flags at a place."""
        self._first_break = self._first_break or str(flagged_at)
        self.name("flagged_breaks", year, detail=self._first_break)

    def name_totals(self, names: Sequence[str]) -> None:
        """Name the series whose names are those of sums of others, unless all are."""
        totals = [name for name in names if is_total(name)]
        if len(totals) == len(names):
            return
        left = MOST_TOTALS - len(self._items.get(("total_row", ""), ()))
        for name in totals[:left]:
            self.name("total_row", name)

    def missing(self, mark: str, count: int = 1) -> None:
        """Count a value that is missing, by its mark; empty cells have none."""
        if mark or self.file not in ("the frame", "the data"):
            self.name("missing", mark, count)

    def keep(self, note: Note) -> None:
        """Keep a note of how something was read; the same note counts once."""
        self._kept[note] = None

    def has(self, code: str) -> bool:
        """Return true if a note of a code is kept."""
        return any(note.code == code for note in self._kept)

    def notes(self) -> tuple[Note, ...]:
        """Make the notes, one for each kind."""
        notes: list[Note] = []
        for code in _SENTENCES:
            items_of = {
                detail: items for (kind, detail), items in self._items.items() if kind == code
            }
            if code == "kept":
                notes += self._kept
            elif code == "left_out":
                notes += self._left_out(items_of)
            else:
                for detail, items in sorted(items_of.items(), reverse=True):
                    notes.append(self._note(code, items, whole=detail))
        return tuple(dict.fromkeys(notes))

    def _left_out(self, items_of: Mapping[str, Counter[object]]) -> Iterator[Note]:
        """Make the one note on columns, parts and rows that are left out, by their reasons."""
        rows = self._items.get(("rows_left_out", ""), Counter())
        if not items_of and not rows:
            return
        ordered = sorted(items_of.items(), key=lambda entry: -len(entry[1]))
        reasons = [f"{_first(items)} ({why})" for why, items in ordered[:LARGEST]]
        more = sum(len(items) for _, items in ordered[LARGEST:])
        if more:
            reasons.append(f"{more} more")
        for kind, count in rows.most_common(LARGEST):
            plural = "" if count == 1 else "s"
            reasons.append(f"{count:,} {str(kind).replace('{s}', plural)}")
        sentence = _SENTENCES["left_out"].format(file=self.file, reasons="; ".join(reasons))
        yield Note("left_out", sentence, warning=True)

    def _note(self, code: str, items: Counter[object], whole: str) -> Note:
        marks = [mark for mark, _ in items.most_common() if mark]
        years = sorted(item for item in items if isinstance(item, int))
        total = items.total()
        sentence = _SENTENCES[code].format(
            file=self.file,
            items=spans(years) if years else quoted([*items], 10),
            first=_first(items),
            count=counted(total, "value"),
            are=are(range(total)),
            marked=f": marked {quoted(marks, LARGEST)}" if marks else "",
            whole=whole,
        )
        advice = ""
        if code == "flagged_breaks":
            since = option("since", max(years, default=0))
            advice = f"Use {since} to leave earlier years out."
        elif code == "read_as_rate":
            advice = f"Add {option('measure', 'flow')} if not."
        elif code == "published_forecast" and any(map(_PROVISIONAL.fullmatch, map(str, items))):
            advice = (
                f"If p is provisional, name the last year of history: {option('actuals_until')}."
            )
        # A note on empty cells alone is no warning.
        warning = bool(marks) if code == "missing" else code not in _NO_WARNING
        return Note(code, sentence, warning=warning, advice=advice)


def _first(items: Collection[object]) -> str:
    names = ", ".join(map(str, islice(items, LARGEST)))
    more = len(items) - LARGEST
    return f"{names} and {more:,} more" if more > 0 else names


def account_of(grids: Sequence[Grid], melt: Melt, refused: Collection[str]) -> ReadingAccount:
    """Account for each cell of a file, by what was chosen in one table.

    `refused`: ids of the series that are.
    """
    table = melt.choice.table
    grid = table.grid
    reasons = [*_REASONS.values()]
    for _, why in table.skipped:
        if why not in reasons:
            reasons.append(why)
    fates = _fates(melt, refused, reasons)

    filled = ~grid.blank
    counts = np.bincount(fates[filled], minlength=len(reasons)).tolist()
    # An empty cell counts where a value is missing.
    counts[_MISSING] += int((~filled & (fates == _MISSING)).sum())
    in_all_grids = sum(int((~other.blank).sum()) for other in grids)
    counts[_OTHER] += max(in_all_grids - int(filled.sum()), 0)
    counts_unused = zip(reasons[_REFUSED:], counts[_REFUSED:], strict=True)
    skipped = {why: count for why, count in counts_unused if count}
    return ReadingAccount(
        table=_bare(grid.place_of(max(table.header_row, 0), 0)),
        cells=sum(counts),
        used=counts[_USED],
        missing=counts[_MISSING],
        skipped=skipped,
        lines=tuple(islice(_unused_lines(table, fates, reasons), MOST_LINES)),
    )


def with_other_series(account: ReadingAccount, cells: int) -> ReadingAccount:
    """Add cells of other series, which were left out before the table was read."""
    why = _REASONS[_SERIES]
    skipped = {**account.skipped, why: account.skipped.get(why, 0) + cells}
    return replace(account, cells=account.cells + cells, skipped=skipped)


def _fates(melt: Melt, refused: Collection[str], reasons: Sequence[str]) -> Fates:
    """Find the fate of each cell of a grid; later steps overwrite those before."""
    choice = melt.choice
    table = choice.table
    rows = table.rows
    columns = np.arange(len(table.names))
    fates = np.full(table.grid.index.shape, _OTHER, dtype=np.int16)
    fates[: rows[0]] = _ABOVE
    fates[max(table.header_row, -1) + 1 : rows[0]] = _UNDER_HEADER
    fates[rows[-1] + 1 :] = _BELOW
    fates[np.ix_(rows, columns)] = _SERIES
    for row, why in table.skipped:
        fates[row] = reasons.index(why)

    used_columns = sorted(_used_columns(melt))
    chosen_rows = rows[choice.rows]
    fates[np.ix_(chosen_rows, columns)] = _COLUMN
    fates[chosen_rows[:, None], used_columns] = _USED
    if table.header_row >= 0:
        fates[table.header_row, columns] = _COLUMN
        fates[table.header_row, [*used_columns, *choice.value_columns.tolist()]] = _USED

    is_refused = np.array([name in refused for name in choice.ids] or [False])[melt.id_of]
    fates_of_values = np.where(melt.missing, _MISSING, _USED)
    fates[melt.rows, melt.columns] = np.where(is_refused, _REFUSED, fates_of_values)
    if is_refused.any():
        refused_rows = np.setdiff1d(melt.rows[is_refused], melt.rows[~is_refused])
        fates[np.ix_(refused_rows, columns)] = _REFUSED
    return fates


def _unused_lines(table: PeriodTable, fates: Fates, reasons: Sequence[str]) -> Iterator[UnusedLine]:
    """List the lines with content outside of the table, by their first cells."""
    grid = table.grid
    filled = ~grid.blank
    is_outside = np.asarray(filled.any(axis=1))
    is_outside[table.rows] = False
    is_outside[max(table.header_row, 0)] = False
    for row in np.flatnonzero(is_outside).tolist():
        column = int(np.argmax(filled[row]))
        if why := reasons[fates[row, column]]:
            where = _bare(grid.place_of(row, column))
            yield UnusedLine(where, shown(grid.cell(row, column)), why)


def _used_columns(melt: Melt) -> set[int]:
    """Find the columns that say something of the values.

    They are periods, roles, and labels that the id of a series names or implies.
    """
    choice = melt.choice
    table = choice.table
    roles = choice.beside.roles
    used = {column for role, column in roles.items() if not role.startswith("remark")}
    used |= {table.period_column, table.part_column, *choice.naming} - {-1}
    used |= {column for column, name in enumerate(table.names) if ends_history(name)}
    ids = choice.id_of if choice.id_of.ndim == 1 else choice.id_of[:, 0]
    for column in set(choice.beside.places.values()) - used:
        codes = table.label(column).codes[choice.rows]
        is_implied = table.across or distinct(ids, codes) == distinct(ids) < len(ids)
        if is_implied and not _holds_numbers(table, choice.rows, column):
            used.add(column)
    return used


def _holds_numbers(table: PeriodTable, rows: Indices, column: int) -> bool:
    bits = table.grid.words.bits(table.grid.index[table.rows[rows], column])
    return bool((bits & (NUMBER | BAD)).any())


def leave_out(noted: Noted, melt: Melt) -> None:
    """Name all that is not read, except labels that say nothing more."""
    choice = melt.choice
    table = choice.table
    grid = table.grid
    for part, why in grid.left_out:
        noted.name("left_out", part, detail=why)
    if choice.measure_found:
        sentence = f"The values of {noted.file} are those of column {shown(choice.measure_found)}."
        noted.keep(Note("value_column", sentence, warning=True))
    for column in _unnamed_beside(choice):
        header_cell = grid.place_of(table.header_row, column)
        name = shown(table.names[column + 1])
        sentence = f"{header_cell}: the column before {name} has figures and no name of its own."
        advice = f"Name it, or put {name} above its own figures."
        noted.keep(Note("unnamed_column", sentence, warning=True, advice=advice))
    for column in _unread_columns(melt):
        _leave_out_column(noted, choice, column)
    for row, why in table.skipped:
        if why == NO_YEAR:
            noted.name("rows_without_year", grid.text(row, table.period_column))
    if choice.changing:
        changes = (
            f"{shown(label.name)} ({quoted(label.texts, LARGEST)})" for label in choice.changing
        )
        noted.name("changing_label", detail=", ".join(changes))
    for name in _half_labelled(choice):
        noted.name("blank_label", name)


def _unnamed_beside(choice: Choice) -> Iterator[int]:
    """Yield the columns of figures without a name to the left of those that are read.

    A head that moved one cell to the right leaves one, and names the figures of another column.
    """
    table = choice.table
    if table.across or table.roles is not None or table.header_row < 0:
        return
    own_names = table.grid.texts(table.header_row)
    for column in choice.value_columns.tolist():
        left = column - 1
        if left < 1 or left == table.period_column or own_names[left] or not own_names[column]:
            continue
        # A name may go on over columns, as that of years of two calendars does.
        is_carried = table.names[left] == table.names[left - 1] != ""
        if table.is_numeric(left) and not is_carried:
            yield left


def _unread_columns(melt: Melt) -> Iterator[int]:
    choice = melt.choice
    table = choice.table
    used = {*choice.value_columns.tolist(), *_used_columns(melt)}
    used |= {choice.beside.places[label.name] for label in choice.changing}
    # Where one of several columns of values was asked for, the others are not left out by mistake.
    if len(choice.value_columns) == 1:
        used |= {*choice.beside.values} - {*choice.passed_over}
    if table.across:
        used |= {*table.value_columns.tolist()}
    return (column for column in range(len(table.names)) if column not in used)


def _leave_out_column(noted: Noted, choice: Choice, column: int) -> None:
    """Name a column that is not read, if it has content in the rows that are."""
    table = choice.table
    grid = table.grid
    rows = table.rows[choice.rows]
    filled_rows = rows[~grid.blank[rows, column]]
    if not len(filled_rows):
        return
    description = f"column {shown(table.names[column])}"
    if not table.names[column]:
        first_cell = grid.place_of(int(filled_rows[0]), column)
        description = f"column {column + 1} without a name at {first_cell}"
    if table.across:
        if why := mistyped(grid.cell(table.header_row, column)):
            noted.name("mistyped_year", f"{description} ({why})")
        else:
            noted.name("left_out", description, detail="not a year")
    elif _holds_numbers(table, choice.rows, column):
        noted.name("left_out", description, detail="not the value column")
    else:
        noted.name("left_out", description, detail="not used")


def _half_labelled(choice: Choice) -> list[str]:
    """Find the series of few rows in which one of several labels is empty.

    Most likely it was forgotten.
    """
    if len(choice.id_columns) < 2 or choice.table.across or choice.id_of.ndim > 1:
        return []
    naming = [label for label in choice.beside.labels if label.name in choice.id_columns]
    labels = [label for label in naming if "" in label.texts]
    if not labels:
        return []
    blank = np.any([label.codes[choice.rows] == label.texts.index("") for label in labels], axis=0)
    counts = np.bincount(choice.id_of)
    few = 2 * counts < counts.max()
    nameless = np.unique(choice.id_of[blank])
    return [choice.ids[series] for series in nameless[few[nameless]].tolist()]


def completed(
    account: ReadingAccount,
    all_series: Sequence[Series],
    notes_of_each: Sequence[Sequence[Note]],
    options: ReadOptions,
) -> ReadingAccount:
    """Complete the account of the cells by what is common to all series."""
    titles = {series.title for series in all_series}
    units = {series.unit for series in all_series}
    notes = chain.from_iterable(notes_of_each)
    has_open_years = any(note.code == "future_years" for note in notes)
    observations = [value for series in all_series for value in series.observations]
    return replace(
        account,
        published=sum(value.status == "forecast" for value in observations),
        as_of=options.as_of if has_open_years and options.actuals_until is None else None,
        title=titles.pop() if len(titles) == 1 else "",
        unit=units.pop() if len(units) == 1 else "",
    )


def _bare(position: Place) -> str:
    """Name a place, with the file without its folders."""
    if not position.path:
        return str(position)
    return without_folders(position.path) + position.removeprefix(position.path)
