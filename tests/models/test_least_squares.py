"""The shared searches: one dimension by a bracketed root, a box by Newton steps, both in batch."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rural_forecast.models.box_newton import Shape, descend
from rural_forecast.models.drift import mean_change
from rural_forecast.models.smoothing import Objective, binary_scale, by_time, groups, least_squares
from rural_forecast.models.trend_smoothing import shape


def test_a_parabola_is_solved_to_rounding() -> None:
    centre = np.array([0.1234567890123, 0.5, 0.99, -3.0, 7.0])

    def make(times: int) -> Objective:
        middle = np.tile(centre, times)
        return lambda x: ((x - middle) ** 2, 2.0 * (x - middle))

    assert np.allclose(least_squares(make, 5, 0.0, 1.0), np.clip(centre, 0.0, 1.0), rtol=1e-15)


def test_the_lower_of_two_valleys_wins() -> None:
    def make(times: int) -> Objective:
        def objective(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            a, b = x - 0.2, x - 0.8
            return a * a * b * b + 0.01 * x, 2.0 * a * b * b + 2.0 * a * a * b + 0.01

        return objective

    assert abs(least_squares(make, 1, 0.0, 1.0)[0] - 0.2) < 0.03


def test_a_tie_leans_on_the_newest_data() -> None:
    assert least_squares(lambda _: lambda x: (0.0 * x, 0.0 * x), 2, 0.1, 0.9).tolist() == [0.9, 0.9]


def test_groups_cover_every_candidate_once() -> None:
    for starts, count in ((65, 1), (65, 1000), (7, 100_000)):
        assert [k for part in groups(starts, count) for k in range(starts)[part]] == list(range(starts))


@settings(deadline=None)
@given(arrays(np.float64, (3, 5), elements=st.floats(-1e200, 1e200, allow_subnormal=False)))
def test_the_scale_is_a_power_of_two_that_brings_values_near_one(values: np.ndarray) -> None:
    scale = binary_scale(values)
    assert np.all(np.frexp(scale)[0] == 0.5)
    largest = np.abs(values / scale[:, None]).max(axis=1)
    assert np.all((largest == 0) | ((largest >= 1) & (largest < 2)))


def test_a_box_holds_and_a_saddle_is_left() -> None:
    def evaluate(point: object) -> Shape:
        x, y = point  # type: ignore[misc]
        square = (x - 2.0) ** 2 + (y * y - 0.25) ** 2
        return Shape(
            square, [2.0 * (x - 2.0), 4.0 * y * (y * y - 0.25)], [[2.0 + 0.0 * x], [0.0 * x, 12.0 * y * y - 1.0]]
        )

    (x, y), square = descend(evaluate, [np.array([0.5]), np.array([0.01])], ((0.0, 1.0), (0.0, 1.0)), 30, 1e-13)
    assert np.allclose([x[0], y[0], square[0]], [1.0, 0.5, 1.0])


@settings(max_examples=40, deadline=None)
@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.floats(0.8, 0.99))
def test_derivatives_of_the_smoothing_recursion(alpha: float, beta: float, phi: float) -> None:
    values = np.array([[3.0, 5.0, 4.0, 7.0, 8.0, 6.0, 9.0]]) / 8.0
    rows, start, small = by_time(values), mean_change(values), 1e-6
    point = [np.array([alpha]), np.array([beta]), np.array([phi])]
    here = shape(rows, start, point, None)
    for i in range(3):
        up, down = [axis.copy() for axis in point], [axis.copy() for axis in point]
        up[i] += small
        down[i] -= small
        above, below = shape(rows, start, up, None), shape(rows, start, down, None)
        assert np.isclose((above.square - below.square) / (4.0 * small), here.gradient[i], rtol=1e-4, atol=1e-8)
        for j in range(3):
            slope = (above.gradient[j] - below.gradient[j]) / (2.0 * small)
            assert np.isclose(slope, here.bend[max(i, j)][min(i, j)], rtol=1e-4, atol=1e-7)
