"""Series as block characters."""

from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.series.source import read
from rural_forecast.text.numbers import BLOCKS, LONGEST, sparkline
from rural_forecast.views.series import courses


@given(st.lists(st.floats(-1e9, 1e9), max_size=40))
def test_heights_follow_the_values(values: list[float]) -> None:
    word, shown = sparkline(values), values[-LONGEST:]
    assert len(word) == len(shown)
    heights = [BLOCKS.index(sign) for sign in word]
    assert all(heights[i] <= heights[j] for i, a in enumerate(shown) for j, b in enumerate(shown) if a < b)


def test_a_common_scale_can_be_given() -> None:
    assert sparkline([1, 2], low=0, high=8) == "▂▃"


def test_courses_hold_whole_years_alone() -> None:
    assert courses([read("turnover")]) == {"rural_online_shopping_turnover": "▁▅█"}
