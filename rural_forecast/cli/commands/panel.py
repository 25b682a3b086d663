"""The command `panel`."""

from __future__ import annotations

from typing import Any

import typer

from rural_forecast.cli import loading
from rural_forecast.cli.groups import Drawing, Fetching, Keeping, Markets, Money, Reading, Showing
from rural_forecast.cli.loading import Loader
from rural_forecast.cli.options import (
    arguments,
    asking,
    choosing,
    drawing,
    evidence,
    money,
    reading,
    tree,
    writing,
)
from rural_forecast.cli.running import Run
from rural_forecast.errors import UsageError
from rural_forecast.observed.source_names import without_folders
from rural_forecast.question.question import Window


def panel(
    ctx: typer.Context,
    panel: arguments.Panel,
    method: tree.Method = "weighted",
    separator: tree.Separator = " / ",
    parents: tree.Parents = None,
    year: asking.Year = None,
    horizon: asking.Horizon = None,
    target: asking.Target = None,
    model: asking.Model = None,
    level: asking.Level = None,
    currency: money.Currency = None,
    rate: money.Rate = None,
    real: money.Real = None,
    inflation: money.Inflation = None,
    kind: evidence.Kind = None,
    like: evidence.Like = None,
    title: drawing.Title = None,
    theme: drawing.Theme = "light",
    template: drawing.Template = None,
    breaks: asking.Breaks = None,
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
    asked["kind"] = kind
    if as_python:
        from rural_forecast.cli import script

        stated = {
            **asked,
            "model": only_model,
            "method": method,
            "separator": separator,
            "parents": read_parents(parents) if parents else None,
        }
        run.write(script.of_file("panel", load, panel, stated, {"targets": target}))
        return
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
