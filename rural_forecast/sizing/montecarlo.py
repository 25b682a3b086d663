"""Monte Carlo over the formulas of a model: the distributions of drivers in every year, draws, and
their variance.

A driver keeps its place in its distribution over the years: who is unsure today is so in the same
direction tomorrow.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from rural_forecast.errors import RuralForecastError
from rural_forecast.forecasting.distribution import known_scores, siblings
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.models.base import Array, Integers
from rural_forecast.notes import Note
from rural_forecast.series.history import annual
from rural_forecast.series.shares import whole_of
from rural_forecast.sizing.distributions import CERTAIN, Distribution, between, grid
from rural_forecast.sizing.formulas import YEAR, Formula, evaluate
from rural_forecast.sizing.model import Driver, FromSeries
from rural_forecast.sizing.toml import TableError, at
from rural_forecast.text.wording import spans

# Draws worked out at once, so that what a formula needs stays in the cache of the processor.
CHUNK = 8_192
# How often each draw of a driver meets draws of the rest, to estimate its share of the variance.
_MEETINGS = 4

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


def marginal(driver: Driver, years: Sequence[int]) -> Marginal:
    """The distributions of a driver. Raises TableError if it has none in a year."""
    basis = driver.source or ("assumption" if driver.assumption else "no source given")
    value = driver.value
    if isinstance(value, FromSeries):
        with at("drivers", driver.name, "series"):
            result = of_series(value, years, whole_of(driver.unit_text))
        return result._replace(basis="; ".join(filter(None, (driver.source, result.basis))))
    if isinstance(value, Distribution):
        return Marginal(dict.fromkeys(years, value), basis)
    by_year = {}
    for year in years:
        if (found := between(value, year)) is None:
            problem = f"there is no value for {year}, nor two of one kind around it."
            there = sorted(value)
            raise TableError(
                problem, f"It has {', '.join(map(str, there))}.", ("drivers", driver.name, "values")
            )
        by_year[year] = found
    made = [year for year in years if year not in value]
    return Marginal(by_year, f"{basis}; {spans(made)} interpolated" if made else basis)


def of_series(value: FromSeries, years: Sequence[int], whole: float | None = None) -> Marginal:
    """A series, observed and then forecast, a share within `whole`. Raises TableError if it lacks a
    year.
    """
    series = value.series.id
    factor = value.factor
    try:
        history = annual(value.series)
        known = {
            year: Distribution(CERTAIN, {"value": seen * factor})
            for year, seen in zip(history.years, history.values.tolist(), strict=True)
        }
        basis = f"{series} to {history.origin}"
        if max(years) > history.origin:
            basis = f"{basis}, then forecast"
            result = forecast(value.series, year=max(years))
            least = result.spread.least * factor
            shares = {"shape": "share", "whole": whole}
            for year in (year for year in years if year > history.origin):
                values = result.spread.quantiles[:, result.years.index(year)] * factor
                shape = (
                    {"shape": "log" if values.min() > 0 else "linear", "least": least}
                    if whole is None
                    else shares
                )
                kind = "interpolated"
                parameters = {"known_z": known_scores(), "values": values, **shape}
                if np.ptp(values) == 0:
                    kind = CERTAIN
                    parameters = {"value": float(values[0])}
                known[year] = Distribution(kind, parameters)
    except RuralForecastError as error:
        raise TableError(f"{series}: {str(error).rstrip('.')}.", error.hint) from None
    if missing := [year for year in years if year not in known]:
        raise TableError(
            f"{series} has no value for {missing[0]} on the basis that starts in {history.first}."
        )
    by_year = {year: known[year] for year in years}
    return Marginal(by_year, basis, history.notes, history.origin, history.last * factor)


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
        """Drivers correlate as stated, or else those that are series, as series do."""
        uncertain = [
            name
            for name, own in marginals.items()
            if not all(own.by_year[each].kind == CERTAIN for each in years)
        ]
        together = uncertain
        if correlation is None:
            origins = {
                name: own.origin for name, own in marginals.items() if own.origin is not None
            }
            together = [*origins]
            correlation = round(siblings(max(1, years[-1] - min(origins.values(), default=0))), 2)
        self.draws = draws
        self.correlation = correlation
        self._seed = seed
        self._grid = grid(draws)
        self.joined: Group = tuple(together) if len(together) > 1 and correlation else ()
        alone = [(name,) for name in uncertain if name not in self.joined]
        self.groups: tuple[Group, ...] = (self.joined, *alone) if self.joined else tuple(alone)
        # Others are shuffled anew each time, which takes no memory.
        self._ranks: dict[str, Integers] = {}
        if self.joined:
            scores = self._grid.z[np.stack([self._shuffled(name) for name in self.joined])]
            self._ranks = dict(zip(self.joined, _correlated(scores, correlation), strict=True))

    def _shuffled(self, name: str) -> Integers:
        entropy = int.from_bytes(name.encode(), "big")
        return np.random.default_rng([self._seed, entropy]).permutation(self.draws)

    def of(self, name: str, distribution: Distribution) -> Array | float:
        """Draws of shape (draw,), or one number where it is certain; every name has an order of its
        own.
        """
        drawn = distribution.draws(self._grid)
        if distribution.kind == CERTAIN:
            return drawn
        ordered: Array = np.asarray(drawn)[
            self._ranks[name] if name in self._ranks else self._shuffled(name)
        ]
        return ordered


def _correlated(scores: Array, correlation: float) -> Integers:
    """Ranks of scores multiplied by the symmetric root of the correlation matrix; both of shape
    (driver, draw).
    """
    count = len(scores)
    apart = np.sqrt(1 - correlation)
    mixed = apart * scores + (np.sqrt(1 + (count - 1) * correlation) - apart) * scores.mean(axis=0)
    order = np.argsort(mixed, axis=1, kind="stable")
    ranked = np.empty_like(order)
    np.put_along_axis(
        ranked, order, np.broadcast_to(np.arange(scores.shape[1]), order.shape), axis=1
    )
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
    """The value of every formula, or of those `kept`, in whole persons and yuan; draws not `own`
    begin at `start`.
    """
    known: dict[str, Array | float] = {**values, YEAR: float(year)}
    whole_values: dict[str, Array | float] = {}
    for first in range(0, draws, CHUNK):
        here = slice(first, min(first + CHUNK, draws))
        moved = (np.arange(here.start, here.stop) + start) % draws if start else here
        window = {
            name: np.asarray(value)[here if name in own else moved] if np.ndim(value) else value
            for name, value in known.items()
        }
        for name, formula in formulas.items():
            value = window[name] = evaluate(formula.node, window)
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
    ends = np.quantile(values, [0.5, *tails, *(1 - tail for tail in tails)]).tolist()
    return Estimate(ends[0], tuple(ends[1 : len(levels) + 1]), tuple(ends[len(levels) + 1 :]))


def variance_shares(
    formulas: Mapping[str, Formula],
    values: Values,
    found: Values,
    year: int,
    sampler: Sampler,
    stages: Sequence[str],
) -> Shares:
    """First-order share of each group of drivers in the variance of each stage (Sobol, 1993); empty
    where none varies.

    The draws of a group stay, those of all others are moved against them a few times (one-way
    analysis of variance).
    """
    known = {**values, **found}
    shares = {stage: dict[Group, float]() for stage in stages}
    varying = {name for name, value in known.items() if np.ndim(value)}
    starts = [meeting * sampler.draws // _MEETINGS for meeting in range(1, _MEETINGS)]
    for group in sampler.groups:
        own = varying.intersection(group)
        moved = {
            name: formula
            for name, formula in formulas.items()
            if formula.uses & own and name in varying
        }
        if kept := moved.keys() & stages:
            met = (
                results(moved, known, year, sampler.draws, kept=kept, own=own, start=start)
                for start in starts
            )
            every = [found, *met]
            for stage in kept:
                shares[stage][group] = _share_between(
                    np.stack([np.asarray(each[stage]) for each in every])
                )
    for of_stage in shares.values():
        total = max(sum(of_stage.values()), 1.0)
        of_stage.update({group: share / total for group, share in of_stage.items()})
    return shares


def _share_between(table: Array) -> float:
    # Others meet where a formula divides by zero, say.
    table = table[:, np.isfinite(table).all(axis=0)]
    if not table.size:
        return 0.0
    table /= np.abs(table).max() or 1.0
    within = float(table.var(axis=0, ddof=1).mean())
    between = max(float(table.mean(axis=0).var()) - within / len(table), 0.0)
    return between / (between + within) if between + within else 0.0
