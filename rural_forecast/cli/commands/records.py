"""Forecasts set against others: `score`, `revise` and `triangulate`."""

from __future__ import annotations

from typing import Any

from rural_forecast.cli import loading
from rural_forecast.cli import options as opt
from rural_forecast.cli.command import command
from rural_forecast.cli.running import Run


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
    from rural_forecast.record.kept import is_record, read_record
    from rural_forecast.record.revise import revise as revised

    run = Run(ask)
    kept = read_record(loading.path_of(old))
    source = new if kept.command in ("panel", "size") or is_record(new) else loading.series(new, run)
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
