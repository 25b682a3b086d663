"""`spec`: the commands as data, for programs."""

from __future__ import annotations

from typing import Any

from rural_forecast.cli import options as opt
from rural_forecast.cli import running
from rural_forecast.cli.declare import argument
from rural_forecast.cli.usage_errors import no_command

EXAMPLES = (
    "rural-forecast spec",
    "rural-forecast spec project",
    "rural-forecast spec series -o series.json",
)
FORMATS = ("json",)


def spec(
    command: list[str] | None = argument("COMMAND", "A command, such as project or series read.", left_out="all"),
    *,
    showing: opt.Showing,
) -> None:
    """Write the commands as JSON: options, what excludes what, rows, codes."""
    import typer

    from rural_forecast.cli import tree
    from rural_forecast.cli.surface import surface
    from rural_forecast.render.formats.json import SCHEMA_VERSION, encode
    from rural_forecast.render.schemas import schema

    run = running.start(showing, only=FORMATS)
    whole = surface()
    name = " ".join(command or ())
    if name:
        chosen = [one for one in whole["commands"] if f"{one['name']} ".startswith(f"{name} ")]
        if not chosen:
            raise no_command(typer.Context(tree.program(), info_name=tree.PROGRAM), name, [*dict(tree.commands())])
        whole["commands"] = chosen
    for one in whole["commands"]:
        one["options"] = [_told(option) for option in one["options"] if "--help" not in option["names"]]
        one["arguments"] = [_told(argument) for argument in one["arguments"]]
    rows = {rows["schema"]: schema(rows["schema"]) for one in whole["commands"] for rows in one["rows"]}
    about = {"schema_version": SCHEMA_VERSION, "command": "spec"}
    run.write(encode({**about, **whole, "row_schemas": rows, "error_schema": schema("error")}, indent=2) + "\n")


def _told(parameter: dict[str, Any]) -> dict[str, Any]:
    """Describe a parameter, without fields that do not apply to it."""
    return {name: value for name, value in parameter.items() if value not in (None, [], False, "")}
