"""Parts that add up as areas over years, in svg: the line of the whole with its range, and a row for each part."""

from __future__ import annotations

from itertools import accumulate, pairwise

from rural_forecast.document.picture import Part, Picture, Stack
from rural_forecast.render import scale as scales
from rural_forecast.render.canvas import Box, Canvas
from rural_forecast.render.columns import prose
from rural_forecast.render.plane import Plane
from rural_forecast.render.wrapping import width, wrapped
from rural_forecast.text.style import BOLD, MOST_PARTS, REGULAR

_LEADER, _SWATCH, _BETWEEN = 34.0, 12.0, 22.0
_LONGEST, _LONGEST_PHONE = 190, 90


def draw(picture: Picture, plot: Stack, canvas: Canvas, frame: Box) -> None:
    """Draw the parts, the line of the whole with its range, and a row at the right edge for each."""
    plane, text, phone = Plane(picture, canvas, frame, plot.span), canvas.size.text, canvas.size.name == "phone"
    rows, shown = (*plot.parts, plot.whole), 1 if phone else len(plot.heads)
    most = _LONGEST_PHONE if phone else _LONGEST
    names = [wrapped(part.name, most, text, bold=True, most=1)[0] for part in rows]
    texts = [[plot.heads[at], *(part.texts[at] for part in rows)] for at in range(shown)]
    widths = [max(width(prose(word), text, bold=True) for word in words) + _BETWEEN for words in texts]
    longest = max(width(name, text, bold=True) for name in names)
    plane.right = frame.right - (_LEADER + _SWATCH + 16 + longest + sum(widths))
    plane.top = frame.top + text * 2.2  # for the heads of the rows
    plane.grid()
    bottom = (0.0,) * len(plot.xs)
    floors = [*accumulate((part.ys for part in plot.parts), _sum, initial=bottom)]
    for rank, part in enumerate(plot.parts):
        upper, lower = (plane.points(plot.xs, floors[at]) for at in (rank + 1, rank))
        canvas.area([*upper, *reversed(lower)], _colour(rank, part), gap=1.4)
    _whole(plot, plane)

    columns = [frame.right - sum(widths[at + 1 :]) for at in range(shown)]
    head = plane.top - text * 0.9
    for at, words in zip(columns, plot.heads, strict=False):
        canvas.text(at, head, words, colour="quiet", anchor="end")
    middles = [plane.y((low[-1] + high[-1]) / 2) for low, high in pairwise(floors)]
    wanted = [*middles, plane.y(plot.whole.ys[-1]) - text * 1.5]
    places = scales.spread(wanted, text * 1.75, plane.top + 6, plane.bottom - 4)
    edge, start = plane.right, plane.right + _LEADER
    for rank, (part, at) in enumerate(zip(rows, places, strict=True)):
        main, y = part is plot.whole, at + text * 0.35
        if not main:
            canvas.line([(edge + 10, wanted[rank]), (edge + 16, wanted[rank]), (start - 6, at)], "axis", 0.9)
            canvas.rect(Box(start, at - 6, start + _SWATCH, at + 6), _colour(rank, part))
        colour = "accent" if main else "ink"
        canvas.text(start + _SWATCH + 8, y, names[rank], colour=colour, weight=BOLD if main else REGULAR)
        for place, words in zip(columns, part.texts, strict=False):
            first = place == columns[0]
            tint = colour if first or main else "quiet"
            canvas.text(place, y, words, colour=tint, weight=BOLD if first else REGULAR, anchor="end")
    plane.years(plot.origin)


def _sum(one: tuple[float, ...], other: tuple[float, ...]) -> tuple[float, ...]:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def _colour(rank: int, part: Part) -> str:
    return f"part{MOST_PARTS}" if part.rest else f"part{rank % MOST_PARTS}"


def _whole(plot: Stack, plane: Plane) -> None:
    """Draw observed values in ink, the forecast in the accent, its range as a line with ends."""
    canvas, line = plane.canvas, plane.canvas.size.line
    edge, seen = plane.points(plot.xs, plot.whole.ys), sum(year <= plot.origin for year in plot.xs)
    if seen > 1:
        canvas.line(edge[:seen], "ink", line)
    canvas.line(edge[max(seen - 1, 0) :], "accent", line)
    if seen:
        x, y = edge[seen - 1]
        canvas.line([(x, y), (x, plane.bottom)], "paper", 2.0, "2 4")
        canvas.dot(x, y, 4.5, "ink")
    ends = [plane.y(end) for end in plot.bounds]
    canvas.line([(plane.right, end) for end in ends], "paper", 5.0)
    canvas.span(plane.right, ends, line, half=7)
    canvas.dot(*edge[-1], 6.0, "paper", "accent", 2.6)
