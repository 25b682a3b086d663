"""Read values of options that are more than a word or a number. Each function takes the option, for its error."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from rural_forecast.errors import UsageError
from rural_forecast.series.period import LAST_YEAR

FLATTEST = 3
"""Of pictures, width to height."""


def span(text: str, option: str) -> tuple[float, float]:
    """A range `A..B` of positive numbers, the first not above the second, or one number for both."""
    try:
        low, _, high = text.partition("..")
        ends = float(low), float(high or low)
    except ValueError:
        ends = (0.0, 0.0)
    if not 0 < ends[0] <= ends[1] < float("inf"):
        hint = f"Write it as {option} 800..1200."
        raise UsageError(f"{option} {text} is not a positive number or a range of them.", hint)
    return ends


def number_or_name(text: str, option: str) -> float | str:  # noqa: ARG001 - never refused here
    """A number, or the name of something that holds numbers."""
    try:
        return float(text)
    except ValueError:
        return text


def rate(text: str, option: str) -> float | str:
    """A rate, or the name of a file of rates."""
    if ".." in text.strip("./") and text.replace(".", "").isdigit():
        raise UsageError(f"{option} {text} is a range, which 3.0 withdrew.", f"Give one rate, such as {option} 7.1.")
    return number_or_name(text, option)


def ratio(text: str, option: str) -> float:
    """Width to height, such as `16:9`."""
    sides = re.fullmatch(r"(\d{1,4}):(\d{1,4})", text)
    shape = int(sides[1]) / max(int(sides[2]), 1) if sides else 0.0
    if not 1 / FLATTEST <= shape <= FLATTEST:
        problem = f"{option} {text} is not width to height, from 1:{FLATTEST} to {FLATTEST}:1."
        raise UsageError(problem, "Give one such as 16:9.")
    return shape


def day(text: str, option: str) -> date:
    """A date, `2017-07-20`."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"{option} {text} is not a day.", f"Write it as {option} 2017-07-20.") from None


def years_shown(text: str, option: str) -> dict[str, Any]:
    """Years such as `2014..2020`, one end of them, or `all`, as arguments of `growth`."""
    if text.lower() == "all":
        return {"all_years": True}
    first, dots, last = text.partition("..")
    last = last if dots else first
    if not (first + last).isdigit() or (first and last and int(first) > int(last)):
        raise UsageError(f"{option} {text} is not a year or a span of years.", f"Write it as {option} 2014..2020.")
    return {"since": int(first) if first else None, "until": int(last) if last else None}


def levels(texts: Sequence[str], option: str) -> list[int]:
    """Whole numbers, one by one or as `50,80,95`."""
    try:
        return [int(part) for text in texts for part in text.split(",")]
    except ValueError:
        problem = f"{option} {' '.join(texts)} is not a whole number, or several."
        raise UsageError(problem, f"Write it as {option} 50,80,95.") from None


def words(texts: Sequence[str], option: str) -> list[str]:  # noqa: ARG001 - as every parser
    """Names in small letters, one by one or as `theta,drift`."""
    return [part.strip().lower() for text in texts for part in text.split(",")]


def preferred(text: str, option: str) -> str:  # noqa: ARG001 - as every parser
    """A source, or `rule` or `median` in any case."""
    return text.lower() if text.lower() in ("rule", "median") else text


def word(text: str, option: str) -> str:  # noqa: ARG001 - as every parser
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
            problem = "names a voice twice" if who else "is not a voice and its share"
            raise UsageError(f"{option} {text} {problem}.", f"Write it as {option} BCG=0.3.")
        weights[who] = weight
    return weights


Assumed = float | tuple[float, float]
"""A number, or the ends of an 80 % range."""


def growth(texts: Sequence[str], option: str) -> dict[int, Assumed] | Assumed:
    """Growth of every year, `5` or `3..7`, or by year as in `by_year`."""
    if len(texts) > 1 or "=" in texts[0]:
        return by_year(texts, option)
    try:
        return _assumed(texts[0])
    except ValueError:
        raise _unreadable(option, texts[0], "5, 3..7, or 2026=4,2027=3..5") from None


def by_year(texts: Sequence[str], option: str) -> dict[int, Assumed]:
    """Numbers or ranges by year, such as `2026=4,2027=3..5`."""
    values: dict[int, Assumed] = {}
    for item in (part.strip() for text in texts for part in text.split(",")):
        year, _, number = item.partition("=")
        try:
            when, assumed = int(year), _assumed(number)
        except ValueError:
            raise _unreadable(option, item, "2026=4,2027=3..5") from None
        if not 1 <= when <= LAST_YEAR:
            raise _unreadable(option, item, "2026=4,2027=3..5")
        if when in values:
            raise UsageError(f"{option} names {when} twice.", "Keep one of the two.")
        values[when] = assumed
    return dict(sorted(values.items()))


def _assumed(text: str) -> Assumed:
    low, _, high = text.partition("..")
    return (float(low), float(high)) if high else float(low)


def _unreadable(option: str, item: str, example: str) -> UsageError:
    return UsageError(f"{option} {item} is not a year and a number or a range.", f"Write it as {option} {example}.")
