"""The words of errors about sizing a market: its model, drivers and draws; those of formulas are in `formulas`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches
from math import isfinite

from rural_forecast.errors import RuralForecastError
from rural_forecast.views.phrases import FORMS

_YEARS = 'Write 2027, [2026, 2027] or "2026..2030".'
_MOVE = 'Move that end a little, or use distribution = "uniform".'
_FORMULA = 'Add formula = "...", or a table [stages] with a formula for each stage, before [drivers].'

TEXTS = {
    "draws_out_of_range": "{draws:,} draws are not between {fewest:,} and {most:,}.",
    "seed_negative": ("The seed {seed} is negative.", "Give a whole number from 0 on."),
    "year_to_size_out_of_range": ("{year} is not a year.", "Years go from 1 to 9999."),
    "too_many_years_up_to": ("There are more than {most} years up to {year}.", "Ask for an earlier year."),
    "model_without_years": (
        "this model has no years.",
        'Add years = "2026..2028" at the top, or give {option year}.',
    ),
    "years_backwards": ("they end in {last}, before {first}.", "Write the earlier year first."),
    "not_a_year_to_size": ("{written:repr} is not a year.", _YEARS),
    "too_many_years": ("these are more than {most} years.", _YEARS),
    "no_years": ("there is no year.", _YEARS),
    "no_formula": ("this model has no formula.", _FORMULA),
    "formula_and_stages": ("this model has both formula and stages, but takes only one.", _FORMULA),
    "reserved_name": ("'{name}' is reserved.", "Give it another name."),
    "name_of_stage": ("has the name of a stage.", "Give one of the two another name."),
    "no_such_stage": ("there is no stage '{name}'.", "Stages are {known:joined}."),
    "series_twice": ("{series} is already the driver {driver}.", "Use {driver} in both places."),
    "top_down_is_driver": (
        "{series} is also the driver {driver}, so the comparison would be circular.",
        "Compare the model with a series that it does not use.",
    ),
    "top_down_too_large": "its forecasts grow beyond {most:g}.",
    "year_before_basis": (
        "{series} has no value for {year} on the basis that starts in {first}.",
        "Size years from {first} on.",
    ),
    "not_two_drivers": ("needs two different drivers.", 'Write between = ["users", "spending"].'),
    "not_a_correlation": ("{written:repr} is not a correlation.", "Write a number from -1 to 1."),
    "no_driver_with_value": ("there is no driver '{name}' with a value of its own.", "Drivers are {known:joined}."),
    "driver_is_fixed": ("'{name}' is a fixed number, which correlates with nothing.", "Give it a range."),
    "pair_twice": ("{first} and {second} are given twice.", "Keep one of the two."),
    "amount_not_a_number": "{written:repr} is not a number.",
    "amount_not_finite": "{written} is not a finite number.",
    "not_a_range": (
        "{written:repr} is neither a number nor a range.",
        'Write a number, or a range such as "0.6..0.8".',
    ),
    "range_backwards": ("ends at {high:g}, below its start at {low:g}", "Write the lower end first."),
    "range_touches_whole": ("touches 0 or {whole:g}, which the 90 % interval of a share cannot", _MOVE),
    "range_touches_0": ("starts or ends at 0, where neither a lognormal nor a normal distribution does", _MOVE),
    "parameter_not_positive": "{kind} has {name} = {number:g}, which is not positive.",
    "beta_too_small": "beta has a parameter below {least}, which leaves nothing between the bounds.",
    "high_not_above_low": "{kind} has high = {high:g}, which is not above low = {low:g}.",
    "mode_outside": "{kind} has mode = {mode:g}, which is not between {low:g} and {high:g}.",
    "sd_too_large": "lognormal has sd = {sd:g}, too far above mean = {mean:g} for a median.",
    "impossible_correlation": (
        "{first} and {second} cannot correlate at {correlation:g}, given the other pairs.",
        (
            "{possible:?From {possible[0]:.2f} to {possible[1]:.2f} they can.|Change another pair as well.} A pair "
            "that is not given counts as 0."
        ),
    ),
    "too_many_draws": (
        (
            "{draws:,} draws of {drivers} uncertain drivers in {years:# year|# years} are more than are worked out at "
            "once."
        ),
        "{most:?Use {option draws=most} or less.|Size fewer years.}",
    ),
    "driver_too_large": (
        "its values grow beyond {most:g} for {year}{often:? in {often[0]:,} of {often[1]:,} draws|}.",
        "Give a narrower range.",
    ),
    "formula_not_finite": (
        "the formula gives no finite number for {year}{often:? in {often[0]:,} of {often[1]:,} draws|}.",
        "It divides by zero, raises a negative number to a fraction, or grows beyond {most:g}.",
    ),
    "impossible_range": ("the range {cause}.", "{cause.hint}"),
}


def refused_series(cause: RuralForecastError, series: str = "") -> tuple[str, str]:
    """`cause`: why it cannot be read or forecast."""
    sentence = cause.message  # some have no full stop
    return f"{series}{series and ': '}{sentence.rstrip('.')}.", cause.hint


def no_value_for_year(year: int, years: Sequence[int]) -> tuple[str, str]:
    """`years`: those that have a value."""
    where = "those around it are of two kinds"
    if not years[0] < year < years[-1]:
        where = f"those given are all {'before' if year > years[-1] else 'after'} it"
    return f"there is no value for {year}, and {where}.", f"It has {', '.join(map(str, years))}."


def name_not_for_formulas(name: str) -> tuple[str, str]:
    """`name`: has characters that no name in a formula has."""
    plain = re.sub(r"\W+", "_", name).strip("_")
    instead = f" Write {plain}." if re.match(r"[^\W\d]", plain) else ""
    return f"'{name}' is not a name that a formula can use.", f"Names have letters, digits and _.{instead}"


def one_way_only(ways: Sequence[str], known: Sequence[str]) -> tuple[str, str]:
    """`ways`: the ways in which a driver is given."""
    problem = f"has {' and '.join(ways)}, but takes only one." if ways else "has no value."
    return problem, f"Give one of {', '.join(known)}."


def no_such_distribution(kind: object, known: Sequence[str]) -> tuple[str, str]:
    """`known`: the distributions there are."""
    close = get_close_matches(str(kind), known, n=1, cutoff=0.6)
    hint = f"Did you mean {close[0]}?" if close else f"Known: {', '.join(known)}."
    return f"{FORMS['repr'](kind)} is not a distribution.", hint


def parameters_missing(kind: str, needed: Sequence[Sequence[str]]) -> str:
    """`needed`: the sets of parameters that the distribution takes."""
    return f"{kind} needs {' or '.join(', '.join(names) for names in needed)}."


def number_out_of_range(number: float, smallest: float, largest: float) -> tuple[str, str]:
    """`smallest` and `largest`: of the absolute values that a model can have."""
    side = f"farther from 0 than {largest:g}" if abs(number) > largest else f"nearer to 0 than {smallest:g}"
    return f"{number:g} is {side.replace('e+', 'e')}.", "Choose a unit that makes the number shorter."


def beyond_whole(number: float, whole: float) -> tuple[str, str]:
    """`number`: the end of a share, infinite for a distribution without one; `whole`: 1 or 100."""
    side = "below 0" if number < 0 else f"above {whole:g}"
    if not isfinite(number):
        return f"can be {side}, which a share cannot.", 'Give a range, or one of "beta", "pert" and "uniform".'
    hint = 'Growth is in unit = "percent per year", a multiple in unit = "ratio".'
    if whole == 1 and 1 < number <= 100:
        hint = f'Write {number / 100:g}, or unit = "percent". {hint}'
    return f"{number:g} is {side}, which a share cannot be.", hint
