"""`exhibit` as a page with a sheet for each market; `report` as that page with an appendix."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rural_forecast.document.page import Attachment, Chapter, Page, Section, Sheet
from rural_forecast.document.picture import Picture
from rural_forecast.document.table import Column, Document, Table
from rural_forecast.forecasting import registry
from rural_forecast.text.wording import for_readers
from rural_forecast.version import __version__
from rural_forecast.views.about import provenance
from rural_forecast.views.pictures import several
from rural_forecast.views.report.market import Market, chapter
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
            sheets.append(Sheet(heading, document.summary, replace(picture, claim="")))
        chapters: list[Chapter] = []
        if appendix:
            alone = "The forecast and its evidence"
            chapters += [chapter(market, market.name if several_of_them else alone) for market in markets]
            chapters += [_of_sizing(document) for document, _ in sizings]
            chapters.append(method_chapter(markets))
    return Page(
        title=title or (names[0] if not several_of_them else "Market report" if appendix else "Markets side by side"),
        sheets=tuple(sheets),
        chapters=tuple(chapters),
        subtitle=" · ".join(names) if several_of_them or (title and title != names[0]) else "",
        byline=", ".join(filter(None, (author, date))),
        credit=credit(),
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


_PLAIN = """\
A few yearly figures say little by themselves about what comes next. So the forecast leans on two things: named growth
models that an analyst can check, and what thousands of real yearly series did after looking like this one.

Every model answers from the same figures. Their answers are combined into one, the consensus, with weights that were
learned once on a corpus of other series and never changed to suit a market.

An interval of 80 % is meant to hold the outcome in eight of ten cases on series like those of the corpus. It was set
from real forecast errors, not from a formula. It does not cover a change of definition, a revision of the past, or a
shock of a kind that the corpus does not know.

Two definitions of a market are two series and are never joined. Nothing is computed across a break. Forecasts that
others have published are shown next to the result and never enter it; so is their pool with ours, where it is shown."""


def method_chapter(markets: Sequence[Market]) -> Chapter:
    """Method, models and provenance."""
    sections = [Section("In plain words", tuple(_PLAIN.split("\n\n")))]
    if markets:
        sections.append(Section("The models", tables=(_models_used(markets),), folded=True))
    sections.append(Section("To get these numbers again", facts=tuple(_facts(markets))))
    return Chapter("Method and provenance", tuple(sections))


def credit() -> str:
    """The line at the foot."""
    return f"Made with rural-forecast {__version__}."


def _models_used(markets: Sequence[Market]) -> Table:
    """What each model that answered is, in display order."""
    used = {line.given.model for market in markets for line in market.comparison.lines if line.given.answers}
    rows = tuple((m.title, m.formula, m.assumes, m.reference) for m in registry.MODELS if m.name in used)
    columns = tuple(Column(key, key.capitalize()) for key in ("model", "formula", "assumes", "reference"))
    return Table(columns, rows, title="Models that answered")


def _facts(markets: Sequence[Market]) -> list[tuple[str, str]]:
    facts = [("Version", f"rural-forecast {__version__}")]
    for market in markets:
        history = market.asked.history
        known = provenance(history)
        name = f"Data of {history.series.id}" if len(markets) > 1 else "Data"
        first, last = known["first_year"], known["origin"]
        facts.append((name, f"{known['points']} values, {first} to {last}" if first != last else f"1 value, {last}"))
        facts.append(("Digest", str(known["data_digest"])))
    return facts
