"""`chart`: the forecast of one series, or of several side by side, as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rural_forecast.cli.options import Ceiling, Levels, Models, Money, Reading, Showing, Window, Year

if TYPE_CHECKING:
    from rural_forecast.forecasting.forecast import Forecast

EXAMPLES = (
    "rural-forecast chart turnover --year 2018",
    "rural-forecast chart turnover mofcom --year 2027 --log",
    "rural-forecast chart mofcom --year 2030 --title 农村网络零售额 -o market.svg",
)
FORMATS = ("table", "svg", "png", "pdf")
"""`table` is a picture in characters."""

Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="SOURCE",
        help="Files, or ids or aliases of the catalogue; of a file, all its series.",
        show_default="rural_online_shopping_turnover",
    ),
]
Log = Annotated[bool, typer.Option("--log", help="Draw on a logarithmic axis.")]
Title = Annotated[str | None, typer.Option(metavar="TEXT", help="Title in place of the name of the series.")]


def chart(
    source: Sources = None,
    year: Year = None,
    *,
    model: Models = None,
    level: Levels = None,
    log: Log = False,
    title: Title = None,
    ceiling: Ceiling = None,
    window: Window,
    money: Money,
    reading: Reading,
    showing: Showing,
) -> None:
    """Draw history, forecast, intervals and published figures: on the terminal, or as svg, png or pdf with -o."""
    from rural_forecast.cli import running
    from rural_forecast.forecasting.forecast import DEFAULT_LEVELS, forecast
    from rural_forecast.forecasting.in_currency import in_currency
    from rural_forecast.views.pictures.several import picture

    run = running.start(showing, only=FORMATS, default="table")
    options = {
        "levels": level or DEFAULT_LEVELS,
        "models": model or (),
        "ceiling": running.span(ceiling, "--ceiling"),
        **running.selection(window, reading),
    }
    found = running.several(source, reading, run)
    results = [forecast(series, year=year, **options) for series in found]
    last = max(result.target for result in results)  # one right edge for all
    results = [result if result.target == last else _until(last, result, options) for result in results]
    ways = [running.conversion(money, series, options["as_of"]) for series in found]
    shown = [in_currency(result, how) if how else result for result, how in zip(results, ways, strict=True)]
    run.draw(picture(shown, title=title or "", logarithmic=log))


def _until(year: int, result: Forecast, options: Mapping[str, Any]) -> Forecast:
    from rural_forecast.forecasting.forecast import forecast

    return forecast(result.history.series, year=year, **options)
