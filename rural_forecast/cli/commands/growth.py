"""`growth`: growth of several series side by side."""

from __future__ import annotations

from typing import Annotated, Any

from rural_forecast.cli import arguments, loading, parsing, running
from rural_forecast.cli import options as opt
from rural_forecast.cli.declare import value, without
from rural_forecast.cli.drawing import CHART, Charted, Titled

EXAMPLES = (
    "rural-forecast growth consumption_rural consumption_urban --format markdown",
    "rural-forecast growth income_national income_rural income_urban --base 2014",
    "rural-forecast growth turnover mofcom --years all --explain -f markdown",
)


def growth(
    source: list[str] | None = opt.SOURCES,
    *,
    years: dict[str, Any] | None = value(
        "FIRST..LAST",
        "Years to show, 2014.. or 2014..2020, or all of any series.",
        left_out="those of every series",
        parse=parsing.years_shown,
        brief=True,
    ),
    base: int | None = value("YEAR", "The year in which the index is 100.", left_out="the first that all series have"),
    explain: bool = opt.EXPLAIN,
    window: Annotated[opt.Window, without("since")],
    money: opt.Money,
    prices: opt.Prices,
    chart: Charted = CHART,
    picture: Titled,
    reading: opt.Reading,
    showing: opt.Showing,
) -> None:
    """Compare the growth of several series, in percent and as an index."""
    from rural_forecast.series.growth import growth as side_by_side
    from rural_forecast.views.growth import document

    run = running.start(showing, picture=True)
    options = vars(window) | arguments.stated(**years or {})
    sources = loading.several(source, reading, run, window.as_of)
    result = side_by_side(
        *(arguments.terms(opt.Money(), prices, series, options).series for series in sources),
        base=base,
        currency=money.currency,
        rate=arguments.rate(money),
        **options,
    )
    run.show(document(result, levels=explain, indexed=base is not None), picture.of("growth", result, under=chart))
