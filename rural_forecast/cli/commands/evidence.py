"""Evidence: `compare`, `backtest`, `precedents` and `growth`."""

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
    from rural_forecast.forecasting.compare import compare as compare_models

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
