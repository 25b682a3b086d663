"""The votes of each kind of evidence on a year of which a part is known, and their combination.

Share of the part and growth of the part are nearly the same news, so votes are never combined as if independent: the
weights were learned together, on quarterly series (`benchmarks/nowcast.py`), for each kind of evidence at hand. Votes
are combined on the log scale. The interval is the learned spread of the combination's errors, wider where shares vary
from year to year, where the votes disagree and where the annual forecast is unsure.

>>> given = Evidence(part=55.0, months=6, shares=(0.5,), last_total=100.0, growth=0.1)
>>> {voter: round(value) for voter, value in votes(given).items()}
{'share': 110, 'growth': 110}
"""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, log, sqrt
from statistics import fmean, stdev
from sys import float_info
from typing import NamedTuple

from rural_forecast.nowcasting.part_shares import KNOTS, LONG, SHARES, Range, above, far_years, knots
from rural_forecast.nowcasting.vote_weights import TAILS, Learned, learned

VOTERS = ("share", "growth", "smoothing", "annual", "calendar")
_SMALL = 0.003
"""Added to every measure of spread before its logarithm is taken."""


class Smoothed(NamedTuple):
    """The vote of seasonal smoothing of the parts."""

    total: float
    error: float
    """Root mean squared error of the logarithm, one part ahead, over the past."""
    years: int
    """Whole earlier years it rests on, 3 or more."""
    fine: bool
    """Whether the known part was cut into smaller ones (its quarters, say)."""


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
    bend: float | None = None
    """How earlier years fill: the first m months have the share (m / 12) ** bend, as their other parts show."""


class Combined(NamedTuple):
    """One number from all votes."""

    point: float
    lower: tuple[float, ...]
    """A bound a level, above the known part."""
    upper: tuple[float, ...]
    weights: Mapping[str, float]
    """One a voter that votes; they sum to 1."""


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
        voted["calendar"] = evidence.part / _without_share(evidence)
    return voted


def _without_share(evidence: Evidence) -> float:
    """Share of the part where no year before has it: bent as other parts of years bend, or growing steadily."""
    if evidence.bend is not None:
        return float((evidence.months / 12) ** evidence.bend)
    growth = evidence.growth
    if growth is None and evidence.annual is not None and evidence.last_total is not None:
        growth = evidence.annual.value / evidence.last_total - 1
    return calendar_share(evidence.months, growth)


def calendar_share(months: int, growth: float | None = None) -> float:
    """Share of the first months of a year without seasons that grows steadily.

    >>> calendar_share(6), round(calendar_share(6, 0.381), 3)
    (0.5, 0.46)
    """
    rate = log(min(max(1 + growth, 1e-12), 1e12)) / 12 if growth else 0.0  # beyond, there is no such year
    weights = [exp(rate * month) for month in range(12)]
    return sum(weights[:months]) / sum(weights)


def combine(evidence: Evidence, levels: tuple[int, ...]) -> Combined:
    """The median of the year and its intervals, above the smallest year that the known part allows.

    Parameters
    ----------
    levels : whole percents from 50 to 99
    """
    voted = votes(evidence)
    low, high, along = knots(evidence.months)
    parts = [(1 - along, _at(evidence, voted, low, levels)), (along, _at(evidence, voted, high, levels))]
    used = [(share, one) for share, one in parts if share > 0]

    floor = far(evidence).low if evidence.part > 0 else 0.0

    def between(values: list[float]) -> float:
        """On the log scale between the learned months."""
        value = exp(sum(share * log(value) for (share, _), value in zip(used, values, strict=True)))
        return above(value, floor, evidence.part) if floor else value

    point = between([one.point for _, one in used])
    return Combined(
        point=point,
        lower=tuple(min(point, between([one.lower[place] for _, one in used])) for place in range(len(levels))),
        upper=tuple(between([one.upper[place] for _, one in used]) for place in range(len(levels))),
        weights={voter: sum(share * one.weights[voter] for share, one in used) for voter in voted},
    )


def far(evidence: Evidence) -> Range:
    """The smallest and the largest year that the known part allows, by its shares alone."""
    return far_years(evidence.part, evidence.months, evidence.shares, _without_share(evidence))


def pattern(evidence: Evidence) -> str:
    """The kind of evidence at hand, as the learned numbers name it."""
    if evidence.smoothing is not None:
        length = "long" if evidence.smoothing.years >= LONG else "short"
        return f"{length} fine" if evidence.smoothing.fine else length
    if evidence.shares or (evidence.growth is not None and evidence.last_total is not None):
        return ("one", "one", "two", "three")[min(len(evidence.shares), 3)]
    return "none" if evidence.annual is None else "annual"


def weighted(voted: Mapping[str, float], known: Learned, part: float) -> tuple[float, dict[str, float]]:
    """The weighted median of the year, never below the known part, and the weights of those who vote."""
    weights = dict(zip(VOTERS, known.weights, strict=True))
    total = sum(weights[voter] for voter in voted)
    shares = {voter: weights[voter] / total if total else 1 / len(voted) for voter in voted}
    return exp(sum(share * log(max(voted[voter], part)) for voter, share in shares.items())), shares


def measures(evidence: Evidence, voted: Mapping[str, float], point: float) -> tuple[float, ...]:
    """Logarithms of what an interval's width rests on: how shares vary, how votes from the part differ, how far the
    annual forecast lies off, its own spread, and the error of the smoothing; the neutral value where one is unknown."""
    inside = [log(voted[voter]) for voter in ("share", "growth", "smoothing") if voter in voted]
    spreads = (
        stdev(log(share) for share in evidence.shares[-LONG:]) if len(evidence.shares) > 1 else None,
        stdev(inside) if len(inside) > 1 else None,
        abs(log(voted["annual"]) - log(point)) if "annual" in voted else None,
        evidence.annual.spread if evidence.annual else None,
        evidence.smoothing.error if evidence.smoothing else None,
    )
    return tuple(0.0 if one is None else log(one + _SMALL) for one in spreads)


def _at(evidence: Evidence, voted: Mapping[str, float], months: int, levels: tuple[int, ...]) -> Combined:
    known = learned(pattern(evidence), months)
    point, weights = weighted(voted, known, evidence.part)
    spread = known.constant + sum(
        slope * measure for slope, measure in zip(known.slopes, measures(evidence, voted, point), strict=True)
    )
    scale = exp(min(spread, 3.0)) * _beyond(evidence.months)
    least = max(evidence.part * 1e-12, float_info.min)  # it has a logarithm
    lower = tuple(max(least, point * exp(scale * _quantile(known.low, level))) for level in levels)
    upper = tuple(point * exp(scale * _quantile(known.high, level)) for level in levels)
    return Combined(point, lower, upper, weights)


def _beyond(months: int) -> float:
    """Errors outside the learned months: in proportion to the months still open, and larger for less than a quarter."""
    if months > KNOTS[-1]:
        return (12 - months) / (12 - KNOTS[-1])
    return sqrt(KNOTS[0] / months) if months < KNOTS[0] else 1.0


def _quantile(quantiles: tuple[float, ...], level: int) -> float:
    """The learned quantile at the tail of a level, linear between the learned tails."""
    tail = (1 - level / 100) / 2
    for place in range(1, len(TAILS)):
        if tail <= TAILS[place]:
            along = max((tail - TAILS[place - 1]) / (TAILS[place] - TAILS[place - 1]), 0.0)
            return quantiles[place - 1] * (1 - along) + quantiles[place] * along
    return quantiles[-1]
