"""The words of errors about scenarios; they follow the key of a file, or the name of the scenario."""

from __future__ import annotations

_LOWER_FIRST = "Write the lower end first."

TEXTS = {
    "no_scenario": ("No scenario is given.", "State one, such as {option growth=5}."),
    "scenario_twice": ("there are two scenarios of this name.", "Give each its own."),
    "scenario_name": "a name has 1 to {most} printable characters.",
    "nothing_assumed": ("nothing is assumed.", "Give growth, a ceiling, a shock or an override."),
    "ceiling_not_positive": ("{low:g}..{high:g} is not a range of positive numbers.", _LOWER_FIRST),
    "ends_below_start": ("the range {low:g}..{high:g} ends below its start.", _LOWER_FIRST),
    "impossible_end": ("the range {stated:range} {cause}.", "Move that end a little."),
    "override_not_finite": "{stated:range} for {year} is not a finite number.",
    "no_reason": ("{year} is set to {stated:range} without a reason.", "Say why; it is printed."),
    "assumed_twice": ("{year} has a value and {other} as well.", "Keep one of the two for that year."),
    "assumed_before_origin": (
        "{year} is not after {origin}, the last year used.",
        "Use {option until=before} to begin earlier.",
    ),
    "assumed_after_target": (
        "everything it assumes is after {target}, the last year asked for.",
        "Ask for {option year=year} or later.",
    ),
    "not_positive_throughout": ("means nothing for a series that is not positive throughout.", "Use an override."),
    "override_not_positive": "{stated:g} for {year} is not positive, as the series is throughout.",
    "override_below_zero": "{stated:g} for {year} is below 0, which a share cannot be.",
    "override_above_whole": "{stated:g} for {year} is above {whole:g}, the whole.",
    "ceiling_above_whole": "{stated:g} is above {whole:g}, the whole.",
    "ceiling_below_last": ("{stated:g} is not above {last:number}, the value of {origin}.", "Raise it."),
    "beyond_numbers": "takes {year} beyond all numbers.",
    "path_above_ceiling": ("takes {year} to {level:,.4g}, above the ceiling of {limit:,.6g}.", "Raise the ceiling."),
    "path_above_stated_ceiling": "takes {year} to {level:,.4g}, above the ceiling of {limit:,.6g}.",
    "path_above_whole": "takes {year} to {level:,.4g}, above {limit:g}, the whole.",
    "path_below_floor": "takes {year} to {level:,.4g}, below the floor of {limit:,.6g}.",
    "path_falls": "takes {year} to {level:,.4g}, below {limit:,.4g}; a cumulative total never falls.",
    "leaves_nothing": (
        "{percent:g} %{year:? in {year}|} would leave nothing.",
        "Give percent above -100, such as -10.",
    ),
}
