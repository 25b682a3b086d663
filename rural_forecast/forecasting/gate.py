"""Weights of the members from the traits of a series: smooth curves of a few constants, without classes.

The reference gets most. Dynamic theta and its like get more the longer a series is and the less smooth: they protect
against a change of regime. Damped growth gets a share where a series of six points and more grows fast and smoothly.
`training/gate.py` prints what the constants do on domains that the networks never saw.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting.shape import BENDS, LENGTH, SIZE
from rural_forecast.models.base import Array

PARTNERS = {"dot": 0.65, "drift": 0.2, "theta": 0.05, "theta_log": 0.05, "damped_drift": 0.05}
"""How the members that protect against a change of regime divide their weight."""
WEIGHED = ("reference", "damped_growth", *PARTNERS)


class Constants(NamedTuple):
    """The curves; places and widths are in units of the traits."""

    short: float = 0.1
    """Weight of the partners at four points, where a series is not smooth."""
    long: float = 0.45
    """The same from twenty points on; in between by the log of the length, also below four."""
    least: float = 0.03
    """The same for the shortest series."""
    smooth: float = 0.3
    """Share of their weight that the partners keep on the smoothest series."""
    bends: float = -0.5
    """Size of the bends at which half of the rest is gone."""
    growth: float = 0.5
    """Weight of damped growth at most."""
    fast: float = 1.2
    """Size of changes (about 28 % a year) at which damped growth has half of it."""
    calm: float = -0.2
    """Size of the bends above which damped growth loses it."""
    known: float = -0.45
    """Length (a little over six points) at which it has half of it."""


SHIPPED = Constants()


def shares(traits: Array, constants: Constants = SHIPPED) -> Array:
    """Weights of shape (series, member), in the order of `WEIGHED`; each row sums to 1."""
    length, bends = traits[:, LENGTH], traits[:, BENDS]
    rising = constants.short + (constants.long - constants.short) * (length + 0.9) / 1.6
    partners = np.clip(rising, constants.least, constants.long)
    partners = partners * (constants.smooth + (1.0 - constants.smooth) * _step((bends - constants.bends) / 0.25))
    fast = _step((traits[:, SIZE] - constants.fast) / 0.15) * _step((constants.calm - bends) / 0.15)
    growth = constants.growth * fast * _step((length - constants.known) / 0.15)
    partners = partners * (1.0 - growth)
    divided = np.array(list(PARTNERS.values()))
    parts = [(1.0 - growth - partners)[:, None], growth[:, None], partners[:, None] * divided]
    return np.concatenate(parts, axis=1)


def _step(distance: Array) -> Array:
    """0 far below zero, a half at zero, 1 far above."""
    return np.asarray(1.0 / (1.0 + np.exp(-distance)))
