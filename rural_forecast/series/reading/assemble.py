"""Rows to series: one careful pass over a grid that refuses what it cannot vouch for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NoReturn

from rural_forecast.errors import InputError, Problem, UsageError
from rural_forecast.notes import Note, of_code
from rural_forecast.series.observation import MARKET_KINDS, Observation, Series
from rural_forecast.series.reading.account import Account, account_of
from rural_forecast.series.reading.cells import Cells, Remarks
from rural_forecast.series.reading.column_names import GENERIC_VALUES, normalised, unit_in, without_unit
from rural_forecast.series.reading.columns import Columns
from rural_forecast.series.reading.draft import AGREED, Draft, Point, check_gaps
from rural_forecast.series.reading.faults import RAISING, Faults, is_lost
from rural_forecast.series.reading.files import unnamed
from rural_forecast.series.reading.flags import unused
from rural_forecast.series.reading.grid import Grid
from rural_forecast.series.reading.number_forms import is_missing
from rural_forecast.series.reading.options import MEASURES, ReadOptions, stated_notation
from rural_forecast.series.reading.periods import Head
from rural_forecast.series.reading.tally import of_grid, with_account
from rural_forecast.series.shares import measured
from rural_forecast.series.source_names import STANDARD_INPUT
from rural_forecast.series.whole_years import HOW, is_made, with_whole_years
from rural_forecast.text.cells import identity, is_empty, label, shown

KINDS = ("actual", "published", "forecast", "nowcast", "scenario")
"""Kinds of the rows this program writes; only the first two are data."""


def assemble(
    grid: Grid,
    columns: Columns,
    options: ReadOptions,
    account: Account | None = None,
    *,
    ids: Sequence[str] = (),
    faults: Faults = RAISING,
) -> tuple[Series, ...]:
    """Make the series of a grid, in order of appearance, each with notes of what was left out.

    `account`: keeps what is left out of several parts of a grid; the series then have no notes of it. `ids`: the series
    that are chosen, in place of `options.series_id`; those that are not there are left out. `faults`: keeps what is
    refused, in place of an error for the first. Raises InputError for the first cell that cannot be used, with its
    place, column, value and advice. Raises UsageError if none of the series asked for is there.
    """
    if not grid.rows:
        raise InputError.of("header_alone", table=grid.name)
    wanted = (*ids,) or ((options.series_id,) if options.series_id is not None else ())
    assembly = _Assembly(grid, columns, options, account or account_of(grid, columns), wanted, faults)
    made = assembly.series()
    if account is not None:
        return made
    notes = assembly.account.notes()
    made = tuple(
        replace(each, reading_notes=(*notes, *(note for note in each.reading_notes if note not in notes)))
        for each in made
    )
    return with_account(made, of_grid(grid, columns, wanted, {fault.series_id for fault in faults}))


class _Assembly:
    """The pass over one grid."""

    def __init__(
        self,
        grid: Grid,
        columns: Columns,
        options: ReadOptions,
        account: Account,
        wanted: Sequence[str],
        faults: Faults,
    ) -> None:
        self.grid, self.columns, self.options, self.account, self.faults = grid, columns, options, account, faults
        self.wanted = dict.fromkeys(wanted)
        self.cells = Cells(grid, stated_notation(options))
        self.drafts: dict[str, Draft] = {}
        self.ids: dict[str, None] = {}
        self.default_id = default_id(grid, columns)
        self.agreed = [(role, place) for role in AGREED if (place := getattr(columns, role)) >= 0]
        self.empty: InputError | None = None
        """About the last row without values."""

    def series(self) -> tuple[Series, ...]:
        for index in range(len(self.grid.rows)):
            try:
                self._add_row(index)
            except InputError as error:
                if self.faults is RAISING:
                    raise
                self._keep_row(index, error)
        if self.wanted and self.wanted.keys().isdisjoint(self.ids):
            wanted, there = next(iter(self.wanted)), list(self.ids)
            raise UsageError.of("no_such_series", file=self.grid.name, series=wanted, names=there, code="unknown_name")
        if not self.drafts and not self.faults:
            raise self.empty or InputError.of("forecasts_alone", table=self.grid.name)
        value = self.columns.value
        unit = self.options.unit or (unit_in(self.grid.header[value]) if value >= 0 else "")
        made = []
        chosen = (self.drafts[name] for name in self.wanted if name in self.drafts)
        for draft in chosen if self.wanted else self.drafts.values():
            try:
                made.append(self._finished(draft, unit))
            except InputError as error:
                if not any(fault.series_id == draft.id for fault in self.faults):  # all its rows may be refused
                    self.faults.keep(error, draft.id)
        if not self.wanted:
            self.account.name_totals([*self.ids])
        return tuple(made)

    def _add_row(self, index: int) -> None:
        columns, cells = self.columns, self.cells
        kind = self._kind(index)
        draft = self._draft(index) if kind in KINDS[:2] else None
        if draft is None:
            return
        if columns.flag >= 0:
            flags = unused(cells.text(index, columns.flag))
            self.account.leave_flags_out(flags if columns.years else flags.replace("b", ""))
            if "b" in flags and not columns.years:
                self.account.name("flagged_breaks", cells.period(index, columns.period).period.year)
        if kind == "published":
            author = cells.text(index, columns.model)
            remarks = Remarks("forecast", source=author, author=author)
        else:
            remarks = cells.remarks(index, columns)
        if columns.years:
            self._add_wide(index, draft, remarks)
        else:
            self._add_long(index, draft, remarks)

    def _keep_row(self, index: int, error: InputError) -> None:
        """Keep what is wrong with a row: with the period and with the value of a long row."""
        columns, row = self.columns, self.grid.rows[index]
        name = identity(row[columns.id]) if columns.id >= 0 else self.default_id
        bad_period = columns.period >= 0 and _refusal(self.cells.period, index, columns.period)
        at_value = columns.value >= 0 and error.place == self.grid.place(index, columns.value)
        missing = not bad_period and at_value and is_missing(row[columns.value])
        lost = not bad_period and is_lost(row, [row[at] for at in columns.of_values()])
        self.faults.keep(error, name, missing=missing, lost=lost)
        if bad_period and (second := _refusal(self.cells.number, index, columns.value)):
            self.faults.keep(second, name)

    def _finished(self, draft: Draft, unit: str) -> Series:
        options, value, short = self.options, self.columns.value, self.grid.short
        about = self.grid.about.get(draft.id, self.grid.about.get("", {}))
        if clash := draft.settle_dates():
            self._refuse_second(draft, *clash)
        stated = bool(draft.stated["measure"]) or about.get("measure") in MEASURES
        name = STANDARD_INPUT if unnamed(self.grid.file) else self.grid.file
        made, whole = measured(
            draft.finish(name, options, unit=unit, about=about),
            label(self.grid.header[value]) if value >= 0 else "",
            stated=stated,
            fractions=draft.fractions,
            asked=options.measure,
        )
        if whole is not None:
            self.account.share(made.id, whole)
        for note in draft.period_notes(short):
            self.account.keep(note)
        if stated or options.measure is not None or made.measure != "flow":
            made = with_whole_years(made)
            if any(map(is_made, made.observations)):
                self.account.keep(Note("whole_years", {"file": short, "how": HOW[made.measure]}, warning=True))
        try:
            if not options.allow_gaps:
                check_gaps(draft.id, made.observations)
        except InputError as error:  # a year that is missing may be one that was left out
            error.reasons = of_code(self.account.notes(), "mistyped_year", "published_forecast")
            raise
        return made

    def _kind(self, index: int) -> str:
        """The kind of a row we wrote; `actual` for all other files."""
        column = self.columns.kind
        if column < 0:
            return "actual"
        kind = self.cells.text(index, column)
        if kind not in KINDS:
            self.cells.refuse(index, column, Problem("not_a_kind_of_row", kinds=KINDS))
        if kind not in KINDS[:2]:
            self.account.leave_rows_out(f"row{{s}} of kind {shown(kind)} (not data)")
        return kind

    def _draft(self, index: int) -> Draft | None:
        """The series of a row; None where another one is wanted."""
        name = self.default_id
        if self.columns.id >= 0:
            name = identity(self.cells.text(index, self.columns.id))
            if not name:
                self.cells.refuse(index, self.columns.id, Problem("empty_id"))
        self.ids[name] = None
        if self.wanted and name not in self.wanted:
            return None
        draft = self.drafts.get(name)
        if draft is None:
            draft = self.drafts[name] = Draft(name)
        for role, column in self.agreed:
            text, known = self.cells.text(index, column), draft.stated[role]
            if known and text and known != text:
                self.cells.refuse(index, column, Problem("differs_within_series", known=known, series=name, role=role))
            draft.stated[role] = text or known
        kind = draft.stated["market_kind"]
        if kind and kind not in MARKET_KINDS:
            self.cells.refuse(index, self.columns.market_kind, Problem("unknown_market_kind", kinds=MARKET_KINDS))
        return draft

    def _add_long(self, index: int, draft: Draft, remarks: Remarks) -> None:
        columns = self.columns
        head = self.cells.period(index, columns.period)
        row = self.grid.rows[index]
        if columns.growth_pct >= 0 and columns.kind < 0 and not is_empty(row[columns.growth_pct]):
            draft.growth.append(self._read(index, columns.growth_pct, head, remarks))
            if is_empty(row[columns.value]):
                return
        self._add(index, columns.value, draft, head, remarks)

    def _add_wide(self, index: int, draft: Draft, remarks: Remarks) -> None:
        """A row of a wide sheet; an empty cell there is a period without a value."""
        row = self.grid.rows[index]
        filled = [column for column in self.columns.years if not is_empty(row[column])]
        for column in filled:
            try:
                self._add(index, column, draft, self.cells.period(-1, column), remarks)
            except InputError as error:
                self.faults.keep(error, draft.id, missing=is_missing(row[column]))
        if not filled:
            place = self.grid.place(index, self.columns.years[0])
            self.empty = InputError.of("row_without_values", series=draft.id, place=place)
            if self.faults is not RAISING or self.wanted:
                raise self.empty
            self.account.leave_out(f"the row of {shown(draft.id)}", "no values")
            if not draft.points and not draft.growth:
                del self.drafts[draft.id]

    def _add(self, index: int, column: int, draft: Draft, head: Head, remarks: Remarks) -> None:
        point = self._read(index, column, head, remarks)
        # The rows we write may hold two forecasts whose author is not named: those are two forecasts.
        if self.columns.kind < 0 or point.seen.status != "forecast":
            earlier = draft.claim(point)
            if earlier is not None:
                self._refuse_second(draft, point, earlier)
        draft.points.append(point)
        draft.fractions &= self.grid.percent(index, column)

    def _read(self, index: int, column: int, head: Head, remarks: Remarks) -> Point:
        value, flag = self.cells.number(index, column)
        if head.mark is not None or flag:
            remarks = self._of_value(index, column, head, flag, remarks)
        seen = Observation(
            head.period,
            value,
            *remarks[:6],
            place=self.grid.place(index, column),
            author=remarks.author if remarks.status == "forecast" else "",
            target=remarks.target,
            doubtful=remarks.doubtful,
            interval=self.cells.interval(index, self.columns, value, remarks.status),
        )
        return Point(seen, head, index, column, remarks.stated or self.columns.kind >= 0)

    def _of_value(self, index: int, column: int, head: Head, flag: str, remarks: Remarks) -> Remarks:
        """The remarks of a value whose period is marked or which has flags behind it."""
        wide = bool(self.columns.years)
        marked = remarks.of_value(head.mark, flag, wide=wide, file=self.grid.short)
        if marked is None:
            place = self.columns.period if head.mark is not None else column
            self.cells.refuse(index, place, Problem("contradicts_status", status=remarks.status))
        if marked.status == "forecast" and not (remarks.stated and remarks.status == "forecast"):
            row, place = (-1, column) if wide else (index, self.columns.period)
            text = label(self.cells.row(row)[place]) + (f" with the flag {flag}" if flag else "")
            self.account.name("starred" if head.sign.startswith("*") else "published_forecast", text)
        return marked

    def _refuse_second(self, draft: Draft, second: Point, first: Observation) -> NoReturn:
        """Refuse a second value of one period and source."""
        index, column, seen = second.row, second.column, second.seen
        series = draft.id if self.columns.id >= 0 else None
        about = {"period": seen.period, "series": series, "first": first.place}
        days = {point.head.day for point in draft.points if point.seen.place in (first.place, seen.place)}
        if len(days) > 1 and None not in days:
            self.cells.refuse(index, column, Problem("second_date", **about))
        roles, header = self.columns.places(), self.grid.header
        spare = next((label(cell) for at, cell in enumerate(header) if at not in roles and label(cell)), "")
        spare = spare if series is None else ""
        self.cells.refuse(index, column, Problem("second_value", **about, source=seen.source, spare=spare))


def _refusal(read: Callable[[int, int], object], index: int, column: int) -> InputError | None:
    """Why a cell is refused; None where it is not."""
    try:
        read(index, column)
    except InputError as error:
        return error
    return None


def default_id(grid: Grid, columns: Columns) -> str:
    """The id of a series in a file without ids: its value column's name, or the file's where that says nothing."""
    stem = "series" if unnamed(grid.file) else grid.short.rpartition(".")[0] or grid.short
    if columns.value < 0:
        return stem
    header = grid.header[columns.value]
    return stem if normalised(header) in GENERIC_VALUES else without_unit(header) or stem
