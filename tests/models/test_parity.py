"""Parity with statsmodels on real short series; where we fit, our squared error is not above its
own.
"""

import warnings
from collections.abc import Callable
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rural_forecast.models import damped_holt, dot, holt, linear, theta
from rural_forecast.models.dot import Trend, running_trend
from rural_forecast.models.dot import squares as dot_squares
from rural_forecast.models.drift import mean_change
from rural_forecast.models.exponential import fit as fit_exponential
from rural_forecast.models.smoothing import (
    RIDGE,
    binary_scale,
    by_time,
    extend,
    fit_parameters,
    posterior_mean,
    ses_squares,
    squared_changes,
    walk,
)
from tests.conformance.digest import real

HORIZON = 5
SERIES = {name: np.array(values) for name, values in real(1).items() if 3 <= len(values) <= 30}
FEW = dict(sorted(SERIES.items(), key=lambda item: len(item[1]))[::4])
"""Some of every length or the next: formulas without a search agree on each series, or on none."""


def worst(ours: np.ndarray, theirs: np.ndarray, values: np.ndarray) -> float:
    """Largest difference as a share of the mean level."""
    return float(np.max(np.abs(np.asarray(ours) - np.asarray(theirs))) / np.abs(values).mean())


def test_there_are_enough_real_series_of_every_length() -> None:
    assert len(SERIES) >= 120
    assert {len(values) for values in SERIES.values()} == set(range(3, 31))


@pytest.mark.slow
def test_the_linear_trend_is_the_ols_of_statsmodels_and_the_exponential_one_on_logarithms() -> None:
    import statsmodels.api as sm

    def of(values: np.ndarray) -> np.ndarray:
        time = sm.add_constant(np.arange(len(values) + HORIZON, dtype=float))
        return np.asarray(sm.OLS(values, time[: len(values)]).fit().predict(time)[len(values) :])

    for values in FEW.values():
        assert worst(linear.fit(values[None]).path(HORIZON)[0], of(values), values) < 1e-9
        if values.min() > 0:
            theirs = np.exp(of(np.log(values)))
            assert np.allclose(
                fit_exponential(values[None]).path(HORIZON)[0], theirs, rtol=1e-9, atol=0
            )


def test_theta_given_alpha_is_the_theta_of_statsmodels() -> None:
    from statsmodels.tsa.forecasting.theta import ThetaModel, ThetaModelResults
    from statsmodels.tsa.holtwinters import SimpleExpSmoothing

    for values, alpha in product(FEW.values(), (0.05, 0.4, 0.93)):
        model = ThetaModel(values, deseasonalize=False, period=1)
        slope = np.polynomial.polynomial.polyfit(np.arange(len(values)), values, 1)[1]
        smoothed = SimpleExpSmoothing(
            values, initialization_method="known", initial_level=values[0]
        )
        one_step = smoothed.fit(smoothing_level=alpha, optimized=False).forecast(1)
        results = ThetaModelResults(slope, alpha, None, one_step, np.empty(0), False, model)
        theirs = results.forecast(HORIZON)
        ours = theta.fit(values[None], np.array([alpha])).path(HORIZON)[0]
        assert worst(ours, theirs, values) < 1e-9


