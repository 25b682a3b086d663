"""`triangulate`: all arguments for one number."""

from __future__ import annotations

from typing import Annotated

from rural_forecast.cli import arguments, loading, running
from rural_forecast.cli import options as opt
from rural_forecast.cli.declare import without
from rural_forecast.cli.drawing import Titled

EXAMPLES = (
    "rural-forecast triangulate mofcom --year 2028 --like online",
    "rural-forecast triangulate mofcom --year 2028 --weight drivers=0.3 -f csv",
    "rural-forecast triangulate turnover --year 2017 -o turnover.svg",
)


def triangulate(
    source: str | None = opt.SOURCE,
    *,
    ahead: opt.Ahead,
    drivers: str | None = opt.drivers(),
    partial: list[str] | None = opt.PARTIAL,
    weight: dict[str, float] | None = opt.WEIGHT,
    asked: Annotated[opt.Question, without("model", "level", "money", "prices")],
    markets: opt.Markets,
    picture: Titled,
    reading: opt.Reading,
    showing: opt.Showing,
) -> None:
    """Combine trend, leading markets, drivers and published views."""
    from rural_forecast.record.triangulate import triangulate as combine
    from rural_forecast.views.triangulate import document

    run = running.start(showing, picture=True)
    series = loading.series(source, reading, run, asked.window.as_of)
    options = arguments.of_series(asked, reading)
    options |= loading.others(markets, source, reading, run, asked.window.as_of)
    with run.spinner("Asking every argument", when=True):
        result = combine(series, **vars(ahead), drivers=drivers, partial=partial or (), weights=weight or {}, **options)
    run.protect_inputs()
    run.show(document(result), picture.of("triangulate", result))
