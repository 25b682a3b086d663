"""The currency that a unit names."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from rural_forecast.errors import UsageError
from rural_forecast.series.money.tables import currencies

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
    """A currency in a unit."""

    code: str
    start: int
    end: int
    chinese: bool = False


def currency_of(unit: str) -> Named:
    """The one currency of a unit.

    Raises UsageError if it names none, several, or one that several countries have.

    >>> currency_of("bn CNY").code, currency_of("€m").code, currency_of("亿美元").code
    ('CNY', 'EUR', 'USD')
    """
    if not unit:
        raise UsageError.of("no_unit_to_convert")
    named = [Named(code, *match.span()) for code, pattern in _patterns().items() for match in pattern.finditer(unit)]
    named += [Named("CNY", match.end(1), match.end(), chinese=True) for match in _YUAN.finditer(unit)]
    codes = {word: code for code, word in _CHINESE.items()}
    named += [Named(codes[match[2]], *match.span(2), chinese=True) for match in _OTHER_CHINESE.finditer(unit)]
    if not named and (word := _UNCLEAR.search(unit)):
        raise UsageError.of("unclear_currency", word=word[0], unit=unit)
    if len(named) != 1 or _UNCLEAR.search(unit[: named[0].start] + unit[named[0].end :]):
        raise UsageError.of("not_one_currency", unit=unit, currencies=currencies())
    return named[0]


def with_currency(unit: str, code: str) -> str:
    """The unit with another currency, its scale and all else as it is, so that no factor but the rate is needed.

    Raises UsageError as `currency_of` does.

    >>> with_currency("RMB bn", "USD"), with_currency("100 million yuan", "EUR"), with_currency("亿元", "USD")
    ('USD bn', '100 million EUR', '亿美元')
    """
    named = currency_of(unit)
    before, after = unit[: named.start].replace("人民币", ""), unit[named.end :]
    if named.chinese and code in _CHINESE:
        return f"{before}{_CHINESE[code]}{after}"
    glued = after[:1].isalnum() and not unit[named.end - 1].isalpha()  # €m
    return f"{before}{code}{' ' if glued else ''}{after}"


def require_current_prices(unit: str) -> None:
    """Refuse amounts whose prices are those of one year. Raises UsageError if the unit says so."""
    if _CONSTANT.search(unit):
        raise UsageError.of("constant_prices", unit=unit)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {
        code: re.compile(
            rf"(?<![^\W\d_])(?:{'|'.join(filter(None, (code, _WORDS.get(code))))})(?=(?:tn|bn|mn|m|k)?(?![^\W\d_]))",
            re.IGNORECASE,
        )
        for code in currencies()
    }
