"""`chart`: one series as a fan or as columns, or several side by side, never joined; and parts of
other pictures.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

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
from rural_forecast.forecasting.question import headline
from rural_forecast.forecasting.result import Forecast
from rural_forecast.models.base import Array
from rural_forecast.notes import of_code
from rural_forecast.series.history import History
from rural_forecast.series.observation import Qualifier, Series
from rural_forecast.series.preference import UNNAMED
from rural_forecast.text.numbers import Amounts, digits, percent
from rural_forecast.text.style import BANDS
from rural_forecast.text.wording import Headline, capital, counted, runs, short, spans
from rural_forecast.views.about import clause, short_name, title_of
from rural_forecast.views.project import heading
from rural_forecast.views.table import annual

# The source of a file that names none: the name of the file is not for readers.
SUPPLIED = "data as supplied"
CREDIT = "Forecast: rural-forecast"
MOST_TOGETHER = 6  # series in one drawing; of more, each has a panel of its own
PAST_HEADS = ("forecast", "came")
Bound = tuple[int, float, float]  # level, lower and upper
TARGET = 3
_KINDS = {
    "derived": "Derived from published growth",
    "preliminary": "Observed values that are preliminary",
    "estimate": "Observed values that are estimates",
}
_WORDS: dict[Qualifier, str] = {"=": "", "~": "about ", ">": "over ", "<": "under "}
_NOT_USED = {"break": "on an earlier basis, not used", "gap": "before a gap, not used"}
_MOST_NAMED = 5  # figures that are named in the picture, as more would cover each other
_LONGEST = 22
SIMPLER_CLOSER = "A simpler method has been closer so far."


def picture(result: Forecast, *, targets: Sequence[float] = ()) -> Picture:
    """The fan chart of a forecast, with a line for each target."""
    write = write_of(result)
    history = result.history
    span = (history.first, result.target)
    typed = write._replace(places=None)
    lines = list[Line]()
    for why, words in _NOT_USED.items():
        unused = (left.observation for left in history.left_out if left.why == why)
        known = {seen.period.year: seen.value for seen in unused if seen.period.is_year}
        lines += pieces(words, known, faint=True)
    lines.append(observed(history))
    if result.later:
        years = (result.origin, *(seen.period.year for seen in result.later))
        values = (history.last, *(seen.value for seen in result.later))
        lines.append(Line("what happened", years, values, dash="dotted"))
    answering = [model for model in result.main if model.answers]
    lines += [ahead(result, model.values, tone=MAIN + at) for at, model in enumerate(answering)]
    lines += [ahead(result, result.pool.ours.values, "ours alone", MAIN + 1)] if result.pool else []
    lines += [
        Line("target", span, (value, value), TARGET, "dotted", dots=False) for value in targets
    ]
    levels = [(level, result.best, place) for place, level in enumerate(result.levels)]
    if set(result.levels) <= {80, 95}:  # of 50 % inside the usual ones
        levels.insert(0, (BANDS[0], result.wide, SPREAD_LEVELS.index(BANDS[0])))
    bands = (
        band(result, level, path.lower[at], path.upper[at], f"{level} %")
        for level, path, at in levels
    )
    plot = Course(
        lines=tuple(lines),
        bands=tuple(bands),
        marks=(*last_value(history, write), *_marks(result, write)),
        labels=(
            *_labels(result, write),
            *(Label(value, typed.observed(value), "target", TARGET) for value in targets),
        ),
        origin=result.origin,
    )
    head = heading(result, [result.chance(target) for target in targets[:1]], write)
    return _of_one(plot, result, write, head, "Fan chart", clause(history.series))


def columns(result: Forecast) -> Picture:
    """The years observed and forecast, the latter with an interval, and growth a year over both."""
    history = result.history
    best = result.best
    write = write_of(result)
    place = result.headline
    seen = observed(history)
    after = Line("forecast", tuple(result.years), tuple(best.values.tolist()), MAIN)
    marks = [Mark(year, value, write.observed(value), "none", PLAIN) for year, value in seen.points]
    marks += [Mark(year, value, write(value), "none", MAIN) for year, value in after.points]
    lower, upper = (tuple(side[place].tolist()) for side in (best.lower, best.upper))
    ranges = Band("", after.xs, lower, upper, result.levels[place])
    grew = annual(float(history.values[0]), history.last, result.origin - history.first)
    grows = annual(history.last, best.last, len(result.years))
    said = [clause(history.series)]
    if grew and grows:
        said.append(
            f"{percent(grew)} a year to {result.origin}, {percent(grows)} a year to {result.target}"
        )
    plot = Course((seen, after), (ranges,), tuple(marks), origin=result.origin, bars=True)
    return _of_one(
        plot, result, write, heading(result, (), write), "Columns", ". ".join(filter(None, said))
    )


def _of_one(
    plot: Course, result: Forecast, write: Amounts, head: Headline, kind: str, about: str
) -> Picture:
    history = result.history
    kinds = dict[str, list[int]]()
    for seen in history.observations:
        kinds.setdefault("derived" if seen.derived else seen.status, []).append(seen.period.year)
    notes = [SIMPLER_CLOSER] if of_code(result.notes, SIMPLER) else []
    notes += [f"{words}: {spans(kinds[kind])}." for kind, words in _KINDS.items() if kind in kinds]
    first, last = (write.observed(float(history.values[place])) for place in (0, -1))
    ends = f"Observed: from {first} in {history.first} to {last} in {history.origin}"
    return of_series(
        plot, write, head, history.series, kind=kind, seen=ends, about=about, notes=tuple(notes)
    )


def _labels(result: Forecast, write: Amounts) -> Iterator[Label]:
    answering = [model for model in result.main if model.answers]
    several = len(answering) > 1
    for at, model in enumerate(answering):
        if len(model.values) < len(result.years):
            continue
        name = short_name(model.model) if several and model.model != "consensus" else "forecast"
        yield Label(model.last, write(model.last), name, MAIN + at, strong=at == 0)
        for place, level in enumerate(() if several else result.levels):
            for edge in reversed(model.ends(place)):
                if write(edge) != write(model.last):  # as at a limit of 100 %
                    yield Label(edge, write(edge), level=level)
    if result.pool:
        yield Label(result.pool.ours.last, write(result.pool.ours.last), "ours alone", MAIN + 1)
    if result.later:
        last = result.later[-1].value
        yield Label(last, write.observed(last), "observed", PLAIN)


def _marks(result: Forecast, write: Amounts) -> Iterator[Mark]:
    """The published figures of the years of the forecast, the latest first and named."""
    years = range(result.origin + 1, result.target + 1)
    figures = [
        figure
        for figure in result.published
        if figure.period.is_year and figure.period.year in years
    ]
    for place, figure in enumerate(sorted(figures, key=lambda figure: -figure.period.year)):
        who = (
            "published"
            if figure.author in ("", UNNAMED) or len(figure.author) > _LONGEST
            else figure.author
        )
        text = (
            f"{_WORDS[figure.qualifier]}{write.observed(figure.value)} {who}"
            if place < _MOST_NAMED
            else ""
        )
        yield Mark(figure.period.year, figure.value, text)


def several(results: Sequence[Forecast], **options: Any) -> Picture:
    """The fan chart of one series, with its options, or all series side by side with one interval."""
    if len(results) == 1:
        return picture(results[0], **options)
    known = [result.history.series for result in results]
    names = [name_of(series) for series in known]
    titles = [title_of(series) for series in known]
    if len(set(names)) < len(names):  # series of one sheet differ in what follows its title
        sheet = len({title.partition(": ")[0] for title in titles}) == 1
        names = (
            [capital(title.partition(": ")[2] or title) for title in titles] if sheet else titles
        )
    head, first = _claim(results, names)
    level = results[0].levels[results[0].headline]
    if len(results) <= MOST_TOGETHER and len({series.unit for series in known}) == 1:
        largest = max((result.history.last for result in results), key=abs)
        write = digits(known[0].unit, largest)._replace(places=None)
        courses = []
        for rank, place in enumerate(
            [first, *(place for place in range(len(results)) if place != first)]
        ):
            courses.append(_course(results[place], write, MAIN + rank, MAIN + rank, names[place]))
        said = f"Dots: observed. Shaded: the {level} % range of {names[first]}"
        return of_series(together(courses), write, head, *known, about=said)
    writes = [write_of(result) for result in results]
    units = {each.unit for each in writes}
    write = writes[0]
    panels = []
    for result, name, own in zip(results, names, writes, strict=True):
        title = f"{name}, {own.unit}" if len(units) > 1 and own.unit else name
        panels.append(Picture(_course(result, own, PLAIN, MAIN), title, amounts=own))
    common = f"In {write.unit}, each" if len(units) == 1 and write.unit else "Each"
    said = f"{common} on an axis of its own. Shaded: {level} % ranges"
    more = {"unit": ""} if len(units) > 1 else {}
    return of_series(Panels(tuple(panels)), write, head, *known, about=said, **more)


def _course(result: Forecast, write: Amounts, before: int, after: int, name: str = "") -> Course:
    """Return the observed values and the forecast, in the tones of both."""
    last, end = result.history.last, result.best.last
    lines = observed(result.history, name, before), ahead(result, result.best.values, "", after)
    amount = write(end) if write.places is not None else write.observed(end)
    label = Label(end, amount, name, after, strong=after == MAIN)
    mark = Mark(result.origin, last, write.observed(last), "none", PLAIN)
    place = result.headline
    range_ = band(result, result.levels[place], result.best.lower[place], result.best.upper[place])
    return Course(lines, (range_,), (mark,), (label,), result.origin)


def _claim(results: Sequence[Forecast], names: Sequence[str]) -> tuple[Headline, int]:
    """Name the forecast that grows fastest, and the slowest, over years that all have; gives its
    place.
    """
    first = max(result.origin for result in results)
    last = min(result.target for result in results)
    rates = []
    for result, name in zip(results, names, strict=True):
        known = dict(zip(result.history.years, result.history.values.tolist(), strict=True))
        known |= dict(zip(result.years, result.best.values.tolist(), strict=False))
        rate = (
            annual(known[first], known[last], last - first)
            if first in known and last in known
            else None
        )
        if rate is not None:
            rates.append((rate, name))
    if len(rates) < len(results):
        return Headline(f"{counted(len(results), 'forecast')} to {results[0].target}"), 0
    (slow, slowest), (fast, fastest) = min(rates), max(rates)
    if percent(slow) == percent(fast):
        return Headline(
            f"All {len(rates)} grow {percent(fast, ',.1f')} a year to {last}", f"From {first}"
        ), 0
    text = f"{fastest} grows fastest to {last}, {percent(fast)} a year"
    return Headline(
        text, f"Slowest: {slowest}, {percent(slow)} a year, both from {first}"
    ), names.index(fastest)


def name_of(series: Series) -> str:
    """The name of a series in a headline."""
    return capital(short(title_of(series)))


def write_of(result: Forecast) -> Amounts:
    """How the amounts of a picture of a forecast are written."""
    best = result.best
    return digits(
        result.history.series.unit, result.history.last, best.last, best.ends(result.headline)
    )


def of_series(
    plot: Plot,
    write: Amounts,
    head: Headline,
    *several: Series,
    kind: str = "",
    seen: str = "",
    **more: Any,
) -> Picture:
    """A picture with its headline, range, unit and source; the text in its place says its `kind`
    and what is `seen`.
    """
    range_ = head.range.removesuffix(".")
    said = ". ".join(filter(None, (kind, head.text, range_, seen)))
    fields: dict[str, Any] = {
        "unit": write.unit,
        "source": source(*several),
        "alternative": f"{said}.",
    }
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
    lines, labels = (
        tuple(one for course in courses for one in getattr(course, name))
        for name in ("lines", "labels")
    )
    return courses[0]._replace(lines=lines, labels=labels, marks=())


def pieces(
    name: str, values: Mapping[int, float], tone: int = PLAIN, *, faint: bool = False
) -> Iterator[Line]:
    """A line for each run of years without a gap."""
    for run in runs(values):
        yield Line(name, tuple(run), tuple(values[year] for year in run), tone, faint=faint)


def ahead(
    result: Forecast, values: Sequence[float] | Array, name: str = "forecast", tone: int = MAIN
) -> Line:
    """The line of a forecast, drawn from the last observed value on."""
    years = (result.origin, *result.years[: len(values)])
    return Line(name, years, (result.history.last, *map(float, values)), tone=tone, dash="dashed")


def band(result: Forecast, level: int, lower: Array, upper: Array, name: str = "") -> Band:
    """An interval, drawn from the last observed value on."""
    low, high = (ahead(result, side) for side in (lower, upper))
    return Band(name, low.xs, low.ys, high.ys, level)


def last_value(history: History, write: Amounts) -> Iterator[Mark]:
    """The texts of the last value observed and of the first one."""
    first = float(history.values[0])
    last = history.last
    yield Mark(history.origin, last, f"{write.observed(last)} observed", "none", PLAIN)
    if len(history.years) > 1:
        yield Mark(history.first, first, write.observed(first), "none", PLAIN)


def range_row(
    name: str,
    value: float,
    bounds: Iterable[Bound],
    write: Amounts,
    *texts: str,
    answer: bool = False,
    about: str = "",
) -> Row:
    """A value with its ranges; at the end of the row both are written, and further texts."""
    bounds = tuple(bounds)
    span = ""
    if bounds:
        _, low, high = bounds[headline([level for level, *_ in bounds])]
        span = f"{write(low)} to {write(high)}"
    tone = MAIN if answer else PLAIN
    return Row(name, value, bounds, (write(value), span, *texts), tone, strong=answer, about=about)


def past_row(
    year: int,
    forecast: float,
    bounds: Sequence[Bound],
    came: float,
    write: Amounts,
    group: str,
    ours: bool = True,
) -> Row:
    """A past forecast with its range, and what came."""
    texts = (write(forecast), write.observed(came))
    tone = MAIN if ours else PLAIN
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
    """Bars from one value to another by steps: name, second line, end; what is printed of them adds
    up.
    """
    text = ("", write(start))
    yield Row(
        ends[0], bar=(0.0, start), ends=text, joins=start, strong=True, about=abouts[0], group=group
    )
    at = start
    for name, about, end in steps:
        change = write.printed(end) - write.printed(at)
        said = f"{'−' if change < 0 else '+'}{write._replace(factor=1.0)(abs(change))}"
        yield Row(
            name,
            bar=(at, end),
            ends=(said, "") if change < 0 else ("", said),
            joins=end,
            about=about,
        )
        at = end
    yield Row(ends[1], bar=(0.0, at), ends=("", write(at)), tone=MAIN, strong=True, about=abouts[1])
