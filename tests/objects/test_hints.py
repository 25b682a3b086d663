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
