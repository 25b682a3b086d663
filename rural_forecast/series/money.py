"""Amounts in another currency, at the average rate of each year, and in the prices of one year, by
consumer prices.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from math import inf
from typing import Any, ClassVar, NamedTuple

from rural_forecast.errors import UsageError, option
from rural_forecast.notes import Note
from rural_forecast.series.history import observed_years
from rural_forecast.series.observation import Interval, Observation, Series
from rural_forecast.system.extras import data_folder
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import spans

YEARS_AHEAD = 100  # years after the last known price that a stated inflation reaches
_WORDS = {
    "CNY": "RMB|CN¥|yuan|renminbi",
    "USD": r"US\$|U\.S\. dollars?|US dollars?",
    "EUR": "€|euros?",
    "GBP": "£|pounds? sterling|sterling",
    "JPY": "JP¥|yen|円",
    "AUD": r"AU?\$",
    "CAD": r"CA?\$",
    "HKD": r"HK\$",
    "NZD": r"NZ\$",
    "SGD": r"S\$",
    "TWD": r"NT\$",
    "BRL": r"R\$|reais",
    "INR": "₹",
    "KRW": "₩|won",
    "ILS": "₪|shekels?",
    "RUB": "₽|roubles?|rubles?",
    "PLN": "zł|zloty",
    "VND": "₫|dong",
}
_CHINESE = {"CNY": "元", "USD": "美元", "EUR": "欧元", "JPY": "日元", "GBP": "英镑", "HKD": "港元"}
_YUAN = r"(?<![^\W\d_])(?:人民币)?[十百千万亿]*(?P<name>元(?:人民币)?|(?<=[十百千万亿])人民币)(?![^\W\d_每])"
_UNCLEAR = re.compile(
    r"(?<![A-Za-z])(?:\$|¥|dollars?|pesos?|francs?|rupees?|krone[rn]?|pounds?(?! sterling))(?![A-Za-z])",
    re.IGNORECASE,
)
_CONSTANT = re.compile(
    r"(?i)\bconstant\b|\breal\b|\bchained\b|\b\d{4} prices\b|\bprices of\b|\bppp\b|\binternational\b|不变价"
)
_NAME_IT = "Write its code in the header, such as value (bn USD), or in a column named unit."


class Named(NamedTuple):
    """A currency in a unit, from `start` to `end`."""

    code: str
    start: int
    end: int


def currency_of(unit: str) -> Named:
    """The one currency of a unit."""
    if not unit:
        raise UsageError("The series has no unit that names a currency.", _NAME_IT)
    named = [
        Named(code, *found.span("name")) for code, form in _forms() for found in form.finditer(unit)
    ]
    if not named and (word := _UNCLEAR.search(unit)):
        raise UsageError(
            f"'{word[0]}' in the unit '{unit}' is the name of several currencies.", _NAME_IT
        )
    if len(named) != 1 or _UNCLEAR.search(unit[: named[0].start] + unit[named[0].end :]):
        raise UsageError(
            f"'{unit}' is not an amount of one currency.", f"Known are {', '.join(rates())}."
        )
    return named[0]


@cache
def _forms() -> list[tuple[str, re.Pattern[str]]]:
    written = {code: "|".join(filter(None, (code, _WORDS.get(code)))) for code in rates()}
    forms = [
        (code, rf"(?<![^\W\d_])(?P<name>{words})(?=(?:tn|bn|mn|m|k)?(?![^\W\d_]))")
        for code, words in written.items()
    ]
    forms += [
        (code, _YUAN if code == "CNY" else f"(?P<name>{word})") for code, word in _CHINESE.items()
    ]
    return [(code, re.compile(form, re.IGNORECASE)) for code, form in forms]


def with_currency(unit: str, code: str) -> str:
    """The unit with another currency, its scale and all else as it is, so that no factor but the
    rate is needed.
    """
    _, start, end = currency_of(unit)
    before = unit[:start].replace("人民币", "")
    name = unit[start:end]
    after = unit[end:]
    if code in _CHINESE and re.search("[元镑币]", name):
        return f"{before}{_CHINESE[code]}{after}"
    glued = after[:1].isalnum() and not name[-1].isalpha()  # €m
    return f"{before}{code}{' ' if glued else ''}{after}"


class RatesOfCurrency(NamedTuple):
    """One currency in dollars."""

    per_dollar: dict[int, float]
    """units of the currency for one US dollar, the average of each year."""
    prices_of: str  # the country whose prices are those of the currency; empty for none or several
    source: str


@cache
def rates() -> dict[str, RatesOfCurrency]:
    """Every currency, by its code."""
    return {
        code: RatesOfCurrency(known, country, source)
        for (code, country, source), known in _shipped("rates.csv", 3)
    }


def _rates_of(code: str) -> RatesOfCurrency:
    if code not in rates():
        hint = f"Known are {', '.join(rates())}; {option('rate')} takes a file of others."
        raise UsageError(f"There are no exchange rates of '{code}'.", hint)
    return rates()[code]


def _shipped(file: str, texts: int) -> Iterator[tuple[list[str], dict[int, float]]]:
    """The rows of a table that ships: its first cells, which are text, and its values by year."""
    with (data_folder() / "money" / file).open(encoding="utf-8", newline="") as opened:
        table = csv.reader(opened)
        years = [int(year) for year in next(table)[texts:]]
        for row in table:
            yield (
                row[:texts],
                {year: float(cell) for year, cell in zip(years, row[texts:], strict=True) if cell},
            )


@dataclass(frozen=True, slots=True)
class Conversion:
    """How amounts of one unit are written in another: each is divided by the rate of its year."""

    unit: str  # the unit after conversion
    rates: Mapping[int, float]
    """by year: units of the old currency for one of the new, or the price level."""
    of: str  # the old currency, or whose prices these are
    source: str
    last: int  # the last year with a known rate or price
    given: Series | None = field(default=None, kw_only=True)
    """the series that the rates are from, where one is given."""

    what: ClassVar[str]  # such as `is no exchange rate`
    stated_by: ClassVar[str]  # the option that states others

    def rate(self, year: int) -> float:
        """The rate of a year. Raises UsageError if there is none."""
        if year in self.rates:
            return self.rates[year]
        first = min(self.rates)
        last = max(self.rates)
        hint = f"{option('since', first)} leaves the year out."
        if year > first:
            hint = f"{option(self.stated_by, 2)} states later ones; it takes a file as well."
        raise UsageError(
            f"There {self.what} for {year}; those of {self.of} go from {first} to {last}.", hint
        )

    def options(self, years: Iterable[int]) -> dict[str, Any]:
        """The options that give the same amounts of these years again."""
        raise NotImplementedError

    def value(self, amount: float, year: int) -> float:
        """An amount of a year in the new unit."""
        return amount / self.rate(year)

    def interval(self, given: Interval | None, year: int) -> Interval | None:
        """The range of a year in the new unit."""
        return given and given._replace(
            lower=self.value(given.lower, year), upper=self.value(given.upper, year)
        )

    def observation(self, seen: Observation) -> Observation:
        """An observation in the new unit."""
        year = seen.period.year
        return replace(
            seen, value=self.value(seen.value, year), interval=self.interval(seen.interval, year)
        )

    def series(self, series: Series) -> Series:
        """The series in the new unit, without its published growth, which is of other terms."""
        return replace(
            series,
            unit=self.unit,
            observations=tuple(map(self.observation, series.observations)),
            growth=(),
        )


@dataclass(frozen=True, slots=True)
class Exchange(Conversion):
    """How amounts are converted to another currency."""

    what = "is no exchange rate"
    stated_by = "rate"
    to: str
    later: float  # the rate after the last year with a known one
    stated: bool = False  # True if it was given
    price_year: int | None = None
    """the year that amounts are in prices of: its rate holds for every year."""

    def rate(self, year: int) -> float:
        """The rate of a year. Raises UsageError if there is none."""
        year = self.price_year or year
        return self.later if year > self.last else Conversion.rate(self, year)

    def after(self, years: Iterable[int]) -> bool:
        """True if any of the years takes the rate after the last known one."""
        return self.price_year is None and max(years, default=0) > self.last

    def options(self, years: Iterable[int]) -> dict[str, Any]:
        """The options that give the same amounts of these years again."""
        rate = self.given.named if self.given else self.later if self.after(years) else None
        return {"currency": self.to, "converted_from": self.of} | ({"rate": rate} if rate else {})

    def note(self, years: Iterable[int], what: str = "", unit: str = "") -> Note:
        """The note on converted values of these years; `what` (such as `forecast`) is converted
        from `unit`.
        """
        years = sorted(set(years))
        if years and self.stated and (self.price_year or years[-1]) <= self.last:
            problem = f"No year is after {self.last}, the last with a known rate: the rate given is not used."
            raise UsageError(problem, f"Leave {option('rate')} out, or name a file of rates there.")
        said = []
        if self.price_year is not None:
            said.append(
                f"at the rate of {self.price_year}, the year of the prices ({self._way(self.price_year)}; {self.source})"
            )
        elif known := [year for year in years if year <= self.last]:
            by = f"{spans(known)}, {self._way(known[-1])} in {known[-1]}; {self.source}"
            said.append(f"by the average rate of each year ({by})")
        if self.after(years):
            whose = "the rate given" if self.stated else f"the rate of {self.last}, the last known"
            said.append(f"after {self.last} at {self._way(self.last + 1)}, {whose}")
        text = f"{self.of} are converted to {self.to} {', '.join(said)}."
        if what == "growth":
            text += " Growth is that of the converted levels."
        elif what:
            text += f" The {what} is made in {unit} and then converted: its interval does not cover the exchange rate."
        return Note("currency_converted", text)

    def _way(self, year: int) -> str:
        rate = self.rate(year)
        return (
            f"{number(rate)} {self.of} per {self.to}"
            if rate >= 1
            else f"{number(1 / rate)} {self.to} per {self.of}"
        )


def conversion(
    unit: str,
    *,
    to: str,
    rate: float | Series | None = None,
    price_year: int | None = None,
    as_of: date | None = None,
) -> Exchange:
    """How amounts in `unit`, such as `bn CNY`, are converted to another currency.

    `rate`: that after the last known year, or yearly rates in a unit such as `CNY per EUR`. `price_year`:
    the year whose rate holds for every year, for amounts in constant prices. `as_of`: use only
    rates of years that had ended by this day.
    """
    new = to.strip().upper()
    old = currency_of(unit).code
    if price_year is None:
        _require_current_prices(unit)
    given, stated = (rate, None) if isinstance(rate, Series) else (None, rate)
    if given:
        known = _rates_in(given, old, new)
        source = given.file or given.id
    else:
        ours = _rates_of(old)
        theirs = _rates_of(new)
        years = sorted(ours.per_dollar.keys() & theirs.per_dollar.keys())
        known = {year: ours.per_dollar[year] / theirs.per_dollar[year] for year in years}
        source = " and ".join(dict.fromkeys(filter(None, (ours.source, theirs.source))))
    if old == new:
        raise UsageError(f"The amounts are in {old} already.", f"Leave {option('currency')} out.")
    if stated is not None and not 0 < stated < inf:
        raise UsageError(f"The rate {stated:g} is not a positive number.", f"Give {old} per {new}.")
    known = _ended(known, as_of)
    if not known:
        raise UsageError(
            f"No exchange rate was known by {as_of or 'now'}.", f"Leave {option('currency')} out."
        )
    last = max(known)
    later = known[last] if stated is None else stated
    unit = with_currency(unit, new)
    how = Exchange(
        unit, known, old, source, last, new, later, stated is not None, price_year, given=given
    )
    if price_year is not None:
        how.rate(price_year)
    return how


def _require_current_prices(unit: str) -> None:
    if _CONSTANT.search(unit):
        problem = f"The amounts are in constant prices ('{unit}'): yearly rates and prices do not apply to them."
        raise UsageError(problem, "Use the series in current prices.")


def _ended(values: Mapping[int, float], as_of: date | None) -> dict[int, float]:
    return {
        year: value
        for year, value in values.items()
        if as_of is None or date(year, 12, 31) <= as_of
    }


def _positive(given: Series, what: str) -> dict[int, float]:
    known = {seen.period.year: seen.value for seen in observed_years(given)}
    if bad := next((year for year, value in known.items() if value <= 0), None):
        raise UsageError(
            f"The {what} of {given.id} is not positive in {bad}.",
            "Correct it, or leave the year out.",
        )
    return known


def _rates_in(given: Series, old: str, new: str) -> dict[int, float]:
    """Units of the old currency for one of the new, from a series that says which way round it is."""
    known = _positive(given, "rate")
    sides = re.fullmatch(r"\s*(\S+)\s+(?:per|/)\s+(\S+)\s*", given.unit)
    codes = (sides[1].upper(), sides[2].upper()) if sides else ()
    if codes == (old, new):
        return known
    if codes == (new, old):
        return {year: 1 / value for year, value in known.items()}
    said = f"are in '{given.unit}'" if given.unit else "have no unit"
    problem = f"The rates of {given.id} {said}, not in {old} per {new}."
    raise UsageError(
        problem, f"Write it in the header: value ({old} per {new}), or value ({new} per {old})."
    )


@dataclass(frozen=True, slots=True)
class Deflator(Conversion):
    """How amounts become amounts in the prices of one year; the rate of a year is its price level."""

    what = "are no consumer prices"
    stated_by = "inflation"
    base: int
    inflation: float | None  # percent a year after the last known price, as stated
    country: str = ""  # whose prices are stated

    def options(self, years: Iterable[int]) -> dict[str, Any]:
        """The options that give the same amounts of these years again."""
        after = self.inflation if max(years, default=0) > self.last else None
        inflation = self.given.named if self.given else self.country or after
        return {"real": self.base} | ({} if inflation is None else {"inflation": inflation})

    def note(
        self, years: Iterable[int], *, left_out: Sequence[int] = (), growth: bool = False
    ) -> Note:
        """The note on values of these years; `growth`: True if published growth is left out."""
        years = sorted(set(years))
        by = ", ".join([self.source, *([spans(years)] if years else [])])
        text = f"Values are in prices of {self.base}, by the consumer prices of {self.of} ({by})"
        if self.inflation is not None and years and years[-1] > self.last:
            text += (
                f", and {number(self.inflation)} % inflation a year after {self.last}, as stated"
            )
        text += "; published growth is nominal and left out" if growth else ""
        text += f"; {spans(left_out)} is left out, as its prices are not known" if left_out else ""
        return Note("deflated", f"{text}.")


def deflator(
    unit: str,
    base: int,
    *,
    inflation: float | str | Series | None = None,
    as_of: date | None = None,
) -> Deflator:
    """How amounts become amounts in the prices of a base year; `as_of`: by prices of years that had
    ended by then.

    `inflation`: percent a year after the last known price; or, in place of the prices of the unit's
    currency, a country (code or name) or a series (a price index, or inflation in a unit of
    percent).
    """
    _require_current_prices(unit)
    given = inflation if isinstance(inflation, Series) else None
    stated = None if isinstance(inflation, str | Series) else inflation
    currency = currency_of(unit).code if unit or not isinstance(inflation, str | Series) else ""
    if given:
        of = given.title or given.id
        source = given.file or given.id
        if given.unit in ("percent", "%") or given.measure in ("rate", "growth"):
            level = _level({seen.period.year: seen.value for seen in observed_years(given)})
        else:
            level = _positive(given, "price index")
        if not level:
            raise UsageError(
                f"{given.id} has no prices of a whole year.",
                "Give yearly prices or yearly inflation.",
            )
    else:
        whose = inflation if isinstance(inflation, str) else _rates_of(currency).prices_of
        if not whose and not isinstance(inflation, str):
            hint = f"Name a country, such as {option('inflation', 'DEU')}, or a file of prices."
            raise UsageError(
                f"{currency} is not the currency of one country whose prices are known.", hint
            )
        of, yearly = prices(whose)
        level = _level(yearly)
        source = "World Bank, FP.CPI.TOTL.ZG"
    level = _ended(level, as_of)
    if not level:
        raise UsageError(
            f"No consumer prices of {of} were known by {as_of}.", f"Leave {option('real')} out."
        )
    last = max(level)
    if stated is not None:
        if not -50 < stated < 1000:
            raise UsageError(
                f"An inflation of {stated:g} % is out of range.", "Give percent a year, such as 2."
            )
        level |= {
            last + ahead: level[last] * (1 + stated / 100) ** ahead
            for ahead in range(1, YEARS_AHEAD + 1)
        }
    if base not in level:
        states = f", state {option('inflation', 2)}" if base > max(level) and stated is None else ""
        problem = f"There are no consumer prices of {of} for {base}; they go from {min(level)} to {max(level)}."
        year = option("real", max(level))
        raise UsageError(
            problem,
            f"Choose one of these years, such as {year}{states}; {option('inflation')} takes a file.",
        )
    by_year = {year: value / level[base] for year, value in level.items()}
    country = inflation if isinstance(inflation, str) else ""
    return Deflator(
        f"{unit} ({base} prices)".strip(),
        by_year,
        of,
        source,
        last,
        base,
        stated,
        country,
        given=given,
    )


def deflated(
    series: Series, how: Deflator, since: int | None = None, until: int | None = None
) -> Series:
    """The series in the prices of the base year; its notes say so."""

    def needed(obs: Observation) -> bool:
        year = obs.period.year
        return year in how.rates or (
            obs.status != "forecast" and (since or year) <= year <= (until or year)
        )

    kept = tuple(filter(needed, series.observations))
    years = {obs.period.year for obs in kept}
    left = sorted({obs.period.year for obs in series.observations} - years)
    note = how.note(years, left_out=left, growth=bool(series.growth))
    real = how.series(replace(series, observations=kept))
    return replace(real, reading_notes=(note, *series.reading_notes), prices=how)


def prices(country: str) -> tuple[str, dict[int, float]]:
    """The name of a country, found by its code of three letters or its name, and its yearly
    inflation in percent.
    """
    wanted = country.strip().casefold()
    near = list[str]()
    for (code, name), inflation in _shipped("prices.csv", 2):
        if wanted in (code.casefold(), name.casefold()):
            return name, inflation
        near += [f"{code} ({name})"] if wanted and wanted[:4] in name.casefold() else []
    known = (
        f"Known are {', '.join(near[:10])}."
        if near
        else "Give percent a year, a code such as CHN, or a file."
    )
    raise UsageError(f"No consumer prices are known for '{country}'.", known)


def _level(inflation: Mapping[int, float]) -> dict[int, float]:
    """A price level from inflation in percent, over the years after the last gap; the year before
    them is its first.
    """
    level = dict[int, float]()
    for year in sorted(inflation):
        if year - 1 not in inflation:
            level = {year - 1: 1.0}
        level[year] = level[year - 1] * (1 + inflation[year] / 100)
    return level
