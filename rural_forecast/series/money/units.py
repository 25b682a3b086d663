"""The currency that a unit names, and the yearly rates that ship (`training/money.py` writes them)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from rural_forecast.errors import UsageError, option
from rural_forecast.system.extras import data_folder

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
    prices_of: str
    """The country whose prices are those of the currency; empty where there are several, or none is known."""
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
