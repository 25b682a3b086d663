"""The tools of the server for agents: each carries out a command, and gives its JSON document or its error.

Files are read within the folders that are allowed alone. Values of a file are not passed on: a document goes without
the rows that it rests on. Messages name labels and, where one is refused, a cell.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from inspect import Parameter, Signature
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from pydantic import Field

from rural_forecast.cli import options, tree
from rural_forecast.errors import RuralForecastError, spelling
from rural_forecast.render.error import as_json
from rural_forecast.series.source_names import is_file, is_toml, split
from rural_forecast.system import inputs
from rural_forecast.system.extras import data_folder, need
from rural_forecast.system.process import holding
from rural_forecast.version import __version__

INSTRUCTIONS = (
    "Forecasts of short yearly series. Use check before project on a file you have not seen. Quote the range with the "
    "number and the unit. Pass on every note that is a warning. A range does not cover a change of definition."
)
MOST_SERIES = 50
_SOURCE = "Path of a file in an allowed folder, or an id of the catalogue such as mofcom."
_SERIES = "Series of a file with several, by any unambiguous part of its label."
_WHERE = "Keep the rows with these labels: COLUMN=VALUE."
_YEAR = "Last year to forecast; two years ahead if left out."
_OF_FILE: dict[str, tuple[Any, str]] = {"series": (str | None, _SERIES), "where": (list[str] | None, _WHERE)}
TOOLS: dict[str, tuple[str, str, dict[str, tuple[Any, str]]]] = {
    "check": (
        "series check",
        "List all faults of a file or a series: what is refused, what is doubtful, and what to do about it.",
        {"source": (str, _SOURCE), **_OF_FILE},
    ),
    "project": (
        "project",
        "Forecast a yearly series: rows with value and 80 and 95 % bounds, notes with what to be careful about.",
        {
            "source": (str, _SOURCE),
            "year": (int | None, _YEAR),
            **_OF_FILE,
            "target": (float | None, "Chance of being at or above this value."),
            "until": (int | None, "Last year used; later values are held back."),
        },
    ),
    "compare": (
        "compare",
        "Compare all models on a series: forecast, range, weight in the consensus, error in a backtest.",
        {"source": (str, _SOURCE), "year": (int | None, _YEAR), **_OF_FILE},
    ),
    "size": (
        "size",
        "Size a market from its drivers, by Monte Carlo, next to the forecast of its past.",
        {
            "model": (str, "Path of a TOML file in an allowed folder, or a model that ships."),
            "year": (int | None, "Last year sized; that of the file if left out."),
        },
    ),
    "score": (
        "score",
        "Score kept forecasts against what came: error, and whether the ranges held, by horizon and author.",
        {
            "records": (list[str], "Paths of kept forecasts in an allowed folder."),
            "actuals": (str | None, "What came: a path or an id; the catalogue if left out."),
        },
    ),
}
"""Each with its command, what it does, and its arguments: the first is the source, the others are options."""
_OPTIONS = {"actuals": "with"}


def carried_out(tool: str, folders: Sequence[Path], **given: Any) -> dict[str, Any]:
    """The document of a command. Raises RuralForecastError as the command does."""
    command, _, (main, *_) = TOOLS[tool]
    first = given.pop(main)
    sources = first if isinstance(first, list) else [first]
    for source in (*sources, *filter(None, [given.get("actuals")])):
        if source == "-" or is_file(split(source)[0]) or is_toml(source):
            with inputs.only_within(folders):  # before anything is known of it
                inputs.record(inputs.STANDARD_INPUT if source == "-" else split(source)[0])
    with TemporaryDirectory() as scratch, inputs.recorded(), inputs.only_within([*folders, scratch]):
        made = Path(scratch) / "result.json"
        line = [*command.split(), "-q", "-o", str(made), *_typed(given), "--", *sources]
        with holding(spelling, _as_argument):
            tree.run(line)
        return _without_data(json.loads(made.read_bytes()))


def _typed(options: dict[str, Any]) -> list[str]:
    line: list[str] = []
    for name, value in options.items():
        for one in value if isinstance(value, list) else [value]:
            line += [] if one is None else [f"--{_OPTIONS.get(name, name)}={one}"]
    return line


def _as_argument(name: str, value: object = None) -> str:
    name = {"series_id": "series", "models": "model"}.get(name, name)
    return name if value is None else f"{name}={value!r}"


def _without_data(document: dict[str, Any]) -> dict[str, Any]:
    """A document without the rows that it rests on, texts of files, and most of a thousand series."""
    document.pop("inputs", None)
    if more := document["series"][MOST_SERIES:]:
        document["series"] = document["series"][:MOST_SERIES]
        document["more_series"] = len(more)
    provenance = document.get("provenance", {})
    provenance.pop("model", None)
    for reading in provenance.get("reading", ()):
        reading["lines"] = []
    return document


def serve(folders: Sequence[Path]) -> None:
    """Serve the tools until standard input ends. Raises UsageError if the extra is missing."""
    need("mcp", "mcp", "The server")
    from mcp.server import MCPServer
    from mcp.types import CallToolResult, TextContent

    server = MCPServer("rural-forecast", instructions=INSTRUCTIONS, version=__version__, log_level="ERROR")
    readable = [*folders, data_folder(), *map(Path, options.own_catalogues())]
    for name, (_, does, arguments) in TOOLS.items():

        def answer(tool: str = name, **given: Any) -> Any:
            """Give errors too as an answer, an object with code, message and hint."""
            try:
                content, failed = carried_out(tool, readable, **given), False
            except RuralForecastError as error:
                content, failed = {"error": json.loads(as_json(error)) | {"value": None}}, True
            text = TextContent(type="text", text=json.dumps(content, ensure_ascii=False))
            return CallToolResult(content=[text], structured_content=content, is_error=failed)

        kinds = {each: Annotated[kind, Field(description=meaning)] for each, (kind, meaning) in arguments.items()}
        taken = [
            Parameter(each, Parameter.KEYWORD_ONLY, annotation=kind, default=Parameter.empty if place == 0 else None)
            for place, (each, kind) in enumerate(kinds.items())
        ]
        signed = Signature(taken, return_annotation=CallToolResult)
        answer.__name__ = name
        vars(answer).update(__signature__=signed, __annotations__={**kinds, "return": CallToolResult})
        server.add_tool(answer, name=name, description=does)
    server.run("stdio")
