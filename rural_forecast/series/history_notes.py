"""What is said of a history: one sentence a fact, empty where there is nothing to say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from rural_forecast.notes import Note
from rural_forecast.series.basis import TOLERANCE_PCT, implied_gap_pct
from rural_forecast.series.findings import of_values as of_values_used
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.preference import Conflict, is_rounding
from rural_forecast.text.wording import listed, number, sentence, shortened, spans

if TYPE_CHECKING:
    from rural_forecast.series.selection import SetAside

MANY = 4
"""Above this number of values a sentence names their years only."""
FINDINGS = ("jump", "fall", "part", "more_findings", "conflict")
"""Codes of notes on what the check finds wrong with levels."""
MOST_DOUBTS = 3
"""Findings that are said one by one."""
_QUALIFIED = {"~": "rounded", ">": "a floor", "<": "an upper figure"}


def of_publication(series: Series, as_of: date | None) -> list[str]:
    """What `as_of` leaves out."""
    if as_of is None:
        return []
    values = [one for one in (*series.observations, *series.growth) if one.status != "forecast"]
    undated = sum(one.published_latest is None for one in values)
    later = sum(one.published_latest is not None and one.published_latest > as_of for one in values)
    said = f"Only what had surely been published by {as_of} is used: {later} later value{'s' * (later != 1)} left out"
    return [f"{said}, and {undated} undated." if undated else f"{said}."]


def of_parts(series: Series) -> list[str]:
    """Which values of a file are of parts of a year, which no annual model uses."""
    parts = [str(seen.period) for seen in series.observations if not seen.period.is_year and seen.status != "forecast"]
    if not series.file or not parts:
        return []
    are = "is a part of a year and not" if len(parts) == 1 else "are parts of a year and not"
    text = f"{shortened(list(dict.fromkeys(parts)))} {are} used; 'rural-forecast nowcast' uses such values."
    return [Note(text, code="parts_of_year", warning=True)]


def of_segment(
    series: Series,
    start: int | None,
    end: int | None,
    used: Mapping[int, Observation],
    aside: Iterable[SetAside],
    gap: Sequence[int],
) -> list[str]:
    """Which years are used, and why not all."""
    by_reason: dict[str, list[int]] = {}
    for one in aside:
        by_reason.setdefault(one.why, []).append(one.observation.period.year)
    said = []
    if before := by_reason.get("break"):
        said.append(
            f"{start} is the first year on a new basis: {spans(before)} {_is(before)} on the earlier one and not used"
            f"{f' ({series.caveat})' if series.caveat else ''}."
        )
    if after := by_reason.get("new basis"):
        said.append(f"The basis changes in {end}: {spans(after)} cannot be compared with the years used here.")
    if gap:
        skipped = by_reason.get("gap", [])
        said.append(
            f"No value for {spans(gap)}: only the run after the last gap, from {min(used)} on, is used; "
            f"{spans(skipped)} {_is(skipped)} set aside, and nothing is filled."
        )
    return said


def of_values(used: Iterable[Observation], basis: str, published: Mapping[int, Observation]) -> list[str]:
    """Which values are derived, preliminary, estimated or not exact."""
    said = []
    ours = [one for one in used if one.period.year not in published]
    if basis == "chained":
        said.append(_of_chain(list(used), published))
    elif ours:
        said.append("Derived from the next year's published growth: " + "; ".join(map(_derivation, ours)) + ".")
    for status, words in (("preliminary", "preliminary"), ("estimate", "an estimate")):
        years = [one for one in used if one.status == status and one.period.year in published and basis != "chained"]
        if years:
            kind = words if len(years) == 1 or status == "preliminary" else "estimates"
            derived = (
                f" ({'; '.join(one.note for one in years if one.derived)})" if any(one.derived for one in years) else ""
            )
            said.append(f"{spans(one.period.year for one in years)} {_is(years)} {kind}{derived}.")
    for mark, words in _QUALIFIED.items():
        values = [one for one in used if one.qualifier == mark and one.period.year in published]
        if basis == "chained":
            values = [one for one in values if not one.derived]
        if values:
            many = len(values) > MANY
            given = (
                f"The values of {spans(one.period.year for one in values)}"
                if many
                else listed(f"{number(one.value)} ({one.period})" for one in values)
            )
            plural = {"a floor": "floors", "an upper figure": "upper figures"}.get(words, words)
            said.append(f"{given} {_is(values)} {words if len(values) == 1 else plural}, used as if exact.")
    return said


def of_doubts(series: Series, used: Mapping[int, Observation], known: Iterable[Observation]) -> list[str]:
    """What the check finds most likely wrong with the values used."""
    found = of_values_used(series, used, known)
    told = [Note(sentence(f"{one.period}: {one.text}"), code=one.code, warning=True) for one in found[:MOST_DOUBTS]]
    if len(found) > MOST_DOUBTS:
        more = f"{len(found) - MOST_DOUBTS} more values need a look: 'rural-forecast series check' lists them."
        told.append(Note(more, code="more_findings", warning=True))
    return list(told)


def of_growth(
    used: Mapping[int, Observation],
    published: Mapping[int, Observation],
    rates: Mapping[int, Observation],
    basis: str,
) -> list[str]:
    """In which years the published growth does not fit the published levels."""
    gaps = {
        year: implied_gap_pct(published[year].value, rates[year].value, published[year - 1].value)
        for year in used
        if year in rates and year - 1 in used and year in published and year - 1 in published
        if published[year - 1].value > 0
    }
    wide = {year: gap for year, gap in gaps.items() if abs(gap) > TOLERANCE_PCT}
    if not wide:
        return []
    worst = max(wide, key=lambda year: abs(wide[year]))
    said = (
        f"Published levels and growth disagree by more than {TOLERANCE_PCT:g} % in {spans(wide)}, most in {worst}: "
        f"{rates[worst].value:+g} % to {number(published[worst].value)} implies "
        f"{number(round(published[worst].value / (1 + rates[worst].value / 100), 1))} for {worst - 1}, "
        f"published as {number(published[worst - 1].value)}"
    )
    if basis == "chained":
        return [Note(f"{said}.", code="growth")]
    ours = _is_shipped(published.values())
    return [Note(f"{said}; --basis chained follows the growth.", code="growth", warning=not ours)]


def of_conflicts(found: Sequence[Conflict]) -> list[str]:
    """Between what values the sources differ, and which one is used."""
    if not found:
        return []
    if len(found) > MANY:
        worst = max(found, key=lambda one: one.spread_pct)
        said = f"Sources differ in {spans(one.period.year for one in found)}, most in {_of_conflict(worst)}."
    else:
        said = f"Sources differ: {'; '.join(map(_of_conflict, found))}."
    close = all(map(is_rounding, found)) or _is_shipped(seen for one in found for seen in one.values)
    return [Note(said, code="conflict", warning=not close)]


def _is_shipped(values: Iterable[Observation]) -> bool:
    """Whether values are of the catalogue that ships: its disagreements are known, and nothing a user can mend."""
    return not any(one.place for one in values)


def _of_conflict(one: Conflict) -> str:
    return (
        f"{one.period} from {number(one.low)} to {number(one.high)} (spread {one.spread_pct:.2g} %), "
        f"{number(one.chosen.value)} used"
    )


def _of_chain(used: Sequence[Observation], published: Mapping[int, Observation]) -> str:
    last, first = used[-1], used[0]
    own = [one.period.year + 1 for one in used if one.derivation and one.derivation.how == "growth of the levels"]
    return (
        f"Levels are rebuilt backwards from {number(last.value)} ({last.period}) with the published growth"
        + (f" (that of the levels in {spans(own)}, where none is published)" if own else "")
        + f": {number(round(first.value, 2))} in {first.period}"
        + (f", published as {number(published[first.period.year].value)}." if first.period.year in published else ".")
    )


def _derivation(one: Observation) -> str:
    return f"{one.period} = {number(one.value)} ({one.derivation.arithmetic if one.derivation else one.note})"


def _is(items: Sequence[object]) -> str:
    return "is" if len(items) == 1 else "are"
