"""`triangulate`: one row an argument with its range and weight, and the answer."""

from collections.abc import Iterator, Sequence

from rural_forecast.document.picture import Picture, Ranges
from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.forecasting.past_record import ENOUGH, ahead
from rural_forecast.observed.history import History
from rural_forecast.record.arguments.argument import (
    DEFINITION,
    DRIVERS,
    LEADING,
    NOWCAST,
    TREND,
    Argument,
)
from rural_forecast.record.triangulation import Triangulation
from rural_forecast.text import wording as words
from rural_forecast.text.numbers import Amounts, adding_up, digits, number, range_amounts
from rural_forecast.text.wording import Headline, capital, counted, listed
from rural_forecast.views import attribution, chances, others, premises, recorded, table
from rural_forecast.views.about import documented, first_clause
from rural_forecast.views.lines import of_series
from rural_forecast.views.names import title_of
from rural_forecast.views.rows import Bound, range_row
from rural_forecast.views.table import RangedRow

COLUMNS = (
    *table.keyed("series_id argument period:year value:number"),
    *table.interval_columns((80,)),
    *table.keyed("weight:number held_80:integer n:integer definition why"),
)
DRAWN = (50, 80)  # levels of the picture
STATED = 80  # the level that the range of somebody else is shown at
OURS = (TREND, NOWCAST, LEADING, DEFINITION, DRIVERS, "together")
"""Arguments that this package computes; any other is a figure of somebody else."""


def document(
    result: Triangulation, *, targets: Sequence[float] = (), arithmetic: bool = False
) -> Document:
    """Make the document of `triangulate`; with `targets`, the rows are those of their chances.

    `arithmetic` adds how the answer follows from the arguments.
    """
    reached = [result.chance(target) for target in dict.fromkeys(targets)]
    write = _write(result)
    forecast = result.leading or result.trend
    arguments = (*result.arguments, result.together)
    rows = Table(COLUMNS, tuple(_record_row(result, argument) for argument in arguments))
    if reached:
        rows = chances.tabulated(result.series.id, reached)
    return documented(
        "triangulate",
        heading(result, targets=targets),
        rows,
        [
            _screen(result),
            *([_arithmetic(result)] if arithmetic else []),
            _evidence(result),
            *others.markets(result.trend),
        ],
        result.notes,
        result.series,
        sentences=(
            *moved_by(result, write),
            *(chances.sentence(one, write) for one in reached),
            *remarks(result),
        ),
        brief="" if arithmetic else "--explain",
        shown=3 if arithmetic else 1,
        inputs=recorded.inputs_of(forecast, *_of_definition(result)),
        provenance=recorded.made_by(forecast, weights=dict(result.stated), **_recorded(result)),
        figures=chances.figures(reached),
    )


def _of_definition(result: Triangulation) -> list[History]:
    """List the other definition whose growth is an argument."""
    return [result.growth.history] if result.growth else []


def _recorded(result: Triangulation) -> dict[str, str]:
    """Name that definition as an option of a record."""
    return {DEFINITION: result.growth.history.series.id} if result.growth else {}


def _record_row(result: Triangulation, argument: Argument) -> tuple[Cell, ...]:
    """Make the row of the contract of an argument."""
    has_record = argument.held is not None
    return (
        result.series.id,
        argument.name,
        result.year,
        _value(argument),
        *(argument.ends() if _has_range(argument) else (None, None)),
        argument.weight,
        argument.held,
        argument.n if has_record else None,
        argument.definition,
        _why(argument),
    )


def amount(argument: Argument, write: Amounts) -> str:
    """Write the value of an argument; a published figure as it was given."""
    return write(argument.value) if argument.name in OURS else write.given(_value(argument))


def _value(argument: Argument) -> float:
    """Give the value of an argument; a published figure without the noise of logarithms in it."""
    if argument.name in OURS:
        return argument.value
    return float(f"{argument.value:.15g}")


def _has_range(argument: Argument) -> bool:
    """Return True if the range of an argument is ours, or was stated by its author."""
    return not argument.is_point


