"""The account of a file: notes on what was left out or read in a special way, and the fate of each
cell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from rural_forecast.errors import Place, option
from rural_forecast.notes import Note
from rural_forecast.series.observation import ReadingAccount, Series, UnusedLine
from rural_forecast.series.reading.choose import Choice
from rural_forecast.series.reading.grid import NO_YEAR, Grid, Indices, PeriodTable, distinct
from rural_forecast.series.reading.melt import Melt
from rural_forecast.series.reading.names import ends_history, is_total, mistyped
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.reading.words import BAD, NUMBER
from rural_forecast.series.source_names import without_folders
from rural_forecast.text.cells import quoted, shown
from rural_forecast.text.wording import are, counted, spans

MOST_TOTALS = 100
LARGEST = 3  # reasons, and things of a kind, that a note names; the rest are counted
_SENTENCES = {
    "mistyped_year": "Left out of {file}: {first}.",
    "left_out": "Left out of {file}: {reasons}.",
    "missing": "{count} of {file} {are} missing{marked}.",
    "missing_by_flag": "{count} of {file} {are} missing: a flag says 'not available'.",
    "blank_label": "Rows of {file} with an empty label are read as series of their own: {items}.",
    "rows_without_year": "Rows of {file} whose period is no year are left out: {items}.",
    "published_forecast": "Published forecasts of {file} are used to compare with, not as history: {items}.",
    "flagged_breaks": "{file} flags a break in the series in {items}: years before may be on another basis.",
    "starred": "In {file}, {items} carry a star, whose meaning the table does not say: read as forecasts.",
    "marks": "Marks next to values of {file} are not used: {items}.",
    "negative": "{count} of {file} {are} negative by brackets or a minus behind.",
    "kept": "",
    "empty_series": "Series of {file} without any value are left out: {items}.",
    "total_row": "Series of {file} with the name of a sum of others are read as series of their own: {items}.",
    "read_as_rate": "Read by name and unit as a share of a whole, a rate that ends at {whole}: {items}.",
}  # the note of each code on things or values of a kind, in the order of notes
_NO_WARNING = ("marks", "negative")
_FATES = [
    "",
    "missing",
    "a series that is refused",
    "another column",
    "another series",
    "above the table",
]
_FATES += ["below the table", "below the header", "another table"]  # of cells; a used one has none
_USED, _MISSING, _REFUSED, _COLUMN, _SERIES, _ABOVE, _BELOW, _UNDER, _OTHER = range(len(_FATES))
MOST_LINES = 1000


class Noted:
    """Counts what is left out of one file while it is read. `file`: without its folders."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.forecasts = 0  # published forecasts that were read, of a batch
        self.before_gaps = 0  # values of a batch that are before the last gap of their series
        self._found: dict[tuple[str, str], Counter[object]] = {}
        self._kept: dict[Note, None] = {}

    def name(self, code: str, item: object = "", count: int = 1, of: str = "") -> None:
        """Count a thing in the note of a code. `of`: why it is left out, or the value that is the
        whole of a rate.
        """
        self._found.setdefault((code, of), Counter())[item] += count

    def name_totals(self, names: Sequence[str]) -> None:
        """Name the series whose names say that they are sums of others, the first hundred, where
        others do not.
        """
        totals = [name for name in names if is_total(name)]
        if len(totals) < len(names):
            for name in totals[: MOST_TOTALS - len(self._found.get(("total_row", ""), ()))]:
                self.name("total_row", name)

    def missing(self, mark: str, count: int = 1) -> None:
        """Count a value that is missing, by its mark; empty cells have none."""
        if mark or self.file not in ("the frame", "the data"):
            self.name("missing", mark, count)

    def keep(self, note: Note) -> None:
        """Take note of how something was read; the same note counts once."""
        self._kept[note] = None

    def notes(self) -> tuple[Note, ...]:
        """Everything, one note a kind."""
        made: list[Note] = []
        rows = self._found.get(("rows_left_out", ""), Counter())
        for code, sentence in _SENTENCES.items():
            found = {of: items for (each, of), items in self._found.items() if each == code}
            if code == "kept":
                made += self._kept
            elif code != "left_out":
                made += (
                    self._note(code, items, whole)
                    for whole, items in sorted(found.items(), reverse=True)
                )
            elif found or rows:
                ordered = sorted(found.items(), key=lambda entry: -len(entry[1]))
                reasons = [
                    f"{_first([*map(str, things)])} ({why})" for why, things in ordered[:LARGEST]
                ]
                more = sum(len(things) for _, things in ordered[LARGEST:])
                reasons += [f"{more} more"] * bool(more)
                for kind, count in rows.most_common(LARGEST):
                    reasons.append(f"{count:,} {str(kind).replace('{s}', 's' * (count != 1))}")
                made.append(
                    Note(
                        code,
                        sentence.format(file=self.file, reasons="; ".join(reasons)),
                        warning=True,
                    )
                )
        return tuple(dict.fromkeys(made))

    def _note(self, code: str, items: Counter[object], whole: str) -> Note:
        marks = [mark for mark, _ in items.most_common() if mark]
        years = sorted(item for item in items if isinstance(item, int))
        said = _SENTENCES[code].format(
            file=self.file,
            items=spans(years) if years else quoted([*items], 10),
            first=_first([*map(str, items)]),
            count=counted(items.total(), "value"),
            are=are(range(items.total())),
            marked=f": marked {quoted(marks, LARGEST)}" if marks else "",
            whole=whole,
        )
        advice = {
            "flagged_breaks": f"Use {option('since', max(years, default=0))} to leave them out.",
            "read_as_rate": f"Add {option('measure', 'flow')} if not.",
        }.get(code, "")
        return Note(
            code,
            said,
            warning=bool(marks) if code == "missing" else code not in _NO_WARNING,
            advice=advice,
        )


