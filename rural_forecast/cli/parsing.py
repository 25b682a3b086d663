"""Read values of options that are more than a word or a number. Each function takes the option, for its error."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from rural_forecast.errors import UsageError
from rural_forecast.series.period import LAST_YEAR

Assumed = float | tuple[float, float]
"""A number, or the ends of an 80 % range."""
FLATTEST = 3


def refused(option: str, text: str, what: str, example: object) -> UsageError:
    """The error for a value that is not what its option takes."""
    return UsageError(f"{option} {text} is not {what}.", f"Write it as {option} {example}.")


def span(text: str, option: str) -> tuple[float, float]:
    """A range `A..B` of positive numbers, the first not above the second, or one number for both."""
    try:
        low, _, high = text.partition("..")
        ends = float(low), float(high or low)
    except ValueError:
        ends = (0.0, 0.0)
    if not 0 < ends[0] <= ends[1] < float("inf"):
        raise refused(option, text, "a positive number or a range of them", "800..1200")
    return ends


def number_or_name(text: str, _: str) -> float | str:
    """A number, or the name of something that holds numbers."""
    try:
        return float(text)
    except ValueError:
        return text


def ratio(text: str, option: str) -> float:
    """Width to height, such as `16:9`."""
    sides = re.fullmatch(r"(\d{1,4}):(\d{1,4})", text)
    shape = int(sides[1]) / max(int(sides[2]), 1) if sides else 0.0
    if not 1 / FLATTEST <= shape <= FLATTEST:
        raise refused(option, text, f"width to height, from 1:{FLATTEST} to {FLATTEST}:1", "16:9")
    return shape


def day(text: str, option: str) -> date:
    """A date, `2017-07-20`."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise refused(option, text, "a day", "2017-07-20") from None


def years_shown(text: str, option: str) -> dict[str, Any]:
    """Years such as `2014..2020`, one end of them, or `all`, as arguments of `growth`."""
    if text.lower() == "all":
        return {"all_years": True}
    first, dots, last = text.partition("..")
    last = last if dots else first
    if not (first + last).isdigit() or (first and last and int(first) > int(last)):
        raise refused(option, text, "a year or a span of years", "2014..2020")
    return {"since": int(first) if first else None, "until": int(last) if last else None}


def levels(texts: Sequence[str], option: str) -> list[int]:
    """Whole numbers, one by one or as `50,80,95`."""
    try:
        return [int(part) for text in texts for part in text.split(",")]
    except ValueError:
        raise refused(option, " ".join(texts), "a whole number, or several", "50,80,95") from None


def words(texts: Sequence[str], _: str) -> list[str]:
    """Names in small letters, one by one or as `theta,drift`."""
    return [part.strip().lower() for text in texts for part in text.split(",")]


def preferred(text: str, _: str) -> str:
    """A source, or `rule` or `median` in any case."""
    return text.lower() if text.lower() in ("rule", "median") else text


def word(text: str, _: str) -> str:
    """A name in small letters."""
    return text.lower()


def shares(texts: Sequence[str], option: str) -> dict[str, float]:
    """Voices with their shares, `BCG=0.3`."""
    weights: dict[str, float] = {}
    for text in texts:
        who, _, share = text.rpartition("=")
        try:
            weight = float(share)
        except ValueError:
            who = ""
        if not who or who in weights:
            raise refused(option, text, "a voice, named once, and its share", "BCG=0.3")
        weights[who] = weight
    return weights


def growth(texts: Sequence[str], option: str) -> dict[int, Assumed] | Assumed:
    """Growth of every year, `5` or `3..7`, or by year as in `by_year`."""
    if len(texts) == 1 and "=" not in texts[0]:
        try:
            return _assumed(texts[0])
        except ValueError:
            what = "a number, a range, or some by year"
            raise refused(option, texts[0], what, "5, 3..7, or 2026=4,2027=3..5") from None
    return by_year(texts, option)


def by_year(texts: Sequence[str], option: str) -> dict[int, Assumed]:
    """Numbers or ranges by year, such as `2026=4,2027=3..5`, each year once."""
    values: dict[int, Assumed] = {}
    for item in (part.strip() for text in texts for part in text.split(",")):
        year, _, number = item.partition("=")
        try:
            when, assumed = int(year), _assumed(number)
        except ValueError:
            when, assumed = 0, 0.0
        if not 1 <= when <= LAST_YEAR or when in values:
            raise refused(option, item, "a year, named once, with a number or a range", "2026=4,2027=3..5")
        values[when] = assumed
    return dict(sorted(values.items()))


def _assumed(text: str) -> Assumed:
    low, _, high = text.partition("..")
    return (float(low), float(high)) if high else float(low)
