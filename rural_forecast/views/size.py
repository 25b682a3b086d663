"""`size` as a document: stages by year, the top-down forecast, and the drivers with their shares of the variance."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import isfinite
from typing import Any

from rural_forecast.document.picture import MAIN, PLAIN, Picture, Ranges, Row
from rural_forecast.document.table import Cell, Column, Document, Live, LiveInput, LiveResult, Table
from rural_forecast.errors import UsageError
from rural_forecast.series.observation import Series
from rural_forecast.sizing.effects import Effect, bridge, swings
from rural_forecast.sizing.formulas import YEAR, Node, in_spreadsheets, names
from rural_forecast.sizing.model import FromSeries
from rural_forecast.sizing.montecarlo import Estimate, Group, results
from rural_forecast.sizing.size import Sizing, Stage
from rural_forecast.text.headline import Headline, Writer, chances, headline, odds, short
from rural_forecast.text.numbers import Amounts, range_amounts
from rural_forecast.text.style import Digits, digits
from rural_forecast.text.wording import capital
from rural_forecast.version import __version__
from rural_forecast.views import ranges
from rural_forecast.views.about import about_series, digest
from rural_forecast.views.columns import bounds, growth_column, interval_columns, tabulated, value_column
from rural_forecast.views.notes import remarks
from rural_forecast.views.tidy import inputs

ROUNDING = 1e-12
"""Rounding of a sum of shares; a rest below it is not shown as interaction."""


def document(result: Sizing) -> Document:
    """The whole answer of `size`."""
    model = result.model
    columns = (
        Column("item"),
        Column("stage"),
        Column("period", kind="year"),
        Column("value", kind="number"),
        *interval_columns(result.levels),
        Column("variance_share", kind="number"),
        Column("unit"),
    )
    title, likely = heading(result)
    others = (stage for stage in result.stages if stage is not result.main)
    return Document(
        command="size",
        records=Table(columns, tuple(_records(result))),
        title=title,
        about=(model.table.note.rstrip("."),),
        summary=tuple(filter(None, (likely, _uncertain(result)))),
        sections=(
            _years(result),
            *(_by_year(result, stage) for stage in others),
            *_bridge(result, result.main),
            _drivers(result),
        ),
        brief="-f markdown",
        live=live(result),
        inputs=inputs(*_observed(result)),
        notes=remarks(result.notes),
        series=tuple(about_series(driver.series) for driver in result.model.series),
        provenance=_provenance(result),
    )


def _observed(result: Sizing) -> Iterator[Series]:
    """The series that it rests on, each once, without the forecasts of others."""
    for series in {source.series.id: source.series for source in result.model.series}.values():
        seen = tuple(seen for seen in series.observations if seen.status != "forecast")
        yield replace(series, observations=seen)


def _provenance(result: Sizing) -> Mapping[str, Any]:
    """Options and digests that give the same numbers again."""
    data = [result.model.file.text]
    for source in result.model.series:
        seen = ";".join(f"{observation.period}={observation.value!r}" for observation in source.series.observations)
        data.append(f"{source.series.id}:{seen}")
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
            shares = stage.shares[place]
            grouped = {name for group in shares if len(group) > 1 for name in group}
            uses = result.model.formulas[stage.name].uses
            for name in (driver.name for driver in result.model.drivers if driver.name in uses):
                share = shares.get((name,), None if name in grouped or not shares else 0.0)
                yield name, stage.name, year, *_cells(result.drivers[name][place]), share, result.units[name]
            for group, share in shares.items():
                if len(group) > 1:
                    yield " + ".join(group), stage.name, year, *nothing, share, ""
            if shares:
                yield "interaction", stage.name, year, *nothing, _rest(shares), ""
        for name in _derived(result):
            yield name, "", year, *_cells(result.drivers[name][place]), None, result.units[name]
        if comparison:
            ratio = comparison.ratio[place]
            yield "top_down", comparison.stage, year, *_cells(comparison.top_down[place]), None, unit
            yield "ratio", comparison.stage, year, *(_cells(ratio) if ratio else nothing), None, "ratio"
            above = (comparison.above[place], *nothing[1:])
            yield "probability_above", comparison.stage, year, *above, None, "probability"


def _cells(estimate: Estimate, level: int | None = None) -> tuple[Cell, ...]:
    shown = slice(None) if level is None else slice(level, level + 1)
    return (estimate.value, *bounds(estimate.lower[shown], estimate.upper[shown]))


def _derived(result: Sizing) -> list[str]:
    return [name for name in result.drivers if name not in result.marginals]


def _rest(shares: Mapping[Group, float]) -> float:
    rest = 1 - sum(shares.values())
    return rest if rest > ROUNDING else 0.0


def heading(result: Sizing, write: Writer | None = None) -> Headline:
    """The headline: what the market comes to, or that it is less than was observed; `write` as for a forecast."""
    model, year, place = result.model, result.years[-1], result.headline
    size, comparison = result.main.estimates[-1], result.comparison
    write = write or _amounts(size, result.main.unit, place)
    low, high = write(size.lower[place]), write.full(size.upper[place])
    certain = size.lower[place] == size.upper[place]
    level = result.levels[place]
    if comparison and comparison.origin < year and size.value < comparison.last:
        likely = "" if certain else f", {odds(level, write(size.lower[place]), write(size.upper[place]))}"
        seen = f"{write.seen(comparison.last)} were observed"
        text = f"The drivers give less for {year} than was observed in {comparison.origin}"
        return Headline(text, f"About {write.full(size.value)}{likely}; {seen}.")
    title = model.table.title or model.file.name.removesuffix(".toml")
    return headline(
        title, f"about {write.full(size.value)} in {year}", "" if certain else f"{chances(level, low, high)}."
    )


def _uncertain(result: Sizing) -> str:
    """The drivers that make it uncertain."""
    shares = sorted(result.main.shares[-1].items(), key=lambda share: -share[1])
    large = [f"{' + '.join(map(_words, group))} {100 * share:.0f} %" for group, share in shares[:2] if share >= 0.01]
    return f"Uncertain by: {', '.join(large)}." if large else ""


def _words(name: str) -> str:
    return name.replace("_", " ")


def _amounts(estimate: Estimate, unit: str, place: int = 0) -> Amounts:
    return range_amounts(unit, estimate.value, estimate.lower[place], estimate.upper[place])


def _bridge(result: Sizing, stage: Stage) -> Iterator[Table]:
    """Which factor brings how much of the growth."""
    growth_bridge = bridge(result, stage)
    if not growth_bridge:
        return
    before, after = growth_bridge.before, growth_bridge.after
    together = Effect("together", after / before - 1, after - before)
    write = _amounts(stage.estimates[-1], stage.unit)
    yield tabulated(
        [*growth_bridge.effects, together],
        (Column("factor", "Factor"), lambda effect: effect.factor),
        (growth_column(), lambda effect: 100 * effect.growth),
        (value_column(write, "effect", "Brings"), lambda effect: effect.effect),
        title=f"Growth from {result.years[0]} to {result.years[-1]} by factor, {write.unit}",
        caption="From median to median; factors that bring nothing are left out.",
    )


def _years(result: Sizing) -> Table:
    """The main stage by year, and the forecast of the market it is set against."""
    main, comparison = result.main, result.comparison
    table = _by_year(result, main)
    if not comparison:
        return table
    write = _amounts(main.estimates[0], main.unit, result.headline)
    top = [estimate.value for estimate in comparison.top_down]
    trend = replace(ranges.amount_column(write, "Trend", "trend"), decimals=write.places, factor=write.factor)
    spans = (
        span and span._replace(also=value, beside="observed" if year <= comparison.origin else "other")
        for span, value, year in zip(table.spans, top, result.years, strict=True)
    )
    rows = tuple((*row, value) for row, value in zip(table.rows, top, strict=True))
    return replace(table, columns=(*table.columns, trend), rows=rows, spans=tuple(spans))


def _by_year(result: Sizing, stage: Stage) -> Table:
    """One stage over the years, with its formula and those of derived drivers it names."""
    write, places = _amounts(stage.estimates[0], stage.unit, result.headline), ranges.shown_levels(result.levels)
    named = {used.name for used in names(result.model.formulas[stage.name].node)}
    formulas = [f"{stage.name} = {stage.formula}"]
    formulas += [f"{name} = {result.model.formulas[name].text}" for name in _derived(result) if name in named]
    title = ", ".join(filter(None, (stage.name, stage.title))) if len(result.stages) > 1 else "From its drivers"
    rows = (
        ranges.Row(
            year,
            size.value,
            ()
            if size.lower[0] == size.upper[0]
            else bounds([size.lower[at] for at in places], [size.upper[at] for at in places]),
            tone="strong" if year == result.years[-1] else "plain",
        )
        for year, size in zip(result.years, stage.estimates, strict=True)
    )
    table = ranges.table(
        rows,
        Column("period", "Year", "year"),
        ranges.amount_column(write, "Drivers" if stage is result.main and result.comparison else ""),
        [result.levels[place] for place in places],
        write,
        title=f"{title}, {write.unit}",
    )
    return replace(table, caption="; ".join(formulas))


def _drivers(result: Sizing) -> Table:
    stages, several = result.stages, len(result.stages) > 1
    columns = (
        Column("item", "Driver"),
        Column("value", "Median", "number", mixed=True),
        *(replace(column, mixed=True) for column in interval_columns((result.levels[result.headline],))),
        Column("unit", "Unit", label=True),
        *(Column(f"share_{stage.name}", stage.name if several else "Variance", "percent", 0) for stage in stages),
        Column("basis", "Rests on"),
    )
    title = f"Drivers in {result.years[-1]}" + (", with their shares of the variance of each stage" if several else "")
    return Table(columns, tuple(_driver_rows(result)), title=title)


def _driver_rows(result: Sizing) -> Iterator[tuple[Cell, ...]]:
    for driver in result.model.drivers:
        estimate = result.drivers[driver.name][-1]
        certain = estimate.lower[0] == estimate.upper[0]
        ends = (estimate.value, None, None) if certain else _cells(estimate, result.headline)
        basis = result.marginals[driver.name].basis
        rests = basis if isinstance(driver.value, FromSeries) else f"{driver.written}, {basis}"
        yield driver.name, *ends, driver.unit_text, *(_share((driver.name,), stage) for stage in result.stages), rests
    for name in _derived(result):
        derived = result.model.formulas[name]
        rests = ", ".join(filter(None, (derived.text, derived.source, "assumption" if derived.assumption else "")))
        blank = (None,) * len(result.stages)
        yield name, *_cells(result.drivers[name][-1], result.headline), result.units[name], *blank, rests
    nothing = (None, None, None, "")
    for group in dict.fromkeys(group for stage in result.stages for group in stage.shares[-1] if len(group) > 1):
        shares = (_share(group, stage) for stage in result.stages)
        yield " + ".join(group), *nothing, *shares, "correlated, so estimated together"
    if any(stage.shares[-1] for stage in result.stages):
        rest = (100 * _rest(stage.shares[-1]) if stage.shares[-1] else None for stage in result.stages)
        yield "interaction", *nothing, *rest, "of drivers with each other"


def _share(group: Group, stage: Stage) -> Cell:
    share = stage.shares[-1].get(group)
    return None if share is None else 100 * share


def live(result: Sizing) -> Live:
    """Drivers and formulas of every year for a workbook, the drivers that move the main stage most first."""
    model, main, years, level = result.model, result.main, result.years, result.headline
    _, moves = swings(result)
    moved = {swing.driver: (swing.low, swing.high) for swing in moves}
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
        written = (
            in_spreadsheets(formula.node, nodes | {YEAR: Node("number", (0, 0), value=float(year))}) for year in years
        )
        base = [float(values[stage.name]) / formula.unit.scale for values in plain]
        medians = tuple(estimate.value for estimate in stage.estimates)
        fits = tuple(median / at if at else 1.0 for median, at in zip(medians, base, strict=True))
        outputs.append(
            LiveResult(stage.name, stage.unit, tuple(written), formula.unit.scale, fits, medians, formula.text)
        )
    name = (main.title or model.table.title or main.name).replace("_", " ")
    headline = f"{name[:1].upper()}{name[1:]}: about ", f" {main.unit} in {years[-1]}"
    return Live(years, result.levels[level], tuple(inputs), tuple(outputs), headline)


MOST = 8
"""Drivers shown; further ones move the size less."""


def picture(result: Sizing) -> Picture:
    """The main stage of the last year, beside what was observed and the trend; its drivers; what each factor adds.

    Raises UsageError if no driver is uncertain, or the formula divides by zero at the medians, so there is nothing to
    compare.
    """
    middle, bars = swings(result)
    if not bars:
        raise UsageError("No driver of this sizing is uncertain.", "Give at least one as a range, such as 10..20.")
    if not isfinite(middle):
        raise UsageError(
            "The formula gives no finite number with every driver at its median, so there is nothing to compare.",
            "Give the drivers other ranges.",
        )
    year, place = result.years[-1], result.headline
    size, comparison, level = result.main.estimates[-1], result.comparison, result.levels[place]
    low, high = size.lower[place], size.upper[place]
    last = comparison.last if comparison else size.value
    write = digits(result.main.unit, last, size.value, (low, high))
    rows = [*_ranges(result, write)]
    rows += [
        Row(
            capital(_human(swing.driver)),
            bar=(swing.low, swing.high),
            ends=(write(min(swing.low, swing.high)), write(max(swing.low, swing.high))),
            group="" if rank else "One driver alone, from low to high",
        )
        for rank, swing in enumerate(bars[:MOST])
    ]
    rows += _waterfall(result, write)
    name = short(_human(result.main.title or result.model.table.title or result.main.name))
    head = heading(result, write)
    title, subtitle = head.text, head.subtitle
    most = capital(_human(bars[0].driver))
    more = f"{len(bars) - MOST} drivers that move it less are not drawn" if len(bars) > MOST else ""
    about = ". ".join(filter(None, (result.model.table.title if name not in result.model.table.title else "", more)))
    return Picture(
        plot=Ranges(tuple(rows), (str(year) if not comparison else "", f"{level} % range"), middle),
        title=title,
        subtitle=subtitle,
        about=about,
        unit=write.unit,
        amounts=write,
        source=_source(result),
        alternative=f"Ranges and drivers of {name}. {title}. {subtitle}. {most} moves it most.",
    )


def _ranges(result: Sizing, write: Digits) -> Iterator[Row]:
    """Rows for the observed value, the drivers of that year or the first one, the trend, and the answer last."""
    comparison, years = result.comparison, result.years
    if comparison:
        yield Row(f"Observed, {comparison.origin}", comparison.last, texts=(write.seen(comparison.last), ""), dot=True)
    first = years.index(comparison.origin) if comparison and comparison.origin in years else 0
    if first < len(years) - 1:
        yield _row(f"Drivers, {years[first]}", result.main.estimates[first], result, write)
    if comparison:
        yield _row(f"Trend, {years[-1]}", comparison.top_down[-1], result, write)
    yield _row(f"Drivers, {years[-1]}", result.main.estimates[-1], result, write, answer=True)


def _row(name: str, estimate: Estimate, result: Sizing, write: Digits, *, answer: bool = False) -> Row:
    low, high = estimate.lower[result.headline], estimate.upper[result.headline]
    bounds = tuple(zip(result.levels, estimate.lower, estimate.upper, strict=True)) if high > low else ()
    span = f"{write(low)} to {write(high)}" if bounds else ""
    return Row(name, estimate.value, bounds, (write(estimate.value), span), MAIN if answer else PLAIN, strong=answer)


def _waterfall(result: Sizing, write: Digits) -> Iterator[Row]:
    """From the first year to the last: a step a factor, from where the one before it ends."""
    found = bridge(result, result.main)
    if not found:
        return
    first, last = result.years[0], result.years[-1]
    fine = write._replace(step=write.step / 10)
    at = found.before
    group = f"What each factor adds, {first} to {last}"
    yield Row(str(first), bar=(0.0, at), ends=("", fine(at)), joins=at, strong=True, group=group)
    for effect in found.effects:
        end = at + effect.effect
        sign = "+" if effect.effect >= 0 else "−"
        text = f"{sign}{fine(abs(effect.effect))}"
        sides = ("", text) if effect.effect >= 0 else (text, "")
        yield Row(_factor(effect.factor), bar=(at, end), ends=sides, joins=end)
        at = end
    yield Row(str(last), bar=(0.0, found.after), ends=("", fine(found.after)), tone=MAIN, strong=True)


def _source(result: Sizing) -> str:
    publishers = list(
        dict.fromkeys(driver.series.publisher for driver in result.model.series if driver.series.publisher)
    )
    named = f"{'Source' if len(publishers) == 1 else 'Sources'}: {'; '.join(publishers)}. " if publishers else ""
    return f"{named}Sizing: rural-forecast"


def _factor(text: str) -> str:
    """A factor of a formula in words."""
    if smaller := re.fullmatch(r"min\((\w+), (\w+)\)", text):
        return capital(f"{_human(smaller[1])}, at most {_human(smaller[2])}")
    return capital(_human(text))


def _human(name: str) -> str:
    return name.replace("_", " ")
