"""Amounts in another currency, at the average rate of each year."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import Any

from rural_forecast.errors import UsageError, option
from rural_forecast.notes import Note
from rural_forecast.observed.money.conversion import Conversion, ended, positive_values
from rural_forecast.observed.money.tables import rates_of
from rural_forecast.observed.money.units import currency_of, require_current_prices, with_currency
from rural_forecast.observed.observation import Series
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import spans


@dataclass(frozen=True, slots=True)
class Exchange(Conversion):
    """Amounts in another currency."""

    what = "is no exchange rate"
    stated_by = "rate"
    to: str
    later: float  # the rate after the last year with a known one
    stated: bool = False  # True if that rate was given
    price_year: int | None = None
    """The year that amounts are in prices of: its rate holds for every year."""

    def rate(self, year: int) -> float:
        """Give the rate of a year. Raises UsageError if there is none."""
        rate_year = self.price_year or year
        # Named, as `super()` fails in a dataclass with slots, which is a class made anew.
        return self.later if rate_year > self.last else Conversion.rate(self, rate_year)

    def after(self, years: Iterable[int]) -> bool:
        """Check that any of the years takes the rate after the last known one."""
        return self.price_year is None and max(years, default=0) > self.last

    def options(self, years: Iterable[int]) -> dict[str, Any]:
        """List the options that give the same amounts of these years again."""
        options: dict[str, Any] = {"currency": self.to, "converted_from": self.owner}
        if self.given:
            options["rate"] = self.given.named
        elif self.after(years):
            options["rate"] = self.later
        return options

    def note(self, years: Iterable[int], what: str = "", unit: str = "") -> Note:
        """Note that values of these years are converted.

        `what` is converted from `unit`, such as a `forecast`, or `growth`. Raises UsageError if a
        rate was given that no year takes.
        """
        years = sorted(set(years))
        if years and self.stated and (self.price_year or years[-1]) <= self.last:
            last = f"No year is after {self.last}, the last with a known rate"
            hint = f"Leave {option('rate')} out, or name a file of rates there."
            raise UsageError(f"{last}: the rate given is not used.", hint)

        by_last = [year for year in years if year <= self.last]
        ways = []
        if self.price_year is not None:
            rate = f"{self._written(self.price_year)}; {self.source}"
            ways.append(f"at the rate of {self.price_year}, the year of the prices ({rate})")
        elif by_last:
            rate = f"{self._written(by_last[-1])} in {by_last[-1]}; {self.source}"
            ways.append(f"by the average rate of each year ({spans(by_last)}, {rate})")
        if self.after(years):
            whose = "the rate given" if self.stated else f"the rate of {self.last}, the last known"
            ways.append(f"after {self.last} at {self._written(self.last + 1)}, {whose}")

        text = f"{self.owner} are converted to {self.to} {', '.join(ways)}."
        if what == "growth":
            text += " Growth is that of the converted levels."
        elif what:
            text += f" The {what} is made in {unit} and then converted:"
            text += " its interval does not cover the exchange rate."
        return Note("currency_converted", text)

    def _written(self, year: int) -> str:
        """The rate of a year in words, the way round that is a number above one."""
        rate = self.rate(year)
        if rate >= 1:
            return f"{number(rate)} {self.owner} per {self.to}"
        return f"{number(1 / rate)} {self.to} per {self.owner}"


def conversion(
    unit: str,
    *,
    to: str,
    rate: float | Series | None = None,
    price_year: int | None = None,
    as_of: date | None = None,
) -> Exchange:
    """Make the conversion of amounts in a unit, such as `bn CNY`, to another currency.

    `rate`: that after the last known year, or yearly rates in a unit such as `CNY per EUR`.
    `price_year`: the year whose rate holds for every year, for amounts in constant prices. `as_of`:
    use only rates of years that had ended by this day.
    """
    new = to.strip().upper()
    old = currency_of(unit).code
    if price_year is None:
        require_current_prices(unit)
    if isinstance(rate, Series):
        given = rate
        stated = None
        by_year = _rates_in(given, old, new)
        source = given.file or given.id
    else:
        given = None
        stated = rate
        by_year, source = _rates_between(old, new)
    if old == new:
        raise UsageError(f"The amounts are in {old} already.", f"Leave {option('currency')} out.")
    if stated is not None and not 0 < stated < inf:
        raise UsageError(f"The rate {stated:g} is not a positive number.", f"Give {old} per {new}.")
    by_year = ended(by_year, as_of)
    if not by_year:
        problem = f"No exchange rate was known by {as_of or 'now'}."
        raise UsageError(problem, f"Leave {option('currency')} out.")

    last = max(by_year)
    exchange = Exchange(
        unit=with_currency(unit, new),
        rates=by_year,
        owner=old,
        source=source,
        last=last,
        to=new,
        later=by_year[last] if stated is None else stated,
        stated=stated is not None,
        price_year=price_year,
        given=given,
    )
    if price_year is not None:
        exchange.rate(price_year)  # raises an error if there is none
    return exchange


def _rates_between(old: str, new: str) -> tuple[dict[int, float], str]:
    """Units of the old currency for one of the new, by way of the dollar, and their source."""
    ours = rates_of(old)
    theirs = rates_of(new)
    years = sorted(ours.per_dollar.keys() & theirs.per_dollar.keys())
    by_year = {year: ours.per_dollar[year] / theirs.per_dollar[year] for year in years}
    sources = dict.fromkeys(filter(None, (ours.source, theirs.source)))
    return by_year, " and ".join(sources)


def _rates_in(given: Series, old: str, new: str) -> dict[int, float]:
    """Units of the old currency for one of the new; the unit of `given` says which way round."""
    by_year = positive_values(given, "rate")
    sides = re.fullmatch(r"\s*(\S+)\s+(?:per|/)\s+(\S+)\s*", given.unit)
    codes = (sides[1].upper(), sides[2].upper()) if sides else ()
    if codes == (old, new):
        return by_year
    if codes == (new, old):
        return {year: 1 / value for year, value in by_year.items()}
    unit = f"are in '{given.unit}'" if given.unit else "have no unit"
    raise UsageError(
        f"The rates of {given.id} {unit}, not in {old} per {new}.",
        f"Write it in the header: value ({old} per {new}), or value ({new} per {old}).",
    )
