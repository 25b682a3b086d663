"""How much each vote counts in a nowcast, and how far its errors reach.

`benchmarks/nowcast.py --fit` learns the numbers from quarterly M1, M3 and Tourism series summed to years, every second
series; the others are its scoreboard.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from rural_forecast.models.learned import numbers, rows

TAILS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25)
"""Probabilities outside an interval on one side, for which quantiles were learned."""


class Learned(NamedTuple):
    """The numbers for one kind of evidence and a number of known months."""

    weights: tuple[float, ...]
    """One a voter of `votes.VOTERS`; they sum to 1."""
    constant: float
    """Of the logarithm of the scale of errors."""
    slopes: tuple[float, ...]
    """What each of `votes.measures` adds to that logarithm."""
    low: tuple[float, ...]
    """Quantiles of the log error over its scale, one a tail."""
    high: tuple[float, ...]


@cache
def learned(kind: str, months: int) -> Learned:
    """The numbers for a kind of evidence (see `votes.pattern`) and 3, 6 or 9 known months."""
    place = rows("nowcast").index(f"{kind} {months}")
    weights, constant, slopes, low, high = (numbers(f"nowcast.{name}")[place].tolist() for name in Learned._fields)
    return Learned(tuple(weights), constant, tuple(slopes), tuple(low), tuple(high))


@cache
def share_tails() -> dict[tuple[int, int], tuple[float, float]]:
    """By number of earlier years and of known months: how far the log odds of the rest of a year to its part lie from
    what is expected, at the tails of 0.25 %."""
    keys = (tuple(map(int, row.split())) for row in rows("nowcast.share_tails"))
    return {
        (years, months): (low, high)
        for (years, months), (low, high) in zip(keys, numbers("nowcast.share_tails").tolist(), strict=True)
    }
