"""Keeps records, and reads them again; rows of forecasts of others are read too.

A record is the JSON that a command writes. `read_record` reads one, or rows with a period, a value
and a kind in any format: all rows pass `_typed`, and `_kept` makes them forecasts by series.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from hashlib import file_digest
from io import BufferedReader, BytesIO
from math import isfinite, nan
from pathlib import Path
from shutil import copyfileobj
from typing import Any, NamedTuple, cast

from rural_forecast.errors import InputError, OutputError, Place, Problem, option
from rural_forecast.notes import Note
from rural_forecast.observed.observation import Measure, Observation, Publication, Series
from rural_forecast.observed.period import LAST_YEAR, Period
from rural_forecast.observed.reading import read as read_all
from rural_forecast.observed.reading.formats import grids
from rural_forecast.observed.reading.grid import Grid
from rural_forecast.observed.reading.memory import grid_of
from rural_forecast.observed.reading.names import ID_NAMES, PERIOD_NAMES, normalised
from rural_forecast.observed.reading.options import MEASURES, ReadOptions
from rural_forecast.observed.reading.source import name_of, read_bytes
from rural_forecast.observed.source_names import is_folder, without_folders
from rural_forecast.question.source import Source
from rural_forecast.system import inputs
from rural_forecast.system.output import replacing, unwritable
from rural_forecast.text.cells import shown

REDONE = ("project", "nowcast", "scenario", "panel", "batch", "size")
SCHEMA = 3
FORECAST_KINDS = ("forecast", "nowcast", "scenario")  # of rows that we forecast
SCORED_KINDS = (*FORECAST_KINDS, "published", "expert")
LONGEST_NAME = 60  # characters of the name of a series in that of its record
DRIVERS = "drivers"  # author of a market that was sized
_BOUND = re.compile(r"(lower|upper)_(\d\d)")
_HINT = (
    "A record is the JSON of a forecast that release 3.0 or later kept, of "
    f"{', '.join(REDONE[:-1])} or {REDONE[-1]}."
)
_PARTS: Mapping[str, type] = {
    "command": str,
    "rows": list,
    "series": list,
    "inputs": list,
    "provenance": dict,
}
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


def read_record(path: str) -> Record:
    """Read a file of forecasts, standard input for `-`."""
    data = read_bytes(path)
    name = name_of(path)
    file = without_folders(name)
    if (document := _document(data, file)) is not None:
        return _of_document(document, file)
    return Record(file, _kept(_rows_of_grids(grids(data, name)), file))


def record_of(text: str, name: str = "the record") -> Record:
    """Read a record that is at hand as text. Raises InputError as `read_record` does."""
    return _of_document(_document(text.encode(), name) or {}, name)


def files_in(path: str) -> list[str]:
    """Name the records of a folder that `--keep` writes; a file is itself.

    Raises InputError for a folder without any.
    """
    if not is_folder(path):
        return [path]
    inputs.record(path)  # before anything about it becomes known
    files = sorted(str(file) for file in Path(path).glob("*.json") if file.is_file())
    if not files:
        hint = f"Keep a forecast in it: {option('keep', path)}."
        raise InputError(f"{path} is a folder without records.", hint)
    return files


def record_in(source: object) -> Record | None:
    """Return a record, as it is or of a file; None for any other file, id or data.

    Raises InputError for a record that is cut.
    """
    if isinstance(source, Record):
        return source
    if not isinstance(source, str | Path | Source):
        return None
    named = Source.parse(source)
    if not named.is_file or named.is_standard_input or named.series is not None:
        return None
    path = named.local
    file = without_folders(name_of(path))
    document = _document(read_bytes(path), file)
    if document is None or "schema_version" not in document:
        return None
    return _of_document(document, file)


def _document(data: bytes, file: str) -> dict[str, Any] | None:
    """Return the one JSON object of a file; None for any other file, rows of ndjson included."""
    text = data.decode("utf-8-sig", errors="replace").strip()
    first_line, _, more_lines = text.partition("\n")
    is_one_object_a_line = more_lines and first_line.rstrip().endswith("}")
    if not text.startswith("{") or is_one_object_a_line:
        return None
    try:
        # JSON has no NaN: a constant such as NaN raises ValueError here.
        document: dict[str, Any] = json.loads(text, parse_constant=lambda name: float("x" + name))
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise InputError(
            "the record is cut, or damaged.",
            "Keep it again.",
            code="damaged",
            place=Place(f"{file}:{line}" if line else file, file, line),
        ) from None
    is_row = "schema_version" not in document and "period" in document
    return None if is_row else document


@dataclass(frozen=True, slots=True)
class _RecordParts:
    """The parts of a record, as its JSON has them."""

    command: str
    rows: list[Row]
    series: list[Row]  # titles, units and definitions
    inputs: list[Row]
    provenance: Mapping[str, Any]

    @property
    def options(self) -> Mapping[str, Any]:
        """The options that were asked for."""
        return self.provenance.get("options") or {}

    @property
    def are_well_formed(self) -> bool:
        """True if each part has the type that a record gives it."""
        if not all(isinstance(getattr(self, name), kind) for name, kind in _PARTS.items()):
            return False
        objects = (*self.rows, *self.series, *self.inputs, self.options)
        return all(isinstance(part, dict) for part in objects)

    @property
    def last_year_known(self) -> int:
        """The last year known to all series; 0 if nothing says so."""
        if self.command not in ("project", "scenario", "triangulate"):
            return 0
        origin = self.provenance.get("origin")
        return origin if isinstance(origin, int) else 0


def _parts_of(document: Mapping[str, Any], file: str) -> _RecordParts:
    """Return the parts of a record. Raises InputError for JSON that is no record of forecasts."""
    parts = _RecordParts(**{name: document.get(name, kind()) for name, kind in _PARTS.items()})
    version = document.get("schema_version")
    problem = ""
    if not parts.are_well_formed:
        problem = "this JSON is no record."
    elif version != SCHEMA:
        problem = f"the record is of another release (schema {shown(version)}, not {SCHEMA})."
    elif parts.command not in (*REDONE, "triangulate"):
        problem = f"this is the output of {shown(parts.command)}, which forecasts nothing."
    elif any("chance" in row for row in parts.rows):
        problem = "the record holds chances of targets, not the forecast."
    if problem:
        raise InputError(problem, _HINT, place=Place(file, file))
    return parts


def _of_document(document: Mapping[str, Any], file: str) -> Record:
    parts = _parts_of(document, file)
    rows = _rows_of_forecasts(parts)
    described = {str(row.get("id")): row for row in parts.series}
    inputs = {series.id: series for series in _used(parts.inputs, described, file)}
    typed = _typed(rows, lambda row, name: Place(f"{file}: row {row}, {name}", file))
    provenance = parts.provenance
    options = parts.options
    if provenance.get("seed") is not None:
        options = {"seed": provenance["seed"], **options}
    stated = provenance.get("stated")
    return Record(
        file,
        _kept(typed, file, described, inputs, parts.last_year_known),
        command=parts.command,
        version=str(provenance.get("version", "")),
        options=options,
        inputs=inputs,
        model=str(provenance.get("model", "")),
        parents={
            str(row.get("series_id")): str(row["parent"]) for row in rows if row.get("parent")
        },
        stated=stated if isinstance(stated, dict) else {},
        notes=_notes_of(document),
        remarks={
            name: Remarks(str(row.get("caveat", "")), _sources_of(row))
            for name, row in described.items()
        },
    )


def _notes_of(document: Mapping[str, Any]) -> tuple[Note, ...]:
    """The notes of a record, their advice as part of the sentence; those of other kinds are left
    out.
    """
    notes = document.get("notes")
    read = list[Note]()
    for note in notes if isinstance(notes, list) else ():
        if isinstance(note, dict) and note.get("code"):
            read.append(Note(str(note["code"]), str(note.get("text")), bool(note.get("warning"))))
    return tuple(read)


def _rows_of_forecasts(parts: _RecordParts) -> list[Row]:
    """Return the rows of a record, named as those of `project` whatever its command is."""
    if parts.command == "size":
        return _rows_of_sizing(parts)
    if parts.command == "triangulate":
        return [{**row, "kind": "forecast", "model": row.get("argument")} for row in parts.rows]
    return parts.rows


def _rows_of_sizing(parts: _RecordParts) -> list[Row]:
    """Return the rows of one stage: the one set against a series, or else the last one."""
    results = [row for row in parts.rows if row.get("item") == "result"]
    compared = [row for row in parts.rows if row.get("item") == "top_down"]
    main: Row = {}
    if compared:
        main = compared[0]
    elif results:
        main = results[-1]
    stage = main.get("stage")
    names = {
        "series_id": str(parts.options.get("top_down") or stage or ""),
        "kind": "forecast",
        "model": DRIVERS,
    }
    return [{**row, **names} for row in results if row.get("stage") == stage]


def _used(inputs: Sequence[Row], described: Mapping[str, Row], file: str) -> Iterator[Series]:
    """Read the rows that a record rests on, with its descriptions of their series.

    They pass the reader of every command, so that a record reads as its file did.
    """
    if not inputs:
        return
    for row in inputs:
        if not all(isinstance(cell, str | int | float | None) for cell in row.values()):
            raise InputError("this JSON is no record.", _HINT, place=Place(file, file))
    heads = dict.fromkeys(name for row in inputs for name in row)
    grid = grid_of([(head, [row.get(head) for row in inputs]) for head in heads], file)
    # A row says its measure unless it is a flow; what its name and unit look like is no statement.
    measures = {
        str(row.get("series_id")): str(row["measure"]) for row in inputs if row.get("measure")
    }
    for read in read_all(grid, ReadOptions(allow_gaps=True)):
        observed = (
            observation for observation in read.observations if observation.derivation is None
        )
        yield replace(
            _described(read.id, [described.get(read.id, {})]),
            measure=_measure(measures.get(read.id, "")),
            unit=read.unit,
            observations=tuple(observed),
            growth=read.growth,
            breaks=read.breaks,
        )


def _described(name: str, rows: Sequence[Row]) -> Series:
    """Make a series without values of the first description of each field in `rows`."""

    def first(key: str) -> str:
        return next((str(row[key]) for row in rows if row.get(key)), "")

    return Series(
        name,
        title=first("title"),
        definition=first("definition"),
        unit=first("unit"),
        publisher=first("publisher"),
        measure=_measure(first("measure")),
    )


def _sources_of(description: Row) -> dict[str, Publication]:
    """The publications that the description of a series names, by id."""
    sources = {}
    named = description.get("sources")
    for source in named if isinstance(named, list) else ():
        if isinstance(source, dict):
            name = str(source.get("id", ""))
            sources[name] = Publication(
                name,
                publisher=str(source.get("publisher", "")),
                title=str(source.get("title", "")),
                dated=str(source.get("date", "")),
                url=str(source.get("url", "")),
            )
    return sources


def _measure(text: str) -> Measure:
    """Return the measure that a record names; it leaves out that of a flow."""
    return cast("Measure", text) if text in MEASURES else "flow"


def _rows_of_grids(sheets: Iterable[Grid]) -> list[Row]:
    """Return the rows of the first grid that holds forecasts; none if no grid does."""
    for grid in sheets:
        names = [_column_name(header) for header in grid.texts(0)]
        if _are_of_forecasts(names):
            return _rows_of_grid(grid, names)
    return []


def _column_name(header: str) -> str:
    name = normalised(header)
    if name in PERIOD_NAMES:
        return "period"
    return "series_id" if name in ID_NAMES else name


def _are_of_forecasts(names: Sequence[str]) -> bool:
    """Return True if columns hold values by period, and more that only a forecast has."""
    if "period" not in names or "value" not in names:
        return False
    return "kind" in names or "origin" in names or any(map(_BOUND.fullmatch, names))


def _rows_of_grid(grid: Grid, names: Sequence[str]) -> list[Row]:
    columns = {name: column for column, name in enumerate(names)}
    texts = map(grid.texts, range(1, len(grid.index)))
    rows = ({"kind": "forecast", **dict(zip(names, row, strict=False))} for row in texts)
    return _typed(rows, lambda row, name: grid.place_of(row, columns.get(name, 0)))


@cache
def _is_bound(name: str) -> bool:
    """True for the name of a column of bounds, of which a record of many series has a few."""
    return _BOUND.fullmatch(name) is not None


def _typed(rows: Iterable[Row], place_of: Callable[[int, str], Place]) -> list[Row]:
    """Return the filled cells of rows, numbers as numbers, and bounds by level.

    Raises InputError for a cell that is empty or no number; `place_of` gives its place, by the
    number of the row from 1 and the name of the column.
    """
    typed: list[Row] = []
    for number, cells in enumerate(rows, 1):
        row = {name: cell for name, cell in cells.items() if cell not in (None, "")}
        wrong = _empty_cells(row) | _make_numbers(row)
        levels = sorted({name[-2:] for name in row if _is_bound(name)})
        bounds: dict[int, tuple[Any, Any]] = {}
        for level in levels:
            low = row.get(f"lower_{level}")
            high = row.get(f"upper_{level}")
            if low is None or high is None or low > high:
                wrong[f"lower_{level}"] = "is no range with the upper bound"
            bounds[int(level)] = (low, high)
        for name, problem in wrong.items():
            cell = cells.get(name)
            refused = Problem(
                f"{shown(str(cell))} {problem}.", "A record is read as it was written.", cell
            )
            raise InputError.of(refused, code="cell", place=place_of(number, name))
        typed.append(row | {"bounds": bounds})
    return typed


def _empty_cells(row: Row) -> dict[str, str]:
    """Return the problems of a forecast that lacks its period or value, by the name of the cell."""
    if row.get("kind") not in SCORED_KINDS:
        return {}
    return {name: "is empty" for name in ("period", "value") if name not in row}


def _make_numbers(row: dict[str, Any]) -> dict[str, str]:
    """Make the cells of numbers of a row numbers; return the problems by the name of the cell."""
    wrong = {}
    for name, cell in row.items():
        is_year = name in ("period", "origin")
        if not (is_year or name == "value" or _is_bound(name)):
            continue
        try:
            number = nan if isinstance(cell, bool) else float(cell)
        except (TypeError, ValueError):
            number = nan
        row[name] = number
        if not isfinite(number):
            wrong[name] = "is not a number"
        elif is_year and not (number % 1 == 0 and 1 <= number <= LAST_YEAR):
            wrong[name] = "is not a year"
    return wrong


def _kept(
    rows: Iterable[Row],
    file: str,
    described: Mapping[str, Row] = {},
    inputs: Mapping[str, Series] = {},
    last: int = 0,
) -> tuple[KeptSeries, ...]:
    """Return the forecasts of each series.

    `last` is the last year known to all, 0 if nothing says so. Raises InputError if there is no
    forecast.
    """
    rows_by_series: dict[str, list[Row]] = {}
    for row in rows:
        rows_by_series.setdefault(str(row.get("series_id", "")), []).append(row)
    kept = []
    for name, own_rows in rows_by_series.items():
        forecast_rows = [row for row in own_rows if row.get("kind") in SCORED_KINDS]
        if not forecast_rows:
            continue
        ours = (row["period"] for row in forecast_rows if row["kind"] in FORECAST_KINDS)
        first = int(min(ours, default=LAST_YEAR))
        series = inputs.get(name)
        if series is None:
            description = _described(name, [described.get(name, {}), *own_rows])
            series = replace(description, observations=tuple(_actual(own_rows, first)))
        unit = str(forecast_rows[0].get("unit", ""))
        if unit and unit != series.unit:  # the forecast is in another currency than its inputs
            series = replace(series, unit=unit, observations=(), growth=())
        kept.append(KeptSeries(series, tuple(_forecasts(forecast_rows, series, first, last))))
    if not kept:
        raise InputError(
            "there is no forecast in it.",
            "Rows need period, value and kind.",
            place=Place(file, file),
        )
    return tuple(kept)


def _actual(rows: Iterable[Row], first: int) -> Iterator[Observation]:
    """Yield the actual values before the first forecast: a hindcast shows later ones too."""
    for row in rows:
        is_actual = row.get("kind") == "actual" and "value" in row
        if is_actual and row.get("period", LAST_YEAR) < first:
            yield Observation(Period(int(row["period"])), row["value"])


def _forecasts(
    rows: Iterable[Row], series: Series, first: int, last: int
) -> Iterator[KeptForecast]:
    """Make rows of one series forecasts, each with the last year that it could know.

    That is the origin of the row, `last`, or the year of the last observation before it.
    """
    observed = [year for year in map(_year_observed, series.observations) if year is not None]
    for row in rows:
        period = int(row["period"])
        origin = row.get("origin") or (last if last < period else None)
        origin = origin or max((year for year in observed if year < period), default=None)
        if origin is None and first <= period:
            origin = first - 1  # our rows begin in the year after the last one known
        yield KeptForecast(
            author=str(row.get("author") or row.get("model") or "not named"),
            period=period,
            value=row["value"],
            bounds=row["bounds"],
            origin=None if origin is None else int(origin),
        )


def _year_observed(observation: Observation) -> int | None:
    """Return the year of an observation; None for a published forecast or a part of a year."""
    if observation.status == "forecast" or not observation.period.is_year:
        return None
    return observation.period.year


def keep(record: bytes | Path, folder: Path, name: str, origin: int | None) -> Path:
    """Write a record, or copy it from a file, into a folder, and return its path.

    Its name ends in a digest: the same record again is the same file.
    """

    def opened() -> BytesIO | BufferedReader:
        return record.open("rb") if isinstance(record, Path) else BytesIO(record)

    with opened() as source:
        digest = file_digest(source, "sha256").hexdigest()
    plain = re.sub(r"[^\w.-]+", "-", name).strip("-.")[:LONGEST_NAME] or "series"
    path = folder / f"{plain}-{'' if origin is None else f'{origin}-'}{digest[:8]}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists():
            with path.open("rb") as kept_before:
                if file_digest(kept_before, "sha256").hexdigest() == digest:
                    return path
            raise OutputError(
                f"{path} was changed after it was kept, and is not written over.", "Move it away."
            )
    except OSError as error:
        raise unwritable(path, error) from error
    with replacing(path) as part, opened() as source, part.open("wb") as target:
        copyfileobj(source, target)
    return path
