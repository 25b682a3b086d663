"""A file of many series as panels: read in stretches, or searched as a file of published data."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rural_forecast.errors import InputError, Place, RuralForecastError, UsageError
from rural_forecast.forecasting.batch.alone import panel_of
from rural_forecast.forecasting.batch.build import Built, build
from rural_forecast.forecasting.batch.panel import refusal_of
from rural_forecast.forecasting.batch.stream import whole_series
from rural_forecast.series.history import annual
from rural_forecast.series.observation import Series
from rural_forecast.series.reading import ReadOptions, read_in_part
from rural_forecast.series.reading.account import Account
from rural_forecast.series.reading.faults import Fault
from rural_forecast.series.reading.files import MOST_BYTES
from rural_forecast.series.reading.grid import TooLargeError
from rural_forecast.series.reading.stretches import open_source


class Opened(NamedTuple):
    """An input that is being read."""

    parts: Iterator[Built]
    """Read once."""
    rows: int
    """About how many."""
    account: Account
    """What is left out, once the parts are read."""
    table: Place = Place("", "")
    """Of the header."""


def opened(path: str, options: ReadOptions) -> Opened:
    """Open an input.

    Raises InputError or UsageError as `run` does.
    """
    if options.where:
        return searched(path, options)
    try:
        source = open_source(path, options)
    except TooLargeError:
        raise
    except (InputError, UsageError):
        if not os.path.isfile(path) or os.path.getsize(path) > MOST_BYTES:  # noqa: PTH113, PTH202 - a name may be too long
            raise
        return searched(path, options)
    parts = (build(stretch, options, source.account, search=source.small) for stretch in whole_series(source))
    plain = Opened(parts, source.rows, source.account, source.table)
    return _or_published(path, options, plain) if source.small else plain


def _or_published(path: str, options: ReadOptions, plain: Opened) -> Opened:
    """The input by a search, where no series of it can be taken as it is or ids do not identify its rows."""
    parts = [*plain.parts]
    plain = plain._replace(parts=iter(parts))
    if all(part.told_apart for part in parts) and any(part.panel.ids for part in parts):
        return plain
    try:
        return searched(path, options)
    except (InputError, UsageError, OSError):
        return plain


def searched(path: str, options: ReadOptions) -> Opened:
    """The series of a file in no plain layout, as published data are."""
    series, faults = read_in_part(path, options)
    account = Account(series[0].file)
    account.take(dict.fromkeys(note for entry in series for note in entry.reading_notes))  # they are of the whole file
    account.reading = series[0].account
    return Opened(iter([_built_of(series, faults, options)]), sum(len(entry.observations) for entry in series), account)


def _built_of(series: Sequence[Series], faults: Sequence[Fault], options: ReadOptions) -> Built:
    """Series that were read already, and what of others is refused."""
    histories = []
    refusals = [refusal_of(*item) for item in {entry.series_id: entry.error for entry in reversed(faults)}.items()]
    for entry in series:
        try:
            histories.append(annual(entry, allow_gaps=options.allow_gaps))
        except RuralForecastError as error:
            refusals.append(refusal_of(entry.id, error))
    return Built(panel_of(histories), refusals)
