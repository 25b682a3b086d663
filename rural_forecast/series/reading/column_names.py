"""Names of columns: which are known, and how a header is compared with them.

A name is compared in lower case, with spaces and hyphens as underscores, and without a unit in brackets:
`Turnover (bn CNY)` is `turnover`, in bn CNY.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rural_forecast.text.cells import label

_PERIODS = """
year years yr period date fiscal_year financial_year calendar_year fy time ds timestamp quarter month
年份 年 年度 时间 日期 期间 报告期 年別 السنة سنة سال
"""
PERIOD_NAMES = frozenset(_PERIODS.split())
GENERIC_VALUES = frozenset(["value", "values", "y", "amount", "figure", "数值", "值", "金额", "القيمة", "مقدار"])
_VALUES = "turnover sales revenue market_size size total gmv 销售额 交易额 营业额 零售额 成交额 收入"
VALUE_NAMES = GENERIC_VALUES.union(_VALUES.split())
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
    "kind": frozenset({"kind"}),
    "model": frozenset({"model"}),
}
EXPERTS = frozenset(["expert", "专家"])
"""Statuses of the forecast of a person, with a range or without."""
RANGE_NAMES = {
    "low": frozenset(["low", "lower", "下限"]),
    "high": frozenset(["high", "upper", "上限"]),
    "level": frozenset(["level", "置信度"]),
}
"""Columns of ranges, only where a row is an expert's: elsewhere they are anything, such as prices of shares."""
YES = frozenset(["yes", "y", "true", "x", "1", "是"])
NO = frozenset(["", "no", "n", "false", "0", "否"])
"""What a column of marks says, in any case."""
_OURS = frozenset(["series_id", "period", "kind", "model", "value"])
_TIDY = ["period", "value", "status", "unit", "source", "note", "series_id"]
_CODE = r"(?:\w+[./]){2,}\w+|[A-Z]+[-_]?\d[A-Z\d.-]*|\d+(?:[-.]\d+)+|\d{2,3}"
"""What is in brackets behind a name and no unit: a code of a classification."""
_BRACKETED = r"(?s:(.*\S)\s*[\[(（]([^\])）]*)[\])）])"


def normalised(cell: object) -> str:
    """The name of a column as names are compared.

    >>> normalised(" Fiscal-Year "), normalised("Turnover (bn CNY)")
    ('fiscal_year', 'turnover')
    """
    name = label(cell)
    match = _bracketed(name)
    return "_".join((match[1] if match else name).casefold().replace("-", " ").replace("_", " ").split())


def without_unit(cell: object) -> str:
    """The name of a column as it is written, without a unit in brackets.

    >>> without_unit("Turnover (bn CNY)")
    'Turnover'
    """
    match = _bracketed(label(cell))
    return match[1] if match else label(cell)


def unit_in(cell: object) -> str:
    """The unit that a column's name states in brackets, or nothing.

    >>> unit_in("value (bn CNY)"), unit_in("GDP (MNA.A.N.I9.W2)")
    ('bn CNY', '')
    """
    match = _bracketed(label(cell))
    if match and re.fullmatch(r"\d{1,2}", match[2]) and "[" in label(cell):  # a footnote behind the unit
        return unit_in(match[1])
    return match[2].strip() if match and not re.fullmatch(_CODE, match[2]) else ""


def _bracketed(name: str) -> re.Match[str] | None:
    """Name and unit of a name that ends in a bracket; the pattern is compiled only for such a one."""
    return re.fullmatch(_BRACKETED, name) if name.endswith((")", "]", "）")) else None


def holds_our_rows(names: Sequence[object]) -> bool:
    """Whether a header is that of the rows this program writes."""
    return _OURS.issubset(names)


def holds_tidy_rows(names: Sequence[object]) -> bool:
    """Whether a header is that of the rows of `series read`."""
    return list(names[: len(_TIDY)]) == _TIDY
