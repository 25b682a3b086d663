"""Weights of the consensus, learned on out-of-fold references, with a premium against a change of regime."""

from __future__ import annotations

import numpy as np
import torch

from training.corpus import DOMAINS, MEMBERS

WEIGHED = ("reference", *MEMBERS)
PRIOR = {"dot": 0.65, "drift": 0.2}
"""Relative weight of a member, compared with the reference, before anything is learned; 0.05 for those not named."""
PREMIUM = 30.0
"""Weight of the divergence from the prior in the loss (whose level is about 3): costs OWA 0.001 on held-out domains."""
STEPS, RATE, SAMPLE = 200, 0.05, 10000


def inputs(traits: np.ndarray) -> np.ndarray:
    """(n, 10, inputs): one, the traits, the horizon, and the horizon times the length."""
    count = len(traits)
    steps = np.log(np.arange(1.0, 11.0)) - 1.3
    return np.concatenate(
        [
            np.ones((count, 10, 1)),
            np.repeat(traits[:, None, :], 10, axis=1),
            np.broadcast_to(steps[None, :, None], (count, 10, 1)),
            (steps[None, :] * traits[:, :1])[:, :, None],
        ],
        axis=2,
    ).astype(np.float32)


def prior(traits: np.ndarray) -> np.ndarray:
    """(n, member): a fixed mixture, as insurance against a change of regime common to all series.

    The reference gets 0.97 for three points, 0.9 for four, 0.55 for twenty (trait 0 is the log of the length less 2.3).
    """
    share = np.clip(0.9 - 0.35 * (traits[:, 0] + 0.9) / 1.6, 0.55, 0.98)
    rest = np.array([PRIOR.get(name, 0.05) for name in MEMBERS])
    rest = rest / rest.sum()
    return np.concatenate([share[:, None], (1 - share)[:, None] * rest], axis=1).astype(np.float32)


def fit(traits, points, future, step_size, domain, seed: int, premium: float = PREMIUM) -> np.ndarray:
    """Coefficients (input, member) of a softmax; every domain counts by the root of its number of windows.

    Parameters
    ----------
    points : (n, member, 10) log ratios, the reference first and out of fold
    future : (n, 10) log ratios that came
    """
    rng = np.random.default_rng(seed)
    counts = np.bincount(domain, minlength=len(DOMAINS)).astype(float)
    chance = 1 / np.sqrt(counts[domain])
    rows = rng.choice(len(domain), min(SAMPLE, len(domain)), replace=False, p=chance / chance.sum())
    given, paths = torch.from_numpy(inputs(traits[rows])), torch.from_numpy(points[rows].astype(np.float32))
    wanted = torch.log(torch.from_numpy(prior(traits[rows])))[:, None, :]
    truth, size = torch.from_numpy(future[rows]), torch.from_numpy(step_size[rows].astype(np.float32))[:, None]
    known = torch.isfinite(truth)
    truth = torch.nan_to_num(truth)
    weight = known.float() / known.float().sum()
    coefficients = torch.zeros((given.shape[2], len(WEIGHED)), requires_grad=True)
    optimiser = torch.optim.Adam([coefficients], lr=RATE)
    for _ in range(STEPS):
        log_share = torch.log_softmax(given @ coefficients, dim=2)
        point = (log_share.exp() * paths.transpose(1, 2)).sum(2)
        smape = 2 * torch.tanh((truth - point).abs() / 2)
        mase = (torch.exp(truth) - torch.exp(point)).abs() / size
        mase = torch.minimum(mase, 10 + 0.1 * mase)
        apart = (wanted.exp() * (wanted - log_share)).sum(2)
        loss = ((smape / 0.16 + mase / 3 + premium * apart) * weight).sum()
        loss = loss + 1e-3 * (coefficients[1:] ** 2).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return coefficients.detach().numpy()


def shares(coefficients: np.ndarray, traits: np.ndarray) -> np.ndarray:
    """(n, member, 10) weights, by the very code that answers users."""
    from rural_forecast.forecasting.consensus import shares_of

    parts = [shares_of(coefficients, traits[at : at + 50000].astype(float), 10) for at in range(0, len(traits), 50000)]
    return np.concatenate(parts).astype(np.float32)
