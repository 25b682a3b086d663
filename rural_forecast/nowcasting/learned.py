"""The learned numbers of the nowcast, made by `benchmarks/nowcast.py --fit`, for 3, 6 and 9 known months."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from math import sqrt
from pathlib import Path
from typing import Any, NamedTuple

FILE = Path(__file__).with_name("learned.json")
KNOTS = (3, 6, 9)  # known months for which numbers were learned
TAILS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25)
"""Probabilities outside an interval on one side, for which quantiles were learned."""


class Learned(NamedTuple):
    """The numbers for one kind of evidence and a number of known months."""

    weights: Mapping[str, tuple[float, ...]]
    """By voter: the logarithm of its weight before all are made to sum to 1, by `combine.weighing`."""
    scale: tuple[float, ...]  # of errors on the log scale: a constant and what each measure of `combine.MEASURES` adds
    low: tuple[float, ...]  # quantiles of the log error over its scale, one a tail
    high: tuple[float, ...]


@cache
def learned(kind: str, months: int) -> Learned:
    """The numbers for a kind of evidence (see `combine.pattern`) and 1 to 11 known months, between those learned.

    Outside these, errors are in proportion to the months still open, and slightly larger for less than a quarter.
    """
    low, high, along = knots(months)
    near, far = at_knot(kind, low), at_knot(kind, high)
    outside = min((12 - months) / (12 - KNOTS[-1]), max(KNOTS[0] / months, 1.0) ** 0.25)

    def between(numbers: tuple[float, ...], others: tuple[float, ...], factor: float = 1.0) -> tuple[float, ...]:
        return tuple(factor * (n * (1 - along) + m * along) for n, m in zip(numbers, others, strict=True))

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
    """Sizes of the tails of 0.25 % below and above the expected log odds, wider outside the learned months."""
    tails = stored()["share_tails"]
    known = max(earlier for earlier in (int(name.split()[0]) for name in tails) if earlier <= years)
    low, high, along = knots(months)
    outside = min(months / KNOTS[0], (12 - months) / (12 - KNOTS[-1]), 1.0)
    ends = zip(tails[f"{known} {low}"], tails[f"{known} {high}"], strict=True)
    below, over = ((abs(near) * (1 - along) + abs(far) * along) / sqrt(outside) for near, far in ends)
    return below, over


@cache
def stored() -> dict[str, Any]:
    """Everything in the file."""
    numbers: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return numbers
