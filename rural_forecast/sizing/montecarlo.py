"""Monte Carlo over the formulas of a model.

In order: the distributions of a driver in every year that is sized, the order of their draws, the
formulas over these draws, and the shares of drivers in their variance. A driver keeps its rank in
its distribution over the years: who is unsure today is so in the same direction tomorrow.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from rural_forecast.errors import RuralForecastError
from rural_forecast.forecasting.distribution import known_scores
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.models.base import Array, Integers
from rural_forecast.notes import Note
from rural_forecast.observed.history import annual
from rural_forecast.observed.shares import whole_of
from rural_forecast.question.question import Question
from rural_forecast.sizing.distributions import CERTAIN, Distribution, between, grid
from rural_forecast.sizing.formulas import YEAR, Formula, evaluate
from rural_forecast.sizing.model import Driver, FromSeries
from rural_forecast.sizing.toml import TableError, under
from rural_forecast.text.wording import spans

CHUNK = 8_192
"""Draws worked out at once: what a formula needs of them stays in the cache of the processor."""
_MEETINGS = 4
"""Times that each draw of a driver meets draws of the rest, to estimate its share of the variance.
"""

Values: TypeAlias = "Mapping[str, Array | float]"
Group: TypeAlias = tuple[str, ...]  # drivers that correlate; one alone is a group of its own
Shares: TypeAlias = "Mapping[str, Mapping[Group, float]]"  # of the variance of each stage, by group


class Marginal(NamedTuple):
    """A driver's distribution in every year that is sized, in the driver's unit."""

    by_year: Mapping[int, Distribution]
    basis: str  # where it comes from, in words
    notes: tuple[Note, ...] = ()
    origin: int | None = None  # the last year observed, of a driver that is a series
    last: float = 0.0  # the value of that year

    def varies(self, years: Sequence[int]) -> bool:
        """True if it is not one number in every year."""
        return any(self.by_year[year].kind != CERTAIN for year in years)


def marginal(driver: Driver, years: Sequence[int]) -> Marginal:
    """The distributions of a driver. Raises TableError if it has none in a year."""
    basis = driver.source or ("assumption" if driver.assumption else "no source given")
    value = driver.value
    if isinstance(value, FromSeries):
        with under("drivers", driver.name, "series"):
            result = of_series(value, years, whole_of(driver.unit_text))
        basis = f"{driver.source}; {result.basis}" if driver.source else result.basis
        return result._replace(basis=basis)
    if isinstance(value, Distribution):
        return Marginal(dict.fromkeys(years, value), basis)

    by_year = {}
    for year in years:
        distribution = between(value, year)
        if distribution is None:
            raise TableError(
                f"there is no value for {year}, nor two of one kind around it.",
                f"It has {', '.join(map(str, sorted(value)))}.",
                ("drivers", driver.name, "values"),
            )
        by_year[year] = distribution
    interpolated = [year for year in years if year not in value]
    if interpolated:
        basis = f"{basis}; {spans(interpolated)} interpolated"
    return Marginal(by_year, basis)


def of_series(value: FromSeries, years: Sequence[int], whole: float | None = None) -> Marginal:
    """The distributions of a series: observed, and then forecast; a share lies within `whole`.

    Raises TableError if it lacks a year.
    """
    series = value.series.id
    factor = value.factor
    by_year = {}
    try:
        # A level is what was published for its year, whatever growth says of later ones.
        history = annual(value.series, basis="levels")
        for year, observed in zip(history.years, history.values.tolist(), strict=True):
            by_year[year] = Distribution(CERTAIN, {"value": observed * factor})
        basis = f"{series} to {history.origin}"
        if max(years) > history.origin:
            basis = f"{basis}, then forecast"
            result = forecast(value.series, Question(year=max(years)))
            least = result.spread.least * factor
            for year in years:
                if year > history.origin:
                    values = result.spread.quantiles[:, result.years.index(year)] * factor
                    by_year[year] = _of_quantiles(values, least, whole)
    except RuralForecastError as error:
        raise TableError(f"{series}: {str(error).rstrip('.')}.", error.hint) from None

    for year in years:
        if year not in by_year:
            raise TableError(
                f"{series} has no value for {year} on the basis that starts in {history.first}.",
                f"It has values from {history.first} on.",
            )
    return Marginal(
        by_year={year: by_year[year] for year in years},
        basis=basis,
        notes=history.notes,
        origin=history.origin,
        last=history.last * factor,
    )


def _of_quantiles(values: Array, least: float, whole: float | None) -> Distribution:
    """The distribution of a forecast by its quantiles, on the scale of its values."""
    if np.ptp(values) == 0:
        return Distribution(CERTAIN, {"value": float(values[0])})
    parameters: dict[str, Any] = {"known_z": known_scores(), "values": values}
    if whole is not None:
        parameters |= {"shape": "share", "whole": whole}
    else:
        shape = "log" if values.min() > 0 else "linear"
        parameters |= {"shape": shape, "least": least}
    return Distribution("interpolated", parameters)


class Estimate(NamedTuple):
    """The median, and the ends of the intervals in the order of the levels."""

    value: float
    lower: tuple[float, ...]
    upper: tuple[float, ...]


class Sampler:
    """The order of every driver's draws.

    Draws of drivers that correlate are put in the order of correlated normal scores (a Gaussian
    copula), so each keeps exactly its own values (Iman and Conover, 1982,
    doi:10.1080/03610918208812265).
    """

    def __init__(
        self,
        marginals: Mapping[str, Marginal],
        years: Sequence[int],
        correlation: float | None,
        draws: int,
        seed: int,
    ) -> None:
        """Uncertain drivers correlate as stated, and are independent otherwise.

        Errors of real series do correlate, but the interval of each holds more than it promises,
        so that sums and products of independent ones hold what they should
        (`benchmarks/size_drivers.md`).
        """
        uncertain = [name for name, own in marginals.items() if own.varies(years)]
        correlation = correlation or 0.0
        self.draws = draws
        self.correlation = correlation
        self._seed = seed
        self._grid = grid(draws)
        self.joined: Group = tuple(uncertain) if len(uncertain) > 1 and correlation else ()
        alone = [(name,) for name in uncertain if name not in self.joined]
        self.groups: tuple[Group, ...] = (self.joined, *alone) if self.joined else tuple(alone)
        # Others are shuffled anew each time, which takes no memory.
        self._ranks: dict[str, Integers] = {}
        if self.joined:
            scores = self._grid.z[np.stack([self._shuffled(name) for name in self.joined])]
            self._ranks = dict(zip(self.joined, _correlated(scores, correlation), strict=True))

    def _shuffled(self, name: str) -> Integers:
        """The order of a name's own: another driver in the model does not change it."""
        entropy = int.from_bytes(name.encode(), "big")
        return np.random.default_rng([self._seed, entropy]).permutation(self.draws)

    def of(self, name: str, distribution: Distribution) -> Array | float:
        """Draws of shape (draw,) in the order of a name, or one number where it is certain."""
        drawn = distribution.draws(self._grid)
        if distribution.kind == CERTAIN:
            return drawn
        order = self._ranks[name] if name in self._ranks else self._shuffled(name)
        ordered: Array = np.asarray(drawn)[order]
        return ordered


