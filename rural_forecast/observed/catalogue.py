"""The catalogue: series that ship, and those of users' folders.

A folder has three files: series, observations and sources. Loading a folder reads all rows as text
and checks their ids. The cells of a series are parsed when it is first asked for, as most commands
ask for one.
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

from rural_forecast.errors import NOWHERE, InputError, Place, UsageError, command
from rural_forecast.notes import Note
from rural_forecast.observed.observation import (
    MARKET_KINDS,
    NO_KIND,
    Measure,
    Observation,
    Publication,
    Qualifier,
    Series,
    Status,
)
from rural_forecast.observed.period import FIRST_YEAR, LAST_YEAR, Period, parse
from rural_forecast.observed.source_names import is_folder
from rural_forecast.system import inputs
from rural_forecast.system.extras import data_folder
from rural_forecast.text.cells import shown
from rural_forecast.text.wording import counted, listed, shortened

VARIABLE = "RURAL_FORECAST_CATALOGUE"

SERIES = "series.csv"
OBSERVATIONS = "observations.csv"
SOURCES = "sources.csv"
FILES = (SERIES, OBSERVATIONS, SOURCES)


class _FileColumns(NamedTuple):
    """The columns that a file must have, and those that it may have."""

    required: tuple[str, ...]
    optional: tuple[str, ...]


_COLUMNS = {
    SERIES: _FileColumns(
        required=("series_id", "title", "measure", "unit"),
        optional=(
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
    OBSERVATIONS: _FileColumns(
        required=("series_id", "period", "value", "source_id"),
        optional=(
            "qualifier",
            "unit",
            "status",
            "note",
            "author",
            "made",
            "kind",
            "derived",
            "doubtful",
        ),
    ),
    SOURCES: _FileColumns(
        required=("source_id",),
        optional=(
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
_WORDS = {
    "measure": get_args(Measure),
    "market_kind": ("", *MARKET_KINDS, NO_KIND),
    "status": get_args(Status),
    "qualifier": get_args(Qualifier),
    "derived": ("", "yes"),
    "doubtful": ("", "yes"),
    "kind": ("", "target"),
    "reach": ("", "own", "republished", "copy"),
}
"""The words that a column takes, if it takes no others."""
_DEFAULTS = {"status": "actual", "qualifier": "="}
"""The meaning of an empty cell, if it is not empty text."""
_QUOTES = 'Quote a cell that holds a comma, and write a quote within it twice ("").'


def _number(text: str) -> float:
    # `float` would also take 1_000 and digits of other scripts.
    value = float(text) if "_" not in text and text.isascii() else nan
    if not isfinite(value):
        raise ValueError(text)
    return value


def _years(text: str) -> tuple[int, ...]:
    years = sorted(int(year) for year in text.replace(";", " ").split())
    if years and not FIRST_YEAR <= years[0] <= years[-1] <= LAST_YEAR:
        raise ValueError(text)
    return tuple(years)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


class _Form(NamedTuple):
    """The reader of a column, and how its cells are written."""

    read: Callable[[str], Any]
    hint: str


_DAY = _Form(_day, "Write it as 2017-07-20.")
_FORMS: Mapping[str, _Form] = {
    "period": _Form(parse, "Write it as 2017, 2017H1 or 2017M08; a year has four digits."),
    "value": _Form(
        _number, "Write it in digits, with a decimal point and no thousands separators."
    ),
    "breaks": _Form(_years, "Write years with a space between them."),
    "published_earliest": _DAY,
    "published_latest": _DAY,
}
_TEXT = _Form(str, "")


class CatalogueRow(NamedTuple):
    """One row as text, with its place."""

    place: Place
    cells: Mapping[str, str]

    def get(self, column: str, default: str = "") -> str:
        """Give a cell without surrounding space, or `default` if it is empty or missing."""
        return self.cells.get(column, "").strip() or default

    def refuse(self, column: str, problem: str, hint: str) -> InputError:
        """Make an error that names file, line and column; `problem` follows the cell's value."""
        cell = self.get(column)
        error = InputError(f"{shown(cell)} {problem}", hint, place=self.place, value=cell)
        error.led_by = f"{self.place}, column {column}"
        return error

    def value(self, column: str) -> Any:
        """Read a cell as its column is read. Raises InputError if it cannot be."""
        text = self.get(column, _DEFAULTS.get(column, ""))
        words = _WORDS.get(column)
        if words and text not in words:
            choices = ", ".join(filter(None, words))
            raise self.refuse(column, f"is not one of {choices}.", "Write one of these.")
        form = _FORMS.get(column, _TEXT)
        try:
            return form.read(text)
        except ValueError:
            kind = column.partition("_")[0]
            raise self.refuse(column, f"is not a {kind} that can be read.", form.hint) from None

    def values(self, *columns: str) -> dict[str, Any]:
        """Read several cells, by the names of their columns."""
        return {column: self.value(column) for column in columns}


