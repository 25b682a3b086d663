"""Keeps records, and reads what was kept: records, and rows of forecasts, ours or of others, in any
format.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import file_digest
from io import BufferedReader, BytesIO
from math import isfinite, nan
from pathlib import Path
from shutil import copyfileobj
from typing import Any, NamedTuple, cast

from rural_forecast.errors import InputError, OutputError, Place, Problem
from rural_forecast.question.source import Source
from rural_forecast.series.observation import Measure, Observation, Series
from rural_forecast.series.period import LAST_YEAR, Period
from rural_forecast.series.reading import read as read_all
from rural_forecast.series.reading.formats import grids
from rural_forecast.series.reading.grid import Grid
from rural_forecast.series.reading.memory import grid_of
from rural_forecast.series.reading.names import ID_NAMES, PERIOD_NAMES, normalised
from rural_forecast.series.reading.options import MEASURES, ReadOptions
from rural_forecast.series.reading.source import name_of, read_bytes
from rural_forecast.series.source_names import without_folders
from rural_forecast.system.output import replacing, unwritable
from rural_forecast.text.cells import shown

REDONE = ("project", "nowcast", "scenario", "panel", "batch", "size")
SCHEMA = 3
OURS = ("forecast", "nowcast", "scenario")
SAID = ("forecast", "nowcast", "scenario", "published", "expert")
"""Kinds of rows that we forecast, and of all that are scored."""
LONGEST_NAME = 60  # characters of the name of a series in that of its record
DRIVERS = "drivers"  # author of a market that was sized
_BOUND = re.compile(r"(lower|upper)_(\d\d)")
_HINT = (
    "A record is what --keep or --format json of 3.0 writes of "
    f"{', '.join(REDONE[:-1])} or {REDONE[-1]}."
)
_PARTS: Mapping[str, Any] = {
    "command": "",
    "rows": [],
    "series": [],
    "inputs": [],
    "provenance": {},
}
Bounds = Mapping[int, tuple[float, float]]  # by level in whole percents
Row = Mapping[str, Any]  # the cells of a row that are filled, numbers as numbers


class Said(NamedTuple):
    """The forecast of one year by one author."""

    author: str  # the model, the scenario, or who published it
    period: int
    value: float
    bounds: Bounds
    origin: int | None  # the last year that was known; None where nothing says so


class KeptSeries(NamedTuple):
    """The forecasts of one series, which holds the values that were used, if the file has them."""

    series: Series
    said: tuple[Said, ...]


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


def read_record(path: str) -> Record:
    """Read a file of forecasts, standard input for `-`."""
    data = read_bytes(path)
    name = name_of(path)
    file = without_folders(name)
    if (document := _document(data, file)) is not None:
        return _of_document(document, file)
    return Record(file, _kept(_of_grids(grids(data, name)), file))


def record_of(text: str, name: str = "the record") -> Record:
    """Read a record that is at hand as text. Raises InputError as `read_record` does."""
    return _of_document(_document(text.encode(), name) or {}, name)


def record_in(source: object) -> Record | None:
    """A record as it is or in a file; None for any other file, id or data. Raises InputError if it
    is one and cut.
    """
    if isinstance(source, Record):
        return source
    if not isinstance(source, str | Path | Source):
        return None
    named = Source.parse(source)
    if not named.is_file or named.is_standard_input or named.series is not None:
        return None
    file = without_folders(name_of(named.path))
    document = _document(read_bytes(named.path), file)
    if document is None or "schema_version" not in document:
        return None
    return _of_document(document, file)


def _document(data: bytes, file: str) -> dict[str, Any] | None:
    text = data.decode("utf-8-sig", errors="replace").strip()
    first, _, more = text.partition("\n")
    if not text.startswith("{") or (more and first.rstrip().endswith("}")):
        return None  # one object a line
    try:
        made: dict[str, Any] = json.loads(text, parse_constant=lambda name: float("x" + name))
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        at = Place(f"{file}:{line}" if line else file, file, line)
        raise InputError(
            "the record is cut, or damaged.", "Keep it again.", code="damaged", place=at
        ) from None
    return None if "schema_version" not in made and "period" in made else made


def _of_document(document: Mapping[str, Any], file: str) -> Record:
    command, rows, about, inputs, provenance = parts = [
        document.get(name, empty) for name, empty in _PARTS.items()
    ]
    right = all(
        isinstance(part, type(empty)) for part, empty in zip(parts, _PARTS.values(), strict=True)
    )
    options = provenance.get("options") or {} if right else {}
    problem = ""
    if not right or not all(isinstance(each, dict) for each in (*rows, *about, *inputs, options)):
        problem = "this JSON is no record."
    elif (version := document.get("schema_version")) != SCHEMA:
        problem = f"the record is of another release (schema {shown(version)}, not {SCHEMA})."
    elif command not in (*REDONE, "triangulate"):
        problem = f"this is the output of {shown(command)}, which forecasts nothing."
    elif any("chance" in row for row in rows):
        problem = "the record holds chances of targets, not the forecast."
    if problem:
        raise InputError(problem, _HINT, place=Place(file, file))
    if command == "size":
        of = {
            item: [row for row in rows if row.get("item") == item]
            for item in ("top_down", "result")
        }
        stage = (of["top_down"][:1] or of["result"][-1:] or [{}])[0].get("stage")
        more = {
            "series_id": str(options.get("top_down") or stage or ""),
            "kind": "forecast",
            "model": DRIVERS,
        }
        rows = [{**row, **more} for row in of["result"] if row.get("stage") == stage]
    elif command == "triangulate":
        rows = [{**row, "kind": "forecast", "model": row.get("argument")} for row in rows]
    described = {str(each.get("id")): each for each in about}
    known = {each.id: each for each in _used(inputs, described, file)}
    filled = _typed(rows, lambda at, name: Place(f"{file}: row {at}, {name}", file))
    origin = provenance.get("origin") if command in ("project", "scenario", "triangulate") else None
    kept = _kept(filled, file, described, known, origin if isinstance(origin, int) else 0)
    if provenance.get("seed") is not None:
        options = {"seed": provenance["seed"], **options}
    parents = {str(row.get("series_id")): str(row["parent"]) for row in rows if row.get("parent")}
    made, model = (str(provenance.get(name, "")) for name in ("version", "model"))
    stated = provenance.get("stated")
    return Record(
        file,
        kept,
        command,
        made,
        options,
        known,
        model,
        parents,
        stated if isinstance(stated, dict) else {},
    )


def _used(inputs: Sequence[Row], described: Mapping[str, Row], file: str) -> Iterator[Series]:
    """Read the rows that a record rests on, as every command reads its own rows, with what the
    record says of them.
    """
    heads = dict.fromkeys(name for row in inputs for name in row)
    if not inputs:
        return
    if not all(
        isinstance(cell, str | int | float | None) for row in inputs for cell in row.values()
    ):
        raise InputError("this JSON is no record.", _HINT, place=Place(file, file))
    grid = grid_of([(head, [row.get(head) for row in inputs]) for head in heads], file)
    # A row says its measure unless it is a flow; what its name and unit look like is no statement.
    measures = {
        str(row.get("series_id")): str(row["measure"]) for row in inputs if row.get("measure")
    }
    for read in read_all(grid, ReadOptions(allow_gaps=True)):
        said = _described(read.id, [described.get(read.id, {})])
        seen = tuple(each for each in read.observations if each.derivation is None)
        yield replace(
            said,
            measure=_measure(measures.get(read.id, "")),
            unit=read.unit,
            observations=seen,
            growth=read.growth,
        )


def _described(name: str, rows: Sequence[Row]) -> Series:
    keys = ("title", "definition", "unit", "publisher", "measure")
    said: dict[str, Any] = {
        key: next((str(row[key]) for row in rows if row.get(key)), "") for key in keys
    }
    return Series(name, **said | {"measure": _measure(said["measure"])})


def _measure(text: str) -> Measure:
    """A measure as a record says it; a flow is left unsaid."""
    return cast("Measure", text) if text in MEASURES else "flow"


def _of_grids(found: Iterable[Grid]) -> list[Row]:
    for grid in found:
        heads = [normalised(name) for name in grid.texts(0)]
        names = [
            "period" if name in PERIOD_NAMES else "series_id" if name in ID_NAMES else name
            for name in heads
        ]
        stated = {"kind", "origin"} & {*names} or any(map(_BOUND.fullmatch, names))
        if {"period", "value"} <= {*names} and stated:
            texts = map(grid.texts, range(1, len(grid.index)))
            rows = ({"kind": "forecast", **dict(zip(names, row, strict=False))} for row in texts)
            column = {name: at for at, name in enumerate(names)}
            return _typed(rows, lambda at, name: grid.place_of(at, column.get(name, 0)))  # noqa: B023
    return []


def _typed(rows: Iterable[Row], place: Callable[[int, str], Place]) -> list[Row]:
    """The cells of rows that are filled, numbers as numbers, bounds by level. Raises InputError for
    another cell.
    """
    typed: list[Row] = []
    for at, cells in enumerate(rows, 1):
        row = {name: cell for name, cell in cells.items() if cell not in (None, "")}
        needed = ("period", "value") if row.get("kind") in SAID else ()
        wrong = {name: "is empty" for name in needed if name not in row}
        ends = [name for name in row if _BOUND.fullmatch(name)]
        for name in (each for each in row if each in ("value", "period", "origin", *ends)):
            try:
                row[name] = nan if isinstance(row[name], bool) else float(row[name])
            except (TypeError, ValueError):
                row[name] = nan
            if not isfinite(row[name]):
                wrong[name] = "is not a number"
            elif name in ("period", "origin") and not (
                row[name] % 1 == 0 and 1 <= row[name] <= LAST_YEAR
            ):
                wrong[name] = "is not a year"
        levels = sorted({name[-2:] for name in ends})
        bounds = {level: (row.get(f"lower_{level}"), row.get(f"upper_{level}")) for level in levels}
        for level, (low, high) in bounds.items():
            if low is None or high is None or low > high:
                wrong[f"lower_{level}"] = "is no range with the upper bound"
        for name, problem in wrong.items():
            cell = cells.get(name)
            found = Problem(
                f"{shown(str(cell))} {problem}.", "A record is read as it was written.", cell
            )
            raise InputError.of(found, code="cell", place=place(at, name))
        typed.append(row | {"bounds": {int(level): both for level, both in bounds.items()}})
    return typed


def _kept(
    rows: Iterable[Row],
    file: str,
    described: Mapping[str, Row] = {},
    known: Mapping[str, Series] = {},
    last: int = 0,
) -> tuple[KeptSeries, ...]:
    """The forecasts of each series; `last` is the last year known to all, 0 if nothing says so."""
    by_series: dict[str, list[Row]] = {}
    for row in rows:
        by_series.setdefault(str(row.get("series_id", "")), []).append(row)
    kept = []
    for name, those in by_series.items():
        forecasts = [row for row in those if row.get("kind") in SAID]
        if not forecasts:
            continue
        first = int(
            min((row["period"] for row in forecasts if row["kind"] in OURS), default=LAST_YEAR)
        )
        series = known.get(name)
        if series is None:  # a hindcast shows later values too
            earlier = (
                row
                for row in those
                if row.get("kind") == "actual" and row.get("period", LAST_YEAR) < first
            )
            seen = (
                Observation(Period(int(row["period"])), row["value"])
                for row in earlier
                if "value" in row
            )
            series = replace(
                _described(name, [described.get(name, {}), *those]), observations=tuple(seen)
            )
        unit = str(forecasts[0].get("unit", ""))
        if unit and unit != series.unit:  # shown in another currency
            series = replace(series, unit=unit, observations=(), growth=())
        used = [
            seen.period
            for seen in series.observations
            if seen.status != "forecast" and seen.period.is_year
        ]
        said = []
        for row in forecasts:
            period = int(row["period"])
            origin = row.get("origin") or (last if last < period else None)
            origin = origin or max((each.year for each in used if each.year < period), default=None)
            if origin is None and first <= period:
                origin = first - 1  # our rows begin in the year after the last one known
            author = str(row.get("author") or row.get("model") or "not named")
            said.append(
                Said(
                    author,
                    period,
                    row["value"],
                    row["bounds"],
                    None if origin is None else int(origin),
                )
            )
        kept.append(KeptSeries(series, tuple(said)))
    if not kept:
        raise InputError(
            "there is no forecast in it.",
            "Rows need period, value and kind.",
            place=Place(file, file),
        )
    return tuple(kept)


def keep(record: bytes | Path, folder: Path, name: str, origin: int | None) -> Path:
    """Write a record, or copy it from a file, into a folder; the same record again is the same
    file.
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
            with path.open("rb") as there:
                if file_digest(there, "sha256").hexdigest() == digest:
                    return path
            raise OutputError(
                f"{path} was changed after it was kept, and is not written over.", "Move it away."
            )
    except OSError as error:
        raise unwritable(path, error) from error
    with replacing(path) as part, opened() as source, part.open("wb") as target:
        copyfileobj(source, target)
    return path
