"""A series while it is being read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple, cast, get_args

from rural_forecast.errors import InputError
from rural_forecast.notes import Note
from rural_forecast.series.observation import Measure, Observation, Series, Source
from rural_forecast.series.period import Period
from rural_forecast.series.reading.future import without_future
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.reading.periods import Head, parts_of
from rural_forecast.series.reading.units import with_scale

MOST_VALUES = 100_000
"""Of one series: every month of the years 1 to 9999 is not much more."""
_Claim = tuple[Period | date, str, bool, bool]
_ABOUT = ("title", "definition", "unit", "publisher", "caveat")
AGREED = ("unit", "definition", "scale", "measure", "market_kind")
"""Roles of columns in which all rows of a series say the same."""


class Point(NamedTuple):
    """An observation, and how its row gives it."""

    seen: Observation
    head: Head
    """Its period as it is written."""
    row: int
    column: int
    stated: bool
    """Whether the row states its status."""


class Draft:
    """What the rows have said of one series so far; a period and source can be claimed once."""

    def __init__(self, series_id: str) -> None:
        self.id = series_id
        self.stated = dict.fromkeys(AGREED, "")
        """What its rows say, by role."""
        self.fractions = True
        """Whether a spreadsheet shows all values so far in percent."""
        self.points: list[Point] = []
        self.growth: list[Point] = []
        self._claimed: dict[_Claim, Observation] = {}

    def claim(self, point: Point) -> Observation | None:
        """Take the place of its period and source; the earlier holder if it is taken.

        A source may plan a period, forecast it and later report it: those are three places. A date takes its day.

        Raises InputError if there are more than 100,000 values.
        """
        if len(self._claimed) > MOST_VALUES:
            raise InputError.of("too_many_values", series=self.id, most=MOST_VALUES, place=point.seen.place)
        holder = self._claimed.setdefault(_key(point.seen, point.head.day or point.seen.period), point.seen)
        return holder if holder is not point.seen else None

    def settle_dates(self) -> tuple[Point, Observation] | None:
        """Take several dates a year for the months or quarters that they mean.

        Returns a point whose period has a value already, and that; None where there is none.
        """
        periods = parts_of(day for point in self.points if (day := point.head.day))
        for at, point in enumerate(self.points):
            if day := point.head.day:
                made = replace(point.seen, period=periods[day]) if periods else point.seen
                self.points[at] = point = point._replace(seen=made)
                earlier = self._claimed.setdefault(_key(made, made.period), made)
                if earlier is not made:
                    return point, earlier
        return None

    def period_notes(self, file: str) -> Iterator[Note]:
        """How periods were read that are not plain years.

        Raises InputError where some span several years and others do not.
        """
        heads = [point.head for point in self.points]
        common = Counter(head.span for head in heads).most_common(1)[0][0]
        if other := next((point for point in self.points if point.head.span != common), None):
            raise InputError.of("other_span", place=other.seen.place)
        splits = [head for head in heads if head.kind == "split"]
        if splits and all(head.kind == "split" for head in heads if head.dated):
            yield Note("split_years", {"file": file, "year": splits[0].period.year}, warning=True)
        if eras := [head for head in heads if head.kind == "era"]:
            yield Note("era_years", {"file": file, "text": eras[0].sign, "year": eras[0].period.year}, warning=True)
        if common > 1:
            middle = heads[0].period.year
            yield Note("year_spans", {"file": file, "years": common, "middle": middle}, warning=True)

    def finish(self, name: str, options: ReadOptions, *, unit: str, about: Mapping[str, Any]) -> Series:
        """The series, its observations in order of period whatever the order of rows.

        `unit`: the unit where no row gives one. `about`: what a document says of the series apart from its rows. Raises
        InputError if there is no value at all, or for a lone year to come.
        """
        if not self.points:
            raise InputError.of("growth_alone", file=name, series=self.id)
        ordered = sorted((point.seen for point in self.points), key=_order)
        stated_status = {id(point.seen) for point in self.points if point.stated}
        ordered, future = without_future(self.id, name, ordered, stated_status, options)
        known = {key: about[key] for key in _ABOUT if isinstance(about.get(key), str)}
        stated = self.stated
        measure = stated["measure"] or about.get("measure")
        names = dict.fromkeys(observation.source for observation in ordered if observation.source)
        annual = all(observation.period.is_year for observation in ordered)
        return Series(
            id=self.id,
            title=known.get("title", ""),
            definition=stated["definition"] or known.get("definition", ""),
            measure=cast(Measure, measure) if measure in get_args(Measure) else "flow",
            unit=with_scale(stated["unit"] or known.get("unit") or unit, stated["scale"]),
            market_kind=stated["market_kind"],
            frequency="annual" if annual else "annual and sub-annual",
            publisher=known.get("publisher", ""),
            caveat=known.get("caveat", ""),
            observations=tuple(ordered),
            growth=tuple(sorted((point.seen for point in self.growth), key=_order)),
            sources={source: Source(id=source, publisher=source) for source in names},
            file=name,
            reading_notes=(future,) if future else (),
        )


def _key(observation: Observation, when: Period | date) -> _Claim:
    return when, observation.source, observation.status == "forecast", observation.target


def _order(observation: Observation) -> tuple[Period, bool, str, float]:
    return observation.period, observation.status == "forecast", observation.source, observation.value


def check_gaps(series_id: str, ordered: Sequence[Observation]) -> None:
    """Refuse years that are missing between the first and the last one that is not a forecast.

    Raises InputError if there is a gap; the place is that of the first value after it.
    """
    before: int | None = None
    for observation in ordered:
        if observation.period.length != 12 or observation.status == "forecast":
            continue
        year = observation.period.year
        if before is not None and year > before + 1:
            raise InputError.of("gap", series=series_id, before=before, after=year, place=observation.place, code="gap")
        before = year
