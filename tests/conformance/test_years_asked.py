"""No year of an answer depends on how many years are asked for: the rows of one target begin those of a later one."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.intervals import forecast_block
from rural_forecast.forecasting.registry import get, names
from rural_forecast.models.base import answer
from tests.conformance.asking import document, long_form
from tests.conformance.histories import HISTORIES, drawn
from tests.inside import typed

FARTHEST = 100
LEVELS = (80, 95)
KERNELS = tuple(name for name in names() if get(name).own_forecast is None)
OPINIONS = tuple(name for name in names() if get(name).own_forecast is not None)
DECLINE = [100 * 0.92**step for step in range(20)]
LINE_TO_ZERO = [float(step) for step in range(12, 2, -1)]


def check_beginning(near: tuple[np.ndarray, ...], far: tuple[np.ndarray, ...]) -> None:
    """The years of a nearer target are those that the farther one begins with."""
    for one, other in zip(near, far, strict=True):
        np.testing.assert_allclose(one, other[..., : one.shape[-1]], rtol=1e-12)


@settings(max_examples=60)
@given(
    drawn(65),
    st.sampled_from(KERNELS),
    st.lists(st.integers(1, FARTHEST), min_size=2, max_size=2, unique=True).map(sorted),
)
@example(DECLINE, "drift", [6, 10])
@example(LINE_TO_ZERO, "drift", [2, 12])
@example([5.0], "reference", [1, 100])
@pytest.mark.slow
def test_the_years_of_a_target_begin_those_of_a_later_one(history: list[float], model: str, reach: list[int]) -> None:
    most = max(map(abs, history))
    values, ceiling = np.array([history]), (2 * most + 1, 8 * most + 4)  # above every value, for the curves
    near, far = (consensus(values, years, LEVELS, ceiling) for years in reach)
    check_beginning(near[:3], far[:3])
    alone, later = (forecast_block(get(model), values, years, LEVELS, ceiling) for years in reach)
    check_beginning((alone.points, alone.lower, alone.upper), (later.points, later.lower, later.upper))


@pytest.mark.slow
@pytest.mark.parametrize("model", OPINIONS)
@pytest.mark.parametrize("name", ["founding", "falling", "negative", "long"])
def test_a_library_says_the_same_of_a_year_whatever_the_target(model: str, name: str) -> None:
    values = np.array([HISTORIES[name][-12:]])
    near, far = (answer(get(model), values, years, LEVELS) for years in (3, FARTHEST))
    assert np.isfinite(near.points).all()
    check_beginning((near.points, near.lower, near.upper), (far.points, far.lower, far.upper))


def test_a_model_gives_the_years_it_can_and_says_so() -> None:
    panel = long_form({"a": LINE_TO_ZERO, "b": [1.0, 2.0, 3.0], "c": LINE_TO_ZERO[2:]})
    told = document("batch", "-", "--horizon", 5, "--model", "drift", stdin=panel)
    assert [row["series_id"] for row in told["rows"]] == [*"aa", *"bbbbb", *"cc"]
    alone = document("project", "-", "--year", 1918, "--model", "drift", stdin=long_form({"s": LINE_TO_ZERO}))
    assert [row["period"] for row in alone["rows"]] == [1911, 1912]
    assert [note["code"] for note in alone["notes"]] == ["path_ends"]
    assert typed("project", "-", "--model", "drift", stdin=long_form({"s": [10.0, 1.0]})).code == 4


@pytest.mark.parametrize("history", [DECLINE, LINE_TO_ZERO, [9.0, 8.0, 7.0]])
def test_a_member_fades_out_before_its_path_would_cross_zero(history: list[float]) -> None:
    found = consensus(np.array([history]), FARTHEST, (80,))
    place = found.members.index("drift")
    weights, points = found.weights[0, place], found.points[0, place]
    last = int(np.isfinite(points).sum())
    assert 1 < last < FARTHEST
    assert weights[0] > 0
    assert weights[last - 1] < 0.2 * weights[0]
    assert np.all(weights[last:] == 0)
