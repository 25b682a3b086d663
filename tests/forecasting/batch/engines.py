"""What every engine must do: the numbers of this machine."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tests.forecasting.batch.panels import frame, written
from tests.inside import Cli


def check(cli: Cli, tmp_path: Path, engine: str, suffix: str) -> None:
    panel = frame(120)
    gap = pd.DataFrame({"series_id": "gap", "year": [2010, 2012], "value": [1.0, 2.0], "unit": "t"})
    source = written(pd.concat([panel, gap]), tmp_path / f"panel{suffix}")
    local, other = tmp_path / "local.parquet", tmp_path / "other.parquet"
    assert cli("batch", source, "--horizon", "3", "-o", str(local)).code == 5
    done = cli("batch", source, "--horizon", "3", "-o", str(other), "--engine", engine)
    assert done.code == 5, done.err
    assert "120 series forecast, 1 refused" in done.err
    assert "2011 is missing" in (tmp_path / "other.parquet.refused.csv").read_text()
    order = ["series_id", "period"]
    tables = [pd.read_parquet(path).sort_values(order, ignore_index=True) for path in (local, other)]
    pd.testing.assert_frame_equal(*tables, check_exact=True)
