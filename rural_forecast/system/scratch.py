"""A folder for temporary files, removed when the block that made it ends."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rural_forecast.errors import OutputError

PREFIX = "rural_forecast-"
"""Not `rural-forecast-`: release 1.0 removes folders of that name, also those of runs of later releases."""
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""Errors of a write to a full disk or over a quota."""


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A new temporary folder, in `TMPDIR` if that is set.

    Raises
    ------
    OutputError : there is no folder for temporary files, or it is full
    """
    from tempfile import TemporaryDirectory, gettempdir

    try:
        parent = gettempdir()
    except FileNotFoundError:
        raise OutputError(
            "There is no folder for temporary files.", "Name one where you may write: TMPDIR=DIR."
        ) from None
    try:
        with TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as folder:
            yield Path(folder)
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise OutputError(
            f"The folder for temporary files, {parent}, is full.", "Make room there, or name another: TMPDIR=DIR."
        ) from error
