"""The house style in one place: colours and sizes of every picture, page, slide and workbook.

References: the Bank of England's fan charts, Our World in Data's grapher, the Financial Times'
visual vocabulary.
"""

from typing import NamedTuple

_LIGHT = {
    "paper": "#ffffff",
    "ink": "#1a1a1a",
    "quiet": "#5c5c5c",
    "axis": "#767676",
    "grid": "#dddddd",
    "total": "#bdbdbd",
    "accent": "#0f4c8a",
    "band95": "#d2e1ef",
    "band80": "#a7c5e2",
    "band50": "#79abd5",
    "grey80": "#d2d2d2",
    "grey50": "#ababab",
    "part0": "#053d6c",
    "part1": "#006087",
    "part2": "#2d858b",
    "part3": "#5ca783",
    "part4": "#cdb95e",
    "part5": "#dcdad4",
}
_DARK = {
    "paper": "#161616",
    "ink": "#f2f2f2",
    "quiet": "#a9b0b8",
    "axis": "#8a8a8a",
    "grid": "#3a3f45",
    "total": "#6b6b6b",
    "accent": "#d9ecff",
    "band95": "#24394a",
    "band80": "#2e536d",
    "band50": "#3a7097",
    "grey80": "#3f3f3f",
    "grey50": "#5e5e5e",
    "part5": "#4d4f52",
}
THEMES = {"light": _LIGHT, "dark": _LIGHT | _DARK}
"""Colours by their use; `tests/style` checks the contrast from page to bands and between parts."""
TERMINAL = {
    "light": {"ink": "16", "accent": "18", "band95": "153", "band80": "110", "band50": "67"},
    "dark": {"ink": "231", "accent": "231", "band95": "238", "band80": "24", "band50": "31"},
}
"""The nearest of 256 colours, with the same steps of contrast, on a light and a dark background."""
BANDS = (50, 80, 95)
"""Levels of the bands of a fan, the darkest inside."""
MOST_PARTS = 5
"""Parts of a whole that have a colour of their own."""
FAMILIES = (
    "Fira Sans",
    "Helvetica Neue",
    "Arial",
    "Liberation Sans",
    "Noto Sans",
    "DejaVu Sans",
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "WenQuanYi Micro Hei",
)
"""Fonts: widths are computed for the first one, and the last ones have Chinese characters."""
REGULAR = 400
MEDIUM = 500
BOLD = 600


class Size(NamedTuple):
    """A medium, in pixels: width of a picture, height of its plot, margin and sizes of type."""

    name: str
    width: float
    plot: float
    margin: float
    title: float
    range: float
    text: float
    small: float
    line: float = 2.6


WIDE = Size("wide", 900, 392, 28, 26, 18, 14, 12)
PHONE = Size("phone", 375, 380, 16, 23, 15, 13, 12)
PRINT = Size("print", 680, 560, 1, 20, 14, 12, 11)  # on A4 a pixel is 0.75 pt
SLIDE_POINTS = (28, 18, 14, 10)
"""Sizes of title, range, text and source on a slide."""
LOG_FROM = 50
"""Greatest over least value from which an axis is logarithmic."""
MOST_WORDS = {"headline": 12, "picture": 60, "slide": 60, "exhibit": 180, "alternative": 50}
