"""Dated targets: what is known of them, the growth they need against the pace achieved, and when they are reached.

A target is the plan of the one who carries it out. It is judged by published values alone: where none is known at its
date or after, it stays open, for a target that is past may have been reached without a word, or given up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple

from rural_forecast.api.arguments import checked
from rural_forecast.errors import InputError, UsageError
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.series.history import annual
from rural_forecast.series.observation import Observation, Series, require_series
from rural_forecast.series.period import Period
from rural_forecast.series.preference import by_period, prefer
from rural_forecast.series.published import PublishedForecast, published_forecasts
from rural_forecast.text.wording import number

FEWEST_POINTS = 3
"""Yearly values that a forecast of the year of reaching rests on, at least."""
FARTHEST = 50
"""Years after the last value within which a target is looked for."""
LEVEL = 80

State = Literal["reached", "missed", "open", "not due"]


class Reach(NamedTuple):
    """When the forecast reaches a target; None where not within `FARTHEST` years."""

    year: int | None
    earliest: int | None
    """The first year whose upper bound does."""
    latest: int | None
    """The first year whose lower bound does."""


class Target(NamedTuple):
    """A target and what is known of it."""

    plan: PublishedForecast
    state: State
    last: Observation | None
    """The last known value, None where there is none."""
    reached: Observation | None
    """The first known value that reaches it."""
    needed_pct: float | None
    """Growth a year from the last known value to the target at its date; None where that has passed or is reached."""
    pace_pct: float | None
    """Growth a year achieved from the first to the last known value on one basis."""
    start: Observation | None
    """The first of these two."""
    reach: Reach | None
    """None below three yearly values, or where the target is reached."""
    due: bool
    """Whether its date has passed."""


@checked
def targets(series: Series, today: date | None = None) -> tuple[Target, ...]:
    """Every dated target of a series, by its date.

    Parameters
    ----------
    today : the day that decides which dates have passed, today's when left out

    >>> import rural_forecast as rf
    >>> [(one.plan.value, one.state) for one in targets(rf.read("jingdong_bang_shops"))]
    [(1000.0, 'reached'), (1500.0, 'open')]
    """
    require_series(series)
    day = today or datetime.now(UTC).date()
    plans = [said for said in published_forecasts(series) if said.target]
    if not plans:
        return ()
    known = _known(series)
    return tuple(_judged(series, plan, known, day) for plan in plans)


def _known(series: Series) -> dict[Period, Observation]:
    """Values by period: a count at any date, but of a flow whole years alone."""
    return {
        period: prefer(given, series.sources)
        for period, given in by_period(series.observations).items()
        if period.is_year or series.measure != "flow"
    }


def _judged(series: Series, plan: PublishedForecast, known: Mapping[Period, Observation], today: date) -> Target:
    values = list(known.values())
    last = values[-1] if values else None
    reached = next((one for one in values if one.value >= plan.value and one.qualifier != "<"), None)
    start = _start(series, values)
    ahead = last is not None and reached is None and last.period.end < plan.period.end
    due = plan.period.end < today
    return Target(
        plan=plan,
        state=_state(plan, values, reached, due),
        last=last,
        reached=reached,
        needed_pct=_rate(last.value, plan.value, last.period, plan.period) if last is not None and ahead else None,
        pace_pct=_rate(start.value, last.value, start.period, last.period) if start and last else None,
        start=start,
        reach=_reach(series, plan) if reached is None and last is not None else None,
        due=due,
    )


def _state(plan: PublishedForecast, values: Sequence[Observation], reached: Observation | None, due: bool) -> State:
    if reached is not None and reached.period.end <= plan.period.end:
        return "reached"
    since = [one for one in values if one.period.end >= plan.period.end]
    if any(one.value < plan.value and one.qualifier != ">" for one in since):
        return "missed"
    if reached is not None:
        return "reached"
    return "open" if due else "not due"


def _start(series: Series, values: Sequence[Observation]) -> Observation | None:
    """The first value on the basis of the last one, None where that is the same."""
    if not values:
        return None
    basis = max((year for year in series.breaks if year <= values[-1].period.year), default=0)
    first = next(one for one in values if one.period.year >= basis)
    return first if first.period.end < values[-1].period.end else None


def _rate(before: float, after: float, start: Period, end: Period) -> float | None:
    """Compound growth a year between the ends of two periods, in percent."""
    years = (12 * (end.year - start.year) + end.last - start.last) / 12
    return 100 * ((after / before) ** (1 / years) - 1) if before > 0 < after and years > 0 else None


def _reach(series: Series, plan: PublishedForecast) -> Reach | None:
    try:
        history = annual(series)
    except (UsageError, InputError):  # no yearly value
        return None
    if len(history.years) < FEWEST_POINTS or history.values[-1] >= plan.value:
        return None
    result = forecast(series, year=history.origin + FARTHEST, levels=(LEVEL,))
    best = result.best

    def first(path: Sequence[float]) -> int | None:
        return next((year for year, value in zip(result.years, path, strict=True) if value >= plan.value), None)

    return Reach(first(best.values.tolist()), first(best.upper[0].tolist()), first(best.lower[0].tolist()))


def told(target: Target, unit: str) -> str:
    """One target in words."""
    plan = target.plan
    amount = f"{_MARKS[plan.qualifier]}{number(plan.value)}"
    about = "; ".join(filter(None, (f"{plan.author}{f', {plan.dated}' if plan.dated else ''}", plan.note)))
    said = [f"Target of {amount}{f' {unit}' if unit and unit != 'count' else ''} for {plan.period} ({about}): "]
    said[0] += _verdict(target)
    if target.needed_pct is not None:
        needs = "It needed" if target.due else "It needs"
        said.append(f"{needs} {target.needed_pct:+.0f} % a year from there{_pace(target)}.")
    if target.reach is not None:
        said.append(_reaching(target.reach))
    return " ".join(said)


_MARKS = {"=": "", "~": "about ", ">": "more than ", "<": "up to "}


def _value(one: Observation) -> str:
    return f"{_MARKS[one.qualifier]}{number(one.value)} in {one.period}{f' ({one.note})' if one.note else ''}"


def _verdict(target: Target) -> str:
    last, plan = target.last, target.plan
    if last is None:
        return "open. No value of it is known."
    if target.reached is not None:
        by = target.reached
        if target.state == "missed":
            return f"missed; reached later, {_value(by)}."
        late = "" if by.period.end <= plan.period.end else "; whether in time is not known"
        return f"reached, {_value(by)}{late}."
    if target.state == "missed":
        return f"missed; {_value(last)}."
    since = "no value is known since" if target.due else "the last known value"
    passed = ", and its date has passed" if target.due else ""
    return f"{target.state}. {_value(last)[:1].upper()}{_value(last)[1:]}; {since}{passed}."


def _pace(target: Target) -> str:
    if target.pace_pct is None or target.start is None or target.last is None:
        return ""
    return f", against {target.pace_pct:+.0f} % achieved ({target.start.period} to {target.last.period})"


def _reaching(reach: Reach) -> str:
    beyond = f"not within {FARTHEST} years"
    if reach.year is None:
        early = f"; its {LEVEL} % interval does in {reach.earliest} at the earliest" if reach.earliest else ""
        return f"The forecast does not reach it within {FARTHEST} years{early}."
    latest = reach.latest or beyond
    return f"The forecast reaches it in {reach.year} ({LEVEL} %: {reach.earliest} to {latest})."
