"""Several series, or several definitions of a market, as one picture: each with its own forecast, never joined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rural_forecast.document.picture import MAIN, Course, Label, Line, Panels, Picture
from rural_forecast.forecasting.result import Forecast
from rural_forecast.text.numbers import Amounts, percent
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
    known = [result.history.series for result in results]
    names = [title_of(series) for series in known]
    units = {series.unit for series in known}
    claim = _claim(results, names)
    more: dict[str, Any] = {"title": "Side by side", "notes": _missing(results, names)}
    if len(results) <= MOST and len(units) == 1:
        write = amounts_of(max(results, key=lambda result: abs(result.best.last)))
        about = f"Forecasts are dashed; shaded: {_level(results[0])} % intervals. Definitions are kept apart."
        return of_series(_together(results, names, write), write, claim, *known, subtitle=about, **more)
    pairs = zip(results, names, strict=True)
    plot = Panels(tuple(panel(result, name, unit=len(units) > 1) for result, name in pairs))
    more |= {"unit": "" if len(units) > 1 else known[0].unit, "subtitle": "Each panel has an axis of its own."}
    return of_series(plot, amounts_of(results[0]), claim, *known, **more)


def _level(result: Forecast) -> int:
    return result.levels[result.headline]


def _together(results: Sequence[Forecast], names: Sequence[str], write: Amounts) -> Course:
    ranked = [(tone(place), *pair) for place, pair in enumerate(zip(results, names, strict=True))]
    return Course(
        lines=tuple(line for ink, result, name in ranked for line in _lines(result, name, ink)),
        bands=tuple(
            band(result, result.headline, f"{_level(result)} %" if ink == MAIN else "", ink)
            for ink, result, _ in ranked
        ),
        labels=tuple(Label(result.best.last, write(result.best.last), name, ink) for ink, result, name in ranked),
    )


def _missing(results: Sequence[Forecast], names: Sequence[str]) -> tuple[str, ...]:
    published = [name for name, result in zip(names, results, strict=True) if result.published]
    if not published:
        return ()
    named = listed(published) if len(published) <= MOST else f"{len(published)} of these series"
    return (f"Figures that others have published are not drawn here; see a picture of one series: {named}.",)


def panel(result: Forecast, name: str, *, unit: bool) -> Picture:
    """A small fan of one series."""
    write = amounts_of(result)
    ahead = Line("forecast", *path(result, result.best.values.tolist()), tone=MAIN, dash="dashed")
    interval = band(result, result.headline, f"{_level(result)} % interval")
    return small(name, observed(result.history), ahead, interval, write, write.unit if unit else "")


def _claim(results: Sequence[Forecast], names: Sequence[str]) -> str:
    """Name the forecast that grows fastest, and the slowest, over years that all have."""
    first, last = max(result.origin for result in results), min(result.target for result in results)
    rates = []
    for result, name in zip(results, names, strict=True):
        known = dict(zip(result.history.years, result.history.values.tolist(), strict=True))
        known |= dict(zip(result.years, result.best.values.tolist(), strict=False))
        rate = annual(known[first], known[last], last - first) if first in known and last in known else None
        if rate is not None:
            rates.append((rate, name))
    if len(rates) < len(results) or len(rates) < 2:
        return f"{len(results)} series to {results[0].target}"
    (slow, slowest), (fast, fastest) = min(rates), max(rates)
    return (
        f"From {first} to {last} the forecast of {fastest} grows fastest, {percent(fast)} a year; "
        f"that of {slowest} slowest, {percent(slow)}"
    )


def _lines(result: Forecast, name: str, ink: int) -> Iterator[Line]:
    yield from earlier(result, f"{name}: ", ink)
    yield observed(result.history, name, ink)
    yield Line("", *path(result, result.best.values.tolist()), tone=ink, dash="dashed")
