"""Values of cells as text, and as messages quote them."""

from __future__ import annotations

from collections.abc import Sequence

from rural_forecast.text.harmless import without_controls

MOST_SHOWN = 60


def label(cell: object) -> str:
    """A cell as text: empty for nothing, a whole number without its point."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell)


def identity(cell: object) -> str:
    r"""The id in a cell, without characters that nobody sees and outputs leave out.

    >>> identity("North\u200b ")
    'North'
    """
    text = label(cell)
    return text if text.isprintable() else without_controls(text).strip()


def is_empty(cell: object) -> bool:
    """True for a cell of nothing but space."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def shown(value: object) -> str:
    r"""A value as messages quote it: short, on one line, without control characters.

    >>> shown("1,234"), shown("a\nb"), shown(12.0)
    ("'1,234'", "'a\\nb'", "'12'")
    """
    text = label(value)
    return repr(text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 1] + "…")


def quoted(names: Sequence[object], most: int = 8) -> str:
    """Names for a message, the first few of them.

    >>> quoted(["a", "b", "c"], most=2)
    "'a', 'b' and 1 more"
    """
    more = len(names) - most
    return ", ".join(shown(name) for name in names[:most]) + (f" and {more:,} more" if more > 0 else "")
