"""Factors of a panel: what a last year asks for in which most series were surprised together."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import rural_forecast as rf
from rural_forecast.forecasting.answers import moved
from rural_forecast.forecasting.batch.calibration import GOES_ON, LARGEST_AUTO, calibrated, common_error, distances
from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.panel import Panel, request

SERIES, YEARS = 60, 25
ASKED = request(levels=(80, 95))


def panel_of(steps: np.ndarray) -> Panel:
    """Series with these log changes."""
    values, ids = np.exp(np.cumsum(steps, axis=1)).ravel(), [str(number) for number in range(SERIES)]
    return Panel(ids, np.arange(0, SERIES * YEARS + 1, YEARS), values, np.full(SERIES, 2020), [""] * SERIES)


def panel(hit: int) -> Panel:
    """Series of steady growth, some of which fall by a third in the last year."""
    steps = np.random.default_rng(3).normal(0.03, 0.03, (SERIES, YEARS))
    steps[:hit, -1] -= 0.4
    return panel_of(steps)


def lagging(growth: float) -> Panel:
    """Series that all grow by more in each of the last three years than before."""
    steps = np.random.default_rng(4).normal(0.02, 0.05, (SERIES, YEARS))
    steps[:, -3:] += growth
    return panel_of(steps)


def test_nothing_is_widened_where_no_year_surprised_most() -> None:
    done = calibrated(panel(0), ASKED, 6, "auto")
    assert done.factors == (1.0, 1.0)
    assert done.warnings == ()


def test_a_batch_of_python_is_calibrated_as_well(tmp_path: Path) -> None:
    wild = panel(60)
    years = np.tile(np.arange(YEARS) + 2020 - YEARS + 1, SERIES)
    table = pd.DataFrame({"id": np.repeat(wild.ids, YEARS), "year": years, "value": wild.values})
    table.to_csv(tmp_path / "wild.csv", index=False)
    plain, wider = (rf.batch(tmp_path / "wild.csv", calibrate=mode) for mode in ("never", "auto"))
    assert (wider.forecasts["upper_80"] > plain.forecasts["upper_80"]).all()
    assert [note.code for note in wider.notes] == ["calibration", "calibrated_level", "calibrated_level", "surprised"]


@pytest.mark.parametrize("hit", [40, 60])
def test_a_common_surprise_widens_by_a_part_of_what_its_year_needed(hit: int) -> None:
    shocked = panel(hit)
    needed = np.quantile(distances(shocked, ASKED, 1)[0, :, 0], 0.8)
    for mode in ("auto", "always"):
        done = calibrated(shocked, ASKED, 6, mode)
        assert [note.code for note in done.warnings] == ["surprised"]
        assert done.factors[0] >= 0.99 * min(needed, 4.0) ** GOES_ON > 1.2
        assert mode == "always" or max(done.factors) <= LARGEST_AUTO


def test_values_move_where_three_origins_missed_on_one_side_unless_it_was_a_shock() -> None:
    up, down, shock = (common_error(lagging(growth), ASKED) for growth in (0.025, -0.025, 0.5))
    assert 0.05 < up < 0.35
    assert -0.35 < down < -0.05
    assert shock == 0
    assert common_error(panel(60), request(levels=(50, 90))) == 0
    assert calibrated(lagging(0.025), ASKED, 4, "auto").shift == up


@pytest.mark.parametrize("shift", [0.3, -0.3])
def test_a_move_keeps_signs_and_the_widths_in_logs(shift: float) -> None:
    values = np.array([[1.0, 2.0, 3.0, 4.0], [0.0, 2.0, 0.0, 3.0]])
    joint = consensus(values, 3, (80, 95))
    point, lower, upper = moved(values, *joint[:3], 0, shift)
    assert np.all(np.sign(point - joint.point) == np.sign(shift))
    np.testing.assert_allclose(upper[0] / lower[0], joint.upper[0] / joint.lower[0])
    assert np.all((lower >= 0) & (lower <= point[:, None]) & (point[:, None] <= upper))
