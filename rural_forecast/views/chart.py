"""`chart`: one series as a fan or as columns, or several side by side, never joined.

`picture` draws the fan chart of one forecast, `columns` its bars, `several` one or more forecasts.
Below them are parts that pictures of other commands are made of.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from rural_forecast.document.picture import (
    MAIN,
    PLAIN,
    Band,
    Course,
    Label,
    Line,
    Mark,
    Panels,
    Picture,
    Plot,
    Row,
)
from rural_forecast.forecasting.backtest import SIMPLER
from rural_forecast.forecasting.distribution import SPREAD_LEVELS
from rural_forecast.forecasting.result import Forecast, ModelForecast
from rural_forecast.models.base import Array
from rural_forecast.notes import of_code
from rural_forecast.observed.history import History
from rural_forecast.observed.observation import Qualifier, Series
from rural_forecast.observed.preference import UNNAMED, PublishedForecast
from rural_forecast.question.question import headline as headline_index
from rural_forecast.text.numbers import Amounts, digits, in_unit, percent, significant
from rural_forecast.text.style import BANDS
from rural_forecast.text.wording import (
    Headline,
    capital,
    counted,
    headline,
    in_words,
    listed,
    odds,
    runs,
    short,
    spans,
)
from rural_forecast.text.wording import (
    about as about_,
)
from rural_forecast.views import attribution, premises
from rural_forecast.views.about import clause, short_name
from rural_forecast.views.names import title_of
from rural_forecast.views.project import heading
from rural_forecast.views.table import annual

_CONTEXT = 2  # tone of series beside the one that the headline names
_MOST_ON_ONE_AXIS = 20  # largest answer over the least one, from which the least would be flat
MOST_TOGETHER = 6  # series in one drawing; of more, each has a panel of its own
PAST_HEADS = ("forecast", "came")
Bound = tuple[int, float, float]  # level, lower and upper
TARGET = 3  # tone of the lines of targets
_KINDS = {
    "derived": "Derived from published growth",
    "preliminary": "Observed values that are preliminary",
    "estimate": "Observed values that are estimates",
}
_QUALIFIERS: dict[Qualifier, str] = {"=": "", "~": "about ", ">": "over ", "<": "under "}
_NOT_USED = {"break": "earlier basis", "gap": "before a gap, not used"}
_MOST_NAMED = 5  # figures that are named in the picture, as more would cover each other
_LONGEST_AUTHOR = 22  # characters of an author that is named beside a figure
SIMPLER_CLOSER = "A simpler method has been closer so far."


def picture(result: Forecast, *, targets: Sequence[float] = ()) -> Picture:
    """Draw the fan chart of a forecast, with a line for each target."""
    write = write_of(result)
    history = result.history
    target_labels = [Label(value, write.given(value), "target", TARGET) for value in targets]
    plot = Course(
        lines=(
            *_past_lines(result),
            *_forecast_lines(result),
            *_target_lines(result, targets),
        ),
        bands=tuple(_bands(result)),
        marks=(*last_value(history, write), *_marks(result, write)),
        labels=(*_labels(result, write), *target_labels),
        origin=result.origin,
    )
    head = heading(result, [result.chance(target) for target in targets[:1]], write)
    return _of_one(plot, result, write, head, "Fan chart", clause(history.series))


def _past_lines(result: Forecast) -> Iterator[Line]:
    """Yield lines of values that are not used, of those that are, and of what happened later."""
    history = result.history
    for why, words in _NOT_USED.items():
        values = {}
        for left in history.left_out:
            if left.why == why and left.observation.period.is_year:
                values[left.observation.period.year] = left.observation.value
        # A line for each basis, at its own level.
        for begin, end in pairwise((0, *history.first_years, result.target)):
            on_basis = {year: values[year] for year in values if begin <= year < end}
            yield from pieces(words, on_basis, faint=True)
    yield observed(history)
    if history.left_out and history.first_years:
        yield from _break_line(result)
    if result.later:
        years = (result.origin, *(later.period.year for later in result.later))
        values_since = (history.last, *(later.value for later in result.later))
        yield Line("what happened", years, values_since, dash="dotted")


def _break_line(result: Forecast) -> Iterator[Line]:
    """Mark the first year of the latest basis by a line up to the values around it."""
    history = result.history
    begins = [year for year in history.first_years if year <= history.origin]
    earlier = [left for left in history.left_out if left.why == "break"]
    if not begins or not earlier:
        return
    values = [left.observation.value for left in earlier] + history.values.tolist()
    name = f"new basis {begins[-1]}"
    year = float(begins[-1])
    yield Line(
        name, (year, year), (min(values), max(values)), dash="dotted", dots=False, faint=True
    )


def _forecast_lines(result: Forecast) -> Iterator[Line]:
    """Yield a line of each model that answers, and ours alone where it is pooled with others."""
    for rank, model in enumerate(_answering(result)):
        yield ahead(result, model.values, tone=MAIN + rank)
    if result.pool:
        yield ahead(result, result.pool.ours.values, "ours alone", MAIN + 1)


def _target_lines(result: Forecast, targets: Sequence[float]) -> Iterator[Line]:
    """Yield a line over all years for each target."""
    years = (result.history.first, result.target)
    for value in targets:
        yield Line("target", years, (value, value), TARGET, "dotted", dots=False)


def _bands(result: Forecast) -> Iterator[Band]:
    """Yield the intervals, the narrowest first; the usual two have one of 50 % inside them."""
    if set(result.levels) <= {80, 95}:
        level = BANDS[0]
        index = SPREAD_LEVELS.index(level)
        yield band(result, level, result.wide.lower[index], result.wide.upper[index], f"{level} %")
    for index, level in enumerate(result.levels):
        yield band(result, level, result.best.lower[index], result.best.upper[index], f"{level} %")


def _answering(result: Forecast) -> list[ModelForecast]:
    """Select the models asked for that give a forecast."""
    return [model for model in result.main if model.answers]


def _labels(result: Forecast, write: Amounts) -> Iterator[Label]:
    """Yield the texts at the right edge: the last value of each model, bounds of a single one."""
    answering = _answering(result)
    several = len(answering) > 1
    for rank, model in enumerate(answering):
        if len(model.values) < len(result.years):
            continue
        name = short_name(model.model) if several and model.model != "consensus" else "forecast"
        yield Label(model.last, write(model.last), name, MAIN + rank, strong=rank == 0)
        if not several:
            yield from _bound_labels(result, model, write)
    if result.pool:
        yield Label(result.pool.ours.last, write(result.pool.ours.last), "ours alone", MAIN + 1)
    if result.later:
        last = result.later[-1].value
        yield Label(last, write.given(last), "observed", PLAIN)


def _bound_labels(result: Forecast, model: ModelForecast, write: Amounts) -> Iterator[Label]:
    """Yield the texts of the bounds of the last year, the upper one first."""
    for index, level in enumerate(result.levels):
        low, high = model.ends(index)
        texts = write.bounds(low, high)
        for edge, text in ((high, texts[1]), (low, texts[0])):
            if text != write(model.last):  # as at a limit of 100 %
                yield Label(edge, text, level=level)


def _marks(result: Forecast, write: Amounts) -> Iterator[Mark]:
    """Yield the published figures of the years of the forecast; the latest ones are named."""
    years = range(result.origin + 1, result.target + 1)
    whole_years = [figure for figure in result.published if figure.period.is_year]
    figures = [figure for figure in whole_years if figure.period.year in years]
    figures.sort(key=lambda figure: -figure.period.year)
    for rank, figure in enumerate(figures):
        author = _author(figure) if rank < _MOST_NAMED else ""
        amount = f"{_QUALIFIERS[figure.qualifier]}{write.given(figure.value)}"
        text = f"{amount} {author}" if author else ""
        yield Mark(figure.period.year, figure.value, text, author=author)


def _author(figure: PublishedForecast) -> str:
    """Name the author of a published figure, if there is one whose name is short."""
    if figure.author in ("", UNNAMED) or len(figure.author) > _LONGEST_AUTHOR:
        return "published"
    return figure.author


def columns(result: Forecast) -> Picture:
    """Draw years observed and forecast as bars, the latter with an interval.

    The text below gives growth a year over both.
    """
    write = write_of(result)
    past = observed(result.history)
    future = Line("forecast", tuple(result.years), tuple(result.best.values.tolist()), MAIN)
    index = result.headline
    level = result.levels[index]
    lower = tuple(result.best.lower[index].tolist())
    upper = tuple(result.best.upper[index].tolist())
    # Observed values in a larger unit than that of the data have the decimals of the last one.
    texts = [write.given(value) for value in past.ys]
    if write.factor != 1:
        of_past = write._replace(places=max(significant(past.ys[-1] / write.factor), 0))
        texts = [of_past(value) for value in past.ys]
    marks = [
        *(
            Mark(year, value, text, "none", PLAIN)
            for (year, value), text in zip(past.points, texts, strict=True)
        ),
        *(Mark(year, value, write(value), "none", MAIN) for year, value in future.points),
        *(mark for mark in _marks(result, write) if mark.x == result.target),
    ]
    least, most = write.bounds(lower[-1], upper[-1])
    plot = Course(
        (past, future),
        (Band("", future.xs, lower, upper, level),),
        tuple(marks),
        labels=(
            Label(upper[-1], most, level=level),
            Label(lower[-1], least, level=level),
        ),
        origin=result.origin,
        bars=True,
    )
    head = heading(result, (), write)
    return _of_one(plot, result, write, head, "Columns", _definition_and_growth(result))


def _definition_and_growth(result: Forecast) -> str:
    """Write what is counted, and growth a year before and after the origin."""
    history = result.history
    texts = [clause(history.series)]
    compared = history.comparable
    past = annual(float(compared.values[0]), history.last, result.origin - compared.first)
    future = annual(history.last, result.best.last, len(result.years))
    if past and future:
        texts.append(
            f"{percent(past)} a year to {result.origin}, "
            f"{percent(future)} a year to {result.target}"
        )
    return ". ".join(filter(None, texts))


def _of_one(
    plot: Course, result: Forecast, write: Amounts, head: Headline, kind: str, about: str
) -> Picture:
    """Make the picture of one forecast, with remarks on the values that it rests on."""
    history = result.history
    return of_series(
        plot,
        write,
        head,
        history.series,
        kind=kind,
        ends=_observed(history, write),
        about=about,
        notes=tuple(_remarks(result, has_line=not plot.bars)),
        source=attribution.line(attribution.of_forecasts(result)),
        premise=" ".join(premises.of_forecast(result, write)),
    )


def _observed(history: History, write: Amounts) -> str:
    """Write the first and the last value, in the words of the alternative text."""
    last = f"{write.given(history.last)} in {history.origin}"
    if len(history.values) > 1:
        first = write.given(float(history.values[0]))
        return f"Observed: from {first} in {history.first} to {last}"
    if history.on_earlier_bases:
        earlier = history.on_earlier_bases[0]
        before = f"{write.given(earlier.value)} in {earlier.period}"
        return f"Observed: {last}; on an earlier basis {before}"
    return f"Observed: {last}"


def _remarks(result: Forecast, *, has_line: bool) -> Iterator[str]:
    """Yield remarks: a simpler method that was closer, and values that are derived or not final."""
    if simpler_was_closer(result):
        yield SIMPLER_CLOSER
    years = dict[str, list[int]]()
    for observation in result.history.observations:
        kind: str = "derived" if observation.derived else observation.status
        years.setdefault(kind, []).append(observation.period.year)
    for kind, words in _KINDS.items():
        if kind in years:
            yield f"{words}: {spans(years[kind])}."
    yield from break_sentence(result.history, has_line=has_line)


def simpler_was_closer(result: Forecast) -> bool:
    """Return True if a simpler method was closer, on enough years to say so to a client."""
    is_enough = result.past_record is not None and result.past_record.is_enough
    return is_enough and bool(of_code(result.notes, SIMPLER))


def break_sentence(history: History, *, has_line: bool = True) -> Iterator[str]:
    """Say where the latest basis begins, and what growth into it is published.

    `has_line`: true if the earlier basis is drawn, as a line of its own.
    """
    begins = [year for year in history.first_years if year <= history.origin]
    if not begins or not any(left.why == "break" for left in history.left_out):
        return
    text = f"{begins[-1]} is on a new basis"
    if has_line:
        text += "; thin grey: earlier"
    for restated in history.restated:
        if restated.year == begins[-1]:
            text += (
                f". Growth of {restated.published_pct:.3g} % is published, "
                f"levels give {restated.levels_pct:.2g} %"
            )
    yield f"{text}."


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
    subject = ", ".join(_shared_clauses(series))
    about = f"{capital(subject)}. {drawn.about}" if subject else drawn.about
    return drawn._replace(about=about)


def are_definitions(series: Sequence[Series]) -> bool:
    """Return True if all are definitions of one market, in one unit: they are not compared."""
    return all(_is_related(one, other) for one, other in pairwise(series))


def _is_related(one: Series, other: Series) -> bool:
    """Return True for two definitions of one market."""
    if (one.measure, one.unit) != (other.measure, other.unit):
        return False
    return other.id in one.related or one.id in other.related


def _definitions(results: Sequence[Forecast], names: Sequence[str]) -> Picture:
    """Draw definitions of one market side by side, each with its range, on equal axes.

    One may have grown faster because it counts more every year: none is ahead of another.
    """
    largest = max((result.history.last for result in results), key=abs)
    series = [result.history.series for result in results]
    write = digits(series[0].unit, largest)
    level = results[0].levels[results[0].headline]

    courses = [_course(result, write, PLAIN, MAIN) for result in results]
    drawn = [value for course in courses for value in course.drawn]
    panels = []
    spans_of_all = []
    for result, course, name in zip(results, courses, names, strict=True):
        shared = course._replace(axis_values=(min(drawn), max(drawn)))
        panels.append(Picture(shared, name, amounts=write))
        ends = result.best.ends(result.headline)
        span = " to ".join(write.of_range(result.best.last, *ends).bounds(*ends))
        spans_of_all.append(f"{name} {span}")
    years = {result.target for result in results}
    when = f" in {years.pop()}" if len(years) == 1 else ""
    count = capital(in_words(len(results)))
    head = Headline(
        f"{count} definitions of one market, side by side",
        f"{capital(odds(level))}{when}: {listed(spans_of_all)}{in_unit(write.unit)}",
    )
    about = f"They count different things. Shaded: {level} % ranges"
    return _of_several(Panels(tuple(panels)), write, head, results, names, about)


def _names(series: Sequence[Series]) -> list[str]:
    """Name series so that they differ: those of one file do in what their names do not share."""
    names = [name_of(one) for one in series]
    shared = _shared_clauses(series)
    if len(set(names)) == len(names) and not shared:
        return names
    own = []
    for one in series:
        parts = [part for part in _clauses(one) if part not in shared]
        own.append(capital(short(", ".join(parts))))
    return own if len(set(own)) == len(own) else [title_of(one) for one in series]


def _shared_clauses(series: Sequence[Series]) -> list[str]:
    """List the clauses that the names of all series have, such as what they count."""
    names = [*map(_clauses, series)]
    common = set.intersection(*map(set, names))
    shared = [part for part in names[0] if part in common]
    has_rest = all(len(name) > len(shared) for name in names)
    return shared if has_rest else []


def _clauses(series: Series) -> list[str]:
    return title_of(series).split(", ")


def _in_one_drawing(results: Sequence[Forecast], names: Sequence[str]) -> Picture:
    """Draw all series on one axis; the one that the headline names has the accent and its range."""
    head, first = _claim(results, names)
    series = [result.history.series for result in results]
    largest = max((result.history.last for result in results), key=abs)
    write = digits(series[0].unit, largest)._replace(places=None)

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
    years = {result.target for result in results}
    if len(units) == 1 and len(years) == 1:
        return _in_panels_of_one_unit(results, names)
    head, first = _claim(results, names)
    panels = []
    writes = [write_of(result) for result in results]
    for index, (result, name, write) in enumerate(zip(results, names, writes, strict=True)):
        unit = f", {write.unit}" if write.unit else ""
        course = _course(result, write, PLAIN, MAIN if index == first else _CONTEXT)
        pace = _pace_text(results, result)
        panels.append(Picture(course, f"{name}{unit}", about=pace, amounts=write))
    level = results[0].levels[results[0].headline]
    about = f"Each on an axis of its own. Shaded: {level} % ranges"
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

    drawn = [value for course in courses for value in course.drawn]
    least = min(result.best.last for result in results)
    is_common = min(drawn) >= 0 and leading.best.last <= _MOST_ON_ONE_AXIS * least
    panels = []
    for course, index in zip(courses, order, strict=True):
        result = results[index]
        if is_common:
            course = course._replace(axis_values=(0.0, max(drawn)))
        own = write.of_range(result.best.last, *result.best.ends(result.headline))
        span = " to ".join(own.bounds(*result.best.ends(result.headline)))
        answer = f"{result.target}: {own(result.best.last)} ({span})"
        panels.append(Picture(course, names[index], about=answer, amounts=write))

    level = leading.levels[leading.headline]
    axes = "on one scale" if is_common else "each on an axis of its own"
    about = ", ".join(filter(None, ("Largest first", in_unit(write.unit).strip(), axes)))
    ends = leading.best.ends(leading.headline)
    name = names[order[0]]
    range_ = about_(name, leading.target, leading.best.last, level, ends, write).range
    claim = f"the largest, about {write.full(leading.best.last)} in {leading.target}"
    head = headline(name, claim, range_)
    note = f"{about}. Shaded: {level} % ranges"
    return _of_several(Panels(tuple(panels)), write, head, results, names, note)


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


def name_of(series: Series) -> str:
    """Name a series in a headline."""
    return capital(short(title_of(series)))


def write_of(result: Forecast) -> Amounts:
    """Choose how the amounts of a picture of a forecast are written."""
    best = result.best
    return digits(
        result.history.series.unit, result.history.last, best.last, best.ends(result.headline)
    )


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


def range_row(
    name: str,
    value: float,
    bounds: Iterable[Bound],
    write: Amounts,
    *texts: str,
    answer: bool = False,
    given: bool = False,
    about: str = "",
) -> Row:
    """Draw a value with its ranges; the value, one range and further texts end its row.

    A value that was `given` by somebody else is a diamond, and is not rounded.
    """
    bounds = tuple(bounds)
    span = ""
    if bounds:
        _, low, high = bounds[headline_index([level for level, *_ in bounds])]
        span = " to ".join(write.of_range(value, low, high).bounds(low, high))
    tone = MAIN if answer else PLAIN
    amount = write.given(value) if given else write(value)
    return Row(
        name,
        value,
        bounds,
        (amount, span, *texts),
        tone,
        strong=answer,
        about=about,
        diamond=given,
    )


def past_row(
    year: int,
    forecast: float,
    bounds: Sequence[Bound],
    actual: float,
    write: Amounts,
    group: str,
    ours: bool = True,
) -> Row:
    """Draw a past forecast with its range, and what came."""
    texts = (write(forecast), write.given(actual))
    tone = MAIN if ours else PLAIN
    return Row(str(year), forecast, tuple(bounds), texts, tone, other=actual, group=group)


class WaterfallStep(NamedTuple):
    """A step of a waterfall: its name, a second line below it, and the value that it leads to."""

    name: str
    about: str
    end: float


def waterfall(
    ends: tuple[str, str],
    start: float,
    steps: Iterable[WaterfallStep],
    write: Amounts,
    *,
    abouts: tuple[str, str] = ("", ""),
    group: str = "",
) -> Iterator[Row]:
    """Draw bars from one value to another by steps.

    A change is the difference of two printed values, so that the texts add up.
    """
    yield Row(
        ends[0],
        bar=(0.0, start),
        ends=("", write(start)),
        joins=start,
        strong=True,
        about=abouts[0],
        group=group,
    )
    reached = start
    for step in steps:
        change = write.printed(step.end) - write.printed(reached)
        # What is printed is in the unit of the picture already.
        amount = write._replace(factor=1.0)(abs(change))
        yield Row(
            step.name,
            bar=(reached, step.end),
            ends=(f"−{amount}", "") if change < 0 else ("", f"+{amount}"),
            joins=step.end,
            about=step.about,
        )
        reached = step.end
    yield Row(
        ends[1],
        bar=(0.0, reached),
        ends=("", write(reached)),
        tone=MAIN,
        strong=True,
        about=abouts[1],
    )