def remarks(result: Triangulation) -> tuple[str, ...]:
    """Say between which arguments the answer lies, and how wide those count that have no range."""
    points = [one.name for one in result.arguments if one.is_point and one.weight]
    if not points:
        return (result.together.why,)
    several = len(points) > 1
    what = "are points; the answer gives each" if several else "is a point; the answer gives it"
    return (result.together.why, f"{listed(points)} {what} the width of our trend.")


def _evidence(result: Triangulation) -> Table:
    """Tabulate the record of each argument, its definition, and what it rests on."""
    return table.tabulated(
        result.arguments,
        Column("name", "Argument"),
        (Column("record", "Ranges"), _record),
        (Column("definition", "Counts"), lambda argument: first_clause(argument.definition)),
        (Column("why", "Rests on"), _why),
        title="What the arguments rest on",
    )


def _arithmetic(result: Triangulation) -> Table:
    """Tabulate what each argument counts, on which record, and what it adds to the answer."""
    write = _write(result)
    finer = write if write.places is None else write._replace(places=write.places + 1)
    step = write.factor / 10 ** (finer.places or 0)
    adds = adding_up([one.weight * one.value for one in result.arguments], step)
    rows = list(map(_step, result.arguments, adds))
    together = result.together
    rows.append((together.name, None, None, None, None, 1.0, together.value, sum(adds)))
    columns = (
        Column("argument", "Argument"),
        table.share_column("leaders", "Leaders"),
        Column("smape", "sMAPE", "number", 1),
        Column("smape_of_trend", "Trend's", "number", 1),
        Column("counts_as", "Counts as", "number", 2),
        table.share_column("weight", "Weight"),
        table.value_column(write, str(result.year), "value"),
        table.value_column(finer, "Adds", "adds"),
    )
    return Table(columns, tuple(rows), "How the answer follows: weight times value, added up")


def _step(argument: Argument, adds: float) -> tuple[Cell, ...]:
    """Make the row of an argument in the arithmetic."""
    record = argument.record
    against = argument.against
    return (
        argument.name,
        argument.leaders,
        record.smape if record and record.n >= ENOUGH else None,
        against.smape if against and against.n >= ENOUGH else None,
        None if argument.is_stated or not argument.weight else argument.counts,
        argument.weight,
        argument.value,
        adds,
    )


def heading(
    result: Triangulation, write: Amounts | None = None, targets: Sequence[float] = ()
) -> Headline:
    """Make the headline: the answer and its range, or the chance of a target.

    `write` as for a forecast.
    """
    together = result.together
    head = words.about(
        title_of(result.series),
        result.year,
        together.value,
        80,
        together.ends(),
        write or _write(result),
    )
    if not targets:
        return head
    reached = result.chance(targets[0])
    title = title_of(result.series)
    return chances.heading(title, reached, write or _write(result), head.range)


def _write(result: Triangulation) -> Amounts:
    """Choose how amounts are written in sentences and tables."""
    together = result.together
    largest = max(abs(argument.value) for argument in result.arguments)
    return range_amounts(result.series.unit, together.value, *together.ends(), largest=largest)


def _record(argument: Argument) -> str:
    """Say how often the ranges of an argument held, and on what that rests."""
    if argument.held is None:
        return "no record"
    basis = f", {argument.record.basis}" if argument.record else ""
    return f"held {argument.held} of {argument.n}{basis}"


def _record_for_clients(argument: Argument) -> str:
    """Say how often the ranges of an argument held, if that is enough to say something."""
    if argument.held is None:
        return "no record"
    record = argument.record
    if (record.years if record else argument.n) < ENOUGH:
        return ""
    years = f" in {counted(record.years, 'year')}" if record else ""
    return f"held {argument.held} of {argument.n}{years}"


def _why(argument: Argument) -> str:
    """Say what an argument rests on, and why it may not count."""
    doubt = ""
    if argument.other:
        doubt = f"sizes {argument.other}, another definition"
    elif argument.misses:
        doubt = f"misses {argument.misses}"
    width = ""
    if argument.is_point:
        low, high = argument.ends()
        ends = f"{number(low)} to {number(high)}"
        width = f"a point; the answer gives it the width of our trend, {ends}"
    return "; ".join(filter(None, (argument.why, _overlap(argument), width, doubt)))


