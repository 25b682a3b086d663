"""From values one below the other to series: observations with all that is said of them, or what is
refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple, cast, get_args

import numpy as np

from rural_forecast.errors import InputError, Place, Problem, option
from rural_forecast.notes import Note
from rural_forecast.series.observation import Measure, Observation, Publication, Series
from rural_forecast.series.period import Period
from rural_forecast.series.preference import HOW, is_made, with_whole_years
from rural_forecast.series.reading import schema
from rural_forecast.series.reading.account import Noted
from rural_forecast.series.reading.amounts import Amount, letters, status_of
from rural_forecast.series.reading.melt import (
    MOST_FAULTS,
    Fault,
    Melt,
    Stated,
    check_gaps,
    projections,
    says_projection,
    without_future,
)
from rural_forecast.series.reading.options import MEASURES, ReadOptions
from rural_forecast.series.reading.periods import Head, YearMark, parts_of
from rural_forecast.series.reading.source import unnamed
from rural_forecast.series.shares import measured
from rural_forecast.series.source_names import STANDARD_INPUT
from rural_forecast.text.cells import shown

MOST_VALUES = 100_000  # of one series: every month of the years 1 to 9999 is not much more
DAYS_APART = 20  # days between the ends of two fiscal years that end in the same week, and more
_MADE_OF_PARTS = {
    "sum": "the sum of its parts",
    "mean": "the mean of its parts",
    "end": "its last part",
}


class Point(NamedTuple):
    """An observation, its period as it is written, and its place among the values."""

    seen: Observation
    head: Head
    at: int
    stated: bool  # its row states its status


@dataclass
class _Found:
    name: str
    points: list[Point] = field(default_factory=list)
    growth: list[Observation] = field(default_factory=list)
    stated: dict[str, str] = field(default_factory=lambda: dict.fromkeys(schema.AGREED, ""))
    first: dict[Any, Observation] = field(default_factory=dict)  # by period and source


class Builder:
    """Makes the series of a choice, one by one."""

    def __init__(self, melt: Melt, options: ReadOptions, noted: Noted) -> None:
        self.melt = melt
        self.options = options
        self.noted = noted
        self.table = melt.choice.table
        self.grid = self.table.grid
        self.missing = melt.missing
        self.faulty = melt.faulty
        known = melt.choice.beside.roles
        roles = {role: at for role, at in known.items() if role in ("status", "flag")}
        self.rows = schema.Rows(self.table, roles if self.table.roles is None else self.table.roles)
        self.descriptions = Stated(melt, self.rows, options)
        self.until = {} if self.rows.own else projections(self.table, melt.choice.naming)
        order = np.argsort(melt.id_of, kind="stable")
        self._order = order
        self._edges = np.searchsorted(melt.id_of[order], np.arange(len(melt.choice.ids) + 1))

    def place_of(self, at: int) -> Place:
        """Where one value stands in the file."""
        return self.grid.place_of(int(self.melt.rows[at]), int(self.melt.columns[at]))

    def indices_of(self, key: int) -> list[int]:
        """The values of a series, in the order of the file."""
        return self._order[self._edges[key] : self._edges[key + 1]].tolist()  # type: ignore[no-any-return]

    def series(self, key: int, faults: list[Fault] | None = None) -> Series | None:
        """One series, or None without values; `faults` keeps what is refused, in place of an error
        for the first.
        """
        found = _Found(self.melt.choice.ids[key])
        before = len(faults or ())
        for at in self.indices_of(key):
            errors = (
                self.melt.faults(at)
                if self.faulty[at]
                else self.rows.ragged.get(int(self.melt.rows[at]), [])
            )
            try:
                if errors:
                    raise errors[0]
                self._take(at, found)
            except InputError as error:
                if faults is None:
                    raise
                # Every series has its first.
                room = MOST_FAULTS - len(faults) if len(faults) > before else MOST_FAULTS
                faults += [Fault(found.name, one) for one in errors or [error]][: max(room, 0)]
        try:
            return self._finished(found)
        except InputError as error:
            if faults is None:
                raise
            if len(faults) == before:
                faults.append(Fault(found.name, error))
            return None

    def _take(self, at: int, found: _Found) -> None:
        melt, rows, row = self.melt, self.rows, int(self.melt.rows[at])
        if rows.own and (kind := rows.agree(row, found.stated, found.name)) not in schema.KINDS[:2]:
            self.noted.name("rows_left_out", f"row{{s}} of kind {shown(kind)} (not data)")
            return
        head = melt.heads[melt.head_of[at]]
        made = melt.odd.get(int(melt.codes[at]))
        beside = made if isinstance(made, Amount) else Amount(0.0)
        assert head is not None
        seen, stated = rows.seen(row, head.period)
        rise = rows.growth(row, melt.notation)
        if rise is not None:
            place = self.grid.place_of(row, rows.roles["growth_pct"])
            found.growth.append(
                replace(seen, value=rise, place=place, author="", target=False, doubtful=False)
            )
        if self.missing[at]:
            if rise is None:
                if beside.body is not None:
                    self.noted.name("missing_by_flag")
                self.noted.missing("" if beside.body is not None else beside.marked)
            return
        point = Point(self._observed(at, head, seen, beside, stated=stated), head, at, stated)
        # The rows we write may hold two forecasts whose author is not named: those are two
        # forecasts.
        if "kind" not in rows.roles or point.seen.status != "forecast":
            if len(found.first) > MOST_VALUES:
                problem = f"series {shown(found.name)} has more than {MOST_VALUES:,} values."
                raise InputError(
                    problem, f"Tell series apart by {option('id_column')}.", place=point.seen.place
                )
            self._claim(point, found, head.day or point.seen.period)
        found.points.append(point)

    def _observed(
        self, at: int, head: Head, seen: Observation, beside: Amount, *, stated: bool
    ) -> Observation:
        row = int(self.melt.rows[at])
        value = float(self.melt.values[at])
        mark = (
            YearMark("forecast")
            if head.period.year > self.until.get(row, head.period.year)
            else head.mark
        )
        if mark is not None or beside.flag:
            seen = self._marked(at, head, seen, mark, beside.flag, stated=stated)
        flags = letters(self.rows.text(row, "flag"))
        if "b" in flags or (beside.marked.isalpha() and "b" in beside.marked.casefold()):
            self.noted.name("flagged_breaks", head.period.year)
        elif beside.marked and not beside.flag:
            self.noted.name("marks", beside.marked)
        if beside.negative:
            self.noted.name("negative")
        for flag in sorted(set(flags) - {*"aeprfb"}):
            self.noted.name("rows_left_out", f"value{{s}} with the flag {shown(flag)} (not used)")
        return replace(
            seen,
            value=value,
            qualifier=cast(
                Any,
                beside.qualifier if beside.qualifier and seen.qualifier == "=" else seen.qualifier,
            ),
            place=self.place_of(at),
            author=seen.author if seen.status == "forecast" else "",
            interval=self.rows.interval(row, value, seen.status, self.melt.notation),
        )

    def _marked(
        self,
        at: int,
        head: Head,
        seen: Observation,
        mark: YearMark | None,
        flag: str,
        *,
        stated: bool,
    ) -> Observation:
        wide = self.table.across
        row = int(self.melt.rows[at])
        known = stated and seen.status == "forecast"
        status = status_of(flag)
        target = False
        if mark is not None and (status is None or mark.status == "forecast"):
            status, target = mark
        is_new = status not in (None, seen.status)
        if is_new and stated and not wide and {status, seen.status} == {"actual", "forecast"}:
            cause = Problem(
                f"contradicts the status {shown(seen.status)} of its row", "Correct one of the two."
            )
            raise self._refused(at, cause, period=mark is not None)
        if is_new and status and (wide or not stated):
            author = seen.author or seen.source or self.noted.file if status == "forecast" else ""
            seen = replace(seen, status=status, author=author, target=target)
        if seen.status == "forecast" and not known:
            column = int(self.melt.columns[at])
            written = (
                self.grid.text(self.table.header_row, column)
                if wide
                else self.grid.text(row, self.table.period_column)
            )
            text = written + (f" with the flag {flag}" if flag else "")
            self.noted.name("starred" if head.sign.startswith("*") else "published_forecast", text)
        return seen

    def _claim(self, point: Point, found: _Found, when: Period | date) -> None:
        """Take note of a value: a source may plan a period, forecast it and later report it, each
        once.
        """
        seen = point.seen
        roles = self.rows.roles
        first = found.first.setdefault(
            (when, seen.source, seen.status == "forecast", seen.target), seen
        )
        if first is seen:
            return
        within = (
            f" in series {shown(found.name)}"
            if len(self.melt.choice.ids) > 1 or "id" in roles
            else ""
        )
        source = f" from source {shown(seen.source)}" if seen.source else ""
        hint = "Remove one of them"
        if point.head.day and when != point.head.day:
            hint = "Sum the values to one a year, or write the dates as periods: 2017Q1, 2017M03"
        elif self.rows.own:
            hint += "; two values of a period need different sources, in a column named 'source'"
        elif spare := next(
            (known.name for known in self.melt.choice.beside.others if known.name), ""
        ):
            hint += f"; or, if a column tells series apart, name it: {option('id_column', spare)}"
        problem = (
            f"is a second value of {seen.period}{within}{source}; the first is at {first.place}"
        )
        raise self._refused(point.at, Problem(problem, f"{hint}."))

    def _refused(self, at: int, cause: Problem, *, period: bool = False) -> InputError:
        table = self.table
        row = int(self.melt.rows[at])
        column = int(self.melt.columns[at])
        if period and table.across:
            return schema.refuse_cell(table, table.header_row, column, cause)
        return schema.refuse_cell(
            table, row, max(table.period_column, 0) if period else column, cause
        )

    def _finished(self, found: _Found) -> Series | None:
        if not found.points:
            if found.growth:
                problem = (
                    f"{self.grid.file}: series {shown(found.name)} has no values, only growth."
                )
                raise InputError(problem, "Give the values as well.")
            return None
        points = self._with_dates(found)
        self._note_periods(points)
        name = found.name
        stated = found.stated
        said = self.descriptions
        ordered = sorted((point.seen for point in points), key=_order)
        told = {id(point.seen) for point in points if point.stated}
        if not self.rows.own and not told:
            self._require_history(name, points[0], ordered)
        ordered, future = without_future(name, self.grid.file, ordered, told, self.options)
        if future is not None:
            self.noted.keep(future)
        about = said.about(name)
        if not self.rows.own:
            stated |= {role: said.text(points[0].at, role) for role in ("definition", "measure")}
        measure = stated["measure"] or about.get("measure")
        made = Series(
            name,
            said.title(name, points[0].at),
            stated["definition"] or about.get("definition", ""),
            cast(Measure, measure) if measure in get_args(Measure) else "flow",
            said.unit([point.at for point in points], stated),
            market_kind=stated["market_kind"],
            within=stated["within"],
            frequency="annual"
            if all(seen.period.is_year for seen in ordered)
            else "annual and sub-annual",
            publisher=about.get("publisher", ""),
            caveat=about.get("caveat", ""),
            observations=tuple(ordered),
            growth=tuple(sorted(found.growth, key=_order)),
            sources={
                seen.source: Publication(id=seen.source, publisher=seen.source)
                for seen in ordered
                if seen.source
            },
            file=STANDARD_INPUT if unnamed(self.grid.file) else self.grid.file,
        )
        return self._measured(
            made, points, is_stated=bool(stated["measure"]) or about.get("measure") in MEASURES
        )

    def _require_history(self, name: str, first: Point, ordered: Sequence[Observation]) -> None:
        """Refuse values that are forecasts by their marks, or by a label or a title that does not
        say which.
        """
        labels = self.descriptions.labels(first.at)
        forecasts = sum(seen.status == "forecast" for seen in ordered)
        unsaid = self.options.actuals_until is None
        if forecasts == len(ordered) and (unsaid or not any(map(says_projection, labels))):
            column = int(self.melt.columns[first.at])
            written = self.grid.text(self.table.header_row, column) if self.table.across else ""
            problem = (
                f"every period, such as {shown(written or str(first.seen.period))}, is a forecast."
            )
            raise InputError(
                problem, "Choose another series, or take the marks away.", place=first.seen.place
            )
        texts = (*self.descriptions.titles(), *labels) if unsaid and not forecasts else ()
        if said := next(filter(says_projection, texts), ""):
            problem = f"{self.noted.file} says {shown(said)}, and not where the history of {shown(name)} ends."
            last = option("actuals_until", ordered[-1].period.year - 1)
            raise InputError(
                problem, f"Name its last year of history: {last}, say.", place=ordered[-1].place
            )

    def _measured(self, made: Series, points: Sequence[Point], *, is_stated: bool) -> Series:
        cells = [
            (int(self.melt.rows[point.at]), int(self.melt.columns[point.at])) for point in points
        ]
        head = self.table.names[cells[0][1]] if self.table.measures is None else ""
        percent = self.grid.percent
        fractions = bool(percent) and all(cell in percent for cell in cells)
        made, whole = measured(
            made, head, stated=is_stated, fractions=fractions, asked=self.options.measure
        )
        if whole is not None:
            self.noted.name("read_as_rate", made.id, detail=f"{whole:g}")
        if is_stated or self.options.measure is not None or made.measure != "flow":
            made = with_whole_years(made)
            if any(map(is_made, made.observations)):
                self._note(
                    "whole_years",
                    f"a year whose parts are all known is {_MADE_OF_PARTS[HOW[made.measure]]}",
                )
        if not self.options.allow_gaps:
            try:
                check_gaps(made.id, made.observations)
            except InputError as error:  # a year that is missing may be one that was left out
                likely = [
                    note
                    for note in self.noted.notes()
                    if note.code in ("mistyped_year", "published_forecast")
                ]
                error.hint = " ".join(filter(None, (error.hint, *map(str, likely))))
                raise
        return made

    def _with_dates(self, found: _Found) -> list[Point]:
        """The points with the months or quarters that several dates a year mean, or the years that
        single ones do.
        """
        points = found.points
        days = [point.head.day for point in points if point.head.day]
        if not days:
            return points
        periods = parts_of(days)
        numbered = next((point for point in points if point.head.kind == "numbered"), None)
        if (
            numbered
            and len(set(days)) > len({day.year for day in days})
            and max(day.month for day in days) <= 4
        ):
            cause = Problem(
                "may be a quarter or a month", "Write 2021Q1 for a quarter, 2021M01 for a month."
            )
            raise self._refused(numbered.at, cause, period=True)
        if periods and all(period.is_year for period in periods.values()):
            points = self._at_one_date(points)
        made = []
        for point in points:
            if day := point.head.day:
                point = point._replace(
                    seen=replace(point.seen, period=periods[day] if periods else point.seen.period)
                )
                self._claim(point, found, point.seen.period)
            made.append(point)
        return made

    def _at_one_date(self, points: list[Point]) -> list[Point]:
        """The points of dates one a year, without a last one at another time of the year, which is
        no whole year.
        """
        of_year = {point.at: day.timetuple().tm_yday for point in points if (day := point.head.day)}
        usual = Counter(of_year.values()).most_common(1)[0][0]
        apart = {at: min(abs(day - usual), 366 - abs(day - usual)) for at, day in of_year.items()}
        odd = [point for point in points if apart.get(point.at, 0) > DAYS_APART]
        if not odd or len(apart) < 3:
            return points
        last = max(
            (point for point in points if point.head.day),
            key=lambda point: cast(date, point.head.day),
        )
        if odd == [last]:
            self._note(
                "part_of_year",
                f"{last.head.day} is no whole year next to the other dates, and is left out",
            )
            return [point for point in points if point is not last]
        cause = Problem(
            "is at another time of the year than other dates",
            "Write whole years, or parts: 2017H1.",
        )
        raise self._refused(odd[0].at, cause, period=True)

    def _note_periods(self, points: Sequence[Point]) -> None:
        """Say how periods were read that are not plain years. Raises InputError where some span
        several years.
        """
        heads = [point.head for point in points]
        common = Counter(head.span for head in heads).most_common(1)[0][0]
        if other := next((point for point in points if point.head.span != common), None):
            raise InputError(
                "the period alone spans several years.", "Leave it out.", place=other.seen.place
            )
        split = next((head.period.year for head in heads if head.kind == "split"), 0)
        if split and all(head.kind == "split" for head in heads if head.dated):
            example = f"{split}/{(split + 1) % 100:02d} is {split}"
            self._note("split_years", f"a year that spans two is dated by the first: {example}")
        if era := next((head for head in heads if head.kind == "era"), None):
            self._note(
                "era_years",
                f"years are counted as those of an era: {era.sign} is {era.period.year}",
            )
        if common > 1:
            dated = f"each period spans {common} years and is dated by the middle one, such as {heads[0].period.year}"
            self._note("year_spans", f"{dated}; the periods overlap, so their changes are smoothed")

    def _note(self, code: str, text: str) -> None:
        self.noted.keep(Note(code, f"In {self.noted.file}, {text}.", warning=True))


def _order(observation: Observation) -> tuple[Period, bool, str, float]:
    return (
        observation.period,
        observation.status == "forecast",
        observation.source,
        observation.value,
    )
