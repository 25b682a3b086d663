"""A corpus of files that must be refused: `cases.csv` names each, what the message says, and what the hint says."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from rural_forecast.errors import InputError, RuralForecastError, UsageError
from rural_forecast.series.readers import ReadOptions, read_one

HERE = Path(__file__).parent
FILES = HERE / "files"

with (HERE / "cases.csv").open(encoding="utf-8", newline="") as _cases:
    CASES = list(csv.DictReader(_cases))


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["file"]))
def test_refused_with_place_and_advice(case: dict[str, str]) -> None:
    options = dict(option.split("=") for option in case["options"].split())
    with pytest.raises((InputError, UsageError)) as caught:
        read_one(str(FILES / case["file"]), ReadOptions()._replace(**options))
    error = caught.value
    assert case["says"] in error.message
    assert case["hint"] in error.hint
    assert error.hint
    assert isinstance(error, RuralForecastError)
    assert error.message.isprintable()
    assert str(HERE) not in error.message


def test_every_file_is_a_case() -> None:
    assert sorted(case["file"] for case in CASES) == sorted(path.name for path in FILES.iterdir())
