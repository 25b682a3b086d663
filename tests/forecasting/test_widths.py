"""Widths for a domain that nobody has seen."""

from __future__ import annotations

import numpy as np
import pytest

from rural_forecast.forecasting import widths
from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.shape import LENGTH, LOG_LENGTH
from rural_forecast.models.base import Array


def traits(points: int) -> Array:
    """Those of four calm and restless histories of so many points."""
    rng = np.random.default_rng(7)
    values = np.exp(np.cumsum(rng.normal(0.04, 0.02 * np.arange(1, 5)[:, None], (4, points)), axis=1))
    view = consensus(values, 6, (80,)).view
    assert view is not None
    return view.shape.traits


@pytest.mark.parametrize("points", [1, 2, 3, 5, 8, 40])
def test_factors_widen_what_holds_too_little(points: int) -> None:
    found = widths.factors(traits(points), 6)
    assert found.shape == (4, 6, 8)
    assert np.abs(np.log(found)).max() < widths.MOST
    assert np.log(found[:, :, [2, 5]]).mean() > 0  # both bounds of 80 % together


def test_a_year_does_not_depend_on_how_many_are_asked_for() -> None:
    known = traits(5)
    np.testing.assert_array_equal(widths.factors(known, 3), widths.factors(known, 30)[:, :3])
    assert np.ptp(widths.factors(known, 30)[:, 10:], axis=1).max() == 0


def test_a_little_more_length_moves_factors_a_little() -> None:
    known = traits(5)
    more = known.copy()
    more[:, LENGTH] += 1e-3
    np.testing.assert_allclose(widths.factors(more, 6), widths.factors(known, 6), rtol=2e-3)
    assert known[0, LENGTH] == pytest.approx(np.log(5) - LOG_LENGTH)
