"""Levels that published growth gives, and years in which it contradicts those published."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from rural_forecast.errors import UsageError, option
from rural_forecast.observed.breaks import Bases
from rural_forecast.observed.findings import TOLERANCE_PCT
from rural_forecast.observed.observation import Derivation, Observation, Series, published_by
from rural_forecast.observed.period import Period
from rural_forecast.observed.yearly import ByYear

OWN_GROWTH = Derivation("growth of the levels")


class Restated(NamedTuple):
    """A year whose published growth contradicts the levels, and so is on a new basis."""

    year: int
    published_pct: float
    levels_pct: float


def with_derived_levels(published: ByYear, rates: ByYear) -> dict[int, Observation]:
    """Add the missing levels that the next year's level and published growth give."""
    levels = dict(published)
    first = min([*published, *rates]) - 1
    # Backwards, as a level that was added can give the one before it.
    for year in range(max(published) - 1, first - 1, -1):
        if year not in levels and year + 1 in levels and year + 1 in rates:
            levels[year] = _before(levels[year + 1], rates[year + 1], "derived")
    return dict(sorted(levels.items()))


def chained_levels(series: Series, published: ByYear, rates: ByYear) -> dict[int, Observation]:
    """Rebuild the levels backwards from the latest one with the published growth.

    The growth of the levels is kept where none is published.
    """
    hint = f"Use {option('basis', 'levels')}."
    if not rates:
        raise UsageError(
            f"No growth of {series.id} is published up to {max(published)}, "
            "so its levels cannot be chained.",
            hint,
        )
    levels = with_derived_levels(published, rates)
    chained = dict(levels)
    year = max(levels)
    while year - 1 in levels:
        before = levels[year - 1]
        if year in rates:
            chained[year - 1] = _before(chained[year], rates[year], "chained")
        elif levels[year].value == 0:
            problem = f"{series.id} is 0 in {year}, where its levels cannot be chained."
            raise UsageError(problem, hint)
        else:
            chained[year - 1] = replace(
                before,
                value=chained[year].value * before.value / levels[year].value,
                derived=True,
                derivation=OWN_GROWTH,
                note=f"chained: the growth of the levels, as none is published for {year}",
            )
        year -= 1
    return chained


def _before(level: Observation, rate: Observation, how: str) -> Observation:
    """The level of the year before, as the growth of a year gives it."""
    factor = 1 + rate.value / 100
    arithmetic = f"{level.value:,.6g} / {factor:.6g}"
    return Observation(
        Period(level.period.year - 1),
        level.value / factor,
        "estimate",
        level.qualifier,
        rate.source,
        note=f"{how}: {arithmetic}, the growth published for {level.period}",
        published_latest=published_by((level, rate)),
        derived=True,
        derivation=Derivation("published growth", arithmetic),
    )


def restated_years(every: ByYear, growth: ByYear, breaks: Collection[int]) -> Iterator[Restated]:
    """Find the years whose published growth contradicts the levels by more than rounding."""
    for year, rate in growth.items():
        now = every.get(year)
        before = every.get(year - 1)
        if now is None or before is None or year in breaks or rate.value <= -100:
            continue
        if now.value <= 0 or before.value <= 0:
            continue
        factor = 1 + rate.value / 100
        off = abs(now.value / factor / before.value - 1)
        roundings = rounding(now.value) + rounding(before.value)
        roundings += min(_half_unit(rate.value), 0.5) / 100 / factor
        if off > max(TOLERANCE_PCT / 100, roundings):
            of_levels = 100 * (now.value / before.value - 1)
            yield Restated(year, rate.value, of_levels)


def bases_of(
    every: ByYear,
    growth: ByYear,
    first_years: Sequence[int],
    latest: ByYear,
    since: int | None,
) -> Bases | None:
    """The levels of all bases up to the latest; None where earlier ones say nothing."""
    begins = [year for year in first_years if year <= max(latest)]
    levels = {year: obs.value for year, obs in latest.items()}
    for begin, end in zip([0, *begins[:-1]], begins, strict=True):
        published = {year: obs for year, obs in every.items() if begin <= year < end}
        if published:
            inside = (year for year in growth if begin < year < end)
            rates = {year: growth[year] for year in inside if growth[year].value > -100}
            levels |= {
                year: obs.value for year, obs in with_derived_levels(published, rates).items()
            }
    if since is not None:
        levels = {year: level for year, level in levels.items() if year >= since}
    into = {}
    for year in begins:
        if year in growth and growth[year].value > -100:
            into[year] = 1 + growth[year].value / 100
    bases = Bases(dict(sorted(levels.items())), tuple(begins), into)
    return bases if bases.linked().links else None


def rounding(value: float) -> float:
    """The share of its size by which a figure may differ from what was rounded to it.

    Zeros at the end of a whole number need not come from rounding: it is half a percent at most.
    """
    return min(_half_unit(value) / abs(value), 0.005) if value else 0.0


def _half_unit(value: float) -> float:
    """Half of the unit of the last digit."""
    exponent = int(Decimal(repr(float(value))).normalize().as_tuple().exponent)
    half: float = 10.0**exponent / 2
    return half
