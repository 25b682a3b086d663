"""The words of notes on a known part that contradicts its series."""

from __future__ import annotations

TEXTS = {
    "other_definition": (
        "{override:?The override of {override} mixes definitions: {what}.|{what}[; --same-definition uses it all the "
        "same].}"
    ),
    "part_contradicts": "{what}[; --same-definition uses it all the same].",
    "unlikely_year": (
        "{value:number} for {months:months} of {year} does not fit the years of {series}: it makes {year} {above:at "
        "least|at most} {implied:rounded}{unit:? {unit}|}, and these years {above:at most|at least} {limit:rounded} "
        "({level} % interval)"
    ),
}
