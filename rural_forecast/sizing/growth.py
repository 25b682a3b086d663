"""Growth of several series side by side, in percent and indexed to a base year.

Growth as published comes first: it is on a comparable basis, also in the first year of a new one, where the levels give
none. Where no growth is published that of the levels is computed, within one basis only, and marked. Nothing is joined:
each series stays on its own definition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite
from typing import Any, NamedTuple

from rural_forecast.errors import UsageError
from rural_forecast.series import remarks
from rural_forecast.series.catalogue import load
from rural_forecast.series.currency import RATES, Conversion, conversion
from rural_forecast.series.history import Basis, annual, observed_years
from rural_forecast.series.observation import Observation, Series, require_series
from rural_forecast.series.remarks import listed, number, spans


class GrowthPoint(NamedTuple):
    """One series in one year."""

    year: int
    value: float | None
    """None where only growth is published."""
    growth_pct: float | None
    indexed: float | None
    """The level with the base year at 100; None on another basis than that year's."""
    value_derived: bool
    """Whether the level is our arithmetic on published numbers."""
    growth_derived: bool
    """Whether the growth is: that of the levels, where none is published."""

    @property
    def derived(self) -> bool:
        """Whether either is derived."""
        return self.value_derived or self.growth_derived


class GrowthLine(NamedTuple):
    """One series over the years that are shown."""

    series: Series
    points: tuple[GrowthPoint, ...]

    @property
    def label(self) -> str:
        """The alias where there is one, else the id."""
        return self.series.alias or self.series.id


@dataclass(frozen=True, slots=True)
class Growth:
    """Several series side by side."""

    lines: tuple[GrowthLine, ...]
    years: tuple[int, ...]
    base: int | None
    """The year whose level is 100; None where no year has a level of every series."""
    notes: tuple[str, ...]
    options: Mapping[str, Any]
    """What was asked for beyond the default."""


class _Known(NamedTuple):
    """What is known of one series in all years."""

    series: Series
    levels: Mapping[int, Observation]
    starts: Mapping[int, int]
    """First year of the basis each level is on."""
    published: Mapping[int, float]

    @property
    def years(self) -> list[int]:
        return sorted({*self.levels, *self.published})

    def newest(self, year: int) -> int:
        """The first year of the basis that the last level up to a year is on."""
        return max((start for when, start in self.starts.items() if when <= year), default=0)

    def growth(self, year: int) -> tuple[float | None, bool]:
        """Growth in percent, and whether it is ours."""
        if year in self.published:
            return self.published[year], False
        found = self.of_levels(year)
        return found, found is not None

    def of_levels(self, year: int) -> float | None:
        """Growth of the levels, where both years are on one basis."""
        now, before = self.levels.get(year), self.levels.get(year - 1)
        if now is None or before is None or before.value <= 0 or self.starts[year] != self.starts[year - 1]:
            return None
        return _finite(100 * (now.value / before.value - 1))

    def indexed(self, year: int, base: int | None) -> float | None:
        """The level with that of the base year at 100."""
        if base is None or year not in self.levels or self.starts[year] != self.starts[base]:
            return None
        level = self.levels[base].value
        return _finite(100 * self.levels[year].value / level) if level > 0 else None


def growth(
    *series: Series,
    since: int | None = None,
    until: int | None = None,
    base: int | None = None,
    all_years: bool = False,
    prefer: str | None = None,
    reconcile: str | None = None,
    as_of: date | None = None,
    basis: Basis = "levels",
    currency: str | None = None,
    rate: float | None = None,
) -> Growth:
    """Set the growth of one or more series side by side.

    Parameters
    ----------
    since, until : first and last year shown; they do not bound the data that are used
    base : the year whose level is 100; left out, the first one shown in which every series has a level on the basis of
        its last one
    all_years : show every year that any series has, not only the common ones
    prefer, reconcile, as_of, basis : as in `forecast`
    currency, rate : show amounts of yuan in this currency; growth is then that of the converted levels

    Raises
    ------
    UsageError : no series, one of them twice, no common year, or a base year without a level

    >>> import rural_forecast as rf
    >>> names = ("consumption_percap_national", "consumption_percap_rural")
    >>> result = growth(*map(rf.read, names), since=2014, until=2016)
    >>> [[round(point.growth_pct, 1) for point in line.points] for line in result.lines]
    [[9.6, 8.4, 8.9], [12.0, 10.1, 9.8]]
    """
    for one in series:
        require_series(one)
    _check(series, since, until)
    choice: dict[str, Any] = {"prefer": prefer, "reconcile": reconcile, "as_of": as_of}
    known = [_known(one, basis, choice) for one in series]
    how = {one.series.id: _conversion(one.series, currency, rate, as_of) for one in known} if currency else {}
    shown = _years(known, since, until, all_years)
    chosen = _base(known, shown, base)
    notes = list(_notes(known, shown, chosen, as_of))
    if how:
        years = {year for one in known for year in one.levels if year in shown or year == chosen}
        notes.insert(0, f"{next(iter(how.values())).note(years)} Growth is that of the converted levels.")
        wanted = {*shown, *(year - 1 for year in shown), *({chosen} if chosen else ())}
        known = [_converted(one, how[one.series.id], wanted) for one in known]
    return Growth(
        lines=tuple(
            GrowthLine(one.series, tuple(_point(one, year, chosen) for year in shown if year in one.years))
            for one in known
        ),
        years=tuple(shown),
        base=chosen,
        notes=tuple(notes),
        options=_asked(prefer=prefer, reconcile=reconcile, as_of=as_of, basis=basis, currency=currency, rate=rate),
    )


