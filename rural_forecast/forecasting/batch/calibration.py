"""Intervals on a user's own panel: their coverage of the last points of its series, and the factors
that make it right.

The share `level` of the distances of outcomes held back, in halves of the interval on their side,
is the factor of a level (split conformal prediction: Lei et al. 2018, DOI
10.1080/01621459.2017.1307116). The other rules, and what they bring, are in
`benchmarks/accuracy/calibration.md` and `shocks.md`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Literal, NamedTuple

import numpy as np

from rural_forecast.errors import InputError, option
from rural_forecast.forecasting.answers import unlimited
from rural_forecast.forecasting.batch.inputs import opened
from rural_forecast.forecasting.panel import Panel, Request
from rural_forecast.models.base import Array, Flags, Integers
from rural_forecast.notes import Note
from rural_forecast.observed.reading import ReadOptions
from rural_forecast.question.question import CONSENSUS
from rural_forecast.text.wording import listed

Mode = Literal["never", "auto", "always"]
FEWEST_SERIES = 50
LEFT = 4  # points that are left, at least, when the last ones are held back
MOST_HELD = 6  # points held back, at most
MOST_JUDGED = 200  # series that every batch is judged by
MOST_MEASURED = 10_000  # series that factors are measured on
ERRORS = 2.0  # standard errors by which a coverage is off
LEVEL = 80  # of the interval that a surprise leaves
# Power of the factor that a year of common surprise needed which the years after it need
# (`shocks.md`).
GOES_ON = 0.25
# Factors outside of these ends say that something other than the spread is wrong.
SMALLEST_FACTOR = 0.5
LARGEST_FACTOR = 4.0
LARGEST_AUTO = 1.5
ORIGINS = 3  # last origins that must miss on one side for points to move
SHARED = 0.5  # share of their median error by which points then move
# The largest median error, in half-widths, that moves points: a larger one is a common shock, which
# may turn.
FARTHEST = 0.7


class Sample:
    """Series that are long enough, spread over an input.

    It holds every k-th of them, and k doubles when there are too many.
    """

    def __init__(self, most: int = MOST_JUDGED) -> None:
        self._most = most
        self._every = 1
        self._count = 0
        self.panel: Panel | None = None

    def add(self, panel: Panel) -> None:
        """Take some of the next series."""
        long_enough = np.flatnonzero(panel.lengths > LEFT)
        number = self._count + np.arange(len(long_enough))
        self._count += len(long_enough)
        chosen = panel.select(long_enough[number % self._every == 0])
        self.panel = chosen if self.panel is None else self.panel.then(chosen)
        while len(self.panel.ids) > self._most:
            self._every *= 2
            self.panel = self.panel.select(np.arange(0, len(self.panel.ids), 2))


def coverage(distances: Array, levels: Sequence[int]) -> tuple[Array, Flags]:
    """Return the share of distances inside each level, and if too few are.

    Too few are fewer than sampling explains.
    """
    held = (distances <= 1).mean(axis=2)
    inside = held.mean(axis=1)
    sampling = ERRORS * (held.std(axis=1, ddof=1) / np.sqrt(held.shape[1]))
    return inside, inside < np.asarray(levels) / 100 - sampling


def spared(panel: Panel) -> tuple[int, Panel]:
    """Return how many points enough of the series can spare, and the series that can."""
    most = 1
    for held in range(1, MOST_HELD + 1):
        if (panel.lengths >= held + LEFT).sum() >= FEWEST_SERIES:
            most = held
    return most, panel.select(np.flatnonzero(panel.lengths >= most + LEFT))


def notes_on(sample: Panel | None, request: Request) -> Iterator[Note]:
    """Report the coverage and a common surprise of a sample of a batch that was not calibrated."""
    if sample is None or len(sample.ids) < FEWEST_SERIES:
        return
    if request.factors or CONSENSUS not in request.main:
        return
    points, long_enough = spared(sample)
    held_back = [HeldBack(long_enough, points), *last_origins(sample)]
    off, *errors = distances_of_each(held_back, request)
    use = option("calibrate", "auto")
    inside, too_few = coverage(np.abs(off.of_levels(request.levels)), request.levels)
    advice = ""
    if too_few.any():
        advice = f"{use} widens them."
    else:
        shift = common_error(errors, request)
        if shift:
            advice = f"{use} moves values: {_one_sided(shift)}."
    shares = listed(
        f"{level} % intervals held {100 * share:.0f} %"
        for level, share in zip(request.levels, inside, strict=True)
    )
    count = len(long_enough.ids)
    text = f"On the last {points} points of a sample of {count:,} series, {shares}."
    yield Note("coverage", text, warning=bool(too_few.any()), advice=advice)
    surprised = _surprise(sample, errors[0])
    if surprised is not None:
        yield replace(surprised.note, advice=f"{use} widens the intervals.")


def _one_sided(shift: float) -> str:
    return f"at {ORIGINS} origins most outcomes lay {'above' if shift > 0 else 'below'}"


@dataclass(frozen=True, slots=True, eq=False)
class Surprise:
    """A year in which most series left their intervals together."""

    rows: Integers  # the series that end in this year, by index in the panel
    note: Note


def _surprise(panel: Panel, errors: Distances) -> Surprise | None:
    """Find out if most of the last values left the intervals of the year before."""
    years, counts = np.unique(panel.origins, return_counts=True)
    year = int(years[counts.argmax()])
    rows = np.flatnonzero(panel.origins == year)
    if len(rows) < FEWEST_SERIES:
        return None
    outside = errors.of_levels((LEVEL,))[0, rows, 0]
    share = (np.abs(outside) > 1).mean()
    below = (outside < -1).mean()
    if share <= 0.5:
        return None
    text = (
        f"In {year} most series were surprised together: {100 * share:.0f} % of a sample of "
        f"{len(rows):,} left the {LEVEL} % interval of the year before "
        f"({100 * below:.0f} % below it). Such a shock may go on or turn."
    )
    return Surprise(rows, Note("surprised", text, warning=True))


class HeldBack(NamedTuple):
    """Series whose last points are held back."""

    panel: Panel
    points: int


class Distances(NamedTuple):
    """How far held-back points lie from the point forecast, in half-widths; negative below it."""

    levels: tuple[int, ...]
    values: Array  # shape (level, series, horizon)

    def of_levels(self, levels: Sequence[int]) -> Array:
        """Return those at some of the levels."""
        return self.values[[self.levels.index(level) for level in levels]]


def distances(panel: Panel, request: Request, held: int, *, signed: bool = False) -> Array:
    """Measure how far held-back points lie from the point forecast, in half-widths.

    Shape (level, series, horizon). If `signed`, those below it are negative.
    """
    (measured,) = distances_of_each([HeldBack(panel, held)], request)
    result = measured.of_levels(request.levels)
    return result if signed else np.abs(result)


def distances_of_each(held_back: Sequence[HeldBack], request: Request) -> list[Distances]:
    """Measure several sets of held-back points, at `LEVEL` and the levels of the request.

    One call forecasts them all, as series of one length share its steps, which cost the most.
    """
    levels = tuple(sorted({*request.levels, LEVEL}))
    earlier = [part.panel.before(part.points) for part in held_back]
    together = reduce(Panel.then, earlier)
    if not together.ids:
        return [Distances(levels, np.empty((len(levels), 0, part.points))) for part in held_back]
    farthest = max(part.points for part in held_back)
    asked = request._replace(
        horizon=farthest, year=None, models=(), all_models=False, levels=levels
    )
    point, lower, upper = (side[..., 0, :] for side in unlimited(together, asked).bounds)
    result = []
    first = 0
    for part in held_back:
        rows = slice(first, first + len(part.panel.ids))
        first = rows.stop
        years = slice(0, part.points)
        band = point[rows, years], lower[:, rows, years], upper[:, rows, years]
        result.append(Distances(levels, _distances_from(part, *band)))
    return result


def _distances_from(held_back: HeldBack, point: Array, lower: Array, upper: Array) -> Array:
    panel, held = held_back
    actual = panel.values[panel.offsets[1:, None] - held + np.arange(held)]
    least = np.minimum.reduceat(panel.values, panel.offsets[:-1])
    lowest = np.nan_to_num(lower.min(axis=(0, 2)), nan=1.0)
    positive = (least > 0) & (lowest > 0) & ~(point.min(axis=1) <= 0)
    result = np.empty(lower.shape)
    for scale, rows in ((np.log, positive), (np.asarray, ~positive)):
        with np.errstate(divide="ignore", invalid="ignore"):
            middle = scale(point[rows])
            error = scale(actual[rows]) - middle
            above = scale(upper[:, rows]) - middle
            below = middle - scale(lower[:, rows])
            half = np.where(error >= 0, above, below)
            result[:, rows] = np.where(error == 0, 0.0, error / half)
    return result


class Calibration(NamedTuple):
    """Factors for a panel, and what they bring."""

    factors: tuple[float, ...] = ()  # one a level; none where nothing is changed
    shift: float = 0.0  # how far points move, see `Request.shift`
    report: tuple[Note, ...] = ()
    warnings: tuple[Note, ...] = ()


def calibration(path: str, options: ReadOptions, request: Request, mode: Mode) -> Calibration:
    """Measure the series of a file and find the factors; reads the whole file once."""
    if mode == "never":
        return Calibration()
    sample = Sample(MOST_MEASURED)
    for part in opened(path, options).parts:
        sample.add(part.panel)
    assert sample.panel is not None
    held, panel = spared(sample.panel)
    return calibrated(panel, request, held, mode)


def calibrated(panel: Panel, request: Request, held: int, mode: Mode = "always") -> Calibration:
    """Find the factors for a panel whose last `held` points are held back.

    `auto` only widens, where too few outcomes are inside.
    """
    count = len(panel.ids)
    levels = request.levels
    if count < FEWEST_SERIES:
        text = (
            f"Calibration needs {FEWEST_SERIES} or more series of {held + LEFT} points, "
            f"and there are {count}."
        )
        if mode == "auto":
            return Calibration(report=(Note("too_few_to_calibrate", text),))
        raise InputError(text, f"Leave {option('calibrate')} out.")

    # The points before those held back, of series that are long enough.
    longer = np.flatnonzero(panel.lengths >= 2 * held + LEFT)
    held_back = [
        HeldBack(panel, held),
        HeldBack(panel.select(longer).before(held), held),
        *last_origins(panel),
    ]
    of_last, of_those_before, *errors = distances_of_each(held_back, request)
    off = np.abs(of_last.of_levels(levels))
    off_before = np.abs(of_those_before.of_levels(levels))
    off_in_surprise = np.full((len(levels), count), np.nan)
    surprised = _surprise(panel, errors[0])
    if surprised is not None:
        last = np.abs(errors[0].of_levels(levels))
        off_in_surprise[:, surprised.rows] = last[:, surprised.rows, 0]
    inside_before, too_few = coverage(off, levels)

    def factors_of(series: Flags) -> Array:
        """Find the factors that some of the series ask for."""
        shocks = off_in_surprise[:, series & ~np.isnan(off_in_surprise[0])]
        least = _factors(shocks, levels) ** GOES_ON if shocks.size else np.zeros(len(levels))
        own = _factors(off[:, series], levels)
        enough = len(longer) >= FEWEST_SERIES
        before = _factors(off_before[:, series[longer]], levels) if enough else np.ones(len(levels))
        if mode == "always":
            return np.maximum(np.maximum(own, before), least)
        wider = np.maximum(own, 1.0)
        middle = np.sqrt(wider * np.maximum(before, 1.0)) if enough else wider
        return np.minimum(np.maximum(np.where(too_few, middle, 1.0), least), LARGEST_AUTO)

    # The coverage that is reported is one of factors that each half of the series gives the other:
    # none has a part in its own factor.
    even = np.arange(count) % 2 == 0
    cross_fitted = np.where(even, factors_of(~even)[:, None], factors_of(even)[:, None])
    inside_after = (off <= cross_fitted[:, :, None]).mean(axis=(1, 2))
    factors = tuple(factors_of(np.ones(count, dtype=np.bool_)).tolist())
    shift = common_error(errors, request)

    text = f"Intervals are calibrated on the last {held} points of {count:,} series."
    report = [Note("calibration", text)]
    for level, before, after, factor in zip(
        levels, inside_before, inside_after, factors, strict=True
    ):
        text = (
            f"{level} % intervals held {100 * before:.1f} % before, {100 * after:.1f} % after "
            f"(width times {factor:.2f})."
        )
        report.append(Note("calibrated_level", text))
    if shift:
        text = f"Values move by {abs(shift):.2f} half-widths: {_one_sided(shift)}."
        report.append(Note("moved", text))
    warnings = () if surprised is None else (surprised.note,)
    return Calibration(factors, shift, tuple(report), warnings)


def last_origins(panel: Panel) -> list[HeldBack]:
    """Return the series of a panel with the point held back that follows each last origin."""
    origins = []
    for _ in range(ORIGINS):
        panel = panel.select(np.flatnonzero(panel.lengths > LEFT))
        origins.append(HeldBack(panel, 1))
        panel = panel.before(1)
    return origins


def common_error(errors: Sequence[Distances], request: Request) -> float:
    """Return half of the median error of the last origins, in half-widths.

    0 if they lie on different sides, or one is a shock.
    """
    medians: list[float] = []
    for of_origin in errors:
        of_series = of_origin.of_levels(request.levels)[request.middle_level]
        if len(of_series) < FEWEST_SERIES:
            return 0.0
        median = float(np.median(of_series))
        medians.append(median)
        if abs(median) > FARTHEST or median * medians[0] <= 0:
            return 0.0
    return SHARED * float(np.median(medians))


def _factors(off: Array, levels: Sequence[int]) -> Array:
    """Return the quantile of distances at each level, within the ends of factors."""
    count = off[0].size
    quantiles = []
    for distances_at_level, level in zip(off, levels, strict=True):
        rank = min(int(np.ceil((count + 1) * level / 100)), count) - 1
        quantiles.append(np.sort(distances_at_level, axis=None)[rank])
    return np.asarray(np.clip(quantiles, SMALLEST_FACTOR, LARGEST_FACTOR))
