"""The command `growth`."""

from __future__ import annotations

from dataclasses import replace

import typer

from rural_forecast.cli.groups import Drawing, Fetching, Money, Reading, Showing
from rural_forecast.cli.loading import Loader
from rural_forecast.cli.options import arguments, asking, choosing, drawing, money, reading, writing
from rural_forecast.cli.running import Run
from rural_forecast.question.question import Window


def growth(
    ctx: typer.Context,
    sources: arguments.Sources = None,
    years: asking.Years = None,
    base: asking.Base = None,
    until: asking.Until = None,
    prefer: choosing.Prefer = None,
    as_of: asking.AsOf = None,
    basis: asking.Basis = "comparable",
    breaks: asking.Breaks = None,
    currency: money.Currency = None,
    rate: money.Rate = None,
    real: money.Real = None,
    inflation: money.Inflation = None,
    explain: writing.Explain = False,
    chart: drawing.Chart = None,
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
    """Compare the growth of several series, in percent and as an index.

    $ rural-forecast growth consumption_rural consumption_urban --format markdown
    $ rural-forecast growth income_national income_rural income_urban --base 2014
    $ rural-forecast growth turnover mofcom --years all --explain -f markdown
    """
    from rural_forecast.observed.growth import growth as side_by_side

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
            chart=chart,
            title=title,
            theme=theme,
            template=template,
        ),
    )
    question = Window(
        until=until,
        prefer=prefer,
        as_of=as_of,
        basis=basis,
        breaks=breaks or (),
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
            real=real,
            inflation=inflation,
        ),
    )
    if years:
        question = replace(question, since=years.since, until=years.until or until)
        load = replace(load, question=question)
    main = sources[0] if sources else None
    read = [load.in_prices(series, main) for series in load.several(sources)]
    result = side_by_side(
        *read,
        base=base,
        currency=currency,
        rate=load.rate(main),
        all_years=years is not None and years.every,
        since=question.since,
        until=question.until,
        prefer=question.prefer,
        as_of=question.as_of,
        basis=question.basis,
        breaks=question.breaks,
    )
    run.show("growth", result, levels=explain, indexed=base is not None)
