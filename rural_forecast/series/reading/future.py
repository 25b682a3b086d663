"""Values that are no history: of years that are not over, after the last actual one, or projections by their labels."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np

from rural_forecast.errors import InputError, option
from rural_forecast.notes import Note
from rural_forecast.series.observation import Observation
from rural_forecast.series.reading.names import ends_history
from rural_forecast.series.reading.options import ReadOptions
from rural_forecast.series.reading.periods import MARKS
from rural_forecast.series.reading.table import Table
from rural_forecast.series.source_names import without_folders
from rural_forecast.text.cells import shown
from rural_forecast.text.patterns import expression

FIRST = 1000
"""A series that begins before this year is a running index."""
BUDDHIST = range(2443, 2643)
"""Years of the Buddhist calendar that a series may begin in: 1900 to 2099."""
LONE = 3
"""Years after the last of the others from which a single one is asked about."""
_MOST_LABELS = 12
"""Labels of a column that tells projections apart; a column with more holds prose or names."""
_PROJECTED = expression(
    r"(?i)\b(?:projections?|projected|forecasts?|forecasted|outlook|baseline|prognosen?|prévisions?|"
    r"previsi[oó]n(?:es)?|previsioni|projeç(?:ão|ões)|proyecci(?:ón|ones)|прогноз\w*)\b|预测|展望|予測|将来推計|전망|추계"
)


def says_projection(text: str) -> bool:
    """True if a label or a title says that values are projections."""
    return len(text) <= 300 and _PROJECTED.search(text) is not None


def says_status(texts: Iterable[str]) -> bool:
    """True if the labels of a column say which values are actual, and which are not; letters are those of agencies."""
    marks = [MARKS.get(text.casefold()) if len(text) > 2 else None for text in texts]
    return len(marks) > 1 and all(marks) and any(mark and mark.status == "actual" for mark in marks)


def reaches_ahead(first: Any, last: Any, year: int) -> Any:
    """True if years from `first` to `last`, numbers or arrays, hold one that is not over."""
    return (first >= FIRST) & (last >= year)


class Projections:
    """Rows and years whose labels say that their values are projections, where others are not."""

    def __init__(self, table: Table, naming: Collection[int]) -> None:
        self.rows: set[int] = set()
        self.until: dict[int, int] = {}
        values = {*table.columns.tolist(), table.period, *naming}
        for at, name in enumerate(table.names):
            if at in values or not name:
                continue
            column = table.label(at)
            if ends_history(name):
                texts = zip(table.rows.tolist(), column.of, strict=True)
                self.until |= {row: int(text) for row, text in texts if text.isdecimal() and len(text) == 4}
            said = [says_projection(text) and len(text) <= 60 for text in column.texts]
            if says_status(column.texts):
                said = [MARKS[text.casefold()].status == "forecast" for text in column.texts]
            if any(said) and not all(said) and len(column.texts) <= _MOST_LABELS:
                self.rows.update(table.rows[np.array(said)[column.codes]].tolist())

    def holds(self, row: int, year: int) -> bool:
        """True if the value of a row and year is a projection."""
        return row in self.rows or year > self.until.get(row, year)


def without_future(
    series_id: str, file: str, ordered: Sequence[Observation], stated: Collection[int], options: ReadOptions
) -> tuple[list[Observation], Note | None]:
    """Observations with the years that are not over as published figures, and a note of it."""
    history = [seen for seen in ordered if seen.status != "forecast"]
    until, as_of = options.actuals_until, options.as_of
    begin = history[0].period.year if history else 0
    over = until if until is not None else as_of.year - 1 if as_of is not None and begin >= FIRST else None
    late = {id(seen): seen for seen in history if over is not None and seen.period.year > over}
    late = {key: seen for key, seen in late.items() if key not in stated}
    if over is None or not late:
        return list(ordered), None
    first, last = (edge(seen.period.year for seen in late.values()) for edge in (min, max))
    before = max((seen.period.year for seen in history if id(seen) not in late), default=begin)
    doubt, keep, at = "", begin, history[0]
    if until is None and begin in BUDDHIST:
        doubt = f"begins in {begin}, which may be of the Buddhist calendar: 2562 is 2019"
    elif len(late) == len(history):
        doubt = f"has no year that is over by {over}: it begins in {begin}"
    elif until is None and first == last > before + LONE:
        doubt = f"has {first} alone, {first - before} years after {before}"
        keep, at = before, next(iter(late.values()))
    if doubt:
        raise InputError(
            f"series {shown(series_id)} {doubt}.",
            f"Correct the year, or name the last year of history: {option('actuals_until', keep)}.",
            place=at.place,
        )
    name = without_folders(file)
    made = [
        replace(seen, status="forecast", author=seen.author or seen.source or name) if id(seen) in late else seen
        for seen in ordered
    ]
    named = f"{first} to {last} are" if first < last else f"{first} is"
    if until is not None:
        said = f"In {name}, {named} after {until}: read as published forecasts, not as history."
        return made, Note("future_years", said)
    said = (
        f"In {name}, {named} not over by {over + 1}: read as published forecasts, not as history. "
        "Years before may hold estimates that are not marked."
    )
    advice = f"Name the last year of history with {option('actuals_until')}."
    return made, Note("future_years", said, warning=True, advice=advice)


def check_gaps(series_id: str, ordered: Sequence[Observation]) -> None:
    """Refuse years that are missing between the first and the last one that is not a forecast."""
    years = [seen for seen in ordered if seen.period.length == 12 and seen.status != "forecast"]
    for earlier, later in pairwise(years):
        before, after = earlier.period.year, later.period.year
        if after > before + 1:
            missing = range(before + 1, after)
            names = ", ".join(map(str, missing)) if len(missing) <= 6 else f"{missing[0]} to {missing[-1]}"
            are = "is" if len(missing) == 1 else "are"
            raise InputError(
                f"in series {shown(series_id)} the years jump from {before} to {after}; {names} {are} missing.",
                f"Add the missing years, or use {option('allow_gaps', True)}: nothing is filled, only years after the "
                "last gap count.",
                place=later.place,
                code="gap",
            )
