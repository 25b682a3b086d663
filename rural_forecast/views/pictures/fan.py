"""The forecast of one series as a picture: what was observed, the fan of intervals, what others published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rural_forecast.document.picture import (
    MAIN,
    PLAIN,
    Band,
    Columns,
    Course,
    Dash,
    Label,
    Line,
    Mark,
    Panels,
    Picture,
    Ranges,
    Shape,
)  # fmt: skip
from rural_forecast.forecasting.precedents import of_forecast
from rural_forecast.forecasting.result import Forecast
from rural_forecast.series.history import History
from rural_forecast.series.observation import Observation, Qualifier, Series
from rural_forecast.series.published import UNNAMED, PublishedForecast
from rural_forecast.text.numbers import Amounts
from rural_forecast.text.wording import runs, spans
from rural_forecast.views.answer import amounts_of, answer, caution, name_of
from rural_forecast.views.common import ROUNDED, published, title_of

if TYPE_CHECKING:
    from rural_forecast.scenarios.scenario_path import ScenarioPath

SHAPES: dict[Qualifier, Shape] = {"=": "diamond", "~": "diamond", ">": "up", "<": "down"}
SUPPLIED = "data as supplied"
"""What a picture says of the source of a file that names none: the name of the file is not for its readers."""
CREDIT = "Forecast: rural-forecast."
MOST_NAMED = 5
"""Published figures that are named in the picture; more would cover each other."""
TARGET = 3
"""Tone of targets."""
MOST_LISTED = 8
"""Published figures that are named below it."""
_NOT_USED = {"break": "on an earlier basis, not used", "gap": "before a gap, not used"}
_KINDS = {
    "derived": "Derived from published growth",
    "preliminary": "Observed values that are preliminary",
    "estimate": "Observed values that are estimates",
}


def picture(result: Forecast, *, targets: Sequence[float] = ()) -> Picture:
    """The fan chart of a forecast, with a line for each target, and similar histories behind it."""
    series, write = result.history.series, amounts_of(result)
    plot = Course(
        lines=(*_lines(result), *(_target(result, value) for value in targets)),
        traces=tuple(_precedents(result)),
        bands=tuple(_bands(result)),
        marks=(last_value(result), *marks(result)),
        labels=(*_labels(result), *(Label(value, f"{write(value)} target", TARGET) for value in targets)),
        origin=result.origin,
    )
    return replace(
        of_series(plot, write, answer(result), series),
        subtitle=f"{caution(result)} {series.definition}".strip(),
        alternative=_in_words(result),
        notes=notes(result),
    )


def of_series(
    plot: Course | Ranges | Columns | Panels,
    write: Amounts,
    claim: str,
    *several: Series,
    kind: str = "Line chart",
    title: str = "",
    year: int | None = None,
) -> Picture:
    """A picture of one series or more with its title, answer, unit and source.

    Parameters
    ----------
    title : in place of the name of the first series
    year : of which all values are, where the picture has no axis of years
    """
    series = several[0]
    return Picture(
        plot=plot,
        title=title or title_of(series),
        claim=claim,
        unit=f"{write.unit}{f', {year}' if year else ''}".removeprefix(", "),
        amounts=write,
        source=source(*several),
        alternative=f"{kind}. {claim.rstrip('.')}. The numbers are in the table.",
    )


def tone(place: int) -> int:
    """The tone of the series or model at a place; 2 is for published figures."""
    return MAIN if place == 0 else place + 2


def source(*several: Series, credit: str = CREDIT) -> str:
    """The line under a picture: publishers of the series, and who made the forecast."""
    named = ", ".join(dict.fromkeys(one.publisher or SUPPLIED for one in several))
    return f"Source: {named}. {credit}".rstrip()


def _lines(result: Forecast) -> Iterator[Line]:
    yield from earlier(result)
    yield observed(result.history)
    if result.later:
        years = (result.origin, *(seen.period.year for seen in result.later))
        values = (float(result.history.values[-1]), *(seen.value for seen in result.later))
        yield Line("what happened", years, values, dash="dotted")
    answering = [given for given in result.main if given.answers]
    for place, given in enumerate(answering):
        yield Line(name_of(given.model), *path(result, given.values.tolist()), tone=tone(place), dash="dashed")
    yield from _pool(result)


def _pool(result: Forecast) -> Iterator[Line]:
    """The pool, joined to the last observed value where it begins in the next year."""
    if not result.pool:
        return
    values = dict(zip(result.pool.years, result.pool.main.values.tolist(), strict=True))
    if result.origin + 1 in values:
        values = {result.origin: float(result.history.values[-1]), **values}
    yield from pieces("pool", values, tone(1), "dashed")


def pieces(name: str, values: Mapping[int, float], tone: int = PLAIN, dash: Dash = "solid") -> Iterator[Line]:
    """A line for each run of years without a gap; the first one has the name."""
    for place, run in enumerate(runs(values)):
        yield Line("" if place else name, tuple(run), tuple(values[year] for year in run), tone, dash)


def observed(history: History, name: str = "observed", tone: int = PLAIN) -> Line:
    """The values used."""
    return Line(name, history.years, tuple(history.values.tolist()), tone)


def earlier(result: Forecast) -> Iterator[Line]:
    """What was observed before a break or a gap: shown, not used."""
    for why, name in _NOT_USED.items():
        known = {
            one.observation.period.year: one.observation.value
            for one in result.history.set_aside
            if one.why == why and one.observation.period.is_year
        }
        for run in runs(known):
            yield Line(name, tuple(run), tuple(known[year] for year in run), faint=True)


def path(result: Forecast, values: list[float]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """A forecast drawn from the last observed value on."""
    return (result.origin, *result.years[: len(values)]), (float(result.history.values[-1]), *values)


def _target(result: Forecast, value: float) -> Line:
    ends = (result.history.first, result.target)
    return Line("target", ends, (value, value), tone=TARGET, dash="dotted", dots=False)


def _precedents(result: Forecast) -> Iterator[Line]:
    """What the histories most like this one did next."""
    alike = of_forecast(result)
    nearest = alike.nearest if alike else ()
    origin = float(result.history.values[-1])
    for place, precedent in enumerate(nearest):
        name = "" if place else f"what {len(nearest)} similar histories did next"
        yield Line(name, *path(result, precedent.path(origin).tolist()), dots=False, faint=True)


def _bands(result: Forecast) -> Iterator[Band]:
    best = result.best
    several = sum(given.answers for given in result.main) > 1
    whose = f" of {name_of(best.model)}" if several else ""
    for place in reversed(range(len(result.levels))):
        yield band(result, place, f"{result.levels[place]} %{whose}")


def band(result: Forecast, place: int, name: str, tone: int = MAIN, other: ScenarioPath | None = None) -> Band:
    """The interval of the level at a place, of the answer or of `other`, drawn from the last observed value on."""
    shown = other or result.best
    xs, lower = path(result, shown.lower[place].tolist())
    _, upper = path(result, shown.upper[place].tolist())
    return Band(name, xs, lower, upper, result.levels[place], tone)


def last_value(result: Forecast) -> Mark:
    """The text of the last value observed."""
    value = float(result.history.values[-1])
    return Mark(result.origin, value, amounts_of(result)(value), "none", PLAIN)


def marks(result: Forecast) -> Iterator[Mark]:
    """Published figures, dropped where they only repeat what was observed."""
    write = amounts_of(result)
    for place, one in enumerate(_drawn(result)):
        text = named(one, write) if place < MOST_NAMED else ""
        yield Mark(one.period.year, one.value, text, SHAPES[one.qualifier])


def _drawn(result: Forecast) -> list[PublishedForecast]:
    """The published figures of the years drawn, the latest first."""
    known = dict(zip(result.history.years, result.history.values.tolist(), strict=True))
    first = min([result.history.first, *(year for line in earlier(result) for year in map(int, line.xs))])
    shown = [
        one
        for one in result.published
        if one.period.is_year and first <= one.period.year <= result.target and known.get(one.period.year) != one.value
    ]
    return sorted(shown, key=lambda one: one.period.year, reverse=True)


def notes(result: Forecast) -> tuple[str, ...]:
    """The caveats of a picture of one forecast."""
    return tuple(_notes(result))


def _notes(result: Forecast) -> Iterator[str]:
    """What is published but not drawn or not named, and which observed values are not plainly as published."""
    write = amounts_of(result)
    beyond = [one for one in result.published if one.period.is_year and one.period.year > result.target]
    if beyond:
        yield f"Published for years beyond the drawing: {_list(beyond, write)}."
    if unnamed := _drawn(result)[MOST_NAMED:]:
        yield f"Published and drawn without a label: {_list(unnamed, write)}."
    for kind, words in _KINDS.items():
        of_kind = [seen.period.year for seen in result.history.observations if _kind(seen) == kind]
        if of_kind:
            yield f"{words}: {spans(of_kind)}."


def _kind(seen: Observation) -> str:
    return "derived" if seen.derived else seen.status


def _list(found: list[PublishedForecast], write: Amounts) -> str:
    texts = [f"{published(one, write)} for {one.period.year} ({one.author or UNNAMED})" for one in found[:MOST_LISTED]]
    more = len(found) - MOST_LISTED
    return "; ".join([*texts, f"and {more} more"] if more > 0 else texts)


def named(one: PublishedForecast, write: Amounts = ROUNDED) -> str:
    """A published figure and who published it."""
    who = "published" if one.author in ("", UNNAMED) else one.author
    return f"{published(one, write)} {who}"


def _labels(result: Forecast) -> Iterator[Label]:
    write = amounts_of(result)
    answering = [given for given in result.main if given.answers]
    for place, given in enumerate(answering):
        if len(given.values) < len(result.years):
            continue
        value = float(given.values[-1])
        yield Label(value, f"{write(value)} {name_of(given.model)}", tone(place), strong=place == 0)
    if len(answering) == 1:
        for place, level in enumerate(result.levels):
            lower, upper = float(answering[0].lower[place, -1]), float(answering[0].upper[place, -1])
            for edge in (upper, lower) if upper > lower else ():
                if write(edge) != write(float(answering[0].values[-1])):  # as at a limit of 100 %
                    yield Label(edge, f"{write(edge)} ({level} %)", level=level)
    if result.pool and result.pool.years[-1] == result.target:
        value = float(result.pool.main.values[-1])
        yield Label(value, f"{write(value)} pool", tone(1))
    if result.later:
        last = result.later[-1].value
        yield Label(last, f"{write(last)} what happened", PLAIN)


def _in_words(result: Forecast) -> str:
    history, write = result.history, amounts_of(result)
    first, last = (write.full(float(history.values[at])) for at in (0, -1))
    name = title_of(history.series)
    return (
        f"Line chart of {name}: {first} in {history.first}, {last} in {history.origin}. {answer(result)} "
        "The numbers are in the table."
    )
