"""`compare`: every model on one series."""

from __future__ import annotations

from typing import Annotated

from rural_forecast.cli import loading, running
from rural_forecast.cli import options as opt
from rural_forecast.cli.declare import without
from rural_forecast.cli.drawing import Titled

EXAMPLES = (
    "rural-forecast compare turnover --year 2018",
    "rural-forecast compare mofcom --year 2027 --format csv",
    "rural-forecast compare users --level 90 --format markdown",
)


def compare(
    source: str | None = opt.SOURCE,
    *,
    ahead: opt.Ahead,
    asked: Annotated[opt.Question, without("model")],
    markets: opt.Markets,
    picture: Titled,
    reading: opt.Reading,
    showing: opt.Showing,
) -> None:
    """Compare all models on a series: forecast, range, weight and error."""
    from rural_forecast.forecasting.compare import compare as compare_models
    from rural_forecast.views.compare import document

    run = running.start(showing, picture=True)
    terms, options = loading.market(source, asked, reading, run)
    options |= loading.others(markets, source, reading, run, asked.window.as_of)
    with run.spinner("Fitting every model at every origin", when=True):
        result = compare_models(terms.series, **vars(ahead), **options)
    result = terms.shown(result)
    run.show(document(result), picture.of("compare", result))
