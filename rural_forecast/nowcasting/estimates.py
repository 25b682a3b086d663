"""What others published for one year: on this definition, and on related ones, which are shown and never joined."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from rural_forecast.series.observation import Series
from rural_forecast.series.published import PublishedForecast, published_forecasts


class PublishedEstimate(NamedTuple):
    """A published forecast of the year, and whose definition it is on."""

    figure: PublishedForecast
    series: Series
    related: bool
    """Whether it is on another definition."""


def estimates(series: Series, year: int, as_of: date | None = None) -> tuple[PublishedEstimate, ...]:
    """All published forecasts of a whole year, those on this definition first."""
    found = [PublishedEstimate(figure, series, related=False) for figure in _of_year(series, year, as_of)]
    if series.related:
        from rural_forecast.series.catalogue import load

        for name in series.related:
            other = load().get(name)
            if other.measure == series.measure and other.unit == series.unit:
                found += [PublishedEstimate(figure, other, related=True) for figure in _of_year(other, year, as_of)]
    return tuple(found)


def _of_year(series: Series, year: int, as_of: date | None) -> list[PublishedForecast]:
    return [
        figure
        for figure in published_forecasts(series, as_of=as_of)
        if figure.period.is_year and figure.period.year == year and not figure.target
    ]
