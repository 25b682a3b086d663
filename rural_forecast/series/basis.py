"""Levels as published or chained: arithmetic on levels and the growth published for them.

A level that is missing is derived from the next year's level and growth; on the `chained` basis all levels are rebuilt
backwards from the latest one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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


def implied_gap_pct(level: float, growth_pct: float, base: float) -> float:
    """How far the base that level and growth imply lies above the published base, in percent."""
    return 100 * (level / (1 + growth_pct / 100) / base - 1)


def disagreements(levels: Mapping[Period, Observation], rates: Mapping[Period, Observation]) -> dict[Period, float]:
    """The gaps beyond tolerance, in percent, of levels that do not fit their published growth and the level before.

    A base that is derived from the growth would agree by arithmetic alone, and is passed over.
    """
    gaps = {
        period: implied_gap_pct(levels[period].value, rate.value, base.value)
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


def on_derived(ours: Sequence[Observation]) -> Iterator[Note]:
    """A note on levels that the next year's growth gave."""
    if ours:
        how = (seen.derivation.arithmetic if seen.derivation else seen.note for seen in ours)
        values = "; ".join(f"{seen.period} = {number(seen.value)} ({by})" for seen, by in zip(ours, how, strict=True))
        yield Note("derived", f"Derived from the next year's published growth: {values}.")


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


def on_growth(used: ByYear, published: ByYear, rates: ByYear, basis: Basis) -> Iterator[Note]:
    """A note on years in which the published growth does not fit the published levels."""
    levels = {Period(year): seen for year, seen in published.items()}
    wide = disagreements(
        levels, {Period(year): rate for year, rate in rates.items() if {year, year - 1} <= used.keys()}
    )
    if not wide:
        return
    worst = max(wide, key=lambda period: abs(wide[period])).year
    level, growth_pct, before = published[worst].value, rates[worst].value, published[worst - 1].value
    implied = number(round(level / (1 + growth_pct / 100), 1))
    yield Note(
        "growth",
        f"Published levels and growth disagree by more than {TOLERANCE_PCT:g} % in "
        f"{spans(period.year for period in wide)}, most in {worst}: "
        f"{growth_pct:+g} % to {number(level)} implies {implied} for {worst - 1}, published as {number(before)}.",
        warning=basis != "chained" and any(seen.place for seen in published.values()),
        advice="" if basis == "chained" else f"{option('basis', 'chained')} follows the growth.",
    )
