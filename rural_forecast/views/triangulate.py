"""`triangulate`: one row an argument with its range and weight, and the answer."""

from __future__ import annotations

from collections.abc import Iterator

from rural_forecast.document.picture import Picture, Ranges, Row
from rural_forecast.document.table import Cell, Column, Document, Table, Tone
from rural_forecast.record.triangulate import Argument, Triangulation
from rural_forecast.text import headline as words
from rural_forecast.text.headline import Headline, Writer
from rural_forecast.text.numbers import Amounts, range_amounts
from rural_forecast.text.style import Digits, digits
from rural_forecast.text.wording import capital
from rural_forecast.views import project, table
from rural_forecast.views.about import about_series, remarks, title_of
from rural_forecast.views.drawing import of_series, range_row
from rural_forecast.views.project import inputs_of, made_by

COLUMNS = (
    Column("series_id"),
    Column("argument"),
    Column("period", kind="year"),
    Column("value", kind="number"),
    *table.interval_columns((80,)),
    Column("weight", kind="number"),
    Column("held_80", kind="integer"),
    Column("n", kind="integer"),
    Column("definition"),
    Column("why"),
)
SHOWN = (50, 80)
"""Levels that are drawn."""


def document(result: Triangulation) -> Document:
    """Everything `triangulate` says."""
    head = heading(result)
    return Document(
        command="triangulate",
        records=Table(COLUMNS, tuple(_records(result))),
        title=head.text,
        summary=(head.range, result.together.why),
        sections=(_screen(result), _evidence(result), *project.markets(result.trend)),
        brief="-f markdown",
        notes=remarks(result.notes),
        series=(about_series(result.series),),
        inputs=inputs_of(result.leading or result.trend),
        provenance=made_by(result.leading or result.trend, weights=dict(result.stated)),
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
        (Column("argument", "Argument"), lambda one: one.name),
        (Column("held", "Ranges"), lambda one: one.record),
        (Column("definition", "Counts"), lambda one: one.definition),
        (Column("why", "Rests on"), _why),
        title="What the arguments rest on",
    )


def digits_of(result: Triangulation) -> Digits:
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


def _row(one: Argument, write: Digits, *, answer: bool) -> Row:
    bounds = [(level, *one.ends_of(level)) for level in SHOWN]
    weight, about = ("", "") if answer else (f"{100 * one.weight:.0f} %", one.record)
    return range_row(capital(one.name), one.value, bounds, write, weight, answer=answer, about=about)
