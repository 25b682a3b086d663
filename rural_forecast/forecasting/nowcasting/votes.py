"""Evidence on a year of which a part is known, the votes that follow, and how these are combined.

In order: the evidence and its votes; the learned numbers; the measures of the evidence that they
apply to; the combination, which bends what lies below the floor back above it.

The odds of the rest of a year to its part vary less than the year does: the far ends are the
learned tails of their logarithm, wider where the series' own shares vary more. Votes carry nearly
the same information, so their weights were learned together, for each kind of evidence and 3, 6 and
9 known months (`benchmarks/nowcast.py --fit`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise
from math import exp, hypot, log, log1p, sqrt
from operator import mul
from pathlib import Path
from statistics import NormalDist, fmean, stdev
from sys import float_info
from typing import Any, NamedTuple

import numpy as np

SHARES = 3  # past years whose mean share is used
LONG = 5
"""Past years whose shares say how much it varies; also the earlier years from which on smoothing
counts as long.
"""
OWN = 2.0  # standard deviations of the series' own odds that widen the learned tails
SOFTNESS = 0.1
"""Width of the bend at the floor, relative to its distance from the known part on the log scale."""
_MOST_LOG_ODDS = 700.0  # beyond, a float has no exponential
VOTERS = ("share", "growth", "smoothing", "annual", "calendar")


class Smoothed(NamedTuple):
    """The vote of seasonal smoothing of the parts."""

    total: float
    error: float  # root mean squared error of the logarithm, one part ahead, over the past
    years: int  # whole earlier years it rests on
    fine: bool  # True if the known part was cut into smaller ones, such as its quarters


class Annual(NamedTuple):
    """The vote of the forecast from whole years alone."""

    value: float
    spread: float  # half the width of its 80 % interval, in logarithms


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is known about one year; amounts are positive."""

    part: float
    months: int
    shares: tuple[float, ...] = ()  # of the part in earlier years, the latest last
    last_total: float | None = None
    growth: float | None = None  # growth of the part on the year before, 0.1 for 10 %
    smoothing: Smoothed | None = None
    annual: Annual | None = None
    uneven: float | None = None
    """standard deviation of the log growth of the quarters of the known part."""
    rough: float | None = None
    """mean absolute second difference of the logs of the quarters from the year before on."""
    bend: float | None = None
    """how earlier years fill: the first m months have the share (m / 12) ** bend."""

    @property
    def unseen_share(self) -> float:
        """The share of the part expected where no earlier year has it."""
        if self.bend is not None:
            return float((self.months / 12) ** self.bend)
        growth = self.growth
        if growth is None and self.annual is not None and self.last_total:
            growth = self.annual.value / self.last_total - 1
        return calendar_share(self.months, growth)

    def reach(self, wider: float = 1.0) -> tuple[float, float]:
        """The ends of the years that the part allows; 0.25 % of years lie beyond each.

        `wider` moves both so many times as far out in log odds.
        """
        share = fmean(self.shares[-SHARES:]) if self.shares else self.unseen_share
        expected = log_odds(share)
        own = 0.0
        if len(self.shares) > 1:
            own = OWN * stdev(map(log_odds, self.shares[-LONG:]))
        low, high = share_tails(len(self.shares), self.months)
        return (
            self._with_odds(expected - wider * hypot(low, own)),
            self._with_odds(expected + wider * hypot(high, own)),
        )

    def _with_odds(self, log_odds: float) -> float:
        """The year whose rest has these odds to its part."""
        limited = min(max(log_odds, -_MOST_LOG_ODDS), _MOST_LOG_ODDS)
        return self.part * (1 + exp(limited))


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
    """Share of the first months of a year without seasons that grows steadily."""
    rate = 0.0
    if growth:
        # Limited so that a fall by all, or growth without bound, has a logarithm.
        rate = log(min(max(1 + growth, 1e-12), 1e12)) / 12
    weights = [exp(rate * month) for month in range(12)]
    return sum(weights[:months]) / sum(weights)


