"""`triangulate`: one row an argument with its range and weight, and the answer."""

from __future__ import annotations

from collections.abc import Iterator

from rural_forecast.document.picture import Picture, Ranges, Row
from rural_forecast.document.table import Cell, Column, Document, Table, Tone
from rural_forecast.record.triangulate import Argument, Triangulation
from rural_forecast.text import headline as words
from rural_forecast.text.headline import Headline, Writer
from rural_forecast.text.numbers import Amounts, range_amounts
from rural_forecast.text.style import digits
from rural_forecast.text.wording import capital
from rural_forecast.views import project, table
from rural_forecast.views.about import documented, title_of
from rural_forecast.views.drawing import of_series, range_row
from rural_forecast.views.project import inputs_of, made_by

COLUMNS = (
    *(*table.keyed("series_id argument period:year value:number"), *table.interval_columns((80,))),
    *table.keyed("weight:number held_80:integer n:integer definition why"),
)
SHOWN = (50, 80)


def document(result: Triangulation) -> Document:
    """Everything `triangulate` says."""
    made = result.leading or result.trend
    return documented(
        "triangulate",
        heading(result),
        Table(COLUMNS, tuple(_records(result))),
        [_screen(result), _evidence(result), *project.markets(result.trend)],
        result.notes,
        result.series,
        said=(result.together.why,),
        brief="-f markdown",
        inputs=inputs_of(made),
        provenance=made_by(made, weights=dict(result.stated)),
    )


def heading(result: Triangulation, write: Writer | None = None) -> Headline:
    """The answer and its range; `write` as for a forecast."""
    one = result.together
    return words.about(title_of(result.series), result.year, one.value, 80, one.ends, write or _write(result))


def _write(result: Triangulation) -> Amounts:
    largest = max(abs(argument.value) for argument in result.arguments)
    return range_amounts(result.series.unit, result.together.value, *result.together.ends, largest=largest)


def _records(result: Triangulation) -> Iterator[tuple[Cell, ...]]:
    for one in (*result.arguments, result.together):
        record = (None, None) if one.held is None else (one.held, one.n)
        about = (result.series.id, one.name, result.year, one.value, *one.ends)
        yield (*about, one.weight, *record, one.definition, _why(one))


def _why(one: Argument) -> str:
    """Say what it rests on, and why it weighs nothing."""
    doubt = f"sizes {one.other}, another definition" if one.other else one.misses and f"misses {one.misses}"
    return "; ".join(filter(None, (one.why, doubt)))


def _screen(result: Triangulation) -> Table:
    """The arguments with their ranges and weights, the answer last."""

    def row(one: Argument) -> table.Row:
        tone: Tone = "plain" if one.weight else "dim"
        return table.Row(one.name, one.value, [one.ends], "other", behind=(100 * one.weight,), tone=tone)

    together = table.Row(result.together.name, result.together.value, [result.together.ends], tone="strong")
    write, weight = _write(result), Column("weight", "Weight", "percent", 0)
    value = table.value_column(write, str(result.year))
    rows = (*map(row, result.arguments), together)
    return table.ranged(rows, Column("argument", "Argument"), value, (80,), write, behind=(weight,))


def _evidence(result: Triangulation) -> Table:
    """List the basis of each, and how its earlier ranges did."""
    return table.tabulated(
        result.arguments,
        Column("name", "Argument"),
        Column("record", "Ranges"),
        Column("definition", "Counts"),
        (Column("why", "Rests on"), _why),
        title="What the arguments rest on",
    )


def digits_of(result: Triangulation) -> Amounts:
    """How amounts are written in its picture and on its page."""
    together = result.together
    return digits(result.series.unit, result.trend.history.last, together.value, together.ends)


def picture(result: Triangulation) -> Picture:
    """One row an argument, the answer last, against what was observed last."""
    history, together = result.trend.history, result.together
    write = digits_of(result)
    rows = tuple(_row(one, write, answer=one is together) for one in (*result.arguments, together))
    last = f"{write.seen(history.last)} observed, {history.origin}"
    plot = Ranges(rows, (str(result.year), "80 % range", "weight"), history.last, last)
    return of_series(plot, write, heading(result, write), result.series, about=together.why)


def _row(one: Argument, write: Amounts, *, answer: bool) -> Row:
    bounds = [(level, *one.ends_of(level)) for level in SHOWN]
    weight, about = ("", "") if answer else (f"{100 * one.weight:.0f} %", one.record)
    return range_row(capital(one.name), one.value, bounds, write, weight, answer=answer, about=about)
