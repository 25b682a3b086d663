"""Reads forecasts that were kept: records, rows of csv and other formats, and files of what others published."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from json import JSONDecodeError
from math import isfinite
from typing import Any, NamedTuple, NoReturn

from rural_forecast.errors import InputError, Place, Problem
from rural_forecast.series.catalogue import load
from rural_forecast.series.observation import Interval, Observation, Series
from rural_forecast.series.period import LAST_YEAR, PeriodError
from rural_forecast.series.period import parse as parse_period
from rural_forecast.series.published import published_forecasts
from rural_forecast.series.reading import ReadOptions, read
from rural_forecast.series.reading.formats import grids
from rural_forecast.series.reading.grid import Grid
from rural_forecast.series.reading.names import normalised
from rural_forecast.series.reading.source import name_of, read_bytes
from rural_forecast.series.source_names import is_file, without_folders
from rural_forecast.text.cells import shown

COMMANDS = ("project", "nowcast", "scenario", "panel", "batch", "size")
"""Those whose json is a record."""
NEWEST = 3
"""The latest `schema_version` that is read."""
OURS, OTHERS = ("forecast", "nowcast", "scenario"), ("published", "expert")
"""Kinds of rows that are scored."""
DRIVERS = "drivers"
"""Author of a market that was sized."""
MEASURES = ("flow", "stock", "rate", "growth", "price")
_BOUND = re.compile(r"(lower|upper)_(\d\d)")
_HINT = "A record is what --keep or --format json writes of project, nowcast, scenario, panel, batch or size."
_SHAPE: Mapping[str, Any] = {"schema_version": 0, "command": "", "rows": [], "series": [], "inputs": []}
"""The parts of a record, each of its kind."""
Bounds = Mapping[int, tuple[float, float]]
"""By level in whole percents."""


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
    """Empty for rows, and for forecasts of others."""
    version: str = ""
    """Of the program that made it."""
    date: str = ""
    """As it was stated; empty where it was not."""
    options: Mapping[str, Any] = {}
    inputs: Mapping[str, Series] = {}
    """All series that it rests on, by id, with parts of years and published growth."""
    model: str = ""
    """The sizing model, as TOML."""
    parents: Mapping[str, str] = {}
    """Of the nodes of a panel."""


def read_record(path: str) -> Record:
    """Read a file of forecasts, standard input for `-`, or what others published of a series of the catalogue.

    Raises InputError if there is no such file, or it holds no forecast, is cut, or is no record of this release.
    """
    if not is_file(path) and path in load().names():
        return Record(path, (_published(load().get(path)),))
    data, name = read_bytes(path), name_of(path)
    file = without_folders(name)
    document = _document(data, file)
    if document is not None:
        return _of_document(document, file)
    if (found := _rows(grids(data, name))) is not None:
        return Record(file, _of_rows(found, file))
    told = (_published(series) for series in read(path, ReadOptions().dated())) if path != "-" else iter(())
    return Record(file, _some(told, file))


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
    """The object of a json document; None for rows, and for what is no json. Raises InputError if it is cut."""
    text = data.decode("utf-8-sig", errors="replace").strip()
    if not text.startswith("{"):
        return None
    try:
        made: dict[str, Any] = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        if isinstance(error, JSONDecodeError) and text.partition("\n")[0].rstrip().endswith("}"):
            return None  # one object a line
        line = getattr(error, "lineno", 0)
        at = Place(f"{file}:{line}" if line else file, file, line)
        raise InputError("the record is cut, or damaged.", "Keep it again.", code="damaged", place=at) from None
    return None if "schema_version" not in made and "period" in made else made


def _no_number(text: str) -> float:
    raise ValueError(text)


def _of_document(document: Mapping[str, Any], file: str) -> Record:
    place = Place(file, file)
    version, command, rows, about, inputs = (document.get(name, empty) for name, empty in _SHAPE.items())
    provenance = document.get("provenance") or {}
    options: Any = provenance.get("options") or {} if isinstance(provenance, dict) else None
    kinds = all(isinstance(document.get(name, empty), type(empty)) for name, empty in _SHAPE.items())
    if not (kinds and version and all(isinstance(each, dict) for each in (*rows, *about, *inputs, options))):
        raise InputError("this JSON is no record.", _HINT, place=place)
    if version > NEWEST:
        raise InputError(f"the record is of a later release (schema {version}).", "Install that release.", place=place)
    if command not in COMMANDS:
        raise InputError(f"this is the output of {shown(command)}, which forecasts nothing.", _HINT, place=place)
    if any("chance" in row for row in rows):
        hint = "Leave --target out, or keep the forecast itself with --keep."
        raise InputError("the record holds chances of targets, not the forecast.", hint, place=place)
    described = {str(each.get("id")): each for each in about}

    def place_of(at: int, name: str) -> Place:
        return Place(f"{file}: row {at + 1}, {name}", file)

    def cells(those: Iterable[Mapping[str, Any]]) -> list[_Cells]:
        return [_Cells(row, place_of, at) for at, row in enumerate(those)]

    known = {name: _series(name, own, described.get(name, {})) for name, own in _by_series(cells(inputs)).items()}
    origin = provenance.get("origin") if command in ("project", "scenario") else None
    seed = {"seed": provenance["seed"]} if provenance.get("seed") is not None else {}
    rows = _sized(rows, options) if command == "size" else rows
    parents = {str(row.get("series_id")): str(row["parent"]) for row in rows if row.get("parent")}
    kept = _of_rows(cells(rows), file, described, known, origin if isinstance(origin, int) else None)
    version, dated, model = (str(provenance.get(name, "")) for name in ("version", "date", "model"))
    return Record(file, kept, command, version, dated, {**seed, **options}, known, model, parents)


def _sized(rows: list[dict[str, Any]], options: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of the main stage of a sizing as forecasts of the top-down series."""
    stages = [row.get("stage") for row in rows if row.get("item") == "top_down"]
    stages = stages or [row.get("stage") for row in rows if row.get("item") == "result"][-1:]
    name = str(options.get("top_down") or (stages or [""])[0])
    sized = [row for row in rows if row.get("item") == "result" and row.get("stage") in stages[:1]]
    return [{**row, "series_id": name, "kind": "forecast", "model": DRIVERS} for row in sized]


