"""Spark on this machine: `poe test-spark`, apart from the other tests, for it needs Java and 500 MB."""

from pathlib import Path

import pytest

from tests.forecasting.batch.engines import check
from tests.inside import Cli


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_spark_gives_the_numbers_of_this_machine(cli: Cli, tmp_path: Path, suffix: str) -> None:
    check(cli, tmp_path, "spark", suffix)


@pytest.mark.filterwarnings("ignore")
def test_spark_makes_the_panel_of_this_machine(cli: Cli, tmp_path: Path) -> None:
    source = tmp_path / "parts.csv"
    rows = [
        f"{region} / {part},{year},{10 + 3 * (year - 2020)}"
        for region in "NS"
        for part in "AB"
        for year in (2020, 2021)
    ]
    source.write_text("\n".join(("id,year,value", *rows)), encoding="utf-8")
    here, there = (cli("panel", str(source), "--format", "csv", *engine) for engine in ((), ("--engine", "spark")))
    assert there.out == here.out
