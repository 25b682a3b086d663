"""Forecasts without and with a subject, for the page that `subjects.py` writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import rural_forecast as rf
from rural_forecast.forecasting.distribution import SPREAD_LEVELS
from rural_forecast.forecasting.result import ModelForecast
from rural_forecast.observed.observation import MARKET_KINDS
from rural_forecast.text.numbers import rounded

LEVEL = SPREAD_LEVELS.index(80)
CASES_HEAD = """| series | years | last value | forecast of | without a subject | with it | as |
| --- | --- | --: | --: | --: | --: | --- |"""
INTRODUCTION = f"""## What a subject changes

The median and the 80 % range. Series of the catalogue state their subjects; that of the others is read from the title.

{CASES_HEAD}"""
ALIKE = """### The same figures under other titles

Three figures, named in eight ways. The first column has those of the founding case, the second some that grow by 3 % a year.

| title | as | 180, 353, 482: two years ahead | 100, 103, 106: two years ahead |
| --- | --- | --: | --: |"""
# Battery cars sold in Australia, from the Global EV Data of the IEA (2024, CC BY 4.0).
CARS = {2019: 6718, 2020: 6900, 2021: 20665, 2022: 39353, 2023: 98436}
TITLES = (
    "Rural population",
    "Online shoppers",
    "Disposable income of households",
    "Household spending on food",
    "Retail sales",
    "Turnover of restaurants",
    "Milk production",
    "Cobalt mined",
)


class Case(NamedTuple):
    """A series, and the last year of its forecast."""

    name: str
    data: rf.Series
    year: int


def cases() -> list[Case]:
    """The series that the page shows."""
    return [
        Case("online shopping in rural China", rf.series("rural_online_shopping_turnover"), 2018),
        Case("rural population of China", rf.series("rural_population_nbs"), 2026),
        Case("rural internet users of China", rf.series("rural_internet_users"), 2025),
        Case("electric cars", rf.series(CARS, title="Electric cars sold, Australia"), 2026),
        Case("rural retail sales of China", rf.series("retail_sales_rural"), 2026),
    ]


def changes() -> Iterator[str]:
    """Lines of each case, and of the same figures under several titles."""
    yield INTRODUCTION
    for name, data, year in cases():
        answer = rf.forecast(data, year=year)
        years = answer.history.years
        last = rounded(float(answer.history.values[-1]))
        cells = [name, f"{years[0]} to {years[-1]}", last, str(year)]
        yield f"| {' | '.join([*cells, *_both(answer)])} |"
    yield ""
    yield ALIKE
    for title in TITLES:
        subjects = []
        ranges = []
        for values in ([180, 353, 482], [100, 103, 106.09]):
            answer = rf.forecast(rf.series(values, start=2014, title=title), horizon=2)
            ranges.append(_summary(answer.wide))
            subjects.append(MARKET_KINDS[answer.subject.name] if answer.subject else "no subject")
        yield f"| {title} | {subjects[0]} | {' | '.join(ranges)} |"


def _both(answer: rf.Forecast) -> tuple[str, str, str]:
    """The forecast without a subject, with it, and the subject."""
    own = _summary(answer.wide)
    if answer.subject is None:
        return own, own, "no subject"
    return _summary(answer.subject.without), own, MARKET_KINDS[answer.subject.name]


def _summary(path: ModelForecast) -> str:
    bounds = (path.lower[LEVEL, -1], path.upper[LEVEL, -1])
    low, high = (rounded(float(bound)) for bound in bounds)
    return f"{rounded(path.last)} ({low} to {high})"
