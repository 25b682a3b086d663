"""The charts of a picture on a slide or a sheet: one, or a small one for each panel of a grid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rural_forecast.document.picture import Course, Panels, Picture
from rural_forecast.render.columns import prose
from rural_forecast.render.native import Native, chart_of
from rural_forecast.render.native_look import COLOURS, Colours
from rural_forecast.render.wrapping import width

LOGARITHMIC = "logarithmic axis"

_MOST_PANELS = 12  # that can be read on a slide
_FEW = 3  # panels in one row, with texts of the size of other charts
_MOST_ACROSS = ((4, 2), (9, 3), (_MOST_PANELS, 4))  # panels, and how many of them are in a row
_BETWEEN = 28.0  # points between panels across
_BELOW = 8.0  # points below each panel
_WIDER_FONT = 1.2  # fonts of templates are wider than ours
HEAD_LINE = 1.35  # ems from one line of a head to the next


class PanelHead(NamedTuple):
    """The name of a panel, and a remark behind it or below."""

    name: str
    remark: str
    is_accented: bool
    size: float
    """points of the name."""
    is_below: bool = False
    """the remark has a line of its own."""


class PlacedChart(NamedTuple):
    """A chart with its place in the room of a picture, in points; a panel has its head above."""

    chart: Native
    alternative: str
    left: float
    top: float
    wide: float
    high: float
    head: PanelHead | None = None
    head_high: float = 0.0


class TextSizes(NamedTuple):
    """Points of the texts of a chart, and of small ones."""

    text: float
    small: float


def charts_of(
    picture: Picture,
    sizes: TextSizes,
    room: tuple[float, float],
    colours: Colours = COLOURS,
) -> list[PlacedChart]:
    """Lay out the chart of a picture, or one for each panel; none where one cannot be drawn.

    `room`: the width and height of all of them, in points.
    """
    wide, high = room
    if not isinstance(picture.plot, Panels):
        chart = chart_of(picture, sizes.text, colours, room)
        return (
            [] if chart is None else [PlacedChart(chart, picture.alternative, 0.0, 0.0, wide, high)]
        )
    panels = picture.plot.pictures
    if len(panels) > _MOST_PANELS:
        return []

    across = _across(len(panels))
    down = rows_of(picture)
    panel_wide = (wide - (across - 1) * _BETWEEN) / across
    panel_high = high / down
    size = sizes.text if down == 1 else sizes.small
    heads = _heads(panels, TextSizes(size, sizes.small), panel_wide, in_rows=down > 1)
    lines = max(head.is_below for head in heads) + 1
    head_high = lines * HEAD_LINE * size
    placed = []
    for index, (panel, head) in enumerate(zip(panels, heads, strict=True)):
        drawn = panel._replace(logarithmic=picture.logarithmic)
        if down > 1:
            drawn = _without_its_label(drawn)
        chart_high = panel_high - head_high - (_BELOW if down > 1 else 0.0)
        chart = chart_of(drawn, size, colours, (panel_wide, chart_high))
        if chart is None:
            return []
        row, column = divmod(index, across)
        left = column * (panel_wide + _BETWEEN)
        top = row * panel_high + head_high
        spoken = panel.alternative or ". ".join(filter(None, (head.name, head.remark)))
        placed.append(
            PlacedChart(chart, spoken, left, top, panel_wide, chart_high, head, head_high)
        )
    return placed


def rows_of(picture: Picture) -> int:
    """Count the rows of charts that a picture has."""
    plot = picture.plot
    if not isinstance(plot, Panels):
        return 1
    count = len(plot.pictures)
    return -(-count // _across(count))


def _across(count: int) -> int:
    """Choose the number of panels in a row."""
    if count <= _FEW:
        return count
    return next((across for most, across in _MOST_ACROSS if count <= most), _MOST_ACROSS[-1][1])


def _heads(
    panels: Sequence[Picture], sizes: TextSizes, wide: float, *, in_rows: bool
) -> list[PanelHead]:
    """Write the heads of panels alike: all remarks behind their names, or all below them."""
    answers = [isinstance(panel.plot, Course) and panel.plot.is_answer for panel in panels]
    heads = []
    fits = True
    for panel, is_answer in zip(panels, answers, strict=True):
        remark = panel.about or (LOGARITHMIC if panel.by_factors else "")
        if in_rows and not remark:
            remark = _label_of(panel)
        room = width(prose(panel.title), sizes.text, bold=True)
        room += width(prose(f"  {remark}"), sizes.small)
        fits = fits and _WIDER_FONT * room <= wide
        is_accented = is_answer and not all(answers)
        heads.append(PanelHead(panel.title, remark, is_accented, sizes.text))
    if fits:
        return heads
    return [head._replace(is_below=bool(head.remark)) for head in heads]


def _label_of(panel: Picture) -> str:
    """Give the label of the only line of a panel, which has no room beside a small drawing."""
    plot = panel.plot
    if not isinstance(plot, Course) or len(plot.labels) != 1:
        return ""
    (label,) = plot.labels
    return ", ".join(filter(None, (label.amount, label.name)))


def _without_its_label(panel: Picture) -> Picture:
    plot = panel.plot
    if isinstance(plot, Course) and len(plot.labels) == 1:
        return panel._replace(plot=plot._replace(labels=()))
    return panel
