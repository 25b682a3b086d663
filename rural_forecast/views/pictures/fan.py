"""The forecast of one series: a fan with what others published, or columns with growth, as consultants draw it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rural_forecast.document.picture import (
    MAIN,
    PLAIN,
    Band,
    Bar,
    Bracket,
    Columns,
    Course,
    Label,
    Line,
    Mark,
    Picture,
    Shape,
)
from rural_forecast.errors import UsageError
from rural_forecast.forecasting.precedents import of_forecast
from rural_forecast.forecasting.result import Forecast
from rural_forecast.series.observation import Qualifier
from rural_forecast.series.published import UNNAMED, PublishedForecast
from rural_forecast.text.numbers import Amounts, percent
from rural_forecast.text.wording import counted, spans
from rural_forecast.views.about import published, title_of
from rural_forecast.views.answer import amounts_of, annual, answer, caution, name_of, simpler
from rural_forecast.views.pictures.course import band, earlier, last_value, observed, of_series, path, tone
from rural_forecast.views.precedents import faster

TARGET = 3
"""Tone of targets."""
_KINDS = {
    "derived": "Derived from published growth",
    "preliminary": "Observed values that are preliminary",
    "estimate": "Observed values that are estimates",
}


def picture(result: Forecast, *, targets: Sequence[float] = ()) -> Picture:
    """The fan chart of a forecast, with a line for each target, and similar histories behind it."""
    series, write = result.history.series, amounts_of(result)
    history, span = result.history, (result.history.first, result.target)
    first, last = (write.full(float(history.values[at])) for at in (0, -1))
    plot = Course(
        lines=(
            *_lines(result),
            *(Line("target", span, (value, value), TARGET, "dotted", dots=False) for value in targets),
        ),
        traces=tuple(_precedents(result)),
        bands=tuple(_bands(result)),
        marks=(last_value(result), *marks(result)),
        labels=(*_labels(result), *(Label(value, write(value), "target", TARGET) for value in targets)),
        origin=result.origin,
    )
    return replace(
        of_series(plot, write, answer(result), series),
        subtitle=_about(result),
        alternative=(
            f"Line chart of {title_of(series)}: {first} in {history.first}, {last} in {history.origin}. "
            f"{answer(result)} The numbers are in the table."
        ),
        notes=notes(result),
    )


def _about(result: Forecast) -> str:
    return " ".join(filter(None, (caution(result), simpler(result), result.history.series.definition)))


def _lines(result: Forecast) -> Iterator[Line]:
    yield from earlier(result)
    yield observed(result.history)
    if result.later:
        years = (result.origin, *(seen.period.year for seen in result.later))
        yield Line("what happened", years, (result.history.last, *(seen.value for seen in result.later)), dash="dotted")
    answering = [model for model in result.main if model.answers]
    for place, model in enumerate(answering):
        yield Line(name_of(model.model), *path(result, model.values.tolist()), tone=tone(place), dash="dashed")
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


def _bands(result: Forecast) -> Iterator[Band]:
    whose = f" of {name_of(result.best.model)}" if sum(model.answers for model in result.main) > 1 else ""
    for place in reversed(range(len(result.levels))):
        yield band(result, place, f"{result.levels[place]} %{whose}")


def _labels(result: Forecast) -> Iterator[Label]:
    write = amounts_of(result)
    answering = [model for model in result.main if model.answers]
    for place, model in enumerate(answering):
        if len(model.values) == len(result.years):
            yield Label(model.last, write(model.last), name_of(model.model), tone(place), strong=place == 0)
    if len(answering) == 1:
        for place, level in enumerate(result.levels):
            lower, upper = answering[0].ends(place)
            for edge in (upper, lower) if upper > lower else ():
                if write(edge) != write(answering[0].last):  # as at a limit of 100 %
                    yield Label(edge, write(edge), level=level)
    if result.pool:
        yield Label(result.pool.ours.last, write(result.pool.ours.last), "ours alone", tone(1))
    if result.later:
        last = result.later[-1].value
        yield Label(last, write(last), "what happened", PLAIN)


def notes(result: Forecast) -> tuple[str, ...]:
    """Name figures that are published but not drawn or named, and observed values that are not as published."""
    kinds: dict[str, list[int]] = {}
    for seen in result.history.observations:
        kinds.setdefault("derived" if seen.derived else seen.status, []).append(seen.period.year)
    unusual = (f"{words}: {spans(kinds[kind])}." for kind, words in _KINDS.items() if kind in kinds)
    return (*unseen(result), *unusual)


_SHAPES: dict[Qualifier, Shape] = {"=": "diamond", "~": "diamond", ">": "up", "<": "down"}
_MOST_NAMED, _MOST_LISTED = 5, 8
"""Figures that are named in the picture, as more would cover each other, and below it."""


def mark(figure: PublishedForecast, write: Amounts, *, named: bool = True) -> Mark:
    """A published figure with who published it."""
    who = "published" if figure.author in ("", UNNAMED) else figure.author
    text = f"{published(figure, write)} {who}" if named else ""
    return Mark(figure.period.year, figure.value, text, _SHAPES[figure.qualifier])


def marks(result: Forecast) -> Iterator[Mark]:
    """Published figures, dropped where they only repeat what was observed."""
    for place, figure in enumerate(_drawn(result)):
        yield mark(figure, amounts_of(result), named=place < _MOST_NAMED)


def unseen(result: Forecast) -> Iterator[str]:
    """Name figures that are published but not drawn or not named."""
    write = amounts_of(result)
    beyond = [figure for figure in result.published if figure.period.is_year and figure.period.year > result.target]
    if beyond:
        yield f"Published for years beyond the drawing: {_list(beyond, write)}."
    if unnamed := _drawn(result)[_MOST_NAMED:]:
        yield f"Published and drawn without a label: {_list(unnamed, write)}."


def _drawn(result: Forecast) -> list[PublishedForecast]:
    """The published figures of the years drawn, the latest first."""
    known = dict(zip(result.history.years, result.history.values.tolist(), strict=True))
    years = range(min([result.history.first, *(int(line.xs[0]) for line in earlier(result))]), result.target + 1)
    figures = (figure for figure in result.published if figure.period.is_year and figure.period.year in years)
    shown = [figure for figure in figures if known.get(figure.period.year) != figure.value]
    return sorted(shown, key=lambda figure: figure.period.year, reverse=True)


def _list(figures: Sequence[PublishedForecast], write: Amounts) -> str:
    listed = figures[:_MOST_LISTED]
    texts = [f"{published(figure, write)} for {figure.period.year} ({figure.author or UNNAMED})" for figure in listed]
    more = len(figures) - _MOST_LISTED
    return "; ".join([*texts, f"and {more} more"] if more > 0 else texts)


def columns(result: Forecast) -> Picture:
    """The years observed and forecast, the latter with an interval, and growth a year over both.

    Raises UsageError if no model forecasts the target year.
    """
    history, best, write, place = result.history, result.best, amounts_of(result), result.headline
    if len(best.values) < len(result.years):
        raise UsageError("The path ends before the last year, so there is no growth to it.", "Ask for an earlier year.")
    past = zip(history.years, history.values.tolist(), strict=True)
    observed = [(str(year), (Bar(value, write(value)),)) for year, value in past]
    ahead = [
        (str(year), (Bar(float(value), write(float(value)), MAIN, (float(lower), float(upper))),))
        for year, value, lower, upper in zip(
            result.years, best.values, best.lower[place], best.upper[place], strict=True
        )
    ]
    key = (("observed", PLAIN), (f"forecast, with its {result.levels[place]} % interval", MAIN))
    plot = Columns((*observed, *ahead), tuple(_brackets(result, len(observed) - 1)), key)
    about = _about(result)
    claim = answer(result)
    return of_series(plot, write, claim, history.series, kind="Columns", subtitle=about, notes=notes(result))


def _brackets(result: Forecast, origin: int) -> list[Bracket]:
    """Compound growth over the history and to the target year, where it has a meaning."""
    history, target = result.history, origin + len(result.years)
    last = history.last
    brackets = []
    for first, end, rate, ink in (
        (0, origin, annual(float(history.values[0]), last, result.origin - history.first), PLAIN),
        (origin, target, annual(last, result.best.last, len(result.years)), MAIN),
    ):
        if rate is not None:
            years = counted(end - first, "year")
            brackets.append(Bracket(first, end, f"{percent(rate)} a year over {years}", ink))
    return brackets
