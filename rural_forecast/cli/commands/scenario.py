"""`scenario`: assumptions of a person, next to the forecast."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import typer

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
    assumptions,
    choosing,
    drawing,
    evidence,
    money,
    reading,
    writing,
)
from rural_forecast.cli.running import Run
from rural_forecast.errors import UsageError
from rural_forecast.question.question import DEFAULT_LEVELS
from rural_forecast.question.scenario import ScenarioQuestion


def scenario(
    ctx: typer.Context,
    source: arguments.Source = None,
    growth: assumptions.Growth = None,
    shock: assumptions.Shock = None,
    override: assumptions.Override = None,
    reason: assumptions.Reason = None,
    name: assumptions.Name = None,
    scenarios: assumptions.Scenarios = None,
    year: asking.Year = None,
    horizon: asking.Horizon = None,
    target: asking.Target = None,
    history: writing.History = False,
    model: asking.Model = None,
    level: asking.Level = None,
    ceiling: evidence.Ceiling = None,
    floor: evidence.Floor = None,
    kind: evidence.Kind = None,
    within: evidence.Within = None,
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
    chart: drawing.Chart = None,
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
    """Compare your assumptions with the forecast.

    $ rural-forecast scenario turnover --override 2018=700 --reason "stated plan"
    $ rural-forecast scenario mofcom --growth 2026=4,2027=3 --shock 2028=-10
    $ rural-forecast scenario --from rural_online_retail --format markdown
    """
    from rural_forecast.scenarios.assumptions import Scenario
    from rural_forecast.scenarios.reading import read_scenarios
    from rural_forecast.scenarios.scenario import scenario as compute

    if scenarios is None and source is not None and source.is_toml:
        scenarios = source.name
        source = None
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
        keeping=Keeping(
            keep=keep,
            date=date,
        ),
    )
    question = ScenarioQuestion(
        year=year,
        horizon=horizon,
        models=model or (),
        levels=level or DEFAULT_LEVELS,
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
            within=within,
        ),
    )
    file = None if scenarios is None else read_scenarios(scenarios)
    stated = [*file.scenarios] if file else []
    assumed: dict[str, Any] = {}
    if growth is not None:
        assumed["growth"] = growth.assumed
    if ceiling is not None:
        assumed["ceiling"] = ceiling
    if shock is not None:
        assumed["shock"] = shock
    if override is not None:
        assumed["override"] = override
    if assumed:
        title = " and ".join(assumed) if name is None else name
        stated.append(Scenario(name=title, reason=reason or "", **assumed))
    elif not stated or reason is not None or name is not None:
        raise UsageError(
            "Nothing is assumed.",
            "State a scenario, such as --growth 5, or read some with --from FILE.",
        )
    if file and year is None and horizon is None:
        load = replace(load, question=replace(question, year=file.year))
    if file and file.series and source is None:
        load.after_reading([file.series])
        market = load.in_terms(file.series, None, load.other_markets(None))
    else:
        market = load.market(source)
    if as_python:
        from rural_forecast.cli import script

        rows = {"history": history, "targets": target}
        run.write(script.of_scenarios(load, source, stated, scenarios, rows))
        return
    result = market.shown(compute(market.series, *stated, question=market.question))
    kept = (market.series.label, result.baseline.origin)
    aims = target or ()
    run.show("scenario", result, drawn={"targets": aims}, kept=kept, history=history, targets=aims)
