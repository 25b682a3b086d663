import numpy as np

from rural_forecast.models import naive


def test_it_repeats_the_last_value() -> None:
    fit = naive.fit(np.array([[1.0, 5.0, 3.0], [2.0, 2.0, 9.0]]))
    assert fit.path(3).tolist() == [[3.0] * 3, [9.0] * 3]


def test_one_point_is_enough() -> None:
    assert naive.fit(np.array([[4.0]])).path(2).tolist() == [[4.0, 4.0]]
