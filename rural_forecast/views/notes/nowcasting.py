"""The words of notes on a known part that contradicts its series."""

from __future__ import annotations

from rural_forecast.text.numbers import number, rounded
from rural_forecast.text.wording import advice, named_months


def other_definition(what: object, override: str = "") -> str:
    """`override`: the scenario that sets the value."""
    if override:
        return f"The override of {override} mixes definitions: {what}."
    return f"{what}{advice('; --same-definition uses it all the same')}."


def part_contradicts(what: object) -> str:
    return other_definition(what)


def unlikely_year(
    value: float,
    months: frozenset[int],
    year: int,
    series: str,
    implied: float,
    limit: float,
    above: bool,
    unit: str,
    level: int,
) -> str:
    """`implied`: the year that the part makes at least or at most; `limit`: where the interval of the years ends."""
    at_least, at_most = ("at least", "at most") if above else ("at most", "at least")
    return (
        f"{number(value)} for {named_months(months)} of {year} does not fit the years of {series}: it makes {year} "
        f"{at_least} {rounded(implied)}{f' {unit}' if unit else ''}, and these years {at_most} {rounded(limit)} "
        f"({level} % interval)"
    )
