"""Two units of one series, such as that of its head and that of its column."""

import pytest

from rural_forecast.errors import Problem
from rural_forecast.observed.reading.units import combined


@pytest.mark.parametrize(
    ("first", "second"),
    [("x 1,000 tonnes", "million tonnes"), ("x 1 000 000 EUR", "thousand EUR")],
)
def test_a_factor_in_digits_contradicts_another_one(first: str, second: str) -> None:
    assert isinstance(combined(first, second), Problem)


@pytest.mark.parametrize(
    ("first", "second"),
    [("x 1,000 tonnes", "thousand tonnes"), ("x 1 000 000 EUR", "million EUR")],
)
def test_a_factor_in_digits_agrees_with_its_word(first: str, second: str) -> None:
    assert combined(first, second) == second


def test_a_percentage_has_no_factor() -> None:
    assert combined("percent of million households", "thousand %") == "thousand %"
