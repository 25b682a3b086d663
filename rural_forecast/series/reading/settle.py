"""From the cells that were chosen to a clean grid: periods and values in plain forms, and how they were read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple, NoReturn

from rural_forecast.errors import InputError, Place
from rural_forecast.notes import Note
from rural_forecast.series.reading.cells import Cells
from rural_forecast.series.reading.choose import Choice
from rural_forecast.series.reading.columns import Columns
from rural_forecast.series.reading.grid import Grid, label
from rural_forecast.series.reading.notation import Found, notation_of, require_clear, signs_of
from rural_forecast.series.reading.number_forms import Cleaned, cleaned
from rural_forecast.series.reading.options import ReadOptions, stated_notation
from rural_forecast.series.reading.panel import single_spaced
from rural_forecast.series.reading.periods import Head, Mark
from rural_forecast.series.reading.table import Written
from rural_forecast.series.reading.units import beside_numbers, unit_of
from rural_forecast.series.reading.values import Notation
from rural_forecast.series.reading.whole_rows import projections, whole_of
from rural_forecast.series.source_names import without_folders


class MixedUnitsError(InputError):
    """Values of one series with different units or factors next to them."""


class Settled(NamedTuple):
    """A grid of one value a row and period, its columns, its notation, and notes of how it was read."""

    grid: Grid
    columns: Columns
    notation: Notation
    notes: tuple[Note, ...]
    used: frozenset[tuple[int, int]]
    """Cells of the table whose values were used."""


class _Cell(NamedTuple):
    row: int
    column: int
    series: str
    head: Any
    loose: Head


def notation_in(written: Written, asked: Notation, delimiter: str, *, others: bool) -> Found:
    """The signs in the numbers of a table, and why.

    `others`: whether its other columns say what a comma is where those of values do not.
    """
    cells = list(written.values())
    notation = notation_of(cells, asked, delimiter)
    if others and notation.notation == asked and any(isinstance(cell, str) and "," in cell for cell in cells):
        notation = notation_of((cell for cell in written.every() if isinstance(cell, str)), asked, delimiter)
    return notation


def settle(choice: Choice, options: ReadOptions, heads: Collection[str] = ()) -> Settled:
    """The grid of a choice.

    `heads`: all columns of values that are read, where they are several. Raises InputError if a chosen series has no
    values, or its periods are of several kinds.
    """
    return _Settling(choice, options, heads).settled()


class _Settling:
    def __init__(self, choice: Choice, options: ReadOptions, heads: Collection[str]) -> None:
        self.choice, self.options, self.heads = choice, options, heads
        self.panel, self.table = choice.panel, choice.panel.table
        self.written = self.table.written or Written(self._values, self._every)
        self.found = self._notation()
        self.signs = signs_of(self.written.values())
        self.missing: list[_Cell] = []
        self.marks: Counter[str] = Counter()
        self.breaks: list[int] = []
        """Years with the flag of a break."""
        self.negative = 0
        """Values that brackets or a sign behind them make negative."""
        self.qualifiers: list[str] = []
        """The sign before each value, such as `<`."""
        self.beside: dict[str, tuple[str, str | None]] = {}
        """Currency and factor next to the numbers of each series."""

    def _values(self) -> list[Any]:
        columns = list(self.panel.years) if self.panel.across else [self.choice.value]
        return [self.table.rows[row][column] for row in self.panel.rows for column in columns]

    def _every(self) -> list[Any]:
        return [cell for row in self.panel.rows for cell in self.table.rows[row]]

    def _notation(self) -> Found:
        asked = stated_notation(self.options)
        if asked == Notation():
            require_clear(self.written.values(), self.table.delimiter, self.panel.where)
        return notation_in(self.written, asked, self.table.delimiter, others=not self.panel.across)

    def _cells(self) -> Iterator[_Cell]:
        choice, panel = self.choice, self.panel
        for row in choice.rows:
            if panel.across:
                for column, head in choice.years.items():
                    yield _Cell(row, column, choice.ids[row], head, panel.periods[head])
            else:
                loose = panel.loose(row)
                if loose is None:
                    self._refuse_period(row)
                yield _Cell(row, choice.value, choice.ids[row], panel.head(row), loose)

    def _refuse_period(self, row: int) -> NoReturn:
        """Refuse the period of a row in the words of a plain file."""
        grid, columns = whole_of(self.choice, self.heads)
        Cells(grid, self.found.notation).period(list(self.choice.rows).index(row), columns.period)
        raise InputError.of("not_a_year", place=self.table.place(row, self.panel.period))

    def settled(self) -> Settled:
        kept: list[_Cell] = []
        values: list[Any] = []
        for cell in self._cells():
            clean = cleaned(self.signs.plain(self.table.rows[cell.row][cell.column]))
            if clean.cell is None or cell.row in self.choice.missing_by_remark:
                self.missing.append(cell)
                continue
            if clean.marked.isalpha() and "b" in clean.marked.casefold():
                self.breaks.append(cell.loose.period.year)
            elif clean.marked:
                self.marks[clean.marked] += 1
            self.negative += clean.negative
            self._check_unit(cell, clean)
            kept.append(cell)
            values.append(clean.cell)
            self.qualifiers.append(clean.qualifier)
        if not kept:
            series = next(iter(self.choice.ids.values()), "the series")
            raise InputError.of("series_without_values", table=self.panel.where, series=series)
        projected = projections(self.choice, self.heads)
        forecast = Mark("forecast")
        heads = {
            cell: cell.loose._replace(mark=forecast) if projected(cell.row, cell.loose.period.year) else cell.loose
            for cell in kept
        }
        if all(head.mark is not None and head.mark.status == "forecast" for head in heads.values()):
            raise InputError.of("no_history", period=label(kept[0].head), place=self._place(kept[0]))
        grid, columns = self._grid(kept, values, heads)
        used = frozenset((cell.row, cell.column) for cell in kept)
        return Settled(grid, columns, self.found.notation, tuple(self._notes(kept)), used)

    def _place(self, cell: _Cell) -> Place:
        return self.table.place(cell.row, cell.column)

    def _grid(self, kept: list[_Cell], values: list[Any], heads: dict[_Cell, Head]) -> tuple[Grid, Columns]:
        panel, roles = self.panel, self.choice.remarks
        names = list(roles)
        value_name = "" if panel.across else single_spaced(panel.names[self.choice.value])
        period_name = "year" if panel.across or panel.period < 0 else panel.names[panel.period] or "period"
        header = [period_name, value_name or "value", "series_id", *names]
        rows: list[list[Any]] = []
        known: dict[Any, Head] = {}
        for cell, value in zip(kept, values, strict=True):
            text = cell.head.strip() if isinstance(cell.head, str) else cell.head
            head = heads[cell]
            while text in known and known[text] != head:
                text = f"{text} "
            known[text] = head
            rows.append([text, value, cell.series, *(self.table.rows[cell.row][roles[name]] for name in names)])
        if any(self.qualifiers) and "qualifier" not in names:
            names.append("qualifier")
            header.append("qualifier")
            rows = [[*row, sign] for row, sign in zip(rows, self.qualifiers, strict=True)]
        places: dict[str, Any] = {name: 3 + place for place, name in enumerate(names)}
        columns = Columns(0, 1, 2 if any(cell.series for cell in kept) else -1)._replace(**places)

        def place(row: int, column: int) -> Place:
            if row < 0:
                return self.table.place(max(self.panel.header, 0), max(self.choice.value, 0))
            at = kept[row]
            if column == 0 and self.panel.across:
                return self.table.place(self.panel.header, at.column)
            return self.table.place(at.row, self.panel.period if column == 0 else at.column)

        def percent(row: int, column: int) -> bool:
            return column == 1 and self.table.percent(kept[row].row, kept[row].column)

        first = {cell.series: cell for cell in reversed(kept)}
        about = {name: self._about(cell) for name, cell in first.items()}
        return Grid(
            self.table.name, header, rows, place, about, percent=percent, workbook=self.table.file, heads=known
        ), columns

    def _about(self, cell: _Cell) -> dict[str, str]:
        """What is known of the series of a cell next to its values."""
        about = {key: text for key, text in self.table.about.items() if text}
        if self.panel.title and "title" not in about:
            about["title"] = single_spaced(max(self.panel.title[-3:], key=len))[:200]
        currency, scale = self.beside.get(cell.series, ("", ""))
        if unit := beside_numbers(unit_of(self.panel, cell.row, self.choice.value), currency, scale or ""):
            about["unit"] = unit
        return about

    def _check_unit(self, cell: _Cell, clean: Cleaned) -> None:
        """Refuse a series whose numbers have different factors next to them; a zero needs none.

        Raises InputError for two currencies or factors, or a factor or percent sign at some numbers only.
        """
        currency, scale = self.beside.get(cell.series, ("", None))
        if not _is_zero(clean.cell):
            differs = scale is not None and clean.scale != scale
            if differs or (currency and clean.currency and clean.currency != currency):
                number = label(self.table.rows[cell.row][cell.column])
                raise MixedUnitsError.of("mixed_units", number=number, place=self._place(cell))
            scale = clean.scale
        self.beside[cell.series] = currency or clean.currency, scale

    def _notes(self, kept: Sequence[_Cell]) -> Iterator[Note]:
        file = without_folders(self.table.file)
        yield from self.table.notes
        yield Note("table_found", {"where": self.table.place(max(self.panel.header, 0), 0)})
        there = {cell.series for cell in kept}
        rows = [row for row, why in self.panel.skipped if why == "its period is no year"]
        fields: tuple[tuple[str, str, object, bool], ...] = (
            ("notation", "why", self.found.why, False),
            ("missing", "count", len(self.missing), False),
            ("marks", "marks", tuple(self.marks.most_common(8)), False),
            ("flagged_breaks", "years", tuple(sorted(set(self.breaks))), True),
            ("negative", "count", self.negative, False),
            ("empty_series", "names", (*dict.fromkeys(n for n in self.choice.ids.values() if n not in there),), True),
            ("missing_by_flag", "count", len(self.choice.missing_by_remark & set(self.choice.rows)), True),
            ("rows_without_year", "names", tuple(label(self.panel.head(row)) for row in rows), True),
        )
        for code, field, content, warning in fields:
            if content:
                yield Note(code, {"file": file, field: content}, warning=warning)


def _is_zero(cell: object) -> bool:
    return not cell.strip("+-0.,") if isinstance(cell, str) else cell == 0
