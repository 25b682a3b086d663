"""The words of errors about what is asked of a forecast, a backtest or precedents."""

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
    "target_not_finite": ("The target {target:g} is not a finite number.", "Give a number, such as 1000."),
    "horizon_no_years": (
        "The horizon {horizon} is not a number of years.",
        "Give 1 or more, such as {option horizon=3}.",
    ),
    "backtest_of_one_point": (
        "{series} has one point, and a backtest needs two or more.",
        "'rural-forecast project' answers with one.",
    ),
    "backtest_below_floor": (
        (
            "{series}: its value of {year}, {value:number}, is below the floor of {floor:number}, and a backtest "
            "forecasts from there."
        ),
        "Lower the floor, or leave it out.",
    ),
    "undated_forecast": "its date is not known",
    "no_count": ("{count} is no count of precedents.", "Give 1 or more."),
    "no_precedents": (
        "Precedents of {series} cannot be found: that needs {least} positive values that change.",
        "Use project, which needs one value.",
    ),
    "unknown_kind_of_precedents": ("There is no kind of market '{kind}'.", "There are {known:joined}."),
}


def target_known(target: int, origin: int, first: int, known: float | None, unit: str) -> tuple[str, str]:
    """`known`: the value of the year, if it has one."""
    hint = f"Ask for a later year, such as {option('year', origin + 1)}"
    if target > first:
        hint += f", or add {option('until', target - 1)} to forecast {target} from earlier years"
    why = f"is not after the origin {origin}" if known is None else f"is observed already ({amount(known, unit)})"
    return f"{target} {why}.", f"{hint}."


def precedents_too_far(origin: int, target: int, most: int) -> tuple[str, str]:
    problem = f"{target} is {target - origin} years after {origin}; precedents are followed for {most} at most."
    return problem, f"The last year that can be asked for is {origin + most}."
