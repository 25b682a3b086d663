"""Units of drivers and currencies: the same amount written another way gives the same answer."""

import re
from pathlib import Path

import pytest

from tests.conformance.asking import Row, differences, document, long_form, rows, saved
from tests.conformance.histories import HISTORIES

MODEL = """
title = "Meals"
unit = "mn CNY"
years = "2024..2025"
formula = "households * share * orders * price"
[drivers.households]
value = "4..5"
unit = "mn households"
assumption = true
[drivers.share]
value = "30..40"
unit = "percent"
assumption = true
[drivers.orders]
value = "8..20"
unit = "orders per household and year"
assumption = true
[drivers.price]
value = "18..26"
unit = "CNY per order"
assumption = true
"""
REWRITTEN = {
    "households in thousands": ('"4..5"\nunit = "mn households"', '"4000..5000"\nunit = "thousand households"'),
    "households one by one": ('"4..5"\nunit = "mn households"', '"4e6..5e6"\nunit = "households"'),
    "a share for percent": ('"30..40"\nunit = "percent"', '"0.3..0.4"\nunit = "share"'),
    "price in thousand yuan": ('"18..26"\nunit = "CNY per order"', '"0.018..0.026"\nunit = "thousand CNY per order"'),
}
AMOUNT = re.compile(r"value|(lower|upper)_\d+")


def sized(text: str, folder: Path, *options: object) -> list[Row]:
    return rows("size", saved(folder, text, "model.toml"), "--draws", 4000, *options)


def result(found: list[Row]) -> list[Row]:
    return [row for row in found if row["item"] == "result"]


def shares(found: list[Row]) -> list[Row]:
    return [{name: row[name] for name in ("item", "period", "variance_share")} for row in found]


@pytest.mark.parametrize(("before", "after"), REWRITTEN.values(), ids=REWRITTEN)
def test_the_unit_of_a_driver_is_nothing(before: str, after: str, tmp_path: Path) -> None:
    assert before in MODEL
    here, there = sized(MODEL, tmp_path), sized(MODEL.replace(before, after), tmp_path)
    assert differences(result(here), result(there), 1e-9) == []
    assert differences(shares(here), shares(there), 1e-9) == []


def test_the_unit_of_the_answer_scales_it(tmp_path: Path) -> None:
    here, there = sized(MODEL, tmp_path), sized(MODEL.replace('"mn CNY"', '"bn CNY"'), tmp_path)
    for one, other in zip(result(here), result(there), strict=True):
        assert other["unit"] == "bn CNY"
        for name in filter(AMOUNT.fullmatch, one):
            assert other[name] == pytest.approx(one[name] / 1000, rel=1e-9)
    assert differences(shares(here), shares(there), 1e-9) == []


def test_the_order_and_the_years_of_a_model_are_nothing(tmp_path: Path) -> None:
    head, *drivers = MODEL.split("[drivers.")
    turned = "[drivers.".join([head, *reversed(drivers)])
    told, again = (
        sorted(sized(text, tmp_path), key=lambda row: (row["item"], row["period"])) for text in (MODEL, turned)
    )
    assert differences(told, again, 1e-9) == []
    short = sized(MODEL, tmp_path, "--year", 2024)
    assert short == [row for row in sized(MODEL, tmp_path) if row["period"] == 2024]


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
    stated = [() if command == "growth" else ("--rate", rate) for rate in (7, 14)]  # growth has no year to come
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
        assert [other.get(name) for name in ("weight", "backtest_smape")] == [
            one.get(name) for name in ("weight", "backtest_smape")
        ]


def test_a_mixed_unit_scales_the_same(tmp_path: Path) -> None:
    history = HISTORIES["founding"]
    billions = saved(tmp_path, long_form({"s": history}, 2023, unit="bn CNY"), "billions.csv")
    millions = saved(tmp_path, long_form({"s": [1000 * x for x in history]}, 2023, unit="mn CNY"), "millions.csv")
    one, other = (document("project", source, "--currency", "usd")["rows"] for source in (billions, millions))
    for row, again in zip(one, other, strict=True):
        assert again["unit"] == "mn USD"
        for name in filter(AMOUNT.fullmatch, row):
            assert again[name] == pytest.approx(1000 * row[name], rel=1e-9)
