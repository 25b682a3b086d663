"""Fourteen situations of clients, and every command with a picture, each as a picture and the result behind it."""

from collections.abc import Callable
from datetime import date
from functools import cache, partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, NamedTuple

import rural_forecast as rf
from rural_forecast.document.picture import Picture
from rural_forecast.views import (
    backtest,
    chart,
    compare,
    growth,
    nowcast,
    panel,
    precedents,
    revise,
    scenario,
    score,
    size,
    triangulate,
)


class Case(NamedTuple):
    picture: Picture
    forecast: rf.Forecast | None = None
    """Behind a fan, whose claims can be worked out again."""


@cache
def folder() -> Path:
    return Path(mkdtemp(prefix="gate-"))


def written(name: str, text: str) -> str:
    path = folder() / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def market(name: str, values: tuple[float, ...], unit: str = "bn CNY", title: str = "") -> str:
    first = 2026 - len(values)
    head = "series_id,year,value,unit\n"
    rows = "".join(f"{title or name},{first + at},{value!r},{unit}\n" for at, value in enumerate(values))
    return written(f"{name}.csv", head + rows)


def fanned(source: str, targets: tuple[float, ...] = (), **options: Any) -> Case:
    result = rf.forecast(rf.read(source), **options)
    return Case(chart.picture(result, targets=targets), result)


def publishers() -> Case:
    head = "region,parameter,mode,powertrain,category,year,unit,value\n"
    rows = "".join(
        f"Germany,EV sales,Cars,BEV,Historical,{2015 + at},Vehicles,{value}\n"
        for at, value in enumerate((12e3, 11e3, 25e3, 36e3, 63e3, 194e3, 356e3, 471e3, 524e3, 381e3))
    )
    return fanned(written("publisher.csv", head + rows), year=2028)


def regions() -> str:
    sizes = (("North", 60), ("South", 40), ("East", 30), ("Centre", 22), ("West", 15), ("Coast", 5), ("Isles", 2))
    rows = "".join(
        f"{name},{2016 + at},{start * (1 + 0.11 / (rank + 1)) ** at:.2f}\n"
        for rank, (name, start) in enumerate(sizes)
        for at in range(9)
    )
    return written("regions.csv", f"region,year,value\n{rows}")


def earlier(until: int) -> rf.Forecast:
    return rf.forecast(rf.read(MOFCOM), year=2028, until=until)


def twelve() -> Case:
    paths = [market(f"Market {at}", tuple(10.0 * at * 1.05**year for year in range(8))) for at in range(1, 13)]
    return Case(chart.several([rf.forecast(rf.read(path), year=2028) for path in paths]))


MOFCOM, TURNOVER = "mofcom", "turnover"
LONG = (
    "Yearly sales of goods and services to households through websites and applications in rural counties of the west"
)
SITUATIONS: dict[str, Callable[[], Case]] = {
    "founding": partial(fanned, TURNOVER, year=2018),
    "three points": lambda: fanned(market("three", (5.0, 5.4, 5.9)), horizon=3),
    "thirty smooth": lambda: fanned(market("thirty", tuple(100 * 1.03**at for at in range(30))), horizon=5),
    "decline": lambda: fanned(market("decline", (900.0, 820.0, 700.0, 610.0, 480.0, 400.0)), horizon=4),
    "negative": lambda: fanned(market("negative", (-2.0, -8.0, -14.0, -15.0, -22.0)), horizon=3),
    "share with ceiling": lambda: fanned(
        market("share", (41.0, 52.0, 60.5, 66.0, 70.0), "percent"), horizon=5, ceiling=(80, 95)
    ),
    "millionfold": lambda: fanned(market("million", tuple(10.0**power for power in range(-2, 5))), horizon=3),
    "twelve series": twelve,
    "panel of regions": lambda: Case(panel.picture(rf.panel(regions(), year=2028))),
    "scenario pair": lambda: Case(
        scenario.picture(
            rf.scenario(
                rf.read(MOFCOM), rf.Scenario("plan", growth={2028: (5, 6)}), rf.Scenario("slow", growth=1.0), year=2030
            )
        )
    ),
    "Chinese": lambda: fanned(market("农村网络零售额", (180.0, 353.0, 482.0), "bn CNY", "农村网络零售额"), horizon=2),
    "long title": lambda: fanned(market("long", (12.0, 15.0, 17.0, 22.0), "bn CNY", LONG), horizon=3),
    "target": partial(fanned, MOFCOM, (4500.0,), year=2030),
    "publisher's file": publishers,
}
COMMANDS: dict[str, Callable[[], Case]] = {
    "project": partial(fanned, MOFCOM, year=2030),
    "columns": lambda: Case(chart.columns(rf.forecast(rf.read(MOFCOM), year=2030))),
    "side by side": lambda: Case(chart.several([rf.forecast(rf.read(name), year=2027) for name in (TURNOVER, MOFCOM)])),
    "compare": lambda: Case(compare.picture(rf.compare(rf.read(MOFCOM), year=2030, opinions=False))),
    "backtest": lambda: Case(backtest.picture(rf.backtest(rf.read(MOFCOM), models=("naive",)))),
    "precedents": lambda: Case(precedents.picture(rf.precedents(rf.read(MOFCOM), year=2030))),
    "size": lambda: Case(size.picture(rf.size("rural_online_retail", year=2028, draws=5000))),
    "growth": lambda: Case(
        growth.picture(rf.growth(*(rf.read(f"consumption_{of}") for of in ("national", "rural", "urban"))))
    ),
    "score": lambda: Case(score.picture(rf.score(*(earlier(until) for until in (2019, 2021, 2023)), actuals=MOFCOM))),
    "revise": lambda: Case(revise.picture(rf.revise(earlier(2022), MOFCOM, year=2028))),
    "triangulate": lambda: Case(triangulate.picture(rf.triangulate(MOFCOM, year=2028))),
    "nowcast": lambda: Case(nowcast.picture(rf.nowcast(rf.read(MOFCOM), year=2017, as_of=date(2017, 8, 31)))),
}
CASES = SITUATIONS | COMMANDS


@cache
def case(name: str) -> Case:
    return CASES[name]()
