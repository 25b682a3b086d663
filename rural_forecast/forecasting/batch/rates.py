"""Which series of a batch are rates, by the rules of the careful readers, and what their unit is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from rural_forecast.models.base import Array
from rural_forecast.series.reading.measures import unit_of
from rural_forecast.series.shares import most_of, percent, says_percent


class Extent(NamedTuple):
    """The least and the greatest value of each series."""

    lowest: Array
    highest: Array


class Rates(NamedTuple):
    """Units and rates among the series of a chunk."""

    units: Sequence[str]
    """One a series, or one for all."""
    wholes: Mapping[str, float] = {}
    """The most that a rate can be, by id."""
    shares: Sequence[str] = ()
    """Those of them that are rates by name and unit."""


def rates(
    ids: Sequence[str], units: Sequence[str], head: str, measure: str | None, every: Extent, used: Extent
) -> Rates:
    """The rates among series.

    Parameters
    ----------
    units : one a series, or one for all
    head : name of the column of values
    measure : what all series measure by the user's word
    every, used : the extent of all values of each series, and of those that are used
    """
    if not ids or not (measure == "rate" or says_percent("\n".join([head, *set(units), *ids]))):
        return Rates(units)
    alike = len(units) == 1
    found_units = []
    wholes: dict[str, float] = {}
    shares = []
    for place, name in enumerate(ids):
        unit = units[0 if alike else place]
        found = percent((name, head), unit)
        unit = unit if found is None else unit_of(unit, fractions=False)
        found_units.append(unit)
        if measure == "rate":
            most = most_of(unit)
            if used.lowest[place] >= 0 and used.highest[place] <= most:
                wholes[name] = most
        elif measure is None and found and found.holds(float(every.lowest[place]), float(every.highest[place])):
            wholes[name] = found.whole
            shares.append(name)
    return Rates(found_units[:1] if len(set(found_units)) == 1 else found_units, wholes, shares)
