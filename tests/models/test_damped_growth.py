import numpy as np

from rural_forecast.models import damped_growth


def test_growth_of_the_last_two_years_fades_by_three_tenths() -> None:
    path = damped_growth.fit(np.array([[1.0, 90.0, 100.0, 121.0]])).path(3)[0]
    growth = np.log(121 / 90) / 2
    assert np.allclose(np.diff(np.log([121.0, *path])), [growth, 0.7 * growth, 0.49 * growth])
