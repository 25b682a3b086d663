"""The shared searches: one dimension by a bracketed root, a box by a grid with refinement, both in batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rural_forecast.models.dot import profile, running_trend
from rural_forecast.models.drift import mean_change
from rural_forecast.models.smoothing import Smoothing, binary_scale, by_time, groups, least_squares
from rural_forecast.models.trend_smoothing import fit_parameters, squared_error


@dataclass
class Stated:
    """A problem stated by two formulas of a parameter and one number a series."""

    centre: np.ndarray
    square: Callable[[np.ndarray, np.ndarray], np.ndarray]
    half_slope: Callable[[np.ndarray, np.ndarray], np.ndarray]
    width: int = 2

    def take(self, chosen: slice | np.ndarray) -> Stated:
        return replace(self, centre=self.centre[chosen])

    def squares(self, at: np.ndarray) -> np.ndarray:
        return self.square(at, self.centre)

    def slope(self, at: np.ndarray) -> np.ndarray:
        return self.half_slope(at, self.centre)


def test_a_parabola_is_solved_to_rounding() -> None:
    centre = np.array([0.1234567890123, 0.5, 0.99, -3.0, 7.0])
    problem = Stated(centre, lambda x, c: (x - c) ** 2, lambda x, c: x - c)
    assert np.allclose(least_squares(problem, 5, 0.0, 1.0), np.clip(centre, 0.0, 1.0), rtol=1e-15)


def test_the_lower_of_two_valleys_wins() -> None:
    def square(x: np.ndarray, c: np.ndarray) -> np.ndarray:
        return (x - 0.2) ** 2 * (x - 0.8) ** 2 + 0.01 * x + c

    def half_slope(x: np.ndarray, c: np.ndarray) -> np.ndarray:
        a, b = x - 0.2, x - 0.8
        return a * b * b + a * a * b + 0.005 + 0.0 * c

    assert abs(least_squares(Stated(np.zeros(1), square, half_slope), 1, 0.0, 1.0)[0] - 0.2) < 0.03


def test_a_tie_leans_on_the_newest_data() -> None:
    flat = Stated(np.zeros(2), lambda x, c: 0.0 * x + c, lambda x, c: 0.0 * x + c)
    assert least_squares(flat, 2, 0.1, 0.9).tolist() == [0.9, 0.9]


@settings(max_examples=40)
@given(st.sampled_from([2, 3, 9, 31]), st.integers(0, 2**32 - 1))
def test_slopes_are_half_the_derivatives(length: int, seed: int) -> None:
    noise = np.random.default_rng(seed)
    rows = by_time(np.exp(noise.normal(0.05, 0.2, (5, length)).cumsum(axis=1)))
    at, small = noise.uniform(0.15, 0.95, 5), 1e-6
    for problem in (Smoothing(rows), profile(rows, running_trend(rows))):
        up, down = (problem.squares(np.stack([at + step, at]))[0] for step in (small, -small))
        assert np.allclose((up - down) / (4.0 * small), problem.slope(at), rtol=1e-4, atol=1e-7)


@settings(max_examples=25)
@given(st.sampled_from([4, 9, 12, 31]), st.integers(0, 2**32 - 1))
def test_a_series_gets_the_same_bits_alone_and_among_others(length: int, seed: int) -> None:
    values = np.exp(np.random.default_rng(seed).normal(0.05, 0.2, (300, length)).cumsum(axis=1))
    for problem in (Smoothing(by_time(values)), profile(by_time(values), running_trend(by_time(values)))):
        together = least_squares(problem, 300, 0.1, 0.99)
        for place in (0, 150, 299):
            alone = least_squares(problem.take(np.array([place])), 1, 0.1, 0.99)
            assert alone[0] == together[place]


def test_groups_cover_every_candidate_once() -> None:
    for starts, count in ((65, 1), (65, 1000), (7, 100_000)):
        assert [k for part in groups(starts, count) for k in range(starts)[part]] == list(range(starts))


@given(arrays(np.float64, (3, 5), elements=st.floats(-1e200, 1e200, allow_subnormal=False)))
def test_the_scale_is_a_power_of_two_that_brings_values_near_one(values: np.ndarray) -> None:
    scale = binary_scale(values)
    assert np.all(np.frexp(scale)[0] == 0.5)
    largest = np.abs(values / scale[:, None]).max(axis=1)
    assert np.all((largest == 0) | ((largest >= 1) & (largest < 2)))


@settings(max_examples=25)
@given(st.sampled_from([4, 6, 12, 30]), st.integers(0, 2**32 - 1), st.booleans())
def test_the_grid_with_refinement_finds_what_a_fine_grid_finds(length: int, seed: int, damped: bool) -> None:
    values = np.exp(np.random.default_rng(seed).normal(0.05, 0.2, (3, length)).cumsum(axis=1))
    bounds = [(0.0, 1.0), (0.0, 1.0), *([(0.8, 0.995)] if damped else [])]
    alpha, beta, *rest = fit_parameters(values, bounds)
    rows, trend = by_time(values), mean_change(values)
    reached = squared_error(rows, alpha, beta, rest[0] if rest else np.ones(3), trend)
    fine = product(*(np.linspace(low, high, count) for (low, high), count in zip(bounds, (41, 41, 9), strict=False)))
    for point in fine:
        fixed = [np.full(3, one) for one in (*point, 1.0)[:3]]
        assert (reached <= squared_error(rows, *fixed, trend) * 1.01).all()


@settings(max_examples=10)
@given(st.sampled_from([4, 12]), st.integers(0, 2**32 - 1))
def test_holt_gets_the_same_bits_alone_and_among_others(length: int, seed: int) -> None:
    values = np.exp(np.random.default_rng(seed).normal(0.05, 0.2, (60, length)).cumsum(axis=1))
    together = fit_parameters(values, ((0.0, 1.0), (0.0, 1.0), (0.8, 0.995)))
    for place in (0, 31, 59):
        alone = fit_parameters(values[place : place + 1], ((0.0, 1.0), (0.0, 1.0), (0.8, 0.995)))
        assert [axis[0] for axis in alone] == [axis[place] for axis in together]
