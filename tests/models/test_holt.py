import numpy as np

from rural_forecast.models import holt
from rural_forecast.models.trend_smoothing import extend, walk


def test_one_period_by_hand() -> None:
    # state 2, 1; forecast 3, error 2; level 4, trend 1 + 1/2 * 1/2 * 2 = 1.5
    half, one = np.array([0.5]), np.array([1.0])
    _, level, trend = walk(np.array([[5.0]]), half, half, one, np.array([2.0]), one)
    path = extend(level, trend, one, 2)
    assert np.allclose(path, [[5.5, 7.0]])


def test_a_straight_line_goes_on() -> None:
    assert np.allclose(holt.fit(np.array([[4.0, 7.0, 10.0, 13.0]])).path(2), [[16.0, 19.0]])


def test_a_bend_moves_the_trend() -> None:
    fit = holt.fit(np.array([[1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0]]))
    assert np.allclose(fit.path(1), [[16.0]], rtol=0.02)
    assert fit.parameters["trend"][0] > 1.8
