"""Ticks and labels of pictures."""

from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from rural_forecast.render import scale
from rural_forecast.text.numbers import tick_texts

VALUES = st.floats(-1e12, 1e12, allow_nan=False)


@given(VALUES, VALUES, st.integers(3, 9))
def test_ticks_span_what_is_drawn_and_are_no_more_than_wanted(low: float, high: float, most: int) -> None:
    assume(high - low > 1e-6 * max(abs(low), abs(high), 1.0))
    ticks = scale.value_ticks(low, high, most)
    slack = 1e-6 * (high - low)
    assert ticks[0] <= low + slack
    assert ticks[-1] >= high - slack
    assert 2 <= len(ticks) <= most
    assert ticks == sorted(set(ticks))
    assert len(set(tick_texts(ticks))) == len(ticks)


@given(st.floats(1e-9, 1e12), st.floats(1.01, 1e9), st.integers(3, 9))
def test_logarithmic_ticks_hold_what_is_drawn(low: float, ratio: float, most: int) -> None:
    high = low * ratio
    ticks = scale.log_ticks(low, high, most)
    start, end = scale.limits(ticks, low, high, logarithmic=True)
    assert start <= low * 1.0000001
    assert end >= high * 0.9999999
    assert sum(start <= tick <= end for tick in ticks) <= most + 1


@given(st.lists(st.floats(0, 100), min_size=1, max_size=8), st.floats(0.5, 10))
def test_labels_do_not_cover_each_other_and_stay_inside(wanted: list[float], room: float) -> None:
    places = scale.spread(wanted, room, 0, 100)
    ordered = sorted(places)
    assert all(after - before >= room * 0.999 for before, after in pairwise(ordered))
    if room * (len(wanted) - 1) <= 100:
        assert ordered[0] >= -1e-9
        assert ordered[-1] <= 100 + 1e-9
    ranks = sorted(range(len(wanted)), key=lambda place: (wanted[place], places[place]))
    assert [places[place] for place in ranks] == ordered


def test_a_label_with_room_stays_where_it_belongs() -> None:
    assert scale.spread([10, 50, 90], 5, 0, 100) == [10, 50, 90]
