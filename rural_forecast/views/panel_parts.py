"""Parts of a whole as a picture draws them: over years, or in the last one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rural_forecast.document.picture import Part, Ranges, Stack
from rural_forecast.models.base import Integers
from rural_forecast.panels.panel import PanelForecast
from rural_forecast.text.cells import expression
from rural_forecast.text.numbers import Amounts, adding_up, percent, significant
from rural_forecast.text.style import MOST_PARTS
from rural_forecast.text.wording import capital, short
from rural_forecast.views.panel_nodes import ends_of, name_of, parts_of, roots_of, share_of_growth
from rural_forecast.views.rows import range_row

EARLIER = 15  # years of history drawn
_MOST_DIGITS = 5  # of the whole, where its smallest part would have two
_REST = expression(
    r"(?i)(?:all |the |\d+ )?"
    r"(?:others?|rest|remainder|remaining|residual|misc(?:ellaneous)?|unallocated|"
    r"sonstiges?|übrige|andere|autres?|otr[ao]s|altr[io]|outr[ao]s)(?:\W.*)?"
    r"|not elsewhere .*|其他.*|其它.*|その他.*|기타.*"
)
"""Names of a rest, such as `Other services`."""


@dataclass(frozen=True, slots=True)
class _DrawnParts:
    """Parts of a whole that are drawn as one: a node, or several smaller ones."""

    name: str
    nodes: list[int]


def _heads(result: PanelForecast) -> tuple[str, ...]:
    """Head the amounts beside a picture."""
    heads = (str(result.years[-1]), f"{result.levels[result.headline]} % range")
    root = roots_of(result)[0]
    grows = result.values[root, -1] > result.last[root]
    return (*heads, "of growth") if grows and parts_of(result, root) else heads


def _growth_text(result: PanelForecast, nodes: Sequence[int]) -> tuple[str, ...]:
    """Write the share of the growth of the whole that some parts bring; of none without growth."""
    shares = [share_of_growth(result, node) for node in nodes]
    defined = [share for share in shares if share is not None]
    return (percent(sum(defined), ".0f"),) if len(defined) == len(shares) else ("",)


def _groups(result: PanelForecast, root: int) -> list[_DrawnParts]:
    """Group the parts of a whole for a picture: the largest by themselves, all others as one."""
    order = sorted(parts_of(result, root), key=lambda node: -result.values[node, -1])
    groups = [_DrawnParts(short(name_of(result, node)), [node]) for node in order[:MOST_PARTS]]
    left = order[MOST_PARTS:]
    if len(left) == 1:
        groups.append(_DrawnParts(short(name_of(result, left[0])), left))
    elif left:
        groups.append(_DrawnParts(f"{len(left)} others", left))
    return groups


def ranges_of(result: PanelForecast, root: int, write: Amounts) -> Ranges:
    """Draw the whole and its parts in the last year; several parts as one have no range."""
    level = result.levels[result.headline]
    whole = _DrawnParts(capital(short(name_of(result, root))), [root])
    rows = []
    for group in (whole, *_groups(result, root)):
        bounds = []
        if len(group.nodes) == 1:
            bounds.append((level, *ends_of(result, group.nodes[0])[result.headline]))
        value = float(result.values[group.nodes, -1].sum())
        share = _growth_text(result, group.nodes)
        rows.append(range_row(group.name, value, bounds, write, *share, answer=group is whole))
    return Ranges(tuple(rows), _heads(result))


def stack_of(result: PanelForecast, root: int, write: Amounts, complete: Integers) -> Stack:
    """Draw the parts on top of each other, over the years of history in which all are known."""
    groups = _groups(result, root)
    sums = [float(result.values[group.nodes, -1].sum()) / write.factor for group in groups]
    places = _places_of_parts(sums, write)
    fine = write._replace(places=places)
    printed = adding_up(sums, 10.0**-places)

    parts = []
    for group, value in zip(groups, printed, strict=True):
        before = result.history[group.nodes][:, complete].sum(axis=0)
        after = result.values[group.nodes].sum(axis=0)
        ys = tuple(np.concatenate([before, after]).tolist())
        alone = len(group.nodes) == 1
        span = _span(result, group.nodes[0], fine) if alone else ""
        texts = (_scaled(value, fine), span, *_growth_text(result, group.nodes))
        parts.append(Part(group.name, ys, texts, rest=not alone))
    whole = Part(
        capital(short(name_of(result, root))),
        tuple(map(sum, zip(*(part.ys for part in parts), strict=True))),
        (_scaled(sum(printed), fine), _span(result, root, fine), ""),
    )
    return Stack(
        xs=(*(result.first + complete).tolist(), *result.years),
        parts=tuple(parts),
        whole=whole,
        bounds=ends_of(result, root)[result.headline],
        heads=_heads(result),
        origin=float(result.years[0] - 1),
        observed=f"{write.given(float(result.last[root]))} observed",
    )


def _places_of_parts(sums: Sequence[float], write: Amounts) -> int:
    """Choose decimals that give the smallest part two digits, and the whole no more than five."""
    smallest = min((abs(end) for end in sums if end), default=1.0)
    total = abs(sum(sums)) or 1.0
    places = min(significant(smallest, 2), significant(total, _MOST_DIGITS - 1))
    return max(places, write.places or 0)


def _span(result: PanelForecast, node: int, write: Amounts) -> str:
    """Write the range of a node in the last year."""
    low, high = ends_of(result, node)[result.headline]
    value = float(result.values[node, -1])
    return " to ".join(write.of_range(value, low, high).bounds(low, high))


def _scaled(value: float, write: Amounts) -> str:
    """Write a value that is in the unit of the picture already."""
    return write._replace(unit="", factor=1.0)(value)
