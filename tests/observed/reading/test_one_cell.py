"""One cell of a sound table is changed: the chosen series stays as it was, or the table is refused,
or a note says so, or other values are only where the cell is.

The tables have what publishers put around figures: titles, flags, legends, headings, tables side by
side, and rows of figures that look like years.
"""

import random
from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from rural_forecast.errors import Place, RuralForecastError
from rural_forecast.observed.observation import Series
from rural_forecast.observed.reading import ReadOptions, read_one
from rural_forecast.observed.reading.grid import grid_of

YEARS = range(2012, 2020)
Cells = list[list[Any]]


def sales(series: int) -> list[str]:
    trend = [100 + 37 * series + (3.7 + series) * step for step in range(len(YEARS))]
    return [f"{value + (step * 7 + series * 13) % 11 / 10:.1f}" for step, value in enumerate(trend)]


def beside(*columns: list[Any]) -> Cells:
    return [list(row) for row in zip(*columns, strict=True)]


def flagged(values: list[str], *flags: int) -> list[Any]:
    cells: list[Any] = []
    for step, value in enumerate(values):
        cells += [value, "p" if step in flags else None]
    return cells


HEADS = [str(year) for year in YEARS]
NAMED = [(name, sales(number)) for number, name in enumerate(("North", "South", "West"))]
TABLES: dict[str, tuple[Cells, dict[str, Any]]] = {
    "a title above and a note below": (
        [
            ["Sales of shops by region"],
            ["EUR million"],
            [],
            ["Region", *HEADS],
            *([name, *values] for name, values in NAMED),
            [],
            ["Source: Office of 2020"],
        ],
        {"series_id": "South"},
    ),
    "flags and a legend": (
        [
            ["TIME", *(cell for year in HEADS for cell in (year, None))],
            ["GEO"],
            *([name, *flagged(values, 2, 6)] for name, values in NAMED),
            [],
            ["Special value:"],
            [":", "not available"],
            ["Flags:"],
            ["p", "provisional"],
            ["e", "estimated"],
        ],
        {"series_id": "South"},
    ),
    "headings": (
        [
            ["Region", *HEADS],
            ["Shops"],
            *([name, *values] for name, values in NAMED),
            ["Online"],
            *([name, *sales(number + 5)] for number, (name, _) in enumerate(NAMED)),
        ],
        {"series_id": "South", "where": ("section=Online",)},
    ),
    "tables side by side": (
        beside(
            ["Year", *HEADS],
            ["Oil", *sales(0)],
            ["Gas", *sales(1)],
            [None] * (len(HEADS) + 1),
            ["Year", *HEADS],
            ["Coal", *sales(2)],
            ["Wind", *sales(3)],
        ),
        {"series_id": "Wind"},
    ),
    "tables below each other": (
        [
            ["Shops"],
            ["Region", *HEADS],
            *([name, *values] for name, values in NAMED),
            [],
            ["Online"],
            ["Region", *HEADS],
            *([name, *sales(number + 5)] for number, (name, _) in enumerate(NAMED)),
        ],
        {"series_id": "South", "where": ("table=Online",)},
    ),
    "figures that look like years": (
        [
            ["Town", *HEADS],
            ["Ayton", *(str(1991 + step * step) for step in range(len(HEADS)))],
            ["Beeton", *sales(1)],
            ["Ceeton", *(str(2060 - 5 * step) for step in range(len(HEADS)))],
        ],
        {"series_id": "Beeton"},
    ),
    "years down with units and a total": (
        [
            ["Prices"],
            *beside(
                [None, None, *HEADS, "Total"],
                ["Oil", "($/bbl)", *sales(0), "999"],
                ["Gas", "($/mt)", *sales(1), "999"],
            ),
            ["Source: Office"],
        ],
        {"series_id": "Gas"},
    ),
    "rows of labels and a code": (
        [
            ["Region", "Code", "Kind", "Year", "Value", "Flag"],
            *(
                [name, name[:1], kind, year, value, None]
                for number, (name, _) in enumerate(NAMED)
                for kind, shift in (("Shops", 0), ("Online", 5))
                for year, value in zip(HEADS, sales(number + shift), strict=True)
            ),
        ],
        {"where": ("Region=South", "Kind=Online")},
    ),
}


def letter(text: str, draw: random.Random) -> str:
    index = draw.randrange(len(text))
    return text[:index] + draw.choice("oOlIx") + text[index + 1 :]


def lost_sign(text: str, draw: random.Random) -> str:
    index = draw.randrange(len(text))
    return text[:index] + text[index + 1 :]


CHANGES: dict[str, Callable[[Cells, int, int, random.Random], Any]] = {
    "a letter in a number": lambda cells, row, column, draw: letter(cells[row][column], draw),
    "a lost sign": lambda cells, row, column, draw: lost_sign(cells[row][column], draw),
    "emptied": lambda *_: None,
    "the cell above": lambda cells, row, column, _: (cells[row - 1][column:] or [None])[0],
    "the cell below": lambda cells, row, column, _: ([*cells, []][row + 1][column:] or [None])[0],
    "shifted to the right": lambda *_: None,
}


def read_cells(cells: Cells, options: dict[str, Any]) -> Series:
    def place_of(row: int, column: int) -> Place:
        return Place(f"{row} {column}", "a.csv", row, column)

    filled = [row for row in cells if any(row)]
    return read_one(
        grid_of("a.csv", filled, place_of), ReadOptions(as_of=date(2026, 1, 1), **options)
    )


def values_of(series: Series) -> dict[str, float]:
    return {str(one.period): one.value for one in series.observations}


def columns_of(series: Series) -> dict[str, tuple[str, ...]]:
    """Row and column of each period."""
    return {str(one.period): tuple(str(one.place).split()) for one in series.observations}


def outcome(
    table: Cells, sound: Series, options: dict[str, Any], row: int, column: int, change: str
) -> str:
    draw = random.Random(f"{row} {column} {change}")
    cells = [list(line) for line in table]
    text = cells[row][column]
    cells[row][column] = CHANGES[change](cells, row, column, draw)
    if change == "shifted to the right":
        cells[row][column + 1 : column + 2] = [text]
    try:
        read = read_cells(cells, options)
    except RuralForecastError:
        return "refused"
    notes = {str(note) for note in read.reading_notes}
    if notes - {str(note) for note in sound.reading_notes}:
        return "said"
    before = values_of(sound)
    after = values_of(read)
    different = [one for one in before.keys() | after.keys() if before.get(one) != after.get(one)]
    places = columns_of(read) | columns_of(sound)
    touched = {str(column), str(column + 1)}
    for period in different:
        line, place = places[period]
        if line != str(row) and place not in touched:
            return "silent"
    return "there" if len(different) < 3 else "silent"


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("name", TABLES)
def test_a_changed_cell_changes_no_other_value_in_silence(name: str, change: str) -> None:
    table, options = TABLES[name]
    table = [row for row in table if any(row)]
    sound = read_cells(table, options)
    outcomes: Counter[str] = Counter()
    silent: list[tuple[int, int]] = []
    for row, cells in enumerate(table):
        for column, cell in enumerate(cells):
            is_drawn = (row + column) % 2 == len(change) % 2  # every second cell, for time
            if not cell or not is_drawn or (change.startswith("a ") and not cell[0].isdigit()):
                continue
            verdict = outcome(table, sound, options, row, column, change)
            outcomes[verdict] += 1
            if verdict == "silent":
                silent.append((row, column))
    assert not silent
    assert outcomes.total()
