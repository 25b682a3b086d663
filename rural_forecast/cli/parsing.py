"""Read values of options that are more than a word or a number. Each function takes the option, for its error."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rural_forecast.errors import UsageError


def span(text: str, option: str, example: str = "800..1200") -> tuple[float, float]:
    """A range `A..B` of positive numbers, the first not above the second, or one number for both."""
    try:
        low, _, high = text.partition("..")
        ends = float(low), float(high or low)
    except ValueError:
        ends = (0.0, 0.0)
    if not 0 < ends[0] <= ends[1] < float("inf"):
        hint = f"Write it as {option} {example}."
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


def day(text: str, option: str) -> date:
    """A date, `2017-07-20`."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise UsageError(f"{option} {text} is not a day.", f"Write it as {option} 2017-07-20.") from None


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
