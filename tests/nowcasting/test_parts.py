"""Which parts of a year are used, and what is refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.errors import InputError, Place, UsageError
from rural_forecast.nowcasting.parts import Part, choose, read_partial
from rural_forecast.series.period import Period, parse
from rural_forecast.text.wording import named_months


def part(period: str, value: float | None, **more: Any) -> Part:
    return Part(parse(period), value, **more)


def used(*parts: Part, typed: tuple[Part, ...] = ()) -> list[str]:
    return [str(one.period) for one in choose(parts, typed).used]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2017H1=537.62", ("2017H1", 537.62, None)),
        ("2017H1=537.62:38.1", ("2017H1", 537.62, 38.1)),
        ("2017H1 = 537.62 : +38.1 %", ("2017H1", 537.62, 38.1)),
        ("2017M01-M08=729.04:-3", ("2017M01-M08", 729.04, -3)),
        ("2017Q2=0", ("2017Q2", 0, None)),
    ],
)
def test_partials_are_read(text: str, expected: tuple[str, float, float | None]) -> None:
    found = read_partial(text)
    assert (str(found.period), found.value, found.growth_pct, found.given) == (*expected, True)


@pytest.mark.parametrize(
    "text", ["2017H1", "2017X1=5", "2017=600", "2017H1=", "2017H1=1,200", "2017H1=nan", "2017H1=5:", "2017H1=5:-100"]
)
def test_bad_partials_are_refused(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_partial(text)
    assert "partial=['2017H1=537.62']" in caught.value.hint


def test_the_longest_of_nested_parts_is_used() -> None:
    parts = part("2017Q1", 250.43), part("2017H1", 537.62), part("2017M01-M08", 729.04)
    assert used(*parts) == ["2017M01-M08"]
    assert {str(one.period) for one in choose(parts).left} == {"2017Q1", "2017H1"}


def test_parts_that_follow_one_another_are_added() -> None:
    chosen = choose([part("2017Q1", 250.0), part("2017Q2", 287.0)])
    assert chosen.value == 537
    assert named_months(chosen.months) == "the first half"


def test_a_typed_part_goes_before_those_of_the_series() -> None:
    series = part("2017M01-M08", 729.04), part("2017Q1", 250.43), part("2017Q4", 300.0)
    chosen = choose(series, [part("2017H1", 537.62, given=True)])
    assert [str(one.period) for one in chosen.used] == ["2017H1", "2017Q4"]
    assert [str(one.period) for one in chosen.left] == ["2017Q1", "2017M01-M08"]


def test_a_part_with_growth_alone_serves_where_no_value_is_known() -> None:
    assert used(part("2025M01-M07", None, growth_pct=6.4)) == ["2025M01-M07"]
    assert used(part("2025M01-M07", None, growth_pct=6.4), part("2025Q1", 600)) == ["2025Q1"]


@pytest.mark.parametrize("other", ["2017Q2", "2017M01-M04"])
def test_typed_parts_that_cross_or_repeat_are_refused(other: str) -> None:
    with pytest.raises(UsageError):
        choose([], [part("2017M01-M04", 300, given=True), part(other, 200, given=True)])


def test_an_inner_part_that_is_more_than_the_outer_is_refused() -> None:
    with pytest.raises(UsageError):
        choose([], [part("2017Q1", 600, given=True), part("2017H1", 500, given=True)])
    with pytest.raises(InputError) as caught:
        choose([part("2017Q1", 600, place=Place("market.csv, line 3")), part("2017H1", 500)])
    assert caught.value.place == "market.csv, line 3"


@given(
    st.lists(
        st.tuples(st.integers(1, 12), st.integers(1, 11), st.floats(0, 1e6)).filter(lambda one: one[1] <= one[0]),
        max_size=8,
    )
)
def test_no_month_is_counted_twice(drawn: list[tuple[int, int, float]]) -> None:
    parts = [Part(Period(2017, last, length), value) for last, length, value in drawn]
    chosen = choose(parts)
    assert sum(len(one.months) for one in chosen.used) == len(chosen.months)
    assert len(chosen.used) + len(chosen.left) == len(parts)
    assert chosen.value == (pytest.approx(sum(one.value or 0 for one in chosen.used)) if parts else None)
