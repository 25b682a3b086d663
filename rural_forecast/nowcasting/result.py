"""The result of a nowcast: one year, its known part, the votes, and published estimates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from rural_forecast.api import Comparable
from rural_forecast.forecasting.in_currency import in_currency
from rural_forecast.forecasting.result import Forecast
from rural_forecast.notes import Note
from rural_forecast.nowcasting.evidence import Share
from rural_forecast.nowcasting.parts import Base, Choice, Part
from rural_forecast.series.catalogue import load
from rural_forecast.series.money.conversion import Exchange
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.published import PublishedForecast, published_forecasts


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
