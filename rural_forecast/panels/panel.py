"""A panel forecast node by node with the engine of `batch`, and made to add up.

`panel` reads a file to a tree, and `of_tree` forecasts its nodes and reconciles them; `leading`
chooses how much leading markets count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import reduce
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from rural_forecast.api import Comparable, require_choice
from rural_forecast.errors import InputError, UsageError, option
from rural_forecast.forecasting.answered import answered
from rural_forecast.forecasting.batch.inputs import opened, opened_frame
from rural_forecast.forecasting.batch.remarks import (
    counted_names,
    doubtful,
    findings,
    notes_on,
    on_kinds,
)
from rural_forecast.forecasting.distribution import (
    SPREAD_LEVELS,
    Chance,
    Spread,
    chance,
    level_scores,
    paths,
)
from rural_forecast.forecasting.in_currency import converted, in_currency
from rural_forecast.forecasting.leaders import leaders_of
from rural_forecast.forecasting.panel import Panel, Refusal, Request, request
from rural_forecast.models.base import HUGE, Array, Flags
from rural_forecast.notes import Note
from rural_forecast.observed.breaks import Bases
from rural_forecast.observed.history import History, annual
from rural_forecast.observed.money.conversion import Conversion
from rural_forecast.observed.money.deflation import Deflator, deflator
from rural_forecast.observed.money.deflation import deflated as deflated_parts
from rural_forecast.observed.money.exchange import Exchange
from rural_forecast.observed.observation import Series
from rural_forecast.observed.reading import ReadOptions
from rural_forecast.observed.reading.names import WHOLES, normalised
from rural_forecast.observed.reading.source import name_of
from rural_forecast.observed.shares import whole_of
from rural_forecast.panels import tree as trees
from rural_forecast.panels.leading import Leading, leading
from rural_forecast.panels.nodes import nodes_of
from rural_forecast.panels.stated_totals import below_totals, caps_of_totals, stated_totals
from rural_forecast.panels.tree import (
    SEPARATOR,
    Method,
    Tree,
    below_its_sum,
    from_ids,
    from_parents,
    nested,
    reconcile,
)
from rural_forecast.panels.under_way import under_way
from rural_forecast.question.batch import BatchQuestion
from rural_forecast.question.question import (
    DEFAULT_HORIZON,
    DEFAULT_LEVELS,
    headline,
    require_consensus,
)
from rural_forecast.text.wording import listed

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrame


_AMOUNTS = "Give amounts or counts."

WEIGHED = 80
"""The level by whose intervals nodes are weighed. All `SPREAD_LEVELS` are computed, so that no
number depends on the levels asked for; the widest says how bounds move: by differences where it
reaches below zero.
"""

_MOST_DEVIATION = 1e120  # its square, and sums of such squares, are finite


@dataclass(frozen=True, slots=True, eq=False)
class PanelForecast(Comparable):
    """Forecasts of every node of a tree that add up."""

    tree: Tree
    years: tuple[int, ...]
    levels: tuple[int, ...]
    method: Method
    first: int  # the first year of the history
    history: Array
    """shape (node, year), NaN where unknown; a whole without values of its own has the sum of its
    parts.
    """
    base: Array  # each node forecast on its own; shape (node, year)
    values: Array  # the same, reconciled
    lower: Array  # shape (level, node, year)
    upper: Array
    model: str
    unit: str
    notes: tuple[Note, ...]
    quantiles: Array
    """the distribution of each node, at the scores of a `Spread`; shape (quantile, node, year)."""
    leading: Leading | None = None
    """the leading markets that are stated, in the unit before conversion."""
    money: tuple[Conversion, ...] = ()
    """how amounts were converted, in order: to the prices of one year, to another currency."""
    bases: Mapping[str, Bases] = field(default_factory=dict)
    """the levels of all bases of each node whose earlier ones are evidence."""
    breaks: tuple[int, ...] = ()
    """first years on a new basis that were stated of every series."""
    running: Mapping[str, Series] = field(default_factory=dict)
    """the parts of years of each node of a file that goes on from a nowcast."""
    kind: str | None = None  # the subject that is stated of all nodes
    kinds: Mapping[str, str] = field(default_factory=dict)
    """the subject of each node that has one, stated in its file or read from its title."""
    within: Mapping[str, str] = field(default_factory=dict)
    """the total of each node that is a part of one besides the tree."""
    completed: Mapping[str, int] = field(default_factory=dict)
    """the last value that is given of each whole whose later ones are the sums of its parts."""
    measured: tuple[str, ...] = ()
    """labels that all nodes share: first what they measure, then their places."""

    def chance(self, target: float, node: int = 0) -> Chance:
        """Return the chance that a node is at or above a value in each year, and by then.

        Parameters
        ----------
        target : a value in the unit of the node
        node : its place in `tree.names`; the whole if left out
        """
        quantiles = self.quantiles[:, node]
        positive = quantiles.min() > 0
        own = self.history[node]
        present = np.flatnonzero(np.isfinite(own))
        distribution = Spread(
            quantiles,
            "log" if positive else "linear",
            least=0.0 if np.nanmin(own) >= 0 else -inf,
        )
        drawn = paths(distribution, self.tree.names[node])
        past = own[present[0] : present[-1] + 1]
        first = self.first + int(present[0])
        return chance(drawn, past, first, self.years, float(target))

    @property
    def headline(self) -> int:
        """Index of the level that sentences name."""
        return headline(self.levels)

    @property
    def last(self) -> Array:
        """The last value of each node, of its own last year; shape (node,)."""
        ends = self.history.shape[1] - 1 - np.isfinite(self.history)[:, ::-1].argmax(axis=1)
        last: Array = self.history[np.arange(len(ends)), ends]
        return last

    def __repr__(self) -> str:
        years = f"{self.years[0]} to {self.years[-1]}"
        return f"<PanelForecast of {len(self.tree.names):,} nodes: {years}>"


def panel(
    source: str | Path | IntoDataFrame,
    *,
    year: int | None = None,
    horizon: int | None = None,
    levels: Sequence[int] = DEFAULT_LEVELS,
    model: str = "consensus",
    method: Method = "weighted",
    separator: str = SEPARATOR,
    parents: Mapping[str, str] | None = None,
    options: ReadOptions | None = None,
    real: int | None = None,
    inflation: float | str | Series | None = None,
    kind: str | None = None,
    like: Sequence[Any] = (),
) -> PanelForecast:
    """Forecast every node of a file's tree so that parts add up to their wholes.

    Parameters
    ----------
    source : a file of many series, as `batch` reads it, or a frame, as `forecast_frame` does; ids
        of several columns are joined by " / "
    year, horizon : last year, or years after the last one known; two years without either
    levels : interval levels in whole percents, 30 to 99
    model : the model of every node, by name
    method : `weighted` by the intervals of all nodes below the whole, `top-down` from the whole, or
        `bottom-up` from the leaves
    separator : between the parts of an id, from the whole to the leaf
    parents : the parent of each node, in place of the separator
    options : how the source is read, `ReadOptions`
    real, inflation : the year whose prices amounts are forecast in; inflation in percent, a country
        or a series, known here if left out
    kind : the subject of every node, `adoption` say; `none` for none; read from titles if left out
    like : the same product in other markets, in the unit of the parts: nodes follow those that are
        ahead of them, with weights that the panel's own past origins choose. Each whatever makes a
        series

    Raises
    ------
    InputError : the file is refused, one of its series is, or its numbers are not those of a tree
    UsageError : an unknown model, level or year, or an empty separator

    >>> import pandas as pd
    >>> rows = [(name, year, 10 * year - 20000) for name in ("x / a", "x / b")
    ...     for year in range(2010, 2015)]
    >>> result = panel(pd.DataFrame(rows, columns=["id", "year", "value"]), horizon=1)
    >>> result.tree.names, result.values.shape
    (('x', 'x / a', 'x / b'), (3, 1))
    """
    if not separator and parents is None:
        raise UsageError(
            "No separator is given.", f"Name what parts an id, such as {option('separator', '/')}."
        )
    models = () if model == "consensus" else (model,)
    require_choice("method", method, get_args(Method))
    require_consensus(models, like=like)
    asked = request(
        BatchQuestion(year=year, horizon=horizon, levels=levels, models=models, kind=kind)
    )
    file = str(source) if isinstance(source, str | Path) else ""
    reading = options or ReadOptions()
    opening = opened(file, reading) if file else opened_frame(source, reading)
    panels = []
    for part in opening.parts:
        _raise_first(part.refusals)
        panels.append(part.panel)
    read = reduce(Panel.then, panels)
    if read.wholes:
        raise InputError(f"{next(iter(read.wholes))} is a rate, and rates do not add up.", _AMOUNTS)

    _require_parts(read.ids, separator)
    if parents is None:
        tree, left = from_ids(read.ids, separator)
        tree = below_its_sum(tree, read)
    else:
        tree, left = from_parents(read.ids, parents)
    unit = _one_unit(tree, read)

    # A total row, of which `batch` warns, is the whole of the tree here, and noted as such.
    notes = [note for note in opening.notes(history=asked.history) if note.code != "total_row"]
    if left:
        outside = f"{len(left):,} series are outside the tree: {listed(left[:5])}."
        notes.append(Note("outside_tree", outside, warning=True))
    notes += findings(doubtful(read), len(read.ids), name_of(file) if file else "")

    money: tuple[Conversion, ...] = ()
    if real is not None:
        how = deflator(unit, real, inflation=inflation)
        years, year_of_value = np.unique(read.years, return_inverse=True)
        rates = np.array([how.rate(year) for year in years.tolist()])
        unit = how.unit
        money = (how,)
        deflated = read.values / rates[year_of_value]
        bases = {name: _deflated(bases, how) for name, bases in read.bases.items()}
        running = {name: deflated_parts(series, how) for name, series in read.running.items()}
        read = replace(
            read, values=deflated, units=[unit] * len(read.ids), bases=bases, running=running
        )
        notes = [how.note(years.tolist()), *notes]

    for market in like:
        if market.unit and unit and market.unit != unit:
            raise InputError(
                f"{market.id} is in {market.unit}, and the panel in {unit}.",
                "Give both in one unit.",
            )
    markets = [annual(market, allow_gaps=True) for market in like]
    result = of_tree(tree, read, asked, method, unit, markets)
    return replace(result, money=money, breaks=reading.breaks, notes=(*notes, *result.notes))


def _deflated(bases: Bases, how: Deflator) -> Bases:
    """The levels of all bases in the prices of one year, as far as prices are known."""
    factors = {}
    for year in bases.levels:
        with suppress(UsageError, InputError):
            factors[year] = 1 / how.rate(year)
    priced = {year: level for year, level in bases.levels.items() if year in factors}
    return replace(bases, levels=priced).times(factors)


def _raise_first(refusals: Sequence[Refusal]) -> None:
    """Raise the first refusal, if there is one: without a part, its whole has no sum."""
    if not refusals:
        return
    name, error = refusals[0]
    more = f" {len(refusals) - 1:,} more are refused." if len(refusals) > 1 else ""
    raise InputError(
        f"series {name}: {error.problem.rstrip('.')}.{more}",
        f"{error.hint} A whole needs all of its parts.".lstrip(),
        code=error.code,
        place=error.place,
        value=error.value,
    )


def _require_parts(ids: Sequence[str], separator: str) -> None:
    """Refuse several measures of one market, such as revenue and turnover, which are no parts."""
    wholes = [name for name in ids if normalised(name.rpartition(separator)[2]) in WHOLES]
    measures = {normalised(name.rpartition(separator)[2]) for name in wholes}
    if len(measures) > 1:
        problem = f"{listed(wholes[:2])} measure one market twice, and do not add up."
        column = option("value_column", wholes[0].rpartition(separator)[2])
        raise InputError(problem, f"Choose one with {column}, or give parts of one of them.")


def _one_unit(tree: Tree, panel: Panel) -> str:
    """The unit of all series of a tree. Raises InputError unless it is one that adds up."""
    units = sorted({panel.units[row] for row in tree.series[tree.series >= 0].tolist()})
    if len(units) > 1:
        raise InputError(f"The series are in {listed(units[:2])}.", "Give all parts in one unit.")
    unit = "".join(units)
    if whole_of(unit) is not None:
        raise InputError(f"The series are in {unit}, and shares do not add up.", _AMOUNTS)
    return unit


def of_tree(
    tree: Tree,
    read: Panel,
    asked: Request,
    method: Method,
    unit: str = "",
    like: Sequence[History] = (),
) -> PanelForecast:
    """Forecast the nodes of a tree whose leaves, at least, are series of a panel.

    Parameters
    ----------
    like : markets that may be ahead
    """
    history, first = trees.table(tree, read)
    nodes = nodes_of(tree, read, history, first, unit)
    completed = trees.completed(tree, read, nodes.origins)
    notes = [*trees.notes(tree, history, first, nodes.origins, completed)]
    origin = int(nodes.origins.max())
    target = asked.year or origin + (asked.horizon or DEFAULT_HORIZON)
    if target <= origin:
        raise UsageError(
            f"{target} is not after the origin {origin}.", f"Ask for {option('year', origin + 1)}."
        )

    levels = tuple(sorted({*asked.levels, *SPREAD_LEVELS}))
    leaders = leaders_of(like)
    asked_levels = asked.levels
    asked = asked._replace(year=target, horizon=None, levels=levels, leaders=leaders)
    followed = None
    if like:
        followed = leading(nodes, asked, target - origin, like)
        notes = [followed.note(), *notes]
        asked = asked._replace(lead=followed.scale)

    running = under_way(tree, nodes, asked)
    base, lower, upper, remarks = _forecasts(running.nodes, asked, target - origin)
    notes += [*remarks, *running.notes()]
    weighed = levels.index(WEIGHED)
    width = upper[weighed] - lower[weighed]
    deviation = np.minimum(width / (2 * level_scores((WEIGHED,))[0]), _MOST_DEVIATION)
    nonnegative: Flags = np.nanmin(history, axis=1) >= 0

    caps = caps_of_totals(running.nodes, asked, base.shape)
    parts, totals = stated_totals(tree, read)
    values = below_totals(
        parts,
        totals,
        caps[0],
        lambda most: reconcile(tree, base, deviation, nonnegative, method, most),
    )
    moved = np.concatenate(_moved(base, values, lower, upper, nonnegative))
    bounds = nested(tree, nonnegative, np.minimum(moved, caps[1:]))
    while (bounds[:, parts] > bounds[:, totals]).any():
        bounds[:, parts] = np.minimum(bounds[:, parts], bounds[:, totals])
        bounds = nested(tree, nonnegative, bounds)
    lower, upper = np.split(bounds, 2)

    shown = [levels.index(level) for level in asked_levels]
    whole = [levels.index(level) for level in SPREAD_LEVELS]
    quantiles = np.concatenate(
        [np.minimum(lower[whole], values)[::-1], values[None], np.maximum(upper[whole], values)]
    )
    return PanelForecast(
        tree=tree,
        years=tuple(range(origin + 1, target + 1)),
        levels=tuple(levels[index] for index in shown),
        method=method,
        first=first,
        history=history,
        base=base,
        values=values,
        lower=np.minimum(lower[shown], values),
        upper=np.maximum(upper[shown], values),
        model=asked.slots[0],
        unit=unit,
        notes=tuple(notes),
        leading=followed,
        bases=nodes.bases,
        quantiles=quantiles,
        running={name: nodes.running[name] for name in running.started},
        kind=asked.limits.kind,
        kinds={**nodes.subjects, **nodes.kinds},
        within=nodes.within,
        completed=completed,
        measured=read.measured,
    )


@in_currency.register
def _converted(result: PanelForecast, how: Exchange) -> PanelForecast:
    """Every amount at the rate of its year, which is one for all nodes: parts still add up."""
    past = range(result.first, result.first + result.history.shape[1])
    past_rates = np.array([how.rate(year) for year in past])
    rates = np.array([how.rate(year) for year in result.years])
    values, lower, upper = converted(result.values, result.lower, result.upper, result.years, how)
    return replace(
        result,
        history=result.history / past_rates,
        base=result.base / rates,
        quantiles=result.quantiles / rates,
        values=values,
        lower=lower,
        upper=upper,
        unit=how.unit,
        bases={name: _converted_bases(bases, how) for name, bases in result.bases.items()},
        money=(*result.money, how),
        notes=(how.note((*past, *result.years), "forecast", result.unit), *result.notes),
    )


def _converted_bases(bases: Bases, how: Exchange) -> Bases:
    """The levels that are used, in another currency; growth stays as it was published."""
    levels = {year: level / how.rate(year) for year, level in bases.used().items()}
    return replace(bases, levels=levels)


def _forecasts(
    nodes: Panel, asked: Request, horizon: int
) -> tuple[Array, Array, Array, Sequence[Note]]:
    """Each node forecast on its own: values, lower and upper bounds of the last `horizon` years,
    and notes on their subjects.
    """
    answers, refusals = answered(nodes, asked)
    _raise_first(refusals)
    # A node that ends early is forecast over more years than the others.
    years = answers.ahead[:, None] - horizon + np.arange(horizon)
    rows = np.arange(len(years))[:, None]
    base, lower, upper = (side[..., 0, :][..., rows, years] for side in answers.bounds)
    if not np.isfinite(base).all():
        raise InputError(
            f"{asked.slots[0]} does not reach {asked.year} for every node.", "Ask for fewer years."
        )
    remarks = [*notes_on(counted_names(on_kinds(answers)))]
    return base, lower, upper, remarks


def _moved(
    base: Array, values: Array, lower: Array, upper: Array, nonnegative: Flags
) -> tuple[Array, Array]:
    """Each node's own interval, moved with its value.

    It moves by a factor where all is positive, and by a difference otherwise.
    """
    positive = (base > 0) & (values > 0) & (lower[-1] > 0)
    with np.errstate(over="ignore"):
        factor = np.divide(values, base, out=np.ones_like(base), where=positive)
        lower, upper = (
            np.where(positive, side * factor, side + (values - base)).clip(-HUGE, HUGE)
            for side in (lower, upper)
        )
    return np.where(nonnegative[:, None], np.maximum(lower, 0.0), lower), upper
