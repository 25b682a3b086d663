"""Intervals adjusted to a user's own panel: what they held on the last points of its series, and how much they lack.

Learned intervals hold what they promise over series like those they were learned from; under a change of domain they
may not. With enough series one can measure it: hold the last points back and forecast them. The share `level` of the
distances of outcomes (see `coverage`) is the factor by which intervals of that level must be widened (above 1) or may
be narrowed (split conformal prediction: Lei, G'Sell, Rinaldo, Tibshirani and Wasserman 2018, DOI
10.1080/01621459.2017.1307116). One factor a level serves all horizons.

All series of a panel share their last years, and a calm stretch is no promise: on M1 it asked for intervals a fifth
narrower, which then held 71 % in place of 80. So the same is measured one stretch earlier, and the larger factor
is used; where too few series reach back that far nothing is narrowed. `auto` takes the middle of both, in logs: on M3
the larger factors, of a last stretch that was harder than usual, made good intervals too wide.

After a last year in which most series were surprised together no factor is smaller than a power of the one that this
year needed (`GOES_ON`): the years after 192 such shocks in panels of states, industries and countries asked for that.

The coverage shown as 'after' is measured on series that had no part in their own factor: one half is adjusted by the
other, and the reverse.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.forecasting.batch.coverage import (
    FEWEST_SERIES,
    GOES_ON,
    LEFT,
    Sample,
    coverage,
    distances,
    earlier,
    spared,
    surprise,
)
from rural_forecast.forecasting.batch.inputs import opened
from rural_forecast.forecasting.batch.panel import Panel
from rural_forecast.forecasting.batch.request import Request
from rural_forecast.models.base import Array
from rural_forecast.notes import Note
from rural_forecast.series.reading import ReadOptions

Mode = Literal["never", "auto", "always"]
MOST_SERIES = 10_000
"""Beyond this a factor no longer changes; the series are spread over the whole file."""
SMALLEST_FACTOR, LARGEST_FACTOR = 0.5, 4.0
"""A factor outside says that something other than the spread is wrong."""


class Calibration(NamedTuple):
    """Factors for a panel, and what they bring."""

    factors: tuple[float, ...]
    """One a level; none where nothing is changed."""
    report: tuple[Note, ...]
    warnings: tuple[Note, ...] = ()


def calibrate(path: str, options: ReadOptions, request: Request, mode: Mode) -> Calibration:
    """Measure a file's series and find the factors; reads the whole file once.

    `mode`: `always` uses every factor; `auto` only widens, at levels that hold less than sampling explains. Raises
    InputError if fewer than 50 series are long enough, and the mode is `always`.
    """
    sample = Sample(MOST_SERIES)
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
        return Calibration((), (Note("too_few_to_calibrate", {"series": count}),))
    if count < FEWEST_SERIES:
        raise InputError.of("calibration_of_too_few", least=FEWEST_SERIES, points=held + LEFT, series=count)
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
        return tuple(np.maximum(np.where(widened, middle, 1.0), least).tolist())

    for mine, other in ((half, ~half), (~half, half)):
        factors = chosen(off[:, other], off_before[:, other[reach]], last[:, other])
        inside[:, mine] = off[:, mine] <= np.asarray(factors)[:, None, None]
    factors = chosen(off, off_before, last)
    held_after = inside.mean(axis=(1, 2)).tolist()
    report = [Note("calibration", {"points": held, "series": count})]
    for index, level in enumerate(request.levels):
        fields = {"level": level, "before": before.inside[index], "after": held_after[index], "factor": factors[index]}
        report.append(Note("calibrated_level", fields))
    return Calibration(factors, tuple(report), () if shock is None else (shock.note(calibrated=True),))


def _factors(off: Array, levels: tuple[int, ...]) -> tuple[float, ...]:
    """The conformal quantile of the distances of each level."""
    count = off[0].size
    factors = []
    for index, level in enumerate(levels):
        rank = min(int(np.ceil((count + 1) * level / 100)), count)
        quantile = np.sort(off[index], axis=None)[rank - 1]
        factors.append(float(np.clip(quantile, SMALLEST_FACTOR, LARGEST_FACTOR)))
    return tuple(factors)
