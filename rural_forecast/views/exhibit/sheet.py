"""The sheet of one market: finding, picture, five numbers, basis, published estimates, risks and sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rural_forecast.document.page import Figure, Sheet
from rural_forecast.forecasting.evidence import series_like
from rural_forecast.forecasting.result import Forecast
from rural_forecast.notes import of_code
from rural_forecast.series.history import History
from rural_forecast.text.numbers import percent
from rural_forecast.text.wording import counted
from rural_forecast.views import compare, project
from rural_forecast.views.answer import amounts_of, annual, finding, risks
from rural_forecast.views.exhibit.market import Market, readable
from rural_forecast.views.pictures import fan
from rural_forecast.views.pictures.course import SUPPLIED

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
    named = (*risks(shown), *_GENERAL)
    of_pool = map(str, of_code(shown.notes, "pooled"))
    return Sheet(
        heading=heading,
        finding=tuple(filter(None, (finding(shown), compare.caution(market.compared), *of_pool))),
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
        main = pool.main
        sides = (main.values, main.lower[shown.headline], main.upper[shown.headline])
        value, low, high = (float(side[-1]) for side in sides)
        span = f"{write(low)} to {write(high)} ({shown.levels[shown.headline]} %)"
        yield Figure(f"Pooled with others, {pool.years[-1]}", write.full(value), span)


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
