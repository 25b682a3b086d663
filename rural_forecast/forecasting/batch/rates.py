"""Which series of a batch are rates, by the rules of a series alone, and what their unit is."""

from __future__ import annotations

from collections.abc import Sequence

from rural_forecast.models.base import Array
from rural_forecast.series.shares import most_of, percent, says_percent, unit_of


def rates(
    ids: Sequence[str], units: Sequence[str], head: str, measure: str | None, lowest: Array, highest: Array
) -> tuple[Sequence[str], dict[str, float]]:
    """The units of series, one each, and the most that those can be which are rates, by id.

    `head`: name of the column of values. `measure`: what all series measure by the user's word. `lowest`, `highest`:
    the least and the greatest value of each series.
    """
    if not (measure == "rate" or says_percent("\n".join([head, *set(units), *ids]))):
        return units, {}
    found_units = []
    wholes: dict[str, float] = {}
    for place, (name, unit) in enumerate(zip(ids, units, strict=True)):
        share = percent((name, head), unit)
        unit = unit if share is None else unit_of(unit, fractions=False)
        found_units.append(unit)
        if measure == "rate":
            most = most_of(unit)
            if lowest[place] >= 0 and highest[place] <= most:
                wholes[name] = most
        elif measure is None and share and share.holds(float(lowest[place]), float(highest[place])):
            wholes[name] = share.whole
    return found_units, wholes
