"""Interval factors: how far the reference's offsets must be stretched so that held-out outcomes
fall inside.
"""

from __future__ import annotations

import numpy as np

from rural_forecast.forecasting.intervals import (
    HORIZON_EDGES,
    TAMED,
    consensus_factors,
    decline,
    horizon_classes,
)
from rural_forecast.forecasting.reference import LENGTH_EDGES, MIDDLE, QUANTILES, length_class
from rural_forecast.forecasting.shape import BENDS, LENGTH, LOG_LENGTH

TAILS = tuple(place for place in range(len(QUANTILES)) if place != MIDDLE)
LENGTHS = len(LENGTH_EDGES) + 1
HORIZON_CLASSES = len(HORIZON_EDGES) + 1
FULL = 400.0
"""Windows a class of length and horizon needs to count as much as all lengths of that horizon."""
STEPS = 500
RATE = 0.03
BATCH = 4096
DECAY = 5e-3
MEMORABLE = 12.0
"""Largest log error that is counted as such."""
DOMAIN_SHARE = 0.6
"""Share of the domains whose outcomes the factors hold as often as they should."""
GROUPS = ((3, 4), (5, 6), (7, 9), (10, 14), (15, 60))
"""Lengths over which the domains are compared."""
FEWEST = 150
"""Outcomes that a domain needs to take part."""


def weighted_quantile(values: np.ndarray, weights: np.ndarray, level: float) -> float:
    """Quantile of a weighted sample."""
    order = np.argsort(values)
    mass = np.cumsum(weights[order])
    return float(values[order][min(np.searchsorted(mass, level * mass[-1]), len(order) - 1)])


def balance(domain: np.ndarray) -> np.ndarray:
    """Every domain counts by the root of its number of windows."""
    counts = np.bincount(domain).astype(float)
    return 1 / np.sqrt(counts[domain])


def offsets_of(quantiles: np.ndarray) -> np.ndarray:
    """Offsets of the tails from the median, away from zero; shape (n, 10, tail)."""
    offset = np.delete(quantiles - quantiles[:, :, MIDDLE : MIDDLE + 1], MIDDLE, axis=2)
    least = 1e-3 * np.sqrt(np.arange(1, 11))[:, None]
    side = np.array([-1.0 if tail < MIDDLE else 1.0 for tail in TAILS])
    return (side * np.maximum(side * offset, least)).astype(np.float32)


def factors(errors, quantiles, lengths) -> np.ndarray:
    """Shape (length class, horizon class, tail): factors on the offsets, each shrunk towards those
    of all lengths.
    """
    result = np.ones((LENGTHS, HORIZON_CLASSES, len(TAILS)))
    steps = horizon_classes(10)
    offsets = offsets_of(quantiles)
    for place, tail in enumerate(TAILS):
        ratio = errors / offsets[:, :, place]
        wanted = max(QUANTILES[tail], 1 - QUANTILES[tail])
        for step in range(HORIZON_CLASSES):
            part = ratio[:, steps == step]
            everywhere = max(float(np.nanquantile(part, wanted)), 0.05)
            for length in range(LENGTHS):
                here = part[lengths == length]
                count = np.isfinite(here).any(axis=1).sum()
                own = max(float(np.nanquantile(here, wanted)), 0.05) if count else 1.0
                result[length, step, place] = (count * own + FULL * everywhere) / (count + FULL)
    return result


