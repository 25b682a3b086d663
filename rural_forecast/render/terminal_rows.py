"""Rows of values and ranges as lines of text: models side by side, drivers of a size."""

from __future__ import annotations

from collections.abc import Sequence

from rural_forecast.document.picture import MAIN, Picture, Ranges
from rural_forecast.render import scale as scales
from rural_forecast.render.reading import prose
from rural_forecast.render.wrapping import cell_len, cut, wrap
from rural_forecast.text.numbers import percent

_LONGEST_NAME, _SHORTEST_NAME = 36, 8
_FEWEST = 10
"""Columns of the bars."""
_UNICODE, _ASCII = ("─", "━", "●", "│", "█", "▒"), ("-", "=", "o", "|", "#", ":")


def lines(picture: Picture, plot: Ranges, width: int, *, color: bool, unicode: bool) -> list[str]:
    """One line a row: name, the ranges and the value on a common axis, the row's text."""
    outer, inner, dot, rule, *bars = _UNICODE if unicode else _ASCII
    texts = [prose(row.text, unicode=unicode) for row in plot.rows]
    if plot.weights:
        weights = [percent(100 * (row.weight or 0), ".0f") if row.weight is not None else "" for row in plot.rows]
        widest = max(map(cell_len, weights))
        texts = [f"{text}  {' ' * (widest - len(own))}{own}" for text, own in zip(texts, weights, strict=True)]
    right = max(map(cell_len, texts), default=0)
    longest = min(_LONGEST_NAME, max(width - right - 4 - _FEWEST, _SHORTEST_NAME))
    names = [cut(prose(row.name, unicode=unicode), longest, "…" if unicode else "~") for row in plot.rows]
    left = max(map(cell_len, names), default=0)
    room = max(width - left - right - 4, _FEWEST)
    scale = scales.of(picture, max(room // 12, 2))

    def place(value: float) -> int:
        return min(max(round(scale.share(value) * (room - 1)), 0), room - 1)

    found = [prose(picture.unit, unicode=unicode)] if picture.unit else []
    for row, name, text in zip(plot.rows, names, texts, strict=True):
        track = [" "] * room
        for rank, (_, lower, upper) in enumerate(reversed(row.bounds)):
            narrowest = rank == len(row.bounds) - 1
            for at in range(place(lower), place(upper) + 1):
                track[at] = inner if narrowest else outer
        for start, end, tone in row.bars:
            low, high = sorted((place(start), place(end)))
            for at in range(low, high + 1):
                track[at] = bars[0 if tone == MAIN else 1]
        if plot.reference is not None:
            track[place(plot.reference)] = rule
        if row.value is not None:
            track[place(row.value)] = dot
        line = f"{name}{' ' * (left - cell_len(name))}  {''.join(track)}  {' ' * (right - cell_len(text))}{text}"
        found.append(f"\x1b[1m{line}\x1b[0m" if color and row.strong else line)
    ticks = [prose(text, unicode=unicode) for text in scale.texts]
    found.append(" " * (left + 2) + texts_below(ticks, [place(tick) for tick in scale.ticks], room + right))
    legend = [f"{inner * 3 if level == plot.levels[0] else outer * 3} {level} %" for level in plot.levels if level]
    legend += [f"{bars[0 if tone == MAIN else 1] * 3} {prose(text, unicode=unicode)}" for text, tone in plot.key]
    if plot.weights:
        legend.append(f"last column: {prose(plot.weights, unicode=unicode)}")
    if plot.reference_text:
        legend.append(f"{rule} {prose(plot.reference_text, unicode=unicode)}")
    return [*found, *wrap("   ".join(legend), width)] if legend else found


def texts_below(texts: Sequence[str], places: Sequence[int], room: int) -> str:
    """Texts under their places in one line; one that would touch its neighbour is left out."""
    line = [" "] * room
    free = 0
    for text, at in zip(texts, places, strict=True):
        start = max(min(at - len(text) // 2, room - len(text)), 0)
        if start >= free:
            line[start : start + len(text)] = text
            free = start + len(text) + 1
    return "".join(line).rstrip()
