"""Targets of `project`: the chance to reach each by each year, and compound growth with its interval."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rural_forecast.document.table import Column, Table
from rural_forecast.forecasting.distribution import Chance
from rural_forecast.forecasting.result import Forecast
from rural_forecast.text.numbers import Amounts, percent
from rural_forecast.text.wording import capital
from rural_forecast.views.answer import share

LEVEL = 80
"""Of the interval of the year of reaching."""
_TAIL = (1 - LEVEL / 100) / 2


def records(series: str, chances: Sequence[Chance]) -> Table:
    """A row a target and year."""
    columns = Column("series_id"), Column("target", kind="number"), Column("period", kind="year")
    rows = [
        (series, chance.target, *row)
        for chance in chances
        for row in zip(chance.years, chance.at_or_above, chance.chances, strict=True)
    ]
    return Table((*columns, Column("chance", kind="number"), Column("chance_by", kind="number")), tuple(rows))


def column(chance: Chance, write: Amounts) -> Column:
    """The column of a target: the chance of being at or above it in each year."""
    return Column("chance", f"≥ {write._replace(places=None)(chance.target)}", "percent", 0)


def sentence(chance: Chance, write: Amounts) -> str:
    """The chance of having reached a target by the last year, and the year in which it is reached."""
    amount, last = write._replace(places=None).full(chance.target), chance.years[-1]
    if chance.reached is not None:
        return f"{capital(amount)} was first reached in {chance.reached}."
    event = "having fallen to" if chance.falls else "having reached"
    median, early, late = (chance.year(part) or f"after {last}" for part in (0.5, _TAIL, 1 - _TAIL))
    when = f"{early if early == late else f'{early} to {late}'}, median {median}"
    return f"Chance of {event} {amount} by {last}: {share(chance.chances[-1])} ({LEVEL} % interval {when})."


def growth(result: Forecast) -> Iterator[str]:
    """Compound growth to the target year, with an interval."""
    if rate := result.cagr:
        low, high = percent(rate.lower[result.headline]), percent(rate.upper[result.headline])
        span = f"CAGR {result.origin} to {result.target}: {percent(rate.value)}"
        yield f"{span} ({result.levels[result.headline]} %: {low} to {high})."


def figures(result: Forecast, chances: Sequence[Chance]) -> dict[str, Any]:
    """The same for the json format."""
    figures: dict[str, Any] = {}
    if rate := result.cagr:
        figures["cagr_pct"] = {"from": result.origin, "to": result.target, "value": rate.value}
        for index, level in enumerate(result.levels):
            figures["cagr_pct"] |= {f"lower_{level}": rate.lower[index], f"upper_{level}": rate.upper[index]}
    if chances:
        figures["targets"] = [
            {
                "target": chance.target,
                "reached": chance.reached,
                "median": None if chance.reached else chance.year(),
                f"earliest_{LEVEL}": None if chance.reached else chance.year(_TAIL),
                f"latest_{LEVEL}": None if chance.reached else chance.year(1 - _TAIL),
                "last_year": chance.years[-1],
            }
            for chance in chances
        ]
    return figures
