"""The rows of a choice with all their columns, which say what of them is left out."""

from __future__ import annotations

from collections.abc import Collection

from rural_forecast.errors import Place
from rural_forecast.series.reading.choose import Choice
from rural_forecast.series.reading.codes import text_at
from rural_forecast.series.reading.columns import Columns
from rural_forecast.series.reading.grid import Grid
from rural_forecast.series.reading.number_forms import is_number
from rural_forecast.series.reading.projections import ends_history


def whole_of(choice: Choice, heads: Collection[str] = ()) -> tuple[Grid, Columns]:
    """The chosen rows with all their columns, for the account of what is left out; `heads` as for `settle`."""
    panel, table = choice.panel, choice.panel.table
    rows = [table.rows[row] for row in choice.rows]
    ids = {part for name in choice.ids.values() for part in name.split(" / ")}
    named = [
        place for place in range(len(panel.names)) if all(text_at(panel, row, place) in ids for row in choice.rows)
    ]
    if panel.across:
        numbers = [
            place
            for place in range(len(panel.names))
            if place not in panel.years
            and place not in named
            and any(is_number(row[place]) for row in rows)
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
