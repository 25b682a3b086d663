"""`exhibit` as a page with a sheet for each market; `report` as that page with an appendix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rural_forecast.document.page import Attachment, Chapter, Page, Section, Sheet
from rural_forecast.document.picture import Picture
from rural_forecast.document.table import Document
from rural_forecast.text.wording import for_readers
from rural_forecast.views.pictures import several
from rural_forecast.views.report import method
from rural_forecast.views.report.market import Market, chapter, readable
from rural_forecast.views.report.sheet import sheet

__all__ = ["Market", "Sizing", "page"]

Sizing = tuple[Document, Picture]
"""A sizing as it is shown, with its picture."""


def page(
    markets: Sequence[Market],
    sizings: Sequence[Sizing] = (),
    *,
    appendix: bool,
    title: str | None = None,
    author: str | None = None,
    date: str | None = None,
    attachments: tuple[Attachment, ...] = (),
) -> Page:
    """The whole page, worded for readers who have no command line.

    `appendix`: whether models, evidence, values and method follow; `attachments`: files for the readers.
    """
    names = [market.name for market in markets] + [document.title for document, _ in sizings]
    several_of_them = len(names) > 1
    with for_readers():
        sheets = [*_side_by_side(markets)] if len(markets) > 1 else []
        sheets += [sheet(market, market.name if several_of_them else "The finding") for market in markets]
        for document, picture in sizings:
            heading = document.title if several_of_them else "The finding"
            finding = tuple(readable(text).replace("_", " ") for text in document.summary)
            sheets.append(Sheet(heading, finding, replace(picture, claim="")))
        chapters: list[Chapter] = []
        if appendix:
            chapters += [
                chapter(market, market.name if several_of_them else "The forecast and its evidence")
                for market in markets
            ]
            chapters += [_of_sizing(document) for document, _ in sizings]
            chapters.append(method.chapter(markets))
    return Page(
        title=title or (names[0] if not several_of_them else "Market report" if appendix else "Markets side by side"),
        sheets=tuple(sheets),
        chapters=tuple(chapters),
        subtitle=" · ".join(names) if several_of_them or (title and title != names[0]) else "",
        byline=", ".join(filter(None, (author, date))),
        credit=method.credit(),
        attachments=attachments,
    )


def _of_sizing(document: Document) -> Chapter:
    tables = tuple(Section(tables=(table,)) for table in document.sections if table.columns)
    notes = (Section("Assumptions and notes", notes=document.notes),) if document.notes else ()
    return Chapter(document.title, (*tables, *notes), document.subtitle)


def _side_by_side(markets: Sequence[Market]) -> Iterator[Sheet]:
    """All markets in one picture, where they end in the same year."""
    if len({market.asked.target for market in markets}) == 1:
        joint = several.picture([market.forecast for market in markets])
        yield Sheet("Side by side", (joint.claim,), replace(joint, claim=""))
