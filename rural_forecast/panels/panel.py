"""A panel forecast node by node with the engine of `batch`, and made to add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from rural_forecast.api import Comparable
from rural_forecast.errors import InputError, UsageError, option
from rural_forecast.forecasting.answers import Answers, answered, paths_of_totals, within_limits
from rural_forecast.forecasting.batch.inputs import opened, opened_frame
from rural_forecast.forecasting.batch.rows import doubtful, findings
from rural_forecast.forecasting.distribution import level_scores
from rural_forecast.forecasting.leaders import SURVIVED, Continued, ahead_of, leaders_of, led
from rural_forecast.forecasting.panel import Panel, Refusal, Request, request
from rural_forecast.forecasting.question import (
    DEFAULT_HORIZON,
    DEFAULT_LEVELS,
    headline,
    require_consensus,
)
from rural_forecast.forecasting.result import converted, in_currency
from rural_forecast.models.base import HUGE, Array, Flags, Integers
from rural_forecast.notes import Note
from rural_forecast.panels import tree as trees
from rural_forecast.panels.tree import (
    SEPARATOR,
    Method,
    Tree,
    from_ids,
    from_parents,
    narrowed,
    nested,
    reconcile,
)
from rural_forecast.series.history import History, annual
from rural_forecast.series.money import Conversion, Exchange, deflator
from rural_forecast.series.observation import Series
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.reading.source import name_of
from rural_forecast.series.shares import whole_of
from rural_forecast.text.wording import counted, listed

if TYPE_CHECKING:
    from narwhals.typing import IntoDataFrame

_AMOUNTS = "Give amounts or counts."
WEIGHED = 80
WIDEST = 99
"""Levels that are always there, so that no number depends on those asked for: nodes are weighed by
the intervals of the
first; where the second reaches below zero, bounds are moved by differences."""
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
        names = [*dict.fromkeys(name for names in self.followed.values() for name in names)][:5]
        tried = f"{counted(self.n, 'forecast')} from {counted(self.origins, 'past origin')}"
        chosen = f"{tried} are too few to choose"
        if self.n >= LEAST:
            chosen = f"{tried} erred {100 * (1 - self.errors[self.scale] / self.errors[0.0]):.0f} % less with that"
        text = f"{counted(len(self.followed), 'node')} can follow {listed(names)}, by {self.scale:g} times the learned"
        return Note("led", f"{text} weights: {chosen}. {SURVIVED}")


@dataclass(frozen=True, slots=True, eq=False)
class PanelForecast(Comparable):
    """Forecasts of every node of a tree that add up."""

    tree: Tree
    years: tuple[int, ...]
    levels: tuple[int, ...]
    method: Method
    first: int  # the first year of the history
    history: Array
    """shape (node, year), NaN where unknown; a whole without values of its own is the sum of its
    parts.
    """
    base: Array  # each node forecast on its own; shape (node, year)
    values: Array  # the same, reconciled
    lower: Array  # shape (level, node, year)
    upper: Array
    model: str
    unit: str
    notes: tuple[Note, ...]
    leading: Leading | None = None
    """the leading markets that are stated, in the unit before conversion."""
    money: tuple[Conversion, ...] = ()
    """How amounts were converted, in order: to the prices of one year, to another currency."""

    @property
    def headline(self) -> int:
        """Place of the level that sentences name."""
        return headline(self.levels)

    @property
    def last(self) -> Array:
        """The last value of each node, of its own last year; shape (node,)."""
        ends = self.history.shape[1] - 1 - np.isfinite(self.history)[:, ::-1].argmax(axis=1)
        last: Array = self.history[np.arange(len(ends)), ends]
        return last

    def __repr__(self) -> str:
        return f"<PanelForecast of {len(self.tree.names):,} nodes: {self.years[0]} to {self.years[-1]}>"


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
    method : `weighted` by the intervals of all nodes, `top-down` from the whole, or `bottom-up`
        from the leaves
    separator : between the parts of an id, from the whole to the leaf
    parents : the parent of each node, in place of the separator
    real : forecast amounts in the prices of this year; `inflation` as for `deflator`
    like : the same product in other markets, in the unit of the parts: nodes follow those that are
        ahead of them, with weights that the panel's own past origins choose. Each whatever makes a
        series

    Raises
    ------
    InputError : the file is refused, one of its series is, or its numbers are not those of a tree
    UsageError : an unknown model, level or year, or an empty separator
    """
    if not separator and parents is None:
        raise UsageError(
            "No separator is given.", f"Name what parts an id, such as {option('separator', '/')}."
        )
    models = () if model == "consensus" else (model,)
    require_consensus(models, like=like)
    asked = request(year=year, horizon=horizon, levels=levels, models=models)
    file = str(source) if isinstance(source, str | Path) else ""
    reading = options or ReadOptions()
    opening = opened(file, reading) if file else opened_frame(source, reading)
    panels = []
    for part in opening.parts:
        _refuse(part.refusals)
        panels.append(part.panel)
    read = reduce(Panel.then, panels)
    if read.wholes:
        raise InputError(f"{next(iter(read.wholes))} is a rate, and rates do not add up.", _AMOUNTS)
    tree, left = (
        from_ids(read.ids, separator) if parents is None else from_parents(read.ids, parents)
    )
    units = sorted({read.units[place] for place in tree.series[tree.series >= 0].tolist()})
    if len(units) > 1:
        raise InputError(f"The series are in {listed(units[:2])}.", "Give all parts in one unit.")
    if whole_of(unit := "".join(units)) is not None:
        raise InputError(f"The series are in {unit}, and shares do not add up.", _AMOUNTS)
    # Wholes here, as noted.
    notes = [note for note in opening.notes(history=asked.history) if note.code != "total_row"]
    if left:
        notes.append(
            Note(
                "outside_tree",
                f"{len(left):,} series are outside the tree: {listed(left[:5])}.",
                warning=True,
            )
        )
    notes += findings(doubtful(read), len(read.ids), name_of(file) if file else "")
    money: tuple[Conversion, ...] = ()
    if real is not None:
        how = deflator(unit, real, inflation=inflation)
        years, place = np.unique(read.years, return_inverse=True)
        rates = np.array([how.rate(year) for year in years.tolist()])
        unit = how.unit
        money = (how,)
        read = replace(read, values=read.values / rates[place], units=[unit] * len(read.ids))
        notes = [how.note(years.tolist()), *notes]
    for market in like:
        if market.unit and unit and market.unit != unit:
            raise InputError(
                f"{market.id} is in {market.unit}, and the panel in {unit}.",
                "Give both in one unit.",
            )
    result = of_tree(
        tree, read, asked, method, unit, [annual(market, allow_gaps=True) for market in like]
    )
    return replace(result, money=money, notes=(*notes, *result.notes))


