"""`growth` as a document: for people a column a series, growth first, then the index, then the levels if asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from math import exp, log1p
from statistics import mean
from typing import Any

from rural_forecast.document.picture import MAIN, Course, Label, Panels, Picture
from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.errors import UsageError
from rural_forecast.series.growth import Growth, GrowthLine, GrowthPoint
from rural_forecast.text.headline import Headline, headline, short
from rural_forecast.text.numbers import percent
from rural_forecast.text.style import Digits
from rural_forecast.text.wording import capital, runs, spans
from rural_forecast.version import __version__
from rural_forecast.views.about import about_series, digest, title_of
from rural_forecast.views.columns import growth_column, tabulated
from rural_forecast.views.drawing import pieces, source, tone
from rural_forecast.views.notes import remarks


def document(result: Growth, *, levels: bool = False, indexed: bool = False) -> Document:
    """The document of `growth`; `levels` adds levels and all that it rests on, `indexed` shows the index."""
    sections = tuple(_sections(result, levels)) or (Table((), ()),)
    title, more = heading(result)
    return Document(
        command="growth",
        records=_records(result),
        title=title,
        summary=(more,),
        sections=sections,
        shown=1 + (indexed and _any_growth(result) and len(sections) > 1),
        brief="" if levels else "--explain",
        notes=remarks(result.notes),
        series=tuple(about_series(line.series) for line in result.lines),
        provenance=_provenance(result),
    )


def heading(result: Growth) -> Headline:
    """The headline: who grew fastest over the years that all have, and how fast the others did."""
    rates = [
        {point.year: point.growth_pct for point in line.points if point.growth_pct is not None} for line in result.lines
    ]
    years = sorted(set.intersection(*map(set, rates)))
    years = [year for year in years if all(rate[year] > -100 for rate in rates)]
    names = [short(line.label) for line in result.lines]
    if not _any_growth(result):
        return Headline(f"No growth is known of {spans(result.years)}", "It takes the level of the year before.")
    if not years or runs(years) != [years]:
        who = names[0] if len(names) == 1 else f"{len(names)} series"
        return Headline(f"Growth of {who}, year by year", *_leaders(result))
    span = f"from {years[0]} to {years[-1]}" if len(years) > 1 else f"in {years[0]}"
    every = " a year" if len(years) > 1 else ""
    paces = [100 * (exp(mean(log1p(rate[year] / 100) for year in years)) - 1) for rate in rates]
    ranked = sorted(zip(paces, names, strict=True), reverse=True)
    (most, first), others = ranked[0], ranked[1:]
    if not others:
        return headline(first, f"{percent(most)}{every} {span}")
    rest = [f"{name} {percent(pace)}" for pace, name in others[:3]]
    return headline(first, f"fastest growth, {percent(most)}{every} {span}", f"{capital('; '.join(rest))}.")


def _records(result: Growth) -> Table:
    return tabulated(
        ((line.series, point) for line in result.lines for point in line.points),
        (Column("series_id"), lambda row: row[0].id),
        (Column("period", kind="year"), lambda row: row[1].year),
        (Column("value", kind="number"), lambda row: row[1].value),
        (Column("growth_pct", kind="percent"), lambda row: row[1].growth_pct),
        (Column("index", kind="number"), lambda row: row[1].indexed),
        (Column("derived", kind="boolean"), lambda row: row[1].derived),
        (Column("unit"), lambda row: row[0].unit),
    )


def _provenance(result: Growth) -> dict[str, Any]:
    points = ((line.series.id, point) for line in result.lines for point in line.points)
    data = (f"{name},{point.year},{point.value!r},{point.growth_pct!r}" for name, point in points)
    options = {"base": result.base, "since": result.years[0], "until": result.years[-1], **result.options}
    return {"version": __version__, "data_digest": digest(data), "options": options}


def _leaders(result: Growth) -> tuple[str, ...]:
    """Which series grew most in each year in which two or more are known."""
    years: dict[str, list[int]] = {}
    for year in result.years:
        known = [(point.growth_pct, line.label) for line in result.lines for point in line.points if point.year == year]
        rates = sorted(((rate, label) for rate, label in known if rate is not None), reverse=True)
        if len(rates) > 1 and rates[0][0] > rates[1][0]:
            years.setdefault(rates[0][1], []).append(year)
    ranked = sorted(years.items(), key=lambda item: -len(item[1]))
    named = "; ".join(f"{label} in {spans(of_label)}" for label, of_label in ranked)
    return (f"Grew fastest: {named}.",) if named else ()


def _any_growth(result: Growth) -> bool:
    return any(point.growth_pct is not None for line in result.lines for point in line.points)


def _sections(result: Growth, levels: bool) -> Iterator[Table]:
    if _any_growth(result):
        column = growth_column()
        yield _side_by_side(result, "Growth on the year before", column, lambda p: (p.growth_pct, p.growth_derived))
    if result.base is not None and len(result.years) > 1:
        column = Column("index", kind="number", decimals=1)
        yield _side_by_side(result, f"Index, {result.base} = 100", column, lambda p: (p.indexed, p.value_derived))
    units = {line.series.unit for line in result.lines}
    if levels:
        title = f"Levels, {next(iter(units))}" if len(units) == 1 and units != {""} else "Levels"
        table = _side_by_side(result, title, Column("value", kind="number"), lambda p: (p.value, p.value_derived))
        ratios = _ratios(result) if len(result.lines) == 2 and len(units) == 1 else []
        name = f"{result.lines[-1].label} / {result.lines[0].label}"
        yield _with(table, Column("ratio", name, "number", 2), ratios) if any(ratios) else table
    if any(line.series.title or line.series.definition or line.series.unit for line in result.lines):
        yield tabulated(
            result.lines,
            (Column("label", "Series"), lambda line: line.label),
            (Column("title", "What it is"), _described),
            (Column("unit", "Unit"), lambda line: line.series.unit or None),
            title="Series compared",
        )


def _side_by_side(
    result: Growth, title: str, column: Column, reading: Callable[[GrowthPoint], tuple[float | None, bool]]
) -> Table:
    """A row a year, a column a series, and a narrow one of marks where any of its values is derived."""
    table = Table((Column("period", "Year", "year"),), tuple((year,) for year in result.years), title)
    for line in result.lines:
        by_year = {point.year: reading(point) for point in line.points}
        cells = [by_year.get(year, (None, False)) for year in result.years]
        if any(value is not None for value, _ in by_year.values()):
            named = replace(column, key=line.series.id, title=line.label)
            table = _with(table, named, [value for value, _ in cells])
            marks = ["*" if derived and value is not None else "" for value, derived in cells]
            if any(derived and value is not None for value, derived in by_year.values()):
                table = _with(table, Column(f"{line.series.id}_mark"), marks)
    return table


def _with(table: Table, column: Column, cells: Sequence[Cell]) -> Table:
    """A table with one more column."""
    rows = tuple((*row, cell) for row, cell in zip(table.rows, cells, strict=True))
    return replace(table, columns=(*table.columns, column), rows=rows)


def _ratios(result: Growth) -> list[float | None]:
    """The second series over the first, by year."""
    first, second = ({point.year: point.value for point in line.points} for line in result.lines)
    pairs = ((first.get(year), second.get(year)) for year in result.years)
    return [above / below if below is not None and above is not None and below > 0 else None for below, above in pairs]


def _described(line: GrowthLine) -> str | None:
    series = line.series
    return ": ".join(filter(None, (series.title if series.title != line.label else "", series.definition))) or None


MOST_TOGETHER = 6
"""Series in one drawing; of more, each has a panel of its own."""


def picture(result: Growth) -> Picture:
    """A line a series; a year without a figure leaves a gap. Of many series, each has a panel, on one axis.

    Raises UsageError if no growth is known.
    """
    known = [(_name(line), rates) for line in result.lines if (rates := _rates(line))]
    if not known:
        raise UsageError("No growth is known in the years asked for.", "Ask for more years.")
    known = _told_apart(known)
    plot: Course | Panels
    if len(known) > MOST_TOGETHER:
        also = tuple(rate for _, rates in known for _, rate in rates)
        plot = Panels(
            tuple(
                Picture(
                    Course(tuple(pieces("growth", dict(rates), MAIN)), labels=(_rate(rates, "", MAIN),), also=also),
                    title=name,
                )
                for name, rates in known
            )
        )
    else:
        lines = tuple(piece for at, (name, rates) in enumerate(known) for piece in pieces(name, dict(rates), tone(at)))
        labels = tuple(_rate(rates, name, tone(at)) for at, (name, rates) in enumerate(known))
        plot = Course(lines=lines, labels=labels)
    title = _fastest([(name, *rates[-1]) for name, rates in known])
    years = sorted({year for _, rates in known for year, _ in rates})
    return Picture(
        plot=plot,
        title=title,
        about=f"Growth on the year before, {spans(years)}",
        unit="%",
        amounts=Digits("%", 1.0, 0.1),
        source=source(*(line.series for line in result.lines), credit=""),
        alternative=f"Line chart of growth on the year before. {title}.",
    )


def _name(line: GrowthLine) -> str:
    name = short(title_of(line.series)) if line.series.title else line.label
    return name.removeprefix("Growth of ")


def _told_apart(known: list[tuple[str, list[tuple[int, float]]]]) -> list[tuple[str, list[tuple[int, float]]]]:
    """Leave out the words that all names begin with."""
    names = [name.split() for name, _ in known]
    same = 0
    while (
        len(names) > 1
        and len({tuple(name[: same + 1]) for name in names}) == 1
        and all(len(name) > same + 1 for name in names)
    ):
        same += 1
    return [(" ".join(name[same:]), rates) for name, (_, rates) in zip(names, known, strict=True)]


def _rates(line: GrowthLine) -> list[tuple[int, float]]:
    return [(point.year, point.growth_pct) for point in line.points if point.growth_pct is not None]


def _rate(rates: list[tuple[int, float]], name: str, ink: int) -> Label:
    return Label(rates[-1][1], percent(rates[-1][1]), name, ink, strong=ink == MAIN)


def _fastest(ends: list[tuple[str, int, float]]) -> str:
    """Name the series that grew fastest in the last year that all have; else the last growth of the first."""
    name, year, rate = max(ends, key=lambda end: end[2])
    if len(ends) == 1 or len({year for _, year, _ in ends}) > 1:
        name, year, rate = ends[0]
        return capital(f"{name}: {percent(rate)} in {year}")
    return capital(f"{name} grew fastest in {year}, by {percent(rate, ',.1f')}")
