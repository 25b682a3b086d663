"""`triangulate`: one row an argument with its range and weight, and the answer."""

from typing import Any

from rural_forecast.document.picture import Picture, Ranges
from rural_forecast.document.table import Cell, Column, Document, Table, Tone
from rural_forecast.record.triangulate import Argument, Triangulation
from rural_forecast.text import wording as words
from rural_forecast.text.numbers import Amounts, digits, range_amounts
from rural_forecast.text.wording import Headline, capital
from rural_forecast.views import project, table
from rural_forecast.views.about import documented, title_of
from rural_forecast.views.chart import of_series, range_row

COLUMNS = (
    *(*table.keyed("series_id argument period:year value:number"), *table.interval_columns((80,))),
    *table.keyed("weight:number held_80:integer n:integer definition why"),
)
SHOWN = (50, 80)


def document(result: Triangulation) -> Document:
    """Everything `triangulate` says."""
    made = result.leading or result.trend
    series = result.series
    records = list[tuple[Cell, ...]]()
    for one in (*result.arguments, result.together):
        record = (None, None) if one.held is None else (one.held, one.n)
        about = (series.id, one.name, result.year, one.value, *one.ends())
        records.append((*about, one.weight, *record, one.definition, _why(one)))
    evidence = table.tabulated(
        result.arguments,
        Column("name", "Argument"),
        (Column("record", "Ranges"), _record),
        Column("definition", "Counts"),
        (Column("why", "Rests on"), _why),
        title="What the arguments rest on",
    )
    sections = [_screen(result), evidence, *project.markets(result.trend)]
    more: dict[str, Any] = {
        "said": (result.together.why,),
        "brief": "-f markdown",
        "inputs": project.inputs_of(made),
    }
    more["provenance"] = project.made_by(made, weights=dict(result.stated))
    rows = Table(COLUMNS, tuple(records))
    return documented("triangulate", heading(result), rows, sections, result.notes, series, **more)


def heading(result: Triangulation, write: Amounts | None = None) -> Headline:
    """The answer and its range; `write` as for a forecast."""
    one = result.together
    return words.about(
        title_of(result.series), result.year, one.value, 80, one.ends(), write or _write(result)
    )


def _write(result: Triangulation) -> Amounts:
    largest = max(abs(argument.value) for argument in result.arguments)
    return range_amounts(
        result.series.unit, result.together.value, *result.together.ends(), largest=largest
    )


def _record(one: Argument) -> str:
    return "no record" if one.held is None else f"held {one.held} of {one.n}"


def _why(one: Argument) -> str:
    doubt = (
        f"sizes {one.other}, another definition"
        if one.other
        else one.misses and f"misses {one.misses}"
    )
    return "; ".join(filter(None, (one.why, doubt)))


def _screen(result: Triangulation) -> Table:
    write = _write(result)
    together = result.together
    weight = table.share_column("weight", "Weight")
    rows = []
    for one in result.arguments:
        tone: Tone = "plain" if one.weight else "dim"
        rows.append(
            table.Row(one.name, one.value, [one.ends()], "other", behind=(one.weight,), tone=tone)
        )
    rows.append(table.Row(together.name, together.value, [together.ends()], tone="strong"))
    value = table.value_column(write, str(result.year))
    return table.ranged(rows, Column("argument", "Argument"), value, (80,), write, behind=(weight,))


def digits_of(result: Triangulation) -> Amounts:
    """How amounts are written in its picture and on its page."""
    together = result.together
    return digits(result.series.unit, result.trend.history.last, together.value, together.ends())


def picture(result: Triangulation) -> Picture:
    """One row an argument, the answer last, against what was observed last."""
    history = result.trend.history
    together = result.together
    write = digits_of(result)
    rows = []
    for one in (*result.arguments, together):
        bounds = [(level, *one.ends(level)) for level in SHOWN]
        answer = one is together
        weight, about = ("", "") if answer else (f"{100 * one.weight:.0f} %", _record(one))
        rows.append(
            range_row(
                capital(one.name), one.value, bounds, write, weight, answer=answer, about=about
            )
        )
    last = f"{write.observed(history.last)} observed, {history.origin}"
    plot = Ranges(tuple(rows), (str(result.year), "80 % range", "weight"), history.last, last)
    return of_series(plot, write, heading(result, write), result.series, about=together.why)
