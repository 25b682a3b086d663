"""A picture as svg, png or pdf by matplotlib: of a quality to be printed, the same bytes for the same picture.

Direct labels replace a legend; text stays text in svg and pdf. matplotlib is loaded here and nowhere else.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

from rural_forecast.document.picture import Course
from rural_forecast.render import chart_course, chart_ranges, fonts, key
from rural_forecast.render.chart_foot import Foot
from rural_forecast.render.chart_text import Page
from rural_forecast.render.palette import GREY
from rural_forecast.system.extras import need
from rural_forecast.text.harmless import one_line

if TYPE_CHECKING:
    from rural_forecast.document.picture import Picture

WIDTH, HEIGHT, DOTS = 10.0, 5.8, 160
"""Inches, and dots an inch of a png."""
_TITLE, _CLAIM, _TEXT = 15.0, 11.0, 9.0
_MOST_LINES = 20
"""Of a title, an answer or a definition; a longer text ends in an ellipsis."""
_STYLE = {"svg.fonttype": "none", "svg.hashsalt": "rural-forecast", "pdf.fonttype": 42, "axes.unicode_minus": True}
_METADATA = {
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "ModDate": None, "Creator": None, "Producer": None},
}
"""Nothing that changes from run to run, or with the release of the library."""


def render(picture: Picture, form: str, **_: Any) -> bytes:
    """Draw the picture.

    Parameters
    ----------
    form : `svg`, `png` or `pdf`

    Raises
    ------
    UsageError : matplotlib is not installed, or no font has the picture's characters
    """
    with _silent("matplotlib"):
        matplotlib = need("matplotlib", "chart", f"The format {form}")
        families = fonts.families(_texts(picture))
    with matplotlib.rc_context({**_STYLE, "font.family": families}), _silent("matplotlib"):
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        figure = Figure(figsize=(WIDTH, HEIGHT), dpi=DOTS, facecolor="white")
        page = Page(figure, FigureCanvasAgg(figure).get_renderer())  # type: ignore[no-untyped-call]
        if not isinstance(picture.plot, Course):
            figure.set_figheight(2.6 + 0.36 * max(len(picture.plot.rows), 3))
        foot = Foot(page, picture)
        page.height += foot.taller + _taller(page, picture)
        bottom = foot.draw()
        top = _head(page, picture)
        if isinstance(picture.plot, Course):
            chart_course.draw(page, picture, picture.plot, top, bottom)
        else:
            chart_ranges.draw(page, picture, picture.plot, top, bottom)
        file = BytesIO()
        figure.savefig(file, format=form, metadata=_METADATA[form])
    return _named(file.getvalue(), picture) if form == "svg" else file.getvalue()


@contextmanager
def _silent(name: str) -> Iterator[None]:
    """Without the library's remarks on standard error, such as that its folder may not be written."""
    logger = logging.getLogger(name)
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


def _texts(picture: Picture) -> list[str]:
    plot: Any = picture.plot
    found = [picture.title, picture.claim, picture.subtitle, picture.unit, picture.source, *key.notes(picture)]
    for part in ("lines", "bands", "rows"):
        found += [one.name for one in getattr(plot, part, ())]
    for part in ("marks", "labels", "rows"):
        found += [one.text for one in getattr(plot, part, ())]
    return [one_line(text) for text in [*found, getattr(plot, "reference_text", "")]]


def _taller(page: Page, picture: Picture) -> float:
    """Inches by which a long title, answer or definition makes the picture taller."""
    return sum(
        max(len(page.wrapped(text, size, weight, _MOST_LINES)) - usual, 0) * page.line(size)
        for text, size, weight, usual in (
            (picture.title, _TITLE, "bold", 1),
            (picture.claim, _CLAIM, "normal", 1),
            (picture.subtitle, _TEXT, "normal", 2),
        )
    )


def _head(page: Page, picture: Picture) -> float:
    """Title, answer and definition; gives the height below them, in inches from the bottom."""
    at = page.prose(picture.title, page.height - 0.25, _TITLE, weight="bold", most=_MOST_LINES)
    at = page.prose(picture.claim, at - 0.04, _CLAIM, most=_MOST_LINES)
    at = page.prose(picture.subtitle, at - 0.05, _TEXT, color=GREY, most=_MOST_LINES)
    if picture.unit and isinstance(picture.plot, Course):
        at = page.prose(picture.unit, at - 0.12, _TEXT, color=GREY, most=1)
    return at


def _named(data: bytes, picture: Picture) -> bytes:
    """The svg with its words for those who cannot see it."""
    from html import escape

    start = data.index(b"<svg")
    end = data.index(b">", start)
    words = f"<title>{escape(one_line(picture.title))}</title><desc>{escape(one_line(picture.alternative))}</desc>"
    return data[:end] + b' role="img">' + words.encode() + data[end + 1 :]
