"""What intervals held on a sample of a batch's series, and whether most of them were surprised in one year.

The last points are held back and forecast. The distance of an outcome is that from the point, in units of the half of
the interval on its side: above 1 it lies outside.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting.batch.kernel import kinds_of
from rural_forecast.forecasting.batch.panel import Panel
from rural_forecast.forecasting.batch.request import CONSENSUS, Request
from rural_forecast.forecasting.consensus import consensus
from rural_forecast.models.base import Array, Integers
from rural_forecast.notes import Note

FEWEST_SERIES = 50
LEFT = 4
"""Points that must be left when the last ones are held back."""
MOST_SERIES = 200
"""Series of the sample that every batch is judged by, at most."""
MOST_HELD = 6
"""Points held back, at most."""
ERRORS = 2.0
"""Standard errors by which a coverage is off."""
LEVEL = 80
"""Of the interval that a surprise leaves."""
GOES_ON = 0.25
"""Power of the factor that a year of common surprise needed which the years after it need (`shocks.md`)."""


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


def spared(panel: Panel) -> int:
    """How many points can be held back: as many as enough series can spare, whatever horizon is asked for."""
    enough = [held for held in range(1, MOST_HELD + 1) if (panel.lengths >= held + LEFT).sum() >= FEWEST_SERIES]
    return max(enough, default=1)


def notes_on(sample: Panel | None, request: Request) -> tuple[Note, ...]:
    """What the sample says at the end of a batch that was not calibrated: its coverage, and a common surprise."""
    if sample is None or len(sample.ids) < FEWEST_SERIES or request.factors:
        return ()
    if CONSENSUS not in request.slots[: request.main]:
        return ()
    points = spared(sample)
    long = sample.select(np.flatnonzero(sample.lengths >= points + LEFT))
    held, surprised = coverage(distances(long, request, points)), surprise(sample, request)
    rows = zip(request.levels, held.inside, held.errors, strict=True)
    over = any(inside > level / 100 + ERRORS * error for level, inside, error in rows)
    fields = {
        "points": points,
        "series": len(long.ids),
        "held": tuple(zip(request.levels, held.inside, strict=True)),
        "short": any(held.short(request.levels)),
        "over": over,
        "surprised": surprised is not None,
    }
    coverage_note = Note("coverage", fields)
    return (coverage_note,) if surprised is None else (coverage_note, surprised.note(calibrated=False))


class Surprise(NamedTuple):
    """Most series of one last year left the intervals of the year before."""

    year: int
    outside: Array
    """Signed distances of its values, shape (series,)."""
    rows: Integers
    """The places of these series in the panel."""

    def note(self, *, calibrated: bool) -> Note:
        """The warning."""
        fields = {
            "year": self.year,
            "level": LEVEL,
            "share": float((np.abs(self.outside) > 1).mean()),
            "below": float((self.outside < -1).mean()),
            "series": len(self.outside),
            "calibrated": calibrated,
        }
        return Note("surprised", fields, warning=True)


def surprise(panel: Panel, request: Request) -> Surprise | None:
    """The common surprise of a panel's last year, if there was one."""
    years, counts = np.unique(panel.origins, return_counts=True)
    rows = np.flatnonzero(panel.origins == years[counts.argmax()])
    if len(rows) < FEWEST_SERIES:
        return None
    outside = distances(panel.select(rows), request._replace(levels=(LEVEL,)), 1, signed=True)[0, :, 0]
    return Surprise(int(years[counts.argmax()]), outside, rows) if (np.abs(outside) > 1).mean() > 0.5 else None


def distances(panel: Panel, request: Request, held: int, *, signed: bool = False) -> Array:
    """How far held-back points lie from the point; shape (level, series, horizon). `signed`: below it is negative."""
    result = np.empty((len(request.levels), len(panel.ids), held))
    lengths, kinds = panel.lengths, kinds_of(panel, request)
    for length in np.unique(lengths).tolist():
        chosen = np.flatnonzero(lengths == length)
        block = panel.values[panel.offsets[chosen][:, None] + np.arange(length)]
        past, actual = block[:, :-held], block[:, -held:]
        joint = consensus(past, held, request.levels, request.ceiling, [kinds[row] for row in chosen.tolist()])
        positive = _is_log_scale(past, joint.point, joint.lower) & (actual.min(axis=1) > 0)
        bounds = np.moveaxis(joint.lower, 1, 0), np.moveaxis(joint.upper, 1, 0)
        for scale, mask in ((np.log, positive), (np.asarray, ~positive)):
            result[:, chosen[mask]] = _distance(
                scale, actual[mask], joint.point[mask], *(side[:, mask] for side in bounds)
            )
    return result if signed else np.abs(result)


def _is_log_scale(block: Array, points: Array, lower: Array) -> Array:
    """Which series are positive throughout, bounds included; shape (series,)."""
    return np.asarray(
        (block.min(axis=1) > 0) & (np.nan_to_num(lower.min(axis=(1, 2)), nan=1.0) > 0) & ~(points.min(axis=1) <= 0)
    )


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
