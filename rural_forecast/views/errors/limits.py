"""The words of errors about what is stated of a market: limits, its kind."""

from __future__ import annotations

from rural_forecast.errors import option
from rural_forecast.text.wording import number

TEXTS = {
    "ceiling_no_range": (
        "The ceiling {low:g} to {high:g} is not a range of positive numbers.",
        "Give the lower end first.",
    ),
    "floor_not_finite": (
        "The floor {floor:g} is not a finite number.",
        "Give a number, such as {option floor=100}.",
    ),
    "floor_above_ceiling": (
        "The floor of {floor:,.6g} is not below the ceiling of {ceiling:,.6g}.",
        "Lower the floor.",
    ),
    "contradicted": ("{series}: {cause}.", "{cause.hint}"),
    "kind_of_too_little": (
        "the kind {kind} says something only of two positive values or more",
        "Leave {option kind} out.",
    ),
    "ceiling_above_rate": (
        "the ceiling of {ceiling:number} is above {most:g}, the most that a rate can be",
        "Lower the ceiling.",
    ),
    "above_ceiling": (
        "its value of {year}, {value:number}, is above the ceiling of {ceiling:number}",
        "Raise the ceiling.",
    ),
    "last_below_floor": (
        "its last value, {value:number} in {year}, is below the floor of {floor:number}",
        "Lower the floor.",
    ),
    "floor_above_rate": (
        "the floor of {floor:number} is not below {most:g}, the most that a rate can be",
        "Lower the floor.",
    ),
    "total_complete": (
        "its last value has reached {most:number}, so a total that never falls has nothing left to add",
        "Raise the ceiling, or leave {option measure} out.",
    ),
    "unknown_kind": (
        "There is no forecast for the kind of market '{kind}'.",
        "There is one for {known:joined}; leave {option kind} out for all other markets.",
    ),
}


def total_falls(year: int, before: float, after: float, least: float) -> tuple[str, str]:
    """`year`: of the lower value, `after`; `least`: the least fall in percent that counts."""
    fall = f"it falls from {number(before)} in {year - 1} to {number(after)} in {year}"
    hint = f"Leave {option('measure')} out, or correct the value; falls up to {least:g} % count as revisions."
    return f"{fall}, and a cumulative total never falls", hint
