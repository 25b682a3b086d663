"""Growth of several series side by side, and an index.

Growth is as published, else that of the levels within one basis. The levels of every basis are
kept, as growth is shown on both sides of a break; nothing is computed across one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from math import isfinite
from typing import Any, NamedTuple, get_args

from rural_forecast.api import Comparable, require_choice
from rural_forecast.errors import UsageError, option
from rural_forecast.notes import Note, of_code
from rural_forecast.observed.findings import OF_VALUES, TOLERANCE_PCT
from rural_forecast.observed.history import Basis, annual, require_order
from rural_forecast.observed.history_notes import on_publication
from rural_forecast.observed.money.exchange import Exchange, conversion
from rural_forecast.observed.observation import Observation, Series
from rural_forecast.observed.preference import on_parts
from rural_forecast.observed.stated_breaks import broken
from rural_forecast.observed.yearly import observed_years, values_by_year
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import listed, spans


class GrowthPoint(NamedTuple):
    """One series in one year."""

    year: int
    value: float | None  # None where only growth is published
    growth_pct: float | None
    indexed: float | None
    """The level with the base year at 100; None on another basis than that year's."""
    value_derived: bool  # True for a level that is our arithmetic on published numbers
    growth_derived: bool  # True for the growth of the levels, where none is published

    @property
    def derived(self) -> bool:
        """True if the value or the growth is derived."""
        return self.value_derived or self.growth_derived


class GrowthLine(NamedTuple):
    """One series over the years that are shown."""

    series: Series
    points: tuple[GrowthPoint, ...]

    @property
    def label(self) -> str:
        """The alias of the series, or its id if it has none."""
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
    basis: Basis = "comparable",
    breaks: Sequence[int] = (),
    currency: str | None = None,
    rate: float | Series | None = None,
) -> Growth:
    """Set the growth of one or more series side by side.

    Parameters
    ----------
    series : two or more, or one; each whatever `rural_forecast.series` makes one of
    since, until : first and last year shown; they do not bound the data that are used
    base : the year whose level is 100; left out, the first with a level of every series on its last
        basis
    all_years : show every year that any series has, not only the common ones
    prefer, as_of, basis : as in `forecast`
    breaks : first years on a new basis, of each series with values on both sides
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
    require_choice("basis", basis, get_args(Basis))
    if rate is not None and currency is None:
        raise UsageError(
            f"{option('rate')} needs {option('currency')}.",
            f"Leave {option('rate')} out, or add {option('currency', 'USD')}.",
        )
    # The index follows levels within a basis; published growth is shown beside them in any case.
    of_levels: Basis = "levels" if basis == "comparable" else basis
    choice = {"prefer": prefer, "as_of": as_of}
    entries = [_entry(broken(one, breaks), of_levels, choice) for one in series]
    shown = _years_shown(entries, since, until, all_years)
    base = _base(entries, shown, base)
    notes = [*_notes(entries, shown, base, as_of)]
    if currency:
        exchanges = [_exchange(one, currency, rate, as_of) for one in series]
        notes = [*_on_currencies(entries, exchanges, {*shown, base}), *notes]
        years = {*shown, *(year - 1 for year in shown), base}
        entries = [
            entry.converted(exchange, years)
            for entry, exchange in zip(entries, exchanges, strict=True)
        ]
    lines = []
    for entry in entries:
        years_of_line = [year for year in shown if year in entry.years]
        points = tuple(entry.point(year, base) for year in years_of_line)
        lines.append(GrowthLine(entry.series, points))
    options = {
        "prefer": prefer,
        "as_of": as_of and as_of.isoformat(),
        "currency": currency,
        "basis": None if basis == "comparable" else basis,
        "breaks": [*breaks] or None,
        "rate": rate.id if isinstance(rate, Series) else rate,
    }
    given = {name: value for name, value in options.items() if value is not None}
    return Growth(tuple(lines), tuple(shown), base, tuple(notes), given)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One series with its levels and its published growth, by year."""

    series: Series
    levels: Mapping[int, Observation]  # of every basis, one after the other
    starts: Mapping[int, int]  # first year of the basis of each level
    published: Mapping[int, float]
    doubts: tuple[Note, ...] = ()

    @property
    def years(self) -> list[int]:
        return sorted({*self.levels, *self.published})

    def of_levels(self, year: int) -> float | None:
        """The growth of the levels; None across a break, or from nothing."""
        both = self._on_one_basis(year, year - 1)
        return 100 * (both[0] / both[1] - 1) if both else None

    def _on_one_basis(self, year: int, other: int) -> tuple[float, float] | None:
        """The levels of two years if they can be compared."""
        now = self.levels.get(year)
        then = self.levels.get(other)
        if now is None or then is None:
            return None
        if then.value <= 0 or self.starts[year] != self.starts[other]:
            return None
        return (now.value, then.value) if isfinite(100 * (now.value / then.value)) else None

    def point(self, year: int, base: int | None) -> GrowthPoint:
        """The series in a year, with the level of `base` at 100."""
        level = self.levels.get(year)
        both = self._on_one_basis(year, base or 0)
        indexed = None
        if both and isfinite(100 * both[0]):
            indexed = 100 * both[0] / both[1]
        rate = self.published.get(year)
        computed = None
        if rate is None:
            computed = self.of_levels(year)
        return GrowthPoint(
            year=year,
            value=level.value if level else None,
            growth_pct=computed if rate is None else rate,
            indexed=indexed,
            value_derived=level.derived if level else False,
            growth_derived=computed is not None,
        )

    def converted(self, exchange: Exchange, years: Collection[int | None]) -> _Entry:
        """The levels of some years in another currency; published growth is that of the old one."""
        kept = {year: level for year, level in self.levels.items() if year in years}
        levels = {year: exchange.observation(level) for year, level in kept.items()}
        series = replace(self.series, unit=exchange.unit)
        return replace(self, series=series, levels=levels, published={})


