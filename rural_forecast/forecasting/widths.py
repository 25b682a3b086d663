"""Widths of a domain that nobody has seen: factors on the offsets of the consensus, learned from whole domains.

An interval that holds 80 % on the domains it was learned with holds less on the next one, and least where points are
few. `training/widths.py` learns the factors on sets that no network saw, by the mean over domains of the interval score
on the log scale, so that a domain counts once and a volatile one as much as it costs. Their log is linear in the traits
and, by tail, between knots of the log length; the slope over the horizon is linear in length and roughness.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting.shape import BENDS, LEARNED, LENGTH, LOG_LENGTH
from rural_forecast.models.base import Array

FILE = Path(__file__).with_name("widths.json")
POINTS = (1, 2, 3, 5, 8, 15, 30)
"""Lengths of the knots."""
SIDES = np.array([0, 0, 0, 0, 1, 1, 1, 1])
"""Side of each tail, the lower one first."""
MOST = 0.8
"""Most that the log of a factor may be, either way; it comes near ever more slowly."""


class Learned(NamedTuple):
    """The learned numbers."""

    by_length: Array
    """Shape (knot, tail)."""
    by_trait: Array
    """Shape (trait, side)."""
    by_horizon: Array
    """Shape (3, side): slope over the centred log horizon, at the typical length and roughness and by each of them."""


@cache
def learned() -> Learned:
    """The numbers that ship."""
    known = json.loads(FILE.read_text(encoding="utf-8"))
    return Learned(*(np.array(known[name]) for name in Learned._fields))


def steps(horizon: int) -> Array:
    """Centred log horizons, flat after the learned years; shape (horizon,)."""
    return np.asarray(np.log(np.minimum(np.arange(1.0, horizon + 1), LEARNED)) - 1.3)


def factors(traits: Array, horizon: int, known: Learned | None = None) -> Array:
    """Factors of shape (series, horizon, tail) for traits of shape (series, trait); the sum has one order."""
    known = learned() if known is None else known
    logs = np.log(POINTS)
    lengths = np.stack([np.interp(traits[:, LENGTH] + LOG_LENGTH, logs, knots) for knots in known.by_length.T], axis=1)
    total = np.zeros((len(traits), 2))
    for number, weight in zip(traits.T, known.by_trait, strict=True):
        total = total + number[:, None] * weight
    start, by_length, by_bends = known.by_horizon
    slope = start + traits[:, LENGTH, None] * by_length + traits[:, BENDS, None] * by_bends
    sides = total[:, None] + steps(horizon)[None, :, None] * slope[:, None]
    return np.asarray(np.exp(MOST * np.tanh((lengths[:, None] + sides[:, :, SIDES]) / MOST)))
