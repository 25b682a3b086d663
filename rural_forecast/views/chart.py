"""`chart`: the forecast of one series as a fan or as columns, or several series side by side, never joined."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rural_forecast.document.picture import MAIN, PLAIN, Band, Course, Label, Line, Mark, Panels, Picture
from rural_forecast.forecasting.backtest import SIMPLER
from rural_forecast.forecasting.distribution import SPREAD_LEVELS
from rural_forecast.forecasting.result import Forecast
from rural_forecast.notes import of_code
from rural_forecast.series.observation import Qualifier
from rural_forecast.series.preference import UNNAMED
from rural_forecast.text.headline import Headline
from rural_forecast.text.numbers import Amounts, percent
from rural_forecast.text.style import BANDS, digits
from rural_forecast.text.wording import capital, counted, spans
from rural_forecast.views import drawing
from rural_forecast.views.about import clause, title_of
from rural_forecast.views.answer import annual, heading, short_name

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
MOST = 6  # series in one drawing; more cannot be distinguished, so each has a panel of its own


def picture(result: Forecast, *, targets: Sequence[float] = ()) -> Picture:
    """The fan chart of a forecast, with a line for each target."""
    write, history = drawing.write_of(result), result.history
    span, typed = (history.first, result.target), write._replace(places=None)
    lines = list[Line]()
    for why, words in _NOT_USED.items():  # shown, not used
        unused = (left.observation for left in history.left_out if left.why == why)
        known = {seen.period.year: seen.value for seen in unused if seen.period.is_year}
        lines += drawing.pieces(words, known, faint=True)
    lines.append(drawing.observed(history))
    if result.later:
        years = (result.origin, *(seen.period.year for seen in result.later))
        values = (history.last, *(seen.value for seen in result.later))
        lines.append(Line("what happened", years, values, dash="dotted"))
    answering = [model for model in result.main if model.answers]
    lines += [drawing.ahead(result, model.values, tone=MAIN + at) for at, model in enumerate(answering)]
    lines += [drawing.ahead(result, result.pool.ours.values, "ours alone", MAIN + 1)] if result.pool else []
    lines += [Line("target", span, (value, value), TARGET, "dotted", dots=False) for value in targets]
    bands = [drawing.band(result, place, f"{level} %") for place, level in enumerate(result.levels)]
    if set(result.levels) <= {80, 95}:  # of 50 % inside the usual ones
        middle = BANDS[0]
        bands.insert(0, drawing.band(result, SPREAD_LEVELS.index(middle), f"{middle} %", middle, result.wide))
    plot = Course(
        lines=tuple(lines),
        bands=tuple(bands),
        marks=(*drawing.last_value(history, write), *_marks(result, write)),
        labels=(*_labels(result, write), *(Label(value, typed.seen(value), "target", TARGET) for value in targets)),
        origin=result.origin,
    )
    head = heading(result, [result.chance(target) for target in targets[:1]], write)
    return _dressed(plot, result, write, head, "Fan chart", clause(history.series))


def columns(result: Forecast) -> Picture:
    """The years observed and forecast, the latter with an interval, and growth a year over both."""
    history, best, write, place = result.history, result.best, drawing.write_of(result), result.headline
    lines = drawing.observed(history), Line("forecast", tuple(result.years), tuple(best.values.tolist()), MAIN)
    marks = [Mark(year, value, write.seen(value), "none", PLAIN) for year, value in lines[0].points]
    marks += [Mark(year, value, write(value), "none", MAIN) for year, value in lines[1].points]
    lower, upper = (tuple(side[place].tolist()) for side in (best.lower, best.upper))
    ranges = Band("", lines[1].xs, lower, upper, result.levels[place])
    plot = Course(lines, (ranges,), tuple(marks), origin=result.origin, bars=True)
    before = annual(float(history.values[0]), history.last, result.origin - history.first)
    after = annual(history.last, best.last, len(result.years))
    said = [clause(history.series)]
    if before and after:
        said.append(f"{percent(before)} a year to {result.origin}, {percent(after)} a year to {result.target}")
    return _dressed(plot, result, write, heading(result, (), write), "Columns", ". ".join(filter(None, said)))


def _dressed(plot: Course, result: Forecast, write: Amounts, head: Headline, kind: str, said: str) -> Picture:
    """A picture with its notes and, in words, what, trend, number, range and year."""
    history = result.history
    ends = f"from {write.seen(float(history.values[0]))} in {history.first} to {write.seen(history.last)}"
    words = ". ".join(filter(None, (f"{kind}. {head.text}", head.subtitle)))
    alternative = f"{words}. Observed: {ends} in {history.origin}."
    notes = [SIMPLER_CLOSER] if of_code(result.notes, SIMPLER) else []
    kinds: dict[str, list[int]] = {}
    for seen in history.observations:
        kinds.setdefault("derived" if seen.derived else seen.status, []).append(seen.period.year)
    notes += [f"{words}: {spans(kinds[kind])}." for kind, words in _KINDS.items() if kind in kinds]
    return drawing.of_series(plot, write, head, history.series, about=said, notes=tuple(notes), alternative=alternative)


def _labels(result: Forecast, write: Amounts) -> Iterator[Label]:
    answering, whole = [model for model in result.main if model.answers], len(result.years)
    if len(answering) == 1 and len(answering[0].values) == whole:
        best = result.best
        yield Label(best.last, write(best.last), "forecast", MAIN, strong=True)
        for place, level in enumerate(result.levels):
            for edge in reversed(best.ends(place)):
                if write(edge) != write(best.last):  # as at a limit of 100 %
                    yield Label(edge, write(edge), level=level)
    for place, model in enumerate(answering) if len(answering) > 1 else ():
        if len(model.values) == whole:
            name = "forecast" if model.model == "consensus" else short_name(model.model)
            yield Label(model.last, write(model.last), name, MAIN + place, strong=place == 0)
    if result.pool:
        yield Label(result.pool.ours.last, write(result.pool.ours.last), "ours alone", MAIN + 1)
    if result.later:
        last = result.later[-1].value
        yield Label(last, write.seen(last), "observed", PLAIN)


def _marks(result: Forecast, write: Amounts) -> Iterator[Mark]:
    """The published figures of the years of the forecast, the latest first and named."""
    years = range(result.origin + 1, result.target + 1)
    figures = [figure for figure in result.published if figure.period.is_year and figure.period.year in years]
    for place, figure in enumerate(sorted(figures, key=lambda figure: -figure.period.year)):
        who = "published" if figure.author in ("", UNNAMED) or len(figure.author) > _LONGEST else figure.author
        text = f"{_WORDS[figure.qualifier]}{write.seen(figure.value)} {who}" if place < _MOST_NAMED else ""
        yield Mark(figure.period.year, figure.value, text)


def several(results: Sequence[Forecast], **options: Any) -> Picture:
    """The fan chart of one series, with its options, or all series side by side with one interval."""
    if len(results) == 1:
        return picture(results[0], **options)
    known = [result.history.series for result in results]
    names, titles = [drawing.name_of(series) for series in known], [title_of(series) for series in known]
    if len(set(names)) < len(names):  # series of one sheet differ in what follows its title
        sheet = len({title.partition(": ")[0] for title in titles}) == 1
        names = [capital(title.partition(": ")[2] or title) for title in titles] if sheet else titles
    head, first = _claim(results, names)
    level = results[0].levels[results[0].headline]
    if len(results) <= MOST and len({series.unit for series in known}) == 1:
        largest = max(results, key=lambda result: abs(result.history.last))
        write = digits(largest.history.series.unit, largest.history.last)._replace(places=None)
        said = f"Dots: observed. Shaded: the {level} % range of {names[first]}"
        return drawing.of_series(_together(results, names, write, first), write, head, *known, about=said)
    writes = [drawing.write_of(result) for result in results]
    units, write = {each.unit for each in writes}, writes[0]
    panels = []
    for result, name, own in zip(results, names, writes, strict=True):
        last, end = result.history.last, result.best.last
        mark, label = Mark(result.origin, last, own.seen(last), "none", PLAIN), Label(end, own(end), strong=True)
        lines = (drawing.observed(result.history), drawing.ahead(result, result.best.values))
        plot = Course(lines, (drawing.band(result, result.headline),), (mark,), (label,), result.origin)
        panels.append(Picture(plot, f"{name}, {own.unit}" if len(units) > 1 and own.unit else name, amounts=own))
    common = f"In {write.unit}, each" if len(units) == 1 and write.unit else "Each"
    said = f"{common} on an axis of its own. Shaded: {level} % ranges"
    more = {"unit": ""} if len(units) > 1 else {}
    return drawing.of_series(Panels(tuple(panels)), write, head, *known, about=said, **more)


def _together(results: Sequence[Forecast], names: Sequence[str], write: Amounts, first: int) -> Course:
    order = [first, *(place for place in range(len(results)) if place != first)]
    lines, labels = [], []
    for ink, result, name in ((MAIN + rank, results[place], names[place]) for rank, place in enumerate(order)):
        lines += [drawing.observed(result.history, name, ink), drawing.ahead(result, result.best.values, "", ink)]
        labels.append(Label(result.best.last, write.seen(result.best.last), name, ink, strong=ink == MAIN))
    band = drawing.band(results[first], results[first].headline)
    return Course(tuple(lines), (band,), (), tuple(labels), results[first].origin)


def _claim(results: Sequence[Forecast], names: Sequence[str]) -> tuple[Headline, int]:
    """Name the forecast that grows fastest, and the slowest, over years that all have; gives its place."""
    first, last = max(result.origin for result in results), min(result.target for result in results)
    rates = []
    for result, name in zip(results, names, strict=True):
        known = dict(zip(result.history.years, result.history.values.tolist(), strict=True))
        known |= dict(zip(result.years, result.best.values.tolist(), strict=False))
        rate = annual(known[first], known[last], last - first) if first in known and last in known else None
        if rate is not None:
            rates.append((rate, name))
    if len(rates) < len(results) or len(rates) < 2:
        return Headline(f"{counted(len(results), 'forecast')} to {results[0].target}"), 0
    (slow, slowest), (fast, fastest) = min(rates), max(rates)
    if percent(slow) == percent(fast):
        return Headline(f"All {len(rates)} grow {percent(fast, ',.1f')} a year to {last}", f"From {first}"), 0
    text = f"{fastest} grows fastest to {last}, {percent(fast)} a year"
    return Headline(text, f"Slowest: {slowest}, {percent(slow)} a year, both from {first}"), names.index(fastest)
