"""The nowcast: an estimate of a year of which a part is known.

The share of the known part in past years, its growth, the seasonal smoothing of the parts and the forecast from whole
years each give a vote. `votes` combines them. This module finds the target year, its known parts and their basis.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from math import isfinite, log
from typing import Any

from rural_forecast.api.arguments import checked
from rural_forecast.errors import UsageError, option
from rural_forecast.forecasting.forecast import DEFAULT_LEVELS, Forecast, checked_levels, forecast
from rural_forecast.notes import Note
from rural_forecast.nowcasting import known_years
from rural_forecast.nowcasting.estimates import estimates
from rural_forecast.nowcasting.known_years import Share
from rural_forecast.nowcasting.part_bases import Base, Rows, base, implied_before, rows, with_sums
from rural_forecast.nowcasting.part_definitions import LEVEL, contradiction, known_elsewhere
from rural_forecast.nowcasting.parts import Choice, Part, read_partial
from rural_forecast.nowcasting.readings import Amounts, both_readings, by_amounts
from rural_forecast.nowcasting.request import (
    choice_of,
    refuse_known,
    refuse_other_basis,
    refuse_other_unit,
    require_flow,
    target_year,
)
from rural_forecast.nowcasting.result import KnownPart, Nowcast, Vote, total_before
from rural_forecast.nowcasting.votes import Annual, Combined, Evidence, combine, far, votes
from rural_forecast.series.basis import Basis
from rural_forecast.series.history import observed_years
from rural_forecast.series.observation import Series, require_series


@checked
def nowcast(
    series: Series,
    *,
    year: int | None = None,
    partial: Sequence[str | Part] = (),
    since: int | None = None,
    until: int | None = None,
    levels: Sequence[int] = DEFAULT_LEVELS,
    prefer: str | None = None,
    reconcile: str | None = None,
    allow_gaps: bool = False,
    as_of: date | None = None,
    basis: Basis = "levels",
    same_definition: bool = False,
) -> Nowcast:
    """Estimate a year of which halves, quarters or months are known.

    Parameters
    ----------
    year : the year target; left out, it is that of the latest typed part, the one after `until`, or the latest year of
        which only parts are known
    partial : known parts, `2017H1=537.62`, or with their growth in percent `2017H1=537.62:38.1`; they go before those
        of the series, and parts of earlier years are taken too
    since, until : first and last whole year used; an `until` before the year tells a year whose total is known
    levels : interval levels in whole percents, 50 to 99
    as_of : use only what had surely been published by this day
    basis : of the levels that the annual forecast sees
    same_definition : use parts that the catalogue has under another definition, or that do not fit the series

    Raises
    ------
    UsageError : the series is no flow, nothing is known of the year, its total is known, or parts contradict
    InputError : parts in a file contradict each other or their year, or a part is on another definition

    >>> from rural_forecast.series.source import read
    >>> result = nowcast(read("mofcom"), year=2017, until=2016, partial=["2017H1=537.62:38.1"])
    >>> 1180 < result.value < 1300, result.base.how, round(result.base.value, 1)
    (True, 'replaced', 389.3)
    """
    require_series(series)
    require_flow(series)
    chosen_levels = checked_levels(levels)
    typed = [read_partial(one) if isinstance(one, str) else one for one in partial]
    which: dict[str, Any] = {"prefer": prefer, "reconcile": reconcile}
    published = rows(series, as_of=as_of, **which)
    warnings = [*known_elsewhere(series, typed, published, same_definition=same_definition)]
    series = with_sums(series, published)
    totals = {one.period.year: one for one in observed_years(series, as_of=as_of, **which)}
    target = target_year(series, year, until, typed, published, totals)
    refuse_known(series, target, totals, until, as_of)
    _refuse_negative(typed, [one.value for one in totals.values()])
    actual = next((one for one in observed_years(series, **which) if one.period.year == target), None)
    choice = choice_of(series, target, typed, published, actual)
    known = rows(series, as_of=as_of, typed=typed, **which)
    last = target - 1 if until is None else min(until, target - 1)
    window: dict[str, Any] = {"since": since, "until": last, "allow_gaps": allow_gaps, "basis": basis, **which}
    annual = None
    if any(one <= last for one in totals):
        wanted = sorted({80, LEVEL, *chosen_levels})
        annual = forecast(series, year=target, levels=wanted, as_of=as_of, **window)
        if any(annual.origin < one <= target for one in series.breaks):
            annual = None
    refuse_other_unit(series, choice, annual)
    history = annual.history if annual else None
    by_year = dict(zip(history.years, history.values.tolist(), strict=True)) if history else {}
    if basis == "chained":  # a part and its year on one basis: both as published
        by_year = {one: totals[one].value if one in totals else value for one, value in by_year.items()}
    found = known_years.bases(known, tuple(sorted({*by_year, target - 1})), choice, target) if history else {}
    past = known_years.shares(series, found, by_year, target)
    now = found.get(target - 1)
    refuse_other_basis(choice, now, by_year.get(target - 1), target)
    growth = _growth(choice, now)
    smooth = known_years.smoothing(known, past, choice, target)
    given = Evidence(
        part=choice.value or 0.0,
        months=len(choice.months),
        shares=tuple(one.value for one in past),
        last_total=total_before(annual, target),
        growth=growth,
        smoothing=smooth,
        annual=_as_evidence(annual),
        bend=known_years.bend(known, by_year, target) if choice.from_january else None,
    )
    if now is not None and now.how == "restated":  # the two readings are about the year before alone
        given = given._replace(shares=given.shares[-1:] if past and past[-1].year == target - 1 else ())
    warnings += _contradictions(series, target, given, choice, annual, past, same_definition=same_definition)
    answer, voted = _combined(series, target, given, now, annual, chosen_levels)
    _refuse_infinite((answer.point, *answer.lower, *answer.upper, *voted.values()), target)
    return Nowcast(
        series=series,
        year=target,
        levels=chosen_levels,
        choice=choice,
        parts=_lines(choice, known, target, with_base=history is not None),
        base=now,
        growth=growth,
        shares=past,
        smoothed_years=smooth.years if smooth else 0,
        bend=given.bend,
        value=answer.point,
        lower=answer.lower,
        upper=answer.upper,
        votes=tuple(Vote(voter, value, answer.weights[voter]) for voter, value in voted.items()),
        annual=annual,
        estimates=estimates(series, target, as_of),
        actual=actual,
        as_of=as_of,
        options={"partial": tuple(typed), "same_definition": same_definition, **window},
        warnings=tuple(warnings),
    )


def _refuse_negative(typed: Sequence[Part], totals: Sequence[float]) -> None:
    """A typed part below zero, where no year ever was, is a slip of the finger."""
    for part in typed:
        if part.value is not None and part.value < 0 and totals and min(totals) >= 0:
            voted = f"The part {part.period}={part.value:g} is negative, which no year of the series is."
            raise UsageError(voted, "Check its sign.")


def _growth(choice: Choice, now: Base | None) -> float | None:
    """Growth of the known part, as published or on the year before's."""
    if choice.value is None:
        growth = choice.used[0].growth_pct
        return None if growth is None else growth / 100
    implied = implied_before(choice.used)
    earlier = implied if implied is not None else now.value if now else None
    return choice.value / earlier - 1 if earlier is not None and earlier > 0 and choice.value > 0 else None