def _refuse(refusals: Sequence[Refusal]) -> None:
    for name, error in refusals[:1]:
        more = f" {len(refusals) - 1:,} more are refused." if len(refusals) > 1 else ""
        problem = f"series {name}: {error.problem.rstrip('.')}.{more}"
        hint = f"{error.hint} A whole needs all of its parts.".lstrip()
        raise InputError(problem, hint, code=error.code, place=error.place, value=error.value)


def of_tree(
    tree: Tree,
    read: Panel,
    asked: Request,
    method: Method,
    unit: str = "",
    like: Sequence[History] = (),
) -> PanelForecast:
    """Forecast the nodes of a tree whose leaves, at least, are series of a panel; `like`: markets
    that may be ahead.
    """
    known, first = trees.table(tree, read)
    present = np.isfinite(known)
    lengths = present.sum(axis=1)
    ends = present[:, ::-1].argmax(axis=1)
    origins: Integers = (first + known.shape[1] - 1 - ends).astype(np.int64)
    notes = [*trees.notes(tree, known, first, origins)]
    node_of = {read.ids[at]: node for node, at in enumerate(tree.series.tolist()) if at >= 0}
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    units = [unit] * len(tree.names)
    within = {
        tree.names[node]: read.within[name] for name, node in node_of.items() if name in read.within
    }
    nodes = Panel(
        tree.names,
        offsets,
        known[present],
        origins,
        units,
        within=within,
        totals=read.with_totals().totals,
    )
    origin = int(origins.max())
    target = asked.year or origin + (asked.horizon or DEFAULT_HORIZON)
    if target <= origin:
        raise UsageError(
            f"{target} is not after the origin {origin}.", f"Ask for {option('year', origin + 1)}."
        )
    every = tuple(sorted({*asked.levels, WEIGHED, WIDEST}))
    shown = [every.index(level) for level in asked.levels]
    weighed = every.index(WEIGHED)
    leaders = leaders_of(like)
    found = None
    asked = asked._replace(year=target, horizon=None, levels=every, leaders=leaders)
    if like:
        found = leading(nodes, asked, target - origin, like)
        notes = [found.note(), *notes]
        asked = asked._replace(lead=found.scale)
    made, refusals = answered(nodes, asked)
    _refuse(refusals)
    base, lower, upper = _forecasts(made, asked, target - origin)
    lower, upper = narrowed(tree, base, lower, upper, weighed, lengths)
    deviation = np.minimum(
        (upper[weighed] - lower[weighed]) / (2 * level_scores((WEIGHED,))[0]), 1e120
    )
    nonnegative: Flags = np.nanmin(known, axis=1) >= 0
    # Of the value, the lower and the upper bounds.
    most = np.full((1 + 2 * len(every), *base.shape), np.inf)
    for node, path in paths_of_totals(nodes, asked):
        most[:, node] = np.concatenate([path.values[None], path.lower, path.upper])[
            :, -base.shape[1] :
        ]
    held = [
        (node_of[part], node_of[total])
        for part, total in read.within.items()
        if {part, total} <= node_of.keys()
    ]
    parts, totals = np.array(held, dtype=np.int64).reshape(-1, 2).T
    for _ in range(1 + len(held)):
        values = reconcile(tree, base, deviation, nonnegative, method, most=most[0])
        if (values[parts] <= values[totals]).all():
            break
        most[0, parts] = np.minimum(values[totals], most[0, parts])
    bounds = np.minimum(np.concatenate(_moved(base, values, lower, upper, nonnegative)), most[1:])
    bounds = nested(tree, nonnegative, bounds)
    while (bounds[:, parts] > bounds[:, totals]).any():
        bounds[:, parts] = np.minimum(bounds[:, parts], bounds[:, totals])
        bounds = nested(tree, nonnegative, bounds)
    lower, upper = np.split(bounds, 2)
    return PanelForecast(
        tree=tree,
        years=tuple(range(origin + 1, target + 1)),
        levels=tuple(every[place] for place in shown),
        method=method,
        first=first,
        history=known,
        base=base,
        values=values,
        lower=np.minimum(lower[shown], values),
        upper=np.maximum(upper[shown], values),
        model=asked.slots[0],
        unit=unit,
        notes=tuple(notes),
        leading=found,
    )


