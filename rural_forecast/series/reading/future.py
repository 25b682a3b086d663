"""Years that have not begun are no history: what a file gives for them are forecasts, whoever made them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from rural_forecast.notes import Note
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.source_names import without_folders

MOST_AHEAD = 120
"""Years ahead that a projection may reach; a running index of periods may be any number."""


def without_future(series: Series, today: date | None = None) -> Series:
    """The series with its years after today as published forecasts, and a note of it.

    A year under way counts as such too where later ones follow. A series that begins after today is an index.
    """
    seen = series.observations
    this_year = (today or datetime.now(UTC).date()).year
    if not seen or not seen[0].period.year < this_year < seen[-1].period.year <= this_year + MOST_AHEAD:
        return series
    late = [one for one in seen if _is_late(one, this_year)]
    if not late:
        return series
    made = tuple(
        replace(one, status="forecast", author=one.author or one.source or without_folders(series.file))
        if _is_late(one, this_year)
        else one
        for one in seen
    )
    fields = {
        "file": series.file,
        "years": (late[0].period.year, late[-1].period.year),
        "this_year": this_year,
    }
    note = Note("future_years", fields, warning=True)
    return replace(series, observations=made, reading_notes=(*series.reading_notes, note))


def _is_late(one: Observation, this_year: int) -> bool:
    return one.period.year >= this_year and one.status != "forecast"
