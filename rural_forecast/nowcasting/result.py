"""The result of a nowcast: one year, its known part, the votes, published estimates, and notes on all of these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from rural_forecast.api import Comparable
from rural_forecast.forecasting.in_currency import in_currency
from rural_forecast.forecasting.result import Forecast
from rural_forecast.notes import Note, without_code
from rural_forecast.nowcasting.evidence import Evidence
from rural_forecast.nowcasting.parts import BOUNDS, Base, Choice, Part
from rural_forecast.series.money.conversion import Exchange
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.published import PublishedForecast
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
    annual: Forecast | None  # the forecast from whole years alone; None where there is none on this basis
    estimates: tuple[PublishedForecast, ...]  # figures that others published for the year
    actual: Observation | None  # the total of the year where it is known by now (a hindcast)
    as_of: date | None
    same_definition: bool  # True if parts on another definition were allowed
    notes: tuple[Note, ...] = ()  # warnings first, then the use of each part, then the notes on the whole years

    def __repr__(self) -> str:
        value = f"{self.value:,.4g} {self.series.unit}".rstrip()
        return f"<Nowcast of {self.series.id}: {value} in {self.year}>"

    @property
    def before(self) -> float | None:
        """The total of the year before, where it is known on this basis."""
        return total_before(self.annual, self.year)

    @property
    def from_the_part(self) -> float:
        """The year as the known part alone implies it: the lowest of the votes that rest on it."""
        alone = [vote.value for vote in self.votes if vote.voter in ("share", "growth")]
        return min(alone or [vote.value for vote in self.votes if vote.voter != "annual"] or [self.value])

    @property
    def vote(self) -> Mapping[str, Vote]:
        """Votes by voter."""
        return {vote.voter: vote for vote in self.votes}

    def annual_bounds(self, level: int) -> tuple[float, float] | None:
        """The interval of the annual forecast alone."""
        return self.annual.best.ends(self.annual.levels.index(level)) if self.annual else None

    def narrower_pct(self, level: int) -> float | None:
        """How much narrower the interval is than that of the annual forecast, in percent of the latter's width.

        Widths are relative to their medians: a larger market is not a less certain one.
        """
        bounds, at = self.annual_bounds(level), self.levels.index(level)
        if self.annual is None or bounds is None or bounds[1] <= bounds[0]:
            return None
        ratio = (self.upper[at] - self.lower[at]) / (bounds[1] - bounds[0])
        return 100 * (1 - ratio * self.annual.best.last / self.value)


def total_before(annual: Forecast | None, target: int) -> float | None:
    """The total of the year before, where it is known on this basis."""
    return float(annual.history.values[-1]) if annual is not None and annual.origin == target - 1 else None


@in_currency.register
def _converted(result: Nowcast, how: Exchange) -> Nowcast:
    def amount(value: float, year: int = result.year) -> float:
        return how.value(value, year)

    def part(known: Part) -> Part:
        return known if known.value is None else known._replace(value=amount(known.value))

    def base(earlier: Base | None) -> Base | None:
        if earlier is None:
            return None
        amounts = (earlier.value, earlier.published, earlier.implied)
        value, published, implied = (each and amount(each, result.year - 1) for each in amounts)
        return earlier._replace(value=value, published=published, implied=implied)

    years = (*(result.annual.history.years if result.annual else ()), result.year)
    return replace(
        result,
        notes=(how.note(years, "nowcast", result.series.unit), *result.notes),
        series=replace(result.series, unit=how.unit),
        choice=Choice(*(tuple(map(part, parts)) for parts in result.choice)),
        parts=tuple(KnownPart(part(known.part), known.use, base(known.base)) for known in result.parts),
        base=base(result.base),
        value=amount(result.value),
        lower=tuple(map(amount, result.lower)),
        upper=tuple(map(amount, result.upper)),
        votes=tuple(vote._replace(value=amount(vote.value)) for vote in result.votes),
        annual=result.annual and in_currency(result.annual, how),
        estimates=tuple(figure._replace(value=amount(figure.value)) for figure in result.estimates),
        actual=result.actual and replace(result.actual, value=amount(result.actual.value)),
    )


def notes(result: Nowcast) -> Iterator[Note]:
    """Every fact once, the known part first."""
    year, choice = result.year, result.choice
    if choice.left:
        used = f"Of {year} the longest known part is used, {_named(choice.used)}"
        yield Note("longest_part", f"{used}, and not {_named(choice.left)}.")
    for part in choice.used:
        months = capital(named_months(part.months))
        if part.weak in BOUNDS.values():
            side = "too low" if part.weak == BOUNDS[">"] else "too high"
            text = f"{months} is {part.weak} {number(part.value or 0)}, so the nowcast is likely {side}."
            yield Note("inexact_part", text)
        elif part.weak:
            yield Note("preliminary_part", f"{months} is {part.weak} and may be revised.")
    yield from _on_base(result)
    months, voted, annual = named_months(choice.months), result.vote.keys(), result.annual
    if "calendar" in voted:
        other = "other parts of earlier years are used instead"
        how = "no season is known" if result.evidence.bend is None else other
        yield Note("no_season", f"No earlier year has {months} on this basis: {how}, so the interval is wide.")
    if choice.value is None and "growth" not in voted:
        yield Note("unused_growth", f"The growth of {months} is not used, as the total of {year - 1} is not known.")
    if annual is None:
        broken = [first for first in result.series.breaks if first <= year]
        first = f"{max(broken)} is the first year on a new basis; no earlier year is used." if broken else ""
        yield Note("no_earlier_year", first or "No earlier year is known, so there is no annual forecast.")
    if annual is None or result.actual or result.as_of:
        yield Note("learned_later", f"The weights and the models were trained on data from after {year}.")
    seen = annual.history.observations if annual else ()
    if summed := [one.period.year for one in seen if one.derivation and one.derivation.how == "sum"]:
        yield Note("summed", f"Parts are summed to years: {spans(summed)}.")
    of_years = annual.notes if annual else result.series.reading_notes
    yield from without_code(of_years, "learned_later", "parts_of_year", "open_year")  # parts are used here


def _named(parts: Sequence[Part]) -> str:
    return listed(
        f"{named_months(part.months)} ({number(part.value)})"
        if part.value is not None
        else f"the growth of {named_months(part.months)} ({part.growth_pct:+g} %)"
        for part in parts
    )


def _on_base(result: Nowcast) -> Iterator[Note]:
    """Note on the same part of the year before, where it is not used as published."""
    base = result.base
    if base is None or base.published is None or base.how == "published":
        return
    months = f"{capital(named_months(result.choice.months))} of {result.year - 1}"
    if base.how == "restated" and base.implied is not None:
        implied = f"{rounded(base.implied)} ({100 * (base.implied / base.published - 1):+.1f} %)"
        text = f"{months} is published as {number(base.published)}, but the growth published since implies {implied}: "
        text += "the base was restated, and the whole year may have been."
        both = " Share and growth both vote, and the interval spans them."
        yield Note("restated_base", text + (both if {"share", "growth"} <= result.vote.keys() else ""))
        return
    bound = f"{base.weak} " if base.weak in BOUNDS.values() else ""
    implied = f"and the growth since implies {rounded(base.implied)}, which replaces it" if base.implied else ""
    then = implied or "so it is not used"
    yield Note("weak_base", f"{months} was first published as {bound}{number(base.published)}, {then}.")
