"""`nowcast`: a year of which some halves, quarters or months are known."""

from __future__ import annotations

from typing import Annotated

from rural_forecast.cli import arguments, loading, running
from rural_forecast.cli import options as opt
from rural_forecast.cli.declare import without
from rural_forecast.cli.drawing import Titled

EXAMPLES = (
    "rural-forecast nowcast mofcom --year 2017 --until 2016",
    "rural-forecast nowcast mofcom --until 2016 --partial 2017H1=537.62:38.1",
    "rural-forecast nowcast mofcom --year 2018 --until 2017 --format markdown",
    "rural-forecast nowcast mofcom --year 2017 --as-of 2017-07-31 --format json",
)


def nowcast(
    source: str | None = opt.SOURCE,
    *,
    year: int | None = opt.year("the latest of which only parts are known"),
    partial: list[str] | None = opt.PARTIAL,
    same_definition: bool = opt.SAME_DEFINITION,
    history: bool = opt.HISTORY,
    asked: Annotated[opt.Question, without("model", "limits", "prices")],
    picture: Titled,
    reading: opt.Reading,
    showing: opt.Showing,
    keeping: opt.Keeping,
) -> None:
    """Estimate a year of which some halves, quarters or months are known."""
    from rural_forecast.nowcasting.nowcast import nowcast as estimate
    from rural_forecast.views.nowcast import document

    run = running.start(showing, keeping, picture=True)
    series = loading.series(source, reading, run, asked.window.as_of)
    options = arguments.of_series(asked, reading)
    conversion = arguments.conversion(asked.money, series.unit, options["as_of"])
    result = estimate(series, year=year, partial=partial or (), same_definition=same_definition, **options)
    run.keep(lambda: document(result, currency=conversion), series.label, result.year - 1)
    run.show(
        document(result, history=history, currency=conversion),
        picture.of("nowcast", result, currency=conversion),
    )
