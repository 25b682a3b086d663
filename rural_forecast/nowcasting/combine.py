"""The votes combined on the log scale: one median and its intervals.

The share and the growth of a part carry nearly the same information, so votes are never combined as if independent: the
weights were learned together, for each kind of evidence, on quarters summed to years of nine domains
(`benchmarks/nowcast.py --fit`). The interval is the learned spread of the errors, a weighted sum of the `MEASURES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, hypot, log, log1p, sqrt
from operator import mul
from statistics import NormalDist, stdev
from sys import float_info
from typing import NamedTuple

import numpy as np

from rural_forecast.nowcasting.evidence import LONG, Evidence, above, votes
from rural_forecast.nowcasting.learned import KNOTS, TAILS, Learned, learned

MEASURES = ("uneven", "rough", "level", "growth", "shares", "votes", "annual", "spread", "smoothing")
"""On the log scale: how far the growth of the quarters of the known part lies apart; the roughness of the last
quarters; the distance of the part's share from that of a level year; the growth of the part; the variation of its
shares; the disagreement of the votes that rest on the part; the distance of the annual forecast from the first of
them, and half its 80 % interval; the error of the smoothing."""
WEIGHING = ("level", "rough", "growth", "uneven")  # those that the weights of the votes rest on
TYPICAL = 0.05  # taken for a measure that is not known
_MOST = {"rough": 0.2, "level": 0.1}
"""Seasons are rough and far from level, but can be relied on: these two measures count ever less, up to this."""
_MOST_WEIGHING = 0.5  # the same of every measure in the weights
_SMALL = 0.003  # added to a measure in the weights before its logarithm is taken


def measures(evidence: Evidence, voted: Mapping[str, float]) -> dict[str, float]:
    """The measures of `MEASURES`, in this order."""
    from_part = [log(voted[voter]) for voter in ("share", "growth", "smoothing", "calendar") if voter in voted]
    share = evidence.shares[-1] if evidence.shares else None
    seen = {
        "uneven": evidence.uneven,
        "rough": evidence.rough,
        "level": None if share is None else abs(log(share / (evidence.months / 12))),
        "growth": None if evidence.growth is None else abs(log1p(evidence.growth)),
        "shares": stdev(map(log, evidence.shares[-LONG:])) if len(evidence.shares) > 1 else None,
        "votes": stdev(from_part) if len(from_part) > 1 else None,
        "annual": abs(log(voted["annual"]) - from_part[0]) if "annual" in voted and from_part else None,
        "spread": evidence.annual.spread if evidence.annual else None,
        "smoothing": evidence.smoothing.error if evidence.smoothing else None,
    }
    known = {name: TYPICAL if value is None else value for name, value in seen.items()}
    return known | {name: _limited(known[name], most) for name, most in _MOST.items()}


def weighing(seen: Mapping[str, float]) -> tuple[float, ...]:
    """The inputs of the weights of the votes: a constant, and logarithms, near 0 for typical measures."""
    limited = (_limited(seen[name], _MOST_WEIGHING) for name in WEIGHING)
    return (1.0, *(log((value + _SMALL) / TYPICAL) for value in limited))


def _limited(value: float, most: float) -> float:
    """Near the value where that is small, and never more than `most`."""
    return value / (1 + value / most)


_LARGEST = 20.0  # of the scale of errors on the log scale


class Combined(NamedTuple):
    """One number from all votes, a bound a level on each side, and the weights of those who vote, which sum to 1."""

    point: float
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    weights: Mapping[str, float]


def combine(evidence: Evidence, levels: tuple[int, ...], *, held: bool = False) -> Combined:
    """The median of the year and its intervals, above the smallest year that the part allows; `held` as in `pull`."""
    voted = votes(evidence)
    known, seen = learned(pattern(evidence), evidence.months), measures(evidence, voted)
    point, weights = weighted(voted, seen, known, evidence.part)
    size, distance = scale(seen, known), pull(evidence, voted, point, held=held)
    floor = evidence.reach()[0] if evidence.part > 0 else 0.0

    def bent(value: float, level: int = 0) -> float:
        value = max(value, evidence.part * 1e-12, float_info.min)  # it has a logarithm
        if not floor or not level or value >= floor:
            return above(value, floor, evidence.part) if floor else value
        tail, least = (NormalDist().inv_cdf((1 - each / 100) / 280) for each in (level, 30))
        knee, far = above(floor, floor, evidence.part), evidence.reach(tail / least)[0]  # so no two share a bound
        return float(far * (knee / far) ** exp(0.5 * log(value / floor) / log(knee / far)))  # as steep at the floor

    def apart(quantiles: tuple[float, ...], level: int) -> float:
        quantile = float(np.interp((1 - level / 100) / 2, (*TAILS, 0.5), (*quantiles, 0.0)))
        return hypot(size * quantile, distance)

    middle = bent(point)
    return Combined(
        point=middle,
        lower=tuple(min(middle, bent(point * exp(-apart(known.low, level)), level)) for level in levels),
        upper=tuple(bent(max(point, floor) * exp(apart(known.high, level))) for level in levels),
        weights=weights,
    )


def combine_restated(evidence: Evidence, levels: tuple[int, ...]) -> Combined:
    """Where the base of the part was restated: share and growth count alike, and the interval holds both of theirs."""
    by_share = combine(evidence._replace(growth=None), levels, held=True)
    by_growth = combine(evidence._replace(shares=(), smoothing=None), levels)
    voted = votes(evidence)
    return Combined(
        point=sqrt(by_share.point) * sqrt(by_growth.point),
        lower=tuple(map(min, by_share.lower, by_growth.lower)),
        upper=tuple(map(max, by_share.upper, by_growth.upper)),
        weights={voter: (by_share.weights.get(voter, 0.0) + by_growth.weights.get(voter, 0.0)) / 2 for voter in voted},
    )


def pattern(evidence: Evidence) -> str:
    """The kind of evidence at hand, as the learned numbers name it."""
    smoothing = evidence.smoothing
    growing = evidence.uneven is not None and (smoothing is None or smoothing.fine)
    fine = " fine" if evidence.rough is not None and (growing or evidence.months <= KNOTS[0]) else ""
    if smoothing is not None:
        return ("long" if smoothing.years >= LONG else "short") + fine
    if evidence.shares or (evidence.growth is not None and evidence.last_total is not None):
        return ("one", "one", "two", "three")[min(len(evidence.shares), 3)] + fine
    return "none" if evidence.annual is None else "annual"


def weighted(
    voted: Mapping[str, float], seen: Mapping[str, float], known: Learned, part: float
) -> tuple[float, dict[str, float]]:
    """The weighted median of the year, never below the known part, and the weights of those who vote."""
    inputs = weighing(seen)
    sizes = {
        voter: exp(sum(map(mul, known.weights[voter], inputs))) if voter in known.weights else 0.0 for voter in voted
    }
    total = sum(sizes.values())
    weights = {voter: size / total if total else 1 / len(voted) for voter, size in sizes.items()}
    return exp(sum(weight * log(max(voted[voter], part)) for voter, weight in weights.items())), weights


def scale(seen: Mapping[str, float], known: Learned) -> float:
    """The size of errors on the log scale."""
    return min(float(sum(map(mul, known.scale, (1.0, *seen.values())))), _LARGEST)


def pull(evidence: Evidence, voted: Mapping[str, float], point: float, *, held: bool = False) -> float:
    """How far the annual forecast draws the point from the part alone; not with a smoothing, unless `held`."""
    alone = [voted[voter] for voter in ("share", "growth") if voter in voted]
    return abs(log(alone[0] / point)) if alone and (held or evidence.smoothing is None) else 0.0
