"""Classes of histories of a few values whose forecasts were silly, each with the property that mends it."""

import numpy as np
import pytest

from rural_forecast.forecasting.consensus import Consensus, consensus


def of(*values: float) -> Consensus:
    return consensus(np.array([values], dtype=float), 5, (80,))


@pytest.mark.parametrize("zeros", [1, 2, 5])
@pytest.mark.parametrize("value", [0.01, 5, 4e6])
def test_a_lone_value_after_zeros_may_stay_or_fall(zeros: int, value: float) -> None:
    result = of(*[0.0] * zeros, value)
    assert (result.lower[0, 0] < 0.6 * value).all()
    assert (result.upper[0, 0] > 2 * value).all()


@pytest.mark.parametrize("fall", [0.03, 0.05, 0.1, 0.2])
def test_after_a_single_fall_the_median_does_not_pass_the_value_before(fall: float) -> None:
    assert of(100, 100 * (1 - fall)).point.max() < 100.5


@pytest.mark.parametrize("high", [120, 200, 500])
@pytest.mark.parametrize("count", [6, 7, 8])
def test_values_that_alternate_stay_between_the_two(high: float, count: int) -> None:
    """Near their geometric middle, with no drift away from it."""
    point = of(*[100, high] * (count // 2), *[100] * (count % 2)).point[0]
    assert np.abs(np.log(point / np.sqrt(100 * high))).max() < 0.4 * np.log(high / 100)


@pytest.mark.parametrize("growth", [(0.4, 0.2), (0.2, 0.1), (0.3, 0.2, 0.1)])
def test_a_series_that_slows_is_not_forecast_to_quicken(growth: tuple[float, ...]) -> None:
    """Its growth of the next five years is at most a sixth above that of the last, as a rate a year."""
    logs = np.cumsum([0.0, *growth])
    point = np.log(of(*np.exp(logs)).point[0]) - logs[-1]
    assert point[-1] / 5 < growth[-1] * 7 / 6


@pytest.mark.parametrize("near", [0.1, 0.03, 0.01])
def test_paths_of_a_decline_to_just_above_and_below_zero_are_alike(near: float) -> None:
    above, zero, below = (of(3, 2, 1, last) for last in (near, 0.0, -near))
    assert np.abs(above.point - zero.point).max() < 7 * near
    assert np.abs(below.point - zero.point).max() < 7 * near
    assert (below.lower[0, 0] < 0).all()
    assert (below.upper[0, 0] > 0).all()
