from itertools import product

import numpy as np
import pytest

from rural_forecast.forecasting.consensus import Consensus, consensus
from rural_forecast.forecasting.intervals import forecast_block
from rural_forecast.forecasting.reference import outlook
from rural_forecast.forecasting.registry import get, names
from rural_forecast.forecasting.weights import WEIGHED, shares
from rural_forecast.models.base import Array

LEVELS = (50, 63, 80, 95, 99)


def wanderers(length: int, spread: float, count: int = 20) -> Array:
    rng = np.random.default_rng(length)
    return np.exp(np.cumsum(rng.normal(0.05, spread, (count, length)), axis=1))


def weights(values: list[float]) -> dict[str, float]:
    """Of the members, before any path ends."""
    return dict(zip(WEIGHED, shares(outlook(np.array([values]), 1).shape.traits)[0], strict=True))


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 8, 13, 20, 30, 70])
@pytest.mark.parametrize("horizon", [1, 6, 15])
def test_what_always_holds(length: int, horizon: int) -> None:
    rng = np.random.default_rng(length)
    values = np.concatenate(
        [
            *(wanderers(length, spread) for spread in (0.001, 0.1, 1.0, 5.0)),
            np.full((2, length), 7.0),
            np.zeros((1, length)),
            -wanderers(length, 0.1),
            rng.normal(0, 1, (20, length)),
            np.abs(np.round(rng.normal(0, 1, (20, length)))),
            np.repeat([[1e300], [1e-300], [1.7e308], [5e-324]], length, axis=1),
            10.0 ** rng.uniform(-300, 300, (10, length)),
        ]
    )
    given = consensus(values, horizon, LEVELS)
    never_below = values.min(axis=1) >= 0
    zero = (values == 0).all(axis=1)
    for part in (given.point, given.lower, given.upper):
        assert np.isfinite(part).all()
    assert np.all(given.lower <= given.point[:, None])
    assert np.all(given.upper >= given.point[:, None])
    assert np.all((given.upper > given.lower) | zero[:, None, None])
    assert np.all(given.lower[never_below] >= 0)
    assert np.all(np.diff(given.upper, axis=1) >= 0)
    assert np.all(np.diff(given.lower, axis=1) <= 0)
    assert np.allclose(given.weights.sum(axis=1), 1)
    assert np.all(given.weights[np.isnan(given.points)] == 0)


def test_what_reached_zero_does_not_fall_below_it() -> None:
    given = consensus(np.array([[10.0, 5.0, 2.0, 0.0], [9.0, 7.0, 0.0, 1.0]]), 5, (80,))
    assert np.all(given.lower == 0)
    assert np.all(given.point >= 0)
    below = consensus(np.array([[10.0, 5.0, -2.0, 0.0]]), 5, (80,))
    assert np.all(below.lower < 0)


def test_the_point_is_the_weighted_geometric_mean_of_the_members() -> None:
    given = consensus(np.array([[180.0, 353.0, 482.0, 590.0]]), 3, (80,))
    says = np.where(given.weights > 0, given.points, 1.0)
    np.testing.assert_allclose((says**given.weights).prod(axis=1), given.point, rtol=1e-9)
    assert set(WEIGHED) == set(given.members) == set(names("member"))


def test_a_member_whose_path_has_ended_leaves_its_weight_to_the_next_like_it() -> None:
    given = consensus(np.array([[100.0, 60.0, 55.0, 53.0, 52.5]]), 8, (80,))
    left = dict(zip(given.members, given.weights[0, :, -1], strict=True))
    before = weights([100, 60, 55, 53, 52.5])
    assert left["drift"] == left["damped_drift"] == 0
    assert left["reference"] == pytest.approx(before["reference"])
    assert left["theta_log"] > before["theta_log"]


def test_weights_follow_the_course() -> None:
    fast, short, slow = (
        [growth**year for year in range(n)] for growth, n in ((1.8, 10), (1.8, 3), (1.05, 8))
    )
    rough = [1, 1.6, 1.2, 2.4, 1.9, 3.2, 2.5, 4.4]
    assert weights(fast)["damped_growth"] > 0.4
    assert max(weights(values)["damped_growth"] for values in (short, slow, rough)) < 0.1
    smooth, rough = (
        [1.04**year * (1 + size * (-1) ** year) for year in range(30)] for size in (0.001, 0.05)
    )
    assert weights(smooth)["reference"] > 0.8
    assert weights(rough)["reference"] < 0.65
    assert weights([100, 120, 110])["reference"] > 0.95


