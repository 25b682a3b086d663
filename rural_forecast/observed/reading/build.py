"""Builds series of values: observations with all that is said of them, or the reason of a refusal.

A series is built value by value, in the order of the file. What is refused ends it, or is kept as
one fault of many for `series check`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import cast, get_args

from rural_forecast.errors import InputError, option
from rural_forecast.observed.observation import Measure, Observation, Publication, Series
from rural_forecast.observed.preference import HOW, is_made, with_whole_years
from rural_forecast.observed.reading.account import Noted
from rural_forecast.observed.reading.actuals import in_order, order_of
from rural_forecast.observed.reading.amounts import Amount
from rural_forecast.observed.reading.dating import note_periods, undated_after_until, with_dates
from rural_forecast.observed.reading.draft import Draft, Point
from rural_forecast.observed.reading.history_end import (
    check_gaps,
)
from rural_forecast.observed.reading.melt import Fault, Melt, SeriesFaults
from rural_forecast.observed.reading.options import MEASURES, ReadOptions
from rural_forecast.observed.reading.schema import (
    DATA_KINDS,
    breaks_in,
)
from rural_forecast.observed.reading.second_values import claim
from rural_forecast.observed.reading.source import unnamed
from rural_forecast.observed.reading.value_marks import is_break, with_marks
from rural_forecast.observed.reading.values import Values
from rural_forecast.observed.shares import measured
from rural_forecast.observed.source_names import STANDARD_INPUT
from rural_forecast.text.cells import shown

MOST_VALUES = 100_000  # of one series: every month of the years 1 to 9999 is not much more
_PLAIN_ROLES = frozenset({"id", "period", "value"})
_MADE_OF_PARTS = {
    "sum": "the sum of its parts",
    "mean": "the mean of its parts",
    "end": "its last part",
}


class Builder:
    """Builds the series of a choice, one by one."""

    def __init__(self, melt: Melt, options: ReadOptions, noted: Noted) -> None:
        self.melt = melt
        self.options = options
        self.noted = noted
        self.values = Values(melt, options, noted)
        self.table = self.values.table
        self.grid = self.values.grid
        self.rows = self.values.rows
        self.missing = melt.missing
        self.faulty = melt.faulty
        # Rows that state a value, and nothing of it: those of the largest files.
        self._rows_are_plain = self.rows.own and self.rows.roles.keys() <= _PLAIN_ROLES
        self.descriptions = self.values.descriptions
        self.until = self.values.until

    def series(self, number: int, faults: list[Fault] | None = None) -> Series | None:
        """Build one series, or None without values.

        `faults` keeps what is refused, in place of an error for the first.
        """
        draft = Draft(self.melt.choice.ids[number])
        refused = SeriesFaults(draft.name)
        indices = self.values.indices_of(number)
        not_asked = undated_after_until(self.values, indices)
        for index in indices:
            if index in not_asked:
                period = shown(self.values.period_as_written(index))
                after = f"row{{s}} after {self.options.until} with the period {period} (unreadable)"
                self.noted.name("rows_left_out", after)
                continue
            if self.faulty[index]:
                errors = self.melt.faults(index)
            else:
                errors = self.rows.ragged.get(int(self.melt.rows[index]), [])
            try:
                if errors:
                    raise errors[0]
                self._take(index, draft)
            except InputError as error:
                if faults is None:
                    raise
                for cause in errors or [error]:
                    refused.add(cause, len(faults))
        of_cells = refused.listed()
        if faults is not None:
            faults += of_cells
        try:
            return self._finished(draft)
        except InputError as error:
            if faults is None:
                raise
            if not of_cells:
                faults.append(Fault(draft.name, error))
            return None

    def _asked_for(self, observations: Sequence[Observation]) -> Sequence[Observation]:
        """The observations up to the last year that is asked for."""
        until = self.options.until
        if until is None:
            return observations
        return [observed for observed in observations if observed.period.year <= until]

    def _take(self, index: int, draft: Draft) -> None:
        """Add a value, and the growth that its row states, to a series."""
        melt = self.melt
        plain = self._plain_point(index, draft.name)
        if plain is not None:
            self._add(plain, draft)
            return
        rows = self.rows
        row = int(melt.rows[index])
        if rows.agreed or rows.own:
            kind = rows.agree(row, draft.stated, draft.name)
            if kind not in DATA_KINDS:
                self.noted.name("rows_left_out", f"row{{s}} of kind {shown(kind)} (not data)")
                return
        head = melt.heads[melt.head_of[index]]
        assert head is not None
        odd = melt.odd.get(int(melt.codes[index]))
        amount = odd if isinstance(odd, Amount) else Amount(0.0)
        observed, stated = rows.observation(row, head.period)
        growth = rows.growth(row, melt.notation)
        if growth is not None:
            draft.growth.append(
                replace(
                    observed,
                    value=growth,
                    place=self.grid.place_of(row, rows.roles["growth_pct"]),
                    author="",
                    target=False,
                    doubtful=False,
                )
            )
        if self.missing[index]:
            if growth is None:
                self._note_missing(amount)
            return
        observed = with_marks(self.values, index, head, observed, amount, stated=stated)
        if is_break(self.values, row, amount, observed):
            draft.breaks.add(head.period.year)
            self.noted.flag_break(head.period.year, observed.place)
        self._add(Point(observed, head, index, stated), draft)

    def _plain_point(self, index: int, name: str) -> Point | None:
        """The point of a row that states a period and a number alone; None for any other."""
        melt = self.melt
        if not (self._rows_are_plain and name) or self.missing[index]:
            return None
        head = melt.heads[melt.head_of[index]]
        if head is None or head.mark is not None or int(melt.codes[index]) in melt.odd:
            return None
        value = float(melt.values[index])
        observed = Observation(head.period, value, place=self.values.place_of(index))
        return Point(observed, head, index, stated=False)

    def _add(self, point: Point, draft: Draft) -> None:
        """Add a point to a series. Raises InputError if it is a second one, or one too many."""
        observed = point.observed
        # The rows we write may hold two forecasts whose author is not named: those are two
        # forecasts.
        if "kind" not in self.rows.roles or observed.status != "forecast":
            if len(draft.first) > MOST_VALUES:
                problem = f"series {shown(draft.name)} has more than {MOST_VALUES:,} values."
                hint = f"Tell series apart by {option('id_column')}."
                raise InputError(problem, hint, place=observed.place)
            claim(self.values, point, draft, point.head.day or observed.period)
        draft.points.append(point)

    def _note_missing(self, amount: Amount) -> None:
        if amount.body is None:
            self.noted.missing(amount.marked)
        else:
            self.noted.name("missing_by_flag")
            self.noted.missing("")

    def _finished(self, draft: Draft) -> Series | None:
        """Make the series of all that was taken. Raises InputError if it cannot be one."""
        if not draft.points:
            if draft.growth:
                name = shown(draft.name)
                problem = f"{self.grid.file}: series {name} has no values, only growth."
                raise InputError(problem, "Give the values as well.")
            return None
        points = with_dates(self.values, draft)
        note_periods(self.values, points)
        observations = in_order(self.values, draft.name, points)
        stated = draft.stated
        indices = [point.value_index for point in points]
        first = indices[0]
        if not self.rows.own:
            for role in ("definition", "measure"):
                stating = self.descriptions.stating(indices, role)
                stated[role] = self.descriptions.text(stating, role)
        about = self.descriptions.about(draft.name)
        measure = stated["measure"] or about.get("measure")
        is_annual = all(observed.period.is_year for observed in observations)
        sources = [observed.source for observed in observations if observed.source]
        series = Series(
            draft.name,
            self.descriptions.title(draft.name, first),
            stated["definition"] or about.get("definition", ""),
            cast(Measure, measure) if measure in get_args(Measure) else "flow",
            self.descriptions.unit(indices, stated),
            market_kind=stated["market_kind"],
            sheet=self.grid.sheet,
            within=stated["within"],
            breaks=self._breaks(draft, observations),
            frequency="annual" if is_annual else "annual and sub-annual",
            publisher=about.get("publisher", ""),
            caveat=about.get("caveat", ""),
            observations=tuple(observations),
            growth=tuple(sorted(draft.growth, key=order_of)),
            sources={source: Publication(id=source, publisher=source) for source in sources},
            file=STANDARD_INPUT if unnamed(self.grid.file) else self.grid.file,
            labels=self.descriptions.names(first),
            places=() if self.rows.own else self.descriptions.places(first),
        )
        is_stated = bool(stated["measure"]) or about.get("measure") in MEASURES
        series = self._measured(series, points, is_stated=is_stated)
        self._require_no_gaps(series)
        return series

    def _breaks(self, draft: Draft, observations: Sequence[Observation]) -> tuple[int, ...]:
        """List the first years on a new basis: as rows state them, by flags, and by the options."""
        years = [one.period.year for one in observations if one.status != "forecast"]
        asked = {year for year in self.options.breaks if years and min(years) < year <= max(years)}
        stated = breaks_in(draft.stated["breaks"]) or ()
        self.noted.breaks |= asked
        return tuple(sorted({*stated, *draft.breaks, *asked}))

    def _measured(self, series: Series, points: Sequence[Point], *, is_stated: bool) -> Series:
        """Read a share of a whole as a rate, and make years of their parts where all are known."""
        melt = self.melt
        cells = [
            (int(melt.rows[point.value_index]), int(melt.columns[point.value_index]))
            for point in points
        ]
        in_percent = bool(self.grid.percent) and all(cell in self.grid.percent for cell in cells)
        asked = self.options.measure
        series, whole = measured(series, stated=is_stated, fractions=in_percent, asked=asked)
        if whole is not None:
            self.noted.name("read_as_rate", series.id, detail=f"{whole:g}")
        # How parts make a year is known only if the measure is.
        if is_stated or asked is not None or series.measure != "flow":
            series = with_whole_years(series)
            if any(map(is_made, series.observations)):
                made_of = _MADE_OF_PARTS[HOW[series.measure]]
                self.values.note("whole_years", f"a year whose parts are all known is {made_of}")
        return series

    def _require_no_gaps(self, series: Series) -> None:
        if self.options.allow_gaps:
            return
        try:
            check_gaps(series.id, self._asked_for(series.observations))
        except InputError as error:
            # A year that is missing may be one that was left out.
            reasons = ("mistyped_year", "published_forecast")
            notes = [str(note) for note in self.noted.notes() if note.code in reasons]
            error.hint = " ".join(filter(None, (error.hint, *notes)))
            raise
