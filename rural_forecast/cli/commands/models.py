"""`models`: what each model is, assumes and needs."""

from __future__ import annotations

from rural_forecast.cli import completers
from rural_forecast.cli import options as opt
from rural_forecast.cli.declare import argument

HELP = "List and show the models."

LIST_EXAMPLES = (
    "rural-forecast models list",
    "rural-forecast models list --format csv",
    "rural-forecast models list --format markdown",
)
SHOW_EXAMPLES = (
    "rural-forecast models show theta",
    "rural-forecast models show damped_holt --format json",
    "rural-forecast models show arima",
)


def list(*, showing: opt.Showing) -> None:  # noqa: A001 - the command's name
    """List the models, with the spreadsheet function that gives the same number where there is one."""
    from rural_forecast.cli import running
    from rural_forecast.forecasting.registry import MODELS
    from rural_forecast.views.models import listing

    running.start(showing).show(listing(MODELS))


def show(
    name: str = argument("NAME", "Name of a model, as in 'models list'.", default=..., complete=completers.model_names),
    *,
    showing: opt.Showing,
) -> None:
    """Show one model: formula, parameters, assumptions, reference."""
    from rural_forecast.cli import running
    from rural_forecast.forecasting import registry
    from rural_forecast.views.models import one

    running.start(showing).show(one(registry.get(name)))
