"""A table of children and their parents, in any plain file that a series may be in."""

from __future__ import annotations

from pathlib import Path

from rural_forecast.errors import InputError
from rural_forecast.series.reading.grid import identity, label
from rural_forecast.series.reading.opened import grid_of, input_of
from rural_forecast.series.reading.options import ReadOptions

HEADS = ("child", "parent")
_PLAIN = ReadOptions()


def read(path: str | Path) -> dict[str, str]:
    """The parent of each child.

    Raises InputError if there is no such file, it lacks a column, or a row has no child or a second parent of one.
    Raises UsageError if the file is of no known format.
    """
    grid = grid_of(input_of(str(path), _PLAIN), _PLAIN)
    names = [label(head).casefold() for head in grid.header]
    if not {*HEADS} <= {*names}:
        raise InputError(f"{grid.name} has no columns child and parent.", "Name its two columns so.")
    parents: dict[str, str] = {}
    for row, cells in enumerate(grid.rows):
        child, parent = (identity(cells[names.index(head)]) for head in HEADS)
        if not child and parent:
            raise InputError(f"{grid.place(row, 0)}: {parent} has a part without a name.", "Name the child.")
        if parents.setdefault(child, parent) != parent:
            raise InputError(f"{grid.place(row, 0)}: {child} has two parents.", "Keep one of them.")
    parents.pop("", None)
    return parents
