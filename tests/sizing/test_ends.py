"""The ends of a stated range are shown as they were written."""

from pathlib import Path

import pytest

import rural_forecast as rf

MODEL = """
title = "Tea"
unit = "bn CNY"
years = [2026]
formula = "users * share * spend"
[drivers.users]
value = "100..140"
unit = "million persons"
assumption = true
[drivers.share]
value = "0.08..0.11"
unit = "share"
assumption = true
[drivers.spend]
value = "900..1300"
unit = "CNY per person"
assumption = true
"""


@pytest.mark.parametrize(
    ("driver", "low", "high"),
    [("users", 100.0, 140.0), ("share", 0.08, 0.11), ("spend", 900.0, 1300.0)],
)
def test_a_driver_has_the_ends_that_were_written(
    driver: str, low: float, high: float, tmp_path: Path
) -> None:
    file = tmp_path / "tea.toml"
    file.write_text(MODEL)
    (estimate,) = rf.size(file, draws=2000).drivers[driver]
    assert (estimate.lower[0], estimate.upper[0]) == (low, high)
