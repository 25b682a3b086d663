"""Questions: `compare`, `backtest`, `precedents`, `growth`, `score`, `revise` and `triangulate`."""

from __future__ import annotations

from typing import Any

from rural_forecast.cli import loading
from rural_forecast.cli import options as opt
from rural_forecast.cli.command import command
from rural_forecast.cli.running import Run


@command(
    opt.AHEAD, opt.QUESTION, opt.MONEY, opt.MARKETS, opt.PICTURE, opt.READING, opt.SHOWING,
    without="model",
    examples=(
        "rural-forecast compare turnover --year 2018",
        "rural-forecast compare mofcom --year 2027 --format csv",
        "rural-forecast compare users --level 90 --format markdown",
    ),
)  # fmt: skip
def compare(source: str | None = opt.SOURCE, *, all_models: bool = opt.ALL_MODELS, ask: opt.Options) -> None:
    """Compare all models on a series: forecast, range, weight and error."""
    from rural_forecast.forecasting.backtest import compare as compare_models

    run = Run(ask)
    market = loading.market(source, run)
    with run.spinner("Fitting every model at every origin"):
        result = market.shown(compare_models(market.series, **market.asked))
    run.show("compare", result, all_models=all_models)


@command(
    opt.AHEAD, opt.ROWS, opt.QUESTION, opt.PRICES, opt.PICTURE, opt.READING, opt.SHOWING,
    without="year history level",
    horizon={"default": 3, "needs": ()},
    examples=(
        "rural-forecast backtest mofcom",
        "rural-forecast backtest income_percap_rural --horizon 2 --format csv",
        "rural-forecast backtest mofcom --model theta --detail --format ndjson",
    ),
)  # fmt: skip
def backtest(source: str | None = opt.SOURCE, *, detail: bool = opt.DETAIL, ask: opt.Options) -> None:
    """Score every model, and published forecasts, on the past of a series."""
    from rural_forecast.forecasting.backtest import backtest as score

    run = Run(ask)
    market = loading.market(source, run)
    with run.spinner("Fitting every model at every origin"):
        result = score(market.series, opinions=ask.all_models, **market.asked)
    run.show("backtest", result, detail=detail)


@command(
    opt.AHEAD, opt.LIMITS, opt.MARKETS, opt.WINDOW, opt.PICTURE, opt.READING, opt.SHOWING,
    without="ceiling floor within",
    kind={"left_out": "all"},
    examples=(
        "rural-forecast precedents turnover --year 2018",
        "rural-forecast precedents users --kind adoption --count 12 --horizon 5",
        "rural-forecast precedents mofcom -o precedents.svg",
    ),
)  # fmt: skip
def precedents(source: str | None = opt.SOURCE, *, count: int = opt.COUNT, ask: opt.Options) -> None:
    """Show the real histories most like a series, and what came next."""
    from rural_forecast.forecasting.precedents import precedents as search

    run = Run(ask)
    market = loading.market(source, run)
    run.show("precedents", search(market.series, count=count, **market.asked))


@command(
    opt.WINDOW, opt.MONEY, opt.EXPLAINED, opt.PICTURE, opt.READING, opt.SHOWING,
    without="since",
    examples=(
        "rural-forecast growth consumption_rural consumption_urban --format markdown",
        "rural-forecast growth income_national income_rural income_urban --base 2014",
        "rural-forecast growth turnover mofcom --years all --explain -f markdown",
    ),
)  # fmt: skip
def growth(
    source: list[str] | None = opt.SOURCES,
    *,
    years: dict[str, Any] | None = opt.YEARS,
    base: int | None = opt.BASE,
    ask: opt.Options,
) -> None:
    """Compare the growth of several series, in percent and as an index."""
    from rural_forecast.series.growth import growth as side_by_side

    run = Run(ask)
    shown = ask.stated(opt.WINDOW) | {name: year for name, year in (years or {}).items() if year}
    ask.since, ask.until = shown.get("since"), shown.get("until")
    read = [loading.real(series, ask) for series in loading.several(source, run)]
    result = side_by_side(*read, base=base, currency=ask.currency, rate=loading.rate(ask), **shown)
    run.show("growth", result, levels=ask.explain, indexed=base is not None)


@command(
    opt.PICTURE, opt.READING, opt.SHOWING,
    examples=(
        "rural-forecast score kept/mofcom-2021.json",
        "rural-forecast score kept/mofcom-2021.json --with mofcom --format json",
        "rural-forecast score forecasts.csv --with regions.csv",
    ),
)  # fmt: skip
def score(record: list[str] = opt.RECORDS, *, against: str | None = opt.AGAINST, ask: opt.Options) -> None:
    """Score kept forecasts against what came: errors, ranges that held, by horizon and author."""
    from rural_forecast.record.score import score as scored

    run = Run(ask)
    came = None if against is None else loading.several([against], run)
    run.show("score", scored(*map(loading.path_of, record), actuals=came))


@command(
    opt.AHEAD, opt.PICTURE, opt.READING, opt.SHOWING,
    without="horizon",
    year={"left_out": "the last one of the record"},
    examples=(
        "rural-forecast revise kept/mofcom-2021.json mofcom --year 2027",
        "rural-forecast revise kept/mofcom-2021.json mofcom --year 2027 --format json",
        "rural-forecast revise kept/mofcom-2021.json mofcom -o why.svg",
    ),
)  # fmt: skip
def revise(old: str = opt.OLD, new: str = opt.NEW, *, ask: opt.Options) -> None:
    """Explain why the answer for a year moved, step by step."""
    from rural_forecast.record.kept import read_record, record_in
    from rural_forecast.record.revise import revise as revised

    run = Run(ask)
    kept = read_record(loading.path_of(old))
    source = record_in(new) or (new if kept.command in ("panel", "size") else loading.series(new, run))
    run.show("revise", revised(kept, source, year=ask.year, series=(ask.series or (None,))[0]))


@command(
    opt.AHEAD, opt.DRIVERS, opt.PARTS, opt.POOLING, opt.LIMITS, opt.WINDOW, opt.MARKETS, opt.PICTURE, opt.READING,
    opt.SHOWING,
    without="pool same_definition",
    weight={"needs": ()},
    examples=(
        "rural-forecast triangulate mofcom --year 2028 --like online",
        "rural-forecast triangulate mofcom --year 2028 --weight drivers=0.3 -f csv",
        "rural-forecast triangulate turnover --year 2017 -o turnover.svg",
    ),
)  # fmt: skip
def triangulate(source: str | None = opt.SOURCE, *, ask: opt.Options) -> None:
    """Combine trend, leading markets, drivers and published views."""
    from rural_forecast.record.triangulate import triangulate as combine

    run = Run(ask)
    market = loading.market(source, run)
    with run.spinner("Asking every argument"):
        given: dict[str, Any] = {"drivers": ask.drivers, "partial": ask.partial or (), "weights": ask.weight or {}}
        result = combine(market.series, **given, **market.asked)
    run.show("triangulate", result)
