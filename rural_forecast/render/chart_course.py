"""A course over years, drawn by matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rural_forecast.render import axes, marks
from rural_forecast.render import scale as scales
from rural_forecast.render.chart_text import LEFT, RIGHT, Page, drawable
from rural_forecast.render.palette import GREY, GRID, ink
from rural_forecast.render.scale import CUT_SIGNS

if TYPE_CHECKING:
    from rural_forecast.document.picture import Course, Label, Line, Mark, Picture
    from rural_forecast.render.scale import Cut, PlacedLabel, Scale

SIZE = 9.0
TICKS = 7
"""About so many on the axis of values."""
_DASHES = {"solid": "-", "dashed": (0, (4, 2)), "dotted": (0, (1, 1.5))}
_SHAPES = {"dot": "o", "diamond": "D", "up": "^", "down": "v"}
FAINT = "#9a9a9a"
ALPHAS = (0.28, 0.16, 0.11, 0.09)
"""Of the bands, the narrowest first."""
_MOST_LABEL = 2.4
"""Inches of the widest label; a longer one wraps."""


def draw(page: Page, picture: Picture, plot: Course, top: float, bottom: float) -> None:
    """Draw between `top` and `bottom`, in inches."""
    scale = scales.of(picture, TICKS)
    placed = scales.labels(plot, scale)
    labels = [
        page.wrapped(f"{CUT_SIGNS[one.cut]}{one.label.text}", SIZE, _weight(one.label), 3, _MOST_LABEL)
        for one in placed
    ]
    widths = [page.measure(line, SIZE, "bold") for lines in labels for line in lines]
    left = LEFT + max(page.measure(text, SIZE) for text in scale.texts) + 0.1
    right = page.width - RIGHT - (max(widths) + 0.22 if widths else 0.1)
    sheet = page.axes(left, bottom + 0.28, right, top - 0.12)
    _frame(sheet, plot, scale, right - left)
    _fill(sheet, plot, scale)
    for cut in scales.cuts(plot, scale):
        _cut(sheet, cut)
    for place, line in enumerate(plot.lines):
        _line(sheet, line, scale, f"line-{place}")
    for mark in plot.marks:
        sheet.plot([mark.x], [scale.share(mark.y)], zorder=3, clip_on=False, **mark_style(mark))  # hides no dot
    for text in marks.places(plot, scale):
        if text.shown:
            _said(sheet, text, scale)
    _labels(page, sheet, plot, placed, labels)


def _frame(sheet: Any, plot: Course, scale: Scale, width: float) -> None:
    """The axes; values are drawn as shares of theirs."""
    first, last = plot.span
    years = axes.year_ticks(first, last, int(width / 0.6))
    sheet.set_xlim(first - 0.012 * (last - first or 1), last + 0.012 * (last - first or 1))
    sheet.set_ylim(0, 1)
    sheet.set_xticks(years, [str(year) for year in years])
    sheet.set_yticks([scale.share(tick) for tick in scale.ticks], scale.texts, minor=False)
    sheet.minorticks_off()
    sheet.tick_params(axis="both", labelsize=SIZE, labelcolor=GREY, color=GREY, length=3, width=0.8)
    sheet.tick_params(axis="y", length=0)
    sheet.grid(axis="y", color=GRID, linewidth=0.6)
    sheet.set_axisbelow(True)
    if scale.low < 0 < scale.high:
        sheet.axhline(scale.share(0), color=GREY, linewidth=0.8, zorder=1.5)
    if plot.origin is not None and first < plot.origin < last:
        sheet.axvline(plot.origin, color=GREY, linewidth=0.7, linestyle=(0, (1, 2)), zorder=1.5)


def _fill(sheet: Any, plot: Course, scale: Scale) -> None:
    """Bands, the wider ones first and paler; bands of several series are paler still."""
    several = len({band.tone for band in plot.bands}) > 1
    for band in sorted(plot.bands, key=lambda band: -band.level):
        alpha = 0.14 if several else ALPHAS[min(plot.levels.index(band.level), 3)]
        lower, upper = scales.outline(band, scale)
        xs, ys = zip(*upper, *reversed(lower), strict=True)
        style = {"color": ink(band.tone), "alpha": alpha, "linewidth": 0, "zorder": 2}
        sheet.fill(xs, ys, gid=f"band-{band.level}-{band.tone}", **style)


def _cut(sheet: Any, cut: Cut) -> None:
    """A dashed edge where a band is cut, with an arrow to where it goes on."""
    end, color = (1.0 if cut.upward else 0.0), ink(cut.band.tone)
    sheet.plot(
        [cut.first, cut.last], [end, end], color=color, linewidth=1.2, linestyle=(0, (3, 2)), zorder=3, clip_on=False,
        gid=f"cut-{cut.band.level}-{cut.band.tone}",
    )  # fmt: skip
    middle = (cut.first + cut.last) / 2
    sheet.annotate(
        "", (middle, end), (0, -16 if cut.upward else 16), textcoords="offset points", annotation_clip=False,
        arrowprops={"arrowstyle": "->", "color": color, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0},
    )  # fmt: skip


def line_style(line: Line) -> dict[str, Any]:
    """How a line and its dots are drawn."""
    color = FAINT if line.faint and line.tone == 0 else ink(line.tone)
    style: dict[str, Any] = {"color": color, "linewidth": 1.2 if line.faint else 2.0, "linestyle": _DASHES[line.dash]}
    if line.dots:
        open_dot = line.dash != "solid"
        style |= {"marker": "o", "markersize": 3.2 if line.faint else 4.8 if len(line.xs) < 40 else 3}
        style |= {"markerfacecolor": "white" if open_dot else color, "markeredgewidth": 1.2}
    return style


def _line(sheet: Any, line: Line, scale: Scale, gid: str) -> None:
    style = line_style(line)
    start = 1 if line.dash != "solid" else 0  # a forecast leaves from the last observed dot
    style |= {"markevery": (start, 1)} if line.dots else {}
    order = 4 if line.dash == "solid" else 3.5
    sheet.plot(line.xs, [scale.share(y) for y in line.ys], zorder=order, clip_on=False, gid=gid, **style)


def mark_style(mark: Mark) -> dict[str, Any]:
    """How the sign of a published figure is drawn."""
    edge = {"markeredgecolor": "white", "markeredgewidth": 0.8}
    return {"marker": _SHAPES[mark.shape], "markersize": 8, "color": ink(mark.tone), "linestyle": "none", **edge}


def _said(sheet: Any, place: marks.Place, scale: Scale) -> None:
    """The text of a published figure."""
    mark, _, above, lifted, leftwards = place
    offset = (-7 if leftwards else 7, 7 + 12 * lifted if above else -9)
    sheet.annotate(
        drawable(mark.text), (mark.x, scale.share(mark.y)), offset,
        textcoords="offset points", fontsize=SIZE - 0.5, color=ink(mark.tone), ha="right" if leftwards else "left",
        va="bottom" if above else "top", zorder=6,
        bbox={"facecolor": "white", "alpha": 0.72, "edgecolor": "none", "pad": 0.8},
    )  # fmt: skip


def _labels(page: Page, sheet: Any, plot: Course, placed: tuple[PlacedLabel, ...], labels: list[list[str]]) -> None:
    """Labels at the right edge, moved apart where they would cover each other, tied to their place by a thin line."""
    if not placed:
        return
    box = sheet.get_position()
    bottom, top, right = box.y0 * page.height, box.y1 * page.height, box.x1 * page.width
    to_page = sheet.transData + page.figure.dpi_scale_trans.inverted()
    last = plot.span[1]
    wanted = [float(to_page.transform((last, one.share))[1]) for one in placed]
    height = page.line(SIZE) * max(map(len, labels))
    tops = axes.spread(wanted, height, bottom + 0.04, max(top - 0.02, bottom + 0.05))
    for (label, _, _), lines, at, anchor in zip(placed, labels, tops, wanted, strict=True):
        color = ink(label.tone)
        if abs(at - anchor) > 0.04:
            page.figure.add_artist(_tie(page, right + 0.06, anchor, right + 0.17, at, color))
        start = at + page.line(SIZE) * (len(lines) - 1) / 2 - 0.32 * SIZE / 72
        for place, line in enumerate(lines):
            y = start - place * page.line(SIZE)
            page.write(line, right + 0.2, y, SIZE, color=color, weight=_weight(label))


def _tie(page: Page, x0: float, y0: float, x1: float, y1: float, color: str) -> Any:
    from matplotlib.lines import Line2D

    xs, ys = (x0 / page.width, x1 / page.width), (y0 / page.height, y1 / page.height)
    return Line2D(xs, ys, color=color, linewidth=0.6, alpha=0.6)


def _weight(label: Label) -> str:
    return "bold" if label.strong else "normal"
