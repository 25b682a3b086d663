"""Earlier years of a nowcast: the share of the part in each, and the series of their parts."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from math import isfinite, log, sqrt
from statistics import fmean, pstdev
from typing import NamedTuple

import numpy as np

from rural_forecast.errors import InputError, Place, Problem
from rural_forecast.models.base import Array
from rural_forecast.nowcasting.part_bases import Base, Rows, base, weakness
from rural_forecast.nowcasting.part_smoothing import LONGEST, MIN_YEARS, smoothed
from rural_forecast.nowcasting.parts import Choice, agree
from rural_forecast.nowcasting.votes import Smoothed
from rural_forecast.series.observation import Series

OLDEST = 6
"""Oldest year whose share is used, in years before the target."""
QUARTER = 3
"""Months of a quarter."""
_PIECES = (QUARTER, 1)
"""Months of the pieces a year may be cut into."""


class Share(NamedTuple):
    """The share of the part in one earlier year."""

    year: int
    part: float
    total: float
    implied: bool = False
    """Whether the part is known only from the growth of the year after."""

    @property
    def value(self) -> float:
        """Between 0 and 1."""
        return self.part / self.total


def bases(known: Rows, years: tuple[int, ...], choice: Choice, target: int) -> dict[int, Base]:
    """The same months of earlier years, by year."""
    by_year = {year: base(known, year, choice.months, choice.used if year == target - 1 else ()) for year in years}
    return {year: earlier for year, earlier in by_year.items() if earlier is not None}


def shares(series: Series, earlier: Mapping[int, Base], totals: Mapping[int, float], target: int) -> tuple[Share, ...]:
    """Shares of the part in the years whose total is known, the latest last.

    Raises InputError if a part of a user's file is more than its year.
    """
    known = []
    for year, part in earlier.items():
        total = totals.get(year, 0.0)
        if year < target - OLDEST or part.value is None or total <= 0 or part.value <= 0:
            continue
        if part.value < total:
            known.append(Share(year, part.value, total, part.how in ("implied", "replaced")))
        elif series.file:
            fields = {"part": part.value, "year": year, "total": total}
            raise InputError.of(Problem("earlier_part_exceeds_year", **fields), place=Place(series.file, series.file))
    return tuple(known)


def bend(known: Rows, totals: Mapping[int, float], target: int) -> float | None:
    """How earlier years fill, from any of their parts that begin in January; None where there is none.

    The first m months of a year have the share (m / 12) ** bend: 1 for a level year, above 1 where its end weighs more.
    """
    bends = [
        log(level.value / totals[period.year]) / log(period.length / 12)
        for period, level in known.levels.items()
        if period.months[0] == 1 and not period.is_year and target - OLDEST <= period.year < target
        if not weakness(level) and 0 < level.value < totals.get(period.year, 0.0)
    ]
    return fmean(bends) if bends else None


def smoothing(known: Rows, past: tuple[Share, ...], choice: Choice, target: int) -> Smoothed | None:
    """The smoothing vote; None unless three whole years precede the target year.

    None also where the parts are so far apart that no number holds their ratio.
    """
    run = _run({share.year: [share.part, share.total - share.part] for share in past}, target)
    part = choice.value
    if len(run) < MIN_YEARS or part is None or part <= 0:
        return None
    pieces = next(filter(None, (_pieces(known, choice, part, months, target) for months in _PIECES)), None)
    with np.errstate(all="ignore"):
        rest = smoothed(np.array([[*chain(*run), part]]), *(pieces or (None, 2)))
    total, error = part + float(rest.total[0]), float(rest.error[0])
    return Smoothed(total, error, len(run), pieces is not None) if isfinite(total) and isfinite(error) else None


def uneven_growth(known: Rows, choice: Choice, target: int) -> float | None:
    """How far the growth of the quarters of the known part lies apart; that of months is turned into it."""
    count = len(choice.months)
    for length in _PIECES:
        if not choice.from_january or count % length or count == length:
            continue
        now, before = (_cut(known, year, _blocks(count, length)) for year in (target, target - 1))
        if now and before and min(*now, *before) > 0:
            growth = [log(value) - log(earlier) for value, earlier in zip(now, before, strict=True)]
            return pstdev(growth) * sqrt(length / QUARTER)
    return None


def roughness(known: Rows, choice: Choice, target: int) -> float | None:
    """Mean absolute second difference of the logs of the quarters of the year before and of the known part."""
    quarters = _cut(known, target - 1, _blocks(12, QUARTER))
    if quarters and choice.from_january and len(choice.months) >= QUARTER:
        quarters = [*quarters, *_cut(known, target, _blocks(len(choice.months) // QUARTER * QUARTER, QUARTER))]
    if not quarters or min(quarters) <= 0:
        return None
    return float(np.abs(np.diff(np.log(quarters), 2)).mean())


def _blocks(months: int, length: int) -> list[frozenset[int]]:
    return [frozenset(range(first, first + length)) for first in range(1, months + 1, length)]


def _cut(known: Rows, year: int, blocks: list[frozenset[int]]) -> list[float]:
    """The sums of the blocks of a year; empty where one is not known."""
    covers = [known.cover(year, block) for block in blocks]
    return [sum(level.value for level in cover) for cover in covers] if all(covers) else []


def _run(by_year: Mapping[int, list[float]], target: int) -> list[list[float]]:
    """The years just before, without a gap, at most `LONGEST`."""
    first = target
    while first - 1 in by_year and target - first < LONGEST:
        first -= 1
    return [by_year[year] for year in range(first, target)]


def _pieces(known: Rows, choice: Choice, part: float, length: int, target: int) -> tuple[Array, int] | None:
    """All pieces of so many months of the years before and of the known part, and their number in a year.

    None where one is missing or not positive, or where those of the known part do not add up to it.
    """
    count = len(choice.months)
    if not choice.from_january or count % length or count == length:
        return None
    blocks = _blocks(12, length)
    by_year = {year: _cut(known, year, blocks) for year in range(target - LONGEST, target)}
    run, latest = _run({year: pieces for year, pieces in by_year.items() if pieces}, target), []
    if len(run) >= MIN_YEARS:
        latest = _cut(known, target, blocks[: count // length])
    if not latest or not agree(sum(latest), part):
        return None
    values = np.array([[*chain(*run), *latest]])
    return (values, len(blocks)) if values.min() > 0 else None
