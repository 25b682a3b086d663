"""Dated targets: whether they are reached, the growth they need, and when the forecast reaches them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rural_forecast.document.table import Column, Document
from rural_forecast.forecasting.targets import FARTHEST, LEVEL, Reach, Target
from rural_forecast.notes import Note
from rural_forecast.series.observation import Observation, Series
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import capital
from rural_forecast.views.about import about_series
from rural_forecast.views.columns import Field, tabulated, without
from rural_forecast.views.series import unmarked

_MARKS = {"=": "", "~": "about ", ">": "more than ", "<": "up to "}


def document(targets: Sequence[tuple[Series, Target]]) -> Document:
    """One row a dated target."""
    fields: list[Field[tuple[Series, Target]]] = [
        (Column("series_id", "Series"), lambda pair: pair[0].id),
        (Column("period", "For"), lambda pair: str(pair[1].plan.period)),
        (Column("target", "Target", "number"), lambda pair: pair[1].plan.value),
        (Column("qualifier", ""), lambda pair: pair[1].plan.qualifier),
        (Column("author", "By"), lambda pair: pair[1].plan.author),
        (Column("announced", "Announced"), lambda pair: pair[1].plan.dated or None),
        (Column("last_period", "Last known"), lambda pair: str(pair[1].last.period) if pair[1].last else None),
        (
            Column("last_value", "Value", "number", follows=True),
            lambda pair: pair[1].last.value if pair[1].last else None,
        ),
        (Column("last_qualifier", ""), lambda pair: pair[1].last.qualifier if pair[1].last else None),
        (Column("needed_pct", "Needs a year", "percent", 0, sign=True), lambda pair: pair[1].needed_pct),
        (Column("pace_pct", "Pace a year", "percent", 0, sign=True), lambda pair: pair[1].pace_pct),
        (Column("reaches", "Forecast reaches", "year"), lambda pair: pair[1].reach and pair[1].reach.year),
        (
            Column("reaches_earliest", "Earliest", "year", follows=True),
            lambda pair: pair[1].reach and pair[1].reach.earliest,
        ),
        (Column("reaches_latest", "Latest", "year", follows=True), lambda pair: pair[1].reach and pair[1].reach.latest),
        (Column("state", "State"), lambda pair: pair[1].state),
        (Column("unit", "Unit"), lambda pair: pair[0].unit),
    ]
    people = unmarked(tabulated(targets, (fields[0][0], lambda pair: pair[0].label), *fields[1:]))
    filled = {column.key for column, *cells in zip(people.columns, *people.rows, strict=True) if {*cells} - {None, ""}}
    kept = filled - {"author", "announced", "unit"}  # 'series show' has these
    states = [target.state for _, target in targets]
    counts = {state: states.count(state) for state in ("reached", "missed", "open", "not due")}
    return Document(
        command="series list --targets",
        records=tabulated(targets, *fields),
        title="Dated targets of the catalogue",
        summary=(
            f"{len(targets)} targets: {', '.join(f'{count} {state}' for state, count in counts.items() if count)}.",
            "Open: no value is known at the target's date or after. 'rural-forecast series show ID' shows more.",
        ),
        sections=(without(people, *(column.key for column in people.columns if column.key not in kept)),),
        series=tuple(about_series(series) for series in {series.id: series for series, _ in targets}.values()),
    )


def notes(series: Series, targets: Iterable[Target]) -> list[Note]:
    """The targets of a series in words."""
    return [Note("target", sentence(target, series.unit)) for target in targets]


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
