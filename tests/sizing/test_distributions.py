"""Quantiles of what a driver may be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.sizing.distributions import from_parameters, from_range, grid
from rural_forecast.sizing.toml import TableError

GRID = grid(20_000)


def quantiles(distribution: object, *p: float) -> list[float]:
    return np.quantile(np.asarray(distribution.draws(GRID)), p).tolist()  # type: ignore[attr-defined]


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
    assert quantiles(found, 0.5 - level / 200, 0.5 + level / 200) == pytest.approx([low, high], rel=1e-3)


@given(st.floats(1e-6, 1e6), st.floats(1.001, 50))
def test_a_positive_range_is_symmetric_in_logarithms_and_stays_positive(low: float, factor: float) -> None:
    drawn = np.asarray(from_range(low, low * factor).draws(GRID))
    assert drawn.min() > 0
    assert np.median(drawn) == pytest.approx(low * factor**0.5, rel=1e-4)


@given(st.floats(0.001, 0.99), st.floats(0.001, 0.99))
def test_a_share_stays_a_share(one: float, other: float) -> None:
    drawn = np.asarray(from_range(min(one, other), max(one, other), 1.0).draws(GRID))
    assert 0 <= drawn.min() <= drawn.max() <= 1


@pytest.mark.parametrize(
    ("low", "high", "whole"), [(0, 3, None), (-3, 0, None), (0, 0.5, 1), (-0.1, 0.5, 1), (50, 100, 100)]
)
def test_impossible_ranges(low: float, high: float, whole: float | None) -> None:
    with pytest.raises(TableError):
        from_range(low, high, whole)


@pytest.mark.parametrize(
    ("kind", "parameters", "mean", "sd"),
    [
        ("normal", {"mean": 5, "sd": 2}, 5, 2),
        ("lognormal", {"median": 5, "sigma": 0.5}, 5 * np.exp(0.125), 5 * np.exp(0.125) * np.expm1(0.25) ** 0.5),
        ("uniform", {"low": 1, "high": 4}, 2.5, 3 / 12**0.5),
        ("triangular", {"low": 1, "mode": 2, "high": 6}, 3, (14 / 12) ** 0.5),
        ("pert", {"low": 0, "mode": 2, "high": 6}, 14 / 6, 6 * (7 / 3 * 11 / 3 / 36 / 7) ** 0.5),
    ],
)
def test_named_distributions_have_their_moments(
    kind: str, parameters: dict[str, float], mean: float, sd: float
) -> None:
    drawn = np.asarray(from_parameters(kind, parameters).draws(GRID))
    assert (np.diff(drawn) >= 0).all()
    assert drawn.mean() == pytest.approx(mean, rel=2e-3)
    assert drawn.std() == pytest.approx(sd, rel=2e-2)


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        ("normal", {"mean": 1}),
        ("normal", {"mean": 1, "sd": 0}),
        ("lognormal", {"median": -1, "sigma": 1}),
        ("lognormal", {"mean": 5, "sd": 2}),
        ("uniform", {"low": 2, "high": 1}),
        ("uniform", {"low": 2, "high": 2}),
        ("pert", {"low": 0, "mode": 9, "high": 6}),
    ],
)
def test_impossible_parameters(kind: str, parameters: dict[str, float]) -> None:
    with pytest.raises(TableError):
        from_parameters(kind, parameters)
