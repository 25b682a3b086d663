"""pptx: one slide a picture: headline, range, picture and source; lines, columns and areas are charts to edit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from io import BytesIO
from typing import Any

from rural_forecast.document.page import Page
from rural_forecast.document.picture import Course, Picture, Ranges, Row
from rural_forecast.render import drawing, native_chart
from rural_forecast.render.columns import prose
from rural_forecast.render.native_chart import COLOURS, Chart
from rural_forecast.system.extras import need
from rural_forecast.text.style import SLIDE_POINTS, Size

_WIDE, _HIGH, _MARGIN = 13.333, 7.5, 0.6
"""Inches."""
_ROOM = _WIDE - 2 * _MARGIN
_TOP, _BOTTOM = 1.95, 6.75
"""Inches: where the picture begins and ends."""
_TITLE, _RANGE, _TEXT, _SOURCE = SLIDE_POINTS
_PIXELS = 72.0
"""Of a drawing for an inch, so that a pixel is a point."""
_FONT = "Arial"
"""A font that every program has."""
_MOST_ROWS, _FEWEST_ROWS = 19, 4
"""Rows of a slide, where a heading counts as two, and of a group that is not cut further."""
_WIDEST = 95
"""Of the ranges that are text on a slide."""


def render(shown: Page | Picture, **_: Any) -> bytes:
    """Write a picture as one slide, or a page as one slide for each of its pictures.

    Raises UsageError if python-pptx is not installed.
    """
    show = need("pptx", "exhibit", "The format pptx").Presentation()
    inches = need("pptx.util", "exhibit", "The format pptx").Inches
    show.slide_width, show.slide_height = inches(_WIDE), inches(_HIGH)
    show.core_properties.title = prose(shown.title)
    show.core_properties.author = prose(shown.byline) if isinstance(shown, Page) else ""
    show.core_properties.created = show.core_properties.modified = native_chart.EPOCH
    pictures = [sheet.picture for sheet in shown.sheets] if isinstance(shown, Page) else [shown]
    for picture in filter(None, pictures):
        byline = shown.byline if isinstance(shown, Page) else ""
        _Slide(show.slides.add_slide(show.slide_layouts[5])).draw(picture, byline)
    file = BytesIO()
    show.save(file)
    return native_chart.repacked(file.getvalue())


class _Slide:
    def __init__(self, slide: Any) -> None:
        from pptx.dml.color import RGBColor
        from pptx.util import Inches, Pt

        self.slide, self.inches, self.points = slide, Inches, Pt
        self.colours = {name: RGBColor.from_string(colour[1:].upper()) for name, colour in COLOURS.items()}

    def draw(self, picture: Picture, byline: str) -> None:
        """Headline and range on top, the picture below them, the source at the foot."""
        self._title(picture.title)
        self._text(picture.subtitle or picture.about, 1.1, 0.4, _RANGE)
        unit = picture.unit if native_chart.suits(picture) else ""
        if unit:
            self._text(unit, _TOP - 0.4, 0.3, _TEXT, colour="quiet")
        self._picture(picture)
        foot = (*_ranges(picture), picture.source, byline)
        self._text(" ".join(f"{part.rstrip('.')}." for part in foot if part), 6.88, 0.3, _SOURCE, colour="quiet")
        said = [picture.about, picture.alternative, *picture.notes]
        self.slide.notes_slide.notes_text_frame.text = prose("\n".join(filter(None, said)))

    def _picture(self, picture: Picture) -> None:
        """A chart of the program's own for lines, columns and areas, the picture for all else."""
        place = (_MARGIN, _TOP, _ROOM, _BOTTOM - _TOP)
        if native_chart.suits(picture):
            native_chart.add_to(self.slide, Chart(picture, points=_TEXT), place)
        else:
            size = Size("slide", _ROOM * _PIXELS, 300, 4, _TITLE, _RANGE, _TEXT, _TEXT, 3.6)
            plot = _fewer(picture.plot) if isinstance(picture.plot, Ranges) else picture.plot
            bare = replace(picture.bare, plot=plot, notes=())
            shaped = replace(bare, look=replace(picture.look, ratio=place[2] / place[3], pixels=2400))
            drawn = drawing.printed(shaped, "png", size)
            self.slide.shapes.add_picture(BytesIO(drawn), *map(self.inches, place))
        *_, drawn_shape = self.slide.shapes
        drawn_shape._element.xpath(".//p:cNvPr")[0].set("descr", prose(picture.alternative))

    def _title(self, text: str) -> None:
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

        title = self.slide.shapes.title
        title.left, title.top, title.width, title.height = map(self.inches, (_MARGIN, 0.15, _ROOM, 0.95))
        frame = title.text_frame
        frame.text, frame.word_wrap, frame.vertical_anchor = prose(text), True, MSO_ANCHOR.BOTTOM
        frame.margin_left = frame.margin_right = 0
        paragraph = frame.paragraphs[0]
        paragraph.alignment, paragraph.line_spacing = PP_ALIGN.LEFT, 0.9
        self._font(paragraph.font, _TITLE, "ink", bold=True)

    def _text(self, text: str, top: float, height: float, size: int, *, colour: str = "ink") -> None:
        if not text:
            return
        place = (_MARGIN, top, _ROOM, height)
        frame = self.slide.shapes.add_textbox(*map(self.inches, place)).text_frame
        frame.word_wrap, frame.margin_left, frame.margin_right, frame.margin_top = True, 0, 0, 0
        frame.paragraphs[0].text = prose(text)
        self._font(frame.paragraphs[0].font, size, colour)

    def _font(self, font: Any, size: int, colour: str, *, bold: bool = False) -> None:
        font.size, font.bold, font.name, font.color.rgb = self.points(size), bold, _FONT, self.colours[colour]


def _fewer(plot: Ranges) -> Ranges:
    """Rows for a slide: the first ones of each group; steps that lead to each other stay."""
    groups: list[list[Row]] = []
    for row in plot.rows:
        if row.group or not groups:
            groups.append([])
        groups[-1].append(row)
    while sum(map(len, groups)) + 2 * len(groups) > _MOST_ROWS:
        largest = max((group for group in groups if all(row.joins is None for row in group)), key=len, default=[])
        if len(largest) < _FEWEST_ROWS:
            break
        largest.pop()
    return replace(plot, rows=tuple(row for group in groups for row in group))


def _ranges(picture: Picture) -> Iterable[str]:
    """The range of 95 % as text: slides have solid areas alone."""
    plot = picture.plot
    if isinstance(plot, Course) and (ends := [label.y for label in plot.labels if label.level == _WIDEST]):
        write = picture.amounts
        yield f"Nineteen chances in twenty: {write(min(ends))} to {write.full(max(ends))}"
