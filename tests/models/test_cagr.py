import numpy as np

from rural_forecast.models import cagr
from rural_forecast.models.base import Reason, answer


def test_it_is_the_rri_of_a_spreadsheet() -> None:
    fit = cagr.fit(np.array([[180.0, 353.0, 482.0]]))
    rate = (482.0 / 180.0) ** 0.5 - 1.0
    assert np.isclose(fit.parameters["growth"][0], rate)
    assert np.allclose(fit.path(2)[0], [482.0 * (1 + rate), 482.0 * (1 + rate) ** 2], rtol=1e-14)


def test_growth_beyond_the_range_of_numbers_is_a_reason() -> None:
    given = answer(cagr.MODEL, np.array([[1e-200, 1e200]]), 3)
    assert given.reasons.tolist() == [Reason.NOT_FINITE]
