"""Paths of the kernels on values that can be worked out by hand."""

from typing import Any

import numpy as np
import pytest

from rural_forecast.forecasting.registry import get
from rural_forecast.models import (
    bass,
    cagr,
    damped_holt,
    dot,
    exponential,
    gompertz,
    holt,
    linear,
    logistic,
    theta,
    theta_log,
)
from rural_forecast.models.base import Reason, answer
from rural_forecast.models.logistic import middle
from rural_forecast.models.smoothing import by_time, extend, walk

GROWTH = np.log(121 / 90) / 2


@pytest.mark.parametrize(
    ("model", "values", "path"),
    [
        ("naive", [4], [4, 4]),
        ("naive", [1, 5, 3], [3, 3, 3]),
        ("drift", [10, 40, 16, 22], [26, 30, 34]),
        ("drift", [3, 1], [-1, -3]),
        ("damped_drift", [0, 50, 200], [285, 357.25, 418.6625]),
        (
            "damped_growth",
            [1, 90, 100, 121],
            (121 * np.exp(GROWTH * np.array([1, 1.7, 2.19]))).tolist(),
        ),
        # RRI of a spreadsheet.
        ("cagr", [180, 353, 482], [482 * (482 / 180) ** 0.5, 482 * 482 / 180]),
        ("linear", [2, 3, 7], [9, 11.5]),  # TREND: slope 5/2
        ("exponential", [1, 2, 8], [2 ** (13 / 3)]),  # GROWTH: logarithms 0, log 2, 3 log 2
        ("holt", [4, 7, 10, 13], [16, 19]),
        ("dot", [1, 2, 3, 4, 5, 6], [7, 8, 9]),
    ],
)
def test_a_path(model: str, values: list[float], path: list[float]) -> None:
    fit = get(model).fit
    assert fit is not None
    np.testing.assert_allclose(
        fit(np.array([values], dtype=float)).path(len(path)), [path], rtol=1e-8
    )


def test_parameters_are_those_of_the_formula() -> None:
    trend = linear.fit(np.array([[2.0, 3.0, 7.0]])).parameters
    assert np.allclose([trend["intercept"], trend["slope"]], [[1.5], [2.5]])
    grows = exponential.fit(5.0 * 1.2 ** np.arange(6.0)[None]).parameters
    assert np.allclose([grows["growth"], grows["start"]], [[0.2], [5.0]])


def test_a_slope_is_exact_far_from_zero() -> None:
    _, slope = linear.ols(1e9 + np.array([[0.0, 1.0, 2.0, 3.0]]))
    assert np.isclose(slope[0], 1.0, rtol=1e-12)


def test_growth_beyond_all_numbers_is_a_reason() -> None:
    given = answer(cagr.MODEL, np.array([[1e-200, 1e200]]), 3)
    assert given.reasons.tolist() == [Reason.NOT_FINITE]


@pytest.mark.parametrize(
    ("phi", "path"),
    [
        (1.0, [5.5, 7.0]),  # state 2, 1; forecast 3, error 2; level 4, trend 1.5
        (0.8, [3.9 + 1.08, 3.9 + 1.08 + 0.864]),  # forecast 2.8, error 2.2; level 3.9, trend 1.35
    ],
)
def test_one_step_of_holt(phi: float, path: list[float]) -> None:
    half = np.array([0.5])
    fade = np.array([phi])
    _, level, trend = walk(np.array([[5.0]]), half, half, fade, np.array([2.0]), np.array([1.0]))
    assert np.allclose(extend(level, trend, fade, 2), [path])


def test_a_bend_moves_the_trend_of_holt() -> None:
    bends = np.array([[1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0]])
    assert holt.fit(bends).parameters["trend"][0] > 1.8


def test_damped_growth_fades() -> None:
    slows = np.array([[100.0, 130.0, 150.0, 168.0, 180.0, 190.0]])
    changes = np.diff(damped_holt.fit(slows).path(6)[0])
    assert np.all(changes > 0)
    assert np.all(np.diff(changes) < 0)


def test_damping_stays_within_bounds() -> None:
    values = np.exp(np.random.default_rng(3).normal(0.0, 0.4, (50, 9)).cumsum(axis=1))
    phi = damped_holt.fit(values).parameters["phi"]
    assert 0.8 <= phi.min() <= phi.max() <= 0.995


@pytest.mark.parametrize(
    ("alpha", "path"), [(0.5, [5 + 1.25 * 1.75, 5 + 1.25 * 2.75]), (0.0, [2 + 1.25 * 3])]
)
def test_theta_of_a_known_weight(alpha: float, path: list[float]) -> None:
    # levels 2, 3, 5 for 1/2; slope of 2, 4, 7 is 5/2; lag 1 + 1/2 + 1/4
    assert np.allclose(
        theta.fit(np.array([[2.0, 4.0, 7.0]]), np.array([alpha])).path(len(path)), [path]
    )


def test_theta_weighs_the_newest_value_by_how_steady_a_series_is() -> None:
    climbs = np.arange(10.0, 17.0)[None]
    returns = np.array([[10.0, 14.0, 9.0, 15.0, 12.0, 16.0, 11.0]])
    assert theta.fit(np.array([[10.0, 20.0, 30.0, 40.0]])).parameters["alpha"][0] > 0.75
    steady = theta.fit(climbs).parameters["alpha"][0]
    unsteady = theta.fit(returns).parameters["alpha"][0]
    assert 0.0 < unsteady < steady - 0.2


