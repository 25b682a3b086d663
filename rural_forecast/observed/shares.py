"""Shares of a whole, by their names and units.

A share is a rate with an end; other percentages, such as growth, have no upper end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple, cast

from rural_forecast.observed.observation import Measure, Series
from rural_forecast.text.cells import expression

_PERCENTS = ("%", "％", "percent", "per cent", "pct", "percentage", "百分比")
_WHOLES = {**dict.fromkeys(_PERCENTS, 100.0), "share": 1.0, "fraction": 1.0}
"""The whole of a unit of parts of it; ` of households` may follow."""

SHARE_NAMES = (
    r"\b(?:shares?|proportions?|penetration|adoption|uptake|access|coverage|ownership|users?)\b"
    r"|\b(?:electrification|urbani[sz]ation|literacy)\b"
    "|占比|比重|份额|占有率|市占率|普及率|渗透率|覆盖率|采用率|接入率|使用率|城镇化率|城市化率|电气化率|识字率"
)
GROWTH_NAMES = r"\b(?:growth|yoy|y/y|cagr)\b|增长|增速|增幅|同比|环比"
NO_SHARE_NAMES = (
    rf"{GROWTH_NAMES}|\b(?:changes?|(?:in|de)creases?|margins?|interest|returns?|yields?)\b"
    r"|\b(?:dividends?|earnings|inflation|(?:of|to) (?:gdp|gni|gnp)|debt|deficit|surplus)\b"
    r"|\b(?:share (?:price|capital)s?|per share|coverage ratio|points?)\b"
    "|涨幅|变动|变化|利率|利润|毛利|收益率|通胀|百分点|股价|每股"
    r"|占\s*gdp"
)
"""Names of percentages without an upper end; they win over those of shares."""

_OF_ALL = expression(
    r"(?:[%％]|\b(?:percent|per cent|pct|percentage|share|fraction)) of "
    r"(?:(?:the|all|total|adult|urban|rural|working age) )*"
    r"(?:households?|homes?|dwellings|families|population|people|persons|individuals|inhabitants"
    r"|residents|adults|children|women|men|females|males|students|pupils|employees|enterprises"
    r"|firms|companies|businesses|farms|schools|villages)\b"
)
"""Those who have something among all who may: no such part passes the whole."""
_COUNTED = expression(
    r"\b(?:subscriptions?|subscribers?|connections?|lines|accounts|cards|doses|gross|density)\b"
)
"""Things of which one may have several."""
_GROWTH = expression(GROWTH_NAMES)
_SHARE = expression(SHARE_NAMES)
_NO_SHARE = expression(NO_SHARE_NAMES)
_PERCENT = expression(
    r"(?<!\d)(?<!\d\s)(?:[%％]|百分比|\b(?:percent|per cent|pct|percentage)\b)"
    r"(?=\s*(?:$|[)\]）(（,，;:/]|of\b))"
    r"|^(?:[%％]|percent|per cent|pct|percentage) of\b"
)
"""A percent sign or word that is a unit, not one as in `sales of 5 % beer`."""
_PERCENT_SIGNS = ("%", "％", "cent", "pct", "百分比", "share", "fraction")


class Percent(NamedTuple):
    """The meaning of the names and the unit of a series in percent."""

    whole: float  # the value that is the whole: 100 in percent, 1 in fractions
    share: bool  # True if the name is one of a share that cannot pass the whole

    def holds(self, lowest: float, highest: float) -> bool:
        """Check that values between these can be those of a share of the whole."""
        return self.share and lowest >= 0 and highest <= self.whole


@lru_cache(maxsize=256)  # a batch asks for every series
def whole_of(unit: str) -> float | None:
    """Give the value that is the whole in a unit such as `percent` or `share of households`.

    None for any other unit.
    """
    head = unit.strip().casefold().partition(" of ")[0]
    return _WHOLES.get(head.strip())


def most_of(unit: str) -> float:
    """Give the most that a rate can be in its unit: 1 for fractions, else 100."""
    return 1.0 if unit == "1" else whole_of(unit) or 100.0


def says_percent(text: str) -> bool:
    """Check that names and units in a text may say percent: a quick look that misses none."""
    plain = text.casefold()
    return any(sign in plain for sign in _PERCENT_SIGNS)


def percent(names: Iterable[str], unit: str, *, fractions: bool = False) -> Percent | None:
    """Read the names of a series in percent, and its unit; None if it is not in percent.

    The names are its id, its title, its labels and the head of its column.
    """
    plain = [_plain(name) for name in names if name]
    whole = 1.0 if fractions else whole_of(unit)
    if whole is None and any(_PERCENT.search(name) for name in plain):
        whole = 100.0
    if whole is None:
        return None
    if " of " in unit:  # as in `percent of households`, which may name a share, or none
        plain.append(_plain(unit))
    return Percent(whole, _names_share(plain))


def end_of(names: Iterable[str], unit: str, lowest: float, highest: float) -> float | None:
    """Give the whole of a series that may be a share; None if its values have no end.

    Its unit says so; or its name, if it has no unit and lies within 0 and 1.

    >>> end_of(["share"], "", 0.7, 0.9), end_of(["share"], "bn CNY", 0.7, 0.9)
    (1.0, None)
    >>> end_of(["sales"], "%", 70, 90)
    100.0
    """
    whole = whole_of(unit)
    if not 0 <= lowest <= highest <= (whole or 1.0):
        return None
    if not unit and _names_share(map(_plain, names)):
        return 1.0
    return whole


def is_growth(names: Iterable[str], unit: str) -> bool:
    """Check that values in percent are growth, by their names."""
    return whole_of(unit) == 100.0 and any(_GROWTH.search(_plain(name)) for name in names)


def _names_share(names: Iterable[str]) -> bool:
    texts = tuple(names)
    if any(map(_NO_SHARE.search, texts)):
        return False
    if any(map(_SHARE.search, texts)):
        return True
    return any(map(_OF_ALL.search, texts)) and not any(map(_COUNTED.search, texts))


def tell(names: Iterable[str]) -> bool:
    """Check that names have a word by which a share or growth is known, or is none."""
    plain = [_plain(name) for name in names]
    words = (_SHARE, _NO_SHARE, _OF_ALL, _COUNTED)
    return any(word.search(name) for name in plain for word in words)


def measured(
    series: Series, *, stated: bool, fractions: bool, asked: str | None
) -> tuple[Series, float | None]:
    """Give a series its measure, and the unit of a percentage.

    `stated` says that its file gives the measure, `fractions` that its cells are fractions shown as
    percent, and `asked` is the measure that a person states. A series that is a share of a whole
    becomes a rate, and the whole is given too.
    """
    fractions = fractions and (not series.unit or whole_of(series.unit) is not None)
    share = percent(series.names, series.unit, fractions=fractions)
    if share is not None:
        unit = series.unit or "%"
        if fractions:
            _, of, rest = series.unit.partition(" of ")
            unit = f"fraction{of}{rest}"
        series = replace(series, unit=unit)
    if asked is not None:
        return replace(series, measure=cast(Measure, asked)), None
    values = [obs.value for obs in series.observations if obs.status != "forecast"]
    if stated or share is None or not values:
        return series, None
    if not share.holds(min(values), max(values)):
        if share.share:
            # The values up to some year may be those of a share, see `history`.
            series = replace(series, passed_whole=share.whole)
        return series, None
    return replace(series, measure="rate"), share.whole


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())
