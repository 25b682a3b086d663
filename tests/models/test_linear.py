import numpy as np

from rural_forecast.models import linear


def test_it_is_the_trend_of_a_spreadsheet() -> None:
    # TREND({2,3,7}, {1,2,3}, {4,5}): slope 5/2, intercept at the first period 1.5
    fit = linear.fit(np.array([[2.0, 3.0, 7.0]]))
    assert np.allclose([fit.parameters["intercept"][0], fit.parameters["slope"][0]], [1.5, 2.5])
    assert np.allclose(fit.path(2), [[9.0, 11.5]])


def test_a_great_level_does_not_blur_the_slope() -> None:
    intercept, slope = linear.ols(1e9 + np.array([[0.0, 1.0, 2.0, 3.0]]))
    assert np.isclose(slope[0], 1.0, rtol=1e-12)
    assert intercept[0] == 1e9


def test_one_point_has_no_slope() -> None:
    assert [part.tolist() for part in linear.ols(np.array([[3.0]]))] == [[3.0], [0.0]]
