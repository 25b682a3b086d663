"""Names of periods and of parts of years; and years with their parts in two places: next to or across them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rural_forecast.errors import InputError
from rural_forecast.series.period import FIRST_YEAR, LAST_YEAR, Period
from rural_forecast.series.reading.periods import LONGEST, MONTHS, Head, likely, read_head
from rural_forecast.series.reading.table import Table, distinct
from rural_forecast.series.reading.words import NUMBER
from rural_forecast.text.cells import label, shown
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
_REPUBLIC = range(80, 131)
"""Bare numbers that are years of the Republic of China, 1991 to 2041, where the name or the title says so."""
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


def with_calendar(table: Table) -> Table:
    """The table with bare years of the Republic of China as common ones, if `年度` or `民國` says so; else a doubt."""
    name, heads = table.names[table.period], table.heads
    years = {head.period.year for head in heads if head}
    if "年" not in name or not years or max(years) >= 1000 or min(years) == 1:  # an index begins with 1
        return table
    if years <= {*_REPUBLIC} and any(re.search("年度|民[國国]", text) for text in (name, *table.title)):
        era = {year: Head(Period(year + 1911), kind="era", sign=str(year)) for year in years}
        return replace(table, heads=[head and era[head.period.year] for head in heads])
    doubt = InputError(
        f"the years of {shown(name)} may be of another calendar, such as that of the Republic of China.",
        "Write the years of the common era: 105 is 2016.",
        place=table.grid.place(max(table.header, 0), table.period),
    )
    return replace(table, doubt=doubt)


def next_to_years(table: Table) -> Table:
    """The table with years and the months or quarters in a column next to them as one period."""
    grid, heads = table.grid, [table.heads[at] if at >= 0 else None for at in np.unique(table.head_of).tolist()]
    if not all(head and head.period.is_year and not head.dated for head in heads):
        return table
    years, others = len({head.period for head in heads if head}), [table.head_of]
    best, found, sure = 0, table, False
    for column in (at for at in range(grid.index.shape[1]) if at != table.period):
        name, codes = table.names[column], grid.index[table.rows, column]
        if not _are_parts([grid.words.cells[code] for code in np.unique(codes[:20]).tolist()], name):
            others += [] if (table.bits(column)[:50] & NUMBER).any() else [codes]
            continue
        pairs, of_row = np.unique(np.stack([table.head_of, codes]), axis=1, return_inverse=True)
        cells = ((table.heads[at], grid.words.cells[code]) for at, code in pairs.T.tolist())
        parts = [with_part(head.period.year, cell, name) if head else None for head, cell in cells]
        kinds = {part and (part.last, part.length) for part in parts}
        one = len(kinds) == 1 and kinds != {(12, 12)}  # first quarters, say
        count = len(set(parts))
        if None not in parts and (one or count > years) and count > best:
            best, columns = count, table.columns[table.columns != column]
            heads = [Head(part) for part in parts if part]
            found = replace(table, heads=heads, head_of=of_row.reshape(-1), part=column, columns=columns)
            sure = one
    if best and not sure and distinct(*others) == len(table.rows):
        return table  # a month next to years that are distinct is no part of them
    return found


def _are_parts(cells: Sequence[object], name: str) -> bool:
    return bool(name or any(cells)) and all(with_part(2000, cell, name) is not None for cell in cells)


def months_across(table: Table) -> Table:
    """The table with columns that are the months or quarters of the years of the rows."""
    named = {
        at: part
        for at, name in enumerate(table.names)
        if at not in (table.period, table.part) and (part := with_part(2000, name))
    }
    parts = {part for part in named.values() if not part.is_year}
    whole = [at for at, part in named.items() if part.is_year]
    if len({part.last for part in parts if part.length == 1}) == 12 and whole:
        return replace(table, columns=np.array(whole, dtype=np.int64))  # the year is next to its months
    others = set(table.columns.tolist()) - named.keys()
    if whole or len(parts) not in (4, 12) or len(named) != len(parts) or others:
        return table
    return replace(table, columns=np.array(sorted(named), dtype=np.int64), parts=named)
