"""Names of columns: which are known, in every language, and how a header is compared with them.

A name is compared in lower case, with spaces and hyphens as underscores, and without a unit in brackets:
`Turnover (bn CNY)` is `turnover`, in bn CNY.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache

from rural_forecast.series.reading.units import is_unit
from rural_forecast.text.cells import quoted
from rural_forecast.text.patterns import expression

_PERIODS = """
year years yr period date fiscal_year financial_year calendar_year fy time ds timestamp quarter month
年份 年 年度 民國年 民国年 民國年度 民國 时间 日期 期间 报告期 年別 السنة سنة سال
"""
PERIOD_NAMES = frozenset(_PERIODS.split())
_OF_VALUES = (
    *("obs_value", "valeur", "wert", "valor", "wartosc", "wartość", "waarde", "valore", "arvo", "varde", "dato"),
    *("data_value", "observation_value", "factvaluenumeric", "numericvalue", "primaryvalue", "값", "値"),
)
GENERIC_VALUES = frozenset(["value", "values", "y", "amount", "figure", "数值", "值", "金额", "القيمة", "مقدار"])
VALUES = GENERIC_VALUES.union(_OF_VALUES)
"""Names of the column of values that say nothing of what they measure."""
_SAYING = "turnover sales revenue market_size size total gmv 销售额 交易额 营业额 零售额 成交额 收入"
VALUE_NAMES = GENERIC_VALUES.union(_SAYING.split())
ID_NAMES = frozenset(["series_id", "unique_id", "id", "series", "序列", "指标"])
OTHER_NAMES: Mapping[str, frozenset[str]] = {
    "source": frozenset(["source", "sources", "来源", "数据来源"]),
    "author": frozenset(["author"]),
    "status": frozenset(["status", "状态"]),
    "published_on": frozenset(["published_on", "published", "发布日期"]),
    "unit": frozenset(["unit", "units", "unit_of_measure", "unit_measure", "uom", "[units]", "单位"]),
    "scale": frozenset(["scale", "unit_mult", "unit_multiplier", "scalar_factor", "power_code", "powercode"]),
    "definition": frozenset(["definition", "定义", "口径"]),
    "growth_pct": frozenset(["growth_pct", "同比", "增速"]),
    "note": frozenset(["note", "notes", "备注"]),
    "qualifier": frozenset({"qualifier"}),
    "doubtful": frozenset(["doubtful", "存疑"]),
    "flag": frozenset(["flag", "flags", "obs_flag", "obs_status", "标记"]),
    "measure": frozenset({"measure"}),
    "market_kind": frozenset({"market_kind"}),
    "within": frozenset({"within"}),
    "kind": frozenset({"kind"}),
    "model": frozenset({"model"}),
    "low": frozenset(["low", "lower", "下限"]),
    "high": frozenset(["high", "upper", "上限"]),
    "level": frozenset(["level", "置信度"]),
}
YES = frozenset(["yes", "y", "true", "x", "1", "是"])
NO = frozenset(["", "no", "n", "false", "0", "否"])
"""Meanings of a column of marks, in any case."""
_BRACKETED = expression(r"(?s:(.*\S)\s*[\[(（]([^\[\](（)）]*)[\])）])")
_CODE = expression(
    r"(?:\w+[./]){2,}\w+|[A-Z]+[-_]?\d[A-Z\d.-]*|\d+(?:[-.]\d+)+|\d{2,3}|(?i:yearly|annual|total|mean|average|all)"
)
"""Brackets behind a name that hold a code of a classification, or say how it is counted, and no unit."""
_DERIVED = expression(r"(?:lower|upper)_\d\d|parent|base_value")
"""Columns of the rows this program writes that follow from others."""
CODES = expression(
    r"(?i)(?:^|[\W_])(?:code|kod|id|iso\d?|m49|no|nr|cd|vector|coordinate|dguid|dim_?id|line)(?:$|[\W_])|代码|コード"
)
"""Names of columns of codes."""
COUNTS_ROWS = frozenset(["id", "no", "no.", "nr", "#", "index", "row", "", "line", "序号"])
_REMARKS = expression(
    r"(?i)(?:^|[\W_])(?:flags?|status|statut|(?<!variable )attribut\w*(?!\W*\w)|atrybut|codes|notes?|comments?|"
    r"remarks?|footnotes?|missing.?values?|symbols?|confidentiality|obs_?flag|obs_?status|last.?updated?|updated|decimals?|scalar_id|"
    r"terminated)(?:$|[\W_])|标记|备注"
)
"""Names of columns that say something of a value, and do not tell series apart."""
_NUMBERED = expression(
    r"(?i)(?:decimals?|scalar id|terminated|(?:obs ?)?(?:flags?|status|footnotes?|notes?)(?: codes?)?)"
)
"""Those of columns that hold numbers: `Bank notes` has figures."""
_SOURCES = expression(r"(?i)(?:data )?sources?(?: notes?)?|description|来源|数据来源")
_ESTIMATES_AFTER = expression(
    r"(?i)(?:estimates?|forecasts?|projections?)\s+(?:start|begin)s?\s+after|(?:last|latest)[ _]actual"
)


def single_spaced(text: str) -> str:
    """A text without space around it, and with one space in place of several."""
    return " ".join(text.split())


def same(first: str, second: str) -> bool:
    """True if two names are the same in any case and with any spaces."""
    return single_spaced(first).casefold() == single_spaced(second).casefold()


@lru_cache(16_384)
def normalised(name: str) -> str:
    """The name of a column as names are compared."""
    return "_".join(without_unit(name).casefold().replace("-", " ").replace("_", " ").split())


def without_unit(name: str) -> str:
    """The name of a column as it is written, without a unit in brackets."""
    match = _bracketed(name)
    return match[1] if match else name.strip()


def unit_in(name: str) -> str:
    """The unit that a column's name states in brackets, or nothing."""
    match = _bracketed(name)
    if match and re.fullmatch(r"\d{1,2}", match[2]) and "[" in name:  # a footnote behind the unit
        return unit_in(match[1])
    if match:
        return "" if _CODE.fullmatch(match[2]) else match[2].strip().removeprefix("in ")
    tail = name.rpartition(", ")[2]
    return tail if tail != name and is_unit(tail) else ""


