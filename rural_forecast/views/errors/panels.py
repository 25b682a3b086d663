"""The words of errors about panels: their trees, and series that cannot be parts."""

from __future__ import annotations

_ALL_PARTS = "A whole needs all of its parts."
_AMOUNTS = "Give amounts or counts."

TEXTS = {
    "rate_in_panel": ("{series} is a rate, and rates do not add up.", _AMOUNTS),
    "shares_in_panel": ("The series are in {unit}, and shares do not add up.", _AMOUNTS),
    "units_in_panel": ("The series are in {units:listed}.", "Give all parts in one unit."),
    "part_not_forecast": ("{series}: {why}.", _ALL_PARTS),
    "target_before_last": (
        "{target} is not after the origin {origin}.",
        "Ask for a later year, such as {option year=next}.",
    ),
    "model_ends_early": ("{model} does not reach {target} for every node.", "Ask for fewer years, or another model."),
    "no_common_year": (
        "The parts of {node} have no year in common: {early} ends in {ends}, and {late} begins in {begins}.",
        "Give them values of the same years, or leave one out.",
    ),
    "not_its_parts": (
        "The parts of {node} are not its parts: in {year} they come to {parts:number}, and it is {whole:number}.",
        "Correct the file, or say what the parts are.",
    ),
    "same_part": ("{name} and {other} are the same part of the whole.", "Remove one of the two."),
    "too_few_parts": ("There is nothing to add up: the file has fewer than two series.", "Name a file of parts."),
    "empty_node": ("{name} has neither a series nor parts.", "Correct its name in the table of parents."),
    "part_of_itself": ("{name} is a part of itself.", "Correct the table of parents."),
    "no_columns_of_parents": ("{file} has no columns child and parent.", "Name its two columns so."),
    "nameless_part": ("{parent} has a part without a name.", "Name the child."),
    "two_parents": ("{child} has two parents.", "Keep one of them."),
    "part_refused": ("series {series}: {why}{more:? {more:,} more are refused.|}", _ALL_PARTS),
}
