"""A stated kind of market: what it changes, where it is refused, and that a batch agrees."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import rural_forecast as rf
from rural_forecast.errors import InputError, UsageError
from rural_forecast.forecasting import limits
from rural_forecast.series.observation import Series
from tests.inside import Cli
from tests.series.build import series

YOUNG = [10.0, 21.0, 39.0, 66.0]
ROWS = "series_id,year,value,market_kind\n" + "".join(
    f"{name},{2019 + at},{value * size},{kind}\n"
    for name, size, kind in (("a", 1, "adoption"), ("b", 1, ""), ("c", 3, ""))
    for at, value in enumerate(YOUNG)
)


def young(values: list[float] = YOUNG) -> Series:
    return series({str(2019 + at): value for at, value in enumerate(values)})


def test_kind_moves_the_consensus_alone_and_lower_levels_are_narrower() -> None:
    plain, stated = (rf.forecast(young(), kernels=True, kind=kind) for kind in (None, "adoption"))
    assert stated.best.values[-1] > plain.best.values[-1]
    assert [one.values.tolist() for one in stated.others] == [one.values.tolist() for one in plain.others]
    best = rf.forecast(young(), horizon=3, kind="adoption", levels=(30, 40, 45, 49, 50)).best
    assert (np.diff(np.log(best.upper / best.lower), axis=0) > 0).all()


def test_rows_do_not_depend_on_the_target_and_bounds_hold() -> None:
    near, far = (rf.forecast(young(), horizon=horizon, kind="adoption").best for horizon in (3, 40))
    assert near.values.tolist() == far.values.tolist()[:3]
    assert (far.lower < far.values).all()
    assert (far.values < far.upper).all()
    widths = np.log(far.upper / far.lower)
    assert (np.diff(widths, axis=1) >= -1e-12).all()
    assert (np.diff(widths, axis=0) > 0).all()
    capped = rf.forecast(young(), horizon=10, kind="adoption", ceiling=(100, 150)).best
    assert (np.diff(capped.values) > 0).all()
    assert capped.upper.max() <= 150


def test_slow_growth_fades_the_kind_out() -> None:
    values = np.array([[100.0, 100 * growth, 100 * growth**2] for growth in (1.05, 1.1, 1.1001, 1.25, 1.6)])
    strength = limits.strength(values)
    assert strength[[0, 1]].tolist() == [0, 0]
    assert 0 < strength[2] < 0.001
    assert strength[4] == 1


def test_kind_is_refused_where_it_cannot_apply(tmp_path: Path) -> None:
    for values, kind, models, problem in (
        (YOUNG, "fashion", (), "no forecast for the kind of market 'fashion'"),
        (YOUNG, "adoption", ["naive"], "changes the consensus alone"),
        ([1.0, 0.0, 2.0], "adoption", (), "two positive values or more"),
    ):
        with pytest.raises(UsageError, match=problem):
            rf.forecast(young(values), kind=kind, models=models)
    path = tmp_path / "panel.csv"
    path.write_text(ROWS.replace("adoption", "fashion"))
    with pytest.raises(InputError, match="2: column 'market_kind': 'fashion' is not a kind"):
        rf.read(str(path), rf.ReadOptions(series_id="a"))


def test_column_of_a_file_states_the_kind_of_its_series_alone_and_in_a_batch(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "panel.csv"
    path.write_text(ROWS)
    told = cli("batch", path, "--format", "csv")
    assert told.code == 0
    rows = pd.read_csv(pd.io.common.StringIO(told.out)).set_index("series_id")
    assert rows.value["a"].iloc[0] > rows.value["b"].iloc[0]
    assert rows.value["c"].iloc[0] == pytest.approx(3 * rows.value["b"].iloc[0])
    alone = rf.forecast(rf.read(str(path), rf.ReadOptions(series_id="a"))).best
    assert rows.value["a"].tolist() == pytest.approx(alone.values.tolist(), rel=1e-12)
    assert "kinds_stated" in [note.code for note in rf.batch(path).notes]
    every = rf.forecast_frame(pd.read_csv(path).drop(columns="market_kind"), kind="adoption")
    every = every.set_index("series_id")
    assert every.value["b"].tolist() == rows.value["a"].tolist()
    assert rf.backtest(rf.read(str(path), rf.ReadOptions(series_id="a"))).scores[0].model == "consensus"
