"""The reference is what the code says, and the page of the Python API leaves nothing out."""

import inspect
import re
import typing

import rural_forecast
from docs.generator.docstrings import numpy_style
from docs.generator.mirror import DOCS
from docs.generator.reference import stale, with_output

PAGE = (DOCS / "reference" / "python.md").read_text()
UNSHOWN = {
    "rural_forecast.sizing.model.MarketModel",
    "rural_forecast.sizing.toml.TomlFile",
    "rural_forecast.sizing.distributions.Distribution",
}
"""What a file says, once it is checked: no interface."""


def test_generated_pages_are_what_the_code_says() -> None:
    assert stale() == [], "Run `uv run poe regenerate`."


def test_outputs_stay_where_commands_do() -> None:
    before = "# a\n\n```console\n$ x\n1\n```\n"
    after = "# b\n\n```console\n$ x\n```\n\n```console\n$ y\n```\n"
    assert with_output(after, before) == "# b\n\n```console\n$ x\n1\n```\n\n```console\n$ y\n```\n"


def test_python_page_has_every_public_name() -> None:
    for name in set(rural_forecast.__all__) - {"__version__"}:
        assert f"\n::: rural_forecast.{name}\n" in PAGE


def test_python_page_has_every_class_of_a_result() -> None:
    shown = set(re.findall(r"^::: (\S+)$", PAGE, re.MULTILINE))
    found = {f"{one.__module__}.{one.__qualname__}" for one in results() if one.__module__ not in shown}
    assert found - shown - UNSHOWN - {"rural_forecast.scenarios.assumptions.Scenario"} == set()


def results() -> set[type]:
    """The classes that public functions return, and those of their fields."""
    functions = [getattr(rural_forecast, name) for name in rural_forecast.__all__]
    waiting = [hints(one).get("return") for one in functions if inspect.isfunction(one)]
    found: set[type] = set()
    while waiting:
        one = waiting.pop()
        waiting += typing.get_args(one)
        ours = inspect.isclass(one) and one.__module__.startswith("rural_forecast.")
        if ours and one not in found and f"{one.__module__}.{one.__qualname__}" not in UNSHOWN:
            found.add(one)
            waiting += hints(one).values()
    return found


def hints(of: object) -> dict[str, typing.Any]:
    try:
        return typing.get_type_hints(of)
    except NameError:  # a name that only type checkers import
        return {}


def test_docstrings_are_read_as_we_write_them() -> None:
    ours = "Say.\n\nParameters\n----------\na, b : both\n    of them\n\nRaises\n------\nX, Y : no\n\n>>> 1\n1"
    assert numpy_style(ours, "") == (
        "Say.\n\nParameters\n----------\na, b\n    both\n    of them\n\n"
        "Raises\n------\nX\n    no\nY\n    no\n\nExamples\n--------\n>>> 1\n1"
    )
    assert numpy_style("Say.\n\nReturns\n-------\nA frame.", "Frame") == "Say.\n\nReturns\n-------\nFrame\n    A frame."
