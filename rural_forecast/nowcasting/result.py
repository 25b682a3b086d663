"""The result of a nowcast: one year, its known part, the votes, published estimates, and notes on all of these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from rural_forecast.api import Comparable
from rural_forecast.forecasting.in_currency import in_currency
from rural_forecast.forecasting.result import Forecast
from rural_forecast.notes import Note, without_code
from rural_forecast.nowcasting.evidence import Share
from rural_forecast.nowcasting.parts import BOUNDS, Base, Choice, Part
from rural_forecast.series.catalogue import load
from rural_forecast.series.money.conversion import Exchange
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.published import PublishedForecast, published_forecasts
from rural_forecast.text.numbers import number, rounded
from rural_forecast.text.wording import capital, listed, named_months, spans


class Vote(NamedTuple):
    """The estimate of one voter."""

    voter: str
    """`share`, `growth`, `smoothing`, `annual`, `calendar`; or `rest`, where an amount is not positive."""
    value: float
    weight: float


class KnownPart(NamedTuple):
    """A part of the target year, used or not, with the same part a year before."""

    part: Part
    use: str
    """`used`, `inside` a longer one, or `replaced` by a typed one."""
    base: Base | None


class PublishedEstimate(NamedTuple):
    """A published forecast of the year, and whose definition it is on."""

    figure: PublishedForecast
    series: Series
    related: bool


@dataclass(frozen=True, slots=True, eq=False)
class Nowcast(Comparable):
    """One year estimated from its known part."""

    series: Series
    year: int
    levels: tuple[int, ...]
    choice: Choice
    parts: tuple[KnownPart, ...]
    base: Base | None
    """The same months of the year before."""
    growth: float | None
    """Of the known part on the year before, 0.1 for 10 %."""
    shares: tuple[Share, ...]
    """Of the known part in earlier years, the latest last."""
    smoothed_years: int
    """Earlier years that the smoothing of the parts rests on; 0 without."""
    bend: float | None
    """How earlier years fill, as in `Evidence`."""
    value: float
    lower: tuple[float, ...]
    upper: tuple[float, ...]
    votes: tuple[Vote, ...]
    annual: Forecast | None
    """The forecast from whole years alone; None where there is none on this basis."""
    estimates: tuple[PublishedEstimate, ...]
    actual: Observation | None
    """The total of the year where it is known by now (a hindcast)."""
    as_of: date | None
    options: Mapping[str, Any]
    """Options other than year and levels, to repeat the nowcast with fewer parts."""
    notes: tuple[Note, ...] = ()
    """Warnings first, then the use of each part, then the notes on the whole years."""

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

        Widths are relative to their medians where both are positive: a larger market is not a less certain one.
        """
        bounds, at = self.annual_bounds(level), self.levels.index(level)
        if self.annual is None or bounds is None or bounds[1] <= bounds[0]:
            return None
        ratio = (self.upper[at] - self.lower[at]) / (bounds[1] - bounds[0])
        alone = self.annual.best.last
        return 100 * (1 - (ratio * alone / self.value if min(self.value, alone) > 0 else ratio))


def total_before(annual: Forecast | None, target: int) -> float | None:
    """The total of the year before, where it is known on this basis."""
    return float(annual.history.values[-1]) if annual is not None and annual.origin == target - 1 else None


def published_estimates(series: Series, year: int, as_of: date | None = None) -> tuple[PublishedEstimate, ...]:
    """All published forecasts of a whole year, those on this definition first; related ones are never joined."""
    others = [load().get(name) for name in series.related] if series.related else []
    comparable = [other for other in others if (other.measure, other.unit) == (series.measure, series.unit)]
    return tuple(
        PublishedEstimate(figure, known, related=known is not series)
        for known in (series, *comparable)
        for figure in published_forecasts(known, as_of=as_of)
        if figure.period.is_year and figure.period.year == year and not figure.target
    )


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
        value, published, implied = (it if it is None else amount(it, result.year - 1) for it in amounts)
        return earlier._replace(value=value, published=published, implied=implied)

    years = (*(result.annual.history.years if result.annual else ()), result.year)
    return replace(
        result,
        notes=(how.note(years, "nowcast", result.series.unit), *result.notes),
        series=replace(result.series, unit=how.unit),
        choice=Choice(*(tuple(map(part, parts)) for parts in result.choice)),
        parts=tuple(KnownPart(part(known.part), known.use, base(known.base)) for known in result.parts),
        base=base(result.base),
        shares=tuple(
            share._replace(part=how.value(share.part, share.year), total=how.value(share.total, share.year))
            for share in result.shares
        ),
        value=amount(result.value),
        lower=tuple(map(amount, result.lower)),
        upper=tuple(map(amount, result.upper)),
        votes=tuple(vote._replace(value=amount(vote.value)) for vote in result.votes),
        annual=result.annual and in_currency(result.annual, how),
        estimates=tuple(
            estimate._replace(figure=estimate.figure._replace(value=amount(estimate.figure.value)))
            for estimate in result.estimates
        ),
        actual=result.actual and replace(result.actual, value=amount(result.actual.value)),
    )


