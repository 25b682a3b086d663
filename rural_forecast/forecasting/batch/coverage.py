"""What intervals held on a sample of a batch's series, and whether most of them were surprised in one year.

The last points are held back and forecast. The distance of an outcome is that from the point, in units of the half of
the interval on its side: above 1 it lies outside.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting.batch.kernel import kinds_of
from rural_forecast.forecasting.batch.panel import Integers, Panel
from rural_forecast.forecasting.batch.request import CONSENSUS, Request
from rural_forecast.forecasting.batch.widening import log_scale
from rural_forecast.forecasting.consensus import consensus
from rural_forecast.models.base import Array
from rural_forecast.notes import Note

FEWEST_SERIES = 50
LEFT = 4
"""Points that must be left when the last ones are held back."""
MOST_SERIES = 200
"""Series of the sample that every batch is judged by, at most."""
HELD = 3
"""Points held back for it."""
ERRORS = 2.0
"""Standard errors by which a coverage is off."""
LEVEL = 80
"""Of the interval that a surprise leaves."""


class Sample:
    """Series that are long enough, spread over an input: every k-th, k growing with their number."""

    def __init__(self, most: int = MOST_SERIES) -> None:
        self._most, self._every, self._count = most, 1, 0
        self.panel: Panel | None = None

    def add(self, panel: Panel) -> None:
        """Take some of the next series."""
        enough = np.flatnonzero(panel.lengths > LEFT)
        number = self._count + np.arange(len(enough))
        self._count += len(enough)
        some = panel.select(enough[number % self._every == 0])
        self.panel = some if self.panel is None else self.panel.then(some)
        while len(self.panel.ids) > self._most:
            self._every *= 2
            self.panel = self.panel.select(np.arange(0, len(self.panel.ids), 2))


class Coverage(NamedTuple):
    """Of each level: the share of held-back points inside, and its standard error over series."""

    inside: tuple[float, ...]
    errors: tuple[float, ...]

    def short(self, levels: tuple[int, ...]) -> tuple[bool, ...]:
        """At which levels fewer are inside than sampling explains."""
        rows = zip(self.inside, self.errors, levels, strict=True)
        return tuple(inside < level / 100 - ERRORS * error for inside, error, level in rows)


def coverage(distances: Array) -> Coverage:
    """From distances of shape (level, series, horizon)."""
    held = (distances <= 1).mean(axis=2)
    errors = held.std(axis=1, ddof=1) / np.sqrt(held.shape[1])
    return Coverage(tuple(held.mean(axis=1).tolist()), tuple(errors.tolist()))


def notes_on(sample: Panel | None, request: Request) -> tuple[Note, ...]:
    """What the sample says at the end of a batch: its coverage where nothing was calibrated, and a common surprise."""
    if sample is None or len(sample.ids) < FEWEST_SERIES or CONSENSUS not in request.slots[: request.main]:
        return ()
    long = sample.select(np.flatnonzero(sample.lengths >= HELD + LEFT))
    notes = []
    if len(long.ids) >= FEWEST_SERIES and not request.factors:
        held = coverage(distances(long, request, HELD))
        rows = zip(request.levels, held.inside, held.errors, strict=True)
        over = any(inside > level / 100 + ERRORS * error for level, inside, error in rows)
        fields = {
            "points": HELD,
            "series": len(long.ids),
            "held": tuple(zip(request.levels, held.inside, strict=True)),
            "short": any(held.short(request.levels)),
            "over": over,
        }
        notes.append(Note("coverage", fields))
    return (*notes, *surprise(sample, request))


def surprise(sample: Panel, request: Request) -> tuple[Note, ...]:
    """A warning where most series of one last year left the intervals of the year before."""
    years, counts = np.unique(sample.origins, return_counts=True)
    year = int(years[counts.argmax()])
    together = sample.select(np.flatnonzero(sample.origins == year))
    if len(together.ids) < FEWEST_SERIES:
        return ()
    outside = distances(together, request._replace(levels=(LEVEL,)), 1, signed=True)[0, :, 0]
    share, below = float((np.abs(outside) > 1).mean()), float((outside < -1).mean())
    if share <= 0.5:
        return ()
    fields = {
        "year": year,
        "level": LEVEL,
        "share": share,
        "below": below,
        "series": len(outside),
        "calibrated": bool(request.factors),
    }
    return (Note("surprised", fields, warning=True),)


def distances(panel: Panel, request: Request, held: int, *, signed: bool = False) -> Array:
    """How far held-back points lie from the point; shape (level, series, horizon). `signed`: below it is negative."""
    result = np.empty((len(request.levels), len(panel.ids), held))
    lengths, kinds = panel.lengths, kinds_of(panel, request)
    for length in np.unique(lengths).tolist():
        chosen = np.flatnonzero(lengths == length)
        block = panel.values[panel.offsets[chosen][:, None] + np.arange(length)]
        past, actual = block[:, :-held], block[:, -held:]
        joint = consensus(past, held, request.levels, request.ceiling, [kinds[row] for row in chosen.tolist()])
        positive = log_scale(past, joint.point, joint.lower) & (actual.min(axis=1) > 0)
        bounds = np.moveaxis(joint.lower, 1, 0), np.moveaxis(joint.upper, 1, 0)
        for scale, mask in ((np.log, positive), (np.asarray, ~positive)):
            result[:, chosen[mask]] = _distance(
                scale, actual[mask], joint.point[mask], *(side[:, mask] for side in bounds)
            )
    return result if signed else np.abs(result)


def earlier(panel: Panel, held: int) -> tuple[Panel, Integers]:
    """The series one stretch earlier, and the places of those that reach back so far."""
    reach = np.flatnonzero(panel.lengths >= 2 * held + LEFT)
    past = panel.select(reach)
    before = np.arange(len(past.values)) < np.repeat(past.offsets[1:] - held, past.lengths)
    offsets = past.offsets - held * np.arange(len(past.offsets))
    return past._replace(offsets=offsets, values=past.values[before], origins=past.origins - held), reach


def _distance(scale: Callable[[Array], Array], actual: Array, point: Array, lower: Array, upper: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        off = scale(actual) - scale(point)
        half = np.where(off >= 0, scale(upper) - scale(point), scale(point) - scale(lower))
        return np.where(off == 0, 0.0, off / half)
