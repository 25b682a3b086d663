"""Intervals on a user's own panel: what they held on the last points of its series, and how much they lack.

The last points of a sample are held back and forecast. The distance of an outcome is that from the point, in units of
the half of the interval on its side: above 1 it lies outside.

Learned intervals hold what they promise over series like those they were learned from; under a change of domain they
may not. With enough series one can measure it: hold the last points back and forecast them. The share `level` of the
distances of outcomes is the factor by which intervals of that level must be widened (above 1) or may
be narrowed (split conformal prediction: Lei, G'Sell, Rinaldo, Tibshirani and Wasserman 2018, DOI
10.1080/01621459.2017.1307116). One factor a level serves all horizons.

All series of a panel share their last years, and a calm stretch is no promise: on M1 it asked for intervals a fifth
narrower, which then held 71 % in place of 80. So the same is measured one stretch earlier, and the larger factor
is used; where too few series reach back that far nothing is narrowed. `auto` takes the middle of both, in logs: on M3
the larger factors, of a last stretch that was harder than usual, made good intervals too wide.

A panel of one domain may share a bias too. Where the medians of the errors at the last three origins have one sign,
values move by half of their median; a larger median than 0.7 half-widths is a shock, which may turn, and moves nothing.
On 89 domains this moved 28, sMAPE fell by 0.6 % (14 better, 10 worse); without the guard it rose by 0.5 %.

After a last year in which most series were surprised together no factor is smaller than a power of the one that this
year needed (`GOES_ON`): the years after 192 such shocks in panels of states, industries and countries asked for that.

The coverage shown as 'after' is measured on series that had no part in their own factor: one half is adjusted by the
other, and the reverse.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np

from rural_forecast.errors import InputError, option
from rural_forecast.forecasting.batch.inputs import opened
from rural_forecast.forecasting.batch.kernel import kinds_of
from rural_forecast.forecasting.batch.panel import Panel
from rural_forecast.forecasting.batch.request import CONSENSUS, Request
from rural_forecast.forecasting.consensus import consensus
from rural_forecast.models.base import Array, Integers
from rural_forecast.notes import Note
from rural_forecast.series.reading import ReadOptions
from rural_forecast.text.wording import listed

Mode = Literal["never", "auto", "always"]
FEWEST_SERIES = 50
LEFT = 4
"""Points that must be left when the last ones are held back."""
MOST_JUDGED = 200
"""Series of the sample that every batch is judged by, at most."""
MOST_MEASURED = 10_000
"""Series that factors are measured on, at most: beyond this they no longer change."""
MOST_HELD = 6
"""Points held back, at most."""
ERRORS = 2.0
"""Standard errors by which a coverage is off."""
LEVEL = 80
"""Of the interval that a surprise leaves."""
GOES_ON = 0.25
"""Power of the factor that a year of common surprise needed which the years after it need (`shocks.md`)."""
SMALLEST_FACTOR, LARGEST_FACTOR = 0.5, 4.0
"""A factor outside says that something other than the spread is wrong."""
LARGEST_AUTO = 1.5
"""The most that `auto` widens: factors count on the log scale, and bounds of wild series soon mean nothing."""
RECENT = 20
"""Points of a series that the note at the end of a batch looks for a common error in."""
ORIGINS, SHARED, FARTHEST = 3, 0.5, 0.7
"""Last origins that must miss on one side for points to move, the share of their median error by which they then move,
and the largest such error, in half-widths: a larger one is a common shock, which may turn."""


class Sample:
    """Series that are long enough, spread over an input: every k-th, k growing with their number."""

    def __init__(self, most: int = MOST_JUDGED) -> None:
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


def notes_on(sample: Panel | None, request: Request) -> tuple[Note | None, Note | None]:
    """The coverage of a sample and its common surprise, at the end of a batch that was not calibrated."""
    if sample is None or len(sample.ids) < FEWEST_SERIES or request.factors:
        return None, None
    if CONSENSUS not in request.slots[: request.main]:
        return None, None
    points = spared(sample)
    long = sample.select(np.flatnonzero(sample.lengths >= points + LEFT))
    held, surprised = coverage(distances(long, request, points)), surprise(sample, request)
    rows = [*zip(request.levels, held.inside, held.errors, strict=True)]
    inside = listed(f"{level} % intervals held {100 * share:.0f} %" for level, share, _ in rows)
    text, advice = f"On the last {points} points of a sample of {len(long.ids):,} series, {inside}.", ""
    if any(held.short(request.levels)):
        advice = f"{option('calibrate', 'auto')} widens them."
    elif shift := common_error(recent(sample), request):
        advice = f"{option('calibrate', 'auto')} moves values: most outcomes lay {_side(shift)} at {ORIGINS} origins."
    elif surprised is None and any(share > level / 100 + ERRORS * error for level, share, error in rows):
        advice = f"{option('calibrate', 'always')} narrows them if the years before agree."
    elif surprised is None:
        text = f"{text[:-1]}: no calibration is needed."
    return Note("coverage", text, advice=advice), None if surprised is None else surprised.note(calibrated=False)


class Surprise(NamedTuple):
    """Most series of one last year left the intervals of the year before."""

    year: int
    outside: Array
    """Signed distances of its values, shape (series,)."""
    rows: Integers
    """The places of these series in the panel."""

    def note(self, *, calibrated: bool) -> Note:
        """The warning."""
        share, below = (np.abs(self.outside) > 1).mean(), (self.outside < -1).mean()
        return Note(
            "surprised",
            f"In {self.year} most series were surprised together: {100 * share:.0f} % of a sample of "
            f"{len(self.outside):,} left the {LEVEL} % interval of the year before ({100 * below:.0f} % below it). "
            f"Such a shock may go on or turn.{' The intervals are wider for it.' if calibrated else ''}",
            warning=True,
            advice="" if calibrated else f"{option('calibrate', 'auto')} widens the intervals.",
        )


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


class Calibration(NamedTuple):
    """Factors for a panel, and what they bring."""

    factors: tuple[float, ...]
    """One a level; none where nothing is changed."""
    shift: float = 0.0
    """How far points move, in half-widths; see `Request.shift`."""
    report: tuple[Note, ...] = ()
    warnings: tuple[Note, ...] = ()


def calibration(path: str, options: ReadOptions, request: Request, mode: Mode) -> Calibration:
    """Measure a file's series and find the factors; reads the whole file once.

    `mode`: `never` finds none; `always` uses every factor; `auto` only widens, at levels that hold less than sampling
    explains. Raises
    InputError if fewer than 50 series are long enough, and the mode is `always`.
    """
    if mode == "never":
        return Calibration(())
    sample = Sample(MOST_MEASURED)
    for part in opened(path, options).parts:
        sample.add(part.panel)
    assert sample.panel is not None
    panel = sample.panel
    held = spared(panel)
    return calibrated(panel.select(np.flatnonzero(panel.lengths >= held + LEFT)), request, held, mode)


def calibrated(panel: Panel, request: Request, held: int, mode: Mode = "always") -> Calibration:
    """The factors for a panel whose last `held` points are held back.

    Raises InputError if there are fewer than 50 series and the mode is `always`.
    """
    count = len(panel.ids)
    if count < FEWEST_SERIES and mode == "auto":
        text = f"Intervals are not calibrated: that needs {FEWEST_SERIES} or more long series, and there are {count}."
        return Calibration((), report=(Note("too_few_to_calibrate", text),))
    if count < FEWEST_SERIES:
        raise InputError(
            f"Calibration needs {FEWEST_SERIES} or more series of {held + LEFT} or more points, and there are {count}.",
            f"Leave {option('calibrate')} out; the intervals are then those learned from the corpus.",
        )
    off = distances(panel, request, held)
    half = np.arange(count) % 2 == 0
    before = coverage(off)
    inside = np.zeros(off.shape, dtype=np.bool_)
    past, reach = earlier(panel, held)
    off_before = distances(past, request, held)
    enough = len(reach) >= FEWEST_SERIES
    widened = before.short(request.levels)
    shock = surprise(panel, request)
    last = np.full((len(request.levels), count), np.nan)  # distances in the year of a common surprise
    if shock is not None:
        last[:, shock.rows] = distances(panel.select(shock.rows), request, 1)[:, :, 0]

    def chosen(now: Array, then: Array, shocked: Array) -> tuple[float, ...]:
        known = shocked[:, ~np.isnan(shocked[0])]
        least = np.array(_factors(known, request.levels)) ** GOES_ON if known.size else np.zeros(len(known))
        own = np.array(_factors(now, request.levels))
        other = np.array(_factors(then, request.levels)) if enough else np.ones(len(own))
        if mode == "always":
            return tuple(np.maximum(np.maximum(own, other), least).tolist())
        middle = np.sqrt(np.maximum(own, 1.0) * np.maximum(other, 1.0)) if enough else np.maximum(own, 1.0)
        return tuple(np.minimum(np.maximum(np.where(widened, middle, 1.0), least), LARGEST_AUTO).tolist())

    for mine, other in ((half, ~half), (~half, half)):
        factors = chosen(off[:, other], off_before[:, other[reach]], last[:, other])
        inside[:, mine] = off[:, mine] <= np.asarray(factors)[:, None, None]
    factors = chosen(off, off_before, last)
    held_after = inside.mean(axis=(1, 2)).tolist()
    report = [Note("calibration", f"Intervals are calibrated on the last {held} points of {count:,} series.")]
    for level, then, now, factor in zip(request.levels, before.inside, held_after, factors, strict=True):
        text = (
            f"{level} % intervals held {100 * then:.1f} % before, {100 * now:.1f} % after (width times {factor:.2f})."
        )
        report.append(Note("calibrated_level", text))
    shift = common_error(panel, request)
    if shift:
        text = f"Values move by {abs(shift):.2f} half-widths: at {ORIGINS} origins most outcomes lay {_side(shift)}."
        report.append(Note("moved", text))
    return Calibration(factors, shift, tuple(report), () if shock is None else (shock.note(calibrated=True),))


def recent(panel: Panel) -> Panel:
    """The last `RECENT` points of every series: few lengths are forecast fast."""
    panel = panel.select(np.arange(len(panel.ids)))
    kept = np.arange(len(panel.values)) >= np.repeat(panel.offsets[1:] - RECENT, panel.lengths)
    offsets = np.concatenate([[0], np.cumsum(np.minimum(panel.lengths, RECENT))])
    return panel._replace(offsets=offsets, values=panel.values[kept])


def _side(shift: float) -> str:
    return "above" if shift > 0 else "below"


def common_error(panel: Panel, request: Request) -> float:
    """Half of the median error of the last origins in half-widths, where all are on one side and none is a shock; or 0.

    A batch of one domain may share a bias that no history shows.
    """
    medians = []
    for _ in range(ORIGINS):
        panel = panel.select(np.flatnonzero(panel.lengths > LEFT))
        if len(panel.ids) < FEWEST_SERIES:
            return 0.0
        medians.append(float(np.median(distances(panel, request, 1, signed=True)[request.middle_level])))
        if abs(medians[-1]) > FARTHEST or medians[-1] * medians[0] <= 0:
            return 0.0
        panel = earlier(panel, 1)[0]
    return SHARED * float(np.median(medians))


def _factors(off: Array, levels: tuple[int, ...]) -> tuple[float, ...]:
    """The conformal quantile of the distances of each level."""
    count = off[0].size
    factors = []
    for index, level in enumerate(levels):
        rank = min(int(np.ceil((count + 1) * level / 100)), count)
        quantile = np.sort(off[index], axis=None)[rank - 1]
        factors.append(float(np.clip(quantile, SMALLEST_FACTOR, LARGEST_FACTOR)))
    return tuple(factors)
