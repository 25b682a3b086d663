"""The words of errors about the pool of a forecast with the judgement of others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rural_forecast.errors import option
from rural_forecast.text.wording import listed, number, shortened, spans

LEFT_OUT = {
    "other_years": "other years",
    "plans": "plans",
    "bounds": "bounds",
    "parts_of_years": "parts of years",
    "later": "figures published after {}",
    "undated": "figures without a date, while later values are held back",
}
"""Why a published forecast is no voice; in braces the day by which it had to be published."""
TEXTS = {
    "author_named_ours": (
        "An author is named 'ours', as our own forecast is in a pool.",
        "Name the author otherwise.",
    ),
    "weight_out_of_range": (
        "The weight {weight:g} of {who} is not between 0 and 1.",
        "Write a share, such as 0.3.",
    ),
    "weights_sum": (
        "The stated weights sum to {total:g}, not to {all_stated:1|1 or less}.",
        "Change one of them; voices without a stated weight share what is left.",
    ),
    "nobody_weighs": ("Nobody else has a weight in these years.", "Give another voice than ours a weight."),
}


def nobody_else(
    series: str, years: Sequence[int], why: Sequence[str], known_by: date | None, next_year: int | None
) -> tuple[str, str]:
    """`why`: why those that there are were left out; `next_year`: the first later year that others forecast."""
    there = f"; there are only {listed(LEFT_OUT[code].format(known_by) for code in why)}" if why else ""
    hint = "Add rows with the status forecast or expert, each with a value, in the unit of the series."
    if next_year:
        hint = f"Ask for {option('year', next_year)}."
    if {"later", "undated"} & set(why):
        hint = f"Leave {option('until')} out: it is answered with what was known then."
    return f"Nobody else forecasts {series} for {spans(years)}{there}.", hint


def unknown_voice(who: str, voices: Sequence[str]) -> tuple[str, str]:
    return f"'{who}' is no voice of the pool.", f"Its voices are {shortened(voices, 12)}."


def voice_beyond_limit(who: str, year: int, value: float, limit: float, low: bool) -> tuple[str, str]:
    """`limit`: the lower one where `low`."""
    side = f"{'below' if low else 'above'} {number(limit)}"
    problem = f"{number(value)} for {year} by {who} is {side}, which no forecast of this series can be."
    return problem, f"Change the limit, or use {option('pool_weight', f'{who}=0')}."
