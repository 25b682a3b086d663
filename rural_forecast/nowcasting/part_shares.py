"""How large a year can be, given one part of it.

The odds of the rest of a year to its part vary less than the year does. The far ends are the learned tails of the
logarithm of these odds, around the mean share of the series' own last years, or around the calendar's where no earlier
year is known. They widen where the series' own shares vary more.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, hypot, log, log1p
from statistics import fmean, stdev
from typing import NamedTuple

from rural_forecast.nowcasting.learned import share_tails

SHARES = 3
"""Past years whose mean share is used."""
LONG = 5
"""Past years whose shares say how much it varies; earlier years from which on seasonal smoothing counts as long."""
OWN = 2.0
"""Standard deviations of the series' own odds that widen the learned tails."""
SOFTNESS = 0.1
"""Width of the bend at the floor, as a part of the distance from the known part to the floor, on the log scale."""


class Range(NamedTuple):
    """The far ends of a year."""

    low: float
    high: float


def far_years(part: float, months: int, shares: Sequence[float], calendar: float) -> Range:
    """The smallest and the largest year that a positive part allows; 0.25 % of real years lie beyond each end.

    `shares`: of the part in earlier years, the latest last. `calendar`: the share expected where no earlier year is
    known.

    >>> [round(end) for end in far_years(50, 6, (), 0.5)], [round(end) for end in far_years(50, 6, (0.5,), 0.5)]
    ([64, 153], [74, 169])
    """
    expected = log_odds(fmean(shares[-SHARES:]) if shares else calendar)
    own = OWN * stdev(map(log_odds, shares[-LONG:])) if len(shares) > 1 else 0.0
    low, high = (hypot(tail, own) for tail in share_tails(len(shares), months))
    return Range(part * (1 + _exp(expected - low)), part * (1 + _exp(expected + high)))


def log_odds(share: float) -> float:
    """Logarithm of the rest of the year over the part."""
    share = min(max(share, 1e-12), 1 - 1e-12)
    return log((1 - share) / share)


def above(value: float, floor: float, part: float) -> float:
    """A value bent smoothly so that it stays above a floor; well above the floor it hardly changes.

    A smooth bend keeps the order of the bounds and leaves no interval without width, as cutting would.

    >>> [round(above(value, 70, 50), 1) for value in (100, 60, 70)]
    [100.0, 70.0, 71.7]
    """
    width = SOFTNESS * log(floor / part)
    if width <= 0:
        return max(value, floor)
    along = log(value / floor) / width
    if along > 35:  # no float can tell the difference
        return float(value)
    return floor * exp(width * (max(along, 0.0) + log1p(exp(-abs(along)))))


def _exp(power: float) -> float:
    return exp(min(max(power, -700.0), 700.0))
