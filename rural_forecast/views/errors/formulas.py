"""The words of errors about the formulas and units of a sizing model.

What is wrong within a formula has no full stop; `in_formula` says where it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from rural_forecast.errors import Worded

TEXTS = {
    "formula_too_long": "the formula is longer than {most:,} characters",
    "formula_empty": "the formula is empty",
    "formula_ends": "the formula ends where a number or name should be",
    "too_many_signs": "the formula has more than {most} signs",
    "nested_too_deep": "the formula is nested more than {most} levels deep",
    "parenthesis_not_closed": "a parenthesis is not closed",
    "parenthesis_not_opened": "a parenthesis is closed that was not opened",
    "sign_missing": "a sign is missing between '{before}' and '{after}'",
    "sign_not_expected": "{sign:repr} is not expected here",
    "only_arithmetic": "only numbers, names, + - * / **, min and max are arithmetic",
    "no_such_function": "there is no function '{function}'; there are {known:listed}",
    "too_few_terms": "{function} needs two terms or more",
    "power_with_unit": "the power '{term}' is {unit}, not a plain number",
    "power_not_whole": "'{term}' is {unit}, which only a whole power up to {most} can raise",
    "unit_without_scale": "the unit '{unit}' has a scale of 0.",
    "unit_scale_too_large": "the unit '{unit}' has a scale of more than a trillion trillion.",
    "unit_counts_nothing": "the unit '{unit}' names nothing that is counted.",
    "unit_without_word": "the unit '{unit}' has '{word}', which is no word.",
    "unit_not_convertible": "{series} is in {unit}, which does not convert to {wanted}.",
    "refused_unit": "{series}: {cause}",
}


def in_formula(cause: Worded, column: int, formula: str) -> str:
    """`cause`: what is wrong there."""
    return f"{cause.problem} (column {column} of '{_cut(formula)}')."


def not_a_number_there(written: str) -> str:
    """`written`: starts like a number."""
    return f"{_quoted(written)} is not a number"


def number_too_large(written: str) -> str:
    """`written`: a number beyond what a double holds."""
    return f"{_quoted(written)} is too large"


def not_arithmetic(sign: str) -> str:
    """`sign`: a character that no formula has."""
    instead = {"^": "; a power is written **", "%": "; write 60 % as 0.6, or as a driver in percent"}
    return f"{_quoted(sign)} is not part of arithmetic{instead.get(sign, '')}"


def units_differ(term: str, unit: object, first: str, first_unit: object, sign: str) -> str:
    """`term`: does not go with the `first` one; `sign`: what joins them."""
    doing = f"in one {sign}" if sign.isalpha() else f"on both sides of '{sign}'"
    return f"'{term}' is {unit} and '{first}' is {first_unit}, which cannot be {doing}"


def no_such_driver(name: str, known: Sequence[str], column: int, formula: str) -> tuple[str, str]:
    """`known`: names that a formula can use."""
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    hint = f"Did you mean {close[0]}?" if close else f"Add a table [drivers.{name}]."
    return f"there is no driver '{name}' (column {column} of '{_cut(formula)}').", hint


def formulas_in_circle(names: Sequence[str]) -> tuple[str, str]:
    """`names`: each needs the next one; the first is also the last."""
    return f"the formulas go in a circle: {' needs '.join(names)}.", "Give one of them a value of its own."


def wrong_unit(formula: str, unit: object, wanted: str, terms: Mapping[str, object]) -> tuple[str, str]:
    """`terms`: the names that bring what does not belong there, with their units."""
    brought = " and ".join(f"'{name}' is in {unit_of_name}" for name, unit_of_name in terms.items())
    return (
        f"'{_cut(formula)}' gives {unit}, not {wanted}{brought and ': '}{brought}.",
        "Change the unit of that driver, or add a driver that bridges the two, such as persons per household.",
    )


def unit_of_two_words(unit: str, words: Sequence[str]) -> str:
    """`words`: what is left of the unit behind its scale."""
    return (
        f"the unit '{unit}' has '{' '.join(words)}', two words for one thing; write {'_'.join(words)}, or a scale such "
        "as million before one word."
    )


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:59]}…")


def _cut(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:97]}..."
