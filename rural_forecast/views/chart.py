"""`chart`: one series as a fan or as columns.

`picture` draws the fan chart of one forecast, `columns` its bars.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from rural_forecast.document.picture import (
    MAIN,
    PLAIN,
    Band,
    Course,
    Label,
    Line,
    Mark,
    Picture,
)
from rural_forecast.forecasting.backtest import SIMPLER
from rural_forecast.forecasting.distribution import SPREAD_LEVELS
from rural_forecast.forecasting.result import Forecast, ModelForecast
from rural_forecast.notes import of_code
from rural_forecast.observed.history import History
from rural_forecast.observed.observation import Qualifier
from rural_forecast.observed.preference import UNNAMED, PublishedForecast
from rural_forecast.text.numbers import Amounts, percent, significant
from rural_forecast.text.style import BANDS
from rural_forecast.text.wording import (
    Headline,
    spans,
)
from rural_forecast.views import attribution, premises
from rural_forecast.views.about import clause, short_name
from rural_forecast.views.answer import heading
from rural_forecast.views.lines import (
    ahead,
    band,
    last_value,
    observed,
    of_series,
    pieces,
    write_of,
)
from rural_forecast.views.table import annual

TARGET = 3  # tone of the lines of targets
_KINDS = {
    "derived": "Derived from published growth",
    "preliminary": "Observed values that are preliminary",
    "estimate": "Observed values that are estimates",
}
_QUALIFIERS: dict[Qualifier, str] = {"=": "", "~": "about ", ">": "over ", "<": "under "}
PAST_GROWTH = "past growth"  # name of the line that carries it back across bases
_NOT_USED = {"break": "earlier basis", "gap": "before a gap, not used"}
_MOST_NAMED = 12  # figures that are named in the picture, as more would cover each other
_UNNAMED = "published"  # the text of a figure without an author that is short enough
_LONGEST_AUTHOR = 22  # characters of an author that is named beside a figure
SIMPLER_CLOSER = "A simpler method has been closer so far."


def picture(
    result: Forecast, *, targets: Sequence[float] = (), size: float | None = None
) -> Picture:
    """Draw the fan chart of a forecast, with a line for each target.

    `size`: the value whose unit all amounts have, if not that of the last value observed.
    """
    write = write_of(result, size)
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
    about = [clause(history.series), key_of_bases(history)]
    if any(mark.author and mark.author != _UNNAMED for mark in plot.signs):
        about.append("Diamonds: figures others published")
    return _of_one(plot, result, write, head, "Fan chart", ". ".join(filter(None, about)))


def _past_lines(result: Forecast) -> Iterator[Line]:
    """Yield lines of values that are not used, of those that are, and of what happened later."""
    history = result.history
    yield from earlier_lines(result)
    yield observed(history)
    if result.later:
        years = (result.origin, *(later.period.year for later in result.later))
        values_since = (history.last, *(later.value for later in result.later))
        yield Line("what happened", years, values_since, dash="dotted")


def earlier_lines(result: Forecast) -> Iterator[Line]:
    """Yield faint lines of values that are not used, and the mark of a new basis.

    Levels of two bases are never joined. Where growth into the latest one is published, a line
    carries it back from the last level, and the levels on earlier bases are dots.
    """
    history = result.history
    back = _growth_back(history)
    if back:
        yield back
    for why, words in _NOT_USED.items():
        if why == "break" and len(history.breaks_used) > 1:
            words = "earlier bases"
        values = {}
        for left in history.left_out:
            if left.why == why and left.observation.period.is_year:
                values[left.observation.period.year] = left.observation.value
        if why == "break" and back:
            if values:
                yield Line(words, tuple(values), tuple(values.values()), dash="none", faint=True)
            continue
        # A line for each basis, at its own level.
        for begin, end in pairwise((0, *history.first_years, result.target)):
            on_basis = {year: values[year] for year in values if begin <= year < end}
            yield from pieces(words, on_basis, faint=True)
    yield from _break_line(history)


def _growth_back(history: History) -> Line | None:
    """Draw growth that crosses bases, back from the first level used; None where none is known."""
    compared = history.comparable
    if compared.first >= history.first:
        return None
    count = history.first - compared.first + 1
    values = compared.values[:count].tolist()
    return Line(PAST_GROWTH, compared.years[:count], tuple(values), dots=False, faint=True)


def _break_line(history: History) -> Iterator[Line]:
    """Mark the first year of the latest basis by a line up to the values around it."""
    begins = _begins_of_bases(history)
    if not begins:
        return
    earlier = [left for left in history.left_out if left.why == "break"]
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
    """Yield the texts of the bounds of the last year, the upper one first.

    At a limit, such as 100 %, the bounds of several levels are one: it is written once.
    """
    written = {write(model.last)}
    for index, level in enumerate(result.levels):
        low, high = model.ends(index)
        texts = write.bounds(low, high)
        for edge, text in ((high, texts[1]), (low, texts[0])):
            if text not in written:
                yield Label(edge, text, level=level)
            written.add(text)


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
        return _UNNAMED
    return figure.author


def columns(result: Forecast) -> Picture:
    """Draw years observed and forecast as bars, the latter with an interval.

    The text below gives growth a year over both.
    """
    write = write_of(result)
    earlier = [line for line in earlier_lines(result) if line.name != PAST_GROWTH]
    past = observed(result.history)
    future = Line("forecast", tuple(result.years), tuple(result.best.values.tolist()), MAIN)
    index = result.headline
    level = result.levels[index]
    lower = tuple(result.best.lower[index].tolist())
    upper = tuple(result.best.upper[index].tolist())
    write_past = _writer_of_past(write, past.ys[-1])
    values = list(past.points)
    for line in earlier:
        if not line.is_break:
            values += line.points
    marks = [
        *(Mark(year, value, write_past(value), "none", PLAIN) for year, value in sorted(values)),
        *(Mark(year, value, write(value), "none", MAIN) for year, value in future.points),
        *(mark for mark in _marks(result, write) if mark.x == result.target),
    ]
    least, most = write.bounds(lower[-1], upper[-1])
    plot = Course(
        (*earlier, past, future),
        (Band("", future.xs, lower, upper, level),),
        tuple(marks),
        labels=(
            Label(upper[-1], most, f"{level} % range", level=level),
            Label(lower[-1], least, level=level),
        ),
        origin=result.origin,
        bars=True,
    )
    head = heading(result, (), write)
    return _of_one(plot, result, write, head, "Columns", _definition_and_growth(result))


def _writer_of_past(write: Amounts, last: float) -> Callable[..., str]:
    """Write observed values as given; in a larger unit, with the decimals of the last one."""
    if write.factor == 1:
        return write.given
    return write._replace(places=max(significant(last / write.factor), 0)).__call__


def _definition_and_growth(result: Forecast) -> str:
    """Write what is counted, and growth a year before and after the origin."""
    history = result.history
    texts = [clause(history.series)]
    compared = history.comparable
    past = annual(float(compared.values[0]), history.last, result.origin - compared.first)
    future = annual(history.last, result.best.last, len(result.years))
    if past and future:
        how = " as published" if compared.first < history.first else ""
        texts.append(
            f"{percent(past)} a year to {result.origin}{how}, "
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
        notes=tuple(filter(None, _remarks(result))),
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


def _remarks(result: Forecast) -> Iterator[str]:
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
    yield break_sentence(result.history)


def simpler_was_closer(result: Forecast) -> bool:
    """Return True if a simpler method was closer, on enough years to say so to a client."""
    is_enough = result.past_record is not None and result.past_record.is_enough
    return is_enough and bool(of_code(result.notes, SIMPLER))


def break_sentence(history: History) -> str:
    """Say where new bases begin, where values of an earlier one are drawn."""
    begins = _begins_of_bases(history)
    if not begins:
        return ""
    if len(begins) == 1:
        return f"{begins[0]} is on a new basis."
    return f"{spans(begins)} are each on a new basis."


def key_of_bases(history: History) -> str:
    """Name the faint lines and dots of earlier bases."""
    if not _begins_of_bases(history):
        return ""
    if _growth_back(history):
        return "Grey line: past growth as published; dots: levels"
    return f"Thin grey: {_NOT_USED['break']}"


def _begins_of_bases(history: History) -> list[int]:
    """List the first years on a new basis up to the last value used; none if none is drawn."""
    if not any(left.why == "break" for left in history.left_out):
        return []
    return [year for year in history.first_years if year <= history.origin]
