import numpy as np

from rural_forecast.models import damped_holt
from rural_forecast.models.trend_smoothing import extend, walk


def test_one_period_by_hand() -> None:
    # state 2, 1, phi 0.8; forecast 2.8, error 2.2; level 3.9, trend 0.8 + 1/4 * 2.2 = 1.35; then 0.8 and 0.64 of it
    half, phi = np.array([0.5]), np.array([0.8])
    _, level, trend = walk(np.array([[5.0]]), half, half, phi, np.array([2.0]), np.array([1.0]))
    path = extend(level, trend, phi, 2)
    assert np.allclose(path, [[3.9 + 1.08, 3.9 + 1.08 + 0.864]])


def test_growth_fades() -> None:
    path = damped_holt.fit(np.array([[100.0, 130.0, 150.0, 168.0, 180.0, 190.0]])).path(6)[0]
    changes = np.diff(path)
    assert np.all(changes > 0)
    assert np.all(np.diff(changes) < 0)


def test_phi_stays_within_its_bounds() -> None:
    values = np.exp(np.random.default_rng(3).normal(0.0, 0.4, (50, 9)).cumsum(axis=1))
    phi = damped_holt.fit(values).parameters["phi"]
    assert phi.min() >= damped_holt.PHI[0]
    assert phi.max() <= damped_holt.PHI[1]
