"""Columns and small pictures as lines of text: a bar for each value, and one line with its course for each panel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, cycle
from typing import TYPE_CHECKING

from rural_forecast.document.picture import Course
from rural_forecast.render.reading import prose
from rural_forecast.render.terminal_rows import texts_below
from rural_forecast.render.wrapping import cell_len, cut, wrap
from rural_forecast.text.harmless import ascii_only

if TYPE_CHECKING:
    from rural_forecast.document.picture import Column, Columns, Picture
    from rural_forecast.text.numbers import Amounts

_BARS = (("█", "▓", "▒", "░", "▞", "▤", "▥", "▦"), ("#", "=", "+", "-", "%", "o", ":", "x"))
_STEPS = "▁▂▃▄▅▆▇█"
_LONGEST_NAME = 34


def lines(plot: Columns, amounts: Amounts, width: int, *, unicode: bool) -> list[str]:
    """A bar for each column, its text behind it; a distribution is one line, with its names below."""
    if plot.touching:
        return _distribution(plot, width, unicode=unicode)
    tones = sorted({column.tone for _, group in plot.groups for column in group})
    signs = dict(zip(tones, cycle(_BARS[0 if unicode else 1]), strict=False))
    names = [prose(name, unicode=unicode) for name, _ in plot.groups]
    apart = max(map(cell_len, names)) > width // 3
    left = 2 if apart else max(map(cell_len, names)) + 2
    texts = {column: prose(_text(column, amounts), unicode=unicode) for _, group in plot.groups for column in group}
    room = max(width - left - max(map(cell_len, texts.values())) - 1, 8)
    most = max(map(abs, plot.drawn)) or 1.0
    found = []
    for name, (_, group) in zip(names, plot.groups, strict=True):
        found += wrap(name, width) if apart else []
        head = "" if apart else name
        for bar, column in _bars(plot, group, signs, lambda value: round(value / most * room)):
            found.append(f"{head}{' ' * (left - cell_len(head))}{bar} {texts[column]}")
            head = ""
    keys = [f"{signs[tone]} {prose(text, unicode=unicode)}" for text, tone in plot.key if tone in signs]
    keys += [
        f"{names[bracket.first]} to {names[bracket.last]}: {prose(bracket.text, unicode=unicode)}"
        for bracket in plot.brackets
    ]
    return [*found, *chain.from_iterable(wrap(text, width) for text in keys)]


def _bars(
    plot: Columns, group: Sequence[Column], signs: Mapping[int, str], cells: Callable[[float], int]
) -> Iterator[tuple[str, Column]]:
    """The bars of a group, one in all if its columns are stacked, each with the column whose text is behind it."""
    stack = ""
    for column, ends in zip(group, plot.ends(group), strict=True):
        low, high = sorted(map(abs, ends))
        before, after = cells(low), cells(high)
        if plot.stacked:
            stack += signs[column.tone] * (after - before)
        else:
            yield " " * before + signs[column.tone] * max(after - before, int(high > low)), column
    if plot.stacked:
        yield stack, group[-1]


def _text(column: Column, amounts: Amounts) -> str:
    bounds = f" ({' to '.join(amounts(end) for end in column.bounds)})" if column.bounds else ""
    return f"{column.text}{bounds}"


def _distribution(plot: Columns, width: int, *, unicode: bool) -> list[str]:
    repeat = max(min(width // len(plot.groups), 2), 1)
    most = max(plot.drawn) or 1.0
    values = [group[0].value for _, group in plot.groups]
    line = "".join(
        _STEPS[round(value / most * (len(_STEPS) - 1))] * repeat if value else " " * repeat for value in values
    )
    names = {place * repeat: prose(name, unicode=unicode) for place, (name, _) in enumerate(plot.groups) if name}
    return [line.rstrip() if unicode else ascii_only(line).rstrip(), texts_below([*names.values()], [*names], width)]


def sparks(pictures: Sequence[Picture], width: int, *, unicode: bool) -> list[str]:
    """One line for each panel: its title, the course of its main line, and its labels."""
    titles = [prose(picture.title, unicode=unicode) for picture in pictures]
    longest = min(max(map(cell_len, titles)), _LONGEST_NAME, width // 3)
    found = []
    for picture, title in zip(pictures, titles, strict=True):
        assert isinstance(picture.plot, Course)
        shown = cut(title, longest, "…" if unicode else "~")
        labels = "; ".join(prose(label.text, unicode=unicode) for label in picture.plot.labels)
        room = max(width - longest - cell_len(labels) - 4, 6)
        found.append(
            f"{shown}{' ' * (longest - cell_len(shown))}  {_spark(picture.plot, room, unicode=unicode)}  {labels}"
        )
    return found


def _spark(plot: Course, room: int, *, unicode: bool) -> str:
    known = {x: y for line in plot.lines if not line.faint for x, y in zip(line.xs, line.ys, strict=True)}
    values = [known[year] for year in sorted(known)][-room:]
    drawn = [*values, *plot.also]
    low, high = min(0.0, *drawn) / 2, max(0.0, *drawn) / 2  # halves, for a difference may be more than a number holds
    steps = len(_STEPS) - 1
    course = "".join(_STEPS[round((value / 2 - low) / ((high - low) or 1) * steps)] for value in values)
    return course if unicode else ascii_only(course)
