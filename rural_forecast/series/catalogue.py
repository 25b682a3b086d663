"""The catalogue: series that ship and those of users' folders; cells stay text until a series is
asked for.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from io import StringIO
from math import isfinite, nan
from pathlib import Path
from typing import Any, NamedTuple, get_args

from rural_forecast.errors import NOWHERE, InputError, Place, UsageError
from rural_forecast.notes import Note
from rural_forecast.series.observation import (
    MARKET_KINDS,
    Measure,
    Observation,
    Publication,
    Qualifier,
    Series,
    Status,
)
from rural_forecast.series.period import FIRST_YEAR, LAST_YEAR, Period, parse
from rural_forecast.series.source_names import is_folder
from rural_forecast.system import inputs
from rural_forecast.system.extras import data_folder
from rural_forecast.text.cells import shown
from rural_forecast.text.wording import counted, listed, shortened

VARIABLE = "RURAL_FORECAST_CATALOGUE"
SERIES, OBSERVATIONS, SOURCES = FILES = ("series.csv", "observations.csv", "sources.csv")
_COLUMNS = {
    SERIES: (
        ("series_id", "title", "measure", "unit"),
        (
            "alias",
            "definition",
            "market_kind",
            "frequency",
            "publisher",
            "breaks",
            "caveat",
            "related",
            "within",
        ),
    ),
    OBSERVATIONS: (
        ("series_id", "period", "value", "source_id"),
        ("qualifier", "unit", "status", "note", "author", "made", "kind", "derived", "doubtful"),
    ),
    SOURCES: (
        ("source_id",),
        (
            "publisher",
            "title_in_own_words",
            "title",
            "date",
            "published_earliest",
            "published_latest",
            "reach",
            "url",
        ),
    ),
}
"""The columns that a file must have, and those that it may have."""
_QUOTES = 'Quote a cell that holds a comma, and write a quote within it twice ("").'
_WORDS = {
    "measure": get_args(Measure),
    "market_kind": ("", *MARKET_KINDS),
    "status": get_args(Status),
    "qualifier": get_args(Qualifier),
    "derived": ("", "yes"),
    "doubtful": ("", "yes"),
    "kind": ("", "target"),
    "reach": ("", "own", "republished", "copy"),
}
_DEFAULTS = {"status": "actual", "qualifier": "="}


def _number(text: str) -> float:
    value = float(text) if "_" not in text and text.isascii() else nan
    if not isfinite(value):
        raise ValueError(text)
    return value


def _years(text: str) -> tuple[int, ...]:
    years = sorted(int(year) for year in text.replace(";", " ").split())
    if years and not FIRST_YEAR <= years[0] <= years[-1] <= LAST_YEAR:
        raise ValueError(text)
    return tuple(years)


_FORMS: Mapping[str, tuple[Callable[[str], Any], str]] = {
    "period": (parse, "Write it as 2017, 2017H1 or 2017M08; a year has four digits."),
    "value": (_number, "Write it in digits, with a decimal point and no thousands separators."),
    "breaks": (_years, "Write years with a space between them."),
    **dict.fromkeys(
        ("published_earliest", "published_latest"),
        (lambda text: date.fromisoformat(text) if text else None, "Write it as 2017-07-20."),
    ),
}


class Row(NamedTuple):
    """One row as text, with its place."""

    place: Place
    cells: Mapping[str, str]

    def get(self, column: str, default: str = "") -> str:
        """The cell without surrounding space, or `default` where it is empty or there is no such
        column.
        """
        return self.cells.get(column, "").strip() or default

    def refuse(self, column: str, problem: str, hint: str) -> InputError:
        """An error that names file, line and column; `problem` follows the value of the cell."""
        cell = self.get(column)
        error = InputError(f"{shown(cell)} {problem}", hint, place=self.place, value=cell)
        error.led_by = f"{self.place}, column {column}"
        return error

    def value(self, column: str) -> Any:
        """The cell as its column is read. Raises InputError if it cannot be."""
        text = self.get(column, _DEFAULTS.get(column, ""))
        words = _WORDS.get(column)
        if words and text not in words:
            raise self.refuse(
                column, f"is not one of {', '.join(filter(None, words))}.", "Write one of these."
            )
        read, hint = _FORMS.get(column, (str, ""))
        try:
            return read(text)
        except ValueError:
            raise self.refuse(
                column, f"is not a {column.partition('_')[0]} that can be read.", hint
            ) from None

    def values(self, columns: str) -> dict[str, Any]:
        """The cells of several columns by name."""
        return {column: self.value(column) for column in columns.split()}


class Folder:
    """The three files of one folder; `name`: how messages name it, empty for the catalogue that
    ships.
    """

    def __init__(self, path: Path, name: str = "") -> None:
        self.path = path
        self.name = name
        self.notes: tuple[Note, ...] = ()  # columns of a user's files that are not read
        self.series = _unique(self._read(SERIES), "series_id")
        self.sources = _unique(self._read(SOURCES), "source_id")
        self.observations: dict[str, list[Row]] = {}
        for row in self._read(OBSERVATIONS):
            if row.get("series_id") not in self.series:
                raise row.refuse(
                    "series_id", f"is not in {SERIES}.", f"Add a row for it to {SERIES}."
                )
            self.observations.setdefault(row.get("series_id"), []).append(row)

    def _read(self, file: str) -> list[Row]:
        path = self.path / file
        place = str(path) if self.name else file
        if not path.is_file():  # reading must not block, and must end
            hint = f"A catalogue needs {', '.join(FILES)}."
            raise InputError(f"The catalogue folder {self.path} has no plain file {file}.", hint)
        try:
            header, rows = _rows(path.read_text(encoding="utf-8-sig"), place, _COLUMNS[file][0])
        except UnicodeDecodeError as error:
            raise InputError(
                f"{place} is not UTF-8 (byte {error.start}).", "Save it as UTF-8."
            ) from None
        except OSError as error:
            raise InputError(
                f"{place} cannot be read: {error.strerror or error}.", "Check the folder."
            ) from None
        unused = [
            name
            for name in header
            if name not in sum(_COLUMNS[file], ()) and any(row.get(name) for row in rows)
        ]
        if self.name and unused:
            columns = shortened([f"column '{name}'" for name in unused])
            said = f"Left out of {self.path.name}/{file}: {columns} (not a column that is used)."
            self.notes = (*self.notes, Note("left_out", said, warning=True))
        return rows

    def build(self, series_id: str) -> Series:
        """The series with its observations, its published growth, and the sources of both."""
        row = self.series[series_id]
        sources: dict[str, Publication] = {}
        said = "title definition measure unit market_kind frequency publisher breaks caveat alias within"
        return Series(
            series_id,
            **row.values(said),
            observations=self._observations(series_id, row.get("unit"), sources),
            growth=self._observations(f"{series_id}_yoy", "percent", sources),
            sources=sources,
            related=tuple(row.get("related").split()),
            reading_notes=self.notes,
        )

    def _observations(
        self, series_id: str, unit: str, sources: dict[str, Publication]
    ) -> tuple[Observation, ...]:
        observations: dict[tuple[Period, str, str], Observation] = {}
        for row in self.observations.get(series_id, ()):
            if row.get("unit", unit) != unit:
                raise row.refuse(
                    "unit", f"is not the unit of the series, '{unit}'.", "One series has one unit."
                )
            source_id = row.get("source_id")
            if source_id not in self.sources:
                raise row.refuse(
                    "source_id", f"is not in {SOURCES}.", f"Add a row for it to {SOURCES}."
                )
            if source_id not in sources:
                of = self.sources[source_id]
                title = of.get("title_in_own_words") or of.get("title")
                dates = of.values("published_earliest published_latest reach publisher url")
                sources[source_id] = Publication(
                    source_id, title=title, dated=of.get("date"), **dates
                )
            source = sources[source_id]
            seen = Observation(
                **row.values("period value status qualifier note author made"),
                source=source_id,
                published_earliest=source.published_earliest,
                published_latest=source.published_latest,
                derived=row.value("derived") == "yes",
                doubtful=row.value("doubtful") == "yes",
                target=row.value("kind") == "target",
                place=row.place if self.name else NOWHERE,
            )
            key = (seen.period, source_id, seen.status)
            if key in observations:
                raise row.refuse(
                    "period",
                    f"is there twice with source '{source_id}'.",
                    "Keep one of the two rows.",
                )
            observations[key] = seen
        return tuple(sorted(observations.values(), key=lambda seen: seen.period))


def _rows(text: str, place: str, needed: tuple[str, ...]) -> tuple[list[str], list[Row]]:
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    line = 1
    rows = list[Row]()
    problem = ""
    hint = f"Its header needs {', '.join(needed)}, each once, with commas between them."
    try:
        header = [cell.strip() for cell in next(reader, [])]
        if missing := [column for column in needed if column not in header]:
            problem = f"has no column {listed(missing)}"
        elif twice := [column for column in header if column and header.count(column) > 1]:
            problem = f"names column {twice[0]} twice"
        for cells in () if problem else reader:
            line = reader.line_num
            if len(cells) == len(header):
                rows.append(
                    Row(
                        Place(f"{place} line {line}", place, line),
                        dict(zip(header, cells, strict=True)),
                    )
                )
            elif any(cells):
                problem = f"has {counted(len(cells), 'cell')}, and the header {len(header)}"
                hint = _QUOTES
                break
    except csv.Error:
        problem = "has a cell that never closes, or of more than 131,072 characters"
        hint = _QUOTES
        line += 1
    if problem:
        raise InputError(f"{place} line {line} {problem}.", hint)
    return header, rows


def _unique(rows: list[Row], column: str) -> dict[str, Row]:
    by_key: dict[str, Row] = {}
    for row in rows:
        key = row.get(column)
        if not key or key in by_key:
            raise row.refuse(
                column,
                "is there twice." if key else "is empty.",
                "Give every row an id of its own.",
            )
        by_key[key] = row
    return by_key


class Catalogue:
    """Series by id or alias. Raises InputError if an id or alias exists twice, or a file is wrong."""

    def __init__(self, folders: tuple[Folder, ...]) -> None:
        self.folders = folders
        self._homes: dict[str, Folder] = {}
        self._aliases: dict[str, str] = {}
        self._built: dict[str, Series] = {}
        every = [
            (series_id, row, folder)
            for folder in folders
            for series_id, row in folder.series.items()
        ]
        for series_id, row, folder in every:
            if series_id in self._homes:
                raise row.refuse(
                    "series_id", "exists already in the catalogue.", "Give it another id."
                )
            self._homes[series_id] = folder
        for series_id, row, _ in every:
            alias = row.get("alias")
            if alias in self._homes or alias in self._aliases:
                raise row.refuse(
                    "alias", "exists already in the catalogue.", "Give it another alias, or none."
                )
            self._aliases |= {alias: series_id} if alias else {}
            for column in ("related", "within"):
                if unknown := [name for name in row.get(column).split() if name not in self._homes]:
                    raise row.refuse(
                        column, f"names '{unknown[0]}', which is no series.", "Write ids of series."
                    )

    def ids(self) -> tuple[str, ...]:
        """All ids: the shipped ones first, each folder in the order of its file."""
        return tuple(self._homes)

    def names(self) -> tuple[str, ...]:
        """All ids and aliases."""
        return (*self._homes, *self._aliases)

    def get(self, name: str) -> Series:
        """The series of an id or alias, with its published growth where the catalogue has
        `<id>_yoy`.
        """
        typed = name.strip().lower()
        known_as = (self._aliases.get(each, each) for each in (name, typed))
        series_id = next((known for known in known_as if known in self._homes), None)
        if series_id is None:
            known = (*self._aliases, *self._homes)
            close = (
                get_close_matches(typed, known)
                or [each for each in known if typed and typed in each][:3]
            )
            meant = f"Did you mean {' or '.join(close)}? " if close else ""
            hint = f"{meant}'rural-forecast series list' shows all."
            raise UsageError(f"There is no series '{name}'.", hint, code="unknown_name")
        if series_id not in self._built:
            self._built[series_id] = self._homes[series_id].build(series_id)
        return self._built[series_id]

    def every(self) -> tuple[Series, ...]:
        """All series; each is built once."""
        return tuple(map(self.get, self._homes))


def load() -> Catalogue:
    """The shipped catalogue and the folders of `RURAL_FORECAST_CATALOGUE`."""
    shipped = _shipped()
    own = list[Folder]()
    for name in filter(None, map(str.strip, os.environ.get(VARIABLE, "").split(os.pathsep))):
        if not is_folder(name):
            raise InputError(
                f"{VARIABLE} names {name}, which is no folder.", f"It needs {', '.join(FILES)}."
            )
        own.append(Folder(Path(name), name))
    folders = (*shipped.folders, *own)
    for folder in folders:
        for file in FILES:
            inputs.record(folder.path / file)
    return Catalogue(folders) if own else shipped


@cache
def _shipped() -> Catalogue:
    return Catalogue((Folder(data_folder()),))
