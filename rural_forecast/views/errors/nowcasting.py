"""The words of errors about a year of which a part is known."""

from __future__ import annotations

from rural_forecast.errors import option
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import named_months

_FORM = (
    "Write it as {option partial=['2017H1=537.62']}, or with the growth of the part "
    "{option partial=['2017H1=537.62:38.1']}."
)
_DIFFERS = "If it counts the same as the years, add {option same_definition=True}"

TEXTS = {
    "part_without_value": ("The part {part} has no '='.", _FORM),
    "part_unreadable": ("The part {part} is not readable: {error}.", _FORM),
    "part_is_year": ("The part {part} names a whole year, not a part of one.", _FORM),
    "part_not_a_number": ("The part {part} has the {what} '{text}', which is not a number.", _FORM),
    "part_growth_impossible": (
        "The part {part} has a growth of {growth:g} %; nothing can fall by 100 % or more.",
        _FORM,
    ),
    "part_twice": ("The part {part} is given twice.", "Give each part once."),
    "parts_overlap": (
        "The parts {part} and {other} overlap, and neither contains the other.",
        "Give parts that follow one another, or one that contains the other.",
    ),
    "part_exceeds_outer": (
        "{part:number} for {period} is more than {outer:number} for {outer_period}, which contains it.",
        "{typed:Check the two parts|Correct one of the two}.",
    ),
    "part_exceeds_year": (
        "{part:number} for {months:months} of {year} is more than its whole year, {total:number}.",
        "{typed:Check the part; it and its year must be on one basis|Correct one of the two}.",
    ),
    "earlier_part_exceeds_year": (
        "{part:number} for a part of {year} is not less than {total:number} for the whole year.",
        "Correct one of the two; a part and its year must be on one basis.",
    ),
    "part_after_target": (
        "A part of {part_year} is given, after {year}, the year to estimate.",
        "Use {option year=part_year}.",
    ),
    "part_negative": (
        "The part {period}={part:g} is negative, which no year of the series is.",
        "Check its sign.",
    ),
    "part_too_large": ("These parts make {year} more than a number holds.", "Write the series in a larger unit."),
    "part_of_other_basis": (
        (
            "{part:number} for {months:months} of {year} and its growth imply {implied:number} for {before}, not less "
            "than {total:number}, the whole of {before}."
        ),
        "A part and its year must be on one basis: check the part, its growth and the series.",
    ),
    "part_of_other_definition": ("{note}.", f"{_DIFFERS}; or nowcast {{label}}, which has it."),
    "part_contradicts_years": ("{note}.", f"Check its unit and its definition. {_DIFFERS}."),
    "year_complete": (
        "The parts of {year} make up the whole year: {part:number}.",
        "There is nothing left to estimate.",
    ),
    "no_earlier_year": (
        "{series} has {growth:a growth|zeros} alone, and no earlier year to estimate the year from.",
        "Give its value: {option partial}.",
    ),
    "no_flow": (
        "{series} is a {measure}, not a flow: its parts do not add up to a year.",
        (
            "A nowcast needs a flow, such as sales or parcels over a year.{recognised: Where this is one, add "
            "{option measure='flow'}.|}"
        ),
    ),
}


def no_partial_year(series: str, last: int | None, newest: int | None) -> tuple[str, str]:
    """`last`: the last year whose total is known; `newest`: the last of which parts are known too."""
    example = "2026H1=VALUE" if last is None else f"{last + 1}H1=VALUE"
    hint = f"Give a part of the year to estimate, such as {option('partial', [example])}"
    if newest is not None:
        hint += f", or nowcast a known year: {option('year', newest)} {option('until', newest - 1)}"
    return f"{series} has no year of which only parts are known.", f"{hint}."


def year_unknown(year: int, series: str) -> tuple[str, str]:
    return f"Nothing is known of {year} in {series}.", f"Give a part: {option('partial', [f'{year}H1=VALUE'])}."


def year_known(year: int, total: float, unit: str, as_of: bool) -> tuple[str, str]:
    """`as_of`: whether a day is stated already."""
    day = f"{'an earlier' if as_of else 'an'} {option('as_of', 'DATE')}"
    hint = f"Add {option('until', year - 1)} to estimate it from its parts alone, or {day} to use what was published"
    return f"The total of {year} is known: {f'{number(total)} {unit}'.rstrip()}.", f"{hint} by then."


def part_in_other_unit(
    year: int, part: float, months: frozenset[int], times: float, total: float, last: object, unit: str
) -> tuple[str, str]:
    """`times`: how many times too large it is, below 1 where it is too small; `last`: the year of `total`."""
    off = f"{number(float(f'{max(times, 1 / times):.0e}'))} times {'too large' if times > 1 else 'too small'}"
    known = f"{f'{number(total)} {unit}'.rstrip()} for {last}"
    problem = f"{number(part)} for {named_months(months)} is about {off}, compared with {known}"
    hint = f"Give the part in the unit of the year{f', {unit}' if unit else ''}."
    return f"The part of {year} does not fit: {problem}.", hint
