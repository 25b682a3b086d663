"""Notes on a reading: what was left out, and what was read in a special way; nothing is dropped in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rural_forecast.errors import option
from rural_forecast.notes import Note
from rural_forecast.series.reading.names import is_total, may_be_total
from rural_forecast.text.cells import quoted, shown
from rural_forecast.text.wording import are, counted, spans

MOST_TOTALS = 100
LARGEST = 3
"""Reasons, and things of a kind, that a note names; the rest are counted."""
_SENTENCES = {
    "mistyped_year": "Left out of {file}: {first}.",
    "left_out": "Left out of {file}: {reasons}.",
    "missing": "{count} of {file} {are} missing{marked}.",
    "missing_by_flag": "{count} of {file} {are} missing: a flag says 'not available'.",
    "blank_label": "Rows of {file} with an empty label are read as series of their own: {items}.",
    "rows_without_year": "Rows of {file} whose period is no year are left out: {items}.",
    "published_forecast": "Published forecasts of {file} are used to compare with, not as history: {items}.",
    "flagged_breaks": "{file} flags a break in the series in {years}: years before may be on another basis.",
    "starred": "In {file}, {items} carry a star, whose meaning the table does not say: read as forecasts.",
    "marks": "Marks next to values of {file} are not used: {counts}.",
    "negative": "{count} of {file} {are} negative by brackets or a minus behind.",
    "kept": "",
    "empty_series": "Series of {file} without any value are left out: {items}.",
    "total_row": "Series of {file} with the name of a sum of others are read as series of their own: {items}.",
    "read_as_rate": "Read by name and unit as a share of a whole, a rate that ends at {whole}: {items}.",
}
"""The note of each code on things or values of a kind, in the order of notes."""
_NO_WARNING = ("marks", "negative")


class Noted:
    """Counts what is left out of one file while it is read. `file`: without its folders."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: dict[tuple[str, str], Counter[object]] = {}
        self._left_out: dict[str, dict[str, None]] = {}
        self._rows: Counter[str] = Counter()
        self._kept: dict[Note, None] = {}
        self.forecasts = 0
        """Published forecasts that were read, of a batch."""

    def name(self, code: str, item: object = "", count: int = 1, whole: str = "") -> None:
        """Count a thing in the note of a code: a year, a series, a head, a mark, or a value that has no name."""
        self._found.setdefault((code, whole), Counter())[item] += count

    def name_totals(self, names: Sequence[str]) -> None:
        """Name the series whose names say that they are sums of others, the first hundred, where others do not."""
        totals = [name for name in names if is_total(name)] if may_be_total("\n".join(names)) else []
        if len(totals) < len(names):
            for name in totals[: MOST_TOTALS - len(self._found.get(("total_row", ""), ()))]:
                self.name("total_row", name)

    def leave_out(self, what: str, why: str) -> None:
        """Name a column, sheet, key or file that is not read, and the reason in a few words."""
        self._left_out.setdefault(why, {})[what] = None

    def rows_left_out(self, kind: str, count: int = 1) -> None:
        """Count what is not read, such as `row{s} of kind 'forecast' (not data)`."""
        self._rows[kind] += count

    def missing(self, mark: str, count: int = 1) -> None:
        """Count a value that is missing, by its mark; empty cells have none."""
        if mark or self.file not in ("the frame", "the data"):
            self.name("missing", mark, count)

    def keep(self, note: Note) -> None:
        """Take note of how something was read; the same note counts once."""
        self._kept[note] = None

    def share(self, series_id: str, whole: float) -> None:
        """Take note of a series that is read as a rate for its name and unit, with the value that is the whole."""
        self.name("read_as_rate", series_id, whole=f"{whole:g}")

    def reasons_of_gap(self) -> tuple[Note, ...]:
        """The likely cause of a missing year."""
        return tuple(note for note in self.notes() if note.code in ("mistyped_year", "published_forecast"))

    def notes(self) -> tuple[Note, ...]:
        """Everything, one note a kind."""
        return tuple(dict.fromkeys(self._notes()))

    def _notes(self) -> Iterator[Note]:
        for code in _SENTENCES:
            found = {whole: items for (each, whole), items in self._found.items() if each == code}
            if code == "kept":
                yield from self._kept
            elif code == "left_out" and (reasons := self._reasons()):
                yield Note(code, _SENTENCES[code].format(file=self.file, reasons="; ".join(reasons)), warning=True)
            for whole, items in sorted(found.items(), reverse=True):
                yield self._note(code, items, whole)

    def _note(self, code: str, items: Counter[object], whole: str) -> Note:
        marks = [mark for mark, _ in items.most_common() if mark]
        years = sorted(item for item in items if isinstance(item, int))
        said = _SENTENCES[code].format(
            file=self.file,
            items=quoted([*items], 10),
            first=_first([*map(str, items)]),
            counts=", ".join(f"{shown(mark)} ({count:,})" for mark, count in items.most_common(8)),
            count=counted(items.total(), "value"),
            are=are(range(items.total())),
            marked=f": marked {quoted(marks, LARGEST)}" if marks else "",
            years=spans(years),
            whole=whole,
        )
        advice = {
            "flagged_breaks": f"Use {option('since', max(years, default=0))} to leave them out.",
            "read_as_rate": f"Add {option('measure', 'flow')} if not.",
        }.get(code, "")
        return Note(code, said, warning=bool(marks) if code == "missing" else code not in _NO_WARNING, advice=advice)

    def _reasons(self) -> list[str]:
        ordered = sorted(self._left_out.items(), key=lambda entry: -len(entry[1]))
        said = [f"{_first([*things])} ({why})" for why, things in ordered[:LARGEST]]
        more = sum(len(things) for _, things in ordered[LARGEST:])
        said += [f"{more} more"] * bool(more)
        rows = self._rows.most_common(LARGEST)
        return said + [f"{count:,} {kind.replace('{s}', 's' * (count != 1))}" for kind, count in rows]


def _first(things: Sequence[str]) -> str:
    more = len(things) - LARGEST
    return ", ".join(things[:LARGEST]) + (f" and {more:,} more" if more > 0 else "")
