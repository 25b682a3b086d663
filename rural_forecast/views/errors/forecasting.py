"""The words of errors about what is asked of a forecast."""

from __future__ import annotations

from rural_forecast.errors import option
from rural_forecast.text.numbers import amount

TEXTS = {
    "kind_without_consensus": (
        "The kind {kind} changes the consensus alone, and other models are asked in its place.",
        "Leave {option kind} out, or add {option models=['consensus']}.",
    ),
    "level_out_of_range": (
        "The level {level} is not between 30 and 99.",
        "Give whole percents, such as {option levels=[90]}.",
    ),
    "horizon_and_year": (
        "A horizon and a year contradict each other.",
        "Leave {option horizon} or {option year} out.",
    ),
    "horizon_out_of_range": (
        "The horizon {horizon} is not between 1 and {most} years.",
        "Give one, such as {option horizon=3}.",
    ),
    "target_before_data": (
        "{target} lies before the data of {series}, which start in {first}.",
        "Ask for a year after {origin}, such as {option year=next}.",
    ),
    "target_too_far": (
        "{target} is more than {years} years after {origin}, the last year used.",
        "The last year that can be asked for is {last}.",
    ),
    "target_after_last_year": (
        "{target} is after {last}, the last year there is.",
        "Ask for an earlier year, such as {option year=last}, or number the periods from 1.",
    ),
}


def target_known(target: int, origin: int, first: int, known: float | None, unit: str) -> tuple[str, str]:
    """`known`: the value of the year, if it has one."""
    hint = f"Ask for a later year, such as {option('year', origin + 1)}"
    if target > first:
        hint += f", or add {option('until', target - 1)} to forecast {target} from earlier years"
    why = f"is not after the origin {origin}" if known is None else f"is observed already ({amount(known, unit)})"
    return f"{target} {why}.", f"{hint}."
