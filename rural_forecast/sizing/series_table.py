"""A table of a TOML file that names a series: of the catalogue, or of a file beside it."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from rural_forecast.errors import RuralForecastError
from rural_forecast.series.observation import Series
from rural_forecast.sizing.places import Path, Places
from rural_forecast.sizing.units import Unit, parse_unit, whole_of

WINDOW = ("series_id", "since", "until", "model")
"""Keys that may stand beside `series`."""


class FromSeries(NamedTuple):
    """A driver that is a series, forecast by our engine after its last year."""

    series: Series
    factor: float
    """From the unit of the series to that of the driver."""
    since: int | None = None
    until: int | None = None
    models: tuple[str, ...] = ()
    source: str = ""
    """How the command line would name it, with the window and the model."""


def text_of(table: Mapping[str, Any], key: str, path: Path, places: Places) -> str:
    """A text of a table, or empty where it is not given."""
    text = table.get(key, "")
    if not isinstance(text, str):
        raise places.refuse((*path, key), f"{text!r} is no text", "Put it between double quotes.")
    return text.strip()


def read_unit(text: str, path: Path, places: Places) -> Unit:
    """A unit that must be there."""
    if not text:
        raise places.refuse(path, "has no unit", 'Add one, such as unit = "million persons", or unit = "share".')
    try:
        return parse_unit(text)
    except ValueError as error:
        raise places.refuse((*path, "unit"), str(error)) from None


def read_series(
    table: Mapping[str, Any], path: Path, places: Places, folder: FilePath, unit_text: str
) -> tuple[FromSeries, Unit, str]:
    """The series a table names, with the unit its values are told in: `unit_text`, or its own where that is empty.

    Raises
    ------
    InputError : there is no such series, its file is refused, or it cannot be told in that unit
    """
    series = read_named(table, path, places, folder)
    text = unit_text or series.unit
    unit = read_unit(text, path, places)
    model = text_of(table, "model", path, places)
    since, until = (_year(table.get(key), (*path, key), places) for key in ("since", "until"))
    factor = _factor(series, unit, text, (*path, "unit") if "unit" in table else path, places)
    source, picked = (text_of(table, key, path, places) for key in ("series", "series_id"))
    options = {"series": picked, "since": since, "until": until, "model": model}
    written = [f" --{name} {shlex.quote(str(value))}" for name, value in options.items() if value]
    named = shlex.quote(source) + "".join(written)
    return FromSeries(series, factor, since, until, (model,) if model else (), named), unit, text


def _factor(series: Series, unit: Unit, text: str, path: Path, places: Places) -> float:
    """How many of the unit one of the series' is; a count without a noun may get one."""
    if not series.unit:
        return 1.0
    try:
        known = parse_unit(series.unit)
    except ValueError as error:
        raise places.refuse(path, f"{series.id}: {error}") from None
    counts = known.is_plain and whole_of(series.unit) is None and [power for _, power in unit.powers] == [1]
    if known.powers != unit.powers and not counts:
        raise places.refuse(path, f"{series.id} is in {series.unit}, which cannot be told in {text}")
    return known.scale / unit.scale


def read_named(table: Mapping[str, Any], path: Path, places: Places, folder: FilePath) -> Series:
    """The series that a table names, of the catalogue or of a file beside its own; standard input is none.

    Raises
    ------
    InputError : there is no such series, or its file is refused
    """
    from rural_forecast.series.source import read
    from rural_forecast.series.source_names import is_file

    source = text_of(table, "series", path, places)
    try:
        if source and source != "-" and is_file(source):
            from rural_forecast.series.reading import ReadOptions

            return read(folder / source, ReadOptions(series_id=text_of(table, "series_id", path, places) or None))
        return read(source if source != "-" else "")
    except RuralForecastError as error:
        raise places.refuse((*path, "series"), error.message.rstrip("."), error.hint) from None


def _year(given: Any, path: Path, places: Places) -> int | None:
    if given is None:
        return None
    if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= 9999:
        raise places.refuse(path, f"{given!r} is no year")
    return given
