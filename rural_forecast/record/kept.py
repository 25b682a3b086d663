"""Keeps records, and reads what was kept: records, and rows of forecasts, ours or of others, in any format."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from hashlib import file_digest, sha256
from math import isfinite, nan
from pathlib import Path
from shutil import copyfile
from typing import Any, NamedTuple

from rural_forecast.errors import InputError, OutputError, Place, Problem
from rural_forecast.series.observation import Interval, Observation, Series
from rural_forecast.series.period import LAST_YEAR, PeriodError
from rural_forecast.series.period import parse as parse_period
from rural_forecast.series.reading.formats import grids
from rural_forecast.series.reading.grid import Grid
from rural_forecast.series.reading.names import ID_NAMES, PERIOD_NAMES, normalised
from rural_forecast.series.reading.source import name_of, read_bytes
from rural_forecast.series.source_names import is_file, without_folders
from rural_forecast.system.output import replacing, unwritable
from rural_forecast.text.cells import shown

REDONE = ("project", "nowcast", "scenario", "panel", "batch", "size")
SCHEMA = 3
OURS, OTHERS = ("forecast", "nowcast", "scenario"), ("published", "expert")
LONGEST_NAME = 60
"""Characters of the name of a series in that of its record."""
DRIVERS = "drivers"
"""Author of a market that was sized."""
MEASURES = ("flow", "stock", "rate", "growth", "price")
_BOUND = re.compile(r"(lower|upper)_(\d\d)")
_NUMBERS = ("value", "low", "high", "level", "growth_pct", "origin")
_HINT = f"A record is what --keep or --format json of 3.0 writes of {', '.join(REDONE[:-1])} or {REDONE[-1]}."
_PARTS: Mapping[str, Any] = {"command": "", "rows": [], "series": [], "inputs": [], "provenance": {}}
Bounds = Mapping[int, tuple[float, float]]
"""By level in whole percents."""
Row = Mapping[str, Any]
"""The cells of a row that are filled, numbers as numbers."""


class Said(NamedTuple):
    """The forecast of one year by one author."""

    author: str
    """The model, `consensus` unless another was asked for; the scenario, or who published it."""
    period: int
    value: float
    bounds: Bounds
    origin: int | None
    """The last year that was known; None where nothing says so."""


class KeptSeries(NamedTuple):
    """The forecasts of one series, and what they rest on."""

    series: Series
    """Its observations are the values that were used; none where the file has none."""
    said: tuple[Said, ...]


class Record(NamedTuple):
    """A file of kept forecasts."""

    file: str
    series: tuple[KeptSeries, ...]
    command: str = ""
    version: str = ""
    options: Mapping[str, Any] = {}
    inputs: Mapping[str, Series] = {}
    """All series that it rests on, by id, with parts of years and published growth."""
    model: str = ""
    parents: Mapping[str, str] = {}


def read_record(path: str) -> Record:
    """Read a file of forecasts, standard input for `-`."""
    data, name = read_bytes(path), name_of(path)
    file = without_folders(name)
    if (document := _document(data, file)) is not None:
        return _of_document(document, file)
    return Record(file, _kept(_of_grids(grids(data, name)), file))


def record_of(text: str, name: str = "the record") -> Record:
    """Read a record that is at hand as text. Raises InputError as `read_record` does."""
    return _of_document(_document(text.encode(), name) or {}, name)


def is_record(path: str) -> bool:
    """True if a source is a file of JSON that is a record. Raises InputError if it is one and cut."""
    if path == "-" or "::" in path or not is_file(path):
        return False
    made = _document(read_bytes(path), without_folders(name_of(path)))
    return made is not None and "schema_version" in made


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
        raise InputError("the record is cut, or damaged.", "Keep it again.", code="damaged", place=at) from None
    return None if "schema_version" not in made and "period" in made else made


def _of_document(document: Mapping[str, Any], file: str) -> Record:
    command, rows, about, inputs, provenance = parts = [document.get(name, empty) for name, empty in _PARTS.items()]
    right = all(isinstance(part, type(empty)) for part, empty in zip(parts, _PARTS.values(), strict=True))
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
        rows = _sized(rows, options)
    elif command == "triangulate":
        rows = [{**row, "kind": "forecast", "model": row.get("argument")} for row in rows]
    used, filled = (
        [_row(row, partial(_place, file, at)) for at, row in enumerate(those, 1)] for those in (inputs, rows)
    )
    described = {str(each.get("id")): each for each in about}
    known = {name: _series(name, own, described.get(name, {})) for name, own in _by_series(used).items()}
    origin = provenance.get("origin") if command in ("project", "scenario", "triangulate") else None
    kept = _kept(filled, file, described, known, origin if isinstance(origin, int) else None)
    seed = {"seed": provenance["seed"]} if provenance.get("seed") is not None else {}
    parents = {str(row.get("series_id")): str(row["parent"]) for row in rows if row.get("parent")}
    made, model = (str(provenance.get(name, "")) for name in ("version", "model"))
    return Record(file, kept, command, made, {**seed, **options}, known, model, parents)


def _place(file: str, at: int, name: str) -> Place:
    return Place(f"{file}: row {at}, {name}", file)


def _sized(rows: Sequence[Mapping[str, Any]], options: Mapping[str, Any]) -> list[dict[str, Any]]:
    stages = [row.get("stage") for row in rows if row.get("item") == "top_down"]
    stages = stages or [row.get("stage") for row in rows if row.get("item") == "result"][-1:]
    name = str(options.get("top_down") or (stages or [""])[0])
    sized = [row for row in rows if row.get("item") == "result" and row.get("stage") in stages[:1]]
    return [{**row, "series_id": name, "kind": "forecast", "model": DRIVERS} for row in sized]


def _of_grids(found: Iterable[Grid]) -> list[Row]:
    for grid in found:
        heads = [normalised(name) for name in grid.texts(0)]
        names = ["period" if name in PERIOD_NAMES else "series_id" if name in ID_NAMES else name for name in heads]
        stated = {"kind", "origin"} & {*names} or any(map(_BOUND.fullmatch, names))
        if {"period", "value"} <= {*names} and stated:
            texts = map(grid.texts, range(1, len(grid.index)))
            rows = ({"kind": "forecast", **dict(zip(names, row, strict=False))} for row in texts)
            return [_row(row, partial(_cell, grid, at, names)) for at, row in enumerate(rows, 1)]
    return []


def _cell(grid: Grid, at: int, names: Sequence[str], name: str) -> Place:
    return grid.place(at, names.index(name) if name in names else 0)


def _row(cells: Mapping[str, Any], place: Callable[[str], Place]) -> Row:
    row = {name: cell for name, cell in cells.items() if cell not in (None, "")}
    years = ("period", "origin") if "kind" in row else ("origin",)
    needed = ("period", "value") if row.get("kind") in (*OURS, *OTHERS) else ()
    wrong = {name: "is empty" for name in needed if name not in row}
    bounds = [name for name in row if _BOUND.fullmatch(name)]
    for name in (each for each in row if each in (*_NUMBERS, *years, *bounds)):
        try:
            row[name] = nan if isinstance(row[name], bool) else float(row[name])
        except (TypeError, ValueError):
            row[name] = nan
        if not isfinite(row[name]):
            wrong[name] = "is not a number"
        elif name in years and not (row[name] % 1 == 0 and 1 <= row[name] <= LAST_YEAR):
            wrong[name] = "is not a year"
    for level in {name[-2:] for name in bounds}:
        low, high = row.get(f"lower_{level}"), row.get(f"upper_{level}")
        if low is None or high is None or low > high:
            wrong[f"lower_{level}"] = "is no range with the upper bound"
    for name, problem in wrong.items():
        cell = cells.get(name)
        found = Problem(f"{shown(str(cell))} {problem}.", "A record is read as it was written.", cell)
        raise InputError.of(found, code="cell", place=place(name))
    return row


def _text(row: Row, *names: str) -> str:
    return next((str(row[name]) for name in names if name in row), "")


def _by_series(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(_text(row, "series_id"), []).append(row)
    return found


def _kept(
    rows: Iterable[Row],
    file: str,
    about: Mapping[str, Mapping[str, Any]] | None = None,
    known: Mapping[str, Series] | None = None,
    origin: int | None = None,
) -> tuple[KeptSeries, ...]:
    kept = []
    for name, those in _by_series(rows).items():
        forecasts = [row for row in those if row.get("kind") in (*OURS, *OTHERS)]
        if not forecasts:
            continue
        first = int(min((row["period"] for row in forecasts if row["kind"] in OURS), default=LAST_YEAR))
        series = (known or {}).get(name)
        if series is None:  # a hindcast shows later values too
            earlier = [row for row in those if row.get("kind") == "actual" and row.get("period", LAST_YEAR) < first]
            series = replace(_series(name, those, (about or {}).get(name, {})), observations=_seen(earlier), growth=())
        unit = _text(forecasts[0], "unit")
        if unit and unit != series.unit:  # shown in another currency
            series = replace(series, unit=unit, observations=(), growth=())
        used = (seen.period for seen in series.observations if seen.status != "forecast" and seen.period.is_year)
        said = _said(forecasts, [period.year for period in used], first, origin)
        kept.append(KeptSeries(series, tuple(said)))
    if not kept:
        hint = "Rows of forecasts have the columns period, value and kind: forecast, published or expert."
        raise InputError("there is no forecast in it.", hint, place=Place(file, file))
    return tuple(kept)


def _said(rows: Iterable[Row], years: Sequence[int], first: int, origin: int | None) -> Iterator[Said]:
    for row in rows:
        period, stated = int(row["period"]), row.get("origin")
        known = int(stated) if stated else origin if origin is not None and origin < period else None
        known = known or max((year for year in years if year < period), default=None)
        if known is None and first <= period:
            known = first - 1  # our rows begin in the year after the last one known
        levels = sorted(int(match[2]) for match in map(_BOUND.fullmatch, row) if match and match[1] == "lower")
        bounds = {level: (row[f"lower_{level}"], row[f"upper_{level}"]) for level in levels}
        yield Said(_text(row, "author", "model") or "not named", period, row["value"], bounds, known)


def _series(name: str, rows: Sequence[Row], about: Mapping[str, Any]) -> Series:
    def said(key: str) -> Any:
        return next(filter(None, (about.get(key), *(row.get(key) for row in rows))), "")

    measure: Any = said("measure")
    grown = (row for row in rows if "growth_pct" in row and "kind" not in row)
    return Series(
        name,
        title=said("title"),
        definition=said("definition"),
        measure=measure if measure in MEASURES else "flow",
        unit=next((row["unit"] for row in rows if "unit" in row), said("unit")),
        publisher=said("publisher"),
        observations=_seen(row for row in rows if "value" in row),
        growth=_seen({**row, "value": row["growth_pct"]} for row in grown),
    )


def _seen(rows: Iterable[Row]) -> tuple[Observation, ...]:
    """Values that were used; those of what is no period are left out."""
    found = []
    for row in rows:
        try:
            period = parse_period(f"{row.get('period', ''):.0f}" if "kind" in row else str(row.get("period", "")))
        except PeriodError:
            continue
        status: Any = _text(row, "status")
        ours = status not in ("forecast", "expert", "target")
        ranged = not ours and "low" in row and "high" in row
        found.append(
            Observation(
                period,
                row["value"],
                status="forecast" if not ours else status if status in ("preliminary", "estimate") else "actual",
                qualifier=_text(row, "qualifier") or "=",  # type: ignore[arg-type]
                source=_text(row, "source"),
                author="" if ours else _text(row, "author", "source"),
                published_latest=_day(_text(row, "published_on")),
                doubtful=row.get("doubtful") == "yes",
                target=status == "target",
                interval=Interval(row["low"], row["high"], int(row.get("level", 80))) if ranged else None,
            )
        )
    return tuple(found)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def keep(record: bytes | Path, folder: Path, name: str, origin: int | None) -> Path:
    """Write a record, or copy it from a file, into a folder; the same record again is the same file."""
    digest = _digest(record)
    plain = re.sub(r"[^\w.-]+", "-", name).strip("-.")[:LONGEST_NAME] or "series"
    path = folder / f"{plain}-{'' if origin is None else f'{origin}-'}{digest[:8]}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.exists() and _digest(path) == digest:
            return path
    except OSError as error:
        raise unwritable(path, error) from error
    if path.exists():
        raise OutputError(f"{path} was changed after it was kept, and no record is written over.", "Move it away.")
    with replacing(path) as part:
        if isinstance(record, bytes):
            part.write_bytes(record)
        else:
            copyfile(record, part)
    return path


def _digest(record: bytes | Path) -> str:
    if isinstance(record, bytes):
        return sha256(record).hexdigest()
    with record.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
