"""A file of many series through `batch`, and the same series one by one."""

import json
from io import BytesIO
from math import isclose

from rural_forecast.errors import RuralForecastError
from rural_forecast.objects.functions import forecast
from rural_forecast.observed.reading import ReadOptions, read
from rural_forecast.render.formats import FORMATS
from tests.fuzz.choices import Choices, files
from tests.fuzz.playing import check_output, play
from tests.fuzz.promises import require

_EXTRA = (
    (),
    ("--history",),
    ("--all-models",),
    ("--strict",),
    ("--allow-gaps",),
    ("--year", "2018"),
    ("--calibrate", "auto"),
)
SEEDS = [bytes([0, 0]) + data for data in files("csv", "tsv", "ndjson")]


def test(data: bytes) -> None:
    choices = Choices(data)
    name = choices.one(tuple(FORMATS))
    extra = choices.one(_EXTRA)
    content = choices.rest()
    played = play(["batch", "-", "--workers", "1", "--format", name, *extra], content)
    check_output(played, name, None)
    if name == "ndjson" and not extra and played.code in (0, 5):
        rows = [json.loads(line) for line in played.out.decode().splitlines()]
        _agrees({(row["series_id"], row["period"]): row["value"] for row in rows}, content)


def _agrees(together: dict[tuple[str, int], float], content: bytes) -> None:
    """Check that series that can be read one by one get the same numbers; a batch refuses what
    needs a search.
    """
    forecast_ids = {name for name, _ in together}
    try:
        found = read("-", ReadOptions(), BytesIO(content))
        results = [
            (series.id, forecast(series)) for series in found[:3] if series.id in forecast_ids
        ]
    except RuralForecastError:
        return
    for name, result in results:
        for year, value in zip(result.years, result.best.values, strict=True):
            other = together.get((name, year), float("nan"))
            require(
                isclose(other, value, rel_tol=1e-12),
                f"{name} in {year}: {other} in a batch, {value} alone",
            )
