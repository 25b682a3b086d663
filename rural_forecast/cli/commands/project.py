"""`project`: the forecast of one series up to a year."""

from __future__ import annotations

from rural_forecast.cli.options import (
    AllModels,
    Ceiling,
    History,
    Levels,
    Models,
    Reading,
    Showing,
    Source,
    Window,
    Year,
)

EXAMPLES = (
    "rural-forecast project --year 2018",
    "rural-forecast project mofcom --until 2022 --year 2025 --format markdown",
    "rural-forecast project rural_online_retail_mofcom --year 2027 --format json --history",
)


def project(
    source: Source = None,
    year: Year = None,
    *,
    model: Models = None,
    level: Levels = None,
    history: History = False,
    all_models: AllModels = False,
    ceiling: Ceiling = None,
    window: Window,
    reading: Reading,
    showing: Showing,
) -> None:
    """Forecast a series up to a year, with intervals, published estimates and what other models say."""
    from rural_forecast.cli import running
    from rural_forecast.forecasting.forecast import DEFAULT_LEVELS, forecast
    from rural_forecast.views.project import document

    run = running.start(showing)
    series = running.series(source, reading, run)
    with run.spinner("Fitting ARIMA and ETS", when=run.for_people or all_models):
        result = forecast(
            series,
            year=year,
            models=model or (),
            levels=level or DEFAULT_LEVELS,
            kernels=run.for_people or all_models,
            opinions=run.for_people or all_models,
            ceiling=running.span(ceiling, "--ceiling"),
            allow_gaps=reading.allow_gaps,
            **running.window(window),
        )
    run.show(document(result, history=history))
