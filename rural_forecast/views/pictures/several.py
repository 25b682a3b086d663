"""Several series, or several definitions of a market, as one picture: each with its own forecast, never joined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rural_forecast.document.picture import Course, Label, Line, Picture
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.forecast import Forecast
from rural_forecast.text.wording import listed
from rural_forecast.views.answer import amounts_of
from rural_forecast.views.pictures import fan

MOST = 6
"""Series in one picture; more cannot be distinguished."""


def picture(results: Sequence[Forecast], *, title: str = "", logarithmic: bool = False) -> Picture:
    """The fan chart of one series, or all series side by side with their narrowest interval.

    Raises
    ------
    UsageError : the units differ, or there are more series than can be distinguished
    """
    if len(results) == 1:
        return fan.picture(results[0], title=title, logarithmic=logarithmic)
    _check(results)
    names = [result.history.series.title or result.history.series.id for result in results]
    write = amounts_of(max(results, key=lambda one: float(abs(one.best.values[-1]))))
    last = [float(result.best.values[-1]) for result in results]
    ends = "; ".join(f"{name} {write(value)}" for name, value in zip(names, last, strict=True))
    claim = f"{results[0].target}: {ends}{f' ({write.unit})' if write.unit else ''}"
    plot = Course(
        lines=tuple(line for place, result in enumerate(results) for line in _lines(result, names[place], place)),
        bands=tuple(
            fan.band(result, 0, "" if place else f"{result.levels[0]} %", fan.tone(place))
            for place, result in enumerate(results)
        ),
        labels=tuple(
            Label(value, f"{write(value)} {name}", fan.tone(place))
            for place, (value, name) in enumerate(zip(last, names, strict=True))
        ),
    )
    published = [name for name, result in zip(names, results, strict=True) if result.published]
    missing = (
        f"Figures that others have published are not drawn here; see a picture of one series: {listed(published)}."
    )
    known = [result.history.series for result in results]
    return replace(
        fan.of_series(plot, write, claim, *known, title=title or "Side by side", logarithmic=logarithmic),
        subtitle=f"Forecasts are dashed; shaded: {results[0].levels[0]} % intervals. Definitions are kept apart.",
        notes=(missing,) if published else (),
    )


def _check(results: Sequence[Forecast]) -> None:
    units = list(dict.fromkeys(result.history.series.unit for result in results))
    if len(units) > 1:
        raise UsageError(
            f"One picture cannot hold series in {' and '.join(unit or 'no unit' for unit in units)}.",
            "Draw them one by one, or set their growth side by side with 'rural-forecast growth'.",
        )
    if len(results) > MOST:
        raise UsageError(f"{len(results)} series are more than one picture can tell apart.", f"Name at most {MOST}.")


def _lines(result: Forecast, name: str, place: int) -> Iterator[Line]:
    history, best = result.history, result.best
    for line in fan.earlier(result):
        yield Line(f"{name}: {line.name}", line.xs, line.ys, fan.tone(place), faint=True)
    yield Line(name, history.years, tuple(history.values.tolist()), fan.tone(place))
    yield Line("", *fan.path(result, best.values.tolist()), tone=fan.tone(place), dash="dashed")
