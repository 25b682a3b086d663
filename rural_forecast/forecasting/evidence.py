"""The evidence for a forecast: the next years of similar corpus series, and the record of every
model on them.

Both are out of sample: each domain was judged by networks that never saw it (docs/model-card.md).
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from rural_forecast.models.base import Array
from rural_forecast.models.learned import numbers, rows

LENGTH_EDGES = (6, 13)  # least number of points of every class but the first
LENGTH_NAMES = ("2 to 5 points", "6 to 12 points", "13 points and more")
# Percent a year, mean of the last five changes at most.
GROWTH_PCT_EDGES = (-2.0, 3.0, 8.0, 15.0, 30.0)
GROWTH_NAMES = (
    f"growth below {GROWTH_PCT_EDGES[0]:g} % a year",
    *(f"growth of {low:g} to {high:g} % a year" for low, high in pairwise(GROWTH_PCT_EDGES)),
    f"growth above {GROWTH_PCT_EDGES[-1]:g} % a year",
)
DISPERSION_EDGES = (0.03, 0.1)  # mean absolute deviation of these log changes
DISPERSION_NAMES = ("steady", "uneven", "erratic")
NAMES = LENGTH_NAMES, GROWTH_NAMES, DISPERSION_NAMES
LENGTHS, GROWTHS, DISPERSIONS = map(len, NAMES)
SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)
LEVELS = (80, 95)


class Next(NamedTuple):
    """Growth of the corpus series of a class over the next `horizon` years."""

    horizon: int
    series: int
    growth_pct: tuple[float, ...] | None
    """annual growth at the `SHARES`, in percent; None below twenty series."""


class Like(NamedTuple):
    """The class of a series, in words, and the next years of its corpus series."""

    length: str
    growth: str
    dispersion: str
    next: tuple[Next, ...]

    @property
    def furthest(self) -> Next | None:
        """The last horizon that growth is known for."""
        return next((step for step in reversed(self.next) if step.growth_pct), None)


class Record(NamedTuple):
    """Accuracy of a model on corpus series of similar length and growth, at one horizon."""

    model: str
    horizon: int
    windows: int
    smape: float
    naive_smape: float
    coverage_80: float
    coverage_95: float


def class_of(values: Array) -> tuple[int, int, int] | None:
    """Length, growth and dispersion class of one series of shape (time,); None for one point or
    values not positive.
    """
    if len(values) < 2 or values.min() <= 0:
        return None
    changes = np.diff(np.log(values))[-5:]
    growth = float(changes.mean())
    return (
        sum(len(values) >= edge for edge in LENGTH_EDGES),
        int(np.searchsorted(GROWTH_PCT_EDGES, 100 * np.expm1(min(growth, 99.0)))),
        int(np.searchsorted(DISPERSION_EDGES, float(np.abs(changes - growth).mean()))),
    )


def series_like(values: Array, horizon: int) -> Like | None:
    """The class of a series of shape (time,), and its corpus series over the next 1..horizon years
    (ten at most).
    """
    classes = class_of(values)
    if classes is None:
        return None
    known = zip(numbers("class.count")[classes], numbers("class.growth")[classes], strict=True)
    grown = [
        (int(count), tuple((100 * np.expm1(each)).tolist()) if each.any() else None)
        for count, each in known
    ]
    after = tuple(Next(step, *found) for step, found in enumerate(grown[:horizon], 1))
    length, growth, dispersion = (names[at] for names, at in zip(NAMES, classes, strict=True))
    return Like(length, growth, dispersion, after)


def corpus_record(values: Array, model: str, horizon: int) -> Record | None:
    """Record of `model` (or `consensus`) on corpus series of similar length and growth; None for
    too few of them.
    """
    classes = class_of(values)
    recorded = rows("record")
    if classes is None or model not in recorded or not 1 <= horizon <= 10:
        return None
    count, *scores = numbers("record")[
        recorded.index(model), classes[0], classes[1], horizon - 1
    ].tolist()
    return Record(model, horizon, int(count), *scores) if count >= 20 else None
