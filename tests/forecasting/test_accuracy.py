"""The measures on cases that can be worked out by hand, and what always holds of them."""

from math import erf, exp, pi, sqrt
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rural_forecast.forecasting.accuracy import average, coverage, crps, mase, msis, owa, smape, step_scale

POSITIVE = arrays(np.float64, (3, 4), elements=st.floats(0.01, 1e6))


def test_measures_by_hand() -> None:
    np.testing.assert_allclose(step_scale(np.array([[1.0, 3.0, 2.0], [5.0, 5.0, 8.0]])), [1.5, 1.5])
    actual, forecast = np.array([[100.0, 120.0]]), np.array([[110.0, 110.0]])
    np.testing.assert_allclose(smape(actual, forecast), [[200 * 10 / 210, 200 * 10 / 230]])
    np.testing.assert_allclose(mase(actual, forecast, np.array([4.0])), [[2.5, 2.5]])
    assert owa(*[np.array(12.0)] * 4) == 1.0
    assert coverage(np.arange(1.0, 5.0), np.full(4, 2.0), np.full(4, 3.0)).tolist() == [0, 1, 1, 0]
    point = np.array([[5.0, 6.0]])
    bounds = np.repeat(point[:, None, :], 2, axis=1)
    np.testing.assert_allclose(crps(np.array([[8.0, 6.0]]), point, bounds, bounds, [80, 95]), [[3.0, 0.0]])


def test_undefined_is_nan_and_left_out_of_averages() -> None:
    assert np.isnan(step_scale(np.array([[7.0, 7.0, 7.0]]))).all()
    assert np.isnan(step_scale(np.array([[7.0]]))).all()
    assert np.isnan(smape(np.array([0.0]), np.array([0.0]))).all()
    assert np.isnan(owa(np.array(12.0), np.array(12.0), np.array(0.0), np.array(12.0)))
    unknown = np.array([[100.0, np.nan]])
    assert average(smape(unknown, np.array([[110.0, 110.0]]))) == pytest.approx(200 * 10 / 210)
    assert np.isnan(coverage(unknown, np.zeros((1, 2)), np.full((1, 2), 200.0))).tolist() == [[False, True]]
    assert np.isnan(average(np.zeros((0,))))


@pytest.mark.parametrize(("outcome", "score"), [(10.0, 4.0), (7.0, 4.0 + 40 * 1), (12.5, 4.0 + 40 * 0.5)])
def test_msis_adds_two_over_alpha_of_the_miss(outcome: float, score: float) -> None:
    given_score = msis(np.array([[outcome]]), np.array([[8.0]]), np.array([[12.0]]), np.array([2.0]), 95)
    np.testing.assert_allclose(given_score, [[score / 2]])


@pytest.mark.parametrize("outcome", [-2.0, 0.0, 0.7, 3.0])
def test_crps_with_many_levels_is_that_of_the_normal(outcome: float) -> None:
    levels = list(range(1, 100))
    bounds = np.array([[NormalDist().inv_cdf(0.5 + level / 200)] for level in levels])
    density = exp(-(outcome**2) / 2) / sqrt(2 * pi)
    exact = outcome * erf(outcome / sqrt(2)) + 2 * density - 1 / sqrt(pi)
    score = crps(np.array([outcome]), np.array([0.0]), -bounds, bounds, levels)
    np.testing.assert_allclose(score, [exact], atol=0.01)


@given(POSITIVE, POSITIVE, st.floats(0.001, 1000))
def test_measures_do_not_depend_on_the_unit(actual: np.ndarray, forecast: np.ndarray, unit: float) -> None:
    scale, terms = np.ones(3), smape(actual, forecast)
    assert ((terms >= 0) & (terms <= 200)).all()
    np.testing.assert_array_equal(terms, smape(forecast, actual))
    np.testing.assert_allclose(smape(actual * unit, forecast * unit), smape(actual, forecast), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(
        mase(actual * unit, forecast * unit, scale * unit), mase(actual, forecast, scale), rtol=1e-9, atol=1e-9
    )