class _Cells(NamedTuple):
    """One row of a file."""

    cells: Mapping[str, Any]
    place: Callable[[int, str], Place]
    at: int

    def text(self, *names: str) -> str:
        """The first text among columns."""
        return next((str(self.cells[name]) for name in names if self.cells.get(name) not in (None, "")), "")

    def number(self, name: str) -> float | None:
        """A number, None where the cell is empty. Raises InputError if it holds something else."""
        cell = self.cells.get(name)
        if cell is None or cell == "":
            return None
        try:
            value = float("nan") if isinstance(cell, bool) else float(cell)
        except (TypeError, ValueError):
            value = float("nan")
        return value if isfinite(value) else self.refuse(name, "is not a number")

    def year(self, name: str = "period") -> int | None:
        """A year; None where the cell is empty. Raises InputError if it is none."""
        number = self.number(name)
        if number is not None and not (number == int(number) and 1 <= number <= LAST_YEAR):
            self.refuse(name, "is not a year")
        return None if number is None else int(number)

    def bounds(self) -> Bounds:
        """The range of each level. Raises InputError if one has one end, or its ends are the wrong way round."""
        ends: dict[int, list[float]] = {}
        for name in self.cells:
            if (match := _BOUND.fullmatch(name)) and (value := self.number(name)) is not None:
                ends.setdefault(int(match[2]), []).append(value)
        for level, pair in ends.items():
            if len(pair) != 2 or pair[0] > pair[1]:
                self.refuse(f"lower_{level}", "is no range with the upper bound")
        return {level: (pair[0], pair[1]) for level, pair in sorted(ends.items())}

    def refuse(self, name: str, problem: str) -> NoReturn:
        """Raise the error of a cell."""
        cell = self.cells.get(name)
        found = Problem(f"{shown(str(cell))} {problem}.", "A record is read as it was written.", cell)
        raise InputError.of(found, code="cell", place=self.place(self.at, name))


def _rows(found: Iterable[Grid]) -> list[_Cells] | None:
    """The rows of a grid that has columns of forecasts; None where none has."""
    for grid in found:
        names = [normalised(name) for name in grid.texts(0)]
        stated = {"kind", "origin"} & set(names) or any(map(_BOUND.fullmatch, names))
        if not ({"period", "value"} <= set(names) and stated):
            continue

        def place(at: int, name: str, grid: Grid = grid, names: list[str] = names) -> Place:
            return grid.place(at, names.index(name) if name in names else 0)

        rows = (dict(zip(names, grid.texts(at), strict=False)) for at in range(1, len(grid.index)))
        return [_Cells({"kind": "forecast", **row}, place, at) for at, row in enumerate(rows, 1)]
    return None


def _by_series(rows: Iterable[_Cells]) -> dict[str, list[_Cells]]:
    found: dict[str, list[_Cells]] = {}
    for row in rows:
        found.setdefault(row.text("series_id"), []).append(row)
    return found


def _some(kept: Iterable[KeptSeries], file: str) -> tuple[KeptSeries, ...]:
    """Those series that have forecasts. Raises InputError if none has."""
    some = tuple(each for each in kept if each.said)
    if not some:
        hint = "Rows of forecasts have a column kind or status: forecast, published or expert."
        raise InputError("there is no forecast in it.", hint, place=Place(file, file))
    return some


