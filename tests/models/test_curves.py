"""Logistic, Gompertz and Bass: a curve made by the formula is found again and carried on."""

from typing import Any

import numpy as np
import pytest

from rural_forecast.models import bass, gompertz, logistic
from rural_forecast.models.base import Reason, answer
from rural_forecast.models.logistic import middle

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
    p, q = 0.03, 0.38
    fade = np.exp(-(p + q) * TIME)
    curve = 1000.0 * (1.0 - fade) / (1.0 + q / p * fade)
    fit = bass.fit(curve[None, :8], TOP)
    assert np.isclose(fit.parameters["p"][0], p, rtol=0.1)
    assert np.isclose(fit.parameters["q"][0], q, rtol=0.1)
    assert np.allclose(fit.path(4)[0], curve[8:], rtol=0.02)


def test_a_bass_step_solves_its_equation() -> None:
    share, p, q = np.array([0.2]), np.array([0.02]), np.array([0.5])
    finely = share[0]
    for _ in range(100_000):
        finely += (p[0] + q[0] * finely) * (1.0 - finely) / 100_000
    assert np.isclose(bass.step(share, p, q, np.ones(1))[0], finely, rtol=1e-4)


def test_bass_coefficients_are_never_negative_and_a_shrinking_market_stands_still() -> None:
    share = np.array([[0.5], [0.45], [0.42], [0.40]])
    assert [part.tolist() for part in bass.coefficients(share)] == [[0.0], [0.0]]
    assert bass.fit(1000.0 * share.T, TOP).path(3).tolist() == [[400.0] * 3]


@pytest.mark.parametrize("module", [logistic, gompertz, bass])
def test_a_path_rises_to_the_middle_of_the_ceiling_and_a_value_there_is_a_reason(module: Any) -> None:
    path = answer(module.MODEL, np.array([[100.0, 180.0, 260.0, 390.0, 520.0]]), 100, (), TOP).points[0]
    assert np.all(np.diff(path) >= 0)
    assert 950.0 < path[-1] <= middle(TOP) == pytest.approx(1000.0)
    given = answer(module.MODEL, np.array([[800.0, 900.0, 1001.0]]), 2, (), TOP)
    assert given.reasons.tolist() == [Reason.ABOVE_CEILING]
