"""The words of notes on a series, its history and its growth."""

from __future__ import annotations

from collections.abc import Sequence

from rural_forecast.series.basis import TOLERANCE_PCT
from rural_forecast.text.wording import advice, listed, number, spans

Dated = Sequence[tuple[float, object]]
"""Values with their periods."""
Years = Sequence[int]
MANY = 4
"""Above this number of values a sentence names their years only."""

TEXTS = {
    "parts_of_year": (
        "{parts:shortened} {parts:is a part of a year and not|are parts of a year and not} used[; 'rural-forecast "
        "nowcast' uses such values]."
    ),
    "more_findings": "{count} more values need a look[: 'rural-forecast series check' lists them].",
    "earlier_basis": (
        "{start} is the first year on a new basis: {unused:spans} {unused:is|are} on the earlier one and not "
        "used{caveat:()}."
    ),
    "later_basis": "The basis changes in {end}: {unused:spans} cannot be compared with the years used here.",
    "gap": (
        "No value for {missing:spans}: only the run after the last gap, from {first} on, is used; {unused:spans} "
        "{unused:is|are} not used, and nothing is filled."
    ),
    "preliminary": "{years:spans} {years:is|are} preliminary{how:()}.",
    "estimate": "{years:spans} {years:is an estimate|are estimates}{how:()}.",
    "derived_levels": (
        "Levels derived from the next year's published growth, or from other published numbers (marked *): {years:by "
        "series}."
    ),
    "computed_growth": "Growth computed from the levels, as none is published (marked *): {years:by series}.",
    "vintage": (
        "Only what had surely been published by {as_of} is used: {later:1 later value|# later values} left "
        "out{undated:?, and {undated} undated|}."
    ),
    "chained": (
        "Levels are rebuilt backwards from {last[0]:number} ({last[1]}) with the published growth{own:? (that of the "
        "levels in {own:spans}, where none is published)|}: {first[0]:2 decimals} in {first[1]}{published:?, published "
        "as {published:number}|}."
    ),
    "inflated": (
        "The forecast is made in {unit} and then inflated by the consumer prices of {of}{inflation:?, "
        "{inflation:number} % a year after {last_known}, as stated|}: its interval does not cover inflation. Notes on "
        "the data are in {unit}."
    ),
    "basis_change": (
        "{year} is the first year of {name} on a new basis: nothing is computed across it{caveat:()}{published:?; the "
        "growth of {year} is as published|}{base:?[; --base {year} indexes the new basis]|}."
    ),
    "growth_of_levels": (
        "Published growth of {name} and growth of its levels differ by more than "
        f"{TOLERANCE_PCT:g} points in "
        "{years:spans}, most in {worst}: {published:+.1f} % published, {computed:+.1f} % by the levels. The index "
        "follows the levels."
    ),
    "relative_growth": "{name} is a share: its growth is relative, not in percentage points.",
}


def derived(values: Sequence[tuple[int, float, str]]) -> str:
    amounts = "; ".join(f"{year} = {number(value)} ({how})" for year, value, how in values)
    return f"Derived from the next year's published growth: {amounts}."


def inexact(qualifier: str, values: Dated) -> str:
    single, several = {"~": ("rounded",) * 2, ">": ("a floor", "floors"), "<": ("an upper figure", "upper figures")}[
        qualifier
    ]
    amounts = (
        f"The values of {spans(int(str(year)) for _, year in values)}"
        if len(values) > MANY
        else listed(f"{number(value)} ({year})" for value, year in values)
    )
    return (
        f"{amounts} {'is' if len(values) == 1 else 'are'} {single if len(values) == 1 else several}, used as if exact."
    )


def growth(
    years: Years, worst: int, growth_pct: float, level: float, implied: float, before: float, chained: bool
) -> str:
    """Published levels of `worst` and the year before, against the growth published for `worst`."""
    return (
        f"Published levels and growth disagree by more than {TOLERANCE_PCT:g} % in {spans(years)}, most in {worst}: "
        f"{growth_pct:+g} % to {number(level)} implies {number(round(implied, 1))} for {worst - 1}, published as "
        f"{number(before)}{'' if chained else advice('; --basis chained follows the growth')}."
    )


def conflict(years: Years, values: Sequence[tuple[str, float, float, float, float]]) -> str:
    """`values`: period, lowest, highest, spread in percent and the value used; the widest alone where they are many."""
    spreads = "; ".join(
        f"{period} from {number(low)} to {number(high)} (spread {spread:.2g} %), {number(used)} used"
        for period, low, high, spread, used in values
    )
    return f"Sources differ{f' in {spans(years)}, most in ' if len(years) > MANY else ': '}{spreads}."


