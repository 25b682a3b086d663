"""The account of a file: how many cells were used, and why the others were skipped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Line(NamedTuple):
    """A line of the file that gave nothing to the series."""

    place: str
    text: str
    """Its first cell."""
    why: str


@dataclass(frozen=True, slots=True)
class ReadingAccount:
    """Every cell of a file counts once: `cells` is the sum of `used`, `missing` and all of `skipped`."""

    table: str
    """Place of the table's header, the file without its folders."""
    cells: int
    """Cells with content, and empty cells where a value belongs."""
    used: int
    """Values, and the periods, labels and heads that say what they are."""
    missing: int
    """Values that are empty or marked as missing."""
    skipped: Mapping[str, int]
    """Number of cells by the reason."""
    lines: Sequence[Line] = ()
    """Lines outside the table, or without a period."""
    published: int = 0
    """Values that are published figures, not history, for their status, a mark, or a year that is not over."""
    as_of: date | None = None
    """The day by which years were not over; None where that changed nothing."""
    title: str = ""
    unit: str = ""
