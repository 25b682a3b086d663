"""Bass diffusion to a stated ceiling: some adopt by themselves, others because others have."""

import numpy as np

from rural_forecast.models.base import Array, Ceiling, Fit, Model, Parameter
from rural_forecast.models.logistic import middle, screen
from rural_forecast.models.smoothing import by_time, total


def coefficients(share: Array) -> tuple[Array, Array]:
    """Fit innovation p and imitation q, neither below zero.

    They are those of least squared error of the yearly increments.
    """
    # An increment is p (1 - F) + q F (1 - F), linear in p and q; F is taken at the middle of each
    # period.
    half = 0.5 * (share[1:] + share[:-1])
    gain = share[1:] - share[:-1]
    left = 1.0 - half
    spread = half * (1.0 - half)
    aa = total(left * left)
    ab = total(left * spread)
    bb = total(spread * spread)
    ay = total(left * gain)
    by = total(spread * gain)
    gap = aa * bb - ab * ab
    p = (ay * bb - by * ab) / gap
    q = (by * aa - ay * ab) / gap
    p_alone = np.maximum(ay / aa, 0.0)
    q_alone = np.maximum(by / bb, 0.0)
    # Outside the bounds, the edge that lowers the error more: by p_alone * ay, or by q_alone * by.
    use_p = p_alone * ay >= q_alone * by
    inside = (p >= 0) & (q >= 0) & (gap > 1e-14 * aa * bb)
    p = np.where(inside, p, np.where(use_p, p_alone, 0.0))
    q = np.where(inside, q, np.where(use_p, 0.0, q_alone))
    return p, q


def step(share: Array, p: Array, q: Array, periods: Array) -> Array:
    """Compute the share after some periods.

    It is the exact solution of F' = (p + q F) (1 - F) from the present value.
    """
    # Computed as the gain: a share far below the ceiling would be lost in a difference from 1.
    pace = p + q * share
    left = 1.0 - share
    odds = left / np.where(pace > 0, pace, 1.0) * np.exp(-(p + q) * periods)
    return np.where(pace > 0, share - left * np.expm1(-(p + q) * periods) / (1.0 + q * odds), share)


def fit(values: Array, ceiling: Ceiling) -> Fit:
    """Fit p and q to the increments; the path never passes the ceiling."""
    top = middle(ceiling)
    with np.errstate(all="ignore"):
        share = by_time(values / top)
        p, q = coefficients(share)

    def path(horizon: int) -> Array:
        ahead = np.arange(1.0, horizon + 1)[None, :]
        return top * step(share[-1][:, None], p[:, None], q[:, None], ahead)

    parameters = {"ceiling": np.full(len(values), top), "p": p, "q": q}
    return Fit(path, parameters, screen(values, top, every=False))


MODEL = Model(
    name="bass",
    title="Bass diffusion",
    role="curve",
    order=140,
    intervals_of="holt",
    min_points=3,
    formula=(
        "F = y / K, F' = (p + q F) (1 - F); p, q >= 0 by least squares on the increments, K "
        "the geometric middle of the ceiling; the path goes on from the last value"
    ),
    assumes=(
        "first adopters by themselves (p), the others by imitation (q), none return; y counts "
        "all adopters so far"
    ),
    reference="Bass 1969, DOI 10.1287/mnsc.15.5.215",
    parameters=(
        Parameter("ceiling", "market potential, stated", "unit of the series", 0.0),
        Parameter(
            "p", "innovation: share of the others who adopt by themselves", "per period", 0.0
        ),
        Parameter("q", "imitation: share who adopt because others have", "per period", 0.0),
    ),
    positive=True,
    fit=fit,
)
