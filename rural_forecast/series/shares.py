"""Which series are shares of a whole, by what their names and units say: these are read as rates, which are bounded.

A share is in percent (or a fraction), has the name of a share that cannot pass the whole, and lies within it. Growth,
margins, interest and whatever is set against GDP are percentages too, but have no upper end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

PERCENT_UNITS = frozenset({"%", "％", "percent", "per cent", "pct", "percentage", "百分比"})
FRACTION_UNITS = frozenset({"share", "fraction"})
"""Units of a part of a whole, of which the whole is 100 or 1; ` of households` may follow."""
SHARE_NAMES = (
    r"\bshares?\b",
    r"\bproportions?\b",
    r"\bpenetration\b",
    r"\badoption\b",
    r"\buptake\b",
    r"\baccess\b",
    r"\bcoverage\b",
    r"\bownership\b",
    r"\busers?\b",
    r"\belectrification\b",
    r"\burbani[sz]ation\b",
    r"\bliteracy\b",
    "占比",
    "比重",
    "份额",
    "占有率",
    "市占率",
    "普及率",
    "渗透率",
    "覆盖率",
    "采用率",
    "接入率",
    "使用率",
    "城镇化率",
    "城市化率",
    "电气化率",
    "识字率",
)
"""Names of shares that cannot pass the whole."""
NO_SHARE_NAMES = (
    r"\bgrowth\b",
    r"\bchanges?\b",
    r"\b(?:in|de)creases?\b",
    r"\b(?:yoy|y/y|cagr)\b",
    r"\bmargins?\b",
    r"\binterest\b",
    r"\b(?:returns?|yields?|dividends?|earnings)\b",
    r"\binflation\b",
    r"\b(?:of|to) (?:gdp|gni|gnp)\b",
    r"\b(?:debt|deficit|surplus)\b",
    r"\bshare (?:price|capital)s?\b",
    r"\bper share\b",
    r"\bcoverage ratio\b",
    r"\bpoints?\b",
    "增长",
    "增速",
    "增幅",
    "同比",
    "环比",
    "涨幅",
    "变动",
    "变化",
    "利率",
    "利润",
    "毛利",
    "收益率",
    "通胀",
    "百分点",
    "股价",
    "每股",
    r"占\s*gdp",
)
"""Names of percentages without an upper end; they win."""

_SHARE = re.compile("|".join(SHARE_NAMES))
_NO_SHARE = re.compile("|".join(NO_SHARE_NAMES))
_AFTER = r"(?=\s*(?:$|[)\]）(（,，;:/]|of\b))"
_PERCENT = re.compile(
    rf"(?<!\d)(?<!\d\s)(?:[%％]|百分比|\b(?:percent|per cent|pct|percentage)\b){_AFTER}"
    r"|^(?:[%％]|percent|per cent|pct|percentage) of\b"
)
"""A percent sign or word that is a unit, not one as in `sales of 5 % beer`."""


_PERCENT_SIGNS = ("%", "％", "cent", "pct", "百分比", "share", "fraction")


class Percent(NamedTuple):
    """What the names and the unit of a series in percent say."""

    whole: float
    """The value that is the whole: 100 in percent, 1 in fractions."""
    share: bool
    """Whether the name is one of a share that cannot pass the whole."""

    def holds(self, lowest: float, highest: float) -> bool:
        """Whether it is a share of a whole whose values lie between these."""
        return self.share and lowest >= 0 and highest <= self.whole


def whole_of(unit: str) -> float | None:
    """The value that is the whole in a unit such as `percent` or `share of households`; None for any other.

    >>> whole_of("% of adults"), whole_of("share"), whole_of("bn CNY")
    (100.0, 1.0, None)
    """
    name = unit.strip().casefold().partition(" of ")[0].strip()
    return 100.0 if name in PERCENT_UNITS else 1.0 if name in FRACTION_UNITS else None


def most_of(unit: str) -> float:
    """The most that a rate can be in its unit: 1 for fractions, else 100."""
    return 1.0 if unit == "1" else whole_of(unit) or 100.0


def says_percent(text: str) -> bool:
    """Whether any of the names and units in a text may say percent: a quick look that misses none."""
    plain = text.casefold()
    return any(sign in plain for sign in _PERCENT_SIGNS)


def percent(names: Iterable[str], unit: str, *, fractions: bool = False) -> Percent | None:
    """What the names of a series (its id, title, the head of its column) and its unit say; None if not in percent.

    Parameters
    ----------
    fractions : whether the values are fractions that a spreadsheet shows in percent

    >>> percent(["BEV share of new cars (%)"], "")
    Percent(whole=100.0, share=True)
    >>> percent(["GDP growth"], "%"), percent(["BEV share"], "") is None
    (Percent(whole=100.0, share=False), True)
    """
    known = [_plain(name) for name in names if name]
    whole = 1.0 if fractions else whole_of(unit)
    if whole is None and any(_PERCENT.search(name) for name in known):
        whole = 100.0
    if whole is None:
        return None
    texts = [*known, _plain(unit)] if " of " in unit else known
    share = any(_SHARE.search(name) for name in texts) and not any(_NO_SHARE.search(name) for name in texts)
    return Percent(whole, share)


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())
