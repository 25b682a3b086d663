"""Spark on this machine: `poe test-spark`, apart from the other tests, for it needs Java and 500 MB."""

from pathlib import Path

import pytest

from tests.cli.conftest import Cli, cli
from tests.engines.panels import check

__all__ = ["cli"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_spark_gives_the_numbers_of_this_machine(cli: Cli, tmp_path: Path, suffix: str) -> None:
    check(cli, tmp_path, "spark", suffix)
