"""The votes of each kind of evidence on a year of which a part is known.

>>> evidence = Evidence(part=55.0, months=6, shares=(0.5,), last_total=100.0, growth=0.1)
>>> {voter: round(value) for voter, value in votes(evidence).items()}
{'share': 110, 'growth': 110}
"""

from __future__ import annotations

from math import exp, log
from statistics import fmean
from typing import NamedTuple

from rural_forecast.nowcasting.part_shares import SHARES, Range, far_years

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
