"""Names of columns, in every language: of periods and their parts, of values, codes and remarks.

A unit in brackets is no part of a name: `Sales (EUR m)` is the column `sales`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from rural_forecast.observed.period import FIRST_YEAR, LAST_YEAR, Period
from rural_forecast.observed.reading.head import LONGEST, Head
from rural_forecast.observed.reading.months import MONTHS
from rural_forecast.observed.reading.periods import likely, read_head
from rural_forecast.observed.reading.units import is_money, is_unit
from rural_forecast.text.cells import expression, label

# Names of our own columns, as `normalised` writes them

_PERIODS = """
year years yr period date fiscal_year financial_year calendar_year fy
time ds timestamp quarter month yyyymm
年份 年 年度 民國年 民国年 民國年度 民國 时间 日期 期间 报告期 年別
السنة سنة سال
"""
PERIOD_NAMES = frozenset(_PERIODS.split())

GENERIC_VALUES = frozenset(
    ["value", "values", "y", "amount", "figure", "数值", "值", "金额", "القيمة", "مقدار"]
)
_OF_PUBLISHERS = """
obs_value data_value observation_value factvaluenumeric numericvalue primaryvalue
valeur wert valor wartosc wartość waarde valore arvo varde dato
값 値
"""
# Names of the column of values that say nothing of what they measure.
VALUES = GENERIC_VALUES.union(_OF_PUBLISHERS.split())
_MEASURES = """
turnover sales revenue market_size size total gmv
销售额 交易额 营业额 零售额 成交额 收入
"""
VALUE_NAMES = GENERIC_VALUES.union(_MEASURES.split())
# Those that all measure the whole of a market, so that two of them are no parts of it.
WHOLES = frozenset(_MEASURES.split()) - {"total", "size"}

ID_NAMES = frozenset(["series_id", "unique_id", "id", "series", "序列", "指标"])
_OTHERS = {
    "source": "sources 来源 数据来源",
    "status": "状态",
    "published_on": "published 发布日期",
    "unit": "units unit_of_measure unit_measure uom [units] 单位",
    "scale": "unit_mult unit_multiplier scalar_factor power_code powercode",
    "definition": "定义 口径",
    "growth_pct": "published_growth_pct 同比 增速",
    "note": "notes remark remarks 备注",
    "doubtful": "存疑",
    "flag": "flags obs_flag obs_status 标记",
    "low": "lower 下限",
    "high": "upper 上限",
    "level": "置信度",
    "author": "",
    "qualifier": "",
    "measure": "",
    "market_kind": "",
    "within": "",
    "breaks": "",
    "new_basis": "break break_in_series break_in_time_series series_break break_flag 断点 新口径",
    "kind": "",
    "model": "",
    "used": "",
}
OTHER_NAMES: Mapping[str, frozenset[str]] = {
    role: frozenset([role, *synonyms.split()]) for role, synonyms in _OTHERS.items()
}
_OURS = {**OTHER_NAMES, "id": ID_NAMES, "value": VALUE_NAMES, "period": PERIOD_NAMES}
_ROLES = {name: role for role, names in _OURS.items() for name in names}

# Columns of the rows this program writes that follow from others.
_DERIVED = expression(r"(?:lower|upper)_\d\d|parent|base_value")

# Meanings of a column of marks, in any case.
YES = frozenset(["yes", "y", "true", "x", "1", "是"])
NO = frozenset(["", "no", "n", "false", "0", "否"])


# Names of the columns of others

_MOST_OF_UNIT = 3  # words
_BRACKETED = expression(r"(?s:(?P<name>.*\S)\s*[\[(（](?P<inside>[^\[\](（)）]*)[\])）])")
# Brackets behind a name that hold a code of a classification, a share such as 2.5 %, or how it is
# counted, and no unit.
_CODE = expression(
    r"(?:\w+[./]){2,}\w+"
    r"|[A-Z]+[-_]?\d[A-Z\d.-]*"
    r"|\d+(?:[-.]\d+)+|\d{2,3}"
    r"|[+-]?\d+(?:[.,]\d+)?\s*%"
    r"|(?i:yearly|annual|total|mean|average|all)"
)
CODES = expression(
    r"(?i)(?:^|[\W_])"
    r"(?:code|kod|id|iso\d?|m49|no|nr|cd|vector|coordinate|dguid|dim_?id|line)"
    r"(?:$|[\W_])|代码|コード"
)
COUNTS_ROWS = frozenset(["id", "no", "no.", "nr", "#", "index", "row", "", "line", "序号"])

# Columns that say something of a value, and do not distinguish series.
_REMARKS = expression(
    r"(?i)(?:^|[\W_])(?:"
    r"flags?|status|statut|(?<!variable )attribut\w*(?!\W*\w)|atrybut|codes"
    r"|notes?|comments?|remarks?|footnotes?"
    r"|missing.?values?|symbols?|confidentiality|obs_?flag|obs_?status"
    r"|last.?updated?|updated|decimals?|scalar_id|terminated"
    r")(?:$|[\W_])|标记|备注"
)
# Of those, the ones whose letters are flags of agencies. In a column of notes they are words.
_FLAGGING = expression(
    r"(?i)(?:^|[\W_])(?:"
    r"flags?|status|statut|attribut\w*|atrybut|codes|missing.?values?|symbols?|confidentiality"
    r")(?:$|[\W_])|标记"
)
# Of those, the ones that may hold numbers: `Bank notes` has figures.
_NUMBERED = expression(
    r"(?i)(?:decimals?|scalar id|terminated"
    r"|(?:obs ?)?(?:flags?|status|footnotes?|notes?)(?: codes?)?)"
)
_SOURCES = expression(r"(?i)(?:data )?sources?(?: notes?)?|description|来源|数据来源")
_ESTIMATES_AFTER = expression(
    r"(?i)(?:estimates?|forecasts?|projections?)\s+(?:start|begin)s?\s+after"
    r"|(?:last|latest)[ _]actual"
)


def single_spaced(text: str) -> str:
    """Strip a text, and write one space in place of several."""
    return " ".join(text.split())


def same(first: str, second: str) -> bool:
    """Return true if two names are the same in any case and with any spaces."""
    return single_spaced(first).casefold() == single_spaced(second).casefold()


@lru_cache(16_384)
def normalised(name: str) -> str:
    """Write the name of a column as names are compared."""
    return "_".join(without_unit(name).casefold().replace("-", " ").replace("_", " ").split())


def without_unit(name: str) -> str:
    """Take the unit in brackets off the name of a column."""
    match = _bracketed(name)
    return match["name"] if match else name.strip()


def unit_in(name: str) -> str:
    """Find the unit that a column's name states in brackets or behind a comma; empty for none."""
    if match := _bracketed(name):
        inside = match["inside"]
        is_footnote = re.fullmatch(r"\d{1,2}", inside) and "[" in name
        if is_footnote:
            return unit_in(match["name"])
        return "" if _CODE.fullmatch(inside) else inside.strip().removeprefix("in ")
    tail = name.rpartition(", ")[2]
    if tail != name and is_unit(tail):
        return tail
    return _unit_at_end(name)


