"""`revise`: why the answer for a year moved."""

from __future__ import annotations

from rural_forecast.cli import loading, running
from rural_forecast.cli import options as opt
from rural_forecast.cli.declare import argument
from rural_forecast.cli.drawing import Titled
from rural_forecast.errors import UsageError

EXAMPLES = (
    "rural-forecast revise kept/mofcom-2021.json mofcom --year 2027",
    "rural-forecast revise kept/mofcom-2021.json mofcom --year 2027 --format json",
    "rural-forecast revise kept/mofcom-2021.json mofcom -o why.svg",
)


def revise(
    old: str | None = argument("OLD", "A record of project or batch.", default=None),
    new: str | None = argument(
        "NEW", "A newer record, a file, or an id of the catalogue.", default=None, complete=opt.complete_series
    ),
    *,
    year: int | None = opt.year("the last one of the record"),
    picture: Titled,
    reading: opt.Reading,
    showing: opt.Showing,
) -> None:
    """Explain why the answer for a year moved, step by step."""
    from rural_forecast.record.kept import is_record
    from rural_forecast.record.revise import revise as revised
    from rural_forecast.views.revise import document

    if old is None or new is None:
        raise UsageError("revise needs an older record and a newer one, or a source.", f"Write: {EXAMPLES[0]}.")
    run = running.start(showing, picture=True)
    old = loading.path_of(old)
    name = (reading.series or (None,))[0]
    source = new if is_record(new) else loading.series(new, reading, run)
    result = revised(old, source, year=year, series=name)
    run.protect_inputs()
    run.show(document(result), picture.of("revise", result))