def _entry(series: Series, basis: Basis, choice: Mapping[str, Any]) -> _Entry:
    is_growth = series.measure == "growth"
    rates = series if is_growth else replace(series, observations=series.growth)
    published = values_by_year(rates, **choice)
    if is_growth:
        if not published:
            problem = f"{series.id} has no value of a whole year."
            raise UsageError(problem, "It holds parts of years only.")
        return _Entry(series, {}, {}, published)

    # From the latest basis back, each ends in the year before the next one begins. The basis that
    # is asked for is that of the latest alone.
    levels: dict[int, Observation] = {}
    starts: dict[int, int] = {}
    doubts: list[Note] = []
    first = min((obs.period.year for obs in observed_years(series, **choice)), default=0)
    until = None
    start = first + 1
    while start > first:
        basis_here = basis if until is None else "levels"
        history = annual(series, until=until, allow_gaps=True, basis=basis_here, **choice)
        doubts += of_code(history.notes, *OF_VALUES)
        before_gaps = [unused.observation for unused in history.left_out if unused.why == "gap"]
        start = max((year for year in series.breaks if year <= history.origin), default=first)
        for obs in (*history.observations, *before_gaps):
            levels[obs.period.year] = obs
            starts[obs.period.year] = start
        until = start - 1
    return _Entry(series, dict(sorted(levels.items())), starts, published, tuple(doubts))


def _exchange(
    series: Series, currency: str, rate: float | Series | None, as_of: date | None
) -> Exchange:
    try:
        return conversion(series.unit, to=currency, rate=rate, as_of=as_of)
    except UsageError as error:
        raise UsageError(f"{series.id}: {error}", error.hint) from None


def _on_currencies(
    entries: Sequence[_Entry], exchanges: Sequence[Exchange], years: Collection[int | None]
) -> Iterable[Note]:
    """One note a currency on the levels that are converted."""
    with_levels = {year for entry in entries for year in entry.levels} & {*years}
    notes = {exchange.owner: exchange.note(with_levels, "growth") for exchange in exchanges}
    return notes.values()


def _years_shown(
    entries: Sequence[_Entry], since: int | None, until: int | None, every: bool
) -> list[int]:
    sets = [set(entry.years) for entry in entries]
    common = set.union(*sets) if every else set.intersection(*sets)
    first = since or min(common, default=0)
    last = until or max(common, default=0)
    shown = [year for year in sorted(common) if first <= year <= last]
    if not shown:
        have = "; ".join(f"{entry.series.label} has {spans(entry.years)}" for entry in entries)
        every_year = option("all_years", True)
        raise UsageError(
            f"No year to show is common to the series: {have}.",
            f"Definitions are never joined to make one; {every_year} shows them side by side.",
        )
    return shown


