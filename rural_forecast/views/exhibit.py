"""`exhibit` as a page: a sheet for each market, and an appendix."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rural_forecast.document.page import Attachment, Chapter, Figure, Page, Section, Sheet
from rural_forecast.document.picture import Picture
from rural_forecast.document.table import Cell, Column, Document, Remark, Table
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.compare import Comparison
from rural_forecast.forecasting.evidence import series_like
from rural_forecast.forecasting.in_currency import in_currency
from rural_forecast.forecasting.result import Forecast
from rural_forecast.notes import of_code
from rural_forecast.series.catalogue import load
from rural_forecast.series.history import History
from rural_forecast.series.money.conversion import Exchange
from rural_forecast.text.numbers import percent
from rural_forecast.text.wording import counted
from rural_forecast.version import __version__
from rural_forecast.views import backtest as backtest_view
from rural_forecast.views import compare, project, series
from rural_forecast.views.about import provenance, title_of
from rural_forecast.views.answer import amounts_of, annual, finding, risks, short_name, simpler
from rural_forecast.views.columns import without
from rural_forecast.views.evidence import explained
from rural_forecast.views.notes import for_readers
from rural_forecast.views.pictures import backtest as backtest_picture
from rural_forecast.views.pictures import fan, several
from rural_forecast.views.pictures.course import SUPPLIED


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


_ID = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")


@dataclass(frozen=True)
class Market:
    """All that a page says of one series."""

    asked: Forecast
    """The consensus, or the models asked for in its place, in the unit of the series."""
    comparison: Comparison
    currency: Exchange | None = None
    """The currency that amounts are shown in; scores, evidence and values with their sources stay as they are."""

    @cached_property
    def forecast(self) -> Forecast:
        """The answer as it is shown."""
        return in_currency(self.asked, self.currency) if self.currency else self.asked

    @cached_property
    def compared(self) -> Comparison:
        """Every model as it is shown."""
        return in_currency(self.comparison, self.currency) if self.currency else self.comparison

    @property
    def name(self) -> str:
        """The name that people know."""
        return title_of(self.asked.history.series)


def readable(text: str) -> str:
    """Replace ids of the catalogue by their titles.

    >>> readable("never join to rural_online_retail_mofcom")
    'never join to Rural online retail sales (Ministry of Commerce)'
    """
    if not _ID.search(text):
        return text
    catalogue = load()
    known = set(catalogue.ids())
    return _ID.sub(lambda name: catalogue.get(name[0]).title if name[0] in known else name[0], text)


def readable_table(table: Table) -> Table:
    """Replace ids of models and series by their names."""
    names = {"consensus", *(model.name for model in registry.MODELS)}
    models = [column.key == "model" for column in table.columns]

    def shown(cell: Cell, *, model: bool) -> Cell:
        if not isinstance(cell, str):
            return cell
        return short_name(cell) if model and cell in names else readable(cell)

    rows = tuple(tuple(shown(cell, model=model) for cell, model in zip(row, models, strict=True)) for row in table.rows)
    return replace(table, rows=rows)


MOST_RISKS, MOST_SOURCES = 3, 5
_BASIS = {"levels": "Levels as published", "chained": "Levels rebuilt from published growth"}
_GENERAL = (
    "The interval does not cover a change of definition, a revision of the past, or a shock of a kind never seen.",
    "The forecast reads past values alone: it knows nothing of news, laws or competitors.",
    "One outcome in five lies outside an interval of 80 %.",
)
"""Risks of any forecast, where the record of this one names less."""


def sheet(market: Market, heading: str) -> Sheet:
    """The sheet of a market."""
    shown = market.forecast
    picture = fan.picture(shown)
    published = project.published_estimates(shown) if shown.published else None
    named = (*(risk for risk in risks(shown) if risk not in simpler(shown)), *_GENERAL)
    of_pool = map(str, of_code(shown.notes, "pooled"))
    return Sheet(
        heading=heading,
        finding=tuple(filter(None, (finding(shown), simpler(shown), *of_pool))),
        picture=replace(picture, title="History, forecast and intervals", claim="", subtitle=""),
        figures=tuple(_figures(shown, market.asked)),
        basis=tuple(_basis(shown)),
        published=published and replace(published, title="Published estimates, next to ours"),
        risks=tuple(map(readable, dict.fromkeys(named)))[: max(MOST_RISKS, sum(note.warning for note in shown.notes))],
        sources=tuple(_sources(market.asked.history)),
    )


def _figures(shown: Forecast, asked: Forecast) -> Iterator[Figure]:
    history, best, write = shown.history, shown.best, amounts_of(shown)
    last, target = history.last, best.last
    yield Figure(f"Observed in {shown.origin}", write.full(last))
    yield Figure(f"Forecast for {shown.target}", write.full(target))
    others = [place for place in range(len(shown.levels)) if place != shown.headline]
    for place in (shown.headline, *others[-1:]):
        level = shown.levels[place]
        low, high = best.ends(place)
        yield Figure(f"{level} % interval, {shown.target}", f"{write(low)} to {write(high)}", write.unit)
        if place == shown.headline:
            yield from _growth(shown, asked, last, target)
    if pool := shown.pool:
        low, high = pool.ours.ends(shown.headline)
        span = f"{write(low)} to {write(high)} ({shown.levels[shown.headline]} %)"
        yield Figure(f"Ours alone, {shown.target}", write.full(pool.ours.last), span)


def _growth(shown: Forecast, asked: Forecast, last: float, target: float) -> Iterator[Figure]:
    """Growth a year, next to that of series like the data."""
    rate = annual(last, target, shown.target - shown.origin)
    like = series_like(asked.history.values, len(shown.years))
    step = like.furthest if like else None
    similar = ""
    if step and step.growth_pct:
        similar = f"{percent(step.growth_pct[2])} in the middle of {step.series:,} similar series"
    if rate is not None and shown.history.series.measure != "rate":
        yield Figure(f"Growth a year to {shown.target}", percent(rate), similar)


def _basis(shown: Forecast) -> Iterator[tuple[str, str]]:
    """The definition, unit and publisher, as far as they are known."""
    series = shown.history.series
    facts = (
        ("Definition", series.definition),
        ("Unit", series.unit),
        ("Basis", _BASIS[shown.history.basis]),
        ("Years used", f"{shown.history.first} to {shown.origin}"),
        ("Publisher", series.publisher),
        ("Breaks", ", ".join(f"new basis from {year}" for year in series.breaks)),
        ("Caveat", series.caveat),
    )
    yield from ((name, readable(text)) for name, text in facts if text)


def _sources(history: History) -> Iterator[str]:
    """The sources of the values used, the latest first."""
    series = history.series
    used = [seen.source for seen in reversed(history.observations)]
    known = [series.sources[name] for name in dict.fromkeys(used) if name in series.sources]
    for source in known[:MOST_SOURCES]:
        yield ", ".join(filter(None, (source.publisher, source.title, source.dated)))
    if len(known) > MOST_SOURCES:
        yield f"and {counted(len(known) - MOST_SOURCES, 'more source')}"
    if not known:
        yield series.publisher or SUPPLIED


_METHOD = """\
A few yearly figures say little by themselves about what comes next. So the forecast leans on two things: named growth
models that an analyst can check, and what thousands of real yearly series did after looking like this one.

