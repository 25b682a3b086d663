"""A series while it is being read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, cast, get_args

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


class Draft:
    """What the rows have said of one series so far; a period and source can be claimed once."""

    def __init__(self, series_id: str) -> None:
        self.id = series_id
        self.stated = dict.fromkeys(AGREED, "")
        """What its rows say, by role."""
        self.fractions = True
        """Whether a spreadsheet shows all values so far in percent."""
        self.observations: list[Observation] = []
        self.growth: list[Observation] = []
        self.with_status: set[int] = set()
        """`id` of the observations whose row states their status."""
        self.heads: list[Head] = []
        """The period of each observation, as it is written."""
        self.dated: list[tuple[int, int, int, date]] = []
        """Of each observation that a date names: its place, row, column and day."""
        self._claimed: dict[_Claim, Observation] = {}

    def claim(self, observation: Observation, head: Head) -> Observation | None:
        """Take the place of this period and source; the earlier holder if it is taken.

        A source may plan a period, forecast it and later report it: those are three places. A date takes its day.

        Raises InputError if there are more than 100,000 values.
        """
        earlier = self._claimed.get(key := _key(observation, head.day or observation.period))
        if len(self._claimed) > MOST_VALUES:
            raise InputError.of("too_many_values", series=self.id, most=MOST_VALUES, place=observation.place)
        if earlier is None:
            self._claimed[key] = observation
        return earlier

    def settle_dates(self) -> tuple[int, int, Observation, Observation] | None:
        """Take several dates a year for the months or quarters that they mean.

        Returns row and column of an observation whose period has a value already, with both; None where there is none.
        """
        if not self.dated:
            return None
        periods = parts_of(day for _, _, _, day in self.dated)
        for place, index, column, day in self.dated:
            seen = self.observations[place]
            made = replace(seen, period=periods[day]) if periods else seen
            earlier = self._claimed.setdefault(_key(made, made.period), made)
            if earlier is not made:
                return index, column, made, earlier
            if id(seen) in self.with_status:
                self.with_status.add(id(made))
            self.observations[place] = made
        return None

    def period_notes(self, file: str) -> Iterator[Note]:
        """How periods were read that are not plain years.

        Raises InputError where some span several years and others do not.
        """
        common = Counter(head.span for head in self.heads).most_common(1)[0][0]
        for head, seen in zip(self.heads, self.observations, strict=True):
            if head.span != common:
                raise InputError.of("other_span", place=seen.place)
        splits = [head for head in self.heads if head.kind == "split"]
        if splits and all(head.kind == "split" for head in self.heads if head.dated):
            yield Note("split_years", {"file": file, "year": splits[0].period.year}, warning=True)
        if eras := [head for head in self.heads if head.kind == "era"]:
            yield Note("era_years", {"file": file, "text": eras[0].sign, "year": eras[0].period.year}, warning=True)
        if common > 1:
            middle = self.heads[0].period.year
            yield Note("year_spans", {"file": file, "years": common, "middle": middle}, warning=True)

    def finish(self, name: str, options: ReadOptions, *, unit: str, about: Mapping[str, Any]) -> Series:
        """The series, its observations in order of period whatever the order of rows.

        `unit`: the unit where no row gives one. `about`: what a document says of the series apart from its rows. Raises
        InputError if there is no value at all, or for a lone year to come.
        """
        if not self.observations:
            raise InputError.of("growth_alone", file=name, series=self.id)
        ordered = sorted(self.observations, key=_order)
        ordered, future = without_future(self.id, name, ordered, self.with_status, options)
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
            growth=tuple(sorted(self.growth, key=_order)),
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
