"""The year under way as the start of a forecast: its nowcast, where parts of it are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rural_forecast.errors import RuralForecastError, option
from rural_forecast.forecasting.asked import total_of
from rural_forecast.forecasting.distribution import SPREAD_LEVELS
from rural_forecast.forecasting.panel import Panel, Request
from rural_forecast.forecasting.start import Start
from rural_forecast.notes import Note
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.preference import observed_parts, open_parts
from rural_forecast.question.nowcast import NowcastQuestion
from rural_forecast.question.question import CUMULATIVE, Question
from rural_forecast.text.numbers import number, rounded

if TYPE_CHECKING:
    from rural_forecast.forecasting.nowcasting.nowcast import Nowcast


def start_of(series: Series, question: Question) -> tuple[Start | None, tuple[Note, ...]]:
    """Find the nowcast that a forecast goes on from; say why there is none where parts are known.

    None without parts after the last whole year, for all that is no flow, and where `until` leaves
    them out.
    """
    if question.measure == CUMULATIVE or not open_parts(series):
        return None, ()
    history = question.history_of(series)
    year = history.origin + 1
    until = question.until
    if not history.running or (until is not None and until < year):
        return None, ()
    # Most series have no such parts, and need none of it.
    from rural_forecast.forecasting.nowcasting.nowcast import nowcast

    levels = tuple(sorted({*question.levels, *SPREAD_LEVELS}))
    try:
        estimate = nowcast(series, question.of(NowcastQuestion, year=year, levels=levels))
    except RuralForecastError as error:
        problem = error.problem.rstrip(".")
        text = f"The parts of {year} are not used: {problem}."
        return None, (Note("parts_not_used", text, warning=True),)
    beyond = _beyond(estimate, question)
    if beyond is not None:
        return None, (beyond,)
    first = history.first
    for earlier in history.on_earlier_bases:
        first = min(first, earlier.period.year)
    if question.since is not None:
        first = 0  # seasons are those of all years
    return _start(estimate, levels, first), ()


def start_of_total(series: Series, question: Question) -> Start | None:
    """Find the nowcast that the total of a series goes on from, if there is one."""
    total = total_of(series, question)
    if total is None:
        return None
    asked = Question(
        levels=question.levels, until=question.until, as_of=question.as_of, allow_gaps=True
    )
    start, _ = start_of(total, asked)
    return start


def with_starts(panel: Panel, request: Request) -> Panel:
    """Find the starts of all series of a panel of which parts of the next year are known.

    Those of its totals, too. A panel that has starts keeps them.
    """
    if panel.totals is not None:
        panel = replace(panel, totals=with_starts(panel.totals, request))
    if panel.starts or not panel.running:
        return panel
    limits = request.limits
    asked = Question(
        levels=request.levels,
        ceiling=limits.ceiling,
        floor=limits.floor,
        measure=CUMULATIVE if limits.cumulative else None,
        allow_gaps=True,
    )
    starts = {}
    for name, series in panel.running.items():
        start, _ = start_of(series, asked)
        if start is not None:
            starts[name] = start
    return replace(panel, starts=starts)


def _start(estimate: Nowcast, levels: Sequence[int], first: int) -> Start:
    """The nowcast as a start, with the parts of years from `first` on, which it rests on."""
    bounds = zip(estimate.lower, estimate.upper, strict=True)
    series = estimate.series

    def parts_of(rows: Sequence[Observation]) -> tuple[Observation, ...]:
        return tuple(row for row in observed_parts(rows) if row.period.year >= first)

    return Start(
        estimate.year,
        estimate.value,
        dict(zip(levels, bounds, strict=True)),
        estimate.choice.months,
        parts_of(series.observations),
        parts_of(series.growth),
    )


def _beyond(estimate: Nowcast, question: Question) -> Note | None:
    """Say that the nowcast lies beyond what is stated of the market."""
    value = estimate.value
    what = ""
    if question.ceiling is not None and value > question.ceiling[1]:
        what = f"above the ceiling of {number(question.ceiling[1])}"
    if question.floor is not None and value < question.floor:
        what = f"below the floor of {number(question.floor)}"
    if not what:
        return None
    text = f"The nowcast of {estimate.year}, {rounded(value)}, is {what}, and not used."
    name = "ceiling" if what.startswith("above") else "floor"
    return Note("parts_not_used", text, warning=True, advice=f"Correct {option(name)}.")
