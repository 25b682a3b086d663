"""Rounding never chooses: what is equal but for the last digits gets forecasts equal but for them.

Short series of whole numbers tie all the time: a weight that no error depends on, two valleys of the same depth, a
minimum that lies on a bound, a line that meets zero. Another unit, NumPy or processor rounds each the other way.
"""

import numpy as np
import pytest

from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.registry import MODELS
from rural_forecast.models.base import Model, answer
from tests.conformance.test_models import named

pytestmark = pytest.mark.slow

HORIZON = 6
KERNELS = [model for model in MODELS if model.fit is not None and not model.needs_ceiling]
TIED = (
    ("a jump at the end, which no weight foresees", (3.0, 3.0, 3.0, 8.0)),
    ("the same, of many digits", (0.1, 0.1, 0.1, 0.1, 0.7)),
    ("a step, which any weight follows", (3.0, 3.0, 8.0, 8.0)),
    ("a stationary point at a bound", (3.0, 2.0, 2.0, 1.0, 1.0, 3.0)),
    ("the same on logarithms", (4.0, 1.0, 1.0, 2.0)),
    ("a valley that ends where a weight vanishes", (2.0, 2.0, 4.0, 3.0)),
    ("two valleys of one depth", (4.0, 3.0, 1.0, 1.0, 4.0)),
    ("the same with negative values", (-3.0, 1.0, 3.0, 1.0, -3.0)),
    ("the same with zeros", (0.0, 1.0, 2.0, 2.0, 0.0)),
    ("a line that meets zero after ten years", (6.0, 5.0, 5.0)),
    ("the same of theta", (5.0, 4.0, 3.0, 1.0, 1.0, 3.0)),
    ("a fitted trend that meets zero", (3.0, 2.0, 4.0, 2.0)),
    ("a trend that rests at zero", (1.0, 3.0, 1.0, 3.0, 0.0)),
)


def shaken(block: np.ndarray) -> list[tuple[np.ndarray, float]]:
    """The same series in other units and with other last digits, with the unit."""
    noise = np.random.default_rng(3)
    other = [(block * unit, unit) for unit in (3.7, 1 / 3, 1e12, 1e-12)]
    return other + [(block * (1.0 + 1e-15 * noise.integers(-2, 3, block.shape)), 1.0) for _ in range(4)]


def whole_numbers(length: int) -> np.ndarray:
    """Shape (series, time): runs of small whole numbers, where ties are common."""
    noise = np.random.default_rng(11)
    return np.concatenate([noise.integers(1, 6, (60, length)), noise.integers(-3, 4, (20, length))]).astype(float)


def check_model(model: Model, block: np.ndarray) -> None:
    here = answer(model, block, HORIZON)
    size = np.abs(block).max(axis=1, keepdims=True)
    for values, unit in shaken(block):
        there = answer(model, values, HORIZON)
        assert np.array_equal(here.reasons, there.reasons)
        apart = np.abs(there.points / unit - here.points)
        assert np.all((apart <= 1e-9 * size) | (apart <= 1e-9 * np.abs(here.points)) | (here.reasons != 0)[:, None])


def check_consensus(block: np.ndarray) -> None:
    here = consensus(block, HORIZON, (80, 95))
    size = np.abs(block).max(axis=1)
    for values, unit in shaken(block):
        there = consensus(values, HORIZON, (80, 95))
        assert np.array_equal(np.isnan(here.points), np.isnan(there.points))
        for part in ("point", "lower", "upper"):
            told, again = getattr(here, part), getattr(there, part) / unit
            apart = np.abs(again - told)
            room = 1e-9 * np.maximum(np.abs(told), size.reshape(-1, *[1] * (told.ndim - 1)))
            assert np.all(apart <= room)


@pytest.mark.parametrize("history", [values for _, values in TIED], ids=[text for text, _ in TIED])
def test_ties_are_settled_by_rule(history: tuple[float, ...]) -> None:
    block = np.array([history])
    check_consensus(block)
    for model in KERNELS:
        if len(history) >= model.min_points:
            check_model(model, block)


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 6, 9, 20])
def test_series_of_whole_numbers(length: int) -> None:
    block = whole_numbers(length)
    check_consensus(block)
    for model in KERNELS:
        if length >= model.min_points:
            check_model(model, block)


@named([model for model in KERNELS if model.positive])
def test_a_path_near_zero_is_not_cut_by_mistake(model: Model) -> None:
    """What falls by a constant share is far above zero each year, however little is left of it."""
    given = answer(model, np.array([1e6 * 0.01 ** np.arange(8.0)]), HORIZON)
    assert np.all(given.reasons == 0)
    assert given.points.min() > 0
