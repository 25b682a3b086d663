"""Parts of pictures of series: lines, bands, and the words around a drawing: headline, range, definition, source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from rural_forecast.document.picture import MAIN, PLAIN, Band, Course, Dash, Label, Line, Mark, Picture, Plot
from rural_forecast.forecasting.distribution import SPREAD_LEVELS
from rural_forecast.forecasting.result import Forecast
from rural_forecast.series.history import History
from rural_forecast.series.observation import Series
from rural_forecast.text.headline import short
from rural_forecast.text.style import BANDS, Digits, digits
from rural_forecast.text.wording import capital, runs
from rural_forecast.views.about import title_of

if TYPE_CHECKING:
    from rural_forecast.scenarios.scenario import ScenarioPath

SUPPLIED = "data as supplied"
"""The source of a file that names none: the name of the file is not for readers."""
CREDIT = "Forecast: rural-forecast"
_NOT_USED = {"break": "on an earlier basis, not used", "gap": "before a gap, not used"}
_MOST_ABOUT = 90
"""Characters of a definition below a headline."""


def name_of(series: Series) -> str:
    """The name of a series in a headline."""
    return capital(short(title_of(series)))


def write_of(result: Forecast) -> Digits:
    """How the amounts of a picture of a forecast are written."""
    best = result.best
    return digits(result.history.series.unit, result.history.last, best.last, best.ends(result.headline))


def about(series: Series) -> str:
    """The first clause of the definition, in about a line."""
    first = re.split(r"; |\. |\s*\(", series.definition)[0].rstrip(".")
    while len(first) > _MOST_ABOUT and (cut := re.match(r"(.*)(?:,| by | from | with | for )", first)):
        first = cut[1]
    return shorten(first, _MOST_ABOUT, placeholder=" …")


def of_series(plot: Plot, write: Digits, title: str, *several: Series, subtitle: str = "", **more: Any) -> Picture:
    """A picture of one series or more with its headline, range, unit and source. `more`: other fields."""
    said = ". ".join(filter(None, (title, subtitle)))
    fields: dict[str, Any] = {"unit": write.unit, "source": source(*several), "alternative": f"{said}."} | more
    fields = {"name": name_of(several[0])} | fields
    return Picture(plot, title, subtitle=subtitle, amounts=write, **fields)


def source(*several: Series, credit: str = CREDIT) -> str:
    """The line under a picture: publishers of the series, and who made the forecast."""
    named = list(dict.fromkeys(series.publisher or SUPPLIED for series in several))
    return f"{'Source' if len(named) == 1 else 'Sources'}: {'; '.join(named)}. {credit}".rstrip()


def tone(place: int) -> int:
    """The tone of the series or model at a place: the first one has the accent."""
    return MAIN if place == 0 else place + 1


def observed(history: History, name: str = "observed", tone: int = PLAIN) -> Line:
    """The values used."""
    return Line(name, history.years, tuple(history.values.tolist()), tone)


def earlier(result: Forecast, name: str = "", tone: int = PLAIN) -> Iterator[Line]:
    """Draw what was observed before a break or a gap: shown, not used."""
    for why, words in _NOT_USED.items():
        unused = (left.observation for left in result.history.left_out if left.why == why)
        known = {seen.period.year: seen.value for seen in unused if seen.period.is_year}
        yield from pieces(f"{name}{words}", known, tone, faint=True)


def pieces(
    name: str, values: Mapping[int, float], tone: int = PLAIN, dash: Dash = "solid", *, faint: bool = False
) -> Iterator[Line]:
    """A line for each run of years without a gap."""
    for run in runs(values):
        yield Line(name, tuple(run), tuple(values[year] for year in run), tone, dash, faint=faint)


def path(result: Forecast, values: Sequence[float]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """A forecast drawn from the last observed value on."""
    return (result.origin, *result.years[: len(values)]), (result.history.last, *values)


def band(result: Forecast, place: int, name: str, tone: int = MAIN, other: ScenarioPath | None = None) -> Band:
    """The interval of the level at a place, of the answer or of `other`, drawn from the last observed value on."""
    shown = other or result.best
    xs, lower = path(result, shown.lower[place].tolist())
    _, upper = path(result, shown.upper[place].tolist())
    return Band(name, xs, lower, upper, result.levels[place], tone)


def bands(result: Forecast) -> Iterator[Band]:
    """The bands of a fan: of the levels asked for, and of 50 % inside the usual ones."""
    if set(result.levels) <= {80, 95}:
        wide, place = result.wide, SPREAD_LEVELS.index(BANDS[0])
        xs, lower = path(result, wide.lower[place].tolist())
        _, upper = path(result, wide.upper[place].tolist())
        yield Band(f"{BANDS[0]} %", xs, lower, upper, BANDS[0])
    for place in range(len(result.levels)):
        yield band(result, place, f"{result.levels[place]} %")


def ends_of(result: Forecast, write: Digits, name: str = "forecast") -> Iterator[Label]:
    """The labels of a fan: its end, and the bounds of its ranges."""
    best = result.best
    yield Label(best.last, write(best.last), name, MAIN, strong=True)
    for place, level in enumerate(result.levels):
        for edge in reversed(best.ends(place)):
            if write(edge) != write(best.last):  # as at a limit of 100 %
                yield Label(edge, write(edge), level=level)


def last_value(history: History, write: Digits) -> Iterator[Mark]:
    """The texts of the last value observed and of the first one."""
    first, last = float(history.values[0]), history.last
    yield Mark(history.origin, last, f"{write.seen(last)} observed", "none", PLAIN)
    if len(history.years) > 1:
        yield Mark(history.first, first, write.seen(first), "none", PLAIN)


def small(title: str, past: Line, ahead: Line, interval: Band, write: Digits, unit: str = "") -> Picture:
    """A small fan: its last value and its end are labelled."""
    last, end = past.ys[-1], ahead.ys[-1]
    mark, label = Mark(past.xs[-1], last, write.seen(last), "none", PLAIN), Label(end, write(end), strong=True)
    plot = Course((past, ahead), (interval,), (mark,), (label,), past.xs[-1])
    return Picture(plot, title, unit=unit, amounts=write)
