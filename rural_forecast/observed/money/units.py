"""The currency in a unit, and a unit in another currency."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from rural_forecast.errors import UsageError
from rural_forecast.observed.money.tables import rates

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


def require_current_prices(unit: str) -> None:
    """Raise UsageError for amounts in constant prices, which yearly rates and prices do not fit."""
    if _CONSTANT.search(unit):
        problem = f"The amounts are in constant prices ('{unit}')"
        raise UsageError(
            f"{problem}: yearly rates and prices do not apply to them.",
            "Use the series in current prices.",
        )
