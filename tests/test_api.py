"""The Python API: what it says to those who give it something else than a series."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import rural_forecast as rf
from rural_forecast.cli.app import run

TAKERS = (rf.forecast, rf.compare, rf.backtest, rf.growth, rf.nowcast, rf.targets)


@pytest.mark.parametrize("taker", TAKERS, ids=lambda taker: taker.__name__)
@pytest.mark.parametrize("given", ["turnover", pd.DataFrame({"year": [2020], "value": [1.0]})], ids=["id", "frame"])
def test_what_is_no_series_is_told_how_to_become_one(taker: Callable[..., Any], given: object) -> None:
    with pytest.raises(TypeError, match=r"A Series is wanted, not a (str|DataFrame): rural_forecast\.read"):
        taker(given)


def test_read_sends_a_frame_to_forecast_frame() -> None:
    with pytest.raises(TypeError, match=r"not a DataFrame: rural_forecast\.forecast_frame"):
        rf.read(pd.DataFrame({"year": [2020]}))  # type: ignore[arg-type]


def test_batch_sends_a_frame_to_forecast_frame() -> None:
    with pytest.raises(TypeError, match=r"not a DataFrame: rural_forecast\.forecast_frame"):
        rf.batch(pd.DataFrame({"year": [2020], "value": [1.0]}))  # type: ignore[arg-type]


RESULTS: dict[str, tuple[Callable[[], Any], dict[str, bool]]] = {
    "project turnover --year 2018 --history": (lambda: rf.forecast(rf.read("turnover"), year=2018), {"history": True}),
    "project turnover --model drift --model theta": (
        lambda: rf.forecast(rf.read("turnover"), models=["drift", "theta"]),
        {},
    ),
    "compare turnover": (lambda: rf.compare(rf.read("turnover")), {}),
    "backtest turnover": (lambda: rf.backtest(rf.read("turnover")), {}),
    "backtest turnover --detail": (lambda: rf.backtest(rf.read("turnover")), {"detail": True}),
    "growth turnover mofcom --all-years": (
        lambda: rf.growth(rf.read("turnover"), rf.read("mofcom"), all_years=True),
        {},
    ),
    "nowcast mofcom --year 2017 --until 2016": (lambda: rf.nowcast(rf.read("mofcom"), year=2017, until=2016), {}),
    "size rural_retailer --draws 1000": (lambda: rf.size("rural_retailer", draws=1000), {}),
    "scenario turnover --growth 5 --name low": (
        lambda: rf.scenario(rf.read("turnover"), rf.Scenario("low", growth=5)),
        {},
    ),
}


@pytest.mark.parametrize("command", RESULTS)
def test_the_frame_of_a_result_holds_the_rows_of_its_command(command: str, tmp_path: Path) -> None:
    make, options = RESULTS[command]
    frame = rf.to_frame(make(), **options)
    file = tmp_path / "out.parquet"
    assert run((*command.split(), "-o", str(file))) == 0
    written = pd.read_parquet(file)
    assert list(frame.columns) == list(written.columns)
    pd.testing.assert_frame_equal(frame, written, check_dtype=False)
    assert all(str(dtype) in {"str", "int64", "Int64", "float64", "boolean"} for dtype in frame.dtypes)


def test_only_results_become_frames() -> None:
    with pytest.raises(TypeError, match="is wanted, not a Series"):
        rf.to_frame(rf.read("turnover"))
