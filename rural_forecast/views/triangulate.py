"""`triangulate`: one row an argument with its range and weight, and the answer."""

from rural_forecast.document.picture import Picture, Ranges
from rural_forecast.document.table import Cell, Column, Document, Table
from rural_forecast.record.triangulate import (
    DRIVERS,
    LEADING,
    NOWCAST,
    TREND,
    Argument,
    Triangulation,
)
from rural_forecast.text import wording as words
from rural_forecast.text.numbers import Amounts, digits, range_amounts
from rural_forecast.text.wording import Headline, capital
from rural_forecast.views import project, table
from rural_forecast.views.about import documented, title_of
from rural_forecast.views.chart import of_series, range_row
from rural_forecast.views.table import RangedRow

COLUMNS = (
    *table.keyed("series_id argument period:year value:number"),
    *table.interval_columns((80,)),
    *table.keyed("weight:number held_80:integer n:integer definition why"),
)
DRAWN = (50, 80)  # levels of the picture
OURS = (TREND, NOWCAST, LEADING, DRIVERS, "together")
"""Arguments that this package computes; any other is a figure of somebody else."""


def document(result: Triangulation) -> Document:
    """Make the document of `triangulate`."""
    forecast = result.leading or result.trend
    arguments = (*result.arguments, result.together)
    return documented(
        "triangulate",
        heading(result),
        Table(COLUMNS, tuple(_record_row(result, argument) for argument in arguments)),
        [_screen(result), _evidence(result), *project.markets(result.trend)],
        result.notes,
        result.series,
        sentences=(result.together.why,),
        brief="-f markdown",
        inputs=project.inputs_of(forecast),
        provenance=project.made_by(forecast, weights=dict(result.stated)),
    )


def _record_row(result: Triangulation, argument: Argument) -> tuple[Cell, ...]:
    """Make the row of the contract of an argument."""
    has_record = argument.held is not None
    return (
        result.series.id,
        argument.name,
        result.year,
        _value(argument),
        *argument.ends(),
        argument.weight,
        argument.held,
        argument.n if has_record else None,
        argument.definition,
        _why(argument),
    )


def _value(argument: Argument) -> float:
    """Give the value of an argument; a published figure without the noise of logarithms in it."""
    if argument.name in OURS:
        return argument.value
    return float(f"{argument.value:.15g}")


def _evidence(result: Triangulation) -> Table:
    """Tabulate the record of each argument, its definition, and what it rests on."""
    return table.tabulated(
        result.arguments,
        Column("name", "Argument"),
        (Column("record", "Ranges"), _record),
        Column("definition", "Counts"),
        (Column("why", "Rests on"), _why),
        title="What the arguments rest on",
    )


def heading(result: Triangulation, write: Amounts | None = None) -> Headline:
    """Make the headline: the answer and its range; `write` as for a forecast."""
    together = result.together
    return words.about(
        title_of(result.series),
        result.year,
        together.value,
        80,
        together.ends(),
        write or _write(result),
    )


def _write(result: Triangulation) -> Amounts:
    """Choose how amounts are written in sentences and tables."""
    together = result.together
    largest = max(abs(argument.value) for argument in result.arguments)
    return range_amounts(result.series.unit, together.value, *together.ends(), largest=largest)


def _record(argument: Argument) -> str:
    """Say how often the ranges of an argument held."""
    if argument.held is None:
        return "no record"
    return f"held {argument.held} of {argument.n}"


def _why(argument: Argument) -> str:
    """Say what an argument rests on, and why it may not count."""
    doubt = ""
    if argument.other:
        doubt = f"sizes {argument.other}, another definition"
    elif argument.misses:
        doubt = f"misses {argument.misses}"
    return "; ".join(filter(None, (argument.why, doubt)))


def _screen(result: Triangulation) -> Table:
    """Tabulate the arguments with their ranges and weights, and the answer."""
    write = _write(result)
    rows = []
    for argument in result.arguments:
        row = RangedRow(
            argument.name,
            argument.value,
            [argument.ends()],
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


def picture(result: Triangulation) -> Picture:
    """Draw one row an argument, the answer last, against what was observed last."""
    history = result.trend.history
    together = result.together
    write = digits_of(result)
    rows = []
    for argument in (*result.arguments, together):
        answer = argument is together
        bounds = [(level, *argument.ends(level)) for level in DRAWN]
        row = range_row(
            capital(argument.name),
            argument.value,
            bounds,
            write,
            "" if answer else f"{100 * argument.weight:.0f} %",
            answer=answer,
            given=not answer and argument.name not in OURS,
            about="" if answer else _record(argument),
        )
        rows.append(row)
    last = f"{write.given(history.last)} observed, {history.origin}"
    heads = (str(result.year), "80 % range", "weight")
    plot = Ranges(tuple(rows), heads, history.last, last)
    return of_series(plot, write, heading(result, write), result.series, about=together.why)
