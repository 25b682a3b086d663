"""Amounts in another currency, and in the prices of one year.

Currencies are converted at the average rate of each year, prices by consumer prices; both tables
ship, or a series gives them. The first part of the file finds the currency in a unit.
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
from rural_forecast.observed.observation import Interval, Observation, Series
from rural_forecast.observed.yearly import observed_years
from rural_forecast.system.extras import data_folder
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import spans

YEARS_AHEAD = 100
"""Years after the last known price that a stated inflation reaches: as far as forecasts go."""

# Currencies in units

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
# With words for powers of ten before it (亿元), and no letter on either side.
_YUAN = (
    r"(?<![^\W\d_])(?:人民币)?[十百千万亿]*"
    r"(?P<name>元(?:人民币)?|(?<=[十百千万亿])人民币)(?![^\W\d_每])"
)
# Signs and words of several currencies.
_UNCLEAR = re.compile(
    r"(?<![A-Za-z])"
    r"(?:\$|¥|dollars?|pesos?|francs?|rupees?|krone[rn]?|pounds?(?! sterling))"
    r"(?![A-Za-z])",
    re.IGNORECASE,
)
_CONSTANT = re.compile(
    r"\bconstant\b|\breal\b|\bchained\b|\b\d{4} prices\b|\bprices of\b|\bppp\b|\binternational\b"
    r"|不变价",
    re.IGNORECASE,
)
_NAME_IT = "Write its code in the header, such as value (bn USD), or in a column named unit."


class NamedCurrency(NamedTuple):
    """A currency in a unit, from `start` to `end`."""

    code: str
    start: int
    end: int


def currency_of(unit: str) -> NamedCurrency:
    """Find the one currency of a unit. Raises UsageError if it names none, or several."""
    if not unit:
        raise UsageError("The series has no unit that names a currency.", _NAME_IT)

    named = []
    for code, form in _forms():
        named += [NamedCurrency(code, *match.span("name")) for match in form.finditer(unit)]
    unclear = _UNCLEAR.search(unit)
    if unclear and not named:
        problem = f"'{unclear[0]}' in the unit '{unit}' is the name of several currencies."
        raise UsageError(problem, _NAME_IT)

    # US$ holds the sign of several currencies: a second one may only be in the rest of the unit.
    if len(named) != 1 or _UNCLEAR.search(unit[: named[0].start] + unit[named[0].end :]):
        problem = f"'{unit}' is not an amount of one currency."
        raise UsageError(problem, f"Known are {', '.join(rates())}.")
    return named[0]


@cache
def _forms() -> list[tuple[str, re.Pattern[str]]]:
    """The patterns of all currencies, by code: by letters and signs, and by Chinese names."""
    forms = []
    for code in rates():
        words = "|".join(filter(None, (code, _WORDS.get(code))))
        # A scale may follow without a space: €m.
        form = rf"(?<![^\W\d_])(?P<name>{words})(?=(?:tn|bn|mn|m|k)?(?![^\W\d_]))"
        forms.append((code, form))
    for code, word in _CHINESE.items():
        forms.append((code, _YUAN if code == "CNY" else f"(?P<name>{word})"))
    return [(code, re.compile(form, re.IGNORECASE)) for code, form in forms]


def with_currency(unit: str, code: str) -> str:
    """Name another currency in a unit.

    Its scale and all else stay as they are, so that no factor but the rate is needed.
    """
    _, start, end = currency_of(unit)
    before = unit[:start].replace("人民币", "")
    name = unit[start:end]
    after = unit[end:]
    if code in _CHINESE and re.search("[元镑币]", name):
        return f"{before}{_CHINESE[code]}{after}"
    # A code needs a space where a sign needs none: €m is USD m.
    needs_space = after[:1].isalnum() and not name[-1].isalpha()
    return f"{before}{code}{' ' if needs_space else ''}{after}"


# Rates and prices that ship


class RatesOfCurrency(NamedTuple):
    """One currency in dollars."""

    per_dollar: dict[int, float]
    """Units of the currency for one US dollar, the average of each year."""
    prices_of: str  # the country whose prices are those of the currency; empty for none or several
    source: str


@cache
def rates() -> dict[str, RatesOfCurrency]:
    """Read every currency, by its code."""
    return {
        code: RatesOfCurrency(per_dollar, country, source)
        for (code, country, source), per_dollar in _shipped("rates.csv", 3)
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
            cells = zip(years, row[texts:], strict=True)
            yield row[:texts], {year: float(cell) for year, cell in cells if cell}


def prices(country: str) -> tuple[str, dict[int, float]]:
    """Find a country by its code of three letters or its name.

    Gives its name, and its yearly inflation in percent.
    """
    wanted = country.strip().casefold()
    near = []
    for (code, name), inflation in _shipped("prices.csv", 2):
        if wanted in (code.casefold(), name.casefold()):
            return name, inflation
        if wanted and wanted[:4] in name.casefold():
            near.append(f"{code} ({name})")
    hint = "Give percent a year, a code such as CHN, or a file."
    if near:
        hint = f"Known are {', '.join(near[:10])}."
    raise UsageError(f"No consumer prices are known for '{country}'.", hint)


# Conversion to another currency


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
        _require_current_prices(unit)
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
    by_year = _ended(by_year, as_of)
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
    ours = _rates_of(old)
    theirs = _rates_of(new)
    years = sorted(ours.per_dollar.keys() & theirs.per_dollar.keys())
    by_year = {year: ours.per_dollar[year] / theirs.per_dollar[year] for year in years}
    sources = dict.fromkeys(filter(None, (ours.source, theirs.source)))
    return by_year, " and ".join(sources)


def _require_current_prices(unit: str) -> None:
    if _CONSTANT.search(unit):
        problem = f"The amounts are in constant prices ('{unit}')"
        raise UsageError(
            f"{problem}: yearly rates and prices do not apply to them.",
            "Use the series in current prices.",
        )


def _ended(values: Mapping[int, float], as_of: date | None) -> dict[int, float]:
    """Select the values of years that had ended by a day."""
    if as_of is None:
        return dict(values)
    return {year: value for year, value in values.items() if date(year, 12, 31) <= as_of}


def _by_year(given: Series) -> dict[int, float]:
    return {obs.period.year: obs.value for obs in observed_years(given)}


def _positive(given: Series, what: str) -> dict[int, float]:
    """The values of a series by year. Raises UsageError if one is not positive."""
    by_year = _by_year(given)
    for year, value in by_year.items():
        if value <= 0:
            problem = f"The {what} of {given.id} is not positive in {year}."
            raise UsageError(problem, "Correct it, or leave the year out.")
    return by_year


def _rates_in(given: Series, old: str, new: str) -> dict[int, float]:
    """Units of the old currency for one of the new; the unit of `given` says which way round."""
    by_year = _positive(given, "rate")
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


# Amounts in the prices of one year


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
    _require_current_prices(unit)
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
    level = _ended(level, as_of)
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
        level = _level(_by_year(given))
    else:
        level = _positive(given, "price index")
    if not level:
        problem = f"{given.id} has no prices of a whole year."
        raise UsageError(problem, "Give yearly prices or yearly inflation.")
    return level


def _home_of(currency: str) -> str:
    """The one country of a currency. Raises UsageError if it has several."""
    country = _rates_of(currency).prices_of
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