def _asked(**options: Any) -> dict[str, Any]:
    """The options that differ from the default, as plain values."""
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in options.items()
        if value not in (None, "levels")
    }


def _check(series: Sequence[Series], since: int | None, until: int | None) -> None:
    if not series:
        raise UsageError("No series is given.", "Name one or more.")
    ids = [one.id for one in series]
    twice = next((one for one in ids if ids.count(one) > 1), None)
    if twice:
        raise UsageError(f"{twice} is given twice.", "Name each series once.")
    if since is not None and until is not None and since > until:
        raise UsageError(f"--since {since} is after --until {until}.", "Give the earlier year with --since.")


def _known(series: Series, basis: Basis, choice: Mapping[str, Any]) -> _Known:
    if series.measure == "growth":
        rates = observed_years(series, **choice)
        return _Known(series, {}, {}, _by_year(series, rates))
    levels: dict[int, Observation] = {}
    starts: dict[int, int] = {}
    until: int | None = None
    first = min((one.period.year for one in observed_years(series, **choice)), default=0)
    while True:
        history = annual(series, until=until, allow_gaps=True, basis=basis if until is None else "levels", **choice)
        found = [*history.observations, *(one.observation for one in history.set_aside if one.why == "gap")]
        start = max((year for year in series.breaks if year <= history.origin), default=first)
        levels |= {one.period.year: one for one in found}
        starts |= {one.period.year: start for one in found}
        if start <= first:
            break
        until = start - 1
    growth = replace(series, observations=series.growth)
    return _Known(series, dict(sorted(levels.items())), starts, _by_year(series, observed_years(growth, **choice)))


def _by_year(series: Series, rates: Sequence[Observation]) -> dict[int, float]:
    if not rates and series.measure == "growth":
        raise UsageError(f"{series.id} has no value of a whole year.", "It holds parts of years only.")
    return {one.period.year: one.value for one in rates}


def _conversion(series: Series, currency: str | None, rate: float | None, as_of: date | None) -> Conversion:
    try:
        return conversion(series.unit, load().get(RATES), to=currency or "", rate=rate, as_of=as_of)
    except UsageError as error:
        raise UsageError(f"{series.id}: {error.message}", error.hint) from None


def _converted(one: _Known, how: Conversion, years: set[int]) -> _Known:
    """Levels of the years that are needed; published growth is growth of yuan and left out."""
    levels = {
        year: replace(level, value=how.value(level.value, year)) for year, level in one.levels.items() if year in years
    }
    return _Known(replace(one.series, unit=how.unit), levels, one.starts, {})


def _years(known: Sequence[_Known], since: int | None, until: int | None, every: bool) -> list[int]:
    sets = [set(one.years) for one in known]
    common = set.union(*sets) if every else set.intersection(*sets)
    if not common:
        have = "; ".join(f"{_name(one)} has {spans(one.years)}" for one in known)
        raise UsageError(
            f"No year is common to the series: {have}.",
            "Definitions are never joined to make one; --all-years shows them side by side.",
        )
    shown = [year for year in sorted(common) if (since or year) <= year <= (until or year)]
    if not shown:
        raise UsageError(
            f"No year to show is left; the series have {spans(common)}{'' if every else ' in common'}.",
            "Choose other years with --since and --until.",
        )
    return shown


