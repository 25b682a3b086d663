"""A picture whole as svg, alone or as a part of a page."""

from html import escape
from math import ceil

from rural_forecast.document.picture import Picture
from rural_forecast.render import canvas
from rural_forecast.render.columns import prose
from rural_forecast.render.composition import Composition
from rural_forecast.text.cells import one_line
from rural_forecast.text.style import FAMILIES, PHONE, THEMES, WIDE, Size

_FAMILIES = ", ".join(map(repr, FAMILIES))

# A picture of a stated ratio gets wider by this factor until its texts leave room for the drawing,
# up to so many times its usual width. It may be a little higher than stated.
_WIDER = 1.2
_MOST_WIDENING = 4
_HIGHER = 1.01
_LOWEST = 150.0  # pixels of a drawing


def svg(picture: Picture, size: Size = WIDE) -> str:
    """Draw the picture as an svg of its own.

    Raises UsageError if the numbers are too large or too small to draw.
    """
    sheet = Composition(picture, size)
    if picture.look.ratio is not None:
        sheet = _of_ratio(picture, size, picture.look.ratio)
    theme = picture.look.theme
    paper = THEMES[theme]["paper"]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {sheet.box}>',
        f"<title>{escape(one_line(picture.title))}</title>",
        f"<desc>{escape(prose(picture.alternative))}</desc>",
        "<style>",
        canvas.style(theme),
        f"svg text {{ font-family: {_FAMILIES}, sans-serif; }}",
        "</style>",
        f'<rect width="100%" height="100%" fill="{paper}"/>',
        *sheet.canvas.parts,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _of_ratio(picture: Picture, size: Size, ratio: float) -> "Composition":
    """Compose a picture of a ratio, as wide as it takes for the texts to leave room to draw."""
    wide = size.width
    while True:
        height = wide / ratio
        own_size = size._replace(width=wide)
        natural = Composition(picture, own_size, room=_LOWEST)
        room = height - natural.height + natural.drawn
        sheet = Composition(picture, own_size, room=max(room, _LOWEST))
        if sheet.height <= _HIGHER * height or wide > _MOST_WIDENING * size.width:
            sheet.height = max(sheet.height, ceil(height))
            return sheet
        wide = round(_WIDER * wide)


def embedded(picture: Picture, sizes: tuple[Size, ...] = (WIDE, PHONE)) -> list[str]:
    """Draw the picture in the sizes of a page's media, without the words that the page has."""
    drawings = []
    for size in sizes:
        sheet = Composition(picture.bare, size._replace(margin=2.0))
        head = f'<svg class="{size.name}" {sheet.box} aria-hidden="true" focusable="false">'
        drawings.append(f"{head}{''.join(sheet.canvas.parts)}</svg>")
    return drawings
