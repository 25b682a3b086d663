"""The arguments of a call: checked, and written as a command line and files."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from rural_forecast.cli.agents.schemas import schema_of
from rural_forecast.cli.agents.tools import Tool
from rural_forecast.errors import UsageError
from rural_forecast.question.source import Source
from rural_forecast.system import inputs
from rural_forecast.system.addresses import require_allowed

_LONGEST_TITLE = 80


def check(name: str, tool: Tool, given: Mapping[str, Any]) -> None:
    """Refuse arguments that a tool does not have, and values of another kind."""
    schema = schema_of(tool)
    properties = schema["properties"]
    for argument, value in given.items():
        if argument not in properties:
            close = get_close_matches(argument, properties, 1)
            also = f"Did you mean {close[0]}? " if close else ""
            raise UsageError(
                f"{name} has no argument '{argument}'.", f"{also}It takes {', '.join(properties)}."
            )
        if isinstance(value, dict) and argument not in ("values", "growth", "shock", "override"):
            raise UsageError(f"{argument} is one value, not an object.", "Give a text or a number.")
    for argument in schema["required"]:
        if given.get(argument) is None:
            raise UsageError(f"{name} needs {argument}.", f"Give {argument}.")
    if not tool.takes_values:
        return
    if (given.get("values") is None) == (given.get("source") is None):
        raise UsageError(
            f"{name} is about a source, or about values.", "Give one of source and values."
        )
    if given.get("values") is not None and given.get("as_python"):
        raise UsageError("A script reads a source, not values.", "Leave as_python out.")
    if given.get("values") is None and (given.get("title") or given.get("unit")):
        raise UsageError("title and unit are for values.", "Leave them out, or give values.")


def as_typed(value: Any) -> Any:
    """Write a value by year as it is typed: 2026=5,2027=4."""
    if isinstance(value, dict):
        return ",".join(f"{year}={one}" for year, one in value.items())
    return value


def written(given: Mapping[str, Any], folder: Path) -> Path:
    """Write values to a file, whose name is their title."""
    values = given["values"]
    if not isinstance(values, dict) or not values:
        raise UsageError("values is no object of values by year.", 'Write {"2022": 41}, say.')
    title = re.sub(r"[^\w %()&,.-]+", " ", str(given.get("title") or "values")).strip(". ")
    file = folder / f"{title[:_LONGEST_TITLE] or 'values'}.csv"
    unit = str(given.get("unit") or "").replace('"', "")
    lines = [f'{year},{json.dumps(value)},"{unit}"' for year, value in values.items()]
    file.write_text("\n".join(["year,value,unit", *lines, ""]), encoding="utf-8")
    return file


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
