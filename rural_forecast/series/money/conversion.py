"""Amounts in another currency or in the prices of one year: a factor for every year, and a note that says which.

A year takes its own average rate. After the last known year the last rate holds, or the one that is given, which may be
a range. Under a vintage (`as_of`) rates and prices count as known from the end of their year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from math import inf, log, sqrt
from statistics import NormalDist
from typing import Any, Literal, NamedTuple

from rural_forecast.errors import UsageError
from rural_forecast.notes import Note
from rural_forecast.series.history import observed_years
from rural_forecast.series.money import tables
from rural_forecast.series.money.units import currency_of, require_current_prices, with_currency
from rural_forecast.series.observation import Interval, Observation, Series
from rural_forecast.series.period import LAST_YEAR


class Conversion(NamedTuple):
    """How amounts of one unit are written in another: each is divided by the rate of its year."""

    unit: str
    """The unit after conversion."""
    rates: Mapping[int, float]
    """By year, one year or more: units of the old currency for one of the new, or the price level."""
    later: float | None
    """The rate after the last year of `rates`; None where such years are refused."""
    kind: Literal["currency", "deflated", "inflated"]
    facts: dict[str, Any]
    """What the note says beyond years and rates."""
    sigma: float = 0.0
    """Standard deviation of the logarithm of `later`."""
    stated_after: int | None = None
    """The last year with a known rate, where a rate after it is stated."""
    nominal: str = ""
    """The unit in the prices of each year, of amounts in the prices of one."""

    def uncertainty(self, year: int) -> float:
        """Standard deviation of the logarithm of the rate of a year; 0 where it is known."""
        return self.sigma if year > max(self.rates) else 0.0

    def rate(self, year: int) -> float:
        """The rate of a year.

        Raises
        ------
        UsageError : there is none
        """
        if year > max(self.rates) and self.later is not None:
            return self.later
        if year in self.rates:
            return self.rates[year]
        first, last = min(self.rates), max(self.rates)
        if self.kind == "currency":
            raise UsageError.of("no_rate_in_year", year=year, first=first, last=last)
        raise UsageError.of("no_prices_in_year", year=year, of=self.facts["of"], first=first, last=last)

    def value(self, amount: float, year: int) -> float:
        """An amount of a year in the new unit."""
        return amount / self.rate(year)

    def interval(self, given: Interval | None, year: int) -> Interval | None:
        """The range of a year in the new unit."""
        rate = self.rate(year)
        return given and given._replace(lower=given.lower / rate, upper=given.upper / rate)

    def observation(self, obs: Observation) -> Observation:
        """An observation in the new unit."""
        year = obs.period.year
        return replace(obs, value=self.value(obs.value, year), interval=self.interval(obs.interval, year))

    def note(self, years: Iterable[int], what: str = "", unit: str = "") -> Note:
        """The note that goes with converted values of these years.

        Parameters
        ----------
        what : the `growth`, `forecast` or `nowcast` that is converted
        unit : that it was made in

        Raises
        ------
        UsageError : a rate is given, and each of the years has one of its own
        """
        years = sorted(set(years))
        last = max(self.rates)
        if years and self.stated_after and (self.facts["at"] or years[-1]) <= self.stated_after:
            raise UsageError.of("rate_unused", last=self.stated_after)
        known = [year for year in years if year <= last]
        fields = {
            "years": (known[0], known[-1]) if known else None,
            "rate": self.rate(known[-1]) if known else None,
            "last": last,
            "later": self.later if years and years[-1] > last else None,
            "what": what,
            "unit": unit,
        }
        if self.kind == "currency":
            return Note("currency_converted", fields | self.facts)
        return (
            Note("deflated", fields | self.facts) if self.kind == "deflated" else Note("inflated", fields | self.facts)
        )

    def of_series(self, series: Series) -> tuple[Series, Note]:
        """The series in the new unit, and the note that says how. Published growth is left out: it is of other terms.

        Raises
        ------
        UsageError : a year without a rate
        """
        observations = tuple(map(self.observation, series.observations))
        note = self.note(obs.period.year for obs in observations)
        return replace(series, unit=self.unit, observations=observations, growth=()), note


def conversion(
    unit: str,
    *,
    to: str,
    rate: float | tuple[float, float] | None = None,
    rates: Series | None = None,
    at: int | None = None,
    as_of: date | None = None,
) -> Conversion:
    """How amounts in `unit` are converted to another currency.

    A forecast is made in its own currency and then converted: a converted series mixes the growth of the market with
    that of the exchange rate.

    Parameters
    ----------
    unit : such as `bn CNY` or `CNY per person`
    to : code of the currency, such as `USD`
    rate : for the years after the last known rate; two rates are its 90 % interval, and its median is their geometric
        mean
    rates : yearly rates in a unit such as `CNY per EUR`; left out, those that ship
    at : the year whose rate holds for every year, for amounts in constant prices of that year
    as_of : use only rates of years that had ended by this day

    Raises
    ------
    UsageError : a unit that is no amount of one currency, an unknown currency, a rate that is not positive, a range
        of rates where all years take one of them, no rate
    """
    new, old = to.strip().upper(), currency_of(unit).code
    if at is None:
        require_current_prices(unit)
    if rates is None:
        by_year, source = _shipped(old, new)
    else:
        by_year, source = _of_series(rates, old, new), rates.file or rates.id
    if old == new:
        raise UsageError.of("same_currency", currency=old)
    ends = None if rate is None else (rate, rate) if isinstance(rate, (int, float)) else rate
    if ends is not None and not 0 < ends[0] <= ends[1] < inf:
        raise UsageError.of("rate_not_positive", low=ends[0], high=ends[1], old=old, new=new)
    if ends is not None and at is not None and ends[0] < ends[1]:
        raise UsageError.of("range_at_year", year=at)
    known = {year: value for year, value in by_year.items() if as_of is None or date(year, 12, 31) <= as_of}
    if not known:
        raise UsageError.of("no_rate_by_day", day=as_of)
    facts = {"of": old, "to": new, "source": source, "given": ends, "at": at}
    later = known[max(known)] if ends is None else sqrt(ends[0] * ends[1]) if ends[0] < ends[1] else ends[0]
    sigma = log(ends[1] / ends[0]) / 2 / NormalDist().inv_cdf(0.95) if ends else 0.0
    result = Conversion(with_currency(unit, new), known, later, "currency", facts, sigma, max(known) if ends else None)
    return result if at is None else result._replace(rates=dict.fromkeys(range(1, LAST_YEAR + 1), result.rate(at)))


def _shipped(old: str, new: str) -> tuple[dict[int, float], str]:
    """Units of the old currency for one of the new, by way of the dollar."""
    table = tables.rates()
    for code in (old, new):
        if code not in table:
            raise UsageError.of("no_rates_of_currency", currency=code, currencies=tuple(table))
    first, second = table[old], table[new]
    sources = dict.fromkeys(filter(None, (first.source, second.source)))
    common = sorted(first.per_dollar.keys() & second.per_dollar.keys())
    return {year: first.per_dollar[year] / second.per_dollar[year] for year in common}, " and ".join(sources)


def _of_series(rates: Series, old: str, new: str) -> dict[int, float]:
    """Units of the old currency for one of the new, from a series that says which way round it is."""
    known = {obs.period.year: obs.value for obs in observed_years(rates)}
    if bad := next((year for year, value in known.items() if value <= 0), None):
        raise UsageError.of("rates_not_positive", series=rates.id, year=bad)
    sides = re.fullmatch(r"\s*(\S+)\s+(?:per|/)\s+(\S+)\s*", rates.unit)
    codes = (sides[1].upper(), sides[2].upper()) if sides else ()
    if codes == (old, new):
        return known
    if codes == (new, old):
        return {year: 1 / value for year, value in known.items()}
    raise UsageError.of("rates_unclear", series=rates.id, unit=rates.unit, old=old, new=new)
