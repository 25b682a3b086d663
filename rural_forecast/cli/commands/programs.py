"""The program for programs: `spec`, `guide` and `mcp`."""

from __future__ import annotations

from pathlib import Path

from rural_forecast.cli import options as opt
from rural_forecast.cli.command import command
from rural_forecast.cli.running import Run
from rural_forecast.errors import UsageError


@command(
    opt.SHOWING,
    formats=("json",),
    examples=("rural-forecast spec", "rural-forecast spec project", "rural-forecast spec series -o series.json"),
)
def spec(command: list[str] | None = opt.COMMAND, *, ask: opt.Options) -> None:
    """Write the commands as JSON: options, what excludes what, rows, codes."""
    from rural_forecast.cli import tree
    from rural_forecast.cli.surface import for_programs
    from rural_forecast.render.formats.json import SCHEMA_VERSION, encode

    name = " ".join(command or ())
    chosen = [path for path, _ in tree.commands() if f"{path} ".startswith(f"{name} " if name else "")]
    if not chosen:
        raise tree.unknown(name, [*dict(tree.commands())])
    about = {"schema_version": SCHEMA_VERSION, "command": "spec"}
    Run(ask).write(encode({**about, **for_programs(chosen)}, indent=2) + "\n")


@command(
    opt.SHOWING,
    formats=("markdown",),
    examples=("rural-forecast guide", "rural-forecast guide -o SKILL.md", "rural-forecast guide | head -20"),
)
def guide(*, ask: opt.Options) -> None:
    """Print a skill for agents: which command, which series, what not to claim."""
    Run(ask).write(Path(__file__).parents[1].joinpath("guide.md").read_text(encoding="utf-8"))


@command(examples=("rural-forecast mcp", "rural-forecast mcp .", "rural-forecast mcp . ~"))
def mcp(folder: list[str] | None = opt.FOLDER) -> None:
    """Serve tools to agents by the Model Context Protocol, on standard input and output."""
    from rural_forecast.cli.server import serve

    folders = [Path(name).expanduser() for name in folder or ()]
    for each in folders:
        if not each.is_dir():
            raise UsageError(f"{each} is no folder.", "Name folders whose files may be read.")
    serve(folders)
