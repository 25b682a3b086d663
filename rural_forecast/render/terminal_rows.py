"""Rows of values and ranges as lines of text: models side by side, drivers of a size."""

from __future__ import annotations

from math import log10

from rural_forecast.picture import Picture, Ranges
from rural_forecast.render import axes
from rural_forecast.render.reading import prose
from rural_forecast.render.wrapping import cell_len, chop_cells

_LONGEST_NAME = 36
_UNICODE, _ASCII = ("─", "━", "●", "│"), ("-", "=", "o", "|")


def lines(picture: Picture, plot: Ranges, width: int, *, color: bool, unicode: bool) -> list[str]:
    """One line a row: name, the ranges and the value on a common axis, the row's text."""
    outer, inner, dot, rule = _UNICODE if unicode else _ASCII
    names = ["".join(chop_cells(prose(row.name, unicode=unicode), _LONGEST_NAME)[:1]) for row in plot.rows]
    texts = [prose(row.text, unicode=unicode) for row in plot.rows]
    left, right = (max(map(cell_len, cells), default=0) for cells in (names, texts))
    room = max(width - left - right - 4, 10)
    logarithmic = picture.logarithmic and plot.positive
    low, high = axes.extent(picture)
    ticks = (axes.log_ticks if logarithmic else axes.value_ticks)(low, high, max(room // 12, 2))

    def place(value: float) -> int:
        start, end, at = (log10(v) if logarithmic else v for v in (ticks[0], ticks[-1], value))
        return min(max(round((at - start) / (end - start) * (room - 1)), 0), room - 1)

    found = [prose(picture.unit, unicode=unicode)] if picture.unit else []
    for row, name, text in zip(plot.rows, names, texts, strict=True):
        track = [" "] * room
        for rank, (_, lower, upper) in enumerate(reversed(row.bounds)):
            narrowest = rank == len(row.bounds) - 1
            for at in range(place(lower), place(upper) + 1):
                track[at] = inner if narrowest else outer
        if plot.reference is not None:
            track[place(plot.reference)] = rule
        if row.value is not None:
            track[place(row.value)] = dot
        line = f"{name}{' ' * (left - cell_len(name))}  {''.join(track)}  {' ' * (right - cell_len(text))}{text}"
        found.append(f"\x1b[1m{line}\x1b[0m" if color and row.strong else line)
    found.append(" " * (left + 2) + _axis(ticks, [place(tick) for tick in ticks], room))
    levels = sorted({level for row in plot.rows for level, _, _ in row.bounds})
    said = [f"{inner * 3 if level == levels[0] else outer * 3} {level} %" for level in levels if level]
    if plot.reference_text:
        said.append(f"{rule} {prose(plot.reference_text, unicode=unicode)}")
    return [*found, "   ".join(said)] if said else found


def _axis(ticks: list[float], places: list[int], room: int) -> str:
    """Tick texts under their places; one that would touch its neighbour is left out."""
    line = [" "] * (room + 12)
    free = 0
    for text, at in zip(axes.texts(ticks), places, strict=True):
        start = max(at - len(text) // 2, 0)
        if start >= free:
            line[start : start + len(text)] = text
            free = start + len(text) + 1
    return "".join(line).rstrip()
