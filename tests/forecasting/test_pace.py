from __future__ import annotations

import numpy as np
import pytest

from rural_forecast.forecasting.shape import _median, pace


@pytest.mark.parametrize("known", [0, 1, 2, 3, 7, 18])
def test_every_length_gives_the_same_number_of_finite_features(known: int) -> None:
    changes = np.random.default_rng(known).normal(0, 3, (5, known))
    features = pace(changes)
    assert features.shape == (5, pace(np.zeros((5, 1))).shape[1])
    assert np.isfinite(features).all()


@pytest.mark.parametrize("known", [1, 2, 4, 10])
def test_a_small_change_moves_a_feature_by_little(known: int) -> None:
    changes = np.random.default_rng(known).choice([-1.0, -1e-3, 0.0, 1e-3, 1.0, 4.0], (300, known))
    for place in range(known):
        moved = changes.copy()
        moved[:, place] += 1e-4
        assert np.abs(pace(moved) - pace(changes)).max() < 15e-4


def test_steady_growth_has_neither_bends_nor_residuals() -> None:
    rising, rough = pace(np.array([[1.0, 1.0, 1.0, 1.0], [2.0, 0.0, 2.0, 0.0]]))
    assert rising[2] < rough[2]
    assert rising[4] == 0


@pytest.mark.parametrize("count", [1, 4, 7])
def test_the_median_is_that_of_numpy(count: int) -> None:
    rows = np.random.default_rng(count).normal(size=(6, count))
    np.testing.assert_array_equal(_median(rows), np.median(rows, axis=1))
