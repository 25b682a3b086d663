"""The shared fits: one parameter by its likelihood, a box by a grid with refinement, both in batch."""

from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rural_forecast.models.dot import Trend, running_trend
from rural_forecast.models.dot import squares as dot_squares
from rural_forecast.models.drift import mean_change
from rural_forecast.models.smoothing import (
    RIDGE,
    binary_scale,
    by_time,
    fit_parameters,
    posterior_mean,
    ses_squares,
    squared_changes,
    walk,
)

Squares = Callable[[slice, np.ndarray], np.ndarray]


def theta(rows: np.ndarray) -> Squares:
    return lambda part, at: ses_squares(rows[:, part], at)


def dot(rows: np.ndarray) -> Squares:
    trend = running_trend(rows)
    return lambda part, at: dot_squares(rows[:, part], Trend(*(line[:, part] for line in trend)), at)


@settings(max_examples=20)
@given(st.sampled_from([3, 6, 20]), st.integers(0, 2**32 - 1))
def test_a_weight_is_its_posterior_mean(length: int, seed: int) -> None:
    rows = by_time(np.exp(np.random.default_rng(seed).normal(0.05, 0.2, (4, length)).cumsum(axis=1)))
    for problem in (theta(rows), dot(rows)):
        fine = np.linspace(0.1, 0.99, 2001)[:, None]
        squares = problem(slice(None), fine) + RIDGE * squared_changes(rows)
        likelihood = fine**2 * (squares / squares.min(axis=0)) ** (-0.5 * (length - 1))
        expected = (fine * likelihood).sum(axis=0) / likelihood.sum(axis=0)
        np.testing.assert_allclose(posterior_mean(problem, rows, 0.1, 0.99), expected, atol=1e-2)


def test_a_series_that_never_moves_leaves_the_weight_to_the_prior() -> None:
    rows = np.full((5, 2), 3.0)
    np.testing.assert_allclose(posterior_mean(theta(rows), rows, 0.0, 1.0), [0.75, 0.75], atol=1e-2)


@settings(max_examples=40)
@given(st.sampled_from([3, 4, 6, 12]), st.integers(0, 2**32 - 1))
def test_a_weight_never_jumps(length: int, seed: int) -> None:
    noise = np.random.default_rng(seed)
    values = np.exp(noise.normal(0.05, 0.2, (20, length)).cumsum(axis=1))
    near = values.copy()
    near[:, noise.integers(length)] *= 1 + 1e-6
    rows, moved = by_time(values), by_time(near)
    for problem in (theta, dot):
        apart = posterior_mean(problem(rows), rows, 0.1, 0.99) - posterior_mean(problem(moved), moved, 0.1, 0.99)
        assert np.abs(apart).max() < 1e-2


@given(arrays(np.float64, (3, 5), elements=st.floats(-1e200, 1e200, allow_subnormal=False)))
def test_the_scale_is_a_power_of_two_that_brings_values_near_one(values: np.ndarray) -> None:
    scale = binary_scale(values)
    assert np.all(np.frexp(scale)[0] == 0.5)
    largest = np.abs(values / scale[:, None]).max(axis=1)
    assert np.all((largest == 0) | ((largest >= 1) & (largest < 2)))


@pytest.mark.slow
@settings(max_examples=25)
@given(st.sampled_from([4, 6, 12, 30]), st.integers(0, 2**32 - 1), st.booleans())
def test_the_grid_with_refinement_finds_what_a_fine_grid_finds(length: int, seed: int, damped: bool) -> None:
    values = np.exp(np.random.default_rng(seed).normal(0.05, 0.2, (3, length)).cumsum(axis=1))
    bounds = [(0.0, 1.0), (0.0, 1.0), *([(0.8, 0.995)] if damped else [])]
    alpha, beta, *rest = fit_parameters(values, bounds)
    rows, trend = by_time(values), mean_change(values)
    reached, *_ = walk(rows[1:], alpha, beta, rest[0] if rest else np.ones(3), rows[0], trend)
    grids = [np.linspace(low, high, count) for (low, high), count in zip(bounds, (41, 41, 9), strict=False)]
    fine = np.array(list(product(*grids, [1.0])))[:, :3].T
    for place in range(3):
        copies = by_time(np.repeat(values[place : place + 1], fine.shape[1], axis=0))
        errors, *_ = walk(copies[1:], *fine, copies[0], np.repeat(trend[place], fine.shape[1]))
        assert reached[place] <= errors.min() * 1.01
