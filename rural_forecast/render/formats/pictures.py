"""svg, png and pdf: pictures, drawn by matplotlib."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from rural_forecast.render.format import Format

if TYPE_CHECKING:
    from rural_forecast.document.picture import Picture


def _draw(picture: Picture, *, form: str, **_: Any) -> bytes:
    from rural_forecast.render import chart

    return chart.render(picture, form)


FORMATS = tuple(
    Format(name, order, (f".{name}",), partial(_draw, form=name), "picture", "chart", for_files=True)
    for order, name in enumerate(("svg", "png", "pdf"), 11)
)
