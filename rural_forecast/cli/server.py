"""The server for agents: the tools of `agents` by the Model Context Protocol, on standard input."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from io import BufferedIOBase, TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from rural_forecast.cli import environment
from rural_forecast.cli.agents.calls import Surroundings, answer
from rural_forecast.cli.agents.schemas import answer_schema_of, schema_of
from rural_forecast.cli.agents.tools import TOOLS
from rural_forecast.cli.agents.words import in_words, sendable
from rural_forecast.system.extras import data_folder, need
from rural_forecast.version import __version__

INSTRUCTIONS = (
    "Forecasts of short yearly series. Use check before project on a file you have not seen. "
    "Quote the range with the number and the unit. Pass on every note that is a warning. "
    "A range does not cover a change of definition. "
    "values, by year, stand in place of a file; their title says their kind. "
    "sources=true adds publishers and how the answer was made, keep=true keeps it for score and "
    "revise, as_python=true gives a script in its place. "
    "The resource answers://TOOL is the schema of an answer."
)
_ANSWERS = "answers://"
"""The addresses of the schemas of answers, by tool; the list of tools has none, to be short."""

_SCHEMA_TYPE = "application/schema+json"

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
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), number)
    ending.callback(os.dup2, wire.fileno(), number)
    return wire


def serve(folders: Sequence[Path], *, allow_web: bool = False, keep: Path | None = None) -> None:
    """Serve the tools until standard input ends. Raises UsageError if the extra is missing.

    `allow_web`: read public addresses too, and never those of this machine and its network;
    `keep`: the folder of records that tools keep where they are asked to.
    """
    need("mcp", "mcp", "The server")
    import asyncio

    from mcp import MCPError
    from mcp.server import Server
    from mcp.server.stdio import stdio_server
    from mcp.types import (
        INVALID_PARAMS,
        CallToolRequestParams,
        CallToolResult,
        ListResourcesResult,
        ListToolsResult,
        ReadResourceRequestParams,
        ReadResourceResult,
        Resource,
        TextContent,
        TextResourceContents,
        Tool,
    )

    around = Surroundings(
        folders=[*folders, data_folder(), *map(Path, environment.own_catalogues())],
        access="public" if allow_web else "none",
        keep=keep,
    )
    # One after the other: commands share standard error and what they hold while they run.
    one_at_a_time = asyncio.Lock()

    async def list_tools(_: Any, __: Any) -> ListToolsResult:
        listed = []
        for name, tool in TOOLS.items():
            listed.append(
                Tool(
                    name=name,
                    description=tool.does,
                    input_schema=schema_of(tool, keeps=keep is not None),
                )
            )
        return ListToolsResult(tools=listed)

    async def list_resources(_: Any, __: Any) -> ListResourcesResult:
        listed = []
        for name in TOOLS:
            title = f"Schema of the answer of {name}"
            listed.append(Resource(uri=f"{_ANSWERS}{name}", name=title, mime_type=_SCHEMA_TYPE))
        return ListResourcesResult(resources=listed)

    async def read_resource(_: Any, asked: ReadResourceRequestParams) -> ReadResourceResult:
        address = str(asked.uri)
        name = address.removeprefix(_ANSWERS)
        if not address.startswith(_ANSWERS) or name not in TOOLS:
            names = ", ".join(f"{_ANSWERS}{tool}" for tool in TOOLS)
            raise MCPError(
                INVALID_PARAMS, f"There is no resource {address!r}. The server has {names}."
            )
        text = json.dumps(answer_schema_of(TOOLS[name]), ensure_ascii=False)
        content = TextResourceContents(uri=asked.uri, mime_type=_SCHEMA_TYPE, text=text)
        return ReadResourceResult(contents=[content])

    async def call_tool(_: Any, called: CallToolRequestParams) -> CallToolResult:
        """Give errors too as an answer, an object with code, message and hint."""
        if called.name not in TOOLS:
            message = f"There is no tool {called.name!r}: {', '.join(TOOLS)}."
            return CallToolResult(content=[TextContent(type="text", text=message)], is_error=True)
        answering = partial(answer, called.name, around, called.arguments or {})
        async with one_at_a_time:
            given, failed = await asyncio.to_thread(answering)
        return CallToolResult(
            content=[TextContent(type="text", text=in_words(given, failed=failed))],
            structured_content=sendable(given),
            is_error=failed,
        )

    server: Any = Server(
        "rural-forecast",
        version=__version__,
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_read_resource=read_resource,
    )

    async def run() -> None:
        async with stdio_server() as (read, write):
            await server.run(read, write, server.create_initialization_options())

    with _agent_input():
        asyncio.run(run())