def _unit_at_end(name: str) -> str:
    """The money that the last words of a name are, such as those of `sales_bn_eur`."""
    words = name.replace("_", " ").split()
    for first in range(max(1, len(words) - _MOST_OF_UNIT), len(words)):
        tail = " ".join(words[first:])
        if is_money(tail):
            return tail.removeprefix("in ")
    return ""


def _bracketed(name: str) -> re.Match[str] | None:
    name = name.strip()
    if len(name) < 1000 and name.endswith((")", "]", "）")):
        return _BRACKETED.fullmatch(name)
    return None


def role_of(name: str) -> str:
    """Find the role of a column of one of our names; empty for any other name."""
    own_name = normalised(name)
    return "derived" if _DERIVED.fullmatch(own_name) else _ROLES.get(own_name, "")


def is_remark(name: str, *, numbers: bool = False) -> bool:
    """Return true if a column says something of a value or of the data, by its name.

    `numbers`: the column holds numbers.
    """
    plain = name.replace("_", " ")
    if _SOURCES.fullmatch(plain):
        return True
    if numbers:
        return _NUMBERED.fullmatch(plain) is not None
    return _REMARKS.search(without_unit(plain) or plain) is not None


def names_source(name: str) -> bool:
    """Return true if a column of this name says where its rows come from."""
    return normalised(name) in ("source", "sources")


def holds_flags(name: str) -> bool:
    """Return true if a column of remarks holds the letters of agencies, by its name."""
    plain = name.replace("_", " ")
    return _FLAGGING.search(without_unit(plain) or plain) is not None


def ends_history(name: str) -> bool:
    """Return true if a column of this name says after which year estimates start."""
    return len(name) < 200 and _ESTIMATES_AFTER.search(name) is not None


_PLACES = expression(
    r"(?i).*\b(?:countr(?:y|ies)|area|entity|geo(?:graphy|name|graphic)?|region|location|state|"
    r"province|county|city|territory|economy|reporter|partner|land|bundesl(?:and|änder)|pa[ií]s|"
    r"regi[oó]n|provincia|ref_area|terr|spatial ?dim(?:ension)?)\b.*"
    r"|(?:iso|geo|reporter|partner|country|area|location|region|asylum)[ _]?(?:name|title|desc)?"
    r"|.*(?:地区|地域|国家|国名|省|市名|都道府県).*|시도.*"
)
_NO_PLACE = expression(r"(?i).*\b(?:code|codes|id|unit|size|type|area \(|crop)\b.*")


