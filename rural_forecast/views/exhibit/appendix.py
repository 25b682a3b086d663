"""The appendix of a page: each market's forecast, models, evidence, backtest, notes and values, and the method."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rural_forecast.document.page import Chapter, Section
from rural_forecast.document.picture import Picture
from rural_forecast.document.table import Column, Document, Remark, Table
from rural_forecast.forecasting import registry
from rural_forecast.version import __version__
from rural_forecast.views import backtest as backtest_view
from rural_forecast.views import compare as compare_view
from rural_forecast.views import project, series
from rural_forecast.views.about import provenance
from rural_forecast.views.columns import without
from rural_forecast.views.evidence import explained
from rural_forecast.views.exhibit.market import Market, readable, readable_table
from rural_forecast.views.pictures import backtest as backtest_picture
from rural_forecast.views.pictures import ranges

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
    tables = (replace(without(table, "path"), title=title) for table in compare_view.document(compared).sections)
    picture = _under_heading(ranges.comparison(compared))
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
