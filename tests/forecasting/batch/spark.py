"""Spark on this machine: `poe test-spark`, apart from the other tests, for it needs Java and 500
MB.
"""

from pathlib import Path

import pandas as pd
import pytest

from tests.forecasting.batch.panels import frame, written
from tests.inside import Cli

REGIONS = ("N / A", "N / B", "S / A", "S / B")
PARTS = [(name, year, 10.0 + year % 2020) for name in REGIONS for year in (2020, 2021)]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("command", ["batch", "panel"])
def test_spark_gives_the_numbers_of_this_machine(cli: Cli, tmp_path: Path, command: str) -> None:
    table = (
        frame(120, shortest=5)
        if command == "batch"
        else pd.DataFrame(PARTS, columns=["id", "year", "value"])
    )
    source = written(table, tmp_path / "panel.parquet")
    here, there = (
        cli(command, source, "--horizon", "3", "--format", "csv", *how)
        for how in ((), ("--engine", "spark"))
    )
    assert there.out == here.out
