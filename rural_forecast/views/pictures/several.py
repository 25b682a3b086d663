"""Several series, or several definitions of a market, as one picture: each with its own forecast, never joined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rural_forecast.document.picture import MAIN, Course, Label, Line, Panels, Picture
from rural_forecast.forecasting.result import Forecast
from rural_forecast.text.numbers import percent
from rural_forecast.text.wording import listed
from rural_forecast.views.about import title_of
from rural_forecast.views.answer import amounts_of, annual
from rural_forecast.views.pictures import fan
from rural_forecast.views.pictures.course import band, earlier, observed, of_series, path, small, tone

MOST = 6
"""Series in one drawing; more cannot be distinguished, so each has a panel of its own."""


def picture(results: Sequence[Forecast]) -> Picture:
    """The fan chart of one series, or all series side by side with one interval."""
    if len(results) == 1:
        return fan.picture(results[0])
    units = {result.history.series.unit for result in results}
    return _panels(results, units) if len(results) > MOST or len(units) > 1 else _together(results)


def _level(result: Forecast) -> int:
    return result.levels[result.headline]


def _together(results: Sequence[Forecast]) -> Picture:
    names = [title_of(result.history.series) for result in results]
    write = amounts_of(max(results, key=lambda result: abs(result.best.last)))
    last = [result.best.last for result in results]
    claim = _claim(results, names)
    plot = Course(
        lines=tuple(line for place, result in enumerate(results) for line in _lines(result, names[place], place)),
        bands=tuple(
            band(result, result.headline, "" if place else f"{_level(result)} %", tone(place))
            for place, result in enumerate(results)
        ),
        labels=tuple(
            Label(value, write(value), name, tone(place))
            for place, (value, name) in enumerate(zip(last, names, strict=True))
        ),
    )
    known = [result.history.series for result in results]
    about = f"Forecasts are dashed; shaded: {_level(results[0])} % intervals. Definitions are kept apart."
    drawn = of_series(plot, write, claim, *known, title="Side by side")
    return replace(drawn, subtitle=about, notes=_missing(results, names))


def _missing(results: Sequence[Forecast], names: Sequence[str]) -> tuple[str, ...]:
    published = [name for name, result in zip(names, results, strict=True) if result.published]
    if not published:
        return ()
    names = listed(published) if len(published) <= MOST else f"{len(published)} of these series"
    return (f"Figures that others have published are not drawn here; see a picture of one series: {names}.",)


def _panels(results: Sequence[Forecast], units: set[str]) -> Picture:
    """A small fan for each series, on an axis of its own."""
    names = [title_of(result.history.series) for result in results]
    panels = tuple(panel(result, name, unit=len(units) > 1) for result, name in zip(results, names, strict=True))
    known = [result.history.series for result in results]
    about = "Each panel has an axis of its own."
    drawn = of_series(Panels(panels), amounts_of(results[0]), _claim(results, names), *known, title="Side by side")
    unit = "" if len(units) > 1 else known[0].unit
    return replace(drawn, unit=unit, subtitle=about, notes=_missing(results, names))


def panel(result: Forecast, name: str, *, unit: bool) -> Picture:
    """A small fan of one series."""
    write = amounts_of(result)
    ahead = Line("forecast", *path(result, result.best.values.tolist()), tone=MAIN, dash="dashed")
    interval = band(result, result.headline, f"{_level(result)} % interval")
    return small(name, observed(result.history), ahead, interval, write, write.unit if unit else "")


def _claim(results: Sequence[Forecast], names: Sequence[str]) -> str:
    """Which series grows fastest, and which slowest."""
    pairs = zip(results, names, strict=True)
    whole = [pair for pair in pairs if len(pair[0].best.values) == len(pair[0].years)]
    ahead = [(annual(each.history.last, each.best.last, len(each.years)), name) for each, name in whole]
    rates = sorted((rate, name) for rate, name in ahead if rate is not None)
    year = results[0].target
    if len(rates) < 2:
        return f"{len(results)} series to {year}"
    (slow, last), (fast, first) = rates[0], rates[-1]
    ends = f"{first} grows fastest, {percent(fast)} a year, and {last} slowest, {percent(slow)}"
    return f"Of {len(results)} series to {year}, {ends}"


def _lines(result: Forecast, name: str, place: int) -> Iterator[Line]:
    yield from earlier(result, f"{name}: ", tone(place))
    yield observed(result.history, name, tone(place))
    yield Line("", *path(result, result.best.values.tolist()), tone=tone(place), dash="dashed")
