"""A record as the JSON document that a command writes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rural_forecast.errors import InputError, Place
from rural_forecast.notes import Note
from rural_forecast.observed.observation import Publication, Series
from rural_forecast.observed.reading import read as read_all
from rural_forecast.observed.reading.memory import grid_of
from rural_forecast.observed.reading.names import single_spaced
from rural_forecast.observed.reading.options import ReadOptions
from rural_forecast.record.kept import DRIVERS, REDONE, Record, Remarks, Row
from rural_forecast.record.rows import described_series, kept_series, measure_named, typed_rows
from rural_forecast.text.cells import shown

SCHEMA = 3
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


def document_in(data: bytes, file: str) -> dict[str, Any] | None:
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


def of_document(document: Mapping[str, Any], file: str) -> Record:
    """Make a record of its JSON. Raises InputError for JSON that is no record of forecasts."""
    parts = _parts_of(document, file)
    rows = _rows_of_forecasts(parts)
    described = {str(row.get("id")): row for row in parts.series}
    inputs = {series.id: series for series in _used(parts.inputs, described, file)}
    typed = typed_rows(rows, lambda row, name: Place(f"{file}: row {row}, {name}", file))
    provenance = parts.provenance
    options = parts.options
    if provenance.get("seed") is not None:
        options = {"seed": provenance["seed"], **options}
    stated = provenance.get("stated")
    return Record(
        file,
        kept_series(typed, file, described, inputs, parts.last_year_known),
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
    # The reader makes the spaces of a name single ones, and the forecasts have it as it is.
    ids = dict.fromkeys(str(row.get("series_id")) for row in inputs)
    names = {single_spaced(name): name for name in ids}
    for read in read_all(grid, ReadOptions(allow_gaps=True)):
        name = names.get(read.id, read.id)
        observed = (
            observation for observation in read.observations if observation.derivation is None
        )
        yield replace(
            described_series(name, [described.get(name, {})]),
            measure=measure_named(measures.get(name, "")),
            unit=read.unit,
            observations=tuple(observed),
            growth=read.growth,
            breaks=read.breaks,
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