def _first(things: Sequence[str]) -> str:
    more = len(things) - LARGEST
    return ", ".join(things[:LARGEST]) + (f" and {more:,} more" if more > 0 else "")


def account_of(grids: Sequence[Grid], melt: Melt, refused: Collection[str]) -> ReadingAccount:
    """Account for each cell of a file, by what was chosen in one table. `refused`: ids of the
    series that are.
    """
    choice, table, reasons = melt.choice, melt.choice.table, [*_FATES]
    grid, there, rows, columns = (
        table.grid,
        ~table.grid.blank,
        table.rows,
        np.arange(len(table.names)),
    )
    fates = np.full(grid.index.shape, _OTHER, dtype=np.int16)
    fates[: rows[0]] = _ABOVE
    fates[max(table.header_row, -1) + 1 : rows[0]] = _UNDER
    fates[rows[-1] + 1 :] = _BELOW
    fates[np.ix_(rows, columns)] = _SERIES
    for row, why in table.skipped:
        if why not in reasons:
            reasons.append(why)
        fates[row] = reasons.index(why)
    labels = sorted(_said(melt))
    chosen = rows[choice.rows]
    fates[np.ix_(chosen, columns)] = _COLUMN
    fates[chosen[:, None], labels] = _USED
    if table.header_row >= 0:
        fates[table.header_row, columns] = _COLUMN
        fates[table.header_row, [*labels, *choice.value_columns.tolist()]] = _USED
    bad = np.array([name in refused for name in choice.ids] or [False])[melt.id_of]
    fates[melt.rows, melt.columns] = np.where(
        bad, _REFUSED, np.where(melt.missing, _MISSING, _USED)
    )
    if bad.any():
        fates[np.ix_(np.setdiff1d(melt.rows[bad], melt.rows[~bad]), columns)] = _REFUSED
    found = np.bincount(fates[there], minlength=len(reasons)).tolist()
    found[_MISSING] += int((~there & (fates == _MISSING)).sum())
    found[_OTHER] += max(sum(int((~each.blank).sum()) for each in grids) - int(there.sum()), 0)
    outside = np.asarray(there.any(axis=1))
    outside[rows] = outside[max(table.header_row, 0)] = False
    firsts = ((row, int(np.argmax(there[row]))) for row in np.flatnonzero(outside).tolist())
    lines = (
        UnusedLine(_bare(grid.place_of(row, at)), shown(grid.cell(row, at)), why)
        for row, at in firsts
        if (why := reasons[fates[row, at]])
    )
    skipped = {
        why: count for why, count in zip(reasons[_REFUSED:], found[_REFUSED:], strict=True) if count
    }
    where = _bare(grid.place_of(max(table.header_row, 0), 0))
    return ReadingAccount(
        where, sum(found), found[_USED], found[_MISSING], skipped, tuple(islice(lines, MOST_LINES))
    )


