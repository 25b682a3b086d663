"""A panel forecast node by node with the engine of `batch`, and made to add up.

`panel` reads a file to a tree, and `of_tree` forecasts its nodes and reconciles them; `leading`
chooses how much leading markets count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import chain
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

import numpy as np

from rural_forecast.api import Comparable, require_choice
from rural_forecast.errors import InputError, UsageError, option
from rural_forecast.forecasting.answered import answered
from rural_forecast.forecasting.answers import paths_of_totals, within_limits
from rural_forecast.forecasting.batch.inputs import opened, opened_frame
from rural_forecast.forecasting.batch.remarks import doubtful, findings
from rural_forecast.forecasting.distribution import (
    SPREAD_LEVELS,
    Chance,
    Spread,
    chance,
    level_scores,
    paths,
)
from rural_forecast.forecasting.in_currency import converted, in_currency
from rural_forecast.forecasting.leaders import SURVIVED, Continued, Lead, ahead_of, leaders_of, led
from rural_forecast.forecasting.panel import Panel, Refusal, Request, request
from rural_forecast.models.base import HUGE, Array, Flags, Integers
from rural_forecast.notes import Note
from rural_forecast.observed.breaks import Bases
from rural_forecast.observed.history import History, annual
from rural_forecast.observed.money import Conversion, Deflator, Exchange, deflator
from rural_forecast.observed.money import deflated as deflated_parts
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.preference import preferred
from rural_forecast.observed.reading import ReadOptions
from rural_forecast.observed.reading.names import WHOLES, normalised
from rural_forecast.observed.reading.source import name_of
from rural_forecast.observed.shares import whole_of
from rural_forecast.panels import tree as trees
from rural_forecast.panels.tree import (
    SEPARATOR,
    Method,
    Tree,
    from_ids,
    from_parents,
    nested,
    reconcile,
)
from rural_forecast.question.batch import BatchQuestion
from rural_forecast.question.question import (
    DEFAULT_HORIZON,
    DEFAULT_LEVELS,
    headline,
    require_consensus,
)
from rural_forecast.text.wording import counted, listed

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrame

_AMOUNTS = "Give amounts or counts."
WEIGHED = 80
"""The level by whose intervals nodes are weighed. All `SPREAD_LEVELS` are computed, so that no
number depends on the levels asked for; the widest says how bounds move: by differences where it
reaches below zero.
"""
_MOST_DEVIATION = 1e120  # its square, and sums of such squares, are finite
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
    running: Mapping[str, Series] = field(default_factory=dict)
    """the parts of years of each node of a file that goes on from a nowcast."""

    def chance(self, target: float, node: int = 0) -> Chance:
        """Return the chance that a node is at or above a value in each year, and by then."""
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
    asked = request(BatchQuestion(year=year, horizon=horizon, levels=levels, models=models))
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
    return replace(result, money=money, notes=(*notes, *result.notes))


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
    nodes = _nodes(tree, read, history, first, unit)
    notes = [*trees.notes(tree, history, first, nodes.origins)]
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

    base, lower, upper, started = _forecasts(nodes, asked, target - origin)
    if started:
        notes.append(_on_started(started))
    weighed = levels.index(WEIGHED)
    width = upper[weighed] - lower[weighed]
    deviation = np.minimum(width / (2 * level_scores((WEIGHED,))[0]), _MOST_DEVIATION)
    nonnegative: Flags = np.nanmin(history, axis=1) >= 0

    caps = _caps(nodes, asked, base.shape)
    parts, totals = _stated_totals(tree, read)
    values = _below_totals(
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
        running={name: nodes.running[name] for name in started},
    )


def _nodes(tree: Tree, read: Panel, history: Array, first: int, unit: str) -> Panel:
    """The nodes of a tree as series of a panel, each up to its own last year."""
    present = np.isfinite(history)
    ends = present[:, ::-1].argmax(axis=1)
    origins: Integers = (first + history.shape[1] - 1 - ends).astype(np.int64)
    within = {}
    bases = {}
    kinds = {}
    for name, node in _node_of(tree, read).items():
        if name in read.kinds:
            kinds[tree.names[node]] = read.kinds[name]
        if name in read.within:
            within[tree.names[node]] = read.within[name]
        if name in read.bases:
            bases[tree.names[node]] = read.bases[name]
    return Panel(
        tree.names,
        np.concatenate([[0], np.cumsum(present.sum(axis=1))]),
        history[present],
        origins,
        [unit] * len(tree.names),
        kinds=kinds | _common_kinds(tree, kinds),
        within=within,
        totals=read.with_totals().totals,
        bases=bases | _summed(tree, bases),
        running=_running(tree, read),
    )


def _running(tree: Tree, read: Panel) -> dict[str, Series]:
    """The series of nodes of which parts of the next year are known: of the file, and their sums.

    A whole without a series has the periods that all of its parts have.
    """
    of_node: dict[str, Series] = {}
    for name, node in _node_of(tree, read).items():
        if name in read.running:
            of_node[tree.names[node]] = read.running[name]
    if not of_node:
        return of_node
    for part, parents in tree.up():
        for parent in np.unique(parents).tolist():
            if tree.series[parent] >= 0:
                continue
            children = part.start + np.flatnonzero(parents == parent)
            names = [tree.names[child] for child in children]
            if all(name in of_node for name in names):
                name = tree.names[parent]
                of_node[name] = _sum_of_series(name, [of_node[child] for child in names])
    return of_node


def _sum_of_series(name: str, parts: Sequence[Series]) -> Series:
    """The sum of series in the periods that all of them have."""
    by_period = [preferred(part.observations, part.sources) for part in parts]
    common = set.intersection(*({*levels} for levels in by_period))
    sums = []
    for period in sorted(common):
        value = sum(levels[period].value for levels in by_period)
        sums.append(Observation(period, value, derived=True))
    return Series(name, unit=parts[0].unit, observations=tuple(sums), file=parts[0].file)


def _summed(tree: Tree, bases: Mapping[str, Bases]) -> dict[str, Bases]:
    """The bases of wholes that are sums of parts, where all parts change basis in the same years.

    Where only some do, a year before the break has parts on two bases and no sum.
    """
    of_node: dict[str, Bases] = {}
    for name, names in _sums(tree):
        of_children = [bases.get(child) or of_node.get(child) for child in names]
        summed = _sum_of([one for one in of_children if one is not None])
        if summed is not None and None not in of_children:
            of_node[name] = summed
    return of_node


def _common_kinds(tree: Tree, kinds: Mapping[str, str]) -> dict[str, str]:
    """The kinds of wholes that are sums of parts, where all parts are stated to be of one kind."""
    of_node: dict[str, str] = {}
    for name, names in _sums(tree) if kinds else ():
        of_children = {kinds.get(child) or of_node.get(child, "") for child in names}
        if len(of_children) == 1 and "" not in of_children:
            of_node[name] = of_children.pop()
    return of_node


def _sums(tree: Tree) -> Iterator[tuple[str, list[str]]]:
    """Yield the wholes that have no series of their own, with their parts, from the leaves up."""
    for part, parents in tree.up():
        for parent in np.unique(parents).tolist():
            if tree.series[parent] < 0:
                children = part.start + np.flatnonzero(parents == parent)
                yield tree.names[parent], [tree.names[child] for child in children]


def _sum_of(parts: Sequence[Bases]) -> Bases | None:
    """The sum of parts with the same breaks; None of others."""
    if not parts or len({part.breaks for part in parts}) > 1:
        return None
    common = set.intersection(*({*part.levels} for part in parts))
    levels = {year: sum(part.levels[year] for part in parts) for year in sorted(common)}
    return Bases(levels, parts[0].breaks, {})


def _node_of(tree: Tree, read: Panel) -> dict[str, int]:
    """The node of each series, by its id."""
    return {read.ids[row]: node for node, row in enumerate(tree.series.tolist()) if row >= 0}


def _caps(nodes: Panel, asked: Request, shape: tuple[int, ...]) -> Array:
    """The most of each node that is a part of a total that is stated, infinite for others.

    Shape (1 + 2 x levels, node, year): of the value, the lower and the upper bounds.
    """
    caps = np.full((1 + 2 * len(asked.levels), *shape), np.inf)
    for node, path in paths_of_totals(nodes, asked):
        of_total = np.concatenate([path.values[None], path.lower, path.upper])
        caps[:, node] = of_total[:, -shape[-1] :]
    return caps


def _stated_totals(tree: Tree, read: Panel) -> tuple[Integers, Integers]:
    """Nodes with a total that is stated, and these totals, where both are in the tree."""
    node_of = _node_of(tree, read)
    pairs = []
    for part, total in read.within.items():
        if part in node_of and total in node_of:
            pairs.append((node_of[part], node_of[total]))
    parts, totals = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return parts, totals


def _below_totals(
    parts: Integers, totals: Integers, most: Array, reconciled: Callable[[Array], Array]
) -> Array:
    """Reconciled values in which no part is above its stated total.

    Lowering a part moves all others, its total too; one round a pair settles a chain of them.
    """
    values = reconciled(most)
    for _ in range(len(parts)):
        if (values[parts] <= values[totals]).all():
            break
        most[parts] = np.minimum(values[totals], most[parts])
        values = reconciled(most)
    return values


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


def _on_started(names: Sequence[str]) -> Note:
    """Say which nodes go on from a nowcast."""
    text = (
        f"{counted(len(names), 'node')} go on from the nowcast of the year under way: "
        f"{listed(names[:5])}."
    )
    return Note("running_year", text.replace("1 node go", "1 node goes"), warning=True)


def _forecasts(
    nodes: Panel, asked: Request, horizon: int
) -> tuple[Array, Array, Array, Sequence[str]]:
    """Each node forecast on its own: values, lower and upper bounds of the last `horizon` years,
    and the nodes that go on from a nowcast.
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
    return base, lower, upper, [*answers.panel.starts]


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
