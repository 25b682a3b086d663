"""Evidence on a year from its known part and earlier years, and what in them contradicts each
other.

Multiplicative seasonal factors (ratios to a centred moving average over a year, recent years
counting more) are taken out of the parts. Their logarithms are smoothed with a level and a damped
trend (Gardner and McKenzie 1985, doi:10.1287/mnsc.31.10.1237). The paths of a fixed grid of
smoothing constants are averaged, weighted by their errors in the past. No constant is estimated
series by series, as half a dozen years are too few for that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from math import isfinite, log, sqrt
from statistics import fmean, pstdev
from typing import NamedTuple

import numpy as np

from rural_forecast.errors import NOWHERE, InputError, Place, UsageError, option
from rural_forecast.forecasting.result import Forecast
from rural_forecast.models.base import Array
from rural_forecast.notes import Note
from rural_forecast.nowcasting.parts import (
    Base,
    Choice,
    Part,
    Rows,
    agree,
    implied_before,
    too_much,
    weakness,
)
from rural_forecast.nowcasting.votes import Annual, Evidence, Smoothed
from rural_forecast.series.definitions import elsewhere
from rural_forecast.series.observation import Series
from rural_forecast.series.period import Period
from rural_forecast.series.preference import cover
from rural_forecast.text.numbers import number, rounded

OLDEST = 6  # oldest year whose share is used, in years before the target
QUARTER = 3  # months of a quarter
# Times by which a year at the pace of its part passes the year before, if the part alone is more
# than it.
FAST = 1.5
LEVEL = 99  # of the annual forecast's interval that a part is compared with
MIN_YEARS = 3  # whole earlier years that seasonal factors need
LONGEST = 12  # earlier years used at most

_LEVEL = (0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95)
# Pairs of the trend's smoothing constant and damping.
_TREND = ((0.0, 0.0), (0.1, 0.9), (0.2, 0.8), (0.1, 0.97))
_GRID = np.array([(level, trend, damping) for level in _LEVEL for trend, damping in _TREND])
_FADING = 0.85  # weight of a seasonal ratio relative to that of a year later
_SHARPNESS = 6  # paths are weighted by their mean squared error to the power of minus this
# Two ways to cut a year are weighted by their root mean squared errors to the power of minus this.
_TRUST = 6


class Case(NamedTuple):
    """A year, its known part, and all that is known of the years before."""

    series: Series
    year: int
    rows: Rows
    choice: Choice
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
    series = case.series
    choice = case.choice
    annual = case.annual
    before = case.totals.get(case.year - 1)
    amounts = [(part.period, part.value) for part in choice.used if part.value is not None]
    if annual is not None:
        amounts += zip(
            map(Period, annual.history.years), annual.history.values.tolist(), strict=True
        )
    if bad := next(
        (f"{number(value)} for {period}" for period, value in amounts if value <= 0), None
    ):
        hint = f"Begin later, {option('since', 'YEAR')}, or correct the part."
        raise UsageError(f"{series.id} has {bad}: parts and years must be above 0.", hint)
    known = {}
    for year, part in case.earlier.items():
        total = case.totals.get(year, 0.0)
        if year < case.year - OLDEST or part.value is None or min(total, part.value) <= 0:
            continue
        if part.value < total:
            known[year] = part.value, total
        elif series.file:
            problem = f"{number(part.value)} for a part of {year} is not less than its whole year, {number(total)}."
            raise too_much(problem, Place(series.file, series.file))
    implied = case.base.implied if case.base else None
    if implied is not None and before is not None and 0 < before <= implied:
        more = f"imply {number(implied)} for {case.year - 1}, not less than its whole year, {number(before)}"
        raise UsageError(
            f"{choice.in_words(case.year)} and its growth {more}.", "Give both on one basis."
        )
    return known


def gathered(case: Case, past: Mapping[int, tuple[float, float]]) -> Evidence:
    """All evidence; `past`: the part and the total of earlier years."""
    choice = case.choice
    annual = case.annual
    base = case.base
    before = case.year - 1
    value = choice.value
    shares = [part / total for part, total in past.values()]
    implied = implied_before(choice.used)
    earlier = implied if implied is not None else base.value if base else None
    growth = (
        value / earlier - 1
        if value is not None and earlier is not None and min(earlier, value) > 0
        else None
    )
    if value is None and (published := choice.used[0].growth_pct) is not None:
        growth = published / 100
    # The two readings are about the year before alone.
    if base is not None and base.how == "restated":
        shares = shares[-1:] if before in past else []
    own = None
    if annual is not None and annual.best.last > 0:
        middle, (low, high) = annual.best.last, annual.best.ends(annual.levels.index(80))
        own = Annual(middle, (log(high) - log(low)) / 2 if low > 0 else log(high) - log(middle))
    bends = [
        log(level.value / case.totals[period.year]) / log(period.length / 12)
        for period, level in (case.rows.levels.items() if choice.from_january else ())
        if period.months[0] == 1
        and not period.is_year
        and case.year - OLDEST <= period.year <= before
        if not weakness(level) and 0 < level.value < case.totals.get(period.year, 0.0)
    ]
    return Evidence(
        part=value or 0.0,
        months=len(choice.months),
        shares=tuple(shares) if value else (),
        last_total=annual.history.last if annual is not None and annual.origin == before else None,
        growth=growth,
        smoothing=_smoothing(case, past),
        annual=own,
        uneven=_uneven_growth(case) if base else None,
        rough=_roughness(case) if base else None,
        bend=fmean(bends) if bends else None,
    )


def _smoothing(case: Case, past: Mapping[int, tuple[float, float]]) -> Smoothed | None:
    """The smoothing vote; None unless three whole years precede the year, and where it is no finite
    number.
    """
    run = _run({year: [part, total - part] for year, (part, total) in past.items()}, case.year)
    part = case.choice.value
    if len(run) < MIN_YEARS or part is None or part <= 0:
        return None
    pieces = next(
        filter(None, (_pieces(case, part, months) for months in _cuts(case.choice))), None
    )
    with np.errstate(all="ignore"):
        rest, error = smoothed(np.array([[*chain(*run), part]]), *(pieces or (None, 2)))
    vote = Smoothed(part + float(rest[0]), float(error[0]), len(run), pieces is not None)
    return vote if isfinite(vote.total) and isfinite(vote.error) else None


def _uneven_growth(case: Case) -> float | None:
    """That of months is turned into that of quarters."""
    for length in _cuts(case.choice):
        now, before = (
            _cut(case.rows, year, len(case.choice.months), length)
            for year in (case.year, case.year - 1)
        )
        if now and before and min(*now, *before) > 0:
            growth = [log(value) - log(earlier) for value, earlier in zip(now, before, strict=True)]
            return pstdev(growth) * sqrt(length / QUARTER)
    return None


def _roughness(case: Case) -> float | None:
    quarters = _cut(case.rows, case.year - 1, 12, QUARTER)
    if quarters and case.choice.from_january:
        quarters += _cut(case.rows, case.year, len(case.choice.months), QUARTER)
    if not quarters or min(quarters) <= 0:
        return None
    return float(np.abs(np.diff(np.log(quarters), 2)).mean())


def _cuts(choice: Choice) -> list[int]:
    """Months of the pieces that the known part can be cut into, where it begins in January."""
    count = len(choice.months)
    return [
        length
        for length in (QUARTER, 1)
        if choice.from_january and count % length == 0 and count > length
    ]


def _cut(known: Rows, year: int, months: int, length: int) -> list[float]:
    """The first months of a year in pieces of a length; empty where one is not known."""
    firsts = range(1, months // length * length + 1, length)
    covers = [
        cover(known.levels, year, frozenset(range(first, first + length))) for first in firsts
    ]
    return [sum(level.value for level in cover) for cover in covers] if all(covers) else []


def _run(by_year: Mapping[int, list[float]], target: int) -> list[list[float]]:
    """The years just before, without a gap, at most `LONGEST`."""
    first = target
    while first - 1 in by_year and target - first < LONGEST:
        first -= 1
    return [by_year[year] for year in range(first, target)]


def _pieces(case: Case, part: float, length: int) -> tuple[Array, int] | None:
    """All pieces of so many months of the years before and of the known part, and how many a year
    has.
    """
    by_year = {
        year: _cut(case.rows, year, 12, length) for year in range(case.year - LONGEST, case.year)
    }
    run = _run({year: pieces for year, pieces in by_year.items() if pieces}, case.year)
    latest = (
        _cut(case.rows, case.year, len(case.choice.months), length) if len(run) >= MIN_YEARS else []
    )
    if not latest or not agree(sum(latest), part):
        return None
    values = np.array([[*chain(*run), *latest]])
    return (values, 12 // length) if values.min() > 0 else None


def smoothed(coarse: Array, fine: Array | None, season: int) -> tuple[Array, Array]:
    """The rest of the year, and the root mean squared error of its logarithm one part ahead; both
    of shape (series,).

    `coarse`: shape (series, 2 x years + 1): known part and rest of each earlier year, then the
    known part. `fine`: the same in pieces where these are known, shape (series, season x years +
    known pieces), `season` of them a year.
    """
    whole, error = _rest_of_year(coarse, 2)
    if fine is None:
        return whole, error
    cut, own_error = _rest_of_year(fine, season)
    weight = 1 / (1 + (error / own_error) ** _TRUST)
    total = np.exp(weight * np.log(whole) + (1 - weight) * np.log(cut))
    return total, weight * error + (1 - weight) * own_error


def _rest_of_year(parts: Array, season: int) -> tuple[Array, Array]:
    """The sum of the parts of the last year that are still to come, and its error; `parts`:
    positive, as in `fine`.
    """
    known = parts.shape[1] % season
    logs = np.log(parts)
    factors = _factors(logs, season)
    paths, errors = _paths(
        logs - factors[:, np.arange(parts.shape[1]) % season], season, season - known
    )
    ahead = np.exp(np.clip(paths + factors[:, None, known:], -700, 700)).sum(axis=2)
    weights = (errors + 1e-6) ** -float(_SHARPNESS)
    weights /= weights.sum(axis=1, keepdims=True)
    error = np.sqrt((weights * errors).sum(axis=1) + 1e-6)
    return np.exp((weights * np.log(ahead)).sum(axis=1)), error


def _factors(logs: Array, season: int) -> Array:
    time = logs.shape[1]
    kernel = np.full(season + 1 - season % 2, 1 / season)
    if season % 2 == 0:
        kernel[[0, -1]] /= 2
    half = len(kernel) // 2
    size = logs.max(axis=1, keepdims=True)
    around = (
        np.lib.stride_tricks.sliding_window_view(np.exp(logs - size), len(kernel), axis=1) @ kernel
    )
    ratios = logs[:, half : time - half] - size - np.log(around)
    at = np.arange(half, time - half)
    chosen = (at % season)[:, None] == np.arange(season)
    weights = (_FADING ** ((time - 1 - at) // season))[:, None] * chosen
    factors = ratios @ (weights / weights.sum(axis=0))
    return np.asarray(factors - factors.mean(axis=1, keepdims=True))


def _paths(level: Array, season: int, steps: int) -> tuple[Array, Array]:
    """Paths of shape (series, grid, steps), and mean squared errors of shape (series, grid)."""
    alpha, beta, damping = _GRID.T
    now = np.repeat(level[:, :1], len(_GRID), axis=1)
    slope = np.zeros_like(now)
    total = np.zeros_like(now)
    for step in range(1, level.shape[1]):
        expected = now + damping * slope
        error = level[:, step : step + 1] - expected
        if step >= season:
            total += error**2
        now = expected + alpha * error
        slope = damping * slope + alpha * beta * error
    reach = np.cumsum(damping[None, :] ** np.arange(1, steps + 1)[:, None], axis=0).T
    return now[:, :, None] + slope[:, :, None] * reach[None], total / max(
        level.shape[1] - season, 1
    )


def known_elsewhere(
    series: Series, typed: Sequence[Part], known: Rows, *, same_definition: bool
) -> Iterator[Note]:
    """A warning for each part that the catalogue has under another definition, unless it is
    refused.
    """
    values = {part.period: part.value for part in typed if part.value is not None}
    if series.file:
        values |= {
            period: level.value for period, level in known.levels.items() if not period.is_year
        }
    for other in elsewhere(series, values.items()):
        place = known.levels[other.period].place if other.period in known.levels else NOWHERE
        instead = f", or nowcast {other.series.label}, which has it"
        yield _doubt(
            "other_definition",
            str(other.note).rstrip("."),
            place,
            instead,
            same_definition=same_definition,
        )


def contradictions(
    case: Case, evidence: Evidence, past: Mapping[int, tuple[float, float]]
) -> Iterator[Note]:
    """Doubt a part above the year before, if no earlier year has it, or which makes a year that
    does not fit them.
    """
    annual = case.annual
    value = case.choice.value
    base = case.base
    year = case.year
    typed = any(part.given for part in case.choice.used)
    if annual is None or value is None or not (typed or case.series.file):
        return
    # Known by the growth that comes with the part.
    by_growth = base is not None and base.how in ("implied", "replaced")
    shares = (
        part / total for each, (part, total) in past.items() if not (by_growth and each == year - 1)
    )
    reach = evidence._replace(shares=tuple(shares)).reach()
    alone = all(part.value is None for part in case.earlier.values())
    last, (low, high) = (
        annual.history.observations[-1],
        annual.best.ends(annual.levels.index(LEVEL)),
    )
    # Eleven months of a growing year may be more.
    fast = 12 / len(case.choice.months) * value > FAST * last.value
    what = case.choice.in_words(year)
    if value > last.value > 0 and fast and last.period.year == year - 1 and alone:
        what = f"{what} is more than the whole of {year - 1}, {number(last.value)}"
    elif low > 0 and (reach[0] > high or low > reach[1]):
        makes, expected = (" to ".join(map(rounded, ends)) for ends in (reach, (low, high)))
        makes = f"it makes {year} {makes} {case.series.unit}".rstrip()
        what = f"{what} does not fit the years of {case.series.id}: {makes}, they {expected} ({LEVEL} %)"
    else:
        return
    place = NOWHERE if typed else case.choice.used[0].place
    yield _doubt("part_contradicts", what, place, same_definition=case.same_definition)


def _doubt(code: str, what: str, place: Place, instead: str = "", *, same_definition: bool) -> Note:
    """A warning that a part may be on another definition; raises InputError unless that is
    overruled.
    """
    if same_definition:
        return Note(
            code,
            f"{what}.",
            warning=True,
            advice=f"{option('same_definition', True)} uses it all the same.",
        )
    counts = f"If it counts the same as the years, add {option('same_definition', True)}"
    raise InputError(
        f"{what}.", f"Check its unit and its definition. {counts}{instead}.", place=place
    )
