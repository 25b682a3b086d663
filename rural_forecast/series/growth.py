"""Growth of several series side by side, as published, else of the levels within one basis; and an
index.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from math import isfinite
from typing import Any, NamedTuple

from rural_forecast.api import Comparable
from rural_forecast.errors import UsageError, option
from rural_forecast.notes import Note, of_code
from rural_forecast.series.findings import OF_VALUES, TOLERANCE_PCT
from rural_forecast.series.history import (
    Basis,
    annual,
    observed_years,
    on_publication,
    require_order,
)
from rural_forecast.series.money import Exchange, conversion
from rural_forecast.series.observation import Observation, Series
from rural_forecast.series.preference import on_parts
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import listed, spans


class GrowthPoint(NamedTuple):
    """One series in one year."""

    year: int
    value: float | None  # None where only growth is published
    growth_pct: float | None
    indexed: float | None
    """the level with the base year at 100; None on another basis than that year's."""
    value_derived: bool  # True for a level that is our arithmetic on published numbers
    growth_derived: bool  # True for the growth of the levels, where none is published

    @property
    def derived(self) -> bool:
        """True if either is derived."""
        return self.value_derived or self.growth_derived


class GrowthLine(NamedTuple):
    """One series over the years that are shown."""

    series: Series
    points: tuple[GrowthPoint, ...]

    @property
    def label(self) -> str:
        """The alias where there is one, else the id."""
        return self.series.label


@dataclass(frozen=True, slots=True, eq=False)
class Growth(Comparable):
    """Several series side by side."""

    lines: tuple[GrowthLine, ...]
    years: tuple[int, ...]
    base: int | None  # the year whose level is 100; None where no year has a level of every series
    notes: tuple[Note, ...]
    options: Mapping[str, Any]  # the arguments that were given

    def __repr__(self) -> str:
        names = ", ".join(line.label for line in self.lines)
        return f"<Growth of {names}: {self.years[0]} to {self.years[-1]}>"


def growth(
    *series: Series,
    since: int | None = None,
    until: int | None = None,
    base: int | None = None,
    all_years: bool = False,
    prefer: str | None = None,
    as_of: date | None = None,
    basis: Basis = "levels",
    currency: str | None = None,
    rate: float | Series | None = None,
) -> Growth:
    """Set the growth of one or more series side by side.

    Parameters
    ----------
    since, until : first and last year shown; they do not bound the data that are used
    base : the year whose level is 100; left out, the first with a level of every series on its last
        basis
    all_years : show every year that any series has, not only the common ones
    prefer, as_of, basis : as in `forecast`
    currency, rate : show amounts in this currency, as in `conversion`; growth is then that of the
        converted levels

    Raises
    ------
    UsageError : no series, one of them twice, no common year, or a base year without a level

    >>> import rural_forecast as rf
    >>> names = ("consumption_percap_national", "consumption_percap_rural")
    >>> result = growth(*map(rf.read, names), since=2014, until=2016)
    >>> [[round(point.growth_pct, 1) for point in line.points] for line in result.lines]
    [[9.6, 8.4, 8.9], [12.0, 10.1, 9.8]]
    """
    if not series:
        raise UsageError("No series is given.", "Name one or more.")
    name, times = Counter(entry.id for entry in series).most_common(1)[0]
    if times > 1:
        raise UsageError(f"{name} is given twice.", "Name each series once.")
    require_order(since, until)
    known = [_known(entry, basis, {"prefer": prefer, "as_of": as_of}) for entry in series]
    shown = _years_shown(known, since, until, all_years)
    base = _base(known, shown, base)
    notes = [*_notes(known, shown, base, as_of)]
    if currency:
        how = []
        for one in series:
            try:
                how.append(conversion(one.unit, to=currency, rate=rate, as_of=as_of))
            except UsageError as error:
                raise UsageError(f"{one.id}: {error}", error.hint) from None
        years = {year for entry in known for year in entry.levels if year in shown or year == base}
        notes[:0] = {each.of: each.note(years, "growth") for each in how}.values()
        needed = {*shown, *(year - 1 for year in shown), *({base} if base else ())}
        known = [entry.converted(each, needed) for entry, each in zip(known, how, strict=True)]
    lines = tuple(
        GrowthLine(
            entry.series, tuple(entry.point(year, base) for year in shown if year in entry.years)
        )
        for entry in known
    )
    options = {
        "prefer": prefer,
        "as_of": as_of and as_of.isoformat(),
        "currency": currency,
        "basis": None if basis == "levels" else basis,
        "rate": rate.id if isinstance(rate, Series) else rate,
    }
    given = {name: value for name, value in options.items() if value is not None}
    return Growth(lines, tuple(shown), base, tuple(notes), given)


