"""html: a report as one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rural_forecast.render.format import Format

if TYPE_CHECKING:
    from rural_forecast.document.page import Page


def _render(page: Page, **_: Any) -> str:
    from rural_forecast.render import page as pages

    return pages.render(page)


FORMATS = (Format("html", 21, (".html", ".htm"), _render, "page", "report", for_files=True),)
