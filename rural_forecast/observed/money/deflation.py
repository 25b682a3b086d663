"""Amounts in the prices of one year, by consumer prices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from rural_forecast.errors import UsageError, option
from rural_forecast.notes import Note
from rural_forecast.observed.money.conversion import (
    Conversion,
    ended,
    positive_values,
)
from rural_forecast.observed.money.tables import prices, rates_of
from rural_forecast.observed.money.units import currency_of, require_current_prices
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.yearly import values_by_year
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import spans

YEARS_AHEAD = 100
"""Years after the last known price that a stated inflation reaches: as far as forecasts go."""


@dataclass(frozen=True, slots=True)
class Deflator(Conversion):
    """Amounts in the prices of one year; the rate of a year is its price level."""

    what = "are no consumer prices"
    stated_by = "inflation"
    base: int
    inflation: float | None  # percent a year after the last known price, as stated
    country: str = ""  # whose prices are stated

    def options(self, years: Iterable[int]) -> dict[str, Any]:
        """List the options that give the same amounts of these years again."""
        options: dict[str, Any] = {"real": self.base}
        if self.given:
            options["inflation"] = self.given.named
        elif self.country:
            options["inflation"] = self.country
        elif self.inflation is not None and max(years, default=0) > self.last:
            options["inflation"] = self.inflation
        return options

    def note(
        self, years: Iterable[int], *, left_out: Sequence[int] = (), growth: bool = False
    ) -> Note:
        """Note that values of these years are deflated; `growth`: published growth is left out."""
        years = sorted(set(years))
        by = f"{self.source}, {spans(years)}" if years else self.source
        text = f"Values are in prices of {self.base}, by the consumer prices of {self.owner} ({by})"
        if self.inflation is not None and years and years[-1] > self.last:
            text += f", and {number(self.inflation)} % inflation a year after {self.last}"
            text += ", as stated"
        if growth:
            text += "; published growth is nominal and left out"
        if left_out:
            text += f"; {spans(left_out)} is left out, as its prices are not known"
        return Note("deflated", f"{text}.")


def deflator(
    unit: str,
    base: int,
    *,
    inflation: float | str | Series | None = None,
    as_of: date | None = None,
) -> Deflator:
    """Make the conversion of amounts to the prices of a base year.

    `inflation`: percent a year after the last known price; or, in place of the prices of the unit's
    currency, a country (code or name) or a series (a price index, or inflation in a unit of
    percent). `as_of`: use only prices of years that had ended by this day.
    """
    require_current_prices(unit)
    given = None
    country = ""
    stated = None
    if isinstance(inflation, Series):
        given = inflation
    elif isinstance(inflation, str):
        country = inflation
    else:
        stated = inflation

    if unit or not isinstance(inflation, str | Series):
        currency = currency_of(unit).code
    if given:
        owner = given.title or given.id
        source = given.file or given.id
        level = _level_in(given)
    else:
        owner, yearly = prices(inflation if isinstance(inflation, str) else _home_of(currency))
        source = "World Bank, FP.CPI.TOTL.ZG"
        level = _level(yearly)
    level = ended(level, as_of)
    if not level:
        problem = f"No consumer prices of {owner} were known by {as_of}."
        raise UsageError(problem, f"Leave {option('real')} out.")

    last = max(level)
    if stated is not None:
        if not -50 < stated < 1000:
            problem = f"An inflation of {stated:g} % is out of range."
            raise UsageError(problem, "Give percent a year, such as 2.")
        for ahead in range(1, YEARS_AHEAD + 1):
            level[last + ahead] = level[last] * (1 + stated / 100) ** ahead
    if base not in level:
        raise _no_prices(owner, base, level, has_stated=stated is not None)
    return Deflator(
        unit=f"{unit} ({base} prices)".strip(),
        rates={year: value / level[base] for year, value in level.items()},
        owner=owner,
        source=source,
        last=last,
        base=base,
        inflation=stated,
        country=country,
        given=given,
    )


def _level_in(given: Series) -> dict[int, float]:
    """The price level of a series: of inflation if it is in percent, else of a price index."""
    if given.unit in ("percent", "%") or given.measure in ("rate", "growth"):
        level = _level(values_by_year(given))
    else:
        level = positive_values(given, "price index")
    if not level:
        problem = f"{given.id} has no prices of a whole year."
        raise UsageError(problem, "Give yearly prices or yearly inflation.")
    return level


def _level(inflation: Mapping[int, float]) -> dict[int, float]:
    """A price level from inflation in percent, over the years after the last gap.

    The year before them is its first.
    """
    level: dict[int, float] = {}
    for year in sorted(inflation):
        if year - 1 not in inflation:
            level = {year - 1: 1.0}
        level[year] = level[year - 1] * (1 + inflation[year] / 100)
    return level


def _home_of(currency: str) -> str:
    """The one country of a currency. Raises UsageError if it has several."""
    country = rates_of(currency).prices_of
    if not country:
        raise UsageError(
            f"{currency} is not the currency of one country whose prices are known.",
            f"Name a country, such as {option('inflation', 'DEU')}, or a file of prices.",
        )
    return country


def _no_prices(
    owner: str, base: int, level: Mapping[int, float], *, has_stated: bool
) -> UsageError:
    first = min(level)
    last = max(level)
    state = f", state {option('inflation', 2)}" if base > last and not has_stated else ""
    choose = f"Choose one of these years, such as {option('real', last)}{state}"
    return UsageError(
        f"There are no consumer prices of {owner} for {base}; they go from {first} to {last}.",
        f"{choose}; {option('inflation')} takes a file.",
    )


def deflated(
    series: Series, how: Deflator, since: int | None = None, until: int | None = None
) -> Series:
    """Put a series in the prices of the base year; its notes say so."""

    def is_kept(obs: Observation) -> bool:
        year = obs.period.year
        if year in how.rates:
            return True
        # A value that is asked for and has no price raises an error below; others are left out.
        asked_for = (since or year) <= year <= (until or year)
        return obs.status != "forecast" and asked_for

    kept = tuple(filter(is_kept, series.observations))
    years = {obs.period.year for obs in kept}
    left_out = sorted({obs.period.year for obs in series.observations} - years)
    note = how.note(years, left_out=left_out, growth=bool(series.growth))
    real = how.series(replace(series, observations=kept))
    return replace(real, reading_notes=(note, *series.reading_notes), prices=how)
