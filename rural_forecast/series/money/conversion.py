"""Currencies that units name, and amounts in another one, at the average rate of each year, later at the last one."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
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

_WORDS = {
    "CNY": "RMB|CN¥|yuan|renminbi", "USD": r"US\$|U\.S\. dollars?|US dollars?", "EUR": "€|euros?",
    "GBP": "£|pounds? sterling|sterling", "JPY": "JP¥|yen|円", "AUD": r"AU?\$", "CAD": r"CA?\$", "HKD": r"HK\$",
    "NZD": r"NZ\$", "SGD": r"S\$", "TWD": r"NT\$", "BRL": r"R\$|reais", "INR": "₹", "KRW": "₩|won",
    "ILS": "₪|shekels?", "RUB": "₽|roubles?|rubles?", "PLN": "zł|zloty", "VND": "₫|dong",
}  # fmt: skip
_CHINESE = {"CNY": "元", "USD": "美元", "EUR": "欧元", "JPY": "日元", "GBP": "英镑", "HKD": "港元"}
_YUAN = re.compile(r"(?<![^\W\d_])(?:人民币)?([十百千万亿]*)(?:元(?:人民币)?|(?<=[十百千万亿])人民币)(?![^\W\d_每])")
_OTHER_CHINESE = re.compile(r"([十百千万亿]*)(美元|欧元|日元|英镑|港元)")
_UNCLEAR = re.compile(
    r"(?<![A-Za-z])(?:\$|¥|dollars?|pesos?|francs?|rupees?|krone[rn]?|pounds?(?! sterling))(?![A-Za-z])", re.IGNORECASE
)
_CONSTANT = re.compile(
    r"(?i)\bconstant\b|\breal\b|\bchained\b|\b\d{4} prices\b|\bprices of\b|\bppp\b|\binternational\b|不变价"
)


class Named(NamedTuple):
    """A currency in a unit, from `start` to `end`."""

    code: str
    start: int
    end: int
    chinese: bool = False


def currency_of(unit: str) -> Named:
    """The one currency of a unit."""
    if not unit:
        problem = "The series has no unit, so nothing says in which currency its amounts are."
        raise UsageError(problem, "Name it in the header, such as value (bn CNY), or in a column named unit.")
    named = [Named(code, *match.span()) for code, pattern in _patterns().items() for match in pattern.finditer(unit)]
    named += [Named("CNY", match.end(1), match.end(), chinese=True) for match in _YUAN.finditer(unit)]
    codes = {word: code for code, word in _CHINESE.items()}
    named += [Named(codes[match[2]], *match.span(2), chinese=True) for match in _OTHER_CHINESE.finditer(unit)]
    if not named and (word := _UNCLEAR.search(unit)):
        problem = f"'{word[0]}' in the unit '{unit}' is the name of several currencies."
        raise UsageError(problem, "Write its code in the header, such as value (bn USD), or in a column named unit.")
    if len(named) != 1 or _UNCLEAR.search(unit[: named[0].start] + unit[named[0].end :]):
        problem = f"'{unit}' is not an amount of one currency."
        raise UsageError(problem, f"Units with one of these can be converted: {', '.join(rates())}.")
    return named[0]


def with_currency(unit: str, code: str) -> str:
    """The unit with another currency, its scale and all else as it is, so that no factor but the rate is needed."""
    named = currency_of(unit)
    before, after = unit[: named.start].replace("人民币", ""), unit[named.end :]
    if named.chinese and code in _CHINESE:
        return f"{before}{_CHINESE[code]}{after}"
    glued = after[:1].isalnum() and not unit[named.end - 1].isalpha()  # €m
    return f"{before}{code}{' ' if glued else ''}{after}"


def require_current_prices(unit: str) -> None:
    """Refuse amounts whose prices are those of one year. Raises UsageError if the unit says so."""
    if _CONSTANT.search(unit):
        problem = f"The amounts are in constant prices ('{unit}'): yearly rates and prices do not apply to them."
        raise UsageError(problem, "Use the series in current prices.")


class RatesOfCurrency(NamedTuple):
    """One currency in dollars."""

    per_dollar: dict[int, float]  # units of the currency for one US dollar, the average of each year
    prices_of: str  # the country whose prices are those of the currency; empty for none or several
    source: str


@cache
def rates() -> dict[str, RatesOfCurrency]:
    """Every currency, by its code."""
    return {code: RatesOfCurrency(known, country, source) for (code, country, source), known in shipped("rates.csv", 3)}


def rates_of(code: str) -> RatesOfCurrency:
    """The rates of a currency. Raises UsageError if none are known."""
    if code not in rates():
        problem = f"There are no exchange rates of '{code}'."
        hint = f"Those that ship are of {', '.join(rates())}; {option('rate')} takes a file of others."
        raise UsageError(problem, hint)
    return rates()[code]


def shipped(file: str, texts: int) -> Iterator[tuple[list[str], dict[int, float]]]:
    """The rows of a table that ships: its first cells, which are text, and its values by year."""
    with (data_folder() / "money" / file).open(encoding="utf-8", newline="") as opened:
        table = csv.reader(opened)
        years = [int(year) for year in next(table)[texts:]]
        for row in table:
            known = {year: float(value) for year, value in zip(years, row[texts:], strict=True) if value}
            yield row[:texts], known


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {
        code: re.compile(
            rf"(?<![^\W\d_])(?:{'|'.join(filter(None, (code, _WORDS.get(code))))})(?=(?:tn|bn|mn|m|k)?(?![^\W\d_]))",
            re.IGNORECASE,
        )
        for code in rates()
    }


@dataclass(frozen=True, slots=True)
class Conversion:
    """How amounts of one unit are written in another: each is divided by the rate of its year."""

    unit: str  # the unit after conversion
    rates: Mapping[int, float]  # by year: units of the old currency for one of the new, or the price level
    of: str  # the old currency, or whose prices these are
    source: str
    given: Series | None = field(default=None, kw_only=True)  # the series that the rates are from, where one is given

    what: ClassVar[str]  # such as `is no exchange rate`
    stated_by: ClassVar[str]  # the option that states others

    def rate(self, year: int) -> float:
        """The rate of a year. Raises UsageError if there is none."""
        if year in self.rates:
            return self.rates[year]
        first, last = min(self.rates), max(self.rates)
        hint = f"{option('since', first)} leaves the year out."
        if year > first:
            hint = f"{option(self.stated_by, 2)} states later ones; it takes a file as well."
        raise UsageError(f"There {self.what} for {year}; those of {self.of} go from {first} to {last}.", hint)

    def options(self, years: Iterable[int]) -> dict[str, Any]:
        """The options that give the same amounts of these years again."""
        raise NotImplementedError

    def value(self, amount: float, year: int) -> float:
        """An amount of a year in the new unit."""
        return amount / self.rate(year)

    def interval(self, given: Interval | None, year: int) -> Interval | None:
        """The range of a year in the new unit."""
        return given and given._replace(lower=self.value(given.lower, year), upper=self.value(given.upper, year))

    def observation(self, seen: Observation) -> Observation:
        """An observation in the new unit."""
        year = seen.period.year
        return replace(seen, value=self.value(seen.value, year), interval=self.interval(seen.interval, year))

    def series(self, series: Series) -> Series:
        """The series in the new unit, without its published growth, which is of other terms."""
        observations = tuple(map(self.observation, series.observations))
        return replace(series, unit=self.unit, observations=observations, growth=())


@dataclass(frozen=True, slots=True)
class Exchange(Conversion):
    """How amounts are converted to another currency."""

    what, stated_by = "is no exchange rate", "rate"
    to: str
    last: int  # the last year with a known rate
    later: float  # the rate after it
    stated: bool = False  # True if it was given
    at: int | None = None  # the year whose rate holds for every year, of amounts in its prices

    def rate(self, year: int) -> float:
        """The rate of a year. Raises UsageError if there is none."""
        year = self.at or year
        return self.later if year > self.last else Conversion.rate(self, year)

    def note(self, years: Iterable[int], what: str = "", unit: str = "") -> Note:
        """The note on converted values of these years; `what` (such as `forecast`) is converted from `unit`."""
        years = sorted(set(years))
        if years and self.stated and (self.at or years[-1]) <= self.last:
            problem = f"No year is after {self.last}, the last with a known rate: the rate given is not used."
            raise UsageError(problem, f"Leave {option('rate')} out, or name a file of rates there.")
        rates = []
        if self.at is not None:
            way = _way(self.rate(self.at), self.of, self.to)
            rates.append(f"at the rate of {self.at}, the year of the prices ({way}; {self.source})")
        elif known := [year for year in years if year <= self.last]:
            way = _way(self.rates[known[-1]], self.of, self.to)
            by = f"{spans(known)}, {way} in {known[-1]}; {self.source}"
            rates.append(f"by the average rate of each year ({by})")
        if self.after(years):
            whose = "the rate given" if self.stated else f"the rate of {self.last}, the last known"
            rates.append(f"after {self.last} at {_way(self.later, self.of, self.to)}, {whose}")
        also = f" The {what} is made in {unit} and then converted: its interval does not cover the exchange rate."
        if what == "growth":
            also = " Growth is that of the converted levels."
        return Note(
            "currency_converted", f"{self.of} are converted to {self.to} {', '.join(rates)}.{also if what else ''}"
        )

    def after(self, years: Iterable[int]) -> bool:
        """True if any of the years takes the rate after the last known one."""
        return self.at is None and max(years, default=0) > self.last

    def options(self, years: Iterable[int]) -> dict[str, Any]:
        """The options that give the same amounts of these years again."""
        rate = self.given.named if self.given else self.later if self.after(years) else None
        return {"currency": self.to, "converted_from": self.of} | ({"rate": rate} if rate else {})


def conversion(
    unit: str, *, to: str, rate: float | Series | None = None, at: int | None = None, as_of: date | None = None
) -> Exchange:
    """How amounts in `unit`, such as `bn CNY`, are converted to another currency.

    `rate`: that after the last known year, or yearly rates in a unit such as `CNY per EUR`. `at`: the year whose rate
    holds for every year, for amounts in constant prices. `as_of`: use only rates of years that had ended by this day.
    """
    new, old = to.strip().upper(), currency_of(unit).code
    if at is None:
        require_current_prices(unit)
    given, stated = (rate, None) if isinstance(rate, Series) else (None, rate)
    if given:
        by_year, source = _of_series(given, old, new)
    else:
        ours, theirs = rates_of(old).per_dollar, rates_of(new).per_dollar
        by_year = {year: ours[year] / theirs[year] for year in sorted(ours.keys() & theirs.keys())}
        source = " and ".join(dict.fromkeys(filter(None, (rates_of(old).source, rates_of(new).source))))
    if old == new:
        raise UsageError(f"The amounts are in {old} already.", f"Leave {option('currency')} out.")
    if stated is not None and not 0 < stated < inf:
        raise UsageError(
            f"The rate {stated:g} is not a positive number.", f"Give {old} per {new}, such as {option('rate', 7.1)}."
        )
    known = {year: value for year, value in by_year.items() if as_of is None or date(year, 12, 31) <= as_of}
    if not known:
        raise UsageError(f"No exchange rate was known by {as_of or 'now'}.", f"Leave {option('currency')} out.")
    last = max(known)
    later = known[last] if stated is None else stated
    how = Exchange(with_currency(unit, new), known, old, source, new, last, later, stated is not None, at, given=given)
    if at is not None:
        how.rate(at)
    return how


def _of_series(rates: Series, old: str, new: str) -> tuple[dict[int, float], str]:
    """Units of the old currency for one of the new, from a series that says which way round it is."""
    known = {obs.period.year: obs.value for obs in observed_years(rates)}
    if bad := next((year for year, value in known.items() if value <= 0), None):
        raise UsageError(f"The rate of {rates.id} is not positive in {bad}.", "Correct it, or leave the year out.")
    sides = re.fullmatch(r"\s*(\S+)\s+(?:per|/)\s+(\S+)\s*", rates.unit)
    codes = (sides[1].upper(), sides[2].upper()) if sides else ()
    if codes not in ((old, new), (new, old)):
        said = f"are in '{rates.unit}'" if rates.unit else "have no unit"
        problem = f"The rates of {rates.id} {said}, not in {old} per {new}."
        raise UsageError(problem, f"Write it in the header: value ({old} per {new}), or value ({new} per {old}).")
    by_year = known if codes == (old, new) else {year: 1 / value for year, value in known.items()}
    return by_year, rates.file or rates.id


def _way(rate: float, of: str, to: str) -> str:
    return f"{number(rate)} {of} per {to}" if rate >= 1 else f"{number(1 / rate)} {to} per {of}"
