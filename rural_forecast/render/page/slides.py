"""pptx: one slide a picture: headline, range, picture and source.

Lines, columns and areas are charts to edit; other pictures are images.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

from rural_forecast.document.page import Page
from rural_forecast.document.picture import Course, Picture
from rural_forecast.render import drawing, native_chart
from rural_forecast.render.columns import prose
from rural_forecast.render.native_chart import COLOURS, NativeChart
from rural_forecast.render.wrapping import width
from rural_forecast.system.extras import need
from rural_forecast.text.numbers import in_unit
from rural_forecast.text.style import MOST_WORDS, SLIDE_POINTS, Size
from rural_forecast.text.wording import words

# Inches of a slide of 16 : 9, and of its picture.
_WIDE = 13.333
_HIGH = 7.5
_MARGIN = 0.6
_ROOM = _WIDE - 2 * _MARGIN
_TOP = 1.95
_BOTTOM = 6.6

# Points of type.
_TITLE, _RANGE, _TEXT, _SOURCE = SLIDE_POINTS
_SMALLER = 24  # of a title that would not fit one line
_ONE_LINE = 0.9  # of the room: titles are measured in another font than Arial
_POINTS = 72.0  # in an inch
_FONT = "Arial"

_ONLY_TITLE = 5  # the layout of the default template
_WIDEST = 95  # level of a range that is written: areas are solid, and cannot show it


def render(shown: Page | Picture, **_: Any) -> bytes:
    """Write a picture as one slide, or a page as one slide for each of its pictures."""
    show = need("pptx", "exhibit", "The format pptx").Presentation()
    byline = "" if isinstance(shown, Picture) else prose(shown.byline)
    pictures = [shown] if isinstance(shown, Picture) else [sheet.picture for sheet in shown.sheets]
    show.slide_width, show.slide_height = _inches(_WIDE, _HIGH)
    about = show.core_properties
    about.title = prose(shown.title)
    about.author = byline
    about.created = native_chart.EPOCH
    about.modified = native_chart.EPOCH
    for picture in filter(None, pictures):
        slide = show.slides.add_slide(show.slide_layouts[_ONLY_TITLE])
        _draw(slide, picture, byline)
    file = BytesIO()
    show.save(file)
    return native_chart.repacked(file.getvalue())


def _inches(*lengths: float) -> list[Any]:
    inches = need("pptx.util", "exhibit", "The format pptx").Inches
    return list(map(inches, lengths))


def _draw(slide: Any, picture: Picture, byline: str) -> None:
    """Write the words of a picture on a slide, and draw it."""
    suits = native_chart.suits(picture)
    _headline(slide, picture)
    for text in _texts(picture, byline, has_chart=suits):
        if text.words:
            shape = slide.shapes.add_textbox(0, 0, 0, 0)
            _text(shape, text.words, text.top, text.height, text.size, text.colour)
    spoken = [picture.alternative, *picture.notes]
    slide.notes_slide.notes_text_frame.text = prose("\n".join(filter(None, spoken)))

    box = _inches(_MARGIN, _TOP, _ROOM, _BOTTOM - _TOP)
    if suits:
        native_chart.add_to(slide, NativeChart(picture, points=_TEXT), box)
    else:
        slide.shapes.add_picture(BytesIO(image(picture)), *box)
    *_, drawn = slide.shapes
    drawn._element.xpath(".//p:cNvPr")[0].set("descr", prose(picture.alternative))


def _headline(slide: Any, picture: Picture) -> None:
    """Write the headline right above the range, smaller if it takes two lines."""
    from pptx.enum.text import MSO_ANCHOR

    room = _ONE_LINE * _ROOM * _POINTS
    fits = width(prose(picture.title), _TITLE, bold=True) < room
    frame = _text(slide.shapes.title, picture.title, 0.15, 0.95, _TITLE if fits else _SMALLER)
    frame.vertical_anchor = MSO_ANCHOR.BOTTOM
    paragraph = frame.paragraphs[0]
    paragraph.line_spacing = 0.9
    paragraph.font.bold = True


@dataclass(frozen=True, slots=True)
class _SlideText:
    """A text of a slide: its top and height in inches, and its type."""

    words: str
    top: float
    height: float
    size: int
    colour: str


def _texts(picture: Picture, byline: str, *, has_chart: bool) -> list[_SlideText]:
    """List the texts around the picture; an image has the unit in it.

    What the series is about comes last, if a slide may have so many words.
    """
    foot = [_widest_range(picture), picture.source, byline]
    sentences = " ".join(f"{text.rstrip('.')}." for text in foot if text)
    unit = picture.unit if has_chart else ""
    texts = [
        _SlideText(picture.subtitle, 1.1, 0.4, _RANGE, "ink"),
        _SlideText(unit, _TOP - 0.35, 0.3, _TEXT, "quiet"),
        _SlideText(sentences, 6.98, 0.3, _SOURCE, "quiet"),
    ]
    about = f"{picture.about.rstrip('.')}." if picture.about else ""
    count = sum(map(words, (about, picture.title, *(text.words for text in texts))))
    if count <= MOST_WORDS["slide"]:
        texts.append(_SlideText(about, _BOTTOM - 0.05, 0.3, _TEXT, "ink"))
    return texts


def _widest_range(picture: Picture) -> str:
    """Write the range of 95 % in words, if the picture has it."""
    plot = picture.plot
    if not isinstance(plot, Course):
        return ""
    ends = [label.y for label in plot.labels if label.level == _WIDEST]
    if not ends:
        return ""
    between = " to ".join(picture.amounts.bounds(min(ends), max(ends)))
    return f"Nineteen chances in twenty: {between}{in_unit(picture.amounts.unit)}"


def image(picture: Picture) -> bytes:
    """Draw the picture without its words, in the room of a slide."""
    size = Size("slide", round(_ROOM * _POINTS), 300, 4, _TITLE, _RANGE, _TEXT, _TEXT, 3.6)
    look = picture.look._replace(ratio=_ROOM / (_BOTTOM - _TOP), pixels=2400)
    return drawing.printed(picture.bare._replace(notes=(), look=look), "png", size)


def _text(shape: Any, text: str, top: float, height: float, size: int, colour: str = "ink") -> Any:
    """Write a text into a shape across the slide; return its frame."""
    from pptx.dml.color import RGBColor
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    shape.left, shape.top, shape.width, shape.height = _inches(_MARGIN, top, _ROOM, height)
    frame = shape.text_frame
    frame.text = prose(text)
    frame.word_wrap = True
    frame.margin_left = 0
    frame.margin_right = 0
    frame.margin_top = 0
    frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    font = frame.paragraphs[0].font
    font.size = Pt(size)
    font.name = _FONT
    font.color.rgb = RGBColor.from_string(COLOURS[colour][1:].upper())
    return frame
