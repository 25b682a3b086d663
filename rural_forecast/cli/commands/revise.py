"""The command `revise`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from rural_forecast.cli.groups import Drawing, Fetching, Reading, Showing
from rural_forecast.cli.loading import Loader
from rural_forecast.cli.options import arguments, asking, choosing, drawing, reading, writing
from rural_forecast.cli.running import Run
from rural_forecast.question.question import Window

if TYPE_CHECKING:
    from rural_forecast.observed.observation import Series
    from rural_forecast.record.kept import Record


def revise(
    ctx: typer.Context,
    old: arguments.Old,
    new: arguments.New,
    year: asking.YearOfRecord = None,
    title: drawing.Title = None,
    theme: drawing.Theme = "light",
    template: drawing.Template = None,
    series: choosing.Series = None,
    encoding: reading.Encoding = None,
    period_column: reading.PeriodColumn = None,
    value_column: choosing.ValueColumn = None,
    id_column: reading.IdColumn = None,
    where: choosing.Where = None,
    sheet: choosing.Sheet = None,
    decimal: reading.Decimal = None,
    measure: reading.Measure = None,
    actuals_until: choosing.ActualsUntil = None,
    allow_gaps: reading.AllowGaps = False,
    refresh: reading.Refresh = False,
    offline: reading.Offline = False,
    format_name: writing.FormatOrPicture = None,
    output: writing.Output = None,
    color: writing.Color = "auto",
    quiet: writing.Quiet = False,
    verbose: writing.Verbose = False,
) -> None:
    """Explain why the answer for a year moved, step by step.

    $ rural-forecast revise kept/mofcom-2021.json mofcom --year 2027
    $ rural-forecast revise kept/mofcom-2021.json mofcom --year 2027 --format json
    $ rural-forecast revise kept/mofcom-2021.json mofcom -o why.svg
    """
    from rural_forecast.record.reading import read_record, record_in
    from rural_forecast.record.revise import revise as explain_steps

    run = Run(
        ctx,
        Showing(
            format=format_name,
            output=output,
            color=color,
            quiet=quiet,
            verbose=verbose,
        ),
        fetching=Fetching(
            refresh=refresh,
            offline=offline,
        ),
        drawing=Drawing(
            title=title,
            theme=theme,
            template=template,
        ),
    )
    load = Loader(
        run,
        question=Window(),
        reading=Reading(
            series=series,
            encoding=encoding,
            period_column=period_column,
            value_column=value_column,
            id_column=id_column,
            where=where,
            sheet=sheet,
            decimal=decimal,
            measure=measure,
            actuals_until=actuals_until,
            allow_gaps=allow_gaps,
        ),
    )
    kept = read_record(old.whole_file)
    newer: Record | Series | str | None = record_in(new.name)
    if newer is None:
        # A panel is read whole, and a sizing names its own series.
        newer = new.name if kept.command in ("panel", "size") else load.series(new)
    name = series[0] if series else None
    read_as = None
    if kept.command == "panel" and newer == new.name:
        read_as = load.options_for(new, series_id=None)
    run.show("revise", explain_steps(kept, newer, year=year, series=name, options=read_as))
