"""Levels as published or chained: arithmetic on levels and the growth published for them.

A level that is missing is derived from the next year's level and growth; on the `chained` basis all levels are rebuilt
backwards from the latest one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from rural_forecast.errors import UsageError, option
from rural_forecast.notes import Note
from rural_forecast.series.observation import Derivation, Observation, Series, published_by
from rural_forecast.series.period import Period
from rural_forecast.text.numbers import number
from rural_forecast.text.wording import spans

Basis = Literal["levels", "chained"]
ByYear = Mapping[int, Observation]

TOLERANCE_PCT = 1.5  # largest difference of a level and the one that the next year's growth implies, without a note


def disagreements(levels: Mapping[Period, Observation], rates: Mapping[Period, Observation]) -> dict[Period, float]:
    """How far the base that a level and its published growth imply lies above the published one, in percent.

    Only gaps beyond tolerance; a base that is derived from the growth would agree by arithmetic alone.
    """
    gaps = {
        period: 100 * (levels[period].value / (1 + rate.value / 100) / base.value - 1)
        for period, rate in rates.items()
        if period in levels and (base := levels.get(period.shifted(-1)))
        if not base.derived and base.value > 0 and rate.value > -100
    }
    return {period: gap for period, gap in gaps.items() if abs(gap) > TOLERANCE_PCT}


def derive(chosen: ByYear, rates: ByYear) -> dict[int, Observation]:
    """Add the missing levels that the next year's level and published growth give."""
    levels = dict(chosen)
    for year in range(max(chosen) - 1, min([*chosen, *rates]) - 2, -1):
        if year not in levels and year + 1 in levels and year + 1 in rates:
            levels[year] = _back(levels[year + 1], rates[year + 1], "derived")
    return dict(sorted(levels.items()))


def chain(series: Series, chosen: ByYear, rates: ByYear) -> dict[int, Observation]:
    """Rebuild the levels backwards from the latest one; where no growth is published the levels' own is kept."""
    use = f"Use {option('basis', 'levels')}."
    if not rates:
        raise UsageError(
            f"No growth of {series.id} is published up to {max(chosen)}, so its levels cannot be chained.", use
        )
    levels = derive(chosen, rates)
    chained = dict(levels)
    for year in range(max(levels), min(levels), -1):
        if year - 1 not in levels:
            break
        if year in rates:
            chained[year - 1] = _back(chained[year], rates[year], "chained")
        elif levels[year].value == 0:
            raise UsageError(f"{series.id} is 0 in {year}, where its levels cannot be chained.", use)
        else:
            before = levels[year - 1]
            value = chained[year].value * before.value / levels[year].value
            note = f"chained: the growth of the levels, as none is published for {year}"
            how = Derivation("growth of the levels")
            chained[year - 1] = replace(before, value=value, derived=True, derivation=how, note=note)
    return chained


def _back(level: Observation, rate: Observation, how: str) -> Observation:
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


def on_chained(used: Sequence[Observation], published: ByYear) -> Note:
    """A note on levels that were rebuilt."""
    last, first = used[-1], used[0]
    own = [seen.period.year + 1 for seen in used if seen.derivation and seen.derivation.how == "growth of the levels"]
    kept = f" (that of the levels in {spans(own)}, where none is published)" if own else ""
    before = published.get(first.period.year)
    as_published = f", published as {number(before.value)}" if before else ""
    return Note(
        "chained",
        f"Levels are rebuilt backwards from {number(last.value)} ({last.period}) with the published growth{kept}: "
        f"{number(round(first.value, 2))} in {first.period}{as_published}.",
    )