def _base(entries: Sequence[_Entry], shown: Sequence[int], base: int | None) -> int | None:
    """The year whose level is 100: the one asked for, or the first on the last basis of all."""
    with_levels = [entry for entry in entries if entry.levels]
    possible: list[int] = []
    if with_levels:
        possible = sorted(set.intersection(*(set(entry.levels) for entry in with_levels)))
    if base is None:
        newest = 0
        for entry in with_levels:
            begun = [start for year, start in entry.starts.items() if year <= shown[-1]]
            newest = max([newest, *begun])
        candidates = [year for year in possible if year in shown]
        on_newest = [year for year in candidates if year >= newest]
        return next(iter([*on_newest, *candidates]), None)

    if base not in possible:
        missing = [entry for entry in with_levels or entries if base not in entry.levels]
        labels = listed(entry.series.label for entry in missing)
        hint = f"Leave {option('base')} out."
        if possible:
            hint = f"Every series has one for {spans(possible)}."
        raise UsageError(f"{base} is no base year: no level of {labels} is known then.", hint)
    return base


def _notes(
    entries: Sequence[_Entry], shown: Sequence[int], base: int | None, as_of: date | None
) -> Iterator[Note]:
    # Series of one file share the notes of its reader.
    yield from dict.fromkeys(note for entry in entries for note in entry.series.reading_notes)
    yield from _on_definitions(entries)

    levels = _years(entries, shown, "value_derived")
    if levels:
        how = "the next year's published growth, or from other published numbers"
        yield Note("derived_levels", f"Levels derived from {how}: {levels}.")
    rates = _years(entries, shown, "growth_derived")
    if rates:
        text = f"Growth computed from the levels, as none is published: {rates}."
        yield Note("computed_growth", text)

    for entry in entries:
        label = entry.series.label
        yield from _on_breaks(entry, shown, base)
        yield from _on_disagreement(entry, shown)
        if entry.series.measure == "rate":
            text = f"{label} is a share: its growth is relative, not in percentage points."
            yield Note("relative_growth", text)
        notes = (*entry.doubts, *on_parts(entry.series), *on_publication(entry.series, as_of))
        yield from (note.about(label) for note in notes)


def _years(entries: Sequence[_Entry], shown: Sequence[int], trait: str) -> str:
    """The years in which points of a series are derived, in words."""
    parts = []
    for entry in entries:
        years = [year for year in shown if getattr(entry.point(year, None), trait)]
        if years:
            parts.append(f"{entry.series.label} {spans(years)}")
    return "; ".join(parts)


def _on_breaks(entry: _Entry, shown: Sequence[int], base: int | None) -> Iterator[Note]:
    caveat = f" ({entry.series.caveat})" if entry.series.caveat else ""
    for year in entry.series.breaks:
        if not shown[0] <= year <= shown[-1]:
            continue
        label = entry.series.label
        text = f"{year} is the first year of {label} on a new basis"
        advice = ""
        if base is not None and base < year and base in entry.levels:
            advice = f"{option('base', year)} indexes the new basis."
        yield Note("basis_change", f"{text}: nothing is computed across it{caveat}.", advice=advice)


def _on_disagreement(entry: _Entry, shown: Sequence[int]) -> Iterator[Note]:
    """Yield a note on published growth that is far from that of the levels."""
    rates = {}
    apart = {}
    for year in shown:
        rate = entry.of_levels(year)
        if rate is not None and year in entry.published:
            rates[year] = rate
            apart[year] = abs(rate - entry.published[year])
    wide = [year for year, gap in apart.items() if gap > TOLERANCE_PCT]
    if wide:
        worst = max(wide, key=apart.__getitem__)
        text = (
            f"Published growth of {entry.series.label} and growth of its levels differ by more "
            f"than {TOLERANCE_PCT:g} points in {spans(wide)}, most in {worst}: "
            f"{entry.published[worst]:+.1f} % published, {rates[worst]:+.1f} % by the levels. "
            "The index follows the levels."
        )
        of_file = any(level.place for level in entry.levels.values())
        yield Note("growth_of_levels", text, warning=of_file)


def _on_definitions(entries: Sequence[_Entry]) -> Iterator[Note]:
    """Yield notes on pairs of series that are definitions of one market, and how far apart."""
    for one, other in combinations(entries, 2):
        if other.series.id not in one.series.related and one.series.id not in other.series.related:
            continue
        text = (
            f"{one.series.label} and {other.series.label} are two definitions of one market "
            "and never joined"
        )
        year = max(one.levels.keys() & other.levels.keys(), default=0)
        if year and one.series.unit == other.series.unit and one.levels[year].value > 0:
            ours = one.levels[year].value
            theirs = other.levels[year].value
            amounts = f"{number(ours)} and {number(theirs)} {one.series.unit} in {year}"
            text += f": {amounts}, {theirs / ours:.2f} times as much"
        yield Note("definitions", f"{text}.")
