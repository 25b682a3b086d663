"""The algebra of units, and formulas that are refused for theirs."""

from __future__ import annotations

import pytest
from hypothesis import strategies as st

from rural_forecast.sizing.units import parse_unit, whole_of
from tests.sizing.build import MARKET, model, refused


@pytest.mark.parametrize(
    ("text", "powers", "scale"),
    [
        ("persons", {"person": 1}, 1),
        ("million people", {"person": 1}, 1e6),
        ("bn CNY", {"CNY": 1}, 1e9),
        ("yuan per person and year", {"CNY": 1, "person": -1}, 1),
        ("CNY/person/month", {"CNY": 1, "person": -1}, 12),
        ("orders per thousand households", {"order": 1, "household": -1}, 1e-3),
        ("100 million companies", {"company": 1}, 1e8),
        ("share", {}, 1),
        ("percent", {}, 0.01),
        ("count", {}, 1),
        ("buses", {"buse": 1}, 1),
    ],
)
def test_units_are_read(text: str, powers: dict[str, int], scale: float) -> None:
    unit = parse_unit(text)
    assert dict(unit.powers) == powers
    assert unit.scale == pytest.approx(scale)


@pytest.mark.parametrize(
    "text",
    ["rural persons", "CNY per", "CNY per (person)", "3 € each", "%x", "0 persons", "CNY per 0.0 persons", "9" * 30],
)
def test_units_that_make_no_sense(text: str) -> None:
    with pytest.raises(ValueError, match="unit"):
        parse_unit(text)


@pytest.mark.parametrize(
    ("text", "whole"),
    [("share", 1), ("percent", 100), ("percent of users", 100), ("percent per year", None), ("ratio", None)],
)
def test_parts_of_a_whole(text: str, whole: float | None) -> None:
    assert whole_of(text) == whole


units = st.sampled_from(["persons", "bn CNY", "CNY per person", "orders per household", "percent"]).map(parse_unit)


def test_persons_never_become_households_unasked() -> None:
    error = refused(MARKET.replace("million persons", "million households"))
    assert "market.toml line 4, formula:" in error.message
    assert "'users' is in households and 'spending' is in CNY per person" in error.message
    assert "not bn CNY" in error.message
    assert "persons per household" in error.hint


def test_a_driver_bridges_them() -> None:
    text = MARKET.replace("million persons", "million households").replace("users * share", "users * size * share")
    assert model(text + '[drivers.size]\nvalue = 2.6\nunit = "persons per household"\n').formulas


@pytest.mark.parametrize(
    ("formula", "told"),
    [
        (
            "users + spending",
            "'spending' is CNY per person and 'users' is persons, which cannot be on both sides of '+'",
        ),
        ("users * spending - 5", "'5' is a plain number and 'users * spending' is CNY"),
        ("min(users, share) * spending", "in one min"),
        ("spending ** share * users", "which only a whole power"),
        ("share ** users", "the power 'users' is persons"),
        ("users ** 1.5", "whole power"),
    ],
)
def test_the_offending_term_is_named(formula: str, told: str) -> None:
    error = refused(MARKET.replace("users * share * spending", formula))
    assert told in error.message
    assert "column" in error.message


def test_powers_and_years_keep_their_units() -> None:
    formula = "users ** 2 / users * share * spending * (1 + share) ** (year - 2025)"
    assert model(MARKET.replace("users * share * spending", formula)).formulas["market"].unit == parse_unit("bn CNY")
