"""Hints in Python: they are seen, and what they say to call gives an answer."""

import re
import traceback
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import rural_forecast as rf
from rural_forecast.errors import RuralForecastError
from tests.cli.test_hints import FILES


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        Path(name).write_text(text)
    return tmp_path


def refusal(function: Any, *data: Any, **options: Any) -> RuralForecastError:
    with pytest.raises(RuralForecastError) as refused:
        function(*data, **options)
    return refused.value


@pytest.mark.parametrize("function", [rf.series, rf.forecast, rf.compare])
def test_a_traceback_ends_with_the_hint(function: Any) -> None:
    error = refusal(function, "gap.csv")
    lines = traceback.format_exception(error)
    assert lines[-1].strip() == f"hint: {error.hint}"
    assert sum("hint: " in line for line in lines) == 1


@pytest.mark.parametrize("function", [rf.forecast, rf.compare, rf.backtest, rf.precedents])
@pytest.mark.parametrize("file", ["many.csv", "nested.csv", "wide.csv", "revised.csv"])
def test_a_choice_of_a_series_is_a_call_that_gives_one(function: Any, file: str) -> None:
    hint = refusal(function, file).hint
    call = re.match(r"Choose one with (series\(.*?\))(?:, or all|, say)", hint)
    assert call, hint
    chosen = eval(call[1], {"series": rf.series})
    assert isinstance(chosen, rf.Series)


def test_a_choice_of_a_frame_is_a_call_with_its_data() -> None:
    data = pd.read_csv("many.csv")
    call = re.match(r"Choose one with (series\(.*?\)),", refusal(rf.forecast, data).hint)
    assert call
    assert eval(call[1], {"series": rf.series, "data": data}).observations


def test_an_argument_of_reading_is_said_to_be_one_of_series() -> None:
    Path("marks.csv").write_text('year,value\n2019,"1,204"\n2020,"1,310"\n2021,"1,402"\n')
    hint = refusal(rf.forecast, "marks.csv").hint
    assert hint.endswith("They are arguments of series('marks.csv', ...).")
    assert "decimal='.'" in hint
    assert "arguments of" not in refusal(rf.series, "marks.csv").hint


def test_data_to_score_by_are_chosen_by_a_call_that_scores() -> None:
    forecast = rf.forecast({2016: 41, 2017: 44, 2018: 47}, year=2024)
    hint = refusal(rf.score, forecast, actuals="many.csv").hint
    call = re.match(r"Choose one with (series\(.*\)), say", hint)
    assert call, hint
    actuals = eval(call[1], {"series": rf.series})
    assert isinstance(rf.score(forecast, actuals=actuals), rf.Scores)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (rf.revise, {"new": "many.csv"}),
        (rf.forecast, {"like": ["many.csv"]}),
        (rf.forecast, {"within": "many.csv"}),
    ],
    ids=["revise", "like", "within"],
)
def test_another_market_is_chosen_by_a_call_of_series(function: Any, arguments: Any) -> None:
    market = {2018: 41, 2019: 44, 2020: 47, 2021: 52}
    data = rf.forecast(market, year=2025) if function is rf.revise else market
    hint = refusal(function, data, **arguments).hint
    call = re.match(r"Choose one with (series\(.*?\)), or all", hint)
    assert call, hint
    assert isinstance(eval(call[1], {"series": rf.series}), rf.Series)


def test_a_series_to_read_is_chosen_by_a_call_of_series() -> None:
    assert refusal(rf.read, "many.csv").hint.startswith("Choose one with series('many.csv', ")


@pytest.mark.parametrize(
    ("function", "data", "arguments", "problem"),
    [
        (rf.size, "rural_retailer", {"inflation": 3.0}, "inflation needs real."),
        (rf.growth, "turnover", {"rate": 7.1}, "rate needs currency."),
        (rf.series, {2014: 1, 2015: 2}, {"sheet": "x"}, "sheet is for files"),
        (rf.series, {2014: 1, 2015: 2}, {"refresh": True}, "refresh and offline are for addresses"),
    ],
    ids=["inflation", "rate", "sheet", "refresh"],
)
def test_an_argument_that_cannot_apply_is_refused(
    function: Any, data: Any, arguments: Any, problem: str
) -> None:
    assert str(refusal(function, data, **arguments)).startswith(problem)


def test_a_seed_without_paths_is_refused() -> None:
    assert "seed is for paths" in str(refusal(rf.forecast_frame, pd.read_csv("many.csv"), seed=5))
