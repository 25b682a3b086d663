"""A catalogue folder: `series.csv`, `observations.csv` and `sources.csv`, checked with file and line.

The rows stay text until a series is asked for, so that a start pays for one series and not for all. What concerns the
files as such (header, row lengths, ids that exist twice or nowhere) is checked at once; the cells of a series when it
is built.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple, get_args

from rural_forecast.errors import NOWHERE, InputError, Place
from rural_forecast.notes import Note
from rural_forecast.series.observation import MARKET_KINDS, Measure, Observation, Qualifier, Series, Source, Status
from rural_forecast.series.period import FIRST_YEAR, LAST_YEAR, Period, PeriodError, parse
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
    SERIES: ("alias", "definition", "market_kind", "frequency", "publisher", "breaks", "caveat", "related"),
    OBSERVATIONS: ("qualifier", "unit", "status", "note", "author", "made", "kind", "derived", "doubtful"),
    SOURCES: ("publisher", "title_in_own_words", "title", "date", *_PUBLISHED, "reach", "url"),
}
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
        path = self.path / file
        place = str(path) if self.name else file
        if path.exists() and not path.is_file():  # reading must not block, and must end
            raise InputError(f"{place} is not a plain file.", "Put a file there.")
        start = 1
        try:
            with path.open(encoding="utf-8-sig", newline="") as stream:
                reader = csv.reader(stream, strict=True)
                header = [cell.strip() for cell in next(reader, [])]
                _check_header(header, file, place)
                rows = []
                for cells in reader:
                    start = reader.line_num + 1
                    if len(cells) != len(header):
                        if not any(cells):
                            continue
                        raise InputError(
                            f"{place} line {reader.line_num} has {counted(len(cells), 'cell')}, and the header "
                            f"{len(header)}.",
                            "Put text that holds a comma between double quotes.",
                        )
                    rows.append(Row(place, reader.line_num, dict(zip(header, cells, strict=True))))
        except FileNotFoundError:
            raise InputError(
                f"The catalogue folder {self.path} has no {file}.", f"A catalogue needs {', '.join(FILES)}."
            ) from None
        except UnicodeDecodeError as error:
            raise InputError(f"{place} is not UTF-8 (byte {error.start}).", "Save it as UTF-8.") from None
        except OSError as error:
            raise InputError(f"{place} cannot be read: {error.strerror or error}.", "Check the folder.") from None
        except csv.Error as error:
            what = "a cell of more than 131,072 characters" if "limit" in str(error) else "a quote out of place"
            raise InputError(f"{place} line {start} has {what}, or one that never closes.", _QUOTE) from None
        if self.name:
            self._leave_out(header, rows, file)
        return rows

    def _leave_out(self, header: list[str], rows: list[Row], file: str) -> None:
        """Name columns with content that are not read."""
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
            measure=_choice(row, "measure", get_args(Measure)),
            unit=unit,
            market_kind=_choice(row, "market_kind", ("", *MARKET_KINDS)),
            frequency=row.get("frequency"),
            publisher=row.get("publisher"),
            breaks=_breaks(row),
            caveat=row.get("caveat"),
            alias=row.get("alias"),
            observations=self._observations(series_id, unit, sources),
            growth=self._observations(growth_id, "percent", sources),
            sources=sources,
            related=tuple(row.get("related").split()),
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
                sources[source_id] = read_source(self.sources[source_id])
            observation = self._observation(row, sources[source_id])
            key = (observation.period, source_id, observation.status)
            if key in observations:
                raise row.refuse("period", f"is there twice with source '{source_id}'.", "Keep one of the two rows.")
            observations[key] = observation
        return tuple(sorted(observations.values(), key=lambda seen: seen.period))

    def _observation(self, row: Row, source: Source) -> Observation:
        return Observation(
            period=read_period(row),
            value=read_value(row),
            status=_choice(row, "status", get_args(Status), "actual"),
            qualifier=_choice(row, "qualifier", get_args(Qualifier), "="),
            source=source.id,
            note=row.get("note"),
            published_earliest=source.published_earliest,
            published_latest=source.published_latest,
            derived=_choice(row, "derived", _YES) == "yes",
            doubtful=_choice(row, "doubtful", _YES) == "yes",
            place=row.place if self.name else NOWHERE,
            author=row.get("author"),
            made=row.get("made"),
            target=_choice(row, "kind", _KINDS) == "target",
        )


def _check_header(header: list[str], file: str, place: str) -> None:
    twice = next((column for column in header if column and header.count(column) > 1), None)
    if twice:
        raise InputError(f"{place} line 1 names column {twice} twice.", "Rename or remove one of them.")
    missing = [column for column in _REQUIRED[file] if column not in header]
    if missing:
        raise InputError(
            f"{place} line 1 has no column {listed(missing)}.",
            f"Its header needs {', '.join(_REQUIRED[file])}, with commas between them.",
        )


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


def read_source(row: Row) -> Source:
    """The source of a row."""
    return Source(
        id=row.get("source_id"),
        publisher=row.get("publisher"),
        title=row.get("title_in_own_words") or row.get("title"),
        dated=row.get("date"),
        published_earliest=_date(row, "published_earliest"),
        published_latest=_date(row, "published_latest"),
        reach=_choice(row, "reach", ("", "own", "republished", "copy")),
        url=row.get("url"),
    )


def _choice(row: Row, column: str, allowed: tuple[str, ...], default: str = "") -> Any:
    value = row.get(column, default)
    if value not in allowed:
        raise row.refuse(column, f"is not one of {', '.join(filter(None, allowed))}.", "Write one of these.")
    return value


def read_period(row: Row) -> Period:
    """The period of an observation's row."""
    try:
        return parse(row.get("period"))
    except PeriodError as error:
        raise row.refuse("period", "is not a period.", f"{error.hint} A year has four digits.") from None


def read_value(row: Row) -> float:
    """The value of an observation's row."""
    text = row.get("value")
    try:
        value = float(text) if "_" not in text and text.isascii() else float("nan")
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        hint = "Write it in the digits 0 to 9, with a decimal point and without thousands separators."
        raise row.refuse("value", "is not a number.", hint)
    return value


def _date(row: Row, column: str) -> date | None:
    text = row.get(column)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise row.refuse(column, "is not a date.", "Write it as 2017-07-20.") from None


def _breaks(row: Row) -> tuple[int, ...]:
    try:
        years = sorted(int(year) for year in row.get("breaks").replace(";", " ").split())
    except ValueError:
        years = [0]
    if years and not FIRST_YEAR <= years[0] <= years[-1] <= LAST_YEAR:
        raise row.refuse("breaks", "is not a list of years.", "Write years with a space between them.")
    return tuple(years)
