"""Evidence on a year of which a part is known, the votes that follow from it, and how learned
numbers combine them.

The odds of the rest of a year to its part vary less than the year does: the far ends are the
learned tails of their logarithm, wider where the series' own shares vary more. Votes carry nearly
the same information, so their weights were learned together, for each kind of evidence and 3, 6 and
9 known months (`benchmarks/nowcast.py --fit`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
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
# Past years whose shares say how much it varies; earlier years from which on smoothing counts as
# long.
LONG = 5
OWN = 2.0  # standard deviations of the series' own odds that widen the learned tails
# Width of the bend at the floor, as a part of the distance from the known part to it, on the log
# scale.
SOFTNESS = 0.1
VOTERS = ("share", "growth", "smoothing", "annual", "calendar")


class Smoothed(NamedTuple):
    """The vote of seasonal smoothing of the parts."""

    total: float
    error: float  # root mean squared error of the logarithm, one part ahead, over the past
    years: int  # whole earlier years it rests on
    fine: bool  # True if the known part was cut into smaller ones, such as its quarters


class Annual(NamedTuple):
    """The vote of the forecast from whole years alone, and half the width of its 80 % interval, in
    logs.
    """

    value: float
    spread: float


class Evidence(NamedTuple):
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
        """The ends of what the part allows, `wider` times as far out in log odds; 0.25 % of years
        lie beyond each.
        """
        expected = log_odds(fmean(self.shares[-SHARES:]) if self.shares else self.unseen_share)
        own = OWN * stdev(map(log_odds, self.shares[-LONG:])) if len(self.shares) > 1 else 0.0
        low, high = (
            wider * hypot(tail, own) for tail in share_tails(len(self.shares), self.months)
        )
        below, over = (min(max(odds, -700.0), 700.0) for odds in (expected - low, expected + high))
        return self.part * (1 + exp(below)), self.part * (1 + exp(over))


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
    # Beyond, there is no such year.
    rate = log(min(max(1 + growth, 1e-12), 1e12)) / 12 if growth else 0.0
    weights = [exp(rate * month) for month in range(12)]
    return sum(weights[:months]) / sum(weights)


def log_odds(share: float) -> float:
    """Logarithm of the rest of the year over the part."""
    share = min(max(share, 1e-12), 1 - 1e-12)
    return log((1 - share) / share)


def above(value: float, floor: float, part: float) -> float:
    """A value bent so that it stays above a floor; a smooth bend keeps the order of bounds, as
    cutting would not.
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
# Probabilities outside an interval on one side.
TAILS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25)


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
    """The numbers for a kind of evidence and 1 to 11 known months; below 3 and above 9, for the
    months still open.
    """
    low, high, along = knots(months)
    near = at_knot(kind, low)
    far = at_knot(kind, high)
    outside = min((12 - months) / (12 - KNOTS[-1]), max(KNOTS[0] / months, 1.0) ** 0.25)

    def between(
        numbers: tuple[float, ...], others: tuple[float, ...], factor: float = 1.0
    ) -> tuple[float, ...]:
        return tuple(
            factor * (n * (1 - along) + m * along) for n, m in zip(numbers, others, strict=True)
        )

    return Learned(
        weights={voter: between(row, far.weights[voter]) for voter, row in near.weights.items()},
        scale=between(near.scale, far.scale, outside),
        low=between(near.low, far.low),
        high=between(near.high, far.high),
    )


def at_knot(kind: str, months: int) -> Learned:
    """The numbers of the file."""
    numbers = stored()["kinds"][f"{kind} {months}"]
    weights = {voter: tuple(row) for voter, row in numbers["weights"].items()}
    return Learned(weights, *(tuple(numbers[name]) for name in ("scale", "low", "high")))


