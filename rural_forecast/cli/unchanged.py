"""Refuse an input that changes while it is read: the numbers would be of neither version."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager

from rural_forecast.errors import InputError, RuralForecastError

Marks = dict[str, tuple[int, int, int, int]]


@contextmanager
def unchanged(path: str, outcome: str = "nothing was written") -> Iterator[None]:
    """Read a file or a folder within the block; an error inside it is reported as the change, if there was one.

    `outcome`: what a change means for the output. Raises InputError if a file was written, replaced, deleted or added
    meanwhile.
    """
    before = _marks(path)
    try:
        yield
    except (RuralForecastError, OSError, ValueError) as error:
        _require_same(path, before, outcome, error)
        raise
    _require_same(path, before, outcome, None)


def _marks(path: str) -> Marks:
    """Where each file lies, its size and when it was last written."""
    try:
        marks = {file: os.stat(file) for file in _files(path)}  # noqa: PTH116 - pathlib would cost the start more
    except (OSError, ValueError, InputError):
        return {}  # the reader gives a better error
    return {
        file: (mark.st_dev, mark.st_ino, mark.st_size, mark.st_mtime_ns)
        for file, mark in marks.items()
        if stat.S_ISREG(mark.st_mode)
    }


def _files(path: str) -> list[str]:
    if not os.path.isdir(path):  # noqa: PTH112 - Path.is_dir raises for a name too long
        return [path]
    from rural_forecast.series.reading.parquet import files_of

    return [str(file) for file in files_of(path)]


def _require_same(path: str, before: Marks, outcome: str, cause: Exception | None) -> None:
    after = _marks(path)
    if after == before:
        return
    from rural_forecast.series.reading.files import name_of

    gone = "disappeared" if not after else "changed"
    raise InputError(
        f"{name_of(path.rstrip('/'))} {gone} while it was read, so {outcome}.",
        "Run again when it is complete, or read a copy.",
        code="changed",
    ) from cause
