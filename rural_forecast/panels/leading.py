"""How much leading markets count for the nodes of a panel, by its own past origins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np

from rural_forecast.forecasting.answers import within_limits
from rural_forecast.forecasting.leaders import SURVIVED, Continued, Lead, ahead_of, led
from rural_forecast.forecasting.panel import Panel, Request
from rural_forecast.models.base import Array
from rural_forecast.notes import Note
from rural_forecast.observed.history import History
from rural_forecast.text.wording import counted, listed

SCALES = (0.0, 0.5, 1.0, 1.4)  # multiples of the learned weights that are tried
MOST_ORIGINS = 5  # past origins, the last ones
LEAST = 50  # forecasts from past origins that choose: fewer do so by chance
LEAST_POINTS = 3  # of a node at a past origin


class Leading(NamedTuple):
    """Leading markets that are stated, and how much they count."""

    markets: tuple[History, ...]
    scale: float  # the multiple of the learned weights, one of `SCALES`
    errors: Mapping[float, float]
    """mean absolute error on the log scale, by scale; empty without a past forecast."""
    n: int  # forecasts of the nodes from past origins, each of one year
    origins: int
    followed: Mapping[str, tuple[str, ...]]
    """the leaders of each node that has any, the most similar one first."""

    def note(self) -> Note:
        """The leaders, how much they count, and the evidence."""
        if not self.followed:
            text = "No market leads: none was at the last value of a node a year ago or earlier."
            return Note("no_leader", text, warning=True)
        names = [*dict.fromkeys(chain.from_iterable(self.followed.values()))][:5]
        tried = f"{counted(self.n, 'forecast')} from {counted(self.origins, 'past origin')}"
        evidence = f"{tried} are too few to choose"
        if self.n >= LEAST:
            less = 100 * (1 - self.errors[self.scale] / self.errors[0.0])
            evidence = f"{tried} erred {less:.0f} % less with that"
        return Note(
            "led",
            f"{counted(len(self.followed), 'node')} can follow {listed(names)}, by "
            f"{self.scale:g} times the learned weights: {evidence}. {SURVIVED}",
        )


def leading(nodes: Panel, asked: Request, horizon: int, markets: Sequence[History]) -> Leading:
    """Choose how much leaders count: by the errors of forecasts from past origins.

    It is the scale with the least mean error, and 1 where there are fewer than `LEAST` forecasts.
    """
    tried = [*_past_errors(nodes, asked, horizon)]
    count = sum(errors.shape[1] for _, errors in tried)
    mean: dict[float, float] = {}
    if tried:
        errors = np.concatenate([errors for _, errors in tried], axis=1)
        mean = dict(zip(SCALES, errors.mean(axis=1).tolist(), strict=True))
    scale = min(mean, key=lambda scale: mean[scale]) if count >= LEAST else 1.0
    return Leading(
        markets=tuple(markets),
        scale=scale,
        errors=mean,
        n=count,
        origins=len({origin for origin, _ in tried}),
        followed=_followed(nodes, asked),
    )


def _followed(nodes: Panel, asked: Request) -> dict[str, tuple[str, ...]]:
    """The names of the leaders of each node that has any, the most similar first."""
    continued = Continued()
    followed = {}
    for row, name in enumerate(nodes.ids):
        _, first, values = nodes.series(row)
        if values[-1] <= 0:
            continue
        origin = first + len(values) - 1
        ahead = ahead_of(values, origin, 1, asked.leaders, None, None, continued)
        if ahead:
            followed[name] = tuple(lead.name for lead in ahead)
    return followed


def _past_errors(nodes: Panel, asked: Request, horizon: int) -> Iterator[tuple[int, Array]]:
    """Each past origin with the errors of a node, of shape (scale, year) and on the log scale."""
    last = int(nodes.origins.max())
    continued = Continued()
    for origin in range(last - 1, last - 1 - MOST_ORIGINS, -1):
        later = nodes.origins - origin
        kept = np.flatnonzero((later > 0) & (nodes.lengths - later >= LEAST_POINTS))
        if not len(kept):
            continue
        steps = min(horizon, last - origin)
        past = nodes.select(kept).before(later[kept])
        question = asked._replace(year=None, horizon=steps, levels=(), leaders=())
        points = within_limits(past, question).points[:, 0]
        for row, node in enumerate(kept.tolist()):
            _, _, values = past.series(row)
            _, _, whole = nodes.series(node)
            actual = whole[len(values) :][:steps]
            if values[-1] <= 0 or actual.min() <= 0:
                continue
            ahead = ahead_of(values, origin, steps, asked.leaders, None, None, continued)
            if not ahead:
                continue
            errors = _errors_led(points[row], ahead, actual)
            if np.isfinite(errors).all():
                yield origin, errors


def _errors_led(point: Array, ahead: Sequence[Lead], actual: Array) -> Array:
    """Absolute errors on the log scale of a forecast that follows leaders; shape (scale, year)."""
    no_bounds = np.empty((0, len(point)))
    own = point, no_bounds, no_bounds
    forecasts = np.stack([led(own, ahead, (), None, scale)[0] for scale in SCALES])
    with np.errstate(divide="ignore"):
        errors: Array = np.abs(np.log(forecasts[:, : len(actual)]) - np.log(actual))
    return errors
