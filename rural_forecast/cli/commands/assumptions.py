"""Assumptions of a person: `scenario`, and `size`, a market from its drivers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import typer

from rural_forecast.cli import loading, options, streams
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
    source: options.Source = None,
    growth: options.Growth = None,
    shock: options.Shock = None,
    override: options.Override = None,
    reason: options.Reason = None,
    name: options.Name = None,
    scenarios: options.Scenarios = None,
    year: options.Year = None,
    horizon: options.Horizon = None,
    target: options.Target = None,
    history: options.History = False,
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
    chart: options.Chart = None,
    log: options.Log = False,
    headline: options.Headline = None,
    subtitle: options.Subtitle = None,
    credit: options.Credit = None,
    note: options.Note = None,
    ratio: options.Ratio = None,
    pixels: options.Pixels = None,
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
    result = market.shown(compute(market.series, *stated, question=market.question))
    kept = (market.series.label, result.baseline.origin)
    aims = target or ()
    run.show("scenario", result, drawn={"targets": aims}, kept=kept, history=history, targets=aims)


def size(
    ctx: typer.Context,
    sizing: options.Sizing,
    draws: options.Draws = 100_000,
    seed: options.Seed = 1,
    print_model: options.PrintModel = False,
    year: options.YearOfModel = None,
    target: options.Target = None,
    level: options.Level = None,
    currency: options.Currency = None,
    rate: options.Rate = None,
    real: options.Real = None,
    inflation: options.Inflation = None,
    log: options.Log = False,
    headline: options.Headline = None,
    subtitle: options.Subtitle = None,
    credit: options.Credit = None,
    note: options.Note = None,
    ratio: options.Ratio = None,
    pixels: options.Pixels = None,
    title: options.Title = None,
    theme: options.Theme = "light",
    template: options.Template = None,
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
    asked: dict[str, Any] = {"year": year, "levels": level, "real": real}
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
