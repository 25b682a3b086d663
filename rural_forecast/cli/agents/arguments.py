"""The arguments of a call: checked, and written as a command line and files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from rural_forecast.cli import tree
from rural_forecast.cli.agents.schemas import needed, parameters_of, schema_of
from rural_forecast.cli.agents.tools import Tool
from rural_forecast.errors import UsageError
from rural_forecast.question.source import Source
from rural_forecast.system import inputs
from rural_forecast.system.addresses import require_allowed

BY_YEAR = ("values", "growth", "shock", "override")
"""Arguments that are objects by year."""
_LONGEST_TITLE = 80


def check(name: str, tool: Tool, given: Mapping[str, Any], *, keeps: bool) -> None:
    """Refuse arguments that a tool does not have or cannot apply, and values of other kinds."""
    schema = schema_of(tool, keeps=keeps)
    properties = schema["properties"]
    stated = {argument for argument, value in given.items() if value is not None}
    for argument, value in given.items():
        if argument not in properties:
            raise _not_taken(name, tool, argument, [*properties])
        if isinstance(value, dict) and argument not in BY_YEAR:
            raise UsageError(f"{argument} is one value, not an object.", "Give a text or a number.")
    for argument in schema.get("required", ()):
        if argument not in stated:
            raise UsageError(f"{name} needs {argument}.", f"Give {argument}.")
    if tool.values_for:
        _check_values(name, tool, stated, is_needed=tool.values_for in needed(tool, keeps=keeps))
    if given.get("as_python"):
        for argument in ("keep", "sources"):
            if given.get(argument):
                raise UsageError(
                    f"{argument} is of an answer, and as_python gives a script in its place.",
                    f"Leave out {argument} or as_python.",
                )


def _check_values(name: str, tool: Tool, stated: AbstractSet[str], *, is_needed: bool) -> None:
    """Refuse values beside what they stand in place of, neither of the two, and a title of none."""
    replaced = tool.values_for
    if {"values", replaced} <= stated:
        raise UsageError(
            f"values stand in place of {replaced}, and both are given.",
            f"Give one of {replaced} and values.",
        )
    if is_needed and not {"values", replaced} & stated:
        raise UsageError(
            f"{name} needs {replaced}, or values in its place.", f"Give {replaced} or values."
        )
    if "values" not in stated:
        for argument in ("title", "unit"):
            if argument in stated:
                raise UsageError(
                    f"{argument} is for values.", f"Leave {argument} out, or give values."
                )


def _not_taken(name: str, tool: Tool, argument: str, names: Sequence[str]) -> UsageError:
    """Make the error for an argument that a tool does not have."""
    problem = f"{name} has no argument '{argument}'."
    if argument == "keep" and "keep" in tree.load(tool.command).parameters:
        return UsageError(
            problem, "The server keeps records where it is started with --keep FOLDER."
        )
    close = get_close_matches(argument, names, 1)
    also = f"Did you mean {close[0]}? " if close else ""
    return UsageError(problem, f"{also}It takes {', '.join(names)}.")


def command_line(tool: Tool, stated: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Write arguments of a tool as options, and as the arguments of its command."""
    typed: list[str] = []
    about: list[str] = []
    for name, parameter in parameters_of(tool).items():
        if name not in stated:
            continue
        value = stated[name]
        values = value if isinstance(value, list) else [_as_typed(value)]
        if parameter.is_argument:
            about += map(str, values)
        elif parameter.is_flag:
            typed += [parameter.label] if value else []
        else:
            typed += [f"{parameter.label}={one}" for one in values]
    return typed, about


def _as_typed(value: Any) -> Any:
    """Write a value by year as it is typed: 2026=5,2027=4."""
    if isinstance(value, dict):
        return ",".join(f"{year}={one}" for year, one in value.items())
    return value


def written(given: Mapping[str, Any], folder: Path) -> Path:
    """Write values to a file, whose name is their title."""
    values = given["values"]
    if not isinstance(values, dict) or not values:
        raise UsageError("values is no object of values by year.", 'Write {"2022": 41}, say.')
    for year in values:
        if not year.isdecimal():
            raise UsageError(f"In values, {year!r} is not a year.", 'Write {"2022": 41}, say.')
    title = re.sub(r"[^\w %()&,.-]+", " ", str(given.get("title") or "values")).strip(". ")
    file = folder / f"{title[:_LONGEST_TITLE] or 'values'}.csv"
    unit = str(given.get("unit") or "").replace('"', "")
    lines = [f'{year},{json.dumps(value)},"{unit}"' for year, value in values.items()]
    file.write_text("\n".join(["year,value,unit", *lines, ""]), encoding="utf-8")
    return file


def call_of(stated: Mapping[str, Any], name: str) -> str:
    """Write the call of Python that makes a series of values."""
    by_year = ", ".join(f"{int(year)}: {value!r}" for year, value in stated["values"].items())
    unit = f", unit={json.dumps(stated['unit'])}" if stated.get("unit") else ""
    return f"rf.series({{{by_year}}}, id={json.dumps(name)}{unit})"


def check_sources(tool: Tool, names: Sequence[str], folders: Sequence[Path]) -> None:
    """Refuse files outside the folders, before anything about them becomes known."""
    if tool.command == "series list":
        return
    for source in map(Source.parse, names):
        if not source.path and not source.is_toml:
            continue
        if source.is_address:
            require_allowed(source.path)
            continue
        path = source.path or source.name
        with inputs.recorded(folders):
            inputs.record(inputs.STANDARD_INPUT if source.is_standard_input else path)
