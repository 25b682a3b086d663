"""Kept forecasts: a record, its series, and the forecast of one year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from rural_forecast.notes import Note
from rural_forecast.observed.observation import Publication, Series

REDONE = ("project", "nowcast", "scenario", "panel", "batch", "size")
FORECAST_KINDS = ("forecast", "nowcast", "scenario")  # of rows that we forecast
SCORED_KINDS = (*FORECAST_KINDS, "published", "expert")
DRIVERS = "drivers"  # author of a market that was sized
Bounds = Mapping[int, tuple[float, float]]  # by level in whole percents
Row = Mapping[str, Any]  # the cells of a row that are filled, numbers as numbers


class KeptForecast(NamedTuple):
    """The forecast of one year by one author."""

    author: str  # the model, the scenario, or who published it
    period: int
    value: float
    bounds: Bounds
    origin: int | None  # the last year that was known; None where nothing says so


class KeptSeries(NamedTuple):
    """The forecasts of one series, which holds the values that were used, if the file has them."""

    series: Series
    forecasts: tuple[KeptForecast, ...]


class Remarks(NamedTuple):
    """Descriptions of a series in a record, for people: no number follows from them."""

    caveat: str
    sources: Mapping[str, Publication]


class Record(NamedTuple):
    """A file of kept forecasts; `inputs` are all series that it rests on, by id."""

    file: str
    series: tuple[KeptSeries, ...]
    command: str = ""
    version: str = ""
    options: Mapping[str, Any] = {}
    inputs: Mapping[str, Series] = {}
    model: str = ""
    parents: Mapping[str, str] = {}
    stated: Mapping[str, Any] = {}
    """of a batch: the measure, kind and total of a series, where its file states or shows one."""
    notes: tuple[Note, ...] = ()
    remarks: Mapping[str, Remarks] = {}  # by the id of the series
