"""Evidence on a year from its known part and earlier years, and doubts where these contradict.

`gathered` makes the `Evidence` that `votes` rests on; `contradictions` and `known_elsewhere` doubt
the part. In between is the smoothing of parts.

Multiplicative seasonal factors (ratios to a centred moving average over a year, recent years
counting more) are taken out of the parts. Their logarithms are smoothed with a level and a damped
trend (Gardner and McKenzie 1985, doi:10.1287/mnsc.31.10.1237). The paths of a fixed grid of
smoothing constants are averaged, weighted by their errors in the past. No constant is estimated
series by series, as half a dozen years are too few for that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from math import isfinite, log, sqrt
from statistics import fmean, pstdev

import numpy as np

from rural_forecast.errors import NOWHERE, InputError, Place, UsageError, option
from rural_forecast.forecasting.nowcasting.parts import (
    Base,
    ChosenParts,
    PeriodValues,
    YearPart,
    agree,
    excess_error,
    implied_before,
    weakness,
)
from rural_forecast.forecasting.nowcasting.votes import Annual, Evidence, Smoothed
from rural_forecast.forecasting.result import Forecast
from rural_forecast.models.base import Array
from rural_forecast.notes import Note
from rural_forecast.observed.definitions import elsewhere
from rural_forecast.observed.observation import Series
from rural_forecast.observed.period import Period
from rural_forecast.observed.preference import cover
from rural_forecast.text.numbers import number, rounded

OLDEST = 6  # oldest year whose share is used, in years before the target
QUARTER = 3  # months of a quarter
FAST = 1.5
"""A part above the whole year before is doubted if a year at its pace passes that year so many
times: eleven months of a growing year may be more.
"""
LEVEL = 99  # of the annual forecast's interval that a part is compared with
MIN_YEARS = 3  # whole earlier years that seasonal factors need
LONGEST = 12  # earlier years used at most

_LEVEL = (0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95)
_TREND = ((0.0, 0.0), (0.1, 0.9), (0.2, 0.8), (0.1, 0.97))
"""Pairs of the trend's smoothing constant and damping."""
_GRID = np.array([(level, trend, damping) for level in _LEVEL for trend, damping in _TREND])
_FADING = 0.85  # weight of a seasonal ratio relative to that of a year later
_SHARPNESS = 6  # paths are weighted by their mean squared error to the power of minus this
_TRUST = 6
"""Two ways to cut a year are weighted by their root mean squared error to this negative power."""


@dataclass(frozen=True, slots=True)
class Case:
    """A year, its known part, and all that is known of the years before."""

    series: Series
    year: int
    values: PeriodValues
    choice: ChosenParts
    annual: Forecast | None
    totals: Mapping[int, float]  # of the years that the annual forecast rests on
    earlier: Mapping[int, Base]  # the same months of these years
    base: Base | None  # the same months of the year before
    same_definition: bool


def shares_of(case: Case) -> dict[int, tuple[float, float]]:
    """The part and the total of earlier years that have both.

    Raises UsageError for an amount that is not above zero, or a growth that implies more for the
    part than its whole year had; InputError for a part of a file that is no part.
    """
    _require_positive(case)
    shares = {}
    for year, base in case.earlier.items():
        part = base.value
        total = case.totals.get(year, 0.0)
        if year < case.year - OLDEST or part is None or min(total, part) <= 0:
            continue
        if part < total:
            shares[year] = part, total
        elif case.series.file:
            raise excess_error(
                f"{number(part)} for a part of {year} is not less than its whole year, "
                f"{number(total)}.",
                Place(case.series.file, case.series.file),
            )
    _require_less_implied(case)
    return shares


def _require_positive(case: Case) -> None:
    """Raise UsageError if a known part or a year is not above zero: neither has a logarithm."""
    amounts = [(part.period, part.value) for part in case.choice.used if part.value is not None]
    if case.annual is not None:
        history = case.annual.history
        amounts += zip(map(Period, history.years), history.values.tolist(), strict=True)
    for period, value in amounts:
        if value <= 0:
            raise UsageError(
                f"{case.series.id} has {number(value)} for {period}: parts and years must be "
                "above 0.",
                f"Begin later, {option('since', 'YEAR')}, or correct the part.",
            )


