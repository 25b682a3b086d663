"""Other definitions of the same market: shown next to a series, never joined to it.

The catalogue names related definitions. A figure typed or read by a user may be on another one
without a word: it is found by its digits, see `elsewhere`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from rural_forecast.errors import command
from rural_forecast.notes import Note
from rural_forecast.observed.catalogue import load
from rural_forecast.observed.history import History
from rural_forecast.observed.observation import Series
from rural_forecast.observed.other_growth import OtherGrowth, growth_since
from rural_forecast.observed.period import Period
from rural_forecast.observed.preference import by_period, prefer
from rural_forecast.observed.yearly import values_by_year
from rural_forecast.text.numbers import number, range_amounts
from rural_forecast.text.wording import are, listed, short

ROUNDING = 0.01
"""Share of their size by which two values may differ and still be one figure."""
DIGITS = 3
"""Digits that identify a value where nothing else relates two series."""
Figures = Mapping[Period, tuple[float, ...]]


class Elsewhere(NamedTuple):
    """A value that the catalogue has under another definition."""

    period: Period
    series: Series  # with that definition
    note: Note  # says how the two differ


def other_definitions(history: History, target: int, *, until: int | None) -> Iterator[Note]:
    """Note the other definitions of a series that measure the same, with a value of each.

    The value is that of the origin, or of the nearest year that both have; of a definition that
    agrees wherever both have values, it is all of these. What growth since would make of ours is
    said up to the year `target`; a hindcast, `until` a year, knows none.
    """
    series = history.series
    year = history.origin
    ours = values_by_year(series, as_of=history.as_of)
    for other in related(series):
        theirs = values_by_year(other, as_of=history.as_of)
        common = sorted(ours.keys() & theirs.keys())
        if not common:
            continue
        if all(ours[shared] == theirs[shared] for shared in common):
            same = listed(f"{number(ours[shared])} ({shared})" for shared in common)
            yield Note("shared_values", f"{same} {are(common)} in {other.id} ({other.title}) too.")
        else:
            nearest = min(common, key=lambda candidate: (abs(candidate - year), candidate))
            growth = growth_since(history, other) if until is None else None
            since = _of_growth(growth, history, target) if growth else ""
            yield _related(other, nearest, ours[nearest], theirs[nearest], since)


def related(series: Series) -> list[Series]:
    """List the other definitions of a series of the catalogue that measure the same."""
    # Read in any case: a faulty catalogue is refused, and no output replaces one of its files.
    catalogue = load()
    same = (series.measure, series.unit)
    others = map(catalogue.get, series.related)
    return [other for other in others if (other.measure, other.unit) == same]


def _of_growth(growth: OtherGrowth, history: History, target: int) -> str:
    """Say what the growth of another definition would make of a series, up to a year."""
    year = min(target, growth.last)
    value = history.last * growth.factor(year)
    ends = [history.last * end for end in growth.range_80(year)]
    write = range_amounts(history.series.unit, value, *ends)
    low, high = write.bounds(*ends)
    return f"; its growth since would make ours {write.full(value)} in {year} ({low} to {high})"


def _related(other: Series, year: int, ours: float, theirs: float, since: str) -> Note:
    if ours > 0:
        comparison = f"{theirs / ours:.2f} times as much"
    else:
        comparison = f"{number(theirs)} in place of {number(ours)}"
    return Note(
        "related_series",
        f"Another definition, {short(other.title)}, gives {comparison} for {year}{since}.",
        advice=f"See: {command('project', other.label)}",
    )


def elsewhere(series: Series, values: Iterable[tuple[Period, float]]) -> Iterator[Elsewhere]:
    """Find values that the catalogue has for the same period under another definition.

    `values` are figures that a user states beside the series, which may be of a file. They are
    compared with the definition of the catalogue that the series follows. A related definition is
    recognised by any figure, others by one of `DIGITS` digits, and only if the two disagree in a
    year that both have, or have none in common.
    """
    stated = [(period, value) for period, value in values if value]
    if series.measure != "flow" or not stated:
        return
    own = _own(series)
    if own is None:
        return

    of_file = own.id != series.id
    own_figures = _figures(own)
    years = _figures_by_year(series) if of_file else own_figures
    related = {*own.related, *(other.id for other in load().every() if own.id in other.related)}
    flows = [other for other in load().every() if other.measure == "flow"]
    candidates = [other for other in flows if other.unit == own.unit and other.id != own.id]
    # Definitions of the same market first: `sort` keeps the order of the others.
    candidates.sort(key=lambda other: other.id not in related)

    for period, value in stated:
        accepted = [*own_figures.get(period, ())]
        if not of_file:
            # With published forecasts, which `own_figures` leaves out.
            accepted += [obs.value for obs in series.observations if obs.period == period]
        if any(same_figure(value, figure) for figure in accepted):
            continue
        for other in candidates:
            theirs = _figures(other)
            digits = 1 if other.id in related else DIGITS
            if not any(same_figure(value, figure, digits) for figure in theirs.get(period, ())):
                continue
            common = _common(years, theirs)
            agree = bool(common) and all(same_figure(here, there) for there, here in common)
            if not agree or (other.id in related and not of_file):
                yield Elsewhere(period, other, _difference(series, other, period, value))
                break


def _difference(series: Series, other: Series, period: Period, value: float) -> Note:
    """Note a value that is on another definition, and the last year in which the two differ."""
    of_period = [obs for obs in other.observations if obs.period == period]
    published = prefer(of_period, other.sources).value
    amount = f"{number(published)} {other.unit}".rstrip()
    text = (
        f"{number(value)} for {period} is on another definition: "
        f"{other.id} ({other.title}) has {amount} for it"
    )

    ours = values_by_year(series)
    theirs = values_by_year(other)
    common = ours.keys() & theirs.keys()
    different = [year for year in common if not same_figure(ours[year], theirs[year])]
    if different:
        year = max(different)
        text += f", and {number(theirs[year])} for {year}"
        text += f", where this series has {number(ours[year])}"
    return Note("elsewhere", text, warning=True)


def _own(series: Series) -> Series | None:
    """Find the series of the catalogue whose definition this is.

    It is the series itself; of a file, the one that has most of its years, all with the same
    figures.
    """
    if not series.file and series.id in load().names():
        return load().get(series.id)
    years = _figures_by_year(series)
    best = None
    most = 0
    for other in load().every():
        if other.measure != "flow" or series.unit not in ("", other.unit):
            continue
        common = _common(years, _figures(other))
        if len(common) <= most:
            continue
        if all(same_figure(here, there, DIGITS - 1) for there, here in common):
            best = other
            most = len(common)
    return best


def _figures(series: Series) -> Figures:
    """The values of each period that are no forecasts."""
    periods = by_period(series.observations)
    return {period: tuple(obs.value for obs in values) for period, values in periods.items()}


def _figures_by_year(series: Series) -> Figures:
    """The one value that is used of each year."""
    return {Period(year): (value,) for year, value in values_by_year(series).items()}


def _common(ours: Figures, theirs: Figures) -> list[tuple[float, float]]:
    """Their value and ours in each year of both; of several the nearest two."""
    pairs = []
    for period in ours.keys() & theirs.keys():
        if period.is_year:
            candidates = [(there, here) for there in theirs[period] for here in ours[period]]
            pairs.append(min(candidates, key=lambda pair: abs(pair[0] - pair[1])))
    return pairs


def same_figure(value: float, other: float, digits: int = 1) -> bool:
    """Check that two values are one figure, rounded to different places.

    Both must have at least `digits` significant digits.

    >>> same_figure(538, 537.62), same_figure(540, 537.62), same_figure(530, 537.62)
    (True, True, False)
    >>> same_figure(540, 537.62, 3)
    False
    """
    decimals = [Decimal(repr(float(side))).normalize().as_tuple() for side in (value, other)]
    if min(len(decimal.digits) for decimal in decimals) < digits:
        return False
    # Half a unit of the last digit of the coarser one, plus the rounding of floats.
    half = max(10.0 ** int(decimal.exponent) for decimal in decimals) / 2
    return abs(value - other) <= min(half * (1 + 1e-9), ROUNDING * max(abs(value), abs(other)))
