"""The evidence for a forecast: the next years of similar corpus series, and the record of every
model on them.

Both are out of sample: each domain was judged by networks that never saw it (docs/model-card.md).
A series with a subject has the record of the consensus on series of the subject, each domain judged
by numbers of the others (`training/subject_records.py`).
"""

import json
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from rural_forecast.models.base import Array
from rural_forecast.models.learned import numbers, rows

BY_SUBJECT = Path(__file__).with_name("subject_records.json")
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
FEWEST_WINDOWS = 20  # forecasts that a record rests on, at least
MOST_GROWTH = 99.0  # log growth that counts, at most; the last class begins far below


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


class TrackRecord(NamedTuple):
    """Accuracy of a model on corpus series of similar length and growth, at one horizon."""

    model: str
    horizon: int
    windows: int
    smape: float
    naive_smape: float
    coverage_80: float
    coverage_95: float
    subject: str = ""  # that the series have in common; empty for series of every subject


def class_of(values: Array) -> tuple[int, int, int] | None:
    """Return the class of length, of growth and of dispersion of one series of shape (time,).

    None for one point, or values that are not positive.
    """
    if len(values) < 2 or values.min() <= 0:
        return None
    changes = np.diff(np.log(values))[-5:]
    growth = float(changes.mean())
    growth_pct = 100 * np.expm1(min(growth, MOST_GROWTH))
    dispersion = float(np.abs(changes - growth).mean())
    return (
        sum(len(values) >= edge for edge in LENGTH_EDGES),
        int(np.searchsorted(GROWTH_PCT_EDGES, growth_pct)),
        int(np.searchsorted(DISPERSION_EDGES, dispersion)),
    )


def series_like(values: Array, horizon: int) -> Like | None:
    """Return the class of a series of shape (time,), and the next years of its corpus series.

    These are the years 1 to `horizon`, ten at most.
    """
    classes = class_of(values)
    if classes is None:
        return None
    counts = numbers("class.count")[classes]
    growths = numbers("class.growth")[classes]
    after = []
    for step, (count, growth) in enumerate(zip(counts, growths, strict=True), 1):
        if step > horizon:
            break
        # Where there were too few series, all shares are zero.
        growth_pct = tuple((100 * np.expm1(growth)).tolist()) if growth.any() else None
        after.append(Next(step, int(count), growth_pct))
    length, growth_class, dispersion = classes
    return Like(
        LENGTH_NAMES[length],
        GROWTH_NAMES[growth_class],
        DISPERSION_NAMES[dispersion],
        tuple(after),
    )


def corpus_record(values: Array, model: str, horizon: int) -> TrackRecord | None:
    """Return the record of `model`, or `consensus`, on corpus series of like length and growth.

    None for too few of them.
    """
    classes = class_of(values)
    recorded = rows("record")
    if classes is None or model not in recorded or not 1 <= horizon <= 10:
        return None
    length, growth, _ = classes
    count, *scores = numbers("record")[recorded.index(model), length, growth, horizon - 1].tolist()
    if count < FEWEST_WINDOWS:
        return None
    return TrackRecord(model, horizon, int(count), *scores)


@cache
def _by_subject() -> dict[str, dict[str, list[list[float]]]]:
    """Read the records: by subject and class, a row a year ahead."""
    return dict(json.loads(BY_SUBJECT.read_text(encoding="utf-8")))


def subject_record(values: Array, subject: str | None, horizon: int) -> TrackRecord | None:
    """Return the record of the consensus with a subject, on series about it of like length and
    growth.

    None without a subject, or for too few of them.
    """
    classes = class_of(values)
    if classes is None or not subject:
        return None
    length, growth, _ = classes
    years = _by_subject().get(subject, {}).get(f"{length},{growth}", [])
    if not 1 <= horizon <= len(years):
        return None
    count, smape, naive_smape, coverage_80, coverage_95 = years[horizon - 1]
    return TrackRecord(
        "consensus",
        horizon,
        int(count),
        smape,
        naive_smape,
        coverage_80,
        coverage_95,
        subject,
    )
