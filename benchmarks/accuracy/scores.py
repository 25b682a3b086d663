"""From forecasts to a row of scores: terms by series first, then averages with their standard
errors.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from datasets import Dataset

from rural_forecast.forecasting.accuracy import (
    average,
    coverage,
    mase,
    msis,
    owa,
    smape,
    step_scale,
)

LEVELS = (80, 95)


class Forecasts(NamedTuple):
    """Forecasts of a model for every series of a set."""

    point: np.ndarray
    """Shape (series, horizon); NaN rows where the model refused."""
    lower: np.ndarray
    """Shape (series, level, horizon), levels 80 and 95."""
    upper: np.ndarray


class Terms(NamedTuple):
    """One number a series, each of shape (series,): means over its horizons, NaN where undefined."""

    answered: np.ndarray
    smape: np.ndarray
    mase: np.ndarray
    msis_95: np.ndarray
    coverage_80: np.ndarray
    coverage_95: np.ndarray
    mape: np.ndarray

    def where(self, chosen: np.ndarray) -> Terms:
        """The terms of some of the series."""
        return Terms(*(term[chosen] for term in self))


def joined(parts: list[Terms]) -> Terms:
    """The terms of several sets, one after the other."""
    return Terms(*(np.concatenate(term) for term in zip(*parts, strict=True)))


def last_value(dataset: Dataset) -> np.ndarray:
    """The naive points, shape (series, horizon)."""
    last = np.array([history[-1] for history in dataset.train])
    return np.repeat(last[:, None], dataset.horizon, axis=1)


def measure(dataset: Dataset, forecasts: Forecasts, answered: np.ndarray | None = None) -> Terms:
    """Score every series; `answered`, shape (series,), says where the forecast is the model's own."""
    scale = np.array([step_scale(history) for history in dataset.train])
    terms = {
        "mape": 100 * np.abs(forecasts.point / dataset.test - 1),
        "smape": smape(dataset.test, forecasts.point),
        "mase": mase(dataset.test, forecasts.point, scale),
        "msis_95": msis(dataset.test, forecasts.lower[:, 1], forecasts.upper[:, 1], scale, 95),
    }
    for index, level in enumerate(LEVELS):
        held = coverage(dataset.test, forecasts.lower[:, index], forecasts.upper[:, index])
        terms[f"coverage_{level}"] = held
    own = np.ones(len(scale)) if answered is None else answered.astype(float)
    return Terms(answered=own, **{name: average(term, axis=1) for name, term in terms.items()})


def completed(forecasts: Forecasts, fallback: Forecasts) -> tuple[Forecasts, np.ndarray]:
    """Put the fallback where a model has no point, and its interval where that is missing; say who
    answered.
    """
    answered = np.isfinite(forecasts.point).all(axis=1)
    bounded = answered & (np.isfinite(forecasts.lower) & np.isfinite(forecasts.upper)).all(
        axis=(1, 2)
    )
    whole = Forecasts(
        np.where(answered[:, None], forecasts.point, fallback.point),
        np.where(bounded[:, None, None], forecasts.lower, fallback.lower),
        np.where(bounded[:, None, None], forecasts.upper, fallback.upper),
    )
    return whole, answered


def summary(terms: Terms, naive: Terms, block: np.ndarray | None = None) -> dict[str, float]:
    """Averages over series, and the standard error of each by blocks."""
    row: dict[str, float] = {"series": len(terms.smape), "answered": float(terms.answered.mean())}
    for name in Terms._fields[1:]:
        values = getattr(terms, name)
        row[name] = float(average(values))
        row[f"{name}_se"] = block_error(values, block)
    relative, influence = overall(terms, naive)
    error = block_error(influence, block)
    return row | {
        "owa": relative,
        "owa_se": error,
        "mase_series": int(np.isfinite(terms.mase).sum()),
    }


def margin(
    theirs: Terms, ours: Terms, naive: Terms, block: np.ndarray | None
) -> tuple[float, float]:
    """OWA of a peer less ours, and the standard error of this difference, paired series by series."""
    their_owa, their_influence = overall(theirs, naive)
    our_owa, our_influence = overall(ours, naive)
    return their_owa - our_owa, block_error(their_influence - our_influence, block)


def block_error(values: np.ndarray, block: np.ndarray | None) -> float:
    """Standard error of the average where series of one block are related.

    Deviations within a block are summed first.
    """
    block = np.arange(len(values)) if block is None else block
    known = ~np.isnan(values)
    place = np.unique(block[known], return_inverse=True)[1]
    count = int(place.max(initial=-1)) + 1
    if count < 2:
        return float("nan")
    sums = np.bincount(place, values[known] - values[known].mean())
    return float(np.sqrt((sums**2).sum() * count / (count - 1)) / known.sum())


def overall(terms: Terms, naive: Terms) -> tuple[float, np.ndarray]:
    """OWA, and what each series moves it by: a mean of two ratios of means, by the delta method."""
    means = [average(term) for term in (terms.smape, terms.mase, naive.smape, naive.mase)]
    influence = np.zeros(len(terms.smape))
    for ours, theirs in ((terms.smape, naive.smape), (terms.mase, naive.mase)):
        ratio = average(ours) / average(theirs)
        influence = influence + (ours - ratio * theirs) / average(theirs) / 2
    return float(owa(*means)), influence
