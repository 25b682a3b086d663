"""Every field of a question is read by what answers it: none is taken, kept and ignored."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import pytest

import rural_forecast as rf
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.question.backtest import BacktestQuestion
from rural_forecast.question.batch import BatchQuestion
from rural_forecast.question.compare import ComparisonQuestion
from rural_forecast.question.nowcast import NowcastQuestion
from rural_forecast.question.precedents import PrecedentsQuestion
from rural_forecast.question.question import Question, Recorded
from rural_forecast.question.scenario import ScenarioQuestion
from rural_forecast.question.triangulate import TriangulationQuestion
from tests.inside import Cli

ANSWERED = {
    "project mofcom": Question,
    "chart mofcom -f svg": Question,
    "exhibit mofcom -f html": Question,
    "scenario mofcom --growth 3": ScenarioQuestion,
    "compare market.csv": ComparisonQuestion,
    "backtest mofcom": BacktestQuestion,
    "triangulate mofcom": TriangulationQuestion,
    "precedents mofcom": PrecedentsQuestion,
    "nowcast turnover --year 2017 --partial 2017H1=300": NowcastQuestion,
    "batch market.csv": BatchQuestion,
}
"""The question that a line answers."""
COPIES = {"of", "to_json", "replace", "__eq__", "__init__", "__post_init__"}
"""Functions that read every field and use none."""


@contextmanager
def fields_read(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """Names of the fields that are read of any question, but for what copies or checks it."""
    names = set[str]()

    def read(question: Recorded, name: str) -> Any:
        reader = sys._getframe(1).f_code.co_qualname.split(".")
        if COPIES.isdisjoint(reader):
            names.add(name)
        return object.__getattribute__(question, name)

    with monkeypatch.context() as patch:
        patch.setattr(Recorded, "__getattribute__", read, raising=False)
        yield names


def unread(question: type[Recorded], names: set[str]) -> set[str]:
    return {one.name for one in fields(question)} - names  # type: ignore[arg-type]


@pytest.mark.parametrize("line", ANSWERED)
def test_a_command_reads_every_field_of_its_question(
    line: str, tmp_path: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = (f"{2015 + years},{value}" for years, value in enumerate((700, 900, 1245, 1370, 1700)))
    Path("market.csv").write_text("\n".join(["year,value", *rows]), encoding="utf-8")
    with fields_read(monkeypatch) as names:
        assert cli(*line.split()).code == 0
    assert unread(ANSWERED[line], names) == set()


@dataclass(frozen=True, kw_only=True)
class Longer(Question):
    """A question with a field that nothing reads."""

    mood: str | None = None


COPIED: dict[str, Callable[[Longer], Longer]] = {
    "as it is": lambda question: question,
    "by replace": replace,
    "by of": lambda question: question.of(Longer),
}


@pytest.mark.parametrize("copied", COPIED)
def test_a_field_that_is_only_copied_counts_as_unread(
    copied: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fields_read(monkeypatch) as names:
        forecast(rf.series("mofcom"), COPIED[copied](Longer()))
    assert unread(Longer, names) == {"mood"}
