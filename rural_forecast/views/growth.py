"""`growth`: a column a series for people, growth first, then the index, then the levels if asked
for.
"""

from collections.abc import Sequence
from math import exp, log1p
from statistics import mean
from typing import Any

from rural_forecast.document.picture import MAIN, Course, Label, Panels, Picture
from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.errors import UsageError
from rural_forecast.series.growth import Growth, GrowthLine
from rural_forecast.text.numbers import Amounts, percent
from rural_forecast.text.wording import Headline, capital, headline, runs, short, spans
from rural_forecast.version import __version__
from rural_forecast.views.about import digest, documented
from rural_forecast.views.chart import MOST_TOGETHER, of_series, pieces, source, together
from rural_forecast.views.table import growth_column, keyed

COLUMNS = keyed(
    "series_id period:year value:number growth_pct:percent index:number derived:boolean unit"
)


def document(result: Growth, *, levels: bool = False, indexed: bool = False) -> Document:
    """The document of `growth`; `levels` adds levels and all that it rests on, `indexed` shows the
    index.
    """
    points = [(line.series, at) for line in result.lines for at in line.points]
    data = (f"{series.id},{at.year},{at.value!r},{at.growth_pct!r}" for series, at in points)
    options = {
        "base": result.base,
        "since": result.years[0],
        "until": result.years[-1],
        **result.options,
    }
    made = {"version": __version__, "data_digest": digest(data), "options": options}
    rows = tuple(
        (series.id, at.year, at.value, at.growth_pct, at.indexed, at.derived, series.unit)
        for series, at in points
    )
    sections = list[Table]()
    grew = any(map(_rates, result.lines))
    several = [line.series for line in result.lines]
    if grew:
        sections.append(_side_by_side(result, "Growth on the year before", growth_column()))
    if result.base is not None and len(result.years) > 1:
        column = Column("indexed", kind="number", decimals=1)
        sections.append(_side_by_side(result, f"Index, {result.base} = 100", column))
    if levels:
        units = {series.unit for series in several}
        title = f"Levels, {next(iter(units))}" if len(units) == 1 and units != {""} else "Levels"
        sections.append(_side_by_side(result, title, Column("value", kind="number")))
    if any(each.title or each.definition or each.unit for each in several):
        about = (
            (each.label, each.definition or each.title or None, each.unit or None)
            for each in several
        )
        columns = Column("label", "Series"), Column("title", "What it is"), Column("unit", "Unit")
        sections.append(Table(columns, tuple(about), "Series compared"))
    shown = 1 + (indexed and grew and len(sections) > 1)
    more: dict[str, Any] = {
        "shown": shown,
        "brief": "" if levels else "--explain",
        "provenance": made,
    }
    sections = sections or [Table((), ())]
    return documented(
        "growth", heading(result), Table(COLUMNS, rows), sections, result.notes, *several, **more
    )


def heading(result: Growth) -> Headline:
    """The headline: who grew fastest over the years that all have, and how fast the others did."""
    rates = [*map(_rates, result.lines)]
    years = sorted(set.intersection(*map(set, rates)))
    years = [year for year in years if all(rate[year] > -100 for rate in rates)]
    shared, names = _names(result.lines)
    if not any(rates):
        return Headline(
            f"No growth is known of {spans(result.years)}", "It takes the level of the year before."
        )
    if not years or runs(years) != [years]:
        who = names[0] if len(names) == 1 else f"{len(names)} series"
        return Headline(f"Growth of {who}, year by year")
    span = f"from {years[0]} to {years[-1]}" if len(years) > 1 else f"in {years[0]}"
    every = " a year" if len(years) > 1 else ""
    paces = [100 * (exp(mean(log1p(rate[year] / 100) for year in years)) - 1) for rate in rates]
    (most, first), *others = sorted(zip(paces, names, strict=True), reverse=True)
    if not others:
        return headline(first, f"{percent(most)}{every} {span}")
    rest = [f"{name} {percent(pace)}" for pace, name in others[:3]]
    others_grew = f"{shared}: {'; '.join(rest)}." if shared else f"{'; '.join(rest)}."
    return headline(first, f"fastest growth, {percent(most)}{every} {span}", capital(others_grew))


def _rates(line: GrowthLine) -> dict[int, float]:
    return {point.year: point.growth_pct for point in line.points if point.growth_pct is not None}


def _side_by_side(result: Growth, title: str, column: Column) -> Table:
    """A row a year, and a column a series of the attribute of its points that a column is keyed by."""
    columns = [Column("period", "Year", "year")]
    cells = [list[Cell](result.years)]
    for line, name in zip(result.lines, _names(result.lines)[1], strict=True):
        known = {point.year: getattr(point, column.key) for point in line.points}
        if any(value is not None for value in known.values()):
            columns.append(column._replace(key=line.series.id, title=capital(name)))
            cells.append([known.get(year) for year in result.years])
    return Table(tuple(columns), tuple(zip(*cells, strict=True)), title)


def picture(result: Growth) -> Picture:
    """A line a series; a year without a figure leaves a gap. Of many series, each has a panel, on
    one axis.
    """
    known = [line for line in result.lines if _rates(line)]
    if not known:
        raise UsageError("No growth is known in the years asked for.", "Ask for more years.")
    (_, names), rates, head = _names(known), [*map(_rates, known)], heading(result)
    beside = len(known) > MOST_TOGETHER
    also = tuple(rate for of in rates for rate in of.values() if beside)
    first = next((name for name in names if head.text.startswith(f"{capital(name)}:")), names[0])
    # The one that the headline names has the accent.
    order = sorted(names, key=lambda name: name != first)
    courses = []
    for name, of in zip(names, rates, strict=True):
        ink = MAIN if beside else MAIN + order.index(name)
        last = of[max(of)]
        end = Label(last, percent(last), "" if beside else name, ink, strong=ink == MAIN)
        courses.append(Course(tuple(pieces(name, of, ink)), labels=(end,), axis_values=also))
    panels = (Picture(course, name) for course, name in zip(courses, names, strict=True))
    plot = Panels(tuple(panels)) if beside else together(courses)
    about = f"Growth on the year before, {spans({year for of in rates for year in of})}"
    credit = source(*(line.series for line in result.lines), credit="")
    return of_series(plot, Amounts("%", 1), head, about=about, source=credit)


def _names(lines: Sequence[GrowthLine]) -> tuple[str, list[str]]:
    """The words that all names begin with, and short names without them."""
    named = (
        (line.series.title if line.series.title and not line.series.file else line.label)
        for line in lines
    )
    words = [short(name).removeprefix("Growth of ").split() for name in named]
    shared = list[str]()
    while (
        len(words) > 1
        and len({name[0] for name in words}) == 1
        and all(len(name) > 1 for name in words)
    ):
        shared.append(words[0][0])
        words = [name[1:] for name in words]
    return " ".join(shared).rstrip(",:"), [" ".join(name) for name in words]
