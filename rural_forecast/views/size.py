"""`size`: stages by year beside the top-down forecast, and the drivers with their shares of the
variance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rural_forecast.document.picture import Picture, Ranges
from rural_forecast.document.picture import Row as Drawn
from rural_forecast.document.table import Cell, Column, Document, Live, LiveInput, LiveResult, Table
from rural_forecast.errors import UsageError
from rural_forecast.sizing.formulas import YEAR, Node, in_spreadsheets
from rural_forecast.sizing.model import FromSeries
from rural_forecast.sizing.montecarlo import Estimate, results
from rural_forecast.sizing.size import Sizing, Stage, bridge, swings
from rural_forecast.text import wording as words
from rural_forecast.text.numbers import Amounts, digits, range_amounts
from rural_forecast.text.wording import Headline, capital, short
from rural_forecast.version import __version__
from rural_forecast.views.about import digest, documented, given, inputs, money_options, observed
from rural_forecast.views.chart import of_series, range_row, source, waterfall
from rural_forecast.views.table import Row, flat, interval_columns, keyed, ranged, value_column

ROUNDING = 1e-12  # rounding of a sum of shares; a rest below it is not shown as interaction


def document(result: Sizing) -> Document:
    """The whole answer of `size`."""
    head = keyed("item stage period:year value:number")
    more = keyed("variance_share:number unit")
    model = result.model
    stages = (result.main, *(stage for stage in result.stages if stage is not result.main))
    formulas = {stage.name: stage.formula for stage in stages}
    formulas |= {name: model.formulas[name].text for name in _derived(result)}
    texts = [
        f"{of.id}:{';'.join(f'{seen.period}={seen.value!r}' for seen in of.observations)}"
        for of in model.series
    ]
    options = {"years": [*result.years], "levels": [*result.levels], "draws": result.draws}
    options |= {"top_down": result.comparison.series} if result.comparison else {}
    options |= money_options(result.money, result.years)
    made = {
        "version": __version__,
        "data_digest": digest([model.file.text, *texts]),
        "seed": result.seed,
    }
    shares = sorted(result.main.shares[-1].items(), key=lambda share: -share[1])[:2]
    large = [
        f"{' + '.join(map(_human, group))} {100 * share:.0f} %"
        for group, share in shares
        if share >= 0.01
    ]
    return documented(
        "size",
        heading(result),
        Table((*head, *interval_columns(result.levels), *more), tuple(_records(result))),
        [*(_by_year(result, stage) for stage in stages), _drivers(result)],
        result.notes,
        *model.series,
        said=[f"Uncertain by: {', '.join(large)}."] if large else [],
        about=(model.note.rstrip("."),),
        points=(f"{'; '.join(f'{name} = {text}' for name, text in formulas.items())}.",),
        brief="-f markdown",
        live=live(result),
        inputs=inputs(*map(observed, model.series), *given(*result.money)),
        provenance={**made, "options": options, "model": model.file.text},
    )


def _records(result: Sizing) -> Iterator[tuple[Cell, ...]]:
    comparison = result.comparison
    unit = result.main.unit
    units = result.units
    nothing: tuple[Cell, ...] = (None,) * (1 + 2 * len(result.levels))

    def cells(estimate: Estimate | None) -> tuple[Cell, ...]:
        return (estimate.value, *flat(_ends(estimate))) if estimate else nothing

    for place, year in enumerate(result.years):
        for stage in result.stages:
            yield "result", stage.name, year, *cells(stage.estimates[place]), None, stage.unit
            for name, size, share in _items(result, stage, place):
                yield name, stage.name, year, *cells(size), share, units.get(name, "")
        for name in _derived(result):
            yield name, "", year, *cells(result.drivers[name][place]), None, units[name]
        if comparison:
            yield "top_down", comparison.stage, year, *cells(comparison.top_down[place]), None, unit
            yield "ratio", comparison.stage, year, *cells(comparison.ratio[place]), None, "ratio"
            above = (comparison.above[place], *nothing[1:])
            yield "probability_above", comparison.stage, year, *above, None, "probability"


def _items(
    result: Sizing, stage: Stage, place: int
) -> Iterator[tuple[str, Estimate | None, float | None]]:
    """The drivers of a stage, those that correlate, and what they cause only together; with shares
    of the variance.
    """
    shares = stage.shares[place]
    joined = {name for group in shares if len(group) > 1 for name in group}
    for name in (driver.name for driver in result.model.drivers):
        if name in result.model.formulas[stage.name].uses:
            share = shares.get((name,), None if name in joined or not shares else 0.0)
            yield name, result.drivers[name][place], share
    yield from (
        (" + ".join(group), None, share) for group, share in shares.items() if len(group) > 1
    )
    if shares:
        rest = 1 - sum(shares.values())
        yield "interaction", None, rest if rest > ROUNDING else 0.0


def _ends(estimate: Estimate) -> tuple[tuple[float, float], ...]:
    return tuple(zip(estimate.lower, estimate.upper, strict=True))


def _derived(result: Sizing) -> list[str]:
    return [name for name in result.drivers if name not in result.marginals]


def heading(result: Sizing, write: Amounts | None = None) -> Headline:
    """The headline: what the market comes to, or that it is less than was observed; `write` as for
    a forecast.
    """
    model = result.model
    year = result.years[-1]
    place = result.headline
    size = result.main.estimates[-1]
    comparison = result.comparison
    level = result.levels[place]
    low, high = _ends(size)[place]
    write = write or range_amounts(result.main.unit, size.value, low, high)
    if comparison and comparison.origin < year and size.value < comparison.last:
        likely = f", {words.odds(level, write(low), write(high))}" if high > low else ""
        text = f"The drivers give less for {year} than was observed in {comparison.origin}"
        seen = f"{write.observed(comparison.last)} were observed"
        return Headline(text, f"About {write.full(size.value)}{likely}; {seen}.")
    title = model.title or model.file.name.removesuffix(".toml")
    return words.about(title, year, size.value, level, (low, high), write)


def _human(name: str) -> str:
    return name.replace("_", " ")


def _by_year(result: Sizing, stage: Stage) -> Table:
    first = stage.estimates[0]
    comparison = result.comparison if stage is result.main else None
    write = range_amounts(stage.unit, first.value, *_ends(first)[result.headline])
    rows = []
    for place, (year, size) in enumerate(zip(result.years, stage.estimates, strict=True)):
        ends = _ends(size) if size.lower[0] < size.upper[0] else ()
        row = Row(year, size.value, ends, tone="strong" if year == result.years[-1] else "plain")
        if comparison:
            trend = comparison.top_down[place].value
            seen = year <= comparison.origin
            row = row._replace(behind=(trend,), also=trend, beside="observed" if seen else "other")
        rows.append(row)
    title = (
        ", ".join(filter(None, (stage.name, stage.title)))
        if len(result.stages) > 1
        else "From its drivers"
    )
    return ranged(
        rows,
        Column("period", "Year", "year"),
        value_column(write, "Drivers" if comparison else ""),
        result.levels,
        write,
        behind=[value_column(write, "Trend", "trend")] if comparison else [],
        title=f"{title}, {write.unit}",
    )


def _drivers(result: Sizing) -> Table:
    basis = {
        " + ".join(group): "correlated, so estimated together" for group in result.main.shares[-1]
    }
    basis |= {"interaction": "of drivers with each other"}
    for driver in result.model.drivers:
        own = result.marginals[driver.name].basis
        basis[driver.name] = (
            own if isinstance(driver.value, FromSeries) else f"{driver.written}, {own}"
        )
    for name in _derived(result):
        derived = result.model.formulas[name]
        basis[name] = ", ".join(
            filter(None, (derived.text, derived.source, "assumption" * derived.assumption))
        )
    items = [*_items(result, result.main, -1)]
    shown = {name for name, _, _ in items}
    items += [
        (name, sizes[-1], None) for name, sizes in result.drivers.items() if name not in shown
    ]
    rows = []
    for name, size, share in items:
        ends = (
            _ends(size)[result.headline] if size and size.lower[0] < size.upper[0] else (None, None)
        )
        unit = result.units.get(name, "")
        value = size.value if size else None
        rows.append((name, value, *ends, unit, 100 * share if share else None, basis[name]))
    columns = (
        *(Column("item", "Driver"), Column("value", "Median", "number", mixed=True)),
        *(
            column._replace(mixed=True)
            for column in interval_columns((result.levels[result.headline],))
        ),
        *(
            Column("unit", "Unit"),
            Column("variance", "Variance", "percent", 0),
            Column("basis", "Rests on"),
        ),
    )
    return Table(columns, tuple(rows), title=f"Drivers in {result.years[-1]}")


def live(result: Sizing) -> Live:
    """Drivers and formulas of every year for a workbook, the drivers that move the main stage most
    first.
    """
    model = result.model
    main = result.main
    years = result.years
    moved = swings(result)
    nodes = {name: formula.node for name, formula in model.formulas.items()}
    plain = [results(model.formulas, result.medians(at), year) for at, year in enumerate(years)]
    unmoved = main.estimates[-1].value, main.estimates[-1].value
    inputs = (
        LiveInput(
            driver.name,
            result.units[driver.name],
            tuple(estimate.value for estimate in result.drivers[driver.name]),
            *_ends(result.drivers[driver.name][-1])[result.headline],
            driver.unit.scale,
            moved.get(driver.name, unmoved),
            result.marginals[driver.name].basis,
        )
        for driver in sorted(
            model.drivers, key=lambda driver: [*moved, driver.name].index(driver.name)
        )
    )
    outputs = []
    for stage in sorted(result.stages, key=lambda stage: stage is main):
        formula = model.formulas[stage.name]
        medians = tuple(estimate.value for estimate in stage.estimates)
        written = (
            in_spreadsheets(formula.node, nodes | {YEAR: Node("number", value=float(year))})
            for year in years
        )
        base = (float(values[stage.name]) / formula.unit.scale for values in plain)
        fits = tuple(median / at if at else 1.0 for median, at in zip(medians, base, strict=True))
        of_stage = (
            stage.name,
            stage.unit,
            tuple(written),
            formula.unit.scale,
            fits,
            medians,
            formula.text,
        )
        outputs.append(LiveResult(*of_stage))
    headline = (
        f"{capital(_human(main.title or model.title or main.name))}: about ",
        f" {main.unit} in {years[-1]}",
    )
    return Live(years, result.levels[result.headline], tuple(inputs), tuple(outputs), headline)


MOST = 8  # drivers shown; further ones move the size less


def picture(result: Sizing) -> Picture:
    """The main stage beside what was observed and the trend; a tornado; what each factor adds: all
    on one axis.
    """
    bars = swings(result)
    size = result.main.estimates[-1]
    place = result.headline
    comparison = result.comparison
    if not bars:
        problem = (
            "No driver of this sizing moves its result from the medians, so there is no picture."
        )
        raise UsageError(problem, "Give its drivers as ranges, such as 10..20.")
    last = comparison.last if comparison else size.value
    title = short(result.model.title)
    write = digits(result.main.unit, last, size.value, _ends(size)[place])
    group = "One driver alone, from low to high"
    tornado: list[Drawn] = []
    for driver, bar in [*bars.items()][:MOST]:
        ends = write(min(bar)), write(max(bar))
        tornado.append(
            Drawn(capital(_human(driver)), bar=bar, ends=ends, group="" if tornado else group)
        )
    head = heading(result, write)
    left = len(bars) - MOST
    heads = ("" if comparison else str(result.years[-1]), f"{result.levels[place]} % range")
    more = f"{left} drivers that move it less are not drawn" if left > 0 else ""
    known = [series for series in result.model.series if series.publisher]
    return of_series(
        Ranges((*_ranges(result, write), *tornado, *_waterfall(result, write)), heads, size.value),
        write,
        head,
        name=capital(title),
        about=". ".join(filter(None, (result.model.title if title not in head.text else "", more))),
        source=source(*known, credit="Sizing: rural-forecast"),
        seen=f"{tornado[0].name} moves it most",
    )


def _ranges(result: Sizing, write: Amounts) -> Iterator[Drawn]:
    """Rows for the observed value, the drivers of that year or the first one, the trend, and the
    answer last.
    """
    comparison = result.comparison
    years = result.years
    sizes = result.main.estimates
    if comparison:
        seen = write.observed(comparison.last), ""
        yield Drawn(f"Observed, {comparison.origin}", comparison.last, texts=seen, dot=True)
    first = years.index(comparison.origin) if comparison and comparison.origin in years else 0
    rows = [(f"Drivers, {years[first]}", sizes[first])] if first < len(years) - 1 else []
    rows += [(f"Trend, {years[-1]}", comparison.top_down[-1])] if comparison else []
    for name, size in [*rows, (f"Drivers, {years[-1]}", sizes[-1])]:
        wide = size.upper[result.headline] > size.lower[result.headline]
        bounds = zip(result.levels, size.lower, size.upper, strict=True) if wide else ()
        yield range_row(name, size.value, bounds, write, answer=size is sizes[-1])


def _waterfall(result: Sizing, write: Amounts) -> Iterator[Drawn]:
    if effects := bridge(result):
        first, last = map(str, (result.years[0], result.years[-1]))
        start = at = result.main.estimates[0].value
        steps = []
        for factor, effect in effects.items():
            at += effect
            smaller = re.fullmatch(r"min\((\w+), (\w+)\)", factor)
            name = f"{smaller[1]}, at most {smaller[2]}" if smaller else factor
            steps.append((capital(_human(name)), "", at))
        group = f"What each factor adds, {first} to {last}"
        fine = write._replace(places=(write.places or 0) + 1)
        yield from waterfall((first, last), start, steps, fine, group=group)
