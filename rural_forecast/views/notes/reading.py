"""What a reader left out or read in a special way, in words."""

from __future__ import annotations

from collections.abc import Sequence

from rural_forecast.series.reading.grid import listed

MOST_SHARES = 5
"""Series that the note on shares names."""
MOST_NAMED = 20
"""Columns, marks and series that one note names."""


def _some(items: Sequence[str]) -> str:
    """The first items, and how many more there are."""
    more = [f"and {len(items) - MOST_NAMED:,} more"] if len(items) > MOST_NAMED else []
    return ", ".join([*items[:MOST_NAMED], *more])


def left_out(file: str, items: Sequence[str], counts: Sequence[str] = ()) -> str:
    """`items`: columns, sheets, keys and files; `counts`: how many rows and flags of each kind."""
    return f"Left out of {file}: {', '.join(filter(None, (_some(items), *counts)))}."


def mistyped_year(file: str, items: Sequence[str]) -> str:
    return left_out(file, items)


def published_forecast(file: str, heads: Sequence[str]) -> str:
    are = "is a published forecast" if len(heads) == 1 else "are published forecasts"
    return f"In {file}, {listed(heads, MOST_NAMED)} {are}: used to compare with, not as history."


def total_row(file: str, names: Sequence[str]) -> str:
    are = "is" if len(names) == 1 else "are"
    return (
        f"In {file}, the series {listed(names, MOST_NAMED)} {are} about the sum of the others, and read as one more "
        "series."
    )


def read_as_rate(names: Sequence[str], whole: float) -> str:
    are = (
        "is a share of a whole and a rate that ends" if len(names) == 1 else "are shares of a whole and rates that end"
    )
    return f"By name and unit, {listed(names, MOST_SHARES)} {are} at {whole:g} (--measure flow overrules)."
