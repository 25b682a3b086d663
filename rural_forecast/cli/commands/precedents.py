"""`precedents`: real histories most like a series, and what they did next."""

from __future__ import annotations

from typing import Annotated

from rural_forecast.cli import arguments, loading, running
from rural_forecast.cli import options as opt
from rural_forecast.cli.declare import value, without
from rural_forecast.cli.drawing import Titled

EXAMPLES = (
    "rural-forecast precedents turnover --year 2018",
    "rural-forecast precedents users --kind adoption --count 12 --horizon 5",
    "rural-forecast precedents mofcom -o precedents.svg",
)


def precedents(
    source: str | None = opt.SOURCE,
    *,
    ahead: opt.Ahead,
    kind: str | None = opt.kind("all"),
    count: int = value("NUMBER", "How many histories to show.", default=8),
    markets: Annotated[opt.Markets, without("within")],
    window: opt.Window,
    picture: Titled,
    reading: opt.Reading,
    showing: opt.Showing,
) -> None:
    """Show the real histories most like a series, and what came next."""
    from rural_forecast.forecasting.precedents import precedents as search
    from rural_forecast.views.precedents import document

    run = running.start(showing, picture=True)
    series = loading.series(source, reading, run, window.as_of)
    options = arguments.of_series(opt.Question(window=window), reading)
    options |= loading.others(markets, source, reading, run, window.as_of)
    result = search(series, **vars(ahead), kind=kind, count=count, **options)
    run.show(document(result), picture.of("precedents", result))
