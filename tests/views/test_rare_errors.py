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
        # Nowcasts
        (
            "no_earlier_year",
            {"series": "users", "growth": False},
            "users has zeros alone, and no earlier year to estimate the year from.",
            "Give its value: partial.",
        ),
        (
            "no_earlier_year",
            {"series": "users", "growth": True},
            "users has a growth alone, and no earlier year to estimate the year from.",
            "Give its value: partial.",
        ),
        # Panels
        (
            "rate_in_panel",
            {"series": "A"},
            "A is a rate, and rates do not add up.",
            "Give amounts or counts.",
        ),
        (
            "units_in_panel",
            {"units": ["CNY", "EUR"]},
            "The series are in CNY and EUR.",
            "Give all parts in one unit.",
        ),
        (
            "part_not_forecast",
            {"series": "total", "why": "its last year is 2021, and 9999 is more than 100 years later"},
            "total: its last year is 2021, and 9999 is more than 100 years later.",
            "A whole needs all of its parts.",
        ),
        (
            "target_before_last",
            {"target": 2020, "origin": 2021, "next": 2022},
            "2020 is not after the origin 2021.",
            "Ask for a later year, such as year=2022.",
        ),
        (
            "model_ends_early",
            {"model": "consensus", "target": 2024},
            "consensus does not reach 2024 for every node.",
            "Ask for fewer years, or another model.",
        ),
        (
            "same_part",
            {"name": "North / Total", "other": "North"},
            "North / Total and North are the same part of the whole.",
            "Remove one of the two.",
        ),
        (
            "too_few_parts",
            {},
            "There is nothing to add up: the file has fewer than two series.",
            "Name a file of parts.",
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
