"""Reads a table whose heads have a year in their text, such as `Sales 2021`.

`docs/explanation/how-a-table-is-found.md` explains the rules with a drawing.
"""

from __future__ import annotations

from collections import Counter

from rural_forecast.observed.reading.across import Header, body_below, table_of
from rural_forecast.observed.reading.grid import Grid
from rural_forecast.observed.reading.head import Head
from rural_forecast.observed.reading.names import single_spaced
from rural_forecast.observed.reading.periods import likely
from rural_forecast.observed.reading.table import PeriodTable
from rural_forecast.text.cells import expression

_MOST_ROWS_ABOVE = 20  # rows among which heads with a year in their text are looked for
_LONGEST_HEAD = 400  # characters of such a head; longer texts are prose
_YEARS = expression(r"(?<!\d)(?:19|20)\d\d(?:\s?[-/–]\s?(?:\d\d|\d{4}))?(?!\d)")


def table_with_years_in_heads(grid: Grid) -> PeriodTable | None:
    """Read the table whose heads are such as `Sales 2021`; None where there is none."""
    for row in range(min(len(grid.index), _MOST_ROWS_ABOVE)):
        heads: dict[int, Head] = {}
        measures: dict[int, str] = {}
        spellings: dict[str, str] = {}  # names that differ in case or spaces alone are one
        for column, code in enumerate(grid.index[row].tolist()):
            measured = _year_in_head(grid, code)
            if measured is not None:
                measure, heads[column] = measured
                key = single_spaced(measure).casefold()
                measures[column] = spellings.setdefault(key, measure)
        # A measure of one year is a column of its own, such as an area beside yearly sales.
        years = {(measures[column], head.period) for column, head in heads.items()}
        count = Counter(measure for measure, _ in years)
        heads = {column: head for column, head in heads.items() if count[measures[column]] > 1}
        if heads:
            body = body_below(grid, row, [*heads])
            if not body.rows:
                return None
            return table_of(grid, Header(row, grid.texts(row), heads, measures), body)
    return None


def _year_in_head(grid: Grid, code: int) -> tuple[str, Head] | None:
    """Take a head apart into its measure and its year; None without a year or with several."""
    whole = grid.words.head(code)
    if whole is not None:  # a period alone, such as 2024E, where they are out of order
        return "", whole
    text = grid.words.text(code)
    years = _YEARS.findall(text) if len(text) < _LONGEST_HEAD else []
    head = likely(years[0]) if len(years) == 1 else None
    if head is None:
        return None
    parts = [part.strip(" ;,_-/:") for part in text.split(years[0])]
    return " ".join(filter(None, parts)), head
