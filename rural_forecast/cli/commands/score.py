"""The command `score`."""

from __future__ import annotations

import typer

from rural_forecast.cli.groups import Drawing, Fetching, Reading, Showing
from rural_forecast.cli.loading import Loader
from rural_forecast.cli.options import arguments, asking, choosing, drawing, reading, writing
from rural_forecast.cli.running import Run
from rural_forecast.question.question import Window


def score(
    ctx: typer.Context,
    records: arguments.Records,
    against: asking.Against = None,
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
    """Score kept forecasts against what came: errors, ranges that held, by horizon and author.

    $ rural-forecast score kept/mofcom-2021.json
    $ rural-forecast score kept/mofcom-2021.json --with mofcom --format json
    $ rural-forecast score forecasts.csv --with regions.csv
    """
    from rural_forecast.record.score import score as score_records

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
    actuals = None if against is None else load.several([against])
    files = [record.whole_file for record in records]
    run.show("score", score_records(*files, actuals=actuals))