class _Known(NamedTuple):
    series: Series
    levels: Mapping[int, Observation]  # of every basis, one after the other
    starts: Mapping[int, int]  # first year of the basis each level is on
    published: Mapping[int, float]
    doubts: tuple[Note, ...] = ()

    @property
    def years(self) -> list[int]:
        return sorted({*self.levels, *self.published})

    def of_levels(self, year: int) -> float | None:
        both = self._on_one_basis(year, year - 1)
        return 100 * (both[0] / both[1] - 1) if both else None

    def _on_one_basis(self, year: int, other: int) -> tuple[float, float] | None:
        now = self.levels.get(year)
        then = self.levels.get(other)
        if (
            now is None
            or then is None
            or then.value <= 0
            or self.starts[year] != self.starts[other]
        ):
            return None
        return (now.value, then.value) if isfinite(100 * (now.value / then.value)) else None

    def point(self, year: int, base: int | None) -> GrowthPoint:
        level = self.levels.get(year)
        own = self.of_levels(year)
        published = self.published.get(year)
        both = self._on_one_basis(year, base or 0)
        indexed = 100 * both[0] / both[1] if both and isfinite(100 * both[0]) else None
        value, derived = (level.value, level.derived) if level else (None, False)
        rate, computed = (own, own is not None) if published is None else (published, False)
        return GrowthPoint(year, value, rate, indexed, derived, computed)

    def converted(self, how: Exchange, years: set[int]) -> _Known:
        levels = {
            year: how.observation(level) for year, level in self.levels.items() if year in years
        }
        return self._replace(
            series=replace(self.series, unit=how.unit), levels=levels, published={}
        )


def _known(series: Series, basis: Basis, choice: Mapping[str, Any]) -> _Known:
    is_growth = series.measure == "growth"
    rates = observed_years(
        series if is_growth else replace(series, observations=series.growth), **choice
    )
    published = {seen.period.year: seen.value for seen in rates}
    if is_growth:
        if not rates:
            raise UsageError(
                f"{series.id} has no value of a whole year.", "It holds parts of years only."
            )
        return _Known(series, {}, {}, published)
    levels: dict[int, Observation] = {}
    starts: dict[int, int] = {}
    doubts: list[Note] = []
    first = min((seen.period.year for seen in observed_years(series, **choice)), default=0)
    until = None
    start = first + 1
    while start > first:
        history = annual(
            series,
            until=until,
            allow_gaps=True,
            basis=basis if until is None else "levels",
            **choice,
        )
        doubts += of_code(history.notes, *OF_VALUES)
        used = [
            *history.observations,
            *(one.observation for one in history.left_out if one.why == "gap"),
        ]
        start = max((year for year in series.breaks if year <= history.origin), default=first)
        levels |= {seen.period.year: seen for seen in used}
        starts |= {seen.period.year: start for seen in used}
        until = start - 1
    return _Known(series, dict(sorted(levels.items())), starts, published, tuple(doubts))


def _years_shown(
    known: Sequence[_Known], since: int | None, until: int | None, every: bool
) -> list[int]:
    sets = [set(entry.years) for entry in known]
    common = set.union(*sets) if every else set.intersection(*sets)
    shown = [year for year in sorted(common) if (since or year) <= year <= (until or year)]
    if not shown:
        have = "; ".join(f"{entry.series.label} has {spans(entry.years)}" for entry in known)
        hint = f"Definitions are never joined to make one; {option('all_years', True)} shows them side by side."
        raise UsageError(f"No year to show is common to the series: {have}.", hint)
    return shown


