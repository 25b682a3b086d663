"""Properties of every nowcast: its bounds, the floor, the unit; and the learned numbers behind
them.
"""

from itertools import pairwise
from math import log

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from rural_forecast.forecasting.nowcasting.votes import (
    TAILS,
    VOTERS,
    WEIGHING,
    above,
    at_knot,
    learned,
    stored,
)
from rural_forecast.objects.functions import nowcast
from tests.forecasting.nowcasting.test_nowcast import by_voter
from tests.observed.build import series

pytestmark = pytest.mark.slow

amounts = st.floats(1, 1e4)


@st.composite
def markets(draw: st.DrawFn) -> tuple[dict[str, float], float | None]:
    """One to six years with first halves, a known half, and perhaps its growth."""
    count = draw(st.integers(0, 6))
    values: dict[str, float] = {}
    for year in range(2017 - count, 2017):
        total = draw(amounts)
        values[str(year)] = total
        if draw(st.booleans()):
            values[f"{year}H1"] = total * draw(st.floats(0.05, 0.95))
    values["2017H1"] = draw(amounts)
    return values, draw(st.none() | st.floats(-60, 300))


def on_one_basis(values: dict[str, float], growth: float | None) -> bool:
    return growth is None or values["2017H1"] / (1 + growth / 100) < values.get(
        "2016", float("inf")
    )


@settings(max_examples=60)
@given(markets(), st.sampled_from([(80, 95), (50,), (99,), (50, 80, 95, 99)]))
def test_the_median_is_inside_bounds_that_nest_above_what_is_known_and_above_the_floor(
    drawn: tuple[dict[str, float], float | None], levels: tuple[int, ...]
) -> None:
    values, growth = drawn
    assume(on_one_basis(values, growth))
    result = nowcast(series(values, {} if growth is None else {"2017H1": growth}), levels=levels)
    part = values["2017H1"]
    assert sum(vote.weight for vote in result.votes) == pytest.approx(1)
    for low, high in zip(result.lower, result.upper, strict=True):
        assert part <= low <= result.value < high < float("inf")
    for (low, high), (lower, higher) in pairwise(zip(result.lower, result.upper, strict=True)):
        assert lower <= low
        assert high <= higher
    if growth is None:
        assert result.value >= result.evidence.reach()[0] > part * (1 - 1e-12)
        assert min(result.lower) >= result.evidence.reach(1.5)[0]
        rests = [low / part - 1 for low in result.lower]
        assert all(lower < 0.999 * low for low, lower in pairwise(rests))
        assert all(higher > 1.001 * high for high, higher in pairwise(result.upper))


@settings(max_examples=100)
@given(
    st.floats(1e-6, 1e6),
    st.floats(1.0001, 50),
    st.lists(st.floats(1e-3, 1e3), min_size=2, max_size=6),
)
def test_the_floor_bends_smoothly_and_keeps_the_order(
    part: float, ratio: float, relative: list[float]
) -> None:
    floor = part * ratio
    values = [floor * one for one in sorted(relative)]
    bent = [above(value, floor, part) for value in values]
    assert bent == sorted(bent)
    for value, one in zip(values, bent, strict=True):
        assert one >= max(value, floor) * (1 - 1e-12)
        assert abs(above(value * 1.001, floor, part) / one - 1) <= 0.001 + 1e-12


@settings(max_examples=40)
@given(markets(), st.integers(-900, 900))
def test_scaling_the_data_scales_the_answer(
    drawn: tuple[dict[str, float], float | None], power: int
) -> None:
    values, growth = drawn
    assume(on_one_basis(values, growth))
    rates = {} if growth is None else {"2017H1": growth}
    factor = 2.0**power
    one, other = (
        nowcast(series({period: value * times for period, value in values.items()}, rates))
        for times in (1, factor)
    )
    assert other.value == pytest.approx(one.value * factor, rel=1e-9)
    assert other.lower == pytest.approx([bound * factor for bound in one.lower], rel=1e-9)
    assert other.upper == pytest.approx([bound * factor for bound in one.upper], rel=1e-9)


def test_years_that_no_ratio_spans_have_a_median_inside_their_interval() -> None:
    years = {"2012": 2, "2013": 1e-300, "2014": 2, "2015": 1e-300, "2016": 2}
    parts = {"2013H1": 3e-301, "2014H1": 1, "2015Q1": 3e-301, "2015Q2": 3e-301, "2015Q3": 3e-301}
    result = nowcast(series({**years, **parts, "2017Q3": 3}))
    assert all(
        low <= result.value <= high for low, high in zip(result.lower, result.upper, strict=True)
    )


def test_the_learned_numbers_are_whole() -> None:
    keys = [row.rsplit(" ", 1) for row in stored()["kinds"]]
    assert {months for _, months in keys} == {"3", "6", "9"}
    for kind, months in keys:
        numbers = learned(kind, int(months))
        assert set(numbers.weights) <= set(VOTERS)
        assert {len(row) for row in numbers.weights.values()} == {1 + len(WEIGHING)}
        assert len(numbers.scale) == 10
        assert min(numbers.scale) >= 0 < numbers.scale[0]
        for tails in (numbers.low, numbers.high):
            assert len(tails) == len(TAILS)
        assert list(numbers.low) == sorted(numbers.low)
        assert list(numbers.high) == sorted(numbers.high, reverse=True)
        assert numbers.low[-1] < 0 < numbers.high[-1]


def test_one_earlier_year_is_worth_less_where_parts_are_rough_or_grow_much_or_unevenly() -> None:
    def width(**parts: float) -> float:
        values = {"2016Q1": 24, "2016Q2": 26, "2016Q3": 24, "2016Q4": 26, "2016": 100, **parts}
        result = nowcast(series(values), year=2017)
        assert result.lower[0] <= by_voter(result)["share"] <= result.upper[0]
        return log(result.upper[0] / result.lower[0])

    steady = width(**{"2017Q1": 25, "2017Q2": 27})
    assert width(**{"2017Q1": 48, "2017Q2": 52}) > 3 * steady
    assert width(**{"2017Q1": 20, "2017Q2": 32}) > 3 * steady
    assert (
        width(
            **{"2016Q1": 20, "2016Q2": 30, "2016Q3": 20, "2016Q4": 30, "2017Q1": 21, "2017Q2": 31}
        )
        > 1.2 * steady
    )


def test_the_part_counts_more_where_a_year_has_no_seasons_and_quarters_grow_evenly() -> None:
    def annual(*quarters: float) -> float:
        values = {f"2016Q{quarter}": value for quarter, value in enumerate(quarters[:4], 1)}
        values |= {"2016": 100, "2017Q1": quarters[4], "2017Q2": quarters[5]}
        return nowcast(series(values), year=2017).vote["annual"].weight

    level = annual(24.5, 25, 25, 25.5, 29.4, 30)
    assert level < annual(24.5, 25, 25, 25.5, 27, 32.4)
    assert level < annual(16, 20, 28, 36, 19.2, 24) / 2


def test_errors_shrink_with_the_months_still_open() -> None:
    first = at_knot("one", 3)
    last = at_knot("one", 9)
    np.testing.assert_allclose(learned("one", 11).scale, np.array(last.scale) / 3)
    np.testing.assert_allclose(learned("one", 1).scale, np.array(first.scale) * 3**0.25)
    np.testing.assert_allclose(learned("one", 6).scale, at_knot("one", 6).scale)