@in_currency.register
def _converted(result: PanelForecast, how: Exchange) -> PanelForecast:
    """Every amount at the rate of its year, which is one for all nodes: parts still add up."""
    known = range(result.first, result.first + result.history.shape[1])
    past, ahead = (np.array([how.rate(year) for year in years]) for years in (known, result.years))
    values, lower, upper = converted(result.values, result.lower, result.upper, result.years, how)
    return replace(
        result,
        history=result.history / past,
        base=result.base / ahead,
        values=values,
        lower=lower,
        upper=upper,
        unit=how.unit,
        money=(*result.money, how),
        notes=(how.note((*known, *result.years), "forecast", result.unit), *result.notes),
    )


def _forecasts(made: Answers, asked: Request, horizon: int) -> tuple[Array, Array, Array]:
    years = made.ahead[:, None] - horizon + np.arange(horizon)
    rows = np.arange(len(years))[:, None]
    base, lower, upper = (side[..., 0, :][..., rows, years] for side in made.bounds)
    if not np.isfinite(base).all():
        raise InputError(
            f"{asked.slots[0]} does not reach {asked.year} for every node.", "Ask for fewer years."
        )
    return base, lower, upper


def _moved(
    base: Array, values: Array, lower: Array, upper: Array, nonnegative: Flags
) -> tuple[Array, Array]:
    """Each node's own interval, moved with its value: by a factor where all is positive, by a
    difference otherwise.
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
    """Choose how much leaders count: the scale with the least error of forecasts from past origins,
    1 where few are.
    """
    tried = [*_past(nodes, asked, horizon)]
    errors: Array = (
        np.concatenate([each for _, each in tried], axis=1) if tried else np.empty((len(SCALES), 0))
    )
    mean = dict(zip(SCALES, errors.mean(axis=1).tolist(), strict=True)) if tried else {}
    count = errors.shape[1]
    known = Continued()
    followed = {}
    for place, name in enumerate(nodes.ids):
        _, first, values = nodes.series(place)
        if values[-1] > 0 and (
            ahead := ahead_of(values, first + len(values) - 1, 1, asked.leaders, None, None, known)
        ):
            followed[name] = tuple(lead.name for lead in ahead)
    scale = min(mean, key=lambda scale: mean[scale]) if count >= LEAST else 1.0
    return Leading(
        tuple(markets), scale, mean, count, len({origin for origin, _ in tried}), followed
    )


def _past(nodes: Panel, asked: Request, horizon: int) -> Iterator[tuple[int, Array]]:
    """Errors of the nodes from past origins, with each origin; shape (scale, year), on the log
    scale.
    """
    last = int(nodes.origins.max())
    known = Continued()
    for origin in range(last - 1, last - 1 - MOST_ORIGINS, -1):
        later = nodes.origins - origin
        kept = np.flatnonzero((later > 0) & (nodes.lengths - later >= LEAST_POINTS))
        if not len(kept):
            continue
        steps = min(horizon, last - origin)
        past = nodes.select(kept).before(later[kept])
        points = within_limits(
            past, asked._replace(year=None, horizon=steps, levels=(), leaders=())
        ).points[:, 0]
        for row, place in enumerate(kept.tolist()):
            values = past.series(row)[2]
            came = nodes.series(place)[2][len(values) :][:steps]
            ahead = (
                ahead_of(values, origin, steps, asked.leaders, None, None, known)
                if values[-1] > 0
                else ()
            )
            if not ahead or came.min() <= 0:
                continue
            alone = points[row], np.empty((0, steps)), np.empty((0, steps))
            made = np.stack([led(alone, ahead, (), None, scale)[0] for scale in SCALES])
            with np.errstate(divide="ignore"):
                off = np.abs(np.log(made[:, : len(came)]) - np.log(came))
            if np.isfinite(off).all():
                yield origin, off
