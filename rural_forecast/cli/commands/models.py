"""`models`: what each model is, assumes and needs."""

from __future__ import annotations

from rural_forecast.cli import options as opt
from rural_forecast.cli import running
from rural_forecast.cli.declare import argument

EXAMPLES = (
    "rural-forecast models",
    "rural-forecast models --format csv",
    "rural-forecast models theta",
    "rural-forecast models damped_holt --format json",
)


def models(
    name: str | None = argument(
        "NAME", "Name of a model.", left_out="all of them", complete=opt.named("forecasting.registry", "names")
    ),
    *,
    showing: opt.Showing,
) -> None:
    """List the models, or show one: formula, parameters, assumptions, reference."""
    from rural_forecast.forecasting import registry
    from rural_forecast.views.models import listing, one

    running.start(showing).show(listing(registry.MODELS) if name is None else one(registry.get(name.lower())))
