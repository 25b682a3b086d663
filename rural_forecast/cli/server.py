"""The tools of the server for agents: each carries out a command, and gives its JSON document or
its error.

Files are read within the folders that are allowed alone. Values of a file are not passed on: a
document goes without the rows that it rests on. Messages name labels and, where one is refused, a
cell.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from inspect import Parameter, Signature
from pathlib import Path
from tempfile import TemporaryDirectory
from types import GenericAlias
from typing import Annotated, Any

from pydantic import Field

from rural_forecast.cli import options, tree
from rural_forecast.cli.declare import Option
from rural_forecast.errors import RuralForecastError, spelling
from rural_forecast.question.source import Source
from rural_forecast.render.error import as_json
from rural_forecast.system import inputs
from rural_forecast.system.extras import data_folder, need
from rural_forecast.system.process import holding
from rural_forecast.version import __version__

INSTRUCTIONS = (
    "Forecasts of short yearly series. Use check before project on a file you have not seen. Quote the range with the "
    "number and the unit. Pass on every note that is a warning. A range does not cover a change of definition."
)
MOST_SERIES = 50
TOOLS = {
    "check": "List all faults of a file or a series: what is refused, what is doubtful, and what to do about it.",
    "project": "Forecast a yearly series: rows with value and 80 and 95 % bounds, notes with what to be careful about.",
    "compare": "Compare all models on a series: forecast, range, weight in the consensus, error in a backtest.",
    "size": "Size a market from its drivers, by Monte Carlo, next to the forecast of its past.",
    "score": "Score kept forecasts against what came: error, and whether the ranges held, by horizon and author.",
}
_COMMANDS = {"check": "series check"}
_TAKES = {
    "check": "source series where",
    "project": "source year series where target until",
    "compare": "source year series where",
    "size": "model year",
    "score": "records actuals",
}
"""The arguments of each, the first what it is about."""
_MEANINGS = {
    "source": "Path of a file in an allowed folder, or an id of the catalogue such as mofcom.",
    "model": "Path of a TOML file in an allowed folder, or a model that ships.",
    "records": "Paths of kept forecasts in an allowed folder.",
}
"""Arguments that take less from an agent than their options do from a person."""


def _options(tool: str) -> dict[str, Option]:
    """The options of the command by argument of a tool."""
    declared = tree.load(_COMMANDS.get(tool, tool)).options
    elsewhere = {"model": "sizing", "actuals": "against"}
    found = {name: declared[elsewhere.get(name, name)] for name in _TAKES[tool].split()}
    return {
        name: replace(one, meaning=_MEANINGS.get(name, one.meaning)) for name, one in found.items()
    }


def carried_out(tool: str, folders: Sequence[Path], **given: Any) -> dict[str, Any]:
    """The document of a command. Raises RuralForecastError as the command does."""
    typed = list[str]()
    about = list[str]()
    for name, option in _options(tool).items():
        stated = given.get(name)
        values = [] if stated is None else stated if isinstance(stated, list) else [stated]
        if option.is_argument:
            about = values
        else:
            typed += [f"{option.names[0]}={each}" for each in values]
    for source in map(Source.parse, (*about, *filter(None, [given.get("actuals")]))):
        if source.path or source.is_toml:
            with inputs.recorded(folders):  # before anything is known of it
                path = source.path or source.name
                inputs.record(inputs.STANDARD_INPUT if source.is_standard_input else path)
    with (
        TemporaryDirectory() as scratch,
        inputs.recorded([*folders, scratch]),
        holding(spelling, _as_argument),
    ):
        made = Path(scratch) / "result.json"
        tree.run([*_COMMANDS.get(tool, tool).split(), "-q", "-o", str(made), *typed, "--", *about])
        document: dict[str, Any] = json.loads(made.read_bytes())
    # Without the rows that it rests on, texts of files, and most of a thousand series:
    document.pop("inputs", None)
    if more := document["series"][MOST_SERIES:]:
        document |= {"series": document["series"][:MOST_SERIES], "more_series": len(more)}
    provenance = document.get("provenance", {})
    provenance.pop("model", None)
    for reading in provenance.get("reading", ()):
        reading["lines"] = []
    return document


def _as_argument(name: str, value: object = None) -> str:
    name = {"series_id": "series", "models": "model"}.get(name, name)
    return name if value is None else f"{name}={value!r}"


def serve(folders: Sequence[Path]) -> None:
    """Serve the tools until standard input ends. Raises UsageError if the extra is missing."""
    need("mcp", "mcp", "The server")
    from mcp.server import MCPServer
    from mcp.types import CallToolResult, TextContent

    server = MCPServer(
        "rural-forecast", instructions=INSTRUCTIONS, version=__version__, log_level="ERROR"
    )
    readable = [*folders, data_folder(), *map(Path, options.own_catalogues())]
    for name, does in TOOLS.items():

        def answer(tool: str = name, **given: Any) -> Any:
            """Give errors too as an answer, an object with code, message and hint."""
            try:
                content = carried_out(tool, readable, **given)
                failed = False
            except RuralForecastError as error:
                content = {"error": json.loads(as_json(error)) | {"value": None}}
                failed = True
            text = TextContent(type="text", text=json.dumps(content, ensure_ascii=False))
            return CallToolResult(content=[text], structured_content=content, is_error=failed)

        taken = []
        for argument, option in _options(name).items():
            kind: Any = (
                option.kind | GenericAlias(list, option.kind) if option.several else option.kind
            )
            hint: Any = Annotated[
                kind if option.is_argument else kind | None, Field(description=option.meaning)
            ]
            default = Parameter.empty if option.is_argument else None
            taken.append(
                Parameter(argument, Parameter.KEYWORD_ONLY, annotation=hint, default=default)
            )
        hints = {one.name: one.annotation for one in taken} | {"return": CallToolResult}
        signed = Signature(taken, return_annotation=CallToolResult)
        answer.__name__ = name
        vars(answer).update(__signature__=signed, __annotations__=hints)
        server.add_tool(answer, name=name, description=does)
    server.run("stdio")
