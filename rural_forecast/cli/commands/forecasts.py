"""Forecasts: `project`, `nowcast`, `panel` and `batch`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rural_forecast.cli import loading
from rural_forecast.cli.command import command
from rural_forecast.cli.options import Options
from rural_forecast.cli.running import Run
from rural_forecast.document.table import Document, Table
from rural_forecast.errors import UsageError
from rural_forecast.question.source import Source
from rural_forecast.render import formats
from rural_forecast.series.source_names import without_folders

if TYPE_CHECKING:
    from rural_forecast.document.picture import Picture


@command(
    "source ahead target rows explained question money markets pooling picture reading showing keeping"
)
def project(ask: Options) -> None:
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

    run = Run(ask)
    market = loading.market(ask.source, run)
    others = ask.all_models
    with run.spinner("Fitting ARIMA and ETS", when=others):
        result = forecast(
            market.series, kernels=others or ask.explain, opinions=others, **market.asked
        )
    result = loading.pooled(with_record(result), ask)
    again = market.asked | {"year": result.target, "horizon": None}
    kept = replace(result, others=result.others if others else ())
    run.keep(lambda: document(market.shown(kept)), market.series.label, result.origin)
    if run.record.for_people:
        result = other_basis(result, **again)
    shown = market.shown(result)
    brief = run.format == "table" and not others and not ask.explain
    page = document(
        shown, history=ask.history, all_models=others, brief=brief, targets=ask.target or ()
    )
    if ask.explain:
        from rural_forecast.views.precedents import explained

        page = explained(page, result)  # weights are those of the forecast in its own currency

    def simpler() -> str:
        asked = again | {"models": ("consensus", *FAMILIAR), "kind": None, "like": ()}
        return other_models(shown, market.shown(forecast(market.series, **asked)).main)

    def picture() -> Picture:
        from rural_forecast.views import chart

        return chart.picture(shown, targets=ask.target or ())

    beside = run.record.for_people and not ask.model and not others
    if beside and not run.on_terminal:
        page = page._replace(last=simpler())
    run.write_document(page, picture)
    if beside and run.on_terminal:  # the answer is there while these are fitted
        below = Document("", Table((), ()), sections=(Table((), ()),), last=simpler())
        run.write(formats.render(below, run.format, **run.terminal))


@command(
    "source ahead parts rows question exchange picture reading showing keeping",
    without="horizon all_models model ceiling floor kind",
    year={"left_out": "the latest of which only parts are known"},
)
def nowcast(ask: Options) -> None:
    """Estimate a year of which some halves, quarters or months are known.

    $ rural-forecast nowcast mofcom --year 2017 --until 2016
    $ rural-forecast nowcast mofcom --until 2016 --partial 2017H1=537.62:38.1
    $ rural-forecast nowcast mofcom --year 2018 --until 2017 --format markdown
    $ rural-forecast nowcast mofcom --year 2017 --as-of 2017-07-31 --format json
    """
    from rural_forecast.nowcasting.nowcast import nowcast as estimate

    run = Run(ask)
    market = loading.market(ask.source, run)
    result = estimate(
        market.series,
        partial=ask.partial or (),
        same_definition=ask.same_definition,
        **market.asked,
    )
    shown = {"currency": market.conversion}
    kept = (market.series.label, result.year - 1)
    run.show("nowcast", result, drawn=shown, kept=kept, history=ask.history, **shown)


@command(
    "panel method separator parents ahead models money markets picture reading showing keeping",
    without="series within",
)
def panel(ask: Options) -> None:
    """Forecast the parts of a whole, and the whole, so that they add up.

    $ rural-forecast panel regions.csv --year 2030
    $ rural-forecast panel regions.csv --method bottom-up -o forecasts.csv
    $ rural-forecast panel shops.csv --parents tree.csv --format table
    """
    from rural_forecast.cli import batch_run
    from rural_forecast.panels.panel import panel as add_up
    from rural_forecast.panels.tree import read_parents

    run = Run(ask)
    ask.panel = loading.path_of(ask.panel)
    model, *more = ask.model or ["consensus"]
    if more:
        raise UsageError(
            f"A panel takes one model, and there are {1 + len(more)}.",
            f"Keep --model {model}, say.",
        )
    with batch_run.readable(ask.panel) as path:
        result = add_up(
            path,
            model=model,
            parents=read_parents(ask.parents) if ask.parents else None,
            options=loading.read_options(ask, Source.parse(ask.panel)),
            inflation=loading.inflation(ask),
            **loading.others(ask.panel, run),
            **ask.stated("ahead level method separator real"),
        )
    result = loading.in_currency(result, loading.conversion(ask, result.unit))
    name = without_folders(ask.panel)
    if ask.verbose:
        count = int((result.tree.series >= 0).sum())
        run.say(
            f"read {name}: {count} series of {len(result.tree.names)} nodes, from {result.first} on"
        )
    run.show("panel", result, kept=(name.partition(".")[0], result.years[0] - 1))


@command(
    "file calibrate strict raw_text ahead rows models limits engines reading showing keeping",
    without="series where",
    year={"left_out": "--horizon"},
    horizon={"left_out": "2"},
)
def batch(ask: Options) -> None:
    """Forecast every series of a file; list the refused ones next to the output.

    $ rural-forecast batch regions.csv --year 2030 -o forecasts.csv
    $ rural-forecast batch panel.parquet --horizon 5 -o forecasts.parquet
    $ cat regions.csv | rural-forecast batch - --horizon 3 --format ndjson
    """
    from rural_forecast.cli import batch_run
    from rural_forecast.forecasting.panel import request

    run = Run(ask)
    asked = request(
        all_models=ask.all_models, history=ask.history, **ask.stated("ahead question measure")
    )
    ask.file = loading.path_of(ask.file)
    options = loading.read_options(ask, Source.parse(ask.file))
    batch_run.carry_out(
        ask.file,
        options,
        asked,
        run,
        strict=ask.strict,
        calibrate=ask.calibrate,
        guarded=not ask.raw_text,
    )
