"""`exhibit` as a page: a sheet for each market, and an appendix."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from operator import attrgetter

from rural_forecast.document.page import Chapter, Figure, Page, Section, Sheet
from rural_forecast.document.picture import Picture
from rural_forecast.document.table import Column, Document, Table
from rural_forecast.forecasting import registry
from rural_forecast.forecasting.backtest import SIMPLER, Comparison
from rural_forecast.forecasting.result import Forecast, in_currency
from rural_forecast.notes import of_code
from rural_forecast.record.triangulate import Triangulation
from rural_forecast.series.catalogue import load
from rural_forecast.series.history import History
from rural_forecast.series.money import Exchange
from rural_forecast.text.numbers import money, percent
from rural_forecast.text.wording import capital, counted, listed, sentence
from rural_forecast.version import __version__
from rural_forecast.views import backtest, chart, compare, lookup, project, triangulate
from rural_forecast.views.about import clause, provenance, short_name, title_of
from rural_forecast.views.chart import SUPPLIED, write_of
from rural_forecast.views.precedents import explained
from rural_forecast.views.project import cautions, points, share
from rural_forecast.views.table import annual

# Markets with a whole appendix, facts of a sheet, publishers.
MOST_WHOLE = 3
MOST_FACTS = 4
MOST_SOURCES = 4
MOST_RISK_WORDS = 45
_GENERAL = (
    "No range covers a new definition or a revision of the past.",
    "The forecast reads past values alone: no news, laws or competitors.",
)
_JARGON = re.compile(
    r"consensus|member|leaves|origin|backtest|sMAPE|CRPS|MSIS|option|--|ARIMA|ETS\b|model|trained|corpus",
    re.IGNORECASE,
)
_METHOD = """\
A few yearly figures say little by themselves. So the forecast leans on named growth models that an analyst can check,
and on what thousands of real yearly series did after looking like this one. The answers of all models are combined into
one, the consensus, with weights that were learned once on a corpus of other series.

An interval of 80 % is meant to hold the outcome in eight of ten cases on series like those of the corpus. It was set
from real forecast errors. It does not cover a change of definition, a revision of the past, or a shock of a new kind.

