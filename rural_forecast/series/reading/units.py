"""The unit of a series, with its factor: values are kept as published, and the unit says `thousands` or `bn`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from rural_forecast.errors import Problem
from rural_forecast.text.cells import expression

_POWERS = {"0": "", "1": "tens", "2": "hundreds", "3": "thousands", "6": "millions", "9": "billions", "12": "trillions"}
_NO_SCALE = frozenset(["", "unit", "units", "one", "ones", "none"])
_FACTOR = (
    r"thousand|million|billion|trillion|tausend|mill?iard|mio\b|mrd\b|tsd\b|\b(?:bn|mn|mln|tn|trn)\b|[万亿]|'?000s?\b"
)
_FACTORS = {
    3: r"thousands?|tausend|tsd|k|'?000s?|千|천|milliers?|milhares|migliaia|тыс\w*|tys|tis|duizend|tusental|tkr",
    6: r"millions?|millionen|millones|milhões|milioni|miljo[oe]n\w*|mio|mn|mln|m|млн|mkr|百万|백만",
    9: r"billions?|bn|mrd|mill?iard\w*|miljard\w*|bilhões|млрд",
    12: r"trillions?|tn|trn|万亿",
    5: r"lakhs?",
    7: r"crores?",
    4: r"万",
    8: r"亿",
}
_ANY_FACTOR = "|".join(_FACTORS[power] for power in (3, 6, 9, 12))
_LEADS = expression(rf"(?i)(?:in |en |em |в )?(?![km]\b)(?:{_ANY_FACTOR}|miles de)\.?(?![^\W_])(?: ?\S+){{0,3}}")
_WORD_FACTORS = [(power, expression(rf"(?:{names})\.?", re.IGNORECASE)) for power, names in _FACTORS.items()]
_ENGLISH = expression(r"(?i)(?:thousand|million|billion|trillion)s?")
_ZEROS = expression(r"(?:[x×*]\s*|^|\bin )1((?:[,. '\u00a0]?000){1,4})(?!\d)")
"""A factor in digits: `x 1,000,000`, `1 000 tonnes`."""
_MONEY = {
    "EUR": r"eur|euros?|€", "USD": r"usd|us\$|u\.s\. dollars?|us dollars?", "GBP": r"gbp|£", "CNY": r"cny|rmb|yuan",
    "JPY": r"jpy|yen", "CHF": r"chf", "INR": r"inr|₹|rupees?",
}  # fmt: skip
_CURRENCIES = r"EUR|USD|GBP|CNY|RMB|JPY|CHF|INR|euros?|dollars?|(?:US|HK|NZ|A|C|R)?\$|[€£¥₹]"
_UNITS = expression(
    rf"(?:in )?(?:{_FACTOR})?\w{{0,3}}\.? ?(?:of )?(?:{_CURRENCIES})(?: ?(?:{_FACTOR})s?)?\.?", re.IGNORECASE
)
NAMED = expression(
    r"(?i)^(?:units?(?: of measure.*)?|unit_?(?:measure|desc.*)|\[units\]|uom|einheit|unité(?: de mesure)?|eenheid|"
    r"jednostka(?: miary)?|unidad(?: de medida)?|unidade de medida|descripción de las unidades|crcy|单位|단위|単位)$"
)  # names of columns and rows of units
_IN_TITLE = expression(
    r"(?i)(?:单位|單位|단위|単位|units?|einheit|unité|unidad)\s*[:：]\s*(?P<named>(?:[^\s()（）;；|]|[(（][^()（）]*[)）])(?:[^()（）;；|]|[(（][^()（）]*[)）]){0,79})"
    r"|\bin\s+(?P<said>(?:(?:thousands?|millions?|billions?|trillions?|tausend|millionen|milliarden|mio\.?|mrd\.?|tsd\.?|bn|mn|mln)(?![A-Za-z])"
    r"(?:\s+(?:of\s+)?[\w.$€£]+(?:\s+dollars?)?)?|'000s?"
    rf"|(?:{_CURRENCIES})\s+(?:thousands?|millions?|billions?|trillions?|bn|mn|mln|m|mio\.?|mrd\.?)(?![A-Za-z])))"
    r"|[\[(](?P<bracketed>[^()\[\]]*(?:thousand|million|billion|trillion|crore|lakh|mio\.|mrd\.|[万亿]|EUR|USD|GBP|CNY|RMB|[€£₹])[^()\[\]]*)[\])]"
)


def is_unit(text: str) -> bool:
    """True if a text is beyond doubt a unit: a percentage, a currency with its factor, or a factor with its noun."""
    text = text.strip("()[] ")
    if text in ("%", "percent", "per cent", "Prozent") or (len(text) < 60 and _UNITS.fullmatch(text)):
        return True
    if len(text) > 40 or not _LEADS.fullmatch(text):
        return False
    return text[1:].islower() or bool(_money_of(text)) or not re.match(r"(?i)(?:in )?(?:thou|mill|bill|trill)", text)


def is_scale(text: str) -> bool:
    """True if a cell of a column of factors is one."""
    return text in _POWERS or text.casefold() in _NO_SCALE or re.match(_FACTOR, text, re.IGNORECASE) is not None


def with_scale(unit: str, scale: str) -> str:
    """A unit with its factor, unless it says one itself or is a percentage."""
    if not scale:
        return unit
    scale = _POWERS.get(scale, scale.lower() if _ENGLISH.fullmatch(scale) else scale)
    said = re.search(f"{_FACTOR}|%|percent", unit, re.IGNORECASE)
    if said or scale.casefold() in _NO_SCALE:
        return unit
    if not unit or unit.casefold() in _NO_SCALE:
        return scale
    return f"{scale} of {unit}" if scale.endswith("s") else f"{unit} {scale}"


def _factor_of(unit: str) -> int:
    """The power of ten that a unit says; 0 for none."""
    if "%" in unit or "percent" in unit.casefold():
        return 0
    if zeros := _ZEROS.search(unit):
        return 3 * len(re.findall("000", zeros[1]))
    words = re.findall(r"[万亿]{1,2}|百万|千|[^\s,/()]+", unit)
    return next((power for word in words for power, form in _WORD_FACTORS if form.fullmatch(word)), 0)


def _money_of(unit: str) -> str:
    padded = f" {unit.casefold()} "
    return next((code for code, names in _MONEY.items() if re.search(rf"(?<![a-z])(?:{names})(?![a-z$])", padded)), "")


def combined(first: str, second: str) -> str | Problem:
    """Combine two units of one series, the more precise one first."""
    if not first or not second or first.casefold() == second.casefold():
        return first or second
    factors, moneys = (_factor_of(first), _factor_of(second)), (_money_of(first), _money_of(second))
    if (all(factors) and factors[0] != factors[1]) or (all(moneys) and moneys[0] != moneys[1]):
        return Problem(f"is in '{first}' and in '{second}'", "Correct the unit where it is wrong.")
    if not any(factors) or all(factors):
        return second if not moneys[0] or moneys[1] else first
    more, other = (first, second) if factors[0] else (second, first)
    if (any(moneys) and _money_of(more)) or not is_scale(more):
        return more
    return f"{more.casefold().removesuffix('s')} {other}" if more[:1].isascii() else more + other  # only a factor


def beside_numbers(unit: str, currency: str, scale: str) -> str:
    """A unit with what is next to the numbers."""
    if currency == "元":
        currency, scale = "", f"{scale}元"
    words = [word for word in (currency, scale) if word and word.casefold() not in unit.casefold()]
    return " ".join(filter(None, (unit, *words)))


def of_title(title: Iterable[str], unit: str) -> str:
    """A unit with what the lines above a table say: the unit itself, or its factor."""
    lines = [text[:500] for text in title]
    unit = unit or next((after for text, after in pairwise(lines) if NAMED.match(text)), "")
    for text in lines:
        if not unit and is_unit(text):
            return text.strip("()[] ").removeprefix("in ")
        if (match := _IN_TITLE.search(text)) and not text[match.end() :].startswith((";", "；")):  # not one of several
            stated = (match["named"] or match["said"] or match["bracketed"]).strip().removeprefix("in ")
            if not unit:
                return stated
            if factor := re.search(r"(?i)thousands?|millions?|billions?|trillions?", stated):
                return with_scale(unit, factor[0].casefold())
    return unit
