"""The votes of each kind of evidence on a year of which a part is known, and how large the year can be.

The odds of the rest of a year to its part vary less than the year does. The far ends are the learned tails of the
logarithm of these odds, around the mean share of the series' own last years, or around the calendar's where no earlier
year is known. They widen where the series' own shares vary more.

>>> evidence = Evidence(part=55.0, months=6, shares=(0.5,), last_total=100.0, growth=0.1)
>>> {voter: round(value) for voter, value in votes(evidence).items()}
{'share': 110, 'growth': 110}
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
VOTERS = ("share", "growth", "smoothing", "annual", "calendar")


class Smoothed(NamedTuple):
    """The vote of seasonal smoothing of the parts."""

    total: float
    error: float
    """Root mean squared error of the logarithm, one part ahead, over the past."""
    years: int
    """Whole earlier years it rests on, 3 or more."""
    fine: bool
    """Whether the known part was cut into smaller ones, such as its quarters."""


class Annual(NamedTuple):
    """The vote of the forecast from whole years alone."""

    value: float
    spread: float
    """Half the width of its 80 % interval on the log scale."""


class Evidence(NamedTuple):
    """What is known about one year; all amounts are positive."""

    part: float
    months: int
    """Months of the known part, 1 to 11."""
    shares: tuple[float, ...] = ()
    """Share of the part in earlier years, the latest last."""
    last_total: float | None = None
    """Total of the year before."""
    growth: float | None = None
    """Growth of the part on the year before, 0.1 for 10 %."""
    smoothing: Smoothed | None = None
    annual: Annual | None = None
    uneven: float | None = None
    """Standard deviation of the log growth of the quarters of the known part, where these are known."""
    rough: float | None = None
    """Mean absolute second difference of the logs of the quarters from the year before on, where these are known."""
    bend: float | None = None
    """How earlier years fill: the first m months have the share (m / 12) ** bend, by their other parts."""

    @property
    def unseen_share(self) -> float:
        """The share of the part expected where no earlier year has it."""
        if self.bend is not None:
            return float((self.months / 12) ** self.bend)
        growth = self.growth
        if growth is None and self.annual is not None and self.last_total:
            growth = self.annual.value / self.last_total - 1
        return calendar_share(self.months, growth)

    @property
    def reach(self) -> Range:
        """The smallest and the largest year that the known part allows, by its shares alone."""
        return far_years(self.part, self.months, self.shares, self.unseen_share)


def votes(evidence: Evidence) -> dict[str, float]:
    """The estimate of each voter, in the order of `VOTERS`; those without evidence are absent."""
    voted: dict[str, float] = {}
    if evidence.shares:
        voted["share"] = evidence.part / fmean(evidence.shares[-SHARES:])
    if evidence.growth is not None and evidence.last_total is not None:
        voted["growth"] = evidence.last_total * (1 + evidence.growth)
    if evidence.smoothing is not None:
        voted["smoothing"] = evidence.smoothing.total
    if evidence.annual is not None:
        voted["annual"] = evidence.annual.value
    if "share" not in voted and "growth" not in voted:
        voted["calendar"] = evidence.part / evidence.unseen_share
    return voted


def calendar_share(months: int, growth: float | None = None) -> float:
    """Share of the first months of a year without seasons that grows steadily.

    >>> calendar_share(6), round(calendar_share(6, 0.381), 3)
    (0.5, 0.46)
    """
    rate = log(min(max(1 + growth, 1e-12), 1e12)) / 12 if growth else 0.0  # beyond, there is no such year
    weights = [exp(rate * month) for month in range(12)]
    return sum(weights[:months]) / sum(weights)


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
    if along > 35:  # below the precision of a float
        return float(value)
    return floor * exp(width * (max(along, 0.0) + log1p(exp(-abs(along)))))


def _exp(power: float) -> float:
    return exp(min(max(power, -700.0), 700.0))
