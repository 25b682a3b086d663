import numpy as np

from rural_forecast.models import exponential


def test_it_is_the_growth_of_a_spreadsheet() -> None:
    # GROWTH({1,2,8}): logarithms 0, log 2, 3 log 2; slope 1.5 log 2, at the fourth period 2^(4/3 + 3)
    path = exponential.fit(np.array([[1.0, 2.0, 8.0]])).path(1)
    assert np.isclose(path[0, 0], 2.0 ** (4.0 / 3.0 + 3.0), rtol=1e-14)


def test_constant_growth_is_found_exactly() -> None:
    fit = exponential.fit(5.0 * 1.2 ** np.arange(6.0)[None])
    assert np.isclose(fit.parameters["growth"][0], 0.2)
    assert np.isclose(fit.parameters["start"][0], 5.0)
