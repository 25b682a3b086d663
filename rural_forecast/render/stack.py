"""Parts of a whole over years, stacked, with a row for each at the right edge."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from rural_forecast.document.picture import (
    Part,
    Picture,
    Stack,
)
from rural_forecast.render import scale as scales
from rural_forecast.render.canvas import (
    HALF_CAPITAL,
    Box,
    Canvas,
    Plane,
)
from rural_forecast.render.columns import prose
from rural_forecast.render.wrapping import width, wrapped
from rural_forecast.text.style import BOLD, MEDIUM, REGULAR

# Stacked parts: at the right edge, a leader, a swatch, the name and columns of texts for each.
_LEADER = 34.0
_SWATCH = 12.0
_SWATCH_GAP = 8
_NAME_TO_COLUMNS = 16
_BETWEEN_COLUMNS = 22.0
# Pixels of the longest name.
_LONGEST = 190
_LONGEST_ON_PHONE = 90
_ROW = 1.75  # ems from a row to the next one
_ABOVE_STACK = 2.2  # ems, for the heads of the rows


@dataclass(frozen=True, slots=True)
class _StackRows:
    """The rows at the right edge of a stack: texts, and the right edge of each of their columns."""

    parts: tuple[Part, ...]  # the whole comes last
    names: list[str]
    columns: list[float]
    width: float


def draw(picture: Picture, plot: Stack, canvas: Canvas, frame: Box) -> None:
    """Draw the parts, the line of the whole with its range, and a row for each at the right."""
    plane = Plane(picture, canvas, frame, plot.span)
    rows = _stack_rows(plot, canvas, frame)
    plane.right = frame.right - rows.width
    plane.top = frame.top + canvas.size.text * _ABOVE_STACK
    plane.grid()

    tops = [part.ys for part in plot.parts]
    edges = np.cumsum([np.zeros(len(plot.xs)), *tops], axis=0).tolist()
    colours = [f"part{shade}" for shade in plot.shades]
    for (lower, upper), colour in zip(pairwise(edges), colours, strict=True):
        outline = [*plane.points(plot.xs, upper), *reversed(plane.points(plot.xs, lower))]
        canvas.area(outline, colour, gap=1.4)
    _whole(plot, plane)

    middles = [plane.y((lower[-1] + upper[-1]) / 2) for lower, upper in pairwise(edges)]
    _write_stack_rows(plot, plane, rows, middles, colours)
    plane.years(plot.origin)


def _stack_rows(plot: Stack, canvas: Canvas, frame: Box) -> _StackRows:
    """Measure the rows of a stack; a phone has room for their first column alone."""
    text = canvas.size.text
    phone = canvas.size.name == "phone"
    parts = (*plot.parts, plot.whole)
    longest = _LONGEST_ON_PHONE if phone else _LONGEST
    names = [wrapped(part.name, longest, text, bold=True, most=1)[0] for part in parts]

    widths = []
    for index in range(1 if phone else len(plot.heads)):
        words = [plot.heads[index], *(part.texts[index] for part in parts)]
        widest = max(width(prose(word), text, bold=True) for word in words)
        widths.append(widest + _BETWEEN_COLUMNS)
    columns = [frame.right - sum(widths[index + 1 :]) for index in range(len(widths))]
    longest_name = max(width(name, text, bold=True) for name in names)
    whole_width = _LEADER + _SWATCH + _NAME_TO_COLUMNS + longest_name + sum(widths)
    return _StackRows(parts, names, columns, whole_width)


def _write_stack_rows(
    plot: Stack, plane: Plane, rows: _StackRows, middles: list[float], colours: list[str]
) -> None:
    """Write a row for each part at the height of its middle, that of the whole at the top."""
    canvas = plane.canvas
    text = canvas.size.text
    head = plane.top - text * 0.9
    for x, words in zip(rows.columns, plot.heads, strict=False):
        canvas.text(x, head, words, colour="quiet", anchor="end")

    wanted = [*middles, plane.y(plot.whole.ys[-1]) - text * 1.5]
    moved = scales.spread(wanted, text * _ROW, plane.top + 6, plane.bottom - 4)
    edge = plane.right
    start = plane.right + _LEADER
    for rank, (part, y) in enumerate(zip(rows.parts, moved, strict=True)):
        main = part is plot.whole
        if not main:
            middle = wanted[rank]
            leader = [(edge + 10, middle), (edge + 16, middle), (start - 6, y)]
            canvas.line(leader, "axis", 0.9)
            canvas.rect(Box(start, y - 6, start + _SWATCH, y + 6), colours[rank])

        baseline = y + text * HALF_CAPITAL
        colour = "accent" if main else "ink"
        weight = BOLD if main else REGULAR
        x = start + _SWATCH + _SWATCH_GAP
        canvas.text(x, baseline, rows.names[rank], colour=colour, weight=weight)
        for index, (x, words) in enumerate(zip(rows.columns, part.texts, strict=False)):
            tint = colour if index == 0 or main else "quiet"
            weight = REGULAR if index else BOLD
            canvas.text(x, baseline, words, colour=tint, weight=weight, anchor="end")


def _whole(plot: Stack, plane: Plane) -> None:
    """Draw observed values in ink, the forecast in the accent, its range as a line with ends."""
    canvas = plane.canvas
    line = canvas.size.line
    points = plane.points(plot.xs, plot.whole.ys)
    observed = sum(year <= plot.origin for year in plot.xs)
    if observed > 1:
        canvas.line(points[:observed], "ink", line)
    canvas.line(points[observed - 1 :], "accent", line)

    # The origin: dashes down to the years, in the colour of the page, and a dot.
    x, y = points[observed - 1]
    canvas.line([(x, y), (x, plane.bottom)], "paper", 2.0, "2 4")
    canvas.dot(x, y, 4.5, "ink")
    if plot.observed and x - width(plot.observed, canvas.size.text, bold=True) > plane.left:
        canvas.text(x - 10, y - 12, plot.observed, weight=MEDIUM, anchor="end", halo=True)

    lower, upper = map(plane.y, plot.bounds)
    canvas.line([(plane.right, lower), (plane.right, upper)], "paper", 5.0)
    canvas.span(plane.right, (lower, upper), line, half=7)
    canvas.dot(*points[-1], 6.0, "paper", "accent", 2.6)
