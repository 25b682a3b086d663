"""pptx: one slide a picture: headline, range, picture and source; lines, columns and areas are
charts to edit.
"""

from io import BytesIO
from typing import Any

from rural_forecast.document.page import Page
from rural_forecast.document.picture import Course, Picture
from rural_forecast.render import drawing, native_chart
from rural_forecast.render.columns import prose
from rural_forecast.render.native_chart import COLOURS, NativeChart
from rural_forecast.render.wrapping import width
from rural_forecast.system.extras import need
from rural_forecast.text.style import MOST_WORDS, SLIDE_POINTS, Size
from rural_forecast.text.wording import words

_WIDE = 13.333
_HIGH = 7.5
_MARGIN = 0.6
_ROOM = _WIDE - 2 * _MARGIN
_TOP = 1.95
_BOTTOM = 6.6
_TITLE, _RANGE, _TEXT, _SOURCE = SLIDE_POINTS
_SMALLER = 24  # points of a title that would not fit one line
_PIXELS = 72.0
_FONT = "Arial"
_WIDEST = 95


def render(shown: Page | Picture, **_: Any) -> bytes:
    """Write a picture as one slide, or a page as one slide for each of its pictures."""
    show = need("pptx", "exhibit", "The format pptx").Presentation()
    byline = "" if isinstance(shown, Picture) else prose(shown.byline)
    pictures = [shown] if isinstance(shown, Picture) else [sheet.picture for sheet in shown.sheets]
    show.slide_width, show.slide_height = _inches(_WIDE, _HIGH)
    about = show.core_properties
    about.title, about.author, about.created, about.modified = (
        prose(shown.title),
        byline,
        *[native_chart.EPOCH] * 2,
    )
    for picture in filter(None, pictures):
        _draw(show.slides.add_slide(show.slide_layouts[5]), picture, byline)
    file = BytesIO()
    show.save(file)
    return native_chart.repacked(file.getvalue())


def _inches(*lengths: float) -> list[Any]:
    return [*map(need("pptx.util", "exhibit", "The format pptx").Inches, lengths)]


def _draw(slide: Any, picture: Picture, byline: str) -> None:
    from pptx.enum.text import MSO_ANCHOR

    suits = native_chart.suits(picture)
    plot = picture.plot
    write = picture.amounts
    title = (
        _TITLE
        if width(prose(picture.title), _TITLE, bold=True) < 0.9 * _ROOM * _PIXELS
        else _SMALLER
    )
    frame = _text(slide.shapes.title, picture.title, 0.15, 0.95, title)
    frame.vertical_anchor = MSO_ANCHOR.BOTTOM
    head = frame.paragraphs[0]
    head.line_spacing = 0.9
    head.font.bold = True
    foot = [picture.source, byline]
    if isinstance(plot, Course) and (
        ends := [label.y for label in plot.labels if label.level == _WIDEST]
    ):
        # Areas are solid.
        foot.insert(0, f"Nineteen chances in twenty: {write(min(ends))} to {write.full(max(ends))}")
    texts = [
        (picture.subtitle, 1.1, 0.4, _RANGE, "ink"),
        (picture.unit if suits else "", _TOP - 0.35, 0.3, _TEXT, "quiet"),
        (" ".join(f"{text.rstrip('.')}." for text in foot if text), 6.98, 0.3, _SOURCE, "quiet"),
    ]
    about = picture.about and f"{picture.about.rstrip('.')}."
    if (
        sum(map(words, (about, picture.title, *(text for text, *_ in texts))))
        <= MOST_WORDS["slide"]
    ):
        texts.append((about, _BOTTOM - 0.05, 0.3, _TEXT, "ink"))
    for text, top, height, size, colour in texts:
        if text:
            _text(slide.shapes.add_textbox(0, 0, 0, 0), text, top, height, size, colour)
    said = [picture.alternative, *picture.notes]
    slide.notes_slide.notes_text_frame.text = prose("\n".join(filter(None, said)))
    place = _inches(_MARGIN, _TOP, _ROOM, _BOTTOM - _TOP)
    if suits:
        native_chart.add_to(slide, NativeChart(picture, points=_TEXT), place)
    else:
        slide.shapes.add_picture(BytesIO(image(picture)), *place)
    *_, drawn = slide.shapes
    drawn._element.xpath(".//p:cNvPr")[0].set("descr", prose(picture.alternative))


def image(picture: Picture) -> bytes:
    """The picture without its words, in the room of a slide."""
    size = Size("slide", round(_ROOM * _PIXELS), 300, 4, _TITLE, _RANGE, _TEXT, _TEXT, 3.6)
    look = picture.look._replace(ratio=_ROOM / (_BOTTOM - _TOP), pixels=2400)
    return drawing.printed(picture.bare._replace(notes=(), look=look), "png", size)


def _text(shape: Any, text: str, top: float, height: float, size: int, colour: str = "ink") -> Any:
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
