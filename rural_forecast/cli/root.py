"""`rural-forecast` without a command: help, version, or the command surface as JSON."""

from __future__ import annotations

import typer

from rural_forecast.cli import streams
from rural_forecast.cli.tree import PROGRAM
from rural_forecast.version import __version__


def root(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Print the version."),
    spec: bool = typer.Option(False, "--spec", help="Print the whole command surface as JSON."),
) -> None:
    """Print help where no command is given."""
    if version:
        streams.write(f"{PROGRAM} {__version__}\n", None)
        raise typer.Exit
    if spec:
        import json

        from rural_forecast.cli.spec import spec as of

        text = json.dumps(of(root), indent=2, ensure_ascii=False)
        streams.write(f"{text}\n".encode(), None)
        raise typer.Exit
    if context.invoked_subcommand is None:
        streams.write(context.get_help() + "\n", None)
