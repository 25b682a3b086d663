"""The command `project`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from rural_forecast.cli import loading
from rural_forecast.cli.groups import (
    Drawing,
    Fetching,
    Keeping,
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
from rural_forecast.document.table import Document, Table
from rural_forecast.question.question import CONSENSUS, DEFAULT_LEVELS, Question
from rural_forecast.render import formats

if TYPE_CHECKING:
    from rural_forecast.document.picture import Picture


def project(
    ctx: typer.Context,
    source: arguments.Source = None,
    year: asking.Year = None,
    horizon: asking.Horizon = None,
    target: asking.Target = None,
    history: writing.History = False,
    all_models: writing.AllModels = False,
    explain: writing.Explain = False,
    chart: drawing.Chart = None,
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
    pool: evidence.Pool = False,
    weight: evidence.Weight = None,
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
    """Forecast a yearly series: the number, its range, the evidence for both.

    $ rural-forecast project --year 2018
    $ rural-forecast project mofcom --until 2022 --year 2025 --format markdown
    $ rural-forecast project mofcom --year 2027 --format json --history
    $ rural-forecast project mofcom --chart --format table
    $ rural-forecast project turnover --year 2022 --target 1000
    """
    from rural_forecast.forecasting.backtest import with_record
    from rural_forecast.forecasting.forecast import forecast, other_basis
    from rural_forecast.views.project import FAMILIAR, document, other_models

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
            chart=chart,
            title=title,
            theme=theme,
            template=template,
        ),
        keeping=Keeping(
            keep=keep,
            date=date,
        ),
    )
    question = Question(
        kernels=all_models or explain,
        opinions=all_models,
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
    market = load.market(source)
    if as_python:
        from rural_forecast.cli import script

        rows = {"history": history, "all_models": all_models, "targets": target}
        voices = weight or {} if pool else None
        run.write(script.of_market("forecast", load, source, rows, pool=voices))
        return
    with run.spinner("Fitting ARIMA and ETS", when=all_models):
        result = forecast(market.series, market.question)
    result = with_record(result)
    result = load.with_total_proposed(result, source)
    if pool:
        result = loading.pooled(result, weight)
    kept = replace(result, others=result.others if all_models else ())
    run.keep(lambda: document(market.shown(kept)), market.series.label, result.origin)
    if run.record.for_people:
        result = other_basis(result)
    shown = market.shown(result)
    brief = run.format == "table" and not all_models and not explain
    page = document(
        shown, history=history, all_models=all_models, brief=brief, targets=target or ()
    )
    if explain:
        from rural_forecast.views.precedents import explained

        page = explained(page, result)  # weights are those of the forecast in its own currency

    def simpler_models() -> str:
        simpler = replace(
            result.question,
            models=(CONSENSUS, *FAMILIAR),
            kernels=False,
            opinions=False,
            kind=None,
            like=(),
        )
        return other_models(shown, market.shown(forecast(market.series, simpler)).main)

    def picture() -> Picture:
        from rural_forecast.views import chart

        return chart.picture(shown, targets=target or ())

    with_simpler = run.record.for_people and not model and not all_models
    if with_simpler and not run.on_terminal:
        page = page._replace(last=simpler_models())
    run.write_document(page, picture)
    if with_simpler and run.on_terminal:  # the answer is there while these are fitted
        below = Document("", Table((), ()), sections=(Table((), ()),), last=simpler_models())
        run.write(formats.render(below, run.format, **run.terminal))
