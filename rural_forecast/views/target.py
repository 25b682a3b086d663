"""One dated target in words: whether it is reached, the growth it needs, and when the forecast reaches it."""

from __future__ import annotations

from rural_forecast.forecasting.targets import FARTHEST, LEVEL, Reach, Target
from rural_forecast.series.observation import Observation
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import capital

_MARKS = {"=": "", "~": "about ", ">": "more than ", "<": "up to "}


def sentence(target: Target, unit: str) -> str:
    """One target in words."""
    plan = target.plan
    amount = f"{_MARKS[plan.qualifier]}{number(plan.value)}"
    about = "; ".join(filter(None, (f"{plan.author}{f', {plan.dated}' if plan.dated else ''}", plan.note)))
    parts = [f"Target of {amount}{f' {unit}' if unit and unit != 'count' else ''} for {plan.period} ({about}): "]
    parts[0] += _verdict(target)
    if target.needed_pct is not None:
        needs = "It needed" if target.due else "It needs"
        parts.append(f"{needs} {target.needed_pct:+.0f} % a year from there{_pace(target)}.")
    if target.reach is not None:
        parts.append(_reaching(target.reach))
    return " ".join(parts)


def _value(seen: Observation) -> str:
    return f"{_MARKS[seen.qualifier]}{number(seen.value)} in {seen.period}{f' ({seen.note})' if seen.note else ''}"


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
    return f"{target.state}. {capital(_value(last))}; {since}{passed}."


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