def _require_less_implied(case: Case) -> None:
    """Raise UsageError if the growth implies as much for the part as its whole year had."""
    before = case.year - 1
    implied = case.base.implied if case.base else None
    total = case.totals.get(before)
    if implied is None or total is None or not 0 < total <= implied:
        return
    raise UsageError(
        f"{case.choice.in_words(case.year)} and its growth imply {number(implied)} for {before}, "
        f"not less than its whole year, {number(total)}.",
        "Give both on one basis.",
    )


def gathered(case: Case, past: Mapping[int, tuple[float, float]]) -> Evidence:
    """All evidence; `past`: the part and the total of earlier years."""
    annual = case.annual
    base = case.base
    before = case.year - 1
    value = case.choice.value

    shares = [part / total for part, total in past.values()]
    if base is not None and base.how == "restated":
        # The two readings of a restated base are about the year before alone.
        shares = shares[-1:] if before in past else []
    last_total = None
    if annual is not None and annual.origin == before:
        last_total = annual.history.last

    return Evidence(
        part=value or 0.0,
        months=len(case.choice.months),
        shares=tuple(shares) if value else (),
        last_total=last_total,
        growth=_growth(case),
        smoothing=_smoothing(case, past),
        annual=_annual_vote(annual),
        uneven=_uneven_growth(case) if base else None,
        rough=_roughness(case) if base else None,
        bend=_bend(case),
    )


def _growth(case: Case) -> float | None:
    """The growth of the known part on the year before, as its release has it where it has one."""
    value = case.choice.value
    if value is None:
        published = case.choice.used[0].growth_pct
        return None if published is None else published / 100
    earlier = implied_before(case.choice.used)
    if earlier is None and case.base:
        earlier = case.base.value
    if earlier is None or min(earlier, value) <= 0:
        return None
    return value / earlier - 1


def _annual_vote(annual: Forecast | None) -> Annual | None:
    if annual is None or annual.best.last <= 0:
        return None
    middle = annual.best.last
    low, high = annual.best.ends(annual.levels.index(80))
    if low > 0:
        return Annual(middle, (log(high) - log(low)) / 2)
    return Annual(middle, log(high) - log(middle))


def _bend(case: Case) -> float | None:
    """How earlier years fill, as in `Evidence.bend`; from all their parts that begin in January."""
    if not case.choice.from_january:
        return None
    bends = []
    for period, level in case.values.levels.items():
        first_month, _ = period.months
        if period.is_year or first_month != 1:
            continue
        if not case.year - OLDEST <= period.year <= case.year - 1:
            continue
        total = case.totals.get(period.year, 0.0)
        if 0 < level.value < total and not weakness(level):
            bends.append(log(level.value / total) / log(period.length / 12))
    return fmean(bends) if bends else None


def _smoothing(case: Case, past: Mapping[int, tuple[float, float]]) -> Smoothed | None:
    """The smoothing vote; None if it is not finite, or fewer than three whole years come before."""
    part = case.choice.value
    halves = {year: [first, total - first] for year, (first, total) in past.items()}
    run = _run(halves, case.year)
    if len(run) < MIN_YEARS or part is None or part <= 0:
        return None

    pieces = None
    season = 2
    for months in _piece_lengths(case.choice):
        pieces = _pieces(case, part, months)
        if pieces is not None:
            season = 12 // months
            break
    coarse = np.array([[*chain(*run), part]])
    with np.errstate(all="ignore"):
        rest, error = smoothed(coarse, pieces, season)
    vote = Smoothed(part + float(rest[0]), float(error[0]), len(run), pieces is not None)
    return vote if isfinite(vote.total) and isfinite(vote.error) else None


def _uneven_growth(case: Case) -> float | None:
    """How unevenly the pieces of the part grew, as in `Evidence.uneven`.

    That of months is turned into that of quarters: the growth of a sum varies less.
    """
    months = len(case.choice.months)
    for length in _piece_lengths(case.choice):
        now = _cut(case.values, case.year, months, length)
        before = _cut(case.values, case.year - 1, months, length)
        if now and before and min(*now, *before) > 0:
            growth = [log(value) - log(earlier) for value, earlier in zip(now, before, strict=True)]
            return pstdev(growth) * sqrt(length / QUARTER)
    return None


def _roughness(case: Case) -> float | None:
    """How much quarters differ from their neighbours, as in `Evidence.rough`."""
    quarters = _cut(case.values, case.year - 1, 12, QUARTER)
    if quarters and case.choice.from_january:
        quarters += _cut(case.values, case.year, len(case.choice.months), QUARTER)
    if not quarters or min(quarters) <= 0:
        return None
    return float(np.abs(np.diff(np.log(quarters), 2)).mean())


