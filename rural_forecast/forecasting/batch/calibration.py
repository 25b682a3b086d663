"""Intervals on a user's own panel: what they held on the last points of its series, and how much
they lack.

The share `level` of the distances of outcomes held back, in halves of the interval on their side,
is the factor of a level (split conformal prediction: Lei et al. 2018, DOI
10.1080/01621459.2017.1307116). What the other rules bring: `benchmarks/accuracy/calibration.md` and
`shocks.md`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np

from rural_forecast.errors import InputError, option
from rural_forecast.forecasting.answers import unlimited
from rural_forecast.forecasting.batch.inputs import opened
from rural_forecast.forecasting.panel import CONSENSUS, Panel, Request
from rural_forecast.models.base import Array, Flags, Integers
from rural_forecast.notes import Note
from rural_forecast.series.reading import ReadOptions
from rural_forecast.text.wording import listed

Mode = Literal["never", "auto", "always"]
FEWEST_SERIES = 50
# Points that are left when the last ones are held back, at least, and points held back, at most.
LEFT = 4
MOST_HELD = 6
# Series that every batch is judged by, and that factors are measured on.
MOST_JUDGED = 200
MOST_MEASURED = 10_000
ERRORS = 2.0  # standard errors by which a coverage is off
LEVEL = 80  # of the interval that a surprise leaves
# Power of the factor that a year of common surprise needed which the years after it need
# (`shocks.md`).
GOES_ON = 0.25
# Outside, something other than the spread is wrong.
SMALLEST_FACTOR = 0.5
LARGEST_FACTOR = 4.0
LARGEST_AUTO = 1.5
# Last origins that must miss on one side for points to move, the share of their median error by
# which they then move, and the largest such error, in half-widths: a larger one is a common shock,
# which may turn.
ORIGINS = 3
SHARED = 0.5
FARTHEST = 0.7


class Sample:
    """Series that are long enough, spread over an input: every k-th, k growing with their number."""

    def __init__(self, most: int = MOST_JUDGED) -> None:
        self._most = most
        self._every = 1
        self._count = 0
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


def coverage(distances: Array, levels: Sequence[int]) -> tuple[Array, Flags]:
    """The share of distances inside each level, and whether sampling explains no such lack of them."""
    held = (distances <= 1).mean(axis=2)
    inside = held.mean(axis=1)
    sampling = ERRORS * (held.std(axis=1, ddof=1) / np.sqrt(held.shape[1]))
    return inside, inside < np.asarray(levels) / 100 - sampling


def spared(panel: Panel) -> tuple[int, Panel]:
    """How many points can be held back, as many as enough series can spare; and the series that
    can.
    """
    enough = [
        held
        for held in range(1, MOST_HELD + 1)
        if (panel.lengths >= held + LEFT).sum() >= FEWEST_SERIES
    ]
    held = max(enough, default=1)
    return held, panel.select(np.flatnonzero(panel.lengths >= held + LEFT))


def notes_on(sample: Panel | None, request: Request) -> Iterator[Note]:
    """The coverage of a sample and its common surprise, at the end of a batch that was not
    calibrated.
    """
    if (
        sample is None
        or len(sample.ids) < FEWEST_SERIES
        or request.factors
        or CONSENSUS not in request.main
    ):
        return
    (points, long), use, advice = spared(sample), option("calibrate", "auto"), ""
    held, short = coverage(distances(long, request, points), request.levels)
    shares = zip(request.levels, held, strict=True)
    inside = listed(f"{level} % intervals held {100 * share:.0f} %" for level, share in shares)
    if short.any():
        advice = f"{use} widens them."
    elif shift := common_error(sample, request):
        advice = f"{use} moves values: {_one_sided(shift)}."
    text = f"On the last {points} points of a sample of {len(long.ids):,} series, {inside}."
    yield Note("coverage", text, warning=bool(short.any()), advice=advice)
    if surprised := surprise(sample, request):
        yield replace(surprised[1], advice=f"{use} widens the intervals.")


def _one_sided(shift: float) -> str:
    return f"at {ORIGINS} origins most outcomes lay {'above' if shift > 0 else 'below'}"


def surprise(panel: Panel, request: Request) -> tuple[Integers, Note] | None:
    """The series of the last year, and a warning, where most of them left the intervals of the year
    before.
    """
    years, counts = np.unique(panel.origins, return_counts=True)
    year = int(years[counts.argmax()])
    rows = np.flatnonzero(panel.origins == year)
    if len(rows) < FEWEST_SERIES:
        return None
    outside = distances(panel.select(rows), request._replace(levels=(LEVEL,)), 1, signed=True)[
        0, :, 0
    ]
    share = (np.abs(outside) > 1).mean()
    below = (outside < -1).mean()
    if share <= 0.5:
        return None
    went = f"{100 * share:.0f} % of a sample of {len(rows):,} left the {LEVEL} % interval of the year before"
    text = f"In {year} most series were surprised together: {went} ({100 * below:.0f} % below it)."
    return rows, Note("surprised", f"{text} Such a shock may go on or turn.", warning=True)


def distances(panel: Panel, request: Request, held: int, *, signed: bool = False) -> Array:
    """How far held-back points lie from the point; shape (level, series, horizon). `signed`: below
    it is negative.
    """
    if not panel.ids:
        return np.empty((len(request.levels), 0, held))
    asked = request._replace(horizon=held, year=None, models=(), all_models=False)
    point, lower, upper = (side[..., 0, :] for side in unlimited(panel.before(held), asked).bounds)
    actual = panel.values[panel.offsets[1:, None] - held + np.arange(held)]
    least = np.minimum.reduceat(panel.values, panel.offsets[:-1])
    lowest = np.nan_to_num(lower.min(axis=(0, 2)), nan=1.0)
    positive = (least > 0) & (lowest > 0) & ~(point.min(axis=1) <= 0)
    result = np.empty(lower.shape)
    for scale, mask in ((np.log, positive), (np.asarray, ~positive)):
        with np.errstate(divide="ignore", invalid="ignore"):
            middle = scale(point[mask])
            off = scale(actual[mask]) - middle
            half = np.where(
                off >= 0, scale(upper[:, mask]) - middle, middle - scale(lower[:, mask])
            )
            result[:, mask] = np.where(off == 0, 0.0, off / half)
    return result if signed else np.abs(result)


class Calibration(NamedTuple):
    """Factors for a panel, and what they bring."""

    factors: tuple[float, ...] = ()  # one a level; none where nothing is changed
    shift: float = 0.0  # how far points move, see `Request.shift`
    report: tuple[Note, ...] = ()
    warnings: tuple[Note, ...] = ()


def calibration(path: str, options: ReadOptions, request: Request, mode: Mode) -> Calibration:
    """Measure a file's series and find the factors; reads the whole file once."""
    if mode == "never":
        return Calibration()
    sample = Sample(MOST_MEASURED)
    for part in opened(path, options).parts:
        sample.add(part.panel)
    assert sample.panel is not None
    held, panel = spared(sample.panel)
    return calibrated(panel, request, held, mode)


