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


def names(parts: tuple[Part, ...]) -> list[str]:
    return [str(one.period) for one in parts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2017H1=537.62", ("2017H1", 537.62, None)),
        ("2017H1=537.62:38.1", ("2017H1", 537.62, 38.1)),
        ("2017H1 = 537.62 : +38.1 %", ("2017H1", 537.62, 38.1)),
        ("2017M01-M08=729.04:-3", ("2017M01-M08", 729.04, -3)),
        ("2017Q2=0", ("2017Q2", 0, None)),
        *((text, None) for text in ("2017H1", "2017X1=5", "2017=600", "2017H1=", "2017H1=1,200", "2017H1=nan",
                                    "2017H1=5:", "2017H1=5:-100")),
    ],
)  # fmt: skip
def test_partials_are_read_or_refused(text: str, expected: tuple[str, float, float | None] | None) -> None:
    if expected is None:
        with pytest.raises(UsageError) as caught:
            read_partial(text)
        assert "partial=['2017H1=537.62']" in caught.value.hint
    else:
        found = read_partial(text)
        assert (str(found.period), found.value, found.growth_pct, found.given) == (*expected, True)


def test_the_longest_of_nested_parts_is_used_parts_in_a_row_are_added_and_typed_ones_go_first() -> None:
    chosen = choose([part("2017Q1", 250.43), part("2017H1", 537.62), part("2017M01-M08", 729.04)])
    assert (names(chosen.used), {*names(chosen.left)}) == (["2017M01-M08"], {"2017Q1", "2017H1"})
    chosen = choose([part("2017Q1", 250.0), part("2017Q2", 287.0)])
    assert (chosen.value, named_months(chosen.months)) == (537, "the first half")
    series = part("2017M01-M08", 729.04), part("2017Q1", 250.43), part("2017Q4", 300.0)
    chosen = choose(series, [part("2017H1", 537.62, given=True)])
    assert (names(chosen.used), names(chosen.left)) == (["2017H1", "2017Q4"], ["2017Q1", "2017M01-M08"])
    grown = part("2025M01-M07", None, growth_pct=6.4)
    assert names(choose([grown]).used) == ["2025M01-M07"], "it serves where no value is known"
    assert names(choose([grown, part("2025Q1", 600)]).used) == ["2025Q1"]


def test_typed_parts_that_cross_or_repeat_and_an_inner_part_above_the_outer_are_refused() -> None:
    for one, other in (
        (part("2017M01-M04", 300, given=True), part("2017Q2", 200, given=True)),
        (part("2017M01-M04", 300, given=True), part("2017M01-M04", 200, given=True)),
        (part("2017Q1", 600, given=True), part("2017H1", 500, given=True)),
    ):
        with pytest.raises(UsageError):
            choose([], [one, other])
    with pytest.raises(InputError) as caught:
        choose([part("2017Q1", 600, place=Place("market.csv, line 3")), part("2017H1", 500)])
    assert caught.value.place == "market.csv, line 3"


SPANS = st.tuples(st.integers(1, 12), st.integers(1, 11), st.floats(0, 1e6)).filter(lambda one: one[1] <= one[0])


@given(st.lists(SPANS, max_size=8))
def test_no_month_is_counted_twice(drawn: list[tuple[int, int, float]]) -> None:
    parts = [Part(Period(2017, last, length), value) for last, length, value in drawn]
    chosen = choose(parts)
    assert sum(len(one.months) for one in chosen.used) == len(chosen.months)
    assert len(chosen.used) + len(chosen.left) == len(parts)
    assert chosen.value == (pytest.approx(sum(one.value or 0 for one in chosen.used)) if parts else None)
