"""Assumptions of a person: `scenario`, and `size`, a market from its drivers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import typer

from rural_forecast.cli import loading, streams
from rural_forecast.cli.groups import (
    Drawing,
    Fetching,
    Keeping,
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
    drivers,
    evidence,
    money,
    reading,
    writing,
)
from rural_forecast.cli.running import Run
from rural_forecast.errors import UsageError
from rural_forecast.observed.source_names import without_folders
from rural_forecast.question.question import DEFAULT_LEVELS, Window
from rural_forecast.question.scenario import ScenarioQuestion
from rural_forecast.render import formats
from rural_forecast.text.cells import without_controls

if TYPE_CHECKING:
    from pathlib import Path


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
        market = load.in_terms(file.series, None)
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


def size(
    ctx: typer.Context,
    sizing: arguments.Sizing,
    draws: drivers.Draws = 100_000,
    seed: drivers.Seed = 1,
    print_model: drivers.PrintModel = False,
    breaks: asking.Breaks = None,
    year: asking.YearOfModel = None,
    target: asking.Target = None,
    level: asking.Level = None,
    currency: money.Currency = None,
    rate: money.Rate = None,
    real: money.Real = None,
    inflation: money.Inflation = None,
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
    """Size a market from its drivers, by Monte Carlo.

    $ rural-forecast size rural_online_retail
    $ rural-forecast size rural_online_retail --year 2026 --currency USD -f csv
    $ rural-forecast size rural_retailer --print-model > market.toml
    """
    from rural_forecast.sizing.size import size as size_up

    if sizing.is_address:
        raise UsageError(f"{sizing.name} names a model.", "Download it, and name the file.")
    model = sizing.whole_file
    if print_model:
        _print_model(model, output)
        return
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
    load = Loader(
        run, Window(), money=Money(currency=currency, rate=rate, real=real, inflation=inflation)
    )
    asked: dict[str, Any] = {"year": year, "levels": level, "real": real, "breaks": breaks}
    if as_python:
        from rural_forecast.cli import script

        stated = asked | {"draws": draws, "seed": seed}
        run.write(script.of_file("size", load, sizing, stated, {"targets": target}))
        return
    result = size_up(
        model,
        draws=draws,
        seed=seed,
        inflation=load.inflation(None),
        **{name: value for name, value in asked.items() if value is not None},
    )
    result = loading.in_currency(result, load.conversion(result.main.unit, None))
    load.after_reading(result.model.series)
    name = result.model.file.name
    if verbose:
        run.say(f"read {name}: {len(result.model.drivers)} drivers, {len(result.stages)} stages")
    aims = target or ()
    kept = (without_folders(name).partition(".")[0], None)
    run.show("size", result, drawn={"targets": aims}, kept=kept, targets=aims)


def _print_model(model: str, output: Path | None) -> None:
    """Print a model file as it is, to start one's own from it."""
    from rural_forecast.sizing.model import load

    form = formats.from_suffix(output) if output else None
    if form:
        raise UsageError(
            f"--print-model prints TOML, and {output} is named as {form}.", "Write -o model.toml."
        )
    streams.write(without_controls(load(model).file.text), output)
