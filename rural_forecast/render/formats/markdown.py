"""markdown: tables for people, in GitHub's dialect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rural_forecast.render.format import Format

if TYPE_CHECKING:
    from rural_forecast.document.table import Document


def _render(document: Document, **_: Any) -> str:
    from rural_forecast.render import markdown

    return markdown.render(document)


FORMATS = (Format("markdown", 6, (".md", ".markdown"), _render, for_people=True, has_notes=True),)
