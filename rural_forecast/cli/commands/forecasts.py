"""Forecasts: `project`, `nowcast`, `panel` and `batch`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import typer

from rural_forecast.cli import loading, options
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
from rural_forecast.cli.running import Run
from rural_forecast.document.table import Document, Table
from rural_forecast.errors import UsageError
from rural_forecast.observed.source_names import without_folders
from rural_forecast.question.batch import BatchQuestion
from rural_forecast.question.nowcast import NowcastQuestion
from rural_forecast.question.question import CONSENSUS, DEFAULT_LEVELS, Question, Window
from rural_forecast.render import formats

if TYPE_CHECKING:
    from rural_forecast.document.picture import Picture


def project(
    ctx: typer.Context,
    source: options.Source = None,
    year: options.Year = None,
    horizon: options.Horizon = None,
    target: options.Target = None,
    history: options.History = False,
    all_models: options.AllModels = False,
    explain: options.Explain = False,
    chart: options.Chart = None,
    model: options.Model = None,
    level: options.Level = None,
    ceiling: options.Ceiling = None,
    floor: options.Floor = None,
    kind: options.Kind = None,
    since: options.Since = None,
    until: options.Until = None,
    prefer: options.Prefer = None,
    as_of: options.AsOf = None,
    basis: options.Basis = "comparable",
    breaks: options.Breaks = None,
    currency: options.Currency = None,
    rate: options.Rate = None,
    real: options.Real = None,
    inflation: options.Inflation = None,
    like: options.Like = None,
    within: options.Within = None,
    pool: options.Pool = False,
    weight: options.Weight = None,
    title: options.Title = None,
    theme: options.Theme = "light",
    template: options.Template = None,
    series: options.Series = None,
    encoding: options.Encoding = None,
    period_column: options.PeriodColumn = None,
    value_column: options.ValueColumn = None,
    id_column: options.IdColumn = None,
    where: options.Where = None,
    sheet: options.Sheet = None,
    decimal: options.Decimal = None,
    measure: options.Measure = None,
    actuals_until: options.ActualsUntil = None,
    allow_gaps: options.AllowGaps = False,
    refresh: options.Refresh = False,
    offline: options.Offline = False,
    format_name: options.FormatOrPicture = None,
    output: options.Output = None,
    color: options.Color = "auto",
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    keep: options.Keep = None,
    date: options.Date = None,
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
    with run.spinner("Fitting ARIMA and ETS", when=all_models):
        result = forecast(market.series, market.question)
    result = with_record(result)
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


def nowcast(
    ctx: typer.Context,
    source: options.Source = None,
    year: options.YearOfParts = None,
    partial: options.Partial = None,
    same_definition: options.SameDefinition = False,
    history: options.History = False,
    level: options.Level = None,
    since: options.Since = None,
    until: options.Until = None,
    prefer: options.Prefer = None,
    as_of: options.AsOf = None,
    basis: options.Basis = "comparable",
    breaks: options.Breaks = None,
    currency: options.Currency = None,
    rate: options.Rate = None,
    title: options.Title = None,
    theme: options.Theme = "light",
    template: options.Template = None,
    series: options.Series = None,
    encoding: options.Encoding = None,
    period_column: options.PeriodColumn = None,
    value_column: options.ValueColumn = None,
    id_column: options.IdColumn = None,
    where: options.Where = None,
    sheet: options.Sheet = None,
    decimal: options.Decimal = None,
    measure: options.Measure = None,
    actuals_until: options.ActualsUntil = None,
    allow_gaps: options.AllowGaps = False,
    refresh: options.Refresh = False,
    offline: options.Offline = False,
    format_name: options.FormatOrPicture = None,
    output: options.Output = None,
    color: options.Color = "auto",
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    keep: options.Keep = None,
    date: options.Date = None,
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
    result = estimate(market.series, market.question)
    shown = {"currency": market.conversion}
    kept = (market.series.label, result.year - 1)
    run.show("nowcast", result, drawn=shown, kept=kept, history=history, **shown)


def panel(
    ctx: typer.Context,
    panel: options.Panel,
    method: options.Method = "weighted",
    separator: options.Separator = " / ",
    parents: options.Parents = None,
    year: options.Year = None,
    horizon: options.Horizon = None,
    target: options.Target = None,
    model: options.Model = None,
    level: options.Level = None,
    currency: options.Currency = None,
    rate: options.Rate = None,
    real: options.Real = None,
    inflation: options.Inflation = None,
    like: options.Like = None,
    title: options.Title = None,
    theme: options.Theme = "light",
    template: options.Template = None,
    breaks: options.Breaks = None,
    encoding: options.Encoding = None,
    period_column: options.PeriodColumn = None,
    value_column: options.ValueColumn = None,
    id_column: options.IdColumn = None,
    where: options.Where = None,
    sheet: options.Sheet = None,
    decimal: options.Decimal = None,
    measure: options.Measure = None,
    actuals_until: options.ActualsUntil = None,
    allow_gaps: options.AllowGaps = False,
    refresh: options.Refresh = False,
    offline: options.Offline = False,
    format_name: options.FormatOrPicture = None,
    output: options.Output = None,
    color: options.Color = "auto",
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    keep: options.Keep = None,
    date: options.Date = None,
) -> None:
    """Forecast the parts of a whole, and the whole, so that they add up.

    $ rural-forecast panel regions.csv --year 2030
    $ rural-forecast panel regions.csv --method bottom-up -o forecasts.csv
    $ rural-forecast panel shops.csv --parents tree.csv --format table
    """
    from rural_forecast.cli import batch_run
    from rural_forecast.panels.panel import panel as add_up
    from rural_forecast.panels.tree import read_parents

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
        keeping=Keeping(
            keep=keep,
            date=date,
        ),
    )
    load = Loader(
        run,
        question=Window(),
        reading=Reading(
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
            breaks=breaks,
        ),
        money=Money(
            currency=currency,
            rate=rate,
            real=real,
            inflation=inflation,
        ),
        markets=Markets(
            like=like,
        ),
    )
    file = panel.whole_file
    only_model, *more = model or ["consensus"]
    if more:
        raise UsageError(
            f"A panel takes one model, and there are {1 + len(more)}.",
            f"Keep --model {only_model}, say.",
        )
    asked: dict[str, Any] = {"year": year, "horizon": horizon, "levels": level, "real": real}
    with batch_run.readable(file) as path:
        result = add_up(
            path,
            model=only_model,
            parents=read_parents(parents) if parents else None,
            options=load.options_for(panel),
            inflation=load.inflation(panel),
            method=method,
            separator=separator,
            **load.other_markets(panel),
            **{name: value for name, value in asked.items() if value is not None},
        )
    result = loading.in_currency(result, load.conversion(result.unit, panel))
    name = without_folders(file)
    if verbose:
        count = int((result.tree.series >= 0).sum())
        run.say(
            f"read {name}: {count} series of {len(result.tree.names)} nodes, from {result.first} on"
        )
    aims = target or ()
    kept = (name.partition(".")[0], result.years[0] - 1)
    run.show("panel", result, drawn={"targets": aims}, kept=kept, targets=aims)


def batch(
    ctx: typer.Context,
    file: options.File,
    calibrate: options.Calibrate = "never",
    strict: options.Strict = False,
    raw_text: options.RawText = False,
    year: options.YearOfBatch = None,
    horizon: options.HorizonOfBatch = None,
    history: options.History = False,
    all_models: options.AllModels = False,
    model: options.Model = None,
    level: options.Level = None,
    ceiling: options.Ceiling = None,
    floor: options.Floor = None,
    kind: options.Kind = None,
    engine: options.Engine = "local",
    workers: options.Workers = None,
    breaks: options.Breaks = None,
    encoding: options.Encoding = None,
    period_column: options.PeriodColumn = None,
    value_column: options.ValueColumn = None,
    id_column: options.IdColumn = None,
    where: options.Where = None,
    sheet: options.Sheet = None,
    decimal: options.Decimal = None,
    measure: options.Measure = None,
    actuals_until: options.ActualsUntil = None,
    allow_gaps: options.AllowGaps = False,
    refresh: options.Refresh = False,
    offline: options.Offline = False,
    format_name: options.Format = None,
    output: options.Output = None,
    color: options.Color = "auto",
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
    keep: options.Keep = None,
    date: options.Date = None,
) -> None:
    """Forecast every series of a file; list the refused ones next to the output.

    $ rural-forecast batch regions.csv --year 2030 -o forecasts.csv
    $ rural-forecast batch panel.parquet --horizon 5 -o forecasts.parquet
    $ cat regions.csv | rural-forecast batch - --horizon 3 --format ndjson
    """
    from rural_forecast.cli import batch_run
    from rural_forecast.forecasting.panel import request

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
        keeping=Keeping(
            keep=keep,
            date=date,
        ),
    )
    question = BatchQuestion(
        all_models=all_models,
        history=history,
        year=year,
        horizon=horizon,
        models=model or (),
        levels=level or DEFAULT_LEVELS,
        ceiling=ceiling,
        floor=floor,
        kind=kind,
        measure=running_total(measure),
    )
    load = Loader(
        run,
        Window(),
        reading=Reading(
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
            breaks=breaks,
        ),
    )
    batch_run.carry_out(
        file.whole_file,
        load.options_for(file),
        request(question),
        run,
        engine=engine,
        workers=workers,
        strict=strict,
        calibrate=calibrate,
        guarded=not raw_text,
    )
