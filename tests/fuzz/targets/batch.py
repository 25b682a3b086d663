"""A file of many series through `batch`, and the same series one by one."""

import json
from collections.abc import Mapping
from io import BytesIO
from math import isclose
from typing import Any

from rural_forecast.errors import RuralForecastError
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.series.reading import ReadOptions, read
from tests.fuzz.choices import Choices
from tests.fuzz.playing import check_output, play
from tests.fuzz.promises import require
from tests.fuzz.seeds import files

_FORMATS = ("ndjson", "csv", "tsv", "json", "parquet", "xlsx", "table", "markdown")
_EXTRA = (
    (), ("--history",), ("--all-models",), ("--strict",), ("--allow-gaps",), ("--year", "2018"),
    ("--calibrate", "auto"),
)  # fmt: skip
_INPUTS = ("csv", "tsv", "ndjson", "json")
_LONG = (
    b"series_id,year,value,unit\na,2014,1,m\na,2015,2,m\nb,2014,3,m\nb,2015,5.5,m\nb,2016,-1,m\nc,2014,x,m\n",
    b"id\tperiod\ty\na\t2014\t180\na\t2015\t353\na\t2016\t482\n",
    b'{"unique_id": "a", "year": 2014, "value": 180}\n{"unique_id": "b", "year": 2014, "value": 1e3}\n',
)
SEEDS = [
    bytes([0, 0, kind]) + data for kind, suffix in enumerate(_INPUTS[:3]) for data in (_LONG[kind], *files(suffix))
]


def test(data: bytes) -> None:
    """Forecast a file of series from standard input."""
    choices = Choices(data)
    name, extra, _ = choices.one(_FORMATS), choices.one(_EXTRA), choices.one(_INPUTS)
    content = choices.rest()
    played = play(["batch", "-", "--workers", "1", "--format", name, *extra], content)
    check_output(played, name, None)
    if name == "ndjson" and not extra and played.code in (0, 5):
        _agrees([json.loads(line) for line in played.out.decode().splitlines()], content)


def _agrees(rows: list[Mapping[str, Any]], content: bytes) -> None:
    """Whether series that can be read one by one get the same numbers, and are not refused."""
    try:
        found = read("-", ReadOptions(), BytesIO(content))
    except RuralForecastError:
        return
    for series in found[:3]:
        try:
            result = forecast(series)
        except RuralForecastError:
            continue
        by_year = {row["period"]: row["value"] for row in rows if row["series_id"] == series.id}
        for year, value in zip(result.years, result.best.values, strict=True):
            if not by_year:
                continue  # a batch is stricter: it refuses what needs a search for the table
            require(
                isclose(by_year.get(year, float("nan")), value, rel_tol=1e-12),
                f"{series.id} in {year}: {by_year.get(year)} in a batch, {value} alone",
            )
