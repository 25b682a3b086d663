"""`triangulate` as a picture: one row an argument, the answer last, against what was observed last."""

from __future__ import annotations

from rural_forecast.document.picture import MAIN, PLAIN, Picture, Ranges, Row
from rural_forecast.record.triangulate import LEVELS, Argument, Triangulation
from rural_forecast.text.style import Digits, digits
from rural_forecast.text.wording import capital
from rural_forecast.views.pictures.course import of_series
from rural_forecast.views.triangulate import heading

SHOWN = (50, 80)
"""Levels that are drawn."""


def picture(result: Triangulation) -> Picture:
    """A range plot."""
    history, together = result.trend.history, result.together
    write = digits(result.series.unit, history.last, together.value, together.ends)
    rows = tuple(_row(one, result, write) for one in (*result.arguments, together))
    last = f"{write.seen(history.last)} observed, {history.origin}"
    plot = Ranges(rows, (str(result.year), "80 % range", "weight"), history.last, last)
    head = heading(result, write)
    return of_series(plot, write, head.text, result.series, subtitle=head.subtitle, about=together.why)


def _row(one: Argument, result: Triangulation, write: Digits) -> Row:
    answer = one is result.together
    places = [(level, 1 + LEVELS.index(level), 1 + len(LEVELS) + LEVELS.index(level)) for level in SHOWN]
    low, high = one.ends
    return Row(
        name=capital(one.name),
        value=one.value,
        bounds=tuple(
            (level, float(one.quantiles[lower]), float(one.quantiles[upper])) for level, lower, upper in places
        ),
        texts=(write(one.value), f"{write(low)} to {write(high)}", "" if answer else f"{100 * one.weight:.0f} %"),
        tone=MAIN if answer else PLAIN,
        strong=answer,
        about="" if answer else one.record,
    )
