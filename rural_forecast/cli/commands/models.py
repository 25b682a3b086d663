"""`models`: the models, or one."""

from __future__ import annotations

import typer

from rural_forecast.cli.groups import Showing
from rural_forecast.cli.options import arguments, writing
from rural_forecast.cli.running import Run


def models(
    ctx: typer.Context,
    model_name: arguments.ModelName = None,
    format_name: writing.Format = None,
    output: writing.Output = None,
    color: writing.Color = "auto",
    quiet: writing.Quiet = False,
    verbose: writing.Verbose = False,
) -> None:
    """List the models, or show one: formula, parameters, assumptions, reference.

    $ rural-forecast models
    $ rural-forecast models --format csv
    $ rural-forecast models theta
    $ rural-forecast models damped_holt --format json
    """
    from rural_forecast.forecasting import registry
    from rural_forecast.views import models as view

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
    if model_name is None:
        run.write_document(view.models(registry.MODELS))
    else:
        run.write_document(view.one_model(registry.get(model_name.lower())))
