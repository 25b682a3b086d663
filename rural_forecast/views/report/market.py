"""One market in the appendix of a report: the forecast, models, evidence, backtest, notes, every value.

Readers of a page see names in place of identifiers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from rural_forecast.document.page import Chapter, Section
from rural_forecast.document.picture import Picture
from rural_forecast.document.table import Cell, Document, Remark, Table
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.compare import Comparison
from rural_forecast.forecasting.in_currency import in_currency
from rural_forecast.forecasting.result import Forecast
from rural_forecast.nowcasting.result import Nowcast
from rural_forecast.scenarios.scenario import Scenarios
from rural_forecast.series.catalogue import load
from rural_forecast.series.money.conversion import Exchange
from rural_forecast.views import backtest as backtest_view
from rural_forecast.views import compare as compare_view
from rural_forecast.views import nowcast as nowcast_view
from rural_forecast.views import project, series
from rural_forecast.views import scenario as scenario_view
from rural_forecast.views.about import title_of
from rural_forecast.views.answer import short_name
from rural_forecast.views.columns import without
from rural_forecast.views.evidence import explained
from rural_forecast.views.pictures import backtest as backtest_picture
from rural_forecast.views.pictures import comparison as comparison_picture
from rural_forecast.views.pictures import nowcast as nowcast_picture
from rural_forecast.views.pictures import scenario as scenario_picture


@dataclass(frozen=True)
class Market:
    """Everything a report knows of one series."""

    asked: Forecast
    """The consensus, or the models asked for in its place, in the unit of the series."""
    comparison: Comparison
    nowcast: Nowcast | None = None
    scenarios: Scenarios | None = None
    currency: Exchange | None = None
    """How amounts are shown in another currency; scores, evidence and values with their sources stay as they are."""

    @cached_property
    def forecast(self) -> Forecast:
        """The answer as it is shown."""
        return in_currency(self.asked, self.currency) if self.currency else self.asked

    @property
    def name(self) -> str:
        """What people call it."""
        known = self.asked.history.series
        return title_of(known)

    @cached_property
    def compared(self) -> Comparison:
        """Every model as it is shown."""
        return in_currency(self.comparison, self.currency) if self.currency else self.comparison


def chapter(market: Market, heading: str) -> Chapter:
    """The chapter of a market in the appendix."""
    return Chapter(heading, tuple(map(_readable, _sections(market))))


def _readable(section: Section) -> Section:
    prose, tables = tuple(map(readable, section.prose)), tuple(map(readable_table, section.tables))
    notes = tuple(Remark(readable(note), code=note.code, warning=note.warning) for note in section.notes)
    return replace(section, prose=prose, tables=tables, notes=notes)


def _sections(market: Market) -> Iterator[Section]:
    view = project.document(market.forecast, all_models=True)
    yield Section("The forecast", view.points, tables=view.sections[:1])
    if market.nowcast is not None:
        picture = _plain(nowcast_picture.picture(market.nowcast, currency=market.currency))
        of_year = nowcast_view.document(market.nowcast, currency=market.currency)
        yield _of(of_year, f"What is known of {market.nowcast.year}", picture)
    if market.scenarios is not None:
        stated = in_currency(market.scenarios, market.currency) if market.currency else market.scenarios
        picture = _plain(scenario_picture.picture(stated))
        yield _of(scenario_view.document(stated), "Scenarios and values set by hand", picture)
    yield _models(market)
    yield from _evidence(market)
    if others := tuple(note for note in view.notes if note not in view.points):
        yield Section("What to know about the data", notes=others)
    everything = series.everything(market.asked.history.series)
    tables = tuple(table if table.title else replace(table, title="Values") for table in everything.sections)
    yield Section("Every value with its source", tables=tables, folded=True)


def _plain(picture: Picture, title: str = "") -> Picture:
    """A picture under a heading that names the market already: one line above it is enough."""
    return replace(picture, title=title or picture.claim, claim="")


def _of(document: Document, heading: str, picture: Picture | None = None) -> Section:
    return Section(heading, document.summary, picture=picture, tables=document.sections, notes=document.notes)


def _models(market: Market) -> Section:
    compared = market.compared
    title = f"Every model for {market.asked.target}"
    # courses in block characters are drawn here, and no screen reader could read them
    tables = (replace(without(table, "path"), title=title) for table in compare_view.document(compared).sections)
    prose = (
        "The consensus combines the members below, each with the weight that series of like length and growth gave it. "
        "Opinions have no weight in it. Models that cannot be used on this series are left out, with the reason."
    )
    picture = _plain(comparison_picture.picture(compared))
    return Section("Models and weights", (prose,), picture=picture, tables=tuple(tables))


def _evidence(market: Market) -> Iterator[Section]:
    corpus = explained(Document("report", Table((), ())), market.asked)
    unit = market.asked.history.series.unit
    growing = (f"Growth is that of the data, in {unit}.",) if market.currency else ()
    yield Section("Evidence from the corpus", (*corpus.notes[:1], *growing), tables=corpus.sections)
    if (tested := market.comparison.tested) is not None:
        view = backtest_view.document(tested)
        picture = _plain(backtest_picture.picture(tested)) if tested.trials else None
        shown = {table.title for table in corpus.sections}
        tables = tuple(table for table in view.sections if table.title not in shown)
        kept = (f"In {unit}: the past is scored in the unit of the data.",) if market.currency else ()
        prose = (*view.summary, *kept)
        yield Section("Backtest on this series", prose, picture=picture, tables=tables, notes=view.notes)


_ID = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")


def readable(text: str) -> str:
    """A text in which series of the catalogue go by their titles.

    >>> readable("never join to rural_online_retail_mofcom")
    'never join to Rural online retail sales (Ministry of Commerce)'
    """
    if not _ID.search(text):
        return text
    catalogue = load()
    known = set(catalogue.ids())
    return _ID.sub(lambda name: catalogue.get(name[0]).title if name[0] in known else name[0], text)


def readable_table(table: Table) -> Table:
    """A table in which models and series go by their names."""
    names = {"consensus", *(model.name for model in registry.MODELS)}
    models = [column.key == "model" for column in table.columns]

    def shown(cell: Cell, *, model: bool) -> Cell:
        if not isinstance(cell, str):
            return cell
        return short_name(cell) if model and (cell in names) else readable(cell)

    rows = tuple(tuple(shown(cell, model=model) for cell, model in zip(row, models, strict=True)) for row in table.rows)
    return replace(table, rows=rows)
