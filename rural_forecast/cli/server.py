"""The tools of the server for agents: each carries out a command, and gives its JSON document or
its error.

Files are read within the folders that are allowed alone. Values of a file are not passed on: a
document goes without the rows that it rests on. Messages name labels and, where one is refused, a
cell.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from inspect import Parameter as Argument
from inspect import Signature
from io import BufferedIOBase, TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from types import GenericAlias
from typing import Annotated, Any, BinaryIO, TextIO

from pydantic import Field

from rural_forecast.cli import options, tree
from rural_forecast.cli.parameters import CommandParameter
from rural_forecast.errors import RuralForecastError, Spelling, spelling
from rural_forecast.question.source import Source
from rural_forecast.render.error import as_json
from rural_forecast.system import inputs
from rural_forecast.system.addresses import Access, require_allowed, ruled
from rural_forecast.system.extras import data_folder, need
from rural_forecast.system.process import holding
from rural_forecast.text.cells import encodable
from rural_forecast.version import __version__

INSTRUCTIONS = (
    "Forecasts of short yearly series. Use check before project on a file you have not seen. "
    "Quote the range with the number and the unit. Pass on every note that is a warning. "
    "A range does not cover a change of definition."
)
MOST_SERIES = 50
"""The series of which a document gives the description; of others it gives the number."""


@dataclass(frozen=True)
class Tool:
    """A tool: the command behind it, and the arguments that it takes, by the parameter of each."""

    does: str
    command: str
    arguments: dict[str, str]
    """The first is what the tool is about."""


TOOLS = {
    "check": Tool(
        "List all faults of a file or a series: what is refused, what is doubtful, and what to do "
        "about it.",
        "series check",
        {"source": "source", "series": "series", "where": "where"},
    ),
    "project": Tool(
        "Forecast a yearly series: rows with value and 80 and 95 % bounds, notes with what to be "
        "careful about.",
        "project",
        {
            "source": "source",
            "year": "year",
            "series": "series",
            "where": "where",
            "target": "target",
            "until": "until",
        },
    ),
    "compare": Tool(
        "Compare all models on a series: forecast, range, weight in the consensus, error in a "
        "backtest.",
        "compare",
        {"source": "source", "year": "year", "series": "series", "where": "where"},
    ),
    "size": Tool(
        "Size a market from its drivers, by Monte Carlo, next to the forecast of its past.",
        "size",
        {"model": "sizing", "year": "year"},
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


def _parameters(tool: Tool) -> dict[str, CommandParameter]:
    """The parameters of the command by argument of a tool."""
    declared = tree.load(tool.command).parameters
    parameters = {}
    for argument, name in tool.arguments.items():
        meaning = _MEANINGS.get(argument, declared[name].meaning)
        parameters[argument] = replace(declared[name], meaning=meaning)
    return parameters


def carried_out(
    name: str, folders: Sequence[Path], access: Access = "none", **given: Any
) -> dict[str, Any]:
    """The document of a command. Raises RuralForecastError as the command does."""
    tool = TOOLS[name]
    typed: list[str] = []
    about: list[str] = []
    for argument, parameter in _parameters(tool).items():
        stated = given.get(argument)
        if stated is None:
            continue
        values = stated if isinstance(stated, list) else [stated]
        if parameter.is_argument:
            about = values
        else:
            typed += [f"{parameter.label}={value}" for value in values]
    with ruled(access=access):
        _check_sources([*about, *filter(None, [given.get("actuals")])], folders)
    with (
        TemporaryDirectory() as scratch,
        ruled(access=access),
        inputs.recorded([*folders, scratch]),
        holding(spelling, Spelling(_as_argument, _as_tool)),
    ):
        written = Path(scratch) / "result.json"
        tree.run([*tool.command.split(), "-q", "-o", str(written), *typed, "--", *about])
        document: dict[str, Any] = json.loads(written.read_bytes())
    return _shortened(document)


def _check_sources(names: Sequence[str], folders: Sequence[Path]) -> None:
    """Refuse files outside the folders, before anything about them becomes known."""
    for source in map(Source.parse, names):
        if not source.path and not source.is_toml:
            continue
        if source.is_address:
            require_allowed(source.path)
            continue
        path = source.path or source.name
        with inputs.recorded(folders):
            inputs.record(inputs.STANDARD_INPUT if source.is_standard_input else path)


def _shortened(document: dict[str, Any]) -> dict[str, Any]:
    """A document without the rows that it rests on, texts of files, and most of many series."""
    document.pop("inputs", None)
    others = document["series"][MOST_SERIES:]
    if others:
        document["series"] = document["series"][:MOST_SERIES]
        document["more_series"] = len(others)
    provenance = document.get("provenance", {})
    provenance.pop("model", None)
    for reading in provenance.get("reading", ()):
        reading["lines"] = []
    return document


def _as_tool(name: str, source: str = "") -> str:
    return f"{name} with source={source!r}" if source else name


def _as_argument(name: str, value: object = None) -> str:
    """Spell an argument of the Python API as one of a tool."""
    name = {"series_id": "series", "models": "model"}.get(name, name)
    return name if value is None else f"{name}={value!r}"


def _signature(tool: Tool, result: type) -> Signature:
    """The signature of a tool, from which the server makes its schema."""
    arguments = []
    for name, parameter in _parameters(tool).items():
        # A source is a text here: the command parses it.
        kind: Any = str if parameter.parser else parameter.kind
        if parameter.several:
            kind = kind | GenericAlias(list, kind)
        if not parameter.is_argument:
            kind = kind | None
        hint: Any = Annotated[kind, Field(description=parameter.meaning)]
        default = Argument.empty if parameter.is_argument else None
        arguments.append(Argument(name, Argument.KEYWORD_ONLY, annotation=hint, default=default))
    return Signature(arguments, return_annotation=result)


_ESCAPE = re.compile(
    # A whole pair
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    # Half a pair
    rb"|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
    # Any other escape, so that the second of two backslashes begins none
    rb"|\\."
)


class _Messages(BufferedIOBase):
    """The messages of an agent, a line each, with a sign for what is half a surrogate pair.

    JSON may hold such halves; the parser of the protocol drops a message with one, and the agent
    would wait for its answer.
    """

    def __init__(self, wire: BinaryIO) -> None:
        self._wire = wire

    def readable(self) -> bool:
        return True

    def read1(self, size: int = -1) -> bytes:  # noqa: ARG002 - a message is read whole
        line = self._wire.readline()
        return _ESCAPE.sub(lambda match: rb"\ufffd" if match[1] else match[0], line)


@contextmanager
def _agent_input() -> Iterator[None]:
    """Read the messages of the agent within the block; other readers find none."""
    stdin = sys.stdin
    with ExitStack() as ending:
        sys.stdin = TextIOWrapper(_Messages(_wire(stdin, ending)))
        try:
            yield
        finally:
            sys.stdin = stdin


def _wire(stream: TextIO, ending: ExitStack) -> BinaryIO:
    """The bytes of a stream, its file set aside until `ending`."""
    try:
        number = stream.fileno()
    except (OSError, ValueError):  # a stream in memory
        return stream.buffer
    wire = ending.enter_context(os.fdopen(os.dup(number), "rb"))
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), number)
    ending.callback(os.dup2, wire.fileno(), number)
    return wire


def serve(folders: Sequence[Path], *, allow_web: bool = False) -> None:
    """Serve the tools until standard input ends. Raises UsageError if the extra is missing.

    `allow_web`: read public addresses too, and never those of this machine and its network.
    """
    need("mcp", "mcp", "The server")
    from mcp.server import MCPServer
    from mcp.types import CallToolResult, TextContent

    server = MCPServer(
        "rural-forecast", instructions=INSTRUCTIONS, version=__version__, log_level="ERROR"
    )
    access: Access = "public" if allow_web else "none"
    readable = [*folders, data_folder(), *map(Path, options.own_catalogues())]

    def answer(name: str, given: dict[str, Any]) -> CallToolResult:
        """Give errors too as an answer, an object with code, message and hint."""
        try:
            content = carried_out(name, readable, access, **given)
            failed = False
        except RuralForecastError as error:
            content = {"error": json.loads(as_json(error)) | {"value": None}}
            failed = True
        # A name whose bytes are no UTF-8 has half surrogate pairs, which the protocol cannot send.
        text = encodable(json.dumps(content, ensure_ascii=False))
        return CallToolResult(
            content=[TextContent(type="text", text=text)],
            structured_content=json.loads(text),
            is_error=failed,
        )

    for name, tool in TOOLS.items():

        def call(tool_name: str = name, **given: Any) -> CallToolResult:
            return answer(tool_name, given)

        signature = _signature(tool, CallToolResult)
        hints = {one.name: one.annotation for one in signature.parameters.values()}
        call.__name__ = name
        vars(call).update(
            __signature__=signature, __annotations__={**hints, "return": CallToolResult}
        )
        server.add_tool(call, name=name, description=tool.does)
    with _agent_input():
        server.run("stdio")
