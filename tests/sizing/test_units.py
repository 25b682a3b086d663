"""The algebra of units, and formulas that are refused for theirs."""

import pytest

from rural_forecast.series.shares import whole_of
from rural_forecast.sizing.formulas import parse_unit
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


def test_persons_never_become_households_unasked() -> None:
    error = refused(MARKET.replace("million persons", "million households"))
    assert error.place.line == 4
    assert "'users' is in households and 'spending' is in CNY per person" in error.message


@pytest.mark.parametrize(
    "formula",
    [
        "users + spending",
        "users * spending - 5",
        "min(users, share) * spending",
        "spending ** share * users",
        "share ** users",
        "users ** 1.5",
    ],
)
def test_terms_that_do_not_fit_are_refused(formula: str) -> None:
    error = refused(MARKET.replace("users * share * spending", formula))
    assert (error.code, error.place.line) == ("cell", 4)


def test_a_driver_bridges_two_units_and_powers_and_years_keep_theirs() -> None:
    text = MARKET.replace("million persons", "million households").replace("users * share", "users * size * share")
    assert model(text + '[drivers.size]\nvalue = 2.6\nunit = "persons per household"\n').formulas
    formula = "users ** 2 / users * share * spending * (1 + share) ** (year - 2025)"
    assert model(MARKET.replace("users * share * spending", formula)).formulas["market"].unit == parse_unit("bn CNY")
