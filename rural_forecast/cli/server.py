"""The tools of the server for agents: each carries out a command, and gives its JSON document or its error.

Files are read within the folders that are allowed alone. Values of a file are not passed on: a document goes without
the rows that it rests on. Messages name labels and, where one is refused, a cell.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import wraps
from inspect import signature
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer
from pydantic import Field

from rural_forecast.cli import environment, tree, usage_errors
from rural_forecast.errors import RuralForecastError, spelling
from rural_forecast.render.error import as_json
from rural_forecast.series.source_names import is_file, is_toml, split
from rural_forecast.system import inputs
from rural_forecast.system.context import holding
from rural_forecast.system.extras import data_folder, need
from rural_forecast.version import __version__

INSTRUCTIONS = (
    "Forecasts of short yearly series. Use check before project on a file you have not seen. Quote the range with the "
    "number and the unit. Pass on every note that is a warning. A range does not cover a change of definition."
)
MOST_SERIES = 50
"""Series of a file that an answer describes."""
Source = Annotated[
    str, Field(description="Path of a file in an allowed folder, or an id of the catalogue such as mofcom.")
]
Label = Annotated[str | None, Field(description="Series of a file with several, by any unambiguous part of its label.")]
Conditions = Annotated[list[str] | None, Field(description="Keep the rows with these labels: COLUMN=VALUE.")]
Year = Annotated[int | None, Field(description="Last year to forecast; two years ahead if left out.")]


class Tools:
    """The five tools, with the folders that they may read."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = [*folders, data_folder(), *map(Path, environment.own_catalogues())]

    def check(self, source: Source, series: Label = None, where: Conditions = None) -> dict[str, Any]:
        """List all faults of a file or a series: what is refused, what is doubtful, and what to do about it."""
        return self._carried_out("series check", source, series=series, where=where)

    def project(
        self,
        source: Source,
        year: Year = None,
        series: Label = None,
        where: Conditions = None,
        target: Annotated[float | None, Field(description="Chance of being at or above this value.")] = None,
        until: Annotated[int | None, Field(description="Last year used; later values are held back.")] = None,
    ) -> dict[str, Any]:
        """Forecast a yearly series: rows with value and 80 and 95 % bounds, notes with what to be careful about."""
        return self._carried_out("project", source, year=year, series=series, where=where, target=target, until=until)

    def compare(
        self, source: Source, year: Year = None, series: Label = None, where: Conditions = None
    ) -> dict[str, Any]:
        """Compare all models on a series: forecast, range, weight in the consensus, error in a backtest."""
        return self._carried_out("compare", source, year=year, series=series, where=where)

    def size(
        self,
        model: Annotated[str, Field(description="Path of a TOML file in an allowed folder, or a model that ships.")],
        year: Annotated[int | None, Field(description="Last year sized; that of the file if left out.")] = None,
    ) -> dict[str, Any]:
        """Size a market from its drivers, by Monte Carlo, next to the forecast of its past."""
        return self._carried_out("size", model, year=year)

    def score(
        self,
        records: Annotated[list[str], Field(description="Paths of kept forecasts in an allowed folder.")],
        actuals: Annotated[
            str | None, Field(description="What came: a path or an id; the catalogue if left out.")
        ] = None,
    ) -> dict[str, Any]:
        """Score kept forecasts against what came: error, and whether the ranges held, by horizon and author."""
        return self._carried_out("score", *records, **{"with": actuals})

    def _carried_out(self, command: str, *sources: str, **options: Any) -> dict[str, Any]:
        """The document of a command. Raises RuralForecastError as the command does."""
        for source in (*sources, *filter(None, [options.get("with")])):
            if source == "-" or is_file(split(source)[0]) or is_toml(source):
                self._require_allowed(source)
        with TemporaryDirectory() as scratch, inputs.recorded(), inputs.only_within([*self.folders, scratch]):
            made = Path(scratch) / "result.json"
            line = [*command.split(), "-q", "-o", str(made), *_typed(options), "--", *sources]
            with holding(spelling, _as_argument):
                try:
                    tree.program().main(line, prog_name=tree.PROGRAM, standalone_mode=False, obj=tuple(line))
                except typer.TyperException as error:
                    raise usage_errors.of_typer(error, tree.PROGRAM) from None
            return _without_data(json.loads(made.read_bytes()))

    def _require_allowed(self, source: str) -> None:
        """Refuse a file before anything is known of it. Raises UsageError."""
        with inputs.only_within(self.folders):
            inputs.record(inputs.STANDARD_INPUT if source == "-" else split(source)[0])


def _typed(options: dict[str, Any]) -> list[str]:
    """Arguments as they are typed; those left out are not."""
    line: list[str] = []
    for name, value in options.items():
        for one in value if isinstance(value, list) else [value]:
            line += [] if one is None else [f"--{name}={one}"]
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
    tools = Tools(folders)
    for tool in (tools.check, tools.project, tools.compare, tools.size, tools.score):
        server.add_tool(_answering(tool, CallToolResult, TextContent), name=tool.__name__, description=tool.__doc__)
    server.run("stdio")


def _answering(tool: Any, result: Any, text: Any) -> Any:
    """A tool whose errors are an answer too, as an object with code, message and hint."""

    @wraps(tool)
    def answer(**arguments: Any) -> Any:
        try:
            content, failed = tool(**arguments), False
        except RuralForecastError as error:
            content, failed = {"error": json.loads(as_json(error)) | {"value": None}}, True
        return result(
            content=[text(type="text", text=json.dumps(content, ensure_ascii=False))],
            structured_content=content,
            is_error=failed,
        )

    taken = signature(tool, eval_str=True).replace(return_annotation=result)
    kinds = {name: one.annotation for name, one in taken.parameters.items()}
    vars(answer).update(__signature__=taken, __annotations__={**kinds, "return": result})
    return answer
