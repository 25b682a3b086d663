"""Where a batch comes from: a file or folder that can be read piece by piece, as often as needed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from rural_forecast.forecasting.batch.panel import CareNeededError, Raw
from rural_forecast.series.reading import ReadOptions
from rural_forecast.series.reading.account import Account
from rural_forecast.series.reading.files import format_of, name_of, status
from rural_forecast.series.reading.options import check
from rural_forecast.series.reading.pipeline import check_kind

PIECE_ROWS = 1_000_000
"""Rows that are held at once. It depends on nothing but the input, so that the output does not either."""


class Source(NamedTuple):
    """An input that can be read piece by piece."""

    name: str
    pieces: Callable[[], Iterator[Raw]]
    """Starts reading from the beginning; a piece may end within a series."""
    rows: int
    """About how many there are."""
    lines: Callable[[Sequence[int]], list[int]]
    """Lines of the input, counted from 1, of such rows."""
    account: Account
    """What is left out, once the pieces are read."""


class RereadError(Exception):
    """A fast reader met something it does not understand; the plain one must read the file from the start."""


def open_source(path: str, options: ReadOptions, *, fast: bool = True) -> Source:
    """Open a file for reading in pieces.

    Parameters
    ----------
    path : CSV, TSV, NDJSON or Parquet file, or a folder of Parquet files
    fast : whether pyarrow may be used for text; it refuses a file as a whole where a cell is odd

    Raises
    ------
    InputError : it is not there, or no such file
    UsageError : an unknown suffix, options that do not fit, or an extra is missing
    CareNeededError : only the careful readers understand its layout
    """
    check(options)
    if os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises for a name too long
        from rural_forecast.forecasting.batch.parquet_source import open_parquet

        return open_parquet(path, options)
    kind = format_of(path, options.input_format)
    check_kind(kind, name_of(path), options)
    status(path)
    if kind == "parquet":
        from rural_forecast.forecasting.batch.parquet_source import open_parquet

        return open_parquet(path, options)
    if kind in ("json", "excel"):
        raise CareNeededError(f"{kind} in it")
    if fast and options.encoding is None and not options.decimal_comma and options.thousands is None:
        try:
            import pyarrow  # noqa: F401, ICN001 - only whether it is there
        except ImportError:
            pass
        else:
            from rural_forecast.forecasting.batch import arrow_text

            return arrow_text.open_text(path, kind, options)
    from rural_forecast.forecasting.batch.plain_text import open_text

    return open_text(path, kind, options)
