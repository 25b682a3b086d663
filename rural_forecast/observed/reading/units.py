"""Units of values, and the factors in them: of heads, titles, columns, and signs next to numbers.

A value is kept as it is published, so its factor stays in the unit: `5 bn` is 5 in `bn`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from rural_forecast.errors import Problem
from rural_forecast.text.cells import expression

# Codes of a factor, in columns such as `UNIT_MULT`: the power of ten.
_POWERS = {
    "0": "",
    "1": "tens",
    "2": "hundreds",
    "3": "thousands",
    "6": "millions",
    "9": "billions",
    "12": "trillions",
}
_NO_SCALE = frozenset(["", "unit", "units", "one", "ones", "none"])
_FACTOR = (
    r"thousand|million|billion|trillion"
    r"|tausend|mill?iard|mio\b|mrd\b|tsd\b"
    r"|\b(?:bn|mn|mln|tn|trn)\b"
    r"|[万亿]"
    r"|'?000s?\b"
)

# The words of a factor, by its power of ten; the first that fits is taken.
_FACTORS = {
    3: (
        r"thousands?|tausend|tsd|k|'?000s?|千|천|milliers?|milhares|migliaia|тыс\w*|tys|tis"
        r"|duizend|tusental|tkr"
    ),
    6: (
        r"millions?|millionen|millones|milhões|milioni|miljo[oe]n\w*|mio|mn|mln|m|млн|mkr"
        r"|百万|백만"
    ),
    9: r"billions?|bn|mrd|mill?iard\w*|miljard\w*|bilhões|млрд",
    12: r"trillions?|tn|trn|万亿",
    5: r"lakhs?",
    7: r"crores?",
    4: r"万",
    8: r"亿",
}
_WORD_FACTORS = [
    (power, expression(rf"(?:{names})\.?", re.IGNORECASE)) for power, names in _FACTORS.items()
]
_ANY_FACTOR = "|".join(_FACTORS[power] for power in (3, 6, 9, 12))
_LEADS = expression(
    rf"(?i)(?:in |en |em |в )?(?![km]\b)(?:{_ANY_FACTOR}|miles de)\.?(?![^\W_])(?: ?\S+){{0,3}}"
)
_ENGLISH = expression(r"(?i)(?:thousand|million|billion|trillion)s?")

# A factor in digits: `x 1,000,000`, `1 000 tonnes`.
_ZEROS = expression(r"(?:[x×*]\s*|^|\bin )1((?:[,. '\u00a0]?000){1,4})(?!\d)")

_MONEY = {
    "EUR": r"eur|euros?|€",
    "USD": r"usd|us\$|u\.s\. dollars?|us dollars?",
    "GBP": r"gbp|£",
    "CNY": r"cny|rmb|yuan",
    "JPY": r"jpy|yen",
    "CHF": r"chf",
    "INR": r"inr|₹|rupees?",
}
_CURRENCIES = r"EUR|USD|GBP|CNY|RMB|JPY|CHF|INR|euros?|dollars?|(?:US|HK|NZ|A|C|R)?\$|[€£¥₹]"
_UNITS = expression(
    rf"(?:in )?(?:{_FACTOR})?\w{{0,3}}\.? ?(?:of )?(?:{_CURRENCIES})"
    rf"(?: ?(?:(?:{_FACTOR})s?|[mk]))?\.?",
    re.IGNORECASE,
)

# The names of columns and rows of units.
NAMED = expression(
    r"(?i)^(?:"
    r"units?(?: of measure.*)?|unit_?(?:measure|desc.*)|\[units\]|uom"
    r"|einheit"
    r"|unité(?: de mesure)?"
    r"|eenheid"
    r"|jednostka(?: miary)?"
    r"|unidad(?: de medida)?|descripción de las unidades"
    r"|unidade de medida"
    r"|crcy"
    r"|单位|단위|単位"
    r")$"
)

# The unit that a line above a table states: by its name, `Unit: million yuan`; behind `in`, `in US$
# million`; or in brackets, `Turnover (EUR bn)`.
_IN_BRACKETS_OR_NOT = r"[^()（）;；|]|[(（][^()（）]*[)）]"
_NAMED_IN_TITLE = (
    r"(?:单位|單位|단위|単位|units?|einheit|unité|unidad)\s*[:：]\s*"
    r"(?P<named>(?:[^\s()（）;；|]|[(（][^()（）]*[)）])"
    rf"(?:{_IN_BRACKETS_OR_NOT}){{0,79}})"
)
_BEHIND_IN = (
    r"\bin\s+(?P<behind_in>"
    r"(?:(?:thousands?|millions?|billions?|trillions?"
    r"|tausend|millionen|milliarden|mio\.?|mrd\.?|tsd\.?|bn|mn|mln)(?![A-Za-z])"
    r"(?:\s+(?:of\s+)?[\w.$€£]+(?:\s+dollars?)?)?"
    r"|'000s?"
    rf"|(?:{_CURRENCIES})\s+(?:thousands?|millions?|billions?|trillions?"
    r"|bn|mn|mln|m|mio\.?|mrd\.?)(?![A-Za-z])))"
)
_BRACKETED = (
    r"[\[(](?P<bracketed>[^()\[\]]*"
    r"(?:thousand|million|billion|trillion|crore|lakh|mio\.|mrd\.|[万亿]"
    r"|EUR|USD|US\$|GBP|CNY|RMB|[€£₹]|\bper ?cent\b)"
    r"[^()\[\]]*)[\])]"
)
_PIECES = expression(r"[,;:|]\s|\s[-–—]\s")
_IN_TITLE = expression(f"(?i){_NAMED_IN_TITLE}|{_BEHIND_IN}|{_BRACKETED}")


def is_unit(text: str) -> bool:
    """Return true if a text is beyond doubt a unit.

    That is a percentage, a currency with its factor, or a factor with its noun.
    """
    text = text.strip("()[] ")
    if text in ("%", "percent", "per cent", "Prozent"):
        return True
    if is_money(text):
        return True
    if len(text) > 40 or not _LEADS.fullmatch(text):
        return False
    # `Thousand Oaks` is a town, and `thousand tonnes` a unit.
    is_english = re.match(r"(?i)(?:in )?(?:thou|mill|bill|trill)", text)
    return not is_english or text[1:].islower() or _money_of(text) != ""


def is_money(text: str) -> bool:
    """Return true if a text is a currency, with or without a factor."""
    return len(text) < 60 and _UNITS.fullmatch(text) is not None


def is_scale(text: str) -> bool:
    """Return true if a cell of a column of factors is one."""
    if text in _POWERS or text.casefold() in _NO_SCALE:
        return True
    return re.match(_FACTOR, text, re.IGNORECASE) is not None


def with_scale(unit: str, scale: str) -> str:
    """Add the factor to a unit, unless that has one itself or is a percentage."""
    if not scale:
        return unit
    if scale in _POWERS:
        scale = _POWERS[scale]
    elif _ENGLISH.fullmatch(scale):
        scale = scale.lower()
    has_factor = re.search(f"{_FACTOR}|%|percent", unit, re.IGNORECASE)
    if has_factor or scale.casefold() in _NO_SCALE:
        return unit
    if not unit or unit.casefold() in _NO_SCALE:
        return scale
    return f"{scale} of {unit}" if scale.endswith("s") else f"{unit} {scale}"


def _factor_of(unit: str) -> int:
    """Find the power of ten in a unit; 0 for none."""
    if "%" in unit or "percent" in unit.casefold():
        return 0
    if zeros := _ZEROS.search(unit):
        return 3 * len(re.findall("000", zeros[1]))
    for word in re.findall(r"[万亿]{1,2}|百万|千|[^\s,/()]+", unit):
        for power, form in _WORD_FACTORS:
            if form.fullmatch(word):
                return power
    return 0


def _money_of(unit: str) -> str:
    """Find the code of the currency in a unit; empty for none."""
    padded = f" {unit.casefold()} "
    for code, names in _MONEY.items():
        if re.search(rf"(?<![a-z])(?:{names})(?![a-z$])", padded):
            return code
    return ""


def combined(first: str, second: str) -> str | Problem:
    """Combine two units of one series, the more precise one first."""
    if not first or not second or first.casefold() == second.casefold():
        return first or second
    factors = (_factor_of(first), _factor_of(second))
    moneys = (_money_of(first), _money_of(second))
    factors_differ = all(factors) and factors[0] != factors[1]
    moneys_differ = all(moneys) and moneys[0] != moneys[1]
    if factors_differ or moneys_differ:
        return Problem(f"is in '{first}' and in '{second}'", "Correct the unit where it is wrong.")
    if not any(factors) or all(factors):
        return second if moneys[1] or not moneys[0] else first

    # One of them has a factor. If that is all it has, the other one is the noun.
    factored, noun = (first, second) if factors[0] else (second, first)
    if _money_of(factored) or not is_scale(factored):
        return factored
    if factored[:1].isascii():
        return f"{factored.casefold().removesuffix('s')} {noun}"
    return factored + noun


def beside_numbers(unit: str, currency: str, scale: str) -> str:
    """Add to a unit the currency and the factor that are next to the numbers."""
    if currency == "元":
        currency = ""
        scale = f"{scale}元"
    missing = [
        word for word in (currency, scale) if word and word.casefold() not in unit.casefold()
    ]
    return " ".join(filter(None, (unit, *missing)))


def of_title(title: Iterable[str], unit: str) -> str:
    """Add to a unit what the lines above a table state: the unit itself, or its factor."""
    lines = [text[:500] for text in title]
    if not unit:
        unit = next((below for text, below in pairwise(lines) if NAMED.match(text)), "")
    for text in lines:
        if not unit and is_unit(text):
            return text.strip("()[] ").removeprefix("in ")
        # `EUR m, year to December`: money is a piece of the line, and its only one of money.
        moneys = [piece.strip() for piece in _PIECES.split(text) if is_money(piece.strip())]
        if not unit and len(moneys) == 1:
            return moneys[0].removeprefix("in ")
        match = _IN_TITLE.search(text)
        # Before a semicolon it is one of several units.
        if match is None or text[match.end() :].startswith((";", "；")):
            continue
        stated = match["named"] or match["behind_in"] or match["bracketed"]
        stated = stated.strip().removeprefix("in ")
        if not unit:
            return stated
        if factor := re.search(r"(?i)thousands?|millions?|billions?|trillions?", stated):
            return with_scale(unit, factor[0].casefold())
    return unit
