import numpy as np

from rural_forecast.models import theta, theta_log


def test_it_is_theta_of_the_logarithms() -> None:
    values = np.array([[10.0, 14.0, 13.0, 19.0]])
    assert np.allclose(theta_log.fit(values).path(3), np.exp(theta.fit(np.log(values)).path(3)), rtol=1e-15)


def test_constant_growth_goes_on_at_half_its_logarithm() -> None:
    path = theta_log.fit(2.0 ** np.arange(5.0)[None]).path(6)
    assert np.allclose(path[:, 1:] / path[:, :-1], 2.0**0.5, rtol=1e-9)
    assert np.allclose(path[:, 0], 16.0 * 2.0**0.5, rtol=0.07)
