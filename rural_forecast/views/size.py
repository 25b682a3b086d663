"""`size`: stages by year beside the top-down forecast, and the drivers with their shares of the variance."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from rural_forecast.document.picture import Picture, Ranges
from rural_forecast.document.picture import Row as Drawn
from rural_forecast.document.table import Cell, Column, Document, Live, LiveInput, LiveResult, Table, Tone
from rural_forecast.errors import UsageError
from rural_forecast.series.observation import Series
from rural_forecast.sizing.effects import bridge, swings
from rural_forecast.sizing.formulas import YEAR, Node, in_spreadsheets
from rural_forecast.sizing.model import FromSeries
from rural_forecast.sizing.montecarlo import Estimate, results
from rural_forecast.sizing.size import Sizing, Stage
from rural_forecast.text import headline as words
from rural_forecast.text.headline import Headline, Writer, short
from rural_forecast.text.numbers import Amounts, range_amounts
from rural_forecast.text.style import digits
from rural_forecast.text.wording import capital
from rural_forecast.version import __version__
from rural_forecast.views.about import digest, documented
from rural_forecast.views.drawing import of_series, range_row, source, waterfall
from rural_forecast.views.table import Row, flat, interval_columns, keyed, ranged, value_column
from rural_forecast.views.tidy import given, inputs

ROUNDING = 1e-12  # rounding of a sum of shares; a rest below it is not shown as interaction


def document(result: Sizing) -> Document:
    """The whole answer of `size`."""
    head, more = keyed("item stage period:year value:number"), keyed("variance_share:number unit")
    records = Table((*head, *interval_columns(result.levels), *more), tuple(_records(result)))
    stages = (result.main, *(stage for stage in result.stages if stage is not result.main))
    formulas = {stage.name: stage.formula for stage in stages}
    formulas |= {name: result.model.formulas[name].text for name in _derived(result)}
    return documented(
        "size",
        heading(result),
        records,
        [*(_by_year(result, stage) for stage in stages), _drivers(result)],
        result.notes,
        *(driver.series for driver in result.model.series),
        said=(_uncertain(result),),
        about=(result.model.note.rstrip("."),),
        points=(f"{'; '.join(f'{name} = {text}' for name, text in formulas.items())}.",),
        brief="-f markdown",
        live=live(result),
        inputs=inputs(*_observed(result), *given(*result.money)),
        provenance=_provenance(result),
    )


def _observed(result: Sizing) -> Iterator[Series]:
    """The series that it rests on, each once, without the forecasts of others."""
    for series in {driver.series.id: driver.series for driver in result.model.series}.values():
        seen = tuple(seen for seen in series.observations if seen.status != "forecast")
        yield replace(series, observations=seen)


def _provenance(result: Sizing) -> Mapping[str, Any]:
    """Options and digests that give the same numbers again."""
    data = [result.model.file.text]
    for driver in result.model.series:
        seen = ";".join(f"{observation.period}={observation.value!r}" for observation in driver.series.observations)
        data.append(f"{driver.series.id}:{seen}")
    return {
        "version": __version__,
        "data_digest": digest(data),
        "seed": result.seed,
        "options": {
            "years": list(result.years),
            "levels": list(result.levels),
            "draws": result.draws,
            **({"top_down": result.comparison.series} if result.comparison else {}),
            **{name: value for how in result.money for name, value in how.options(result.years).items()},
        },
        "model": result.model.file.text,
    }


def _records(result: Sizing) -> Iterator[tuple[Cell, ...]]:
    nothing: tuple[Cell, ...] = (None,) * (1 + 2 * len(result.levels))
    comparison, unit = result.comparison, result.main.unit
    for place, year in enumerate(result.years):
        for stage in result.stages:
            yield "result", stage.name, year, *_cells(stage.estimates[place]), None, stage.unit
            for name, size, share in _items(result, stage, place):
                yield name, stage.name, year, *(_cells(size) if size else nothing), share, result.units.get(name, "")
        for name in _derived(result):
            yield name, "", year, *_cells(result.drivers[name][place]), None, result.units[name]
        if comparison:
            ratio = comparison.ratio[place]
            yield "top_down", comparison.stage, year, *_cells(comparison.top_down[place]), None, unit
            yield "ratio", comparison.stage, year, *(_cells(ratio) if ratio else nothing), None, "ratio"
            above = (comparison.above[place], *nothing[1:])
            yield "probability_above", comparison.stage, year, *above, None, "probability"


def _items(result: Sizing, stage: Stage, place: int) -> Iterator[tuple[str, Estimate | None, float | None]]:
    """The drivers of a stage, those that correlate, and what they cause only together; with shares of the variance."""
    shares = stage.shares[place]
    joined = {name for group in shares if len(group) > 1 for name in group}
    for name in (driver.name for driver in result.model.drivers):
        if name in result.model.formulas[stage.name].uses:
            share = shares.get((name,), None if name in joined or not shares else 0.0)
            yield name, result.drivers[name][place], share
    yield from ((" + ".join(group), None, share) for group, share in shares.items() if len(group) > 1)
    if shares:
        rest = 1 - sum(shares.values())
        yield "interaction", None, rest if rest > ROUNDING else 0.0


def _cells(estimate: Estimate) -> tuple[Cell, ...]:
    return (estimate.value, *flat(zip(estimate.lower, estimate.upper, strict=True)))


def _ends(estimate: Estimate, place: int) -> tuple[float, float]:
    return estimate.lower[place], estimate.upper[place]


def _derived(result: Sizing) -> list[str]:
    return [name for name in result.drivers if name not in result.marginals]


def heading(result: Sizing, write: Writer | None = None) -> Headline:
    """The headline: what the market comes to, or that it is less than was observed; `write` as for a forecast."""
    model, year, place = result.model, result.years[-1], result.headline
    size, comparison, level = result.main.estimates[-1], result.comparison, result.levels[place]
    write, (low, high) = write or _amounts(size, result.main.unit, place), _ends(size, place)
    if comparison and comparison.origin < year and size.value < comparison.last:
        likely = f", {words.odds(level, write(low), write(high))}" if high > low else ""
        text = f"The drivers give less for {year} than was observed in {comparison.origin}"
        seen = f"{write.seen(comparison.last)} were observed"
        return Headline(text, f"About {write.full(size.value)}{likely}; {seen}.")
    title = model.title or model.file.name.removesuffix(".toml")
    return words.about(title, year, size.value, level, (low, high), write)


def _uncertain(result: Sizing) -> str:
    """The drivers that make it uncertain."""
    shares = sorted(result.main.shares[-1].items(), key=lambda share: -share[1])
    large = [f"{' + '.join(map(_human, group))} {100 * share:.0f} %" for group, share in shares[:2] if share >= 0.01]
    return f"Uncertain by: {', '.join(large)}." if large else ""


def _human(name: str) -> str:
    return name.replace("_", " ")


def _amounts(estimate: Estimate, unit: str, place: int) -> Amounts:
    return range_amounts(unit, estimate.value, *_ends(estimate, place))


def _by_year(result: Sizing, stage: Stage) -> Table:
    """One stage over the years, the main one beside the trend."""
    write, comparison = _amounts(stage.estimates[0], stage.unit, result.headline), result.comparison
    comparison = comparison if stage is result.main else None
    rows = []
    for place, (year, size) in enumerate(zip(result.years, stage.estimates, strict=True)):
        ends = tuple(zip(size.lower, size.upper, strict=True)) if size.lower[0] < size.upper[0] else ()
        tone: Tone = "strong" if year == result.years[-1] else "plain"
        row = Row(year, size.value, ends, tone=tone)
        if comparison:
            trend, seen = comparison.top_down[place].value, year <= comparison.origin
            row = row._replace(behind=(trend,), also=trend, beside="observed" if seen else "other")
        rows.append(row)
    title = ", ".join(filter(None, (stage.name, stage.title))) if len(result.stages) > 1 else "From its drivers"
    head = "Drivers" if comparison else ""
    behind = [value_column(write, "Trend", "trend")] if comparison else []
    year_column, title = Column("period", "Year", "year"), f"{title}, {write.unit}"
    value = value_column(write, head)
    return ranged(rows, year_column, value, result.levels, write, behind=behind, title=title)


def _drivers(result: Sizing) -> Table:
    """The drivers in the last year, with their shares of the variance of the main stage."""
    basis = {" + ".join(group): "correlated, so estimated together" for group in result.main.shares[-1]}
    basis |= {"interaction": "of drivers with each other"}
    for driver in result.model.drivers:
        own = result.marginals[driver.name].basis
        basis[driver.name] = own if isinstance(driver.value, FromSeries) else f"{driver.written}, {own}"
    for name in _derived(result):
        derived = result.model.formulas[name]
        basis[name] = ", ".join(filter(None, (derived.text, derived.source, "assumption" * derived.assumption)))
    items = [*_items(result, result.main, -1)]
    shown = {name for name, _, _ in items}
    items += [(name, sizes[-1], None) for name, sizes in result.drivers.items() if name not in shown]

    def row(name: str, size: Estimate | None, share: float | None) -> tuple[Cell, ...]:
        ends = _ends(size, result.headline) if size and size.lower[0] < size.upper[0] else (None, None)
        unit, value = result.units.get(name, ""), size.value if size else None
        return name, value, *ends, unit, 100 * share if share else None, basis[name]

    columns = (
        Column("item", "Driver"),
        Column("value", "Median", "number", mixed=True),
        *(column._replace(mixed=True) for column in interval_columns((result.levels[result.headline],))),
        Column("unit", "Unit"),
        Column("variance", "Variance", "percent", 0),
        Column("basis", "Rests on"),
    )
    return Table(columns, tuple(row(*item) for item in items), title=f"Drivers in {result.years[-1]}")


def live(result: Sizing) -> Live:
    """Drivers and formulas of every year for a workbook, the drivers that move the main stage most first."""
    model, main, years, level = result.model, result.main, result.years, result.headline
    moved = {swing.driver: (swing.low, swing.high) for swing in swings(result)}
    scales = {driver.name: driver.unit.scale for driver in model.drivers}
    stages = sorted(result.stages, key=lambda stage: stage.name == main.name)
    nodes = {name: formula.node for name, formula in model.formulas.items()}
    plain = [results(model.formulas, result.medians(at), year) for at, year in enumerate(years)]
    names = [*moved, *(name for name in scales if name not in moved)]
    last = {name: result.drivers[name][-1] for name in names}
    inputs = (
        LiveInput(
            name,
            result.units[name],
            tuple(estimate.value for estimate in result.drivers[name]),
            last[name].lower[level],
            last[name].upper[level],
            scales[name],
            moved.get(name, (main.estimates[-1].value,) * 2),
            result.marginals[name].basis,
        )
        for name in names
    )
    outputs = []
    for stage in stages:
        formula = model.formulas[stage.name]
        written = (in_spreadsheets(formula.node, nodes | {YEAR: Node("number", value=float(year))}) for year in years)
        base = [float(values[stage.name]) / formula.unit.scale for values in plain]
        medians = tuple(estimate.value for estimate in stage.estimates)
        fits = tuple(median / at if at else 1.0 for median, at in zip(medians, base, strict=True))
        outputs.append(
            LiveResult(stage.name, stage.unit, tuple(written), formula.unit.scale, fits, medians, formula.text)
        )
    name = (main.title or model.title or main.name).replace("_", " ")
    headline = f"{name[:1].upper()}{name[1:]}: about ", f" {main.unit} in {years[-1]}"
    return Live(years, result.levels[level], tuple(inputs), tuple(outputs), headline)


MOST = 8  # drivers shown; further ones move the size less


def picture(result: Sizing) -> Picture:
    """The main stage beside what was observed and the trend; a tornado; what each factor adds: all on one axis.

    Raises UsageError if there is no driver to compare with another.
    """
    bars, middle = swings(result), result.main.estimates[-1].value
    if not bars:
        problem = "No driver of this sizing moves its result from the medians, so there is no picture."
        raise UsageError(problem, "Give its drivers as ranges, such as 10..20.")
    year, place, comparison = result.years[-1], result.headline, result.comparison
    size, title = result.main.estimates[-1], result.model.title
    last = comparison.last if comparison else size.value
    write = digits(result.main.unit, last, size.value, _ends(size, place))
    tornado = [
        Drawn(
            capital(_human(swing.driver)),
            bar=(swing.low, swing.high),
            ends=(write(min(swing.low, swing.high)), write(max(swing.low, swing.high))),
            group="" if rank else "One driver alone, from low to high",
        )
        for rank, swing in enumerate(bars[:MOST])
    ]
    head, left = heading(result, write), len(bars) - MOST
    heads = ("" if comparison else str(year), f"{result.levels[place]} % range")
    more = f"{left} drivers that move it less are not drawn" if left > 0 else ""
    known = [driver.series for driver in result.model.series if driver.series.publisher]
    return of_series(
        Ranges((*_ranges(result, write), *tornado, *_waterfall(result, write)), heads, middle),
        write,
        head,
        name=capital(short(title)) if title else "",
        about=". ".join(filter(None, (title if short(title) not in head.text else "", more))),
        source=source(*known, credit="Sizing: rural-forecast"),
        alternative=f"{head.text}. {head.subtitle}. {capital(_human(bars[0].driver))} moves it most.",
    )


def _ranges(result: Sizing, write: Amounts) -> Iterator[Drawn]:
    """Rows for the observed value, the drivers of that year or the first one, the trend, and the answer last."""
    comparison, years, sizes = result.comparison, result.years, result.main.estimates
    if comparison:
        seen = write.seen(comparison.last), ""
        yield Drawn(f"Observed, {comparison.origin}", comparison.last, texts=seen, dot=True)
    first = years.index(comparison.origin) if comparison and comparison.origin in years else 0
    rows = [(f"Drivers, {years[first]}", sizes[first])] if first < len(years) - 1 else []
    rows += [(f"Trend, {years[-1]}", comparison.top_down[-1])] if comparison else []
    for name, size in [*rows, (f"Drivers, {years[-1]}", sizes[-1])]:
        low, high = _ends(size, result.headline)
        bounds = zip(result.levels, size.lower, size.upper, strict=True) if high > low else ()
        yield range_row(name, size.value, bounds, write, answer=size is sizes[-1])


def _waterfall(result: Sizing, write: Amounts) -> Iterator[Drawn]:
    """From the first year to the last: a step a factor."""
    if found := bridge(result, result.main):
        first, last = map(str, (result.years[0], result.years[-1]))
        steps, at = [], found.before
        for effect in found.effects:
            at += effect.effect
            steps.append((_factor(effect.factor), "", at))
        group, fine = f"What each factor adds, {first} to {last}", write._replace(places=(write.places or 0) + 1)
        yield from waterfall((first, last), found.before, steps, fine, group=group)


def _factor(text: str) -> str:
    """A factor of a formula in words."""
    if smaller := re.fullmatch(r"min\((\w+), (\w+)\)", text):
        text = f"{smaller[1]}, at most {smaller[2]}"
    return capital(_human(text))
