"""Quantiles of what a driver may be."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.sizing.distributions import from_bounds, from_range, grid
from rural_forecast.sizing.toml import TableError

GRID = grid(20_000)


def drawn(distribution: Any) -> np.ndarray:
    return np.asarray(distribution.draws(GRID))


@pytest.mark.parametrize(
    ("low", "high", "whole", "kind"),
    [
        (50, 200, None, "lognormal"),
        (-200, -50, None, "lognormal"),
        (-3, 8, None, "normal"),
        (0.2, 0.9, 1.0, "logit-normal"),
        (20, 99, 100.0, "logit-normal"),
    ],
)
@pytest.mark.parametrize("level", [80, 90])
def test_a_range_is_an_interval_of_its_level(
    low: float, high: float, whole: float | None, kind: str, level: int
) -> None:
    found = from_range(low, high, whole, level)
    assert found.kind == kind
    ends = np.quantile(drawn(found), [0.5 - level / 200, 0.5 + level / 200])
    assert ends == pytest.approx([low, high], rel=1e-3)


@given(st.floats(1e-6, 1e6), st.floats(1.001, 50), st.floats(0.001, 0.99), st.floats(0.001, 0.99))
def test_a_positive_range_stays_positive_and_a_share_a_share(
    low: float, factor: float, one: float, other: float
) -> None:
    amounts = drawn(from_range(low, low * factor))
    assert amounts.min() > 0
    assert np.median(amounts) == pytest.approx(low * factor**0.5, rel=1e-4)
    shares = drawn(from_range(min(one, other), max(one, other), 1.0))
    assert 0 <= shares.min() <= shares.max() <= 1


@pytest.mark.parametrize(
    ("kind", "bounds", "mean", "sd"),
    [("uniform", (1, 4), 2.5, 3 / 12**0.5), ("pert", (0, 2, 6), 14 / 6, 6 * (7 / 3 * 11 / 3 / 36 / 7) ** 0.5)],
)
def test_named_distributions_have_their_moments(kind: str, bounds: tuple[float, ...], mean: float, sd: float) -> None:
    found = drawn(from_bounds(kind, [(each, each) for each in bounds]))
    assert (np.diff(found) >= 0).all()
    assert found.mean() == pytest.approx(mean, rel=2e-3)
    assert found.std() == pytest.approx(sd, rel=2e-2)


def test_impossible_ranges_and_bounds_are_refused() -> None:
    for low, high, whole in ((0, 3, None), (-3, 0, None), (0, 0.5, 1), (-0.1, 0.5, 1), (50, 100, 100)):
        with pytest.raises(TableError):
            from_range(low, high, whole)
    bounds: list[tuple[str, list[tuple[float, float]], float | None]] = [
        ("uniform", [(2, 2), (1, 1)], None),
        ("uniform", [(2, 2), (2, 2)], None),
        ("uniform", [(1, 2), (3, 3)], None),
        ("uniform", [(0, 0), (2, 2)], 1.0),
        ("pert", [(0, 0), (9, 9), (6, 6)], None),
    ]
    for kind, ends, whole in bounds:
        with pytest.raises(TableError):
            from_bounds(kind, ends, whole)