def fit(errors, quantiles, traits, domain, length, seed: int) -> np.ndarray:
    """Coefficients (input, tail) of `consensus_factors`, by pinball loss, then shifted for the
    domains.

    The tails of a side share all but the constant: few outcomes lie beyond the outermost.

    Parameters
    ----------
    errors : (n, 10) outcome less the consensus, in logs, NaN where unknown
    domain, length : (n,) of each window
    """
    import torch

    offsets = offsets_of(quantiles)
    known = np.isfinite(errors)
    errors = np.sign(errors) * TAMED * np.expm1(np.minimum(np.abs(errors), MEMORABLE) / TAMED)
    mass = balance(domain)
    rng = np.random.default_rng(seed)
    unit = np.abs(offsets[:, :, [2, 5]]).mean(axis=2, keepdims=True)
    levels = torch.tensor([QUANTILES[tail] for tail in TAILS])
    given = inputs(traits)
    start = torch.zeros((1, len(TAILS)), requires_grad=True)
    slopes = torch.zeros((given.shape[2] - 1, 2), requires_grad=True)
    side = torch.tensor([int(tail > MIDDLE) for tail in TAILS])
    optimiser = torch.optim.Adam([start, slopes], lr=RATE)
    chances = np.cumsum(mass / mass.sum())
    for step in range(STEPS):
        for group in optimiser.param_groups:
            group["lr"] = RATE * (1 - step / STEPS) + 1e-4
        rows = np.searchsorted(chances, rng.random(BATCH)).clip(0, len(chances) - 1)
        there = torch.from_numpy(known[rows].astype(np.float32))[:, :, None]
        factor = torch.exp(torch.from_numpy(given[rows]) @ torch.cat([start, slopes[:, side]]))
        gap = torch.from_numpy(np.nan_to_num(errors[rows]).astype(np.float32))[:, :, None]
        gap = (gap - torch.from_numpy(offsets[rows]) * factor) / torch.from_numpy(unit[rows])
        loss = (
            torch.maximum(levels * gap, (levels - 1) * gap)
            / torch.minimum(levels, 1 - levels) ** 0.5
            * there
        ).sum()
        loss = loss / there.sum() + DECAY * (slopes**2).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    result = (
        torch.cat([start, slopes[:, side], torch.zeros((1, len(TAILS)))])
        .detach()
        .numpy()
        .astype(float)
    )
    result = shifted(result, errors, offsets, traits, domain, length)
    result[-1, :MIDDLE] = for_declines(errors, offsets[:, :, :MIDDLE], result, traits, domain)
    return result


def inputs(traits: np.ndarray) -> np.ndarray:
    """(n, 10, input): what `consensus_factors` multiplies by its coefficients, smooth decline
    excepted.
    """
    steps = np.broadcast_to(
        (np.log(np.arange(1.0, 11.0)) - 1.3)[None, :, None], (len(traits), 10, 1)
    )
    own = np.repeat(traits[:, None, :], 10, axis=1)
    parts = [
        np.ones_like(steps),
        own[:, :, [LENGTH]] ** 2,
        own,
        steps,
        steps * own[:, :, [LENGTH]],
        steps * own[:, :, [BENDS]],
    ]
    return np.concatenate(parts, axis=2).astype(np.float32)


def shifted(coefficients, errors, offsets, traits, domain, length) -> np.ndarray:
    """Add to the constant, and by length and its square, what `DOMAIN_SHARE` of the domains need at
    most.
    """
    bounds = offsets * consensus_factors(coefficients, traits.astype(float), 10)
    centres = []
    wanted = []
    for first, last in GROUPS:
        rows = (length >= first) & (length <= last)
        centre = min(np.log(np.sqrt(first * last)) - LOG_LENGTH, 1.5)
        centres.append([1.0, centre**2, centre])
        wanted.append(needed_shifts(errors[rows], bounds[rows], domain[rows]))
    shift = np.linalg.lstsq(np.array(centres), np.array(wanted), rcond=None)[0]
    coefficients[:3] += shift
    return coefficients


def for_declines(errors, offsets, coefficients, traits, domain) -> np.ndarray:
    """Widening of the lower tails where a decline is smooth, for those that are so by more than
    half; per unit.
    """
    share = decline(traits.astype(float))
    rows = share > 0.5
    factors = consensus_factors(coefficients, traits[rows].astype(float), 10)[:, :, :MIDDLE]
    return needed_shifts(errors[rows], offsets[rows] * factors, domain[rows]) / share[rows].mean()


def needed_shifts(errors: np.ndarray, bounds: np.ndarray, domain: np.ndarray) -> np.ndarray:
    """Shape (tail,): the log factor that `DOMAIN_SHARE` of the domains need at most on bounds of
    the first tails.
    """
    needed = [
        [
            needed_shift(errors[chosen], bounds[chosen, :, place], TAILS[place])
            for place in range(bounds.shape[2])
        ]
        for chosen in (domain == one for one in np.unique(domain))
        if np.isfinite(errors[chosen]).sum() >= FEWEST
    ]
    return np.quantile(needed, DOMAIN_SHARE, axis=0)


def needed_shift(errors: np.ndarray, bound: np.ndarray, tail: int) -> float:
    """Log factor by which the bounds of a tail must grow to hold their share."""
    ratio = (errors / bound)[np.isfinite(errors)]
    return float(np.log(max(np.quantile(ratio, max(QUANTILES[tail], 1 - QUANTILES[tail])), 0.05)))


def lengths_of(values: list[np.ndarray]) -> np.ndarray:
    """Length class of every window."""
    return np.array([length_class(len(one)) for one in values])