def _as_evidence(annual: Forecast | None) -> Annual | None:
    if annual is None:
        return None
    best, place = annual.best, annual.levels.index(80)
    value, low, high = float(best.values[-1]), float(best.lower[place, -1]), float(best.upper[place, -1])
    if value <= 0:
        return None
    return Annual(value, (log(high) - log(low)) / 2 if low > 0 else log(high) - log(value))


def _contradictions(
    series: Series,
    target: int,
    given: Evidence,
    choice: Choice,
    annual: Forecast | None,
    past: Sequence[Share],
    *,
    same_definition: bool,
) -> Iterator[Note]:
    """As `contradiction`, by the shares that earlier years have without the growth that comes with the part."""
    if given.part > 0 and annual is not None:
        own = tuple(one.value for one in past if not (one.implied and one.year == target - 1))
        reach = far(given._replace(shares=own))
        yield from contradiction(series, choice, reach, annual, target, same_definition=same_definition)


def _refuse_infinite(values: Iterable[float], target: int) -> None:
    if not all(map(isfinite, values)):
        raise UsageError(f"These parts make {target} more than a number holds.", "Write the series in a larger unit.")


def _combined(
    series: Series, target: int, given: Evidence, now: Base | None, annual: Forecast | None, levels: tuple[int, ...]
) -> tuple[Combined, Mapping[str, float]]:
    history = annual.history.values.tolist() if annual else []
    only_growth = given.part == 0 and given.growth is not None and given.last_total is not None
    if (given.part > 0 or only_growth) and all(value > 0 for value in history):
        voted = votes(given)
        _refuse_infinite(voted.values(), target)
        restated = now is not None and now.how == "restated" and {"share", "growth"} <= voted.keys()
        return (both_readings if restated else combine)(given, levels), voted
    if given.part == 0 and not any(history):
        what = "a growth alone" if given.growth is not None else "zeros alone"
        raise UsageError(
            f"{series.id} has {what}, and no earlier year to estimate the year from.",
            f"Give its value: {option('partial')}.",
        )
    rest = None if now is None or now.value is None or given.last_total is None else given.last_total - now.value
    bounds = None
    if annual is not None:
        places = [annual.levels.index(level) for level in levels]
        lows, highs = (
            tuple(float(one[place, -1]) for place in places) for one in (annual.best.lower, annual.best.upper)
        )
        bounds = float(annual.best.values[-1]), lows, highs
    floor = given.part >= 0 and all(value >= 0 for value in history)
    return by_amounts(Amounts(given.part, given.months, rest, bounds, floor), levels)


def _lines(choice: Choice, known: Rows, target: int, *, with_base: bool) -> tuple[KnownPart, ...]:
    uses = (("used", choice.used), ("inside", choice.inside), ("replaced", choice.replaced))
    found = [
        KnownPart(part, use, base(known, target - 1, part.months, (part,)) if with_base else None)
        for use, parts in uses
        for part in parts
    ]
    return tuple(sorted(found, key=lambda one: (one.part.period, one.use)))