def _base(known: Sequence[_Known], shown: Sequence[int], base: int | None) -> int | None:
    with_levels = [entry for entry in known if entry.levels]
    possible = (
        sorted(set.intersection(*(set(entry.levels) for entry in with_levels)))
        if with_levels
        else []
    )
    if base is None:
        starts = (
            start
            for entry in with_levels
            for year, start in entry.starts.items()
            if year <= shown[-1]
        )
        newest = max(starts, default=0)
        candidates = [year for year in possible if year in shown]
        return next((year for year in candidates if year >= newest), next(iter(candidates), None))
    if base not in possible:
        missing = [entry.series.label for entry in with_levels or known if base not in entry.levels]
        hint = (
            f"Every series has one for {spans(possible)}."
            if possible
            else f"Leave {option('base')} out."
        )
        raise UsageError(
            f"{base} is no base year: no level of {listed(missing)} is known then.", hint
        )
    return base


def _notes(
    known: Sequence[_Known], shown: Sequence[int], base: int | None, as_of: date | None
) -> Iterator[Note]:
    yield from dict.fromkeys(note for entry in known for note in entry.series.reading_notes)
    yield from _on_definitions(known)
    if levels := _years(known, shown, "value_derived"):
        how = "the next year's published growth, or from other published numbers"
        yield Note("derived_levels", f"Levels derived from {how}: {levels}.")
    if rates := _years(known, shown, "growth_derived"):
        yield Note(
            "computed_growth", f"Growth computed from the levels, as none is published: {rates}."
        )
    for entry in known:
        label = entry.series.label
        caveat = f" ({entry.series.caveat})" if entry.series.caveat else ""
        for year in (year for year in entry.series.breaks if shown[0] <= year <= shown[-1]):
            text = f"{year} is the first year of {label} on a new basis: nothing is computed across it{caveat}."
            before = base is not None and base < year and base in entry.levels
            advice = f"{option('base', year)} indexes the new basis." if before else ""
            yield Note("basis_change", text, advice=advice)
        yield from _on_disagreement(entry, shown)
        if entry.series.measure == "rate":
            yield Note(
                "relative_growth",
                f"{label} is a share: its growth is relative, not in percentage points.",
            )
        notes = (*entry.doubts, *on_parts(entry.series), *on_publication(entry.series, as_of))
        yield from (note.about(label) for note in notes)


def _years(known: Sequence[_Known], shown: Sequence[int], derived: str) -> str:
    years = {
        entry.series.label: [year for year in shown if getattr(entry.point(year, None), derived)]
        for entry in known
    }
    return "; ".join(f"{name} {spans(some)}" for name, some in years.items() if some)


def _on_disagreement(entry: _Known, shown: Sequence[int]) -> Iterator[Note]:
    rates = {
        year: rate
        for year in shown
        if year in entry.published and (rate := entry.of_levels(year)) is not None
    }
    apart = {year: abs(rate - entry.published[year]) for year, rate in rates.items()}
    if wide := [year for year, gap in apart.items() if gap > TOLERANCE_PCT]:
        worst = max(wide, key=apart.__getitem__)
        text = (
            f"Published growth of {entry.series.label} and growth of its levels differ by more than {TOLERANCE_PCT:g} "
            f"points in {spans(wide)}, most in {worst}: {entry.published[worst]:+.1f} % published, "
            f"{rates[worst]:+.1f} % by the levels. The index follows the levels."
        )
        yield Note(
            "growth_of_levels", text, warning=any(level.place for level in entry.levels.values())
        )


def _on_definitions(known: Sequence[_Known]) -> Iterator[Note]:
    """Pairs of series that are definitions of one market, with how far apart they are."""
    for one, other in combinations(known, 2):
        if not (other.series.id in one.series.related or one.series.id in other.series.related):
            continue
        year = max(one.levels.keys() & other.levels.keys(), default=0)
        apart = ""
        if year and one.series.unit == other.series.unit and one.levels[year].value > 0:
            ours = one.levels[year].value
            theirs = other.levels[year].value
            amounts = f"{number(ours)} and {number(theirs)} {one.series.unit} in {year}"
            apart = f": {amounts}, {theirs / ours:.2f} times as much"
        text = f"{one.series.label} and {other.series.label} are two definitions of one market and never joined{apart}."
        yield Note("definitions", text)
