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
"""Errors of a write that finds no room."""


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A new folder where the system keeps temporary files (`TMPDIR` names the place).

    Raises
    ------
    OutputError : there is no such place, or no room in it
    """
    from tempfile import TemporaryDirectory, gettempdir

    try:
        place = gettempdir()
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
            f"The folder for temporary files, {place}, is full.", "Make room there, or name another: TMPDIR=DIR."
        ) from error
