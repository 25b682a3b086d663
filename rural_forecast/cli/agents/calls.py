"""A call of a tool: its command is carried out, and its document becomes an answer.

Files are read within the folders that are allowed alone. Values of a file are not passed on:
messages name labels and, where one is refused, a cell.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rural_forecast.cli import script, tree
from rural_forecast.cli.agents.answers import Answer, answer_of
from rural_forecast.cli.agents.arguments import (
    call_of,
    check,
    check_sources,
    command_line,
    written,
)
from rural_forecast.cli.agents.tools import TOOLS, Tool
from rural_forecast.cli.agents.words import as_argument, as_asked, as_tool
from rural_forecast.cli.running import kept_files
from rural_forecast.errors import RuralForecastError, Spelling, UsageError, spelling
from rural_forecast.render.error import as_json
from rural_forecast.system import inputs
from rural_forecast.system.addresses import Access, ruled
from rural_forecast.system.process import holding


@dataclass(frozen=True)
class Surroundings:
    """The folders and addresses that a server may read, and its folder of records."""

    folders: Sequence[Path] = ()
    access: Access = "none"
    keep: Path | None = None
    """the folder of records; None if nothing is kept."""

    @property
    def readable(self) -> list[Path]:
        """The folders whose files may be read, with that of records."""
        return [*self.folders] if self.keep is None else [*self.folders, self.keep]


def answer(name: str, around: Surroundings, given: Mapping[str, Any]) -> tuple[Answer, bool]:
    """Carry out a tool; return its answer, or its error, and true if it failed."""
    tool = TOOLS[name]
    kept: list[Path] = []
    try:
        check(name, tool, given, keeps=around.keep is not None)
        with holding(kept_files, kept):
            result = carried_out(tool, around, given)
        if given.get("as_python"):
            reply: Answer = {"script": result.decode()}
        else:
            with_sources = bool(given.get("sources"))
            reply = answer_of(json.loads(result), tool, with_sources=with_sources)
    except RuralForecastError as error:
        return {"error": _refusal(error, tool)}, True
    if kept:
        reply["kept"] = str(kept[-1])
    return reply, False


def _refusal(error: RuralForecastError, tool: Tool) -> dict[str, Any]:
    """Describe an error, but for the value that is refused, which may be one of a file."""
    described: dict[str, Any] = json.loads(as_json(error)) | {"value": None}
    for part in ("message", "hint"):
        described[part] = as_asked(described[part] or "", tool)
    return described


def _kept_records(around: Surroundings) -> str:
    """Name the folder of records. Raises UsageError if it has none."""
    if around.keep is None or not any(around.keep.glob("*.json")):
        raise UsageError("No record is kept yet.", "Keep a forecast with project and keep=true.")
    return str(around.keep)


def carried_out(tool: Tool, around: Surroundings, given: Mapping[str, Any]) -> bytes:
    """Give the document of a command, or its script.

    Raises RuralForecastError as the command does.
    """
    with TemporaryDirectory() as scratch:
        stated = {name: value for name, value in given.items() if value is not None}
        if "records" in tool.arguments and "records" not in stated:
            stated["records"] = _kept_records(around)
        calls = dict[str, str]()
        if "values" in stated:
            file = str(written(stated, Path(scratch)))
            stated[tool.values_for] = file
            calls[file] = call_of(stated, Path(file).stem)
        typed, about = command_line(tool, stated)
        with ruled(access=around.access):
            named = [*about, *filter(None, [stated.get("actuals")])]
            check_sources(tool, named, [*around.readable, Path(scratch)])
        with (
            ruled(access=around.access),
            inputs.recorded([*around.readable, scratch]),
            holding(spelling, Spelling(as_argument, as_tool)),
            holding(script.calls_by_file, calls),
        ):
            result = Path(scratch) / "result.json"
            if stated.get("as_python"):
                result = Path(scratch) / "script.py"
                typed.append("--as-python")
            elif stated.get("keep"):
                typed.append(f"--keep={around.keep}")
            tree.run([*tool.command.split(), "-q", "-o", str(result), *typed, "--", *about])
            return result.read_bytes()
