"""Units of names, and two units of one series, such as that of its head and of its column."""

import pytest

from rural_forecast.errors import Problem
from rural_forecast.observed.reading.names import unit_in
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


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("turnover bn EUR", "bn EUR"),
        ("sales_usd", "usd"),
        ("Price in EUR", "EUR"),
        ("Retail sales, million yuan", "million yuan"),
        ("Retail sales (million yuan)", "million yuan"),
        ("EUR", ""),
        ("Users by thousand", ""),
        ("Turnover of shops", ""),
    ],
)
def test_a_name_states_its_unit_in_brackets_behind_a_comma_or_as_money_at_its_end(
    name: str, unit: str
) -> None:
    assert unit_in(name) == unit
