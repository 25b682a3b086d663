"""Chances of targets, in every command that has joint paths or draws: rows, sentences, json."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rural_forecast.document.table import Cell, Table
from rural_forecast.forecasting.distribution import Chance
from rural_forecast.text import wording as words
from rural_forecast.text.numbers import Amounts, in_unit, percent
from rural_forecast.text.wording import Headline, capital
from rural_forecast.views import table

LEVEL = 80  # of the interval of the year of reaching a target
_PARTS = {
    "median": 0.5,
    f"earliest_{LEVEL}": (1 - LEVEL / 100) / 2,
    f"latest_{LEVEL}": (1 + LEVEL / 100) / 2,
}
"""Parts of the paths by which a target is reached, by their names in the json format."""
COLUMNS = table.keyed("series_id target:number period:year chance:number chance_by:number")
OF_MODELS = (*COLUMNS, *table.keyed("model"))
"""Columns where one series has several answers: the name of each is last."""


def tabulated(series_id: str, reached: Iterable[Chance]) -> Table:
    """Make the rows of the contract of one series."""
    return Table(COLUMNS, tuple(records(series_id, reached)))


def records(series_id: str, reached: Iterable[Chance]) -> Iterator[tuple[Cell, ...]]:
    """Yield a row for each target and year with its chances."""
    for chance in reached:
        years = zip(chance.years, chance.at_or_above, chance.chances, strict=True)
        for year, in_year, by_year in years:
            yield series_id, chance.target, year, in_year, by_year


def share(chance: float) -> str:
    """Write a chance in whole percents."""
    if chance < 0.01:
        return "less than 1 %"
    return percent(100 * chance, ".0f") if chance <= 0.99 else "more than 99 %"


def claim(chance: Chance, write: Amounts) -> str:
    """Write the chance of the last year, as headlines do."""
    amount = f"{write.given(chance.target)}{in_unit(write.unit)}"
    return f"{share(chance.at_or_above[-1])} chance of at least {amount} in {chance.years[-1]}"


def heading(title: str, chance: Chance, write: Amounts, likely: str) -> Headline:
    """Make the headline of a chance; the line below it says what is `likely`."""
    return words.headline(title, claim(chance, write), likely)


def sentence(chance: Chance, write: Amounts, of: str = "") -> str:
    """Say when a target was reached, or the chance of that by the last year and its likely year.

    `of`: whose chance it is, where there are several.
    """
    amount = write._replace(places=None).full(chance.target)
    lead = f"{capital(of)}: " if of else ""
    last = chance.years[-1]
    if chance.reached is not None:
        return f"{lead}{amount if lead else capital(amount)} was first reached in {chance.reached}."
    event = "having fallen to" if chance.falls else "having reached"
    median, early, late = (chance.year(part) or f"after {last}" for part in _PARTS.values())
    when = f" ({LEVEL} % interval {early} to {late}, median {median})"
    if len(chance.years) == 1 or chance.year(_PARTS[f"earliest_{LEVEL}"]) is None:
        when = ""  # one year, or none by which it is likely at all
    start = "chance" if lead else "Chance"
    return f"{lead}{start} of {event} {amount} by {last}: {share(chance.chances[-1])}{when}."


def figures(reached: Sequence[Chance]) -> dict[str, Any]:
    """Describe the targets of one series for the json format; empty without any."""
    return {"targets": [described(chance) for chance in reached]} if reached else {}


def described(chance: Chance, **whose: str) -> dict[str, Any]:
    """Describe a target and the years in which it is likely to be reached, for the json format.

    `whose`: the series or the model, where there are several.
    """
    years = {name: None if chance.reached else chance.year(part) for name, part in _PARTS.items()}
    return {
        **whose,
        "target": chance.target,
        "reached": chance.reached,
        **years,
        "last_year": chance.years[-1],
    }
