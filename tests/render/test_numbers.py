"""How people read numbers, in tables and as ticks and labels of pictures."""

import re
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rural_forecast.document.table import Cell, Column
from rural_forecast.render import scale
from rural_forecast.render.columns import people_texts, prose
from rural_forecast.text.numbers import decimals, percent, tick_texts
from tests.inside import Cli

VALUES = st.floats(-1e12, 1e12)


@pytest.mark.parametrize(
    ("column", "cells", "texts"),
    [
        (Column("v", kind="number"), (180.0, 353.0, 1244.88), ["180", "353", "1,245"]),
        (Column("v", kind="number"), (482.0, 596.347, None), ["482.0", "596.3", ""]),
        (Column("v", kind="number"), (0.5, 1200.0), ["0.5", "1,200.0"]),
        (Column("v", kind="number"), (999.96, 1.0), ["1,000", "1"]),
        (Column("v", kind="number"), (-0.04, -1234.5), ["-0.04", "-1,234.50"]),
        (Column("v", kind="number", decimals=2), (1.0, -0.001), ["1.00", "0.00"]),
        (Column("v", kind="number"), (1e-7, 0.0), ["1.000e-07", "0.000e+00"]),
        (Column("v", kind="number", decimals=6), (1.2e-9, 2e-9), ["1.200e-09", "2.000e-09"]),
        (Column("v", kind="number", decimals=2), (1.2e-9,), ["0.00"]),
        (Column("v", kind="number"), (1.5e300,), ["1.500e+300"]),
        (Column("v", kind="number"), (1.7976931348623157e308, 5e-324), ["1.798e+308", "0"]),
        (Column("v", kind="number"), (0.0, 0.0), ["0", "0"]),
        (Column("v", kind="number"), (">460", 482.0), [">460", "482"]),
        (Column("v", kind="percent", sign=True), (36.6, -3.25, 0.0), ["+36.6 %", "-3.2 %", "0.0 %"]),
        (Column("v", kind="percent", decimals=0), (31.2, None), ["31 %", ""]),
        (Column("v", kind="percent"), (0.123,), ["0.123 %"]),
        (Column("v", kind="number", mixed=True), (24243.8912, 0.5561, 8944.0, None), ["24,244", "0.5561", "8,944", ""]),
        (Column("v", kind="year"), (2016, "2017H1"), ["2016", "2017H1"]),
        (Column("v", kind="integer"), (1234567, -5), ["1,234,567", "-5"]),
        (Column("v", kind="integer", sign=True), (3, 0), ["+3", "0"]),
        (Column("v", kind="boolean"), (True, False, None), ["yes", "no", ""]),
        (Column("v"), ("a\nb", 2016, 1.5), ["a b", "2016", "1.5"]),
    ],
)
def test_texts(column: Column, cells: tuple[Cell, ...], texts: list[str]) -> None:
    assert people_texts(column, cells) == texts


@given(st.lists(st.floats(1e-4, 1e12), min_size=1, max_size=6), st.lists(VALUES, min_size=1, max_size=6))
def test_the_largest_value_keeps_four_digits_and_a_column_has_one_number_of_decimals(
    sizes: list[float], values: list[float]
) -> None:
    largest = max(sizes)
    shown = people_texts(Column("v", kind="number"), sizes)[sizes.index(largest)]
    assert abs(float(shown.replace(",", "")) / largest - 1) <= 5.0001e-4
    texts = people_texts(Column("v", kind="number"), values)
    if not any("e" in text for text in texts):
        assert {len(text.partition(".")[2]) for text in texts} == {decimals(values)}


@given(st.floats(-1e6, 1e6))
def test_a_percentage_has_a_sign_unless_it_is_zero(value: float) -> None:
    text = percent(value)
    assert (text[0] in "+-") is not (not text.strip("+-0., %"))


NEGATIVE = "year,value\n2017,-2\n2018,-5\n2019,4\n2020,-1\n2021,2\n2022,3\n"
FLAT = "year,value\n2017,99985\n2018,99983\n2019,99980\n2020,99978\n"
WRONG = re.compile(r"(?:^|[ (>])-\d|[−-]0(?:\.0+)? ?%")
SHOWN = ("project --model naive -f table", "project --model naive -f markdown", "chart -f svg", "exhibit -f html")


@pytest.mark.parametrize("data", [NEGATIVE, FLAT])
@pytest.mark.parametrize("line", SHOWN)
def test_numbers_below_zero_have_the_one_minus_sign_of_print(data: str, line: str, cli: Cli) -> None:
    said = "-5.0 (-3 to ~-2) on 2017-03-01, --year 2018, >-4"
    assert prose(said) == "−5.0 (−3 to ~−2) on 2017-03-01, --year 2018, >−4"
    command, *others = line.split()
    done = cli(command, "-", "--year", "2024", *others, stdin=data)
    assert done.code == 0, done.err
    plain = re.sub(r"<(style|script)\b.*?</\1>", "", done.out, flags=re.DOTALL)
    plain = re.sub(r"<[^>]*>|---+", " ", plain)
    assert not [text for text in plain.splitlines() if WRONG.search(text)]


@given(VALUES, VALUES, st.integers(3, 9))
def test_ticks_span_what_is_drawn_and_are_no_more_than_wanted(one: float, other: float, most: int) -> None:
    low, high = sorted((one, other))
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
def test_labels_stay_where_they_belong_do_not_cover_each_other_and_stay_inside(
    wanted: list[float], room: float
) -> None:
    assert scale.spread([10, 50, 90], 5, 0, 100) == [10, 50, 90]
    places = scale.spread(wanted, room, 0, 100)
    ordered = sorted(places)
    assert all(after - before >= room * 0.999 for before, after in pairwise(ordered))
    if room * (len(wanted) - 1) <= 100:
        assert ordered[0] >= -1e-9
        assert ordered[-1] <= 100 + 1e-9
    ranks = sorted(range(len(wanted)), key=lambda place: (wanted[place], places[place]))
    assert [places[place] for place in ranks] == ordered
