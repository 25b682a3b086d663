"""Lines and bands of pictures over years, and the headline, unit and source of any picture."""

from collections.abc import Iterator, Mapping, Sequence

from rural_forecast.document.picture import (
    MAIN,
    PLAIN,
    Band,
    Course,
    Line,
    Mark,
    Picture,
    Plot,
)
from rural_forecast.forecasting.result import Forecast
from rural_forecast.models.base import Array
from rural_forecast.observed.history import History
from rural_forecast.observed.observation import Series
from rural_forecast.text.numbers import Amounts, digits
from rural_forecast.text.wording import (
    Headline,
    capital,
    runs,
    short,
)
from rural_forecast.views import attribution
from rural_forecast.views.names import title_of


def name_of(series: Series) -> str:
    """Name a series in a headline."""
    return capital(short(title_of(series)))


def write_of(result: Forecast, size: float | None = None) -> Amounts:
    """Choose how the amounts of a picture of a forecast are written.

    `size`: the value whose unit they have, if not that of the last value observed.
    """
    best = result.best
    last = result.history.last if size is None else size
    return digits(result.history.series.unit, last, best.last, best.ends(result.headline))


def of_series(
    plot: Plot,
    write: Amounts,
    head: Headline,
    *series: Series,
    kind: str = "",
    ends: str = "",
    about: str = "",
    notes: tuple[str, ...] = (),
    name: str | None = None,
    source: str | None = None,
    premise: str = "",
    logarithmic: bool = False,
) -> Picture:
    """Make a picture with its headline, range, unit and source.

    The text in its place says its `kind`, the headline, and what is drawn at its `ends`. A `name`
    or `source` replaces those of the series. `premise` says what moved the answer.
    """
    if name is None:
        name = name_of(series[0]) if series else ""
    range_ = head.range.removesuffix(".")
    alternative = ". ".join(filter(None, (kind, head.text, range_, ends)))
    return Picture(
        plot,
        head.text,
        subtitle=range_,
        premise=premise,
        name=name,
        about=about,
        unit=write.unit,
        amounts=write,
        source=attribution.line(attribution.of_series(*series)) if source is None else source,
        alternative=f"{alternative}.",
        notes=notes,
        logarithmic=logarithmic,
        is_share=bool(series) and all(one.measure == "rate" for one in series),
    )


def observed(history: History, name: str = "observed", tone: int = PLAIN) -> Line:
    """Draw the values used."""
    return Line(name, history.years, tuple(history.values.tolist()), tone)


def together(courses: Sequence[Course]) -> Course:
    """Put the lines and labels of all on one axis, with the ranges of the first."""
    return courses[0]._replace(
        lines=tuple(line for course in courses for line in course.lines),
        labels=tuple(label for course in courses for label in course.labels),
        marks=(),
    )


def pieces(
    name: str, values: Mapping[int, float], tone: int = PLAIN, *, faint: bool = False
) -> Iterator[Line]:
    """Draw a line for each run of years without a gap."""
    for run in runs(values):
        yield Line(name, tuple(run), tuple(values[year] for year in run), tone, faint=faint)


def ahead(
    result: Forecast, values: Sequence[float] | Array, name: str = "forecast", tone: int = MAIN
) -> Line:
    """Draw the line of a forecast, from the last observed value on."""
    years = (result.origin, *result.years[: len(values)])
    return Line(name, years, (result.history.last, *map(float, values)), tone=tone, dash="dashed")


def band(result: Forecast, level: int, lower: Array, upper: Array, name: str = "") -> Band:
    """Draw an interval, from the last observed value on."""
    low = ahead(result, lower)
    high = ahead(result, upper)
    return Band(name, low.xs, low.ys, high.ys, level)


def last_value(history: History, write: Amounts) -> Iterator[Mark]:
    """Yield the texts of the last value observed and of the first one."""
    first = float(history.values[0])
    last = history.last
    yield Mark(history.origin, last, f"{write.given(last)} observed", "none", PLAIN)
    if len(history.years) > 1:
        yield Mark(history.first, first, write.given(first), "none", PLAIN)
