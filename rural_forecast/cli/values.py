"""How the text of an option becomes a value, where it is more than a word or a number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import Any, NamedTuple, TypeAlias

from rural_forecast.observed.period import LAST_YEAR

Assumed: TypeAlias = float | tuple[float, float]
"""A number, or the ends of an 80 % range."""
FLATTEST = 3  # times as wide as high, or as high as wide: beyond it a chart says nothing


@dataclass(frozen=True)
class Syntax:
    """The form of a value: how it is read, what it is, and an example for who types another one.

    `read` takes the text, or with `several` all texts that are typed, and raises ValueError. Typer
    takes a `Syntax` as the `parser` of an option.
    """

    read: Callable[[Any], Any]
    meaning: str = ""
    example: str = ""
    several: bool = False

    def __call__(self, text: str) -> Any:
        """Read one text."""
        return self.read([text] if self.several else text)


class Range(NamedTuple):
    """The ends of a range."""

    low: float
    high: float


class Years(NamedTuple):
    """The years that `growth` shows; with `every`, those that any series has."""

    since: int | None = None
    until: int | None = None
    every: bool = False


class StatedGrowth(NamedTuple):
    """Assumed growth in percent: one figure for every year, or some by year."""

    every_year: Assumed | None
    by_year: dict[int, Assumed]

    @property
    def assumed(self) -> Assumed | dict[int, Assumed]:
        """The growth as a scenario takes it."""
        return self.by_year if self.every_year is None else self.every_year


def _span(text: str) -> Range:
    low, _, high = text.partition("..")
    span = Range(float(low), float(high or low))
    if not 0 < span.low <= span.high < inf:
        raise ValueError
    return span


def _ratio(text: str) -> float:
    sides = re.fullmatch(r"(\d{1,4}):(\d{1,4})", text)
    if sides is None:
        raise ValueError
    width, height = map(int, sides.groups())
    ratio = width / max(height, 1)
    if not 1 / FLATTEST <= ratio <= FLATTEST:
        raise ValueError
    return ratio


def _day(text: str) -> date:
    return date.fromisoformat(text.strip())


def _years(text: str) -> Years:
    """Read `2014..2020`, one end of it, one year, or `all`."""
    if text.lower() == "all":
        return Years(every=True)
    first, dots, last = text.partition("..")
    if not (first + last).isdigit():
        raise ValueError
    if not dots:
        last = first
    since = int(first) if first else None
    until = int(last) if last else None
    if since is not None and until is not None and since > until:
        raise ValueError
    return Years(since, until)


def _number_or_name(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _preferred(text: str) -> str:
    """Read a rule in any case, or the name of a source as it is."""
    rule = text.lower()
    return rule if rule in ("rule", "median") else text


def _shares(texts: Iterable[str]) -> dict[str, float]:
    weights: dict[str, float] = {}
    for text in texts:
        name, _, share = text.rpartition("=")
        if not name or name in weights:
            raise ValueError
        weights[name] = float(share)
    return weights


def _parts(texts: Iterable[str]) -> list[str]:
    return [part.strip() for text in texts for part in text.split(",")]


def _whole_numbers(texts: Iterable[str]) -> list[int]:
    return [int(part) for part in _parts(texts)]


def _first_years(texts: Iterable[str]) -> list[int]:
    years = _whole_numbers(texts)
    if not all(1 <= year <= LAST_YEAR for year in years):
        raise ValueError
    return years


def _words(texts: Iterable[str]) -> list[str]:
    return [part.lower() for part in _parts(texts)]


def _assumed(text: str) -> Assumed:
    low, _, high = text.partition("..")
    return (float(low), float(high)) if high else float(low)


def _by_year(texts: Iterable[str]) -> dict[int, Assumed]:
    assumed: dict[int, Assumed] = {}
    for part in _parts(texts):
        name, _, number = part.partition("=")
        year = int(name)
        if year in assumed or not 1 <= year <= LAST_YEAR:
            raise ValueError
        assumed[year] = _assumed(number)
    return dict(sorted(assumed.items()))


def _growth(texts: Sequence[str]) -> StatedGrowth:
    if len(texts) == 1 and "=" not in texts[0]:
        return StatedGrowth(_assumed(texts[0]), {})
    return StatedGrowth(None, _by_year(texts))


SPAN = Syntax(_span, "a positive number or a range of them", "800..1200")
RATIO = Syntax(_ratio, f"width to height, from 1:{FLATTEST} to {FLATTEST}:1", "16:9")
DAY = Syntax(_day, "a day", "2017-07-20")
YEARS = Syntax(_years, "a year or a span of years", "2014..2020")
LEVELS = Syntax(_whole_numbers, "a whole number, or several", "50,80,95", several=True)
BREAKS = Syntax(_first_years, "a year, or several", "2020", several=True)
WORDS = Syntax(_words, several=True)
WORD = Syntax(str.lower)
PREFERRED = Syntax(_preferred)
NUMBER_OR_NAME = Syntax(_number_or_name)
SHARES = Syntax(_shares, "a voice, named once, and its share", "BCG=0.3", several=True)
GROWTH = Syntax(
    _growth, "a number, a range, or some by year", "5, 3..7, or 2026=4,2027=3..5", several=True
)
BY_YEAR = Syntax(
    _by_year, "a year, named once, with a number or a range", "2026=4,2027=3..5", several=True
)
