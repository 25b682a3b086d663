"""Errors that are rarely met, in words: their fields are as where they are raised."""

from __future__ import annotations

import pytest

from rural_forecast.errors import Problem


@pytest.mark.parametrize(
    ("reason", "fields", "problem", "hint"),
    [
        (
            "target_no_year",
            {"year": 10000, "last": 9999},
            "10000 is not a year from 1 to 9999.",
            "Give the last year to forecast.",
        ),
        # Prices
        (
            "inflation_out_of_range",
            {"inflation": -60},
            "An inflation of -60 % is out of range.",
            "Give percent a year, such as 2.",
        ),
        (
            "prices_not_positive",
            {"series": "cpi", "year": 2019},
            "The price index of cpi is not positive in 2019.",
            "Give an index or percent.",
        ),
        # Series
        (
            "no_such_year",
            {"text": "0000", "year": 0, "first": 1, "last": 9999},
            "'0000' has the year 0; years go from 1 to 9999",
            "",
        ),
        ("no_series_given", {}, "No series is given.", "Name one or more."),
        (
            "parts_of_years_alone",
            {"series": "users"},
            "users has no value of a whole year.",
            "It holds parts of years only.",
        ),
        # Sizing
        # Tables of TOML
    ],
)
def test_rare_errors_in_words(reason: str, fields: dict[str, object], problem: str, hint: str) -> None:
    found = Problem(reason, **fields)
    assert (found.problem, found.hint) == (problem, hint)
