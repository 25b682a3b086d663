"""Growth of several series side by side, in percent and indexed to a base year.

Growth as published comes first: it is on a comparable basis, also in the first year of a new one, where the levels give
none. Where no growth is published that of the levels is computed, within one basis only, and marked. Nothing is joined:
each series stays on its own definition.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from rural_forecast.api.arguments import checked
from rural_forecast.api.equality import Comparable
from rural_forecast.errors import UsageError, option
from rural_forecast.notes import Note
from rural_forecast.series.basis import Basis
from rural_forecast.series.history import require_order
from rural_forecast.series.known_growth import GrowthPoint, KnownGrowth, converted, known_growth, notes_of
from rural_forecast.series.money.conversion import Exchange, conversion
from rural_forecast.series.observation import Series, require_series
from rural_forecast.text.wording import listed, spans


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
    base: int | None
    """The year whose level is 100; None where no year has a level of every series."""
    notes: tuple[Note, ...]
    options: Mapping[str, Any]
    """What was asked for beyond the default."""

    def __repr__(self) -> str:
        names = ", ".join(line.label for line in self.lines)
        return f"<Growth of {names}: {self.years[0]} to {self.years[-1]}>"


@checked
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
    base : the year whose level is 100; left out, the first one shown in which every series has a level on the basis of
        its last one
    all_years : show every year that any series has, not only the common ones
    prefer, as_of, basis : as in `forecast`
    currency, rate : show amounts in this currency, as in `conversion`; growth is then that of the converted
        levels

    Raises
    ------
    UsageError : no series, one of them twice, no common year, or a base year without a level

    >>> import rural_forecast as rf
    >>> names = ("consumption_percap_national", "consumption_percap_rural")
    >>> result = growth(*map(rf.read, names), since=2014, until=2016)
    >>> [[round(point.growth_pct, 1) for point in line.points] for line in result.lines]
    [[9.6, 8.4, 8.9], [12.0, 10.1, 9.8]]
    """
    for entry in series:
        require_series(entry)
    _check(series, since, until)
    choice: dict[str, Any] = {"prefer": prefer, "as_of": as_of}
    known = [known_growth(entry, basis, choice) for entry in series]
    shown = _years(known, since, until, all_years)
    chosen = _base(known, shown, base)
    notes = list(notes_of(known, shown, chosen, as_of))
    if currency:
        how = [_conversion(entry.series, currency, rate, as_of) for entry in known]
        years = {year for entry in known for year in entry.levels if year in shown or year == chosen}
        notes[:0] = {each.of: each.note(years, "growth") for each in how}.values()
        wanted = {*shown, *(year - 1 for year in shown), *({chosen} if chosen else ())}
        known = [converted(entry, each, wanted) for entry, each in zip(known, how, strict=True)]
    options: dict[str, Any] = {
        "prefer": prefer,
        "as_of": as_of and as_of.isoformat(),
        "basis": None if basis == "levels" else basis,
        "currency": currency,
        "rate": rate.id if isinstance(rate, Series) else rate,
    }
    return Growth(
        lines=tuple(
            GrowthLine(entry.series, tuple(entry.point(year, chosen) for year in shown if year in entry.years))
            for entry in known
        ),
        years=tuple(shown),
        base=chosen,
        notes=tuple(notes),
        options={name: value for name, value in options.items() if value is not None},
    )


def _check(series: Sequence[Series], since: int | None, until: int | None) -> None:
    if not series:
        raise UsageError("No series is given.", "Name one or more.")
    counts = Counter(entry.id for entry in series)
    twice = next((name for name, count in counts.items() if count > 1), None)
    if twice:
        raise UsageError(f"{twice} is given twice.", "Name each series once.")
    require_order(since, until)


def _conversion(series: Series, currency: str, rate: float | Series | None, as_of: date | None) -> Exchange:
    try:
        return conversion(series.unit, to=currency, rate=rate, as_of=as_of)
    except UsageError as error:
        raise UsageError(f"{series.id}: {error}", error.hint) from None


def _years(known: Sequence[KnownGrowth], since: int | None, until: int | None, every: bool) -> list[int]:
    sets = [set(entry.years) for entry in known]
    common = set.union(*sets) if every else set.intersection(*sets)
    if not common:
        have = "; ".join(f"{entry.series.label} has {spans(entry.years)}" for entry in known)
        raise UsageError(
            f"No year is common to the series: {have}.",
            f"Definitions are never joined to make one; {option('all_years', True)} shows them side by side.",
        )
    shown = [year for year in sorted(common) if (since or year) <= year <= (until or year)]
    if not shown:
        raise UsageError(
            f"No year to show is left; the series have {spans(common)}{'' if every else ' in common'}.",
            "Choose other years.",
        )
    return shown


def _base(known: Sequence[KnownGrowth], shown: Sequence[int], base: int | None) -> int | None:
    with_levels = [entry for entry in known if entry.levels]
    possible = sorted(set.intersection(*(set(entry.levels) for entry in with_levels))) if with_levels else []
    if base is None:
        newest = max((entry.newest(shown[-1]) for entry in with_levels), default=0)
        candidates = [year for year in possible if year in shown]
        return next((year for year in candidates if year >= newest), candidates[0] if candidates else None)
    missing = [entry.series.label for entry in with_levels if base not in entry.levels] or [
        entry.series.label for entry in known
    ]
    if base not in possible:
        raise UsageError(
            f"{base} is no base year: {listed(missing)} {'has' if len(missing) == 1 else 'have'} no level then.",
            f"Every series has one for {spans(possible)}." if possible else f"Leave {option('base')} out.",
        )
    return base