class Folder:
    """The three files of one folder.

    `name` is the folder as messages name it; empty for the catalogue that ships.
    """

    def __init__(self, path: Path, name: str = "") -> None:
        self.path = path
        self.name = name
        self.notes: tuple[Note, ...] = ()  # on columns of a user's files that are not read
        self.series = _by_id(self._read(SERIES), "series_id")
        self.sources = _by_id(self._read(SOURCES), "source_id")
        self.observations: dict[str, list[CatalogueRow]] = {}
        for row in self._read(OBSERVATIONS):
            series_id = row.get("series_id")
            if series_id not in self.series:
                raise row.refuse(
                    "series_id", f"is not in {SERIES}.", f"Add a row for it to {SERIES}."
                )
            self.observations.setdefault(series_id, []).append(row)

    def _read(self, file: str) -> list[CatalogueRow]:
        path = self.path / file
        label = str(path) if self.name else file
        # A named pipe would block, and a device might never end.
        if not path.is_file():
            hint = f"A catalogue needs {', '.join(FILES)}."
            raise InputError(f"The catalogue folder {self.path} has no plain file {file}.", hint)
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            problem = f"{label} is not UTF-8 (byte {error.start})."
            raise InputError(problem, "Save it as UTF-8.") from None
        except OSError as error:
            problem = f"{label} cannot be read: {error.strerror or error}."
            raise InputError(problem, "Check the folder.") from None
        header, rows = _rows(text, label, _COLUMNS[file].required)
        if self.name:
            self._note_unused(file, header, rows)
        return rows

    def _note_unused(self, file: str, header: list[str], rows: list[CatalogueRow]) -> None:
        """Note the columns of a user's file that hold something and are not read."""
        used = _COLUMNS[file].required + _COLUMNS[file].optional

        def is_filled(column: str) -> bool:
            return any(row.get(column) for row in rows)

        unused = [column for column in header if column not in used and is_filled(column)]
        if unused:
            columns = shortened([f"column '{column}'" for column in unused])
            text = f"Left out of {self.path.name}/{file}: {columns} (not a column that is used)."
            self.notes = (*self.notes, Note("left_out", text, warning=True))

    def build(self, series_id: str) -> Series:
        """Make a series of its observations, its published growth, and the sources of both."""
        row = self.series[series_id]
        stated = row.values(
            "title",
            "definition",
            "measure",
            "unit",
            "market_kind",
            "frequency",
            "publisher",
            "breaks",
            "caveat",
            "alias",
            "within",
        )
        sources: dict[str, Publication] = {}
        return Series(
            series_id,
            **stated,
            observations=self._observations(series_id, row.get("unit"), sources),
            growth=self._observations(f"{series_id}_yoy", "percent", sources),
            sources=sources,
            related=tuple(row.get("related").split()),
            reading_notes=self.notes,
        )

    def _observations(
        self, series_id: str, unit: str, sources: dict[str, Publication]
    ) -> tuple[Observation, ...]:
        """The observations of a series by period; adds the sources that they name."""
        observations: dict[tuple[Period, str, str], Observation] = {}
        for row in self.observations.get(series_id, ()):
            if row.get("unit", unit) != unit:
                problem = f"is not the unit of the series, '{unit}'."
                raise row.refuse("unit", problem, "One series has one unit.")
            source_id = row.get("source_id")
            if source_id not in self.sources:
                raise row.refuse(
                    "source_id", f"is not in {SOURCES}.", f"Add a row for it to {SOURCES}."
                )
            if source_id not in sources:
                sources[source_id] = _publication(source_id, self.sources[source_id])
            observation = self._observation(row, sources[source_id])
            key = (observation.period, source_id, observation.status)
            if key in observations:
                problem = f"is there twice with source '{source_id}'."
                raise row.refuse("period", problem, "Keep one of the two rows.")
            observations[key] = observation
        return tuple(sorted(observations.values(), key=lambda obs: obs.period))

    def _observation(self, row: CatalogueRow, source: Publication) -> Observation:
        stated = row.values("period", "value", "status", "qualifier", "note", "author", "made")
        return Observation(
            **stated,
            source=source.id,
            published_earliest=source.published_earliest,
            published_latest=source.published_latest,
            derived=row.value("derived") == "yes",
            doubtful=row.value("doubtful") == "yes",
            target=row.value("kind") == "target",
            place=row.place if self.name else NOWHERE,
        )


def _publication(source_id: str, row: CatalogueRow) -> Publication:
    stated = row.values("published_earliest", "published_latest", "reach", "publisher", "url")
    title = row.get("title_in_own_words") or row.get("title")
    return Publication(source_id, title=title, dated=row.get("date"), **stated)


