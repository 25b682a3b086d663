"""The readers of text: two bytes choose options, the rest is the file."""

import math
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from rural_forecast.errors import RuralForecastError
from rural_forecast.observed.findings import check
from rural_forecast.observed.observation import Series
from rural_forecast.observed.period import FIRST_YEAR, LAST_YEAR
from rural_forecast.observed.reading import ReadOptions, read, read_one
from tests.fuzz.choices import Choices, files
from tests.fuzz.promises import refusals, require
from tests.fuzz.targets.forecasting import promised

_COLUMNS: tuple[Mapping[str, Any], ...] = (
    {},
    {"allow_gaps": True},
    {"decimal": ","},
    {"decimal": "."},
    {"value_column": "value", "period_column": "year"},
    {"id_column": "region"},
    {"id_column": "series_id", "series_id": "a"},
    {"unit": "bn CNY"},
)
_ENCODINGS = (None, "gb18030", "utf-16", "cp1252", "utf-7", "utf-8-sig")
_SHEETS = (None, "Sheet1", "A1:C9", "B2", "A:B")


def try_reading(data: bytes, kind: str) -> None:
    """Read the bytes as a file of a format, as one series and as many, and look through what came
    of it.
    """
    choices = Choices(data)
    options = ReadOptions()._replace(**choices.one(_COLUMNS))
    second = choices.below(256)
    if kind == "excel":
        options = options._replace(sheet=_SHEETS[second % len(_SHEETS)])
    elif kind != "parquet":
        options = options._replace(encoding=_ENCODINGS[second % len(_ENCODINGS)])
    content = choices.rest()
    with refusals():
        try:
            read_one("-", options, BytesIO(content))
        except RuralForecastError as error:
            require(
                error.hint and (error.message.isprintable() or kind == "parquet"),
                f"not in print: {error!r}",
            )
            raise
    with refusals():
        found = read("-", options, BytesIO(content))
        require(found, "neither series nor a refusal")
        for series in found[:5]:
            _look_through(series)


def _look_through(series: Series) -> None:
    for one in (*series.observations, *series.growth):
        require(math.isfinite(one.value), f"the value {one.value} was let through")
        require(
            FIRST_YEAR <= one.period.year <= LAST_YEAR,
            f"the year {one.period.year} was let through",
        )
    check(series)
    with refusals():
        promised(series)


SEEDS = [
    b"\0\0" + data for data in files("csv", "txt", "xml", "html", "tsv", "json", "ndjson", "jsonl")
]


def test(data: bytes) -> None:
    try_reading(data, "text")
