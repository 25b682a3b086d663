"""Leading markets: the same product where it is ahead says what may come here.

A leader crossed our last level some time ago; its path since then, continued by its own forecast,
is averaged with ours on the log odds of a share, or the log of any other amount.
`benchmarks/leaders.py` learned the weights.
"""

from collections.abc import Iterable, Sequence
from math import inf
from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.distribution import expit, level_scores, logit
from rural_forecast.forecasting.limits import NONE, limited
from rural_forecast.models.base import HUGE, TINY, Array, Band
from rural_forecast.observed.history import History

SURVIVED = "Leaders are known because they succeeded; not every market does."
MOST = 5  # leaders that count
LAG = 1.0  # years ago, at least, that a leader had our last level
COMPARED = 8  # years before the crossing, at most, that are compared with ours
# Weight of the leaders by horizon, the last one for all later years; by their number, three for
# more.
WEIGHTS = {
    1: (0.1, 0.2, 0.3, 0.38, 0.45, 0.48, 0.51, 0.55, 0.57, 0.6),
    2: (0.12, 0.25, 0.35, 0.45, 0.52, 0.57, 0.6, 0.65, 0.7, 0.7),
    3: (0.15, 0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.8),
}
# Share by which one leader widens each half of the intervals of 80 and 95 %, as one path has no
# spread.
ALONE = (0.05, 0.25)


class Leader(NamedTuple):
    """A market that may be ahead."""

    name: str
    first: int  # the year of the first value
    values: Array  # shape (time,), no year missing


class Lead(NamedTuple):
    """The path of a leader since it had our last level."""

    name: str
    crossed: float
    """when it last passed our last level, in years; between two years where the level is."""
    path: Array
    """its value for each year of our forecast; shape (horizon,), in the unit of the values."""
    apart: float
    """root mean square distance of its years before the crossing from ours; infinite where it has
    none.
    """
    years_to_more: float | None = None
    """that its next ten points took, or, of no share, to double; None if not there."""


def to_scale(values: Array, whole: float | None) -> Array:
    """Return log odds of shares of `whole`, or logs of other positive amounts."""
    return np.log(np.clip(values, TINY, HUGE)) if whole is None else logit(values / whole)


@np.errstate(over="ignore")
def from_scale(scaled: Array, whole: float | None) -> Array:
    """Return the values on a scale of `to_scale`."""
    return np.clip(np.exp(scaled), TINY, HUGE) if whole is None else whole * expit(scaled)


def crossing(scaled: Array, first: int, level: float, latest: float) -> float | None:
    """Find when a path, `scaled` from the year `first` on, last rose past a level, interpolated.

    None if it did not, or after `latest`.
    """
    below = np.flatnonzero(scaled <= level)
    if not len(below) or below[-1] == len(scaled) - 1:
        return None
    last = int(below[-1])
    passed = first + last + float((level - scaled[last]) / (scaled[last + 1] - scaled[last]))
    return passed if passed <= latest else None


# Forecasts by name, last year, years ahead and kind.
Continued = dict[tuple[str, int, int, str | None], Array]


def ahead_of(
    values: Array,
    origin: int,
    horizon: int,
    leaders: Sequence[Leader],
    whole: float | None,
    kind: str | None = None,
    continued: Continued | None = None,
) -> tuple[Lead, ...]:
    """Find the leaders that are ahead of a history, the most similar first.

    `continued` keeps their forecasts, which are made once for many histories.
    """
    continued = Continued() if continued is None else continued
    ours = to_scale(values, whole)
    candidates: list[tuple[Lead, Leader]] = []
    for stated in leaders:
        leader = _up_to(stated, origin)
        theirs = to_scale(leader.values, whole)
        passed = crossing(theirs, leader.first, float(ours[-1]), origin - LAG)
        if passed is None:
            continue
        distance = _distance(ours, theirs, leader.first, passed)
        more = _years_to_more(theirs, leader.first, float(values[-1]), passed, whole)
        no_path = values[:0]
        candidates.append((Lead(leader.name, passed, no_path, distance, more), leader))
    nearest = sorted(candidates, key=lambda candidate: candidate[0].apart)[:MOST]

    leads = []
    for lead, leader in nearest:
        last = leader.first + len(leader.values) - 1
        key = lead.name, last, origin + horizon - last, kind
        if key not in continued:
            continued[key] = _continued(leader.values, origin + horizon - last, whole, kind)
        scaled = to_scale(np.concatenate([leader.values, continued[key]]), whole)
        years_of_leader = leader.first + np.arange(len(scaled))
        path = np.interp(lead.crossed + np.arange(1.0, horizon + 1), years_of_leader, scaled)
        leads.append(lead._replace(path=from_scale(path, whole)))
    return tuple(leads)


