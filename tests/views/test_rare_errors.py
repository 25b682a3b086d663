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
        # Series
        # Sizing
        # Tables of TOML
    ],
)
def test_rare_errors_in_words(reason: str, fields: dict[str, object], problem: str, hint: str) -> None:
    found = Problem(reason, **fields)
    assert (found.problem, found.hint) == (problem, hint)
