"""pdf, png: the sheets of a page by typst, with the pictures as svg; no browser is needed."""

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rural_forecast.document.page import Page
from rural_forecast.document.picture import Course, Picture
from rural_forecast.document.table import Table
from rural_forecast.render import drawing, image
from rural_forecast.render.columns import prose, read_columns
from rural_forecast.system.extras import need
from rural_forecast.text.style import FAMILIES, PRINT, THEMES

PIXELS = 1075
"""Width of a png: 130 dots an inch of A4."""
# Pixels of the heights in which a picture is offered to a sheet.
_MOST_HEIGHT = 860
_HEIGHT_STEP = 40
_IMAGE = re.compile(
    r'<image( transform="[^"]*")? xlink:href="data:image/svg\+xml;base64,([^"]*)"'
    r'( width="[^"]*" height="[^"]*")[^>]*/>'
)
_TEMPLATE = Path(__file__).parent / "printed.typ"


def render(page: Page, form: str, **_: Any) -> bytes:
    """Write the page."""
    purpose = f"An exhibit as {form}"
    typst = need("typst", "exhibit", purpose)
    resvg = need("resvg_py", "exhibit", purpose)
    folder = image.font_folder(form)
    look = page.look
    theme = THEMES[look.theme]
    colours = {name: theme[name] for name in ("paper", "ink", "quiet", "grid", "accent")}
    content = _data(_without_words_of_pictures(page))
    text = json.dumps({"fonts": FAMILIES, "colours": colours, **content}, ensure_ascii=False)
    image.require_fonts(text, resvg, folder)
    given = {
        "font_paths": [str(folder)],
        "sys_inputs": {"data": text, "form": form},
        "timestamp": 0,
    }
    template = _TEMPLATE.read_bytes()
    if form == "pdf":
        return bytes(typst.compile(template, format="pdf", **given))
    # By way of svg: the png of typst has seams in pictures.
    drawn = _IMAGE.sub(_within, typst.compile(template, format="svg", **given).decode())
    wide = look.pixels or PIXELS
    return bytes(resvg.svg_to_bytes(svg_string=drawn, font_dirs=[str(folder)], width=wide, dpi=72))


def _without_words_of_pictures(page: Page) -> Page:
    """Leave out the words that the page has already: what is not drawn needs no font."""
    sheets = []
    for sheet in page.sheets:
        picture = sheet.picture.bare if sheet.picture else None
        sheets.append(sheet._replace(picture=picture))
    return page._replace(sheets=tuple(sheets))


def _within(image: re.Match[str]) -> str:
    """Set a picture within the svg of its page: resvg has no fonts for the texts of an image."""
    corner, encoded, size = image.groups()
    picture = b64decode(encoded).decode().partition("<svg")[2]
    picture = re.sub(r' width="[^"]*" height="[^"]*"', size, picture, count=1)
    picture = re.sub(r'(?<= id="|url\(#)', f"at{image.start()}-", picture)
    return f"<g{corner or ''}><svg{picture}</g>"


def _taller(picture: Picture) -> Iterator[str]:
    """Draw a picture over years in more heights, the tallest first: the page takes what fits."""
    if isinstance(picture.plot, Course):
        for more in range(_MOST_HEIGHT, int(PRINT.plot), -_HEIGHT_STEP):
            yield drawing.svg(picture, PRINT._replace(plot=more))


def _data(value: Any) -> Any:
    """Make a part of a page what the template takes: harmless texts, svg, and rows of tables."""
    if isinstance(value, str):
        return prose(value)
    if isinstance(value, Picture):
        return {
            "svg": drawing.svg(value, PRINT),
            "taller": list(_taller(value)),
            "alternative": prose(value.alternative),
        }
    if isinstance(value, Table):
        columns = read_columns(value)
        heads = [{"title": column.title, "right": column.right} for column in columns]
        rows = list(zip(*(column.cells for column in columns), strict=True))
        return {"title": prose(value.title), "columns": heads, "rows": rows}
    if hasattr(value, "_asdict"):
        return {name: _data(part) for name, part in value._asdict().items()}
    return list(map(_data, value)) if isinstance(value, tuple) else value
