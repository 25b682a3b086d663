"""html: a page as one file that needs nothing from elsewhere and lets nothing in.

Jinja escapes every text; the security policy allows exactly the one style sheet and the one script of the page, by
their digests. The page is whole without the script, which adds readings under the pointer, levels and the axis.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from rural_forecast.document.page import Page
from rural_forecast.document.picture import Course, Picture
from rural_forecast.render import palette, svg_file
from rural_forecast.render.columns import ReadColumn, prose, read_columns
from rural_forecast.system.extras import need
from rural_forecast.text.cells import encodable, one_line
from rural_forecast.text.wording import listed

_LONG = 24
"""Characters from which a text wraps within its column."""
_SHARE = re.compile(r"(?<=\d) %")
"""A percent sign stays with its number."""
_FOLDER = Path(__file__).parent


def render(page: Page, **_: Any) -> str:
    """Write the page.

    Raises UsageError if jinja2 is not installed; RuralForecastError if a number is not finite, which is a defect of
    ours.
    """
    style, script = ((_FOLDER / name).read_text(encoding="utf-8") for name in ("style.css", "script.js"))
    style = palette.page_style(style)
    text: str = _template().render(
        page=page,
        style=style,
        script=script,
        policy=f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'",
        drawn=_drawn,
        columns=read_columns,
        kind=_kind,
        encoded=lambda file: b64encode(file.content).decode(),
    )
    return encodable(text).rstrip("\n") + "\n"


@cache
def _template() -> Any:
    jinja2 = need("jinja2", "exhibit", "The format html")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["line"] = lambda text: _SHARE.sub("\u00a0%", prose(text))
    environment.filters["typed"] = one_line  # commands, to be copied
    return environment.get_template("template.html")


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _kind(column: ReadColumn) -> str:
    """The class of a column's cells: numbers never wrap, remarks get room, and addresses may break anywhere."""
    if column.numeric:
        return "number"
    if column.right:
        return "right"
    return "words long" if max(map(len, column.cells), default=0) > _LONG else "words"


def _drawn(picture: Picture) -> dict[str, Any]:
    """The drawings of a picture and what its controls need."""
    plot = picture.plot
    scales = ["linear", "log"] if isinstance(plot, Course) and picture.positive else ["linear"]
    scales = scales[::-1] if picture.logarithmic else scales
    levels = _levels(plot) if isinstance(plot, Course) else [(0, "")]
    return {
        "variants": [(scale, level, _variant(picture, scale, level)) for scale in scales for level, _ in levels],
        "scales": scales,
        "levels": levels if len(levels) > 1 else [],
        "readings": _readings(picture),
        "measure": f", {prose(picture.unit)}" if picture.unit else "",
    }


def _readings(picture: Picture) -> dict[float, list[tuple[str, int]]]:
    """The values of every year, in words, each with the level of its band, 0 for what is no band."""
    plot = picture.plot
    if not isinstance(plot, Course):
        return {}
    amount, names = picture.amounts, {line.tone: line.name for line in reversed(plot.lines) if line.name}
    said: list[tuple[float, str, int]] = []
    for line in plot.lines:
        name = prose(line.name or names.get(line.tone, ""))
        said += [(x, f"{name} {amount(y)}".strip(), 0) for x, y in line.own]
    for band in plot.narrowest_first if len({band.tone for band in plot.bands}) == 1 else ():
        edges = zip(band.xs, band.lower, band.upper, strict=True) if band.name else ()
        ranges = [(x, f"{amount(lower)} to {amount(upper)}") for x, lower, upper in edges if upper > lower]
        said += [(x, f"{prose(band.name)}: {words}", band.level) for x, words in ranges]
    said += [(mark.x, prose(mark.text) or f"published {amount(mark.y)}", 0) for mark in plot.signs]
    return {year: [(words, level) for x, words, level in said if x == year] for year in sorted({x for x, *_ in said})}


def _levels(plot: Course) -> list[tuple[int, str]]:
    """Up to which level bands are drawn, all of them first, with the words of the switch; one interval has none."""
    known = sorted({band.level for band in plot.bands if band.name})
    if len(known) < 2:
        return [(100, "all")]
    shown = [known[:count] for count in range(len(known), -1, -1)]
    return [(levels[-1] if levels else 0, f"{listed(levels)} %" if levels else "none") for levels in shown]


def _variant(picture: Picture, scale: str, level: int) -> list[str]:
    """A picture on one of its axes; a course without wider bands, so that labels and axis are of what is shown."""
    plot = picture.plot
    if isinstance(plot, Course):
        bands = tuple(band for band in plot.bands if band.level <= level)
        labels = tuple(label for label in plot.labels if label.level <= level)
        picture = replace(picture, plot=replace(plot, bands=bands, labels=labels), logarithmic=scale == "log")
    return svg_file.embedded(picture)
