"""`size`: a market from its drivers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from rural_forecast.cli import loading, streams
from rural_forecast.cli.groups import (
    Drawing,
    Fetching,
    Keeping,
    Money,
    Showing,
)
from rural_forecast.cli.loading import Loader
from rural_forecast.cli.options import (
    arguments,
    asking,
    drawing,
    drivers,
    money,
    reading,
    writing,
)
from rural_forecast.cli.running import Run
from rural_forecast.errors import UsageError
from rural_forecast.observed.source_names import without_folders
from rural_forecast.question.question import Window
from rural_forecast.render import formats
from rural_forecast.text.cells import without_controls

if TYPE_CHECKING:
    from pathlib import Path


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
