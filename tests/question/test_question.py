"""The question: checked when it is made, frozen, and the same again from what a record keeps."""

from dataclasses import FrozenInstanceError, fields
from datetime import date
from typing import Any

import pytest

from rural_forecast.errors import InputError, UsageError
from rural_forecast.observed.observation import Series
from rural_forecast.question.backtest import BacktestQuestion
from rural_forecast.question.batch import BatchQuestion
from rural_forecast.question.nowcast import NowcastQuestion
from rural_forecast.question.question import DEFAULT, Question, Window

STATED: dict[str, Any] = {
    "since": 2014,
    "until": 2020,
    "prefer": "median",
    "allow_gaps": True,
    "as_of": date(2021, 6, 30),
    "basis": "chained",
    "ceiling": (900.0, 1200.0),
    "floor": 0.0,
    "measure": "cumulative",
    "kind": "adoption",
    "within": "online",
    "like": ("brazil", "file.csv::India"),
    "year": 2025,
    "horizon": 5,
    "models": ("consensus", "linear"),
    "kernels": True,
    "opinions": True,
    "levels": (50, 90),
    "breaks": (2020,),
}
"""A value of each field, other than what is used where it is left out."""


def test_every_field_is_tried() -> None:
    assert STATED.keys() == {each.name for each in fields(Question)}


@pytest.mark.parametrize("name", STATED)
def test_a_record_gives_each_option_again(name: str) -> None:
    question = Question(**{name: STATED[name]})
    assert getattr(DEFAULT, name) != STATED[name]
    assert Question.from_json(question.to_json()) == question


def test_a_record_keeps_the_levels_and_what_is_stated_alone() -> None:
    assert Question(year=2025).to_json() == {"target": 2025, "levels": [80, 95]}
    assert Question(as_of=date(2021, 6, 30)).to_json()["as_of"] == "2021-06-30"


def test_a_record_keeps_another_series_by_what_gives_it_again() -> None:
    question = Question(within=Series("North", file="sales.csv"))
    assert question.to_json()["within"] == "sales.csv::North"


def test_an_unknown_key_of_a_record_is_named() -> None:
    with pytest.raises(InputError, match="'sinse' is no option of a record"):
        Question.from_json({"levels": [80], "sinse": 2014})


KINDS: dict[str, Any] = {
    "since": "2014",
    "floor": [1],
    "ceiling": [900],
    "as_of": "soon",
    "levels": ["80"],
    "like": "online",
}


@pytest.mark.parametrize("name", KINDS)
def test_a_value_of_another_kind_in_a_record_is_named(name: str) -> None:
    with pytest.raises(InputError, match=f"The option {name} of a record is "):
        Question.from_json({name: KINDS[name]})


REFUSED: dict[str, dict[str, Any]] = {
    "a level beyond all": {"levels": (29,)},
    "a horizon and a year": {"horizon": 2, "year": 2025},
    "no horizon": {"horizon": 0},
    "a ceiling upside down": {"ceiling": (2, 1)},
    "a floor above the ceiling": {"floor": 5, "ceiling": (1, 2)},
    "an infinite floor": {"floor": float("inf")},
    "an unknown kind": {"kind": "bubble"},
    "a measure of a file": {"measure": "flow"},
    "a kind without the consensus": {"kind": "adoption", "models": ("linear",)},
    "leaders without the consensus": {"like": ("online",), "models": ("linear",)},
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_question_that_has_no_answer_is_refused_when_it_is_made(case: str) -> None:
    with pytest.raises(UsageError):
        Question(**REFUSED[case])


def test_levels_are_in_rising_order_each_once() -> None:
    assert Question(levels=[95, 80, 95]).levels == (80, 95)
    assert NowcastQuestion(levels=[95, 80]).levels == (80, 95)


def test_a_question_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        DEFAULT.year = 2025  # type: ignore[misc]


def test_a_question_up_to_a_year_has_no_horizon() -> None:
    assert Question(horizon=3, floor=1).to(2025) == Question(year=2025, floor=1)


def test_questions_share_the_fields_that_both_have() -> None:
    asked = Question(since=2014, floor=1, year=2025, horizon=None, opinions=True)
    assert asked.of(BacktestQuestion, horizon=2) == BacktestQuestion(
        since=2014, floor=1, horizon=2, opinions=True
    )
    assert asked.of(Window) == Window(since=2014)


def test_the_year_of_a_batch_is_checked() -> None:
    with pytest.raises(UsageError, match="not a year from 1 to 9999"):
        BatchQuestion(year=0)
