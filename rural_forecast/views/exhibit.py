"""`exhibit` as a page: a sheet for each market, and an appendix.

A sheet is for clients: it says in plain words what the answer is, what is counted and what could
make it wrong. The appendix holds what is behind it: chapters of the documents and pictures of other
commands, with titles in place of ids.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from operator import attrgetter

from rural_forecast.document.page import Chapter, Figure, Page, Section, Sheet
from rural_forecast.document.picture import Picture
from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.backtest import SIMPLER
from rural_forecast.forecasting.comparison import Comparison
from rural_forecast.forecasting.distribution import Chance
from rural_forecast.forecasting.in_currency import in_currency
from rural_forecast.forecasting.result import Forecast
from rural_forecast.notes import of_code
from rural_forecast.observed.history import History
from rural_forecast.observed.money.exchange import Exchange
from rural_forecast.record.triangulation import Triangulation
from rural_forecast.system.addresses import Copy
from rural_forecast.text.numbers import Amounts, in_unit, money, percent
from rural_forecast.text.wording import capital, counted, listed, sentence
from rural_forecast.version import __version__
from rural_forecast.views import (
    attribution,
    backtest,
    chart,
    compare,
    lookup,
    project,
    several,
    triangulate,
)
from rural_forecast.views.about import clause, provenance, short_name
from rural_forecast.views.answer import cautions, points
from rural_forecast.views.chances import share
from rural_forecast.views.lines import write_of
from rural_forecast.views.names import readable, title_of
from rural_forecast.views.precedents import explained
from rural_forecast.views.table import annual

MOST_WHOLE = 3  # markets with a whole appendix; of more, each has its forecast alone
# A sheet of all of this fits one page.
MOST_FACTS = 4
MOST_RISK_WORDS = 45
RESTATED = "restated_basis"  # code of the note on a new basis that published growth shows
_REVISED = "No range covers a new definition or a revision of the past."
_READS_PAST = "The forecast reads past values alone: no news, laws or competitors."
# Of a forecast that other markets, limits or figures moved, or that is one of several arguments.
_READS_FIGURES = "No news, laws or competitors are read."
_JARGON = re.compile(
    r"consensus|member|leaves|origin|backtest|sMAPE|CRPS|MSIS|option|--|ARIMA|ETS\b|model|trained"
    r"|corpus",
    re.IGNORECASE,
)
"""Words that a client would not understand: risks that have one are left out of a sheet."""
_METHOD = """\
A few yearly figures say little by themselves. So the forecast leans on named growth models that \
an analyst can check,
and on what thousands of real yearly series did after looking like this one. The answers of all \
models are combined into
one, the consensus, with weights that were learned once on a corpus of other series.

An interval of 80 % is meant to hold the outcome in eight of ten cases on series like those of \
the corpus. It was set
from real forecast errors. It does not cover a change of definition, a revision of the past, or \
a shock of a new kind.

