"""Rows of values and ranges as lines of text: models side by side, drivers of a size."""

from __future__ import annotations

from rural_forecast.document.picture import MAIN, Picture, Ranges, Row
from rural_forecast.render import scale as scales
from rural_forecast.render.terminal_pen import Pen, texts_below
from rural_forecast.render.wrapping import cell_len
from rural_forecast.text.numbers import percent

_LONGEST_NAME, _SHORTEST_NAME = 36, 8
_FEWEST = 10
"""Columns of the bars."""


def lines(picture: Picture, plot: Ranges, pen: Pen) -> list[str]:
    """One line a row: name, the ranges and the value on a common axis, the row's text."""
    texts = [pen.text(row.text) for row in plot.rows]
    if plot.weights:
        weights = [percent(100 * row.weight, ".0f") if row.weight is not None else "" for row in plot.rows]
        texts = [f"{text}  {weight:>{max(map(len, weights))}}" for text, weight in zip(texts, weights, strict=True)]
    right = max(map(cell_len, texts), default=0)
    longest = min(_LONGEST_NAME, max(pen.width - right - 4 - _FEWEST, _SHORTEST_NAME))
    names = [pen.cut(row.name, longest) for row in plot.rows]
    left = max(map(cell_len, names), default=0)
    room = max(pen.width - left - right - 4, _FEWEST)
    scale = scales.of(picture, max(room // 12, 2))

    def place(value: float) -> int:
        return min(max(round(scale.share(value) * (room - 1)), 0), room - 1)

    def track(row: Row) -> str:
        cells = [" "] * room
        spans = [(lower, upper, pen.sign("line")) for _, lower, upper in reversed(row.bounds)]
        spans[-1:] = [(lower, upper, pen.sign("inner")) for lower, upper, _ in spans[-1:]]
        spans += [(start, end, pen.sign("bar")[tone != MAIN]) for start, end, tone in row.bars]
        for start, end, sign in spans:
            low, high = sorted((place(start), place(end)))
            cells[low : high + 1] = sign * (high + 1 - low)
        for value, sign in ((plot.reference, "axis"), (row.value, "observed")):
            if value is not None:
                cells[place(value)] = pen.sign(sign)
        return "".join(cells)

    drawn = []
    for row, name, text in zip(plot.rows, names, texts, strict=True):
        line = f"{name}{' ' * (left - cell_len(name))}  {track(row)}  {' ' * (right - cell_len(text))}{text}"
        drawn.append(pen.ink(line, "1") if row.strong else line)
    ticks = texts_below([*map(pen.text, scale.texts)], [*map(place, scale.ticks)], room + right)
    return [*drawn, " " * (left + 2) + ticks, *_legend(plot, pen)]


def _legend(plot: Ranges, pen: Pen) -> list[str]:
    widths = (
        f"{pen.sign('line' if place else 'inner') * 3} {level} %" for place, level in enumerate(plot.levels) if level
    )
    bars = (f"{pen.sign('bar')[tone != MAIN] * 3} {pen.text(text)}" for text, tone in plot.key)
    rest = [f"last column: {pen.text(plot.weights)}"] if plot.weights else []
    rest += [f"{pen.sign('axis')} {pen.text(plot.reference_text)}"] if plot.reference_text else []
    return pen.together([*widths, *bars, *rest])
