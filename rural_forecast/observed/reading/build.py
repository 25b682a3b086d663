"""Builds series of values: observations with all that is said of them, or the reason of a refusal.

A series is built value by value, in the order of the file. What is refused ends it, or is kept as
one fault of many for `series check`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple, cast, get_args

import numpy as np

from rural_forecast.errors import InputError, Place, Problem, option
from rural_forecast.notes import Note
from rural_forecast.observed.observation import Measure, Observation, Publication, Series
from rural_forecast.observed.period import Period
from rural_forecast.observed.preference import HOW, is_made, with_whole_years
from rural_forecast.observed.reading.account import Noted
from rural_forecast.observed.reading.amounts import Amount, letters, status_of
from rural_forecast.observed.reading.columns import holds_numbers
from rural_forecast.observed.reading.descriptions import Descriptions
from rural_forecast.observed.reading.history_end import (
    check_gaps,
    last_year_over,
    last_year_stated,
    projections,
    says_projection,
    says_update,
    without_future,
)
from rural_forecast.observed.reading.labels import distinct
from rural_forecast.observed.reading.melt import MOST_FAULTS, Fault, Melt
from rural_forecast.observed.reading.options import MEASURES, ReadOptions
from rural_forecast.observed.reading.periods import Head, YearMark, parts_of
from rural_forecast.observed.reading.schema import (
    AGREED,
    BREAK_MARKS,
    DATA_KINDS,
    OF_MARKETS,
    RowReader,
    breaks_in,
    refuse_cell,
    says_break,
)
from rural_forecast.observed.reading.source import unnamed
from rural_forecast.observed.shares import measured
from rural_forecast.observed.source_names import STANDARD_INPUT
from rural_forecast.text.cells import shown

MOST_VALUES = 100_000  # of one series: every month of the years 1 to 9999 is not much more
DAYS_APART = 20  # days between the ends of two fiscal years that end in the same week, and more
_MADE_OF_PARTS = {
    "sum": "the sum of its parts",
    "mean": "the mean of its parts",
    "end": "its last part",
}
_KNOWN_FLAGS = frozenset("aeprfb")  # letters of agencies with a meaning, see `amounts`


class Point(NamedTuple):
    """An observation, its period as it is written, and its index among the values."""

    observed: Observation
    head: Head
    value_index: int
    stated: bool  # its row states its status


@dataclass
class _Draft:
    """A series as far as it is read."""

    name: str
    points: list[Point] = field(default_factory=list)
    growth: list[Observation] = field(default_factory=list)
    stated: dict[str, str] = field(default_factory=lambda: dict.fromkeys(AGREED, ""))
    first: dict[Any, Observation] = field(default_factory=dict)  # by period and source
    breaks: set[int] = field(default_factory=set)  # first years on a new basis, by flags


class Builder:
    """Builds the series of a choice, one by one."""

    def __init__(self, melt: Melt, options: ReadOptions, noted: Noted) -> None:
        self.melt = melt
        self.options = options
        self.noted = noted
        self.table = melt.choice.table
        self.grid = self.table.grid
        self.missing = melt.missing
        self.faulty = melt.faulty
        roles: Mapping[str, int] | None = self.table.roles
        if roles is None:
            used = ("status", "flag", "unit", "new_basis", *OF_MARKETS)
            beside = melt.choice.beside.roles
            roles = {role: beside[role] for role in beside if role in used}
        self.rows = RowReader(self.table, roles)
        self.descriptions = Descriptions(melt, self.rows, options)
        # Rows of our own state what is a forecast.
        self.until = {} if self.rows.own else projections(self.table, melt.choice.naming)
        # The values of all series, one series after the other, and where each begins.
        self._order = np.argsort(melt.id_of, kind="stable")
        ids = np.arange(len(melt.choice.ids) + 1)
        self._edges = np.searchsorted(melt.id_of[self._order], ids)

    def place_of(self, index: int) -> Place:
        """Return the place of a value in the file."""
        return self.grid.place_of(int(self.melt.rows[index]), int(self.melt.columns[index]))

    def indices_of(self, series: int) -> list[int]:
        """Return the values of a series, in the order of the file."""
        indices: list[int] = self._order[self._edges[series] : self._edges[series + 1]].tolist()
        return indices

    def series(self, number: int, faults: list[Fault] | None = None) -> Series | None:
        """Build one series, or None without values.

        `faults` keeps what is refused, in place of an error for the first.
        """
        draft = _Draft(self.melt.choice.ids[number])
        before = len(faults or ())
        indices = self.indices_of(number)
        not_asked = self._undated_after_until(indices)
        for index in indices:
            if index in not_asked:
                period = shown(self._period_as_written(index))
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
                # Every series has its first fault, however many there are before it.
                room = MOST_FAULTS - len(faults) if len(faults) > before else MOST_FAULTS
                refused = errors or [error]
                faults += [Fault(draft.name, cause) for cause in refused[: max(room, 0)]]
        try:
            return self._finished(draft)
        except InputError as error:
            if faults is None:
                raise
            if len(faults) == before:
                faults.append(Fault(draft.name, error))
            return None

    def _undated_after_until(self, indices: Sequence[int]) -> set[int]:
        """Find values without a period that are surely after the last year that is asked for.

        In rows by period each is later than the one before it, whatever its own period is.
        """
        head_of = self.melt.head_of
        until = self.options.until
        undated = {index for index in indices if head_of[index] < 0}
        if until is None or not undated:
            return set()
        heads = {
            index: self.melt.heads[head_of[index]] for index in indices if index not in undated
        }
        dated = [head for head in heads.values() if head is not None]
        starts = [head.day or head.period.end for head in dated]
        steps = {later > earlier for earlier, later in pairwise(starts)}
        if len(steps) != 1:  # in no order, or of one period alone
            return set()
        after: set[int] = set()
        is_after = False
        for index in indices if steps == {True} else reversed(indices):
            head = heads.get(index)
            if head is None:
                after |= {index} if is_after else set()
            else:
                is_after = _ends(head) >= Period(until).end
        return after

    def _asked_for(self, observations: Sequence[Observation]) -> Sequence[Observation]:
        """The observations up to the last year that is asked for."""
        until = self.options.until
        if until is None:
            return observations
        return [observed for observed in observations if observed.period.year <= until]

    def _take(self, index: int, draft: _Draft) -> None:
        """Add a value, and the growth that its row states, to a series."""
        melt = self.melt
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
        observed = self._observed(index, head, observed, amount, stated=stated)
        if self._is_break(row, amount, observed):
            draft.breaks.add(head.period.year)
            self.noted.flag_break(head.period.year, observed.place)
        point = Point(observed, head, index, stated)
        # The rows we write may hold two forecasts whose author is not named: those are two
        # forecasts.
        if "kind" not in rows.roles or observed.status != "forecast":
            if len(draft.first) > MOST_VALUES:
                problem = f"series {shown(draft.name)} has more than {MOST_VALUES:,} values."
                hint = f"Tell series apart by {option('id_column')}."
                raise InputError(problem, hint, place=observed.place)
            self._claim(point, draft, head.day or observed.period)
        draft.points.append(point)

    def _note_missing(self, amount: Amount) -> None:
        if amount.body is None:
            self.noted.missing(amount.marked)
        else:
            self.noted.name("missing_by_flag")
            self.noted.missing("")

    def _observed(
        self, index: int, head: Head, observed: Observation, amount: Amount, *, stated: bool
    ) -> Observation:
        """Complete an observation by its value and what is next to it."""
        row = int(self.melt.rows[index])
        value = float(self.melt.values[index])
        year = head.period.year
        mark = YearMark("forecast") if year > self.until.get(row, year) else head.mark
        if mark is not None or amount.flag:
            observed = self._marked(index, head, observed, mark, amount.flag, stated=stated)
        self._note_marks(row, amount)
        qualifier = observed.qualifier
        if qualifier == "=" and amount.qualifier:
            qualifier = cast(Any, amount.qualifier)
        return replace(
            observed,
            value=value,
            qualifier=qualifier,
            place=self.place_of(index),
            author=observed.author if observed.status == "forecast" else "",
            interval=self.rows.interval(row, value, observed.status, self.melt.notation),
        )

    def _is_break(self, row: int, amount: Amount, observed: Observation) -> bool:
        """True for a value that is flagged as the first on a new basis: by a letter, in words, or
        by a mark in a column of its own.
        """
        if observed.status == "forecast":
            return False
        if self.rows.text(row, "new_basis").casefold() in BREAK_MARKS:
            return True
        flags = letters(self.rows.text(row, "flag"))
        remark = observed.note or self._remark(row)
        return "b" in flags or _is_break_mark(amount) or says_break(remark)

    def _remark(self, row: int) -> str:
        """The text of a column of remarks in a table of others."""
        column = self.melt.choice.beside.roles.get("note", -1)
        return "" if self.rows.own or column < 0 else self.grid.text(row, column)

    def _note_marks(self, row: int, amount: Amount) -> None:
        flags = letters(self.rows.text(row, "flag"))
        if amount.marked and not amount.flag and "b" not in flags and not _is_break_mark(amount):
            self.noted.name("marks", amount.marked)
        if amount.negative:
            self.noted.name("negative")
        for flag in sorted(set(flags) - _KNOWN_FLAGS):
            self.noted.name("rows_left_out", f"value{{s}} with the flag {shown(flag)} (not used)")

    def _marked(
        self,
        index: int,
        head: Head,
        observed: Observation,
        mark: YearMark | None,
        flag: str,
        *,
        stated: bool,
    ) -> Observation:
        """Give an observation the status of the mark of its period, or of its flag."""
        across = self.table.across
        was_forecast = stated and observed.status == "forecast"
        status = status_of(flag)
        target = False
        if mark is not None and (status is None or mark.status == "forecast"):
            status, target = mark
        is_new = status not in (None, observed.status)
        # Across, a row states the status of all its values, and the mark of a column wins. Down,
        # both are about one value.
        contradicts = {status, observed.status} == {"actual", "forecast"}
        if is_new and stated and not across and contradicts:
            problem = f"contradicts the status {shown(observed.status)} of its row"
            cause = Problem(problem, "Correct one of the two.")
            raise self._refused(index, cause, period=mark is not None)
        if is_new and status and (across or not stated):
            author = ""
            if status == "forecast":
                author = observed.author or observed.source or self.noted.file
            observed = replace(observed, status=status, author=author, target=target)
        if observed.status == "forecast" and not was_forecast:
            code = "starred" if head.sign.startswith("*") else "published_forecast"
            with_flag = f" with the flag {flag}" if flag else ""
            self.noted.name(code, f"{self._period_as_written(index)}{with_flag}")
        return observed

    def _period_as_written(self, index: int) -> str:
        if self.table.across:
            return self.grid.text(self.table.header_row, int(self.melt.columns[index]))
        return self.grid.text(int(self.melt.rows[index]), self.table.period_column)

    def _claim(self, point: Point, draft: _Draft, when: Period | date) -> None:
        """Refuse a second value of a period and source.

        A source may plan a period, forecast it and later report it, each once.
        """
        observed = point.observed
        is_forecast = observed.status == "forecast"
        claimed = when, observed.source, is_forecast, observed.target
        first = draft.first.setdefault(claimed, observed)
        if first is observed:
            return
        has_several = len(self.melt.choice.ids) > 1 or "id" in self.rows.roles
        within = f" in series {shown(draft.name)}" if has_several else ""
        source = f" from source {shown(observed.source)}" if observed.source else ""
        problem = (
            f"is a second value of {observed.period}{within}{source}; the first is at {first.place}"
        )
        hint = self._hint_on_second(point, when)
        raise self._refused(point.value_index, Problem(problem, f"{hint}."))

    def _hint_on_second(self, point: Point, when: Period | date) -> str:
        remove = "Remove one of them"
        if point.head.day and when != point.head.day:
            return "Sum the values to one a year, or write the dates as periods: 2017Q1, 2017M03"
        if self.rows.own:
            needs = "two values of a period need different sources, in a column named 'source'"
            return f"{remove}; {needs}"
        spare = self._column_that_parts(point)
        if spare:
            column = option("id_column", spare)
            return f"{remove}; or, if a column tells series apart, name it: {column}"
        return remove

    def _column_that_parts(self, point: Point) -> str:
        """Find a column of texts that gives each value of a series a period and a label of its own.

        Figures, and remarks that are on few values, tell no series apart.
        """
        melt = self.melt
        beside = melt.choice.beside
        if self.table.across:
            return ""
        indices = self.indices_of(int(melt.id_of[point.value_index]))
        rows = np.searchsorted(self.table.rows, melt.rows[indices])
        periods = self.table.period_codes[rows]
        for label in beside.others:
            codes = label.codes[rows]
            is_apart = distinct(periods, codes) == len(rows) > distinct(codes)
            if label.name and is_apart and not holds_numbers(label.of_rows(rows)):
                return label.name
        return ""

    def _refused(self, index: int, cause: Problem, *, period: bool = False) -> InputError:
        """Refuse the cell of a value, or with `period` that of its period."""
        table = self.table
        row = int(self.melt.rows[index])
        column = int(self.melt.columns[index])
        if period and table.across:
            return refuse_cell(table, table.header_row, column, cause)
        if period:
            return refuse_cell(table, row, table.period_column, cause)
        return refuse_cell(table, row, column, cause)

    def _finished(self, draft: _Draft) -> Series | None:
        """Make the series of all that was taken. Raises InputError if it cannot be one."""
        if not draft.points:
            if draft.growth:
                name = shown(draft.name)
                problem = f"{self.grid.file}: series {name} has no values, only growth."
                raise InputError(problem, "Give the values as well.")
            return None
        points = self._with_dates(draft)
        self._note_periods(points)
        observations = self._without_future(draft.name, points)
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
            growth=tuple(sorted(draft.growth, key=_order)),
            sources={source: Publication(id=source, publisher=source) for source in sources},
            file=STANDARD_INPUT if unnamed(self.grid.file) else self.grid.file,
            labels=self.descriptions.names(first),
            places=() if self.rows.own else self.descriptions.places(first),
        )
        is_stated = bool(stated["measure"]) or about.get("measure") in MEASURES
        series = self._measured(series, points, is_stated=is_stated)
        self._require_no_gaps(series)
        return series

    def _breaks(self, draft: _Draft, observations: Sequence[Observation]) -> tuple[int, ...]:
        """List the first years on a new basis: as rows state them, by flags, and by the options."""
        years = [one.period.year for one in observations if one.status != "forecast"]
        asked = {year for year in self.options.breaks if years and min(years) < year <= max(years)}
        stated = breaks_in(draft.stated["breaks"]) or ()
        self.noted.breaks |= asked
        return tuple(sorted({*stated, *draft.breaks, *asked}))

    def _without_future(self, name: str, points: Sequence[Point]) -> list[Observation]:
        """Put observations in order, those of years that are not over as published forecasts."""
        ordered = sorted((point.observed for point in points), key=_order)
        stated = {id(point.observed) for point in points if point.stated}
        if not self.rows.own and not stated:
            self._require_history(name, points[0], ordered)
        ordered, note = without_future(name, self.grid.file, ordered, stated, self.options)
        if note is not None:
            self.noted.keep(note)
        return ordered

    def _require_history(self, name: str, first: Point, ordered: Sequence[Observation]) -> None:
        """Refuse values that are forecasts by their marks, or that a label or a title calls so.

        A label does not say where history ends; `actuals_until` does.
        """
        labels = self.descriptions.labels(first.value_index)
        forecasts = sum(observed.status == "forecast" for observed in ordered)
        is_unasked = self.options.actuals_until is None
        if forecasts == len(ordered) and (is_unasked or not any(map(says_projection, labels))):
            written = str(first.observed.period)
            if self.table.across:
                written = self._period_as_written(first.value_index) or written
            problem = f"every period, such as {shown(written)}, is a forecast."
            hint = "Choose another series, or take the marks away."
            raise InputError(problem, hint, place=first.observed.place)
        if forecasts or not is_unasked:
            return
        texts = (*self.descriptions.titles(), *labels)
        projection = next(filter(says_projection, texts), "")
        if projection:
            problem = (
                f"{self.noted.file} says {shown(projection)}, "
                f"and not where the history of {shown(name)} ends."
            )
            hint = f"Name its last year of history with {option('actuals_until')}."
            years = (ordered[0].period.year, ordered[-1].period.year)
            words = (projection, *texts, *self._dates_of_updates(first), self.noted.file)
            stated = last_year_stated(words, *years, last_year_over(self.options))
            if stated is not None:
                hint = f"Name its last year of history: {option('actuals_until', stated)}, say."
            raise InputError(problem, hint, place=ordered[-1].place)

    def _dates_of_updates(self, point: Point) -> list[str]:
        """Give the cells in the row of a value that say when it was published, with their names."""
        row = int(self.melt.rows[point.value_index])
        names = enumerate(self.table.names)
        return [
            f"{name} {self.grid.text(row, column)}" for column, name in names if says_update(name)
        ]

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
                self._note("whole_years", f"a year whose parts are all known is {made_of}")
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

    def _with_dates(self, draft: _Draft) -> list[Point]:
        """Read dates as months or quarters, where there are several a year, or else as years."""
        points = draft.points
        days = [point.head.day for point in points if point.head.day]
        if not days:
            return points
        dated_heads = [point.head for point in points if point.head.day]
        # 2001-02 is February alone, and a year that spans two among others that do.
        are_split = len(points) > 1 and all(head.kind == "split" for head in dated_heads)
        periods = None if are_split else parts_of(days)
        numbered = next((point for point in points if point.head.kind == "numbered"), None)
        has_several_a_year = len(set(days)) > len({day.year for day in days})
        if numbered and has_several_a_year and max(day.month for day in days) <= 4:
            hint = "Write 2021Q1 for a quarter, 2021M01 for a month."
            cause = Problem("may be a quarter or a month", hint)
            raise self._refused(numbered.value_index, cause, period=True)
        if periods and all(period.is_year for period in periods.values()):
            points = self._at_one_date(points)
        dated: list[Point] = []
        for point in points:
            day = point.head.day
            if day:
                period = periods[day] if periods else point.observed.period
                point = point._replace(observed=replace(point.observed, period=period))
                self._claim(point, draft, period)
            dated.append(point)
        return dated

    def _at_one_date(self, points: list[Point]) -> list[Point]:
        """Leave out a last date at another time of the year, which is no whole year.

        Such a date before the last one is refused.
        """
        day_of_year: dict[int, int] = {}
        for point in points:
            if point.head.day:
                day_of_year[point.value_index] = point.head.day.timetuple().tm_yday
        usual = Counter(day_of_year.values()).most_common(1)[0][0]
        odd = [point for point in points if _is_apart(day_of_year.get(point.value_index), usual)]
        if not odd or len(day_of_year) < 3:
            return points
        with_day = [point for point in points if point.head.day]
        last = max(with_day, key=lambda point: cast(date, point.head.day))
        if odd == [last]:
            text = f"{last.head.day} is no whole year next to the other dates, and is left out"
            self._note("part_of_year", text)
            return [point for point in points if point is not last]
        cause = Problem(
            "is at another time of the year than other dates",
            "Write whole years, or parts: 2017H1.",
        )
        raise self._refused(odd[0].value_index, cause, period=True)

    def _note_periods(self, points: Sequence[Point]) -> None:
        """Note how periods were read that are not plain years.

        Raises InputError where only some span several years.
        """
        heads = [point.head for point in points]
        common = Counter(head.span for head in heads).most_common(1)[0][0]
        other = next((point for point in points if point.head.span != common), None)
        if other:
            problem = "the period alone spans several years."
            raise InputError(problem, "Leave it out.", place=other.observed.place)
        split = next((head.period.year for head in heads if head.kind == "split"), 0)
        if split and all(head.kind == "split" for head in heads if head.dated):
            example = f"{split}/{(split + 1) % 100:02d} is {split}"
            self._note("split_years", f"a year that spans two is dated by the first: {example}")
        era = next((head for head in heads if head.kind == "era"), None)
        if era:
            example = f"{era.sign} is {era.period.year}"
            self._note("era_years", f"years are counted as those of an era: {example}")
        if common > 1:
            dated = f"each period spans {common} years and is dated by the middle one"
            overlap = "the periods overlap, so their changes are smoothed"
            self._note("year_spans", f"{dated}, such as {heads[0].period.year}; {overlap}")

    def _note(self, code: str, text: str) -> None:
        self.noted.keep(Note(code, f"In {self.noted.file}, {text}.", warning=True))


def _ends(head: Head) -> date:
    """The last day of a period; of a date, that of its month, as there may be one a month."""
    if head.day is None:
        return head.period.end
    return Period(head.day.year, head.day.month, 1).end


def _is_break_mark(amount: Amount) -> bool:
    return amount.marked.isalpha() and "b" in amount.marked.casefold()


def _is_apart(day: int | None, usual: int) -> bool:
    """True if a day of the year is more than some days from the usual one, in either direction."""
    if day is None:
        return False
    return min(abs(day - usual), 366 - abs(day - usual)) > DAYS_APART


def _order(observation: Observation) -> tuple[Period, bool, str, float]:
    return (
        observation.period,
        observation.status == "forecast",
        observation.source,
        observation.value,
    )
