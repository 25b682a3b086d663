"""A market sized bottom-up: the stages of a model in every year, against the top-down forecast."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from rural_forecast.errors import UsageError, option
from rural_forecast.notes import Note
from rural_forecast.observed.money.deflation import deflator
from rural_forecast.observed.observation import Series
from rural_forecast.question.question import DEFAULT_LEVELS, checked_levels
from rural_forecast.sizing.model import FromSeries, MarketModel, load, years_of
from rural_forecast.sizing.montecarlo import (
    Marginal,
    Sampler,
)
from rural_forecast.sizing.montecarlo import marginal as marginal_of
from rural_forecast.sizing.montecarlo import of_series as marginal_of_series
from rural_forecast.sizing.result import Sizing, Stage, TopDown, converted
from rural_forecast.sizing.simulation import DEFAULT_DRAWS, Against, simulate
from rural_forecast.sizing.toml import RANGE_LEVEL, under
from rural_forecast.text.wording import listed

FEWEST_DRAWS = 1_000
MOST_DRAWS = 1_000_000
AGREE = 0.2  # bottom-up and top-down should come within 20 % of each other


def size(
    source: str | Path | MarketModel,
    *,
    year: int | None = None,
    levels: Sequence[int] = DEFAULT_LEVELS,
    draws: int = DEFAULT_DRAWS,
    seed: int = 1,
    real: int | None = None,
    inflation: float | str | Series | None = None,
    breaks: Sequence[int] = (),
) -> Sizing:
    """Size a market bottom-up by the model of a TOML file, or of a name that ships.

    Parameters
    ----------
    source : path of the file, the name, or a model that was read
    year : last year sized, in place of the file's
    levels : interval levels in whole percents, 30 to 99
    draws : number of Monte Carlo draws, 1,000 to 1,000,000
    seed : the same seed gives the same numbers
    real, inflation : the year whose prices amounts of every year are in; inflation in percent, a
        country or a series, known here if left out
    breaks : first years on a new basis, of the drivers that are series and have both sides

    Raises
    ------
    UsageError : a level, the seed or the number of draws is impossible; prices of a year are not
        known; no driver has values on both sides of a break
    InputError : the model is not there, or is refused, with the place in the file

    >>> result = size("rural_online_retail", year=2026)
    >>> [stage.unit for stage in result.stages]
    ['bn CNY']
    """
    if not FEWEST_DRAWS <= draws <= MOST_DRAWS:
        raise UsageError(f"{draws:,} draws are not between {FEWEST_DRAWS:,} and {MOST_DRAWS:,}.")
    if seed < 0:
        raise UsageError(f"The seed {seed} is negative.", "Give a whole number from 0 on.")
    if inflation is not None and real is None:
        raise UsageError(
            f"{option('inflation')} needs {option('real')}.",
            f"Leave {option('inflation')} out, or add {option('real', 2020)}.",
        )
    levels = checked_levels(levels)
    model = source if isinstance(source, MarketModel) else load(source)
    model = model.with_breaks(breaks)
    above = None
    with model.file.refusing():
        years = years_of(model, year)
        marginals = {driver.name: marginal_of(driver, years) for driver in model.drivers}
        if model.top_down:
            with under("top_down"):
                above = marginal_of_series(model.top_down, years)
        sampler = Sampler(marginals, years, model.correlation, draws, seed)
        simulated = simulate(model, years, levels, marginals, above, sampler)

    units = {driver.name: driver.unit_text for driver in model.drivers}
    stages = []
    for name, formula in model.formulas.items():
        if name not in model.stages:
            units[name] = formula.unit_text or str(formula.unit)
            continue
        stages.append(
            Stage(
                name=name,
                title=formula.title,
                formula=formula.text,
                unit=formula.unit_text,
                estimates=tuple(simulated.estimates[name]),
                shares=tuple(simulated.shares[name]),
            )
        )
    result = Sizing(
        model=model,
        years=years,
        levels=levels,
        draws=draws,
        seed=seed,
        stages=tuple(stages),
        drivers={name: tuple(simulated.estimates[name]) for name in units},
        units=units,
        marginals=marginals,
        comparison=_compared(model, above, simulated.against),
        drawn=np.stack(simulated.drawn, axis=1),
        breaks=tuple(sorted({*breaks})),
    )
    result = replace(result, notes=tuple(_notes(result, above, sampler)))
    if real is None:
        return result
    return converted(result, deflator(result.main.unit, real, inflation=inflation))


def _compared(
    model: MarketModel, above: Marginal | None, against: Sequence[Against]
) -> TopDown | None:
    if model.top_down is None or above is None or above.origin is None:
        return None
    return TopDown(
        stage=model.main,
        series=model.top_down.series.id,
        origin=above.origin,
        last=above.last,
        top_down=tuple(of_year.top_down for of_year in against),
        ratio=tuple(of_year.ratio for of_year in against),
        above=tuple(of_year.above for of_year in against),
    )


def _notes(result: Sizing, above: Marginal | None, sampler: Sampler) -> Iterator[Note]:
    model = result.model
    yield from _doubts(model, result.comparison)
    if sampler.joined:
        text = f"{listed(sampler.joined)} correlate at {sampler.correlation:g}."
        yield Note("correlation", text)
    for name, marginal in result.marginals.items():
        for note in marginal.notes:
            yield note.about(name)
    if result.comparison and above:
        for note in above.notes:
            if note.warning:
                yield note.about(result.comparison.series)
    level = model.range_level or RANGE_LEVEL
    yield Note(
        "draws",
        f"{result.draws:,} draws, seed {result.seed}. A range a..b is an {level} % interval. "
        "Intervals hold what the drivers leave open, not a wrong formula.",
    )


def _doubts(model: MarketModel, comparison: TopDown | None) -> Iterator[Note]:
    ratio = comparison.ratio[-1] if comparison else None
    if comparison and ratio and not 1 - AGREE <= ratio.value <= 1 / (1 - AGREE):
        yield Note(
            "sides_differ",
            f"{comparison.stage} and {comparison.series} differ by more than "
            f"{100 * AGREE:.0f} %: look again at the drivers, and whether both mean the same "
            "market.",
        )
    used = frozenset[str]().union(*(model.formulas[stage].uses for stage in model.stages))
    idle = [driver.name for driver in model.drivers if driver.name not in used]
    if idle:
        yield Note("unused_drivers", f"In no formula of a stage: {', '.join(idle)}.")
    own = [driver for driver in model.drivers if not isinstance(driver.value, FromSeries)]
    bare = [driver.name for driver in own if not driver.source and not driver.assumption]
    if bare:
        yield Note("no_source", f"Neither a source nor marked as an assumption: {', '.join(bare)}.")
    if model.range_level is None and any(".." in driver.written for driver in model.drivers):
        yield model.file.note_on_ranges()
    for driver in model.drivers:
        if driver.note:
            yield Note("driver", f"{driver.name}: {driver.note.rstrip('.')}.")
    for formula in model.formulas.values():
        if formula.note:
            yield Note("formula", f"{formula.name}: {formula.note.rstrip('.')}.")
