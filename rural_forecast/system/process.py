"""The process: signals, values that hold within a block, and a lack of resources."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType
from typing import TypeVar

from rural_forecast.errors import OutputError

T = TypeVar("T")
SCARCE = frozenset({errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.EAGAIN})
"""Errors for a lack of memory, open files or processes."""


@contextmanager
def holding(variable: ContextVar[T], value: T) -> Iterator[None]:
    """Give a variable a value within the block, in one thread or task."""
    token = variable.set(value)
    try:
        yield
    finally:
        variable.reset(token)


def prepare() -> None:
    """Handle signals and closed streams, at the start of a run.

    `kill` and a closed terminal end the run by an exception, so that `with` blocks end and
    temporary files go. The null device takes the place of a closed stream, or the next file opened
    would take its number.
    """

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the signature of handlers
        raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, end)
    for stream in range(3):
        try:
            os.fstat(stream)
        except OSError:
            if os.open(os.devnull, os.O_RDWR) != stream:  # the system gives the lowest free number
                return
            os.set_inheritable(stream, True)


def lack_of_resources(error: BaseException) -> OutputError | None:
    """Make the error to report for a lack of resources; None for any other error."""
    lacks_memory = isinstance(error, MemoryError)
    if isinstance(error, ImportError):  # a library that the loader has no room for
        lacks_memory = "failed to map" in str(error)
    is_scarce = isinstance(error, OSError) and error.errno in SCARCE
    if not lacks_memory and not is_scarce:
        return None
    why = getattr(error, "strerror", None) or "Cannot allocate memory"
    hint = "Raise the limit, use one worker, or split the input into smaller files."
    return OutputError(f"There is too little to run with: {why}.", hint, code="resources")
