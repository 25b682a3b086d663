import numpy as np

from rural_forecast.models import damped_drift


def test_each_period_adds_085_of_the_one_before() -> None:
    path = damped_drift.fit(np.array([[0.0, 50.0, 200.0]])).path(3)[0]
    assert np.allclose(np.diff([200.0, *path]), [85.0, 72.25, 61.4125])


def test_growth_has_a_limit() -> None:
    path = damped_drift.fit(np.array([[0.0, 100.0]])).path(400)[0]
    assert np.isclose(path[-1], 100.0 + 100.0 * 0.85 / 0.15)
