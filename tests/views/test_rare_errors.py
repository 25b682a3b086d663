"""Errors that are rarely met, in words: their fields are as where they are raised."""

from __future__ import annotations

import pytest

from rural_forecast.errors import Problem
from rural_forecast.sizing.toml import TableError

_COUNTS_NOTHING = TableError.of("unit_counts_nothing", unit="USD per million")
_AT_ZERO = TableError.of("range_touches_0")
_FORMULA = 'Write TAM = "users * spending".'
_DRIVERS = "Add a table such as [drivers.users]."


@pytest.mark.parametrize(
    ("reason", "fields", "problem", "hint"),
    [
        (
            "target_no_year",
            {"year": 10000, "last": 9999},
            "10000 is not a year from 1 to 9999.",
            "Give the last year to forecast.",
        ),
        ("undated_forecast", {}, "its date is not known", ""),
        # Units and limits
        (
            "unit_counts_nothing",
            {"unit": "USD per million"},
            "the unit 'USD per million' names nothing that is counted.",
            "",
        ),
        (
            "refused_unit",
            {"series": "users", "cause": _COUNTS_NOTHING},
            "users: the unit 'USD per million' names nothing that is counted.",
            "",
        ),
        (
            "floor_above_rate",
            {"floor": 100, "most": 100.0},
            "the floor of 100 is not below 100, the most that a rate can be",
            "Lower the floor.",
        ),
        (
            "contradicted",
            {"series": "users", "cause": Problem("floor_above_rate", floor=1.0, most=1.0)},
            "users: the floor of 1 is not below 1, the most that a rate can be.",
            "Lower the floor.",
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
        # Pools and scenarios
        (
            "author_named_ours",
            {},
            "An author is named 'ours', as our own forecast is in a pool.",
            "Name the author otherwise.",
        ),
        ("no_scenario", {}, "No scenario is given.", "State one, such as growth=5."),
        (
            "impossible_end",
            {"stated": (0.0, 50.0), "cause": _AT_ZERO},
            "the range 0..50 starts or ends at 0, where neither a lognormal nor a normal distribution does.",
            "Move that end a little.",
        ),
        ("beyond_numbers", {"year": 2024}, "takes 2024 beyond all numbers.", ""),
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
        (
            "model_without_years",
            {},
            "this model has no years.",
            'Add years = "2026..2028" at the top, or give year.',
        ),
        (
            "formula_and_stages",
            {},
            "this model has both formula and stages, but takes only one.",
            'Add formula = "...", or a table [stages] with a formula for each stage, before [drivers].',
        ),
        ("top_down_too_large", {"most": 1e300}, "its forecasts grow beyond 1e+300.", ""),
        # Tables of TOML
        (
            "not_a_list",
            {"written": {"value": 0.5}},
            "{'value': 0.5} is not a list.",
            "Write [[...]] before each table.",
        ),
        (
            "invalid_value",
            {"written": 0.5, "why": "input should be a valid integer"},
            "0.5 input should be a valid integer.",
            "",
        ),
        ("not_a_stage", {"written": 5}, "5 is not a table.", _FORMULA),
        (
            "not_a_pair",
            {"written": "x" * 70},
            f"'{'x' * 56}... is not a table.",
            'Write [[correlations]], between = ["a", "b"], value = 0.5.',
        ),
        (
            "not_a_driver",
            {"written": True},
            "True is not a table.",
            'Write a table such as [drivers.users], or users = { value = 5, unit = "count" }.',
        ),
        ("no_stage_formula", {}, "has no formula.", _FORMULA),
        ("no_between", {}, "has no between.", 'Write between = ["users", "spending"].'),
        ("no_correlation", {}, "has no value.", "Write a number from -1 to 1."),
        ("no_series_key", {}, "has no series.", 'Write series = "rural_online_retail_mofcom".'),
        ("no_drivers", {}, "has no drivers.", _DRIVERS),
        ("drivers_empty", {}, "a model needs drivers.", _DRIVERS),
        ("no_stages", {}, "is not a table of formulas.", 'Write [stages], then TAM = "users * spending".'),
    ],
)
def test_rare_errors_in_words(reason: str, fields: dict[str, object], problem: str, hint: str) -> None:
    found = Problem(reason, **fields)
    assert (found.problem, found.hint) == (problem, hint)