def _correlated(scores: Array, correlation: float) -> Integers:
    """Ranks of scores multiplied by the symmetric root of the correlation matrix.

    Both are of shape (driver, draw). The root of a matrix of ones on the diagonal and one number
    beside it has a closed form.
    """
    count = len(scores)
    apart = np.sqrt(1 - correlation)
    mixed = apart * scores + (np.sqrt(1 + (count - 1) * correlation) - apart) * scores.mean(axis=0)
    order = np.argsort(mixed, axis=1, kind="stable")
    ranked = np.empty_like(order)
    ranks = np.broadcast_to(np.arange(scores.shape[1]), order.shape)
    np.put_along_axis(ranked, order, ranks, axis=1)
    return ranked


@np.errstate(all="ignore")
def results(
    formulas: Mapping[str, Formula],
    values: Values,
    year: int,
    draws: int = 1,
    *,
    kept: Container[str] | None = None,
    own: Container[str] = (),
    start: int = 0,
) -> dict[str, Array | float]:
    """The value of every formula, in whole persons and yuan.

    Parameters
    ----------
    values : of drivers, and of formulas that are not worked out again
    kept : the formulas that are given back; left out, all
    own, start : draws of the names that are not `own` begin at `start`, and go round
    """
    inputs: dict[str, Array | float] = {**values, YEAR: float(year)}
    whole_values: dict[str, Array | float] = {}
    for first in range(0, draws, CHUNK):
        here = slice(first, min(first + CHUNK, draws))
        moved = (np.arange(here.start, here.stop) + start) % draws if start else here
        window = dict[str, Array | float]()
        for name, value in inputs.items():
            if np.ndim(value) == 0:
                window[name] = value
            else:
                window[name] = np.asarray(value)[here if name in own else moved]
        for name, formula in formulas.items():
            value = evaluate(formula.node, window)
            window[name] = value
            if kept is not None and name not in kept:
                continue
            if np.ndim(value) == 0:
                whole_values[name] = value
            else:
                np.asarray(whole_values.setdefault(name, np.empty(draws)))[here] = value
    return whole_values