def log_odds(share: float) -> float:
    """Logarithm of the rest of the year over the part."""
    share = min(max(share, 1e-12), 1 - 1e-12)
    return log((1 - share) / share)


def above(value: float, floor: float, part: float) -> float:
    """A value bent so that it stays above a floor.

    A smooth bend keeps the order of bounds; cutting would make those below the floor equal.
    """
    width = SOFTNESS * log(floor / part)
    if width <= 0:
        return max(value, floor)
    along = log(value / floor) / width
    if along > 35:  # below the precision of a float
        return float(value)
    return floor * exp(width * (max(along, 0.0) + log1p(exp(-abs(along)))))


FILE = Path(__file__).with_name("learned.json")
KNOTS = (3, 6, 9)  # known months for which numbers were learned
TAILS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25)
"""Probabilities outside an interval on one side."""


class Learned(NamedTuple):
    """The numbers for one kind of evidence and a number of known months."""

    weights: Mapping[str, tuple[float, ...]]
    """by voter: of its weight's logarithm, before they sum to 1, by `weighing`."""
    scale: tuple[float, ...]
    """of errors on the log scale: a constant and what each of `measures` adds."""
    low: tuple[float, ...]  # quantiles of the log error over its scale, one a tail
    high: tuple[float, ...]


@cache
def learned(kind: str, months: int) -> Learned:
    """The numbers for a kind of evidence and 1 to 11 known months.

    Between the months of `KNOTS` they are interpolated. Above them errors shrink with the months
    still open; below, they grow slowly.
    """
    low, high, along = knots(months)
    near = at_knot(kind, low)
    far = at_knot(kind, high)
    outside = min((12 - months) / (12 - KNOTS[-1]), max(KNOTS[0] / months, 1.0) ** 0.25)

    def between(
        numbers: tuple[float, ...], others: tuple[float, ...], factor: float = 1.0
    ) -> tuple[float, ...]:
        pairs = zip(numbers, others, strict=True)
        return tuple(factor * (here * (1 - along) + there * along) for here, there in pairs)

    return Learned(
        weights={voter: between(row, far.weights[voter]) for voter, row in near.weights.items()},
        scale=between(near.scale, far.scale, outside),
        low=between(near.low, far.low),
        high=between(near.high, far.high),
    )


def at_knot(kind: str, months: int) -> Learned:
    """The numbers of the file."""
    numbers = stored()["kinds"][f"{kind} {months}"]
    return Learned(
        weights={voter: tuple(row) for voter, row in numbers["weights"].items()},
        scale=tuple(numbers["scale"]),
        low=tuple(numbers["low"]),
        high=tuple(numbers["high"]),
    )


def knots(months: int) -> tuple[int, int, float]:
    """The months of `KNOTS` before and after, and how far along the way from one to the other."""
    within = min(max(months, KNOTS[0]), KNOTS[-1])
    low, high = next(pair for pair in pairwise(KNOTS) if within <= pair[1])
    return low, high, (within - low) / (high - low)


def share_tails(years: int, months: int) -> tuple[float, float]:
    """Sizes of the tails of 0.25 % below and above the expected log odds.

    They are wider outside the months of `KNOTS`.
    """
    tails = stored()["share_tails"]
    learned_years = {int(name.split()[0]) for name in tails}
    nearest = max(count for count in learned_years if count <= years)
    low, high, along = knots(months)
    outside = min(months / KNOTS[0], (12 - months) / (12 - KNOTS[-1]), 1.0)

    def between(near: float, far: float) -> float:
        return (abs(near) * (1 - along) + abs(far) * along) / sqrt(outside)

    near_below, near_over = tails[f"{nearest} {low}"]
    far_below, far_over = tails[f"{nearest} {high}"]
    return between(near_below, far_below), between(near_over, far_over)


@cache
def stored() -> dict[str, Any]:
    """Everything in the file."""
    numbers: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return numbers


