"""JSON Schemas of the arguments of a tool, and of its answer."""

from __future__ import annotations

from typing import Any

from rural_forecast.cli import tree
from rural_forecast.cli.agents.tools import Tool
from rural_forecast.cli.parameters import CommandParameter, type_name

_MEANINGS = {
    "source": "Path of a file in an allowed folder, or an id of the catalogue such as mofcom.",
    "model": "Path of a TOML file in an allowed folder, or a model that ships.",
    "records": "Paths of kept forecasts in an allowed folder.",
}
"""The arguments that take less from an agent than their options do from a person."""

_VALUES = {
    "type": "object",
    "additionalProperties": {"type": "number"},
    "minProperties": 1,
}

_OF_VALUES = {
    "title": {"type": "string", "description": "What the values are; it also says their kind."},
    "unit": {"type": "string", "description": "Unit of the values, such as bn USD."},
}

_SOURCES = {
    "sources": {
        "type": "boolean",
        "description": "Add who published each value, and how the answer was made.",
    }
}

_SCRIPT = {
    "as_python": {
        "type": "boolean",
        "description": "Give a Python script that gives the rows, in their place.",
    }
}

_KEEP = {
    "keep": {
        "type": "boolean",
        "description": "Keep the record of the answer, for score and revise; its path is in kept.",
    }
}

_TYPES = {"integer": "integer", "number": "number", "flag": "boolean"}


def schema_of(tool: Tool, *, keeps: bool = False) -> dict[str, Any]:
    """Write the JSON Schema of the arguments of a tool; it takes no others.

    `keeps`: the server has a folder for records.
    """
    properties: dict[str, Any] = {}
    for name, parameter in parameters_of(tool).items():
        properties[name] = _schema_of_argument(name, parameter)
    if tool.values_for:
        meaning = f'Values by year, in place of {tool.values_for}: {{"2022": 41, "2023": 44.5}}.'
        properties["values"] = {**_VALUES, "description": meaning}
        properties |= _OF_VALUES
    parameters = tree.load(tool.command).parameters
    if "as_python" in parameters:
        properties |= _SCRIPT
    if keeps and "keep" in parameters:
        properties |= _KEEP
    return {
        "type": "object",
        "properties": properties | _SOURCES,
        "required": [name for name in needed(tool, keeps=keeps) if name != tool.values_for],
        "additionalProperties": False,
    }


def needed(tool: Tool, *, keeps: bool) -> list[str]:
    """Name the arguments of a tool that it cannot do without; values may stand in place of one.

    A server that keeps records has those in place of records that are named.
    """
    names = [*tool.needs]
    for name, parameter in parameters_of(tool).items():
        if parameter.default is ... and name not in names:
            names.append(name)
    if keeps and "records" in names:
        names.remove("records")
    return names


def _schema_of_argument(name: str, parameter: CommandParameter) -> dict[str, Any]:
    kind = "text" if parameter.parser else type_name(parameter)
    one: dict[str, Any] = {"type": _TYPES.get(kind, "string")}
    if parameter.choices:
        one["enum"] = list(parameter.choices)
    if parameter.several:
        one = {"anyOf": [one, {"type": "array", "items": one}]}
    return {**one, "description": _MEANINGS.get(name, parameter.meaning)}


ANSWER_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "common": {
            "type": "object",
            "description": "The columns that are the same in all rows.",
        },
        "rows": {
            "type": "array",
            "items": {"type": "object"},
            "description": "The answer, without empty cells; `spec` has the columns.",
        },
        "figures": {"type": "object"},
        "script": {"type": "string", "description": "A Python script, where one was asked for."},
        "kept": {"type": "string", "description": "Path of the record that was kept."},
        "notes": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "code": {"type": "string"},
                    "text": {"type": "string"},
                    "warning": {"type": "boolean"},
                },
            },
            "description": "What to be careful about; pass on those that are warnings.",
        },
        "series": {"type": "array", "items": {"type": "object"}},
        "more_series": {"type": "integer"},
        "more_rows": {"type": "integer", "description": "Rows that sources=true adds."},
        "more_notes": {"type": "integer", "description": "Notes that sources=true adds."},
        "more_columns": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Columns that sources=true adds.",
        },
        "error": {
            "type": "object",
            "properties": {
                "code": {"type": "string"},
                "message": {"type": "string"},
                "hint": {"type": "string"},
            },
        },
    },
}


def parameters_of(tool: Tool) -> dict[str, CommandParameter]:
    """Get the parameters of the command by argument of a tool."""
    declared = tree.load(tool.command).parameters
    return {argument: declared[name] for argument, name in tool.arguments.items()}
