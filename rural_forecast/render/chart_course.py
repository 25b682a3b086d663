"""A course over years, drawn by matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rural_forecast.render import axes
from rural_forecast.render.chart_text import LEFT, RIGHT, Page, drawable
from rural_forecast.render.palette import GREY, GRID, ink

if TYPE_CHECKING:
    from rural_forecast.picture import Course, Label, Mark, Picture

SIZE = 9.0
_DASHES = {"solid": "-", "dashed": (0, (4, 2)), "dotted": (0, (1, 1.5))}
_SHAPES = {"dot": "o", "diamond": "D", "up": "^", "down": "v"}
_MOST_LABEL = 2.4
"""Inches of the widest label; a longer one wraps."""


def draw(page: Page, picture: Picture, plot: Course, top: float, bottom: float) -> None:
    """Draw between `top` and `bottom`, in inches."""
    logarithmic = picture.logarithmic and plot.positive
    low, high = axes.extent(picture)
    room = int((top - bottom) / 0.55)
    ticks = axes.log_ticks(low, high, room) if logarithmic else axes.value_ticks(low, high, room)
    low, high = axes.limits(ticks, low, high, logarithmic=logarithmic)
    ticks = [tick for tick in ticks if low <= tick <= high]
    texts = [text.replace("-", "−") for text in axes.texts(ticks)]
    labels = [page.wrapped(label.text, SIZE, _weight(label), 3, _MOST_LABEL) for label in plot.labels]
    widths = [page.measure(line, SIZE, "bold") for lines in labels for line in lines]
    left = LEFT + max(page.measure(text, SIZE) for text in texts) + 0.1
    right = page.width - RIGHT - (max(widths) + 0.22 if widths else 0.1)
    sheet = page.axes(left, bottom + 0.28, right, top - 0.12)
    sheet.set_yscale("log" if logarithmic else "linear")
    _frame(sheet, plot, ticks, texts, (low, high), right - left)
    _fill(sheet, plot)
    for line in plot.lines:
        _line(sheet, line)
    places = axes.mark_places(plot, *((0, 0) if logarithmic else (low, high)))
    for mark, (above, lifted) in zip(plot.marks, places, strict=True):
        _mark(sheet, plot, mark, above, lifted)
    _labels(page, sheet, plot, labels)


def _frame(
    sheet: Any, plot: Course, ticks: list[float], texts: list[str], ends: tuple[float, float], width: float
) -> None:
    first, last = axes.years(plot)
    years = axes.year_ticks(first, last, int(width / 0.6))
    sheet.set_xlim(first - 0.012 * (last - first or 1), last + 0.012 * (last - first or 1))
    sheet.set_ylim(*ends)
    sheet.set_xticks(years, [str(year) for year in years])
    sheet.set_yticks(ticks, texts, minor=False)
    sheet.minorticks_off()
    sheet.tick_params(axis="both", labelsize=SIZE, labelcolor=GREY, color=GREY, length=3, width=0.8)
    sheet.tick_params(axis="y", length=0)
    sheet.grid(axis="y", color=GRID, linewidth=0.6)
    sheet.set_axisbelow(True)
    if ends[0] < 0 < ends[1]:
        sheet.axhline(0, color=GREY, linewidth=0.8, zorder=1.5)
    if plot.origin is not None and first < plot.origin < last:
        sheet.axvline(plot.origin, color=GREY, linewidth=0.7, linestyle=(0, (1, 2)), zorder=1.5)


def _fill(sheet: Any, plot: Course) -> None:
    """Bands, the wider ones first and paler; bands of several series are paler still."""
    levels = sorted({band.level for band in plot.bands})
    several = len({band.tone for band in plot.bands}) > 1
    for band in sorted(plot.bands, key=lambda band: -band.level):
        alpha = 0.14 if several else (0.28, 0.16, 0.11, 0.09)[min(levels.index(band.level), 3)]
        sheet.fill_between(band.xs, band.lower, band.upper, color=ink(band.tone), alpha=alpha, linewidth=0, zorder=2)


def _line(sheet: Any, line: Any) -> None:
    color = "#9a9a9a" if line.faint and line.tone == 0 else ink(line.tone)
    style = {"color": color, "linewidth": 1.2 if line.faint else 2.0, "linestyle": _DASHES[line.dash]}
    if line.dots:
        open_dot = line.dash != "solid"
        start = 1 if open_dot else 0  # a forecast leaves from the last observed dot
        style |= {"marker": "o", "markersize": 3.2 if line.faint else 4.8 if len(line.xs) < 40 else 3}
        style |= {"markerfacecolor": "white" if open_dot else color, "markeredgewidth": 1.2, "markevery": (start, 1)}
    sheet.plot(line.xs, line.ys, zorder=4 if line.dash == "solid" else 3.5, clip_on=False, **style)


def _mark(sheet: Any, plot: Course, mark: Mark, above: bool, lifted: int) -> None:
    """A published figure; its text stands on the side where the lines are not."""
    color = ink(mark.tone)
    sheet.plot(
        [mark.x], [mark.y], marker=_SHAPES[mark.shape], markersize=6, color=color, markeredgecolor="white",
        markeredgewidth=0.8, linestyle="none", zorder=5, clip_on=False,
    )  # fmt: skip
    if not mark.text:
        return
    first, last = axes.years(plot)
    share = (mark.x - first) / (last - first or 1)
    right = share < 0.2 or (not above and share < 0.75)
    beside = (7 if right else -7, 7 + 12 * lifted if above else -9)
    sheet.annotate(
        drawable(mark.text), (mark.x, mark.y), beside,
        textcoords="offset points", fontsize=SIZE - 0.5, color=color, ha="left" if right else "right",
        va="bottom" if above else "top", zorder=6,
        bbox={"facecolor": "white", "alpha": 0.72, "edgecolor": "none", "pad": 0.8},
    )  # fmt: skip


def _labels(page: Page, sheet: Any, plot: Course, labels: list[list[str]]) -> None:
    """Labels at the right edge, moved apart where they would cover each other, tied to their place by a thin line."""
    if not plot.labels:
        return
    box = sheet.get_position()
    bottom, top, right = box.y0 * page.height, box.y1 * page.height, box.x1 * page.width
    to_page = sheet.transData + page.figure.dpi_scale_trans.inverted()
    last = axes.years(plot)[1]
    wanted = [float(to_page.transform((last, label.y))[1]) for label in plot.labels]
    height = page.line(SIZE) * max(map(len, labels))
    wanted = [min(max(at, bottom), top) for at in wanted]
    tops = axes.spread(wanted, height, bottom + 0.04, max(top - 0.02, bottom + 0.05))
    for label, lines, at, anchor in zip(plot.labels, labels, tops, wanted, strict=True):
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
