"""Notes on a reading: what was left out, and what was read in a special way; nothing is dropped in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rural_forecast.errors import Place, option
from rural_forecast.notes import Note
from rural_forecast.series.reading.names import is_total, may_be_total
from rural_forecast.text.cells import quoted, shown
from rural_forecast.text.wording import counted, spans

MOST_TOTALS = 100
LARGEST = 3
"""Reasons, and things of a kind, that a note names; the rest are counted."""


class Noted:
    """Counts what is left out of one file while it is read. `file`: without its folders."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._named: dict[str, dict[object, None]] = {}
        self._left_out: dict[str, list[str]] = {}
        self._rows: Counter[str] = Counter()
        self._flags: Counter[str] = Counter()
        self._marks: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self._missing: Counter[str] = Counter()
        self._first_missing = Place()
        self._kept: dict[Note, None] = {}
        self._shares: dict[str, float] = {}
        self.forecasts = 0
        """Published forecasts that were read, of a batch."""

    def name(self, code: str, item: object) -> None:
        """Name a thing in the note of a code: a year, a series or a head."""
        self._named.setdefault(code, {})[item] = None

    def name_totals(self, names: Sequence[str]) -> None:
        """Name the series whose names say that they are sums of others, the first hundred, where others do not."""
        totals = [name for name in names if is_total(name)] if may_be_total("\n".join(names)) else []
        if len(totals) < len(names):
            for name in totals[: MOST_TOTALS - len(self._named.get("total_row", ()))]:
                self.name("total_row", name)

    def leave_out(self, what: str, why: str) -> None:
        """Name a column, sheet, key or file that is not read, and the reason in a few words."""
        known = self._left_out.setdefault(why, [])
        if what not in known:
            known.append(what)

    def rows_left_out(self, kind: str, count: int = 1) -> None:
        """Count rows that are not read, such as `row{s} of kind 'forecast' (not data)`."""
        self._rows[kind] += count

    def flags_left_out(self, flags: str, count: int = 1) -> None:
        """Count flags that are not used."""
        self._flags.update(dict.fromkeys(flags, count))

    def mark(self, mark: str) -> None:
        """Count a mark next to a value."""
        self._marks[mark] += 1

    def count(self, code: str, count: int = 1) -> None:
        """Count what the note of a code counts."""
        self._counts[code] += count

    def missing(self, mark: str, place: Place = Place(), count: int = 1) -> None:  # noqa: B008 - a constant
        """Count a value that is missing, by its mark; empty cells have none."""
        if not mark and self.file in ("the frame", "the data"):
            return
        self._missing[mark] += count
        self._first_missing = self._first_missing or place

    def keep(self, note: Note) -> None:
        """Take note of how something was read; the same note counts once."""
        self._kept[note] = None

    def share(self, series_id: str, whole: float) -> None:
        """Take note of a series that is read as a rate for its name and unit, with the value that is the whole."""
        self._shares[series_id] = whole

    def reasons_of_gap(self) -> tuple[Note, ...]:
        """The likely cause of a missing year."""
        return tuple(note for note in self.notes() if note.code in ("mistyped_year", "published_forecast"))

    def notes(self) -> tuple[Note, ...]:
        """Everything, one note a kind."""
        return tuple(dict.fromkeys(self._notes()))

    def _notes(self) -> Iterator[Note]:
        file = self.file
        if items := self._items("mistyped_year"):
            yield Note("mistyped_year", f"Left out of {file}: {_first(items)}.", warning=True)
        if left := self._left():
            yield Note("left_out", f"Left out of {file}: {'; '.join(left)}.", warning=True)
        yield from self._of_missing()
        heads = self._items("published_forecast")
        if heads:
            are = "is a published forecast" if len(heads) == 1 else "are published forecasts"
            said = f"In {file}, {quoted(heads, 20)} {are}: used to compare with, not as history."
            yield Note("published_forecast", said, warning=True)
        if years := [item for item in self._named.get("flagged_breaks", ()) if isinstance(item, int)]:
            before = "the years before may be on another basis"
            said = f"{file} flags a break in the series in {spans(sorted(years))}: {before}."
            first = f"Use {option('since', max(years))} to leave them out."
            yield Note("flagged_breaks", said, warning=True, advice=first)
        if stars := self._items("starred"):
            said = f"In {file}, {quoted(stars)} carry a star, whose meaning the table does not say: read as forecasts."
            yield Note("starred", said, warning=True)
        if self._marks:
            said = ", ".join(f"{shown(mark)} ({count:,})" for mark, count in self._marks.most_common(8))
            yield Note("marks", f"Marks next to values of {file} are not used: {said}.")
        if count := self._counts["negative"]:
            are = "is" if count == 1 else "are"
            said = f"{counted(count, 'value')} of {file} {are} negative by brackets or a minus behind."
            yield Note("negative", said)
        yield from self._kept
        yield from self._of_series()

    def _of_missing(self) -> Iterator[Note]:
        marked = {mark: count for mark, count in self._missing.items() if mark}
        total = sum(self._missing.values())
        if total:
            are = "is" if total == 1 else "are"
            said = f"{counted(total, 'value')} of {self.file} {are} missing"
            if marked:
                names = quoted([mark for mark, _ in self._missing.most_common() if mark], LARGEST)
                where = f", the first on line {self._first_missing.line}" if self._first_missing.line else ""
                said += f": marked {names}{where}"
            yield Note("missing", f"{said}.", warning=bool(marked))
        if count := self._counts["missing_by_flag"]:
            have = "has" if count == 1 else "have"
            said = f"{counted(count, 'value')} of {self.file} {have} a flag for 'not available': missing."
            yield Note("missing_by_flag", said, warning=True)
        if blank := self._items("blank_label"):
            said = f"Rows of {self.file} with an empty label are read as series of their own: {quoted(blank, LARGEST)}."
            yield Note("blank_label", said, warning=True)
        if rows := self._items("rows_without_year"):
            said = f"Rows of {self.file} whose period is no year are left out: {quoted(rows)}."
            yield Note("rows_without_year", said, warning=True)

    def _of_series(self) -> Iterator[Note]:
        if names := self._items("empty_series"):
            said = f"Series of {self.file} without any value are left out: {quoted(names)}."
            yield Note("empty_series", said, warning=True)
        if totals := self._items("total_row"):
            names = totals
            has = "has the name of a sum" if len(names) == 1 else "have names of sums"
            read = "is read as one more series" if len(names) == 1 else "are read as series of their own"
            yield Note("total_row", f"In {self.file}, {quoted(names, 20)} {has} of others, and {read}.", warning=True)
        for whole in (100.0, 1.0):
            shares = tuple(name for name, most in self._shares.items() if most == whole)
            if shares:
                are = "is a share of a whole, and a rate that ends"
                are = are if len(shares) == 1 else "are shares of a whole, and rates that end"
                said = f"By name and unit, {quoted(shares, 5)} {are} at {whole:g}."
                advice = f"Add {option('measure', 'flow')} if not."
                yield Note("read_as_rate", said, warning=True, advice=advice)

    def _items(self, code: str) -> list[str]:
        return [str(item) for item in self._named.get(code, ())]

    def _left(self) -> list[str]:
        """Things left out: a kind with the reason, the largest first."""
        ordered = sorted(self._left_out.items(), key=lambda entry: -len(entry[1]))
        said = [f"{_first(things)} ({why})" for why, things in ordered[:LARGEST]]
        more = sum(len(things) for _, things in ordered[LARGEST:])
        said += [f"{more} more"] * bool(more)
        said += [
            f"{count:,} {kind.replace('{s}', 's' * (count != 1))}" for kind, count in self._rows.most_common(LARGEST)
        ]
        flags = self._flags.most_common(LARGEST)
        return [*said, *(f"the flag {shown(flag)} of {counted(count, 'value')} (not used)" for flag, count in flags)]


def _first(things: Sequence[str]) -> str:
    """The first few of some things, and how many more."""
    more = len(things) - LARGEST
    return ", ".join(things[:LARGEST]) + (f" and {more:,} more" if more > 0 else "")
