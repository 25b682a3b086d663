"""A catalogue folder: `series.csv`, `observations.csv` and `sources.csv`, checked with file and line.

The rows stay text until a series is asked for, so that a start pays for one series and not for all. What concerns the
files as such (header, row lengths, ids that exist twice or nowhere) is checked at once; the cells of a series when it
is built.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from datetime import date
from math import isfinite, nan
from pathlib import Path
from typing import Any, NamedTuple, TypeVar, get_args

from rural_forecast.errors import NOWHERE, InputError, Place
from rural_forecast.notes import Note
from rural_forecast.series.observation import MARKET_KINDS, Measure, Observation, Qualifier, Series, Source, Status
from rural_forecast.series.period import FIRST_YEAR, LAST_YEAR, Period, parse
from rural_forecast.system import inputs
from rural_forecast.text.cells import shown
from rural_forecast.text.wording import counted, listed, shortened

SERIES, OBSERVATIONS, SOURCES = FILES = ("series.csv", "observations.csv", "sources.csv")
_PUBLISHED = ("published_earliest", "published_latest")
_REQUIRED = {
    SERIES: ("series_id", "title", "measure", "unit"),
    OBSERVATIONS: ("series_id", "period", "value", "source_id"),
    SOURCES: ("source_id",),
}
_OPTIONAL = {
    SERIES: ("alias", "definition", "market_kind", "frequency", "publisher", "breaks", "caveat", "related", "within"),
    OBSERVATIONS: ("qualifier", "unit", "status", "note", "author", "made", "kind", "derived", "doubtful"),
    SOURCES: ("publisher", "title_in_own_words", "title", "date", *_PUBLISHED, "reach", "url"),
}
T = TypeVar("T")
_KINDS = ("", "target")
_YES = ("", "yes")
_QUOTE = 'Quote the whole cell, and write a quote within it twice ("").'


class Row(NamedTuple):
    """One row as text, with its place."""

    file: str
    line: int
    cells: Mapping[str, str]

    def get(self, column: str, default: str = "") -> str:
        """The cell without surrounding space, or `default` where it is empty or there is no such column."""
        return self.cells.get(column, "").strip() or default

    @property
    def place(self) -> Place:
        """File and line."""
        return Place(f"{self.file} line {self.line}", self.file, self.line)

    def refuse(self, column: str, problem: str, hint: str) -> InputError:
        """An error that names file, line and column; `problem` follows the value of the cell."""
        cell = self.get(column)
        error = InputError(f"{shown(cell)} {problem}", hint, place=self.place, value=cell)
        error.led_by = f"{self.place}, column {column}"
        return error

    def read(self, column: str, read: Callable[[str], T], hint: str) -> T:
        """The value of a cell. Raises InputError with the hint where `read` raises ValueError."""
        try:
            return read(self.get(column))
        except ValueError:
            raise self.refuse(column, f"is not a {column.partition('_')[0]} that can be read.", hint) from None

    def one_of(self, column: str, allowed: tuple[str, ...], default: str = "") -> Any:
        """The cell, which is one of these words."""
        value = self.get(column, default)
        if value not in allowed:
            raise self.refuse(column, f"is not one of {', '.join(filter(None, allowed))}.", "Write one of these.")
        return value

    @property
    def period(self) -> Period:
        """The period of an observation."""
        return self.read("period", parse, "Write it as 2017, 2017H1 or 2017M08; a year has four digits.")

    @property
    def value(self) -> float:
        """The value of an observation."""
        hint = "Write it in the digits 0 to 9, with a decimal point and without thousands separators."
        return self.read("value", _number, hint)


class Folder:
    """The three files of one folder.

    `path`: the folder. `name`: how messages name it; empty for the catalogue that ships. Raises InputError if a file is
    missing or its header, a row length or an id is wrong.
    """

    def __init__(self, path: Path, name: str = "") -> None:
        self.path = path
        self.name = name
        self.notes: tuple[Note, ...] = ()
        """Columns of a user's files that are not read."""
        self.series = _unique(self._read(SERIES), "series_id")
        self.sources = _unique(self._read(SOURCES), "source_id")
        self.observations: dict[str, list[Row]] = {}
        for row in self._read(OBSERVATIONS):
            self.observations.setdefault(row.get("series_id"), []).append(row)
        for series_id, rows in self.observations.items():
            if series_id not in self.series:
                raise rows[0].refuse("series_id", f"is not in {SERIES}.", f"Add a row for it to {SERIES}.")

    def record(self) -> None:
        """Note that the files are inputs of this run."""
        for file in FILES:
            inputs.record(self.path / file)

    def _read(self, file: str) -> list[Row]:
        path, start = self.path / file, 1
        place = str(path) if self.name else file
        if not path.is_file():  # reading must not block, and must end
            problem = f"The catalogue folder {self.path} has no plain file {file}."
            raise InputError(problem, f"A catalogue needs {', '.join(FILES)}.")
        rows = []
        try:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                reader = csv.reader(stream, strict=True)
                header = [cell.strip() for cell in next(reader, [])]
                _check_header(header, file, place)
                for cells in reader:
                    start = reader.line_num + 1
                    if len(cells) == len(header):
                        rows.append(Row(place, reader.line_num, dict(zip(header, cells, strict=True))))
                    elif any(cells):
                        lengths = f"{counted(len(cells), 'cell')}, and the header {len(header)}"
                        hint = "Put text that holds a comma between double quotes."
                        raise InputError(f"{place} line {reader.line_num} has {lengths}.", hint)
        except UnicodeDecodeError as error:
            raise InputError(f"{place} is not UTF-8 (byte {error.start}).", "Save it as UTF-8.") from None
        except OSError as error:
            raise InputError(f"{place} cannot be read: {error.strerror or error}.", "Check the folder.") from None
        except csv.Error:
            problem = f"{place} line {start} has a cell that never closes, or of more than 131,072 characters."
            raise InputError(problem, _QUOTE) from None
        if self.name:
            self._leave_out(header, rows, file)
        return rows

    def _leave_out(self, header: list[str], rows: list[Row], file: str) -> None:
        items = [
            f"column '{name}'" if name else "a column without a name"
            for name in header
            if name not in (*_REQUIRED[file], *_OPTIONAL[file]) and any(row.get(name) for row in rows)
        ]
        if items:
            text = f"Left out of {self.path.name}/{file}: {shortened(items)} (not a column that is used)."
            self.notes = (*self.notes, Note("left_out", text, warning=True))

    def build(self, series_id: str, growth_id: str = "") -> Series:
        """The series with its observations, the growth of `growth_id` and the sources both use.

        Raises InputError if a cell is wrong.
        """
        row = self.series[series_id]
        unit = row.get("unit")
        sources: dict[str, Source] = {}
        return Series(
            id=series_id,
            title=row.get("title"),
            definition=row.get("definition"),
            measure=row.one_of("measure", get_args(Measure)),
            unit=unit,
            market_kind=row.one_of("market_kind", ("", *MARKET_KINDS)),
            frequency=row.get("frequency"),
            publisher=row.get("publisher"),
            breaks=row.read("breaks", _years, "Write years with a space between them."),
            caveat=row.get("caveat"),
            alias=row.get("alias"),
            observations=self._observations(series_id, unit, sources),
            growth=self._observations(growth_id, "percent", sources),
            sources=sources,
            related=tuple(row.get("related").split()),
            within=row.get("within"),
            reading_notes=self.notes,
        )

    def _observations(self, series_id: str, unit: str, sources: dict[str, Source]) -> tuple[Observation, ...]:
        observations: dict[tuple[Period, str, str], Observation] = {}
        for row in self.observations.get(series_id, ()):
            if row.get("unit", unit) != unit:
                raise row.refuse("unit", f"is not the unit of the series, '{unit}'.", "One series has one unit.")
            source_id = row.get("source_id")
            if source_id not in self.sources:
                raise row.refuse("source_id", f"is not in {SOURCES}.", f"Add a row for it to {SOURCES}.")
            if source_id not in sources:
                sources[source_id] = _source(self.sources[source_id])
            observation = self._observation(row, sources[source_id])
            key = (observation.period, source_id, observation.status)
            if key in observations:
                raise row.refuse("period", f"is there twice with source '{source_id}'.", "Keep one of the two rows.")
            observations[key] = observation
        return tuple(sorted(observations.values(), key=lambda seen: seen.period))

    def _observation(self, row: Row, source: Source) -> Observation:
        return Observation(
            period=row.period,
            value=row.value,
            status=row.one_of("status", get_args(Status), "actual"),
            qualifier=row.one_of("qualifier", get_args(Qualifier), "="),
            source=source.id,
            note=row.get("note"),
            published_earliest=source.published_earliest,
            published_latest=source.published_latest,
            derived=row.one_of("derived", _YES) == "yes",
            doubtful=row.one_of("doubtful", _YES) == "yes",
            place=row.place if self.name else NOWHERE,
            author=row.get("author"),
            made=row.get("made"),
            target=row.one_of("kind", _KINDS) == "target",
        )