def _overlap(argument: Argument) -> str:
    """Say how much of an argument is leading markets, and what it counts for."""
    if argument.leaders is None:
        return ""
    text = f"{100 * argument.leaders:.0f} % leaders, the rest trend"
    if not argument.doubt:
        return text
    if argument.is_stated:
        return f"{text}; {argument.doubt}"
    return f"{text}; counts as {argument.counts:.2g} of an argument: {argument.doubt}"


def _screen(result: Triangulation) -> Table:
    """Tabulate the arguments with their ranges and weights, and the answer."""
    write = _write(result)
    rows = []
    for argument in result.arguments:
        row = RangedRow(
            argument.name,
            argument.value,
            [argument.ends()] if _has_range(argument) else (),
            "other" if argument.name in OURS else "published",
            behind=(argument.weight,),
            tone="plain" if argument.weight else "dim",
        )
        rows.append(row)
    together = result.together
    rows.append(RangedRow(together.name, together.value, [together.ends()], tone="strong"))
    return table.ranged(
        rows,
        Column("argument", "Argument"),
        table.value_column(write, str(result.year)),
        (80,),
        write,
        behind=(table.share_column("weight", "Weight"),),
    )


def digits_of(result: Triangulation) -> Amounts:
    """Choose how amounts are written in its picture and on its page."""
    together = result.together
    return digits(result.series.unit, result.trend.history.last, together.value, together.ends())


def picture(result: Triangulation, *, targets: Sequence[float] = ()) -> Picture:
    """Draw one row an argument, the answer last, against what was observed last."""
    history = result.trend.history
    together = result.together
    write = digits_of(result)
    rows = []
    for argument in (*result.arguments, together):
        answer = argument is together
        given = not answer and argument.name not in OURS
        row = range_row(
            capital(argument.name),
            argument.value,
            list(_drawn(argument)),
            write,
            "" if answer else f"{100 * argument.weight:.0f} %",
            answer=answer,
            given=given,
            about="" if answer else _record_for_clients(argument),
        )
        rows.append(row)
    last = f"{write.given(history.last)} observed, {history.origin}"
    heads = (str(result.year), "80 % range", "weight")
    plot = Ranges(tuple(rows), heads, history.last, last)
    return of_series(
        plot,
        write,
        heading(result, write, targets),
        result.series,
        about=" ".join((*remarks(result), *_horizons(result))),
        source=attribution.line(sources(result)),
        premise=" ".join(moved_by(result, write)),
    )


def _horizons(result: Triangulation) -> Iterator[str]:
    """Say of which forecasts a picture counts those that held."""
    for argument in result.arguments:
        if argument.record and argument.record.is_enough:
            yield f"Held: 80 % ranges of forecasts {ahead(argument.record.horizon)}."
            return


def sources(result: Triangulation) -> Iterator[str]:
    """Name the sources of all arguments."""
    yield from attribution.of_forecasts(result.leading or result.trend)
    if result.sized:
        yield from attribution.of_sizing(result.sized)
    if result.growth:
        yield from attribution.of_series(result.growth.history.series)
    names = {argument.name for argument in result.arguments}
    for figure in result.trend.published:
        if figure.period.year == result.year and figure.author in names:
            yield attribution.of_figure(result.series, figure)


def moved_by(result: Triangulation, write: Amounts) -> Iterator[str]:
    """Say what moved the arguments, and which weights somebody stated."""
    yield from premises.stated(result.trend, write)
    if result.trend.subject:
        yield f"The trend is forecast as {result.trend.subject.words}."
    if result.leading:
        # The row of the argument has its weight among the others.
        yield from premises.of_leaders(result.leading, "Leading markets: ", "that argument")
    weighed = [one for one in result.arguments if one.is_stated]
    if weighed:
        texts = [f"{one.name} {100 * one.weight:.0f} %" for one in weighed]
        yield f"Weights as stated: {listed(texts)}."


def _drawn(argument: Argument) -> Iterator[Bound]:
    """Yield the ranges that are drawn: of somebody else that of the contract, if it was stated."""
    given = argument.name not in OURS
    for level in DRAWN:
        if _has_range(argument) and (level == STATED or not given):
            yield level, *argument.ends(level)
