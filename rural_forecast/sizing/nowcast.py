"""The nowcast: what a year comes to of which a part is known.

The known part speaks through its share in past years, its growth on the year before and the run of the parts; the
forecast from whole years alone votes beside it. `votes` combines them; this module settles which year is told, what is
known of it, and on which basis.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log
from typing import Any, NamedTuple

from rural_forecast.errors import InputError, UsageError
from rural_forecast.forecasting.forecast import DEFAULT_LEVELS, Forecast, checked_levels, forecast
from rural_forecast.series.history import Basis, observed_years
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.remarks import number
from rural_forecast.sizing import known_years
from rural_forecast.sizing.estimates import Estimate, estimates
from rural_forecast.sizing.known_years import Share
from rural_forecast.sizing.part_bases import Base, Rows, base, implied_before, rows, with_growth
from rural_forecast.sizing.parts import Choice, Part, choose, read_partial, words
from rural_forecast.sizing.readings import Amounts, both_readings, by_amounts
from rural_forecast.sizing.votes import Annual, Combined, Evidence, combine, votes


class Vote(NamedTuple):
    """What one voter says of the year."""

    voter: str
    """`share`, `growth`, `smoothing`, `annual`, `calendar`; or `rest`, where an amount is not positive."""
    value: float
    weight: float


class KnownPart(NamedTuple):
    """A part of the year that is told, used or not, with the same part a year before."""

    part: Part
    use: str
    """`used`, `inside` a longer one, or `replaced` by a typed one."""
    base: Base | None


@dataclass(frozen=True, slots=True)
class Nowcast:
    """One year told from its known part."""

    series: Series
    year: int
    levels: tuple[int, ...]
    choice: Choice
    parts: tuple[KnownPart, ...]
    base: Base | None
    """The same months of the year before."""
    growth: float | None
    """Of the known part on the year before, 0.1 for 10 %."""
    shares: tuple[Share, ...]
    """Of the known part in earlier years, the latest last."""
    smoothed_years: int
    """Earlier years that the smoothing of the parts rests on; 0 without."""
    value: float
    """The median of the year."""
    lower: tuple[float, ...]
    """A bound a level."""
    upper: tuple[float, ...]
    votes: tuple[Vote, ...]
    annual: Forecast | None
    """The forecast from whole years alone; None where there is none on this basis."""
    estimates: tuple[Estimate, ...]
    """What others published for this year, on this definition or a related one."""
    actual: Observation | None
    """The total of the year where it is known by now (a hindcast)."""
    as_of: date | None

    @property
    def before(self) -> float | None:
        """The total of the year before, where it is known on this basis."""
        return _before(self.annual, self.year)

    @property
    def from_the_part(self) -> float:
        """What the known part alone implies: the lowest of the votes that rest on it."""
        alone = [vote.value for vote in self.votes if vote.voter in ("share", "growth")]
        return min(alone or [vote.value for vote in self.votes if vote.voter != "annual"] or [self.value])

    @property
    def vote(self) -> Mapping[str, Vote]:
        """Votes by voter."""
        return {vote.voter: vote for vote in self.votes}

    def annual_bounds(self, level: int) -> tuple[float, float] | None:
        """The interval of the annual forecast alone."""
        if self.annual is None:
            return None
        place = self.annual.levels.index(level)
        return float(self.annual.best.lower[place, -1]), float(self.annual.best.upper[place, -1])

    def narrower_pct(self, level: int) -> float | None:
        """How much narrower the interval is than that of the annual forecast, in percent of the latter's width."""
        bounds, place = self.annual_bounds(level), self.levels.index(level)
        if bounds is None or bounds[1] <= bounds[0]:
            return None
        return 100 * (1 - (self.upper[place] - self.lower[place]) / (bounds[1] - bounds[0]))


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
) -> Nowcast:
    """Tell a year of which halves, quarters or months are known.

    Parameters
    ----------
    year : the year told; left out, it is that of the latest typed part, the one after `until`, or the latest year of
        which only parts are known
    partial : known parts, `2017H1=537.62`, or with their growth in percent `2017H1=537.62:38.1`; they go before those
        of the series, and parts of earlier years are taken too
    since, until : first and last whole year used; an `until` before the year tells a year whose total is known
    levels : interval levels in whole percents, 50 to 99
    as_of : use only what had surely been published by this day
    basis : of the levels that the annual forecast sees

    Raises
    ------
    UsageError : the series is no flow, nothing is known of the year, its total is known, or parts contradict
    InputError : parts in a file contradict each other or their year

    >>> from rural_forecast.series.source import read
    >>> told = nowcast(read("mofcom"), year=2017, until=2016, partial=["2017H1=537.62:38.1"])
    >>> 1180 < told.value < 1300, told.base.how, round(told.base.value, 1)
    (True, 'replaced', 389.3)
    """
    _require_flow(series)
    chosen_levels = checked_levels(levels)
    typed = [read_partial(one) if isinstance(one, str) else one for one in partial]
    which: dict[str, Any] = {"prefer": prefer, "reconcile": reconcile}
    totals = {one.period.year: one for one in observed_years(series, as_of=as_of, **which)}
    published = rows(series, as_of=as_of, **which)
    told = _year(series, year, until, typed, published, totals)
    _refuse_known(series, told, totals, until, as_of)
    actual = next((one for one in observed_years(series, **which) if one.period.year == told), None)
    choice = _choice(series, told, typed, published, actual)
    known = rows(series, as_of=as_of, typed=typed, **which)
    last = told - 1 if until is None else min(until, told - 1)
    annual = None
    if any(one <= last for one in totals):
        wanted = sorted({80, *chosen_levels})
        window: dict[str, Any] = {"since": since, "until": last, "allow_gaps": allow_gaps, "as_of": as_of}
        annual = forecast(series, year=told, levels=wanted, basis=basis, **window, **which)
        if any(annual.origin < one <= told for one in series.breaks):
            annual = None
    history = annual.history if annual else None
    by_year = dict(zip(history.years, history.values.tolist(), strict=True)) if history else {}
    if basis == "chained":  # a part and its year on one basis: both as published
        by_year = {one: totals[one].value if one in totals else value for one, value in by_year.items()}
    found = known_years.bases(known, tuple(sorted({*by_year, told - 1})), choice, told) if history else {}
    past = known_years.shares(series, found, by_year, told)
    now = found.get(told - 1)
    _refuse_other_basis(choice, now, by_year.get(told - 1), told)
    growth = _growth(choice, now)
    smooth = known_years.smoothing(known, past, choice, told)
    given = Evidence(
        part=choice.value or 0.0,
        months=len(choice.months),
        shares=tuple(one.value for one in past),
        last_total=_before(annual, told),
        growth=growth,
        smoothing=smooth,
        annual=_as_evidence(annual),
    )
    if now is not None and now.how == "restated":  # the two readings are about the year before alone
        given = given._replace(shares=given.shares[-1:] if past and past[-1].year == told - 1 else ())
    answer, said = _combined(series, given, now, annual, chosen_levels)
    return Nowcast(
        series=series,
        year=told,
        levels=chosen_levels,
        choice=choice,
        parts=_lines(choice, known, told, with_base=history is not None),
        base=now,
        growth=growth,
        shares=past,
        smoothed_years=smooth.years if smooth else 0,
        value=answer.point,
        lower=answer.lower,
        upper=answer.upper,
        votes=tuple(Vote(voter, value, answer.weights[voter]) for voter, value in said.items()),
        annual=annual,
        estimates=estimates(series, told, as_of),
        actual=actual,
        as_of=as_of,
    )


