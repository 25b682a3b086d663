"""`mcp`: a server of tools for agents, on standard input and output."""

from __future__ import annotations

from pathlib import Path

from rural_forecast.cli.declare import argument
from rural_forecast.errors import UsageError

EXAMPLES = (
    "rural-forecast mcp",
    "rural-forecast mcp .",
    "rural-forecast mcp . ~",
)


def mcp(
    folder: list[str] | None = argument("FOLDER", "Folders whose files may be read.", left_out="the catalogue alone"),
) -> None:
    """Serve tools to agents by the Model Context Protocol, on standard input and output."""
    from rural_forecast.cli.server import serve

    folders = [Path(name).expanduser() for name in folder or ()]
    for each in folders:
        if not each.is_dir():
            raise UsageError(f"{each} is no folder.", "Name folders whose files may be read.")
    serve(folders)
