"""Spark on this machine: `poe test-spark`, apart from the other tests, for it needs Java and 500 MB."""

from pathlib import Path

import pytest

from tests.forecasting.batch.engines import check
from tests.inside import Cli


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_spark_gives_the_numbers_of_this_machine(cli: Cli, tmp_path: Path, suffix: str) -> None:
    check(cli, tmp_path, "spark", suffix)