def test_theta_log_is_theta_of_logarithms() -> None:
    values = np.array([[10.0, 14.0, 13.0, 19.0]])
    path = np.exp(theta.fit(np.log(values)).path(3))
    assert np.allclose(theta_log.fit(values).path(3), path, rtol=1e-15)


@pytest.mark.parametrize(
    ("values", "given", "path"),
    [
        ([2.0, 4.0, 7.0, 5.0], (0.5, 0.0, 2.0), [5.0, 5.0, 5.0]),  # theta 1: levels 2, 3, 5, 5
        # theta 2; levels 1.5, 2.75, 4.875; lines 2; 0 + 2 t; -2/3 + 5/2 t
        ([2.0, 4.0, 7.0], (0.5, 0.5, 1.0), [4.875 + 0.5 * (0.125 * (-2.0 / 3.0) + 1.875 * 2.5)]),
        # statsforecast 2.1.1, `_lib.theta`, DOTM, alpha 0.4, theta 2.5, start 60
        (
            [60.0, 80.0, 100.0, 120.0, 150.0, 170.0, 200.0, 215.0],
            (0.4, 1.0 - 1.0 / 2.5, 60.0),
            [218.31250943999999, 229.9360153051275, 240.93260005088348, 251.3954657864656],
        ),
    ],
)
def test_dynamic_theta_of_known_parameters(
    values: list[float], given: tuple[float, float, float], path: list[float]
) -> None:
    rows = by_time(np.array([values]))
    told = dot.path_given(
        rows, dot.running_trend(rows), *(np.array([one]) for one in given), len(path)
    )
    assert np.allclose(told, [path], rtol=1e-12)


def test_the_running_lines_are_least_squares_of_the_first_values() -> None:
    values = np.array([[3.0, 8.0, 6.0, 12.0, 11.0], [1.0, 1.0, 4.0, 2.0, 9.0]])
    trend = dot.running_trend(by_time(values))
    for t in range(2, 6):
        intercept, slope = linear.ols(values[:, :t])
        assert np.allclose(trend.slope[t - 1], slope)
        # At period 0, where the first is period 1.
        assert np.allclose(trend.start[t - 1], intercept - slope)


TIME = np.arange(12.0)
TOP = (500.0, 2000.0)


@pytest.mark.parametrize(
    ("module", "curve", "rate", "midpoint"),
    [
        (logistic, 1000.0 / (1.0 + np.exp(-0.4 * (TIME - 6.0))), 0.4, 6.0),
        (gompertz, 1000.0 * np.exp(-np.exp(-0.3 * (TIME - 4.0))), 0.3, 4.0),
    ],
)
def test_a_curve_is_found(module: Any, curve: np.ndarray, rate: float, midpoint: float) -> None:
    fit = module.fit(curve[None, :6], TOP)
    assert np.allclose(fit.path(6)[0], curve[6:], rtol=1e-10)
    assert np.allclose([fit.parameters["rate"][0], fit.parameters["midpoint"][0]], [rate, midpoint])


def test_the_bass_curve_is_found_but_for_the_chord() -> None:
    p = 0.03
    q = 0.38
    fade = np.exp(-(p + q) * TIME)
    curve = 1000.0 * (1.0 - fade) / (1.0 + q / p * fade)
    fit = bass.fit(curve[None, :8], TOP)
    assert np.isclose(fit.parameters["p"][0], p, rtol=0.1)
    assert np.isclose(fit.parameters["q"][0], q, rtol=0.1)
    assert np.allclose(fit.path(4)[0], curve[8:], rtol=0.02)


def test_a_step_of_bass_solves_its_equation() -> None:
    share = np.array([0.2])
    p = np.array([0.02])
    q = np.array([0.5])
    finely = share[0]
    for _ in range(100_000):
        finely += (p[0] + q[0] * finely) * (1.0 - finely) / 100_000
    assert np.isclose(bass.step(share, p, q, np.ones(1))[0], finely, rtol=1e-4)


SHRINKS = np.array([[0.5], [0.45], [0.42], [0.40]])


def test_bass_coefficients_are_never_negative() -> None:
    assert [part.tolist() for part in bass.coefficients(SHRINKS)] == [[0.0], [0.0]]


def test_a_shrinking_market_stands_still() -> None:
    assert bass.fit(1000.0 * SHRINKS.T, TOP).path(3).tolist() == [[400.0] * 3]


@pytest.mark.parametrize("module", [logistic, gompertz, bass])
def test_a_path_rises_to_the_middle_of_the_ceiling(module: Any) -> None:
    values = np.array([[100.0, 180.0, 260.0, 390.0, 520.0]])
    path = answer(module.MODEL, values, 100, (), TOP).points[0]
    assert np.all(np.diff(path) >= 0)
    assert 950.0 < path[-1] <= middle(TOP) == pytest.approx(1000.0)


@pytest.mark.parametrize("module", [logistic, gompertz, bass])
def test_a_value_above_the_middle_of_the_ceiling_is_a_reason(module: Any) -> None:
    given = answer(module.MODEL, np.array([[800.0, 900.0, 1001.0]]), 2, (), TOP)
    assert given.reasons.tolist() == [Reason.ABOVE_CEILING]
