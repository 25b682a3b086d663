"""`report` as a page: a chapter a market, one of the sizing, one of the method and how to get the numbers again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rural_forecast.document.page import Chapter, Page, Section
from rural_forecast.document.picture import Picture
from rural_forecast.document.table import Document
from rural_forecast.errors import UsageError
from rural_forecast.views.answer import answer
from rural_forecast.views.pictures import several
from rural_forecast.views.report import method
from rural_forecast.views.report.market import Market, chapter

__all__ = ["Market", "of_document", "page"]


def page(
    markets: Sequence[Market],
    others: Sequence[Chapter] = (),
    *,
    typed: str = "",
    title: str = "",
) -> Page:
    """The whole report.

    Parameters
    ----------
    others : chapters next to those of the markets, such as a sizing
    typed : the command line that makes this report again
    """
    names = [market.name for market in markets]
    alone = len(markets) == 1 and not title
    answers = [answer(market.forecast) if alone else market.answer for market in markets]
    for one in others:
        head = f"{one.heading}: " if answers or len(others) > 1 else ""
        answers += [f"{head}{text}" for text in one.sections[0].prose[:1]]
    chapters = [chapter(market, "Forecast and evidence" if alone else "") for market in markets]
    if len(markets) > 1 and (joint := _side_by_side(markets)) is not None:
        chapters.insert(0, Chapter("Side by side", (Section(picture=replace(joint, title=joint.claim, claim="")),)))
    return Page(
        title=title or (names[0] if len(names) == 1 else "Market report") if names else title or others[0].heading,
        subtitle="" if alone else " · ".join(names),
        answer=tuple(answers),
        chapters=(*chapters, *others, method.chapter(markets, typed)),
        credit=method.credit(),
    )


def of_document(document: Document, picture: Picture | None = None, *, heading: str = "") -> Chapter:
    """A command's document as a chapter."""
    return Chapter(heading or document.title, tuple(_parts(document, picture)), document.subtitle)


def _parts(document: Document, picture: Picture | None) -> Iterator[Section]:
    yield Section(prose=document.summary, picture=picture)
    yield from (Section(tables=(table,)) for table in document.sections if table.columns)
    if document.notes:
        yield Section("Assumptions and notes", notes=document.notes)


def _side_by_side(markets: Sequence[Market]) -> Picture | None:
    """All markets in one picture, where one can hold them: the same unit and the same last year."""
    if len({market.forecast.target for market in markets}) > 1:
        return None
    try:
        return several.picture([market.forecast for market in markets])
    except UsageError:  # different units, or too many
        return None
