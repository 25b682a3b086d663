"""What a series measures where no column says it: shares of a whole are rates, and percentages have a unit."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from rural_forecast.series.observation import Measure, Series
from rural_forecast.series.reading.account import Account
from rural_forecast.series.shares import percent, whole_of

FRACTION = "fraction"
"""Unit of fractions that a spreadsheet shows in percent."""


def measured(
    series: Series, head: str, account: Account, *, stated: bool, fractions: bool, asked: str | None
) -> Series:
    """The series as a rate where it is a share of a whole, with the unit of a percentage where it has none.

    Parameters
    ----------
    head : name of the column of its values
    account : takes note of what is read as a rate
    stated : whether the file says what it measures
    fractions : whether a spreadsheet shows its values in percent
    asked : what it measures by the user's own word, which goes before all
    """
    fractions = fractions and (not series.unit or whole_of(series.unit) is not None)
    found = percent((series.id, series.title, head), series.unit, fractions=fractions)
    if found is not None:
        series = replace(series, unit=unit_of(series.unit, fractions=fractions))
    if asked is not None:
        return replace(series, measure=cast(Measure, asked))
    values = [one.value for one in series.observations if one.status != "forecast"]
    if stated or found is None or not values or not found.holds(min(values), max(values)):
        return series
    account.share(series.id, found.whole)
    return replace(series, measure="rate")


def unit_of(unit: str, *, fractions: bool) -> str:
    """The unit of a percentage.

    >>> unit_of("", fractions=False), unit_of("% of adults", fractions=True)
    ('%', 'fraction of adults')
    """
    if not fractions:
        return unit or "%"
    _, of, rest = unit.partition(" of ")
    return f"{FRACTION}{of}{rest}"
