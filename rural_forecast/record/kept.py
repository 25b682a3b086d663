"""Reads forecasts that were kept: records, rows of csv and other formats, and files of what others published."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from json import JSONDecodeError
from math import isfinite
from typing import Any, NamedTuple

from rural_forecast.errors import InputError, Place, Problem
from rural_forecast.series.catalogue import load
from rural_forecast.series.observation import Interval, Observation, Series
from rural_forecast.series.period import LAST_YEAR, Period
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
FORECASTS = frozenset({"forecast", "nowcast", "scenario", "published", "expert"})
"""Kinds of rows that are scored."""
DRIVERS = "drivers"
"""Author of a market that was sized."""
_BOUND = re.compile(r"(lower|upper)_(\d\d)")
_HINT = "A record is what --keep or --format json writes of project, nowcast, scenario, panel, batch or size."
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

    @property
    def origin(self) -> int:
        """The last year that was known."""
        return max((said.origin for said in self.said if said.origin is not None), default=0)


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
    found = _rows(grids(data, name))
    if found is not None:
        return Record(file, tuple(_of_rows(found, {}, file)))
    read_series = (_published(series) for series in read(path, ReadOptions().dated())) if path != "-" else iter(())
    kept = tuple(each for each in read_series if each.said)
    if not kept:
        raise _no_forecast(file)
    return Record(file, kept)


def record_of(text: str, name: str = "the record") -> Record:
    """Read a record that is at hand as text.

    Raises InputError as `read_record` does.
    """
    document = _document(text.encode(), name)
    if document is None:
        raise InputError("this is no record.", _HINT, place=Place(name, name))
    return _of_document(document, name)


def is_record(path: str) -> bool:
    """True if a source is a file of JSON that is a record. Raises InputError if it is one and cut."""
    if path == "-" or "::" in path or not is_file(path):
        return False
    made = _document(read_bytes(path), without_folders(name_of(path)))
    return made is not None and "schema_version" in made


def _no_forecast(file: str) -> InputError:
    hint = "Rows of forecasts have a column kind or status: forecast, published or expert."
    return InputError("there is no forecast in it.", hint, place=Place(file, file))


def _document(data: bytes, file: str) -> dict[str, Any] | None:
    """The object of a json document; None for rows, and for what is no json. Raises InputError if it is cut."""
    text = data.decode("utf-8-sig", errors="replace").strip()
    if not text.startswith("{"):
        return None
    try:
        made: dict[str, Any] = json.loads(text, parse_constant=_no_number)
    except JSONDecodeError as error:
        first = text.partition("\n")[0]
        if first.rstrip().endswith("}"):  # one object a line
            return None
        at = Place(f"{file}:{error.lineno}", file, error.lineno)
        whole = "ends in the middle" if error.pos >= len(text) - 1 else "is not whole JSON"
        raise InputError(f"the record {whole}.", "Keep it again.", code="damaged", place=at) from None
    except ValueError as error:
        raise InputError(f"{error} is no number of a record.", _HINT, code="damaged", place=Place(file, file)) from None
    except RecursionError:
        raise InputError("the JSON is nested too deeply for a record.", _HINT, place=Place(file, file)) from None
    return None if "schema_version" not in made and "period" in made else made


def _no_number(text: str) -> float:
    raise ValueError(text)


def _of_document(document: Mapping[str, Any], file: str) -> Record:
    place = Place(file, file)
    version, command, rows = (document.get(name) for name in ("schema_version", "command", "rows"))
    if not isinstance(version, int) or not isinstance(command, str) or not isinstance(rows, list):
        raise InputError("this JSON is no record.", _HINT, place=place)
    if version > NEWEST:
        raise InputError(f"the record is of a later release (schema {version}).", "Install that release.", place=place)
    if command not in COMMANDS:
        raise InputError(f"this is the output of {shown(command)}, which forecasts nothing.", _HINT, place=place)
    provenance, described, inputs = (document.get(name) or empty for name, empty in _PARTS.items())
    options = provenance.get("options") or {} if isinstance(provenance, dict) else None
    if not (_are_objects(rows) and _are_objects(described) and _are_objects(inputs) and isinstance(options, dict)):
        raise InputError("the parts of the record are not those of one.", _HINT, place=place)
    for name, value in options.items():
        if value is not None and not _OPTIONS.get(name, _anything)(value):
            raise InputError(f"its option {shown(name)} is {shown(str(value))}.", "Keep it again.", place=place)
    about = {str(each.get("id")): each for each in described}
    rows = [*map(_as_actual, inputs), *rows]
    if command == "size":
        rows = _sized(rows, options)
    if any("chance" in row for row in rows):
        hint = "Leave --target out, or keep the forecast itself with --keep."
        raise InputError("the record holds chances of targets, not the forecast.", hint, place=place)
    cells = (
        _Cells(row, lambda at, name: Place(f"{file}: row {at + 1}, {name}", file), at) for at, row in enumerate(rows)
    )
    origin = provenance.get("origin") if command in ("project", "scenario") else None
    kept = tuple(_of_rows(cells, about, file, origin if isinstance(origin, int) else None))
    return Record(file, kept, command, str(provenance.get("version", "")), str(provenance.get("date", "")), options)


def _are_objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def _anything(_: object) -> bool:
    return True


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


_PARTS: Mapping[str, Any] = {"provenance": {}, "series": [], "inputs": []}
_OPTIONS: Mapping[str, Callable[[Any], bool]] = {
    **dict.fromkeys(("measure", "kind", "basis", "prefer", "currency", "as_of", "top_down"), _is_text),
    **dict.fromkeys(("floor", "since", "until"), _is_number),
    "models": lambda value: isinstance(value, list) and all(map(_is_text, value)),
    "ceiling": lambda value: isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)),
    "pool": lambda value: isinstance(value, dict) and all(map(_is_number, value.values())),
}
"""The kind of each option that a record is redone with."""


def _as_actual(row: Mapping[str, Any]) -> dict[str, Any]:
    kind = "actual" if row.get("status") not in ("forecast", "expert", "target") else "told"
    return {"series_id": "", **row, "kind": kind}


def _sized(rows: Iterable[Any], options: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of the main stage of a sizing as forecasts; of the drivers, those that the top-down series is."""
    inputs = [row for row in rows if "item" not in row]
    stages = [row.get("stage") for row in rows if row.get("item") == "top_down"]
    stages = stages or [row.get("stage") for row in rows if row.get("item") == "result"][-1:]
    name = str(options.get("top_down") or (stages or [""])[0])
    sized = [row for row in rows if row.get("item") == "result" and row.get("stage") == stages[0]] if stages else []
    return [
        *(row for row in inputs if row.get("series_id") == name),
        *({**row, "series_id": name, "kind": "forecast", "model": DRIVERS} for row in sized),
    ]


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
        if not isfinite(value):
            raise self.refuse(name, "is not a number")
        return value

    def year(self, name: str = "period") -> int | None:
        """A year; None where the cell is empty. Raises InputError if it is none."""
        number = self.number(name)
        if number is not None and not (number == int(number) and 1 <= number <= LAST_YEAR):
            raise self.refuse(name, "is not a year")
        return None if number is None else int(number)

    def bounds(self) -> Bounds:
        """The range of each level. Raises InputError if one has one end, or its ends are the wrong way round."""
        ends: dict[int, list[float]] = {}
        for name in self.cells:
            if (match := _BOUND.fullmatch(name)) and (value := self.number(name)) is not None:
                ends.setdefault(int(match[2]), []).append(value)
        for level, pair in ends.items():
            if len(pair) != 2 or pair[0] > pair[1]:
                raise self.refuse(f"lower_{level}", "is no range with the upper bound")
        return {level: (pair[0], pair[1]) for level, pair in sorted(ends.items())}

    def refuse(self, name: str, problem: str) -> InputError:
        """The error of a cell."""
        cell = self.cells.get(name)
        found = Problem(f"{shown(str(cell))} {problem}.", "A record is read as it was written.", cell)
        return InputError.of(found, code="cell", place=self.place(self.at, name))


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


