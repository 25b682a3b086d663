"""The Python API: what it says to those who give it something else than a series."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

import rural_forecast as rf

TAKERS = (rf.forecast, rf.compare, rf.backtest, rf.growth, rf.nowcast, rf.targets)


@pytest.mark.parametrize("taker", TAKERS, ids=lambda taker: taker.__name__)
@pytest.mark.parametrize("given", ["turnover", pd.DataFrame({"year": [2020], "value": [1.0]})], ids=["id", "frame"])
def test_what_is_no_series_is_told_how_to_become_one(taker: Callable[..., Any], given: object) -> None:
    with pytest.raises(TypeError, match=r"A Series is wanted, not a (str|DataFrame): rural_forecast\.read"):
        taker(given)


def test_read_sends_a_frame_to_forecast_frame() -> None:
    with pytest.raises(TypeError, match=r"not a DataFrame: rural_forecast\.forecast_frame"):
        rf.read(pd.DataFrame({"year": [2020]}))  # type: ignore[arg-type]
