"""Several series, or several definitions of a market, as one picture: each with its own forecast, never joined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rural_forecast.document.picture import MAIN, Course, Label, Line, Panels, Picture
from rural_forecast.forecasting.result import Forecast
from rural_forecast.text.numbers import percent
from rural_forecast.text.wording import listed
from rural_forecast.views.answer import amounts_of, annual
from rural_forecast.views.common import title_of
from rural_forecast.views.pictures import fan

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
    write = amounts_of(max(results, key=lambda one: float(abs(one.best.values[-1]))))
    last = [float(result.best.values[-1]) for result in results]
    claim = _claim(results, names)
    plot = Course(
        lines=tuple(line for place, result in enumerate(results) for line in _lines(result, names[place], place)),
        bands=tuple(
            fan.band(result, result.headline, "" if place else f"{_level(result)} %", fan.tone(place))
            for place, result in enumerate(results)
        ),
        labels=tuple(
            Label(value, f"{write(value)} {name}", fan.tone(place))
            for place, (value, name) in enumerate(zip(last, names, strict=True))
        ),
    )
    known = [result.history.series for result in results]
    return replace(
        fan.of_series(plot, write, claim, *known, title="Side by side"),
        subtitle=f"Forecasts are dashed; shaded: {_level(results[0])} % intervals. Definitions are kept apart.",
        notes=_missing(results, names),
    )


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
    drawn = fan.of_series(Panels(panels), amounts_of(results[0]), _claim(results, names), *known, title="Side by side")
    unit = "" if len(units) > 1 else known[0].unit
    return replace(drawn, unit=unit, subtitle=about, notes=_missing(results, names))


def panel(result: Forecast, name: str, *, unit: bool) -> Picture:
    """A small fan of one series: its last value and the target are labelled."""
    best, write = result.best, amounts_of(result)
    plot = Course(
        lines=(
            fan.observed(result.history),
            Line("forecast", *fan.path(result, best.values.tolist()), tone=MAIN, dash="dashed"),
        ),
        bands=(fan.band(result, result.headline, f"{_level(result)} % interval"),),
        marks=(fan.last_value(result),),
        labels=(Label(float(best.values[-1]), write(float(best.values[-1])), strong=True),),
        origin=result.origin,
    )
    return Picture(plot, title=name, unit=write.unit if unit else "", amounts=write)


def _claim(results: Sequence[Forecast], names: Sequence[str]) -> str:
    """Which series grows fastest, and which slowest."""
    ahead = [
        (annual(float(one.history.values[-1]), float(one.best.values[-1]), len(one.years)), name)
        for one, name in zip(results, names, strict=True)
        if len(one.best.values) == len(one.years)
    ]
    rates = sorted((rate, name) for rate, name in ahead if rate is not None)
    year = results[0].target
    if len(rates) < 2:
        return f"{len(results)} series to {year}"
    (slow, last), (fast, first) = rates[0], rates[-1]
    ends = f"{first} grows fastest, {percent(fast)} a year, and {last} slowest, {percent(slow)}"
    return f"Of {len(results)} series to {year}, {ends}"


def _lines(result: Forecast, name: str, place: int) -> Iterator[Line]:
    for line in fan.earlier(result):
        yield Line(f"{name}: {line.name}", line.xs, line.ys, fan.tone(place), faint=True)
    yield fan.observed(result.history, name, fan.tone(place))
    yield Line("", *fan.path(result, result.best.values.tolist()), tone=fan.tone(place), dash="dashed")
