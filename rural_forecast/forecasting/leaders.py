"""Leading markets: the same product where it is ahead says what may come here.

A leader crossed our last level some time ago; its path since then, continued by its own forecast,
is averaged with ours on the log odds of a share, or the log of any other amount.
`benchmarks/leaders.py` learned the weights.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting.consensus import consensus
from rural_forecast.forecasting.distribution import expit, level_scores, logit
from rural_forecast.forecasting.limits import NONE, limited
from rural_forecast.models.base import HUGE, TINY, Array, Band
from rural_forecast.series.history import History

SURVIVED = "Leaders are known because they succeeded; not every market does."
MOST = 5  # leaders that count
LAG = 1.0  # years ago, at least, that a leader had our last level
COMPARED = 8  # years before the crossing, at most, that are compared with ours
WEIGHTS = {
    1: (0.1, 0.2, 0.3, 0.38, 0.45, 0.48, 0.51, 0.55, 0.57, 0.6),
    2: (0.12, 0.25, 0.35, 0.45, 0.52, 0.57, 0.6, 0.65, 0.7, 0.7),
    3: (0.15, 0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.8),
    # Weight of the leaders by horizon, the last one for all later years; by their number, three for
    # more.
}
# Share by which one leader widens half the intervals of 80 and 95 %: one path has no spread.
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
    """Log odds of shares of `whole`, or logs of other positive amounts."""
    return np.log(np.clip(values, TINY, HUGE)) if whole is None else logit(values / whole)


@np.errstate(over="ignore")
def from_scale(scaled: Array, whole: float | None) -> Array:
    """The values on a scale of `to_scale`."""
    return np.clip(np.exp(scaled), TINY, HUGE) if whole is None else whole * expit(scaled)


def crossing(scaled: Array, first: int, level: float, latest: float) -> float | None:
    """When a rising path, `scaled` from the year `first` on, last passed a level, interpolated."""
    for at in np.flatnonzero(scaled <= level)[-1:].tolist():
        if at < len(scaled) - 1:
            passed = first + at + float((level - scaled[at]) / (scaled[at + 1] - scaled[at]))
            return passed if passed <= latest else None
    return None


# Forecasts by name, last year, years ahead and kind.
Continued = dict[tuple[str, int, int, str | None], Array]


def ahead_of(
    values: Array,
    origin: int,
    horizon: int,
    leaders: Sequence[Leader],
    whole: float | None,
    kind: str | None = None,
    known: Continued | None = None,
) -> tuple[Lead, ...]:
    """The leaders that are ahead of a history, the most similar first; `known`: their forecasts,
    made once for many.
    """
    known = Continued() if known is None else known
    ours = to_scale(values, whole)
    ahead = list[tuple[Lead, Leader]]()
    for name, first, every in leaders:
        until = every[: max(origin - first + 1, 0)]
        start = int(np.append(-1, np.flatnonzero(until <= 0))[-1]) + 1
        leader = Leader(name, first + start, until[start:])
        theirs = to_scale(leader.values, whole)
        years = leader.first + np.arange(len(leader.values))
        passed = crossing(theirs, leader.first, float(ours[-1]), origin - LAG)
        if passed is None:
            continue
        before = passed - np.arange(1.0, min(len(ours) - 1, COMPARED) + 1)
        before = before[before >= leader.first]
        apart = np.interp(before, years, theirs) - ours[-2 : -2 - len(before) : -1]
        distance = float(np.sqrt(np.mean(apart**2))) if len(before) else float("inf")
        more = _years_to_more(theirs, leader.first, float(values[-1]), passed, whole)
        ahead.append((Lead(name, passed, values[:0], distance, more), leader))
    made = []
    for lead, leader in sorted(ahead, key=lambda found: found[0].apart)[:MOST]:
        last = leader.first + len(leader.values) - 1
        key = lead.name, last, origin + horizon - last, kind
        if key not in known:
            point = consensus(
                leader.values[None], origin + horizon - last, (80,), None, (kind,)
            ).point[0]
            none = np.empty((0, len(point)))
            known[key] = limited(point, none, none, leader.values[-1], NONE, whole)[0]
        scaled = to_scale(np.concatenate([leader.values, known[key]]), whole)
        path = np.interp(
            lead.crossed + np.arange(1.0, horizon + 1),
            leader.first + np.arange(len(scaled)),
            scaled,
        )
        made.append(lead._replace(path=from_scale(path, whole)))
    return tuple(made)


def leaders_of(like: Iterable[History]) -> tuple[Leader, ...]:
    """Stated markets that may be ahead."""
    return tuple(Leader(other.series.id, other.first, other.values) for other in like)


def _years_to_more(
    scaled: Array, first: int, last: float, passed: float, whole: float | None
) -> float | None:
    further = np.array([2 * last if whole is None else last + whole / 10])
    level = float(to_scale(further, whole)[0])
    after = np.flatnonzero((scaled > level) & (first + np.arange(len(scaled)) > passed))
    if not len(after) or (whole is not None and further[0] >= whole):
        return None
    at = int(after[0])
    return first + at - 1 + float((level - scaled[at - 1]) / (scaled[at] - scaled[at - 1])) - passed


def weights(count: int, horizon: int, scale: float = 1.0) -> Array:
    """Weight of so many leaders in each year, `scale` times as much as learned; shape (horizon,)."""
    known = WEIGHTS[min(count, max(WEIGHTS))]
    return np.minimum(
        [scale * known[min(step, len(known)) - 1] for step in range(1, horizon + 1)], 1.0
    )


def led(
    forecast: Band,
    ahead: Sequence[Lead],
    levels: Sequence[int],
    whole: float | None,
    scale: float = 1.0,
) -> Band:
    """Medians and bounds at `levels`, averaged with the paths of leaders; intervals know how far
    these differ.
    """
    if not ahead or not scale:
        return forecast
    values, lower, upper = (to_scale(part, whole) for part in forecast)
    paths = to_scale(np.stack([lead.path for lead in ahead]), whole)
    weight = weights(len(ahead), len(values), scale)
    middle = (1 - weight) * values + weight * paths.mean(axis=0)
    scores = level_scores(levels)[:, None]
    if len(ahead) == 1:
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
