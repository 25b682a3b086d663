"""The look of charts that a client can edit: their colours and lines, as xlsxwriter takes them."""

from collections.abc import Mapping
from typing import Any

from rural_forecast.text.style import THEMES

ChartOptions = dict[str, Any]

Colours = Mapping[str, str]  # by their use, as in a theme of the style
COLOURS: Colours = THEMES["light"]

APART = "\u00a0" * 3
"""The start of a label that keeps away from its point; `native` makes an offset of it."""

NONE: ChartOptions = {"none": True}  # of a line, a border or a fill


def gridlines(colours: Colours) -> ChartOptions:
    """Choose thin lines at the ticks."""
    return {"visible": True, "line": {"color": colours["grid"], "width": 0.75}}
