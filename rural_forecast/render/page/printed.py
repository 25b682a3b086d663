"""pdf, png: the sheets of a page by typst, with the pictures as svg; no browser is needed."""

import json
import re
from base64 import b64decode
from pathlib import Path
from typing import Any

from rural_forecast.document.page import Page
from rural_forecast.document.picture import Picture
from rural_forecast.document.table import Table
from rural_forecast.render import drawing
from rural_forecast.render.columns import prose, read_columns
from rural_forecast.system.extras import need
from rural_forecast.text.style import FAMILIES, PRINT, THEMES

PIXELS = 1075
"""Width of a png: 130 dots an inch of A4."""
_IMAGE = re.compile(
    r'<image xlink:href="data:image/svg\+xml;base64,([^"]*)"( width="[^"]*" height="[^"]*")[^>]*/>'
)
_TEMPLATE = Path(__file__).parent / "printed.typ"


def render(page: Page, form: str, **_: Any) -> bytes:
    """Write the page."""
    typst, resvg = (
        need(name, "exhibit", f"An exhibit as {form}") for name in ("typst", "resvg_py")
    )
    folder = drawing.font_folder(form)
    look = page.look
    colours = {
        name: THEMES[look.theme][name] for name in ("paper", "ink", "quiet", "grid", "accent")
    }
    sheets = tuple(one._replace(picture=one.picture and one.picture.bare) for one in page.sheets)
    content = _data(page._replace(sheets=sheets))  # what is not drawn needs no font
    text = json.dumps({"fonts": FAMILIES, "colours": colours, **content}, ensure_ascii=False)
    drawing.require_fonts(text, resvg, folder)
    given = {
        "font_paths": [str(folder)],
        "sys_inputs": {"data": text, "form": form},
        "timestamp": 0,
    }
    if form == "pdf":
        return bytes(typst.compile(_TEMPLATE.read_bytes(), format="pdf", **given))
    # Its png has seams in pictures.
    drawn = typst.compile(_TEMPLATE.read_bytes(), format="svg", **given).decode()
    drawn = _IMAGE.sub(_within, drawn)
    wide = look.pixels or PIXELS
    return bytes(resvg.svg_to_bytes(svg_string=drawn, font_dirs=[str(folder)], width=wide, dpi=72))


def _within(image: re.Match[str]) -> str:
    """Set a picture within the svg of its page: resvg has no fonts for the texts of an image."""
    picture = b64decode(image[1]).decode().partition("<svg")[2]
    picture = re.sub(r' width="[^"]*" height="[^"]*"', image[2], picture, count=1)
    return "<svg" + re.sub(r'(?<= id="|url\(#)', f"at{image.start()}-", picture)


def _data(value: Any) -> Any:
    """Give a part of a page as the template takes it: texts harmless, a picture as svg, a table by
    its rows.
    """
    if isinstance(value, str):
        return prose(value)
    if isinstance(value, Picture):
        return {"svg": drawing.svg(value, PRINT), "alternative": prose(value.alternative)}
    if isinstance(value, Table):
        columns = read_columns(value)
        heads = [{"title": column.title, "right": column.right} for column in columns]
        rows = list(zip(*(column.cells for column in columns), strict=True))
        return {"title": prose(value.title), "columns": heads, "rows": rows}
    if hasattr(value, "_asdict"):
        return {name: _data(part) for name, part in value._asdict().items()}
    return [*map(_data, value)] if isinstance(value, tuple) else value
