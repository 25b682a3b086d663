"""No year of an answer depends on how many years are asked for: the rows of one target begin those of a later one."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.registry import get, names
from tests.conformance.asking import Row, differences, document, long_form
from tests.conformance.histories import HISTORIES, drawn
from tests.inside import typed

FARTHEST = 100
KERNELS = tuple(name for name in names() if get(name).own_forecast is None)
OPINIONS = tuple(name for name in names() if get(name).own_forecast is not None)
DECLINE = [100 * 0.92**step for step in range(20)]
LINE_TO_ZERO = [float(step) for step in range(12, 2, -1)]


def ceiling(history: list[float]) -> tuple[object, ...]:
    """A range above every value, for the curves."""
    most = max(map(abs, history))
    return ("--ceiling", f"{2 * most + 1!r}..{8 * most + 4!r}")


def forecast_rows(history: list[float], years: int, *options: object) -> list[Row]:
    """Rows of a forecast so many years ahead; none where no model that is asked for can answer."""
    target = 1900 + len(history) + years
    text = long_form({"s": history})
    done = typed("project", "-", "--year", target, *options, "--format", "json", stdin=text)
    assert done.code in (0, 4), done.err
    found: list[Row] = json.loads(done.out)["rows"] if done.code == 0 else []
    return found


def check_beginning(near: list[Row], far: list[Row], years: int) -> None:
    """The nearer target has all rows that the farther one has of its years."""
    last = 1900 + years
    assert differences(near, [row for row in far if row["period"] <= last], 1e-12) == []


@pytest.mark.slow
@settings(max_examples=60)
@given(
    drawn(65),
    st.sampled_from(KERNELS),
    st.lists(st.integers(1, FARTHEST), min_size=2, max_size=2, unique=True).map(sorted),
)
@example(DECLINE, "drift", [6, 10])
@example(LINE_TO_ZERO, "drift", [2, 12])
@example([5.0], "reference", [1, 100])
def test_the_rows_of_a_target_begin_those_of_a_later_one(history: list[float], model: str, reach: list[int]) -> None:
    options = ("--model", "consensus", "--model", model, *ceiling(history))
    near, far = (forecast_rows(history, years, *options) for years in reach)
    check_beginning(near, far, len(history) + reach[0])


@pytest.mark.slow
@pytest.mark.parametrize("model", OPINIONS)
@pytest.mark.parametrize("name", ["founding", "falling", "negative", "long"])
def test_a_library_says_the_same_of_a_year_whatever_the_target(model: str, name: str) -> None:
    history = HISTORIES[name][-12:]
    near, far = (forecast_rows(history, years, "--model", model) for years in (3, FARTHEST))
    assert near
    check_beginning(near, far, len(history) + 3)


@pytest.mark.slow
@pytest.mark.parametrize("history", [DECLINE, LINE_TO_ZERO, [180.0, 353.0, 482.0], [4.0, 0.0, 2.0, 1.0], [3.0, 2.0]])
def test_no_target_changes_a_year(history: list[float]) -> None:
    whole = consensus(np.array([history]), FARTHEST, (80, 95))
    for years in range(1, FARTHEST):
        part = consensus(np.array([history]), years, (80, 95))
        for one, other in zip(part[:3], whole[:3], strict=True):
            np.testing.assert_allclose(one, other[..., :years], rtol=1e-12)


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
