"""Dated targets: reached, missed or open, the growth they need against the pace achieved, and the
year in which they are reached.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple

from rural_forecast.errors import InputError, UsageError
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.observed.history import annual
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.period import Period
from rural_forecast.observed.preference import (
    PublishedForecast,
    by_period,
    prefer,
    published_forecasts,
)
from rural_forecast.question.question import Question

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
    """Judge every dated target of a series, in order of dates.

    Parameters
    ----------
    series : a series, or whatever `rural_forecast.series` makes one of
    today : the day that decides which dates have passed, today's when left out

    Raises
    ------
    TypeError : no series can be made of what is given
    InputError : the data of the series are refused

    >>> import rural_forecast as rf
    >>> [(target.plan.value, target.state) for target in targets(rf.read("jingdong_bang_shops"))]
    [(1000.0, 'reached'), (1500.0, 'open')]
    """
    day = today or datetime.now(UTC).date()
    values = []
    for period, observations in by_period(series.observations).items():
        # A stock has a count at any date, but a flow has whole years alone.
        if period.is_year or series.measure != "flow":
            values.append(prefer(observations, series.sources))
    plans = [figure for figure in published_forecasts(series) if figure.target]
    return tuple(_judge(series, plan, values, day) for plan in plans)


def _judge(
    series: Series, plan: PublishedForecast, values: Sequence[Observation], today: date
) -> Target:
    due = plan.period.end < today
    reached = _first_reaching(plan, values)
    state = _state(plan, values, reached, due=due)
    if not values:
        return Target(plan, state, due)
    last = values[-1]
    target = Target(plan, state, due, last, reached)

    basis = max((year for year in series.breaks if year <= last.period.year), default=0)
    start = next(value for value in values if value.period.year >= basis)
    if start.period.end < last.period.end:
        pace = _growth(start.value, last.value, start.period, last.period)
        target = target._replace(start=start, pace_pct=pace)
    if reached is not None:
        return target
    needed = _growth(last.value, plan.value, last.period, plan.period)
    return target._replace(needed_pct=needed, reach=_reach(series, plan.value))


def _first_reaching(plan: PublishedForecast, values: Sequence[Observation]) -> Observation | None:
    """Return the first value that surely reaches a target."""
    for value in values:
        if value.value >= plan.value and value.qualifier != "<":
            return value
    return None


def _state(
    plan: PublishedForecast,
    values: Sequence[Observation],
    reached: Observation | None,
    *,
    due: bool,
) -> State:
    missed = any(
        value.value < plan.value and value.qualifier != ">" and value.period.end >= plan.period.end
        for value in values
    )
    if reached is not None and (reached.period.end <= plan.period.end or not missed):
        return "reached"
    if missed:
        return "missed"
    return "open" if due else "not due"


def _reach(series: Series, value: float) -> Reach | None:
    """Find when sampled paths reach a value; None below three yearly values, or if one has."""
    try:
        history = annual(series)
    except (UsageError, InputError):  # no yearly value
        return None
    if len(history.years) < FEWEST_POINTS or history.last >= value:
        return None
    chance = forecast(series, Question(year=history.origin + FARTHEST)).chance(value)
    return Reach(
        year=chance.year(0.5),
        earliest=chance.year(0.5 - LEVEL / 200),
        latest=chance.year(0.5 + LEVEL / 200),
    )


def _growth(before: float, after: float, start: Period, end: Period) -> float | None:
    """Return the growth a year in percent; None unless both are positive and time has passed."""
    years = (12 * (end.year - start.year) + end.last - start.last) / 12
    if years <= 0 or before <= 0 or after <= 0:
        return None
    growth: float = (after / before) ** (1 / years) - 1
    return 100 * growth
