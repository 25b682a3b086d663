"""`chart`: a picture of one series or of several."""

from __future__ import annotations

import typer

from rural_forecast.cli import loading
from rural_forecast.cli.exhibited import of_one_series
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
from rural_forecast.errors import UsageError
from rural_forecast.notes import Note
from rural_forecast.question.question import DEFAULT_LEVELS, Question


def chart(
    ctx: typer.Context,
    sources: arguments.Sources = None,
    columns: drawing.Columns = False,
    year: asking.Year = None,
    horizon: asking.Horizon = None,
    target: asking.Target = None,
    model: asking.Model = None,
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
    log: drawing.Log = False,
    headline: drawing.Headline = None,
    subtitle: drawing.Subtitle = None,
    credit: drawing.Credit = None,
    note: drawing.Note = None,
    ratio: drawing.Ratio = None,
    pixels: drawing.Pixels = None,
    title: drawing.Title = None,
    theme: drawing.Theme = "light",
    template: drawing.Template = None,
    pool: evidence.Pool = False,
    weight: evidence.Weight = None,
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
    format_name: drawing.FormatOfChart = None,
    output: writing.Output = None,
    color: writing.Color = "auto",
    quiet: writing.Quiet = False,
    verbose: writing.Verbose = False,
) -> None:
    """Draw history, forecast, ranges and published figures.

    $ rural-forecast chart turnover --year 2018
    $ rural-forecast chart turnover mofcom --year 2027 --log
    $ rural-forecast chart turnover --year 2018 --columns
    $ rural-forecast chart mofcom --year 2030 --title 农村网络零售额 -o market.svg
    """
    from rural_forecast.forecasting.backtest import with_record
    from rural_forecast.forecasting.forecast import forecast
    from rural_forecast.views import chart, several
    from rural_forecast.views.about import remarks

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
            log=log,
            headline=headline,
            subtitle=subtitle,
            credit=credit,
            note=note,
            ratio=ratio,
            pixels=pixels,
            title=title,
            theme=theme,
            template=template,
        ),
    )
    question = Question(
        year=year,
        horizon=horizon,
        models=model or (),
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
    markets = load.several_markets(sources)
    of_one = {"--columns": columns, "--pool": pool, "--target": target}
    for option, given in of_one.items():
        if given and len(markets) > 1:
            raise UsageError(
                f"{option} is for one series, and there are {len(markets)}.",
                "Name one, or leave it out.",
            )
    shown = []
    notes: list[Note] = []
    for market in markets:
        result = with_record(forecast(market.series, market.question))
        if pool:
            result = loading.pooled(result, weight)
        result = market.shown(result)
        shown.append(result)
        name = result.history.series.label if len(markets) > 1 else ""
        notes += of_one_series(name, remarks(result.notes))
    run.warn(notes, shown=False)
    run.draw(chart.columns(shown[0]) if columns else several.several(shown, targets=target or ()))
