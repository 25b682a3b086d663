"""What a reader left out or read in a special way, columns first, as notes: nothing is dropped in silence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import cast

from rural_forecast.notes import Note
from rural_forecast.series.account import ReadingAccount
from rural_forecast.series.reading.column_names import normalised
from rural_forecast.series.reading.columns import Columns
from rural_forecast.series.reading.contents import is_text
from rural_forecast.series.reading.grid import Grid, filled
from rural_forecast.series.reading.heads import mistyped, problem
from rural_forecast.text.cells import is_empty, label, shown
from rural_forecast.text.wording import counted

_NAMES = r"(?:grand_|sub_?|world_|overall_)?(?:totals?|sum)(?:_.*)?|.*_total|world|worldwide|global|all(?:_.*)?"
_CHINESE = r"(?:总|合|小|共)计.*|.*(?:合计|总计)|总和|总额|全国|全球|世界|全部"
_HINT = re.compile(r"tot|sum|world|global|all|计|总|全", re.IGNORECASE)
"""What any of these names holds: a quick look, for a batch has millions of names."""


def is_total_name(series_id: str) -> bool:
    """Whether a name is that of a sum.

    >>> [is_total_name(name) for name in ("Total", "Grand total", "合计", "World", "Totnes", "Allier")]
    [True, True, True, True, False, False]
    """
    if not _HINT.search(series_id):
        return False
    name = normalised(series_id)
    return re.fullmatch(_NAMES, name) is not None or re.fullmatch(_CHINESE, name) is not None


MOST_TOTALS = 100
_FIELDS = {
    "mistyped_year": "items",
    "published_forecast": "heads",
    "flagged_breaks": "years",
    "starred": "heads",
    "total_row": "names",
}
"""Notes that name things, by code, and the field that holds them."""


class Account:
    """Counts what was left out of one file while it is read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._named: dict[str, dict[object, None]] = {code: {} for code in _FIELDS}
        self._left_out: dict[str, None] = {}
        self._rows: Counter[str] = Counter()
        self._flags: Counter[str] = Counter()
        self._kept: dict[Note, None] = {}
        self._shares: dict[str, float] = {}
        self._others: dict[Note, None] = {}
        self._missing = 0
        self.forecasts = 0
        """Published forecasts that were read."""
        self.cells: Counter[str] = Counter()
        """What became of the cells of a batch, as in `tally`."""
        self.reading: ReadingAccount | None = None
        """The account of all cells, where it is made already."""

    def name(self, code: str, item: object) -> None:
        """Name a thing in the note of a code: a year, a series or a head."""
        self._named[code][item] = None

    def name_totals(self, names: Sequence[str]) -> None:
        """Name the series whose names say that they are sums of others, the first hundred, where others do not."""
        totals = [*filter(is_total_name, names)]
        if len(totals) < len(names):
            for name in totals[: MOST_TOTALS - len(self._named["total_row"])]:
                self.name("total_row", name)

    def leave_out(self, what: str, why: str, *, mistyped: bool = False) -> None:
        """Name a column, sheet, key or file that is not read, and the reason in a few words.

        `mistyped`: whether it is most likely a year of the series.
        """
        (self._named["mistyped_year"] if mistyped else self._left_out)[f"{what} ({why})"] = None

    def leave_rows_out(self, kind: str, count: int = 1) -> None:
        """Count rows that are not read, such as `row{s} of kind 'forecast' (not data)`."""
        if count:
            self._rows[kind] += count

    def keep(self, note: Note) -> None:
        """Take note of how something was read; the same note counts once."""
        self._kept[note] = None

    def leave_flags_out(self, flags: str, count: int = 1) -> None:
        """Count flags that are not used."""
        self._flags.update(dict.fromkeys(flags, count))

    def share(self, series_id: str, whole: float) -> None:
        """Take note of a series that is read as a rate for its name and unit, with the value that is the whole."""
        self._shares[series_id] = whole

    def take(self, notes: Iterable[Note]) -> None:
        """Add notes on a series that a search found: missing values are counted."""
        for note in notes:
            if note.code == "missing":
                self._missing += int(str(note.fields["count"]))
            elif note.code != "table_found":
                self._others[note] = None

    def notes(self) -> tuple[Note, ...]:
        """Everything, one note a kind; the years to come are those of all series together."""
        future = [note for note in self._others if note.code == "future_years"]
        notes = [*self._notes(), *(note for note in self._others if note.code != "future_years")]
        if future:
            years = [year for note in future for year in cast(tuple[int, int], note.fields["years"])]
            notes.append(replace(future[0], text={**future[0].fields, "years": (min(years), max(years))}))
        return tuple(dict.fromkeys(notes))

    def _notes(self) -> Iterator[Note]:
        yield from self._naming("mistyped_year")
        counts = [f"{count:,} {kind.replace('{s}', 's' * (count != 1))}" for kind, count in self._rows.items()]
        counts += [
            f"the flag {shown(flag)} of {counted(count, 'value')} (not used)" for flag, count in self._flags.items()
        ]
        if self._left_out or counts:
            fields = {"file": self.file, "items": tuple(self._left_out), "counts": tuple(counts)}
            yield Note("left_out", fields, warning=True)
        if self._missing:
            yield Note("missing", {"file": self.file, "count": self._missing}, warning=True)
        yield from self._naming("published_forecast", "flagged_breaks", "starred")
        yield from self._kept
        yield from self._naming("total_row")
        for whole in (100.0, 1.0):
            names = tuple(name for name, most in self._shares.items() if most == whole)
            if names:
                yield Note("read_as_rate", {"names": names, "whole": whole}, warning=True)

    def _naming(self, *codes: str) -> Iterator[Note]:
        for code in codes:
            items = tuple(sorted(self._named[code], key=lambda item: item if isinstance(item, int) else 0))
            if items:
                yield Note(code, {"file": self.file, _FIELDS[code]: items}, warning=True)


