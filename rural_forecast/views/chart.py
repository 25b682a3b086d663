"""The forecast of one series: a fan with what others published, or columns with growth, as consultants draw it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rural_forecast.document.picture import MAIN, PLAIN, Band, Course, Label, Line, Mark, Panels, Picture, Shape
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.precedents import of_forecast
from rural_forecast.forecasting.result import Forecast
from rural_forecast.series.observation import Qualifier
from rural_forecast.series.published import UNNAMED, PublishedForecast
from rural_forecast.text.numbers import percent
from rural_forecast.text.style import Digits, digits
from rural_forecast.text.wording import capital, counted, spans
from rural_forecast.views.about import title_of
from rural_forecast.views.answer import annual, heading, short_name, simpler
from rural_forecast.views.drawing import (
    about,
    band,
    bands,
    earlier,
    ends_of,
    last_value,
    name_of,
    observed,
    of_series,
    path,
    small,
    tone,
    write_of,
)
from rural_forecast.views.precedents import faster

TARGET = 3
"""Tone of targets."""
_KINDS = {
    "derived": "Derived from published growth",
    "preliminary": "Observed values that are preliminary",
    "estimate": "Observed values that are estimates",
}


def picture(result: Forecast, *, targets: Sequence[float] = (), similar: bool = False) -> Picture:
    """The fan chart of a forecast, with a line for each target; `similar`: with similar histories behind it."""
    series, write, history = result.history.series, write_of(result), result.history
    span = history.first, result.target
    plot = Course(
        lines=(
            *_lines(result),
            *(Line("target", span, (value, value), TARGET, "dotted", dots=False) for value in targets),
        ),
        traces=tuple(_precedents(result)) if similar else (),
        bands=tuple(bands(result)),
        marks=(*last_value(history, write), *marks(result, write)),
        labels=(*_labels(result, write), *(Label(value, write.seen(value), "target", TARGET) for value in targets)),
        origin=result.origin,
    )
    head = heading(result, [result.chance(target) for target in targets[:1]], write)
    title, subtitle = head.text, head.subtitle
    return of_series(
        plot, write, title, series, subtitle=subtitle, about=about(series), notes=notes(result, write),
        alternative=_alternative(result, write, f"{title}. {subtitle}." if subtitle else f"{title}."),
    )  # fmt: skip


def _alternative(result: Forecast, write: Digits, said: str) -> str:
    """What, trend, number, range and year."""
    history = result.history
    first, last = float(history.values[0]), history.last
    moved = "rose" if last > first else "fell" if last < first else "did not change"
    ends = f"from {write.seen(first)} in {history.first} to {write.seen(last)} in {history.origin}"
    return f"Fan chart. {said} It {moved} {ends}."


def _lines(result: Forecast) -> Iterator[Line]:
    yield from earlier(result)
    yield observed(result.history)
    if result.later:
        years = (result.origin, *(seen.period.year for seen in result.later))
        yield Line("what happened", years, (result.history.last, *(seen.value for seen in result.later)), dash="dotted")
    answering = [model for model in result.main if model.answers]
    for place, model in enumerate(answering):
        yield Line("forecast", *path(result, model.values.tolist()), tone=tone(place), dash="dashed")
    if result.pool:
        yield Line("ours alone", *path(result, result.pool.ours.values.tolist()), tone=tone(1), dash="dashed")


def _precedents(result: Forecast) -> Iterator[Line]:
    """Draw the paths of the histories most like this one."""
    alike = of_forecast(result, kind=result.limits.kind)
    nearest = alike.nearest if alike else ()
    said = f"what {len(nearest)} similar histories did next ({faster(alike)})" if alike else ""
    for precedent in nearest:
        after = path(result, precedent.path(result.history.last).tolist())
        yield Line(said, *after, dots=False, faint=True)


def _labels(result: Forecast, write: Digits) -> Iterator[Label]:
    answering = [model for model in result.main if model.answers]
    if len(answering) == 1 and len(answering[0].values) == len(result.years):
        yield from ends_of(result, write)
    elif len(answering) > 1:
        for place, model in enumerate(answering):
            if len(model.values) == len(result.years):
                name = "forecast" if model.model == "consensus" else short_name(model.model)
                yield Label(model.last, write(model.last), name, tone(place), strong=place == 0)
    if result.pool:
        yield Label(result.pool.ours.last, write(result.pool.ours.last), "ours alone", tone(1))
    if result.later:
        last = result.later[-1].value
        yield Label(last, write.seen(last), "observed", PLAIN)


def notes(result: Forecast, write: Digits) -> tuple[str, ...]:
    """Name figures that are published but not drawn or named, and observed values that are not as published."""
    kinds: dict[str, list[int]] = {}
    for seen in result.history.observations:
        kinds.setdefault("derived" if seen.derived else seen.status, []).append(seen.period.year)
    unusual = (f"{words}: {spans(kinds[kind])}." for kind, words in _KINDS.items() if kind in kinds)
    closer = ("A simpler method has been closer so far.",) if simpler(result) else ()
    return (*closer, *unseen(result, write), *unusual)


_SHAPES: dict[Qualifier, Shape] = {"=": "diamond", "~": "diamond", ">": "up", "<": "down"}
_MOST_NAMED, _MOST_LISTED = 5, 8
"""Figures that are named in the picture, as more would cover each other, and below it."""


def mark(figure: PublishedForecast, write: Digits, *, named: bool = True) -> Mark:
    """A published figure with who published it."""
    who = "published" if figure.author in ("", UNNAMED) or len(figure.author) > _LONGEST else figure.author
    text = f"{_written(figure, write)} {who}" if named else ""
    return Mark(figure.period.year, figure.value, text, _SHAPES[figure.qualifier])


_LONGEST = 22
"""Characters of an author that is named in the picture."""
_WORDS: dict[Qualifier, str] = {"=": "", "~": "about ", ">": "over ", "<": "under "}


def _written(figure: PublishedForecast, write: Digits) -> str:
    return f"{_WORDS[figure.qualifier]}{write.seen(figure.value)}"


def marks(result: Forecast, write: Digits) -> Iterator[Mark]:
    """The published figures of the years of the forecast."""
    for place, figure in enumerate(_drawn(result)):
        yield mark(figure, write, named=place < _MOST_NAMED)


def unseen(result: Forecast, write: Digits) -> Iterator[str]:
    """Name figures that are published but not drawn or not named."""
    beyond = [figure for figure in result.published if figure.period.is_year and figure.period.year > result.target]
    if beyond:
        yield f"Published for later years: {_list(beyond, write)}."
    if unnamed := _drawn(result)[_MOST_NAMED:]:
        yield f"Published, drawn without a label: {_list(unnamed, write)}."


def _drawn(result: Forecast) -> list[PublishedForecast]:
    """The published figures of the years of the forecast, the latest first."""
    years = range(result.origin + 1, result.target + 1)
    figures = (figure for figure in result.published if figure.period.is_year and figure.period.year in years)
    return sorted(figures, key=lambda figure: figure.period.year, reverse=True)


def _list(figures: Sequence[PublishedForecast], write: Digits) -> str:
    listed = figures[:_MOST_LISTED]
    texts = [f"{_written(figure, write)} for {figure.period.year} ({figure.author or UNNAMED})" for figure in listed]
    more = len(figures) - _MOST_LISTED
    return "; ".join([*texts, f"and {more} more"] if more > 0 else texts)


def columns(result: Forecast) -> Picture:
    """The years observed and forecast, the latter with an interval, and growth a year over both.

    Raises UsageError if no model forecasts the target year.
    """
    history, best, write, place = result.history, result.best, write_of(result), result.headline
    if len(best.values) < len(result.years):
        raise UsageError("The path ends before the last year, so there is no growth to it.", "Ask for an earlier year.")
    values = best.values.tolist()
    lines = observed(history), Line("forecast", tuple(result.years), tuple(values), MAIN)
    said = [Mark(year, value, write.seen(value), "none", PLAIN) for year, value in lines[0].points]
    said += [Mark(year, value, write(value), "none", MAIN) for year, value in lines[1].points]
    lower, upper = (tuple(side[place].tolist()) for side in (best.lower, best.upper))
    ranges = Band("", lines[1].xs, lower, upper, result.levels[place])
    head = heading(result, (), write)
    title, subtitle = head.text, head.subtitle
    words = ". ".join(filter(None, (about(history.series), _growth(result))))
    alternative = _alternative(result, write, f"{title}. {subtitle}.").replace("Fan chart", "Columns")
    return of_series(
        Course(lines, (ranges,), tuple(said), origin=result.origin, bars=True), write, title, history.series,
        subtitle=subtitle, about=words, notes=notes(result, write), alternative=alternative,
    )  # fmt: skip


def _growth(result: Forecast) -> str:
    """Compound growth over the history and to the target year, where it has a meaning."""
    history, last = result.history, result.history.last
    past = annual(float(history.values[0]), last, result.origin - history.first)
    ahead = annual(last, result.best.last, len(result.years))
    if past is None or ahead is None:
        return ""
    return f"{percent(past)} a year to {result.origin}, {percent(ahead)} a year to {result.target}"


MOST = 6
"""Series in one drawing; more cannot be distinguished, so each has a panel of its own."""


def several(results: Sequence[Forecast], **options: Any) -> Picture:
    """The fan chart of one series, with its options, or all series side by side with one interval."""
    if len(results) == 1:
        return picture(results[0], **options)
    known = [result.history.series for result in results]
    names = _told_apart([name_of(series) for series in known], [title_of(series) for series in known])
    units = {series.unit for series in known}
    title, subtitle, first = _claim(results, names)
    level = results[0].levels[results[0].headline]
    if len(results) <= MOST and len(units) == 1:
        write = _write(results)
        said = f"Dashed: forecasts. Shaded: the {level} % range of {names[first]}"
        plot = _together(results, names, write, first)
        return of_series(plot, write, title, *known, subtitle=subtitle, about=said)
    pairs = zip(results, names, strict=True)
    panels = Panels(tuple(panel(result, name, unit=len(units) > 1) for result, name in pairs))
    unit = {"unit": ""} if len(units) > 1 else {}
    said = f"Each has an axis of its own. Shaded: {level} % ranges"
    return of_series(panels, write_of(results[0]), title, *known, subtitle=subtitle, about=said, **unit)


def _told_apart(names: list[str], titles: list[str]) -> list[str]:
    """Names that are distinct: those of one sheet by what follows its title."""
    if len(set(names)) == len(names):
        return names
    heads = {title.partition(": ")[0] for title in titles}
    return [capital(title.partition(": ")[2] or title) for title in titles] if len(heads) == 1 else titles


def _write(results: Sequence[Forecast]) -> Digits:
    """One unit for all, by the largest of the last values."""
    largest = max(results, key=lambda result: abs(result.history.last))
    return digits(largest.history.series.unit, largest.history.last)._replace(step=0.0)


def _together(results: Sequence[Forecast], names: Sequence[str], write: Digits, first: int) -> Course:
    """All on one axis: the one that the headline names has the accent and its range."""
    order = [first, *(place for place in range(len(results)) if place != first)]
    ranked = [(tone(rank), results[place], names[place]) for rank, place in enumerate(order)]
    return Course(
        lines=tuple(line for ink, result, name in ranked for line in _both(result, name, ink)),
        bands=(band(results[first], results[first].headline, ""),),
        labels=tuple(
            Label(result.best.last, write(result.best.last), name, ink, strong=ink == MAIN)
            for ink, result, name in ranked
        ),
        origin=min(result.origin for result in results),
    )


def panel(result: Forecast, name: str, *, unit: bool) -> Picture:
    """A small fan of one series."""
    write = write_of(result)
    ahead = Line("forecast", *path(result, result.best.values.tolist()), tone=MAIN, dash="dashed")
    interval = band(result, result.headline, "")
    title = f"{name}, {write.unit}" if unit and write.unit else name
    return small(title, observed(result.history), ahead, interval, write)


def _claim(results: Sequence[Forecast], names: Sequence[str]) -> tuple[str, str, int]:
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
        return f"{counted(len(results), 'forecast')} to {results[0].target}", "", 0
    (slow, slowest), (fast, fastest) = min(rates), max(rates)
    if percent(slow) == percent(fast):
        return f"All {len(rates)} grow {percent(fast, ',.1f')} a year to {last}", f"From {first}", 0
    return (
        f"{fastest} grows fastest to {last}, {percent(fast)} a year",
        f"Slowest: {slowest}, {percent(slow)} a year, both from {first}",
        names.index(fastest),
    )


def _both(result: Forecast, name: str, ink: int) -> Iterator[Line]:
    yield observed(result.history, name, ink)
    yield Line("", *path(result, result.best.values.tolist()), tone=ink, dash="dashed")
