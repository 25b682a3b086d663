"""Evidence on a year of which a part is known: the same part of earlier years, and the votes that follow from it.

The odds of the rest of a year to its part vary less than the year does. The far ends are the learned tails of the
logarithm of these odds, around the mean share of the series' own last years, or around the calendar's where no earlier
year is known. They widen where the series' own shares vary more.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from math import exp, hypot, isfinite, log, log1p, sqrt
from statistics import fmean, pstdev, stdev
from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting.result import Forecast
from rural_forecast.models.base import Array
from rural_forecast.nowcasting.learned import share_tails
from rural_forecast.nowcasting.parts import Base, Choice, Rows, agree, implied_before, weakness
from rural_forecast.nowcasting.smoothing import LONGEST, MIN_YEARS, smoothed

SHARES = 3  # past years whose mean share is used
LONG = 5  # past years whose shares say how much it varies; earlier years from which on smoothing counts as long
OWN = 2.0  # standard deviations of the series' own odds that widen the learned tails
SOFTNESS = 0.1  # width of the bend at the floor, as a part of the distance from the known part to it, on the log scale
VOTERS = ("share", "growth", "smoothing", "annual", "calendar")
OLDEST = 6  # oldest year whose share is used, in years before the target
QUARTER = 3  # months of a quarter


class Smoothed(NamedTuple):
    """The vote of seasonal smoothing of the parts."""

    total: float
    error: float  # root mean squared error of the logarithm, one part ahead, over the past
    years: int  # whole earlier years it rests on
    fine: bool  # True if the known part was cut into smaller ones, such as its quarters


class Annual(NamedTuple):
    """The vote of the forecast from whole years alone, and half the width of its 80 % interval, in logs."""

    value: float
    spread: float


class Evidence(NamedTuple):
    """All that is known about one year; amounts are positive."""

    part: float
    months: int
    shares: tuple[float, ...] = ()  # of the part in earlier years, the latest last
    last_total: float | None = None
    growth: float | None = None  # growth of the part on the year before, 0.1 for 10 %
    smoothing: Smoothed | None = None
    annual: Annual | None = None
    uneven: float | None = None
    """Standard deviation of the log growth of the quarters of the known part, where these are known."""
    rough: float | None = None
    """Mean absolute second difference of the logs of the quarters from the year before on, where these are known."""
    bend: float | None = None
    """How earlier years fill: the first m months have the share (m / 12) ** bend, by their other parts."""

    @property
    def unseen_share(self) -> float:
        """The share of the part expected where no earlier year has it."""
        if self.bend is not None:
            return float((self.months / 12) ** self.bend)
        growth = self.growth
        if growth is None and self.annual is not None and self.last_total:
            growth = self.annual.value / self.last_total - 1
        return calendar_share(self.months, growth)

    def reach(self, wider: float = 1.0) -> tuple[float, float]:
        """The smallest and the largest year that the known part allows; 0.25 % of real years lie beyond each end.

        `wider`: times by which the ends lie farther out on the scale of log odds.
        """
        expected = log_odds(fmean(self.shares[-SHARES:]) if self.shares else self.unseen_share)
        own = OWN * stdev(map(log_odds, self.shares[-LONG:])) if len(self.shares) > 1 else 0.0
        low, high = (wider * hypot(tail, own) for tail in share_tails(len(self.shares), self.months))
        below, over = (min(max(odds, -700.0), 700.0) for odds in (expected - low, expected + high))
        return self.part * (1 + exp(below)), self.part * (1 + exp(over))


def votes(evidence: Evidence) -> dict[str, float]:
    """The estimate of each voter, in the order of `VOTERS`; those without evidence are absent."""
    voted: dict[str, float] = {}
    if evidence.shares:
        voted["share"] = evidence.part / fmean(evidence.shares[-SHARES:])
    if evidence.growth is not None and evidence.last_total is not None:
        voted["growth"] = evidence.last_total * (1 + evidence.growth)
    if evidence.smoothing is not None:
        voted["smoothing"] = evidence.smoothing.total
    if evidence.annual is not None:
        voted["annual"] = evidence.annual.value
    if "share" not in voted and "growth" not in voted:
        voted["calendar"] = evidence.part / evidence.unseen_share
    return voted


def calendar_share(months: int, growth: float | None = None) -> float:
    """Share of the first months of a year without seasons that grows steadily."""
    rate = log(min(max(1 + growth, 1e-12), 1e12)) / 12 if growth else 0.0  # beyond, there is no such year
    weights = [exp(rate * month) for month in range(12)]
    return sum(weights[:months]) / sum(weights)


def log_odds(share: float) -> float:
    """Logarithm of the rest of the year over the part."""
    share = min(max(share, 1e-12), 1 - 1e-12)
    return log((1 - share) / share)


def above(value: float, floor: float, part: float) -> float:
    """A value bent so that it stays above a floor; a smooth bend keeps the order of bounds, as cutting would not."""
    width = SOFTNESS * log(floor / part)
    if width <= 0:
        return max(value, floor)
    along = log(value / floor) / width
    if along > 35:  # below the precision of a float
        return float(value)
    return floor * exp(width * (max(along, 0.0) + log1p(exp(-abs(along)))))


def gathered(
    known: Rows,
    choice: Choice,
    target: int,
    annual: Forecast | None,
    totals: Mapping[int, float],
    past: Mapping[int, tuple[float, float]],
    base: Base | None,
) -> Evidence:
    """All evidence: `totals` of earlier years, the part and the total of `past` ones, the part of the year before."""
    value, shares = choice.value, [part / total for part, total in past.values()]
    implied = implied_before(choice.used)
    earlier = implied if implied is not None else base.value if base else None
    growth = value / earlier - 1 if value is not None and earlier is not None and min(earlier, value) > 0 else None
    if value is None and (published := choice.used[0].growth_pct) is not None:
        growth = published / 100
    if base is not None and base.how == "restated":  # the two readings are about the year before alone
        shares = shares[-1:] if target - 1 in past else []
    own = None
    if annual is not None and annual.best.last > 0:
        middle, (low, high) = annual.best.last, annual.best.ends(annual.levels.index(80))
        own = Annual(middle, (log(high) - log(low)) / 2 if low > 0 else log(high) - log(middle))
    return Evidence(
        part=value or 0.0,
        months=len(choice.months),
        shares=tuple(shares) if value else (),
        last_total=annual.history.last if annual is not None and annual.origin == target - 1 else None,
        growth=growth,
        smoothing=_smoothing(known, choice, target, past),
        annual=own,
        uneven=_uneven_growth(known, choice, target) if base else None,
        rough=_roughness(known, choice, target) if base else None,
        bend=_bend(known, totals, target) if choice.from_january else None,
    )


def _bend(known: Rows, totals: Mapping[int, float], target: int) -> float | None:
    bends = [
        log(level.value / totals[period.year]) / log(period.length / 12)
        for period, level in known.levels.items()
        if period.months[0] == 1 and not period.is_year and target - OLDEST <= period.year < target
        if not weakness(level) and 0 < level.value < totals.get(period.year, 0.0)
    ]
    return fmean(bends) if bends else None


def _smoothing(known: Rows, choice: Choice, target: int, past: Mapping[int, tuple[float, float]]) -> Smoothed | None:
    """The smoothing vote; None unless three whole years precede the target year, and where it is no finite number."""
    run = _run({year: [part, total - part] for year, (part, total) in past.items()}, target)
    part = choice.value
    if len(run) < MIN_YEARS or part is None or part <= 0:
        return None
    pieces = next(filter(None, (_pieces(known, choice, part, months, target) for months in _cuts(choice))), None)
    with np.errstate(all="ignore"):
        rest, error = smoothed(np.array([[*chain(*run), part]]), *(pieces or (None, 2)))
    vote = Smoothed(part + float(rest[0]), float(error[0]), len(run), pieces is not None)
    return vote if isfinite(vote.total) and isfinite(vote.error) else None


def _uneven_growth(known: Rows, choice: Choice, target: int) -> float | None:
    """That of months is turned into that of quarters."""
    count = len(choice.months)
    for length in _cuts(choice):
        now, before = (_cut(known, year, count, length) for year in (target, target - 1))
        if now and before and min(*now, *before) > 0:
            growth = [log(value) - log(earlier) for value, earlier in zip(now, before, strict=True)]
            return pstdev(growth) * sqrt(length / QUARTER)
    return None


def _roughness(known: Rows, choice: Choice, target: int) -> float | None:
    quarters = _cut(known, target - 1, 12, QUARTER)
    if quarters and choice.from_january:
        quarters += _cut(known, target, len(choice.months), QUARTER)
    if not quarters or min(quarters) <= 0:
        return None
    return float(np.abs(np.diff(np.log(quarters), 2)).mean())


def _cuts(choice: Choice) -> list[int]:
    """Months of the pieces that the known part can be cut into, where it begins in January."""
    count = len(choice.months)
    return [length for length in (QUARTER, 1) if choice.from_january and count % length == 0 and count > length]


def _cut(known: Rows, year: int, months: int, length: int) -> list[float]:
    """The first months of a year in pieces of a length; empty where one is not known."""
    firsts = range(1, months // length * length + 1, length)
    covers = [known.cover(year, frozenset(range(first, first + length))) for first in firsts]
    return [sum(level.value for level in cover) for cover in covers] if all(covers) else []


def _run(by_year: Mapping[int, list[float]], target: int) -> list[list[float]]:
    """The years just before, without a gap, at most `LONGEST`."""
    first = target
    while first - 1 in by_year and target - first < LONGEST:
        first -= 1
    return [by_year[year] for year in range(first, target)]


def _pieces(known: Rows, choice: Choice, part: float, length: int, target: int) -> tuple[Array, int] | None:
    """All pieces of so many months of the years before and of the known part, and how many a year has."""
    by_year = {year: _cut(known, year, 12, length) for year in range(target - LONGEST, target)}
    run = _run({year: pieces for year, pieces in by_year.items() if pieces}, target)
    latest = _cut(known, target, len(choice.months), length) if len(run) >= MIN_YEARS else []
    if not latest or not agree(sum(latest), part):
        return None
    values = np.array([[*chain(*run), *latest]])
    return (values, 12 // length) if values.min() > 0 else None