def knots(months: int) -> tuple[int, int, float]:
    """The learned numbers of months before and after, and how far along the way."""
    within = min(max(months, KNOTS[0]), KNOTS[-1])
    low, high = next(pair for pair in pairwise(KNOTS) if within <= pair[1])
    return low, high, (within - low) / (high - low)


def share_tails(years: int, months: int) -> tuple[float, float]:
    """Sizes of the tails of 0.25 % below and above the expected log odds, wider outside the learned
    months.
    """
    tails = stored()["share_tails"]
    known = max(earlier for earlier in (int(name.split()[0]) for name in tails) if earlier <= years)
    low, high, along = knots(months)
    outside = min(months / KNOTS[0], (12 - months) / (12 - KNOTS[-1]), 1.0)
    ends = zip(tails[f"{known} {low}"], tails[f"{known} {high}"], strict=True)
    below, over = (
        (abs(near) * (1 - along) + abs(far) * along) / sqrt(outside) for near, far in ends
    )
    return below, over


@cache
def stored() -> dict[str, Any]:
    """Everything in the file."""
    numbers: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return numbers


WEIGHING = ("level", "rough", "growth", "uneven")  # those that the weights of the votes rest on
TYPICAL = 0.05  # taken for a measure that is not known
# Seasons are rough and far from level, but reliable: they count ever less.
_MOST = {"rough": 0.2, "level": 0.1}
_MOST_WEIGHING = 0.5  # the same of every measure in the weights
_SMALL = 0.003  # added to a measure in the weights before its logarithm is taken


def measures(evidence: Evidence, voted: Mapping[str, float]) -> dict[str, float]:
    """Inputs of the spread of errors, on the log scale, in the order of the learned numbers."""
    from_part = [
        log(voted[voter])
        for voter in ("share", "growth", "smoothing", "calendar")
        if voter in voted
    ]
    share = evidence.shares[-1] if evidence.shares else None
    seen = {
        "uneven": evidence.uneven,
        "rough": evidence.rough,
        # From a level year.
        "level": None if share is None else abs(log(share / (evidence.months / 12))),
        "growth": None if evidence.growth is None else abs(log1p(evidence.growth)),
        "shares": stdev(map(log, evidence.shares[-LONG:])) if len(evidence.shares) > 1 else None,
        "votes": stdev(from_part) if len(from_part) > 1 else None,
        "annual": abs(log(voted["annual"]) - from_part[0])
        if "annual" in voted and from_part
        else None,
        "spread": evidence.annual.spread if evidence.annual else None,
        "smoothing": evidence.smoothing.error if evidence.smoothing else None,
    }
    known = {name: TYPICAL if value is None else value for name, value in seen.items()}
    return known | {name: _limited(known[name], most) for name, most in _MOST.items()}


def weighing(seen: Mapping[str, float]) -> tuple[float, ...]:
    """The inputs of the weights of the votes: a constant, and logarithms, near 0 for typical
    measures.
    """
    limited = (_limited(seen[name], _MOST_WEIGHING) for name in WEIGHING)
    return (1.0, *(log((value + _SMALL) / TYPICAL) for value in limited))


def _limited(value: float, most: float) -> float:
    """Near the value where that is small, and never more than `most`."""
    return value / (1 + value / most)


_LARGEST = 20.0  # of the scale of errors on the log scale


class Combined(NamedTuple):
    """One number from all votes, a bound a level on each side, and the weights of those who vote,
    which sum to 1.
    """

    point: float
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    weights: Mapping[str, float]


