"""`triangulate` as a document: one row an argument, and the answer."""

from __future__ import annotations

from collections.abc import Iterator

from rural_forecast.document.picture import MAIN, PLAIN, Picture, Ranges, Row
from rural_forecast.document.table import Cell, Column, Document, Table, Tone
from rural_forecast.record.triangulate import Argument, Triangulation
from rural_forecast.text.headline import Headline, Writer, chances, headline
from rural_forecast.text.numbers import Amounts, range_amounts
from rural_forecast.text.style import Digits, digits
from rural_forecast.text.wording import capital
from rural_forecast.views import markets, ranges
from rural_forecast.views.about import about_series, title_of
from rural_forecast.views.columns import interval_columns
from rural_forecast.views.drawing import of_series
from rural_forecast.views.notes import remarks
from rural_forecast.views.project import inputs_of, made_by

COLUMNS = (
    Column("series_id"),
    Column("argument"),
    Column("period", kind="year"),
    Column("value", kind="number"),
    *interval_columns((80,)),
    Column("weight", kind="number"),
    Column("held_80", kind="integer"),
    Column("n", kind="integer"),
    Column("definition"),
    Column("why"),
)


def document(result: Triangulation) -> Document:
    """Everything `triangulate` says."""
    head = heading(result)
    return Document(
        command="triangulate",
        records=Table(COLUMNS, tuple(_records(result))),
        title=head.text,
        summary=(head.range, result.together.why),
        sections=(_screen(result), _evidence(result), *markets.tables(result.trend)),
        brief="-f markdown",
        notes=remarks(result.notes),
        series=(about_series(result.series),),
        inputs=inputs_of(result.trend),
        provenance=made_by(result.trend, weights=dict(result.stated)),
    )


def heading(result: Triangulation, write: Writer | None = None) -> Headline:
    """The answer and its range; `write` as for a forecast."""
    write, (low, high) = write or _write(result), result.together.ends
    claim = f"about {write.full(result.together.value)} in {result.year}"
    return headline(title_of(result.series), claim, f"{chances(80, write(low), write.full(high))}.")


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
    write = _write(result)
    every = (*result.arguments, result.together)
    rows = (
        ranges.Row(
            one.name,
            one.value,
            one.ends,
            "ours" if one is result.together else "other",
            behind=() if one is result.together else (100 * one.weight,),
            tone=_tone(one, result),
        )
        for one in every
    )
    value, weight = ranges.amount_column(write, str(result.year)), Column("weight", "Weight", "percent", 0)
    return ranges.table(rows, Column("argument", "Argument"), value, (80,), write, behind=(weight,))


def _tone(one: Argument, result: Triangulation) -> Tone:
    return "strong" if one is result.together else "plain" if one.weight else "dim"


def _evidence(result: Triangulation) -> Table:
    """List the basis of each, and how its earlier ranges did."""
    rows = tuple((one.name, one.record, one.definition, _why(one)) for one in result.arguments)
    columns = (
        Column("argument", "Argument"),
        Column("held", "Ranges"),
        Column("definition", "Counts"),
        Column("why", "Rests on"),
    )
    return Table(columns, rows, title="What the arguments rest on")


SHOWN = (50, 80)
"""Levels that are drawn."""


def digits_of(result: Triangulation) -> Digits:
    """How amounts are written in its picture and on its page."""
    together = result.together
    return digits(result.series.unit, result.trend.history.last, together.value, together.ends)


def picture(result: Triangulation) -> Picture:
    """A range plot."""
    history, together = result.trend.history, result.together
    write = digits_of(result)
    rows = tuple(_row(one, result, write) for one in (*result.arguments, together))
    last = f"{write.seen(history.last)} observed, {history.origin}"
    plot = Ranges(rows, (str(result.year), "80 % range", "weight"), history.last, last)
    head = heading(result, write)
    return of_series(plot, write, head.text, result.series, subtitle=head.subtitle, about=together.why)


def _row(one: Argument, result: Triangulation, write: Digits) -> Row:
    answer = one is result.together
    low, high = one.ends
    return Row(
        name=capital(one.name),
        value=one.value,
        bounds=tuple((level, *one.ends_of(level)) for level in SHOWN),
        texts=(write(one.value), f"{write(low)} to {write(high)}", "" if answer else f"{100 * one.weight:.0f} %"),
        tone=MAIN if answer else PLAIN,
        strong=answer,
        about="" if answer else one.record,
    )
