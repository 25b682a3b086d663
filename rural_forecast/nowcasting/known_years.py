"""Earlier years of a nowcast: the share of the part in each, and the series of their parts."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite, log
from statistics import fmean
from typing import NamedTuple

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.models.base import Array
from rural_forecast.nowcasting.part_bases import Base, Rows, base, is_weak
from rural_forecast.nowcasting.part_smoothing import LONGEST, MIN_YEARS, smoothed
from rural_forecast.nowcasting.parts import Choice, agree
from rural_forecast.nowcasting.votes import Smoothed
from rural_forecast.series.observation import Series
from rural_forecast.text.wording import number

OLDEST = 6
"""Oldest year whose share is used, in years before the target."""
_PIECES = (3, 1)
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


def bases(known: Rows, years: tuple[int, ...], choice: Choice, year: int) -> dict[int, Base]:
    """The same months of earlier years, by year."""
    found = {}
    for earlier in years:
        later = choice.used if earlier == year - 1 else ()
        one = base(known, earlier, choice.months, later)
        if one is not None:
            found[earlier] = one
    return found


def shares(series: Series, found: Mapping[int, Base], totals: Mapping[int, float], year: int) -> tuple[Share, ...]:
    """Shares of the part in the years whose total is known, the latest last.

    Raises
    ------
    InputError : a part of a user's file is more than its year
    """
    given = []
    for earlier, one in found.items():
        total = totals.get(earlier)
        if total is None or one.value is None or earlier < year - OLDEST or total <= 0 or one.value <= 0:
            continue
        if one.value >= total:
            if series.file:
                raise InputError(
                    f"{series.file}: {number(one.value)} for a part of {earlier} is not less than {number(total)} "
                    "for the whole year.",
                    "Correct one of the two; a part and its year must be on one basis.",
                )
            continue
        given.append(Share(earlier, one.value, total, one.how in ("implied", "replaced")))
    return tuple(given)


def bend(known: Rows, totals: Mapping[int, float], year: int) -> float | None:
    """How earlier years fill, from any of their parts that begin in January; None where there is none.

    The first m months of a year have the share (m / 12) ** bend: 1 for a level year, above 1 where its end weighs more.
    """
    bends = [
        log(one.value / total) / log(period.length / 12)
        for period, one in known.levels.items()
        if period.months[0] == 1 and not period.is_year and not is_weak(one) and year - OLDEST <= period.year < year
        for total in (totals.get(period.year, 0.0),)
        if 0 < one.value < total
    ]
    return fmean(bends) if bends else None


def smoothing(known: Rows, given: tuple[Share, ...], choice: Choice, year: int) -> Smoothed | None:
    """The smoothing vote; None unless three whole years precede the target year.

    None also where the parts are so far apart that no number holds their ratio.
    """
    run = _run({share.year: [share.part, share.total - share.part] for share in given}, year)
    part = choice.value
    if len(run) < MIN_YEARS or part is None or part <= 0:
        return None
    coarse = np.array([[*(value for pair in run for value in pair), part]])
    pieces = next(filter(None, (_pieces(known, choice, months, year) for months in _PIECES)), None)
    with np.errstate(all="ignore"):
        rest = smoothed(coarse, pieces[0] if pieces else None, pieces[1] if pieces else 2)
    total, error = part + float(rest.total[0]), float(rest.error[0])
    return Smoothed(total, error, len(run), pieces is not None) if isfinite(total) and isfinite(error) else None


def _run(by_year: Mapping[int, list[float]], year: int) -> list[list[float]]:
    """The years just before, without a gap, at most `LONGEST`."""
    run: list[list[float]] = []
    while year - 1 - len(run) in by_year and len(run) < LONGEST:
        run.insert(0, by_year[year - 1 - len(run)])
    return run


def _pieces(known: Rows, choice: Choice, length: int, year: int) -> tuple[Array, int] | None:
    """All equal pieces of the years before and of the known part; None where one is missing or not positive, or where
    those of the known part do not add up to it."""
    count = len(choice.months)
    if not choice.from_january or count % length or count == length:
        return None
    blocks = [frozenset(range(first, first + length)) for first in range(1, 13, length)]
    now = [known.cover(year, block) for block in blocks[: count // length]]
    years: dict[int, list[float]] = {}
    for earlier in range(year - LONGEST, year):
        seen = [known.cover(earlier, block) for block in blocks]
        if all(seen):
            years[earlier] = [sum(one.value for one in part) for part in seen]
    run = _run(years, year)
    if len(run) < MIN_YEARS or not all(now):
        return None
    latest = [sum(one.value for one in part) for part in now]
    assert choice.value is not None
    if not agree(sum(latest), choice.value):
        return None
    values = [*(value for row in run for value in row), *latest]
    return (np.array([values]), len(blocks)) if min(values) > 0 else None