def calibrated(panel: Panel, request: Request, held: int, mode: Mode = "always") -> Calibration:
    """The factors for a panel whose last `held` points are held back; `auto` only widens, where too
    few are inside.
    """
    count = len(panel.ids)
    levels = request.levels
    if count < FEWEST_SERIES:
        text = f"Calibration needs {FEWEST_SERIES} or more series of {held + LEFT} points, and there are {count}."
        if mode == "auto":
            return Calibration(report=(Note("too_few_to_calibrate", text),))
        raise InputError(text, f"Leave {option('calibrate')} out.")
    off = distances(panel, request, held)
    reach = np.flatnonzero(panel.lengths >= 2 * held + LEFT)
    off_before = distances(panel.select(reach).before(held), request, held)
    shock = surprise(panel, request)
    last = np.full((len(levels), count), np.nan)
    if shock is not None:
        last[:, shock[0]] = distances(panel.select(shock[0]), request, 1)[:, :, 0]
    before, short = coverage(off, levels)

    def chosen(series: Flags) -> Array:
        """The factors that some of the series ask for."""
        known = last[:, series & ~np.isnan(last[0])]
        least = _factors(known, levels) ** GOES_ON if known.size else np.zeros(len(levels))
        own = _factors(off[:, series], levels)
        enough = len(reach) >= FEWEST_SERIES
        other = _factors(off_before[:, series[reach]], levels) if enough else np.ones(len(levels))
        if mode == "always":
            return np.maximum(np.maximum(own, other), least)
        wider = np.maximum(own, 1.0)
        middle = np.sqrt(wider * np.maximum(other, 1.0)) if enough else wider
        return np.minimum(np.maximum(np.where(short, middle, 1.0), least), LARGEST_AUTO)

    even = np.arange(count) % 2 == 0  # none has a part in its own factor
    limits = np.where(even, chosen(~even)[:, None], chosen(even)[:, None])
    inside = off <= limits[:, :, None]
    factors = tuple(chosen(np.ones(count, dtype=np.bool_)).tolist())
    report = [
        Note(
            "calibration",
            f"Intervals are calibrated on the last {held} points of {count:,} series.",
        )
    ]
    for level, then, now, factor in zip(
        levels, before, inside.mean(axis=(1, 2)), factors, strict=True
    ):
        held_now = f"{level} % intervals held {100 * then:.1f} % before, {100 * now:.1f} % after"
        report.append(Note("calibrated_level", f"{held_now} (width times {factor:.2f})."))
    if shift := common_error(panel, request):
        report.append(
            Note("moved", f"Values move by {abs(shift):.2f} half-widths: {_one_sided(shift)}.")
        )
    return Calibration(factors, shift, tuple(report), () if shock is None else (shock[1],))


def common_error(panel: Panel, request: Request) -> float:
    """Half of the median error of the last origins in half-widths; 0 where their sides differ, or
    one is a shock.
    """
    medians = list[float]()
    for _ in range(ORIGINS):
        panel = panel.select(np.flatnonzero(panel.lengths > LEFT))
        if len(panel.ids) < FEWEST_SERIES:
            return 0.0
        medians.append(
            float(np.median(distances(panel, request, 1, signed=True)[request.middle_level]))
        )
        if abs(medians[-1]) > FARTHEST or medians[-1] * medians[0] <= 0:
            return 0.0
        panel = panel.before(1)
    return SHARED * float(np.median(medians))


def _factors(off: Array, levels: Sequence[int]) -> Array:
    count = off[0].size
    ranks = [min(int(np.ceil((count + 1) * level / 100)), count) - 1 for level in levels]
    quantiles = [
        np.sort(distances, axis=None)[rank] for distances, rank in zip(off, ranks, strict=True)
    ]
    return np.asarray(np.clip(quantiles, SMALLEST_FACTOR, LARGEST_FACTOR))
