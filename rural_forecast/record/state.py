"""All that an answer follows from: series in their own currency, and the question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from math import isnan
from typing import Any, NamedTuple, TypeVar

from rural_forecast.models.base import Array
from rural_forecast.observed.money.exchange import Exchange, conversion
from rural_forecast.observed.observation import (
    Series,
)
from rural_forecast.observed.yearly import observed_years
from rural_forecast.question.question import Window
from rural_forecast.question.source import read
from rural_forecast.record.asked import KeptQuestion

LEVEL = 80
TYPED = "typed"  # source of the known parts of a year that were typed
Q = TypeVar("Q")


class RerunAnswer(NamedTuple):
    """The answer for the year, and the forecasts up to it; no bounds where a statement fixes the
    year.
    """

    value: float
    lower: float | None
    upper: float | None
    path: Mapping[int, float]


@dataclass(frozen=True)
class Again:
    """The forecasts of a command that was run again, in the currency of the data."""

    years: Sequence[int]
    values: Sequence[float] | Array
    lower: Sequence[float] | Array
    upper: Sequence[float] | Array
    unit: str

    def answer(self, target: int, exchange: Exchange | None) -> RerunAnswer:
        """The answer for a year, in the currency that it is given in."""
        rates = {year: exchange.rate(year) if exchange else 1.0 for year in self.years}
        values = _by_year(self.years, self.values, rates)
        lower = _by_year(self.years, self.lower, rates)[target]
        upper = _by_year(self.years, self.upper, rates)[target]
        if isnan(lower):  # a statement fixes the year
            return RerunAnswer(values[target], None, None, values)
        return RerunAnswer(values[target], lower, upper, values)


def _by_year(
    years: Sequence[int], values: Sequence[float] | Array, rates: Mapping[int, float]
) -> dict[int, float]:
    pairs = zip(years, values, strict=True)
    return {year: float(value) / rates[year] for year, value in pairs}


class State(NamedTuple):
    """All that an answer follows from: series by id, in their own currency, and the question."""

    command: str
    series: Mapping[str, Series]
    question: KeptQuestion
    parents: Mapping[str, str] = {}
    others: Mapping[str, Series] = {}
    """leading markets, a total, rates and prices, also by the name of their source."""

    def other(self, named: str) -> Series:
        """Another series: as it was kept, or else as its source has it now."""
        for name in (named, named.rpartition("::")[2]):
            if name in self.others:
                return self.others[name]
        return read(named)

    def money(self, given: float | str | None) -> float | str | Series | None:
        """A rate or inflation as it was given: a number, a country, or a series."""
        if isinstance(given, str) and (given in self.others or "::" in given):
            return self.other(given)
        return given

    @property
    def rate(self) -> float | Series | None:
        """The rate after the last known one, or yearly rates."""
        rate = self.money(self.question.rate)
        return self.other(rate) if isinstance(rate, str) else rate

    @property
    def inflation(self) -> float | str | Series | None:
        """Inflation in percent, the country whose prices are meant, or yearly prices."""
        return self.money(self.question.inflation)

    def asked(self, kind: type[Q], target: int, **changed: Any) -> Q:
        """The question of the command that is run again, of the values that were chosen then."""
        question = self.question
        values = {
            **vars(Window(allow_gaps=True)),
            "year": target,
            "horizon": None,
            "levels": (LEVEL,),
            "like": tuple(self.other(name) for name in question.like),
            "within": self.other(question.within) if question.within else None,
            **changed,
        }
        taken = {field.name for field in fields(kind)}  # type: ignore[arg-type]
        return question.of(kind, **{name: values[name] for name in values if name in taken})

    def last(self, name: str) -> int:
        """The last year in which a series, or any of those that a whole is made of, has a value; 0
        for none.
        """
        whole = [self.series[name]] if name in self.series else self.series.values()
        last = 0
        for series in whole:
            for observation in observed_years(series):
                last = max(last, observation.period.year)
        return last

    def exchange(self, unit: str) -> Exchange | None:
        """How amounts in a unit become those of the answer."""
        to = self.question.currency
        if not to:
            return None
        return conversion(unit, to=to, rate=self.rate, price_year=self.question.real)
