"""JSON Schemas of the arguments of a tool, and of its answer."""

from __future__ import annotations

from typing import Any

from rural_forecast.cli import tree
from rural_forecast.cli.agents.tools import Tool
from rural_forecast.cli.parameters import CommandParameter, type_name
from rural_forecast.cli.surface import row_sets
from rural_forecast.render.schemas import schema

_WORDS = {
    # The names of these say it all.
    "year": "",
    "since": "",
    "sheet": "",
    "value_column": "",
    "period_column": "",
    "id_column": "",
    "encoding": "",
    "decimal": "",
    "measure": "",
    "actuals_until": "",
    "allow_gaps": "",
    # Paths lie in the folders that are allowed.
    "source": "path, PATH::SERIES or catalogue id",
    "sizing": "TOML path, or a model that ships",
    "against": "what came: path or catalogue id",
    "records": "paths of kept forecasts",
    "old": "path of a record",
    "new": "path of a record or file, or catalogue id",
    "like": "PATH::SERIES of markets ahead",
    "series": "part of its label",
    "where": "COLUMN=LABEL",
    "until": "last year used",
    "horizon": "years ahead",
    "target": "gives chances of reaching it",
    "level": "width of the range, 30 to 99",
    "kind": "subject, such as adoption",
    "ceiling": "A..B at which it saturates",
    "within": "source of the total",
    "growth": "percent by year, A..B for a range",
    "shock": "lasting change of the level by year, percent",
    "override": "value by year; needs reason",
    "scenarios": "TOML path, or scenarios that ship",
    "partial": "2017H1=537.62, or with growth 2017M01-M08=729.04:36.6",
    "definition": "source of another definition",
    "drivers": "sizing model: TOML path, or one that ships",
    "weight": "NAME=WEIGHT of an author or argument",
    "words": "all in its id or text",
}
"""Arguments in fewer words than their options have, by parameter.

The list of tools is read before every task, so that what many tools share is said in few words.
"""

_BY_YEAR = ("growth", "shock", "override")
"""Parameters that are a text, a number for every year, or values by year."""

_TEXT = {"type": "string"}
_FLAG = {"type": "boolean"}
_NUMBERS = ("level",)
"""Parameters that are numbers, though a person may type several in one word."""
_TYPES = {"integer": "integer", "number": "number", "flag": "boolean"}


def schema_of(tool: Tool, *, keeps: bool = False) -> dict[str, Any]:
    """Write the JSON Schema of the arguments of a tool; it takes no others.

    `keeps`: the server has a folder for records.
    """
    properties: dict[str, Any] = {}
    for name, parameter in parameters_of(tool).items():
        properties[name] = _schema_of_argument(parameter)
    if tool.values_for:
        meaning = f'in place of {tool.values_for}: {{"2022": 41}}'
        properties["values"] = {"type": "object", "description": meaning}
        properties["title"] = _TEXT
        properties["unit"] = _TEXT
    parameters = tree.load(tool.command).parameters
    if "as_python" in parameters:
        properties["as_python"] = _FLAG
    if keeps and "keep" in parameters:
        properties["keep"] = _FLAG
    properties["sources"] = _FLAG
    required = [name for name in needed(tool, keeps=keeps) if name != tool.values_for]
    return {
        "type": "object",
        "properties": properties,
        **({"required": required} if required else {}),
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


def _schema_of_argument(parameter: CommandParameter) -> dict[str, Any]:
    kind = "text" if parameter.parser else type_name(parameter)
    written = "number" if parameter.name in _NUMBERS else _TYPES.get(kind, "string")
    described: dict[str, Any] = {"type": written}
    if parameter.choices:
        described = {"enum": list(parameter.choices)}
    elif parameter.name in _BY_YEAR:
        described = {"type": [written, "number", "object"]}
    elif parameter.several:
        described = {"type": [written, "array"], "items": {"type": written}}
    meaning = _WORDS.get(parameter.name, parameter.meaning)
    if meaning:
        described["description"] = meaning
    return described


def answer_schema_of(tool: Tool) -> dict[str, Any]:
    """Write the JSON Schema of the answer of a tool, with the columns of its own rows.

    A row has those of its columns that are not empty, and `common` those that are the same in all
    rows: no column is required.
    """
    columns = dict[str, Any]()
    of_levels = dict[str, Any]()
    for name in row_sets()[tool.command]:
        rows = schema(name)
        for column, described in rows["properties"].items():
            columns.setdefault(column, described)
        of_levels |= rows.get("patternProperties", {})
    row = {
        "type": "object",
        "properties": columns,
        "patternProperties": of_levels,
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Answer of {tool.command}",
        "type": "object",
        "properties": {
            "common": {"$ref": "#/$defs/row", "description": "Columns that all rows share."},
            "rows": {"type": "array", "items": {"$ref": "#/$defs/row"}},
            **_BESIDE_ROWS,
        },
        "additionalProperties": False,
        "$defs": {"row": row},
    }


_BESIDE_ROWS: dict[str, Any] = {
    "figures": {"type": "object", "description": "Numbers that belong to no row."},
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
    "provenance": {"type": "object", "description": "How the answer was made; sources=true."},
    "more_series": {"type": "integer", "description": "Series that sources=true does not name."},
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
        "description": "Why there is no answer, and what to do.",
    },
}
"""The parts of an answer that are the same for all tools."""


def parameters_of(tool: Tool) -> dict[str, CommandParameter]:
    """Get the parameters of the command by argument of a tool."""
    declared = tree.load(tool.command).parameters
    return {argument: declared[name] for argument, name in tool.arguments.items()}
