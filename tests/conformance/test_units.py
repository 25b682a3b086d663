"""Units decide nothing: amounts of a series scale with its unit and all else stays; so do drivers,
and currencies.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.asking import Row, differences, document, long_form, rows, same_number, saved
from tests.conformance.histories import HISTORIES

AMOUNT = re.compile(r"value|(lower|upper)_\d+|forecast|actual|crps")
"""Columns in the unit of the series; every other one is without."""
NUMBER = re.compile(r"[-−+]?\d[\d,]*(\.\d+)?(e[-+]?\d+)?")
FEW = ("founding", "zeros", "rounded", "negative")
SOME = (*FEW, "one", "long")
POSITIVE = ("founding", "rounded", "one", "long")
FAST: dict[str, tuple[str, ...]] = {
    "project": ("--history",),
    "growth": (),
    "series show": (),
    "scenario": ("--growth", "4", "--history"),  # growth means nothing but of positive values
}
SCALED = (
    *(
        (command, options, POSITIVE if command == "scenario" else SOME, (1e12, 1e-12))
        for command, options in FAST.items()
    ),
    ("project", ("--all-models",), FEW, (3.7,)),
    ("compare", (), FEW, (3.7,)),
    ("backtest", ("--all-models", "--horizon", "1"), FEW, (3.7,)),
    ("backtest", ("--detail",), FEW, (3.7,)),
)


def words(text: object) -> str:
    return NUMBER.sub("0", str(text))


def check_scaled(here: dict[str, Any], there: dict[str, Any], unit: float) -> None:
    """The rows of a document are those of another times the unit, and its notes say the same."""
    assert len(here["rows"]) == len(there["rows"])
    for one, other in zip(here["rows"], there["rows"], strict=True):
        amounts = {
            name for name, cell in one.items() if AMOUNT.fullmatch(name) and cell is not None
        }
        size = max((abs(one[name]) for name in amounts), default=0.0)
        for name, cell in one.items():
            if isinstance(cell, str):
                assert words(cell) == words(other[name]), (name, one, other)
                continue
            wanted, room = (cell * unit, size * unit) if name in amounts else (cell, 1.0)
            assert same_number(wanted, other[name], 1e-9, room), (name, one, other)
    notes = ([words(note["text"]) for note in told.get("notes", ())] for told in (here, there))
    assert next(notes) == next(notes)


@pytest.mark.slow
@pytest.mark.parametrize(("command", "options", "names", "units"), SCALED)
def test_amounts_scale_and_all_else_stays(
    command: str,
    options: Sequence[str],
    names: Sequence[str],
    units: Sequence[float],
    tmp_path: Path,
) -> None:
    for name in names:
        source = saved(tmp_path, long_form({name: HISTORIES[name]}), "here.csv")
        here = document(*command.split(), source, *options)
        for unit in units:
            there = saved(
                tmp_path,
                long_form({name: [value * unit for value in HISTORIES[name]]}),
                "there.csv",
            )
            check_scaled(here, document(*command.split(), there, *options), unit)


@pytest.mark.slow
@pytest.mark.parametrize("command", [*FAST, "batch"])
def test_the_name_of_the_unit_changes_its_column_alone(command: str, tmp_path: Path) -> None:
    for name in FEW if command != "scenario" else FEW[:1]:
        texts = [long_form({name: HISTORIES[name]}, unit=unit) for unit in ("", "t")]
        told, again = (
            rows(
                *command.split(),
                saved(tmp_path, text, f"market{place}.csv"),
                *FAST.get(command, ()),
            )
            for place, text in enumerate(texts)
        )
        assert {row["unit"] for row in again} == {"t"}
        assert [row | {"unit": "t"} for row in told] == again


MODEL = """
title = "Meals"
unit = "mn CNY"
years = "2024..2025"
formula = "households * share * orders * price"
[drivers]
households = { value = "4..5", unit = "mn households", assumption = true }
share = { value = "30..40", unit = "percent", assumption = true }
orders = { value = "8..20", unit = "orders per household and year", assumption = true }
price = { value = "18..26", unit = "CNY per order", assumption = true }
"""
REWRITTEN = {
    "households in thousands": (
        '"4..5", unit = "mn households"',
        '"4000..5000", unit = "thousand households"',
    ),
    "households one by one": ('"4..5", unit = "mn households"', '"4e6..5e6", unit = "households"'),
    "a share for percent": ('"30..40", unit = "percent"', '"0.3..0.4", unit = "share"'),
    "price in thousand yuan": (
        '"18..26", unit = "CNY per order"',
        '"0.018..0.026", unit = "thousand CNY per order"',
    ),
}


def sized(text: str, folder: Path, *options: object) -> list[Row]:
    return rows("size", saved(folder, text, "model.toml"), "--draws", 4000, *options)


def parts(found: list[Row]) -> tuple[list[Row], list[Row]]:
    shares = [{name: row[name] for name in ("item", "period", "variance_share")} for row in found]
    return [row for row in found if row["item"] == "result"], shares


def test_units_of_drivers_and_years_are_nothing_and_that_of_the_answer_scales_it(
    tmp_path: Path,
) -> None:
    here, shares = parts(sized(MODEL, tmp_path))
    for name, (before, after) in REWRITTEN.items():
        assert before in MODEL
        there = parts(sized(MODEL.replace(before, after), tmp_path))
        assert [differences(*pair, 1e-9) for pair in zip((here, shares), there, strict=True)] == [
            [],
            [],
        ], name
    there, again = parts(sized(MODEL.replace('"mn CNY"', '"bn CNY"'), tmp_path))
    for one, other in zip(here, there, strict=True):
        assert other["unit"] == "bn CNY"
        for name in filter(AMOUNT.fullmatch, one):
            assert other[name] == pytest.approx(one[name] / 1000, rel=1e-9)
    assert differences(shares, again, 1e-9) == []
    assert sized(MODEL, tmp_path, "--year", 2024) == [
        row for row in sized(MODEL, tmp_path) if row["period"] == 2024
    ]


CONVERTIBLE: dict[str, tuple[object, ...]] = {
    "project": ("--all-models",),
    "compare": (),
    "scenario": ("--growth", 4),
    "nowcast": ("--partial", "2026H1=300"),
    "growth": (),
}


@pytest.mark.parametrize("command", CONVERTIBLE)
@pytest.mark.slow
def test_dollars_are_yuan_by_the_rate(command: str, tmp_path: Path) -> None:
    """The forecast is made in yuan, so a rate changes amounts alone, year by year."""
    history = HISTORIES["founding"]
    source = saved(tmp_path, long_form({"s": history}, 2023, unit="bn CNY"))
    # Growth has no year to come.
    stated = [() if command == "growth" else ("--rate", rate) for rate in (7, 14)]
    yuan, dollars, halves = (
        rows(command, source, *CONVERTIBLE[command], *money)
        for money in ((), *(("--currency", "usd", *rate) for rate in stated))
    )
    rates = {row["period"]: row["value"] for row in rows("series", "show", "usd") if row["used"]}
    for one, other, half in zip(yuan, dollars, halves, strict=True):
        rate = rates.get(str(one["period"]), 7)
        for name in filter(AMOUNT.fullmatch, one):
            if one[name] is None:
                assert other[name] is None
                continue
            assert other[name] == pytest.approx(one[name] / rate, rel=1e-12)
            assert half[name] == pytest.approx(other[name] / (1 if rate != 7 else 2), rel=1e-12)
        assert other.get("unit", "bn USD") == "bn USD"
        assert all(other.get(name) == one.get(name) for name in ("weight", "backtest_smape"))
