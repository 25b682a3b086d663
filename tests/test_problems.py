"""Errors carry what is wrong, what to do about it, a code, a place and a value."""

from __future__ import annotations

import pickle

import pytest

import rural_forecast as rf
from rural_forecast.errors import InputError, Place, Problem, UsageError


def test_an_error_survives_pickling() -> None:
    with pytest.raises(UsageError) as caught:
        rf.forecast(rf.read("mofcom"), levels=[20])
    error = pickle.loads(pickle.dumps(caught.value))
    assert error.code == "usage"
    assert str(error) == error.message == "The level 20 is not between 30 and 99."
    assert error.hint == "Give whole percents, such as levels=[90]."


def test_a_problem_becomes_an_error_at_its_place() -> None:
    problem = Problem("20 is no level.", "Write 90.")
    error = InputError.of(problem, place=Place("a.csv:3", "a.csv", 3))
    assert str(error) == "a.csv:3: 20 is no level."
    assert (error.problem, error.hint, error.code) == (problem.problem, problem.hint, "cell")
