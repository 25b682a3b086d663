"""The words of notes on a forecast, a backtest or a batch."""

from __future__ import annotations

from collections.abc import Sequence

from rural_forecast.text.cells import shown
from rural_forecast.text.wording import listed, number

TEXTS = {
    "kinds_stated": (
        "The stated kind of market, {kind}, moves the forecasts of {series:,} series as far as they grow: 'project' "
        "says of one series what it changes."
    ),
    "finding": "{series} {what}",
    "too_few_to_calibrate": (
        "Intervals are not calibrated: that needs 50 series or more that are long enough, and there are {series}."
    ),
    "calibration": "calibration on the last {points} points of {series:,} series:",
    "published_rows": (
        "Not history[, and shown with --history]: {count:1 published forecast|# published forecasts} of {file}."
    ),
    "past_whole": (
        "The forecast passes {whole:whole}{series:? in {series:,} series (such as {example:shown})|}, which no share "
        "of a whole can[: --measure rate keeps {series:?them|it} below]."
    ),
    "growth_forecast": (
        "Growth in percent (by name and unit) is forecast as an amount{series:? in {series:,} series (such as "
        "{example:shown})|}. To forecast a market, give its levels, with growth in a column growth_pct."
    ),
    "findings": (
        "{series:,} of {total:,} series {series:needs|need} a look, first {first} {what}[{source:? 'rural-forecast "
        "series check {source:shell}' lists all.|}]"
    ),
    "surprised": (
        "In {year} most series were surprised together: {share:share} of a sample of {series:,} left the {level} % "
        "interval of the year before ({below:share} below it). Such a shock may go on or turn. {calibrated:The "
        "intervals are wider for it.|--calibrate auto widens the intervals.}"
    ),
    "before_gaps": "Not used, being before the last gap of their series: {count:1 value|# values}.",
}


def _in(unit: str) -> str:
    return f" {unit}" if unit else ""


def _rounded(value: float) -> str:
    return number(float(f"{value:.4g}"))


def path_ends(model: str, last: int, series: int, example: str) -> str:
    return (
        f"{model} gives only the first years of {series:,} series: later its path would cross zero or leave the range "
        f"of numbers (series {shown(example)}: no year after {last})."
    )


def coverage(
    points: int, series: int, held: Sequence[tuple[int, float]], short: bool, over: bool, surprised: bool
) -> str:
    """`held`: each level and the share inside; `short`, `over`: whether a level is off by more than chance.

    `surprised`: whether the last year surprised most series, which has a warning of its own.
    """
    inside = listed(f"{level} % intervals held {100 * share:.0f} %" for level, share in held)
    if surprised and not short:
        return f"On the last {points} points of a sample of {series:,} series, {inside}."
    advice = (
        "--calibrate auto widens them"
        if short
        else "--calibrate always narrows them if the years before agree"
        if over
        else "no calibration is needed"
    )
    return f"On the last {points} points of a sample of {series:,} series, {inside}: {advice}."


def calibrated_level(level: int, before: float, after: float, factor: float) -> str:
    return (
        f"  {level} % intervals held {100 * before:.1f} % before, {100 * after:.1f} % after (width times {factor:.2f})"
    )