def _require_flow(series: Series) -> None:
    if series.measure != "flow":
        raise UsageError(
            f"{series.id} is a {series.measure}, not a flow: its parts do not add up to a year.",
            "A nowcast needs a flow, such as sales or parcels over a year.",
        )


def _year(
    series: Series,
    year: int | None,
    until: int | None,
    typed: Sequence[Part],
    published: Rows,
    totals: Mapping[int, Observation],
) -> int:
    """The year that is told."""
    latest = max((part.period.year for part in typed), default=None)
    if year is None:
        open_ = {one.year for one in (*published.levels, *published.growth) if not one.is_year} - set(totals)
        found = latest if latest is not None else until + 1 if until is not None else max(open_, default=None)
        if found is None:
            newest = max(totals, default=None)
            hint = "Give a part of the year to tell, such as --partial 2026H1=VALUE"
            if newest is not None:
                hint += f", or tell a known year again with --year {newest} --until {newest - 1}"
            raise UsageError(f"{series.id} has no year of which only parts are known.", f"{hint}.")
        return found
    if latest is not None and latest > year:
        raise UsageError(
            f"--partial gives a part of {latest}, after {year}, the year to tell.", f"Use --year {latest}."
        )
    return year


def _refuse_known(
    series: Series, told: int, totals: Mapping[int, Observation], until: int | None, as_of: date | None
) -> None:
    if told in totals and (until is None or until >= told):
        unit = f" {series.unit}" if series.unit else ""
        raise UsageError(
            f"The total of {told} is known: {number(totals[told].value)}{unit}.",
            f"Add --until {told - 1} to tell it from its parts alone, or {'an earlier' if as_of else 'an'} --as-of "
            "DATE to use what was published by then.",
        )


