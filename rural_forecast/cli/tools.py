"""The tools of the server for agents: each carries out a command, and gives what it answers.

An answer has rows first, then notes and what the series are; where each value comes from is given
on request. Files are read within the folders that are allowed alone. Values of a file are not
passed on: messages name labels and, where one is refused, a cell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rural_forecast.cli import tree
from rural_forecast.cli.parameters import CommandParameter, type_name
from rural_forecast.errors import RuralForecastError, Spelling, UsageError, spelling
from rural_forecast.question.source import Source
from rural_forecast.render.error import as_json
from rural_forecast.system import inputs
from rural_forecast.system.addresses import Access, require_allowed, ruled
from rural_forecast.system.process import holding
from rural_forecast.text.cells import encodable

MOST_SERIES = 20
"""The series of which an answer gives the description; of others it gives the number."""
DIGITS = 5  # significant digits of numbers in an answer
_LONGEST_TITLE = 80
_MOST_SAID = 12  # rows in words

Answer = dict[str, Any]


@dataclass(frozen=True)
class Tool:
    """A tool: the command behind it, and the arguments that it takes, by the parameter of each."""

    does: str
    command: str
    arguments: Mapping[str, str]
    """The first is what the tool is about."""
    takes_values: bool = False
    """true if values may stand in place of a source."""
    every_year: str = ""
    """the item whose rows are given for every year, and those of others for the last one alone."""
    details: tuple[str, ...] = ()
    """codes of notes that are given with sources alone."""


_READING = {"series": "series", "where": "where", "sheet": "sheet", "value_column": "value_column"}
_MARKET = {"source": "source", "year": "year", **_READING}

TOOLS = {
    "list_series": Tool(
        "List the series of the catalogue, or those whose id or text holds every word.",
        "series list",
        {"words": "words"},
    ),
    "show_series": Tool(
        "Show a series: its values, what it counts, and who published it.",
        "series show",
        {"source": "source", **_READING},
    ),
    "check": Tool(
        "List all faults of a file or a series: what is refused, what is doubtful, and what to do "
        "about it.",
        "series check",
        {"source": "source", **_READING},
        takes_values=True,
    ),
    "project": Tool(
        "Forecast a yearly series: rows with value and 80 and 95 % bounds, notes with what to be "
        "careful about.",
        "project",
        {
            **_MARKET,
            "horizon": "horizon",
            "target": "target",
            "level": "level",
            "since": "since",
            "until": "until",
            "kind": "kind",
            "ceiling": "ceiling",
            "like": "like",
            "within": "within",
        },
        takes_values=True,
    ),
    "compare": Tool(
        "Compare all models on a series: forecast, range, weight in the consensus, error in a "
        "backtest.",
        "compare",
        {**_MARKET, "horizon": "horizon"},
        takes_values=True,
    ),
    "size": Tool(
        "Size a market from its drivers, by Monte Carlo, next to the forecast of its past.",
        "size",
        {"model": "sizing", "year": "year"},
        every_year="result",
        details=("driver", "draws", "derived"),
    ),
    "scenario": Tool(
        "Set assumptions beside the forecast: growth, shocks, values set by hand, a ceiling.",
        "scenario",
        {
            **_MARKET,
            "growth": "growth",
            "shock": "shock",
            "override": "override",
            "reason": "reason",
            "ceiling": "ceiling",
            "within": "within",
            "from": "scenarios",
        },
        takes_values=True,
    ),
    "nowcast": Tool(
        "Estimate a year of which halves, quarters or months are known.",
        "nowcast",
        {**_MARKET, "partial": "partial", "until": "until"},
        takes_values=True,
    ),
    "triangulate": Tool(
        "Set trend, leading markets, drivers and published views side by side, and combine them.",
        "triangulate",
        {
            **_MARKET,
            "like": "like",
            "definition": "definition",
            "drivers": "drivers",
            "weight": "weight",
        },
        takes_values=True,
    ),
    "revise": Tool(
        "Say why the answer for a year moved, from a kept forecast to a newer one or newer data.",
        "revise",
        {"old": "old", "new": "new", "year": "year"},
    ),
    "score": Tool(
        "Score kept forecasts against what came: error, and whether the ranges held, by horizon "
        "and author.",
        "score",
        {"records": "records", "actuals": "against"},
    ),
}
_MEANINGS = {
    "source": "Path of a file in an allowed folder, or an id of the catalogue such as mofcom.",
    "model": "Path of a TOML file in an allowed folder, or a model that ships.",
    "records": "Paths of kept forecasts in an allowed folder.",
}
"""The arguments that take less from an agent than their options do from a person."""
_OF_VALUES = {
    "values": {
        "type": "object",
        "description": 'Values by year, in place of a source: {"2022": 41, "2023": 44.5}.',
        "additionalProperties": {"type": "number"},
        "minProperties": 1,
    },
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
        "description": "Give a Python script that gives the rows, in their place; of a source.",
    }
}
_TYPES = {"integer": "integer", "number": "number", "flag": "boolean"}


def schema_of(tool: Tool) -> dict[str, Any]:
    """Write the JSON Schema of the arguments of a tool; it takes no others."""
    properties: dict[str, Any] = {}
    required = []
    for name, parameter in _parameters(tool).items():
        properties[name] = _schema_of_argument(name, parameter)
        if parameter.default is ... and not (tool.takes_values and name == "source"):
            required.append(name)
    if tool.takes_values:
        properties |= _OF_VALUES
    else:
        required = required or list(_needed(tool))
    if "as_python" in tree.load(tool.command).parameters:
        properties |= _SCRIPT
    return {
        "type": "object",
        "properties": properties | _SOURCES,
        "required": required,
        "additionalProperties": False,
    }


def _needed(tool: Tool) -> Iterator[str]:
    """Yield the argument that a tool cannot do without, though its command can."""
    first = next(iter(tool.arguments))
    if first != "words":
        yield first


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


def _parameters(tool: Tool) -> dict[str, CommandParameter]:
    """Get the parameters of the command by argument of a tool."""
    declared = tree.load(tool.command).parameters
    return {argument: declared[name] for argument, name in tool.arguments.items()}


def answer(
    name: str, folders: Sequence[Path], given: Mapping[str, Any], access: Access = "none"
) -> tuple[Answer, bool]:
    """Carry out a tool; return its answer, or its error, and true if it failed."""
    tool = TOOLS[name]
    try:
        _check(name, tool, given)
        if given.get("as_python"):
            return {"script": carried_out(tool, folders, given, access).decode()}, False
        document = json.loads(carried_out(tool, folders, given, access))
        return _answer_of(document, tool, with_sources=bool(given.get("sources"))), False
    except RuralForecastError as error:
        return {"error": json.loads(as_json(error)) | {"value": None}}, True


def _check(name: str, tool: Tool, given: Mapping[str, Any]) -> None:
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


def carried_out(
    tool: Tool, folders: Sequence[Path], given: Mapping[str, Any], access: Access = "none"
) -> bytes:
    """Give the document of a command, or its script.

    Raises RuralForecastError as the command does.
    """
    with TemporaryDirectory() as scratch:
        typed: list[str] = []
        about: list[str] = []
        for argument, parameter in _parameters(tool).items():
            stated = given.get(argument)
            if stated is None:
                continue
            values = stated if isinstance(stated, list) else [_as_typed(stated)]
            if parameter.is_argument:
                about += map(str, values)
            elif parameter.is_flag:
                typed += [parameter.label] if stated else []
            else:
                typed += [f"{parameter.label}={value}" for value in values]
        if given.get("values") is not None:
            about = [str(_written(given, Path(scratch)))]
        else:
            named = [*about, *filter(None, [given.get("actuals")])]
            with ruled(access=access):
                _check_sources(tool, named, folders)
        with (
            ruled(access=access),
            inputs.recorded([*folders, scratch]),
            holding(spelling, Spelling(_as_argument, _as_tool)),
        ):
            result = Path(scratch) / "result.json"
            if given.get("as_python"):
                result = Path(scratch) / "script.py"
                typed.append("--as-python")
            tree.run([*tool.command.split(), "-q", "-o", str(result), *typed, "--", *about])
            return result.read_bytes()


def _as_typed(value: Any) -> Any:
    """Write a value by year as it is typed: 2026=5,2027=4."""
    if isinstance(value, dict):
        return ",".join(f"{year}={one}" for year, one in value.items())
    return value


def _written(given: Mapping[str, Any], folder: Path) -> Path:
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


def _check_sources(tool: Tool, names: Sequence[str], folders: Sequence[Path]) -> None:
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


_NAMED = ("id", "title", "unit", "market_kind")  # of one of several series
_DESCRIBED = ("id", "title", "unit", "definition", "measure", "market_kind", "caveat", "publisher")


def _answer_of(document: Mapping[str, Any], tool: Tool, *, with_sources: bool) -> Answer:
    """Write what an agent needs of a document, rows first; what is left out is counted."""
    all_rows = document.get("rows", ())
    notes = document.get("notes", [])
    shown_rows = all_rows
    shown_notes = notes
    if not with_sources:
        shown_rows = _of_last_year(all_rows, tool)
        shown_notes = [note for note in notes if note["code"] not in tool.details]
    rows = [_without_empty(row) for row in shown_rows]
    common = _common(rows)
    reply: Answer = {}
    if common:
        reply["common"] = common
    reply["rows"] = [
        {key: value for key, value in row.items() if key not in common} for row in rows
    ]
    if document.get("figures"):
        reply["figures"] = _rounded(document["figures"])
    if len(shown_rows) < len(all_rows):
        reply["more_rows"] = len(all_rows) - len(shown_rows)
    reply["notes"] = shown_notes
    if len(shown_notes) < len(notes):
        reply["more_notes"] = len(notes) - len(shown_notes)
    series = document.get("series", ())
    fields = _DESCRIBED if len(series) == 1 or with_sources else _NAMED
    reply["series"] = [
        _described(one, fields, with_sources=with_sources) for one in series[:MOST_SERIES]
    ]
    if len(series) > MOST_SERIES:
        reply["more_series"] = len(series) - MOST_SERIES
    if with_sources:
        provenance = dict(document.get("provenance", {}))
        provenance.pop("model", None)
        for reading in provenance.get("reading", ()):
            reading["lines"] = []
        reply["provenance"] = provenance
    return reply


def _of_last_year(rows: Sequence[Mapping[str, Any]], tool: Tool) -> Sequence[Mapping[str, Any]]:
    """Leave out rows of earlier years, but for those that a tool gives for every year."""
    if not tool.every_year or not rows:
        return rows
    last = max(row["period"] for row in rows)
    return [row for row in rows if row["period"] == last or row["item"] == tool.every_year]


def _described(
    series: Mapping[str, Any], fields: Sequence[str], *, with_sources: bool
) -> dict[str, Any]:
    """Describe a series; its values and their sources stay where they are."""
    described = {key: series[key] for key in fields if series.get(key)}
    if with_sources:
        described["sources"] = series.get("sources", [])
    return described


def _without_empty(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _rounded(value) for key, value in row.items() if value not in (None, "")}


def _rounded(value: Any) -> Any:
    """Round numbers to the digits that anyone reads."""
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list):
        return list(map(_rounded, value))
    return value


def _common(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Find the columns that are the same in all of several rows."""
    if len(rows) < 2:
        return {}
    first = rows[0]

    def is_common(key: str) -> bool:
        return key != "period" and all(row.get(key) == first[key] for row in rows)

    return {key: value for key, value in first.items() if is_common(key)}


