"""From values one below the other to series: observations with all that is said of them, or what is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple, cast, get_args

import numpy as np

from rural_forecast.errors import InputError, Place, Problem, option
from rural_forecast.notes import Note
from rural_forecast.series.observation import Measure, Observation, Series, Source
from rural_forecast.series.period import Period
from rural_forecast.series.reading import schema
from rural_forecast.series.reading.amounts import Amount
from rural_forecast.series.reading.flags import letters
from rural_forecast.series.reading.future import require_begin, says_projection, without_future
from rural_forecast.series.reading.melt import MOST_FAULTS, Fault, Melt
from rural_forecast.series.reading.names import ends_history, normalised, unit_in
from rural_forecast.series.reading.options import MEASURES, ReadOptions
from rural_forecast.series.reading.periods import Head, Mark, parts_of
from rural_forecast.series.reading.remarks import Noted
from rural_forecast.series.reading.source import unnamed
from rural_forecast.series.reading.table import Table
from rural_forecast.series.reading.units import NAMED, beside_numbers, combined, of_title, with_scale
from rural_forecast.series.shares import measured
from rural_forecast.series.source_names import STANDARD_INPUT, without_folders
from rural_forecast.series.whole_years import HOW, is_made, with_whole_years
from rural_forecast.text.cells import label, shown

MOST_VALUES = 100_000
"""Of one series: every month of the years 1 to 9999 is not much more."""
DAYS_APART = 20
"""Days between the ends of two fiscal years that end in the same week, and more."""
_MOST_LABELS = 12
"""Labels of a column that tells projections apart; a column with more holds prose or names."""
_ABOUT = ("title", "definition", "unit", "publisher", "caveat")


class Point(NamedTuple):
    """An observation, its period as it is written, and where it is."""

    seen: Observation
    head: Head
    at: int
    """Its place among the values."""
    stated: bool
    """True if the row states its status."""


class Builder:
    """Makes the series of a choice, one by one."""

    def __init__(self, melt: Melt, options: ReadOptions, noted: Noted) -> None:
        self.melt, self.options, self.noted = melt, options, noted
        self.table = melt.choice.table
        self.grid = self.table.grid
        self.file = self.grid.file
        self.short = without_folders(self.file)
        self.missing = melt.missing
        self.rows = schema.Rows(self.table, self._roles())
        self.projected = None if self.rows.own else _Projections(self.table, melt.choice.naming)
        order = np.argsort(melt.key, kind="stable")
        self._order, self._edges = order, np.searchsorted(melt.key[order], np.arange(len(melt.choice.ids) + 1))
        self.faulty: dict[int, list[InputError]] = {}
        for at, error in melt.faults():
            if len(self.faulty) < MOST_FAULTS:
                self.faulty.setdefault(at, []).append(error)

    def _roles(self) -> Mapping[str, int]:
        if self.table.roles is not None:
            return self.table.roles
        known = self.melt.choice.known.roles
        return {role: at for role, at in known.items() if role in ("status", "flag")}

    def place(self, at: int) -> Place:
        """Where one value stands in the file."""
        return self.grid.place(int(self.melt.row[at]), int(self.melt.column[at]))

    def places(self, key: int) -> list[int]:
        """The values of a series, in the order of the file."""
        return self._order[self._edges[key] : self._edges[key + 1]].tolist()  # type: ignore[no-any-return]

    def series(self, key: int, faults: list[Fault] | None = None) -> Series | None:
        """One series; None where it has no values at all.

        `faults`: keeps what is refused, in place of an error for the first. Raises InputError.
        """
        name, points, growth = self.melt.choice.ids[key], list[Point](), list[Point]()
        seen_before = len(faults) if faults is not None else 0
        stated = dict.fromkeys(schema.AGREED, "")
        claimed: dict[Any, Observation] = {}
        for at in self.places(key):
            try:
                errors = [*self.faulty.get(at, ()), *filter(None, [self.rows.ragged.get(int(self.melt.row[at]))])]
                if errors:
                    raise errors[0]
                self._take(at, name, points, growth, stated, claimed)
            except InputError as error:
                if faults is None:
                    raise
                row_errors = self.faulty.get(at, [error])
                faults += [Fault(name, each) for each in row_errors][: max(MOST_FAULTS - len(faults), 0)]
        broken = faults is not None and len(faults) > seen_before
        try:
            return self._finished(name, points, growth, stated, claimed)
        except InputError as error:
            if faults is None:
                raise
            if not broken:
                faults.append(Fault(name, error))
            return None

    def _take(
        self, at: int, name: str, points: list[Point], growth: list[Point], stated: dict[str, str],
        claimed: dict[Any, Observation],
    ) -> None:  # fmt: skip
        melt, row = self.melt, int(self.melt.row[at])
        if self.rows.own:
            kind = self.rows.kind(row)
            if kind not in schema.KINDS[:2]:
                self.noted.rows_left_out(f"row{{s}} of kind {shown(kind)} (not data)")
                return
            if "id" in self.rows.roles and not name:
                cause = Problem("is empty where the id of a series must be", "Give every row the id of its series.")
                raise schema.refuse_cell(self.table, row, self.rows.roles["id"], cause)
            for role in schema.AGREED:
                if role in self.rows.roles:
                    text = self.rows.text(row, role)
                    schema.check_agreed(self.table, row, role, text, stated[role], name)
                    stated[role] = text or stated[role]
        head = melt.heads[melt.head[at]]
        assert head is not None
        remarks = self.rows.remarks(row)
        rise = self.rows.growth(row, melt.notation)
        if rise is not None:
            seen = Observation(
                head.period, rise, *remarks[:6], place=self.grid.place(row, self.rows.roles["growth_pct"])
            )
            growth.append(Point(seen, head, at, stated=remarks.stated))
        if self.missing[at]:
            if rise is None:
                self._note_missing(at, row)
            return
        point = self._point(at, row, head, remarks)
        # The rows we write may hold two forecasts whose author is not named: those are two forecasts.
        if "kind" not in self.rows.roles or point.seen.status != "forecast":
            if len(claimed) > MOST_VALUES:
                raise InputError(
                    f"series {shown(name)} has more than {MOST_VALUES:,} values.",
                    f"If a column distinguishes series, name it with {option('id_column')}.",
                    place=point.seen.place,
                )
            earlier = claimed.setdefault(_key(point.seen, head.day or point.seen.period), point.seen)
            if earlier is not point.seen:
                raise self._second_value(point, earlier, name)
        points.append(point)

    def _note_missing(self, at: int, row: int) -> None:
        code = int(self.melt.codes[at])
        made = self.melt.odd.get(code)
        mark = made.marked if isinstance(made, Amount) and made.body is None else ""
        if row in self.melt.choice.without_value and not (isinstance(made, Amount) and made.body is None):
            self.noted.count("missing_by_flag")
        self.noted.missing(mark, self.grid.place(row, int(self.melt.column[at])) if mark else Place())

    def _point(self, at: int, row: int, head: Head, remarks: schema.Remarks) -> Point:
        melt, wide = self.melt, self.table.across
        column = int(melt.column[at])
        made = melt.odd.get(int(melt.codes[at]))
        beside = made if isinstance(made, Amount) else Amount(0.0)
        mark = head.mark
        if self.projected is not None and self.projected.holds(row, head.period.year):
            mark = Mark("forecast")
        place = self.grid.place(row, column)
        if mark is not None or beside.flag:
            marked = remarks.of_value(mark, beside.flag, wide=wide, file=self.short)
            if marked is None:
                cause = Problem(
                    f"contradicts the status {shown(remarks.status)} of its row",
                    "Correct the status, or take the mark away.",
                )
                where = self.table.period if mark is not None else column
                raise schema.refuse_cell(self.table, row, where, cause)
            if marked.status == "forecast" and not (remarks.stated and remarks.status == "forecast"):
                written = self.grid.text(self.table.header, column) if wide else self.grid.text(row, self.table.period)
                text = written + (f" with the flag {beside.flag}" if beside.flag else "")
                self.noted.name("starred" if head.sign.startswith("*") else "published_forecast", text)
            remarks = marked
        if (beside.marked.isalpha() and "b" in beside.marked.casefold()) or "b" in letters(self.rows.text(row, "flag")):
            self.noted.name("flagged_breaks", head.period.year)
        elif beside.marked and not beside.flag:
            self.noted.mark(beside.marked)
        if beside.negative:
            self.noted.count("negative")
        unused = "".join(sorted(set(letters(self.rows.text(row, "flag"))) - {*"aeprfb"}))
        if unused:
            self.noted.flags_left_out(unused)
        value = float(melt.values[at])
        qualifier = remarks.qualifier if remarks.qualifier != "=" or not beside.qualifier else beside.qualifier
        seen = Observation(
            head.period,
            value,
            remarks.status,
            cast(Any, qualifier),
            *remarks[2:6],
            place=place,
            author=remarks.author if remarks.status == "forecast" else "",
            target=remarks.target,
            doubtful=remarks.doubtful,
            interval=self.rows.interval(row, value, remarks.status, melt.notation),
        )
        return Point(seen, head, at, remarks.stated)

    def _second_value(self, second: Point, first: Observation, name: str) -> InputError:
        """The refusal of a second value of one period and source."""
        seen, melt = second.seen, self.melt
        row, column = int(melt.row[second.at]), int(melt.column[second.at])
        within = f" in series {shown(name)}" if len(melt.choice.ids) > 1 or "id" in self.rows.roles else ""
        source = f" from source {shown(seen.source)}" if seen.source else ""
        hint = "Remove one of them"
        if self.rows.own:
            hint += "; two values of a period need different sources, in a column named 'source'"
        else:
            spare = next((known.name for known in melt.choice.known.others if known.name), "")
            hint += f"; or, if a column tells series apart, name it: {option('id_column', spare)}" if spare else ""
        cause = Problem(
            f"is a second value of {seen.period}{within}{source}; the first is at {first.place}", f"{hint}."
        )
        if second.head.day and first.period == seen.period and not seen.period.is_year:
            cause = Problem(
                f"is the value of a second date of {seen.period}{within}; the first is at {first.place}",
                "Sum the values to one a year, or write the dates as periods: 2017Q1, 2017M03.",
            )
        return schema.refuse_cell(self.table, row, column, cause)

    def _finished(
        self, name: str, points: list[Point], growth: list[Point], stated: dict[str, str],
        claimed: dict[Any, Observation],
    ) -> Series | None:  # fmt: skip
        if not points:
            if growth:
                raise InputError(
                    f"{self.file}: series {shown(name)} has no values, only growth.",
                    "Growth is evidence; give the values as well.",
                )
            return None
        points = self._settle_dates(name, points, claimed)
        self._period_notes(points)
        if (
            not self.rows.own
            and all(point.seen.status == "forecast" for point in points)
            and not any(point.stated for point in points)
        ):
            said = next((text for text in self._row_labels(points[0]) if says_projection(text)), "")
            if said == "" or self.options.actuals_until is None:
                first = points[0]
                period = self.grid.text(self.table.header, int(self.melt.column[first.at])) if self.table.across else ""
                raise InputError(
                    f"every period, such as {shown(period or str(first.seen.period))}, is a forecast.",
                    "Choose another series, or write the periods without the mark.",
                    place=first.seen.place,
                )
        ordered = sorted((point.seen for point in points), key=_order)
        told = {id(point.seen) for point in points if point.stated}
        if (
            not self.rows.own
            and self.options.actuals_until is None
            and not told
            and not any(seen.status == "forecast" for seen in ordered)
        ):
            require_begin([*self._titles(), *self._row_labels(points[0])], name, ordered[-1], self.file)
        ordered, future = without_future(name, self.file, ordered, told, self.options)
        if future is not None:
            self.noted.keep(future)
        about = self._about(name)
        if not self.rows.own:
            stated |= {role: self._said(points[0], role) for role in ("definition", "measure")}
        unit = self._unit(points, stated)
        measure = stated["measure"] or about.get("measure")
        made = Series(
            id=name,
            title=self._title(about, points[0]),
            definition=stated["definition"] or about.get("definition", ""),
            measure=cast(Measure, measure) if measure in get_args(Measure) else "flow",
            unit=unit,
            market_kind=stated["market_kind"],
            frequency="annual" if all(seen.period.is_year for seen in ordered) else "annual and sub-annual",
            publisher=about.get("publisher", ""),
            caveat=about.get("caveat", ""),
            observations=tuple(ordered),
            growth=tuple(sorted((point.seen for point in growth), key=_order)),
            sources={
                source: Source(id=source, publisher=source)
                for source in dict.fromkeys(seen.source for seen in ordered if seen.source)
            },
            file=STANDARD_INPUT if unnamed(self.file) else self.file,
        )
        return self._measured(made, points, is_stated=bool(stated["measure"]) or about.get("measure") in MEASURES)

    def _measured(self, made: Series, points: Sequence[Point], *, is_stated: bool) -> Series:
        column = int(self.melt.column[points[0].at])
        head = "" if self.table.across or self.table.parts else self.table.names[column]
        percent = self.grid.percent
        fractions = bool(percent) and all(
            (int(self.melt.row[point.at]), int(self.melt.column[point.at])) in percent for point in points
        )
        made, whole = measured(made, head, stated=is_stated, fractions=fractions, asked=self.options.measure)
        if whole is not None:
            self.noted.share(made.id, whole)
        if is_stated or self.options.measure is not None or made.measure != "flow":
            made = with_whole_years(made)
            if any(map(is_made, made.observations)):
                words = {"sum": "the sum of its parts", "mean": "the mean of its parts", "end": "its last part"}
                said = f"In {self.short}, a year whose parts are all known is {words[HOW[made.measure]]}."
                self.noted.keep(Note("whole_years", said, warning=True))
        if not self.options.allow_gaps:
            try:
                check_gaps(made.id, made.observations)
            except InputError as error:  # a year that is missing may be one that was left out
                error.hint = " ".join(filter(None, (error.hint, *map(str, self.noted.reasons_of_gap()))))
                raise
        return made

    def _settle_dates(self, name: str, points: list[Point], claimed: dict[Any, Observation]) -> list[Point]:
        """The points with the months or quarters that several dates a year mean, or the years that single ones do."""
        days = [point.head.day for point in points if point.head.day]
        if not days:
            return points
        periods = parts_of(days)
        numbered = [point for point in points if point.head.kind == "numbered"]
        if numbered and len(set(days)) > len({day.year for day in days}) and max(day.month for day in days) <= 4:
            row = int(self.melt.row[numbered[0].at])
            cause = Problem(
                "may be a quarter or a month", "Write 2021Q1 for a quarter, 2021-01 or 2021M01 for a month."
            )
            raise schema.refuse_cell(self.table, row, max(self.table.period, 0), cause)
        if periods and all(period.is_year for period in periods.values()):
            points = self._at_one_date(points)
        made = []
        for point in points:
            day = point.head.day
            if day is None:
                made.append(point)
                continue
            if periods is None:
                earlier = next((other for other in made if other.seen.period == point.seen.period), None)
                if earlier is not None:
                    cause = Problem(
                        f"is the value of a second date of {point.seen.period}; the first is at {earlier.seen.place}",
                        "Sum the values to one a year, or write the dates as periods: 2017Q1, 2017M03.",
                    )
                    row, column = int(self.melt.row[point.at]), int(self.melt.column[point.at])
                    raise schema.refuse_cell(self.table, row, column, cause)
            seen = replace(point.seen, period=periods[day]) if periods else point.seen
            earlier_seen = claimed.setdefault(_key(seen, seen.period), seen)
            if earlier_seen is not seen:
                raise self._second_value(point._replace(seen=seen), earlier_seen, name)
            made.append(point._replace(seen=seen))
        return made

    def _at_one_date(self, points: list[Point]) -> list[Point]:
        """The points of dates one a year, without a last one at another time of the year, which is no whole year.

        Raises InputError where dates are all over the year.
        """
        dated = [point for point in points if point.head.day]
        of_year = [point.head.day.timetuple().tm_yday for point in dated]  # type: ignore[union-attr]
        usual = Counter(of_year).most_common(1)[0][0]
        odd = [
            point
            for point, day in zip(dated, of_year, strict=True)
            if min(abs(day - usual), 366 - abs(day - usual)) > DAYS_APART
        ]
        if not odd or len(dated) < 3:
            return points
        last = max(dated, key=lambda point: cast(date, point.head.day))
        if odd == [last]:
            said = f"{last.head.day} is no whole year next to the other dates of {self.short}, and is left out."
            self.noted.keep(Note("part_of_year", said, warning=True))
            return [point for point in points if point is not last]
        row = int(self.melt.row[odd[0].at])
        cause = Problem(
            "is at another time of the year than other dates", "Write whole years, or parts of them: 2017H1."
        )
        at = (self.table.header, int(self.melt.column[odd[0].at])) if self.table.across else (row, self.table.period)
        raise schema.refuse_cell(self.table, *at, cause)

    def _period_notes(self, points: Sequence[Point]) -> None:
        """Say how periods were read that are not plain years. Raises InputError where some span several years."""
        heads = [point.head for point in points]
        common = Counter(head.span for head in heads).most_common(1)[0][0]
        if other := next((point for point in points if point.head.span != common), None):
            raise InputError(
                "the period spans several years, and other periods do not.", "Leave it out.", place=other.seen.place
            )
        splits = [head for head in heads if head.kind == "split"]
        if splits and all(head.kind == "split" for head in heads if head.dated):
            year = splits[0].period.year
            said = f"a year that spans two is dated by the first: {year}/{(year + 1) % 100:02d} is {year}."
            self.noted.keep(Note("split_years", f"In {self.short}, {said}", warning=True))
        if era := next((head for head in heads if head.kind == "era"), None):
            said = f"In {self.short}, years are counted as those of an era: {era.sign} is {era.period.year}."
            self.noted.keep(Note("era_years", said, warning=True))
        if common > 1:
            said = (
                f"In {self.short}, each period spans {common} years and is dated by the middle one, such as "
                f"{heads[0].period.year}; the periods overlap, so their changes are smoothed."
            )
            self.noted.keep(Note("year_spans", said, warning=True))

    def _about(self, name: str) -> dict[str, str]:
        about = self.grid.about.get(name, self.grid.about.get("", {}))
        return {key: text for key in (*_ABOUT, "measure") if isinstance(text := about.get(key), str) and text}

    def _titles(self) -> list[str]:
        return [*filter(None, (self.grid.about.get("", {}).get("title", ""),)), *self.table.title[-6:]]

    def _title(self, about: Mapping[str, str], first: Point) -> str:
        """The title that a file states, that above its table, or the labels of its one series."""
        if about.get("title") or not self.table.title:
            labels = [] if self.rows.own else self._row_labels(first)
            return about.get("title", "") or (" / ".join(labels) if len(labels) > 1 else "")
        return " ".join(max(self.table.title[-3:], key=len).split())[:200]

    def _said(self, point: Point, role: str) -> str:
        """Describe the series of a value by its row."""
        at = self.melt.choice.known.roles.get(role, -1)
        return self.grid.text(int(self.melt.row[point.at]), at) if at >= 0 else ""

    def _row_labels(self, point: Point) -> list[str]:
        """The labels that say which series a row is of."""
        choice, row = self.melt.choice, int(self.melt.row[point.at])
        at = int(np.searchsorted(self.table.rows, row))
        labels = [column.texts[column.codes[at]] for column in choice.known.labels]
        return [text for text in labels if text]

    def _unit(self, points: Sequence[Point], stated: Mapping[str, str]) -> str:
        """The unit of a series, from all places that say one. Raises InputError where they contradict each other."""
        beside = self._beside(points)
        return beside_numbers(self._unit_at(points[0].at, stated), *beside)

    def unit_at(self, at: int) -> str:
        """The unit of a value, as its row and column say it. Raises InputError where they contradict each other."""
        row = int(self.melt.row[at])
        roles = self.rows.roles if self.rows.own else {}
        return self._unit_at(
            at, {role: self.rows.text(row, role) if role in roles else "" for role in ("unit", "scale")}
        )

    def _unit_at(self, at: int, stated: Mapping[str, str]) -> str:
        unit = self._unit_of(int(self.melt.row[at]), int(self.melt.column[at]), stated)
        if not self.rows.own:
            unit = of_title(self.table.title, unit)
        return unit or self.options.unit or ""

    def _unit_of(self, row: int, column: int, stated: Mapping[str, str]) -> str:
        table, grid = self.table, self.grid
        roles = self.rows.roles if self.rows.own else self.melt.choice.known.roles
        named = stated["unit"] or self._stated_unit(row, column)
        scale = stated["scale"] or (grid.text(row, roles["scale"]) if "scale" in roles else "")
        head = table.units.get(column, "")
        labels = [*filter(None, (unit_in(text) for text in self._names_of(row, column)))]
        unit = head or ""
        for text in (named, *labels[:1]):
            found = combined(text, unit) if text is named else combined(unit, text)
            if isinstance(found, Problem):
                raise InputError(
                    f"the unit {found.problem}.", found.hint, place=grid.place(row, max(roles.get("unit", 0), 0))
                )
            unit = found
        about = self._about(self.melt.choice.ids[0]).get("unit", "")
        return with_scale(unit or about, scale)

    def _names_of(self, row: int, column: int) -> list[str]:
        """The names that may hold the unit of a value in brackets."""
        table = self.table
        if not table.across:
            return [table.names[column]] if not table.parts else []
        rest = [at for at in range(len(table.names)) if at not in table.columns]
        heads = [f"head {name}" for at in rest if (name := table.names[at])[:1] in ("(", "[")]
        texts = [self.grid.text(row, at) for at in rest]
        measures = [table.measures.of[int(np.flatnonzero(table.columns == column)[0])]] if table.measures else []
        return [*measures, *texts, *heads]

    def _stated_unit(self, row: int, column: int) -> str:
        """The text of a column of units, the longest of several: its code may be next to it."""
        table, stated = self.table, ""
        if self.rows.own:
            return ""
        for at, name in enumerate(table.names):
            if (table.across and at in table.columns) or at == column:
                continue
            text = self.grid.text(row, at)
            if "\\" in name and "," in name:  # keys packed into one: freq,unit,geo\TIME_PERIOD
                keys = dict(zip(name.partition("\\")[0].split(","), text.split(","), strict=False))
                name, text = ("unit", keys["unit"].strip()) if "unit" in keys else (name, text)
            name = " ".join(name.split())
            of_values = (
                not table.across and normalised(name).removesuffix("s") == f"{normalised(table.names[column])}_unit"
            )
            is_unit = of_values or NAMED.match(name) is not None or self.melt.choice.known.roles.get("unit") == at
            if is_unit and not text.replace(".", "").isdecimal() and len(text) > len(stated):
                stated = text
        return stated

    def _beside(self, points: Sequence[Point]) -> tuple[str, str]:
        """Currency and factor next to the numbers of a series; a zero needs none.

        Raises InputError for two currencies or factors, or a factor or percent sign at some numbers only.
        """
        currency, scale = "", None
        odd = self.melt.odd
        for point in points:
            made = odd.get(int(self.melt.codes[point.at]))
            amount = made if isinstance(made, Amount) else Amount(0.0)
            if point.seen.value == 0:
                currency = currency or amount.currency
                continue
            differs = scale is not None and amount.scale != scale
            if differs or (currency and amount.currency and amount.currency != currency):
                row, column = int(self.melt.row[point.at]), int(self.melt.column[point.at])
                raise InputError(
                    f"{shown(label(self.grid.cell(row, column)))} is in another unit than the values before it.",
                    "Write all values of a series in one unit.",
                    place=point.seen.place,
                )
            scale, currency = amount.scale, currency or amount.currency
        return currency, scale or ""


class _Projections:
    """Rows and years whose labels say that their values are projections, where others are not."""

    def __init__(self, table: Table, naming: frozenset[int]) -> None:
        self.rows: set[int] = set()
        self.until: dict[int, int] = {}
        values = {*table.columns.tolist(), table.period, *naming}
        for at, name in enumerate(table.names):
            if at in values or not name:
                continue
            if ends_history(name):
                texts = zip(table.rows.tolist(), table.label(at).of, strict=True)
                self.until |= {row: int(text) for row, text in texts if text.isdecimal() and len(text) == 4}
            column = table.label(at)
            said = [says_projection(text) and len(text) <= 60 for text in column.texts]
            if any(said) and not all(said) and len(column.texts) <= _MOST_LABELS:
                self.rows.update(table.rows[np.array(said)[column.codes]].tolist())

    def holds(self, row: int, year: int) -> bool:
        """True if the value of a row and year is a projection."""
        return row in self.rows or year > self.until.get(row, year)


def _key(observation: Observation, when: Period | date) -> tuple[Period | date, str, bool, bool]:
    """What one value of a series has alone: a source may plan a period, forecast it and later report it."""
    return when, observation.source, observation.status == "forecast", observation.target


def _order(observation: Observation) -> tuple[Period, bool, str, float]:
    return observation.period, observation.status == "forecast", observation.source, observation.value


def check_gaps(series_id: str, ordered: Sequence[Observation]) -> None:
    """Refuse years that are missing between the first and the last one that is not a forecast.

    Raises InputError if there is a gap; the place is that of the first value after it.
    """
    years = [seen for seen in ordered if seen.period.length == 12 and seen.status != "forecast"]
    for earlier, later in pairwise(years):
        before, after = earlier.period.year, later.period.year
        if after <= before + 1:
            continue
        missing = range(before + 1, after)
        names = ", ".join(map(str, missing)) if len(missing) <= 6 else f"{missing[0]} to {missing[-1]}"
        are = "is" if len(missing) == 1 else "are"
        raise InputError(
            f"in series {shown(series_id)} the years jump from {before} to {after}; {names} {are} missing.",
            f"Add the missing years, or use {option('allow_gaps', True)}: nothing is filled, only years after the last "
            "gap count.",
            place=later.place,
            code="gap",
        )