def notes(result: Nowcast) -> Iterator[Note]:
    """Every fact once, the known part first."""
    yield from _parts(result)
    yield from _bases(result)
    yield from _votes(result)
    of_years = result.annual.notes if result.annual else result.series.reading_notes
    yield from without_code(of_years, "learned_later", "parts_of_year", "open_year")  # parts are used here


def _parts(result: Nowcast) -> Iterator[Note]:
    left, replaced = ([known.part for known in result.parts if known.use == use] for use in ("inside", "replaced"))
    left.sort(key=lambda part: -part.period.length)
    inside = [part for part in left if part.months <= result.choice.months]
    crossing = [part for part in left if part not in inside]
    used = f"Of {result.year} the longest known part is used, {_named(result.choice.used)}"
    if inside:
        yield Note("longest_part", f"{used}; not what lies inside it, {_named(inside)}.")
    if crossing:
        yield Note("overlapping_part", f"{used}; not what overlaps it, {_named(crossing)}.")
    if replaced:
        yield Note("typed_parts", f"Typed parts replace {_named(replaced)}.")
    for part in result.choice.used:
        months = named_months(part.months)
        if part.weak in BOUNDS.values():
            side = "too low" if part.weak == BOUNDS[">"] else "too high"
            bound = f"{part.weak} {number(part.value or 0)}"
            yield Note("inexact_part", f"{capital(months)} is {bound}, so the nowcast is likely {side}.")
        elif part.weak:
            yield Note("preliminary_part", f"{capital(months)} is {part.weak} and may be revised.")
        if part.borrowed:
            growth = f"The growth of {months}, {part.growth_pct:+g} %"
            yield Note("growth_of_longer_part", f"{growth}, is the one published for {part.period}.")


def _named(parts: Sequence[Part]) -> str:
    return listed(
        f"{named_months(part.months)} ({number(part.value)})"
        if part.value is not None
        else f"the growth of {named_months(part.months)} ({part.growth_pct:+g} %)"
        for part in parts
    )


def _bases(result: Nowcast) -> Iterator[Note]:
    """Note on the same part of the year before: the used one, else the longest inside it that was weak at first."""
    earlier, now = result.year - 1, result.base
    lines = sorted(result.parts, key=lambda known: (known.use != "used", -known.part.period.length))
    for part, base in ((known.part, known.base) for known in lines if known.use != "replaced"):
        if base is None or base.how not in ("replaced", "floor"):
            continue
        bound = f"{base.weak} " if base.weak in BOUNDS.values() else ""
        first = f"{capital(named_months(part.months))} of {earlier} was first published as {bound}"
        then = "so it is not used"
        if base.implied is not None:
            release = f"{number(part.value or 0)} and {part.growth_pct:+g} %"
            then = f"and {release} imply {rounded(base.implied)}, which replaces it"
        yield Note("weak_base", f"{first}{number(base.published or 0)}, {then}.")
        break
    months = f"{capital(named_months(result.choice.months))} of {earlier}"
    if now and now.how == "restated":
        implied = f"the growth published since implies {rounded(now.implied or 0)} ({now.gap_pct:+.1f} %)"
        text = f"{months} is published as {number(now.published or 0)}, but {implied}: the base was restated, and the "
        both = " Share and growth both vote, and the interval spans them."
        text += "whole year may have been." + (both if {"share", "growth"} <= result.vote.keys() else "")
        yield Note("restated_base", text)
    if now and now.how == "published" and now.weak:
        yield Note("preliminary_base", f"{months} is {now.weak}, and no known growth implies a final one.")


def _votes(result: Nowcast) -> Iterator[Note]:
    months, voted, annual = named_months(result.choice.months), result.vote.keys(), result.annual
    if {"share", "growth"} <= voted:
        yield Note(
            "joint_weights",
            "Share and growth rest on nearly the same information: their weights were learned together.",
        )
    if "rest" in voted:
        text = "Not all amounts are positive: the votes count alike, and the interval is not calibrated."
        yield Note("not_positive", text)
    if "calendar" in voted:
        how = "other parts of earlier years are used instead" if result.bend is not None else "no season is known"
        yield Note("no_season", f"No earlier year has {months} on this basis: {how}, so the interval is wide.")
    if result.choice.value is None and "growth" not in voted:
        text = f"The growth of {months} is not used, as the total of {result.year - 1} is not known."
        yield Note("unused_growth", text)
    broken = [year for year in result.series.breaks if year <= result.year]
    if annual is None:
        first = f"{max(broken)} is the first year on a new basis; no earlier year is used." if broken else ""
        yield Note("no_earlier_year", first or "No earlier year is known, so there is no annual forecast.")
    if annual is None or result.actual or result.as_of:
        yield Note("learned_later", f"The weights and the models were trained on data from after {result.year}.")
    seen = annual.history.observations if annual else ()
    summed = [one.period.year for one in seen if one.derivation and one.derivation.how == "sum"]
    if summed:
        years = "years" if len(summed) > 1 else "a year"
        yield Note("summed", f"The parts of {spans(summed)} are summed to {years}.")
