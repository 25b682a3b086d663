"""Weights of the members of the consensus: curves of the traits of a series, and reassignment where
a path ends.

Dynamic theta and its like protect against a change of regime: they get more the longer a series is
and the less smooth. `training/trials.py` chose the constants.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting.shape import BENDS, LEARNED, LENGTH, SIZE, log_ratios
from rural_forecast.models.base import HUGE, Array, Flags, Model
from rural_forecast.models.discovery import FOUND

# How the members that protect against a change of regime divide their weight.
PARTNERS = {"dot": 0.65, "drift": 0.2, "theta": 0.05, "theta_log": 0.05, "damped_drift": 0.05}
WEIGHED = ("reference", "damped_growth", *PARTNERS)

# Shares of the last value: a falling line has its full weight above the first and none below the
# second. On the M4 training part this is as accurate as leaving out lines that cross zero within
# ten years; 0.25 and 0.02 are worse.
FULL = 0.9
GONE = 0.4
# As `FULL` for a history with zeros, a share of its largest value; its paths may reach zero.
LEFT_OF_ZEROS = 0.05
# Log ratios between which a path that explodes or vanishes loses its weight.
FAR = 500.0
GONE_FAR = 600.0
ROOM = 3.0  # log distance from the largest number over which a path loses its weight
_LARGE = 1e200  # size, or ratio to the last value, below which a path is far from the ends


class Constants(NamedTuple):
    """The curves; places and widths are in units of the traits."""

    short: float = 0.1  # weight of the partners at four points, where a series is not smooth
    long: float = 0.45
    """the same from twenty points on; in between by the log of the length, also below four."""
    least: float = 0.03  # the same for the shortest series
    smooth: float = 0.3  # share of their weight that the partners keep on the smoothest series
    bends: float = -0.5  # size of the bends at which half of the rest is gone
    growth: float = 0.5  # weight of damped growth at most
    fast: float = 1.2  # size of changes (about 28 % a year) at which damped growth has half of it
    calm: float = -0.2  # size of the bends above which damped growth loses it
    enough: float = -0.45  # length (a little over six points) at which it has half of it


CONSTANTS = Constants()


def shares(traits: Array, constants: Constants = CONSTANTS) -> Array:
    """Return weights of shape (series, member), in the order of `WEIGHED`; rows sum to 1."""
    length = traits[:, LENGTH]
    bends = traits[:, BENDS]
    rising = constants.short + (constants.long - constants.short) * (length + 0.9) / 1.6
    partners = np.clip(rising, constants.least, constants.long)
    partners = partners * (
        constants.smooth + (1.0 - constants.smooth) * _step((bends - constants.bends) / 0.25)
    )
    fast = _step((traits[:, SIZE] - constants.fast) / 0.15) * _step((constants.calm - bends) / 0.15)
    growth = constants.growth * fast * _step((length - constants.enough) / 0.15)
    partners = partners * (1.0 - growth)
    reference = 1.0 - growth - partners
    of_partners = [partners * share for share in PARTNERS.values()]
    return np.stack([reference, growth, *of_partners], axis=1)


def _step(distance: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-distance)))


def _successors(model: Model) -> int:
    """Count the models that get the weight of this one, one after the other."""
    return sum(1 + _successors(other) for other in FOUND if other.name == model.reassigned_to)


FITTED = tuple(
    sorted(
        (model for model in FOUND if model.role == "member"),
        key=lambda model: (_successors(model), -model.order),
    )
)
"""All members but the reference, each after the one that gets its weight."""


def filled(
    values: Array, points: Mapping[str, Array], kept: Mapping[str, Array]
) -> dict[str, Array]:
    """Return the log ratios of the members, by name, over the learned years.

    Where a path ends, those of its successor come in.
    """
    result: dict[str, Array] = {}
    for model in FITTED:
        share = kept[model.name][:, LEARNED - 1 : LEARNED]
        own = np.where(share > 0, log_ratios(values, points[model.name][:, :LEARNED]), 0.0)
        successor = result[model.reassigned_to] if model.reassigned_to else 0.0
        result[model.name] = share * own + (1.0 - share) * successor
    return result


def kept_share(model: Model, values: Array, points: Array) -> Array:
    """Return the share of its weight that a member keeps in each year, from its points.

    Shape (series, horizon), never rising.
    """
    has_point = np.isfinite(points)
    share = has_point.astype(np.float64)
    least = values.min(axis=1, keepdims=True)
    if not model.positive and (least >= 0).any():
        share *= _kept_above_zero(values, points, has_point, least)
    sizes = np.where(has_point, np.abs(points), 1.0)
    last = np.abs(values[:, -1:])
    not_tiny = (sizes > last / _LARGE) | (last == 0) | (least <= 0)
    usual = ((sizes < _LARGE) & not_tiny) | np.isnan(points)
    if not usual.all():  # a path leaves the range of numbers
        with np.errstate(divide="ignore", invalid="ignore"):
            log = np.log(sizes)
            far = (GONE_FAR - np.abs(log - np.log(last))) / (GONE_FAR - FAR)
            room = (np.log(HUGE) - log) / ROOM
            share *= np.where(usual, 1.0, _smooth(np.minimum(room, far)))
    return np.minimum.accumulate(share, axis=1)


def _kept_above_zero(values: Array, points: Array, has_point: Flags, least: Array) -> Array:
    """Return the share that a path keeps as it falls towards zero; 1 for negative series."""
    lowest = np.minimum.accumulate(np.where(has_point, points, 0.0), axis=1)
    room = LEFT_OF_ZEROS * values.max(axis=1, keepdims=True)
    touches = (least == 0) & (room > 0)
    with np.errstate(over="ignore"):
        of_last = lowest / np.where(least > 0, values[:, -1:], 1.0)
        falling = _smooth((of_last - GONE) / (FULL - GONE))
    sinking = _smooth(lowest / np.where(touches, room, 1.0))
    return np.where(least > 0, falling, np.where(touches, sinking, 1.0))


def _smooth(share: Array) -> Array:
    inside = np.clip(share, 0.0, 1.0)
    return inside * inside * (3.0 - 2.0 * inside)
