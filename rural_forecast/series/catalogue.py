"""The catalogue: the series that ship with the program, and those of folders that users add.

`RURAL_FORECAST_CATALOGUE` names folders (separated as in `PATH`) that hold the same three files; an id or alias may
exist once only. A series is built when it is asked for and costs about a millisecond.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import NamedTuple

from rural_forecast.errors import InputError, UsageError
from rural_forecast.series.folder import FILES, Folder
from rural_forecast.series.observation import Series
from rural_forecast.series.period import Period
from rural_forecast.series.source_names import is_folder
from rural_forecast.system.extras import data_folder

VARIABLE = "RURAL_FORECAST_CATALOGUE"


class Summary(NamedTuple):
    """One line of the list of series."""

    series_id: str
    alias: str
    title: str
    measure: str
    unit: str
    publisher: str
    first: int | None
    """First year with a value that is no forecast."""
    last: int | None
    n: int
    """Number of whole years with a value."""
    targets: int
    """Number of rows that quote a published target."""


class Catalogue:
    """Series by id or alias. Raises InputError if an id or alias exists twice, or a file is wrong."""

    def __init__(self, folders: tuple[Folder, ...]) -> None:
        self._folders = folders
        self._homes: dict[str, Folder] = {}
        self._aliases: dict[str, str] = {}
        self._built: dict[str, Series] = {}
        for folder in folders:
            for series_id, row in folder.series.items():
                if series_id in self._homes:
                    raise row.refuse("series_id", "exists already in the catalogue.", "Give it another id.")
                self._homes[series_id] = folder
        for series_id, row in ((name, folder.series[name]) for name, folder in self._homes.items()):
            alias = row.get("alias")
            if alias in self._homes or alias in self._aliases:
                raise row.refuse("alias", "exists already in the catalogue.", "Give it another alias, or none.")
            if alias:
                self._aliases[alias] = series_id
            for column in ("related", "within"):
                for name in row.get(column).split():
                    if name not in self._homes:
                        raise row.refuse(column, f"names '{name}', which is no series.", "Write ids of series.")

    def ids(self) -> tuple[str, ...]:
        """All ids: the shipped ones first, each folder in the order of its file."""
        return tuple(self._homes)

    def names(self) -> frozenset[str]:
        """All ids and aliases."""
        return frozenset((*self._homes, *self._aliases))

    def get(self, name: str) -> Series:
        """The series of an id or alias, with its published growth where the catalogue has `<id>_yoy`.

        Raises UsageError if there is no such series. Raises InputError if a row of it is wrong.
        """
        series_id = self._aliases.get(name, name)
        if series_id not in self._homes:
            lower = name.strip().lower()
            series_id = self._aliases.get(lower, lower)
        if series_id not in self._homes:
            raise self._unknown(name)
        if series_id not in self._built:
            folder = self._homes[series_id]
            growth_id = f"{series_id}_yoy"
            self._built[series_id] = folder.build(series_id, growth_id if growth_id in folder.series else "")
        return self._built[series_id]

    def _unknown(self, name: str) -> UsageError:
        known, typed = (*self._aliases, *self._homes), name.strip().lower()
        close = get_close_matches(typed, known) or [each for each in known if typed and typed in each][:3]
        meant = f"Did you mean {' or '.join(close)}? " if close else ""
        hint = f"{meant}'rural-forecast series list' shows all."
        return UsageError(f"There is no series '{name}'.", hint, code="unknown_name")

    def summaries(self) -> tuple[Summary, ...]:
        """One line a series, without building any."""
        summaries = []
        for series_id, folder in self._homes.items():
            rows = folder.observations.get(series_id, ())
            periods = {row.period for row in rows if row.get("status") != "forecast"}
            years = {period.year for period in periods}
            about = folder.series[series_id].get
            summaries.append(
                Summary(
                    series_id=series_id,
                    alias=about("alias"),
                    title=about("title"),
                    measure=about("measure"),
                    unit=about("unit"),
                    publisher=about("publisher"),
                    first=min(years, default=None),
                    last=max(years, default=None),
                    n=sum(period.is_year for period in periods),
                    targets=sum(row.get("kind") == "target" for row in rows),
                )
            )
        return tuple(summaries)

    def figures(self, measure: str) -> Mapping[str, Mapping[Period, tuple[float, ...]]]:
        """Published values by series and period, of all series of a measure, without building any; no forecasts."""
        figures: dict[str, dict[Period, tuple[float, ...]]] = {}
        for series_id, folder in self._homes.items():
            if folder.series[series_id].get("measure") != measure:
                continue
            values: dict[Period, tuple[float, ...]] = {}
            for row in folder.observations.get(series_id, ()):
                if row.get("status") != "forecast":
                    period = row.period
                    values[period] = (*values.get(period, ()), row.value)
            figures[series_id] = values
        return figures

    def unit(self, series_id: str) -> str:
        """The unit of a series, without building it."""
        return self._homes[series_id].series[series_id].get("unit")

    def related(self, series_id: str) -> frozenset[str]:
        """Series that name this one as another definition of its market, or that it names."""
        named = self._homes[series_id].series[series_id].get("related").split()
        naming = (
            other for other, folder in self._homes.items() if series_id in folder.series[other].get("related").split()
        )
        return frozenset((*named, *naming))


def load() -> Catalogue:
    """The shipped catalogue and the folders of `RURAL_FORECAST_CATALOGUE`.

    Raises InputError if a folder of the variable is no folder, or what it holds is wrong.
    """
    folders = [_shipped()]
    for name in os.environ.get(VARIABLE, "").split(os.pathsep):
        if not name.strip():
            continue
        path = Path(name.strip())
        if not is_folder(path):
            raise InputError(
                f"{VARIABLE} names {name.strip()}, which is no folder.", f"It needs {', '.join(FILES)} in a folder."
            )
        folders.append(Folder(path, name.strip()))
    for folder in folders:
        folder.record()
    return Catalogue(tuple(folders)) if len(folders) > 1 else _shipped_alone()


@cache
def _shipped() -> Folder:
    return Folder(data_folder())


@cache
def _shipped_alone() -> Catalogue:
    return Catalogue((_shipped(),))
