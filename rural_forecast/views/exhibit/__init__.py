"""`exhibit` as a page: a sheet for each market, and an appendix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rural_forecast.document.page import Attachment, Page, Sheet
from rural_forecast.text.wording import for_readers
from rural_forecast.version import __version__
from rural_forecast.views.exhibit.appendix import chapter, method
from rural_forecast.views.exhibit.market import Market
from rural_forecast.views.exhibit.sheet import sheet
from rural_forecast.views.pictures import several


def page(
    markets: Sequence[Market],
    *,
    appendix: bool,
    title: str | None = None,
    author: str | None = None,
    date: str | None = None,
    attachments: tuple[Attachment, ...] = (),
) -> Page:
    """Write the whole page, worded for readers who have no command line.

    `appendix`: models, evidence, values and method follow; `attachments`: files for the readers.
    """
    names = [market.name for market in markets]
    beside = len(names) > 1
    with for_readers():
        sheets = [sheet(market, market.name if beside else "The finding") for market in markets]
        if beside and len({market.asked.target for market in markets}) == 1:
            joint = several.picture([market.forecast for market in markets])
            sheets.insert(0, Sheet("Side by side", (joint.claim,), replace(joint, claim="")))
        alone = "The forecast and its evidence"
        chapters = [chapter(market, market.name if beside else alone) for market in markets] if appendix else []
        chapters += [method(markets)] if appendix else []
    return Page(
        title=title or ("Markets side by side" if beside else names[0]),
        sheets=tuple(sheets),
        chapters=tuple(chapters),
        subtitle=" · ".join(names) if beside or (title and title != names[0]) else "",
        byline=", ".join(filter(None, (author, date))),
        credit=f"Made with rural-forecast {__version__}.",
        attachments=attachments,
    )
