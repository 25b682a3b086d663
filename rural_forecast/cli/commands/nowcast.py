"""The command `nowcast`."""

from __future__ import annotations

import typer

from rural_forecast.cli.groups import Drawing, Fetching, Keeping, Money, Reading, Showing
from rural_forecast.cli.loading import Loader
from rural_forecast.cli.options import (
    arguments,
    asking,
    choosing,
    drawing,
    money,
    parts,
    reading,
    writing,
)
from rural_forecast.cli.running import Run
from rural_forecast.question.nowcast import NowcastQuestion
from rural_forecast.question.question import DEFAULT_LEVELS


def nowcast(
    ctx: typer.Context,
    source: arguments.Source = None,
    year: asking.YearOfParts = None,
    partial: parts.Partial = None,
    same_definition: parts.SameDefinition = False,
    history: writing.History = False,
    level: asking.Level = None,
    since: asking.Since = None,
    until: asking.Until = None,
    prefer: choosing.Prefer = None,
    as_of: asking.AsOf = None,
    basis: asking.Basis = "comparable",
    breaks: asking.Breaks = None,
    currency: money.Currency = None,
    rate: money.Rate = None,
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
    as_python: writing.AsPython = False,
    keep: writing.Keep = None,
    date: writing.Date = None,
) -> None:
    """Estimate a year of which some halves, quarters or months are known.

    $ rural-forecast nowcast mofcom --year 2017 --until 2016
    $ rural-forecast nowcast mofcom --until 2016 --partial 2017H1=537.62:38.1
    $ rural-forecast nowcast mofcom --year 2018 --until 2017 --format markdown
    $ rural-forecast nowcast mofcom --year 2017 --as-of 2017-07-31 --format json
    """
    from rural_forecast.forecasting.nowcasting.nowcast import nowcast as estimate

    run = Run(
        ctx,
        Showing(
            format=format_name,
            output=output,
            color=color,
            quiet=quiet,
            verbose=verbose,
            as_python=as_python,
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
        keeping=Keeping(
            keep=keep,
            date=date,
        ),
    )
    question = NowcastQuestion(
        partial=partial or (),
        same_definition=same_definition,
        year=year,
        levels=level or DEFAULT_LEVELS,
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
        money=Money(
            currency=currency,
            rate=rate,
        ),
    )
    market = load.market(source)
    if as_python:
        from rural_forecast.cli import script

        run.write(script.of_market("nowcast", load, source, {"history": history}))
        return
    result = estimate(market.series, market.question)
    shown = {"currency": market.conversion}
    kept = (market.series.label, result.year - 1)
    run.show("nowcast", result, drawn=shown, kept=kept, history=history, **shown)
