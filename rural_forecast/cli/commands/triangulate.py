"""The command `triangulate`."""

from __future__ import annotations

import typer

from rural_forecast.cli.groups import Drawing, Fetching, Markets, Reading, Showing, running_total
from rural_forecast.cli.loading import Loader
from rural_forecast.cli.options import (
    arguments,
    asking,
    choosing,
    drawing,
    evidence,
    parts,
    reading,
    writing,
)
from rural_forecast.cli.running import Run
from rural_forecast.question.triangulate import TriangulationQuestion


def triangulate(
    ctx: typer.Context,
    source: arguments.Source = None,
    year: asking.Year = None,
    horizon: asking.Horizon = None,
    target: asking.Target = None,
    drivers: evidence.Drivers = None,
    definition: evidence.Definition = None,
    partial: parts.Partial = None,
    weight: evidence.WeightOfArguments = None,
    ceiling: evidence.Ceiling = None,
    floor: evidence.Floor = None,
    kind: evidence.Kind = None,
    since: asking.Since = None,
    until: asking.Until = None,
    prefer: choosing.Prefer = None,
    as_of: asking.AsOf = None,
    basis: asking.Basis = "comparable",
    breaks: asking.Breaks = None,
    like: evidence.Like = None,
    within: evidence.Within = None,
    explain: writing.Explain = False,
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
    if as_python:
        from rural_forecast.cli import script

        run.write(script.of_market("triangulate", load, source, {"targets": target}))
        return
    with run.spinner("Asking every argument"):
        result = combine(market.series, market.question)
    aims = target or ()
    run.show("triangulate", result, drawn={"targets": aims}, targets=aims, arithmetic=explain)