def _of_rows(
    rows: Iterable[_Cells], about: Mapping[str, Mapping[str, Any]], file: str, origin: int | None = None
) -> Iterator[KeptSeries]:
    """The series of rows, in order of appearance. Raises InputError if there is no forecast."""
    by_series: dict[str, list[_Cells]] = {}
    for row in rows:
        by_series.setdefault(row.text("series_id"), []).append(row)
    kept = [_of_series(name, those, about.get(name, {}), origin) for name, those in by_series.items()]
    if not any(each.said for each in kept):
        raise _no_forecast(file)
    yield from (each for each in kept if each.said)


def _of_series(name: str, rows: Iterable[_Cells], about: Mapping[str, Any], origin: int | None) -> KeptSeries:
    rows = list(rows)
    theirs = [row for row in rows if row.text("kind") in FORECASTS]
    said: list[Said] = []
    ours = [row for row in theirs if row.text("kind") not in ("published", "expert")]
    first = min((year for row in ours if (year := row.year()) is not None), default=LAST_YEAR)
    used = tuple(
        seen
        for row in rows
        if row.text("kind") in ("actual", "told") and (seen := _observation(row)) is not None
        if seen.status == "forecast" or seen.period.year < first  # a hindcast shows later ones too
    )
    years = [seen.period.year for seen in used if seen.status != "forecast"]
    for row in theirs:
        period, value = row.year(), row.number("value")
        if period is None or value is None:
            raise row.refuse("period" if period is None else "value", "is empty")
        stated = row.year("origin") or (origin if origin is not None and origin < period else None)
        known = stated or max((year for year in years if year < period), default=None)
        if known is None and first <= period:
            known = first - 1  # our rows begin in the year after the last one known
        said.append(Said(row.text("author", "model") or "not named", period, value, row.bounds(), known))

    def told(key: str) -> str:
        return str(about.get(key) or next(filter(None, (row.text(key) for row in rows)), ""))

    measure: Any = told("measure") or "flow"
    series = Series(
        name,
        title=told("title"),
        definition=told("definition"),
        measure=measure if measure in ("flow", "stock", "rate", "growth", "price") else "flow",
        unit=told("unit"),
        publisher=told("publisher"),
        observations=used,
    )
    return KeptSeries(series, tuple(said))


def _observation(row: _Cells) -> Observation | None:
    """One value of a year that was used; None for a part of a year, and a growth."""
    if not row.text("period").isdigit() or (value := row.number("value")) is None:
        return None
    year = row.year()
    assert year is not None
    told = row.text("kind") == "told"
    low, high, level = (row.number(name) for name in ("low", "high", "level"))
    return Observation(
        Period(year),
        value,
        status="forecast" if told else "actual",
        source=row.text("source"),
        author=row.text("author", "source") if told else "",
        published_latest=_day(row.text("published_on")),
        target=row.text("status") == "target",
        interval=Interval(low, high, int(level or 80)) if told and low is not None and high is not None else None,
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
