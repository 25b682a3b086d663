"""Shares of a whole, which are rates with an end, by their names and units; other percentages have
no upper end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple, cast

from rural_forecast.series.observation import Measure, Series
from rural_forecast.text.cells import expression

_WHOLES = dict.fromkeys(("%", "％", "percent", "per cent", "pct", "percentage", "百分比"), 100.0)
_WHOLES |= dict.fromkeys(("share", "fraction"), 1.0)
"""The whole of a unit of parts of it; ` of households` may follow."""
SHARE_NAMES = (
    r"\b(?:shares?|proportions?|penetration|adoption|uptake|access|coverage|ownership|users?|electrification)\b"
    r"|\b(?:urbani[sz]ation|literacy)\b"
    "|占比|比重|份额|占有率|市占率|普及率|渗透率|覆盖率|采用率|接入率|使用率|城镇化率|城市化率|电气化率|识字率"
)
GROWTH_NAMES = r"\b(?:growth|yoy|y/y|cagr)\b|增长|增速|增幅|同比|环比"
NO_SHARE_NAMES = (
    rf"{GROWTH_NAMES}|\b(?:changes?|(?:in|de)creases?|margins?|interest|returns?|yields?|dividends?|earnings)\b"
    r"|\b(?:inflation|(?:of|to) (?:gdp|gni|gnp)|debt|deficit|surplus|share (?:price|capital)s?|per share)\b"
    r"|\b(?:coverage ratio|points?)\b"
    "|涨幅|变动|变化|利率|利润|毛利|收益率|通胀|百分点|股价|每股"
    r"|占\s*gdp"
)
"""Names of percentages without an upper end; they win."""

_GROWTH, _SHARE, _NO_SHARE = map(expression, (GROWTH_NAMES, SHARE_NAMES, NO_SHARE_NAMES))
_PERCENT = expression(
    r"(?<!\d)(?<!\d\s)(?:[%％]|百分比|\b(?:percent|per cent|pct|percentage)\b)(?=\s*(?:$|[)\]）(（,，;:/]|of\b))"
    r"|^(?:[%％]|percent|per cent|pct|percentage) of\b"
)
"""A percent sign or word that is a unit, not one as in `sales of 5 % beer`."""
_PERCENT_SIGNS = ("%", "％", "cent", "pct", "百分比", "share", "fraction")


class Percent(NamedTuple):
    """The meaning of the names and the unit of a series in percent."""

    whole: float  # the value that is the whole: 100 in percent, 1 in fractions
    share: bool  # True if the name is one of a share that cannot pass the whole

    def holds(self, lowest: float, highest: float) -> bool:
        """True for a share of a whole whose values lie between these."""
        return self.share and lowest >= 0 and highest <= self.whole


@lru_cache(maxsize=256)  # a batch asks for every series
def whole_of(unit: str) -> float | None:
    """The value that is the whole in a unit such as `percent` or `share of households`; None for
    any other.
    """
    return _WHOLES.get(unit.strip().casefold().partition(" of ")[0].strip())


def most_of(unit: str) -> float:
    """The most that a rate can be in its unit: 1 for fractions, else 100."""
    return 1.0 if unit == "1" else whole_of(unit) or 100.0


def says_percent(text: str) -> bool:
    """True if any of the names and units in a text may say percent: a quick look that misses none."""
    plain = text.casefold()
    return any(sign in plain for sign in _PERCENT_SIGNS)


def percent(names: Iterable[str], unit: str, *, fractions: bool = False) -> Percent | None:
    """Read the names of a series (its id, title, the head of its column) and its unit; None if it
    is not in percent.
    """
    known = [_plain(name) for name in names if name]
    whole = 1.0 if fractions else whole_of(unit)
    if whole is None and any(_PERCENT.search(name) for name in known):
        whole = 100.0
    if whole is None:
        return None
    return Percent(whole, _names_share([*known, _plain(unit)] if " of " in unit else known))


def end_of(names: Iterable[str], unit: str, lowest: float, highest: float) -> float | None:
    """The whole of a series that may be a share, by its unit; or by its name, without a unit and
    within 0 and 1.

    >>> end_of(["share"], "", 0.7, 0.9), end_of(["share"], "bn CNY", 0.7, 0.9), end_of(["sales"], "%", 70, 90)
    (1.0, None, 100.0)
    """
    whole = whole_of(unit)
    if not 0 <= lowest <= highest <= (whole or 1.0):
        return None
    return whole if whole or unit or not _names_share(map(_plain, names)) else 1.0


def is_growth(names: Iterable[str], unit: str) -> bool:
    """True if values in percent are growth, by a name of theirs."""
    return whole_of(unit) == 100.0 and any(_GROWTH.search(_plain(name)) for name in names)


def _names_share(names: Iterable[str]) -> bool:
    texts = tuple(names)
    return any(map(_SHARE.search, texts)) and not any(map(_NO_SHARE.search, texts))


def measured(
    series: Series, head: str, *, stated: bool, fractions: bool, asked: str | None
) -> tuple[Series, float | None]:
    """The series as a rate where it is a share of a whole, which is given too, and with the unit of
    a percentage.
    """
    fractions = fractions and (not series.unit or whole_of(series.unit) is not None)
    share = percent((series.id, series.title, head), series.unit, fractions=fractions)
    if share is not None:
        _, of, rest = series.unit.partition(" of ")
        series = replace(series, unit=f"fraction{of}{rest}" if fractions else series.unit or "%")
    if asked is not None:
        return replace(series, measure=cast(Measure, asked)), None
    values = [obs.value for obs in series.observations if obs.status != "forecast"]
    if stated or share is None or not values or not share.holds(min(values), max(values)):
        return series, None
    return replace(series, measure="rate"), share.whole


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())
