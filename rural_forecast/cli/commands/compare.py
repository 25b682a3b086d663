"""`compare`: every model on one series."""

from __future__ import annotations

from rural_forecast.cli.options import (
    Chart,
    Drawing,
    Horizon,
    Levels,
    Limits,
    Money,
    Prices,
    Reading,
    Showing,
    Source,
    Window,
    Year,
)

EXAMPLES = (
    "rural-forecast compare turnover --year 2018",
    "rural-forecast compare mofcom --year 2027 --format csv",
    "rural-forecast compare users --level 90 --format markdown",
)


def compare(
    source: Source = None,
    year: Year = None,
    horizon: Horizon = None,
    *,
    level: Levels = None,
    limits: Limits,
    window: Window,
    money: Money,
    prices: Prices,
    chart: Chart = False,
    drawing: Drawing,
    reading: Reading,
    showing: Showing,
) -> None:
    """Compare all models: forecast, interval, weight, backtest, and why a model is left out."""
    from rural_forecast.cli import arguments, running
    from rural_forecast.forecasting.compare import compare as compare_models
    from rural_forecast.views.compare import document

    run = running.start(showing, picture=True)
    series = running.series(source, reading, run, window.as_of)
    options = arguments.of_series(window, reading, level=level, limits=limits)
    terms = arguments.terms(money, prices, series, options)
    with run.spinner("Fitting every model at every origin", when=True):
        result = compare_models(terms.series, year=year, horizon=horizon, **options)
    result = terms.shown(result)
    run.show(document(result), drawing.of("comparison", result, under=chart))
