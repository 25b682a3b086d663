import numpy as np

from rural_forecast.models import drift


def test_it_adds_the_mean_change() -> None:
    fit = drift.fit(np.array([[10.0, 40.0, 16.0, 22.0]]))
    assert fit.parameters["drift"].tolist() == [4.0]
    assert fit.path(3).tolist() == [[26.0, 30.0, 34.0]]


def test_a_falling_series_falls_on_below_zero() -> None:
    assert drift.fit(np.array([[3.0, 1.0]])).path(2).tolist() == [[-1.0, -3.0]]