def test_a_stated_ceiling_lets_the_curves_in() -> None:
    values = 100 / (1 + np.exp(2 - 0.5 * np.arange(8.0)))[None]
    without = consensus(values, 4, (80,))
    given = consensus(values, 4, (80,), (99.0, 101.0))
    curves = set(given.members) - set(without.members)
    assert curves == {"logistic", "gompertz", "bass"}
    assert 0 < sum(given.weights[0, given.members.index(name), 0] for name in curves) <= 0.5 + 1e-9


def test_a_member_says_the_same_on_its_own_beyond_what_is_remembered() -> None:
    values = wanderers(70, 0.1, 3)
    joint = consensus(values, 4, (80,))
    for member, name in enumerate(joint.members):
        alone = forecast_block(get(name), values, 4, (80,), None)
        np.testing.assert_allclose(alone.points, joint.points[:, member], rtol=1e-12)


@pytest.mark.parametrize("zeros", [1, 4])
@pytest.mark.parametrize("values", [(1.0, 5.0), (1.0, 5.0, 20.0), (3.0, 4.0, 4.5, 5.0, 4.8)])
def test_zeros_before_a_market_began_change_nothing(zeros: int, values: tuple[float, ...]) -> None:
    alone = consensus(np.array([values]), 6, (80, 95))
    other = [2.0, 0.0, *range(1, zeros + len(values) - 1)]
    block = consensus(np.array([other, [0.0] * zeros + [*values]]), 6, (80, 95))
    for whole, part in zip(block[:3], alone[:3], strict=True):
        np.testing.assert_allclose(whole[1], part[0], rtol=1e-12)
    drift = get("drift")
    begun = forecast_block(drift, np.array([[0.0] * zeros + [*values]]), 6, (80,), None)
    np.testing.assert_array_equal(
        begun.points, forecast_block(drift, np.array([values]), 6, (80,), None).points
    )


def test_a_slip_of_one_year_counts_the_less_the_larger_it_is() -> None:
    slips = np.array(
        [[100, 105, 110, 116 * leap, 122, 128] for leap in (1.0, 3.0, 50.0, 5000.0, 1 / 50)]
    )
    joint = consensus(slips, 5, (80, 95))
    assert np.all(np.abs(np.log(joint.point[2:] / joint.point[0])) < 0.06)
    np.testing.assert_allclose(joint.point[3], joint.point[2], rtol=1e-9)
    assert np.all(joint.upper[2] / joint.lower[2] > joint.upper[0] / joint.lower[0])
    assert np.all((joint.lower <= joint.point[:, None]) & (joint.point[:, None] <= joint.upper))


def of(*values: float) -> Consensus:
    return consensus(np.array([values], dtype=float), 5, (80,))


def test_a_lone_value_after_zeros_is_a_rise_and_may_stay_or_fall() -> None:
    for zeros, value in product((1, 2, 5), (0.01, 5, 4e6)):
        result = of(*[0.0] * zeros, value)
        assert (result.lower[0, 0] < 0.6 * value).all()
        assert (result.upper[0, 0] > 2 * value).all()
    assert of(0.0, 0.0, 5.0).point[0, 0] > 5


def test_after_a_single_fall_the_median_does_not_pass_the_value_before() -> None:
    assert max(of(100, 100 * (1 - fall)).point.max() for fall in (0.03, 0.05, 0.1, 0.2)) < 100.5


def test_values_that_alternate_stay_between_the_two() -> None:
    """Near their geometric middle, with no drift away from it."""
    for high, count in product((120, 200, 500), (6, 7, 8)):
        point = of(*[100, high] * (count // 2), *[100] * (count % 2)).point[0]
        assert np.abs(np.log(point / np.sqrt(100 * high))).max() < 0.4 * np.log(high / 100)


@pytest.mark.parametrize("growth", [(0.4, 0.2), (0.2, 0.1), (0.3, 0.2, 0.1)])
def test_a_series_that_slows_is_not_forecast_to_quicken(growth: tuple[float, ...]) -> None:
    """Its growth of the next five years is at most a sixth above that of the last, as a rate a
    year.
    """
    logs = np.cumsum([0.0, *growth])
    point = np.log(of(*np.exp(logs)).point[0]) - logs[-1]
    assert point[-1] / 5 < growth[-1] * 7 / 6


@pytest.mark.parametrize("near", [0.1, 0.03, 0.01])
def test_paths_of_a_decline_to_just_above_and_below_zero_are_alike(near: float) -> None:
    above, zero, below = (of(3, 2, 1, last) for last in (near, 0.0, -near))
    assert np.abs(above.point - zero.point).max() < 7 * near
    assert np.abs(below.point - zero.point).max() < 7 * near
    assert (below.lower[0, 0] < 0).all()
    assert (below.upper[0, 0] > 0).all()
