import numpy as np

from rural_forecast.models import theta


def test_a_known_smoothing_weight_by_hand() -> None:
    # levels 2, 3, 5 for alpha 1/2; slope of 2, 4, 7 is 5/2; lag 1 + 1/2 + 1/4
    path = theta.path_given(np.array([[2.0, 4.0, 7.0]]), np.array([0.5]), 2)
    assert np.allclose(path, [[5.0 + 1.25 * 1.75, 5.0 + 1.25 * 2.75]])


def test_no_weight_on_new_values_leaves_half_of_the_trend_from_the_first() -> None:
    path = theta.path_given(np.array([[2.0, 4.0, 7.0]]), np.array([0.0]), 1)
    assert np.allclose(path, [[2.0 + 1.25 * 3.0]])


def test_a_steady_climb_puts_most_weight_on_the_newest_value() -> None:
    fit = theta.fit(np.array([[10.0, 20.0, 30.0, 40.0]]))
    assert fit.parameters["alpha"][0] > 0.75
    assert np.allclose(fit.path(2), [[45.0, 50.0]], rtol=0.06)


def test_a_series_that_returns_to_its_mean_puts_less_weight_on_the_newest_value() -> None:
    values = np.array([[10.0, 14.0, 9.0, 15.0, 12.0, 16.0, 11.0]])
    steady = np.array([[10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0]])
    assert 0.0 < theta.fit_alpha(values)[0] < theta.fit_alpha(steady)[0] - 0.2
