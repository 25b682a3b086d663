"""From the cells that were chosen to a clean grid: periods and values in plain forms, and how they were read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple, NoReturn

from rural_forecast.errors import InputError, Place
from rural_forecast.notes import Note
from rural_forecast.series.reading.cells import Cells
from rural_forecast.series.reading.choose import Choice
from rural_forecast.series.reading.columns import Columns
from rural_forecast.series.reading.grid import Grid
from rural_forecast.series.reading.notation import Found, notation_of, require_clear, signs_of
from rural_forecast.series.reading.number_forms import Cleaned, cleaned
from rural_forecast.series.reading.options import ReadOptions, stated_notation
from rural_forecast.series.reading.panel import NO_YEAR, single_spaced
from rural_forecast.series.reading.periods import Head, Mark
from rural_forecast.series.reading.table import Written
from rural_forecast.series.reading.units import beside_numbers, unit_of
from rural_forecast.series.reading.values import Notation
from rural_forecast.series.reading.whole_rows import projections, whole_of
from rural_forecast.series.source_names import without_folders
from rural_forecast.text.cells import label


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
    written: Any
    """The cell of its period."""
    head: Head
    clean: Cleaned

    @property
    def is_break(self) -> bool:
        """Whether the flag of a break is behind it."""
        return self.clean.marked.isalpha() and "b" in self.clean.marked.casefold()


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
        self.choice, self.heads = choice, heads
        self.panel, self.table = choice.panel, choice.panel.table
        written, asked = self.table.written or self._written(), stated_notation(options)
        if asked == Notation():
            require_clear(written.values(), self.table.delimiter, self.panel.where)
        self.found = notation_in(written, asked, self.table.delimiter, others=not self.panel.across)
        self.signs = signs_of(written.values())

    def _written(self) -> Written:
        rows = [self.table.rows[row] for row in self.panel.rows]
        columns = list(self.panel.years) if self.panel.across else [self.choice.value]
        return Written(
            lambda: [row[column] for row in rows for column in columns], lambda: [cell for row in rows for cell in row]
        )

    def _cells(self) -> Iterator[_Cell]:
        choice, panel = self.choice, self.panel
        for row in choice.rows:
            for column, written in choice.years.items() if panel.across else [(choice.value, panel.head(row))]:
                head = panel.periods[written] if panel.across else panel.loose(row)
                clean = cleaned(self.signs.plain(self.table.rows[row][column]))
                yield _Cell(row, column, choice.ids[row], written, head or self._refuse_period(row), clean)

    def _refuse_period(self, row: int) -> NoReturn:
        """Refuse the period of a row in the words of a plain file."""
        grid, columns = whole_of(self.choice, self.heads)
        Cells(grid, self.found.notation).period(list(self.choice.rows).index(row), columns.period)
        raise InputError.of("not_a_year", place=self.table.place(row, self.panel.period))

    def settled(self) -> Settled:
        cells = list(self._cells())
        by_remark = self.choice.missing_by_remark
        kept = [cell for cell in cells if cell.clean.cell is not None and cell.row not in by_remark]
        beside = self._beside(kept)
        if not kept:
            series = next(iter(self.choice.ids.values()), "the series")
            raise InputError.of("series_without_values", table=self.panel.where, series=series)
        projected = projections(self.choice, self.heads)
        forecast = Mark("forecast")
        marked = [
            cell._replace(head=cell.head._replace(mark=forecast))
            if projected(cell.row, cell.head.period.year)
            else cell
            for cell in kept
        ]
        if all(cell.head.mark is not None and cell.head.mark.status == "forecast" for cell in marked):
            place = self.table.place(kept[0].row, kept[0].column)
            raise InputError.of("no_history", period=label(kept[0].written), place=place)
        grid, columns = self._grid(marked, beside)
        notes = tuple(self._notes(kept, len(cells) - len(kept)))
        return Settled(grid, columns, self.found.notation, notes, frozenset((cell.row, cell.column) for cell in kept))

    def _beside(self, kept: list[_Cell]) -> dict[str, tuple[str, str]]:
        """Currency and factor next to the numbers of each series; a zero needs none.

        Raises InputError for two currencies or factors, or a factor or percent sign at some numbers only.
        """
        beside: dict[str, tuple[str, str | None]] = {}
        for cell in kept:
            clean = cell.clean
            currency, scale = beside.get(cell.series, ("", None))
            if not _is_zero(clean.cell):
                differs = scale is not None and clean.scale != scale
                if differs or (currency and clean.currency and clean.currency != currency):
                    place, number = self.table.place(cell.row, cell.column), self.table.rows[cell.row][cell.column]
                    raise MixedUnitsError.of("mixed_units", number=label(number), place=place)
                scale = clean.scale
            beside[cell.series] = currency or clean.currency, scale
        return {series: (currency, scale or "") for series, (currency, scale) in beside.items()}

    def _grid(self, kept: list[_Cell], beside: dict[str, tuple[str, str]]) -> tuple[Grid, Columns]:
        panel, table, roles = self.panel, self.table, dict(self.choice.remarks)
        value_name = "" if panel.across else single_spaced(panel.names[self.choice.value])
        period_name = "year" if panel.across or panel.period < 0 else panel.names[panel.period] or "period"
        rows: list[list[Any]] = []
        known: dict[Any, Head] = {}
        for cell in kept:
            text = cell.written.strip() if isinstance(cell.written, str) else cell.written
            while text in known and known[text] != cell.head:
                text = f"{text} "
            known[text] = cell.head
            rows.append([text, cell.clean.cell, cell.series, *(table.rows[cell.row][at] for at in roles.values())])
        if "qualifier" not in roles and any(cell.clean.qualifier for cell in kept):
            roles["qualifier"] = -1
            rows = [[*row, cell.clean.qualifier] for row, cell in zip(rows, kept, strict=True)]
        places: dict[str, Any] = {name: 3 + place for place, name in enumerate(roles)}
        columns = Columns(0, 1, 2 if any(cell.series for cell in kept) else -1)._replace(**places)

        def place(row: int, column: int) -> Place:
            if row < 0:
                return table.place(max(panel.header, 0), max(self.choice.value, 0))
            at = kept[row]
            if column == 0 and panel.across:
                return table.place(panel.header, at.column)
            return table.place(at.row, panel.period if column == 0 else at.column)

        def percent(row: int, column: int) -> bool:
            return column == 1 and table.percent(kept[row].row, kept[row].column)

        first = {cell.series: cell.row for cell in reversed(kept)}
        about = {series: self._about(row, *beside[series]) for series, row in first.items()}
        header = [period_name, value_name or "value", "series_id", *roles]
        return Grid(table.name, header, rows, place, about, percent=percent, workbook=table.file, heads=known), columns

    def _about(self, row: int, currency: str, scale: str) -> dict[str, str]:
        """What is known of the series of a row next to its values; currency and factor are next to its numbers."""
        about = {key: text for key, text in self.table.about.items() if text}
        if self.panel.title and "title" not in about:
            about["title"] = single_spaced(max(self.panel.title[-3:], key=len))[:200]
        if unit := beside_numbers(unit_of(self.panel, row, self.choice.value), currency, scale):
            about["unit"] = unit
        return about

    def _notes(self, kept: list[_Cell], missing: int) -> Iterator[Note]:
        file, ids = without_folders(self.table.file), self.choice.ids.values()
        yield from self.table.notes
        yield Note("table_found", {"where": self.table.place(max(self.panel.header, 0), 0)})
        there = {cell.series for cell in kept}
        marks = Counter(cell.clean.marked for cell in kept if cell.clean.marked and not cell.is_break)
        rows = [row for row, why in self.panel.skipped if why == NO_YEAR]
        fields: tuple[tuple[str, str, object, bool], ...] = (
            ("notation", "why", self.found.why, False),
            ("missing", "count", missing, False),
            ("marks", "marks", tuple(marks.most_common(8)), False),
            ("flagged_breaks", "years", tuple(sorted({cell.head.period.year for cell in kept if cell.is_break})), True),
            ("negative", "count", sum(cell.clean.negative for cell in kept), False),
            ("empty_series", "names", (*dict.fromkeys(name for name in ids if name not in there),), True),
            ("missing_by_flag", "count", len(self.choice.missing_by_remark & set(self.choice.rows)), True),
            ("rows_without_year", "names", tuple(label(self.panel.head(row)) for row in rows), True),
        )
        for code, field, content, warning in fields:
            if content:
                yield Note(code, {"file": file, field: content}, warning=warning)


def _is_zero(cell: object) -> bool:
    return not cell.strip("+-0.,") if isinstance(cell, str) else cell == 0
