"""The Python API: what it says to those who give it something else than a series."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import rural_forecast as rf
from rural_forecast.cli.app import run
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.registry import MODELS

TAKERS = (rf.forecast, rf.compare, rf.backtest, rf.growth, rf.nowcast, rf.targets)


@pytest.mark.parametrize("taker", TAKERS, ids=lambda taker: taker.__name__)
@pytest.mark.parametrize("given", ["turnover", pd.DataFrame({"year": [2020], "value": [1.0]})], ids=["id", "frame"])
def test_what_is_no_series_is_told_how_to_become_one(taker: Callable[..., Any], given: object) -> None:
    with pytest.raises(TypeError, match=r"A Series is wanted, not a (str|DataFrame): rural_forecast\.read"):
        taker(given)


def test_read_sends_a_frame_to_forecast_frame() -> None:
    with pytest.raises(TypeError, match=r"not a DataFrame: rural_forecast\.forecast_frame"):
        rf.read(pd.DataFrame({"year": [2020]}))  # type: ignore[arg-type]


def test_batch_sends_a_frame_to_forecast_frame() -> None:
    with pytest.raises(TypeError, match=r"not a DataFrame: rural_forecast\.forecast_frame"):
        rf.batch(pd.DataFrame({"year": [2020], "value": [1.0]}))  # type: ignore[arg-type]


RESULTS: dict[str, tuple[Callable[[], Any], dict[str, bool]]] = {
    "project turnover --year 2018 --history": (lambda: rf.forecast(rf.read("turnover"), year=2018), {"history": True}),
    "project turnover --model drift --model theta": (
        lambda: rf.forecast(rf.read("turnover"), models=["drift", "theta"]),
        {},
    ),
    "compare turnover": (lambda: rf.compare(rf.read("turnover")), {}),
    "backtest turnover": (lambda: rf.backtest(rf.read("turnover")), {}),
    "backtest turnover --detail": (lambda: rf.backtest(rf.read("turnover")), {"detail": True}),
    "growth turnover mofcom --years all": (
        lambda: rf.growth(rf.read("turnover"), rf.read("mofcom"), all_years=True),
        {},
    ),
    "nowcast mofcom --year 2017 --until 2016": (lambda: rf.nowcast(rf.read("mofcom"), year=2017, until=2016), {}),
    "size rural_retailer --draws 1000": (lambda: rf.size("rural_retailer", draws=1000), {}),
    "precedents turnover": (lambda: rf.precedents(rf.read("turnover")), {}),
    "scenario turnover --growth 5 --name low": (
        lambda: rf.scenario(rf.read("turnover"), rf.Scenario("low", growth=5)),
        {},
    ),
}


@pytest.mark.parametrize("command", RESULTS)
def test_the_frame_of_a_result_holds_the_rows_of_its_command(command: str, tmp_path: Path) -> None:
    make, options = RESULTS[command]
    frame = rf.to_frame(make(), **options)
    file = tmp_path / "out.parquet"
    assert run((*command.split(), "-o", str(file))) == 0
    written = pd.read_parquet(file)
    assert list(frame.columns) == list(written.columns)
    pd.testing.assert_frame_equal(frame, written, check_dtype=False)
    assert all(str(dtype) in {"str", "int64", "Int64", "float64", "boolean"} for dtype in frame.dtypes)


def test_only_results_become_frames() -> None:
    with pytest.raises(TypeError, match="is wanted, not a Series"):
        rf.to_frame(rf.read("turnover"))


KERNELS = sum(model.fit is not None for model in MODELS)
SHOWN: dict[str, Callable[[], Any]] = {
    "<Series rural_online_shopping_turnover: 2014 to 2016, bn CNY>": lambda: rf.read("turnover"),
    "<History of rural_online_shopping_turnover: 2014 to 2016>": lambda: rf.forecast(rf.read("turnover")).history,
    "<Forecast of rural_online_shopping_turnover: 655.6 bn CNY in 2018 by consensus>": lambda: rf.forecast(
        rf.read("turnover")
    ),
    f"<Comparison of rural_online_shopping_turnover: the consensus and {KERNELS} models for 2018>": lambda: rf.compare(
        rf.read("turnover"), opinions=False
    ),
    "<Backtest of rural_online_shopping_turnover: 2 forecasts>": lambda: rf.backtest(
        rf.read("turnover"), models=("naive",)
    ),
    "<Growth of turnover, mofcom: 2014 to 2025>": lambda: rf.growth(
        rf.read("turnover"), rf.read("mofcom"), all_years=True
    ),
    "<Nowcast of rural_online_retail_mofcom: 1,185 bn CNY in 2017>": lambda: rf.nowcast(
        rf.read("mofcom"), year=2017, until=2016, partial=["2017H1=537.62:38.1"]
    ),
    "<Scenarios of rural_online_shopping_turnover: low>": lambda: rf.scenario(
        rf.read("turnover"), rf.Scenario("low", growth=5)
    ),
    "<Sizing of Rural online retail of China, from its buyers: 2025 to 2026>": lambda: rf.size(
        "rural_online_retail", year=2026, draws=1000
    ),
}


@pytest.mark.parametrize("shown", SHOWN)
def test_a_result_is_shown_in_a_line(shown: str) -> None:
    assert repr(SHOWN[shown]()) == shown


COMPARED: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "forecast": (
        lambda: rf.forecast(rf.read("turnover"), kernels=True, opinions=True),
        lambda: rf.forecast(rf.read("turnover"), kernels=True, opinions=True, horizon=3),
    ),
    "history": (lambda: rf.forecast(rf.read("turnover")).history, lambda: rf.forecast(rf.read("mofcom")).history),
    "one model": (lambda: rf.forecast(rf.read("turnover")).best, lambda: rf.forecast(rf.read("mofcom")).best),
    "compare": (lambda: rf.compare(rf.read("turnover")), lambda: rf.compare(rf.read("mofcom"))),
    "backtest": (lambda: rf.backtest(rf.read("turnover")), lambda: rf.backtest(rf.read("mofcom"))),
    "growth": (lambda: rf.growth(rf.read("turnover")), lambda: rf.growth(rf.read("mofcom"))),
    "nowcast": (
        lambda: rf.nowcast(rf.read("mofcom"), year=2017, until=2016),
        lambda: rf.nowcast(rf.read("mofcom"), year=2018, until=2017),
    ),
    "scenario": (
        lambda: rf.scenario(rf.read("turnover"), rf.Scenario("low", growth=5)),
        lambda: rf.scenario(rf.read("turnover"), rf.Scenario("low", growth=6)),
    ),
    "size": (
        lambda: rf.size("rural_online_retail", year=2026, draws=1000),
        lambda: rf.size("rural_online_retail", year=2026, draws=1000, seed=2),
    ),
    "targets": (lambda: rf.targets(rf.read("outlets")), lambda: rf.targets(rf.read("centres"))),
    "read": (lambda: rf.read("turnover"), lambda: rf.read("mofcom")),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", COMPARED)
def test_results_compare_by_what_they_hold(name: str) -> None:
    make, other = COMPARED[name]
    one, again, different = make(), make(), other()
    for equal in (one == one, one == again, one != different):
        assert equal is True
    for unequal in (one != one, one != again, one == different, one == "text", one == None):  # noqa: E711
        assert unequal is False
    assert repr(one) == repr(again)
    assert str(one)


def test_batches_compare(tmp_path: Path) -> None:
    file = tmp_path / "market.csv"
    file.write_text("id,year,value\na,2014,1\na,2015,2\nb,2014,x\n")
    one, again, other = rf.batch(file), rf.batch(file), rf.batch(file, horizon=5)
    assert (one == again) is True
    assert (one != other) is True


SLIPS: dict[str, dict[str, Any]] = {
    "year is a whole number, not '2018'": {"year": "2018"},
    "year is a whole number, not 2018.0": {"year": 2018.0},
    "since is a whole number, not '2015'": {"since": "2015"},
    "models is a list, not 'cagr': write models=['cagr']": {"models": "cagr"},
    "levels is a list, not 90: write levels=[90]": {"levels": 90},
    "as_of is a day, such as datetime.date(2017, 8, 31), not '2017-01-01'": {"as_of": "2017-01-01"},
    "ceiling is two numbers, such as (4000, 5000), not '900..1200'": {"ceiling": "900..1200"},
    "ceiling is two numbers, such as (4000, 5000), not 900": {"ceiling": 900},
}


@pytest.mark.parametrize("told", SLIPS)
def test_an_argument_of_another_kind_is_named(told: str) -> None:
    with pytest.raises(TypeError, match=re.escape(told)):
        rf.forecast(rf.read("turnover"), **SLIPS[told])


HORIZONS: dict[str, Callable[..., list[int]]] = {
    "forecast": lambda **asked: list(rf.forecast(rf.read("turnover"), **asked).years),
    "compare": lambda **asked: list(rf.compare(rf.read("turnover"), opinions=False, **asked).forecast.years),
    "scenario": lambda **asked: list(
        rf.scenario(rf.read("turnover"), rf.Scenario("low", growth=5), **asked).baseline.years
    ),
}


@pytest.mark.parametrize("name", HORIZONS)
def test_a_horizon_is_years_after_the_origin(name: str) -> None:
    ask = HORIZONS[name]
    assert ask(horizon=3) == ask(year=2019) == [2017, 2018, 2019]
    with pytest.raises(UsageError, match="contradict each other"):
        ask(horizon=3, year=2019)
    for wrong in (0, -1, 101):
        with pytest.raises(UsageError, match=f"The horizon {wrong} is not between 1 and 100"):
            ask(horizon=wrong)


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("forecast", lambda wrong: rf.forecast(rf.read("turnover"), **wrong)),
        ("compare", lambda wrong: rf.compare(rf.read("turnover"), **wrong)),
        ("backtest", lambda wrong: rf.backtest(rf.read("turnover"), **wrong)),
        ("nowcast", lambda wrong: rf.nowcast(rf.read("mofcom"), **wrong)),
        ("scenario", lambda wrong: rf.scenario(rf.read("turnover"), rf.Scenario("low", growth=5), **wrong)),
        ("growth", lambda wrong: rf.growth(rf.read("turnover"), **wrong)),
        ("targets", lambda wrong: rf.targets(rf.read("turnover"), **wrong)),
        ("size", lambda wrong: rf.size("rural_retailer", **wrong)),
        ("batch", lambda wrong: rf.batch("market.csv", **wrong)),
        ("forecast_frame", lambda wrong: rf.forecast_frame(pd.DataFrame(), **wrong)),
    ],
)
def test_an_unknown_argument_is_blamed_on_the_function_that_was_called(
    name: str, call: Callable[[dict[str, Any]], Any]
) -> None:
    with pytest.raises(TypeError, match=re.escape(f"{name}() has no argument 'sinse'.")):
        call({"sinse": 2015})


def test_a_misspelt_argument_is_proposed() -> None:
    with pytest.raises(TypeError, match="Did you mean 'since'"):
        rf.forecast(rf.read("turnover"), sinse=2015)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="Did you mean 'levels'"):
        rf.scenario(rf.read("turnover"), rf.Scenario("low", growth=5), level=[80])


def test_numbers_of_numpy_are_numbers() -> None:
    asked = rf.forecast(rf.read("turnover"), year=np.int64(2018), ceiling=(np.int64(900), np.float64(1200)))
    assert asked.target == 2018


def test_what_is_no_frame_is_told_what_is_wanted() -> None:
    for given in ([1, 2], pd.Series([1.0, 2.0])):
        with pytest.raises(
            TypeError, match=r"A DataFrame of pandas or polars or a pyarrow Table is wanted, not a (l|S)"
        ):
            rf.forecast_frame(given)
