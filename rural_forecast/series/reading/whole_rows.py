"""The rows of a choice with all their columns, which say what of them is left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from rural_forecast.errors import Place
from rural_forecast.series.reading.choose import Choice
from rural_forecast.series.reading.columns import Columns
from rural_forecast.series.reading.grid import Grid
from rural_forecast.series.reading.number_forms import is_figure

_ESTIMATES_AFTER = re.compile(
    r"(?i)(?:estimates?|forecasts?|projections?)\s+(?:start|begin)s?\s+after|(?:last|latest)[ _]actual"
)
_PROJECTED = re.compile(r"(?i)\b(?:projections?|projected|forecasts?|forecasted)\b|预测")
_MOST_LABELS = 12
"""Labels of a column that tells projections apart; a column with more holds prose or names."""


def ends_history(name: str) -> bool:
    """Whether a column of this name says after which year estimates start."""
    return _ESTIMATES_AFTER.search(name) is not None


def projections(choice: Choice, heads: Collection[str] = ()) -> Callable[[int, int], bool]:
    """Whether the value of a row and year is a projection; columns with one of the heads hold other values."""
    panel = choice.panel
    used = {*panel.years, panel.period, choice.value, *choice.remarks.values()}
    until: dict[int, int] = {}
    rows: set[int] = set()
    for place, name in enumerate(panel.names):
        if place in used or name in heads:
            continue
        texts = dict(zip(panel.rows, panel.texts(place), strict=True))
        if ends_history(name):
            until |= {row: int(text) for row, text in texts.items() if re.fullmatch(r"\d{4}", text)}
        distinct = set(texts.values())
        projected = {text for text in distinct if len(text) <= 60 and _PROJECTED.search(text)}
        if projected and projected != distinct and len(distinct) <= _MOST_LABELS:
            rows.update(row for row in choice.rows if texts[row] in projected)
    return lambda row, year: row in rows or year > until.get(row, year)


def whole_of(choice: Choice, heads: Collection[str] = ()) -> tuple[Grid, Columns]:
    """The chosen rows with all their columns, for the account of what is left out; `heads` as for `settle`."""
    panel, table = choice.panel, choice.panel.table
    rows = [table.rows[row] for row in choice.rows]
    ids = {part for name in choice.ids.values() for part in name.split(" / ")}
    named = [place for place in range(len(panel.names)) if all(panel.text(row, place) in ids for row in choice.rows)]
    if panel.across:
        numbers = [
            place
            for place in range(len(panel.names))
            if place not in panel.years
            and place not in named
            and any(is_figure(row[place]) for row in rows)
            and not ends_history(panel.names[place])
        ]
        places = sorted({*panel.years, *numbers})
        columns = Columns(years=tuple(places.index(place) for place in panel.years))
    else:
        places = list(range(len(panel.names)))
        columns = Columns(panel.period, choice.value)._replace(**choice.remarks)

    def place(row: int, column: int) -> Place:
        return table.place(choice.rows[row] if row >= 0 else max(panel.header, 0), places[column])

    names = [panel.names[place] for place in places]
    read = {panel.part, *named, *(place for place in places if panel.names[place] in heads)}
    kept = [[row[place] if place not in read else None for place in places] for row in rows]
    return Grid(table.name, names, kept, place, left_out=table.left_out, workbook=table.file), columns