def _said(melt: Melt) -> set[int]:
    """Columns that say something of the values: periods, roles, and labels that the id of a series
    names or implies.
    """
    choice, table = melt.choice, melt.choice.table
    used = {at for role, at in choice.beside.roles.items() if not role.startswith("remark")}
    used |= {table.period_column, table.part_column, *choice.naming} - {-1}
    used |= {at for at, name in enumerate(table.names) if ends_history(name)}
    ids = choice.id_of if choice.id_of.ndim == 1 else choice.id_of[:, 0]
    for at in set(choice.beside.places.values()) - used:
        codes = table.label(at).codes[choice.rows]
        implied = table.across or distinct(ids, codes) == distinct(ids) < len(ids)
        if implied and not _holds_numbers(table, choice.rows, at):
            used.add(at)
    return used


def _holds_numbers(table: PeriodTable, rows: Indices, column: int) -> bool:
    bits = table.grid.words.bits(table.grid.index[table.rows[rows], column])
    return bool((bits & (NUMBER | BAD)).any())


def leave_out(noted: Noted, melt: Melt) -> None:
    """Name the columns with content that are not read, labels that say nothing more excepted."""
    choice, table = melt.choice, melt.choice.table
    grid = table.grid
    rows = table.rows[choice.rows]
    for what, why in grid.left_out:
        noted.name("left_out", what, of=why)
    used = {*choice.value_columns.tolist(), *_said(melt)}
    if len(choice.beside.values) > 1 and len(choice.value_columns) == 1:  # one that is asked for
        used |= {*choice.beside.values}
    if table.across:
        used |= {*table.value_columns.tolist()}
    for at in (at for at in range(len(table.names)) if at not in used):
        there = rows[~grid.blank[rows, at]]
        if not len(there):
            continue
        what = f"column {shown(table.names[at])}"
        if not table.names[at]:
            what = f"column {at + 1} without a name at {grid.place_of(int(there[0]), at)}"
        if table.across and (why := mistyped(grid.cell(table.header_row, at))):
            noted.name("mistyped_year", f"{what} ({why})")
        else:
            other = "not the value column" if _holds_numbers(table, choice.rows, at) else "not used"
            noted.name("left_out", what, of="not a year" if table.across else other)
    for row, why in table.skipped:
        if why == NO_YEAR:
            noted.name("rows_without_year", grid.text(row, table.period_column))
    for name in _half_labelled(choice):
        noted.name("blank_label", name)


def _half_labelled(choice: Choice) -> list[str]:
    """The series of few rows in which one of several labels is empty: most likely it was forgotten."""
    labels = [
        label
        for label in choice.beside.labels
        if label.name in choice.id_columns and "" in label.texts
    ]
    if not labels or len(choice.id_columns) < 2 or choice.table.across or choice.id_of.ndim > 1:
        return []
    blank = np.any([label.codes[choice.rows] == label.texts.index("") for label in labels], axis=0)
    counts = np.bincount(choice.id_of)
    return [
        choice.ids[at]
        for at in np.unique(choice.id_of[blank]).tolist()
        if 2 * counts[at] < counts.max()
    ]


def with_account(
    series: Sequence[Series], cells: ReadingAccount, options: ReadOptions
) -> list[Series]:
    """The series, each with the account of cells, to which all say what is published, their title
    and unit.
    """
    titles = {each.title for each in series}
    units = {each.unit for each in series}
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
    return (
        without_folders(place.path) + place.removeprefix(place.path) if place.path else str(place)
    )
