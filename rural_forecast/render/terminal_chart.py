"""A picture on a terminal: distinguished by signs and texts first, by colour where there is some.

Every sign has its ASCII twin, for terminals that know nothing else. Columns, panels and rows with ranges are lines of
text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, cycle, repeat
from typing import TYPE_CHECKING

from rural_forecast.document.picture import MAIN, Columns, Course, Panels, Picture, Ranges, Row
from rural_forecast.render import key, terminal_course
from rural_forecast.render import scale as scales
from rural_forecast.render.terminal_pen import Pen, texts_below
from rural_forecast.render.wrapping import cell_len, padded, wrap
from rural_forecast.text.numbers import percent
from rural_forecast.text.sparkline import sparkline

if TYPE_CHECKING:
    from rural_forecast.document.picture import Column
    from rural_forecast.text.numbers import Amounts

UNKNOWN_WIDTH, NARROWEST, WIDEST = 80, 30, 120
_LONGEST_NAME = 34
"""Columns of the title of a panel."""
_LONGEST_ROW_NAME, _SHORTEST_ROW_NAME = 36, 8
_FEWEST = 10
"""Columns of the bars."""


def render(
    picture: Picture, *, width: int | None = None, color: bool = False, unicode: bool = True, head: bool = True
) -> str:
    """Draw the picture with its title, the answer and what the signs mean.

    `width`: columns of the terminal, 80 where it is not known; at least 30, and at most 120 are used; `head`: whether
    title, answer and definition are above the drawing, and the source below it.
    """
    pen = Pen(min(max(width or UNKNOWN_WIDTH, NARROWEST), WIDEST), color, unicode)
    lines = drawing(picture, pen)
    if head:
        name = picture.title if picture.claim else ""
        above = [*pen.lines(picture.head, "1"), *pen.lines(name), *pen.lines(picture.subtitle, "2")]
        lines = [*above, "", *lines, *pen.lines(picture.source, "2")]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def drawing(picture: Picture, pen: Pen) -> list[str]:
    """The drawing itself and the lines that explain it."""
    plot = picture.plot
    lines = [] if isinstance(plot, Panels) else pen.lines(picture.unit, "2")
    if isinstance(plot, Panels):
        lines += _panels(plot, pen)
    elif isinstance(plot, Columns):
        lines += _distribution(plot, pen) if plot.touching else _columns(plot, picture.amounts, pen)
    elif isinstance(plot, Course):  # in character cells, traces would hide the fan
        lines += terminal_course.lines(picture, replace(plot, traces=()), pen)
    else:
        lines += _rows(picture, plot, pen)
    return [*lines, *(line for note in key.notes(picture) for line in pen.lines(note, "2"))]


def _panels(plot: Panels, pen: Pen) -> list[str]:
    """Small pictures one below the other, then several courses as one line each."""
    courses = [picture for picture in plot.pictures if isinstance(picture.plot, Course)]
    courses = courses if len(courses) > 1 or len(plot.pictures) == 1 else []
    others = [picture for picture in plot.pictures if picture not in courses]
    parts = [[*pen.lines(picture.head, "1"), *drawing(picture, pen)] for picture in others]
    parts += [_sparks(courses, pen)] if courses else []
    return [line for part in parts for line in ("", *part)][1:]


def _columns(plot: Columns, amounts: Amounts, pen: Pen) -> list[str]:
    """A bar for each column, its text behind it."""
    tones = sorted({column.tone for _, group in plot.groups for column in group})
    signs = dict(zip(tones, cycle(pen.sign("columns")), strict=False))
    names = [pen.text(name) for name, _ in plot.groups]
    apart = max(map(cell_len, names)) > pen.width // 3
    left = 2 if apart else max(map(cell_len, names)) + 2
    texts = {column: pen.text(_text(column, amounts)) for _, group in plot.groups for column in group}
    room = max(pen.width - left - max(map(cell_len, texts.values())) - 1, 8)
    unit = room / (max(map(abs, plot.drawn)) or 1.0)
    drawn = []
    for name, (_, group) in zip(names, plot.groups, strict=True):
        drawn += wrap(name, pen.width) if apart else []
        heads = chain([] if apart else [name], repeat(""))
        bars = _bars(plot, group, signs, unit)
        drawn += [
            f"{padded(head, left)}{bar} {texts[column]}" for head, (bar, column) in zip(heads, bars, strict=False)
        ]
    keys = [f"{signs[tone]} {text}" for text, tone in plot.key if tone in signs]
    keys += [f"{names[bracket.first]} to {names[bracket.last]}: {bracket.text}" for bracket in plot.brackets]
    return [*drawn, *(line for text in keys for line in pen.lines(text))]


def _bars(
    plot: Columns, group: Sequence[Column], signs: Mapping[int, str], unit: float
) -> Iterator[tuple[str, Column]]:
    """The bars of a group, one in all if its columns are stacked, each with the column whose text is behind it."""
    stack = ""
    for column, ends in zip(group, plot.ends(group), strict=True):
        low, high = (round(end * unit) for end in sorted(map(abs, ends)))
        stack += signs[column.tone] * (high - low)
        if not plot.stacked:
            yield " " * low + signs[column.tone] * max(high - low, int(ends[0] != ends[1])), column
    if plot.stacked:
        yield stack, group[-1]


def _text(column: Column, amounts: Amounts) -> str:
    bounds = f" ({' to '.join(amounts(end) for end in column.bounds)})" if column.bounds else ""
    return f"{column.text}{bounds}"


def _distribution(plot: Columns, pen: Pen) -> list[str]:
    repeat = max(min(pen.width // len(plot.groups), 2), 1)
    values = [group[0].value for _, group in plot.groups]
    heights = sparkline(values, low=0, longest=len(values))
    line = "".join((height if value else " ") * repeat for height, value in zip(heights, values, strict=True))
    names = {place * repeat: pen.text(name) for place, (name, _) in enumerate(plot.groups) if name}
    return [pen.blocks(line).rstrip(), texts_below([*names.values()], [*names], pen.width)]


def _sparks(pictures: Sequence[Picture], pen: Pen) -> list[str]:
    """One line for each panel: its title, the course of its main line, and its labels."""
    longest = min(max(cell_len(pen.text(picture.title)) for picture in pictures), _LONGEST_NAME, pen.width // 3)
    drawn = []
    for picture in pictures:
        assert isinstance(picture.plot, Course)
        labels = pen.text("; ".join(label.text for label in picture.plot.labels))
        spark = pen.blocks(_spark(picture.plot, max(pen.width - longest - cell_len(labels) - 4, 6)))
        drawn.append(f"{padded(pen.cut(picture.title, longest), longest)}  {spark}  {labels}")
    return drawn


def _spark(plot: Course, room: int) -> str:
    known = {x: y for line in plot.lines if not line.faint for x, y in line.points}
    values = [known[year] for year in sorted(known)][-room:]
    drawn = (0.0, *values, *plot.also)
    return sparkline(values, low=min(drawn), high=max(drawn), longest=room)


def _rows(picture: Picture, plot: Ranges, pen: Pen) -> list[str]:
    """One line a row: name, the ranges and the value on a common axis, the row's text."""
    texts = [pen.text(row.text) for row in plot.rows]
    if plot.weights:
        weights = [percent(100 * row.weight, ".0f") if row.weight is not None else "" for row in plot.rows]
        texts = [f"{text}  {weight:>{max(map(len, weights))}}" for text, weight in zip(texts, weights, strict=True)]
    right = max(map(cell_len, texts), default=0)
    longest = min(_LONGEST_ROW_NAME, max(pen.width - right - 4 - _FEWEST, _SHORTEST_ROW_NAME))
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
        line = f"{padded(name, left)}  {track(row)}  {padded(text, right, to_right=True)}"
        drawn.append(pen.ink(line, "1") if row.strong else line)
    ticks = texts_below([*map(pen.text, scale.texts)], [*map(place, scale.ticks)], room + right)
    return [*drawn, " " * (left + 2) + ticks, *_row_signs(plot, pen)]


def _row_signs(plot: Ranges, pen: Pen) -> list[str]:
    levels = ((place, level) for place, level in enumerate(plot.levels) if level)
    widths = (f"{pen.sign('line' if place else 'inner') * 3} {level} %" for place, level in levels)
    bars = (f"{pen.sign('bar')[tone != MAIN] * 3} {pen.text(text)}" for text, tone in plot.key)
    rest = [f"last column: {pen.text(plot.weights)}"] if plot.weights else []
    rest += [f"{pen.sign('axis')} {pen.text(plot.reference_text)}"] if plot.reference_text else []
    return pen.together([*widths, *bars, *rest])