def in_words(reply: Answer, *, failed: bool) -> str:
    """Say an answer in a line or two, for programs that show no structured content."""
    if failed:
        error = reply["error"]
        return encodable(f"{error['message']} {error.get('hint') or ''}".strip())
    if "script" in reply:
        return encodable(reply["script"])
    lines = []
    unit = reply.get("common", {}).get("unit", "")
    for row in reply["rows"][:_MOST_SAID]:
        if "value" not in row or "period" not in row:
            break
        label = " ".join(str(row[key]) for key in ("model", "item", "argument") if key in row)
        bounds = ""
        if "lower_80" in row:
            bounds = f" (80 %: {row['lower_80']:g} to {row['upper_80']:g})"
        lines.append(f"{label} {row['period']}: {row['value']:g} {unit}{bounds}".strip())
    if not lines:
        lines.append(f"{len(reply['rows'])} rows.")
    lines += [f"Warning: {note['text']}" for note in reply["notes"] if note.get("warning")]
    return encodable("\n".join(lines))


def sendable(reply: Answer) -> Answer:
    """Make an answer one that the protocol can send.

    A name whose bytes are no UTF-8 has half surrogate pairs, which it cannot.
    """
    answer: Answer = json.loads(encodable(json.dumps(reply, ensure_ascii=False)))
    return answer


def _as_tool(name: str, source: str, options: Mapping[str, object]) -> str:
    """Spell a command as the tool that carries it out."""
    by_command = {tool.command: tool_name for tool_name, tool in TOOLS.items()}
    name = by_command.get(name, name)
    arguments = [f"source={source!r}"] if source else []
    arguments += [_as_argument(argument, value) for argument, value in options.items()]
    return f"{name} with {', '.join(arguments)}" if arguments else name


def _as_argument(name: str, value: object = None) -> str:
    """Spell an argument of the Python API as one of a tool."""
    name = {"series_id": "series", "models": "model", "levels": "level"}.get(name, name)
    return name if value is None else f"{name}={value!r}"