def _up_to(leader: Leader, origin: int) -> Leader:
    """Return a leader as it was at an origin, from behind its last value that is not positive."""
    values = leader.values[: max(origin - leader.first + 1, 0)]
    start = int(np.append(-1, np.flatnonzero(values <= 0))[-1]) + 1
    return Leader(leader.name, leader.first + start, values[start:])


def _distance(ours: Array, theirs: Array, first: int, passed: float) -> float:
    """Compare the years of a leader before it had our last level with our last years."""
    before = passed - np.arange(1.0, min(len(ours) - 1, COMPARED) + 1)
    before = before[before >= first]
    if not len(before):
        return inf
    years = first + np.arange(len(theirs))
    apart = np.interp(before, years, theirs) - ours[-2 : -2 - len(before) : -1]
    return float(np.sqrt(np.mean(apart**2)))


def _continued(values: Array, horizon: int, whole: float | None, kind: str | None) -> Array:
    """Forecast a leader by the consensus, below the whole of a rate."""
    point = consensus(values[None], horizon, (80,), None, (kind,)).point[0]
    no_bounds = np.empty((0, len(point)))
    values_ahead, _, _ = limited(point, no_bounds, no_bounds, values[-1], NONE, whole)
    return values_ahead


def leaders_of(like: Iterable[History]) -> tuple[Leader, ...]:
    """Return the stated markets, which may be ahead, each on its latest basis."""
    leaders = []
    for other in like:
        linked = other.linked
        leaders.append(Leader(other.series.id, linked.first, linked.values))
    return tuple(leaders)


def _years_to_more(
    scaled: Array, first: int, last: float, passed: float, whole: float | None
) -> float | None:
    """Return the years that a leader took from our last level to ten points more, or twice it."""
    goal = 2 * last if whole is None else last + whole / 10
    if whole is not None and goal >= whole:
        return None
    level = float(to_scale(np.array([goal]), whole)[0])
    years = first + np.arange(len(scaled))
    after = np.flatnonzero((scaled > level) & (years > passed))
    if not len(after):
        return None
    reached = int(after[0])
    rise = scaled[reached] - scaled[reached - 1]
    part_of_year = float((level - scaled[reached - 1]) / rise)
    return first + reached - 1 + part_of_year - passed


def weights(count: int, horizon: int, scale: float = 1.0) -> Array:
    """Return the weight of so many leaders in each year, `scale` times that which was learned."""
    by_year = WEIGHTS[min(count, max(WEIGHTS))]
    learned = [by_year[min(step, len(by_year)) - 1] for step in range(1, horizon + 1)]
    return np.minimum([scale * weight for weight in learned], 1.0)


def led(
    forecast: Band,
    leads: Sequence[Lead],
    levels: Sequence[int],
    whole: float | None,
    scale: float = 1.0,
) -> Band:
    """Average medians and bounds at `levels` with the paths of leaders.

    Intervals widen by how far these differ.
    """
    if not leads or not scale:
        return forecast
    values, lower, upper = (to_scale(part, whole) for part in forecast)
    paths = to_scale(np.stack([lead.path for lead in leads]), whole)
    weight = weights(len(leads), len(values), scale)
    middle = (1 - weight) * values + weight * paths.mean(axis=0)
    scores = level_scores(levels)[:, None]
    if len(leads) == 1:
        more = 1 + scale * np.interp(scores, [0.0, *level_scores((80, 95))], [0.0, *ALONE])
        down = (values - lower) * more
        up = (upper - values) * more
    else:
        spread = scores * weight * paths.std(axis=0, ddof=1)
        down = np.hypot(values - lower, spread)
        up = np.hypot(upper - values, spread)
    return (
        from_scale(middle, whole),
        from_scale(middle - down, whole),
        from_scale(middle + up, whole),
    )
