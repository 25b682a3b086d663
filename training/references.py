"""The reference networks of a build, and out-of-fold references by whole domains."""

from __future__ import annotations

import sys
import time
from typing import NamedTuple

import numpy as np
import torch

from rural_forecast.forecasting.reference import QUANTILES
from rural_forecast.forecasting.shape import LEARNED
from training.corpus import BLOCKS, DOMAINS, KINDS, Described, Windows, described, nudged
from training.curves import made_up
from training.network import Net, Nudged, predict, train

NETS = 5
FOLD_NETS = 1
FOLDS = (
    ("macro", "micro"),
    ("demographic", "industry"),
    ("finance", "other"),
    ("gapminder",),
    ("us_state_pce", "au_retail"),
)
"""Domains that are held out together; sets that only a build to some year learns from are each a
fold more.
"""
MADE_UP = 0.1
"""Share of the draws that are made-up curves."""
CUT_DRAWN = 0.45
"""Share of windows drawn that are cut to a few points."""
DOMAIN_WEIGHT = {"gapminder": 1.0, "us_state_pce": 0.8, "au_retail": 1.5}
"""How much oftener than by its share a window of a set is drawn; blocks of M4 by the fourth root of
their rarity.
"""


class Learned(NamedTuple):
    """Inputs that a network learns from, but for the weights."""

    features: np.ndarray
    scale: np.ndarray
    future: np.ndarray
    step_size: np.ndarray


class Apart(NamedTuple):
    """Predictions for windows of a domain by networks that saw nothing of it."""

    quantiles: np.ndarray
    point: np.ndarray


def step_size(windows: Windows) -> np.ndarray:
    """Mean absolute change over the last value; a tenth for a single point."""
    sizes = [
        np.abs(np.diff(one)).mean() / one[-1] if len(one) > 1 else 0.1 for one in windows.values
    ]
    return np.maximum(np.array(sizes), 1e-3)


def drawn(windows: Windows) -> np.ndarray:
    """How often each window is drawn."""
    counts = np.bincount(windows.domain, minlength=len(DOMAINS)).astype(float)
    weight = np.ones(len(counts))
    blocks = len(BLOCKS)
    weight[:blocks] = (counts[:blocks].mean() / np.maximum(counts[:blocks], 1)) ** 0.25
    weight[blocks : len(DOMAINS)] = [DOMAIN_WEIGHT[name] for name in DOMAINS[blocks:]]
    share = windows.cut.mean()
    return (
        np.where(windows.cut, CUT_DRAWN / share, (1 - CUT_DRAWN) / (1 - share))
        * weight[windows.domain]
    )


def fold(domain: np.ndarray) -> np.ndarray:
    """The fold of each domain: those of `FOLDS`, then one for each further set."""
    own = np.array(
        [next(at for at, names in enumerate(FOLDS) if name in names) for name in DOMAINS]
    )
    further = len(FOLDS) + (domain - len(DOMAINS)) // len(KINDS)
    return np.where(domain < len(DOMAINS), own[np.minimum(domain, len(DOMAINS) - 1)], further)


def references(windows: Windows, known: Described, seed: int) -> tuple[list[Net], Apart]:
    """Networks on all windows and made-up curves, and for each fold the predictions of networks
    without its domains.
    """
    torch.set_num_threads(1)
    weight = drawn(windows)
    curves = made_up(seed)
    seen = described(curves.values)
    parts = [
        Learned(shape.features, shape.scale, part.future, step_size(part))
        for part, shape in ((windows, known), (curves, seen))
    ]
    learned = [np.concatenate(arrays) for arrays in zip(*parts, strict=True)]
    pairs = Nudged(
        *map(
            np.concatenate, zip(moved(windows, known, seed), moved(curves, seen, seed), strict=True)
        )
    )
    count = len(curves.values)

    def made(weights: np.ndarray, first: int, nets: int) -> list[Net]:
        others = np.full(count, MADE_UP / (1 - MADE_UP) * weights.sum() / count)
        every = np.concatenate([weights, others])
        return [train(*learned, every, pairs, seed + first + number) for number in range(nets)]

    clock = time.monotonic()
    nets = made(weight, 0, NETS)
    quantiles = np.empty((len(weight), LEARNED, len(QUANTILES)), np.float32)
    point = np.empty((len(weight), LEARNED), np.float32)
    folds = fold(windows.domain)
    for number in np.unique(folds).tolist():
        held = folds == number
        apart = made(weight * ~held, 100 + 10 * number, FOLD_NETS)
        quantiles[held], point[held] = predict(apart, known.features[held], known.scale[held])
        print(f"  without fold {number}: {time.monotonic() - clock:.0f} s", file=sys.stderr)
    return nets, Apart(quantiles, point)


def moved(windows: Windows, known: Described, seed: int) -> Nudged:
    """Short windows, before and after one value moves."""
    rows, values = nudged(windows.values, seed)
    after = described(values)
    return Nudged(known.features[rows], known.scale[rows], after.features, after.scale)
