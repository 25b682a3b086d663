"""Weights are shares, and move by little when a series does."""

from __future__ import annotations

import numpy as np
import pytest

from rural_forecast.forecasting.reference import outlook
from rural_forecast.forecasting.weights import WEIGHED, shares
from rural_forecast.models.base import Array

GROWTH, REFERENCE = WEIGHED.index("damped_growth"), WEIGHED.index("reference")


def weights(values: list[float]) -> Array:
    return shares(outlook(np.array([values]), 1).shape.traits)[0]


@pytest.mark.parametrize("length", [1, 2, 3, 8, 60])
def test_weights_are_shares(length: int) -> None:
    values = np.exp(np.cumsum(np.random.default_rng(length).normal(0.1, 0.3, (200, length)), axis=1))
    found = shares(outlook(values, 1).shape.traits)
    assert found.min() >= 0
    np.testing.assert_allclose(found.sum(axis=1), 1.0)


def test_fast_smooth_growth_of_some_years_goes_on() -> None:
    assert weights([1.8**year for year in range(10)])[GROWTH] > 0.4
    assert weights([1.8**year for year in range(3)])[GROWTH] < 0.05
    assert weights([1.05**year for year in range(8)])[GROWTH] < 0.01
    assert weights([1, 1.6, 1.2, 2.4, 1.9, 3.2, 2.5, 4.4])[GROWTH] < 0.1


def test_smooth_and_short_series_rest_on_the_reference() -> None:
    smooth = weights([1.04**year * (1 + 0.001 * (-1) ** year) for year in range(30)])
    rough = weights([1.04**year * (1 + 0.05 * (-1) ** year) for year in range(30)])
    assert smooth[REFERENCE] > 0.8
    assert rough[REFERENCE] < 0.65
    assert weights([100, 120, 110])[REFERENCE] > 0.95
