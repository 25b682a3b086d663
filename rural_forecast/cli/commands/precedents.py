"""The command `precedents`."""

from __future__ import annotations

import typer

from rural_forecast.cli.groups import Drawing, Fetching, Markets, Reading, Showing
from rural_forecast.cli.loading import Loader
from rural_forecast.cli.options import (
    arguments,
    asking,
    choosing,
    drawing,
    evidence,
    reading,
    writing,
)
from rural_forecast.cli.running import Run
from rural_forecast.question.precedents import PrecedentsQuestion


def precedents(
    ctx: typer.Context,
    source: arguments.Source = None,
    count: asking.Count = 8,
    year: asking.Year = None,
    horizon: asking.Horizon = None,
    kind: evidence.KindOfPrecedents = None,
    like: evidence.Like = None,
    since: asking.Since = None,
    until: asking.Until = None,
    prefer: choosing.Prefer = None,
    as_of: asking.AsOf = None,
    basis: asking.Basis = "comparable",
    breaks: asking.Breaks = None,
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
    """Show the real histories most like a series, and what came next.

    $ rural-forecast precedents turnover --year 2018
    $ rural-forecast precedents users --kind adoption --count 12 --horizon 5
    $ rural-forecast precedents mofcom -o precedents.svg
    """
    from rural_forecast.forecasting.precedents import precedents as search

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
    question = PrecedentsQuestion(
        count=count,
        year=year,
        horizon=horizon,
        kind=kind,
        since=since,
        until=until,
        prefer=prefer,
        as_of=as_of,
        basis=basis,
        breaks=breaks or (),
        allow_gaps=allow_gaps,
    )
    load = Loader(
        run,
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
        question=question,
        markets=Markets(
            like=like,
        ),
    )
    market = load.market(source)
    run.show("precedents", search(market.series, market.question))
