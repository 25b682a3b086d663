"""Training of the small perceptrons: pinball loss of nine quantiles, sMAPE and MASE of the point,
and smoothness.

A history in which one value moves by 0.1 % may move no output by much more than `FREE` times that.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from rural_forecast.forecasting.reference import QUANTILES
from rural_forecast.forecasting.shape import LEARNED
from training.corpus import CHANGE

WIDTH = 160
LAYERS = 3
DROPOUT = 0.4
STEPS = 900
BATCH = 768
RATE = 1.5e-3
DECAY = 1e-4
FREE = 4.0
STIFFNESS = 0.25
NUDGED = 96
"""Largest move of an output, in changes of a value; the price of a mean excess of one; pairs a
step.
"""
OUTPUTS = len(QUANTILES) + 1
TAIL_WEIGHTS = (3.0, 2.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 3.0)


class Net(nn.Module):
    """A plain perceptron; the last layer starts at a random walk's quantiles."""

    def __init__(self, inputs: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        width = inputs
        for _ in range(LAYERS):
            layers += [nn.Linear(width, WIDTH), nn.ReLU(), nn.Dropout(DROPOUT)]
            width = WIDTH
        self.body = nn.Sequential(*layers)
        self.out = nn.Linear(width, LEARNED * OUTPUTS)
        nn.init.normal_(self.out.weight, 0, 0.01)
        start = np.zeros((LEARNED, OUTPUTS))
        start[:, :-1] = (
            np.sqrt(np.arange(1, LEARNED + 1))[:, None]
            * 1.2
            * np.array([-3, -2, -1, -0.4, 0, 0.4, 1, 2, 3])
        )
        with torch.no_grad():
            self.out.bias.copy_(torch.tensor(start.ravel(), dtype=torch.float32))

    def forward(self, features):
        return self.out(self.body(features)).view(-1, LEARNED, OUTPUTS)

    def layers(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """(weight as (in, out), bias) of every layer."""
        linear = [part for part in self.body if isinstance(part, nn.Linear)] + [self.out]
        return [
            (part.weight.detach().numpy().T.copy(), part.bias.detach().numpy().copy())
            for part in linear
        ]


class Nudged(NamedTuple):
    """Short windows before and after one value moved by `CHANGE`; features (n, feature) and scale
    (n,) of each.
    """

    features: np.ndarray
    scale: np.ndarray
    moved: np.ndarray
    moved_scale: np.ndarray


def train(features, scale, future, step_size, weight, nudged: Nudged, seed: int) -> Net:
    """One network.

    Parameters
    ----------
    step_size : (n,) mean absolute change of the window over its last value, the scale of MASE
    weight : (n,) how often a window is drawn, up to a factor
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = Net(features.shape[1])
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    chances = np.cumsum(weight / weight.sum())
    tensors = [
        torch.from_numpy(np.ascontiguousarray(a, dtype=np.float32))
        for a in (features, scale, future, step_size)
    ]
    pairs = [torch.from_numpy(part) for part in nudged]
    levels = torch.tensor(QUANTILES, dtype=torch.float32)
    tails = torch.tensor(TAIL_WEIGHTS)
    for step in range(STEPS):
        for group in optimiser.param_groups:
            warm = min(1.0, (step + 1) / 50)
            group["lr"] = RATE * 0.5 * (1 + math.cos(math.pi * step / STEPS)) * warm + 1e-5
        rows = torch.from_numpy(
            np.searchsorted(chances, rng.random(BATCH)).clip(0, len(chances) - 1)
        )
        inputs, unit, truth, size = (tensor[rows] for tensor in tensors)
        unit = unit[:, None]
        size = size[:, None]
        known = torch.isfinite(truth).float()
        truth = torch.nan_to_num(truth)
        output = net(inputs)
        error = (truth / unit).clamp(-60, 60)[:, :, None] - output[:, :, :-1]
        pinball = (
            (torch.maximum(levels * error, (levels - 1) * error) * tails).sum(-1) * known
        ).sum() / known.sum()
        point = (output[:, :, -1] * unit).clamp(-5, 5)
        smape = 2 * torch.tanh((truth - point).abs() / 2)
        mase = (torch.exp(truth.clamp(-6, 6)) - torch.exp(point)).abs() / size
        mase = torch.minimum(mase, 10 + 0.1 * mase)
        loss = 0.15 * pinball + ((smape / 0.16 + mase / 3) * known).sum() / known.sum()
        drawn = torch.from_numpy(rng.integers(0, len(nudged.scale), NUDGED))
        loss = loss + STIFFNESS * excess(net, *(part[drawn] for part in pairs))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
    net.eval()
    return net


def excess(net: Net, features, scale, moved, moved_scale):
    """Mean of what the outputs of the first years move by beyond `FREE`."""
    net.eval()
    apart = net(moved) * moved_scale[:, None, None] - net(features) * scale[:, None, None]
    net.train()
    return torch.relu(apart[:, :6].abs() / CHANGE - FREE).mean()


def predict(nets: list[Net], features, scale) -> tuple[np.ndarray, np.ndarray]:
    """Mean quantiles (n, 10, quantile) and points (n, 10) on the log scale."""
    total = 0.0
    with torch.no_grad():
        for net in nets:
            parts = [
                net(torch.from_numpy(features[at : at + 20000])).numpy()
                for at in range(0, len(features), 20000)
            ]
            total = total + np.concatenate(parts)
    total = total / len(nets) * scale[:, None, None]
    return np.sort(total[:, :, :-1], axis=2), total[:, :, -1]
