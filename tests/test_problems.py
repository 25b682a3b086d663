"""Errors of the domain are values: a reason and its fields; `views.errors` has every sentence."""

from __future__ import annotations

import ast
import pickle
import re
from functools import cache

import pytest

import rural_forecast as rf
from rural_forecast.errors import InputError, Place, Problem, UsageError
from rural_forecast.views import errors as words
from rural_forecast.views.phrases import filled, taken
from tests.sources import nodes

DOMAIN = ("series", "models", "forecasting", "nowcasting", "panels", "sizing", "scenarios", "toml")
ERRORS = ("InputError", "TableError", "UsageError", "ModelError", "OutputError", "PartialError", "RuralForecastError")


@cache
def made() -> list[tuple[str, str, ast.Call]]:
    """Every error and problem that is made with a reason in place: the file, the reason and the call."""
    return [
        (name, reason.value, call)
        for name, every in nodes().items()
        for call in every
        if isinstance(call, ast.Call) and isinstance(reason := _found(call), ast.Constant)
        if isinstance(reason.value, str) and " " not in reason.value
    ]


def _found(call: ast.Call) -> ast.expr | None:
    """The reason, if a call makes a problem, or an error by `of` or `refuse`."""
    name = ast.unparse(call.func)
    if name == "Problem" or name in {f"{error}.of" for error in ERRORS}:
        return next(iter(call.args), None)
    return call.args[1] if name.endswith(".refuse") and len(call.args) > 1 else None


def test_every_reason_has_words_and_all_words_have_a_reason() -> None:
    worded = {reason for room in words.ROOMS for reason in words.of_room(room)}
    domain = (every for name, every in nodes().items() if name.split("/")[0] in DOMAIN)
    texts = {node.value for every in domain for node in every if isinstance(node, ast.Constant)}
    assert {reason for _, reason, _ in made()} <= worded <= texts


def test_a_reason_is_worded_once() -> None:
    every = [reason for room in words.ROOMS for reason in words.of_room(room)]
    assert len(every) == len(set(every))


def test_every_option_of_a_text_can_be_filled_in() -> None:
    every = [texts for room in words.ROOMS for texts in words.of_room(room).values() if not callable(texts)]
    options = re.findall(r"\{option [^{}]*\}", str(every))
    assert "{option range='B2:D9'}" in options
    for option in options:
        assert "{" not in filled(option, dict.fromkeys(taken(option), 1)), option


def test_the_fields_of_an_error_are_what_its_words_take() -> None:
    for name, reason, call in made():
        given = {keyword.arg for keyword in call.keywords}
        if None not in given:  # `**fields` are made elsewhere
            fields = taken(words.worded(reason))
            needed = {field for field, optional in fields.items() if not optional}
            needed -= {"place", "cell"}  # that of a row is filled in where it is refused
            assert needed <= given - {"code", "place"} <= fields.keys() | {"value"}, (name, reason, given)


def test_no_error_of_the_domain_is_a_sentence() -> None:
    """Errors are made by `of`, with a reason; no option is named."""
    for file, every in nodes().items():
        if file.split("/")[0] in DOMAIN:
            calls = [(ast.unparse(node.func), node) for node in every if isinstance(node, ast.Call)]
            sentences = [ast.unparse(call) for name, call in calls if name in (*ERRORS, "option")]
            assert not sentences, (file, sentences)


def test_an_error_is_a_value() -> None:
    with pytest.raises(UsageError) as caught:
        rf.forecast(rf.read("mofcom"), levels=[20])
    error = pickle.loads(pickle.dumps(caught.value))
    assert (error.reason, error.fields, error.code) == ("level_out_of_range", {"level": 20}, "usage")
    assert str(error) == error.message == error.problem == "The level 20 is not between 30 and 99."
    assert error.hint == "Give whole percents, such as levels=[90]."


def test_a_problem_becomes_an_error_at_its_place() -> None:
    problem = Problem("level_out_of_range", level=20)
    error = InputError.of(problem, place=Place("a.csv:3", "a.csv", 3))
    assert str(error) == "a.csv:3: The level 20 is not between 30 and 99."
    assert (error.problem, error.hint, error.code) == (problem.problem, problem.hint, "cell")
