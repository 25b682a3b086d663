"""What a reader left out or read in a special way, as notes: nothing that was read is dropped in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from rural_forecast.notes import Note
from rural_forecast.series.reading.grid import listed, shown
from rural_forecast.text.wording import counted

MOST_SHARES = 5
"""Series that the note on shares names."""
MOST_NAMED = 20
"""Columns, marks and series that one note names."""


class Account:
    """Counts what was left out of one file while it is read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._left_out: dict[str, None] = {}
        self._mistyped: dict[str, None] = {}
        self._rows: Counter[str] = Counter()
        self._marks: dict[str, None] = {}
        self._flags: Counter[str] = Counter()
        self._totals: dict[str, None] = {}
        self._shares: dict[str, float] = {}
        self.forecasts = 0
        """Published forecasts that were read."""

    def leave_out(self, what: str, why: str, *, mistyped: bool = False) -> None:
        """Name a column, sheet, key or file that is not read, and the reason in a few words.

        Parameters
        ----------
        mistyped : whether it is most likely a year of the series
        """
        (self._mistyped if mistyped else self._left_out)[f"{what} ({why})"] = None

    def leave_rows_out(self, kind: str, count: int = 1) -> None:
        """Count rows that are not read, such as `row{s} of kind 'forecast' (not data)`."""
        if count:
            self._rows[kind] += count

    def recount(self) -> None:
        """Count rows, flags and forecasts anew, for a file that is read again."""
        self._rows.clear()
        self._flags.clear()
        self.forecasts = 0

    def mark(self, head: str, flag: str = "") -> None:
        """Take note of a head, or of the flag of a value, that makes a published forecast of it."""
        self._marks[f"{head} with the flag {flag}" if flag else head] = None

    def leave_flags_out(self, flags: str, count: int = 1) -> None:
        """Count flags that are not used."""
        self._flags.update(dict.fromkeys(flags, count))

    def total(self, series_id: str) -> None:
        """Take note of a series that is about the sum of the others."""
        self._totals[series_id] = None

    def share(self, series_id: str, whole: float) -> None:
        """Take note of a series that is read as a rate for its name and unit, with the value that is the whole."""
        self._shares[series_id] = whole

    def notes(self) -> tuple[Note, ...]:
        """Everything, one sentence a kind."""
        return tuple(self._notes())

    def _notes(self) -> Iterator[Note]:
        if self._mistyped:
            years = ", ".join(_some(self._mistyped))
            yield Note(f"Left out of {self.file}: {years}.", code="mistyped_year", warning=True)
        items = _some(self._left_out)
        items += [f"{count:,} {kind.replace('{s}', 's' * (count != 1))}" for kind, count in self._rows.items()]
        items += [
            f"the flag {shown(flag)} of {counted(count, 'value')} (not used)" for flag, count in self._flags.items()
        ]
        if items:
            yield Note(f"Left out of {self.file}: {', '.join(items)}.", code="left_out", warning=True)
        if self._marks:
            heads = listed(list(self._marks), MOST_NAMED)
            are = "is a published forecast" if len(self._marks) == 1 else "are published forecasts"
            text = f"In {self.file}, {heads} {are}: used to compare with, not as history."
            yield Note(text, code="published_forecast", warning=True)
        if self._totals:
            names = listed(list(self._totals), MOST_NAMED)
            are = "is" if len(self._totals) == 1 else "are"
            text = f"In {self.file}, the series {names} {are} about the sum of the others, and read as one more series."
            yield Note(text, code="total_row", warning=True)
        for whole in (100.0, 1.0):
            shares = [name for name, most in self._shares.items() if most == whole]
            if shares:
                one = len(shares) == 1
                are = (
                    "is a share of a whole and a rate that ends" if one else "are shares of a whole and rates that end"
                )
                text = f"By name and unit, {listed(shares, MOST_SHARES)} {are} at {whole:g} (--measure flow overrules)."
                yield Note(text, code="read_as_rate", warning=True)


def _some(items: Iterable[str]) -> list[str]:
    """The first items, and how many more there are."""
    named = list(items)
    if len(named) > MOST_NAMED:
        named[MOST_NAMED:] = [f"and {len(named) - MOST_NAMED:,} more"]
    return named
