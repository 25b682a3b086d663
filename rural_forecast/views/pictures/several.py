"""Several series, or several definitions of a market, as one picture: each with its own forecast, never joined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rural_forecast.document.picture import MAIN, Course, Label, Line, Panels, Picture
from rural_forecast.forecasting.result import Forecast
from rural_forecast.text.numbers import percent
from rural_forecast.text.style import Digits, digits
from rural_forecast.text.wording import capital, counted
from rural_forecast.views.about import title_of
from rural_forecast.views.answer import annual
from rural_forecast.views.pictures import fan
from rural_forecast.views.pictures.course import band, name_of, observed, of_series, path, small, tone, write_of

MOST = 6
"""Series in one drawing; more cannot be distinguished, so each has a panel of its own."""


def picture(results: Sequence[Forecast], **options: Any) -> Picture:
    """The fan chart of one series, with its options, or all series side by side with one interval."""
    if len(results) == 1:
        return fan.picture(results[0], **options)
    known = [result.history.series for result in results]
    names = _told_apart([name_of(series) for series in known], [title_of(series) for series in known])
    units = {series.unit for series in known}
    title, subtitle, first = _claim(results, names)
    level = results[0].levels[results[0].headline]
    if len(results) <= MOST and len(units) == 1:
        write = _write(results)
        said = f"Dashed: forecasts. Shaded: the {level} % range of {names[first]}"
        plot = _together(results, names, write, first)
        return of_series(plot, write, title, *known, subtitle=subtitle, about=said)
    pairs = zip(results, names, strict=True)
    panels = Panels(tuple(panel(result, name, unit=len(units) > 1) for result, name in pairs))
    unit = {"unit": ""} if len(units) > 1 else {}
    said = f"Each has an axis of its own. Shaded: {level} % ranges"
    return of_series(panels, write_of(results[0]), title, *known, subtitle=subtitle, about=said, **unit)


def _told_apart(names: list[str], titles: list[str]) -> list[str]:
    """Names that are distinct: those of one sheet by what follows its title."""
    if len(set(names)) == len(names):
        return names
    heads = {title.partition(": ")[0] for title in titles}
    return [capital(title.partition(": ")[2] or title) for title in titles] if len(heads) == 1 else titles


def _write(results: Sequence[Forecast]) -> Digits:
    """One unit for all, by the largest of the last values."""
    largest = max(results, key=lambda result: abs(result.history.last))
    return digits(largest.history.series.unit, largest.history.last)._replace(step=0.0)


def _together(results: Sequence[Forecast], names: Sequence[str], write: Digits, first: int) -> Course:
    """All on one axis: the one that the headline names has the accent and its range."""
    order = [first, *(place for place in range(len(results)) if place != first)]
    ranked = [(tone(rank), results[place], names[place]) for rank, place in enumerate(order)]
    return Course(
        lines=tuple(line for ink, result, name in ranked for line in _lines(result, name, ink)),
        bands=(band(results[first], results[first].headline, ""),),
        labels=tuple(
            Label(result.best.last, write(result.best.last), name, ink, strong=ink == MAIN)
            for ink, result, name in ranked
        ),
        origin=min(result.origin for result in results),
    )


def panel(result: Forecast, name: str, *, unit: bool) -> Picture:
    """A small fan of one series."""
    write = write_of(result)
    ahead = Line("forecast", *path(result, result.best.values.tolist()), tone=MAIN, dash="dashed")
    interval = band(result, result.headline, "")
    title = f"{name}, {write.unit}" if unit and write.unit else name
    return small(title, observed(result.history), ahead, interval, write)


def _claim(results: Sequence[Forecast], names: Sequence[str]) -> tuple[str, str, int]:
    """Name the forecast that grows fastest, and the slowest, over years that all have; gives its place."""
    first, last = max(result.origin for result in results), min(result.target for result in results)
    rates = []
    for result, name in zip(results, names, strict=True):
        known = dict(zip(result.history.years, result.history.values.tolist(), strict=True))
        known |= dict(zip(result.years, result.best.values.tolist(), strict=False))
        rate = annual(known[first], known[last], last - first) if first in known and last in known else None
        if rate is not None:
            rates.append((rate, name))
    if len(rates) < len(results) or len(rates) < 2:
        return f"{counted(len(results), 'forecast')} to {results[0].target}", "", 0
    (slow, slowest), (fast, fastest) = min(rates), max(rates)
    if percent(slow) == percent(fast):
        return f"All {len(rates)} grow {percent(fast, ',.1f')} a year to {last}", f"From {first}", 0
    return (
        f"{fastest} grows fastest to {last}, {percent(fast)} a year",
        f"Slowest: {slowest}, {percent(slow)} a year, both from {first}",
        names.index(fastest),
    )


def _lines(result: Forecast, name: str, ink: int) -> Iterator[Line]:
    yield observed(result.history, name, ink)
    yield Line("", *path(result, result.best.values.tolist()), tone=ink, dash="dashed")
