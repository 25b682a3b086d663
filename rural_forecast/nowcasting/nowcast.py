"""The nowcast: the evidence on a year of which a part is known, its votes combined, and notes on
all of these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite
from typing import Any, NamedTuple, Unpack

from rural_forecast.api import Comparable
from rural_forecast.errors import UsageError, option
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.question import DEFAULT_LEVELS, checked_levels, headline
from rural_forecast.forecasting.result import Forecast, in_currency
from rural_forecast.notes import Note
from rural_forecast.nowcasting.evidence import (
    LEVEL,
    Case,
    contradictions,
    gathered,
    known_elsewhere,
    shares_of,
)
from rural_forecast.nowcasting.parts import BOUNDS, Base, Choice, Part, Rows, read_partial
from rural_forecast.nowcasting.votes import Evidence, combine, combine_restated, votes
from rural_forecast.series.history import Selection, observed_years
from rural_forecast.series.money import Exchange
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.preference import PublishedForecast, published_forecasts
from rural_forecast.text.numbers import number, rounded
from rural_forecast.text.wording import capital, listed, named_months, spans


class Vote(NamedTuple):
    """The estimate of one voter: `share`, `growth`, `smoothing`, `annual` or `calendar`."""

    voter: str
    value: float
    weight: float


class KnownPart(NamedTuple):
    """A part of the target year, `used` or `left out`, with the same part a year before."""

    part: Part
    use: str
    base: Base | None


@dataclass(frozen=True, slots=True, eq=False)
class Nowcast(Comparable):
    """One year estimated from its known part."""

    series: Series
    year: int
    levels: tuple[int, ...]
    choice: Choice
    parts: tuple[KnownPart, ...]
    base: Base | None  # the same months of the year before
    evidence: Evidence  # the evidence behind the votes, in the unit of the data
    value: float
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    votes: tuple[Vote, ...]
    annual: Forecast | None
    """the forecast from whole years alone; None where there is none on this basis."""
    estimates: tuple[PublishedForecast, ...]  # figures that others published for the year
    actual: Observation | None  # the total of the year where it is known by now (a hindcast)
    as_of: date | None
    same_definition: bool  # True if parts on another definition were allowed
    notes: tuple[Note, ...] = ()
    """warnings first, then the use of each part, then the notes on the whole years."""

    def __repr__(self) -> str:
        value = f"{self.value:,.4g} {self.series.unit}".rstrip()
        return f"<Nowcast of {self.series.id}: {value} in {self.year}>"

    @property
    def headline(self) -> int:
        """Place of the level that sentences name."""
        return headline(self.levels)

    @property
    def before(self) -> float | None:
        """The total of the year before, where it is known on this basis."""
        annual = self.annual
        return (
            annual.history.last if annual is not None and annual.origin == self.year - 1 else None
        )

    @property
    def vote(self) -> Mapping[str, Vote]:
        """Votes by voter."""
        return {vote.voter: vote for vote in self.votes}


def nowcast(
    series: Series,
    *,
    year: int | None = None,
    partial: Sequence[str | Part] = (),
    levels: Sequence[int] = DEFAULT_LEVELS,
    same_definition: bool = False,
    **selection: Unpack[Selection],
) -> Nowcast:
    """Estimate a year of which halves, quarters or months are known.

    Parameters
    ----------
    year : the year to estimate; left out, it is that of the latest typed part, the one after
    `until`, or the latest
        year of which only parts are known
    partial : known parts, `2017H1=537.62`, or with their growth in percent `2017H1=537.62:38.1`;
    they replace those
        of the series, and parts of earlier years are taken too
    levels : interval levels in whole percents, 30 to 99
    same_definition : use parts that the catalogue has under another definition, or that do not fit
    the series selection : which points are used, see `Selection`; with an `until` before the year,
    a year whose total is known is
        estimated; `basis` is of the levels that the annual forecast uses

    Raises
    ------
    UsageError : the series is no flow, nothing is known of the year, its total is known, parts or
    parts contradict InputError : parts in a file contradict each other or their year, or a part is
    on another definition

    >>> from rural_forecast.question.source import read
    >>> result = nowcast(read("mofcom"), year=2017, until=2016, partial=["2017H1=537.62:38.1"])
    >>> 1180 < result.value < 1300, result.base.how, round(result.base.value, 1)
    (True, 'replaced', 389.3)
    """
    if series.measure != "flow":
        hint = f"{option('measure', 'flow')} reads a file as a flow, such as sales."
        raise UsageError(
            f"{series.id} is a {series.measure}: its parts do not add up to a year.", hint
        )
    levels = checked_levels(levels)
    typed = [read_partial(part) if isinstance(part, str) else part for part in partial]
    until = selection.get("until")
    as_of = selection.get("as_of")
    prefer = selection.get("prefer")
    published = Rows.of(series, as_of, prefer)
    warnings = [*known_elsewhere(series, typed, published, same_definition=same_definition)]
    series = published.with_sums(series)
    totals = {
        total.period.year: total.value
        for total in observed_years(series, as_of=as_of, prefer=prefer)
    }
    target = published.target_year(series, year, until, typed, totals)
    actual = next(
        (total for total in observed_years(series, prefer=prefer) if total.period.year == target),
        None,
    )
    choice = published.choice(series, target, typed, actual.value if actual else None)
    known = Rows.of(series, as_of, prefer, typed)
    last = target - 1 if until is None else min(until, target - 1)
    window: dict[str, Any] = {**selection, "until": last}
    annual = None
    if any(total <= last for total in totals):
        annual = forecast(series, year=target, levels=sorted({80, LEVEL, *levels}), **window)
        if any(annual.origin < first <= target for first in series.breaks):
            annual = None
    by_year = (
        dict(zip(annual.history.years, annual.history.values.tolist(), strict=True))
        if annual
        else {}
    )
    if selection.get("basis") == "chained":  # a part and its year on one basis: both as published
        by_year = {year: totals.get(year, value) for year, value in by_year.items()}
    earlier = {
        year: of_year
        for year in (sorted({*by_year, target - 1}) if annual else ())
        if (of_year := known.base(year, choice.months, choice.used if year == target - 1 else ()))
    }
    base = earlier.get(target - 1)
    case = Case(series, target, known, choice, annual, by_year, earlier, base, same_definition)
    past = shares_of(case)
    evidence = gathered(case, past)
    warnings += contradictions(case, evidence, past)
    voted = votes(evidence)
    if not voted or (evidence.part == 0 and "growth" not in voted):
        raise UsageError(
            f"{series.id} has a growth alone, and no earlier year.",
            f"Give a value: {option('partial')}.",
        )
    restated = base is not None and base.how == "restated" and {"share", "growth"} <= voted.keys()
    _require_finite(voted.values(), target)
    answer = (combine_restated if restated else combine)(evidence, levels)
    _require_finite((answer.point, *answer.lower, *answer.upper), target)
    parts = (
        KnownPart(part, use, known.base(target - 1, part.months, (part,)) if annual else None)
        for use, of_use in (("used", choice.used), ("left out", choice.left))
        for part in of_use
    )
    others = (
        each
        for each in published_forecasts(series, as_of=as_of)
        if each.period.is_year and not each.target
    )
    result = Nowcast(
        series=series,
        year=target,
        levels=levels,
        choice=choice,
        parts=tuple(sorted(parts, key=lambda line: (line.part.period, line.use))),
        base=base,
        evidence=evidence,
        value=answer.point,
        lower=answer.lower,
        upper=answer.upper,
        votes=tuple(Vote(voter, value, answer.weights[voter]) for voter, value in voted.items()),
        annual=annual,
        estimates=tuple(each for each in others if each.period.year == target),
        actual=actual,
        as_of=as_of,
        same_definition=same_definition,
    )
    return replace(result, notes=(*warnings, *_notes(result)))


def _require_finite(values: Iterable[float], target: int) -> None:
    if not all(map(isfinite, values)):
        raise UsageError(
            f"These parts make {target} more than a number holds.",
            "Write the series in a larger unit.",
        )


@in_currency.register
def _converted(result: Nowcast, how: Exchange) -> Nowcast:
    def moved(known: Any, year: int = result.year) -> Any:
        """An amount of a year, or what holds some, in the other currency."""
        if known is None:
            return None
        if isinstance(known, float | int):
            return how.value(known, year)
        if isinstance(known, Base):
            value, published, implied = (moved(each, year - 1) for each in known[1:4])
            return Base(known.how, value, published, implied, known.weak)
        if isinstance(known, KnownPart):
            return KnownPart(moved(known.part), known.use, moved(known.base))
        if isinstance(known, Part | Vote | PublishedForecast):
            return known._replace(value=moved(known.value))
        return tuple(map(moved, known))

    years = (*(result.annual.history.years if result.annual else ()), result.year)
    amounts = ("parts", "base", "value", "lower", "upper", "votes", "estimates")
    return replace(
        result,
        **{name: moved(getattr(result, name)) for name in amounts},
        notes=(how.note(years, "nowcast", result.series.unit), *result.notes),
        series=replace(result.series, unit=how.unit),
        choice=Choice(*map(moved, result.choice)),
        annual=result.annual and in_currency(result.annual, how),
        actual=result.actual and replace(result.actual, value=moved(result.actual.value)),
    )


def _notes(result: Nowcast) -> Iterator[Note]:
    year = result.year
    choice = result.choice
    base = result.base
    voted = result.vote.keys()
    annual = result.annual
    if choice.left:
        others = (
            f"{part.period} ({f'growth {part.growth_pct:+g} %' if part.value is None else number(part.value)})"
            for part in choice.left
        )
        yield Note(
            "longest_part", f"The longest known part of {year} is used, and not {listed(others)}."
        )
    for part in (part for part in choice.used if part.weak):
        months = f"{capital(named_months(part.months))} is {part.weak}"
        if part.weak in BOUNDS.values():
            side = "low" if part.weak == BOUNDS[">"] else "high"
            yield Note(
                "inexact_part",
                f"{months} {number(part.value or 0)}, so the nowcast is likely too {side}.",
            )
        else:
            yield Note("preliminary_part", f"{months} and may be revised.")
    months = named_months(choice.months)
    if base is not None and base.published is not None and base.how != "published":
        before = f"{capital(months)} of {year - 1}"
        implied = rounded(base.implied or 0.0)
        if base.how == "restated":
            change = 100 * ((base.implied or 0.0) / base.published - 1)
            text = f"{before} is published as {number(base.published)}, but the growth since implies {implied}"
            then = f"({change:+.1f} %): the base was restated, and the whole year may have been."
            yield Note("restated_base", f"{text} {then}")
        else:
            bound = f"{base.weak} " if base.weak in BOUNDS.values() else ""
            then = (
                "so it is not used"
                if base.implied is None
                else f"replaced by {implied}, which the growth since implies"
            )
            yield Note(
                "weak_base",
                f"{before} was first published as {bound}{number(base.published)}, {then}.",
            )
    if "calendar" in voted:
        yield Note(
            "no_season", f"No earlier year has {months} on this basis, so the interval is wide."
        )
    if annual is None:
        broken = [first for first in result.series.breaks if first <= year]
        first = (
            f"{max(broken)} is the first year on a new basis; no earlier year is used."
            if broken
            else ""
        )
        yield Note(
            "no_earlier_year", first or "No earlier year is known, so there is no annual forecast."
        )
    if annual is None or result.actual or result.as_of:
        yield Note(
            "learned_later", f"The weights and the models were trained on data from after {year}."
        )
    seen = annual.history.observations if annual else ()
    if summed := [
        one.period.year for one in seen if one.derivation and one.derivation.how == "sum"
    ]:
        yield Note("summed", f"Parts are summed to years: {spans(summed)}.")
    of_years = annual.notes if annual else result.series.reading_notes
    used_here = ("learned_later", "parts_of_year", "open_year")
    yield from (note for note in of_years if note.code not in used_here)
