"""The unit of a series, with its factor: values are kept as published, and the unit says `thousands` or `bn`.

A unit is in a row or column of units, in brackets after a name, in the title, or next to the numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from rural_forecast.series.reading.column_names import normalised, unit_in
from rural_forecast.series.reading.panel import Panel
from rural_forecast.text.cells import label

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


_UNIT = re.compile(
    r"(?i)^(?:units?(?: of measure.*)?|unit_?(?:measure|desc.*)|\[units\]|uom|einheit|unité(?: de mesure)?|eenheid|"
    r"jednostka(?: miary)?|unidad(?: de medida)?|unidade de medida|descripción de las unidades|crcy|单位|단위|単位)$"
)
_IN_TITLE = re.compile(
    r"(?i)(?:单位|單位|단위|単位|units?|einheit|unité|unidad)\s*[:：]\s*(?P<named>[^\s)）;；|][^)）;；|]{0,39})"
    r"|\bin\s+(?P<said>(?:(?:thousands?|millions?|billions?|trillions?|tausend|millionen|milliarden|mio\.?|mrd\.?|tsd\.?)(?![A-Za-z])"
    r"(?:\s+(?:of\s+)?[\w.$€£]+(?:\s+dollars?)?)?|'000s?))"
    r"|[\[(](?P<bracketed>[^()\[\]]*(?:thousand|million|billion|trillion|crore|lakh|mio\.|mrd\.|[万亿]|EUR|USD|GBP|CNY|RMB|[€£₹])[^()\[\]]*)[\])]"
)


def unit_of(panel: Panel, row: int, value: int) -> str:
    """The unit of the series in a row, or of years down in a column of values; empty where nothing says it."""
    cells = panel.table.rows[row]
    unit = panel.units.get(value, "")
    stated = ""
    for place, name in enumerate(panel.names):
        text = label(cells[place])
        if place in panel.years or place == value:
            continue
        if "\\" in name and "," in name:  # keys packed into one: freq,unit,geo\TIME_PERIOD
            keys = dict(zip(name.partition("\\")[0].split(","), text.split(","), strict=False))
            name, text = ("unit", keys["unit"].strip()) if "unit" in keys else (name, text)
        name = " ".join(name.split())
        of_values = value >= 0 and normalised(name).removesuffix("s") == f"{normalised(panel.names[value])}_unit"
        if (of_values or _UNIT.match(name)) and not re.fullmatch(r"[\d.]+", text) and len(text) > len(stated):
            stated = text  # its code may be next to it
    unit = unit or stated or next((after for text, after in pairwise(panel.title) if _UNIT.match(text)), "")
    if not unit and panel.across:
        places = [place for place in range(len(panel.names)) if place not in panel.years]
        heads = [name for place in places if (name := panel.names[place])[:1] in ("(", "[")]
        texts = [*(cells[place] for place in places), *(f"head {name}" for name in heads)]
        unit = next(filter(None, map(unit_in, texts)), "")
    elif not unit:
        unit = unit_in(panel.names[value])
    return with_scale(unit, _in_title(panel.title, has_unit=bool(unit)))


def beside_numbers(unit: str, currency: str, scale: str) -> str:
    """A unit with what is next to the numbers.

    >>> beside_numbers("", "US$", "bn"), beside_numbers("bn CNY", "", "bn"), beside_numbers("", "", "%")
    ('US$ bn', 'bn CNY', '%')
    """
    if currency == "元":
        currency, scale = "", f"{scale}元"
    words = [word for word in (currency, scale) if word and word.casefold() not in unit.casefold()]
    return " ".join(filter(None, (unit, *words)))


def _in_title(title: Iterable[str], *, has_unit: bool) -> str:
    """The unit, or only its factor, that a line above the table states."""
    for text in title:
        if match := _IN_TITLE.search(text):
            stated = (match["named"] or match["said"] or match["bracketed"]).strip().removeprefix("in ")
            if not has_unit:
                return stated
            if factor := re.search(r"(?i)thousands?|millions?|billions?|trillions?", stated):
                return factor[0].casefold()
    return ""
