"""A table of a TOML file that names a series: of the catalogue, or of a file in the same folder."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import NamedTuple

from pydantic import Field

from rural_forecast.errors import RuralForecastError
from rural_forecast.series.observation import Series
from rural_forecast.sizing.units import Unit, parse_unit, whole_of
from rural_forecast.toml.table import Table, TableError, Text, Year, at

WINDOW = ("series_id", "since", "until", "model")
"""Keys that may be given with `series`."""


class FromSeries(NamedTuple):
    """A driver that is a series, with the engine's forecast after its last year."""

    series: Series
    factor: float
    """From the unit of the series to that of the driver."""
    since: int | None = None
    until: int | None = None
    models: tuple[str, ...] = ()
    source: str = ""
    """The series with its window and model, as arguments of the command line."""


class SeriesTable(Table):
    """The keys that name a series, its window and its model."""

    series: Text = Field(description="no_series_key")
    series_id: Text = ""
    since: Year | None = None
    until: Year | None = None
    model: Text = ""

    def from_series(self, folder: Path, unit_text: str) -> tuple[FromSeries, Unit, str]:
        """The series and the unit of its values: `unit_text`, or its own if that is empty.

        Raises TableError if there is no such series, its file is refused, or its unit does not convert.
        """
        series = read_series(self.series, self.series_id, folder)
        text = unit_text or series.unit
        unit = read_unit(text)
        options = {"series": self.series_id, "since": self.since, "until": self.until, "model": self.model}
        written = [f" --{name} {shlex.quote(str(value))}" for name, value in options.items() if value]
        models = (self.model,) if self.model else ()
        factor = _factor(series, unit, text, ("unit",) if "unit" in self.model_fields_set else ())
        driver = FromSeries(series, factor, self.since, self.until, models, shlex.quote(self.series) + "".join(written))
        return driver, unit, text


def read_unit(text: str) -> Unit:
    """A unit, which must be given. Raises TableError if it is empty or not understood."""
    if not text:
        raise TableError.of("no_unit")
    with at("unit"):
        return parse_unit(text)


def read_series(source: str, series_id: str, folder: Path) -> Series:
    """A series of the catalogue, or of a file relative to `folder`; standard input is refused.

    Raises TableError if there is no such series, or its file is refused.
    """
    from rural_forecast.series.source import read
    from rural_forecast.series.source_names import is_file

    try:
        if source and source != "-" and is_file(source):
            from rural_forecast.series.reading import ReadOptions

            return read(folder / source, ReadOptions(series_id=series_id or None))
        return read(source if source != "-" else "")
    except RuralForecastError as error:
        raise TableError.of("refused_series", "series", cause=error) from None


def _factor(series: Series, unit: Unit, text: str, path: tuple[str, ...]) -> float:
    """How many of `unit` are in the unit of the series; a count without a noun may take any noun."""
    if not series.unit:
        return 1.0
    try:
        known = parse_unit(series.unit)
    except TableError as error:
        raise TableError.of("refused_unit", *path, series=series.id, cause=error) from None
    is_count = known.is_plain and whole_of(series.unit) is None and [power for _, power in unit.powers] == [1]
    if known.powers != unit.powers and not is_count:
        raise TableError.of("unit_not_convertible", *path, series=series.id, unit=series.unit, wanted=text)
    return known.scale / unit.scale
