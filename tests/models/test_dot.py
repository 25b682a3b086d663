import numpy as np

from rural_forecast.models import dot
from rural_forecast.models.linear import ols
from rural_forecast.models.smoothing import by_time


def path_given(
    values: np.ndarray, alpha: np.ndarray, weight: np.ndarray, start: np.ndarray, horizon: int
) -> np.ndarray:
    rows = by_time(values)
    return dot.path_given(rows, dot.running_trend(rows), alpha, weight, start, horizon)


def test_the_running_lines_are_least_squares_of_the_first_values() -> None:
    values = np.array([[3.0, 8.0, 6.0, 12.0, 11.0], [1.0, 1.0, 4.0, 2.0, 9.0]])
    trend = dot.running_trend(by_time(values))
    for t in range(2, 6):
        intercept, slope = ols(values[:, :t])
        assert np.allclose(trend.slope[t - 1], slope)
        assert np.allclose(trend.at[t - 1], intercept - slope)  # at period 0, where the first is period 1


def test_theta_of_one_is_exponential_smoothing() -> None:
    values, alpha = np.array([[2.0, 4.0, 7.0, 5.0]]), np.array([0.5])
    path = path_given(values, alpha, np.zeros(1), values[:, 0], 3)
    assert np.allclose(path, [[5.0, 5.0, 5.0]])  # levels 2, 3, 5, 5


def test_one_step_by_hand() -> None:
    # alpha 1/2, weight 1/2 (theta 2), start 1; levels 1.5, 2.75, 4.875; lines 2; 0 + 2 t; -2/3 + 5/2 t
    path = path_given(np.array([[2.0, 4.0, 7.0]]), np.array([0.5]), np.array([0.5]), np.array([1.0]), 1)
    assert np.isclose(path[0, 0], 4.875 + 0.5 * (0.125 * (-2.0 / 3.0) + 1.875 * 2.5))


def test_a_straight_line_goes_on() -> None:
    fit = dot.fit(np.array([[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]]))
    assert np.allclose(fit.path(3), [[7.0, 8.0, 9.0]], rtol=1e-8)


def test_given_parameters_agree_with_statsforecast() -> None:
    """Numbers of statsforecast 2.1.1, `_lib.theta`, DOTM, alpha 0.4, theta 2.5, start 60."""
    values = np.array([[60.0, 80.0, 100.0, 120.0, 150.0, 170.0, 200.0, 215.0]])
    path = path_given(values, np.array([0.4]), np.array([1.0 - 1.0 / 2.5]), np.array([60.0]), 4)
    assert np.allclose(path, [STATSFORECAST], rtol=1e-12)


STATSFORECAST = (218.31250943999999, 229.9360153051275, 240.93260005088348, 251.3954657864656)