def _bracketed(name: str) -> re.Match[str] | None:
    name = name.strip()
    return _BRACKETED.fullmatch(name) if len(name) < 1000 and name.endswith((")", "]", "）")) else None


def role_of(name: str) -> str:
    """The role of a column of one of our names; empty for any other name."""
    known = normalised(name)
    if _DERIVED.fullmatch(known):
        return "derived"
    ours = {"period": PERIOD_NAMES, "value": VALUE_NAMES, "id": ID_NAMES, **OTHER_NAMES}
    return next((role for role, names in ours.items() if known in names), "")


def are_ours(names: Iterable[str]) -> bool:
    """True if every name is one of ours, with a period and a value among them."""
    roles = [role_of(name) for name in names]
    return all(roles) and "period" in roles and "value" in roles


def is_remark(name: str, *, numbers: bool = False) -> bool:
    """True if a column says something of a value or of the data, by its name. `numbers`: whether it holds numbers."""
    plain = name.replace("_", " ")
    said = _NUMBERED.fullmatch(plain) if numbers else _REMARKS.search(without_unit(plain) or plain)
    return bool(said or _SOURCES.fullmatch(plain))


def ends_history(name: str) -> bool:
    """True if a column of this name says after which year estimates start."""
    return len(name) < 200 and _ESTIMATES_AFTER.search(name) is not None


MOST_NAMED = 10
"""Of what can be chosen, in a refusal."""
SEPARATORS = expression(r"\s*[/|;,:·–—]+\s*|\s+-\s+")
"""Separators that people write between the labels of a series."""


def likeness(text: str, part: str) -> int:
    """3 for the same text, 2 in another case or a whole piece of it, 1 for a part of it; two letters must be a word."""
    if text == part:
        return 3
    text, part = text.casefold(), part.casefold()
    if part not in text:
        return 0
    if same(text, part) or part in SEPARATORS.split(text):
        return 2
    return int(len(part) > 2 or not part.isascii() or part in text.split())


def meant(wanted: str, names: Iterable[str]) -> str:
    """The names that hold a wanted one or are near it, or the first of them."""
    known = list(dict.fromkeys(filter(None, names)))
    holding = [name for name in known if single_spaced(wanted).casefold() in name.casefold()]
    close = holding[:3] or get_close_matches(wanted, known[:20_000], 1)
    return f"Did you mean {quoted(close)}?" if close else f"It has {quoted(known, MOST_NAMED)}."


_TOTALS = expression(
    r"(?:grand_|sub_?|world_|overall_)?(?:totals?|sum)(?:_.*)?|.*_total|world|worldwide|global|all(?:_.*)?|"
    r"(?:总|合|小|共)计.*|.*(?:合计|总计)|总和|总额|全国|全球|世界|全部"
)
_HINT = expression(r"tot|sum|world|global|all|计|总|全", re.IGNORECASE)
"""Any of these names holds one of them."""


def may_be_total(text: str) -> bool:
    """Return False if no line of a text is the name of a sum: a batch has a million names."""
    return _HINT.search(text) is not None


def is_total(name: str) -> bool:
    """True if a name is that of a sum."""
    return may_be_total(name) and _TOTALS.fullmatch(normalised(name)) is not None
