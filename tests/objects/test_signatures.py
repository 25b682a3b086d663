"""The functions and results of the Python API, as a notebook and an editor show them."""

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from inspect import getdoc, signature
from typing import Any

import pytest

import rural_forecast as rf
from docs.generator import stubs
from rural_forecast.objects.arguments import SHARED, in_full
from rural_forecast.objects.results import Shown

CLASSES = [getattr(rf, name) for name in rf.__all__ if inspect.isclass(getattr(rf, name))]
RESULTS = [one for one in CLASSES if issubclass(one, Shown)]
FUNCTIONS = [getattr(rf, name) for name in rf.__all__ if inspect.isfunction(getattr(rf, name))]


def test_the_signatures_that_editors_read_are_those_of_the_functions() -> None:
    assert stubs.FILE.read_text(encoding="utf-8") == stubs.stub(), "run poe regenerate"


def test_every_function_that_is_made_of_another_has_a_signature_for_editors() -> None:
    written = ast.parse(stubs.FILE.read_text(encoding="utf-8")).body
    by_name = {one.name: one for one in written if isinstance(one, ast.FunctionDef)}
    for name in filter(stubs.is_made, rf.__all__):
        arguments = by_name[name].args
        named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        named += [arguments.vararg] if arguments.vararg else []
        assert {one.arg for one in named} == {*signature(getattr(rf, name)).parameters}
        assert ast.get_docstring(by_name[name]) == getdoc(getattr(rf, name))


def test_a_function_shows_all_that_makes_a_series() -> None:
    assert "Sequence[float]" in signature(rf.forecast).parameters["series"].annotation
    assert signature(rf.scenario).parameters["series"].annotation == "SeriesLike"


def test_types_of_signatures_are_no_names_of_the_package() -> None:
    assert not hasattr(rf, "Mapping")
    assert "SeriesLike" not in rf.__all__


def documented(function: Callable[..., Any]) -> set[str]:
    """The arguments that a docstring lists."""
    _, _, parameters = (getdoc(function) or "").partition("\nParameters\n")
    parameters, _, _ = parameters.partition("\n\n")
    names = set[str]()
    for line in parameters.splitlines():
        listed, colon, _ = line.partition(" : ")
        names |= {*listed.split(", ")} if colon else set()
    return names


def methods() -> Iterator[Any]:
    for owner in (*RESULTS, rf.Chart):
        for name, method in inspect.getmembers(owner, callable):
            if not name.startswith("_"):
                yield pytest.param(method, id=f"{owner.__name__}.{name}")


@pytest.mark.parametrize("method", [*methods()])
def test_a_method_of_a_result_lists_its_arguments(method: Callable[..., Any]) -> None:
    assert {*signature(method).parameters} - {"self"} <= documented(method)


@pytest.mark.parametrize("made", [rf.ReadOptions, rf.Scenario], ids=lambda made: made.__name__)
def test_what_a_user_makes_lists_its_arguments(made: Callable[..., Any]) -> None:
    assert {*signature(made).parameters} == documented(made)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_a_docstring_refers_to_nothing_that_is_out_of_reach(function: Callable[..., Any]) -> None:
    for name in re.findall(r"see `(\w+)", getdoc(function) or ""):
        assert hasattr(rf, name)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_a_docstring_has_the_errors_of_its_function(function: Callable[..., Any]) -> None:
    assert "\nRaises\n" in (getdoc(function) or "")


def test_arguments_of_a_group_get_a_line_each() -> None:
    assert in_full("levels, floor : as in `forecast`\nstart : a year") == (
        f"levels : {SHARED['levels']}\nfloor : {SHARED['floor']}\nstart : a year"
    )
