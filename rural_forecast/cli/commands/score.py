"""`score`: kept forecasts against what came."""

from __future__ import annotations

from rural_forecast.cli import loading, running
from rural_forecast.cli import options as opt
from rural_forecast.cli.declare import argument, value
from rural_forecast.cli.drawing import Titled
from rural_forecast.errors import UsageError

EXAMPLES = (
    "rural-forecast score kept/mofcom-2021.json",
    "rural-forecast score kept/mofcom-2021.json --with mofcom --format json",
    "rural-forecast score forecasts.csv --with regions.csv",
)


def score(
    record: list[str] | None = argument("RECORD...", "Records, or rows of forecasts, ours or of others.", default=None),
    *,
    against: str | None = value(
        "SOURCE",
        "What came: a file, or an id of the catalogue.",
        "--with",
        left_out="the catalogue",
        brief=True,
        complete=opt.complete_series,
    ),
    picture: Titled,
    reading: opt.Reading,
    showing: opt.Showing,
) -> None:
    """Score kept forecasts against what came: errors, ranges that held, by horizon and author."""
    from rural_forecast.record.score import score as scored
    from rural_forecast.views.score import document

    if not record:
        raise UsageError("score needs a record.", "Name files that --keep FOLDER or --format json wrote.")
    run = running.start(showing, picture=True)
    came = None if against is None else loading.several([against], reading, run)
    result = scored(*map(loading.path_of, record), actuals=came)
    run.protect_inputs()
    run.show(document(result), picture.of("score", result))
