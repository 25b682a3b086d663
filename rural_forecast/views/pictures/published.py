"""Figures that third parties published, as marks of a picture and as notes below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rural_forecast.document.picture import Mark, Shape
from rural_forecast.forecasting.result import Forecast
from rural_forecast.series.observation import Qualifier
from rural_forecast.series.published import UNNAMED, PublishedForecast
from rural_forecast.text.numbers import Amounts
from rural_forecast.views.about import published
from rural_forecast.views.answer import amounts_of
from rural_forecast.views.pictures.course import earlier

_SHAPES: dict[Qualifier, Shape] = {"=": "diamond", "~": "diamond", ">": "up", "<": "down"}
_MOST_NAMED, _MOST_LISTED = 5, 8
"""Figures that are named in the picture, as more would cover each other, and below it."""


def mark(figure: PublishedForecast, write: Amounts, *, named: bool = True) -> Mark:
    """A published figure with who published it."""
    who = "published" if figure.author in ("", UNNAMED) else figure.author
    text = f"{published(figure, write)} {who}" if named else ""
    return Mark(figure.period.year, figure.value, text, _SHAPES[figure.qualifier])


def marks(result: Forecast) -> Iterator[Mark]:
    """Published figures, dropped where they only repeat what was observed."""
    for place, figure in enumerate(_drawn(result)):
        yield mark(figure, amounts_of(result), named=place < _MOST_NAMED)


def notes(result: Forecast) -> Iterator[str]:
    """What is published but not drawn or not named."""
    write = amounts_of(result)
    beyond = [figure for figure in result.published if figure.period.is_year and figure.period.year > result.target]
    if beyond:
        yield f"Published for years beyond the drawing: {_list(beyond, write)}."
    if unnamed := _drawn(result)[_MOST_NAMED:]:
        yield f"Published and drawn without a label: {_list(unnamed, write)}."


def _drawn(result: Forecast) -> list[PublishedForecast]:
    """The published figures of the years drawn, the latest first."""
    known = dict(zip(result.history.years, result.history.values.tolist(), strict=True))
    years = range(min([result.history.first, *(int(line.xs[0]) for line in earlier(result))]), result.target + 1)
    figures = (figure for figure in result.published if figure.period.is_year and figure.period.year in years)
    shown = [figure for figure in figures if known.get(figure.period.year) != figure.value]
    return sorted(shown, key=lambda figure: figure.period.year, reverse=True)


def _list(figures: Sequence[PublishedForecast], write: Amounts) -> str:
    listed = figures[:_MOST_LISTED]
    texts = [f"{published(figure, write)} for {figure.period.year} ({figure.author or UNNAMED})" for figure in listed]
    more = len(figures) - _MOST_LISTED
    return "; ".join([*texts, f"and {more} more"] if more > 0 else texts)
