"""`chart` of several series: side by side, never joined.

Few series in one unit share a drawing; of others, each has a panel.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from rural_forecast.document.picture import (
    MAIN,
    PLAIN,
    Course,
    Label,
    Mark,
    Panels,
    Picture,
    Plot,
)
from rural_forecast.forecasting.result import Forecast
from rural_forecast.observed.observation import Series
from rural_forecast.text.numbers import Amounts, digits, in_unit, percent
from rural_forecast.text.wording import (
    MOST_WORDS,
    Headline,
    capital,
    counted,
    headline,
    in_words,
    listed,
    odds,
    short,
    words,
)
from rural_forecast.text.wording import (
    about as about_,
)
from rural_forecast.views import attribution, premises
from rural_forecast.views.chart import earlier_lines, key_of_bases, picture
from rural_forecast.views.lines import ahead, band, name_of, observed, of_series, together, write_of
from rural_forecast.views.names import title_of
from rural_forecast.views.table import annual

_CONTEXT = 2  # tone of series beside the one that the headline names
_MOST_ON_ONE_AXIS = 20  # largest answer over the least one, from which the least would be flat
MOST_TOGETHER = 6  # series in one drawing; of more, each has a panel of its own


def several(results: Sequence[Forecast], **options: Any) -> Picture:
    """Draw the fan chart of one series, with its options, or all series with one interval.

    Few series in one unit share a drawing; of others, each has a panel.
    """
    if len(results) == 1:
        return picture(results[0], **options)
    series = [result.history.series for result in results]
    names = _names(series)
    if len(results) <= MOST_TOGETHER and are_definitions(series):
        return _definitions(results, names)
    units = {result.history.series.unit for result in results}
    if len(results) <= MOST_TOGETHER and len(units) == 1:
        drawn = _in_one_drawing(results, names)
    else:
        drawn = _in_panels(results, names)
    shared = _shared_clauses(series)
    if not shared:
        return drawn
    subject = capital(", ".join(shared))
    title = drawn.title
    for one in series:
        own = _without(one, shared)
        if title.startswith(f"{capital(own)}:"):
            title = f"{own}{title[len(own) :]}"
    title = f"{subject}, {title}"
    if words(title) <= MOST_WORDS:
        return drawn._replace(title=title)
    return drawn._replace(about=f"{subject}. {drawn.about}")


def are_definitions(series: Sequence[Series]) -> bool:
    """Return True if all are definitions of one market, in one unit: they are not compared."""
    return all(_is_related(one, other) for one, other in pairwise(series))


def are_in_panels_by_size(results: Sequence[Forecast]) -> bool:
    """Return True if each has a panel, from the largest to the least: all of one unit and year."""
    units = {result.history.series.unit for result in results}
    years = {result.target for result in results}
    return len(results) > MOST_TOGETHER and len(units) == len(years) == 1


def common_size(results: Sequence[Forecast]) -> float | None:
    """Give the value whose unit all amounts have in the picture; None where units differ."""
    if len({result.history.series.unit for result in results}) > 1:
        return None
    if are_in_panels_by_size(results):
        return max(results, key=lambda result: result.best.last).history.last
    return max((result.history.last for result in results), key=abs)


def _is_related(one: Series, other: Series) -> bool:
    """Return True for two definitions of one market."""
    if (one.measure, one.unit) != (other.measure, other.unit):
        return False
    return other.id in one.related or one.id in other.related


def _definitions(results: Sequence[Forecast], names: Sequence[str]) -> Picture:
    """Draw definitions of one market side by side, each with its range, on equal axes.

    One may have grown faster because it counts more every year: none is ahead of another.
    """
    series = [result.history.series for result in results]
    write = digits(series[0].unit, common_size(results) or 0.0)
    level = results[0].levels[results[0].headline]

    courses = []
    for result in results:
        course = _course(result, write, PLAIN, MAIN)
        courses.append(course._replace(lines=(*earlier_lines(result), *course.lines)))
    drawn = [value for course in courses for value in course.drawn]
    years = [year for course in courses for year in course.span]
    panels = []
    spans_of_all = []
    for result, course, name in zip(results, courses, names, strict=True):
        shared = course._replace(
            axis_values=(min(drawn), max(drawn)), axis_years=(min(years), max(years))
        )
        spoken = _spoken(result, name, write)
        panels.append(Picture(shared, name, amounts=write, alternative=spoken))
        ends = result.best.ends(result.headline)
        span = " to ".join(write.of_range(result.best.last, *ends).bounds(*ends))
        spans_of_all.append(f"{name} {span}")
    targets = {result.target for result in results}
    when = f" in {targets.pop()}" if len(targets) == 1 else ""
    count = capital(in_words(len(results)))
    head = Headline(
        f"{count} definitions of one market, side by side",
        f"{capital(odds(level))}{when}: {listed(spans_of_all)}{in_unit(write.unit)}",
    )
    bases = dict.fromkeys(key_of_bases(result.history) for result in results)
    about = ". ".join(
        filter(None, ("They count different things", f"Shaded: {level} % ranges", *bases))
    )
    return _of_several(Panels(tuple(panels)), write, head, results, names, about)


def _names(series: Sequence[Series]) -> list[str]:
    """Name series so that they differ: those of one file do in what their names do not share."""
    names = [name_of(one) for one in series]
    shared = _shared_clauses(series)
    if len(set(names)) == len(names) and not shared:
        return names
    own = [capital(short(_without(one, shared) or one.id)) for one in series]
    return own if len(set(own)) == len(own) else [title_of(one) for one in series]


def _without(series: Series, shared: Sequence[str]) -> str:
    """Write what the name of a series has besides what all share."""
    return ", ".join(part for part in _clauses(series) if part not in shared)


def _shared_clauses(series: Sequence[Series]) -> list[str]:
    """List the clauses that the names of all series have, such as what they count."""
    names = [*map(_clauses, series)]
    common = set.intersection(*map(set, names))
    shared = [part for part in names[0] if part in common]
    # A total may have no more of a name than what all share, and is called by its id.
    without_rest = sum(len(name) == len(shared) for name in names)
    return shared if without_rest <= 1 < len(names) else []


def _clauses(series: Series) -> list[str]:
    return title_of(series).split(", ")


def _in_one_drawing(results: Sequence[Forecast], names: Sequence[str]) -> Picture:
    """Draw all series on one axis; the one that the headline names has the accent and its range."""
    head, first = _claim(results, names)
    series = [result.history.series for result in results]
    write = digits(series[0].unit, common_size(results) or 0.0)._replace(places=None)

    order = [first, *(index for index in range(len(results)) if index != first)]
    courses = []
    for rank, index in enumerate(order):
        tone = MAIN + rank
        pace = _pace_text(results, results[index])
        name = ", ".join(filter(None, (names[index], pace)))
        courses.append(_course(results[index], write, tone, tone, name))
    level = results[0].levels[results[0].headline]
    about = f"Dots: observed. Shaded: the {level} % range of {names[first]}"
    return _of_several(together(courses), write, head, results, names, about)


def _in_panels(results: Sequence[Forecast], names: Sequence[str]) -> Picture:
    """Draw each series in a panel: on one axis if they are of one unit and like size."""
    units = {result.history.series.unit for result in results}
    if are_in_panels_by_size(results):
        return _in_panels_of_one_unit(results, names)
    head, first = _claim(results, names)
    writes = [write_of(result) for result in results]
    courses = []
    for index, (result, write) in enumerate(zip(results, writes, strict=True)):
        courses.append(_course(result, write, PLAIN, MAIN if index == first else _CONTEXT))
    axes, courses = _axes(courses, is_common=False)
    panels = []
    for result, name, write, course in zip(results, names, writes, courses, strict=True):
        unit = f", {write.unit}" if write.unit else ""
        pace = _pace_text(results, result)
        spoken = _spoken(result, name, write)
        title = f"{name}{unit}"
        panels.append(Picture(course, title, about=pace, amounts=write, alternative=spoken))
    level = results[0].levels[results[0].headline]
    about = f"{capital(axes)}. Shaded: {level} % ranges"
    drawn = _of_several(Panels(tuple(panels)), writes[0], head, results, names, about)
    return drawn._replace(unit="") if len(units) > 1 else drawn


def _in_panels_of_one_unit(results: Sequence[Forecast], names: Sequence[str]) -> Picture:
    """Draw panels from the largest answer to the least; the first one, which is named, is ours."""
    order = sorted(range(len(results)), key=lambda index: -results[index].best.last)
    sorted_results = [results[index] for index in order]
    leading = sorted_results[0]
    write = write_of(leading)
    courses = []
    for rank, result in enumerate(sorted_results):
        course = _course(result, write, PLAIN, _CONTEXT if rank else MAIN)
        courses.append(course._replace(labels=()))

    least = min(result.best.last for result in results)
    axes, courses = _axes(courses, is_common=leading.best.last <= _MOST_ON_ONE_AXIS * least)
    panels = []
    for course, index in zip(courses, order, strict=True):
        result = results[index]
        own = write.of_range(result.best.last, *result.best.ends(result.headline))
        span = " to ".join(own.bounds(*result.best.ends(result.headline)))
        answer = f"{result.target}: {own(result.best.last)} ({span})"
        spoken = _spoken(result, names[index], own)
        panels.append(
            Picture(course, names[index], about=answer, amounts=write, alternative=spoken)
        )

    level = leading.levels[leading.headline]
    about = ", ".join(filter(None, ("Largest first", in_unit(write.unit).strip(), axes)))
    ends = leading.best.ends(leading.headline)
    name = names[order[0]]
    range_ = about_(name, leading.target, leading.best.last, level, ends, write).range
    claim = f"the largest, about {write.full(leading.best.last)} in {leading.target}"
    head = headline(name, claim, range_)
    note = f"{about}. Shaded: {level} % ranges"
    return _of_several(Panels(tuple(panels)), write, head, results, names, note)


def _spoken(result: Forecast, name: str, write: Amounts) -> str:
    """Write the alternative text of a panel: its answer and range."""
    level = result.levels[result.headline]
    ends = result.best.ends(result.headline)
    head = about_(name, result.target, result.best.last, level, ends, write)
    return f"Fan chart. {head.text}. {head.range}"


def _axes(courses: Sequence[Course], *, is_common: bool) -> tuple[str, list[Course]]:
    """Start the axes of panels at zero, in words too; a common one holds all values.

    Values below zero leave each axis as it is: no baseline suits all of them then. All panels have
    the same years.
    """
    years = [year for course in courses for year in course.span]
    courses = [course._replace(axis_years=(min(years), max(years))) for course in courses]
    drawn = [value for course in courses for value in course.drawn]
    if min(drawn) < 0:
        return "each on an axis of its own", list(courses)
    held = (0.0, max(drawn)) if is_common else (0.0,)
    words = "on one scale" if is_common else "each on an axis of its own, from zero"
    return words, [course._replace(axis_values=held) for course in courses]


def _of_several(
    plot: Plot,
    write: Amounts,
    head: Headline,
    results: Sequence[Forecast],
    names: Sequence[str],
    about: str,
) -> Picture:
    """Make the picture of several forecasts, with all of their sources and premises."""
    return of_series(
        plot,
        write,
        head,
        *(result.history.series for result in results),
        about=about,
        source=attribution.line(attribution.of_forecasts(*results)),
        premise=" ".join(premises.of_several(results, names)),
    )


def _pace_text(results: Sequence[Forecast], result: Forecast) -> str:
    """Write growth a year over the years that all series have, which the headline compares."""
    first = max(one.origin for one in results)
    last = min(one.target for one in results)
    rate = _growth_between(result, first, last)
    return "" if rate is None else f"{percent(rate)} a year"


def _course(result: Forecast, write: Amounts, before: int, after: int, name: str = "") -> Course:
    """Draw observed values and the forecast of one of several series, in the tones of both."""
    last = result.history.last
    end = result.best.last
    index = result.headline
    amount = write.of_range(end, *result.best.ends(index))(end)
    lower = result.best.lower[index]
    upper = result.best.upper[index]
    return Course(
        lines=(
            observed(result.history, name, before),
            ahead(result, result.best.values, "", after),
        ),
        bands=(band(result, result.levels[index], lower, upper)._replace(tone=after),),
        marks=(Mark(result.origin, last, write.given(last), "none", PLAIN),),
        labels=(Label(end, amount, name, after, strong=after == MAIN),),
        origin=result.origin,
    )


class _Pace(NamedTuple):
    """Growth a year of a named series; the fastest is the greatest."""

    rate: float
    name: str


def _claim(results: Sequence[Forecast], names: Sequence[str]) -> tuple[Headline, int]:
    """Name the forecast that grows fastest, and the slowest; gives the index of the fastest.

    They are compared over the years that all have, and only if all grow by a rate that has meaning.
    """
    first = max(result.origin for result in results)
    last = min(result.target for result in results)
    paces = []
    for result, name in zip(results, names, strict=True):
        rate = _growth_between(result, first, last)
        if rate is None:
            text = f"{counted(len(results), 'forecast')} to {results[0].target}"
            return Headline(text), 0
        paces.append(_Pace(rate, name))

    slowest = min(paces)
    fastest = max(paces)
    slow = percent(slowest.rate)
    fast = percent(fastest.rate)
    if slow == fast:
        rate_of_all = percent(fastest.rate, ",.1f")
        all_of_them = "Both" if len(paces) == 2 else f"All {len(paces)}"
        text = f"{all_of_them} grow {rate_of_all} a year to {last}"
        return Headline(text, f"From {first}"), 0
    # Without a verb, as a name may be one thing or several.
    head = headline(fastest.name, f"fastest growth to {last}, {fast} a year")
    range_ = f"Slowest: {slowest.name}, {slow} a year, both from {first}"
    return head._replace(range=range_), names.index(fastest.name)


def _growth_between(result: Forecast, first: int, last: int) -> float | None:
    """Compute growth a year between two years, be they observed or forecast."""
    values = dict(zip(result.history.years, result.history.values.tolist(), strict=True))
    # A path may end before the target.
    values |= dict(zip(result.years, result.best.values.tolist(), strict=False))
    if first not in values or last not in values:
        return None
    return annual(values[first], values[last], last - first)
