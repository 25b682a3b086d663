"""Dask on a local cluster of two workers."""

from pathlib import Path

import pytest

from tests.forecasting.batch.engines import check
from tests.inside import Cli


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_dask_gives_the_numbers_of_this_machine(cli: Cli, tmp_path: Path) -> None:
    check(cli, tmp_path, "dask", ".parquet")
