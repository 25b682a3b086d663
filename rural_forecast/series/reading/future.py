"""Years that are not over are no history: what a file gives for them are forecasts, whoever made them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from rural_forecast.errors import InputError
from rural_forecast.notes import Note
from rural_forecast.series.observation import Observation
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.source_names import without_folders

MOST_AHEAD = 120
"""Years ahead that a projection may reach; a running index of periods may be any number."""
FIRST = 1000
"""A series that begins before this year is a running index."""
BUDDHIST = range(2443, 2643)
"""Years of the Buddhist calendar that a series may begin in: 1900 to 2099."""
LONE = 3
"""Years after the last of the others from which a single one is asked about."""


def reaches_ahead(first: Any, last: Any, year: int) -> Any:
    """Whether years from `first` to `last`, numbers or arrays, begin before a year and end after it as a projection."""
    return (first >= FIRST) & (first < year) & (last > year) & (last <= year + MOST_AHEAD)


def first_ahead(years: Iterable[int], as_of: date) -> int | None:
    """The first of the years that are not over by a day; None where all are history.

    The year of that day is over only if no later one follows. A running index, and a series that begins after the day,
    have no such years.

    >>> first_ahead([2024, 2025, 2026, 2027], date(2026, 3, 1)), first_ahead([2025, 2026], date(2026, 3, 1))
    (2026, None)
    """
    known = list(years)
    if not known or not reaches_ahead(min(known), max(known), as_of.year):
        return None
    return min(year for year in known if year >= as_of.year)


def without_future(
    series_id: str, file: str, ordered: Sequence[Observation], stated: Collection[int], options: ReadOptions
) -> tuple[list[Observation], Note | None]:
    """Observations with the years that are not over as published figures, or left out, and a note of it.

    `ordered`: in order of period. `stated`: `id` of the observations whose row states their status; they are taken as
    stated. Raises InputError where a lone year far after the others may be a slip.
    """
    as_of, asked = options.as_of, options.future_years
    history = [obs for obs in ordered if obs.status != "forecast"]
    first = first_ahead((obs.period.year for obs in history), as_of) if as_of and asked != "history" else None
    late = {id(obs): obs for obs in history if first and obs.period.year >= first and id(obs) not in stated}
    begin = min((obs.period.year for obs in history), default=0)
    if as_of and begin in BUDDHIST and asked is None:
        raise InputError.of("begins_after_today", series=series_id, year=begin, place=history[0].place)
    if not late or as_of is None:
        return list(ordered), None
    years = [obs.period.year for obs in late.values()]
    before = max((obs.period.year for obs in history if id(obs) not in late), default=min(years))
    if asked is None and min(years) == max(years) > before + LONE:
        place = next(iter(late.values())).place
        raise InputError.of(
            "lone_year", series=series_id, year=years[0], later=years[0] - before, before=before, place=place
        )
    name = without_folders(file)
    made = [
        replace(obs, status="forecast", author=obs.author or obs.source or name) if id(obs) in late else obs
        for obs in ordered
        if asked != "leave" or id(obs) not in late
    ]
    fields = {"file": file, "years": (min(years), max(years)), "as_of": as_of, "left": asked == "leave"}
    return made, Note("future_years", fields, warning=True)
