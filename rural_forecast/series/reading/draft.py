"""A series while it is being read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast, get_args

from rural_forecast.errors import InputError
from rural_forecast.series.observation import Measure, Observation, Series, Source
from rural_forecast.series.period import Period
from rural_forecast.series.reading.future import without_future
from rural_forecast.series.reading.grid import shown
from rural_forecast.series.reading.options import ReadOptions

_MOST_SPELLED = 6
MOST_VALUES = 100_000
"""Of one series: every month of the years 1 to 9999 is not much more."""
_ABOUT = ("title", "definition", "unit", "publisher", "caveat")


class Draft:
    """What the rows have said of one series so far; a period and source can be claimed once."""

    def __init__(self, series_id: str) -> None:
        self.id = series_id
        self.unit = ""
        self.definition = ""
        self.measure = ""
        self.fractions = True
        """Whether a spreadsheet shows all values so far in percent."""
        self.observations: list[Observation] = []
        self.growth: list[Observation] = []
        self.stated: set[int] = set()
        """`id` of the observations whose row states their status."""
        self.reclassified = 0
        """Values that a mark or a flag makes published figures."""
        self._claimed: dict[tuple[Period, str, bool, bool], tuple[Observation, bool]] = {}

    def claim(self, observation: Observation, *, dated: bool) -> tuple[Observation, bool] | None:
        """Take the place of this period and source; the earlier holder, and whether a date named it, if it is taken.

        A source may plan a period, forecast it and later report it: those are three places.

        Raises
        ------
        InputError : there are more than 100,000 values
        """
        key = (observation.period, observation.source, observation.status == "forecast", observation.target)
        earlier = self._claimed.get(key)
        if len(self._claimed) > MOST_VALUES:
            raise InputError.at(
                observation.place,
                f"series {shown(self.id)} has more than {MOST_VALUES:,} values",
                "If a column tells series apart, name it with --id-column.",
            )
        if earlier is None:
            self._claimed[key] = (observation, dated)
        return earlier

    def finish(self, name: str, options: ReadOptions, *, unit: str, about: Mapping[str, Any]) -> Series:
        """The series, its observations in order of period whatever the order of rows.

        Parameters
        ----------
        unit : the unit where no row gives one
        about : what a document says of the series beside its rows

        Raises
        ------
        InputError : no value at all; a year missing between others, unless gaps are allowed; a lone year to come
        """
        if not self.observations:
            raise InputError(
                f"{name}: series {shown(self.id)} has no values, only growth",
                "Growth is evidence; give the values as well.",
            )
        ordered = sorted(self.observations, key=_order)
        ordered, future = without_future(self.id, name, ordered, self.stated, options)
        if not options.allow_gaps:
            check_gaps(self.id, ordered)
        said = {key: about[key] for key in _ABOUT if isinstance(about.get(key), str)}
        measure = self.measure or about.get("measure")
        names = dict.fromkeys(observation.source for observation in ordered if observation.source)
        annual = all(observation.period.is_year for observation in ordered)
        return Series(
            id=self.id,
            title=said.get("title", ""),
            definition=self.definition or said.get("definition", ""),
            measure=cast(Measure, measure) if measure in get_args(Measure) else "flow",
            unit=self.unit or said.get("unit") or unit,
            frequency="annual" if annual else "annual and sub-annual",
            publisher=said.get("publisher", ""),
            caveat=said.get("caveat", ""),
            observations=tuple(ordered),
            growth=tuple(sorted(self.growth, key=_order)),
            sources={source: Source(id=source, publisher=source) for source in names},
            file=name,
            reading_notes=(future,) if future else (),
        )


def _order(observation: Observation) -> tuple[Period, bool, str, float]:
    return observation.period, observation.status == "forecast", observation.source, observation.value


def check_gaps(series_id: str, ordered: Sequence[Observation]) -> None:
    """Refuse years that are missing between the first and the last one that is not a forecast.

    Raises
    ------
    InputError : there is a gap; the place is that of the first value after it
    """
    before: int | None = None
    for observation in ordered:
        if observation.period.length != 12 or observation.status == "forecast":
            continue
        year = observation.period.year
        if before is not None and year > before + 1:
            raise InputError.at(
                observation.place,
                f"in series {shown(series_id)} {jump(before, year)}",
                "Add the missing years, or use --allow-gaps: nothing is filled, only years after the last gap count.",
            )
        before = year


def jump(before: int, year: int) -> str:
    """That the years between two are missing.

    >>> jump(2014, 2016)
    'the years jump from 2014 to 2016; 2015 is missing'
    """
    missing = range(before + 1, year)
    names = ", ".join(map(str, missing)) if len(missing) <= _MOST_SPELLED else f"{missing[0]} to {missing[-1]}"
    return f"the years jump from {before} to {year}; {names} {'is' if len(missing) == 1 else 'are'} missing"