@pytest.mark.parametrize(
    ("alpha", "beta", "phi"),
    [(0.3, 0.2, None), (0.95, 0.7, None), (0.5, 0.1, 0.9), (0.9, 0.6, 0.8)],
)
def test_holt_given_parameters_and_state_is_that_of_statsmodels(
    alpha: float, beta: float, phi: float | None
) -> None:
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    given = {"smoothing_level": alpha, "smoothing_trend": beta} | (
        {} if phi is None else {"damping_trend": phi}
    )
    for values in FEW.values():
        level = values[0] * 0.9
        trend = (values[-1] - values[0]) / len(values)
        state = {"initialization_method": "known", "initial_level": level, "initial_trend": trend}
        model = ExponentialSmoothing(values, trend="add", damped_trend=phi is not None, **state)
        theirs = model.fit(**given, optimized=False)
        a, b, start, rise = (np.array([number]) for number in (alpha, beta, level, trend))
        fade = np.array([1.0 if phi is None else phi])
        square, last, slope = walk(values[:, None], a, b, fade, start, rise)
        assert worst(extend(last, slope, fade, HORIZON)[0], theirs.forecast(HORIZON), values) < 1e-9
        assert np.isclose(square[0], theirs.sse, rtol=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("damped", [False, True])
def test_the_fit_of_holt_is_at_least_as_good(damped: bool) -> None:
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    ours = damped_holt if damped else holt
    for values in FEW.values():
        if len(values) < ours.MODEL.min_points:
            continue
        trend = mean_change(values[None])[0]
        state = {
            "initialization_method": "known",
            "initial_level": values[0],
            "initial_trend": trend,
        }
        model = ExponentialSmoothing(values[1:], trend="add", damped_trend=damped, **state)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = model.fit()
        fit = ours.fit(values[None]).parameters
        change = mean_change(values[None])
        phi = fit.get("phi", np.ones(1))
        square, *_ = walk(values[1:, None], fit["alpha"], fit["beta"], phi, values[:1], change)
        assert square[0] <= theirs.sse * (1.0 + 1e-6) + 1e-24 * float(values @ values)


@pytest.mark.slow
def test_the_weight_of_dynamic_theta_has_no_better_one_nearby() -> None:
    """No implementation in statsmodels: for its alpha a dense search over the weight finds nothing
    lower.
    """
    weights = np.linspace(0.0, 1.0, 21)
    for length in range(dot.MODEL.min_points, 31):
        block = np.array([values for values in SERIES.values() if len(values) == length])
        rows = by_time(block)
        fitted = dot.fit(block).parameters["alpha"]
        least = dot.squares(rows, dot.running_trend(rows), fitted[None])[0]
        for values, ours, alpha in zip(block, least, fitted, strict=True):
            every = np.repeat(values[None], len(weights), axis=0)
            alphas = np.full(len(weights), alpha)
            start = values[0] * (1.0 - weights)
            starts = [by_time(every[:, :t]) for t in range(1, len(values))]
            steps = [
                dot.path_given(rows, dot.running_trend(rows), alphas, weights, start, 1)[:, 0]
                for rows in starts
            ]
            other = ((np.array(steps) - values[1:, None]) ** 2).sum(axis=0)
            room = 0.03 * (np.diff(values) ** 2).sum()  # the weight is drawn to 1 by so much
            assert np.all(ours <= other + room + 1e-24 * (values**2).sum())


Squares = Callable[[slice, np.ndarray], np.ndarray]


def of_theta(rows: np.ndarray) -> Squares:
    return lambda part, alphas: ses_squares(rows[:, part], alphas)


def of_dot(rows: np.ndarray) -> Squares:
    trend = running_trend(rows)

    def squares(part: slice, alphas: np.ndarray) -> np.ndarray:
        lines = Trend(*(line[:, part] for line in trend))
        return dot_squares(rows[:, part], lines, alphas)

    return squares


@settings(max_examples=20)
@given(st.sampled_from([3, 6, 20]), st.integers(0, 2**32 - 1))
def test_a_weight_is_its_posterior_mean(length: int, seed: int) -> None:
    rows = by_time(
        np.exp(np.random.default_rng(seed).normal(0.05, 0.2, (4, length)).cumsum(axis=1))
    )
    for problem in (of_theta(rows), of_dot(rows)):
        fine = np.linspace(0.1, 0.99, 2001)[:, None]
        squares = problem(slice(None), fine) + RIDGE * squared_changes(rows)
        likelihood = fine**2 * (squares / squares.min(axis=0)) ** (-0.5 * (length - 1))
        expected = (fine * likelihood).sum(axis=0) / likelihood.sum(axis=0)
        np.testing.assert_allclose(posterior_mean(problem, rows, 0.1, 0.99), expected, atol=1e-2)


def test_a_series_that_never_moves_leaves_the_weight_to_the_prior() -> None:
    rows = np.full((5, 2), 3.0)
    np.testing.assert_allclose(
        posterior_mean(of_theta(rows), rows, 0.0, 1.0), [0.75, 0.75], atol=1e-2
    )


@settings(max_examples=40)
@given(st.sampled_from([3, 4, 6, 12]), st.integers(0, 2**32 - 1))
def test_a_weight_never_jumps(length: int, seed: int) -> None:
    noise = np.random.default_rng(seed)
    values = np.exp(noise.normal(0.05, 0.2, (20, length)).cumsum(axis=1))
    near = values.copy()
    near[:, noise.integers(length)] *= 1 + 1e-6
    rows = by_time(values)
    moved = by_time(near)
    for problem in (of_theta, of_dot):
        apart = posterior_mean(problem(rows), rows, 0.1, 0.99) - posterior_mean(
            problem(moved), moved, 0.1, 0.99
        )
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
def test_the_grid_with_refinement_finds_what_a_fine_grid_finds(
    length: int, seed: int, damped: bool
) -> None:
    values = np.exp(np.random.default_rng(seed).normal(0.05, 0.2, (3, length)).cumsum(axis=1))
    bounds = [(0.0, 1.0), (0.0, 1.0), *([(0.8, 0.995)] if damped else [])]
    alpha, beta, *rest = fit_parameters(values, bounds)
    rows = by_time(values)
    trend = mean_change(values)
    reached, *_ = walk(rows[1:], alpha, beta, rest[0] if rest else np.ones(3), rows[0], trend)
    grids = [
        np.linspace(low, high, count)
        for (low, high), count in zip(bounds, (41, 41, 9), strict=False)
    ]
    fine = np.array(list(product(*grids, [1.0])))[:, :3].T
    for index in range(3):
        copies = by_time(np.repeat(values[index : index + 1], fine.shape[1], axis=0))
        errors, *_ = walk(copies[1:], *fine, copies[0], np.repeat(trend[index], fine.shape[1]))
        assert reached[index] <= errors.min() * 1.01
