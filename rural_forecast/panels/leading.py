"""Leading markets of a panel: how much they count is chosen by the panel's own past origins.

At each of the last origins all nodes are forecast as if nothing later were known, alone and with leaders at each of
`SCALES` times the learned weights. The scale with the least error on the log scale holds for all nodes; with fewer than
`LEAST` forecasts it is 1. `benchmarks/leaders.md` says what that brings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.forecasting.answers import apart
from rural_forecast.forecasting.leaders import Continued, ahead_of, led
from rural_forecast.forecasting.panel import Panel, Request
from rural_forecast.models.base import Array
from rural_forecast.notes import Note
from rural_forecast.series.history import History, annual
from rural_forecast.series.observation import Series
from rural_forecast.text.wording import counted, listed

SCALES = (0.0, 0.5, 1.0, 1.4)  # multiples of the learned weights that are tried
MOST_ORIGINS = 5  # past origins, the last ones
LEAST = 50  # forecasts from past origins that choose: fewer do so by chance
LEAST_POINTS = 3  # of a node at a past origin


class Leading(NamedTuple):
    """Leading markets that are stated, and how much they count."""

    markets: tuple[History, ...]
    scale: float  # the multiple of the learned weights, one of `SCALES`
    errors: Mapping[float, float]  # mean absolute error on the log scale, by scale; empty without a past forecast
    n: int  # forecasts of the nodes from past origins, each of one year
    origins: int
    followed: Mapping[str, tuple[str, ...]]  # the leaders of each node that has any, the most similar one first

    def note(self) -> Note:
        """The leaders, how much they count, and the evidence."""
        if not self.followed:
            markets = counted(len(self.markets), "market")
            text = f"No leading market: none of {markets} was at the last value of a node a year ago or earlier."
            return Note("no_leader", text, warning=True)
        names = {name: None for names in self.followed.values() for name in names}
        nodes, how = f"{counted(len(self.followed), 'node')} can follow {listed([*names][:5])}", "are too few to choose"
        if self.n >= LEAST:
            less = 100 * (1 - self.errors[self.scale] / self.errors[0.0])
            how = f"erred least with that, {less:.0f} % less than without leaders"
        tried = f"{counted(self.n, 'forecast')} from {counted(self.origins, 'past origin')} {how}"
        text = f"{nodes}, by {self.scale:g} times the learned weights: {tried}."
        return Note("led", f"{text} Leaders are known because they succeeded; not every market does.")


def histories(markets: Sequence[Series], unit: str) -> tuple[History, ...]:
    """The histories of other markets. Raises InputError if one is in another unit."""
    for market in markets:
        if market.unit and unit and market.unit != unit:
            raise InputError(f"{market.id} is in {market.unit}, and the panel in {unit}.", "Give both in one unit.")
    return tuple(annual(market, allow_gaps=True) for market in markets)


def leading(nodes: Panel, asked: Request, horizon: int, markets: Sequence[History]) -> Leading:
    """Choose how much the leaders asked for count, by forecasts of up to `horizon` years from past origins."""
    tried = [*_past(nodes, asked, horizon)]
    errors: Array = np.concatenate([each for _, each in tried], axis=1) if tried else np.empty((len(SCALES), 0))
    mean = dict(zip(SCALES, errors.mean(axis=1).tolist(), strict=True)) if tried else {}
    count, known, followed = errors.shape[1], Continued(), {}
    for place, name in enumerate(nodes.ids):
        _, first, values = nodes.series(place)
        if values[-1] > 0 and (ahead := ahead_of(values, first + len(values) - 1, 1, asked.leaders, None, None, known)):
            followed[name] = tuple(lead.name for lead in ahead)
    scale = min(mean, key=lambda scale: mean[scale]) if count >= LEAST else 1.0
    return Leading(tuple(markets), scale, mean, count, len({origin for origin, _ in tried}), followed)


def _past(nodes: Panel, asked: Request, horizon: int) -> Iterator[tuple[int, Array]]:
    """Errors of the nodes from past origins, with each origin; shape (scale, year), on the log scale."""
    last, known = int(nodes.origins.max()), Continued()
    for origin in range(last - 1, last - 1 - MOST_ORIGINS, -1):
        later = nodes.origins - origin
        kept = np.flatnonzero((later > 0) & (nodes.lengths - later >= LEAST_POINTS))
        if not len(kept):
            continue
        steps = min(horizon, last - origin)
        past = nodes.select(kept).before(later[kept])
        points = apart(past, asked._replace(year=None, horizon=steps, levels=(), leaders=())).points[:, 0]
        for row, place in enumerate(kept.tolist()):
            values = past.series(row)[2]
            came = nodes.series(place)[2][len(values) :][:steps]
            ahead = ahead_of(values, origin, steps, asked.leaders, None, None, known) if values[-1] > 0 else ()
            if not ahead or came.min() <= 0:
                continue
            alone = points[row], np.empty((0, steps)), np.empty((0, steps))
            made = np.stack([led(alone, ahead, (), None, scale)[0] for scale in SCALES])
            with np.errstate(divide="ignore"):
                off = np.abs(np.log(made[:, : len(came)]) - np.log(came))
            if np.isfinite(off).all():
                yield origin, off