_DERIVED = ("lower_", "upper_", "growth_pct", "parent", "base_value")
"""Columns of the rows this program writes that follow from others."""


def account_of(grid: Grid, columns: Columns) -> Account:
    """What of a grid is not read: columns, and what its format left out."""
    account = Account(grid.short)
    leave_columns_out(account, grid, columns)
    for what, why in grid.left_out:
        account.leave_out(what, why)
    return account


def leave_columns_out(account: Account, grid: Grid, columns: Columns) -> None:
    """Name the columns with content that are not read, labels of a series excepted."""
    wide = bool(columns.years)
    used = columns.places() - ({columns.growth_pct} if wide else set())
    for place, head in enumerate(grid.header):
        if place in used or (columns.kind >= 0 and normalised(head).startswith(_DERIVED)):
            continue
        text = is_text(grid.column(place))
        if (text and _is_label(grid, place, columns)) or next(filled(grid.column(place)), None) is None:
            continue
        why = "not a column that is used" if text else "not the value column"
        if wide:
            why = "growth of no year" if place == columns.growth_pct else problem(head) if label(head) else "not a year"
        account.leave_out(_what(grid, place), why, mistyped=wide and mistyped(head))


def _is_label(grid: Grid, place: int, columns: Columns) -> bool:
    """Whether a text column only repeats one text, in a long form one for each series."""
    rows, by = grid.rows, -1 if columns.years else columns.id
    if hasattr(rows, "one_text_each"):  # they are held by column
        return bool(rows.one_text_each(place, by))
    by_series: dict[str, set[str]] = {}
    for row in rows:
        by_series.setdefault("" if by < 0 else label(row[by]), set()).add(label(row[place]))
    return len(rows) > len(by_series) and all(len(texts) == 1 for texts in by_series.values())


def _what(grid: Grid, place: int) -> str:
    head, rows = grid.header[place], grid.rows
    if label(head):
        return f"column {shown(head)}"
    if hasattr(rows, "first"):
        first = rows.first(place)
    else:
        first = next((row for row, cells in enumerate(rows) if not is_empty(cells[place])), -1)
    return f"column {place + 1} without a name at {grid.place(first, place)}"
