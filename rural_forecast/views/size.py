"""`size`: stages by year beside the top-down forecast, and the drivers with their shares of the
variance.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rural_forecast.document.picture import Picture, Ranges
from rural_forecast.document.picture import Row as Drawn
from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.errors import UsageError
from rural_forecast.observed.observation import Series
from rural_forecast.sizing.attribution import bridge, swings
from rural_forecast.sizing.model import FromSeries
from rural_forecast.sizing.montecarlo import Estimate
from rural_forecast.sizing.result import Sizing, Stage
from rural_forecast.text import wording as words
from rural_forecast.text.numbers import Amounts, digits, in_unit, range_amounts
from rural_forecast.text.wording import Headline, capital, short
from rural_forecast.version import __version__
from rural_forecast.views import attribution, chances, size_live, size_rows, table
from rural_forecast.views.about import digest, documented, given, inputs, money_options, observed
from rural_forecast.views.lines import of_series
from rural_forecast.views.rows import WaterfallStep, range_row, waterfall
from rural_forecast.views.size_rows import Item, derived, human, intervals, items_of
from rural_forecast.views.table import (
    RangedRow,
    interval_columns,
    ranged,
    value_column,
)

MOST = 8  # drivers drawn; further ones move the size less
_MOST_NAMED = 2  # drivers of the summary
_LEAST_NAMED = 0.01  # share of the variance below which a driver is not named


def document(result: Sizing, *, targets: Sequence[float] = ()) -> Document:
    """Make the document of `size`; with `targets`, the rows are those of their chances."""
    model = result.model
    reached = [result.chance(target) for target in dict.fromkeys(targets)]
    write = _write(result)
    stages = (result.main, *(stage for stage in result.stages if stage is not result.main))
    formulas = {stage.name: stage.formula for stage in stages}
    formulas |= {name: model.formulas[name].text for name in derived(result)}
    written = "; ".join(f"{name} = {text}" for name, text in formulas.items())
    return documented(
        "size",
        heading(result, targets=targets),
        chances.tabulated(result.main.name, reached) if reached else size_rows.records(result),
        [*(_by_year(result, stage) for stage in stages), _drivers(result)],
        result.notes,
        *model.series,
        sentences=[
            *(chances.sentence(chance, write) for chance in reached),
            *_uncertain_by(result),
        ],
        about=(model.note.rstrip("."),),
        points=(f"{written}.",),
        brief="-f markdown",
        live=size_live.live(result),
        inputs=inputs(*map(observed, model.series), *given(*result.money)),
        figures=chances.figures(reached),
        provenance=_provenance(result),
    )


def _provenance(result: Sizing) -> Mapping[str, Any]:
    """Describe what gives the same numbers again, with the text of the model."""
    model = result.model
    options: dict[str, Any] = {
        "years": [*result.years],
        "levels": [*result.levels],
        "draws": result.draws,
    }
    if result.comparison:
        options["top_down"] = result.comparison.series
    if result.breaks:
        options["breaks"] = [*result.breaks]
    options |= money_options(result.money, result.years)
    return {
        "version": __version__,
        "data_digest": digest([model.file.text, *map(_data, model.series)]),
        "seed": result.seed,
        "options": options,
        "model": model.file.text,
    }


def _data(series: Series) -> str:
    """Write the values of a series for the digest of the data."""
    values = ";".join(
        f"{observation.period}={observation.value!r}" for observation in series.observations
    )
    return f"{series.id}:{values}"


def _uncertain_by(result: Sizing) -> list[str]:
    """Name the drivers that cause most of the variance in the last year."""
    shares = sorted(result.main.shares[-1].items(), key=lambda entry: -entry[1])
    largest = []
    for group, share in shares[:_MOST_NAMED]:
        if share >= _LEAST_NAMED:
            largest.append(f"{' + '.join(map(human, group))} {100 * share:.0f} %")
    return [f"Uncertain by: {', '.join(largest)}."] if largest else []


def _write(result: Sizing) -> Amounts:
    """Choose how the size of the last year is written in a sentence."""
    size = result.main.estimates[-1]
    return range_amounts(result.main.unit, size.value, *intervals(size)[result.headline])


def heading(
    result: Sizing, write: Amounts | None = None, targets: Sequence[float] = ()
) -> Headline:
    """Make the headline: what the market comes to, or that it is less than was observed.

    With a target, it is its chance.

    A picture gives its own way to `write` amounts.
    """
    year = result.years[-1]
    size = result.main.estimates[-1]
    low, high = intervals(size)[result.headline]
    write = write or _write(result)
    title = result.model.title or result.model.file.name.removesuffix(".toml")
    comparison = result.comparison
    # People stated the ranges of drivers: the result is as sure as these, whatever came before.
    ends = " to ".join(write.bounds(low, high)) if high > low else ""
    about = f"About {write.full(size.value)}"
    if ends:
        about += f", {ends} by its drivers' ranges"
    if targets:
        return chances.heading(title, result.chance(targets[0]), write, f"{about}.")
    if comparison and comparison.origin < year and size.value < comparison.last:
        return Headline(
            f"The drivers give less for {year} than was observed in {comparison.origin}",
            f"{about}; {write.given(comparison.last)} was observed.",
        )
    range_ = f"By its drivers' ranges {ends}{in_unit(write.unit)}." if ends else ""
    return words.headline(title, f"about {write.full(size.value)} in {year}", range_)


def _by_year(result: Sizing, stage: Stage) -> Table:
    """Tabulate a stage by year, the main one beside the top-down forecast."""
    first = stage.estimates[0]
    comparison = result.comparison if stage is result.main else None
    write = range_amounts(stage.unit, first.value, *intervals(first)[result.headline])
    rows = []
    for index, (year, size) in enumerate(zip(result.years, stage.estimates, strict=True)):
        row = RangedRow(
            year,
            size.value,
            intervals(size) if size.lower[0] < size.upper[0] else (),
            tone="strong" if year == result.years[-1] else "plain",
        )
        if comparison:
            trend = comparison.top_down[index].value
            row = row._replace(
                behind=(trend,),
                other=trend,
                other_sign="observed" if year <= comparison.origin else "other",
            )
        rows.append(row)
    name = "From its drivers"
    if len(result.stages) > 1:
        name = ", ".join(filter(None, (stage.name, stage.title)))
    return ranged(
        rows,
        table.YEAR,
        value_column(write, "Drivers" if comparison else ""),
        result.levels,
        write,
        behind=[value_column(write, "Trend", "trend")] if comparison else [],
        title=f"{name}, {write.unit}",
    )


def _drivers(result: Sizing) -> Table:
    """Tabulate all drivers in the last year with their share of the variance and their basis."""
    basis = _basis(result)
    items = [*items_of(result, result.main, -1)]
    shown = {item.name for item in items}
    for name, sizes in result.drivers.items():
        if name not in shown:
            items.append(Item(name, sizes[-1], None))
    rows = []
    for name, size, share in items:
        ends: tuple[Cell, Cell] = (None, None)
        if size and size.lower[0] < size.upper[0]:
            ends = intervals(size)[result.headline]
        row = (
            name,
            size.value if size else None,
            *ends,
            result.units.get(name, ""),
            100 * share if share else None,
            basis[name],
        )
        rows.append(row)
    lower, upper = interval_columns((result.levels[result.headline],))
    columns = (
        Column("item", "Driver"),
        Column("value", "Median", "number", mixed=True),
        lower._replace(mixed=True),
        upper._replace(mixed=True),
        Column("unit", "Unit"),
        Column("variance", "Variance", "percent", 0),
        Column("basis", "Rests on"),
    )
    return Table(columns, tuple(rows), title=f"Drivers in {result.years[-1]}")


def _basis(result: Sizing) -> dict[str, str]:
    """Say what each item of the table of drivers rests on."""
    basis = {"interaction": "of drivers with each other"}
    for group in result.main.shares[-1]:
        basis[" + ".join(group)] = "correlated, so estimated together"
    for driver in result.model.drivers:
        own = result.marginals[driver.name].basis
        is_series = isinstance(driver.value, FromSeries)
        basis[driver.name] = own if is_series else f"{driver.written}, {own}"
    for name in derived(result):
        formula = result.model.formulas[name]
        parts = [formula.text, formula.source]
        if formula.assumption:
            parts.append("assumption")
        basis[name] = ", ".join(filter(None, parts))
    return basis


def picture(result: Sizing, *, targets: Sequence[float] = ()) -> Picture:
    """Draw three groups of rows on one axis.

    The main stage beside what was observed and the trend; the size with each driver low and high;
    and what each factor adds from the first year to the last.
    """
    bars = swings(result)
    if not bars:
        raise UsageError(
            "No driver of this sizing moves its result from the medians, so there is no picture.",
            "Give its drivers as ranges, such as 10..20.",
        )
    size = result.main.estimates[-1]
    index = result.headline
    comparison = result.comparison
    last = comparison.last if comparison else size.value
    write = digits(result.main.unit, last, size.value, intervals(size)[index])
    tornado = [*_tornado(bars, write)]
    rows = (*_ranges(result, write), *tornado, *_waterfall(result, write))
    heads = ("" if comparison else str(result.years[-1]), f"{result.levels[index]} % range")
    head = heading(result, write, targets)
    return of_series(
        Ranges(rows, heads, size.value),
        write,
        head,
        name=capital(short(result.model.title)),
        about=". ".join(filter(None, _remarks(result, head, len(bars) - MOST))),
        source=attribution.line(attribution.of_sizing(result), "Sizing: rural-forecast"),
        ends=f"{tornado[0].name} moves it most",
    )


def _remarks(result: Sizing, head: Headline, left: int) -> Iterator[str]:
    """Yield the title, unless the headline has it, and the number of drivers that are not drawn."""
    if short(result.model.title) not in head.text:
        yield result.model.title
    if left > 0:
        yield f"{left} drivers that move it less are not drawn"


def _tornado(bars: Mapping[str, tuple[float, float]], write: Amounts) -> Iterator[Drawn]:
    """Draw the size with each driver low and high, the one that moves it most first."""
    group = "One driver alone, from low to high"
    for driver, bar in [*bars.items()][:MOST]:
        ends = (write(min(bar)), write(max(bar)))
        yield Drawn(capital(human(driver)), bar=bar, ends=ends, group=group)
        group = ""


def _ranges(result: Sizing, write: Amounts) -> Iterator[Drawn]:
    """Draw the observed value, the drivers of that year or the first one, the trend, the answer."""
    comparison = result.comparison
    years = result.years
    sizes = result.main.estimates
    if comparison:
        last = (write.given(comparison.last), "")
        yield Drawn(f"Observed, {comparison.origin}", comparison.last, texts=last, dot=True)
    first = years.index(comparison.origin) if comparison and comparison.origin in years else 0
    if first < len(years) - 1:
        yield _range(result, f"Drivers, {years[first]}", sizes[first], write)
    if comparison:
        yield _range(result, f"Trend, {years[-1]}", comparison.top_down[-1], write)
    yield _range(result, f"Drivers, {years[-1]}", sizes[-1], write, answer=True)


def _range(
    result: Sizing, name: str, size: Estimate, write: Amounts, *, answer: bool = False
) -> Drawn:
    """Draw an estimate with its range, if it has one."""
    bounds: Iterable[tuple[int, float, float]] = ()
    if size.upper[result.headline] > size.lower[result.headline]:
        bounds = zip(result.levels, size.lower, size.upper, strict=True)
    return range_row(name, size.value, bounds, write, answer=answer)


def _waterfall(result: Sizing, write: Amounts) -> Iterator[Drawn]:
    """Draw what each factor adds between the first year and the last."""
    effects = bridge(result)
    if not effects:
        return
    first = str(result.years[0])
    last = str(result.years[-1])
    start = result.main.estimates[0].value
    reached = start
    steps = []
    for factor, effect in effects.items():
        reached += effect
        steps.append(WaterfallStep(capital(human(_factor_name(factor))), "", reached))
    group = f"What each factor adds, {first} to {last}"
    fine = write._replace(places=(write.places or 0) + 1)
    yield from waterfall((first, last), start, steps, fine, group=group)


def _factor_name(factor: str) -> str:
    """Name a factor of a formula; the smaller of two is the first, at most the second."""
    smaller = re.fullmatch(r"min\((\w+), (\w+)\)", factor)
    return f"{smaller[1]}, at most {smaller[2]}" if smaller else factor
