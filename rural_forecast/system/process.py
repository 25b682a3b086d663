"""The process: signals, BLAS threads, values that hold for a while, and a lack of memory, open
files or processes.
"""

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


def pin_blas() -> None:
    """Ask for one thread, before NumPy loads; a pool slows small fits. A number that the user set
    stays.
    """
    for name in ("OPENBLAS_NUM", "OMP_NUM", "MKL_NUM", "VECLIB_MAXIMUM"):
        os.environ.setdefault(f"{name}_THREADS", "1")


def prepare() -> None:
    """Occupy closed streams, and end a run on `kill` or a closed terminal by an exception, so that
    `with` blocks end.

    The null device takes the place of a closed stream, or the next file opened would take its
    number.
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
    """The error to report for a lack of resources; None for any other error."""
    memory = isinstance(error, MemoryError) or (
        isinstance(error, ImportError) and "failed to map" in str(error)
    )
    if not memory and not (isinstance(error, OSError) and error.errno in SCARCE):
        return None
    why = getattr(error, "strerror", None) or "Cannot allocate memory"
    hint = "Raise the limit, use one worker, or split the input into smaller files."
    return OutputError(f"There is too little to run with: {why}.", hint, code="resources")
