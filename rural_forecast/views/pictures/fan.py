"""The forecast of one series: a fan with what others published, or columns with growth, as consultants draw it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rural_forecast.document.picture import MAIN, PLAIN, Bar, Columns, Course, Label, Line, Mark, Picture, Shape
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.precedents import of_forecast
from rural_forecast.forecasting.result import Forecast
from rural_forecast.series.observation import Qualifier
from rural_forecast.series.published import UNNAMED, PublishedForecast
from rural_forecast.text.numbers import percent
from rural_forecast.text.style import Digits
from rural_forecast.text.wording import spans
from rural_forecast.views.answer import annual, heading, short_name, simpler
from rural_forecast.views.pictures.course import (
    about,
    bands,
    earlier,
    ends_of,
    last_value,
    observed,
    of_series,
    path,
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
    past = zip(history.years, history.values.tolist(), strict=True)
    seen = [(str(year), Bar(value, write.seen(value))) for year, value in past]
    ahead = [
        (str(year), Bar(float(value), write(float(value)), MAIN, (float(lower), float(upper))))
        for year, value, lower, upper in zip(
            result.years, best.values, best.lower[place], best.upper[place], strict=True
        )
    ]
    head = heading(result, (), write)
    title, subtitle = head.text, head.subtitle
    said = ". ".join(filter(None, (about(history.series), _growth(result))))
    alternative = _alternative(result, write, f"{title}. {subtitle}.").replace("Fan chart", "Columns")
    return of_series(
        Columns((*seen, *ahead)), write, title, history.series,
        subtitle=subtitle, about=said, notes=notes(result, write), alternative=alternative,
    )  # fmt: skip


def _growth(result: Forecast) -> str:
    """Compound growth over the history and to the target year, where it has a meaning."""
    history, last = result.history, result.history.last
    past = annual(float(history.values[0]), last, result.origin - history.first)
    ahead = annual(last, result.best.last, len(result.years))
    if past is None or ahead is None:
        return ""
    return f"{percent(past)} a year to {result.origin}, {percent(ahead)} a year to {result.target}"