def _of_rows(
    rows: Iterable[_Cells],
    file: str,
    about: Mapping[str, Mapping[str, Any]] | None = None,
    known: Mapping[str, Series] | None = None,
    origin: int | None = None,
) -> tuple[KeptSeries, ...]:
    """The series of rows, in order of appearance. Raises InputError if there is no forecast."""
    kept = []
    for name, those in _by_series(rows).items():
        forecasts = [row for row in those if row.text("kind") in (*OURS, *OTHERS)]
        ours = (row.year() for row in forecasts if row.text("kind") in OURS)
        first = min((year for year in ours if year is not None), default=LAST_YEAR)
        series = (known or {}).get(name)
        if series is None:  # a hindcast shows later values too
            earlier = [row for row in those if row.text("kind") == "actual" and (row.year() or LAST_YEAR) < first]
            series = _series(name, [*earlier, *those], (about or {}).get(name, {}), only=len(earlier))
        if (
            unit := forecasts[0].text("unit") if forecasts else ""
        ) and unit != series.unit:  # shown in another currency
            series = replace(series, unit=unit, observations=(), growth=())
        used = (seen.period for seen in series.observations if seen.status != "forecast" and seen.period.is_year)
        said = _said(forecasts, [period.year for period in used], first, origin)
        kept.append(KeptSeries(series, tuple(said)))
    return _some(kept, file)


def _said(rows: Iterable[_Cells], years: list[int], first: int, origin: int | None) -> Iterator[Said]:
    for row in rows:
        period, value = row.year(), row.number("value")
        if period is None or value is None:
            row.refuse("period" if period is None else "value", "is empty")
        stated = row.year("origin") or (origin if origin is not None and origin < period else None)
        known = stated or max((year for year in years if year < period), default=None)
        if known is None and first <= period:
            known = first - 1  # our rows begin in the year after the last one known
        yield Said(row.text("author", "model") or "not named", period, value, row.bounds(), known)


def _series(name: str, rows: list[_Cells], about: Mapping[str, Any], only: int | None = None) -> Series:
    """A series from its rows, of which the first `only` are values that were used."""

    def told(key: str) -> str:
        return str(about.get(key) or of_rows(key))

    def of_rows(key: str) -> str:
        return next(filter(None, (row.text(key) for row in rows)), "")

    measure: Any = told("measure")
    used = [(row, seen) for row in rows[:only] if (seen := _observation(row)) is not None]
    grown = (
        replace(seen, value=growth)
        for row, seen in used
        if not row.text("kind") and (growth := row.number("growth_pct")) is not None
    )
    return Series(
        name,
        title=told("title"),
        definition=told("definition"),
        measure=measure if measure in MEASURES else "flow",
        unit=of_rows("unit") or told("unit"),
        publisher=told("publisher"),
        observations=tuple(seen for row, seen in used if row.number("value") is not None),
        growth=tuple(grown),
    )


def _observation(row: _Cells) -> Observation | None:
    """One value that was used, 0 where the row has its growth alone; None for what is no period."""
    try:
        period = parse_period(row.text("period"))
    except PeriodError:
        return None
    status: Any = row.text("status")
    ours = status not in ("forecast", "expert", "target")
    low, high, level = (row.number(name) for name in ("low", "high", "level"))
    return Observation(
        period,
        row.number("value") or 0.0,
        status="forecast" if not ours else status if status in ("preliminary", "estimate") else "actual",
        qualifier=row.text("qualifier") or "=",  # type: ignore[arg-type]
        source=row.text("source"),
        author="" if ours else row.text("author", "source"),
        published_latest=_day(row.text("published_on")),
        doubtful=row.text("doubtful") == "yes",
        target=status == "target",
        interval=None if ours or low is None or high is None else Interval(low, high, int(level or 80)),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _published(series: Series) -> KeptSeries:
    """The forecasts that a file quotes, each from the year before it was published, or the last one known.

    Plans of those who carry them out, and figures that are bounds, are no forecasts.
    """
    known = [seen.period.year for seen in series.observations if seen.status != "forecast" and seen.period.is_year]
    said = []
    for figure in published_forecasts(series):
        if not figure.period.is_year or figure.target or figure.qualifier in "<>":
            continue
        year, dated = figure.period.year, figure.published_latest
        before = max((each for each in known if each < year), default=None)
        origin = before if dated is None else min(dated.year, year) - 1
        interval = figure.interval
        bounds = {interval.level: (interval.lower, interval.upper)} if interval else {}
        said.append(Said(figure.author, year, figure.value, bounds, origin))
    return KeptSeries(series, tuple(said))
