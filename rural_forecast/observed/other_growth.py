"""The growth of another definition of one market, as evidence for a series.

Levels of two definitions are never joined. Growth of one says what the other became, within a range
as wide as their growths differed: in the years that both have, and among pairs of definitions alike
in how fast they grow and how far apart they were. `benchmarks/definitions.md` has the numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rural_forecast.errors import InputError, UsageError
from rural_forecast.observed.history import Basis, History, annual

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rural_forecast.observed.observation import Series

    Array = NDArray[np.float64]

LEVELS = (50, 80, 95)
WIDTHS = np.array([0.57, 1.54, 3.68])
"""How far logs of growth differed at most, by level, in units of the scale; a year ahead."""
POWER = 0.6  # of the years ahead, by which a difference grows
LEAST = 0.003  # scale of pairs that hardly grow
BY_GROWTH = 0.6  # further scale of like pairs, of the mean size of their yearly log growth
WORTH = 2  # years in common that count as much as the growth of like pairs
LONGEST = 8  # years in common that are looked at, the latest ones
TINY = 1e-4


class OtherGrowth(NamedTuple):
    """The growth of another definition in the years after the last one of a series."""

    history: History  # of the other definition
    origin: int
    logs: Array  # log growth since the origin, by year after it
    scale: float  # of differences in growth
    common: int  # yearly growths that both have

    @property
    def last(self) -> int:
        """The last year of the other definition."""
        return self.origin + len(self.logs)

    def factor(self, year: int) -> float:
        """Return its level in a year over that in the origin."""
        return float(np.exp(self.logs[year - self.origin - 1]))

    def widths(self, year: int) -> Array:
        """Return how far the log of the growth of a series may lie from it, by `LEVELS`."""
        return np.asarray(WIDTHS * self.scale * (year - self.origin) ** POWER)

    def range_80(self, year: int) -> tuple[float, float]:
        """Return the 80 % range of the factor in a year."""
        width = self.widths(year)[LEVELS.index(80)]
        log = self.logs[year - self.origin - 1]
        return float(np.exp(log - width)), float(np.exp(log + width))


def growth_since(history: History, other: Series) -> OtherGrowth | None:
    """Compute the growth of another definition after the origin of a history.

    None where it has no later year, or no level in the origin, or either is not above zero.
    """
    theirs = _history_of(other, history)
    if theirs is None:
        return None
    return _after(history.origin, _logs(history), _logs(theirs), theirs)


def record(history: History, growth: OtherGrowth, horizon: int) -> tuple[int, int]:
    """Count the earlier 80 % ranges that held, up to `horizon` years ahead, and all of them."""
    ours = _logs(history)
    logs = _logs(growth.history)
    theirs = {year: log for year, log in logs.items() if year <= history.origin}
    held = 0
    ranges = 0
    for origin in sorted(ours):
        past = _after(origin, ours, theirs, growth.history)
        if past is None:
            continue
        for year in range(origin + 1, min(past.last, origin + horizon) + 1):
            low, high = past.range_80(year)
            held += bool(low <= np.exp(ours[year] - ours[origin]) <= high)
            ranges += 1
    return held, ranges


def _after(
    origin: int, ours: dict[int, float], theirs: dict[int, float], history: History
) -> OtherGrowth | None:
    """Compute the growth of another definition, with logs `theirs`, after an origin."""
    if origin not in ours or origin not in theirs or max(theirs) == origin:
        return None
    start = max(min(ours), min(theirs), origin - LONGEST)
    both = range(start, origin + 1)
    ours_before = np.diff([ours[year] for year in both])
    theirs_before = np.diff([theirs[year] for year in both])
    theirs_after = np.diff([theirs[year] for year in range(origin, max(theirs) + 1)])
    growth = np.concatenate([ours_before, theirs_before, theirs_after])
    scale = scale_of(ours_before - theirs_before, growth)
    return OtherGrowth(history, origin, np.cumsum(theirs_after), scale, len(ours_before))


def scale_of(differences: Array, growth: Array) -> float:
    """Compute the scale of differences in yearly log growth.

    `differences` are those of the years in common, `growth` is that of both series.
    """
    of_like_pairs = LEAST + BY_GROWTH * float(np.abs(growth).mean())
    if not len(differences):
        return of_like_pairs
    own = max(float(np.abs(differences).mean()), TINY)
    logs = WORTH * np.log(of_like_pairs) + len(differences) * np.log(own)
    of_like_pairs = float(np.exp(logs / (WORTH + len(differences))))
    return max(own, of_like_pairs)


def _history_of(other: Series, history: History) -> History | None:
    """Select the values of another definition, as those of a history are; None without any."""
    if other.measure in ("growth", "rate"):
        return None
    basis: Basis = "levels" if history.basis == "levels" else "comparable"
    try:
        return annual(other, basis=basis, as_of=history.as_of, allow_gaps=True)
    except (InputError, UsageError):  # nothing was published by the day
        return None


def _logs(history: History) -> dict[int, float]:
    """The logs of the levels between which growth is known, by year; empty with one below zero."""
    comparable = history.comparable
    if comparable.values.min() <= 0:
        return {}
    return dict(zip(comparable.years, np.log(comparable.values).tolist(), strict=True))