WEIGHING = ("level", "rough", "growth", "uneven")
"""The measures that the weights of the votes rest on."""
TYPICAL = 0.05  # taken for a measure that is not known
_MOST = {"rough": 0.2, "level": 0.1}
"""Measures at most: strong seasons are rough and far from level, but reliable."""
_MOST_WEIGHING = 0.5  # the same of every measure in the weights
_SMALL = 0.003  # added to a measure in the weights before its logarithm is taken


def measures(evidence: Evidence, voted: Mapping[str, float]) -> dict[str, float]:
    """Inputs of the spread of errors, on the log scale, in the order of the learned numbers."""
    of_part = ("share", "growth", "smoothing", "calendar")
    from_part = [log(voted[voter]) for voter in of_part if voter in voted]
    # In the order of `Learned.scale`.
    measured = dict.fromkeys(
        ("uneven", "rough", "level", "growth", "shares", "votes", "annual", "spread", "smoothing"),
        TYPICAL,
    )
    if evidence.uneven is not None:
        measured["uneven"] = evidence.uneven
    if evidence.rough is not None:
        measured["rough"] = evidence.rough
    if evidence.shares:  # how far the part is from that of a level year
        measured["level"] = abs(log(evidence.shares[-1] / (evidence.months / 12)))
    if evidence.growth is not None:
        measured["growth"] = abs(log1p(evidence.growth))
    if len(evidence.shares) > 1:
        measured["shares"] = stdev(map(log, evidence.shares[-LONG:]))
    if len(from_part) > 1:
        measured["votes"] = stdev(from_part)
    if "annual" in voted and from_part:
        measured["annual"] = abs(log(voted["annual"]) - from_part[0])
    if evidence.annual is not None:
        measured["spread"] = evidence.annual.spread
    if evidence.smoothing is not None:
        measured["smoothing"] = evidence.smoothing.error

    for name, most in _MOST.items():
        measured[name] = _limited(measured[name], most)
    return measured


def weighing(measured: Mapping[str, float]) -> tuple[float, ...]:
    """The inputs of the weights of the votes: a constant, and logarithms of measures.

    A logarithm is near 0 for a typical measure.
    """
    limited = (_limited(measured[name], _MOST_WEIGHING) for name in WEIGHING)
    return (1.0, *(log((value + _SMALL) / TYPICAL) for value in limited))


def _limited(value: float, most: float) -> float:
    """Near the value where that is small, and never more than `most`."""
    return value / (1 + value / most)


_LARGEST = 20.0  # the scale of errors at most, on the log scale
_NARROWEST = 30
"""The narrowest level: at it bounds below the floor end with the learned tail of 0.25 %, at others
in proportion to the chance on that side.
"""


class Combined(NamedTuple):
    """One number from all votes, with its bounds."""

    point: float
    lower: tuple[float, ...]  # one a level
    upper: tuple[float, ...]
    weights: Mapping[str, float]  # of those who vote; they sum to 1


def combine(evidence: Evidence, levels: tuple[int, ...], *, held: bool = False) -> Combined:
    """The median of the year and its intervals, above the smallest year that the part allows.

    `held` as in `pull`.
    """
    voted = votes(evidence)
    numbers = learned(pattern(evidence), evidence.months)
    measured = measures(evidence, voted)
    point, weights = weighted(voted, measured, numbers, evidence.part)
    size = scale(measured, numbers)
    distance = pull(evidence, voted, point, held=held)
    floor = evidence.reach()[0] if evidence.part > 0 else 0.0

    def width(quantiles: tuple[float, ...], level: int) -> float:
        quantile = float(np.interp((1 - level / 100) / 2, (*TAILS, 0.5), (*quantiles, 0.0)))
        return hypot(size * quantile, distance)

    def lower(level: int) -> float:
        bound = _logarithmic(point * exp(-width(numbers.low, level)), evidence)
        if not floor:
            return bound
        if bound >= floor:
            return above(bound, floor, evidence.part)
        return _below_floor(bound, level, floor, evidence)

    def upper(level: int) -> float:
        bound = _logarithmic(max(point, floor) * exp(width(numbers.high, level)), evidence)
        return above(bound, floor, evidence.part) if floor else bound

    middle = _logarithmic(point, evidence)
    if floor:
        middle = above(middle, floor, evidence.part)
    return Combined(
        point=middle,
        lower=tuple(min(middle, lower(level)) for level in levels),
        upper=tuple(upper(level) for level in levels),
        weights=weights,
    )


