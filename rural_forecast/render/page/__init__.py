"""html: a report as one file that needs nothing from elsewhere and lets nothing in.

Jinja escapes every text; the security policy allows exactly the one style sheet and the one script of the page, by
their digests. The page is whole without the script, which adds readings under the pointer, levels and the axis.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rural_forecast.extras import need
from rural_forecast.picture import Course
from rural_forecast.render import svg
from rural_forecast.render.plain_text import encodable, one_line
from rural_forecast.render.reading import ReadColumn, prose, read_columns
from rural_forecast.render.svg_ranges import ranges

if TYPE_CHECKING:
    from rural_forecast.page import Page
    from rural_forecast.picture import Picture

_LONG = 24
"""Characters from which a text wraps within its column."""
_FOLDER = Path(__file__).parent


def render(page: Page) -> str:
    """Write the page.

    Raises
    ------
    UsageError : jinja2 is not installed
    RuralForecastError : a number is not finite, which is a defect of ours
    """
    jinja2 = need("jinja2", "report", "The format html")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["line"] = prose
    environment.filters["typed"] = one_line  # commands, to be copied
    style, script = ((_FOLDER / name).read_text(encoding="utf-8") for name in ("style.css", "script.js"))
    text: str = environment.get_template("template.html").render(
        page=page,
        style=environment.filters["safe"](style),
        script=environment.filters["safe"](script),
        policy=f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'",
        drawn=lambda picture: _drawn(picture, environment.filters["safe"]),
        columns=read_columns,
        kind=_kind,
        tones=lambda table: table.tones or ("plain",) * len(table.rows),
    )
    return encodable(text).rstrip("\n") + "\n"


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _kind(column: ReadColumn) -> str:
    """The class of a column's cells: numbers never wrap, remarks get room, and addresses may break anywhere."""
    if column.numeric:
        return "number"
    if column.right:
        return "right"
    return "words long" if max(map(len, column.cells), default=0) > _LONG else "words"


def _drawn(picture: Picture, safe: Any) -> dict[str, Any]:
    """The drawings of a picture and what its controls need."""
    plot = picture.plot
    if not isinstance(plot, Course):
        drawings = [safe(ranges(picture, plot, size)) for size in (svg.WIDE, svg.NARROW)]
        return {"scales": [("linear", drawings)], "readings": {}, "levels": []}
    scales = [False, True] if plot.positive else [False]
    return {
        "scales": [
            (
                "log" if scale else "linear",
                [safe(svg.render(picture, plot, size, logarithmic=scale)) for size in (svg.WIDE, svg.NARROW)],
            )
            for scale in scales
        ],
        "readings": svg.readings(plot, picture.unit),
        "levels": sorted({band.level for band in plot.bands if band.name}),
    }
