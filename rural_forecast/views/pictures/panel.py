"""`panel` as a picture: parts over years on top of each other, adding up as printed, with the range of the whole."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rural_forecast.document.picture import MAIN, Part, Picture, Ranges, Row, Stack
from rural_forecast.panels.panel import PanelForecast
from rural_forecast.text.headline import short
from rural_forecast.text.style import MOST_PARTS, Digits, adding_up, digits
from rural_forecast.text.wording import capital
from rural_forecast.views.panel import heading
from rural_forecast.views.pictures.course import CREDIT, SUPPLIED

EARLIER = 15
"""Years of history drawn."""
_MOST_DIGITS = 5
"""Of the whole, where its smallest part would have two."""


def picture(result: PanelForecast) -> Picture:
    """The parts of the first whole: at most five each, all others as one."""
    tree = result.tree
    root = int(np.flatnonzero(tree.parents < 0)[0])
    parts = np.flatnonzero(tree.parents == root)
    order = parts[np.argsort(-result.values[parts, -1], kind="stable")]
    own = min(len(order), MOST_PARTS)
    groups = [(short(_own_name(tree.names[node])), order[place : place + 1]) for place, node in enumerate(order[:own])]
    groups += [("other", order[own:])] if len(order) > own else []
    place = result.headline
    value, low, high = (float(side[root, -1]) for side in (result.values, result.lower[place], result.upper[place]))
    write = digits(result.unit, float(result.last[root]), value, (low, high))
    name = capital(short(_own_name(tree.names[root])))
    head = heading(result, write)
    plot = _stack(result, root, groups, name, write)
    return Picture(
        plot=plot or _rows(result, root, groups, name, write),
        title=head.text,
        subtitle=head.subtitle,
        about="" if own == len(order) else f"{len(order) - own} smaller parts are drawn as one",
        unit=write.unit,
        amounts=write,
        source=f"Source: {SUPPLIED}. {CREDIT}",
        alternative=f"{'Stacked areas' if plot else 'Ranges'} of {len(order)} parts. {head.text}. {head.subtitle}.",
    )


def _own_name(name: str) -> str:
    return name.rpartition(" / ")[2] or "All"


def _stack(
    result: PanelForecast, root: int, groups: Sequence[tuple[str, np.ndarray]], name: str, write: Digits
) -> Stack | None:
    """The parts over the years; None where they cannot be on top of each other."""
    parts = np.concatenate([nodes for _, nodes in groups])
    past = result.history[parts]
    known = np.flatnonzero(np.isfinite(past).all(axis=0))[-EARLIER:]
    if not len(known) or past[:, known].min() < 0 or result.values[parts].min() < 0:
        return None
    xs = (*(result.first + known).tolist(), *result.years)
    place = result.headline
    ends = [float(result.values[nodes, -1].sum()) / write.factor for _, nodes in groups]
    step = _step(ends, write)
    fine = write._replace(step=step)
    texts = [Digits("", 1.0, step)(end) for end in adding_up(ends, step)]
    drawn = []
    for (part, nodes), text in zip(groups, texts, strict=True):
        ys = np.concatenate([result.history[nodes][:, known].sum(axis=0), result.values[nodes].sum(axis=0)])
        low, high = (float(side[place, nodes[0], -1]) for side in (result.lower, result.upper))
        span = f"{fine(low)} to {fine(high)}" if len(nodes) == 1 else ""
        drawn.append(Part(part, tuple(ys.tolist()), (text, span), rest=len(nodes) > 1))
    drawn.sort(key=lambda part: part.rest)
    low, high = (float(side[place, root, -1]) for side in (result.lower, result.upper))
    total = Digits("", 1.0, step)(sum(adding_up(ends, step)))
    whole = tuple(sum(values) for values in zip(*(part.ys for part in drawn), strict=True))
    heads = (str(result.years[-1]), f"{result.levels[place]} % range")
    all_of = Part(name, whole, (total, f"{fine(low)} to {fine(high)}"))
    return Stack(xs, tuple(drawn), all_of, (low, high), heads, float(result.years[0] - 1))


def _step(ends: Sequence[float], write: Digits) -> float:
    """Two digits of the smallest part, as far as the whole stays readable."""
    smallest = min((abs(end) for end in ends if end), default=1.0)
    fine = 10.0 ** (np.floor(np.log10(smallest)) - 1)
    most = 10.0 ** (np.floor(np.log10(abs(sum(ends)) or 1.0)) - _MOST_DIGITS + 2)
    return float(min(max(fine, most), write.step or 1.0))


def _rows(
    result: PanelForecast, root: int, groups: Sequence[tuple[str, np.ndarray]], name: str, write: Digits
) -> Ranges:
    """A row a part, where parts cannot be stacked."""
    place, level = result.headline, result.levels[result.headline]
    rows: list[Row] = []
    for part, nodes in [(name, np.array([root])), *groups]:
        value = float(result.values[nodes, -1].sum())
        low, high = (float(side[place, nodes[0], -1]) for side in (result.lower, result.upper))
        bounds = ((level, low, high),) if len(nodes) == 1 else ()
        span = f"{write(low)} to {write(high)}" if bounds else ""
        first = not rows
        rows.append(Row(part, value, bounds, (write(value), span), tone=MAIN if first else 0, strong=first))
    return Ranges(tuple(rows), (str(result.years[-1]), f"{level} % range"))
