"""Values that a column or a label of a table makes projections, which are no history."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

from rural_forecast.series.reading.choose import Choice
from rural_forecast.series.reading.grid import label

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
    panel, cells = choice.panel, choice.panel.table.rows
    used = {*panel.years, panel.period, choice.value, *choice.remarks.values()}
    until: dict[int, int] = {}
    rows: set[int] = set()
    for place, name in enumerate(panel.names):
        if place in used or name in heads:
            continue
        texts = {row: label(cells[row][place]) for row in panel.rows}
        if ends_history(name):
            until |= {row: int(text) for row, text in texts.items() if re.fullmatch(r"\d{4}", text)}
        distinct = set(texts.values())
        said = {text for text in distinct if len(text) <= 60 and _PROJECTED.search(text)}
        if said and said != distinct and len(distinct) <= _MOST_LABELS:
            rows.update(row for row in choice.rows if texts[row] in said)
    return lambda row, year: row in rows or year > until.get(row, year)
