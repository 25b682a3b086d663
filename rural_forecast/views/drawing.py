"""Parts of pictures: lines, bands and rows with ranges, and the words around a drawing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rural_forecast.document.picture import MAIN, PLAIN, Band, Course, Line, Mark, Picture, Plot, Row
from rural_forecast.forecasting.question import headline
from rural_forecast.forecasting.result import Forecast, ModelForecast
from rural_forecast.models.base import Array
from rural_forecast.series.history import History
from rural_forecast.series.observation import Series
from rural_forecast.text.numbers import Amounts
from rural_forecast.text.style import digits
from rural_forecast.text.wording import Headline, capital, runs, short
from rural_forecast.views.about import title_of

if TYPE_CHECKING:
    from rural_forecast.scenarios.scenario import ScenarioPath

SUPPLIED = "data as supplied"  # the source of a file that names none: the name of the file is not for readers
CREDIT = "Forecast: rural-forecast"
MOST_TOGETHER = 6  # series in one drawing; of more, each has a panel of its own
PAST_HEADS = ("forecast", "came")
Bound = tuple[int, float, float]  # level, lower and upper


def name_of(series: Series) -> str:
    """The name of a series in a headline."""
    return capital(short(title_of(series)))


def write_of(result: Forecast) -> Amounts:
    """How the amounts of a picture of a forecast are written."""
    best = result.best
    return digits(result.history.series.unit, result.history.last, best.last, best.ends(result.headline))


def of_series(
    plot: Plot, write: Amounts, head: Headline, *several: Series, kind: str = "", seen: str = "", **more: Any
) -> Picture:
    """A picture with its headline, range, unit, source and a text in its place, which ends in what is `seen`.

    `more`: other fields, or those in place of these.
    """
    range_ = head.range.removesuffix(".")
    said = ". ".join(filter(None, (kind, head.text, range_, seen)))
    fields: dict[str, Any] = {"unit": write.unit, "source": source(*several), "alternative": f"{said}."}
    fields |= {"name": name_of(several[0])} if several else {}
    return Picture(plot, head.text, subtitle=range_, amounts=write, **fields | more)


def source(*several: Series, credit: str = CREDIT) -> str:
    """The line under a picture: publishers of the series, and who made the forecast."""
    named = list(dict.fromkeys(series.publisher or SUPPLIED for series in several)) or [SUPPLIED]
    return f"{'Source' if len(named) == 1 else 'Sources'}: {'; '.join(named)}. {credit}".rstrip()


def observed(history: History, name: str = "observed", tone: int = PLAIN) -> Line:
    """The values used."""
    return Line(name, history.years, tuple(history.values.tolist()), tone)


def together(courses: Sequence[Course]) -> Course:
    """The lines and labels of all, and the ranges of the first."""
    lines, labels = (tuple(one for course in courses for one in getattr(course, name)) for name in ("lines", "labels"))
    return courses[0]._replace(lines=lines, labels=labels, marks=())


def pieces(name: str, values: Mapping[int, float], tone: int = PLAIN, *, faint: bool = False) -> Iterator[Line]:
    """A line for each run of years without a gap."""
    for run in runs(values):
        yield Line(name, tuple(run), tuple(values[year] for year in run), tone, faint=faint)


def ahead(result: Forecast, values: Sequence[float] | Array, name: str = "forecast", tone: int = MAIN) -> Line:
    """The line of a forecast, drawn from the last observed value on."""
    years = (result.origin, *result.years[: len(values)])
    return Line(name, years, (result.history.last, *map(float, values)), tone=tone, dash="dashed")


def band(
    result: Forecast, place: int, name: str = "", level: int = 0, other: ModelForecast | ScenarioPath | None = None
) -> Band:
    """The interval at a place, of the answer or of `other`, drawn from the last observed value on."""
    shown = other or result.best
    lower, upper = (ahead(result, side[place]) for side in (shown.lower, shown.upper))
    return Band(name, lower.xs, lower.ys, upper.ys, level or result.levels[place])


def last_value(history: History, write: Amounts) -> Iterator[Mark]:
    """The texts of the last value observed and of the first one."""
    first, last = float(history.values[0]), history.last
    yield Mark(history.origin, last, f"{write.seen(last)} observed", "none", PLAIN)
    if len(history.years) > 1:
        yield Mark(history.first, first, write.seen(first), "none", PLAIN)


def range_row(
    name: str, value: float, bounds: Iterable[Bound], write: Amounts, *texts: str, answer: bool = False, about: str = ""
) -> Row:
    """A value with its ranges; at the end of the row both are written, and further texts."""
    bounds, span = tuple(bounds), ""
    if bounds:
        _, low, high = bounds[headline([level for level, *_ in bounds])]
        span = f"{write(low)} to {write(high)}"
    tone = MAIN if answer else PLAIN
    return Row(name, value, bounds, (write(value), span, *texts), tone, strong=answer, about=about)


def past_row(
    year: int, forecast: float, bounds: Sequence[Bound], came: float, write: Amounts, group: str, ours: bool = True
) -> Row:
    """A past forecast with its range, and what came."""
    texts, tone = (write(forecast), write.seen(came)), MAIN if ours else PLAIN
    return Row(str(year), forecast, tuple(bounds), texts, tone, other=came, group=group)


def waterfall(
    ends: tuple[str, str],
    start: float,
    steps: Iterable[tuple[str, str, float]],
    write: Amounts,
    *,
    abouts: tuple[str, str] = ("", ""),
    group: str = "",
) -> Iterator[Row]:
    """Bars from one value to another by steps: name, second line, end; what is printed of them adds up."""
    text = ("", write(start))
    yield Row(ends[0], bar=(0.0, start), ends=text, joins=start, strong=True, about=abouts[0], group=group)
    at = start
    for name, about, end in steps:
        change = write.printed(end) - write.printed(at)
        said = f"{'−' if change < 0 else '+'}{write._replace(factor=1.0)(abs(change))}"
        yield Row(name, bar=(at, end), ends=(said, "") if change < 0 else ("", said), joins=end, about=about)
        at = end
    yield Row(ends[1], bar=(0.0, at), ends=("", write(at)), tone=MAIN, strong=True, about=abouts[1])
