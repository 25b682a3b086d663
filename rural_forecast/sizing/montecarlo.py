"""Monte Carlo over the formulas of a model: draws, medians and intervals, and which driver causes how much variance.

Each driver's draws come from a generator of its own, seeded by the seed and the driver's name: the order of the file,
or one driver more, changes no other driver's draws, and no global state is touched. A driver keeps its place in its
distribution over the years (who is unsure of a share today is unsure of it in the same direction tomorrow).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from rural_forecast.sizing.correlation import Pair, groups, matrix, ranks
from rural_forecast.sizing.distributions import Distribution, Grid, Point, grid
from rural_forecast.sizing.expression import evaluate
from rural_forecast.sizing.formulas import YEAR, Formula

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rural_forecast.models.base import Array

DEFAULT_DRAWS = 100_000
FEWEST_DRAWS, MOST_DRAWS = 1_000, 1_000_000
_MEETINGS = 4
"""How often each draw of a driver meets other draws of the rest, to tell its share of the variance."""

Values: TypeAlias = "Mapping[str, Array | float]"
Group: TypeAlias = tuple[str, ...]
"""Drivers that correlations join; one alone is a group of its own."""


class Estimate(NamedTuple):
    """The median, and the ends of the intervals in the order of the levels."""

    value: float
    lower: tuple[float, ...]
    upper: tuple[float, ...]


class Sampler:
    """The order of every driver's draws.

    Parameters
    ----------
    names : drivers of which something is uncertain in some year
    """

    def __init__(self, names: Iterable[str], pairs: Sequence[Pair], draws: int, seed: int) -> None:
        self.draws = draws
        self._seed = seed
        self._grid: Grid = grid(draws)
        joined = groups(pairs)
        alone = [(name,) for name in names if not any(name in group for group in joined)]
        self.groups: tuple[Group, ...] = (*joined, *alone)
        self._ranks = {name: self._shuffled(name) for name in (name for group in self.groups for name in group)}
        for group in joined:
            scores = self._grid.z[np.stack([self._ranks[name] for name in group])]
            self._ranks |= dict(zip(group, ranks(matrix(group, pairs), scores), strict=True))

    def _shuffled(self, name: str) -> NDArray[np.intp]:
        entropy = int.from_bytes(name.encode(), "big")
        return np.random.default_rng([self._seed, entropy]).permutation(self.draws)

    def of(self, name: str, distribution: Distribution) -> Array | float:
        """Draws of shape (draw,) of one driver, or one number where it is certain."""
        if isinstance(distribution, Point):
            return distribution.value
        return _reordered(distribution.draws(self._grid), self._ranks[name])

    def apart(self, name: str, distribution: Distribution) -> Array | float:
        """Draws of something that is no driver, independent of all drivers."""
        if isinstance(distribution, Point):
            return distribution.value
        return _reordered(distribution.draws(self._grid), self._shuffled(f"{name} (apart)"))


def _reordered(drawn: Array | float, order: NDArray[np.intp]) -> Array | float:
    whole: Array = np.asarray(drawn)[order]
    return whole


def results(formulas: Mapping[str, Formula], values: Values, year: int) -> dict[str, Array | float]:
    """The value of every formula, in whole persons and yuan."""
    known: dict[str, Array | float] = {**values, YEAR: float(year)}
    with np.errstate(all="ignore"):
        for name, formula in formulas.items():
            known[name] = evaluate(formula.node, known)
    return {name: known[name] for name in formulas}


def estimate(values: Array | float, levels: Sequence[int]) -> Estimate:
    """Median and intervals of draws; a single number is its own."""
    if np.ndim(values) == 0:
        same = (float(values),) * len(levels)
        return Estimate(float(values), same, same)
    tails = [0.5 - level / 200 for level in levels]
    found = np.quantile(values, [0.5, *tails, *(1 - tail for tail in tails)]).tolist()
    return Estimate(found[0], tuple(found[1 : len(levels) + 1]), tuple(found[len(levels) + 1 :]))


def variance_shares(
    formulas: Mapping[str, Formula],
    values: Values,
    year: int,
    joined: Sequence[Group],
    stages: Sequence[str],
    draws: int,
) -> dict[str, dict[Group, float]]:
    """First-order share of each group of drivers in the variance of each stage (Sobol, 1993).

    The draws of a group stay, those of all others are moved against them a few times; what the means over these
    meetings vary, less the noise left in them, is what the group alone causes (one-way analysis of variance). Shares
    are 0 to 1; what they lack to 1 is interaction, and a sum above 1, which is sampling noise, is scaled to 1.

    Returns
    -------
    By stage, the share of each group with something uncertain that the stage rests on; empty where nothing varies.
    """
    varying = {name: value for name, value in values.items() if np.ndim(value)}
    twice = {name: np.concatenate([value, value]) for name, value in varying.items()}
    own = results(formulas, values, year)
    found: dict[str, dict[Group, float]] = {stage: {} for stage in stages}
    for group in joined:
        concerned = [stage for stage in stages if formulas[stage].uses & set(group) & set(varying)]
        concerned = [stage for stage in concerned if np.ndim(own[stage])]
        if not concerned:
            continue
        meetings = {stage: [np.asarray(own[stage])] for stage in concerned}
        for meeting in range(1, _MEETINGS):
            start = meeting * draws // _MEETINGS
            moved = {name: value[start : start + draws] for name, value in twice.items() if name not in group}
            other = results(formulas, {**values, **moved}, year)
            for stage in concerned:
                meetings[stage].append(np.asarray(other[stage]))
        for stage in concerned:
            found[stage][group] = _between(meetings[stage])
    return {stage: _bounded(shares) for stage, shares in found.items()}


def _between(meetings: Sequence[Array]) -> float:
    """The share of the variance that lies between draws, not between their meetings."""
    table = np.stack(meetings)
    table = table[:, np.isfinite(table).all(axis=0)]  # where a meeting divides by zero, say
    if not table.size:
        return 0.0
    table /= np.abs(table).max() or 1.0
    within = float(table.var(axis=0, ddof=1).mean())
    between = max(float(table.mean(axis=0).var()) - within / len(meetings), 0.0)
    return between / (between + within) if between + within else 0.0


def _bounded(shares: dict[Group, float]) -> dict[Group, float]:
    total = sum(shares.values())
    return {group: share / total for group, share in shares.items()} if total > 1 else shares