def _logarithmic(value: float, evidence: Evidence) -> float:
    """A value, raised to one that has a logarithm."""
    return max(value, evidence.part * 1e-12, float_info.min)


def _below_floor(bound: float, level: int, floor: float, evidence: Evidence) -> float:
    """A lower bound that is below the floor, bent so that those of two levels stay apart.

    It goes from where `above` takes the floor itself towards the reach of its level, and is as
    steep at the floor as `above` is.
    """
    tail = NormalDist().inv_cdf((1 - level / 100) / 280)
    least = NormalDist().inv_cdf((1 - _NARROWEST / 100) / 280)
    knee = above(floor, floor, evidence.part)
    far = evidence.reach(tail / least)[0]
    return float(far * (knee / far) ** exp(0.5 * log(bound / floor) / log(knee / far)))


def combine_restated(evidence: Evidence, levels: tuple[int, ...]) -> Combined:
    """Combine the votes where the base of the part was restated.

    Share and growth count alike, and the interval holds both of theirs.
    """
    by_share = combine(replace(evidence, growth=None), levels, held=True)
    by_growth = combine(replace(evidence, shares=(), smoothing=None), levels)
    weights = {}
    for voter in votes(evidence):
        both = by_share.weights.get(voter, 0.0) + by_growth.weights.get(voter, 0.0)
        weights[voter] = both / 2
    return Combined(
        point=sqrt(by_share.point) * sqrt(by_growth.point),
        lower=tuple(map(min, by_share.lower, by_growth.lower)),
        upper=tuple(map(max, by_share.upper, by_growth.upper)),
        weights=weights,
    )


def pattern(evidence: Evidence) -> str:
    """The kind of evidence, as the learned numbers name it.

    `fine`: quarters, too, are known one by one.
    """
    smoothing = evidence.smoothing
    growing = evidence.uneven is not None and (smoothing is None or smoothing.fine)
    # A part of one quarter or less has no growth of its quarters.
    fine = evidence.rough is not None and (growing or evidence.months <= KNOTS[0])
    suffix = " fine" if fine else ""
    if smoothing is not None:
        return ("long" if smoothing.years >= LONG else "short") + suffix
    if evidence.shares or (evidence.growth is not None and evidence.last_total is not None):
        # A growth on the year before is as good as its share.
        return ("one", "one", "two", "three")[min(len(evidence.shares), 3)] + suffix
    return "none" if evidence.annual is None else "annual"


def weighted(
    voted: Mapping[str, float], measured: Mapping[str, float], numbers: Learned, part: float
) -> tuple[float, dict[str, float]]:
    """The weighted median of the year, no vote below the known part, and the voters' weights."""
    inputs = weighing(measured)
    sizes = dict.fromkeys(voted, 0.0)
    for voter in voted:
        if voter in numbers.weights:
            sizes[voter] = exp(sum(map(mul, numbers.weights[voter], inputs)))
    total = sum(sizes.values())
    weights = {voter: size / total if total else 1 / len(voted) for voter, size in sizes.items()}
    logs = (weight * log(max(voted[voter], part)) for voter, weight in weights.items())
    return exp(sum(logs)), weights


def scale(measured: Mapping[str, float], numbers: Learned) -> float:
    """The size of errors on the log scale."""
    return min(float(sum(map(mul, numbers.scale, (1.0, *measured.values())))), _LARGEST)


def pull(
    evidence: Evidence, voted: Mapping[str, float], point: float, *, held: bool = False
) -> float:
    """How far the annual forecast draws the point from the part alone.

    Nothing where there is a smoothing, unless `held`.
    """
    from_part = [voted[voter] for voter in ("share", "growth") if voter in voted]
    if not from_part or (evidence.smoothing is not None and not held):
        return 0.0
    return abs(log(from_part[0] / point))
