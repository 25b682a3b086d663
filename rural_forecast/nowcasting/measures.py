"""What a nowcast can see of how sure it is; the weights of the votes and the width of the interval rest on it."""

from __future__ import annotations

from collections.abc import Mapping
from math import log, log1p
from statistics import stdev

from rural_forecast.nowcasting.part_shares import LONG
from rural_forecast.nowcasting.votes import Evidence

MEASURES = ("uneven", "rough", "level", "growth", "shares", "votes", "annual", "spread", "smoothing")
"""On the log scale: how far the growth of the quarters of the known part lies apart; the roughness of the last
quarters; the distance of the part's share from that of a level year; the growth of the part; the variation of its
shares; the disagreement of the votes that rest on the part; the distance of the annual forecast from the first of
them, and half its 80 % interval; the error of the smoothing."""
WEIGHING = ("level", "rough", "growth", "uneven")
"""Those that the weights of the votes rest on."""
TYPICAL = 0.05
"""What is taken for a measure that is not known."""
_MOST = {"rough": 0.2, "level": 0.1}
"""Seasons are rough and far from level, but can be relied on: these two measures count ever less, up to this."""
_MOST_WEIGHING = 0.5
"""The same of every measure in the weights."""
_SMALL = 0.003
"""Added to a measure in the weights before its logarithm is taken."""


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
    """What the weights of the votes rest on: a constant, and logarithms, near 0 for typical measures."""
    limited = (_limited(seen[name], _MOST_WEIGHING) for name in WEIGHING)
    return (1.0, *(log((value + _SMALL) / TYPICAL) for value in limited))


def _limited(value: float, most: float) -> float:
    """Near the value where that is small, and never more than `most`."""
    return value / (1 + value / most)
