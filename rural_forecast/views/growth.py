"""`growth`: for people a row a series, by pace; then growth, the index and the levels by year.

One series has a row a year.
"""

from collections.abc import Iterator, Sequence
from math import exp, log1p
from statistics import mean
from typing import NamedTuple

from rural_forecast.document.picture import MAIN, Course, Label, Panels, Picture
from rural_forecast.document.table import Cell, Column, Document, Span, Table
from rural_forecast.errors import UsageError
from rural_forecast.observed.growth import Growth, GrowthLine
from rural_forecast.observed.observation import Series
from rural_forecast.text.numbers import Amounts, percent
from rural_forecast.text.wording import Headline, capital, headline, listed, runs, short, spans
from rural_forecast.version import __version__
from rural_forecast.views import attribution
from rural_forecast.views.about import digest, documented, inputs, observed
from rural_forecast.views.lines import of_series, pieces, together
from rural_forecast.views.several import MOST_TOGETHER
from rural_forecast.views.table import YEAR, as_given, growth_column, keyed

COLUMNS = keyed(
    "series_id period:year value:number growth_pct:percent index:number derived:boolean unit"
)
_FEWEST_OF_AVERAGE = 2  # years
_MOST_NAMED = 3  # series of a headline behind the fastest one
_LONGEST_SHARED = 24  # characters of the words that all names begin with, as a title of a column


def document(result: Growth, *, levels: bool = False, indexed: bool = False) -> Document:
    """Make the document of `growth`.

    `levels` adds levels and all that it rests on, `indexed` shows the index on a screen too.
    """
    series = [line.series for line in result.lines]
    sections = [*_sections(result, levels=levels, indexed=indexed)]
    grew = any(map(_rates, result.lines))
    return documented(
        "growth",
        heading(result),
        Table(COLUMNS, tuple(_records(result))),
        sections or [Table((), ())],
        result.notes,
        *series,
        shown=2 if indexed and grew and len(sections) > 1 else 1,
        brief="" if levels else "--explain",
        observed=lambda: inputs(*map(observed, series)),
        provenance={
            "version": __version__,
            "data_digest": digest(_data(result)),
            "options": {
                "base": result.base,
                "since": result.years[0],
                "until": result.years[-1],
                **result.options,
            },
        },
    )


