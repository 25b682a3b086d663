"""The words of notes on a forecast, a backtest or a batch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from rural_forecast.text.cells import shown
from rural_forecast.text.wording import advice, listed, number, spans
from rural_forecast.views.errors.models import abstains
from rural_forecast.views.errors.pool import LEFT_OUT

if TYPE_CHECKING:
    from rural_forecast.models.base import Reason

TEXTS = {
    "learned_later": "Caution: the models were trained on data from after {origins:these forecast dates|this origin}.",
    "floor": "Nothing lies below the stated floor of {value:number}{unit:unit}.",
    "cumulative": (
        "The total never falls[ (--measure cumulative)]: no median falls, and no bound lies below the last value, "
        "{last:number}{unit:unit}."
    ),
    "kinds_stated": (
        "The stated kind of market, {kind}, moves the forecasts of {series:,} series as far as they grow: 'project' "
        "says of one series what it changes."
    ),
    "backtest_without_floor": "The backtest is without the floor: it forecasts from {year}, whose value is below it.",
    "no_answer": "{models:listed} {models:answers|answer} from none of these origins.",
    "fewer_origins": (
        "{models:listed} {models:is|are} tested at the last {origins} origins alone, the other models at all."
    ),
    "finding": "{series} {what}",
    "too_few_to_calibrate": (
        "Intervals are not calibrated: that needs 50 series or more that are long enough, and there are {series}."
    ),
    "calibration": "calibration on the last {points} points of {series:,} series:",
    "does_not_add_up": (
        "{count:A whole is|# wholes are} not the sum of the parts in the history, most of all {node}: {whole:number} "
        "in {year}, and its parts come to {parts:number}. Forecasts add up all the same."
    ),
    "outside_tree": "Left out, being outside the tree: {count:,} series, such as {names:listed}.",
    "starts_late": (
        "{count:1 sum starts|# sums start} later than some of the parts, as another part starts later: first {node}, "
        "in {first}."
    ),
    "ends_early": (
        "{count:1 node ends|# nodes end} before {origin}, first {node} in {last}, and {count:is|are} forecast "
        "from there."
    ),
    "published_rows": (
        "Not history[, and shown with --history]: {count:1 published forecast|# published forecasts} of {file}."
    ),
    "rate_ends": "A rate ends at {most:g} {unit:?{unit}|in all}: forecasts near it approach it ever more slowly.",
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
    "wholes_given": (
        "{count:{node} is|# series, first {node}, are} read as the whole of others, not as one more part{missed:?|, "
        "and the parts add up to {count:it|them}}."
    ),
    "before_gaps": "Not used, being before the last gap of their series: {count:1 value|# values}.",
}


def _in(unit: str) -> str:
    return f" {unit}" if unit else ""


def _rounded(value: float) -> str:
    return number(float(f"{value:.4g}"))


def ceiling(low: float, high: float, unit: str) -> str:
    ends = f" of {number(high)}" if low == high else f", {number(low)} to {number(high)}"
    return f"Nothing lies above the stated ceiling{ends}{_in(unit)}."


def of_kind(
    kind: str,
    year: int,
    level: int,
    unit: str,
    with_kind: tuple[float, float, float],
    without: tuple[float, float, float],
) -> str:
    """`with_kind`, `without`: the median, lower and upper bound."""
    before = f"{_rounded(without[0])}{_in(unit)} ({level} %: {_rounded(without[1])} to {_rounded(without[2])})"
    if with_kind == without:
        return f"The stated kind of market, {kind}, changes nothing: growth is below 10 % a year."
    return f"For the stated kind of market, {kind}, {year} is {_rounded(with_kind[0])}; without it, {before}."


def path_ends(model: str, last: int, why: Reason | None = None, series: int = 0, example: str = "") -> str:
    """`why` is known of one series; `series` and `example` of a batch."""
    if not series:
        return f"{model} gives no year after {last}: {abstains(model, why) if why else ''}."
    return (
        f"{model} gives only the first years of {series:,} series: later its path would cross zero or leave the range "
        f"of numbers (series {shown(example)}: no year after {last})."
    )


def published_later(values: Sequence[tuple[float, str]], unit: str) -> str:
    amounts = listed(f"{number(value)} for {period}" for value, period in values)
    return f"Published later and not used{f' ({unit})' if unit else ''}: {amounts}."


def other_basis(
    basis: str,
    year: int,
    value: float,
    unit: str,
    level: int,
    bounds: tuple[float, float],
    ours: float,
    changed: tuple[int, float, float],
) -> str:
    """`changed`: the year whose level differs most, its level on the other basis and on this one."""
    head = {"levels": "On the levels as published", "chained": "On levels chained by the published growth"}[basis]
    apart = f", {100 * abs(value / ours - 1):.1f} % {'more' if value >= ours else 'less'}" if ours > 0 else ""
    return (
        f"{head} the forecast for {year} is {_rounded(value)}{_in(unit)} "
        f"({level} %: {_rounded(bounds[0])} to {_rounded(bounds[1])}){apart}: "
        f"{changed[0]} is then {_rounded(changed[1])} in place of {number(changed[2])}."
        + advice(f" See it with --basis {basis}.")
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


def pooled(
    voices: Sequence[tuple[str, float, str, int, float | None, float | None, Sequence[str]]],
    enough: int,
    years: Sequence[int],
    silent: Sequence[int],
) -> str:
    """`voices`: who, weight, where it comes from, forecasts scored, their error and ours in percent, spread."""
    equal = all(by == "equal" for _, _, by, *_ in voices)
    parts = []
    for who, weight, by, scored, error, theirs, spread in voices:
        because = {
            "stated": "stated",
            "equal": "" if equal or who == "ours" else f"{scored} scored forecasts, fewer than {enough}: as ours",
            "record": f"error {error or 0:.1f} % over {scored} forecasts, ours {theirs or 0:.1f} %",
        }[by]
        width = "" if who == "ours" else " and ".join(_SPREADS[kind] for kind in spread)
        about = "; ".join(filter(None, (because, width)))
        share = "" if equal else f" {100 * weight:.0f} %"
        parts.append(f"{who}{share}{f' ({about})' if about else ''}")
    text = f"The pool for {spans(years)} mixes {listed(parts)}"
    text += f" with equal weights: nobody has {enough} scored forecasts." if equal else "."
    return f"{text} Nobody else forecasts {spans(silent)}." if silent else text


_SPREADS = {"range": "its own range", "record": "as wide as its errors so far", "ours": "a point, as wide as ours"}


def not_pooled(left: Sequence[tuple[str, int]], older: int, known_by: date | None) -> str:
    """`left`: why figures are left out, and how many; `older`: forecasts of one author that a later one replaces.

    `known_by`: the day by which voices had to be published; None where nothing is held back.
    """
    parts = [f"{LEFT_OUT[why].format(known_by)} ({count})" for why, count in left]
    parts += [f"earlier forecasts of the same author ({older})"] if older else []
    return f"Not in the pool: {listed(parts)}."


def counted_twice(count: int, node: str, whole: str) -> str:
    others = f", and {count - 1:,} more series are such sums" if count > 1 else ""
    return (
        f"{node} is the sum of the other parts of {whole} in every year{others}, so the whole counts them twice. "
        "Call it Total, or leave it out."
    )


def several_wholes(count: int, names: tuple[str, ...]) -> str:
    others = f" and {count - len(names):,} more" if count > len(names) else ""
    return f"The tree has {count:,} wholes that do not add up to one: {listed(names)}{others}. A name may be misspelt."
