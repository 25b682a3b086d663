"""A picture as svg, whole: title, answer, drawing, key, notes and source, as a file or embedded in a page.

The file needs nothing from elsewhere. Text stays text, in fonts that most systems have; the same picture gives the same
bytes.
"""

from __future__ import annotations

from dataclasses import replace
from html import escape
from typing import Any

from rural_forecast.document.picture import Columns, Course, Panels, Picture, Ranges
from rural_forecast.render import key, palette, svg_plots
from rural_forecast.render import scale as scales
from rural_forecast.render.columns import prose
from rural_forecast.render.scale import Cut
from rural_forecast.render.svg import NARROW, PANEL_TICKS, SAMPLE_WIDTH, TICKS, WIDE, Size, sample, text
from rural_forecast.render.wrapping import width, wrapped
from rural_forecast.text.cells import one_line

FAMILIES = (
    "Fira Sans", "Helvetica Neue", "Arial", "Liberation Sans", "Noto Sans", "DejaVu Sans", "PingFang SC",
    "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei",
)  # fmt: skip
"""The first is the one that widths are meant for; the last ones have Chinese characters."""
_SIZES = {"title": 19.0, "claim": 15.0, "quiet": 13.0, "foot": 12.0}
"""Pixels of texts by their class, as in `picture.css`."""
_MARGIN = 20.0
_LOWEST, _MOST_WIDENING = 180.0, 4
"""Pixels of a drawing in a picture of any ratio."""
_MOST_LINES = 12
"""Of a title, an answer, a definition or a note; a longer text ends in an ellipsis."""


def render(picture: Picture, *, tallest: float = 0.0, **_: Any) -> str:
    """Draw the picture in its look. Raises UsageError if the numbers are too large or too small to draw.

    `tallest`: the least ratio of width to height.
    """
    sheet = _Sheet(picture, WIDE) if picture.look.ratio is None else _fitted(picture, picture.look.ratio)
    if sheet.width / sheet.height < tallest:
        sheet = _fitted(picture, tallest)
    theme = picture.look.theme
    families = ", ".join(f"'{family}'" for family in FAMILIES)
    style = f"{palette.style(theme)}svg text {{ font-family: {families}, sans-serif; }}\n"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" role="img" {sheet.box}>\n'
        f"<title>{escape(one_line(picture.title))}</title>\n<desc>{escape(prose(picture.alternative))}</desc>\n"
        f"<style>\n{style}</style>\n"
        f'<rect width="{sheet.width:g}" height="{sheet.height:g}" fill="{palette.THEMES[theme]["paper"]}"/>\n'
        f"{chr(10).join(sheet.parts)}\n</svg>\n"
    )


def embedded(picture: Picture) -> list[str]:
    """Draw the picture for a page, wide and narrow: the page has its own title, source and colours, and a pointer.

    The element is decoration for those who cannot see it, as the page has the same in words.
    """
    bare = replace(picture, title="", claim="", subtitle="", source="")
    sheets = [(size, _Sheet(bare, size._replace(pointed=True), margin=2.0)) for size in (WIDE, NARROW)]
    return [
        f'<svg class="{size.name}" {sheet.box} aria-hidden="true" focusable="false">{"".join(sheet.parts)}</svg>'
        for size, sheet in sheets
    ]


def _fitted(picture: Picture, ratio: float) -> _Sheet:
    """The picture in a ratio: as wide as it takes for its texts to leave room for the drawing."""
    width = WIDE.width
    while True:
        natural = _Sheet(picture, WIDE._replace(width=width))
        height = natural.width / ratio
        room = natural.drawn + height - natural.height
        sheet = _Sheet(picture, WIDE._replace(name="fitted", width=width, height=max(room, _LOWEST)))
        if sheet.height <= 1.01 * height or width > _MOST_WIDENING * WIDE.width:
            break
        width *= 1.2
    sheet.height = max(sheet.height, height)
    return sheet


class _Sheet:
    def __init__(self, picture: Picture, size: Size, margin: float = _MARGIN) -> None:
        self.margin, self.room, self.width = margin, size.width, size.width + 2 * margin
        self.parts: list[str] = []
        self.height = margin - 4
        self._prose(picture.head, "title")
        self._prose(picture.title if picture.claim else "", "claim")
        self._prose(picture.subtitle, "quiet")
        self._prose("" if isinstance(picture.plot, Ranges) else picture.unit, "quiet", 8)  # its axis names the unit
        drawing = svg_plots.draw(picture, size)
        self.drawn = drawing.height
        self.parts.append(f'<g transform="translate({margin:g} {self.height + 8:g})">{drawing.body}</g>')
        self.height += drawing.height + 12
        self._key({words: drawn for drawn, words, direct in legend(picture) if not (direct and size.whole_labels)})
        self._prose(key.levels(picture.plot) if isinstance(picture.plot, Ranges) else "", "foot")
        for note in (*key.notes(picture), picture.source):
            self._prose(note, "foot", 2)
        self.height += max(margin - 6, 6)

    @property
    def box(self) -> str:
        """The attributes of its size."""
        return f'viewBox="0 0 {self.width:g} {self.height:g}" width="{self.width:g}" height="{self.height:g}"'

    def _prose(self, words: str, kind: str, space: float = 4.0) -> None:
        """Lines from the left margin on."""
        size = _SIZES[kind]
        room = self.room * (0.95 if kind == "title" else 1)  # bold
        lines = wrapped(words, room, size, most=_MOST_LINES)
        self.height += space if lines else 0
        for line in lines:
            self.height += round(size * 1.3)
            self.parts.append(text(kind, self.margin, self.height - size * 0.3, line))

    def _key(self, entries: dict[str, str]) -> None:
        """Samples with their words, in rows."""
        x, size = self.margin, _SIZES["foot"]
        for whole, drawn in entries.items():
            words = " ".join(wrapped(whole, self.room - SAMPLE_WIDTH - 6, size, most=1))
            wide = SAMPLE_WIDTH + 6 + width(words, size)
            if x == self.margin or x + wide > self.margin + self.room:
                x = self.margin
                self.height += 19
            self.parts.append(f'<g class="sample" transform="translate({x:.1f} {self.height - 12:.1f})">{drawn}</g>')
            self.parts.append(text("foot", x + SAMPLE_WIDTH + 6, self.height - 1, words))
            x += wide + 18
        self.height += 4 if entries else 0


def legend(picture: Picture, ticks: int = TICKS, panel: str = "") -> list[tuple[str, str, bool]]:
    """Samples with what they mean, and with whether a label of a wide drawing names it already.

    `panel`: its title if it is one of several, before what is true of it alone.
    """
    plot = picture.plot
    if isinstance(plot, Panels):
        return [entry for each in plot.pictures for entry in legend(each, PANEL_TICKS, f"{each.title}: ")]
    if isinstance(plot, Course):
        entries = list(key.entries(plot, scales.of(picture, ticks), picture.amounts))
        leads = [panel if isinstance(each.thing, Cut) else "" for each in entries]
        return [
            (sample(each.thing, plot.levels), prose(f"{lead}{each.text}"), each.direct and not panel)
            for each, lead in zip(entries, leads, strict=True)
        ]
    kind = "column" if isinstance(plot, Columns) else "bar"
    square = f'<rect class="{kind} fill%d" x="6" y="1" width="12" height="12"/>'
    return [(square % tone, words, False) for words, tone in plot.key]
