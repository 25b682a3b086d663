"""Years that history shows but across which growth should not be read: a strike, a pandemic, a year of war.

Models see a smooth path across years inside the history. An interruption that reaches the last year keeps its
level: the values before it move to that level, so that growth is that of ordinary years and no recovery is assumed.
`benchmarks/accuracy/interruption.py` measures both on 2009.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np

from rural_forecast.errors import UsageError
from rural_forecast.forecasting.consensus import Consensus, consensus
from rural_forecast.models.base import Array
from rural_forecast.notes import Note
from rural_forecast.series.history import History

INTERRUPTED = "interrupted"
FEWEST = 3
"""Years outside the interruption that are needed."""


def consensus_across(seen: Array, plain: Array, *asked: Any) -> Consensus:
    """The consensus of values without the interruption, with bounds as far away as of the one that sees it.

    Its own bounds hold too little, as the shock is not in what they rest on (`benchmarks/accuracy/interruption.py`).

    `asked`: what `consensus` takes after the values.
    """
    joint = consensus(seen, *asked)
    if np.array_equal(seen, plain):
        return joint
    with_it = consensus(plain, *asked)
    positive = np.minimum(joint.lower, with_it.lower).min(axis=(1, 2), keepdims=True) > 0
    moved = joint.point[:, None] - with_it.point[:, None]
    with np.errstate(all="ignore"):
        factor = joint.point[:, None] / with_it.point[:, None]
    lower, upper = (np.where(positive, side * factor, side + moved) for side in (with_it.lower, with_it.upper))
    return joint._replace(lower=np.minimum(joint.lower, lower), upper=np.maximum(joint.upper, upper))


def seen_from(block: Array, first: int, years: Collection[int]) -> Array:
    """Values of one positive or one mixed sign as models see them; the block itself where nothing can be left out.

    `first`: the year of the first values.
    """
    places = places_in(block.shape[1], first, years)
    return without(block, places) if places else block


def places_in(length: int, first: int, years: Collection[int]) -> list[int]:
    """Places in time of the years that can be left out; none where too few others remain.

    `length`, `first`: how many values there are, and the year of the first.
    """
    places = sorted({year - first for year in years if 0 < year - first < length})
    return places if length - len(places) >= FEWEST else []


def without(block: Array, places: Sequence[int]) -> Array:
    """Values as models see them, shape (series, time), without the interruption at these places in time.

    >>> without(np.array([[100.0, 110.0, 60.0, 133.1]]), [2]).round(1)
    array([[100. , 110. , 121. , 133.1]])
    >>> without(np.array([[100.0, 110.0, 121.0, 66.55]]), [3]).round(2)
    array([[50.  , 55.  , 60.5 , 66.55]])
    """
    positive = bool((block > 0).all())
    levels = np.log(block) if positive else block.astype(float)
    time = np.arange(block.shape[1])
    ordinary = np.setdiff1d(time, places)
    last = ordinary[-1]
    if last < time[-1]:
        usual = np.median(np.diff(levels[:, : last + 1], axis=1)[:, np.isin(time[1 : last + 1], ordinary)], axis=1)
        tail = levels[:, -1:] - usual[:, None] * (time[-1] - time[last:])
        levels = np.concatenate([levels[:, :last] + (tail[:, :1] - levels[:, last : last + 1]), tail], axis=1)
    for row in levels:
        row[: last + 1] = np.interp(time[: last + 1], ordinary, row[ordinary])
    return np.exp(levels) if positive else levels


def interrupted(history: History, years: Sequence[int]) -> tuple[Array, tuple[Note, ...]]:
    """The values of a history as models see them, shape (1, time), and the note that says so.

    `years`: of the interruption; none for those that a file marks. Raises UsageError for a year that is not in the
    history, the first year, or too few others.
    """
    plain, years = history.values[None], sorted(set(years or history.interrupted))
    if not years:
        return plain, ()
    missing = [year for year in years if year not in history.years]
    if missing or history.first in years:
        year, first, origin = (missing or years)[0], history.first, history.origin
        raise UsageError.of("no_interruption", year=year, is_first=not missing, first=first, origin=origin)
    if len(history.years) - len(years) < FEWEST:
        raise UsageError.of("too_few_without", least=FEWEST)
    values = without(plain, [year - history.first for year in years])
    reaches_end = history.origin in years
    seen = tuple((year, float(values[0, year - history.first])) for year in years if year != history.origin)
    fields = {"years": tuple(years), "seen": seen, "reaches_end": reaches_end, "unit": history.series.unit}
    return values, (Note(INTERRUPTED, fields, warning=not reaches_end),)