def _records(result: Growth) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of the contract: one a series and year."""
    for line in result.lines:
        for point in line.points:
            yield (
                line.series.id,
                point.year,
                point.value,
                point.growth_pct,
                point.indexed,
                point.derived,
                line.series.unit,
            )


def _data(result: Growth) -> Iterator[str]:
    """Yield the lines by which the data of two runs are compared."""
    for line in result.lines:
        for point in line.points:
            yield f"{line.series.id},{point.year},{point.value!r},{point.growth_pct!r}"


def _sections(result: Growth, *, levels: bool, indexed: bool) -> Iterator[Table]:
    """Yield the tables for people, as far as they hold something."""
    series = [line.series for line in result.lines]
    grew = any(map(_rates, result.lines))
    by_year = []
    if grew and len(series) == 1:
        yield _by_year(result.lines[0])
    elif grew:
        yield _by_pace(result)
        by_year.append(_side_by_side(result, "Growth on the year before", growth_column()))
    if result.base is not None and len(result.years) > 1:
        column = Column("indexed", kind="number", decimals=1)
        by_year.append(_side_by_side(result, f"Index, {result.base} = 100", column))
    # A screen shows the first sections alone: there an index that is asked for comes before growth.
    yield from reversed(by_year) if indexed else by_year
    if levels and len(series) > 1:
        units = {one.unit for one in series}
        unit = next(iter(units)) if len(units) == 1 else ""
        title = f"Levels, {unit}" if unit else "Levels"
        yield _side_by_side(result, title, Column("value", kind="number"))
    if any(one.title or one.definition or one.unit for one in series):
        yield _compared(series)


class _Names(NamedTuple):
    """The words that the names of all series begin with, and the names without them."""

    shared: str
    short: list[str]


class _PaceRow(NamedTuple):
    """The mean growth of a series over some years, and its level in the last one."""

    name: str
    years: Sequence[int]  # those of growth, without a gap
    pace: float | None
    last: float | None
    unit: str


def _by_pace(result: Growth) -> Table:
    """Tabulate a row a series, the one that grew fastest first.

    All have the same years where there are some that they share, else the last ones of their own.
    """
    names = _names(result.lines)
    common = _common_years([*map(_rates, result.lines)])
    has_common = bool(common) and runs(common) == [common]
    paces = []
    for line, name in zip(result.lines, names.short, strict=True):
        years = common if has_common else _last_run(line)
        paces.append(_pace_row(line, capital(name), years))
    paces.sort(key=lambda pace: (pace.pace is None, -(pace.pace or 0.0)))

    units = {pace.unit for pace in paces if pace.unit}
    year = str(common[-1]) if has_common else ""
    unit = next(iter(units)) if len(units) == 1 else ""
    head = ", ".join(filter(None, (unit, year))) or "Last"
    columns = (
        Column("series_id", _head_of_names(names)),
        Column("from_period", "From", "year"),
        Column("to_period", "To", "year"),
        as_given(Column("value", head, "number", amount=True), [pace.last for pace in paces]),
        Column("unit", "Unit"),
        growth_column("pace", "A year"),
    )
    rows = []
    for pace in paces:
        # The first growth is that since the year before.
        start = pace.years[0] - 1 if pace.pace is not None else None
        end = pace.years[-1] if pace.years else None
        rows.append((pace.name, start, end, pace.last, pace.unit, pace.pace))
    table = Table(
        columns,
        tuple(rows),
        "Growth a year, on average",
        spans=_bars([pace.pace for pace in paces]),
        span_unit=" %",
    )
    left_out = []
    if has_common:  # the headline names the years
        left_out += ["from_period", "to_period"]
    if len(units) <= 1:
        left_out.append("unit")
    if all(pace.last is None for pace in paces):
        left_out.append("value")
    return table.without(*left_out)


def _pace_row(line: GrowthLine, name: str, years: Sequence[int]) -> _PaceRow:
    """The pace over years of known growth; without any, the last level alone."""
    rate = _pace(_rates(line), years) if years else None
    levels = {point.year: point.value for point in line.points if point.value is not None}
    if not years and levels:
        years = [max(levels)]
    last = levels.get(years[-1]) if years else None
    unit = line.series.unit if last is not None else ""
    return _PaceRow(name, years, rate, last, unit)


def _last_run(line: GrowthLine) -> list[int]:
    """List the last years without a gap of which the growth is known, and is no loss of all."""
    together = runs(year for year, rate in _rates(line).items() if rate > -100)
    return together[-1] if together else []


def _head_of_names(names: _Names) -> str:
    """Name the column of names by the words that all of them begin with, if these are few."""
    return names.shared if 0 < len(names.shared) <= _LONGEST_SHARED else "Series"


def _by_year(line: GrowthLine) -> Table:
    """Tabulate the level and the growth of one series, a row a year."""
    points = [
        point for point in line.points if point.value is not None or point.growth_pct is not None
    ]
    unit = line.series.unit
    columns = (
        YEAR,
        as_given(Column("value", unit or "Value", "number"), [point.value for point in points]),
        growth_column(),
    )
    rates = [point.growth_pct for point in points]
    rows = tuple((point.year, point.value, point.growth_pct) for point in points)
    table = Table(columns, rows, "Growth on the year before", spans=_bars(rates), span_unit=" %")
    has_levels = any(point.value is not None for point in points)
    return table if has_levels else table.without("value")


def _bars(rates: Sequence[float | None]) -> tuple[Span | None, ...]:
    """Draw a bar from no growth to each rate; a stroke marks none where some series shrank."""
    zero = 0.0 if min(rate for rate in rates if rate is not None) < 0 else None
    spans_of_rates = []
    for rate in rates:
        span = None
        if rate is not None:
            span = Span(rate, min(rate, 0.0), max(rate, 0.0), "observed", zero)
        spans_of_rates.append(span)
    return tuple(spans_of_rates)


def _compared(series: Sequence[Series]) -> Table:
    """Tabulate what each series is."""
    columns = (Column("label", "Series"), Column("title", "What it is"), Column("unit", "Unit"))
    rows = tuple(
        (one.label, one.definition or one.title or None, one.unit or None) for one in series
    )
    return Table(columns, rows, "Series compared")


def heading(result: Growth) -> Headline:
    """Make the headline: who grew fastest over the years that all have, and how fast others did."""
    rates = [*map(_rates, result.lines)]
    if not any(rates):
        text = f"No growth is known of {spans(result.years)}"
        return Headline(text, "It takes the level of the year before.")
    names = _names(result.lines)
    years = _common_years(rates)
    if not years or runs(years) != [years]:
        who = names.short[0] if len(names.short) == 1 else f"{len(names.short)} series"
        return Headline(f"Growth of {who}, year by year")

    span = f"in {years[0]}"
    every = ""
    if len(years) > 1:
        span = f"from {years[0] - 1} to {years[-1]}"  # the first growth is that since this year
        every = " a year"
    paces = [_pace(rates_of_one, years) for rates_of_one in rates]
    ranked = sorted(zip(paces, names.short, strict=True), key=lambda one: -one[0])
    most = f"{percent(ranked[0][0])}{every} {span}"
    tied = [name for pace, name in ranked if percent(pace) == percent(ranked[0][0])]
    first = tied[0]
    if len(tied) > 1:
        first = listed(tied) if len(tied) == 2 else f"{len(tied)} series"
    others = ranked[len(tied) :]
    if not others:
        return headline(first, most)
    rest = "; ".join(f"{name} {percent(pace)}" for pace, name in others[:_MOST_NAMED])
    others_grew = f"{names.shared}: {rest}." if names.shared else f"{rest}."
    return headline(first, f"fastest growth, {most}", capital(others_grew))


def _common_years(rates: Sequence[dict[int, float]]) -> list[int]:
    """List the years in which the growth of all is known, and none lost everything."""
    common = set(rates[0])
    for rates_of_one in rates:
        common &= {year for year, rate in rates_of_one.items() if rate > -100}
    return sorted(common)


def _pace(rates: dict[int, float], years: Sequence[int]) -> float:
    """Compute compound growth a year in percent."""
    return 100 * (exp(mean(log1p(rates[year] / 100) for year in years)) - 1)


def _rates(line: GrowthLine) -> dict[int, float]:
    """Give the growth of each year for which it is known."""
    return {point.year: point.growth_pct for point in line.points if point.growth_pct is not None}


def _side_by_side(result: Growth, title: str, column: Column) -> Table:
    """Tabulate a row a year and a column a series.

    The key of `column` is the attribute of the points that is shown.
    """
    columns = [YEAR]
    cells = [list[Cell](result.years)]
    for line, name in zip(result.lines, _names(result.lines).short, strict=True):
        values = {point.year: getattr(point, column.key) for point in line.points}
        if any(value is not None for value in values.values()):
            columns.append(column._replace(key=line.series.id, title=capital(name)))
            cells.append([values.get(year) for year in result.years])
    return Table(tuple(columns), tuple(zip(*cells, strict=True)), title)


def picture(result: Growth) -> Picture:
    """Draw a line a series, with gaps for years without a figure; of many series, each has a panel.

    The series that the headline names has the accent. Panels have one axis.
    """
    lines = [line for line in result.lines if _rates(line)]
    if not lines:
        raise UsageError("No growth is known in the years asked for.", "Ask for more years.")
    names = _names(lines).short
    rates = [*map(_rates, lines)]
    head = heading(result)

    in_panels = len(lines) > MOST_TOGETHER
    every_rate = tuple(rate for rates_of_one in rates for rate in rates_of_one.values())
    every_year = set[int]().union(*rates)
    order = _accented_first(names, head)
    courses = []
    averages = _averages(rates)
    for name, rates_of_one, average in zip(names, rates, averages, strict=True):
        tone = MAIN if in_panels else MAIN + order.index(name)
        last = rates_of_one[max(rates_of_one)]
        words = average if in_panels else ", ".join(filter(None, (name, average)))
        label = Label(last, percent(last), words, tone, strong=tone == MAIN)
        course = Course(
            tuple(pieces(name, rates_of_one, tone)),
            labels=(label,),
            axis_values=every_rate if in_panels else (),
            axis_years=(min(every_year), max(every_year)) if in_panels else (),
        )
        courses.append(course)

    plot: Panels | Course
    if in_panels:
        pictures = []
        for course, name, rates_of_one in zip(courses, names, rates, strict=True):
            year = max(rates_of_one)
            spoken = f"{name}: growth of {percent(rates_of_one[year])} in {year}."
            pictures.append(Picture(course, name, alternative=spoken))
        plot = Panels(tuple(pictures))
    else:
        plot = together(courses)
    named = attribution.of_series(*(line.series for line in result.lines))
    return of_series(
        plot,
        Amounts("%", 1),
        head,
        about=f"Growth on the year before, {spans(every_year)}",
        source=attribution.line(named, ""),
    )


def _averages(rates: Sequence[dict[int, float]]) -> list[str]:
    """Write the growth of each series that the headline compares; empty where it compares none."""
    years = _common_years(rates)
    if len(years) < _FEWEST_OF_AVERAGE or runs(years) != [years]:
        return [""] * len(rates)
    return [f"average {percent(_pace(rates_of_one, years))}" for rates_of_one in rates]


def _accented_first(names: Sequence[str], head: Headline) -> list[str]:
    """Sort names so that the one that the headline begins with is first."""
    first = names[0]
    for name in names:
        if head.text.startswith(f"{capital(name)}:"):
            first = name
            break
    return sorted(names, key=lambda name: name != first)


def _names(lines: Sequence[GrowthLine]) -> _Names:
    """Shorten the names of series to the words in which they differ."""
    words = []
    for line in lines:
        series = line.series
        name = series.title if series.title and not series.file else line.label
        words.append(short(name).removeprefix("Growth of ").split())
    shared = list[str]()
    while _share_a_word(words):
        shared.append(words[0][0])
        words = [name[1:] for name in words]
    return _Names(" ".join(shared).rstrip(",:"), [" ".join(name) for name in words])


def _share_a_word(names: Sequence[Sequence[str]]) -> bool:
    """Return True if several names begin with one word and each has more words."""
    if len(names) < 2:
        return False
    first_words = {name[0] for name in names}
    return len(first_words) == 1 and all(len(name) > 1 for name in names)