def shared_values(values: Dated, id: str, title: str) -> str:
    many = len(values) > 1
    amounts, years = listed(number(value) for value, _ in values), spans(int(str(year)) for _, year in values)
    whose = f"are also those of {id}" if many else f"is also that of {id}"
    return f"{amounts}, the value{'s' if many else ''} of {years}, {whose} ({title})."


def related_series(id: str, title: str, theirs: float, ours: float, unit: str, year: int) -> str:
    ratio = f", {theirs / ours:.2f} times this one's {number(ours)}" if ours > 0 else f"; this one has {number(ours)}"
    see = advice(f": rural-forecast project {id}") or "."
    return f"Another definition, {title}, gives {number(theirs)} {unit} for {year}{ratio}{see}"


def elsewhere(
    value: float,
    period: str,
    id: str,
    title: str,
    published: float,
    unit: str,
    differs: tuple[int, float, float] | None,
) -> str:
    """`differs`: a common year in which the definitions differ, the value there and the value here."""
    has = (
        f"{number(value)} for {period} is on another definition: {id} ({title}) has "
        f"{number(published)}{f' {unit}' if unit else ''} for it"
    )
    if differs is None:
        return has
    year, there, here = differs
    return f"{has}, and {number(there)} for {year}, where this series has {number(here)}"


def _span(years: tuple[int, int]) -> str:
    return f"{years[0]}" if years[0] == years[1] else f"{years[0]} to {years[1]}"


def currency_converted(
    years: tuple[int, int] | None,
    rate: float | None,
    last: int,
    later: float | None,
    what: str,
    unit: str,
    of: str,
    to: str,
    source: str,
    given: tuple[float, float] | None,
    at: int | None,
) -> str:
    """`years`: first and last with a rate of their own; `later`: the rate after `last`; `what` is converted."""
    ranged = given is not None and given[0] < given[1] and later is not None
    rates = []
    if at is not None:
        rates.append(f"at the rate of {at}, the year of the prices ({_rate(rate or later or 0, of, to)}; {source})")
    elif years is not None and rate is not None:
        rates.append(
            f"by the average rate of each year ({_span(years)}, {_rate(rate, of, to)} in {years[1]}; {source})"
        )
    if later is not None and at is None:
        whose = f"the rate of {last}, the last known" if given is None else "the rate given"
        if given is not None and ranged:
            ends = given if later >= 1 else (1 / given[1], 1 / given[0])
            whose = f"the median of the range given, {number(ends[0])} to {number(ends[1])} (90 %)"
        rates.append(f"after {last} at {_rate(later, of, to)}, {whose}")
    also = ""
    if what == "growth":
        also = " Growth is that of the converted levels."
    elif what:
        covers = f"covers that range after {last}" if ranged else "does not cover the exchange rate"
        also = f" The {what} is made in {unit} and then converted: its interval {covers}. "
        also += f"Notes on the data are in {unit}."
    return f"{of} are converted to {to} {', '.join(rates)}.{also}"


def _rate(rate: float, of: str, to: str) -> str:
    """A rate the way round that is not below one."""
    return f"{number(rate)} {of} per {to}" if rate >= 1 else f"{number(1 / rate)} {to} per {of}"


def deflated(
    years: tuple[int, int] | None,
    of: str,
    source: str,
    base: int,
    inflation: float | None,
    last_known: int,
    left_out: Sequence[int] = (),
    growth: bool = False,
    **_: object,
) -> str:
    """`left_out`: years of published forecasts; `growth`: whether published growth is left out."""
    span = f", {_span(years)}" if years else ""
    text = f"Values are in prices of {base}, by the consumer prices of {of} ({source}{span})"
    if inflation is not None and years and years[1] > last_known:
        text += f", and {number(inflation)} % inflation a year after {last_known}, as stated"
    if growth:
        text += "; published growth is nominal and left out"
    if left_out:
        text += f"; {spans(left_out)} is left out, as its prices are not known"
    return f"{text}."


def definitions(first: str, second: str, year: int, ours: float | None, theirs: float | None, unit: str) -> str:
    apart = ""
    if ours is not None and theirs is not None:
        apart = f": {number(ours)} and {number(theirs)} {unit} in {year}, {theirs / ours:.2f} times as much"
    return f"{first} and {second} are two definitions of one market and never joined{apart}."
