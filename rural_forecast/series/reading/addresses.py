"""Names of cells and ranges of a spreadsheet."""

from __future__ import annotations

import re
from typing import NamedTuple

from rural_forecast.errors import UsageError

_RANGE = re.compile(
    r"(?:(?P<sheet>.+)!)?\$?(?P<left>[A-Z]{1,3})\$?(?P<top>\d{1,7})?(?::\$?(?P<right>[A-Z]{1,3})\$?(?P<bottom>\d{1,7})?)?",
    re.ASCII | re.IGNORECASE,
)


class Area(NamedTuple):
    """Cells from top left to bottom right, counted from 0, both included; None is 'to the end'."""

    top: int = 0
    left: int = 0
    bottom: int | None = None
    right: int | None = None


def cell_name(row: int, column: int) -> str:
    """The spreadsheet's name of a cell counted from 0.

    >>> cell_name(6, 1), cell_name(0, 27)
    ('B7', 'AB1')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def parse_range(text: str) -> tuple[str | None, Area]:
    """Read `B2:D9`, `B2` (from there on), `B:D`, with or without `Sheet1!` before it.

    Raises UsageError if it is none of these.

    >>> parse_range("Sheet1!B2:D9")
    ('Sheet1', Area(top=1, left=1, bottom=8, right=3))
    """
    match = _RANGE.fullmatch(text.strip())
    if not match:
        raise UsageError.of("no_range", text=text)
    area = Area(
        top=int(match["top"] or 1) - 1,
        left=column_number(match["left"].upper().encode()),
        bottom=int(match["bottom"]) - 1 if match["bottom"] else None,
        right=column_number(match["right"].upper().encode()) if match["right"] else None,
    )
    backwards = (area.bottom is not None and area.bottom < area.top) or (
        area.right is not None and area.right < area.left
    )
    if area.top < 0 or backwards:
        raise UsageError.of("backward_range", text=text)
    sheet = match["sheet"]
    return (sheet.strip("'") if sheet else None), area


def column_number(letters: bytes) -> int:
    """The column of A to XFD, counted from 0.

    >>> column_number(b"AB")
    27
    """
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number - 1
