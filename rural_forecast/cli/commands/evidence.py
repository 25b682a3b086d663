"""Questions: `compare`, `backtest`, `precedents`, `growth`, `score`, `revise` and `triangulate`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import typer

from rural_forecast.cli import options
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
from rural_forecast.cli.running import Run
from rural_forecast.question.backtest import BacktestQuestion
from rural_forecast.question.compare import ComparisonQuestion
from rural_forecast.question.precedents import PrecedentsQuestion
from rural_forecast.question.question import DEFAULT_LEVELS, Window
from rural_forecast.question.triangulate import TriangulationQuestion

if TYPE_CHECKING:
    from rural_forecast.observed.observation import Series
    from rural_forecast.record.kept import Record


def compare(
    ctx: typer.Context,
    source: options.Source = None,
    all_models: options.AllModelsInTables = False,
    year: options.Year = None,
    horizon: options.Horizon = None,
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
    with run.spinner("Fitting every model at every origin"):
        result = market.shown(compare_models(market.series, market.question))
    run.show("compare", result, all_models=all_models)


def backtest(
    ctx: typer.Context,
    source: options.Source = None,
    detail: options.Detail = False,
    horizon: options.HorizonOfBacktest = 3,
    all_models: options.AllModels = False,
    model: options.Model = None,
    ceiling: options.Ceiling = None,
    floor: options.Floor = None,
    kind: options.Kind = None,
    since: options.Since = None,
    until: options.Until = None,
    prefer: options.Prefer = None,
    as_of: options.AsOf = None,
    basis: options.Basis = "comparable",
    breaks: options.Breaks = None,
    real: options.Real = None,
    inflation: options.Inflation = None,
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
) -> None:
    """Score every model, and published forecasts, on the past of a series.

    $ rural-forecast backtest mofcom
    $ rural-forecast backtest income_percap_rural --horizon 2 --format csv
    $ rural-forecast backtest mofcom --model theta --detail --format ndjson
    """
    from rural_forecast.forecasting.backtest import backtest as score_models

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
    question = BacktestQuestion(
        opinions=all_models,
        horizon=horizon,
        models=model or (),
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
            real=real,
            inflation=inflation,
        ),
    )
    market = load.market(source)
    with run.spinner("Fitting every model at every origin"):
        result = score_models(market.series, market.question)
    run.show("backtest", result, detail=detail)


def precedents(
    ctx: typer.Context,
    source: options.Source = None,
    count: options.Count = 8,
    year: options.Year = None,
    horizon: options.Horizon = None,
    kind: options.KindOfPrecedents = None,
    like: options.Like = None,
    since: options.Since = None,
    until: options.Until = None,
    prefer: options.Prefer = None,
    as_of: options.AsOf = None,
    basis: options.Basis = "comparable",
    breaks: options.Breaks = None,
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


def growth(
    ctx: typer.Context,
    sources: options.Sources = None,
    years: options.Years = None,
    base: options.Base = None,
    until: options.Until = None,
    prefer: options.Prefer = None,
    as_of: options.AsOf = None,
    basis: options.Basis = "comparable",
    breaks: options.Breaks = None,
    currency: options.Currency = None,
    rate: options.Rate = None,
    real: options.Real = None,
    inflation: options.Inflation = None,
    explain: options.Explain = False,
    chart: options.Chart = None,
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


def score(
    ctx: typer.Context,
    records: options.Records,
    against: options.Against = None,
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


def revise(
    ctx: typer.Context,
    old: options.Old,
    new: options.New,
    year: options.YearOfRecord = None,
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
) -> None:
    """Explain why the answer for a year moved, step by step.

    $ rural-forecast revise kept/mofcom-2021.json mofcom --year 2027
    $ rural-forecast revise kept/mofcom-2021.json mofcom --year 2027 --format json
    $ rural-forecast revise kept/mofcom-2021.json mofcom -o why.svg
    """
    from rural_forecast.record.kept import read_record, record_in
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


def triangulate(
    ctx: typer.Context,
    source: options.Source = None,
    year: options.Year = None,
    horizon: options.Horizon = None,
    target: options.Target = None,
    drivers: options.Drivers = None,
    definition: options.Definition = None,
    partial: options.Partial = None,
    weight: options.WeightOfArguments = None,
    ceiling: options.Ceiling = None,
    floor: options.Floor = None,
    kind: options.Kind = None,
    since: options.Since = None,
    until: options.Until = None,
    prefer: options.Prefer = None,
    as_of: options.AsOf = None,
    basis: options.Basis = "comparable",
    breaks: options.Breaks = None,
    like: options.Like = None,
    within: options.Within = None,
    explain: options.Explain = False,
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
) -> None:
    """Combine trend, leading markets, drivers and published views.

    $ rural-forecast triangulate mofcom --year 2028 --like online
    $ rural-forecast triangulate mofcom --year 2028 --weight drivers=0.3 -f csv
    $ rural-forecast triangulate mofcom --like online --explain -f markdown
    $ rural-forecast triangulate turnover --year 2017 -o turnover.svg
    """
    from rural_forecast.record.triangulate import triangulate as combine

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
    question = TriangulationQuestion(
        drivers=drivers,
        partial=partial or (),
        weights=weight or {},
        year=year,
        horizon=horizon,
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
        markets=Markets(
            like=like,
            within=within,
            definition=definition,
        ),
    )
    market = load.market(source)
    with run.spinner("Asking every argument"):
        result = combine(market.series, market.question)
    aims = target or ()
    run.show("triangulate", result, drawn={"targets": aims}, targets=aims, arithmetic=explain)
