"""`size`: a market from its drivers, by Monte Carlo."""

from __future__ import annotations

from typing import Annotated

import typer

from rural_forecast.cli import completers
from rural_forecast.cli import options as opt

EXAMPLES = (
    "rural-forecast size rural_online_retail",
    "rural-forecast size rural_online_retail --year 2026 --level 90 --format csv",
    "rural-forecast size rural_retailer --print-model > market.toml",
)

Model = Annotated[
    str | None,
    typer.Argument(
        metavar="MODEL",
        help="A TOML file, '-' for standard input, or one that ships: rural_online_retail, rural_retailer.",
        autocompletion=completers.sizing_models,
    ),
]
LastYear = Annotated[
    int | None, opt.value("YEAR", "Last year to size.", "--year", left_out="the last one of the model")
]
Draws = Annotated[int, opt.value("COUNT", "Monte Carlo draws, 1000 to 1000000.")]
Seed = Annotated[int, opt.value("NUMBER", "Seed of the random numbers; the same seed gives the same result.")]
PrintModel = Annotated[bool, opt.flag("--print-model", "Print the model file, to start your own from it.")]


def size(
    model: Model = None,
    *,
    year: LastYear = None,
    level: opt.Levels = None,
    interrupt: opt.Interrupt = None,
    draws: Draws = 100_000,
    seed: Seed = 1,
    print_model: PrintModel = False,
    picture: opt.Picturing,
    showing: opt.Showing,
) -> None:
    """Size a market from its drivers: a formula of ranges and forecasts, compared with the top-down forecast."""
    from rural_forecast.cli import arguments, running, streams
    from rural_forecast.errors import UsageError
    from rural_forecast.forecasting.checks import DEFAULT_LEVELS
    from rural_forecast.sizing import model_file
    from rural_forecast.sizing.size import size as size_up
    from rural_forecast.text.harmless import without_controls
    from rural_forecast.views.size import document

    if model is None:
        raise UsageError(
            "size needs a model.", f"Name a TOML file, or one that ships: {', '.join(model_file.examples())}."
        )
    model = running.path_of(model)
    if print_model:
        streams.write(without_controls(model_file.load(model).file.text), showing.output)
        return
    run = running.start(showing, picture=True)
    years = arguments.interruption(interrupt)
    result = size_up(model, year=year, levels=level or DEFAULT_LEVELS, draws=draws, seed=seed, **years)
    if years and not result.interrupted:
        raise UsageError(
            f"--interrupt {interrupt} changes nothing: no series of {result.model.file.name} is forecast across it.",
            "Leave --interrupt out.",
        )
    running.after_reading([driver.series for driver in result.model.series], run)
    if run.verbose:
        run.say(f"read {result.model.file.name}: {len(result.model.drivers)} drivers, {len(result.stages)} stages")
    run.show(document(result), picture.of("size", result))
