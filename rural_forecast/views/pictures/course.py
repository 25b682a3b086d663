"""Parts of pictures of series: lines, bands, a small fan, and the frame of title, unit and source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rural_forecast.document.picture import MAIN, PLAIN, Band, Course, Dash, Label, Line, Mark, Picture, Plot
from rural_forecast.forecasting.result import Forecast
from rural_forecast.series.history import History
from rural_forecast.series.observation import Series
from rural_forecast.text.numbers import Amounts
from rural_forecast.text.wording import runs
from rural_forecast.views.about import title_of
from rural_forecast.views.answer import amounts_of

if TYPE_CHECKING:
    from rural_forecast.scenarios.scenario import ScenarioPath

SUPPLIED = "data as supplied"
"""The source of a file that names none: the name of the file is not for readers."""
CREDIT = "Forecast: rural-forecast."
_NOT_USED = {"break": "on an earlier basis, not used", "gap": "before a gap, not used"}


def of_series(
    plot: Plot,
    write: Amounts,
    claim: str,
    *several: Series,
    kind: str = "Line chart",
    title: str = "",
    year: int | None = None,
    **more: Any,
) -> Picture:
    """A picture of one series or more with its title, answer, unit and source.

    `title`: in place of the name of the first series; `year`: of which all values are, where the picture has no axis of
    years; `more`: other fields of the picture.
    """
    drawn = Picture(
        plot=plot,
        title=title or title_of(several[0]),
        claim=claim,
        unit=", ".join(filter(None, (write.unit, str(year or "")))),
        amounts=write,
        source=source(*several),
        alternative=f"{kind}. {claim.rstrip('.')}. The numbers are in the table.",
    )
    return replace(drawn, **more)


def source(*several: Series, credit: str = CREDIT) -> str:
    """The line under a picture: publishers of the series, and who made the forecast."""
    named = ", ".join(dict.fromkeys(series.publisher or SUPPLIED for series in several))
    return f"Source: {named}. {credit}".rstrip()


def tone(place: int) -> int:
    """The tone of the series or model at a place; 2 is for published figures."""
    return MAIN if place == 0 else place + 2


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


def last_value(result: Forecast) -> Mark:
    """The text of the last value observed."""
    return Mark(result.origin, result.history.last, amounts_of(result)(result.history.last), "none", PLAIN)


def small(title: str, past: Line, ahead: Line, interval: Band, write: Amounts, unit: str = "") -> Picture:
    """A small fan: its last value and its end are labelled."""
    last, end = past.ys[-1], ahead.ys[-1]
    mark, label = Mark(past.xs[-1], last, write(last), "none", PLAIN), Label(end, write(end), strong=True)
    plot = Course((past, ahead), (interval,), (mark,), (label,), past.xs[-1])
    return Picture(plot, title=title, unit=unit, amounts=write)
