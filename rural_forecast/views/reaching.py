"""Targets of `project`: the chance to reach each by each year, and compound growth with its interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rural_forecast.document.table import Cell, Column, Table
from rural_forecast.forecasting.paths import Chance
from rural_forecast.forecasting.result import Forecast
from rural_forecast.text.numbers import Amounts, percent

LEVEL = 80
"""Of the interval of the year of reaching."""
_TAIL = (1 - LEVEL / 100) / 2


def records(series: str, chances: Sequence[Chance]) -> Table:
    """A row a target and year."""
    columns = Column("series_id"), Column("target", kind="number"), Column("period", kind="year")
    rows = [
        (series, one.target, year, share) for one in chances for year, share in zip(one.years, one.chances, strict=True)
    ]
    return Table((*columns, Column("chance", kind="number")), tuple(rows))


def table(chances: Sequence[Chance], write: Amounts) -> Table:
    """A row a year, a column a target."""
    years, shares = chances[0].years, [one.chances for one in chances]
    rows: list[tuple[Cell, ...]] = [(year, *(100 * share[step] for share in shares)) for step, year in enumerate(years)]
    titles = (Column(f"target_{place}", write.full(one.target), "percent", 0) for place, one in enumerate(chances))
    return Table((Column("period", "By", "year"), *titles), tuple(rows), title="Chance to reach")


def sentence(one: Chance, write: Amounts) -> str:
    """When a target is reached, as far as the years of the forecast show it."""
    amount, last = write.full(one.target), one.years[-1]
    if one.reached is not None:
        return f"{amount} was reached in {one.reached}."
    share = percent(100 * one.chances[-1], ".0f") if one.chances[-1] >= 0.01 else "less than 1 %"
    verb = "falls to" if one.falls else "reaches"
    median, early, late = (one.year(part) or f"after {last}" for part in (0.5, _TAIL, 1 - _TAIL))
    when = f"median year {median}, {LEVEL} % interval {early if early == late else f'{early} to {late}'}"
    more = "" if one.year() else " Later years need a later --year."
    return f"It {verb} {amount} by {last} with a chance of {share}; {when}.{more}"


def growth(result: Forecast) -> Iterator[str]:
    """Compound growth to the target year, with its narrowest interval."""
    if rate := result.cagr:
        low, high = percent(rate.lower[0]), percent(rate.upper[0])
        span = f"CAGR {result.origin} to {result.target}: {percent(rate.value)}"
        yield f"{span} ({result.levels[0]} %: {low} to {high})."


def figures(result: Forecast, chances: Sequence[Chance]) -> dict[str, Any]:
    """The same for the json format."""
    found: dict[str, Any] = {}
    if rate := result.cagr:
        found["cagr_pct"] = {"from": result.origin, "to": result.target, "value": rate.value}
        for place, level in enumerate(result.levels):
            found["cagr_pct"] |= {f"lower_{level}": rate.lower[place], f"upper_{level}": rate.upper[place]}
    if chances:
        found["targets"] = [
            {
                "target": one.target,
                "reached": one.reached,
                "median": None if one.reached else one.year(),
                f"earliest_{LEVEL}": None if one.reached else one.year(_TAIL),
                f"latest_{LEVEL}": None if one.reached else one.year(1 - _TAIL),
                "last_year": one.years[-1],
            }
            for one in chances
        ]
    return found
