"""A panel as a picture: parts stacked over the years, what each brings of the growth, and each with its interval."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rural_forecast.document.picture import MAIN, PLAIN, Band, Column, Columns, Line, Panels, Picture, Ranges, Row
from rural_forecast.panels.panel import PanelForecast
from rural_forecast.text.numbers import Amounts, amounts, percent
from rural_forecast.views.panel import TITLE, claim
from rural_forecast.views.pictures.course import CREDIT, small, tone

MOST = 6
"""Parts with a colour and a drawing of their own; all others are summed up."""
EARLIER = 8
"""Years of history in a stack."""
OTHERS = "all others"


def picture(result: PanelForecast) -> Picture:
    """The parts of the first whole: the largest ones each, all others as one."""
    root = int(np.flatnonzero(result.tree.parents < 0)[0])
    parts = np.flatnonzero(result.tree.parents == root)
    order = parts[np.argsort(-result.values[parts, -1], kind="stable")]
    write = amounts(result.unit, [float(result.values[root, -1]), *result.values[order[:MOST], -1].tolist()])
    own = len(order) if len(order) <= MOST + 1 else MOST
    groups = [(result.tree.names[node], order[place : place + 1]) for place, node in enumerate(order[:own])]
    groups += [(OTHERS, order[own:])] if len(order) > own else []
    stack = _stacked(result, order, groups, write)
    finding = claim(result, root)
    notes = [] if stack else ["Parts are not stacked, as some are below zero or have no year in common."]
    notes += [f"{len(order) - own} smaller parts are drawn as one."] if len(order) > own else []
    fans = (_part(result, int(node), write) for node in order[:own])
    return Picture(
        plot=Panels((*stack, _growth(result, root, groups, write), *fans), per_row=2),
        title=TITLE,
        claim=finding,
        unit=write.unit,
        amounts=write,
        source=CREDIT,
        alternative=f"Stacked columns, bars of growth, a fan for each part. {finding} The numbers are in the table.",
        notes=tuple(notes),
    )


def _tone(place: int) -> int:
    return tone(place) if place < MOST else PLAIN


def _stacked(
    result: PanelForecast, parts: np.ndarray, groups: Sequence[tuple[str, np.ndarray]], write: Amounts
) -> list[Picture]:
    """The whole over the years by its parts; none where they cannot be on top of each other."""
    origin = result.years[0] - 1
    past = result.history[parts]
    known = np.flatnonzero(np.isfinite(past).all(axis=0))[-EARLIER:]
    if not len(known) or past[:, known].min() < 0 or result.values[parts].min() < 0:
        return []
    columns = []
    for year in (*(result.first + known).tolist(), *result.years):
        ahead = year > origin
        values = result.values[:, year - origin - 1] if ahead else result.history[:, year - result.first]
        texts = [""] * (len(groups) - 1) + [write(float(values[parts].sum()))]
        drawn = enumerate(zip(groups, texts, strict=True))
        stack = [Column(float(values[at].sum()), text, _tone(rank), faint=ahead) for rank, ((_, at), text) in drawn]
        columns.append((str(year), tuple(stack)))
    key = tuple((name, _tone(place)) for place, (name, _) in enumerate(groups))
    return [Picture(Columns(tuple(columns), key=key, stacked=True), title="By part, forecasts paler", amounts=write)]


def _growth(result: PanelForecast, root: int, groups: Sequence[tuple[str, np.ndarray]], write: Amounts) -> Picture:
    """Draw the gain of each part from its last value on, with its share of the gain of the whole."""
    whole = float(result.values[root, -1] - result.last[root])
    rows = []
    for name, nodes in groups:
        gain = float((result.values[nodes, -1] - result.last[nodes]).sum())
        share = f" ({percent(100 * gain / whole, '.0f')})" if whole > 0 else ""
        rows.append(Row(name, None, text=f"{write(gain)}{share}", bars=((0.0, gain, MAIN),)))
    title = f"Growth to {result.years[-1]} by part{', and its share' if whole > 0 else ''}"
    return Picture(Ranges(tuple(rows), reference=0.0), title=title, unit=write.unit, amounts=write)


def _part(result: PanelForecast, node: int, write: Amounts) -> Picture:
    """A small fan of one part with its narrowest interval."""
    past, level = result.history[node], result.levels[result.headline]
    known = np.flatnonzero(np.isfinite(past))
    years = tuple((result.first + known).tolist())
    values = tuple(past[known].tolist())
    xs = (years[-1], *result.years)
    sides = (result.values, result.lower[result.headline], result.upper[result.headline])
    ahead, lower, upper = ((values[-1], *side[node].tolist()) for side in sides)
    lines = Line("observed", years, values), Line("forecast", xs, ahead, MAIN, "dashed")
    interval = Band(f"{level} % interval", xs, lower, upper, level)
    return small(result.tree.names[node], *lines, interval, write)
