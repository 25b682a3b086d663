"""The account of a reading: one fate a cell, the size of the grid, and the lines that gave nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from rural_forecast.errors import Place
from rural_forecast.series.observation import Line, ReadingAccount, Series
from rural_forecast.series.reading.choose import Choice
from rural_forecast.series.reading.grid import Grid
from rural_forecast.series.reading.melt import Melt
from rural_forecast.series.reading.names import ends_history
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.reading.parts import mistyped
from rural_forecast.series.reading.remarks import Noted
from rural_forecast.series.reading.table import NO_YEAR, Places, Table, distinct
from rural_forecast.series.reading.words import BAD, NUMBER
from rural_forecast.series.source_names import without_folders
from rural_forecast.text.cells import shown

FATES = ("", "missing", "a series that is refused", "another column", "another series", "above the table",
         "below the table", "below the header", "another table")  # fmt: skip
"""Fates of a cell; a used one has none."""
_USED, _MISSING, _REFUSED, _COLUMN, _SERIES, _ABOVE, _BELOW, _UNDER, _OTHER = range(len(FATES))
MOST_LINES = 1000


def account_of(grids: Sequence[Grid], melt: Melt, refused: Collection[str]) -> ReadingAccount:
    """Account for each cell of a file, by what was chosen in one table. `refused`: ids of the series that are."""
    table, reasons = melt.choice.table, list(FATES)
    grid, there = table.grid, ~table.grid.blank
    fates = _fates(melt, refused, reasons)
    found = np.bincount(fates[there], minlength=len(reasons)).tolist()
    found[_MISSING] += int((~there & (fates == _MISSING)).sum())
    found[_OTHER] += sum(int((~other.blank).sum()) for other in grids if other is not grid)
    outside = np.asarray(there.any(axis=1))
    outside[table.rows] = outside[max(table.header, 0)] = False
    lines: list[Line] = []
    for row in np.flatnonzero(outside).tolist():
        at = int(np.flatnonzero(there[row])[0])
        if (why := reasons[fates[row, at]]) and len(lines) < MOST_LINES:
            lines.append(Line(_bare(grid.place(row, at)), shown(grid.cell(row, at)), why))
    where = _bare(grid.place(max(table.header, 0), 0))
    skipped = {why: count for why, count in zip(reasons[_REFUSED:], found[_REFUSED:], strict=True) if count}
    return ReadingAccount(where, sum(found), found[_USED], found[_MISSING], skipped, tuple(lines))


def _fates(melt: Melt, refused: Collection[str], reasons: list[str]) -> NDArray[np.int16]:
    choice, table = melt.choice, melt.choice.table
    fates = np.full(table.grid.index.shape, _OTHER, dtype=np.int16)
    first = int(table.rows.min(initial=len(fates))) if len(table.rows) else 0
    fates[:first] = _ABOVE
    fates[max(table.header, -1) + 1 : first] = _UNDER
    fates[int(table.rows.max(initial=0)) + 1 :] = _BELOW
    columns = np.array([*_columns(table)])
    fates[np.ix_(table.rows, columns)] = _SERIES
    for row, why in table.skipped:
        if why not in reasons:
            reasons.append(why)
        fates[row] = reasons.index(why)
    labels = sorted(_said(melt))
    chosen = table.rows[choice.rows]
    fates[np.ix_(chosen, columns)] = _COLUMN
    for at in labels:
        fates[chosen, at] = _USED
    if table.header >= 0:
        fates[table.header, columns] = _COLUMN
        fates[table.header, [*labels, *choice.columns.tolist()]] = _USED
    bad = np.array([name in refused for name in choice.ids] or [False])[melt.key]
    fates[melt.row, melt.column] = np.where(bad, _REFUSED, np.where(melt.missing, _MISSING, _USED))
    whole = np.unique(melt.row[bad])
    if len(whole):
        fates[np.ix_(whole[~np.isin(whole, melt.row[~bad])], columns)] = _REFUSED
    return fates


def _columns(table: Table) -> Iterable[int]:
    return range(len(table.names))


def _said(melt: Melt) -> set[int]:
    """Columns that say something of the values: periods, roles, and labels that the id of a series names or implies."""
    choice, table = melt.choice, melt.choice.table
    used = {at for role, at in choice.known.roles.items() if not role.startswith("remark")}
    used |= {table.period, table.part, *choice.naming} - {-1}
    used |= {at for at in _columns(table) if ends_history(table.names[at])}
    count = len(choice.rows)
    ids = choice.id_of if choice.id_of.ndim == 1 else choice.id_of[:, 0]
    for at in set(choice.known.places.values()) - used:
        if not _holds_numbers(table, choice.rows, at):
            is_one = not table.across and distinct(ids, table.label(at).codes[choice.rows]) == distinct(ids)
            if table.across or (is_one and count > distinct(ids)):
                used.add(at)
    return used


def _holds_numbers(table: Table, rows: Places, column: int) -> bool:
    bits = table.grid.words.bits(table.grid.index[table.rows[rows], column])
    return bool((bits & (NUMBER | BAD)).any())


def leave_out(noted: Noted, melt: Melt) -> None:
    """Name the columns with content that are not read, labels that say nothing more excepted."""
    choice, table = melt.choice, melt.choice.table
    for what, why in table.grid.left_out:
        noted.leave_out(what, why)
    used = {*choice.columns.tolist(), *_said(melt)}
    asked = len(choice.known.values) > 1 and len(choice.columns) == 1
    for at in _columns(table):
        if at in used or (table.across and at in table.columns) or (asked and at in choice.known.values):
            continue
        there = np.flatnonzero(~table.grid.blank[table.rows[choice.rows], at])
        if not len(there):
            continue
        what = f"column {shown(table.names[at])}"
        if not table.names[at]:
            what = f"column {at + 1} without a name at {table.grid.place(int(table.rows[choice.rows][there[0]]), at)}"
        why = mistyped(table.grid.cell(table.header, at)) if table.header >= 0 and table.across else ""
        if why:
            noted.name("mistyped_year", f"{what} ({why})")
        else:
            other = "not the value column" if _holds_numbers(table, choice.rows, at) else "not used"
            noted.leave_out(what, "not a year" if table.across else other)
    for name in _half_labelled(choice):
        noted.name("blank_label", name)
    for row, why in table.skipped:
        if why == NO_YEAR:
            noted.name("rows_without_year", table.grid.text(row, table.period))


def _half_labelled(choice: Choice) -> list[str]:
    """The series of few rows in which one of several labels is empty: most likely it was forgotten."""
    labels = [label for label in choice.known.labels if label.name in choice.by and "" in label.texts]
    if len(choice.by) < 2 or choice.table.across or choice.id_of.ndim > 1:
        return []
    blank = [label.codes[choice.rows] == label.texts.index("") for label in labels]
    counts = np.bincount(choice.id_of)
    there = np.unique(choice.id_of[np.any(blank, axis=0)]) if blank else np.zeros(0, dtype=np.int64)
    return [choice.ids[at] for at in there[2 * counts[there] < counts.max()].tolist()]


def with_account(series: Sequence[Series], cells: ReadingAccount, options: ReadOptions) -> list[Series]:
    """The series, each with the account of cells, to which all say what is published, their title and unit."""
    titles, units = {each.title for each in series}, {each.unit for each in series}
    ahead = any(note.code == "future_years" for each in series for note in each.reading_notes)
    account = replace(
        cells,
        published=sum(seen.status == "forecast" for each in series for seen in each.observations),
        as_of=options.as_of if ahead and options.actuals_until is None else None,
        title=titles.pop() if len(titles) == 1 else "",
        unit=units.pop() if len(units) == 1 else "",
    )
    return [replace(each, account=account) for each in series]


def _bare(place: Place) -> str:
    return without_folders(place.path) + place.removeprefix(place.path) if place.path else str(place)