def _base(known: Sequence[_Known], shown: Sequence[int], base: int | None) -> int | None:
    with_levels = [one for one in known if one.levels]
    possible = sorted(set.intersection(*(set(one.levels) for one in with_levels))) if with_levels else []
    if base is None:
        newest = max((one.newest(shown[-1]) for one in with_levels), default=0)
        candidates = [year for year in possible if year in shown]
        return next((year for year in candidates if year >= newest), candidates[0] if candidates else None)
    missing = [_name(one) for one in with_levels if base not in one.levels] or [_name(one) for one in known]
    if base not in possible:
        raise UsageError(
            f"{base} is no base year: {listed(missing)} {'has' if len(missing) == 1 else 'have'} no level then.",
            f"Every series has one for {spans(possible)}." if possible else "Leave --base out.",
        )
    return base


def _point(one: _Known, year: int, base: int | None) -> GrowthPoint:
    level = one.levels.get(year)
    rate, ours = one.growth(year)
    return GrowthPoint(
        year=year,
        value=None if level is None else level.value,
        growth_pct=rate,
        indexed=one.indexed(year, base),
        value_derived=level is not None and level.derived,
        growth_derived=ours,
    )


def _finite(value: float) -> float | None:
    """A value, or None where no number holds it."""
    return value if isfinite(value) else None


def _name(one: _Known) -> str:
    return one.series.alias or one.series.id


def _notes(known: Sequence[_Known], shown: Sequence[int], base: int | None, as_of: date | None) -> Iterator[str]:
    yield from _definitions(known)
    yield from _gathered(
        "Levels derived from the next year's published growth, or from other published numbers",
        {_name(one): [year for year in shown if year in one.levels and one.levels[year].derived] for one in known},
    )
    yield from _gathered(
        "Growth computed from the levels, as none is published",
        {_name(one): [year for year in shown if one.growth(year)[1]] for one in known},
    )
    for one in known:
        yield from _of_breaks(one, shown, base)
        yield from _of_disagreement(one, shown)
        if one.series.measure == "rate":
            yield f"{_name(one)} is a share: its growth is relative, not in percentage points."
        yield from (f"{_name(one)}: {said}" for said in remarks.of_publication(one.series, as_of))


def _gathered(what: str, years: Mapping[str, list[int]]) -> Iterator[str]:
    said = "; ".join(f"{name} {spans(found)}" for name, found in years.items() if found)
    if said:
        yield f"{what} (marked *): {said}."


def _of_breaks(one: _Known, shown: Sequence[int], base: int | None) -> Iterator[str]:
    for year in one.series.breaks:
        if shown[0] <= year <= shown[-1]:
            caveat = f" ({one.series.caveat})" if one.series.caveat else ""
            said = f"{year} is the first year of {_name(one)} on a new basis: nothing is computed across it{caveat}"
            if year in one.published:
                said += f"; the growth of {year} is as published"
            apart = base is not None and base < year and base in one.levels
            yield f"{said}; --base {year} indexes the new basis." if apart else f"{said}."


def _of_disagreement(one: _Known, shown: Sequence[int]) -> Iterator[str]:
    apart = {}
    for year in shown:
        levels = one.of_levels(year)
        if year in one.published and levels is not None and abs(levels - one.published[year]) > remarks.TOLERANCE_PCT:
            apart[year] = levels
    if apart:
        worst = max(apart, key=lambda year: abs(apart[year] - one.published[year]))
        yield (
            f"Published growth of {_name(one)} and growth of its levels differ by more than "
            f"{remarks.TOLERANCE_PCT:g} points in {spans(apart)}, most in {worst}: {one.published[worst]:+.1f} % "
            f"published, {apart[worst]:+.1f} % by the levels. The index follows the levels."
        )


def _definitions(known: Sequence[_Known]) -> Iterator[str]:
    """Series that are definitions of one market, with how far apart they are."""
    for place, one in enumerate(known):
        for other in known[place + 1 :]:
            if other.series.id not in one.series.related and one.series.id not in other.series.related:
                continue
            names = f"{_name(one)} and {_name(other)}"
            common = sorted(one.levels.keys() & other.levels.keys())
            said = f"{names} are two definitions of one market and never joined"
            if common and one.series.unit == other.series.unit and one.levels[common[-1]].value > 0:
                ours, theirs = (side.levels[common[-1]].value for side in (one, other))
                said += f": {number(ours)} and {number(theirs)} {one.series.unit} in {common[-1]}"
                said += f", {theirs / ours:.2f} times as much"
            yield f"{said}."
