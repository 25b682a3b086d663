"""`rural-forecast` without a command: help or version."""

from __future__ import annotations

import typer

from rural_forecast.cli import streams
from rural_forecast.cli.tree import PROGRAM
from rural_forecast.version import __version__


def root(context: typer.Context, version: bool = typer.Option(False, "--version", help="Print the version.")) -> None:
    """Print help where no command is given."""
    if version:
        streams.write(f"{PROGRAM} {__version__}\n", None)
        raise typer.Exit
    if context.invoked_subcommand is None:
        streams.write(context.get_help() + "\n", None)
