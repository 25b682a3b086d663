"""`guide`: a skill for agents."""

from __future__ import annotations

from pathlib import Path

import typer

from rural_forecast.cli.groups import Showing
from rural_forecast.cli.options import writing
from rural_forecast.cli.running import Run


def guide(
    ctx: typer.Context,
    format_name: writing.FormatOfGuide = None,
    output: writing.Output = None,
    color: writing.Color = "auto",
    quiet: writing.Quiet = False,
    verbose: writing.Verbose = False,
) -> None:
    """Print a skill for agents: which command, which series, what not to claim.

    $ rural-forecast guide
    $ rural-forecast guide -o SKILL.md
    $ rural-forecast guide | head -20
    """
    run = Run(
        ctx,
        Showing(
            format=format_name,
            output=output,
            color=color,
            quiet=quiet,
            verbose=verbose,
        ),
    )
    run.write(Path(__file__).parents[1].joinpath("guide.md").read_text(encoding="utf-8"))
