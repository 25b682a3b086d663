"""A conversion of amounts: each is divided by the rate of its year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, ClassVar

from rural_forecast.errors import UsageError, option
from rural_forecast.observed.observation import Interval, Observation, Series
from rural_forecast.observed.yearly import values_by_year


@dataclass(frozen=True, slots=True)
class Conversion:
    """Amounts of one unit in another: each is divided by the rate of its year."""

    unit: str  # the unit after conversion
    rates: Mapping[int, float]
    """By year: units of the old currency for one of the new, or the price level."""
    owner: str  # whose rates these are: the old currency, or a country
    source: str
    last: int  # the last year with a known rate or price
    given: Series | None = field(default=None, kw_only=True)
    """The series that the rates are from, if one is given."""

    what: ClassVar[str]  # words for a missing rate, such as `is no exchange rate`
    stated_by: ClassVar[str]  # the option that states others

    def rate(self, year: int) -> float:
        """Give the rate of a year. Raises UsageError if there is none."""
        if year in self.rates:
            return self.rates[year]
        first = min(self.rates)
        last = max(self.rates)
        hint = f"{option('since', first)} leaves the year out."
        if year > first:
            hint = f"{option(self.stated_by, 2)} states later ones; it takes a file as well."
        range_of_rates = f"those of {self.owner} go from {first} to {last}"
        raise UsageError(f"There {self.what} for {year}; {range_of_rates}.", hint)

    def options(self, years: Iterable[int]) -> dict[str, Any]:
        """List the options that give the same amounts of these years again."""
        raise NotImplementedError

    def value(self, amount: float, year: int) -> float:
        """Convert an amount of a year."""
        return amount / self.rate(year)

    def interval(self, given: Interval | None, year: int) -> Interval | None:
        """Convert the range of a year."""
        if given is None:
            return None
        lower = self.value(given.lower, year)
        upper = self.value(given.upper, year)
        return given._replace(lower=lower, upper=upper)

    def observation(self, observation: Observation) -> Observation:
        """Convert an observation."""
        year = observation.period.year
        return replace(
            observation,
            value=self.value(observation.value, year),
            interval=self.interval(observation.interval, year),
        )

    def series(self, series: Series) -> Series:
        """Convert a series; its published growth is left out, as it is that of other amounts."""
        return replace(
            series,
            unit=self.unit,
            observations=tuple(map(self.observation, series.observations)),
            growth=(),
        )


def ended(values: Mapping[int, float], as_of: date | None) -> dict[int, float]:
    """Select the values of years that had ended by a day."""
    if as_of is None:
        return dict(values)
    return {year: value for year, value in values.items() if date(year, 12, 31) <= as_of}


def positive_values(given: Series, what: str) -> dict[int, float]:
    """The values of a series by year. Raises UsageError if one is not positive."""
    by_year = values_by_year(given)
    for year, value in by_year.items():
        if value <= 0:
            problem = f"The {what} of {given.id} is not positive in {year}."
            raise UsageError(problem, "Correct it, or leave the year out.")
    return by_year
