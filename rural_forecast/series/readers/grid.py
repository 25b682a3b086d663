"""A grid: the header and rows every file format is brought to before anything is made of them.

A cell keeps the type its file gave it (text, number, date), so that a reader never guesses; a cell that cannot be
used, such as a spreadsheet's `#N/A`, is kept as a `Fault` and refused only where it is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from rural_forecast.errors import InputError

MOST_COLUMNS = 10_000
MOST_SHOWN = 60


class Fault(NamedTuple):
    """A cell that holds no usable value: what people see in it, what to do, and what is wrong with it."""

    shown: str
    hint: str
    problem: str = "has no value"


class Grid(NamedTuple):
    """Header and rows of one table; every row has as many cells as the header."""

    name: str
    """What the file is called in messages."""
    header: Sequence[Any]
    rows: Sequence[Sequence[Any]]
    place: Callable[[int, int], str]
    """File and line or cell of (row, column), both counted from 0; row -1 is the header."""
    about: Mapping[str, Mapping[str, Any]] = {}
    """What the file says of its series beside the rows (title, definition, unit), by series id."""
    advice: str = ""
    """What to do where the first row is no header, in words of the format."""


def shown(value: object) -> str:
    r"""A value as messages quote it: short, on one line, without control characters.

    >>> shown("1,234"), shown("a\nb"), shown(12.0)
    ("'1,234'", "'a\\nb'", "'12'")
    """
    text = label(value)
    return repr(text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + "…")


def label(cell: object) -> str:
    """A cell as text: empty for nothing, a whole number without its point."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, Fault):
        return cell.shown
    return str(cell)


def is_empty(cell: object) -> bool:
    """Whether a cell holds nothing but space."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def listed(names: Sequence[object], most: int = 8) -> str:
    """Names for a message, the first few of them.

    >>> listed(["a", "b", "c"], most=2)
    "'a', 'b' and 1 more"
    """
    more = len(names) - most
    return ", ".join(shown(name) for name in names[:most]) + (f" and {more:,} more" if more > 0 else "")


def check_width(name: str, width: int) -> None:
    """Refuse a table that is too wide to be a table of figures.

    Raises
    ------
    InputError : it has more than 10,000 columns
    """
    if width > MOST_COLUMNS:
        raise InputError(
            f"{name} has more than {MOST_COLUMNS:,} columns, too many for a table of figures",
            "Give one row to each value: a period, a value and, where there are several series, an id.",
        )
