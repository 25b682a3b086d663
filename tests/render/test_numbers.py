"""How people read numbers."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.document.table import Cell, Column
from rural_forecast.render.columns import people_texts, prose
from rural_forecast.text.numbers import decimals, percent
from tests.inside import Cli


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


@given(st.lists(st.floats(1e-4, 1e12), min_size=1, max_size=6))
def test_the_largest_value_keeps_four_digits(values: list[float]) -> None:
    largest = max(values)
    shown = float(people_texts(Column("v", kind="number"), values)[values.index(largest)].replace(",", ""))
    assert abs(shown / largest - 1) <= 5.0001e-4


@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=6))
def test_one_number_of_decimals_a_column(values: list[float]) -> None:
    texts = people_texts(Column("v", kind="number"), values)
    if not any("e" in text for text in texts):
        assert {len(text.partition(".")[2]) for text in texts} == {decimals(values)}


@given(st.floats(-1e6, 1e6))
def test_a_percentage_has_a_sign_unless_it_is_zero(value: float) -> None:
    text = percent(value)
    zero = not text.strip("+-0., %")
    assert (text[0] in "+-") is not zero


def test_there_is_one_minus_sign() -> None:
    assert (
        prose("-5.0 (-3 to ~-2) on 2017-03-01, --year 2018, >-4") == "−5.0 (−3 to ~−2) on 2017-03-01, --year 2018, >−4"
    )


NEGATIVE = "year,value\n2017,-2\n2018,-5\n2019,4\n2020,-1\n2021,2\n2022,3\n"
FLAT = "year,value\n2017,99985\n2018,99983\n2019,99980\n2020,99978\n"
WRONG = re.compile(r"(?:^|[ (>])-\d|[−-]0(?:\.0+)? ?%")


SHOWN = ("project --model naive -f table", "project --model naive -f markdown", "chart -f svg", "exhibit -f html")


@pytest.mark.parametrize("data", [NEGATIVE, FLAT])
@pytest.mark.parametrize("words", SHOWN)
def test_numbers_below_zero_have_the_sign_of_print(data: str, words: str, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "market.csv").write_text(data)
    command, *others = words.split()
    done = cli(command, str(tmp_path / "market.csv"), "--year", "2024", *others)
    assert done.code == 0, done.err
    plain = re.sub(r"<(style|script)\b.*?</\1>", "", done.out, flags=re.DOTALL)
    plain = re.sub(r"<[^>]*>|---+", " ", plain)
    assert not [line for line in plain.splitlines() if WRONG.search(line)]
