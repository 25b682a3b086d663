"""table: for people, on a terminal; pictures in characters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rural_forecast.render.format import Format

if TYPE_CHECKING:
    from rural_forecast.document.picture import Picture
    from rural_forecast.document.table import Document


def _render(document: Document, **terminal: Any) -> str:
    from rural_forecast.render import table

    return table.render(document, **terminal)


def _draw(picture: Picture, **terminal: Any) -> str:
    from rural_forecast.render import terminal_chart

    return terminal_chart.render(picture, **terminal)


FORMATS = (Format("table", 1, (".txt",), _render, for_people=True, has_notes=True, draw=_draw, other_names=("text",)),)