Every model answers from the same figures. Their answers are combined into one, the consensus, with weights that were
learned once on a corpus of other series and never changed to suit a market.

An interval of 80 % is meant to hold the outcome in eight of ten cases on series like those of the corpus. It was set
from real forecast errors, not from a formula. It does not cover a change of definition, a revision of the past, or a
shock of a kind that the corpus does not know.

Two definitions of a market are two series and are never joined. Nothing is computed across a break. Forecasts that
others have published are shown next to the result and never enter it; so is their pool with ours, where it is shown."""
_MODELS = (
    "The consensus combines the members below, each with the weight that series of like length and growth gave it. "
    "Opinions have no weight in it. Models that cannot be used on this series are left out, with the reason."
)


def chapter(market: Market, heading: str) -> Chapter:
    """Write the chapter of a market."""
    return Chapter(heading, tuple(map(_readable, _sections(market))))


def _readable(section: Section) -> Section:
    prose, tables = tuple(map(readable, section.prose)), tuple(map(readable_table, section.tables))
    notes = tuple(Remark(readable(note), code=note.code, warning=note.warning) for note in section.notes)
    return replace(section, prose=prose, tables=tables, notes=notes)


def _sections(market: Market) -> Iterator[Section]:
    view = project.document(market.forecast, all_models=True)
    yield Section("The forecast", view.points, tables=view.sections[:1])
    yield _models(market)
    yield from _evidence(market)
    if others := tuple(note for note in view.notes if note not in view.points):
        yield Section("What to know about the data", notes=others)
    everything = series.everything(market.asked.history.series)
    tables = tuple(table if table.title else replace(table, title="Values") for table in everything.sections)
    yield Section("Every value with its source", tables=tables, folded=True)


def _models(market: Market) -> Section:
    compared = market.compared
    title = f"Every model for {market.asked.target}"
    # no screen reader could read a path in block characters, and the picture has it
    tables = (replace(without(table, "path"), title=title) for table in compare.document(compared).sections)
    picture = _under_heading(compare.picture(compared))
    return Section("Models and weights", (_MODELS,), picture=picture, tables=tuple(tables))


def _under_heading(picture: Picture) -> Picture:
    """Leave one line above a picture: its heading names the market already."""
    return replace(picture, title=picture.claim, claim="")


def _evidence(market: Market) -> Iterator[Section]:
    corpus = explained(Document("exhibit", Table((), ())), market.asked)
    unit = market.asked.history.series.unit
    growing = (f"Growth is that of the data, in {unit}.",) if market.currency else ()
    yield Section("Evidence from the corpus", (*corpus.notes[:1], *growing), tables=corpus.sections)
    if (tested := market.comparison.tested) is not None:
        view = backtest_view.document(tested)
        picture = _under_heading(backtest_picture.picture(tested)) if tested.trials else None
        shown = {table.title for table in corpus.sections}
        tables = tuple(table for table in view.sections if table.title not in shown)
        kept = (f"In {unit}: the past is scored in the unit of the data.",) if market.currency else ()
        prose = (*view.summary, *kept)
        yield Section("Backtest on this series", prose, picture=picture, tables=tables, notes=view.notes)


def method(markets: Sequence[Market]) -> Chapter:
    """Write the chapter on method, models and provenance."""
    used = {line.given.model for market in markets for line in market.comparison.lines if line.given.answers}
    rows = tuple((m.title, m.formula, m.assumes, m.reference) for m in registry.MODELS if m.name in used)
    columns = tuple(Column(key, key.capitalize()) for key in ("model", "formula", "assumes", "reference"))
    models = Table(columns, rows, title="Models that answered")
    sections = (
        Section("In plain words", tuple(_METHOD.split("\n\n"))),
        Section("The models", tables=(models,), folded=True),
        Section("To get these numbers again", facts=tuple(_facts(markets))),
    )
    return Chapter("Method and provenance", sections)


def _facts(markets: Sequence[Market]) -> Iterator[tuple[str, str]]:
    yield "Version", f"rural-forecast {__version__}"
    for market in markets:
        history = market.asked.history
        known = provenance(history)
        first, last = known["first_year"], known["origin"]
        values = f"{known['points']} values, {first} to {last}" if first != last else f"1 value, {last}"
        yield f"Data of {history.series.id}" if len(markets) > 1 else "Data", values
        yield "Digest", str(known["data_digest"])
