"""Factors of values, such as `Millions` or a power of ten. Values are kept as published: the unit says the factor."""

from __future__ import annotations

import re

_POWERS = {"0": "", "1": "tens", "2": "hundreds", "3": "thousands", "6": "millions", "9": "billions", "12": "trillions"}
_NO_SCALE = frozenset(["", "unit", "units", "one", "ones", "none"])
_FACTOR = (
    r"thousand|million|billion|trillion|tausend|mill?iard|mio\b|mrd\b|tsd\b|\b(?:bn|mn|mln|tn|trn)\b|[万亿]|'?000s?\b"
)


_CURRENCIES = r"EUR|USD|GBP|CNY|RMB|JPY|CHF|INR|euros?|dollars?|(?:US|HK|NZ|A|C|R)?\$|[€£¥₹]"
_UNITS = rf"(?:in )?(?:{_FACTOR})?\w{{0,3}}\.? ?(?:of )?(?:{_CURRENCIES})(?: ?(?:{_FACTOR})s?)?\.?"


def is_unit(text: str) -> bool:
    """Whether a text is beyond doubt a unit: a currency, with its factor, or a percentage.

    >>> is_unit("Mrd. EUR"), is_unit("US$ million"), is_unit("%"), is_unit("Total")
    (True, True, True, False)
    """
    return text in ("%", "percent", "per cent", "Prozent") or re.fullmatch(_UNITS, text, re.IGNORECASE) is not None


def is_scale(text: str) -> bool:
    """Whether a cell of a column of factors is one.

    >>> is_scale("Millions"), is_scale("6"), is_scale("units"), is_scale("7.5")
    (True, True, True, False)
    """
    return text in _POWERS or text.casefold() in _NO_SCALE or re.match(_FACTOR, text, re.IGNORECASE) is not None


def with_scale(unit: str, scale: str) -> str:
    """A unit with its factor, unless it says one itself or is a percentage.

    >>> with_scale("U.S. dollars", "Billions"), with_scale("Millions of euro", "6"), with_scale("", "bn")
    ('billions of U.S. dollars', 'Millions of euro', 'bn')
    """
    if not scale:
        return unit
    scale = _POWERS.get(scale, scale.lower() if scale.isalpha() and len(scale) > 4 else scale)
    if scale in _NO_SCALE or re.search(_FACTOR, unit, re.IGNORECASE) or "%" in unit or "percent" in unit.casefold():
        return unit
    if not unit or unit.casefold() in _NO_SCALE:
        return scale
    return f"{scale} of {unit}" if scale.endswith("s") else f"{unit} {scale}"
