"""House style, numbers: digits by the width of the range, one step a column, units that no line starts with."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from rural_forecast.render.page.html import unbroken
from rural_forecast.render.wrapping import wrap
from rural_forecast.text.numbers import observed_places, places_of_range, range_amounts
from tests.inside import Cli


@pytest.mark.parametrize(
    ("value", "low", "high", "written"),
    [
        (656, 381, 1307, "660"),  # wider than a fifth each way: two digits
        (3243, 2899, 3537, "3,240"),  # three
        (4275, 3094, 5957, "4,300"),
        (63.21, 60, 66, "63.2"),
        (0.0123, 0.0119, 0.0127, "0.0123"),
        (-0.03, -11.4, 16.7, "0.0"),  # the range decides where the value says nothing
        (42, 42, 42, "42.0"),
    ],
)
def test_a_wide_range_has_two_digits_and_another_three(value: float, low: float, high: float, written: str) -> None:
    assert range_amounts("", value, low, high)(value) == written


@given(st.floats(1e-3, 1e6), st.floats(0.001, 0.9))
def test_rounding_moves_a_value_by_less_than_a_quarter_of_its_range(value: float, share: float) -> None:
    low, high = value * (1 - share), value * (1 + share)
    places = places_of_range(value, low, high)
    assert abs(round(value, places) - value) <= max((high - low) / 4, 0.0051 * value)


def test_what_was_observed_keeps_three_digits() -> None:
    assert [observed_places(value) for value in (1244.88, 537.62, 90.0, 97.34, 0.0)] == [-1, 0, 0, 1, 0]


def test_the_terminal_keeps_the_unit_of_the_series_below_ten_million() -> None:
    assert range_amounts("persons", 9.4e6, 9.3e6, 9.5e6).full(9.4e6) == "9,400,000 persons"
    assert range_amounts("persons", 1.41e9, 1.39e9, 1.43e9).full(1.41e9) == "1.41 bn persons"


def test_a_column_of_forecasts_has_the_step_of_the_first_and_machines_get_all_digits(cli: Cli) -> None:
    table = cli("project", "mofcom", "--year", "2030", "--format", "table", "--model", "consensus").out
    rows = [line.split() for line in table.splitlines() if re.match(r"20\d\d  forecast", line)]
    shown = [float(number.replace(",", "")) for row in rows for number in (row[2], row[3], row[5])]
    assert all(number % 10 == 0 for number in shown)
    assert any(number % 100 for number in shown)
    raw = csv.DictReader(io.StringIO(cli("project", "mofcom", "--year", "2030").out))
    assert all(len(row["value"]) > 12 for row in raw)
    assert [round(float(row[2].replace(",", ""))) for row in rows] == [
        round(float(row["value"]), -1)
        for row in csv.DictReader(io.StringIO(cli("project", "mofcom", "--year", "2030").out))
    ]


def test_no_line_starts_with_a_unit() -> None:
    text = "About 4,300 bn CNY in 2030, 80 % of 12 tn yuan, 3 million persons and 15 EUR: 7 % a year"
    for width in range(12, cell_len(text)):
        for line in wrap(text, width)[1:]:
            assert not re.match(r"(bn|tn|million|CNY|EUR|yuan|%)\b|%", line), (width, line)
    assert unbroken("4,300 bn CNY") == "4,300\xa0bn\xa0CNY"


def test_one_word_for_a_currency_throughout(cli: Cli) -> None:
    for command in (
        ("project", "mofcom", "--model", "consensus"),
        ("nowcast", "turnover", "--year", "2017", "--partial", "2017H1=300"),
    ):
        shown = cli(*command, "--format", "table").out
        assert "CNY" in shown
        assert not re.search(r"\byuan\b|RMB|¥", shown)