def names_place(head: str) -> bool:
    """Check that the labels below a head are places, by their names."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", head)
    return bool(_PLACES.fullmatch(spaced)) and not _NO_PLACE.fullmatch(spaced)


# Separators that people write between the labels of a series.
SEPARATORS = expression(r"\s*[/|;,:·–—]+\s*|\s+-\s+")


def likeness(text: str, part: str) -> int:
    """Grade how far a text is like a part that is asked for.

    3 for the same text, 2 in another case or a whole piece of it, 1 for a part of it, 0 for none.
    Two letters must be a word.
    """
    if text == part:
        return 3
    text = text.casefold()
    part = part.casefold()
    if same(text, part) or part in SEPARATORS.split(text):
        return 2
    is_long_enough = len(part) > 2 or not part.isascii() or part in text.split()
    return 1 if part in text and is_long_enough else 0


_TOTALS = expression(
    r"(?:grand_|sub_?|world_|overall_)?(?:totals?|sum)(?:_.*)?|.*_total"
    r"|world|worldwide|global|all(?:_.*)?"
    r"|summe|insgesamt|gesamt|zusammen|ensemble|totale|totaal|totalt|summa|i_alt|razem|og[oó][łl]em"
    r"|celkem|spolu|yhteensä|toplam|összesen|итого|всего|усього"
    r"|합계|총계|(?:合|総)計|総数"
    r"|(?:总|合|小|共)计.*|.*(?:合计|总计)|总和|总额|全国|全球|世界|全部"
)
# Every such name holds one of these: most names are turned away by it before they are normalised.
_MAY_BE_TOTAL = expression(
    r"tot|sum|world|global|all|gesamt|zusammen|ensemble|i.?alt|razem|og[oó]|celkem|spolu|yhteens"
    r"|toplam|össz|итого|всего|усього|계|計|数|计|总|全",
    re.IGNORECASE,
)


def is_total(name: str) -> bool:
    """Return true if a name is that of a sum."""
    if not _MAY_BE_TOTAL.search(name):
        return False
    return _TOTALS.fullmatch(normalised(name)) is not None


# Names of columns of periods, and the cells of columns of their parts

_PERIOD_WORDS = expression(
    r"(?i)\b(?:"
    r"years?|yr|time|periods?|dates?|annual|season|time_period|ref_date|quarter|month"
    r"|tid|år"
    r"|jahre?|zeit|stichtag"
    r"|ann[ée]es?|p[ée]riodes?"
    r"|a[nñ]os?|periodo|ano"
    r"|anno|anni"
    r"|jaar|perioden?"
    r"|rok|lata|okres|rik"
    r"|yıl|tahun|vuosi"
    r"|год|годы|рік"
    r")\b|年|时间|期|時間|연도|시점|سنة|السنة|عام|سال"
)
# Names of columns of parts next to a column of years, by the letter of the part.
_PART_NAMES = {
    "M": r"(?:months?|mon|mm|monat|mois|mes|月份?)$",
    "Q": r"(?:quarters?|qtr|quartal|kvartal|kwarta[lł]|trimestre|季度?)$",
    "H": r"(?:half|halves|half.?year|semester)$",
    "P": r"period$",
}
# The whole year in a column of parts; the codes are those of the Bureau of Labor Statistics.
_WHOLE = expression(
    r"(?i)M13|Q05|S03|A01|annual|year|total|year total|full year|jahr|gesamtjahr|summe|insgesamt"
    r"|全年|年度|合计"
)
# The name of a column that says how often values come, and its cells where they come once a year.
_FREQUENCY = expression(r"(?i)freq(?:uency)?(?::.*)?|time frequency")
_YEARLY = expression(r"(?i)(?:A|P1Y)(?:: ?annual)?|annual|annually|yearly")
# A quarter in Danish or French, and a label in a column of any other name.
_MAY_BE_LABEL = expression(r"(?i)[KT]\.?\s*[1-4]")
# `I. Çeyrek - Quarter I`, of the office of Turkey, and `1 kwartał`, of that of Poland.
_QUARTER = expression(
    r"(?i)(IV|I{1,3}|[1-4])\.?\s*"
    r"(?:quarter|çeyrek|kwartał|квартал|čtvrtletí|štvrťrok|negyedév|trimestre|trimestru)"
    r"(?:\s*[-/(].{1,20})?"
)
_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4"}
_YEAR_AND_MONTH = expression(r"((?:1[6-9]|20|21)\d\d)(?:0[1-9]|1[0-2])")
_OPEN = MONTHS.keys() | {"ytd", "3m", "6m", "9m", "q1", "q2", "q3", "h1"}
_OPEN_WORDS = _OPEN | {"to", "till", "until", "through", "first", "months"}

# Letters that are taken for digits, by people and by text recognition.
_DIGIT_LIKE = str.maketrans("OoQDlI|ZSB", "0000111258")
_YEAR_LIKE = expression(
    r"(?:FY|CY)?\s*([12lI|Z][0-9OoQDlI|ZSB]{3})"
    r"(?:\W*\w{0,2}\W*|\W*\w{0,2}\s*[\[(（].*[\])）])"
)


def names_period(name: str) -> bool:
    """Return true if the name of a column says that it holds periods."""
    return len(name) < 200 and _PERIOD_WORDS.search(name.replace("_", " ")) is not None


def names_frequency(name: str) -> bool:
    """Return true if the name of a column says that it holds how often values come."""
    return _FREQUENCY.fullmatch(name.strip()) is not None


def says_yearly(text: str) -> bool:
    """Return true if a cell of such a column says that values come once a year."""
    return _YEARLY.fullmatch(text.strip()) is not None


def with_part(year: int, cell: object, name: str = "") -> Period | None:
    """Read a year and the cell of a column of months, quarters or halves as one period.

    None where the cell is neither of these nor the whole year.
    """
    text = label(cell).strip()
    letter = _letter_of_parts(name.strip())
    if (letter and not text) or _WHOLE.fullmatch(text):
        return Period(year)
    if name and letter != "Q" and _MAY_BE_LABEL.fullmatch(text):
        return None
    if match := _QUARTER.fullmatch(text):
        text = f"{year}Q{_ROMAN.get(match[1].upper(), match[1])}"
    elif match := re.fullmatch(r"([MQSH])(?:ALF)?0?(\d\d?)", text):
        text = f"{year}{match[1].replace('S', 'H')}{match[2]}"
    elif month := MONTHS.get(text.casefold().rstrip(".")):
        return Period(year, month, 1)
    elif match := re.fullmatch(r"([1-9]|1[0-2])月", text):
        return Period(year, int(match[1]), 1)
    elif letter == "M" and year_before_month(text) == year:
        return Period(year, int(text[4:]), 1)
    elif text.isdecimal():
        text = f"{year}{letter}{text}" if letter else ""
    else:
        text = f"{text} {year}"

    head = likely(text)
    if head is None or head.period.year != year or head.period.is_year:
        return None
    return head.period


def year_before_month(text: str) -> int | None:
    """Read the year of 202601, as a column of months may repeat it; None for another text."""
    match = _YEAR_AND_MONTH.fullmatch(text)
    return int(match[1]) if match else None


def _letter_of_parts(name: str) -> str:
    for letter, names in _PART_NAMES.items():
        if re.match(names, name, re.IGNORECASE):
            return letter
    return ""


def is_open(text: str) -> bool:
    """Return true if a text names several months of a year that is not whole.

    Such as `2025 (Jan-Sep)` and `2025年1-9月`.
    """
    if len(text) > LONGEST:
        return False
    year = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)
    if year is None:
        return False
    rest = text.replace(year[0], " ").casefold()
    words = re.findall(r"[^\W_]+", rest)
    if _OPEN.intersection(words) and _OPEN_WORDS.issuperset(words):
        return True
    return re.search(r"\d\s*[-–~至]\s*\d+月", rest) is not None


_OF_PART = expression(r"(?i)\b(?:months?|weeks?|days?|quarters?|half|ytd)\b")
_SPAN = expression(r"(?<!\d)\d{4}\s*(?:[-–~至]|to)\s*(?:\d{4}|\d\d)(?!\d)")


def spans_no_year(text: str) -> bool:
    """Return true if a text beside a value is of no one year: a mean, several years, part of one.

    Such a text has a word beside its year, or two years, as `Average 2015-20`. A year that is
    mistyped has neither.
    """
    if is_open(text) or _OF_PART.search(text) or not any(map(str.isdigit, text)):
        return True
    if mistyped(text) or len(text) > LONGEST:
        return False
    words = re.findall(r"[^\W\d_]{3,}", text)
    return bool(words or _SPAN.fullmatch(text)) and text.casefold() not in MONTHS


def mistyped(cell: object) -> str:
    """Say why a head that is no period was most likely meant as one, such as `2O24`; else empty."""
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
    if year in text:
        return f"not a year; {year}?"
    return f"not a year; {year} with a letter in place of a digit?"
