"""pdf, png: the sheets of a page by typst, with the pictures as svg; no browser is needed."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rural_forecast.render import formats, raster
from rural_forecast.render.reading import prose, read_columns
from rural_forecast.render.sheet import FAMILIES
from rural_forecast.system.extras import need

if TYPE_CHECKING:
    from rural_forecast.document.page import Page, Sheet
    from rural_forecast.document.picture import Picture
    from rural_forecast.document.table import Table

_TALLEST = 0.9
"""Width over height of the tallest picture on a page."""
DOTS = 130
"""Of an inch of a png."""
_TEMPLATE = Path(__file__).parent / "printed.typ"


def render(page: Page, form: str, **_: Any) -> bytes:
    """Write the page.

    `form`: `pdf`, one sheet a page, or `png`, all sheets in one picture. Raises UsageError if typst is not installed,
    or no font has a picture's characters.
    """
    typst, resvg = (need(name, "exhibit", f"An exhibit as {form}") for name in ("typst", "resvg_py"))
    folder = raster.font_folder(form)
    content = {
        "title": prose(page.title),
        "byline": prose(page.byline),
        "credit": prose(page.credit),
        "fonts": FAMILIES,
        "sheets": [_sheet(page, sheet) for sheet in page.sheets],
    }
    text = json.dumps(content, ensure_ascii=False)
    raster.require_fonts(text, resvg, folder)
    return bytes(
        typst.compile(
            _TEMPLATE.read_bytes(),
            format=form,
            ppi=DOTS,
            font_paths=[str(folder)],
            sys_inputs={"data": text, "form": form},
            timestamp=0,
        )
    )


def _sheet(page: Page, sheet: Sheet) -> dict[str, Any]:
    picture = sheet.picture and replace(sheet.picture, title="")
    drawn = _drawn(picture) if picture else ""
    return {
        "title": prose(page.title),
        "heading": prose(sheet.heading) if len(page.sheets) > 1 else "",
        "finding": [prose(sentence) for sentence in sheet.finding],
        "figures": [
            {"name": prose(figure.name), "value": prose(figure.value), "remark": prose(figure.remark)}
            for figure in sheet.figures
        ],
        "picture": drawn or None,
        "alternative": prose(picture.alternative) if picture else "",
        "published": _table(sheet.published) if sheet.published else None,
        "basis": [(prose(name), prose(text)) for name, text in sheet.basis],
        "risks": [prose(text) for text in sheet.risks],
        "sources": [prose(text) for text in sheet.sources],
    }


def _drawn(picture: Picture) -> str:
    """A picture that leaves room on its page for the rest of the sheet."""
    text = str(formats.render(picture, "svg"))
    wide, high = map(float, re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', text)[0])
    if wide / high >= _TALLEST:
        return text
    return str(formats.render(replace(picture, look=replace(picture.look, ratio=_TALLEST)), "svg"))


def _table(table: Table) -> dict[str, Any]:
    columns = read_columns(table)
    return {
        "title": prose(table.title),
        "columns": [{"title": column.title, "right": column.right} for column in columns],
        "rows": list(zip(*(column.cells for column in columns), strict=True)),
    }
