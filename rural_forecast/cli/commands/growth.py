"""`growth`: growth of several series side by side."""

from __future__ import annotations

from rural_forecast.cli import conditions as only
from rural_forecast.cli import options as opt
from rural_forecast.cli.declare import flag, value
from rural_forecast.cli.drawing import CHART, Titled

EXAMPLES = (
    "rural-forecast growth consumption_rural consumption_urban --format markdown",
    "rural-forecast growth income_national income_rural income_urban --base 2014",
    "rural-forecast growth turnover mofcom --levels --all-years",
)


def growth(
    source: list[str] | None = opt.SOURCES,
    *,
    since: int | None = value("YEAR", "First year shown; earlier data are still used."),
    until: int | None = value("YEAR", "Last year shown; later data are still used."),
    base: int | None = value("YEAR", "The year in which the index is 100.", left_out="the first that all series have"),
    all_years: bool = flag("--all-years", "Show the years of any series, not only those of all."),
    levels: bool = flag("--levels", "Add the levels to the table, side by side.", needs=only.NO_PICTURE),
    window: opt.Window,
    money: opt.Money,
    prices: opt.Prices,
    chart: bool = CHART,
    picture: Titled,
    reading: opt.Reading,
    showing: opt.Showing,
) -> None:
    """Compare the growth of several series, in percent and as an index; published growth is preferred."""
    from rural_forecast.cli import arguments, loading, running
    from rural_forecast.series.growth import growth as side_by_side
    from rural_forecast.views.growth import document

    run = running.start(showing, picture=True)
    options = {**arguments.window(window), "since": since, "until": until}
    sources = loading.several(source, reading, run, window.as_of)
    result = side_by_side(
        *(arguments.terms(opt.Money(), prices, series, options).series for series in sources),
        base=base,
        all_years=all_years,
        currency=money.currency,
        rate=arguments.rate(money),
        **options,
    )
    run.show(document(result, levels=levels), picture.of("growth", result, under=chart))