def estimate(values: Array | float, levels: Sequence[int]) -> Estimate:
    """Median and intervals of draws; a single number is its own."""
    if np.ndim(values) == 0:
        same = (float(values),) * len(levels)
        return Estimate(float(values), same, same)
    tails = [0.5 - level / 200 for level in levels]
    middle, *ends = np.quantile(values, [0.5, *tails, *(1 - tail for tail in tails)]).tolist()
    return Estimate(middle, tuple(ends[: len(levels)]), tuple(ends[len(levels) :]))


def estimate_of(distribution: Distribution, levels: Sequence[int]) -> Estimate:
    """Median and intervals of a driver, exact, as its draws are of a grid."""
    tails = [0.5 - level / 200 for level in levels]
    middle, *ends = distribution.quantiles([0.5, *tails, *(1 - tail for tail in tails)])
    return Estimate(middle, tuple(ends[: len(levels)]), tuple(ends[len(levels) :]))


def variance_shares(
    formulas: Mapping[str, Formula],
    values: Values,
    of_formulas: Values,
    year: int,
    sampler: Sampler,
    stages: Sequence[str],
) -> Shares:
    """First-order share of each group of drivers in the variance of each stage (Sobol, 1993).

    The draws of a group stay, those of all others are moved against them a few times (one-way
    analysis of variance). A stage that does not vary has no shares.

    Parameters
    ----------
    values, of_formulas : draws of the drivers, and of the formulas as `results` gives them
    """
    inputs = {**values, **of_formulas}
    shares = {stage: dict[Group, float]() for stage in stages}
    varying = {name for name, value in inputs.items() if np.ndim(value)}
    starts = [meeting * sampler.draws // _MEETINGS for meeting in range(1, _MEETINGS)]
    for group in sampler.groups:
        own = varying.intersection(group)
        using = [name for name, formula in formulas.items() if formula.uses & own]
        moved = {name: formulas[name] for name in using if name in varying}
        kept = moved.keys() & stages
        if not kept:
            continue
        meetings = [
            results(moved, inputs, year, sampler.draws, kept=kept, own=own, start=start)
            for start in starts
        ]
        for stage in kept:
            draws = np.stack([np.asarray(met[stage]) for met in (of_formulas, *meetings)])
            shares[stage][group] = _share_between(draws)

    # Estimates of shares may sum to a little more than the whole.
    for of_stage in shares.values():
        total = max(sum(of_stage.values()), 1.0)
        of_stage.update({group: share / total for group, share in of_stage.items()})
    return shares


def _share_between(table: Array) -> float:
    """The share of variance that lies between columns; `table`: of shape (meeting, draw)."""
    # A draw may meet others with which a formula divides by zero, say.
    table = table[:, np.isfinite(table).all(axis=0)]
    if not table.size:
        return 0.0
    table /= np.abs(table).max() or 1.0
    within = float(table.var(axis=0, ddof=1).mean())
    between = max(float(table.mean(axis=0).var()) - within / len(table), 0.0)
    return between / (between + within) if between + within else 0.0
