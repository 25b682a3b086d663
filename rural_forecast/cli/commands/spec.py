"""`spec`: the commands as JSON, for programs."""

from __future__ import annotations

import typer

from rural_forecast.cli.groups import Showing
from rural_forecast.cli.options import arguments, writing
from rural_forecast.cli.running import Run


def spec(
    ctx: typer.Context,
    command: arguments.Command = None,
    whole: writing.Whole = False,
    format_name: writing.FormatOfSpec = None,
    output: writing.Output = None,
    color: writing.Color = "auto",
    quiet: writing.Quiet = False,
    verbose: writing.Verbose = False,
) -> None:
    """Write the commands as JSON: options, what excludes what, rows, codes.

    $ rural-forecast spec
    $ rural-forecast spec project
    $ rural-forecast spec project --whole
    $ rural-forecast spec series -o series.json
    """
    from rural_forecast.cli import tree
    from rural_forecast.cli.surface import brief, for_programs
    from rural_forecast.render.formats.json import SCHEMA_VERSION, encode

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
    name = " ".join(command or ())
    paths = [path for path, _ in tree.commands()]
    chosen = [path for path in paths if not name or f"{path} ".startswith(f"{name} ")]
    if not chosen:
        raise tree.no_such("command", name, paths)
    about = {"schema_version": SCHEMA_VERSION, "command": "spec"}
    if whole or not name:
        run.write(encode({**about, **for_programs(chosen)}, indent=2) + "\n")
    else:
        run.write(encode({**about, **brief(chosen)}, indent=1) + "\n")
