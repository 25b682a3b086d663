"""Amounts in the prices of one year, by consumer prices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from rural_forecast.errors import UsageError, option
from rural_forecast.notes import Note
from rural_forecast.series.history import observed_years
from rural_forecast.series.money.conversion import Conversion, currency_of, rates_of, require_current_prices, shipped
from rural_forecast.series.observation import Observation, Series
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import spans

YEARS_AHEAD = 100  # years after the last known price that a stated inflation reaches


@dataclass(frozen=True, slots=True)
class Deflator(Conversion):
    """How amounts become amounts in the prices of one year; the rate of a year is its price level."""

    what, stated_by = "are no consumer prices", "inflation"
    base: int
    inflation: float | None  # percent a year after the last known price, as stated
    last: int  # the last year whose price is known
    country: str = ""  # whose prices are stated

    def options(self, years: Iterable[int]) -> dict[str, Any]:
        """The options that give the same amounts of these years again."""
        after = self.inflation if max(years, default=0) > self.last else None
        inflation = self.given.named if self.given else self.country or after
        return {"real": self.base} | ({} if inflation is None else {"inflation": inflation})

    def note(self, years: Iterable[int], *, left_out: Sequence[int] = (), growth: bool = False) -> Note:
        """The note on values of these years; `growth`: True if published growth is left out."""
        ordered = sorted(set(years))
        by = ", ".join([self.source, *([spans(ordered)] if ordered else [])])
        text = f"Values are in prices of {self.base}, by the consumer prices of {self.of} ({by})"
        if self.inflation is not None and ordered and ordered[-1] > self.last:
            text += f", and {number(self.inflation)} % inflation a year after {self.last}, as stated"
        if growth:
            text += "; published growth is nominal and left out"
        if left_out:
            text += f"; {spans(left_out)} is left out, as its prices are not known"
        return Note("deflated", f"{text}.")


def deflator(
    unit: str, base: int, *, inflation: float | str | Series | None = None, as_of: date | None = None
) -> Deflator:
    """How amounts become amounts in the prices of a base year; `as_of`: by prices of years that had ended by then.

    `inflation`: percent a year after the last known price; or, in place of the prices of the unit's currency, a
    country (code or name) or a series (a price index, or inflation in a unit of percent).
    """
    require_current_prices(unit)
    currency = currency_of(unit).code if unit or not isinstance(inflation, str | Series) else ""
    stated = None if isinstance(inflation, str | Series) else inflation
    given = inflation if isinstance(inflation, Series) else None
    country = inflation if isinstance(inflation, str) else ""
    if given:
        level, of, source = _of_series(given)
    else:
        country_of = inflation if isinstance(inflation, str) else rates_of(currency).prices_of
        if not country_of and not isinstance(inflation, str):
            hint = f"Name a country, such as {option('inflation', 'DEU')}, or a file of prices."
            raise UsageError(f"{currency} is not the currency of one country whose prices are known.", hint)
        of, yearly = prices(country_of)
        level, source = _level(yearly), "World Bank, FP.CPI.TOTL.ZG"
    level = {year: value for year, value in level.items() if as_of is None or date(year, 12, 31) <= as_of}
    if not level:
        raise UsageError(f"No consumer prices of {of} were known by {as_of}.", f"Leave {option('real')} out.")
    known_last = max(level)
    if stated is not None:
        if not -50 < stated < 1000:
            raise UsageError(f"An inflation of {stated:g} % is out of range.", "Give percent a year, such as 2.")
        ahead = range(1, YEARS_AHEAD + 1)
        level |= {known_last + years: level[known_last] * (1 + stated / 100) ** years for years in ahead}
    if base not in level:
        first, last = min(level), max(level)
        states = f", or state {option('inflation', 2)}" if base > last and stated is None else ""
        problem = f"There are no consumer prices of {of} for {base}; they go from {first} to {last}."
        hint = f"Choose one of these years, such as {option('real', last)}{states}; {option('inflation')} takes a file."
        raise UsageError(problem, hint)
    rates = {year: value / level[base] for year, value in level.items()}
    unit = f"{unit} ({base} prices)".strip()
    return Deflator(unit, rates, of, source, base, stated, known_last, country, given=given)


def deflated(series: Series, how: Deflator, since: int | None = None, until: int | None = None) -> Series:
    """The series in the prices of the base year; its notes say so."""

    def needed(obs: Observation) -> bool:
        year = obs.period.year
        return year in how.rates or (obs.status != "forecast" and (since or year) <= year <= (until or year))

    kept = tuple(filter(needed, series.observations))
    years = {obs.period.year for obs in kept}
    left = sorted({obs.period.year for obs in series.observations} - years)
    real = how.series(replace(series, observations=kept))
    note = how.note(years, left_out=left, growth=bool(series.growth))
    return replace(real, reading_notes=(note, *series.reading_notes), prices=how)


def prices(country: str) -> tuple[str, dict[int, float]]:
    """The name of a country, found by its code of three letters or its name, and its yearly inflation in percent."""
    wanted, near = country.strip().casefold(), list[str]()
    for (code, name), inflation in shipped("prices.csv", 2):
        if wanted in (code.casefold(), name.casefold()):
            return name, inflation
        near += [f"{code} ({name})"] if wanted and wanted[:4] in name.casefold() else []
    hint = f"Give percent a year, a code such as {option('inflation', 'CHN')}, or a file."
    problem = f"No consumer prices are known for '{country}'."
    raise UsageError(problem, f"Known are {', '.join(near[:10])}." if near else hint)


def _of_series(series: Series) -> tuple[dict[int, float], str, str]:
    values = {obs.period.year: obs.value for obs in observed_years(series)}
    if not values:
        raise UsageError(f"{series.id} has no prices of a whole year.", "Give yearly prices or yearly inflation.")
    if series.unit in ("percent", "%") or series.measure in ("rate", "growth"):
        return _level(values), series.title or series.id, series.file or series.id
    if bad := next((year for year, value in values.items() if value <= 0), None):
        raise UsageError(f"The price index of {series.id} is not positive in {bad}.", "Give an index or percent.")
    return values, series.title or series.id, series.file or series.id


def _level(inflation: Mapping[int, float]) -> dict[int, float]:
    """A price level from inflation in percent, over the years after the last gap; the year before them is its first."""
    years = sorted(inflation)
    start = max((year for year in years if year - 1 not in inflation), default=0)
    level = {start - 1: 1.0}
    for year in range(start, years[-1] + 1):
        level[year] = level[year - 1] * (1 + inflation[year] / 100)
    return level
