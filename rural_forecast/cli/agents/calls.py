"""A call of a tool: its command is carried out, and its document becomes an answer.

Files are read within the folders that are allowed alone. Values of a file are not passed on:
messages name labels and, where one is refused, a cell.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rural_forecast.cli import tree
from rural_forecast.cli.agents.answers import Answer, answer_of
from rural_forecast.cli.agents.arguments import (
    as_typed,
    check,
    check_sources,
    written,
)
from rural_forecast.cli.agents.schemas import parameters_of
from rural_forecast.cli.agents.tools import TOOLS, Tool
from rural_forecast.cli.agents.words import as_argument, as_tool
from rural_forecast.errors import RuralForecastError, Spelling, spelling
from rural_forecast.render.error import as_json
from rural_forecast.system import inputs
from rural_forecast.system.addresses import Access, ruled
from rural_forecast.system.process import holding


def answer(
    name: str, folders: Sequence[Path], given: Mapping[str, Any], access: Access = "none"
) -> tuple[Answer, bool]:
    """Carry out a tool; return its answer, or its error, and true if it failed."""
    tool = TOOLS[name]
    try:
        check(name, tool, given)
        if given.get("as_python"):
            return {"script": carried_out(tool, folders, given, access).decode()}, False
        document = json.loads(carried_out(tool, folders, given, access))
        return answer_of(document, tool, with_sources=bool(given.get("sources"))), False
    except RuralForecastError as error:
        return {"error": json.loads(as_json(error)) | {"value": None}}, True


def carried_out(
    tool: Tool, folders: Sequence[Path], given: Mapping[str, Any], access: Access = "none"
) -> bytes:
    """Give the document of a command, or its script.

    Raises RuralForecastError as the command does.
    """
    with TemporaryDirectory() as scratch:
        typed: list[str] = []
        about: list[str] = []
        for argument, parameter in parameters_of(tool).items():
            stated = given.get(argument)
            if stated is None:
                continue
            values = stated if isinstance(stated, list) else [as_typed(stated)]
            if parameter.is_argument:
                about += map(str, values)
            elif parameter.is_flag:
                typed += [parameter.label] if stated else []
            else:
                typed += [f"{parameter.label}={value}" for value in values]
        if given.get("values") is not None:
            about = [str(written(given, Path(scratch)))]
        else:
            named = [*about, *filter(None, [given.get("actuals")])]
            with ruled(access=access):
                check_sources(tool, named, folders)
        with (
            ruled(access=access),
            inputs.recorded([*folders, scratch]),
            holding(spelling, Spelling(as_argument, as_tool)),
        ):
            result = Path(scratch) / "result.json"
            if given.get("as_python"):
                result = Path(scratch) / "script.py"
                typed.append("--as-python")
            tree.run([*tool.command.split(), "-q", "-o", str(result), *typed, "--", *about])
            return result.read_bytes()