def _piece_lengths(choice: ChosenParts) -> list[int]:
    """Months of the pieces that the known part can be cut into, where it begins in January."""
    if not choice.from_january:
        return []
    count = len(choice.months)
    return [length for length in (QUARTER, 1) if count % length == 0 and count > length]


def _cut(values: PeriodValues, year: int, months: int, length: int) -> list[float]:
    """The first months of a year in pieces of a length; empty where one is not known."""
    pieces = []
    for first in range(1, months // length * length + 1, length):
        levels = cover(values.levels, year, frozenset(range(first, first + length)))
        if not levels:
            return []
        pieces.append(sum(level.value for level in levels))
    return pieces


def _run(by_year: Mapping[int, list[float]], target: int) -> list[list[float]]:
    """The years just before, without a gap, at most `LONGEST`."""
    first = target
    while first - 1 in by_year and target - first < LONGEST:
        first -= 1
    return [by_year[year] for year in range(first, target)]


def _pieces(case: Case, part: float, length: int) -> Array | None:
    """All pieces of so many months of the years before and of the known part, in one row.

    None where a piece is not known, is not positive, or the pieces do not sum to the part.
    """
    by_year = {}
    for year in range(case.year - LONGEST, case.year):
        pieces = _cut(case.values, year, 12, length)
        if pieces:
            by_year[year] = pieces
    run = _run(by_year, case.year)
    if len(run) < MIN_YEARS:
        return None

    latest = _cut(case.values, case.year, len(case.choice.months), length)
    if not latest or not agree(sum(latest), part):
        return None
    values = np.array([[*chain(*run), *latest]])
    return values if values.min() > 0 else None


def smoothed(coarse: Array, fine: Array | None, season: int) -> tuple[Array, Array]:
    """Estimate the rest of the year from parts of earlier years.

    Parameters
    ----------
    coarse : known part and rest of each earlier year, then the known part, of shape
        (series, 2 x years + 1)
    fine : the same in pieces, where these are known, of shape
        (series, season x years + known pieces)
    season : pieces of a year

    Returns
    -------
    The rest of the year, and the root mean squared error of its logarithm one part ahead, both of
    shape (series,).
    """
    whole, error = _rest_of_year(coarse, 2)
    if fine is None:
        return whole, error
    pieced, own_error = _rest_of_year(fine, season)
    weight = 1 / (1 + (error / own_error) ** _TRUST)
    total = np.exp(weight * np.log(whole) + (1 - weight) * np.log(pieced))
    return total, weight * error + (1 - weight) * own_error


def _rest_of_year(parts: Array, season: int) -> tuple[Array, Array]:
    """The sum of the parts of the last year that are still open, and its error.

    Parameters
    ----------
    parts : positive, as `fine` in `smoothed`
    """
    count = parts.shape[1]
    in_last_year = count % season
    logs = np.log(parts)
    factors = _factors(logs, season)
    level = logs - factors[:, np.arange(count) % season]
    paths, errors = _paths(level, season, season - in_last_year)

    # Beyond, a float has no exponential.
    logs_ahead = np.clip(paths + factors[:, None, in_last_year:], -700, 700)
    ahead = np.exp(logs_ahead).sum(axis=2)
    weights = (errors + 1e-6) ** -float(_SHARPNESS)
    weights /= weights.sum(axis=1, keepdims=True)
    error = np.sqrt((weights * errors).sum(axis=1) + 1e-6)
    return np.exp((weights * np.log(ahead)).sum(axis=1)), error


def _factors(logs: Array, season: int) -> Array:
    """Logarithms of seasonal factors, of shape (series, season); they sum to 0."""
    time = logs.shape[1]
    # An even season is centred by half a weight at each end.
    kernel = np.full(season + 1 - season % 2, 1 / season)
    if season % 2 == 0:
        kernel[[0, -1]] /= 2
    half = len(kernel) // 2

    size = logs.max(axis=1, keepdims=True)
    windows = np.lib.stride_tricks.sliding_window_view(np.exp(logs - size), len(kernel), axis=1)
    ratios = logs[:, half : time - half] - size - np.log(windows @ kernel)

    columns = np.arange(half, time - half)
    in_season = (columns % season)[:, None] == np.arange(season)
    weights = (_FADING ** ((time - 1 - columns) // season))[:, None] * in_season
    factors = ratios @ (weights / weights.sum(axis=0))
    return np.asarray(factors - factors.mean(axis=1, keepdims=True))


def _paths(logs: Array, season: int, steps: int) -> tuple[Array, Array]:
    """Paths of shape (series, grid, steps), and mean squared errors of shape (series, grid).

    The first year starts the level; its errors are not counted.
    """
    alpha, beta, damping = _GRID.T
    level = np.repeat(logs[:, :1], len(_GRID), axis=1)
    slope = np.zeros_like(level)
    total = np.zeros_like(level)
    for step in range(1, logs.shape[1]):
        expected = level + damping * slope
        error = logs[:, step : step + 1] - expected
        if step >= season:
            total += error**2
        level = expected + alpha * error
        slope = damping * slope + alpha * beta * error

    reach = np.cumsum(damping[None, :] ** np.arange(1, steps + 1)[:, None], axis=0).T
    paths = level[:, :, None] + slope[:, :, None] * reach[None]
    return paths, total / max(logs.shape[1] - season, 1)


def known_elsewhere(
    series: Series, typed: Sequence[YearPart], published: PeriodValues, *, same_definition: bool
) -> Iterator[Note]:
    """Warn of each part that the catalogue has under another definition, unless it is refused."""
    values = {part.period: part.value for part in typed if part.value is not None}
    if series.file:
        for period, level in published.levels.items():
            if not period.is_year:
                values[period] = level.value
    for other in elsewhere(series, values.items()):
        level_here = published.levels.get(other.period)
        yield _doubt(
            "other_definition",
            str(other.note).rstrip("."),
            level_here.place if level_here else NOWHERE,
            f", or nowcast {other.series.label}, which has it",
            same_definition=same_definition,
        )


def contradictions(
    case: Case, evidence: Evidence, past: Mapping[int, tuple[float, float]]
) -> Iterator[Note]:
    """Doubt a part above the year before, if no earlier year has it, or that does not fit them.

    The parts of a series of the catalogue are not doubted: they are on the definition of its years.
    """
    annual = case.annual
    value = case.choice.value
    typed = any(part.given for part in case.choice.used)
    if annual is None or value is None or not (typed or case.series.file):
        return

    last = annual.history.observations[-1]
    pace = 12 / len(case.choice.months) * value
    follows = last.period.year == case.year - 1
    alone = all(base.value is None for base in case.earlier.values())
    part = case.choice.in_words(case.year)
    if value > last.value > 0 and pace > FAST * last.value and follows and alone:
        problem = f"{part} is more than the whole of {case.year - 1}, {number(last.value)}"
    else:
        reach = _reach_of_values(case, evidence, past)
        low, high = annual.best.ends(annual.levels.index(LEVEL))
        outside = low > 0 and (reach[0] > high or low > reach[1])
        if not outside:
            return
        implied = " to ".join(map(rounded, reach))
        expected = " to ".join(map(rounded, (low, high)))
        makes = f"it makes {case.year} {implied} {case.series.unit}".rstrip()
        problem = (
            f"{part} does not fit the years of {case.series.id}: {makes}, "
            f"they {expected} ({LEVEL} %)"
        )
    location = NOWHERE if typed else case.choice.used[0].location
    yield _doubt("part_contradicts", problem, location, same_definition=case.same_definition)


def _reach_of_values(
    case: Case, evidence: Evidence, past: Mapping[int, tuple[float, float]]
) -> tuple[float, float]:
    """The ends of `Evidence.reach`, without a share that the growth of the doubted part implies."""
    base = case.base
    by_growth = base is not None and base.how in ("implied", "replaced")
    shares = []
    for year, (part, total) in past.items():
        if not (by_growth and year == case.year - 1):
            shares.append(part / total)
    return replace(evidence, shares=tuple(shares)).reach()


def _doubt(
    code: str, problem: str, location: Place, instead: str = "", *, same_definition: bool
) -> Note:
    """A warning that a part may be on another definition; raises InputError unless overruled."""
    overrule = option("same_definition", True)
    if same_definition:
        advice = f"{overrule} uses it all the same."
        return Note(code, f"{problem}.", warning=True, advice=advice)
    raise InputError(
        f"{problem}.",
        "Check its unit and its definition. "
        f"If it counts the same as the years, add {overrule}{instead}.",
        place=location,
    )
