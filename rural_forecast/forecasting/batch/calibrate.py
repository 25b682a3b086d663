"""Intervals adjusted to a user's own panel: what they held on the last points of its series, and how much they lack.

Learned intervals hold what they promise over series like those they were learned from; under a change of domain they
may not. With enough series one can measure it: hold the last points back, forecast them, and see how far outcomes lie
from the point in units of the interval's half on their side. The share `level` of these distances is the factor by
which intervals of that level must be widened (above 1) or may be narrowed (split conformal prediction: Lei, G'Sell,
Rinaldo, Tibshirani and Wasserman 2018, DOI 10.1080/01621459.2017.1307116). One factor a level serves all horizons.

All series of a panel share their last years, and a calm stretch is no promise: on M1 it asked for intervals a fifth
narrower, which then held 71 % in place of 80. So the same is measured one stretch earlier, and the larger factor
is; where too few series reach back that far nothing is narrowed.

The coverage shown as 'after' is measured on series that had no part in their own factor: one half is adjusted by the
other, and the reverse.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from rural_forecast.errors import InputError, option
from rural_forecast.forecasting.batch.panel import Integers, Panel
from rural_forecast.forecasting.batch.request import Request
from rural_forecast.forecasting.batch.run import Opened, attempt
from rural_forecast.forecasting.batch.widening import log_scale
from rural_forecast.forecasting.consensus import consensus
from rural_forecast.models.base import Array
from rural_forecast.notes import Note
from rural_forecast.series.reading import ReadOptions

FEWEST_SERIES = 50
MOST_SERIES = 10_000
"""Beyond this a factor no longer changes; the series are spread over the whole file."""
LEFT = 4
"""Points that must be left when the last ones are held back."""
MOST_HELD = 6
SMALLEST_FACTOR, LARGEST_FACTOR = 0.5, 4.0
"""A factor outside says that something other than the spread is wrong."""


class Calibration(NamedTuple):
    """Factors for a panel, and what they bring."""

    factors: tuple[float, ...]
    """One a level."""
    before: tuple[float, ...]
    """Share of held-back points inside the interval of each level, as it was."""
    after: tuple[float, ...]
    """The same with the factor of the other half of the series."""
    series: int
    points: int
    report: tuple[Note, ...]


def calibrate(path: str, options: ReadOptions, request: Request) -> Calibration:
    """Measure a file's series and find the factors; reads the whole file once.

    Raises
    ------
    InputError : fewer than 50 series are long enough
    """

    def consume(opened: Opened) -> Panel:
        return _sample(opened)

    panel = attempt(path, options, consume)
    held = _held(panel.lengths)
    return calibrated(panel.select(np.flatnonzero(panel.lengths >= held + LEFT)), request, held)


def _held(lengths: Integers) -> int:
    """How many last points are held back: as many as enough series can spare, whatever horizon is asked for."""
    spared = [held for held in range(1, MOST_HELD + 1) if (lengths >= held + LEFT).sum() >= FEWEST_SERIES]
    return max(spared, default=1)


def calibrated(panel: Panel, request: Request, held: int) -> Calibration:
    """The factors for a panel whose last `held` points are held back.

    Raises
    ------
    InputError : fewer than 50 series
    """
    count = len(panel.ids)
    if count < FEWEST_SERIES:
        raise InputError(
            f"Calibration needs {FEWEST_SERIES} or more series of {held + LEFT} or more points, and there are {count}.",
            f"Leave {option('calibrate')} out; the intervals are then those learned from the corpus.",
        )
    distances = _distances(panel, request, held)
    half = np.arange(count) % 2 == 0
    before = np.nanmean(distances <= 1, axis=(1, 2))
    inside = np.zeros(distances.shape, dtype=np.bool_)
    earlier, reach = _earlier(panel, request, held)
    for mine, other in ((half, ~half), (~half, half)):
        factors = _larger(distances[:, other], earlier[:, other[reach]], request.levels)
        inside[:, mine] = distances[:, mine] <= np.asarray(factors)[:, None, None]
    after = inside.mean(axis=(1, 2))
    factors = _larger(distances, earlier, request.levels)
    report = [Note("calibration", {"points": held, "series": count})]
    for place, level in enumerate(request.levels):
        held_before, held_after = float(before[place]), float(after[place])
        fields = {"level": level, "before": held_before, "after": held_after, "factor": factors[place]}
        report.append(Note("calibrated_level", fields))
    return Calibration(
        factors, tuple(before.tolist()), tuple(after.tolist()), count, int(distances[0].size), tuple(report)
    )


def _sample(opened: Opened) -> Panel:
    """Series that are long enough, spread over the file: every k-th, k growing with their number."""
    kept: Panel | None = None
    count, every = 0, 1
    for part in opened.parts:
        panel = part.panel
        enough = np.flatnonzero(panel.lengths > LEFT)
        number = count + np.arange(len(enough))
        count += len(enough)
        some = panel.select(enough[number % every == 0])
        kept = some if kept is None else kept.then(some)
        while len(kept.ids) > MOST_SERIES:
            every *= 2
            kept = kept.select(np.arange(0, len(kept.ids), 2))
    assert kept is not None
    return kept


def _distances(panel: Panel, request: Request, held: int) -> Array:
    """How far held-back points lie from the point, in halves of the interval; shape (level, series, horizon)."""
    result = np.empty((len(request.levels), len(panel.ids), held))
    lengths = panel.lengths
    for length in np.unique(lengths).tolist():
        chosen = np.flatnonzero(lengths == length)
        block = panel.values[panel.offsets[chosen][:, None] + np.arange(length)]
        past, actual = block[:, :-held], block[:, -held:]
        joint = consensus(past, held, request.levels, request.ceiling)
        positive = log_scale(past, joint.point, joint.lower) & (actual.min(axis=1) > 0)
        bounds = np.moveaxis(joint.lower, 1, 0), np.moveaxis(joint.upper, 1, 0)
        for scale, mask in ((np.log, positive), (_plain, ~positive)):
            result[:, chosen[mask]] = _distance(
                scale, actual[mask], joint.point[mask], *(side[:, mask] for side in bounds)
            )
    return result


def _plain(values: Array) -> Array:
    return values


def _distance(scale: Callable[[Array], Array], actual: Array, point: Array, lower: Array, upper: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        off = scale(actual) - scale(point)
        half = np.where(off >= 0, scale(upper) - scale(point), scale(point) - scale(lower))
        return np.where(off == 0, 0.0, np.abs(off) / half)


def _earlier(panel: Panel, request: Request, held: int) -> tuple[Array, Integers]:
    """Distances one stretch earlier, and the series that reach back so far."""
    reach = np.flatnonzero(panel.lengths >= 2 * held + LEFT)
    lengths = panel.lengths[reach] - held
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    at = np.repeat(panel.offsets[reach] - offsets[:-1], lengths) + np.arange(offsets[-1])
    past = Panel([panel.ids[i] for i in reach.tolist()], offsets, panel.values[at], panel.origins[reach] - held, [""])
    return _distances(past, request, held), reach


def _larger(distances: Array, earlier: Array, levels: tuple[int, ...]) -> tuple[float, ...]:
    """The larger factor of two stretches; at least 1 where the earlier one has too few series."""
    now = _factors(distances, levels)
    enough = earlier.shape[1] >= FEWEST_SERIES // 2
    before = _factors(earlier, levels) if enough else (1.0,) * len(levels)
    return tuple(map(max, now, before))


def _factors(distances: Array, levels: tuple[int, ...]) -> tuple[float, ...]:
    """The conformal quantile of the distances of each level."""
    count = distances[0].size
    found = []
    for place, level in enumerate(levels):
        rank = min(int(np.ceil((count + 1) * level / 100)), count)
        quantile = np.sort(distances[place], axis=None)[rank - 1]
        found.append(float(np.clip(quantile, SMALLEST_FACTOR, LARGEST_FACTOR)))
    return tuple(found)