Two definitions of a market are two series and are never joined. Nothing is computed across a break. Forecasts that
others have published are shown next to the result and never enter it; so is their pool with ours."""
_MODELS = (
    "The consensus combines the members below, each with the weight that series of like length and growth gave it. "
    "Opinions have no weight in it. Models that cannot be used on this series are left out, with the reason."
)
_TOGETHER = """\
Each argument has a range of its own. The answer is the mean of their quantiles, by the weights that are shown. One that
misses the last observed value counts for nothing, and one on another definition never counts."""
_WIDEST = "is the range of nineteen chances in twenty"
_CREDIT = f"Forecast: rural-forecast {__version__}"
_ID = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")


@dataclass(frozen=True)
class ExhibitedMarket:
    """All that a page says of one series: amounts in a currency, scores and evidence in the unit of
    the series.
    """

    asked: Forecast  # the consensus, or the models asked for in its place
    comparison: Comparison
    targets: tuple[float, ...] = ()  # their chance heads the page
    currency: Exchange | None = None

    @cached_property
    def forecast(self) -> Forecast:
        """The answer as it is shown."""
        return in_currency(self.asked, self.currency) if self.currency else self.asked

    @property
    def name(self) -> str:
        """The name that people know."""
        return title_of(self.asked.history.series)


def page(
    markets: Sequence[ExhibitedMarket],
    *,
    appendix: bool,
    title: str | None = None,
    **by: str | None,
) -> Page:
    """Write the page of markets, `by` author and date; of several, one that compares comes first."""
    names = [market.name for market in markets]
    beside = len(names) > 1
    sheets = [sheet(market) for market in markets]
    if beside and len({market.asked.target for market in markets}) == 1:
        joint = chart.several([market.forecast for market in markets])
        _, _, named = joint.source.partition(": ")
        sheets.insert(
            0,
            Sheet(
                joint.title, joint.subtitle, joint._replace(notes=(joint.about,)), sources=(named,)
            ),
        )
    chapters = []
    if appendix:
        sections = 1 if len(markets) > MOST_WHOLE else None
        heads = names if beside else ["The forecast and its evidence"]
        chapters = [
            _chapter(head, islice(_sections(one), sections))
            for head, one in zip(heads, markets, strict=True)
        ]
        chapters.append(method(markets))
    title = title or (f"{counted(len(names), 'forecast')} side by side" if beside else names[0])
    credit = f"{_CREDIT}, data to {max(market.asked.origin for market in markets)}"
    return Page(title, tuple(sheets), tuple(chapters), ", ".join(filter(None, by.values())), credit)


def of_arguments(
    result: Triangulation, *, appendix: bool, title: str | None = None, **by: str | None
) -> Page:
    """Write the page of several arguments for one number; parameters as for `page`."""
    trend, history, answer = result.trend, result.trend.history, result.together
    write = triangulate.digits_of(result)
    figures = [*_pace(history, answer.value, result.year)]
    medians = sorted(one.value for one in result.arguments if one.weight)
    if len(medians) > 1:
        figures.append(
            Figure(
                f"{write(medians[0])} to {write.full(medians[-1])}", "by the arguments that count"
            )
        )
    low, high = answer.ends(95)
    figures.append(Figure(f"{write(low)} to {write.full(high)}", _WIDEST))
    doubts = []
    for one in (one for one in result.arguments if not one.weight):
        why = (
            "the definition is another" if one.other else "the range misses what was observed last"
        )
        doubts.append(f"{capital(one.name)}: no weight, as {why}.")
    counted = (*_counted(trend), readable(answer.why))
    sheet = _sheet(
        triangulate.picture(result), figures, counted, (*doubts, *_risks(trend)), history
    )
    sections = (
        Section("One number", (_TOGETHER,)),
        Section("What each rests on", tables=triangulate.document(result).sections[1:]),
        Section("Every value with its source", tables=lookup.everything(result.series).sections),
    )
    chapters = (_chapter("The arguments", sections),) if appendix else ()
    credit = f"{_CREDIT}, data to {trend.origin}"
    return Page(
        title or title_of(result.series),
        (sheet,),
        chapters,
        ", ".join(filter(None, by.values())),
        credit,
    )


def readable(text: str) -> str:
    """Replace ids of the catalogue by their titles."""
    if not _ID.search(text):
        return text
    catalogue = load()
    known = set(catalogue.ids())
    return _ID.sub(lambda name: catalogue.get(name[0]).title if name[0] in known else name[0], text)


def sheet(market: ExhibitedMarket) -> Sheet:
    """The sheet of a market: growth, the chance of a second target, the wider range, and the record
    when redone.
    """
    shown = market.forecast
    history = shown.history
    best = shown.best
    write = write_of(shown)
    figures = [*_pace(history, best.last, shown.target)]
    for target in market.targets[1:2]:  # that of the first is the headline
        amount = f"{write._replace(places=None).observed(target)} {write.unit}".rstrip()
        chance = share(shown.chance(target).at_or_above[-1])
        figures.append(Figure(chance, f"is the chance of {amount} or more in {shown.target}"))
    if 95 in shown.levels:
        low, high = best.ends(shown.levels.index(95))
        figures += [Figure(f"{write(low)} to {write.full(high)}", _WIDEST)] if high > low else []
    trials = backtest.ours(market.comparison.tested) if market.comparison.tested else []
    if len(trials) > 1:
        held = backtest.inside(trials)
        first = min(trial.origin for trial in trials)
        said = f"forecasts redone since {first} held in their 80 % range"
        figures.append(Figure(f"{held} of {len(trials)}", said))
    picture = chart.picture(shown, targets=market.targets)
    return _sheet(picture, figures, _counted(shown), _risks(shown), market.asked.history)


def _sheet(
    picture: Picture,
    figures: Iterable[Figure],
    counted: Iterable[str],
    risks: Iterable[str],
    history: History,
) -> Sheet:
    risks = tuple(risks)
    series = history.series
    # The publishers of the latest values first.
    used = [seen.source for seen in reversed(history.observations)]
    known = [series.sources[name] for name in dict.fromkeys(used) if name in series.sources]
    printed = (source.publisher for source in known if source.publisher)
    names = list(dict.fromkeys(filter(None, (series.publisher, *printed)))) or [SUPPLIED]
    more = len(names) - MOST_SOURCES
    return Sheet(
        heading=picture.title,
        range=picture.subtitle,
        picture=picture._replace(notes=tuple(note for note in picture.notes if note not in risks)),
        figures=tuple(figures)[:MOST_FACTS],
        counted=tuple(counted),
        risks=risks,
        sources=(f"{'; '.join(names[:MOST_SOURCES])}{f'; and {more} more' if more > 0 else ''}",),
    )


def _pace(history: History, value: float, year: int) -> Iterator[Figure]:
    rate = annual(history.last, value, year - history.origin)
    past = annual(float(history.values[0]), history.last, history.origin - history.first)
    if rate is not None and history.series.measure != "rate":
        before = (
            f", after {percent(past, '+,.0f')} a year since {history.first}"
            if past is not None
            else ""
        )
        yield Figure(f"{percent(rate)} a year", f"to {year}{before}")


def _counted(shown: Forecast) -> Iterator[str]:
    series = shown.history.series
    definition = money(readable(clause(series)))
    if definition:
        yield sentence(definition)
    unit = write_of(shown).unit
    basis = " Levels are rebuilt from published growth." if shown.history.basis == "chained" else ""
    yield f"{f'Amounts in {unit}. ' if unit else ''}Observed {shown.history.first} to {shown.origin}.{basis}"
    if series.breaks:
        yield f"New basis from {listed(series.breaks)}."


def _risks(shown: Forecast) -> Iterator[str]:
    """List the risks of this forecast first, as far as a client would understand them and there is
    room.
    """
    words = 0
    better = (chart.SIMPLER_CLOSER,) if of_code(shown.notes, SIMPLER) else ()
    known = (readable(note.without_advice) for note in cautions(shown) if note.code != SIMPLER)
    for risk in dict.fromkeys((*better, *known, *_GENERAL)):
        size = len(risk.split())
        if not _JARGON.search(risk) and words + size <= MOST_RISK_WORDS:
            words += size
            yield money(risk)


def _chapter(heading: str, sections: Iterable[Section]) -> Chapter:
    """A chapter whose texts have titles and names in place of ids."""

    def named(table: Table) -> Table:
        names = [short_name if column.key == "model" else readable for column in table.columns]
        rows = ([*zip(names, row, strict=True)] for row in table.rows)
        return table._replace(
            rows=tuple(
                tuple(name(cell) if isinstance(cell, str) else cell for name, cell in row)
                for row in rows
            )
        )

    known = [
        one._replace(prose=(*map(readable, one.prose),), tables=(*map(named, one.tables),))
        for one in sections
    ]
    return Chapter(heading, tuple(known))


def _sections(market: ExhibitedMarket) -> Iterator[Section]:
    view = project.document(market.forecast, all_models=True)
    unadvised = attrgetter("without_advice")  # for readers who have no command line
    said = points(market.forecast, unadvised)
    yield Section(
        "The forecast", said, tables=view.sections[: 2 if market.forecast.published else 1]
    )
    compared = market.comparison
    unit = market.asked.history.series.unit
    compared = in_currency(compared, market.currency) if market.currency else compared
    own = (f"In {unit}, the unit of the data.",) if market.currency else ()
    every = compare.document(compared).sections[1:]  # without the first, which the picture has
    tables = tuple(
        table._replace(title=f"Every model for {market.asked.target}") for table in every
    )
    yield Section(
        "Models and weights", (_MODELS,), picture=compare.picture(compared), tables=tables
    )
    corpus = explained(Document("exhibit", Table((), ())), market.asked)
    yield Section("Evidence from the corpus", (corpus.notes[0].text, *own), tables=corpus.sections)
    if (tested := market.comparison.tested) is not None:
        scored = backtest.document(tested)
        known = {table.title for table in corpus.sections}
        tables = tuple(table for table in scored.sections if table.title not in known)
        picture = backtest.picture(tested) if tested.trials else None
        words = (*scored.summary, *own, *map(unadvised, scored.notes))
        yield Section("Backtest on this series", words, picture=picture, tables=tables)
    if others := tuple(note for note in map(unadvised, view.notes) if note not in said):
        yield Section("What to know about the data", others)
    everything = lookup.everything(market.asked.history.series)
    tables = tuple(
        table if table.title else table._replace(title="Values") for table in everything.sections
    )
    yield Section("Every value with its source", tables=tables, folded=True)


def method(markets: Sequence[ExhibitedMarket]) -> Chapter:
    """Write the chapter on method, models and provenance."""
    used = {
        line.given.model
        for market in markets
        for line in market.comparison.lines
        if line.given.answers
    }
    rows = tuple(
        (m.title, m.formula, m.assumes, m.reference) for m in registry.MODELS if m.name in used
    )
    columns = tuple(
        Column(key, key.capitalize()) for key in ("model", "formula", "assumes", "reference")
    )
    made = [f"rural-forecast {__version__}"]
    for history in (market.asked.history for market in markets):
        span = f"{len(history.years)} values, {history.first} to {history.origin}"
        made.append(f"{title_of(history.series)}: {span}, {provenance(history)['data_digest']}")
    sections = (
        Section("In plain words", tuple(_METHOD.split("\n\n"))),
        Section(
            "The models", tables=(Table(columns, rows, title="Models that answered"),), folded=True
        ),
        Section("To get these numbers again", tuple(made)),
    )
    return Chapter("Method and provenance", sections)