def _rows(text: str, file: str, required: tuple[str, ...]) -> tuple[list[str], list[CatalogueRow]]:
    """Read the header and the rows of a file. Raises InputError if they are no table."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    rows: list[CatalogueRow] = []
    line = 1
    try:
        header = [cell.strip() for cell in next(reader, [])]
        problem = _problem_of_header(header, required)
        if problem:
            hint = f"Its header needs {', '.join(required)}, each once, with commas between them."
            raise InputError(f"{file} line {line} {problem}.", hint)
        for cells in reader:
            line = reader.line_num
            if len(cells) == len(header):
                named = dict(zip(header, cells, strict=True))
                rows.append(CatalogueRow(Place(f"{file} line {line}", file, line), named))
            elif any(cells):
                problem = f"has {counted(len(cells), 'cell')}, and the header {len(header)}"
                raise InputError(f"{file} line {line} {problem}.", _QUOTES)
    except csv.Error:
        # The row that begins on the next line: an open quote takes in all the lines that follow.
        problem = "has a cell that never closes, or of more than 131,072 characters"
        raise InputError(f"{file} line {line + 1} {problem}.", _QUOTES) from None
    return header, rows


def _problem_of_header(header: list[str], required: tuple[str, ...]) -> str:
    missing = [column for column in required if column not in header]
    if missing:
        return f"has no column {listed(missing)}"
    for column in header:
        if column and header.count(column) > 1:
            return f"names column {column} twice"
    return ""


def _by_id(rows: list[CatalogueRow], column: str) -> dict[str, CatalogueRow]:
    """Rows by the id in a column. Raises InputError if an id is empty or there twice."""
    by_id: dict[str, CatalogueRow] = {}
    for row in rows:
        row_id = row.get(column)
        if not row_id or row_id in by_id:
            problem = "is there twice." if row_id else "is empty."
            raise row.refuse(column, problem, "Give every row an id of its own.")
        by_id[row_id] = row
    return by_id


class Catalogue:
    """Series by id or alias.

    Raises InputError if an id or alias exists twice, or a series names one that does not exist.
    """

    def __init__(self, folders: tuple[Folder, ...]) -> None:
        self.folders = folders
        self._homes: dict[str, Folder] = {}
        self._aliases: dict[str, str] = {}
        self._built: dict[str, Series] = {}
        for folder in folders:
            for series_id, row in folder.series.items():
                if series_id in self._homes:
                    raise row.refuse(
                        "series_id", "exists already in the catalogue.", "Give it another id."
                    )
                self._homes[series_id] = folder
        # After all ids are known: aliases must differ from them, and rows may name later ones.
        for series_id, folder in self._homes.items():
            self._add_alias(series_id, folder.series[series_id])
            self._check_ids_named_by(folder.series[series_id])

    def _add_alias(self, series_id: str, row: CatalogueRow) -> None:
        alias = row.get("alias")
        if alias in self._homes or alias in self._aliases:
            raise row.refuse(
                "alias", "exists already in the catalogue.", "Give it another alias, or none."
            )
        if alias:
            self._aliases[alias] = series_id

    def _check_ids_named_by(self, row: CatalogueRow) -> None:
        for column in ("related", "within"):
            unknown = [name for name in row.get(column).split() if name not in self._homes]
            if unknown:
                problem = f"names '{unknown[0]}', which is no series."
                raise row.refuse(column, problem, "Write ids of series.")

    def ids(self) -> tuple[str, ...]:
        """List all ids: the shipped ones first, each folder in the order of its file."""
        return tuple(self._homes)

    def names(self) -> tuple[str, ...]:
        """List all ids and aliases."""
        return (*self._homes, *self._aliases)

    def get(self, name: str) -> Series:
        """Give the series of an id or alias, with its published growth if there is any.

        The growth of a series is the catalogue's series `<id>_yoy`.
        """
        lower = name.strip().lower()
        for typed in (name, lower):
            series_id = self._aliases.get(typed, typed)
            if series_id in self._homes:
                break
        else:
            raise self._unknown(name, lower)
        if series_id not in self._built:
            self._built[series_id] = self._homes[series_id].build(series_id)
        return self._built[series_id]

    def _unknown(self, name: str, lower: str) -> UsageError:
        names = (*self._aliases, *self._homes)
        close = get_close_matches(lower, names)
        if lower and not close:
            close = [candidate for candidate in names if lower in candidate][:3]
        hint = f"'{command('series list')}' shows all."
        if close:
            hint = f"Did you mean {' or '.join(close)}? {hint}"
        return UsageError(f"There is no series '{name}'.", hint, code="unknown_name")

    def every(self) -> tuple[Series, ...]:
        """List all series; each is built once."""
        return tuple(map(self.get, self._homes))


def load() -> Catalogue:
    """Load the shipped catalogue and the folders of `RURAL_FORECAST_CATALOGUE`."""
    shipped = _shipped()
    own: list[Folder] = []
    for folder_name in os.environ.get(VARIABLE, "").split(os.pathsep):
        name = folder_name.strip()
        if not name:
            continue
        if not is_folder(name):
            problem = f"{VARIABLE} names {name}, which is no folder."
            raise InputError(problem, f"It needs {', '.join(FILES)}.")
        own.append(Folder(Path(name), name))

    folders = (*shipped.folders, *own)
    for folder in folders:
        for file in FILES:
            inputs.record(folder.path / file)
    return Catalogue(folders) if own else shipped


@cache
def _shipped() -> Catalogue:
    return Catalogue((Folder(data_folder()),))
