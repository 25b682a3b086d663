"""Questions: `compare`, `backtest`, `precedents`, `growth`, `score`, `revise` and `triangulate`."""

from __future__ import annotations

from typing import Any

from rural_forecast.cli import conditions as only
from rural_forecast.cli import loading
from rural_forecast.cli.command import command
from rural_forecast.cli.options import Options
from rural_forecast.cli.running import Run


@command(
    "source all_models ahead question money markets picture reading showing",
    without="model",
    all_models={"needs": only.TABLE},
)
def compare(ask: Options) -> None:
    """Compare all models on a series: forecast, range, weight and error.

    $ rural-forecast compare turnover --year 2018
    $ rural-forecast compare mofcom --year 2027 --format csv
    $ rural-forecast compare users --level 90 --format markdown
    """
    from rural_forecast.forecasting.backtest import compare as compare_models

    run = Run(ask)
    market = loading.market(ask.source, run)
    with run.spinner("Fitting every model at every origin"):
        result = market.shown(compare_models(market.series, **market.asked))
    run.show("compare", result, all_models=ask.all_models)


@command(
    "source detail ahead rows question prices picture reading showing",
    without="year history level",
    horizon={"default": 3, "needs": ()},
)
def backtest(ask: Options) -> None:
    """Score every model, and published forecasts, on the past of a series.

    $ rural-forecast backtest mofcom
    $ rural-forecast backtest income_percap_rural --horizon 2 --format csv
    $ rural-forecast backtest mofcom --model theta --detail --format ndjson
    """
    from rural_forecast.forecasting.backtest import backtest as score

    run = Run(ask)
    market = loading.market(ask.source, run)
    with run.spinner("Fitting every model at every origin"):
        result = score(market.series, opinions=ask.all_models, **market.asked)
    run.show("backtest", result, detail=ask.detail)


@command(
    "source count ahead limits markets window picture reading showing",
    without="ceiling floor within",
    kind={"left_out": "all"},
)
def precedents(ask: Options) -> None:
    """Show the real histories most like a series, and what came next.

    $ rural-forecast precedents turnover --year 2018
    $ rural-forecast precedents users --kind adoption --count 12 --horizon 5
    $ rural-forecast precedents mofcom -o precedents.svg
    """
    from rural_forecast.forecasting.precedents import precedents as search

    run = Run(ask)
    market = loading.market(ask.source, run)
    run.show("precedents", search(market.series, count=ask.count, **market.asked))


@command("sources years base window money explained picture reading showing", without="since")
def growth(ask: Options) -> None:
    """Compare the growth of several series, in percent and as an index.

    $ rural-forecast growth consumption_rural consumption_urban --format markdown
    $ rural-forecast growth income_national income_rural income_urban --base 2014
    $ rural-forecast growth turnover mofcom --years all --explain -f markdown
    """
    from rural_forecast.series.growth import growth as side_by_side

    run = Run(ask)
    shown = ask.stated("window") | {name: year for name, year in (ask.years or {}).items() if year}
    ask.since = shown.get("since")
    ask.until = shown.get("until")
    read = [loading.real(series, ask) for series in loading.several(ask.sources, run)]
    result = side_by_side(
        *read, base=ask.base, currency=ask.currency, rate=loading.rate(ask), **shown
    )
    run.show("growth", result, levels=ask.explain, indexed=ask.base is not None)


@command("records against picture reading showing")
def score(ask: Options) -> None:
    """Score kept forecasts against what came: errors, ranges that held, by horizon and author.

    $ rural-forecast score kept/mofcom-2021.json
    $ rural-forecast score kept/mofcom-2021.json --with mofcom --format json
    $ rural-forecast score forecasts.csv --with regions.csv
    """
    from rural_forecast.record.score import score as scored

    run = Run(ask)
    came = None if ask.against is None else loading.several([ask.against], run)
    run.show("score", scored(*map(loading.path_of, ask.records), actuals=came))


@command(
    "old new ahead picture reading showing",
    without="horizon",
    year={"left_out": "the last one of the record"},
)
def revise(ask: Options) -> None:
    """Explain why the answer for a year moved, step by step.

    $ rural-forecast revise kept/mofcom-2021.json mofcom --year 2027
    $ rural-forecast revise kept/mofcom-2021.json mofcom --year 2027 --format json
    $ rural-forecast revise kept/mofcom-2021.json mofcom -o why.svg
    """
    from rural_forecast.record.kept import read_record, record_in
    from rural_forecast.record.revise import revise as revised

    run = Run(ask)
    kept = read_record(loading.path_of(ask.old))
    source = record_in(ask.new) or (
        ask.new if kept.command in ("panel", "size") else loading.series(ask.new, run)
    )
    run.show("revise", revised(kept, source, year=ask.year, series=(ask.series or (None,))[0]))


@command(
    "source ahead drivers parts pooling limits window markets picture reading showing",
    without="pool same_definition",
    weight={"needs": ()},
)
def triangulate(ask: Options) -> None:
    """Combine trend, leading markets, drivers and published views.

    $ rural-forecast triangulate mofcom --year 2028 --like online
    $ rural-forecast triangulate mofcom --year 2028 --weight drivers=0.3 -f csv
    $ rural-forecast triangulate turnover --year 2017 -o turnover.svg
    """
    from rural_forecast.record.triangulate import triangulate as combine

    run = Run(ask)
    market = loading.market(ask.source, run)
    with run.spinner("Asking every argument"):
        given: dict[str, Any] = {
            "drivers": ask.drivers,
            "partial": ask.partial or (),
            "weights": ask.weight or {},
        }
        result = combine(market.series, **given, **market.asked)
    run.show("triangulate", result)
