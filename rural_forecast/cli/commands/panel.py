"""`panel`: every node of a tree of parts, adding up."""

from __future__ import annotations

from typing import Annotated, Literal

from rural_forecast.cli import arguments, loading, running
from rural_forecast.cli import conditions as only
from rural_forecast.cli import options as opt
from rural_forecast.cli.declare import argument, flag, value, without
from rural_forecast.cli.drawing import Titled
from rural_forecast.errors import UsageError
from rural_forecast.series.source_names import without_folders

EXAMPLES = (
    "rural-forecast panel regions.csv --year 2030",
    "rural-forecast panel regions.csv --method bottom-up -o forecasts.csv",
    "rural-forecast panel shops.csv --parents tree.csv --format table",
)

Reconciled = Literal["weighted", "top-down", "bottom-up"]


def panel(
    file: str = argument("FILE", "A file of many series: parts of a whole, totals or not.", default=...),
    *,
    ahead: opt.Ahead,
    method: Reconciled = flag("--method", "Weigh nodes, split the whole, or add up leaves.", default="weighted"),
    separator: str = value("TEXT", "What parts an id into names of the tree.", default=" / ", needs=only.NO_PARENTS),
    parents: str | None = opt.PARENTS,
    model: list[str] | None = opt.MODEL,
    level: list[int] | None = opt.LEVEL,
    money: opt.Money,
    prices: opt.Prices,
    picture: Titled,
    engines: opt.Engines,
    reading: Annotated[opt.Reading, without("series")],
    showing: opt.Showing,
    keeping: opt.Keeping,
) -> None:
    """Forecast the parts of a whole, and the whole, so that they add up."""
    from rural_forecast.cli import batch_run
    from rural_forecast.forecasting.question import DEFAULT_LEVELS
    from rural_forecast.panels.panel import panel as add_up
    from rural_forecast.panels.tree import read_parents
    from rural_forecast.views.panel import document

    run = running.start(showing, keeping, picture=True)
    file = loading.path_of(file)
    with batch_run.readable(file) as path:
        result = add_up(
            path,
            **vars(ahead),
            levels=level or DEFAULT_LEVELS,
            model=_one(model),
            method=method,
            separator=separator,
            parents=read_parents(parents) if parents else None,
            options=arguments.read_options(reading, file),
            **vars(engines),
            real=prices.real,
            inflation=arguments.inflation(prices),
        )
    result = arguments.converted(result, arguments.conversion(money, result.unit, at=prices.real))
    run.protect_inputs()
    if run.verbose:
        of_file = int((result.tree.series >= 0).sum())
        run.say(
            f"read {without_folders(file)}: {of_file} series of {len(result.tree.names)} nodes, from {result.first} on"
        )
    run.keep(lambda: document(result), without_folders(file).partition(".")[0], result.years[0] - 1)
    run.show(document(result), picture.of("panel", result))


def _one(models: list[str] | None) -> str:
    """The model of every node. Raises UsageError if several are named."""
    if models and len(models) > 1:
        raise UsageError(f"A panel takes one model, and there are {len(models)}.", f"Keep --model {models[0]}, say.")
    return models[0] if models else "consensus"