def combine(evidence: Evidence, levels: tuple[int, ...], *, held: bool = False) -> Combined:
    """The median of the year and its intervals, above the smallest year that the part allows;
    `held` as in `pull`.
    """
    voted = votes(evidence)
    known = learned(pattern(evidence), evidence.months)
    seen = measures(evidence, voted)
    point, weights = weighted(voted, seen, known, evidence.part)
    size = scale(seen, known)
    distance = pull(evidence, voted, point, held=held)
    floor = evidence.reach()[0] if evidence.part > 0 else 0.0

    def bent(value: float, level: int = 0) -> float:
        value = max(value, evidence.part * 1e-12, float_info.min)  # it has a logarithm
        if not floor or not level or value >= floor:
            return above(value, floor, evidence.part) if floor else value
        tail, least = (NormalDist().inv_cdf((1 - each / 100) / 280) for each in (level, 30))
        # So no two share a bound.
        knee = above(floor, floor, evidence.part)
        far = evidence.reach(tail / least)[0]
        # As steep at the floor.
        return float(far * (knee / far) ** exp(0.5 * log(value / floor) / log(knee / far)))

    def apart(quantiles: tuple[float, ...], level: int) -> float:
        quantile = float(np.interp((1 - level / 100) / 2, (*TAILS, 0.5), (*quantiles, 0.0)))
        return hypot(size * quantile, distance)

    middle = bent(point)
    return Combined(
        point=middle,
        lower=tuple(
            min(middle, bent(point * exp(-apart(known.low, level)), level)) for level in levels
        ),
        upper=tuple(bent(max(point, floor) * exp(apart(known.high, level))) for level in levels),
        weights=weights,
    )


def combine_restated(evidence: Evidence, levels: tuple[int, ...]) -> Combined:
    """Where the base of the part was restated: share and growth count alike, and the interval holds
    both of theirs.
    """
    by_share = combine(evidence._replace(growth=None), levels, held=True)
    by_growth = combine(evidence._replace(shares=(), smoothing=None), levels)
    voted = votes(evidence)
    return Combined(
        point=sqrt(by_share.point) * sqrt(by_growth.point),
        lower=tuple(map(min, by_share.lower, by_growth.lower)),
        upper=tuple(map(max, by_share.upper, by_growth.upper)),
        weights={
            voter: (by_share.weights.get(voter, 0.0) + by_growth.weights.get(voter, 0.0)) / 2
            for voter in voted
        },
    )


def pattern(evidence: Evidence) -> str:
    """The kind of evidence at hand, as the learned numbers name it."""
    smoothing = evidence.smoothing
    growing = evidence.uneven is not None and (smoothing is None or smoothing.fine)
    fine = (
        " fine" if evidence.rough is not None and (growing or evidence.months <= KNOTS[0]) else ""
    )
    if smoothing is not None:
        return ("long" if smoothing.years >= LONG else "short") + fine
    if evidence.shares or (evidence.growth is not None and evidence.last_total is not None):
        return ("one", "one", "two", "three")[min(len(evidence.shares), 3)] + fine
    return "none" if evidence.annual is None else "annual"


def weighted(
    voted: Mapping[str, float], seen: Mapping[str, float], known: Learned, part: float
) -> tuple[float, dict[str, float]]:
    """The weighted median of the year, never below the known part, and the weights of those who
    vote.
    """
    inputs = weighing(seen)
    sizes = {
        voter: exp(sum(map(mul, known.weights[voter], inputs))) if voter in known.weights else 0.0
        for voter in voted
    }
    total = sum(sizes.values())
    weights = {voter: size / total if total else 1 / len(voted) for voter, size in sizes.items()}
    return exp(
        sum(weight * log(max(voted[voter], part)) for voter, weight in weights.items())
    ), weights


def scale(seen: Mapping[str, float], known: Learned) -> float:
    """The size of errors on the log scale."""
    return min(float(sum(map(mul, known.scale, (1.0, *seen.values())))), _LARGEST)


def pull(
    evidence: Evidence, voted: Mapping[str, float], point: float, *, held: bool = False
) -> float:
    """How far the annual forecast draws the point from the part alone; not with a smoothing, unless
    `held`.
    """
    alone = [voted[voter] for voter in ("share", "growth") if voter in voted]
    return abs(log(alone[0] / point)) if alone and (held or evidence.smoothing is None) else 0.0
