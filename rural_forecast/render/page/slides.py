"""pptx: one slide a picture: headline, range, picture and source.

Lines, columns and areas are charts to edit; other pictures are images.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

from rural_forecast.document.page import Page
from rural_forecast.document.picture import Course, Picture
from rural_forecast.render import native
from rural_forecast.render.columns import prose
from rural_forecast.render.image import printed
from rural_forecast.render.native_grid import (
    HEAD_LINE,
    LOGARITHMIC,
    PlacedChart,
    TextSizes,
    charts_of,
)
from rural_forecast.render.page.decks import Deck, TitleBox, deck_of
from rural_forecast.system.extras import need
from rural_forecast.text.numbers import in_unit
from rural_forecast.text.style import MOST_WORDS, SLIDE_POINTS, Size
from rural_forecast.text.wording import capital, words

# Points of type.
_TITLE, _RANGE, _TEXT, _SOURCE = SLIDE_POINTS
_SMALLER = 24  # of a title that would not fit one line
_ONE_LINE = 0.9  # of the room: titles are measured in another font than Arial
_POINTS = 72.0  # in an inch
_LINE = 1.2  # ems from a line of a title to the next one
_RANGE_SIZES = (_RANGE, 16, _TEXT, 12)
_SIZES_BELOW = (_TEXT, 12)  # of the sentence below the chart
_TITLE_SIZES = (36, 32, 28, 24, 20)  # in the room that a template gives
# Fonts of the theme: of headlines, and of all other texts.
_HEADLINE_FONT = "+mj-lt"
_TEXT_FONT = "+mn-lt"

_WIDEST = 95  # level of a range that is written: areas are solid, and cannot show it


def render(shown: Page | Picture, **_: Any) -> bytes:
    """Write a picture as one slide, or a page as one slide for each of its pictures.

    Raises InputError and UsageError as `deck_of` does.
    """
    deck = deck_of(shown.look.template)
    byline = "" if isinstance(shown, Picture) else prose(shown.byline)
    pictures = [shown] if isinstance(shown, Picture) else [sheet.picture for sheet in shown.sheets]
    about = deck.show.core_properties
    about.title = prose(shown.title)
    about.author = byline
    about.last_modified_by = byline
    about.comments = ""  # the library's own name
    about.created = native.EPOCH
    about.modified = native.EPOCH
    for picture in filter(None, pictures):
        slide = deck.show.slides.add_slide(deck.layout)
        _draw(slide, picture, byline, deck)
    file = BytesIO()
    deck.show.save(file)
    return native.repacked(file.getvalue())


def _inches(*lengths: float) -> list[Any]:
    inches = need("pptx.util", "exhibit", "The format pptx").Inches
    return list(map(inches, lengths))


def _draw(slide: Any, picture: Picture, byline: str, deck: Deck) -> None:
    """Write the words of a picture on a slide, and draw it."""
    room = (deck.room * _POINTS, (deck.bottom - deck.top) * _POINTS)
    placed = charts_of(picture, TextSizes(_TEXT, _SOURCE), room, deck.colours)
    _headline(slide, picture, deck)
    heads = [text for one in placed for text in _head_of_panel(one, deck)]
    for text in [*_texts(picture, byline, deck, has_chart=bool(placed)), *heads]:
        if text.words:
            shape = slide.shapes.add_textbox(0, 0, 0, 0)
            _text(shape, text, deck)
    spoken = [picture.alternative, *picture.notes]
    slide.notes_slide.notes_text_frame.text = prose("\n".join(filter(None, spoken)))

    for one in placed:
        lengths = (one.left, one.top, one.wide, one.high)
        left, top, wide, high = (length / _POINTS for length in lengths)
        box = _inches(deck.left + left, deck.top + top, wide, high)
        native.add_to(slide, one.chart, box)
        _describe(slide, one.alternative)
    if not placed:
        box = _inches(deck.left, deck.top, deck.room, deck.bottom - deck.top)
        slide.shapes.add_picture(BytesIO(image(picture, deck)), *box)
        _describe(slide, picture.alternative)


def _describe(slide: Any, text: str) -> None:
    """Give the shape that was added last its alternative text."""
    *_, drawn = slide.shapes
    drawn._element.xpath(".//p:cNvPr")[0].set("descr", prose(text))


def _headline(slide: Any, picture: Picture, deck: Deck) -> None:
    """Write the headline right above the range, smaller if it takes two lines.

    A template says itself where its titles are and how they look.
    """
    from pptx.enum.text import MSO_ANCHOR
    from pptx.util import Pt

    if deck.title:
        frame = slide.shapes.title.text_frame
        frame.text = prose(picture.title)
        size = _size_that_fits(picture.title, deck, deck.title)
        if size < deck.title.points:
            frame.paragraphs[0].font.size = Pt(size)
        for shape in list(slide.placeholders):
            if shape.placeholder_format.idx != 0:  # nothing is left to be filled in
                shape._element.getparent().remove(shape._element)
        return
    room = _ONE_LINE * deck.room * _POINTS
    fits = deck.width(prose(picture.title), _TITLE, bold=True) < room
    words = _SlideText(picture.title, 0.15, 0.95, _TITLE if fits else _SMALLER, "ink")
    frame = _text(slide.shapes.title, words, deck, font=_HEADLINE_FONT)
    frame.vertical_anchor = MSO_ANCHOR.BOTTOM
    paragraph = frame.paragraphs[0]
    paragraph.line_spacing = 0.9
    paragraph.font.bold = True


def _size_that_fits(title: str, deck: Deck, box: TitleBox) -> float:
    """Choose the largest size in which a title fits its room, in points."""
    room = _ONE_LINE * box.width * _POINTS
    for size in (box.points, *_TITLE_SIZES):
        if size > box.points:
            continue
        lines = -(-deck.width(prose(title), size, bold=True) // room)
        if lines * size * _LINE <= box.height * _POINTS:
            return size
    return _TITLE_SIZES[-1]


@dataclass(frozen=True, slots=True)
class _SlideText:
    """A text of a slide: its top and height in inches, and its type."""

    words: str
    top: float
    height: float
    size: int
    colour: str
    left: float | None = None
    """inches of its left end, if it is not across the slide; and how wide it is then."""
    room: float = 0.0
    bold: bool = False
    remark: str = ""
    """a text behind it, in the size of sources."""
    remark_colour: str = "quiet"


def _texts(picture: Picture, byline: str, deck: Deck, *, has_chart: bool) -> list[_SlideText]:
    """List the texts around the picture; an image has the unit in it.

    What the series is about comes last, if a slide may have so many words; sources do not count.
    """
    foot = [_widest_range(picture), picture.source, byline]
    sentences = " ".join(f"{text.rstrip('.')}." for text in foot if text)
    # What moved the answer stands above the chart, in smaller letters where the line is short.
    unit = picture.unit if has_chart else ""
    axis = LOGARITHMIC if has_chart and picture.by_factors else ""
    above = " · ".join(filter(None, (unit, axis, picture.premise.rstrip("."))))
    has_room = deck.width(prose(above), _TEXT) < deck.room * _POINTS
    size_above = _TEXT if has_room else _SOURCE
    line = _ONE_LINE * deck.room * _POINTS
    fitting = [size for size in _RANGE_SIZES if deck.width(prose(picture.subtitle), size) < line]
    size_of_range = max(fitting, default=_RANGE_SIZES[-1])
    texts = [
        _SlideText(picture.subtitle, deck.range_top, 0.4, size_of_range, "ink"),
        _SlideText(above, deck.top - 0.35, 0.3, size_above, "quiet"),
        _SlideText(sentences, deck.source_top, 0.3, _SOURCE, "quiet"),
    ]
    if isinstance(picture.plot, Course) and picture.plot.keys:
        text = f"{'; '.join(f'{key.name}: {key.text}' for key in picture.plot.keys)}."
        return [*texts, _below(capital(text), deck)]
    about = f"{picture.about.rstrip('.')}." if picture.about else ""
    count = sum(map(words, (about, picture.title, *(text.words for text in texts))))
    count -= words(picture.source)
    fits = deck.width(prose(about), _SIZES_BELOW[-1]) < deck.room * _POINTS
    if count <= MOST_WORDS["slide"] and fits:
        texts.append(_below(about, deck))
    return texts


def _below(text: str, deck: Deck) -> _SlideText:
    """Write a sentence below the chart, in the largest size that fits one line, or in two lines."""
    room = deck.room * _POINTS
    fitting = [size for size in _SIZES_BELOW if deck.width(prose(text), size) < room]
    size = max(fitting, default=_SIZES_BELOW[-1])
    return _SlideText(text, deck.bottom - 0.05, 0.3, size, "ink")


def _head_of_panel(placed: PlacedChart, deck: Deck) -> Iterator[_SlideText]:
    """Write the name of a panel above it, and its remark."""
    head = placed.head
    if head is None:
        return
    left = deck.left + placed.left / _POINTS
    top = deck.top + (placed.top - placed.head_high) / _POINTS
    room = placed.wide / _POINTS
    size = round(head.size)
    name = _SlideText(
        head.name, top, 0.25, size, "accent" if head.is_accented else "ink", left, room, bold=True
    )
    quiet = "accent" if head.is_accented else "quiet"
    if not head.is_below:
        yield replace(name, remark=head.remark, remark_colour=quiet)
        return
    yield name
    below = top + HEAD_LINE * head.size / _POINTS
    yield _SlideText(head.remark, below, 0.25, _SOURCE, quiet, left, room)


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


def image(picture: Picture, deck: Deck) -> bytes:
    """Draw the picture without its words, in the room of a slide."""
    size = Size("slide", round(deck.room * _POINTS), 300, 4, _TITLE, _RANGE, _TEXT, _TEXT, 3.6)
    look = picture.look._replace(ratio=deck.room / (deck.bottom - deck.top), pixels=2400)
    return printed(picture.bare._replace(notes=(), look=look), "png", size)


def _text(shape: Any, text: _SlideText, deck: Deck, font: str = _TEXT_FONT) -> Any:
    """Write a text into a shape across the slide; return its frame."""
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    left = deck.left if text.left is None else text.left
    box = _inches(left, text.top, text.room or deck.room, text.height)
    shape.left, shape.top, shape.width, shape.height = box
    frame = shape.text_frame
    frame.text = prose(text.words)
    frame.word_wrap = True
    frame.margin_left = 0
    frame.margin_right = 0
    frame.margin_top = 0
    frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    if text.remark:
        behind = frame.paragraphs[0].add_run()
        behind.text = f"\u00a0\u00a0{prose(text.remark)}"
        behind.font.size = Pt(_SOURCE)
        behind.font.name = font
        behind.font.bold = False
        behind.font.color.rgb = _rgb(deck, text.remark_colour)
    look = frame.paragraphs[0].font
    look.size = Pt(text.size)
    look.name = font
    if text.bold:
        look.bold = True
    look.color.rgb = _rgb(deck, text.colour)
    return frame


def _rgb(deck: Deck, colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(deck.colours[colour][1:].upper())
