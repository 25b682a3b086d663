"""The nowcast: the evidence on a year of which a part is known, and its votes combined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import isfinite, log
from typing import Any, Unpack

from rural_forecast.errors import UsageError, option
from rural_forecast.forecasting.forecast import forecast
from rural_forecast.forecasting.question import DEFAULT_LEVELS, checked_levels
from rural_forecast.forecasting.result import Forecast
from rural_forecast.nowcasting import evidence as known_years
from rural_forecast.nowcasting import request
from rural_forecast.nowcasting.combine import combine, combine_restated
from rural_forecast.nowcasting.evidence import Annual, Evidence, votes
from rural_forecast.nowcasting.parts import Base, Choice, Part, base, implied_before, read_partial, rows, with_sums
from rural_forecast.nowcasting.result import KnownPart, Nowcast, Vote, notes, total_before
from rural_forecast.series.history import Selection, observed_years
from rural_forecast.series.observation import Series
from rural_forecast.series.published import published_forecasts


def nowcast(
    series: Series,
    *,
    year: int | None = None,
    partial: Sequence[str | Part] = (),
    levels: Sequence[int] = DEFAULT_LEVELS,
    same_definition: bool = False,
    **selection: Unpack[Selection],
) -> Nowcast:
    """Estimate a year of which halves, quarters or months are known.

    Parameters
    ----------
    year : the year to estimate; left out, it is that of the latest typed part, the one after `until`, or the latest
        year of which only parts are known
    partial : known parts, `2017H1=537.62`, or with their growth in percent `2017H1=537.62:38.1`; they replace those
        of the series, and parts of earlier years are taken too
    levels : interval levels in whole percents, 30 to 99
    same_definition : use parts that the catalogue has under another definition, or that do not fit the series
    selection : which points are used, see `Selection`; with an `until` before the year, a year whose total is known is
        estimated; `basis` is of the levels that the annual forecast uses

    Raises
    ------
    UsageError : the series is no flow, nothing is known of the year, its total is known, parts or parts contradict
    InputError : parts in a file contradict each other or their year, or a part is on another definition

    >>> from rural_forecast.series.source import read
    >>> result = nowcast(read("mofcom"), year=2017, until=2016, partial=["2017H1=537.62:38.1"])
    >>> 1180 < result.value < 1300, result.base.how, round(result.base.value, 1)
    (True, 'replaced', 389.3)
    """
    request.require_flow(series)
    chosen_levels = checked_levels(levels)
    typed = [read_partial(part) if isinstance(part, str) else part for part in partial]
    until, as_of = selection.get("until"), selection.get("as_of")
    which: dict[str, Any] = {"prefer": selection.get("prefer")}
    published = rows(series, as_of=as_of, **which)
    warnings = [*request.known_elsewhere(series, typed, published, same_definition=same_definition)]
    series = with_sums(series, published)
    totals = {total.period.year: total for total in observed_years(series, as_of=as_of, **which)}
    target = request.target_year(series, year, until, typed, published, totals)
    request.refuse_known(series, target, totals, until, as_of)
    actual = next((total for total in observed_years(series, **which) if total.period.year == target), None)
    choice = request.choice_of(series, target, typed, published, actual)
    known = rows(series, as_of=as_of, typed=typed, **which)

    last = target - 1 if until is None else min(until, target - 1)
    window: dict[str, Any] = {**selection, "until": last}
    annual = None
    if any(total <= last for total in totals):
        wanted = sorted({80, request.LEVEL, *chosen_levels})
        annual = forecast(series, year=target, levels=wanted, **window)
        if any(annual.origin < first <= target for first in series.breaks):
            annual = None
    request.require_positive(series, choice, annual)

    by_year = dict(zip(annual.history.years, annual.history.values.tolist(), strict=True)) if annual else {}
    if selection.get("basis") == "chained":  # a part and its year on one basis: both as published
        by_year = {year: totals[year].value if year in totals else value for year, value in by_year.items()}
    years = tuple(sorted({*by_year, target - 1}))
    earlier = known_years.bases(known, years, choice, target) if annual else {}
    past = known_years.with_totals(series, earlier, by_year, target)
    shares = {year: part / total for year, (part, total) in past.items()}
    now = earlier.get(target - 1)
    request.refuse_other_basis(choice, now, by_year.get(target - 1), target)
    evidence = Evidence(
        part=choice.value or 0.0,
        months=len(choice.months),
        shares=tuple(shares.values()) if choice.value else (),
        last_total=total_before(annual, target),
        growth=_growth(choice, now),
        smoothing=known_years.smoothing(known, past, choice, target),
        annual=_as_evidence(annual),
        uneven=known_years.uneven_growth(known, choice, target) if now is not None else None,
        rough=known_years.roughness(known, choice, target) if now is not None else None,
        bend=known_years.bend(known, by_year, target) if choice.from_january else None,
    )
    if now is not None and now.how == "restated":  # the two readings are about the year before alone
        evidence = evidence._replace(shares=evidence.shares[-1:] if target - 1 in past else ())
    if now is not None and now.how in ("implied", "replaced"):  # known by the growth that comes with the part
        shares.pop(target - 1, None)
    warnings += request.contradictions(
        series,
        choice,
        evidence._replace(shares=tuple(shares.values())).reach() if evidence.part > 0 else None,
        annual,
        target,
        earlier=[year for year, part in earlier.items() if part.value is not None],
        same_definition=same_definition,
    )
    voted = votes(evidence)
    if not voted or (evidence.part == 0 and "growth" not in voted):
        hint = f"Give its value: {option('partial')}."
        raise UsageError(f"{series.id} has a growth alone, and no earlier year to estimate the year from.", hint)
    restated = now is not None and now.how == "restated" and {"share", "growth"} <= voted.keys()
    _require_finite(voted.values(), target)
    answer = (combine_restated if restated else combine)(evidence, chosen_levels)
    _require_finite((answer.point, *answer.lower, *answer.upper), target)
    parts = (
        KnownPart(part, use, base(known, target - 1, part.months, (part,)) if annual else None)
        for use, of_use in (("used", choice.used), ("left out", choice.left))
        for part in of_use
    )
    result = Nowcast(
        series=series,
        year=target,
        levels=chosen_levels,
        choice=choice,
        parts=tuple(sorted(parts, key=lambda line: (line.part.period, line.use))),
        base=now,
        evidence=evidence,
        value=answer.point,
        lower=answer.lower,
        upper=answer.upper,
        votes=tuple(Vote(voter, value, answer.weights[voter]) for voter, value in voted.items()),
        annual=annual,
        estimates=tuple(
            figure
            for figure in published_forecasts(series, as_of=as_of)
            if figure.period.is_year and figure.period.year == target and not figure.target
        ),
        actual=actual,
        as_of=as_of,
        same_definition=same_definition,
    )
    return replace(result, notes=(*warnings, *notes(result)))


def _growth(choice: Choice, now: Base | None) -> float | None:
    if choice.value is None:
        growth = choice.used[0].growth_pct
        return None if growth is None else growth / 100
    implied = implied_before(choice.used)
    earlier = implied if implied is not None else now.value if now else None
    return choice.value / earlier - 1 if earlier is not None and earlier > 0 and choice.value > 0 else None


def _as_evidence(annual: Forecast | None) -> Annual | None:
    if annual is None or annual.best.last <= 0:
        return None
    value, (low, high) = annual.best.last, annual.best.ends(annual.levels.index(80))
    return Annual(value, (log(high) - log(low)) / 2 if low > 0 else log(high) - log(value))


def _require_finite(values: Iterable[float], target: int) -> None:
    if not all(map(isfinite, values)):
        raise UsageError(f"These parts make {target} more than a number holds.", "Write the series in a larger unit.")
