"""One answer from several arguments: trend, the running year, leading markets, the growth of
another definition, drivers, and the views of others.

The answer is the mean of their quantiles, as in a pool. An argument whose range misses what was
observed last weighs nothing unless a weight is stated; one on another definition never weighs
anything. Leading markets, which are partly the trend, count as an argument unless there is reason
to doubt that they say more than it: then they count by the share of leaders in them.
`benchmarks/leaders.md` compares this with other rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from rural_forecast.errors import UsageError, option
from rural_forecast.forecasting.one_series import forecast_from
from rural_forecast.forecasting.past_record import (
    record_of,
)
from rural_forecast.forecasting.pool import equal_share
from rural_forecast.notes import Note
from rural_forecast.observed.observation import Series
from rural_forecast.question.question import Question
from rural_forecast.question.triangulate import TriangulationQuestion
from rural_forecast.record.arguments.argument import (
    DEFINITION,
    LEVELS,
    TREND,
    Argument,
    quantiles_of_result,
    with_record,
)
from rural_forecast.record.arguments.definition import growth_elsewhere, of_definition
from rural_forecast.record.arguments.drivers import of_drivers, sized_by
from rural_forecast.record.arguments.leading import led_trials, of_leaders, trials_of
from rural_forecast.record.arguments.published import of_publishers
from rural_forecast.record.arguments.running_year import of_running_year
from rural_forecast.record.triangulation import Triangulation
from rural_forecast.text.cells import quoted
from rural_forecast.text.wording import counted, shortened


def triangulate(series: Series, question: TriangulationQuestion) -> Triangulation:
    """Set all arguments for a year side by side, and combine them.

    Parameters
    ----------
    series : a series, or whatever `rural_forecast.series` makes one of
    start : year of the first value, where the series is values alone
    year, horizon : the year of the answer, or years after the last one known
    drivers : a sizing model, a file or one that ships; left out, the one that ships for the series
    partial : known parts of the year after the last one, as in `nowcast`
    definition : a series of the same market on another definition, whose growth since is an
        argument; left out, one that the catalogue names
    weights : of arguments by name, 0 to 1; the others share what is left equally, but for leading
        markets that contain the series or erred more than its trend: these count by what they add
    ceiling, floor, measure, kind, within : as in `forecast`
    like : the same product in other markets, a list, each whatever makes a series: those that are
        ahead are an argument
    since, until, prefer, allow_gaps, as_of, basis, breaks : which points are used, see `Window`

    Raises
    ------
    UsageError : as `forecast` does; weights of what is no argument or on another definition; no
        argument with a weight; a definition that has no year after the last one of the series
    InputError : the sizing model is refused

    >>> import rural_forecast as rf
    >>> result = rf.triangulate({2014: 180, 2015: 353, 2016: 482}, year=2018)
    >>> result.year, result.arguments[0].name
    (2018, 'trend')
    """
    partial = question.partial
    asked = question.of(Question, levels=LEVELS)
    alone = replace(asked, like=())
    trend = forecast_from(series, alone)
    target = trend.target
    history = trend.history
    definition = series.definition
    notes: list[Note] = []
    following = None
    span = f"{counted(len(history.comparable.years), 'year')} to {history.origin}"
    trials = trials_of(series, trend, alone)
    record = record_of(trials)
    arguments = [with_record(Argument(TREND, quantiles_of_result(trend), definition, span), record)]
    arguments += of_running_year(series, trend, partial, alone)
    if asked.like:
        following = forecast_from(series, asked.to(target))
        notes += [note for note in following.notes if note.code in ("led", "no_leader")]
        if following.leads:
            led = led_trials(trials_of(series, trend, asked), following)
            arguments.append(of_leaders(following, led, trials))
    growth = growth_elsewhere(trend, question)
    if growth is not None:
        arguments += of_definition(trend, growth, alone)
    sized = None
    if history.as_of is None and not question.until:
        sized = sized_by(series, trend, question.drivers, notes)
        if sized is not None:
            arguments.append(of_drivers(series, trend, sized))
    elif question.drivers is not None:
        raise UsageError(
            "Drivers know later years than a hindcast may.", "Leave drivers, until and as_of out."
        )
    arguments += of_publishers(trend)
    weighed = _weighed(arguments, question.weights or {})
    shares = np.array([one.weight for one in weighed])
    quantiles = np.average([one.quantiles for one in weighed], axis=0, weights=shares)
    doubts = []
    for one in weighed:
        if one.other:
            text = f"No weight of {one.name}: {one.other} is another definition."
            doubts.append(Note("other_definition", text, warning=True))
        elif one.misses and not one.weight:
            text = f"No weight of {one.name}: the range misses {one.misses}."
            doubts.append(
                Note(
                    "misses_observed",
                    text,
                    warning=True,
                    advice=f"{option('weights', {one.name: 0.5})} counts it.",
                )
            )
        elif one.doubt and not one.is_stated:
            doubts.append(
                Note(
                    "leaders_doubted",
                    f"{one.name.capitalize()} count as {one.counts:.2g} of an argument: "
                    f"{one.doubt}.",
                    advice=f"{option('weights', {one.name: 0.5})} counts them in full.",
                )
            )
    together = Argument("together", quantiles, definition, _spread(weighed), 1.0)
    return Triangulation(
        trend,
        target,
        weighed,
        together,
        dict(question.weights or {}),
        (*doubts, *notes, *trend.notes),
        following,
        growth if any(one.name == DEFINITION for one in weighed) else None,
        sized,
    )


def _spread(arguments: Sequence[Argument]) -> str:
    """The lowest and the highest argument, and what they count if it is something else."""
    if len(arguments) == 1:
        return "There is one argument alone."
    least = min(arguments, key=lambda one: one.value)
    most = max(arguments, key=lambda one: one.value)
    counts = ""
    for one in (least, most):
        if one.definition not in ("", arguments[0].definition):
            counts += f"; {one.name} count {one.definition[:1].lower()}{one.definition[1:]}"
    return f"The lowest value is that of {least.name}, the highest that of {most.name}{counts}."


def _weighed(arguments: Sequence[Argument], stated: Mapping[str, float]) -> tuple[Argument, ...]:
    by_name = {}
    for who, weight in stated.items():
        names = [one.name for one in arguments if one.name.casefold().startswith(who.casefold())]
        meant = [name for name in names if name.casefold() == who.casefold()] or names
        if len(meant) != 1:
            every = shortened([one.name for one in arguments], 12)
            raise UsageError(
                f"{quoted([who])} is no argument.", f"There are {every}.", code="unknown_name"
            )
        by_name[meant[0]] = weight
    free: dict[str, float] = {}
    for one in arguments:
        if one.other and by_name.get(one.name):
            raise UsageError(
                f"The drivers size {one.other}, another definition.", "Leave its weight out."
            )
        if one.name not in by_name and not one.misses and not one.other:
            free[one.name] = one.counts
    left = equal_share(by_name, len(free)) * len(free)
    total = sum(free.values())
    shares = {name: left * counts / total for name, counts in free.items()} | by_name
    return tuple(
        one._replace(weight=shares.get(one.name, 0.0), is_stated=one.name in by_name)
        for one in arguments
    )