def _check_header(header: list[str], file: str, place: str) -> None:
    twice = [column for column in header if column and header.count(column) > 1]
    missing = [column for column in _REQUIRED[file] if column not in header]
    if twice or missing:
        problem = f"names column {twice[0]} twice" if twice else f"has no column {listed(missing)}"
        hint = f"Its header needs {', '.join(_REQUIRED[file])}, each once, with commas between them."
        raise InputError(f"{place} line 1 {problem}.", hint)


def _unique(rows: list[Row], column: str) -> dict[str, Row]:
    by_key: dict[str, Row] = {}
    for row in rows:
        key = row.get(column)
        if not key:
            raise row.refuse(column, "is empty.", "Every row needs one.")
        if key in by_key:
            raise row.refuse(column, "is there twice.", "Keep one of the two rows, or give it another id.")
        by_key[key] = row
    return by_key


def _source(row: Row) -> Source:
    earliest, latest = (row.read(column, _date, "Write it as 2017-07-20.") for column in _PUBLISHED)
    return Source(
        id=row.get("source_id"),
        publisher=row.get("publisher"),
        title=row.get("title_in_own_words") or row.get("title"),
        dated=row.get("date"),
        published_earliest=earliest,
        published_latest=latest,
        reach=row.one_of("reach", ("", "own", "republished", "copy")),
        url=row.get("url"),
    )


def _number(text: str) -> float:
    value = float(text) if "_" not in text and text.isascii() else nan
    if not isfinite(value):
        raise ValueError(text)
    return value


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _years(text: str) -> tuple[int, ...]:
    years = sorted(int(year) for year in text.replace(";", " ").split())
    if years and not FIRST_YEAR <= years[0] <= years[-1] <= LAST_YEAR:
        raise ValueError(text)
    return tuple(years)
