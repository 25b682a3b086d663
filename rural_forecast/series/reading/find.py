"""Finding the tables of figures in a sheet or a text: by their content, whatever stands above, below or between.

A table has years across (a row with at least two of them, over numbers) or years down (a column of periods beside
numbers). Lines above it are its title, rows without values between its rows are headings, what follows is footnotes.
"""

from __future__ import annotations

from rural_forecast.series.reading.across import across, is_year_header
from rural_forecast.series.reading.down import down
from rural_forecast.series.reading.grid import label
from rural_forecast.series.reading.panel import Panel
from rural_forecast.series.reading.table import Table


def panels(table: Table, period_column: str | None = None) -> list[Panel]:
    """The tables of figures in one sheet or text, in order."""
    rows = table.rows
    found_down = down(table, period_column)
    if period_column is not None:
        return [found_down] if found_down is not None else []
    if found_down is not None and len(found_down.rows) > 0.8 * (len(rows) - found_down.rows[0]):
        heads = [row for row in range(found_down.rows[0]) if is_year_header(table, row)]
    else:
        heads = [row for row in range(len(rows)) if is_year_header(table, row)]
    if found_down is not None and (not heads or found_down.rows[0] < heads[0]):
        return [found_down]
    found = []
    for place, head in enumerate(heads):
        end = heads[place + 1] if place + 1 < len(heads) else len(rows)
        start = heads[place - 1] if place else -1
        if (panel := across(table, head, start, end)) is not None:
            found.append(panel)
    if len(found) > 1:
        found = _titled(found)
    return found or ([found_down] if found_down is not None else [])


def _titled(found: list[Panel]) -> list[Panel]:
    """Tables one below the other carry their title as a label, so that it can be chosen by."""
    named = []
    for place, panel in enumerate(found, 1):
        title = panel.title[-1] if panel.title else ""
        last = next(
            (
                name
                for row, why in reversed(found[place - 2].skipped)
                if place > 1 and why.startswith("below") and (name := label(panel.table.rows[row][0]))
            ),
            "",
        )
        named.append(
            panel._replace(added={**panel.added, "table": dict.fromkeys(panel.rows, last or title or f"table {place}")})
        )
    return named
