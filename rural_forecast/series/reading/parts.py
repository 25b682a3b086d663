"""Names of periods, of parts of years, and of periods that were meant."""

from __future__ import annotations

import re

from rural_forecast.series.period import FIRST_YEAR, LAST_YEAR, Period
from rural_forecast.series.reading.periods import LONGEST, MONTHS, Head, likely, read_head
from rural_forecast.text.cells import label
from rural_forecast.text.patterns import expression

_PERIOD_WORDS = expression(
    r"(?i)\b(?:years?|yr|time|tid|periods?|dates?|annual|season|jahre?|zeit|stichtag|ann[ée]es?|p[ée]riodes?|a[nñ]os?|periodo|"
    r"ano|anno|anni|jaar|perioden?|rok|lata|okres|rik|yıl|tahun|år|vuosi|год|годы|рік|time_period|ref_date|"
    r"quarter|month)\b|年|时间|期|時間|연도|시점|سنة|السنة|عام|سال"
)
"""Words in the name of a column of periods."""
_PART_NAMES = {
    "M": r"(?:months?|mon|mm|monat|mois|mes|月份?)$",
    "Q": r"(?:quarters?|qtr|quartal|trimestre|季度?)$",
    "H": r"(?:half|halves|half.?year|semester)$",
    "P": r"period$",
}
"""Names of columns of parts next to a column of years, by the letter of the part."""
_WHOLE = expression(r"(?i)M13|Q05|S03|A01|annual|year|total|year total|full year|jahr|全年|年度|合计")
"""Names of the whole year in a column of parts; the codes are those of the Bureau of Labor Statistics."""
_OPEN = MONTHS.keys() | {"ytd", "3m", "6m", "9m", "q1", "q2", "q3", "h1"}
_OPEN_WORDS = _OPEN | {"to", "till", "until", "through", "first", "months"}
_DIGIT_LIKE = str.maketrans("OoQDlI|ZSB", "0000111258")
"""Letters that are taken for digits, by people and by text recognition."""
_YEAR_LIKE = expression(r"(?:FY|CY)?\s*([12lI|Z][0-9OoQDlI|ZSB]{3})(?:\W*\w{0,2}\W*|\W*\w{0,2}\s*[\[(（].*[\])）])")


def names_period(name: str) -> bool:
    """True if the name of a column says that it holds periods."""
    return len(name) < 200 and _PERIOD_WORDS.search(name.replace("_", " ")) is not None


def with_part(year: int, cell: object, name: str = "") -> Period | None:
    """A year and the cell of a column of months, quarters or halves as one period; None where the cell is neither."""
    text = label(cell).strip()
    kind = next((kind for kind, names in _PART_NAMES.items() if re.match(names, name.strip(), re.IGNORECASE)), "")
    if (kind and not text) or _WHOLE.fullmatch(text):
        return Period(year)
    if match := re.fullmatch(r"([MQSH])(?:ALF)?0?(\d\d?)", text):
        text = f"{year}{match[1].replace('S', 'H')}{match[2]}"
    elif month := MONTHS.get(text.casefold().rstrip(".")):
        return Period(year, month, 1)
    elif match := re.fullmatch(r"([1-9]|1[0-2])月", text):
        return Period(year, int(match[1]), 1)
    elif text.isdecimal():
        text = f"{year}{kind}{text}" if kind else ""
    else:
        text = f"{text} {year}"
    head = likely(text) if len(text) < LONGEST else None
    return head.period if head is not None and head.period.year == year and not head.period.is_year else None


def is_open(text: str) -> bool:
    """True if a text names several months of a year that is not whole: `2025 (Jan-Sep)`, `2025年1-9月`."""
    if len(text) > LONGEST or not (year := re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)):
        return False
    rest = text.replace(year[0], " ").casefold()
    words = re.findall(r"[^\W_]+", rest)
    named = bool(_OPEN.intersection(words)) and _OPEN_WORDS.issuperset(words)
    return named or re.search(r"\d\s*[-–~至]\s*\d+月", rest) is not None


def mistyped(cell: object) -> str:
    """Why a head that is no period was most likely meant as one, such as `2O24`; empty where it was not."""
    text = label(cell)[:LONGEST]
    if isinstance(read_head(cell), Head):
        return ""
    if re.fullmatch(r"-?\d+", text, re.ASCII):
        return f"a year outside {FIRST_YEAR} to {LAST_YEAR}"
    match = _YEAR_LIKE.fullmatch(text)
    if match is None or sum(sign.isdigit() for sign in match[1]) < 2:
        return ""
    year = match[1].translate(_DIGIT_LIKE)
    if not 1800 <= int(year) < 2200:
        return ""
    return f"not a year; {year}{'' if year in text else ' with a letter in place of a digit'}?"