Two definitions of a market are two series and are never joined. Nothing is computed across a \
break. Forecasts that
others have published are shown next to the result and never enter it; so is their pool with \
ours."""
_MODELS = (
    "The consensus combines the members below, each with the weight that series of like length and "
    "growth gave it. Opinions have no weight in it. Models that cannot be used on this series are "
    "left out, with the reason."
)
_TOGETHER = """\
The answer is the mean of the quantiles of all arguments, by the weights that are shown. A point \
that somebody published without a range takes the width of our trend. An argument that
misses the last observed value counts for nothing, and one on another definition never counts."""
_WIDEST = "is the range of nineteen chances in twenty"
_CREDIT = f"Forecast: rural-forecast {__version__}"


@dataclass(frozen=True)
class ExhibitedMarket:
    """All that a page says of one series: amounts in a currency, scores and evidence in the unit of
    the series.
    """

    asked: Forecast  # the consensus, or the models asked for in its place
    comparison: Comparison
    targets: tuple[float, ...] = ()  # their chance heads the page
    currency: Exchange | None = None
    size: float | None = None
    """the value whose unit amounts have, so that they have that of the sheet that compares."""

    @cached_property
    def forecast(self) -> Forecast:
        """The answer as it is shown."""
        return in_currency(self.asked, self.currency) if self.currency else self.asked

    @property
    def name(self) -> str:
        """The name that people know."""
        return title_of(self.asked.history.series)

    @property
    def write(self) -> Amounts:
        """The form of its amounts."""
        return write_of(self.forecast, self.size)


def page(
    markets: Sequence[ExhibitedMarket],
    *,
    appendix: bool,
    title: str | None = None,
    author: str | None = None,
    date: str | None = None,
) -> Page:
    """Write the page of markets; if several end in one year, a sheet that compares is first."""
    markets = _in_order(markets)
    is_joint = len(markets) > 1 and len({market.asked.target for market in markets}) == 1
    if is_joint:
        size = several.common_size([market.forecast for market in markets])
        markets = [replace(market, size=size) for market in markets]
    sheets = [sheet(market) for market in markets]
    if is_joint:
        sheets.insert(0, _joint_sheet(markets))
    if not title:
        title = _title_of_several(markets) if len(markets) > 1 else markets[0].name
    return Page(
        title,
        tuple(sheets),
        tuple(_appendix(markets)) if appendix else (),
        _byline(author, date),
        _credit(max(market.asked.origin for market in markets)),
    )


def _in_order(markets: Sequence[ExhibitedMarket]) -> list[ExhibitedMarket]:
    """Put the sheets in the order of the panels of the sheet that compares them."""
    results = [market.forecast for market in markets]
    if not several.are_in_panels_by_size(results):
        return list(markets)
    return sorted(markets, key=lambda market: -market.forecast.best.last)


def _title_of_several(markets: Sequence[ExhibitedMarket]) -> str:
    """Say how many forecasts a page has, and if they are of one market."""
    series = [market.asked.history.series for market in markets]
    if several.are_definitions(series):
        return f"{len(series)} definitions of one market side by side"
    return f"{counted(len(markets), 'forecast')} side by side"


def _joint_sheet(markets: Sequence[ExhibitedMarket]) -> Sheet:
    """Write the sheet that compares all markets in one picture."""
    results = [market.forecast for market in markets]
    joint = several.several(results)
    return Sheet(
        joint.title,
        joint.lead,
        joint._replace(notes=(joint.about,)),
        sources=(_sources(attribution.of_forecasts(*results)),),
    )


def _appendix(markets: Sequence[ExhibitedMarket]) -> Iterator[Chapter]:
    """Write a chapter for each market, and one on the method."""
    most_sections = 1 if len(markets) > MOST_WHOLE else None
    for market in markets:
        heading = market.name if len(markets) > 1 else "The forecast and its evidence"
        yield _chapter(heading, islice(_sections(market), most_sections))
    yield method(markets)


def _byline(author: str | None, date: str | None) -> str:
    return ", ".join(filter(None, (author, date)))


def _credit(last_year: int) -> str:
    return f"{_CREDIT}, data to {last_year}"


def of_arguments(
    result: Triangulation,
    *,
    appendix: bool,
    targets: Sequence[float] = (),
    title: str | None = None,
    author: str | None = None,
    date: str | None = None,
) -> Page:
    """Write the page of several arguments for one number; parameters as for `page`.

    The chance of the first of the `targets` heads it.
    """
    trend = result.trend
    sheet = _sheet(
        triangulate.picture(result, targets=targets),
        _facts_of_arguments(result, targets),
        (*_counted(trend, write_of(trend)), *map(readable, triangulate.remarks(result))),
        (*_doubts(result), *_risks(trend, _READS_FIGURES)),
        triangulate.sources(result),
    )
    sections = (
        Section("One number", (_TOGETHER,)),
        Section("What each rests on", tables=triangulate.document(result).sections[1:]),
        Section("Every value with its source", tables=lookup.everything(result.series).sections),
    )
    return Page(
        title or title_of(result.series),
        (sheet,),
        (_chapter("The arguments", sections),) if appendix else (),
        _byline(author, date),
        _credit(trend.origin),
    )


def _facts_of_arguments(result: Triangulation, targets: Sequence[float]) -> Iterator[Figure]:
    """Give the growth of the answer, how far the arguments lie apart, and the wide range."""
    answer = result.together
    write = triangulate.digits_of(result)
    yield from _pace(result.trend.history, answer.value, result.year)
    counting = [argument for argument in result.arguments if argument.weight]
    if len(counting) > 1:
        counting.sort(key=attrgetter("value"))
        least = triangulate.amount(counting[0], write)
        most = triangulate.amount(counting[-1], write)
        yield Figure(f"{least} to {most}{in_unit(write.unit)}", "by the arguments that count")
    for target in targets[1:2]:  # that of the first is the headline
        yield _figure_of_target(result.chance(target), write)
    low, high = answer.ends(95)
    yield Figure(_between(write, low, high), _WIDEST)


def _figure_of_target(chance: Chance, write: Amounts) -> Figure:
    """Give the chance of a target that is not in the headline."""
    amount = f"{write.given(chance.target)} {write.unit}".rstrip()
    in_year = share(chance.at_or_above[-1])
    return Figure(in_year, f"is the chance of at least {amount} in {chance.years[-1]}")


def _between(write: Amounts, low: float, high: float) -> str:
    """Write a range with its unit."""
    return f"{' to '.join(write.bounds(low, high))}{in_unit(write.unit)}"


def _doubts(result: Triangulation) -> Iterator[str]:
    """Say which arguments have no weight, and why."""
    for argument in result.arguments:
        if argument.weight:
            continue
        why = f"the range for {result.trend.origin} misses what was observed then"
        if argument.other:
            why = "the definition is another"
        yield f"{capital(argument.name)}: no weight, as {why}."


def sheet(market: ExhibitedMarket) -> Sheet:
    """Write the sheet of a market: its picture, up to four facts, risks and sources."""
    shown = market.forecast
    picture = chart.picture(shown, targets=market.targets, size=market.size)
    # What is counted has the bases; what is drawn of them stands below the picture.
    basis = chart.break_sentence(shown.history)
    notes = [note for note in picture.notes if note != basis]
    if basis:
        notes.append(f"{chart.key_of_bases(shown.history)}.")
    return _sheet(
        picture._replace(notes=tuple(notes)),
        _facts(market),
        _counted(shown, market.write),
        _risks(shown, _READS_FIGURES if picture.premise else _READS_PAST),
        attribution.of_forecasts(shown),
    )


def _facts(market: ExhibitedMarket) -> Iterator[Figure]:
    """Give growth, the chance of a second target, the wide range, and the record of the past."""
    shown = market.forecast
    best = shown.best
    write = market.write
    yield from _pace(shown.history, best.last, shown.target)
    for target in market.targets[1:2]:  # that of the first is the headline
        yield _figure_of_target(shown.chance(target), write)
    if 95 in shown.levels:
        low, high = best.ends(shown.levels.index(95))
        if high > low:
            yield Figure(_between(write, low, high), _WIDEST)
    record = shown.past_record
    if record and record.is_enough:
        remark = f"past forecasts held in their 80 % range, {record.basis}"
        yield Figure(f"{record.held} of {record.n}", remark)


def _sheet(
    picture: Picture,
    figures: Iterable[Figure],
    counted: Iterable[str],
    risks: Iterable[str],
    sources: Iterable[str],
) -> Sheet:
    """Put a sheet together; a note of the picture that is said elsewhere on it is left out."""
    counted = tuple(counted)
    risks = tuple(risks)
    notes = tuple(note for note in picture.notes if note not in (*counted, *risks))
    return Sheet(
        heading=picture.title,
        range=picture.lead,
        picture=picture._replace(notes=notes),
        figures=tuple(figures)[:MOST_FACTS],
        counted=counted,
        risks=risks,
        sources=(_sources(sources),),
    )


def _sources(names: Iterable[str]) -> str:
    """Name every source once."""
    return "; ".join(attribution.named(names))


def _pace(history: History, value: float, year: int) -> Iterator[Figure]:
    """Give growth a year up to a value, and before; a share has none that means something."""
    rate = annual(history.last, value, year - history.origin)
    if rate is None or history.series.measure == "rate":
        return
    remark = f"to {year}"
    compared = history.comparable
    past = annual(float(compared.values[0]), history.last, history.origin - compared.first)
    if past is not None:
        remark += f", after {percent(past, '+,.0f')} a year since {compared.first}"
    yield Figure(f"{percent(rate)} a year", remark)


def _counted(shown: Forecast, write: Amounts) -> Iterator[str]:
    """Say what is counted, in which unit, over which years, and where a new basis begins."""
    series = shown.history.series
    definition = money(readable(clause(series)))
    if definition:
        yield sentence(definition)
    sentences = [f"Amounts in {write.unit}."] if write.unit else []
    first = shown.history.first
    years = f"{first} to {shown.origin}" if first < shown.origin else f"{first}"
    sentences.append(f"Observed {years}.")
    if shown.history.basis == "chained":
        sentences.append("Levels are rebuilt from published growth.")
    yield " ".join(sentences)
    restated = of_code(shown.notes, RESTATED)
    if restated:
        yield restated[0].without_advice
    if series.breaks:
        yield f"New basis from {listed(series.breaks)}."


def _risks(shown: Forecast, reads: str) -> Iterator[str]:
    """List risks as far as a client would understand them and there is room, those of this forecast
    first; `reads` says what it knows nothing of.
    """
    closer = [chart.SIMPLER_CLOSER] if chart.simpler_was_closer(shown) else []
    # These two have a place of their own on the page.
    elsewhere = (SIMPLER, RESTATED)
    own = [readable(note.without_advice) for note in cautions(shown) if note.code not in elsewhere]
    words = 0
    for risk in dict.fromkeys((*closer, *own, _REVISED, reads)):
        size = len(risk.split())
        if not _JARGON.search(risk) and words + size <= MOST_RISK_WORDS:
            words += size
            yield money(risk)


def _chapter(heading: str, sections: Iterable[Section]) -> Chapter:
    """Make a chapter whose texts have titles and names in place of ids."""
    readable_sections = []
    for section in sections:
        prose = tuple(map(readable, section.prose))
        tables = tuple(map(_readable, section.tables))
        readable_sections.append(section._replace(prose=prose, tables=tables))
    return Chapter(heading, tuple(readable_sections))


def _readable(table: Table) -> Table:
    """Replace ids and names of models in the cells of a table."""
    rows = []
    for row in table.rows:
        cells = list[Cell]()
        for column, cell in zip(table.columns, row, strict=True):
            if isinstance(cell, str):
                cell = short_name(cell) if column.key == "model" else readable(cell)
            cells.append(cell)
        rows.append(tuple(cells))
    return table._replace(rows=tuple(rows))


_unadvised = attrgetter("without_advice")  # for readers who have no command line


def _sections(market: ExhibitedMarket) -> Iterator[Section]:
    """Yield the sections of a chapter, from the forecast to every value that it rests on."""
    view = project.document(market.forecast, all_models=True)
    remarks = points(market.forecast, _unadvised)
    shown = 2 if market.forecast.published else 1  # the course, and published estimates
    yield Section("The forecast", remarks, tables=view.sections[:shown])
    yield _models_section(market)

    own_unit: tuple[str, ...] = ()
    if market.currency:
        own_unit = (f"In {market.asked.history.series.unit}, the unit of the data.",)
    corpus = explained(Document("exhibit", Table((), ())), market.asked)
    prose = (corpus.notes[0].text, *own_unit)
    yield Section("Evidence from the corpus", prose, tables=corpus.sections)

    tested = market.comparison.tested
    if tested is not None:
        scored = backtest.document(tested)
        titles = {table.title for table in corpus.sections}
        yield Section(
            "Backtest on this series",
            (*scored.summary, *own_unit, *map(_unadvised, scored.notes)),
            picture=backtest.picture(tested) if tested.trials else None,
            tables=tuple(table for table in scored.sections if table.title not in titles),
        )

    others = tuple(note for note in map(_unadvised, view.notes) if note not in remarks)
    if others:
        yield Section("What to know about the data", others)
    yield _values_section(market)


def _models_section(market: ExhibitedMarket) -> Section:
    """Make the section that compares all models."""
    compared = market.comparison
    if market.currency:
        compared = in_currency(compared, market.currency)
    # Without the first table, which the picture has.
    tables = tuple(
        table._replace(title=f"Every model for {market.asked.target}")
        for table in compare.document(compared).sections[1:]
    )
    picture = compare.picture(compared)
    return Section("Models and weights", (_MODELS,), picture=picture, tables=tables)


def _values_section(market: ExhibitedMarket) -> Section:
    """Make the section of all values, each table with a title."""
    everything = lookup.everything(market.asked.history.series)
    tables = tuple(
        table if table.title else table._replace(title="Values") for table in everything.sections
    )
    return Section("Every value with its source", tables=tables, folded=True)


def method(markets: Sequence[ExhibitedMarket]) -> Chapter:
    """Write the chapter on method, models and provenance."""
    origins = [f"rural-forecast {__version__}"]
    for market in markets:
        history = market.asked.history
        span = f"{len(history.years)} values, {history.first} to {history.origin}"
        digest = provenance(history)["data_digest"]
        origins.append(f"{title_of(history.series)}: {span}, {digest}")
        if history.series.origin is not None:
            origins.append(_fetched(history.series.origin))
    sections = (
        Section("In plain words", tuple(_METHOD.split("\n\n"))),
        Section("The models", tables=(_answering_models(markets),), folded=True),
        Section("To get these numbers again", tuple(origins)),
    )
    return Chapter("Method and provenance", sections)


def _fetched(origin: Copy) -> str:
    """Write where and when data were fetched, and what their publisher says of them."""
    facts = [
        f"fetched {origin.day} from {origin.address}",
        origin.digest,
        f"licence {origin.licence}" if origin.licence else "",
        f"last updated {origin.updated}" if origin.updated else "",
    ]
    return f"{origin.named or 'Data'}: {', '.join(filter(None, facts))}"


def _answering_models(markets: Sequence[ExhibitedMarket]) -> Table:
    """Tabulate the models that gave a forecast, with formula, assumption and reference."""
    answered = set[str]()
    for market in markets:
        answered |= {line.given.model for line in market.comparison.lines if line.given.answers}
    models = [model for model in registry.MODELS if model.name in answered]
    rows = [(model.title, model.formula, model.assumes, model.reference) for model in models]
    keys = ("model", "formula", "assumes", "reference")
    columns = tuple(Column(key, key.capitalize()) for key in keys)
    return Table(columns, tuple(rows), title="Models that answered")
