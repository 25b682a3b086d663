"""Damage one cell of real files at a time, and count the series that are then another in silence.

    python benchmarks/damage.py FOLDER [--cells N] [--seed S] [--only SLUG] [--show]

FOLDER is that of `realfiles.py`. A file is read with its options as a grid of cells. Then N cells of
it, each drawn with the seed and changed in one way, are read again. A reading counts as

- `same`: the series is what it was;
- `there`: other values only in the row or the column of the changed cell, and no others lost;
- `warned`: another series, with a note that the sound file has not;
- `refused`: no series, with a message;
- `SILENT`: another series and no word, the worst case.

A changed number is the value that the file then has, so that a lost digit counts as `there`.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rural_forecast.errors import Place, RuralForecastError
from rural_forecast.observed.observation import Series
from rural_forecast.observed.reading import ReadOptions, read_one
from rural_forecast.observed.reading.formats import grids
from rural_forecast.observed.reading.grid import Grid, grid_of
from rural_forecast.observed.reading.words import BLANK, HEAD, NUMBER

_NAMES = {
    "--series": "series_id",
    "--value-column": "value_column",
    "--period-column": "period_column",
    "--id-column": "id_column",
    "--decimal": "decimal",
    "--actuals-until": "actuals_until",
}
_MOST_CELLS = 300_000  # of a grid; larger ones take too long to be read a hundred times
_NEAR = 12  # rows around those of the series, from which cells are drawn

Cells = list[list[Any]]
Change = Callable[[Cells, int, int, random.Random], Any]


@dataclass(frozen=True)
class Sound:
    """A file that is read as it should be."""

    grid: Grid
    cells: Cells
    options: ReadOptions
    series: Series
    places: dict[str, tuple[int, int]]  # the cell of each period


def _text(cell: Any) -> str:
    number = isinstance(cell, float) and cell.is_integer()
    return str(int(cell)) if number else str(cell)


def _with_letter(cells: Cells, row: int, column: int, draw: random.Random) -> Any:
    text = _text(cells[row][column])
    index = draw.randrange(len(text))
    return text[:index] + draw.choice("oOlIx") + text[index + 1 :]


def _without_sign(cells: Cells, row: int, column: int, draw: random.Random) -> Any:
    text = _text(cells[row][column])
    index = draw.randrange(len(text))
    return text[:index] + text[index + 1 :]


def _emptied(_cells: Cells, _row: int, _column: int, _draw: random.Random) -> Any:
    return None


def _of_row_above(cells: Cells, row: int, column: int, _draw: random.Random) -> Any:
    return cells[row - 1][column] if row else None


def _of_row_below(cells: Cells, row: int, column: int, _draw: random.Random) -> Any:
    return cells[row + 1][column] if row + 1 < len(cells) else None


CHANGES: dict[str, Change] = {
    "letter": _with_letter,
    "lost sign": _without_sign,
    "emptied": _emptied,
    "as above": _of_row_above,
    "as below": _of_row_below,
    "shifted": _emptied,  # and the next cell takes its content
}


def options_of(typed: Sequence[str], *, gaps: bool) -> tuple[ReadOptions, str | None]:
    """Options of the command line as those of the reader, and the sheet."""
    taken: dict[str, Any] = {"allow_gaps": gaps}
    where: list[str] = []
    sheet: str | None = None
    with_values = [word for word in typed if word != "--allow-gaps"]
    for name, value in zip(with_values[::2], with_values[1::2], strict=True):
        if name == "--where":
            where.append(value)
        elif name == "--sheet":
            sheet = value
        elif name in _NAMES:
            taken[_NAMES[name]] = int(value) if name == "--actuals-until" else value
    return ReadOptions(where=tuple(where), **taken).dated(), sheet


def sound_of(path: Path, typed: Sequence[str]) -> Sound | None:
    """Read a file; None where no grid of it has the series."""
    for gaps in (False, True):
        options, sheet = options_of(typed, gaps=gaps)
        try:
            found = grids(path.read_bytes(), str(path), sheet=sheet)
        except RuralForecastError:
            return None
        for grid in found:
            if grid.index.size > _MOST_CELLS:
                continue
            cells = [[grid.words.cells[code] for code in row] for row in grid.index.tolist()]
            copy = _grid(grid, cells)
            try:
                series = read_one(copy, options)
            except RuralForecastError:
                continue
            places = {str(one.period): _cell(one.place) for one in series.observations}
            if all(place != (-1, -1) for place in places.values()):
                return Sound(grid, cells, options, series, places)
    return None


def _grid(grid: Grid, cells: Cells) -> Grid:
    def place_of(row: int, column: int) -> Place:
        return Place(f"{row}:{column}", grid.file, row, column)

    return grid_of(grid.name, cells, place_of, percent=grid.percent, gaps=grid.gaps)


def _cell(place: str) -> tuple[int, int]:
    row, sign, column = str(place).partition(":")
    return (int(row), int(column)) if sign and row.isdigit() and column.isdigit() else (-1, -1)


def _values(series: Series) -> dict[str, float]:
    return {str(one.period): one.value for one in series.observations}


def _notes(series: Series) -> set[str]:
    return {str(note) for note in series.reading_notes}


def outcome(sound: Sound, row: int, column: int, change: str, draw: random.Random) -> str:
    """Change a cell, read the grid again, and compare."""
    cells = [list(line) for line in sound.cells]
    before = cells[row][column]
    cells[row][column] = CHANGES[change](cells, row, column, draw)
    if change == "shifted":
        if column + 1 == len(cells[row]):
            return "same"
        cells[row][column + 1] = before
    if cells == sound.cells:
        return "same"
    try:
        series = read_one(_grid(sound.grid, cells), sound.options)
    except RuralForecastError:
        return "refused"
    values = _values(series)
    expected = _values(sound.series)
    different = [p for p in values.keys() | expected.keys() if values.get(p) != expected.get(p)]
    if not different:
        return "same"
    if _notes(series) - _notes(sound.series):
        return "warned"
    changed = {column, column + 1} if change == "shifted" else {column}
    there = {_cell(one.place) for one in series.observations if str(one.period) in different}
    there |= {sound.places[period] for period in different if period in sound.places}
    is_there = all(line == row or place in changed for line, place in there)
    return "there" if is_there and len(different) <= 2 else "SILENT"


def damaged(sound: Sound, count: int, seed: int) -> list[tuple[str, str, int, int]]:
    """Damage cells of a file; most are near those of the series."""
    draw = random.Random(seed)
    lines = [row for row, _ in sound.places.values()]
    near = range(max(min(lines) - _NEAR, 0), min(max(lines) + _NEAR, len(sound.cells)))
    outcomes: list[tuple[str, str, int, int]] = []
    while len(outcomes) < count:
        row = draw.choice([*near, *lines, 0])
        filled = [column for column, cell in enumerate(sound.cells[row]) if cell not in (None, "")]
        column = draw.choice([*filled, *(place for _, place in sound.places.values())])
        change = draw.choice([*CHANGES])
        is_blank = sound.grid.bits[row, column] & BLANK
        is_filled = not is_blank and bool(_text(sound.cells[row][column]))
        if not is_filled and change not in ("as above", "as below"):
            continue
        outcomes.append((outcome(sound, row, column, change, draw), change, row, column))
    return outcomes


def kind_of(sound: Sound, row: int, column: int) -> str:
    """Name the kind of a changed cell."""
    bits = sound.grid.bits[row, column]
    if bits & BLANK:
        return "nothing"
    return "period" if bits & HEAD else "number" if bits & NUMBER else "text"


def main() -> int:
    """Print a line a file, and the counts."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cells", type=int, default=40, help="cells changed in each file")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=(), help="slugs of the files to read")
    parser.add_argument("--show", action="store_true", help="print each silent change")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    total: Counter[str] = Counter()
    with (asked.folder / "options.csv").open(encoding="utf-8", newline="") as lines:
        files = [(row["file"], json.loads(row["options"] or "[]")) for row in csv.DictReader(lines)]
    for slug, typed in files:
        if asked.only and slug not in asked.only:
            continue
        (path,) = (asked.folder / "files" / slug).iterdir()
        sound = sound_of(path, typed)
        if sound is None:
            total["not read"] += 1
            continue
        outcomes = damaged(sound, asked.cells, asked.seed)
        counts = Counter(verdict for verdict, *_ in outcomes)
        total += counts
        print(f"{slug:24}", ", ".join(f"{name} {count}" for name, count in counts.most_common()))
        for verdict, change, row, column in outcomes:
            if verdict == "SILENT" and asked.show:
                kind = kind_of(sound, row, column)
                print(f"    {change} {kind} at {sound.grid.place_of(row, column)}"[:200])
        sys.stdout.flush()
    print(", ".join(f"{name} {count}" for name, count in total.most_common()))
    return 1 if total["SILENT"] else 0


if __name__ == "__main__":
    sys.exit(main())
