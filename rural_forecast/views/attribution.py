"""Credits: who published what a result rests on, each named once.

They name the series, the values of it that were used, markets that lead or hold the series, the
forecasts of others that are shown, and rates and prices.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rural_forecast.forecasting.result import Forecast
from rural_forecast.observed.history import History
from rural_forecast.observed.observation import Series
from rural_forecast.observed.preference import UNNAMED, PublishedForecast

if TYPE_CHECKING:  # `project` needs neither
    from rural_forecast.sizing.model import MarketModel
    from rural_forecast.sizing.result import Sizing

# The source of a file that names none: the name of the file is not for readers.
SUPPLIED = "data as supplied"
MOST_QUOTING = 3  # publications that quote a publisher; of more, their number
CREDIT = "Forecast: rural-forecast"


def line(names: Iterable[str], credit: str = CREDIT) -> str:
    """Write the line under a picture: the sources, and who made the forecast."""
    distinct = named(names)
    label = "Source" if len(distinct) == 1 else "Sources"
    return f"{label}: {'; '.join(distinct)}. {credit}".rstrip()


def named(names: Iterable[str]) -> tuple[str, ...]:
    """Name each source once; data that name none are data as supplied."""
    return tuple(dict.fromkeys(filter(None, names))) or (SUPPLIED,)


def of_series(*several: Series) -> Iterator[str]:
    """Name the publishers of series; of one that has none, the sources of its values."""
    for series in several:
        if series.publisher:
            yield series.publisher
            continue
        observed = [value for value in series.observations if value.status != "forecast"]
        yield from named(source_name(series, value.source) for value in reversed(observed))


def of_history(history: History) -> Iterator[str]:
    """Name the publisher of a series and those who quote it, or else the sources of its values."""
    series = history.series
    used = (*history.on_earlier_bases, *history.observations)
    names = dict.fromkeys(source_name(series, value.source) for value in reversed(used))
    quoting = [name for name in names if name not in ("", series.publisher)]
    if not series.publisher:
        yield from named(quoting)
        return
    yield series.publisher
    yield from quoting[:MOST_QUOTING]
    left = len(quoting) - MOST_QUOTING
    if left > 0:
        yield f"{left} more that quote them"


def of_forecasts(*results: Forecast) -> Iterator[str]:
    """Name the sources of forecasts, and of all that moved them or is shown beside them."""
    for result in results:
        yield from of_history(result.history)
    for result in results:
        yield from _of_others(result)


def _of_others(result: Forecast) -> Iterator[str]:
    """Name the sources of other markets, of published figures, and of rates and prices."""
    followed = {lead.name for lead in result.leads}
    for market in result.limits.like:
        if market.series.id in followed:
            yield from of_series(market.series)
    if result.limits.within and result.shares and result.shares.binds:
        yield from of_series(result.limits.within.series)
    years = range(result.origin + 1, result.target + 1)
    for figure in result.published:
        if figure.period.year in years:
            yield of_figure(result.history.series, figure)
    for conversion in (result.history.series.prices, result.exchange):
        if conversion is None:
            continue
        if conversion.given:
            yield from of_series(conversion.given)
        elif conversion.source:
            yield conversion.source


def of_figure(series: Series, figure: PublishedForecast) -> str:
    """Name the publisher of a published figure; where nobody is named, its author."""
    for source in figure.sources:
        if name := source_name(series, source):
            return name
    return "" if figure.author == UNNAMED else figure.author


def of_sizing(result: Sizing) -> Iterator[str]:
    """Name the sources of the drivers of a sizing, of its top-down series, and of rates."""
    yield from of_model(result.model)
    for conversion in result.money:
        yield conversion.source


def of_model(model: MarketModel) -> Iterator[str]:
    """Name the sources of the drivers of a sizing model, and of its top-down series."""
    yield from of_series(*model.series)
    for driver in model.drivers:
        yield driver.source
    for formula in model.formulas.values():
        yield formula.source


def source_name(series: Series, source: str) -> str:
    """Name a source: its publisher, or the text of a file that names it."""
    publication = series.sources.get(source)
    return publication.publisher if publication else source
