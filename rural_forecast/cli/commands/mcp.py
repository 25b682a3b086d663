"""`mcp`: a server of tools for agents."""

from __future__ import annotations

from pathlib import Path

from rural_forecast.cli.options import arguments, reading, writing
from rural_forecast.errors import UsageError


def mcp(
    folders: arguments.Folders = None,
    allow_web: reading.AllowWeb = False,
    keep: writing.Keep = None,
) -> None:
    """Serve tools to agents by the Model Context Protocol, on standard input and output.

    $ rural-forecast mcp
    $ rural-forecast mcp .
    $ rural-forecast mcp . ~
    $ rural-forecast mcp --allow-web
    $ rural-forecast mcp . --keep kept
    """
    from rural_forecast.cli.server import serve

    readable = [Path(name).expanduser() for name in folders or ()]
    for folder in readable:
        if not folder.is_dir():
            raise UsageError(f"{folder} is no folder.", "Name folders whose files may be read.")
    serve(readable, allow_web=allow_web, keep=keep)
