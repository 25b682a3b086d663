"""`backtest`: forecasts of each model from rolling origins, scored against actual values."""

from __future__ import annotations

from typing import Annotated

from rural_forecast.cli import options as opt

EXAMPLES = (
    "rural-forecast backtest mofcom",
    "rural-forecast backtest income_percap_rural --horizon 2 --format csv",
    "rural-forecast backtest mofcom --model theta --detail --format ndjson",
)

Models = Annotated[
    list[str] | None, opt.value("NAME", "Score only this model and the consensus; repeatable.", "--model")
]
Horizon = Annotated[int, opt.value("YEARS", "Largest number of years ahead.")]
Detail = Annotated[bool, opt.flag("--detail", "List every forecast instead of the scores.")]
Opinions = Annotated[bool, opt.flag("--all-models", "Include ARIMA and ETS; this takes longer.")]


def backtest(
    source: opt.Source = None,
    *,
    horizon: Horizon = 3,
    model: Models = None,
    all_models: Opinions = False,
    detail: Detail = False,
    interrupt: opt.Interrupt = None,
    limits: opt.Limits,
    window: opt.Window,
    prices: opt.Prices,
    picture: opt.Picturing,
    reading: opt.Reading,
    showing: opt.Showing,
) -> None:
    """Score every model from rolling origins, and published forecasts on the same definition."""
    from rural_forecast.cli import arguments, running
    from rural_forecast.forecasting.backtest import backtest as score
    from rural_forecast.views.backtest import document

    run = running.start(showing, picture=True)
    series = running.series(source, reading, run, window.as_of)
    options = arguments.of_series(window, reading, model=model, interrupt=interrupt, limits=limits)
    series = arguments.terms(opt.Money(), prices, series, options).series
    with run.spinner("Fitting every model at every origin", when=True):
        result = score(series, horizon=horizon, opinions=all_models, **options)
    run.show(document(result, detail=detail), picture.of("backtest", result))
