"""`backtest`: what each model would have said at every origin of a series, against what happened."""

from __future__ import annotations

from typing import Annotated

import typer

from rural_forecast.cli.options import Drawing, Limits, Reading, Showing, Source, Window

EXAMPLES = (
    "rural-forecast backtest mofcom",
    "rural-forecast backtest income_percap_rural --horizon 2 --format csv",
    "rural-forecast backtest mofcom --model theta --detail --format ndjson",
)

Models = Annotated[
    list[str] | None,
    typer.Option("--model", metavar="NAME", help="Score only this model, beside the consensus; repeatable."),
]
Horizon = Annotated[int, typer.Option(metavar="YEARS", help="Most years ahead.")]
Detail = Annotated[bool, typer.Option("--detail", help="Give every forecast in place of the scores.")]
Opinions = Annotated[bool, typer.Option("--all-models", help="Let ARIMA and ETS take part, which takes longer.")]


def backtest(
    source: Source = None,
    *,
    horizon: Horizon = 3,
    model: Models = None,
    all_models: Opinions = False,
    detail: Detail = False,
    limits: Limits,
    window: Window,
    drawing: Drawing,
    reading: Reading,
    showing: Showing,
) -> None:
    """Score every model from rolling origins, and published forecasts on the same definition."""
    from rural_forecast.cli import arguments, running
    from rural_forecast.forecasting.backtest import backtest as test
    from rural_forecast.views.backtest import document

    run = running.start(showing, picture=True)
    series = running.series(source, reading, run)
    with run.spinner("Fitting every model at every origin", when=True):
        result = test(
            series,
            horizon=horizon,
            opinions=all_models,
            **arguments.of_series(window, reading, model=model, limits=limits),
        )
    run.show(document(result, detail=detail), drawing.of("backtest", result))
