"""Rows with values and ranges, drawn by matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rural_forecast.render import key
from rural_forecast.render import scale as scales
from rural_forecast.render.chart_text import LEFT, RIGHT, Page, drawable
from rural_forecast.render.palette import GREY, GRID, ink

if TYPE_CHECKING:
    from rural_forecast.document.picture import Picture, Ranges

SIZE = 9.0
_MOST_NAME = 3.4


def draw(page: Page, picture: Picture, plot: Ranges, top: float, bottom: float) -> None:
    """Draw between `top` and `bottom`, in inches: the first row at the top."""
    weights = ["bold" if row.strong else "normal" for row in plot.rows]
    names = [
        page.wrapped(row.name, SIZE, weight, 1, _MOST_NAME) for row, weight in zip(plot.rows, weights, strict=True)
    ]
    widths = [page.measure(lines[0], SIZE, "bold") for lines in names if lines]
    left = LEFT + max(widths, default=0.5) + 0.15
    right = page.width - RIGHT - max((page.measure(row.text, SIZE, "bold") for row in plot.rows), default=0) - 0.15
    room = max(int((right - left) / 0.9), 2)
    scale = scales.of(picture, room)
    sheet = page.axes(left, bottom + 0.5, right, top - (0.3 if plot.reference_text else 0.1))
    sheet.set_xscale("log" if scale.logarithmic else "linear")
    sheet.set_xlim(scale.low, scale.high)
    sheet.set_ylim(len(plot.rows) - 0.4, -0.6)
    sheet.set_xticks(scale.ticks, scale.texts)
    sheet.minorticks_off()
    sheet.set_yticks([])
    sheet.tick_params(axis="x", labelsize=SIZE, labelcolor=GREY, color=GREY, length=3, width=0.8)
    sheet.grid(axis="x", color=GRID, linewidth=0.6)
    sheet.set_axisbelow(True)
    sheet.set_xlabel(drawable(picture.unit), fontsize=SIZE, color=GREY, labelpad=3)
    _rows(page, sheet, plot, names, weights)
    if plot.reference is not None:
        sheet.axvline(plot.reference, color=GREY, linewidth=0.9, linestyle=(0, (2, 2)), zorder=2)
        sheet.annotate(
            drawable(plot.reference_text), (plot.reference, 1), (0, 3), xycoords=("data", "axes fraction"),
            textcoords="offset points", fontsize=SIZE - 0.5, color=GREY, ha="center", va="bottom",
        )  # fmt: skip
    if legend := key.levels(plot):
        page.write(legend, page.width - RIGHT, bottom, SIZE - 1, ha="right", color=GREY)


def _rows(page: Page, sheet: Any, plot: Ranges, names: list[list[str]], weights: list[str]) -> None:
    to_page = sheet.transData + page.figure.dpi_scale_trans.inverted()
    left = sheet.get_position().x0 * page.width
    for place, (row, lines, weight) in enumerate(zip(plot.rows, names, weights, strict=True)):
        color = ink(row.tone)
        for rank, (level, lower, upper) in reversed(list(enumerate(row.bounds))):
            style = {"alpha": 0.3, "linewidth": 2.2} if rank else {"alpha": 0.55, "linewidth": 6}
            sheet.plot(
                [lower, upper],
                [place, place],
                color=color,
                solid_capstyle="butt",
                zorder=3,
                gid=f"range-{place}-{level}",
                **style,
            )
        if row.value is not None:
            sheet.plot([row.value], [place], "o", markersize=6, color=color, markeredgecolor="white", zorder=4)
        at = to_page.transform((sheet.get_xlim()[0], place))[1] - 0.32 * SIZE / 72
        page.write(lines[0] if lines else "", left - 0.12, at, SIZE, ha="right", weight=weight, color=color)
        page.write(row.text, page.width - RIGHT, at, SIZE, ha="right", weight=weight, color=color)
