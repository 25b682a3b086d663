"""Levels as published or chained: arithmetic on levels and the growth published for them.

A level that is missing is derived from the next year's level and growth; on the `chained` basis all levels are rebuilt
backwards from the latest one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from rural_forecast.errors import UsageError
from rural_forecast.series.observation import Derivation, Observation, Series, published_by
from rural_forecast.series.period import Period

Basis = Literal["levels", "chained"]

TOLERANCE_PCT = 1.5
"""Largest difference of a level and the one that the next year's growth implies, without a note."""


def implied_gap_pct(level: float, growth_pct: float, base: float) -> float:
    """How far the base that level and growth imply lies above the published base, in percent.

    >>> round(implied_gap_pct(1370, 30.4, 1244.88), 1)
    -15.6
    """
    return 100 * (level / (1 + growth_pct / 100) / base - 1)


def derive(chosen: dict[int, Observation], rates: Mapping[int, Observation]) -> dict[int, Observation]:
    """Add the missing levels that the next year's level and published growth give."""
    levels = dict(chosen)
    for year in range(max(chosen) - 1, min([*chosen, *rates]) - 2, -1):
        if year not in levels and year + 1 in levels and year + 1 in rates:
            levels[year] = _back(levels[year + 1], rates[year + 1], "derived")
    return dict(sorted(levels.items()))


def chain(series: Series, chosen: dict[int, Observation], rates: Mapping[int, Observation]) -> dict[int, Observation]:
    """Rebuild the levels backwards from the latest one; where no growth is published the levels' own is kept.

    Years before a gap stay as they are: the run after it is what models see.

    Raises UsageError if no growth is published, or a level is 0 where its own growth is needed.
    """
    if not rates:
        raise UsageError.of("no_growth_to_chain", series=series.id, last=max(chosen))
    levels = derive(chosen, rates)
    chained = dict(levels)
    for year in range(max(levels), min(levels), -1):
        if year - 1 not in levels:
            break
        if year in rates:
            chained[year - 1] = _back(chained[year], rates[year], "chained")
        elif levels[year].value == 0:
            raise UsageError.of("zero_in_chain", series=series.id, year=year)
        else:
            before = levels[year - 1]
            value = chained[year].value * before.value / levels[year].value
            note = f"chained: the growth of the levels, as none is published for {year}"
            how = Derivation("growth of the levels")
            chained[year - 1] = replace(before, value=value, derived=True, derivation=how, note=note)
    return chained


def _back(level: Observation, rate: Observation, how: str) -> Observation:
    """The level a year earlier: it had surely been published once both numbers were."""
    arithmetic = f"{level.value:,.6g} / {1 + rate.value / 100:.6g}"
    return Observation(
        period=Period(level.period.year - 1),
        value=level.value / (1 + rate.value / 100),
        status="estimate",
        qualifier=level.qualifier,
        source=rate.source,
        note=f"{how}: {arithmetic}, the growth published for {level.period}",
        published_latest=published_by((level, rate)),
        derived=True,
        derivation=Derivation("published growth", arithmetic),
    )
