"""Where evidence is not plain: a restated base has two readings, and some amounts have no logarithm.

Published growth that contradicts a final base of the part says that the base was restated; whether the whole year was
restated with it is not known. If it was, the share holds; if not, the growth does. Both are target, in equal parts, and
the interval spans both.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import NamedTuple

from rural_forecast.nowcasting.votes import Combined, Evidence, combine, votes


class Amounts(NamedTuple):
    """Evidence in amounts of any sign."""

    part: float
    months: int
    rest: float | None
    """What the rest of the year before came to."""
    annual: tuple[float, tuple[float, ...], tuple[float, ...]] | None
    """The annual forecast and its bounds, one a level."""
    floor: bool
    """Whether the year cannot be less than its known part."""


def both_readings(evidence: Evidence, levels: tuple[int, ...]) -> Combined:
    """By share and by growth, in equal parts; the interval holds both votes and the intervals around both."""
    readings = (
        combine(evidence._replace(growth=None), levels),
        combine(evidence._replace(shares=(), smoothing=None), levels),
    )
    voted = votes(evidence)
    ends = (voted["share"], voted["growth"])
    return Combined(
        point=sqrt(readings[0].point) * sqrt(readings[1].point),
        lower=tuple(min(*(one.lower[place] for one in readings), *ends) for place in range(len(levels))),
        upper=tuple(max(*(one.upper[place] for one in readings), *ends) for place in range(len(levels))),
        weights={voter: sum(one.weights.get(voter, 0.0) for one in readings) / 2 for voter in voted},
    )


def by_amounts(given: Amounts, levels: tuple[int, ...]) -> tuple[Combined, Mapping[str, float]]:
    """Where an amount is zero or negative: the known part and the rest of last year, and the annual forecast, in equal
    parts; the interval is the annual forecast's, narrowed to the months that are open. Not calibrated."""
    voted: dict[str, float] = {}
    if given.rest is not None:
        voted["rest"] = given.part + given.rest
    if given.annual is not None:
        voted["annual"] = given.annual[0]
    if not voted:
        voted["calendar"] = given.part * 12 / given.months
    floor = given.part if given.floor else float("-inf")
    point = max(sum(voted.values()) / len(voted), floor)
    open_ = sqrt((12 - given.months) / 12)
    if given.annual is not None and given.annual[1] < given.annual[2]:
        value, lows, highs = given.annual
        below = [open_ * (value - low) for low in lows]
        above = [open_ * (high - value) for high in highs]
    else:  # nothing to go by, or years of nothing but zeros, of which the forecast is certain
        below = above = [abs(point) * open_ * level / 80 for level in levels]
    return Combined(
        point=point,
        lower=tuple(max(floor, point - size) for size in below),
        upper=tuple(point + size for size in above),
        weights=dict.fromkeys(voted, 1 / len(voted)),
    ), voted
