"""Dated targets: what is known of them, the growth they need against the pace achieved, and when
they are reached.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple

from rural_forecast.errors import InputError, UsageError
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.question.question import Question
from rural_forecast.series.history import annual
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.period import Period
from rural_forecast.series.preference import (
    PublishedForecast,
    by_period,
    prefer,
    published_forecasts,
)

FEWEST_POINTS = 3  # yearly values that a forecast of the year of reaching rests on, at least
FARTHEST = 50  # years after the last value within which a target is looked for
LEVEL = 80

State = Literal["reached", "missed", "open", "not due"]


class Reach(NamedTuple):
    """When sampled paths of the forecast reach a target; None where not within `FARTHEST` years."""

    year: int | None
    earliest: int | None  # the first year by which it does with a chance of 10 %
    latest: int | None  # the same of 90 %


class Target(NamedTuple):
    """A target and what is known of it."""

    plan: PublishedForecast
    state: State
    due: bool  # True if its date has passed
    last: Observation | None = None
    reached: Observation | None = None
    needed_pct: float | None = None
    """Growth a year from the last known value to the target at its date; None where that has passed
    or is reached.
    """
    pace_pct: float | None = None
    """growth a year achieved from the first to the last known value on one basis."""
    start: Observation | None = None
    reach: Reach | None = None  # None below three yearly values, or where the target is reached


def targets(series: Series, today: date | None = None) -> tuple[Target, ...]:
    """Every dated target of a series, by its date.

    Parameters
    ----------
    today : the day that decides which dates have passed, today's when left out

    >>> import rural_forecast as rf
    >>> [(target.plan.value, target.state) for target in targets(rf.read("jingdong_bang_shops"))]
    [(1000.0, 'reached'), (1500.0, 'open')]
    """
    day = today or datetime.now(UTC).date()
    values = [  # a count at any date, but of a flow whole years alone
        prefer(observations, series.sources)
        for period, observations in by_period(series.observations).items()
        if period.is_year or series.measure != "flow"
    ]
    return tuple(
        _judge(series, plan, values, day) for plan in published_forecasts(series) if plan.target
    )


def _judge(
    series: Series, plan: PublishedForecast, values: Sequence[Observation], today: date
) -> Target:
    due = plan.period.end < today
    last = values[-1] if values else None
    reached = next(
        (seen for seen in values if seen.value >= plan.value and seen.qualifier != "<"), None
    )
    below = (seen for seen in values if seen.value < plan.value and seen.qualifier != ">")
    missed = any(seen.period.end >= plan.period.end for seen in below)
    state: State = "missed" if missed else "open" if due else "not due"
    if reached is not None and (reached.period.end <= plan.period.end or not missed):
        state = "reached"
    made = Target(plan, state, due, last, reached)
    if last is None:
        return made
    basis = max((year for year in series.breaks if year <= last.period.year), default=0)
    start = next(seen for seen in values if seen.period.year >= basis)
    if start.period.end < last.period.end:
        made = made._replace(
            start=start, pace_pct=_growth(start.value, last.value, start.period, last.period)
        )
    if reached is not None:
        return made
    made = made._replace(needed_pct=_growth(last.value, plan.value, last.period, plan.period))
    try:
        history = annual(series)
    except (UsageError, InputError):  # no yearly value
        return made
    if len(history.years) >= FEWEST_POINTS and history.last < plan.value:
        chance = forecast(series, Question(year=history.origin + FARTHEST)).chance(plan.value)
        made = made._replace(
            reach=Reach(*map(chance.year, (0.5, 0.5 - LEVEL / 200, 0.5 + LEVEL / 200)))
        )
    return made


def _growth(before: float, after: float, start: Period, end: Period) -> float | None:
    years = (12 * (end.year - start.year) + end.last - start.last) / 12
    return 100 * ((after / before) ** (1 / years) - 1) if before > 0 < after and years > 0 else None
