"""The command `compare`."""

from __future__ import annotations

import typer

from rural_forecast.cli.groups import (
    Drawing,
    Fetching,
    Markets,
    Money,
    Reading,
    Showing,
    running_total,
)
from rural_forecast.cli.loading import Loader
from rural_forecast.cli.options import (
    arguments,
    asking,
    choosing,
    drawing,
    evidence,
    money,
    reading,
    writing,
)
from rural_forecast.cli.running import Run
from rural_forecast.question.compare import ComparisonQuestion
from rural_forecast.question.question import DEFAULT_LEVELS


def compare(
    ctx: typer.Context,
    source: arguments.Source = None,
    all_models: writing.AllModelsInTables = False,
    year: asking.Year = None,
    horizon: asking.Horizon = None,
    level: asking.Level = None,
    ceiling: evidence.Ceiling = None,
    floor: evidence.Floor = None,
    kind: evidence.Kind = None,
    since: asking.Since = None,
    until: asking.Until = None,
    prefer: choosing.Prefer = None,
    as_of: asking.AsOf = None,
    basis: asking.Basis = "comparable",
    breaks: asking.Breaks = None,
    currency: money.Currency = None,
    rate: money.Rate = None,
    real: money.Real = None,
    inflation: money.Inflation = None,
    like: evidence.Like = None,
    within: evidence.Within = None,
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
) -> None:
    """Compare all models on a series: forecast, range, weight and error.

    $ rural-forecast compare turnover --year 2018
    $ rural-forecast compare mofcom --year 2027 --format csv
    $ rural-forecast compare users --level 90 --format markdown
    """
    from rural_forecast.forecasting.comparison import compare as compare_models

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
    )
    question = ComparisonQuestion(
        year=year,
        horizon=horizon,
        levels=level or DEFAULT_LEVELS,
        ceiling=ceiling,
        floor=floor,
        kind=kind,
        since=since,
        until=until,
        prefer=prefer,
        as_of=as_of,
        basis=basis,
        breaks=breaks or (),
        measure=running_total(measure),
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
            real=real,
            inflation=inflation,
        ),
        markets=Markets(
            like=like,
            within=within,
        ),
    )
    market = load.market(source)
    if as_python:
        from rural_forecast.cli import script

        run.write(script.of_market("compare", load, source, {}))
        return
    with run.spinner("Fitting every model at every origin"):
        result = market.shown(compare_models(market.series, market.question))
    run.show("compare", result, all_models=all_models)