def _choice(series: Series, told: int, typed: Sequence[Part], published: Rows, actual: Observation | None) -> Choice:
    given = [with_growth(part, published) for part in typed if part.period.year == told]
    choice = choose(published.parts(told), given)
    if not choice.used:
        raise UsageError(f"Nothing is known of {told} in {series.id}.", f"Give a part: --partial {told}H1=VALUE.")
    value = choice.value
    if value is not None and len(choice.months) == 12:
        raise UsageError(
            f"The parts of {told} make up the whole year: {number(value)}.", "There is nothing left to tell."
        )
    if value is not None and actual is not None and value > actual.value >= 0:
        said = (
            f"{number(value)} for {words(choice.months)} of {told} is more than {number(actual.value)}, its whole year"
        )
        if any(part.given for part in choice.used):
            raise UsageError(f"{said}.", "Check the part; it and its year must be on one basis.")
        raise InputError(f"{choice.used[0].place or series.id}: {said}.", "Correct one of the two.")
    return choice


def _refuse_other_basis(choice: Choice, now: Base | None, total: float | None, told: int) -> None:
    """A growth that implies more for the part than its whole year had tells of another basis."""
    if now is None or now.implied is None or total is None or not 0 < total <= now.implied:
        return
    raise UsageError(
        f"{number(choice.value or 0)} for {words(choice.months)} of {told} and its growth imply {number(now.implied)} "
        f"for {told - 1}, not less than {number(total)}, the whole of {told - 1}.",
        "A part and its year must be on one basis: check the part, its growth and the series.",
    )


def _before(annual: Forecast | None, told: int) -> float | None:
    """The total of the year before, where it is known on this basis."""
    if annual is None or annual.origin != told - 1:
        return None
    return float(annual.history.values[-1])


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
    return Annual(value, log(high / low) / 2 if low > 0 else log(high / value))


def _combined(
    series: Series, given: Evidence, now: Base | None, annual: Forecast | None, levels: tuple[int, ...]
) -> tuple[Combined, Mapping[str, float]]:
    history = annual.history.values.tolist() if annual else []
    only_growth = given.part == 0 and given.growth is not None and given.last_total is not None
    if (given.part > 0 or only_growth) and all(value > 0 for value in history):
        said = votes(given)
        restated = now is not None and now.how == "restated" and {"share", "growth"} <= said.keys()
        return (both_readings if restated else combine)(given, levels), said
    if given.part == 0 and not any(history):
        what = "a growth alone" if given.growth is not None else "zeros alone"
        raise UsageError(f"{series.id} has {what}, and no earlier year to tell the year from.", "Give a --partial.")
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


def _lines(choice: Choice, known: Rows, told: int, *, with_base: bool) -> tuple[KnownPart, ...]:
    uses = (("used", choice.used), ("inside", choice.inside), ("replaced", choice.replaced))
    found = [
        KnownPart(part, use, base(known, told - 1, part.months, (part,)) if with_base else None)
        for use, parts in uses
        for part in parts
    ]
    return tuple(sorted(found, key=lambda one: (one.part.period, one.use)))
